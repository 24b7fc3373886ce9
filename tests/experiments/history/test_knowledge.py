"""Nothing that became known after a cut-off enters a calibration or a forecast from before it."""

from __future__ import annotations

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.history.calibrate.likelihood import Match
from papertiger.experiments.history.calibrate.loader import load_problem, plan_names
from papertiger.experiments.history.forecast.forecasting import future
from papertiger.experiments.history.observed.coding import HEDGING, LOYAL, code_postures
from papertiger.experiments.history.observed.periods import last_month, period_of
from papertiger.experiments.history.pooled.loader import is_pooled
from papertiger.model.calendar import month_name, month_number
from papertiger.model.template import Template
from papertiger.scenarios import observed
from papertiger.scenarios.knowledge import known_by, known_in
from papertiger.scenarios.observed import Fact
from papertiger.scenarios.schema.scenario import Scenario

CONTRACT = "iran_2025_12_missile_contract"
OF_ONE = [name for name in plan_names() if not is_pooled(name)]
BEGIN_BY_RULE = [name for name in scenarios.names() if scenarios.load(name).generative_from is not None]


def entering(scenario: Scenario) -> set[str]:
    """Return the names of the dated events that the model takes in."""
    return {event.name for event in Template(scenario).setting(1, 0).events}


@pytest.mark.parametrize("name", BEGIN_BY_RULE)
def test_a_shipped_forecast_knows_nothing_that_came_out_later(name: str) -> None:
    world = scenarios.load(name)
    assert world.generative_from is not None
    record = {event for event in entering(world) if world.events[event].date[:7] < world.generative_from}
    assert record
    assert {event for event in record if known_in(world.events[event]) >= world.generative_from} == set()


def test_what_came_out_later_still_drives_a_replay() -> None:
    assert CONTRACT in entering(scenarios.load("partners_2020"))
    assert CONTRACT not in entering(scenarios.load("partners_forecast"))
    later = scenarios.change(scenarios.load("partners_2020"), {"generative_from": "2026-03"})
    assert CONTRACT in entering(later)


@pytest.mark.parametrize("name", BEGIN_BY_RULE)
def test_a_shipped_forecast_knows_no_later_war_or_price(name: str) -> None:
    world = scenarios.load(name)
    assert world.generative_from is not None
    assert known_by(world, month_name(month_number(world.generative_from) - 1)).war == world.war
    assert known_by(world, month_name(month_number(world.generative_from) - 1)).income == world.income


def test_a_forecast_from_before_a_later_record_is_that_of_the_earlier_one() -> None:
    earlier, later = (
        future(known_by(scenarios.load(name), "2026-01"), "2025H2", {}) for name in ("partners_2020", "partners_2026")
    )
    assert (later.generative_from, later.events, later.war.burden.points) == (
        earlier.generative_from,
        earlier.events,
        earlier.war.burden.points,
    )
    assert (later.income.index.points, later.patron) == (earlier.income.index.points, earlier.patron)


@pytest.mark.parametrize("name", OF_ONE)
@pytest.mark.parametrize("made", ["2026-01", "2026-11"])
def test_the_forecast_of_a_calibration_starts_from_what_was_known(name: str, made: str) -> None:
    problem = load_problem(name)
    world = future(known_by(problem.scenario, made), problem.postures.periods[-1], {})
    assert world.generative_from is not None
    last = month_name(month_number(world.generative_from) - 1)
    assert max(known_in(world.events[event]) for event in entering(world)) <= min(last, made)


def test_the_last_month_of_a_record_is_cut_by_the_day_of_the_forecast() -> None:
    base = scenarios.load("partners_2020")
    assert future(known_by(base, "2026-01"), "2025H2", {}).generative_from == "2026-02"
    assert future(known_by(base, "2025-12"), "2025H2", {}).generative_from == "2026-01"


@pytest.mark.parametrize("name", OF_ONE)
def test_a_calibration_learns_from_what_was_known_when_each_half_year_ended(name: str) -> None:
    problem = load_problem(name)
    for world in problem.worlds.values():
        match = Match.of(world, problem.postures)
        late = {
            event for event, one in match.scenario.events.items() if known_in(one) > last_month(period_of(one.date))
        }
        assert late == set()
        assert set(world.events) - set(match.scenario.events) == {
            event for event, one in world.events.items() if known_in(one) > last_month(period_of(one.date))
        }
        if CONTRACT in world.events:
            assert CONTRACT not in match.scenario.events


def test_a_fact_counts_from_the_half_year_in_which_it_was_known() -> None:
    shipped = observed.load("partners_postures")
    facts = {
        key: Fact(
            date="2021-03", known=known, client="Cuba", indicator=key, level=1, what="x", source="x", confidence="low"
        )
        for key, known in (("stance", None), ("supplier", "2022-08"))
    }
    coded = code_postures(shipped.model_copy(update={"facts": facts}))
    cuba = coded.posture[:, coded.clients.index("Cuba")]
    assert coded.periods[int(np.argmax(cuba >= HEDGING))] == "2022H2"
    assert (cuba[:5] == LOYAL).all()
