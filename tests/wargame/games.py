"""A small game in which everything can happen, and helpers to play it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from papertiger.scenarios import Scenario, names
from papertiger.scenarios.schema.values import Words
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from tests.model.worlds import client, event, shipped, world_of

NOON = "2026-11-01T12:00:00+00:00"
SHIELDED, BORDER, OPEN, WITHIN = "Shielded", "Border", "Open", "Within"
CLIENTS = (SHIELDED, BORDER, OPEN, WITHIN)
PATRON, FOE = Seat("patron"), Seat("adversary", "Foe")
WEST, EAST = Seat("rival", "West"), Seat("rival", "East")
TEAMS = (PATRON, *(Seat("client", name) for name in CLIENTS), WEST, EAST, FOE)
FACILITATOR = Seat("facilitator")


def _brief(measure: str, name: str | None = None, **more: Any) -> dict[str, Any]:
    goal = {"measure": measure, "text": {"en": "Reach it.", "de": "Erreichen."}, "why": "For a test.", **more}
    if name is not None:
        goal["client"] = name
    return {"briefing": {"en": "You play.", "de": "Ihr spielt."}, "objectives": {"goal": goal}}


@cache
def small(months_per_turn: int = 1, **constants: float) -> Scenario:
    """Return a scenario of four clients: nine months of record, then a game of six months."""
    both = {
        "West": {"protection": 0.6, "economy": 0.8, "proximity": 1.0},
        "East": {"protection": 0.3, "economy": 0.9, "proximity": 0.5},
    }
    south = {"region": "South", "adversary": "Foe", "threat": 0.9, "pact": "P", "options": both}
    return world_of(
        {
            SHIELDED: client(**south, supplied_air_defence=True, assets={"bases": 0.4}),
            BORDER: client(**south, posture="hedging", border=1.0, diaspora=1.0),
            OPEN: client(**south, posture="hedging", treaty="none", assets={"bases": 0.2}),
            WITHIN: client(treaty="none", sub_state=True, region="South", threat=0.3),
        },
        {
            "strike": event("attack", "2020-05", SHIELDED, intensity=2),
            "answer": event("words_only", "2020-05", SHIELDED, intensity=2),
            "raid": event("attack", "2020-11", BORDER, intensity=3),
        },
        months=24,
        burden=0.5,
        income={"index": 1.1, "after": "ar1", "noise": 0.05},
        parameters={
            "anchoring": 1.0,  # in balance, so that each stands where its orders expect it
            "choice_noise": 0.05,
            "review_rate": 0.3,
            "crisis_hazard": 0.3,
            "covert_start": 0.0,
            "covert_discovery": 0.0,
            "offer_rate": 0.05,
            **constants,
        },
        game={
            "title": {"en": "A small game", "de": "Ein kleines Spiel"},
            "first_month": "2020-10",
            "last_month": "2021-03",
            "months_per_turn": months_per_turn,
            "why": "For a test.",
            "limits": {"patron": 40, "rival": 5, "adversary": 6},
            "record": {"raid": {"en": "A raid.", "de": "Ein Überfall."}},
            "debrief": ["What happened?"],
            "seats": {
                "patron": _brief("credibility"),
                "clients": {name: _brief("protection", name) for name in CLIENTS},
                "rivals": {"West": _brief("distance", OPEN), "East": _brief("beyond", BORDER, posture="distancing")},
                "adversaries": {"Foe": _brief("forecasts")},
            },
        },
    )


@cache
def with_game() -> tuple[str, ...]:
    """Return the shipped scenarios that a class can play."""
    return tuple(name for name in names() if shipped(name).game is not None)


FORMAL = re.compile(r"\b(?:Sie|Ihnen|Ihre[nmrs]?)\b|(?<=[\w,;] )Ihr\b|\bIhr (?=[A-ZÄÖÜ])")
"""Finds where German addresses by *Sie*; at the start of a sentence *they* too, which can be said otherwise."""

OPENED: list[Session] = []
"""Games that a test opened; the fixture of `conftest` closes them."""


def ids() -> Iterator[str]:
    """Return names that are the same in each test."""
    return (f"id{number}" for number in count())


def new_play(folder: Path, scenario: Scenario | None = None, name: str = "game", **options: Any) -> Session:
    """Return a new game with a fixed clock and fixed names."""
    names = ids()
    more: dict[str, Any] = {
        "seed": 3,
        "clock": lambda: NOON,
        "ids": lambda: next(names),
        "engine": LocalEngine(),
    } | options
    OPENED.append(Session.create(folder / f"{name}.game", scenario or small(), **more))
    return OPENED[-1]


def reopened(session: Session, **options: Any) -> Session:
    """Return the same game as another process would open it."""
    OPENED.append(Session.open(session.store.path, clock=lambda: NOON, **options))
    return OPENED[-1]


def sheet(seat: Seat, turn: int, *orders: dict[str, Any], **more: Any) -> Sheet:
    """Return a sheet of orders given as plain data."""
    return Sheet.model_validate({"seat": str(seat), "turn": turn, "orders": orders, **more})


def all_words(part: object) -> Iterator[Words]:
    """Yield every text of a part of a scenario that players read."""
    if isinstance(part, Words):
        yield part
    elif isinstance(part, BaseModel):
        for field in type(part).model_fields:
            yield from all_words(getattr(part, field))
    elif isinstance(part, dict):
        for value in part.values():
            yield from all_words(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from all_words(value)
