"""Show a seat everything that it may know and nothing else, by one function for each kind of seat.

A server sends a seat what `view_of` returns and holds nothing else against a page. No view carries a record's number,
a holder's name, an undone turn, another branch, or anything of the months to come. Two games that differ only in
another seat's drafts, private messages, rationales and contacts under cover that nobody has found out give identical
bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.model.rules.choice import SUSPENDED
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.conditions import defected_share
from papertiger.wargame.rules.decisions import by_rule
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.prices import points_of
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.views.adversary_desk import AdversaryDesk, adversary_desk
from papertiger.wargame.views.client_desk import ClientDesk, client_desk
from papertiger.wargame.views.knowledge import Estimate
from papertiger.wargame.views.news import NewsItem, texts
from papertiger.wargame.views.patron_desk import PatronDesk, patron_desk
from papertiger.wargame.views.rival_desk import RivalDesk, rival_desk
from papertiger.wargame.views.threads import PressLine, Thread, press_of, threads_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papertiger.wargame.log.branch import Message
    from papertiger.wargame.views.snapshot import Snapshot

type Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SeatState:
    """What everyone knows of a seat: whether somebody sits there, and whether it is ready."""

    seat: str
    claimed: bool
    ready: bool


@dataclass(frozen=True)
class ClientStanding:
    """What everyone knows of a client."""

    client: str
    label: str
    posture: str
    in_network: bool
    defected: bool
    adversary: str
    regimes_lost: int
    path: tuple[str, ...]
    """Posture at the beginning of play and after each month of it."""


@dataclass(frozen=True)
class PublicView:
    """What everyone knows."""

    title: Texts
    months: tuple[str, ...]
    clients: tuple[ClientStanding, ...]
    budget: float
    burden: float
    defected_share: float
    credibility: tuple[float, ...]
    """At the beginning of play and after each month, to two digits, as a poll would have it."""
    news: tuple[NewsItem, ...]
    coming: tuple[NewsItem, ...]
    press: tuple[PressLine, ...]
    """What seats published, the oldest first."""


@dataclass(frozen=True)
class SeatMessage:
    """A message that a seat sent or got; numbered in its own order."""

    number: int
    at: str
    turn: int
    sender: str
    to: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Goal:
    """An objective as the seat reads it."""

    name: str
    measure: str
    weight: int
    text: Texts


@dataclass(frozen=True)
class LastTurn:
    """What the seat itself did last turn, and what it left to the rules."""

    turn: int
    months: tuple[str, ...]
    sheet: Sheet | None
    by: str
    left_to_rule: tuple[str, ...]


@dataclass(frozen=True)
class SeatView:
    """All that a seat may know at one moment."""

    seat: str
    kind: str
    version: int
    phase: str
    """``orders``, ``closed`` or ``over``."""
    turn: int
    turns: int
    turn_months: tuple[str, ...]
    minutes_per_turn: int
    timer_until: str
    timer_left: int
    seats: tuple[SeatState, ...]
    public: PublicView
    briefing: Texts
    goals: tuple[Goal, ...]
    points: int
    intelligence: tuple[Estimate, ...]
    desk: ClientDesk | PatronDesk | RivalDesk | AdversaryDesk | None
    sheet: Sheet | None
    draft: str
    missed: str
    """A draft of the turn before that was never given."""
    figures: bool
    """Whether the facilitator lets the desk offer the model's figures and advice."""
    messages: tuple[SeatMessage, ...]
    threads: tuple[Thread, ...]
    last: LastTurn | None
    debrief: tuple[Texts, ...]
    answers: tuple[tuple[int, str], ...]


