"""Numbers given by name: the same names, bounds and refusals at every door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import papertiger as pt
from papertiger.model.ensemble.exact import EXACT, Replay
from papertiger.model.template import Template, build_setting
from papertiger.scenarios import Scenario, ScenarioError, change, load, parse_settings
from papertiger.scenarios.reading.numbers import figure_number, figure_range
from tests.scenarios.minimal import SMALL, write

type Door = Callable[[Scenario, str, Any], Any]


def world_keyword(scenario: Scenario, name: str, value: Any) -> Any:
    return pt.World(scenario, rng=1, **{name.replace(".", "__"): value}).setting.constants


def command_line(scenario: Scenario, name: str, value: Any) -> Any:
    return build_setting(change(scenario, parse_settings([f"{name}={value}"])), 1).constants


DOORS: dict[str, Door] = {
    "values": lambda scenario, name, value: build_setting(scenario, 1, 0, {name: value}).constants,
    "overrides": lambda scenario, name, value: build_setting(change(scenario, {name: value}), 1).constants,
    "World": world_keyword,
}
WORDS = {**DOORS, "--set": command_line}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(write(tmp_path_factory.mktemp("doors"), SMALL))


def refusal(door: str, scenario: Scenario, name: str, value: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        WORDS[door](scenario, name, value)
    (problem,) = caught.value.problems
    assert problem.file == door
    return f"{problem.message} ({problem.hint})"


@pytest.mark.parametrize("door", WORDS)
@pytest.mark.parametrize("name", ["forgetting", "parameters.forgetting"])
def test_a_name_means_the_same_at_every_door(small: Scenario, door: str, name: str) -> None:
    assert WORDS[door](small, name, 0.25).forgetting == 0.25


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("forgeting", 0.5),
        ("parameters.forgeting", 0.5),
        ("clients.Alpha.threat", 0.5),
        ("clients.Alfa.threats", 0.5),
        ("forgetting", 5.0),
        ("forgetting", -1),
        ("forgetting", "half"),
        ("forgetting", True),
        ("prior_strength", 0),
        ("events.talks.intensity", 4),
    ],
)
def test_every_door_refuses_in_the_same_words(small: Scenario, name: str, value: Any) -> None:
    if value is True:
        words = {refusal(door, small, name, value).replace("'true'", "true") for door in DOORS}
    else:
        words = {refusal(door, small, name, value) for door in WORDS}
    assert len(words) == 1, words


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), np.array([0.1, 0.2]), np.array([0.5]), [0.5], object()]
)
@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_single_number_is_refused(small: Scenario, door: str, value: Any) -> None:
    assert "expected a number from 0 to 1" in (said := refusal(door, small, "forgetting", value)) or "type" in said


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("value", [np.float32(0.5), np.float64(0.5), np.array(0.5), np.int64(0), 1])
def test_numbers_of_numpy_are_numbers(small: Scenario, door: str, value: Any) -> None:
    assert DOORS[door](small, "forgetting", value).forgetting == float(value)


@pytest.mark.parametrize("door", ["values", "overrides"])
def test_one_figure_given_by_two_names_is_refused(small: Scenario, door: str) -> None:
    given = {"forgetting": 0.5, "parameters.forgetting": 0.6}
    with pytest.raises(ScenarioError, match=r"parameters\.forgetting: the"):
        change(small, given) if door == "overrides" else build_setting(small, 1, 0, given)


def test_what_no_run_reads_is_refused_as_a_value(small: Scenario) -> None:
    off = change(small, {"switches.contested_claim": False})
    assert build_setting(small, 1, 0, {"events.scolded.intensity": 1})
    assert "no run of this scenario reads it" in refusal("values", off, "events.scolded.intensity", 1)
    assert "is no single number; change it with overrides" in refusal("values", small, "war.burden", 0.5)
    assert "belongs to a file" in refusal("values", small, "name", 1)


def test_the_ensemble_and_the_exact_chain_are_such_doors(small: Scenario) -> None:
    for misspelt in ({"forgeting": 0.5}, {"forgetting": 5.0}, {3: 1.0}, [0.5], "forgetting"):
        with pytest.raises(ScenarioError, match="^values: "):
            pt.ensemble(small, 2, values=misspelt)  # type: ignore[arg-type]
        with pytest.raises(ScenarioError, match="^values: "):
            Replay(change(small, dict(EXACT))).chain(misspelt)  # type: ignore[arg-type]


def test_values_of_an_ensemble_have_effect_by_their_short_name(small: Scenario) -> None:
    given = [None, {"forgetting": 0.05}, {"parameters.forgetting": 0.05}]
    plain, short, full = (pt.ensemble(small, 2, values=one, keep="beliefs").path("beliefs") for one in given)
    assert np.array_equal(short, full)
    assert not np.array_equal(short, plain)


def test_a_renamed_actor_goes_by_its_new_name_and_by_that_of_its_draws(tmp_path: Path) -> None:
    text = SMALL.replace("  Bravo:\n", "  Bravo:\n    draws_as: Old\n").replace("{gap: 1}", "{gap: 1, draws_as: Rex}")
    scenario = load(write(tmp_path, text))
    names = Template(scenario).names
    assert names.path("clients.Bravo.threat", "values") == names.path("clients.Old.threat", "values")
    assert names.path("rivals.Rivalia.gap", "values") == "rivals.Rex.gap"
    assert names.path("clients.Alfa.options.Rivalia.economy", "values") == "clients.Alfa.options.Rex.economy"


def test_bounds_are_found_where_names_hold_dots(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, SMALL.replace("Bravo", "St. Bravo.x")))
    limits = figure_range("clients.St. Bravo.x.threat")
    assert limits is not None
    assert (limits.low, limits.high) == (0.0, 1.0)
    assert "from 0 to 1" in refusal("values", scenario, "clients.St. Bravo.x.threat", 2)


def test_an_error_says_what_was_given() -> None:
    with pytest.raises(ScenarioError, match=r"vary: a name: expected a number from 0 to 1, got 1\.0000001"):
        figure_number("parameters.forgetting", 1.0000001, "vary", "a name")
