"""Scenarios compared without a file."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.statistics.compare import Comparison, compare, distinct, points
from papertiger.experiments.statistics.intervals import min_alike_share
from papertiger.experiments.statistics.paired import paired_difference
from papertiger.model.agents.simulate import simulate
from papertiger.scenarios import Scenario
from tests.model.worlds import RUNG, client, event, world_of
from tests.tables import line

RUNS = 60


def clients() -> dict[str, dict[str, Any]]:
    """Return one client that can go and one that would not."""
    west = {"West": {"protection": 0.5, "economy": 0.9, "proximity": 0.9}}
    free = client(threat=0.9, economy=0.1, arms=0.1, posture="distancing", options=west)
    return {"Alpha": free, "Beta": client(threat=0.3)}


@cache
def let_down() -> Scenario:
    """Return a world in which a client is not helped, again and again."""
    sent = {f"fall_{n}": event("abandoned", f"2020-{n:02d}", "Alpha", intensity=3) for n in range(3, 9)}
    return world_of(clients(), sent, months=36).model_copy(update={"name": "let_down"})


@cache
def left_alone() -> Scenario:
    return world_of(clients(), months=36).model_copy(update={"name": "left_alone"})


@cache
def compared(*worlds: str, at: str | None = None) -> Comparison:
    made = {"let_down": let_down, "left_alone": left_alone}
    return compare([made[name]() for name in worlds], RUNS, 3, at=at)


def test_a_scenario_against_itself() -> None:
    found = compared("left_alone", "left_alone")
    assert found.names == ("left_alone", "left_alone (2)")
    assert (found.differences[["difference", "changed"]] == 0.0).all().all()
    assert found.differences[["low", "high"]].isna().all().all()
    assert (found.differences["alike"] == min_alike_share(RUNS)).all()
    assert (found.differences["verdict"] == "no difference").all()
    assert found.sentences == ["left_alone (2) is the same scenario as left_alone: no difference in any of 60 runs."]
    assert found.first_differences.iloc[0].to_dict() == {
        "scenario": "left_alone (2)", "month": "", "clients": "", "share": 0.0, "median_month": "",
    }  # fmt: skip


def test_changing_places_changes_the_sign_and_the_sentence() -> None:
    worlds = ("left_alone", "let_down")
    one, other = compared(*worlds, at="2020-05"), compared(*reversed(worlds), at="2020-05")
    forth, back = one.overall["let_down"], other.overall["left_alone"]
    assert forth.difference > 0.0
    np.testing.assert_equal(
        (back.difference, back.low, back.high), (-forth.difference, -forth.high, -forth.low)
    )  # blank where every pair differs alike
    more, fewer = one.sentences[0], other.sentences[0]
    pattern = (
        r"In (\w+), (\d+) percentage points \[(\d+), (\d+)\] (more|fewer) of the clients have defected "
        r"by 2020-05 than in"
    )
    first, second = re.match(pattern, more), re.match(pattern, fewer)
    assert first is not None
    assert second is not None
    assert first.groups()[1:4] == second.groups()[1:4]
    assert (first[1], first[5], second[1], second[5]) == ("let_down", "more", "left_alone", "fewer")


def test_tables_are_those_of_the_single_runs() -> None:
    found = compared("left_alone", "let_down", at="2021-06")
    rungs: dict[str, list[int]] = {}
    for world in (left_alone(), let_down()):
        ends = []
        for run in range(RUNS):
            made = simulate(world, 3, run, months=18).clients
            ends.append(
                RUNG[made[(made["client"] == "Alpha") & (made["month"] == "2021-06")]["posture_name"].iloc[0]]
            )
        rungs[world.name] = ends
        shares = line(found.shares.set_index(["scenario", "client"]), (world.name, "Alpha"))
        for name, rung in RUNG.items():
            assert shares[name] == pytest.approx(ends.count(rung) / RUNS)
    row = line(found.differences.set_index(["client", "measure"]), ("Alpha", "posture"))
    expected = paired_difference(rungs["left_alone"], rungs["let_down"], seed=3)
    assert (row["difference"], row["low"], row["high"]) == (expected.difference, expected.low, expected.high)


def test_the_first_differing_month_is_after_the_cause() -> None:
    row = compared("left_alone", "let_down").first_differences.iloc[0]
    assert "2020-03" <= row["month"] <= row["median_month"]
    assert "Alpha" in row["clients"]
    assert 0.0 < row["share"] <= 1.0


def test_scenarios_of_other_spans_and_clients() -> None:
    wider = world_of({**clients(), "Gamma": client()}, months=24).model_copy(update={"name": "wider"})
    found = compare([left_alone(), wider], 5)
    assert found.month == "2021-12"
    assert set(found.differences["client"]) == {"Alpha", "Beta"}
    assert set(found.shares[found.shares["scenario"] == "wider"]["client"]) == {"Alpha", "Beta", "Gamma"}
    with pytest.raises(ValueError, match="wider runs from 2020-01 to 2021-12, which does not have 2022-06"):
        compare([left_alone(), wider], 5, at="2022-06")


def test_who_enters_later_is_not_compared_before() -> None:
    late = world_of({**clients(), "Gamma": client(enters="2020-10")}, months=12)
    early = compare([late, late], 4, at="2020-06")
    assert set(early.shares["client"]) == set(early.differences["client"]) == {"Alpha", "Beta"}
    assert "Gamma" in set(compare([late, late], 4).shares["client"])


def test_three_scenarios_and_progress() -> None:
    seen: list[tuple[int, int]] = []
    found = compare(
        [left_alone(), let_down(), left_alone()], 10, progress=lambda done, total: seen.append((done, total))
    )
    assert list(found.overall) == ["let_down", "left_alone (2)"]
    assert len(found.sentences) == 2
    assert seen[-1] == (30, 30)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_no_run_that_differs_is_not_certainty() -> None:
    other = left_alone().model_copy(update={"title": "The same under another title"})
    found = compare([left_alone(), other], RUNS)
    assert "not one of 60 paired runs differs (so at most 4.9 % of all would)" in found.sentences[0]


def test_what_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="two scenarios"):
        compare([left_alone()])
    with pytest.raises(ValueError, match="at least 2 runs"):
        compare([left_alone(), let_down()], 1)


def test_names_and_numbers_in_words() -> None:
    assert distinct(["a", "b", "a", "a (2)", "a"]) == ("a", "b", "a (2)", "a (2) (2)", "a (3)")
    assert points(0.12, 0.09, 0.15) == "12 percentage points [9, 15]"
    assert points(-0.12, -0.15, -0.09, signed=True, unit=False) == "−12 [−15, −9]"
    assert points(0.004, -0.002, 0.011, signed=True) == "+0.4 percentage points [−0.2, 1.1]"
    assert points(0.01, -0.004, 0.04, signed=True, unit=False) == "+1 [0, 4]"
    assert points(0.0, 0.0, 0.0, signed=True, unit=False) == "0 [0, 0]"


def test_the_tables_are_the_same_again() -> None:
    again = compare([left_alone(), let_down()], RUNS, 3)
    pd.testing.assert_frame_equal(again.differences, compared("left_alone", "let_down").differences, check_exact=True)


def test_whose_doing_it_is_is_said_where_a_regime_is_lost() -> None:
    """A regime falls and its successor leaves; by its own choice nobody does anything."""
    west = {"West": {"protection": 1.0, "economy": 1.0, "proximity": 1.0}}
    stays = {"Beta": client(threat=0.0, arms=0.9, economy=0.9, options=west), "Gamma": client(threat=0.0)}
    after = {"threat": 1.0, "arms": 0.0, "economy": 0.0, "prior_resolve": 0.05, "options": west}
    fall = {"fall": event("regime_loss", "2020-03", "Beta", successor=after)}
    kept = world_of(stays, months=24).model_copy(update={"name": "kept"})
    lost = world_of(stays, fall, months=24).model_copy(update={"name": "lost"})
    found = compare([kept, lost], 20)
    assert found.regimes_lost == {"kept": 0.0, "lost": 1.0}
    assert found.overall["lost"].verdict == "higher"
    assert found.by_choice["lost"].verdict == "no difference"
    assert found.readings_differ("lost")
    first, second = found.sentences
    assert "by 2021-12, successors counted, than in kept: " in first
    assert "more of the clients" in first
    assert "by their own choice" in second
    assert "after a change of regime" in second
