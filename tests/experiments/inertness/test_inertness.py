"""Every constant with a range moves something, and every one that was fixed moves nothing."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.inertness.measure import (
    Effect,
    Laboratory,
    _largest,
    is_inert,
    largest,
    numbers_of,
    range_of,
)
from papertiger.experiments.inertness.outcomes import KEPT, OUTCOMES, outcomes_of
from papertiger.experiments.inertness.plan import InertnessPlan, Judgement, View, constants, judgements, load_plan
from papertiger.model.agents.simulate import simulate
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.scenarios.schema.figures import Distribution
from tests.docs.pages import text_of
from tests.model.test_constants import UNSWEPT
from tests.model.worlds import RUNG

PLAN = load_plan()
BY_PATH = {one.path: one for one in judgements(PLAN.fixed)}
VIEW = PLAN.views[0]
SIGNATURE = "Fixed: nothing hangs on it"
"""How the reason of every figure ends that was fixed."""


@cache
def laboratory(*views: View) -> Laboratory:
    """Return a laboratory with few runs, whose base runs all tests share."""
    few = PLAN.model_copy(update={"runs": 24, "more_runs": 48})
    return Laboratory(few, views)


# The list


def test_the_list_is_of_figures_without_a_range_and_no_other_is_without_one() -> None:
    known = constants()
    assert PLAN.fixed.keys() <= known.keys()
    # What no shipped scenario uses has none yet: a study that turns it on gives it one.
    unused = {f"parameters.{name}" for name in UNSWEPT} | {"signals.sanctions.weight", "signals.sanctions.loading"}
    assert {path for path, figure in known.items() if figure.prior is None} == PLAN.fixed.keys() | unused
    assert BY_PATH.keys() == known.keys() - unused


def test_what_is_fixed_says_so_where_it_stands() -> None:
    says = {path for path, figure in constants().items() if SIGNATURE in (figure.why or "")}
    assert says == PLAN.fixed.keys()


@pytest.mark.parametrize("path", PLAN.fixed)
def test_a_fixed_figure_had_a_range_around_its_value(path: str) -> None:
    low, high = range_of(PLAN.fixed[path])
    assert low <= (constants()[path].value or 0.0) <= high
    assert low < high


def test_views_name_what_there_is_and_when() -> None:
    for view in PLAN.views:
        world = scenarios.load(view.scenario)
        assert set(view.clients) <= set(world.clients), view.label
        assert world.span.start <= view.at <= world.span.end, view.label


def test_the_page_lists_what_the_plan_and_the_defaults_say() -> None:
    page = text_of("docs/inertness.md")
    fixed, _, free = page.partition("## Fixed because inert")[2].partition("## Figures that move something")
    row = re.compile(r"^\| `((?:parameters|signals)\.[a-z_.]+)` \|", re.MULTILINE)
    assert set(row.findall(fixed)) == PLAN.fixed.keys()
    assert set(row.findall(free)) == BY_PATH.keys() - PLAN.fixed.keys()


# The measure


def effect(change: float, error: float) -> Effect:
    return Effect("parameters.x", VIEW, "rung", 0.0, 1.0, change, error, 100)


@pytest.mark.parametrize(
    ("change", "error", "moves", "is_open"),
    [
        (0.5, 0.01, True, False),
        (-0.5, 0.01, True, False),
        (0.01, 0.0, True, False),
        (0.0099, 0.0, False, False),  # exact, and too small
        (0.0, 0.0, False, False),
        (0.03, 0.01, False, True),  # large, but three standard errors may be luck
        (0.004, 0.004, False, True),  # small, but may be larger
        (0.004, 0.002, False, False),
    ],
)
def test_a_movement_is_large_enough_and_no_luck(change: float, error: float, moves: bool, is_open: bool) -> None:
    found = effect(change, error)
    assert (found.moves, found.open) == (moves, is_open)
    assert is_inert([found]) is not moves


def test_the_largest_effect_is_one_that_moves_before_one_that_may_be_luck() -> None:
    sure, luck = effect(0.02, 0.001), effect(0.05, 0.03)
    assert largest([luck, sure]) is sure


def test_of_several_pairs_of_numbers_the_one_counts_that_moves() -> None:
    """A wider difference that may be luck does not hide a smaller one that is none."""
    steady = np.full(100, 0.5) + np.tile((1e-4, -1e-4), 50)
    luck = 0.55 + 0.2 * np.tile((1.0, -1.0), 50)
    found = _largest("parameters.x", VIEW, "rung", {0.0: steady, 0.5: steady + 0.02, 1.0: luck})
    assert (found.low, found.high) == (0.0, 0.5)
    assert found.moves


def test_a_figure_takes_both_ends_the_middle_and_its_value() -> None:
    uniform = Distribution(uniform=(0.0, 1.0))
    assert numbers_of(Judgement("x", 0.5, uniform)) == [0.0, 0.5, 1.0]
    assert numbers_of(Judgement("x", 0.0, uniform)) == [0.0, 0.5, 1.0]
    assert numbers_of(Judgement("x", 0.25, uniform)) == [0.0, 0.25, 0.5, 1.0]
    low, high = range_of(Distribution(normal=(0.0, 1.0)))
    assert (low, high) == pytest.approx((-1.6449, 1.6449), abs=1e-4)
    assert range_of(Distribution(choice=(3.0, 1.0, 2.0))) == (1.0, 3.0)


def test_outcomes_are_those_of_the_reference_model() -> None:
    scenario = scenarios.load("armenia_2020_2025", {"span.end": "2023-12"})
    view = View(scenario="armenia_2020_2025", at="2023-12", clients=("Armenia",), why="a test")
    found = {name: values[0] for name, values in outcomes_of(ensemble(scenario, 2, 1, keep=KEPT), view).items()}
    run = simulate(scenario, seed=1)
    row = run.clients[(run.clients["month"] == view.at) & (run.clients["client"] == "Armenia")].iloc[0]
    assert found == {
        "rung": row["posture"],
        "suspended": float(row["posture"] >= RUNG["suspended"]),
        **{name: row[name] for name in ("capability", "resolve", "protection", "patron_threat")},
        **{name: row[name] for name in ("arms_tie", "economy_tie")},
        "budget": run.patron["budget"].iloc[-1],
    }


def test_calls_for_help_are_those_of_the_reference_model() -> None:
    scenario = scenarios.load("partners_generative", {"span.end": "2023-12"})
    view = View(scenario="partners_generative", at="2023-12", why="a test")
    runs = 4
    helped = called = 0
    for number in range(runs):
        signals = simulate(scenario, seed=1, run=number).signals
        drawn = signals[signals["cause"].str.startswith("crisis ")]
        own = drawn[[not scenario.clients[name].supplied_air_defence for name in drawn["client"]]]
        helped += own[own["signal"].isin(["intervened", "help_tried"])]["cause"].nunique()
        called += own["cause"].nunique()
    assert called > runs
    assert outcomes_of(ensemble(scenario, runs, 1, keep=KEPT), view)["help"].mean() == pytest.approx(helped / called)


def test_there_are_ten_outcomes_where_rules_draw_calls_for_help() -> None:
    view = View(scenario="partners_generative", at="2021-12", why="a test")
    made = ensemble("partners_generative", 8, 1, keep=KEPT, overrides={"span.end": "2021-12"})
    found = outcomes_of(made, view)
    assert found.keys() == OUTCOMES.keys()
    assert all(values.shape == (8,) and np.isfinite(values).all() for values in found.values())


@pytest.mark.parametrize(("value", "rate"), [(-100.0, 0.0), (100.0, 1.0)])
def test_a_patron_that_never_helps_or_always_does_has_that_rate(value: float, rate: float) -> None:
    view = View(scenario="partners_generative", at="2022-12", why="a test")
    settings = {"span.end": "2022-12", "parameters.response_base": value}
    found = outcomes_of(ensemble("partners_generative", 16, 1, keep=KEPT, overrides=settings), view)["help"]
    assert found == pytest.approx(np.full(16, rate))


def test_what_a_world_never_reads_moves_nothing_at_all() -> None:
    view = View(scenario="partners_2020", at="2021-12", why="a replay draws no crisis")
    effects = laboratory(view).effects(Judgement("parameters.crisis_hazard", 0.04, Distribution(uniform=(0, 1))), 8)
    assert {one.outcome for one in effects} == OUTCOMES.keys() - {"help"}
    assert all(one.change == 0.0 and one.error == 0.0 for one in effects)


@pytest.mark.parametrize(
    "path",
    [
        "parameters.evidence_scale",
        "parameters.standing_cost",
        "parameters.switching_cost",
        "signals.abandoned.weight",
    ],
)
def test_some_figures_move_something(path: str) -> None:
    armenia = next(view for view in PLAN.views if view.clients == ("Armenia",))
    assert not is_inert(laboratory(armenia).effects(BY_PATH[path], 24))


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in BY_PATH if path not in PLAN.fixed])
def test_every_figure_with_a_range_moves_something(path: str) -> None:
    assert full_laboratory().finds_movement(BY_PATH[path])


@pytest.mark.slow
@pytest.mark.parametrize("path", PLAN.fixed)
def test_every_figure_that_was_fixed_moves_nothing(path: str) -> None:
    assert is_inert(full_laboratory().measure(BY_PATH[path]))


@cache
def full_laboratory() -> Laboratory:
    """Return the laboratory of the page."""
    plan: InertnessPlan = PLAN
    return Laboratory(plan, plan.views)
