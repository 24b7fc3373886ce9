"""Two actors never have the same luck: whose keys meet is told when the scenario is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.scenarios.checking.actor_keys import actor_key
from tests.scenarios.minimal import SMALL, write

ONE, OTHER = "State 19477", "State 35939"
"""The first two names of this form whose hashes of 32 bits are the same."""


def test_the_two_names_have_one_key() -> None:
    assert actor_key(ONE) == actor_key(OTHER)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (SMALL.replace("Alfa", ONE).replace("Bravo", OTHER), f"clients.{OTHER}"),
        (SMALL.replace("Patronia", ONE).replace("Bravo", OTHER), f"clients.{OTHER}"),
        (
            SMALL.replace("Alfa", ONE).replace("  Bravo:\n", f"  Bravo:\n    draws_as: {OTHER}\n"),
            "clients.Bravo",
        ),
    ],
    ids=["two clients", "the patron and a client", "a name to draw by"],
)
def test_actors_with_one_key_are_refused(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(scenarios.ScenarioError) as refused:
        scenarios.load(write(tmp_path, text))
    assert f"{key}: '{OTHER}' and '{ONE}' have the same key of 32 bits" in str(refused.value)


def test_a_change_that_makes_two_keys_meet_is_refused(tmp_path: Path) -> None:
    scenario = scenarios.load(write(tmp_path, SMALL.replace("Alfa", ONE)))
    with pytest.raises(scenarios.ScenarioError, match="have the same key of 32 bits"):
        scenarios.change(scenario, {"clients.Bravo.draws_as": OTHER})


def test_another_name_to_draw_by_mends_it(tmp_path: Path) -> None:
    text = SMALL.replace("Alfa", ONE).replace("Bravo", OTHER)
    path = write(tmp_path, text.replace(f"  {OTHER}:\n", f"  {OTHER}:\n    draws_as: another\n", 1))
    assert scenarios.load(path).clients[OTHER].draws_as == "another"


def test_two_drawn_figures_with_one_key_are_refused(tmp_path: Path) -> None:
    """The paths of these two figures are the first of their form whose hashes of 32 bits are the same."""
    one, other = "State 42729", "State 65620"
    assert actor_key(f"clients.{one}.threat") == actor_key(f"clients.{other}.threat")
    fixed = SMALL.replace("Alfa", one).replace("Bravo", other)
    scenarios.load(write(tmp_path, fixed))
    drawn = fixed.replace("{value: 0.6, why: a guess}", "{uniform: [0.1, 0.9], why: a guess}").replace(
        "    threat: 0.3\n", "    threat: {uniform: [0.1, 0.9], why: a guess}\n"
    )
    with pytest.raises(scenarios.ScenarioError) as refused:
        scenarios.load(write(tmp_path, drawn))
    said = f"clients.{other}.threat: 'clients.{other}.threat' and 'clients.{one}.threat' have the same key of 32 bits"
    assert said in str(refused.value)
