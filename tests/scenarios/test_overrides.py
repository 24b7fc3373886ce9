"""Single values replaced by dotted path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papertiger.scenarios import Scenario, ScenarioError, change, load, parse_settings
from papertiger.scenarios.schema.figures import Distribution
from tests.scenarios.minimal import SMALL, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path, SMALL)


def value(scenario: Scenario, *names: str) -> Any:
    part: Any = scenario
    for name in names:
        part = part[name] if isinstance(part, dict) else getattr(part, name)
    return part


@pytest.mark.parametrize(
    ("key", "given", "where", "found"),
    [
        ("forgetting", 0.9, ("parameters", "forgetting", "value"), 0.9),
        ("parameters.forgetting", np.float64(0.9), ("parameters", "forgetting", "value"), 0.9),
        ("clients.Alfa.threat", 1, ("clients", "Alfa", "threat", "value"), 1.0),
        ("clients.Alfa.options.Rivalia.economy", 0, ("clients", "Alfa", "options", "Rivalia", "economy", "value"), 0),
        ("events.talks.intensity", np.int64(3), ("events", "talks", "intensity", "value"), 3),
        ("war.after", "ends", ("war", "after"), "ends"),
        ("war.burden", 0, ("war", "burden", "points"), {"1900-01": 0}),
        ("war.burden.points.2022-05", 1, ("war", "burden", "points", "2022-05"), 1),
        ("mode", "generative", ("mode",), "generative"),
        ("switches.contested_claim", False, ("switches", "contested_claim", "value"), False),
        ("span.end", "2021-12", ("span", "end"), "2021-12"),
        ("claims", (3, 4), ("claims",), (3, 4)),
        ("clients.Bravo.assets.port", 0.2, ("clients", "Bravo", "assets", "port", "value"), 0.2),
        ("events.new", {"date": "2021-01", "kind": "background", "what": "x"}, ("events", "new", "what"), "x"),
    ],
)
def test_a_value_is_replaced(path: Path, key: str, given: object, where: tuple[str, ...], found: object) -> None:
    assert value(load(path, {key: given}), *where) == found
    assert change(load(path), {key: given}) == load(path, {key: given})


def test_a_figure_keeps_its_reason_and_a_switch_too(path: Path) -> None:
    scenario = load(path, {"clients.Alfa.threat": 0.2, "switches.contested_claim": False})
    assert scenario.clients["Alfa"].threat.why == "a guess"
    assert scenario.switches["contested_claim"].why == "sources differ"


def test_a_distribution_takes_the_place_of_a_number(path: Path) -> None:
    for given in ({"uniform": [0.1, 0.2]}, Distribution(uniform=(0.1, 0.2))):
        figure = load(path, {"clients.Alfa.threat": given}).clients["Alfa"].threat
        assert figure.value is None
        assert figure.prior == Distribution(uniform=(0.1, 0.2))
        assert figure.why == "a guess"


def test_names_may_contain_dots(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL.replace("Bravo", "St. Bravo.x"))
    assert load(path, {"clients.St. Bravo.x.threat": 0.9}).clients["St. Bravo.x"].threat.value == 0.9


def test_a_shorter_span_leaves_events_out(path: Path) -> None:
    assert list(load(path, {"span.end": "2021-06"}).events) == ["raid"]
    assert list(change(load(path), {"span.end": "2021-06"}).events) == ["raid"]


def test_nothing_else_changes(path: Path) -> None:
    scenario = load(path)
    before = scenario.model_dump_json()
    assert change(scenario, {"forgetting": 0.5}) == scenario
    change(scenario, {"forgetting": 0.1})
    assert scenario.model_dump_json() == before


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("forgeting", 1, "overrides: forgeting: no 'forgeting' to set (did you mean 'forgetting'?)"),
        (
            "parameters.forgeting",
            1,
            "overrides: parameters.forgeting: no 'forgeting' in 'parameters' to set "
            "(did you mean 'parameters.forgetting'?)",
        ),
        (
            "clients.Alpha.threat",
            1,
            "overrides: clients.Alpha.threat: no 'Alpha' in 'clients' to set (did you mean 'clients.Alfa.threat'?)",
        ),
        (
            "clients.Alfa.threats",
            1,
            "overrides: clients.Alfa.threats: no 'threats' in 'clients.Alfa' to set "
            "(did you mean 'clients.Alfa.threat'?)",
        ),
        ("mode.x", 1, "overrides: mode.x: no 'x' in 'mode' to set"),
        ("name", "x", "overrides: name: 'name' belongs to a file and cannot be set"),
        ("extends", "x", "overrides: extends: 'extends' belongs to a file and cannot be set"),
        ("", 1, "overrides: no '' to set"),
        ("forgetting", 2, "overrides: parameters.forgetting: expected a number from 0 to 1, got 2"),
        (
            "forgetting",
            float("nan"),
            "overrides: parameters.forgetting: expected a number from 0 to 1, got nan",
        ),
        ("forgetting", object, "overrides: forgetting: cannot set a value of the type type"),
        (
            "clients.Alfa.adversary",
            "Foe",
            "overrides: clients.Alfa.adversary: no adversary 'Foe' in this scenario (did you mean 'Foeland'?)",
        ),
        (
            "clients.Alfa.assets.prot",
            0.1,
            "overrides: clients.Alfa.assets.prot: no asset of the patron 'prot' in this scenario "
            "(did you mean 'port'?)",
        ),
    ],
)
def test_what_cannot_be_set(path: Path, key: str, given: object, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(path, {key: given})
    assert str(caught.value) == message


def test_settings_are_read_as_yaml() -> None:
    settings = ["a=0.5", "b = {uniform: [0.9, 0.99]}", "c=2020-01", "d=NO", "e=", "f=a=b"]
    assert parse_settings(settings) == {
        "a": 0.5,
        "b": {"uniform": [0.9, 0.99]},
        "c": "2020-01",
        "d": "NO",
        "e": None,
        "f": "a=b",
    }


def test_settings_that_are_none() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_settings(["forgetting", "=1", "a=1", "a=2", "b=[1"])
    lines = str(caught.value).splitlines()
    assert lines[:3] == [
        "--set: expected key=value, got 'forgetting'",
        "--set: expected key=value, got '=1'",
        "--set: a: given twice",
    ]
    assert lines[3].startswith("--set: b: not valid YAML")
