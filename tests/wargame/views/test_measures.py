"""Measures of objectives: known answers of what a turn brought."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from papertiger.scenarios.schema.game import Limits, Objective
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.balance.table import Table
from papertiger.wargame.engine.months import CrisisMonth, MonthState, Signal
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.views.measures import TurnFacts, value_of
from tests.wargame.conftest import compiled_code
from tests.wargame.games import BORDER, CLIENTS, OPEN, WEST, sheet, small

__all__ = ["compiled_code"]

BORDERLAND = Seat("client", BORDER)


@cache
def table() -> Table:
    return Table(small(2), 3)


@cache
def quiet_month() -> MonthState:
    month = table().first
    clients = tuple(replace(month.clients[i], signals=(), posture=0) for i in range(len(CLIENTS)))
    return replace(month, clients=clients, crises=())


def month_of(*crises: tuple[float, tuple[str, ...]], **state: Any) -> MonthState:
    """Return a month in which Border has crises of an intensity with some signals, and stands as given."""
    month, i = quiet_month(), CLIENTS.index(BORDER)
    signals = tuple(Signal(name, "x", 2.0, 0.0, 0.0, 0.0, 0.0) for _, said in crises for name in said)
    clients = list(month.clients)
    clients[i] = replace(clients[i], signals=signals, **state)
    return replace(month, clients=tuple(clients), crises=tuple(CrisisMonth(i, size, "") for size, _ in crises))


def measured(
    measure: str,
    *months: MonthState,
    seat: Seat = BORDERLAND,
    given: Sheet | None = None,
    client: str | None = BORDER,
) -> float:
    goal = {"measure": measure, "client": client, "text": {"en": "Reach it."}, "why": "For a test."}
    game = table().game.model_copy(update={"limits": Limits(client=4, rival=4, prices={"ask": 1}, why="For a test.")})
    standing = table()._standing(table().first, table().schedule.first)
    facts = TurnFacts(game, table().setting, months, seat, given, standing)
    return value_of(Objective.model_validate(goal), facts)


HELPED, TRIED, WORDS = ("intervened",), ("help_failed", "help_tried"), ("words_only",)


@pytest.mark.parametrize(
    ("crises", "unharmed", "impunity", "helped", "answered"),
    [
        ((), 1.0, 0.5, 1.0, 1.0),
        (((3.0, HELPED),), 1.0, 0.0, 1.0, 1.0),
        (((3.0, WORDS),), 0.0, 1.0, 0.0, 0.0),
        (((3.0, TRIED),), 0.0, 1.0, 1.0, 1.0),
        (((1.0, ()),), 2 / 3, 2 / 3, 0.0, 1.0),
        (((3.0, HELPED), (1.0, WORDS)), 2 / 3, 1 / 3, 0.5, 0.5),
    ],
)
def test_what_crises_bring(
    crises: tuple[tuple[float, tuple[str, ...]], ...],
    unharmed: float,
    impunity: float,
    helped: float,
    answered: float,
) -> None:
    months = [month_of(crisis) for crisis in crises] or [month_of()]
    assert measured("unharmed", *months) == pytest.approx(unharmed)
    assert measured("impunity", *months) == pytest.approx(impunity)
    assert measured("helped", *months) == pytest.approx(helped)
    assert measured("answered", *months) == pytest.approx(answered)
    assert measured("calm", *months) == float(not crises)


def test_being_courted_takes_an_offer_and_a_move() -> None:
    full = 2.0 * table().setting.constants.offer_size
    realigned = POSTURES.index("realigned")
    assert measured("courted", month_of(posture=realigned, offers=(full, 0.0))) == 1.0
    assert measured("courted", month_of(posture=realigned, offers=(0.0, full / 2.0))) == pytest.approx(0.5)
    assert measured("courted", month_of(posture=0, offers=(full, full))) == 0.0
    assert measured("courted", month_of(posture=realigned, offers=(0.0, 0.0))) == 0.0


def test_what_is_kept_and_what_is_taken_up() -> None:
    asks = sheet(BORDERLAND, 1, {"do": "ask", "ask": True}, {"do": "complain", "complain": True})
    assert measured("unspent", month_of(), client=None) == 1.0
    assert measured("unspent", month_of(), given=asks, client=None) == 0.75
    offers = sheet(WEST, 1, *({"do": "offer", "client": name} for name in (BORDER, OPEN)))
    assert measured("unspent", month_of(), seat=WEST, given=offers, client=None) == 0.5
    assert measured("accepted", month_of(), seat=WEST, client=None) == 1.0
    assert measured("accepted", month_of(), seat=WEST, given=offers, client=None) == 0.0
    assert measured("accepted", month_of(posture=1), seat=WEST, given=offers, client=None) == 0.5
