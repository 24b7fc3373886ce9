"""Breaks: the hazard of a jump to any other rung, where it ends, and what it is put down to."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.model.rules import breaks
from papertiger.model.rules.breaks import BREAK_CAUSES, BreakEffects, BreakRungs, BreakStocks
from tests.model.rules.contracts import RuleContract

STOCK = (0.0, 1e4)
EFFECT = (-100.0, 100.0)
NONE = BreakEffects(0.0, 0.0, 0.0, 0.0)


class TestBreakHazard(RuleContract):
    field, rule = "break_hazard", staticmethod(breaks.break_hazard)
    # Stocks and effects have fields of the same names, so that one number stands for both.
    arguments = {"baseline": (0.0, 1.0)} | dict.fromkeys(BreakStocks._fields, (0.0, 100.0))
    result = (0.0, 1.0)
    rises = ("baseline", *BreakStocks._fields)


class TestBreakWeight(RuleContract):
    field, rule = "break_weight", staticmethod(breaks.break_weight)
    arguments = {"target": [0, 1, 2, 3, 4], "posture": [0, 1, 2, 3, 4]} | dict.fromkeys(
        BreakRungs._fields, (0.0, 100.0)
    )
    result = (0.0, 100.0)
    rises = BreakRungs._fields


stocks = st.builds(BreakStocks, *(st.floats(*STOCK) for _ in range(4)))
effects = st.builds(BreakEffects, *(st.floats(*EFFECT) for _ in range(4)))


@pytest.mark.parametrize(
    ("stock", "effect", "ratio"),
    [
        (BreakStocks(0.0, 0.0, 0.0, 0.0), BreakEffects(9.0, 9.0, 9.0, 9.0), 1.0),
        (BreakStocks(1.0, 0.0, 0.0, 0.0), BreakEffects(math.log(4.9), 9.0, 9.0, 9.0), 4.9),
        (BreakStocks(0.5, 2.0, 0.0, 0.0), BreakEffects(2.0, 0.25, 0.0, 0.0), math.exp(1.5)),
        (BreakStocks(0.0, 0.0, 1.0, 1.0), BreakEffects(0.0, 0.0, 1.0, -1.0), 1.0),
        (BreakStocks(0.0, 0.0, 0.0, 2.0), BreakEffects(0.0, 0.0, 0.0, -0.5), math.exp(-1.0)),
    ],
)
def test_the_hazard_is_log_linear_in_the_stocks(stock: BreakStocks, effect: BreakEffects, ratio: float) -> None:
    assert breaks.break_hazard(0.002, stock, effect) == pytest.approx(0.002 * ratio, rel=1e-14)


@given(st.floats(0.0, 1.0), stocks, effects)
def test_the_hazard_is_a_probability_whatever_the_effects(
    baseline: float, stock: BreakStocks, effect: BreakEffects
) -> None:
    assert 0.0 <= breaks.break_hazard(baseline, stock, effect) <= 1.0
    assert breaks.break_hazard(0.0, stock, effect) == 0.0
    assert breaks.break_hazard(baseline, stock, NONE) == baseline


def test_nobody_breaks_to_where_it_stands() -> None:
    rungs = BreakRungs(0.1, 0.2, 0.3, 0.4, 0.5)
    assert [breaks.break_weight(rung, rung, rungs) for rung in range(5)] == [0.0] * 5
    assert [breaks.break_weight(rung, 4 - rung, rungs) for rung in (0, 1, 3, 4)] == [0.1, 0.2, 0.4, 0.5]


@pytest.mark.parametrize(
    ("stock", "effect", "named"),
    [
        (BreakStocks(1.0, 1.0, 1.0, 1.0), NONE, "baseline"),
        (BreakStocks(1.0, 1.0, 1.0, 1.0), BreakEffects(-1.0, -2.0, 0.0, -1.0), "baseline"),
        (BreakStocks(0.0, 0.0, 0.0, 0.0), BreakEffects(5.0, 5.0, 5.0, 5.0), "baseline"),
        (BreakStocks(0.9, 1.0, 0.0, 0.0), BreakEffects(1.0, 0.8, 0.0, 0.0), "new ruler"),
        (BreakStocks(0.7, 1.0, 0.0, 0.0), BreakEffects(1.0, 0.8, 0.0, 0.0), "coercion"),
        (BreakStocks(1.0, 1.0, 2.0, 1.0), BreakEffects(1.0, 1.0, 1.0, 1.0), "disengagement"),
        (BreakStocks(0.0, 0.0, 0.0, 0.1), BreakEffects(9.0, 9.0, 9.0, 0.1), "rival's pledge"),
    ],
)
def test_the_cause_is_the_largest_term_above_nothing(stock: BreakStocks, effect: BreakEffects, named: str) -> None:
    assert BREAK_CAUSES[breaks.strongest_cause(stock, effect)] == named
