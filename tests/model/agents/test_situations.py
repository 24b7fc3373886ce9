"""What a new situation changes of a client, from its month on, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.model.agents.simulate import simulate
from papertiger.model.agents.world import World
from tests.model.worlds import client, column, event, finished, world_of

STILL = {"crisis_hazard": 0.0, "switching_cost": 100.0}
MONTH = 4


def world_with(situation: dict[str, Any], *, date: str = "2020-05", **fields: Any) -> World:
    """Return a finished world in which one client's situation changes."""
    events = {
        "left": event("abandoned", "2020-02", "A", intensity=2),
        "new": event("new_situation", date, "A", situation=situation),
    }
    return finished(world_of({"A": client(**fields)}, events, parameters=STILL))


@pytest.mark.parametrize(
    ("before", "after", "prior"),
    [
        ("none", "defence_pact", 0.7),
        ("none", "lesser_treaty", 0.6),
        ("defence_pact", "lesser_treaty", 0.6),
        ("lesser_treaty", "none", 0.5),
    ],
)
def test_a_treaty_moves_the_prior_of_resolve_and_keeps_the_evidence(before: str, after: str, prior: float) -> None:
    world = world_with({"treaty": after}, treaty=before)
    old = {"defence_pact": 0.7, "lesser_treaty": 0.6, "none": 0.5}[before]
    resolve = column(world, "A", "resolve")
    untouched = column(world_with({"treaty": before}, treaty=before), "A", "resolve")
    assert resolve[:MONTH] == untouched[:MONTH]
    # m = 10 p / n and n keeps what evidence there is, so the belief moves by the priors' distance times 10 / n.
    n = 10.0 * old / untouched[MONTH]
    assert resolve[MONTH] == pytest.approx(untouched[MONTH] + 10.0 * (prior - old) / n, rel=1e-12)
    same = world_with({"treaty": before}, treaty=before)
    assert column(world, "A", "capability") == column(same, "A", "capability")


def test_a_prior_of_its_own_moves_by_as_much_and_stays_a_probability() -> None:
    priors = [
        world_with({"treaty": "defence_pact"}, treaty="none", prior_resolve=own).clients[0].outlook.prior_resolve
        for own in (0.3, 0.95)
    ]
    assert priors == pytest.approx([0.5, 1.0], rel=1e-15)


def test_bases_and_borders_expose_and_what_is_not_named_stays() -> None:
    world = world_with({"bases": 1.0}, border=0.5, bases=0.0, diaspora=0.5)
    assert world.clients[0].outlook.exposure == pytest.approx(0.4 * 0.5 + 0.3 * 1.0 + 0.3 * 0.5, rel=1e-15)
    world = world_with({"threat": 0.9}, border=0.5, threat=0.2)
    assert column(world, "A", "threat")[MONTH - 1] == 0.2
    assert column(world, "A", "threat")[MONTH + 1] == 0.9
    assert world.clients[0].outlook.exposure == world_with({"threat": 0.2}, border=0.5).clients[0].outlook.exposure


def test_ways_out_open_for_the_rivals_that_are_named() -> None:
    world = world_with({"options": {"East": {"protection": 0.9, "economy": 0.9}}})
    rivals = world.setting.rivals
    openness = world.clients[0].outlook.openness
    assert openness[rivals.index("East")] == 0.9
    assert openness[rivals.index("West")] == 0.5


def test_nobody_falls_and_nothing_starts_anew() -> None:
    events = {
        "offer": event("offer", "2020-03", "A", rival="West"),
        "claim": event("claim", "2020-03", "A"),
        "new": event("new_situation", "2020-05", "A", situation={"bases": 1.0}),
    }
    world = World(world_of({"A": client(posture="hedging")}, events, parameters=STILL), rng=1)
    anchors = []
    while world.running:
        world.step()
        anchors.append(world.clients[0].anchor)
    assert len(set(anchors)) == 1
    assert anchors[0] != 0.0
    assert set(column(world, "A", "regime")) == {0}
    assert column(world, "A", "patron_threat")[MONTH] > 0.0
    assert world.clients[0].offers[world.setting.rivals.index("West")] > 0.0


