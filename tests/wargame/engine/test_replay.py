"""A course is a run of the model, to the last bit, whoever sits where."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from papertiger import scenarios
from papertiger.model.agents.simulate import simulate
from papertiger.scenarios import Scenario
from papertiger.wargame.engine.replay import Replay, run_replay
from papertiger.wargame.rules.conditions import PostureReached
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.request import PlannedInject, ReplayRequest
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.rules.setup import game_of, played_scenario, schedule_of
from tests.model.worlds import shipped
from tests.wargame.games import BORDER, FOE, OPEN, PATRON, SHIELDED, WEST, sheet, small


def bots(scenario: Scenario, turns: int, seed: int = 1) -> ReplayRequest:
    return ReplayRequest(scenario, seed, ((1, 0),), turns, ((),) * turns)


def assert_is_run(replay: Replay, scenario: Scenario, seed: int = 1) -> None:
    """Hold a course against the reference model: state, measures and ledger."""
    months = replay.now.index + 1
    run = simulate(scenario, seed, decisions=replay.book, months=months)
    rows = run._rows
    for month in replay.months:
        wanted = [row for row in rows["clients"] if row[0] == run.setting.months[month.index]]
        for row, client in zip(wanted, month.clients, strict=True):
            got = (client.posture, client.capability, client.resolve, client.protection)
            assert row[2] == got[0]
            assert row[4:7] == got[1:]
            assert row[9] == client.attention
            assert row[10] == client.trust
            assert row[14] is (client.covert_rival >= 0)
        patron = next(row for row in rows["patron"] if row[0] == run.setting.months[month.index])
        assert patron[1:5] == (month.budget, month.burden, month.lost_assets, month.credibility)
        signals = [
            (row[1], row[2], row[3], *row[5:]) for row in rows["signals"] if row[0] == run.setting.months[month.index]
        ]
        names = [own.name for own in run.setting.clients]
        assert signals == [
            (
                names[i],
                signal.signal,
                signal.cause,
                signal.intensity,
                signal.good_capability,
                signal.bad_capability,
                signal.good_resolve,
                signal.bad_resolve,
            )
            for i, client in enumerate(month.clients)
            for signal in client.signals
        ]
    assert list(replay.entries) == run._ledger.entries
    assert list(replay.closings) == run._ledger.closings


def test_bots_in_all_seats_are_a_run_of_the_same_scenario() -> None:
    scenario = shipped("partners_generative")
    assert_is_run(run_replay(bots(scenario, 3)), scenario)


@pytest.mark.parametrize("name", ["venezuela_2026", "armenia_2020_2025"])
def test_bots_in_all_seats_are_a_run_of_the_case_that_a_game_plays(name: str) -> None:
    scenario = shipped(name)
    assert_is_run(run_replay(bots(scenario, 4)), played_scenario(scenario))


def busy_request(turns: int = 4) -> ReplayRequest:
    """Return a request with orders of all kinds, an inject and one that waits for a condition."""
    first: tuple[Sheet, ...] = (
        sheet(
            PATRON,
            1,
            {"do": "attention", "shares": {SHIELDED: 80, OPEN: 20}},
            {"do": "respond", "client": BORDER, "answer": "help"},
            {"do": "claim", "client": BORDER},
            {"do": "support", "client": SHIELDED, "supply": "deliver"},
        ),
        sheet(Seat("client", BORDER), 1, {"do": "hedge", "towards": "West"}, {"do": "ask", "ask": True}),
        sheet(Seat("client", OPEN), 1, {"do": "posture", "posture": "distancing"}),
        sheet(
            WEST, 1, {"do": "offer", "client": OPEN, "if_refused": "withdraw"}, {"do": "withdraw", "client": BORDER}
        ),
        sheet(FOE, 1, {"do": "press", "client": SHIELDED, "intensity": 3}),
    )
    condition = PostureReached(client=OPEN, posture="distancing")
    loss = scenarios.change(
        small(),
        {
            "events.fall": {
                "date": "2021-01",
                "kind": "regime_loss",
                "client": SHIELDED,
                "what": "It falls.",
                "successor": {"continuity": 0.5, "threat": 0.2},
            },
            "events.words": {"date": "2021-01", "kind": "criticism", "client": OPEN, "news": "bad", "what": "Words."},
        },
    ).events
    planned = (PlannedInject("fall", loss["fall"]), PlannedInject("words", loss["words"], condition, 1))
    return ReplayRequest(small(), 5, ((1, 0),), turns, (first, *((),) * (turns - 1)), planned)


def test_orders_injects_and_conditions_are_a_run_of_the_final_case() -> None:
    replay = run_replay(busy_request())
    assert dict(replay.happened) == {"words": 2}
    assert replay.now.clients[0].regime == 1
    assert len(replay.book.decisions) > 5
    assert_is_run(replay, replay.scenario, seed=5)


def test_a_course_is_the_same_each_time_and_its_beginning_does_not_depend_on_its_length() -> None:
    whole = run_replay(busy_request(4))
    assert run_replay(busy_request(4)).digest == whole.digest
    for turns in (0, 1, 2, 3):
        part = run_replay(busy_request(turns) if turns else replace(busy_request(1), turns=0, sheets=()))
        assert part.months == whole.months[:turns]
        assert part.start == whole.start


def test_what_is_announced_comes_if_nobody_decides_otherwise() -> None:
    for turns in range(1, 6):
        coming = run_replay(bots(small(), turns - 1, seed=turns)).coming
        assert run_replay(bots(small(), turns, seed=turns)).months[-1].crises == coming


def test_other_luck_begins_with_its_turn() -> None:
    same = run_replay(bots(small(), 5, seed=8))
    other = run_replay(replace(bots(small(), 5, seed=8), runs=((1, 0), (3, 1))))
    assert other.months[:2] == same.months[:2]
    assert other.months[2:] != same.months[2:]


@pytest.mark.parametrize("months", [3, 6])
def test_a_turn_of_several_months_plays_them_all(months: int) -> None:
    replay = run_replay(bots(small(months), 6 // months))
    assert len(replay.months) == 6
    assert_is_run(replay, played_scenario(small(months)))


def test_a_scenario_without_a_game_is_played_from_the_end_of_its_record_by_all() -> None:
    game = game_of(shipped("partners_2020"))
    assert game.first_month == "2026-02"
    assert len(game.seats.clients) == 17
    assert schedule_of(shipped("partners_2020")).turns == 12


def test_the_server_side_imports_neither_mesa_nor_the_compiler() -> None:
    code = (
        "import sys, papertiger.wargame.session, papertiger.wargame.views.review, papertiger.wargame.archive;"
        "import papertiger.wargame.views.facilitator, papertiger.wargame.views.forecast;"
        "print(*sorted({'mesa', 'numba', 'pandas', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