def view_of(snapshot: Snapshot, seat: Seat) -> SeatView:
    """Return all that a seat may know; the facilitator's own page is `papertiger.wargame.views.facilitator`.

    Parameters
    ----------
    snapshot
        The branch in which the teams play, as it is now or was after some record.
    seat
        One of the game's.

    Raises
    ------
    papertiger.wargame.rules.seats.SeatError
        If the game does not offer the seat.
    """
    game, line = snapshot.game, snapshot.line
    seats.known(seat, game.everybody)
    name, decides = str(seat), seat.decides
    brief = seats.brief_of(game.game, seat)
    given = line.sheets.get((snapshot.turn, name))
    span = () if snapshot.turn > game.schedule.turns else game.schedule.months(snapshot.turn)
    return SeatView(
        seat=name,
        kind=seat.kind,
        version=game.versions.get(name, 0),
        phase="over" if snapshot.over else "closed" if line.closed else "orders",
        turn=snapshot.turn,
        turns=game.schedule.turns,
        turn_months=tuple(snapshot.setting.months[month] for month in span),
        minutes_per_turn=game.game.minutes_per_turn,
        timer_until=game.timer.until or "",
        timer_left=game.timer.left or 0,
        seats=tuple(SeatState(str(one), str(one) in game.holders, str(one) in line.ready) for one in game.seats),
        public=public_of(snapshot),
        briefing=texts(brief.briefing) if brief is not None else (),
        goals=tuple(
            Goal(goal, objective.measure, objective.weight, texts(objective.text))
            for goal, objective in (brief.objectives.items() if brief is not None else ())
        ),
        points=points_of(seat, game.game, snapshot.replay.standings[-1]),
        intelligence=snapshot.heard_by(seat) if decides else (),
        desk=_desk(snapshot, seat),
        sheet=given.sheet if given is not None and decides else None,
        draft=line.drafts.get((snapshot.turn, name), "") if decides else "",
        missed=line.drafts.get((snapshot.turn - 1, name), "") if decides else "",
        figures=game.figures,
        messages=messages_of(snapshot, name) if decides else (),
        threads=threads_of(snapshot, name) if decides else (),
        last=last_turn(snapshot, seat) if decides and line.resolved else None,
        debrief=tuple(texts(question) for question in game.game.debrief) if snapshot.over else (),
        answers=tuple(sorted((number, text) for (who, number), text in game.answers.items() if who == name)),
    )


def public_of(snapshot: Snapshot) -> PublicView:
    """Return what everyone knows: the wall, and the common part of every view."""
    setting, replay = snapshot.setting, snapshot.replay
    months = (replay.start, *replay.months)
    names = [client.name for client in setting.clients]
    present = {name for name, client in zip(names, snapshot.now.clients, strict=True) if client.present}
    postures = {name: client.posture for name, client in zip(names, snapshot.now.clients, strict=True)}
    return PublicView(
        title=texts(snapshot.game.game.title),
        months=snapshot.month_names,
        clients=tuple(
            ClientStanding(
                client=name,
                label=snapshot.game.scenario.clients[name].called(name),
                posture=POSTURES[postures[name]],
                in_network=name in present,
                defected=name in present and postures[name] >= SUSPENDED,
                adversary=setting.clients[i].adversary,
                regimes_lost=snapshot.now.clients[i].regime,
                path=tuple(POSTURES[month.clients[i].posture] for month in months),
            )
            for i, name in enumerate(names)
        ),
        budget=snapshot.now.budget,
        burden=snapshot.now.burden,
        defected_share=defected_share(postures, present),
        credibility=tuple(round(month.credibility, 2) for month in months),
        news=snapshot.news,
        coming=snapshot.coming,
        press=press_of(snapshot.line),
    )


def messages_of(snapshot: Snapshot, seat: str) -> tuple[SeatMessage, ...]:
    """Return the messages that a seat sent or got."""
    return numbered(message for message in snapshot.line.messages if seat in (message.sender, *message.to))


def numbered(messages: Iterable[Message]) -> tuple[SeatMessage, ...]:
    """Return messages as a page shows them, numbered among themselves: a record's number would count others'."""
    return tuple(
        SeatMessage(number, message.at, message.turn, message.sender, message.to, message.text)
        for number, message in enumerate(messages, start=1)
    )


def last_turn(snapshot: Snapshot, seat: Seat) -> LastTurn:
    """Return what a seat did in the last resolved turn."""
    turn = snapshot.line.resolved
    given = snapshot.line.sheets.get((turn, str(seat)))
    sheet = given.sheet if given is not None else None
    return LastTurn(
        turn=turn,
        months=tuple(snapshot.setting.months[month] for month in snapshot.game.schedule.months(turn)),
        sheet=sheet,
        by=given.by if given is not None else "",
        left_to_rule=by_rule(seat, sheet, snapshot.setting),
    )


def _desk(snapshot: Snapshot, seat: Seat) -> ClientDesk | PatronDesk | RivalDesk | AdversaryDesk | None:
    match seat.kind:
        case seats.CLIENT:
            return client_desk(snapshot, seat.name)
        case seats.PATRON:
            return patron_desk(snapshot)
        case seats.RIVAL:
            return rival_desk(snapshot, seat.name)
        case seats.ADVERSARY:
            return adversary_desk(snapshot, seat.name)
        case _:
            return None


# As data
