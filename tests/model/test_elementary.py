"""The project's own exponential and logarithm, against mpmath and over everything a float can be."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.model.elementary import LARGEST_EXPONENT, SMALLEST_EXPONENT, exp, log

ANY = st.floats(allow_nan=True, allow_infinity=True)


def units_off(result: float, argument: float, true: Callable[[Any], Any]) -> float:
    """Return how many units in its last place a result lies from the truth."""
    with mpmath.workprec(140):
        exact = true(mpmath.mpf(argument))
        return abs(float((mpmath.mpf(result) - exact) / mpmath.mpf(math.ulp(float(exact)))))


def exponents(count: int) -> Iterator[float]:
    """Yield arguments of exp: the whole range, what rules ask for, and the neighbourhood of 0."""
    source = random.Random(20261129)
    for _ in range(count // 4):
        yield source.uniform(SMALLEST_EXPONENT, LARGEST_EXPONENT)
        yield source.uniform(-40.0, 5.0)
        yield source.gauss(0.0, 1e-3)
        yield source.uniform(-1.0, 1.0)


def positives(count: int) -> Iterator[float]:
    """Yield arguments of log: the whole range, what rules ask for, and the neighbourhood of 1."""
    source = random.Random(20261129)
    for _ in range(count // 5):
        yield math.ldexp(source.uniform(1.0, 2.0), source.randint(-1074, 1022))
        yield source.uniform(0.4, 2.5)
        yield 1.0 + source.gauss(0.0, 1e-3)
        yield 1.0 + source.gauss(0.0, 1e-9)
        yield source.random() or 1.0


def worst(count: int) -> tuple[float, float]:
    """Return the greatest errors of exp and log over so many arguments each."""
    of_exp = max(units_off(exp(x), x, mpmath.exp) for x in exponents(count))
    of_log = max(units_off(log(x), x, mpmath.log) for x in positives(count) if x != 1.0)
    return of_exp, of_log


def test_both_are_within_one_unit_in_the_last_place() -> None:
    of_exp, of_log = worst(4_000)
    assert of_exp <= 1.0
    assert of_log <= 1.0


@pytest.mark.slow
def test_both_are_within_one_unit_in_the_last_place_over_a_million_numbers() -> None:
    of_exp, of_log = worst(1_000_000)
    assert of_exp <= 1.0
    assert of_log <= 1.0


@pytest.mark.parametrize(
    ("argument", "result"),
    [
        (0.0, 1.0),
        (-0.0, 1.0),
        (1.0, math.e),
        (math.inf, math.inf),
        (-math.inf, 0.0),
        (LARGEST_EXPONENT, math.exp(LARGEST_EXPONENT)),
        (math.nextafter(LARGEST_EXPONENT, math.inf), math.inf),
        (-746.0, 0.0),
        (-745.0, 5e-324),
        (1e308, math.inf),
        (-1e308, 0.0),
    ],
)
def test_exp_at_its_ends(argument: float, result: float) -> None:
    assert exp(argument) == pytest.approx(result, rel=3e-16, abs=0.0)


@pytest.mark.parametrize(
    ("argument", "result"),
    [
        (1.0, 0.0),
        (0.0, -math.inf),
        (-0.0, -math.inf),
        (math.inf, math.inf),
        (5e-324, math.log(5e-324)),
        (2.0, math.log(2.0)),
    ],
)
def test_log_at_its_ends(argument: float, result: float) -> None:
    assert log(argument) == result


@given(ANY)
def test_neither_fails_whatever_it_is_given(x: float) -> None:
    assert math.isnan(exp(x)) == math.isnan(x)
    assert math.isnan(log(x)) == (math.isnan(x) or x < 0.0)


@given(st.floats(SMALLEST_EXPONENT, LARGEST_EXPONENT))
def test_exp_never_falls_from_a_number_to_the_next(x: float) -> None:
    following = math.nextafter(x, math.inf)
    assert exp(x) <= exp(following)


@given(st.floats(5e-324, 1.7976931348623157e308))
def test_log_never_falls_from_a_number_to_the_next(x: float) -> None:
    assert log(x) <= log(math.nextafter(x, math.inf))


@given(st.floats(-600.0, 600.0))
def test_log_undoes_exp(x: float) -> None:
    assert log(exp(x)) == pytest.approx(x, rel=1e-15, abs=3e-16)