def test_situations_and_successors_build_on_what_was_before_them() -> None:
    events = {
        "pact": event("new_situation", "2020-02", "A", situation={"treaty": "defence_pact", "bases": 0.5}),
        "fall": event("regime_loss", "2020-04", "A", successor={"threat": 0.1}),
        "border": event("new_situation", "2020-06", "A", situation={"border": 1.0}),
    }
    world = finished(world_of({"A": client(treaty="none", threat=0.8, border=0.0)}, events))
    outlook = world.clients[0].outlook
    assert outlook.threat == 0.1
    assert outlook.prior_resolve == pytest.approx(0.7, rel=1e-15)
    assert outlook.exposure == pytest.approx(0.4 * 1.0 + 0.3 * 0.5, rel=1e-15)


def test_one_that_does_not_happen_changes_nothing_that_comes_later() -> None:
    """In generative months only what is marked as always happens."""
    events = {
        "idle": event("new_situation", "2020-02", "A", situation={"bases": 0.9}),
        "fall": event("regime_loss", "2020-04", "A", always=True, successor={"threat": 0.1}),
    }
    quiet = dict.fromkeys(("crisis_hazard", "coercion_rate", "claim_rate", "offer_rate"), 0.0)
    made = world_of({"A": client(bases=0.0, border=0.0)}, events, mode="generative", parameters=quiet)
    assert finished(made).clients[0].outlook.exposure == 0.0


def test_one_of_a_client_that_is_not_there_yet_is_not_built_upon() -> None:
    events = {
        "early": event("new_situation", "2020-02", "A", situation={"bases": 0.9, "threat": 0.9}),
        "later": event("new_situation", "2020-08", "A", situation={"diaspora": 0.5}),
    }
    world = finished(world_of({"A": client(enters="2020-05", threat=0.2, bases=0.0, border=0.0)}, events))
    outlook = world.clients[0].outlook
    assert outlook.threat == 0.2
    assert outlook.exposure == pytest.approx(0.3 * 0.5, rel=1e-15)


def test_the_parts_of_the_ledger_still_sum_to_the_distance_from_the_first_prior() -> None:
    events = {
        "left": event("abandoned", "2020-02", "A", intensity=2),
        "new": event("new_situation", "2020-05", "A", situation={"treaty": "defence_pact"}),
    }
    run = simulate(world_of({"A": client(treaty="none")}, events, parameters=STILL))
    protection = float(run.of_client("A")["protection"][-1])
    held = [share.protection for share in run.shares("A").values()]
    assert len(held) > 1
    assert sum(held) == pytest.approx(protection - 0.7 * 0.5, abs=1e-14)


def test_ties_go_on_from_where_they_are() -> None:
    base, new = (world_with({"treaty": treaty}, treaty="none") for treaty in ("none", "defence_pact"))
    ties = np.array([column(world, "A", "arms_tie") for world in (base, new)])
    np.testing.assert_array_equal(ties[0, :MONTH], ties[1, :MONTH])
    assert (ties[1, MONTH + 1 :] > ties[0, MONTH + 1 :]).all()
    assert np.abs(np.diff(ties, axis=1)).max() < 0.02


def problem_of(tmp_path: Any, situation: str, more: str = "") -> str:
    file = tmp_path / "own.yaml"
    file.write_text(
        "extends: partners_2020\ntitle: Own\ndescription: Own.\nevents:\n  new:\n    date: 2024-12-01\n"
        f"    kind: new_situation\n    client: Syria\n{situation}    what: New.\n{more}",
        encoding="utf-8",
    )
    with pytest.raises(scenarios.ScenarioError) as error:
        scenarios.load(file)
    return str(error.value)


def test_what_is_wrong_with_one_is_said_where_it_stands(tmp_path: Any) -> None:
    assert "an event of kind 'new_situation' needs 'situation'" in problem_of(tmp_path, "")
    assert "expected what is new: one of" in problem_of(tmp_path, "    situation: {why: Nothing.}\n")
    assert "did you mean 'defence_pact'" in problem_of(tmp_path, "    situation: {treaty: defense_pact}\n")
    said = problem_of(tmp_path, "    situation: {bases: 0.1}\n")
    assert "brings a successor in the same month; say there what is new" in said
