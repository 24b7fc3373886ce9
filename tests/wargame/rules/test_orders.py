"""Every order does something, every empty seat's rule shows, and what a seat cannot do is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from papertiger.model.template import build_setting
from papertiger.wargame.engine.replay import Replay, run_replay
from papertiger.wargame.rules.decisions import by_rule
from papertiger.wargame.rules.objections import OrderError, check_sheet, cost_of, points_of
from papertiger.wargame.rules.orders import Sheet, Standing
from papertiger.wargame.rules.questions import brier
from papertiger.wargame.rules.request import ReplayRequest
from papertiger.wargame.rules.seats import Seat, SeatError, brief_of, offered, parse
from papertiger.wargame.rules.setup import game_of, played_scenario
from tests.wargame.games import BORDER, CLIENTS, EAST, FOE, OPEN, PATRON, SHIELDED, TEAMS, WEST, WITHIN, sheet, small

SETTING = build_setting(played_scenario(small()), 1)
GAME = game_of(small())
START = Standing(postures=(0, 1, 1, 0), present=(True,) * 4, budget=1.0, burden=0.5)
TURNS = 4


def played(*sheets: Sheet, seed: int = 3, **constants: float) -> Replay:
    first: tuple[tuple[Sheet, ...], ...] = (sheets,)
    return run_replay(ReplayRequest(small(**constants), seed, ((1, 0),), TURNS, first + ((),) * (TURNS - 1)))


BORDERLAND, OPENLAND, SHIELDLAND = (Seat("client", name) for name in (BORDER, OPEN, SHIELDED))
WITHINLAND, LOYALLY = Seat("client", WITHIN), {"do": "posture", "posture": "loyal"}
CRISIS = sheet(FOE, 1, {"do": "press", "client": SHIELDED, "intensity": 3})
NO_CRISIS = sheet(FOE, 1, *({"do": "press", "client": name, "intensity": 0} for name in (SHIELDED, BORDER, OPEN)))
ASKS = sheet(SHIELDLAND, 1, {"do": "ask", "ask": True})
REFUSED = sheet(PATRON, 1, {"do": "respond", "client": SHIELDED, "answer": "nothing"})

PAIRS: dict[str, tuple[tuple[Sheet, ...], tuple[Sheet, ...]]] = {
    "posture": (
        (sheet(OPENLAND, 1, {"do": "posture", "posture": "loyal"}),),
        (sheet(OPENLAND, 1, {"do": "posture", "posture": "distancing"}),),
    ),
    "hedge in the open": (
        (sheet(SHIELDLAND, 1, {"do": "posture", "posture": "loyal"}),),
        (sheet(SHIELDLAND, 1, {"do": "hedge", "towards": "West", "covert": False}),),
    ),
    "hedge under cover": (
        (sheet(BORDERLAND, 1, {"do": "posture", "posture": "hedging"}, {"do": "hedge"}),),
        (sheet(BORDERLAND, 1, {"do": "posture", "posture": "hedging"}, {"do": "hedge", "towards": "East"}),),
    ),
    "hedge under cover, as a loyal sub-state": (
        (sheet(Seat("client", WITHIN), 1, {"do": "posture", "posture": "loyal"}, {"do": "hedge"}),),
        (
            sheet(
                Seat("client", WITHIN), 1, {"do": "posture", "posture": "loyal"}, {"do": "hedge", "towards": "East"}
            ),
        ),
    ),
    "ask": (
        (CRISIS, REFUSED, sheet(SHIELDLAND, 1, {"do": "ask", "ask": False})),
        (CRISIS, REFUSED, ASKS),
    ),
    "complain": (
        (CRISIS, REFUSED, sheet(SHIELDLAND, 1, {"do": "ask", "ask": True}, {"do": "complain", "complain": False})),
        (CRISIS, REFUSED, sheet(SHIELDLAND, 1, {"do": "ask", "ask": True}, {"do": "complain", "complain": True})),
    ),
    "attention": (
        (sheet(PATRON, 1, {"do": "attention", "shares": {SHIELDED: 100}}),),
        (sheet(PATRON, 1, {"do": "attention", "shares": {OPEN: 100}}),),
    ),
    **{
        f"respond {answer}": (
            (CRISIS, ASKS, REFUSED),
            (CRISIS, ASKS, sheet(PATRON, 1, {"do": "respond", "client": SHIELDED, "answer": answer})),
        )
        for answer in ("words", "mediation", "help")
    },
    **{
        do: (
            (sheet(PATRON, 1, {"do": do, "client": BORDER, "act": False}),),
            (sheet(PATRON, 1, {"do": do, "client": BORDER}),),
        )
        for do in ("coerce", "claim", "criticise", "court")
    },
    **{
        f"support {supply}": (
            (sheet(PATRON, 1, {"do": "support", "client": SHIELDED, "supply": "nothing"}),),
            (sheet(PATRON, 1, {"do": "support", "client": SHIELDED, "supply": supply}),),
        )
        for supply in ("lapse", "deliver")
    },
    "offer": (
        (sheet(WEST, 1, {"do": "offer", "client": OPEN, "act": False}),),
        (sheet(WEST, 1, {"do": "offer", "client": OPEN}),),
    ),
    "offer withdrawn if refused": (
        (
            sheet(OPENLAND, 1, {"do": "posture", "posture": "hedging"}),
            sheet(WEST, 1, {"do": "offer", "client": OPEN, "if_refused": "keep"}),
        ),
        (
            sheet(OPENLAND, 1, {"do": "posture", "posture": "hedging"}),
            sheet(WEST, 1, {"do": "offer", "client": OPEN, "if_refused": "withdraw"}),
        ),
    ),
    "press": ((NO_CRISIS,), (CRISIS,)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_every_order_forced_changes_some_months_to_come(name: str) -> None:
    one, other = PAIRS[name]
    for given in (one, other):
        for orders in given:
            check_sheet(orders, SETTING, GAME, START, 6)
    left, right = played(*one), played(*other)
    assert left.start == right.start
    assert left.months != right.months


def test_an_offer_that_stands_can_be_withdrawn() -> None:
    sheets = ((sheet(WEST, 1, {"do": "offer", "client": OPEN, "if_refused": "keep"}),),)
    kept = run_replay(ReplayRequest(small(), 3, ((1, 0),), 2, (*sheets, ())))
    gone = run_replay(
        ReplayRequest(small(), 3, ((1, 0),), 2, (*sheets, (sheet(WEST, 2, {"do": "withdraw", "client": OPEN}),)))
    )
    assert kept.months[0] == gone.months[0]
    assert kept.now.clients[2].offers[0] > gone.now.clients[2].offers[0]


@pytest.mark.parametrize(
    ("seat", "constants"),
    [
        (PATRON, {"criticism_rate": 1.0}),
        (BORDERLAND, {"review_rate": 1.0}),
        (WEST, {"offer_rate": 1.0}),
        (EAST, {"offer_withdrawal": 1.0, "offer_rate": 0.8}),
        (FOE, {"crisis_hazard": 0.9}),
    ],
)
def test_the_rule_that_plays_an_empty_seat_shows(seat: Seat, constants: dict[str, Any]) -> None:
    absent: Any = dict.fromkeys(constants, 0.0)
    assert played(**constants).months != played(**absent).months, seat


def test_what_is_left_to_the_rule_is_said() -> None:
    assert by_rule(BORDERLAND, None, SETTING) == ("posture", "hedge", "ask", "complain")
    open_hedge = sheet(BORDERLAND, 1, {"do": "hedge", "towards": "West", "covert": False})
    assert by_rule(BORDERLAND, open_hedge, SETTING) == ("ask", "complain")
    assert by_rule(FOE, CRISIS, SETTING) == (f"press {BORDER}", f"press {OPEN}")
    assert f"support {SHIELDED}" in by_rule(PATRON, None, SETTING)
    assert f"support {OPEN}" not in by_rule(PATRON, None, SETTING)
    assert by_rule(WEST, None, SETTING) == tuple(f"offer {name}" for name in CLIENTS)


@pytest.mark.parametrize(
    ("seat", "order", "said"),
    [
        (PATRON, {"do": "posture", "posture": "loyal"}, "gives no such order"),
        (PATRON, {"do": "claim", "client": "Bordr"}, "did you mean 'Border'"),
        (PATRON, {"do": "support", "client": OPEN, "supply": "deliver"}, "does not rely on air defence"),
        (PATRON, {"do": "attention", "shares": {"Nobody": 3}}, "no client 'Nobody'"),
        (SHIELDLAND, {"do": "posture", "posture": "realigned"}, "out of reach"),
        (SHIELDLAND, {"do": "hedge", "towards": "West"}, "only at the posture hedging"),
        (BORDERLAND, {"do": "hedge", "towards": "Wset"}, "did you mean 'West'"),
        (BORDERLAND, {"do": "hedge", "covert": False}, "towards somebody"),
        (FOE, {"do": "press", "client": WITHIN, "intensity": 1}, "does not threaten"),
        (WEST, {"do": "press", "client": OPEN, "intensity": 1}, "gives no such order"),
    ],
)
def test_what_a_seat_cannot_order_is_refused_by_name(seat: Seat, order: dict[str, Any], said: str) -> None:
    with pytest.raises(OrderError, match=said):
        check_sheet(sheet(seat, 1, order), SETTING, GAME, START, 6)


def test_a_successor_is_bound_by_no_rung() -> None:
    falling = Standing(START.postures, START.present, 1.0, 0.5, falling=(True, False, False, True))
    away = {"do": "posture", "posture": "realigned"}
    check_sheet(sheet(SHIELDLAND, 1, away), SETTING, GAME, falling, 6)
    for seat in (BORDERLAND, Seat("client", WITHIN)):  # a sub-state's ladder has two rungs
        with pytest.raises(OrderError, match="out of reach"):
            check_sheet(sheet(seat, 1, away), SETTING, GAME, falling, 6)


def test_every_problem_of_a_sheet_is_told_at_once() -> None:
    claim = {"do": "claim", "client": BORDER}
    asked = {"ask": "crisis", "client": "Nobody", "turn": 9, "probability": 0.5}
    with pytest.raises(OrderError) as caught:
        check_sheet(sheet(PATRON, 2, claim, claim, expects=[asked]), SETTING, GAME, START, 6)
    assert len(caught.value.problems) == 3


def test_orders_take_points_which_follow_the_patrons_means() -> None:
    assert points_of(PATRON, GAME, START) == 30
    poor = Standing(START.postures, START.present, 0.1, 0.9)
    helps = [{"do": "respond", "client": name, "answer": "help"} for name in (SHIELDED, BORDER)]
    assert sum(map(cost_of, sheet(PATRON, 1, *helps).orders)) == 6
    with pytest.raises(OrderError, match="take 6 points and patron has 2"):
        check_sheet(sheet(PATRON, 1, *helps), SETTING, GAME, poor, 6)


@pytest.mark.parametrize(
    "order",
    [
        {"do": "press", "client": OPEN, "intensity": 4},
        {"do": "press", "client": OPEN, "intensity": True},
        {"do": "nothing"},
        {"do": "attention", "shares": {OPEN: 0}},
        {"do": "ask", "ask": True, "more": 1},
        {"do": "ask", "ask": True, "why": "x" * 301},
        {"do": "ask", "ask": True, "expects": {"ask": "crisis", "client": OPEN, "turn": 1, "probability": 1.5}},
    ],
)
def test_an_order_of_the_wrong_form_is_none(order: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        sheet(FOE, 1, order)


def test_brier() -> None:
    assert brier(1.0, True) == 0.0
    assert brier(1.0, False) == 1.0
    assert brier(0.5, True) == brier(0.5, False) == 0.25


def test_seats_are_named_and_parsed() -> None:
    assert offered(GAME) == TEAMS
    for seat in (*TEAMS, Seat("facilitator"), Seat("observer")):
        assert parse(str(seat)) == seat
        assert (brief_of(GAME, seat) is not None) == seat.decides
    for text in ("", "client", "client:", "patron:x", "king:x"):
        with pytest.raises(SeatError):
            parse(text)
