"""Views: everything that a seat may know, made by one function for each kind of seat, and nothing else.

A server sends a seat what `view_of` returns and holds nothing else against a page. No view carries a row's number, a
holder's name, an undone turn, another branch, or anything of the months to come. Two games that differ only in
another seat's drafts, private messages, rationales and contacts under cover that nobody has found out give identical
bytes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from papertiger.model import ledger
from papertiger.model.constants import rung_commitments
from papertiger.model.rules.choice import SUSPENDED
from papertiger.model.run import shares_of
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.conditions import defected_share
from papertiger.wargame.rules.orders import Sheet, by_rule, points_of, reachable
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.views.knowledge import Estimate
from papertiger.wargame.views.news import NewsItem, texts
from papertiger.wargame.views.options import (
    RULES,
    Outside,
    Patronage,
    Rung,
    crisis_chance,
    outside_of,
    patronage_of,
    rungs_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

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
class Cause:
    """A cause's part in the change of a client's beliefs."""

    cause: str
    channel: str
    capability: float
    resolve: float
    protection: float


@dataclass(frozen=True)
class ClientDesk:
    """What a client knows of itself."""

    client: str
    posture: str
    reachable: tuple[str, ...]
    capability: float
    resolve: float
    protection: float
    threat: float
    patron_threat: float
    dependence: float
    fear: float
    crisis_chance: float
    contacts: str
    found_out: bool
    successor: bool
    """Whether the regime falls this month, as everyone reads: then the desk is the successor's."""
    outside: tuple[Outside, ...]
    rungs: tuple[Rung, ...]
    beliefs: tuple[tuple[float, float, float], ...]
    """Capability, resolve and protection at the beginning of play and after each month."""
    why: tuple[Cause, ...]
    """Why its beliefs moved in the last turn."""


@dataclass(frozen=True)
class PatronDesk:
    """What the patron knows of itself and of what it can do."""

    budget: float
    burden: float
    lost_assets: float
    clients: tuple[Patronage, ...]
    found_out: tuple[str, ...]
    """Clients whose contacts under cover were found out in the last turn."""


@dataclass(frozen=True)
class Courted:
    """What a rival knows of a client."""

    client: str
    offers: float
    openness: float
    raises: float
    """Chance that the rule raises the offer in a month."""
    withdrawn: bool


@dataclass(frozen=True)
class RivalDesk:
    """What a rival knows of its own offers."""

    rival: str
    clients: tuple[Courted, ...]


@dataclass(frozen=True)
class Pressed:
    """What an adversary knows of a client that it threatens."""

    client: str
    threat: float
    crisis_chance: float
    air_defence: bool
    clash: float


@dataclass(frozen=True)
class AdversaryDesk:
    """What an adversary knows of those it threatens."""

    adversary: str
    clients: tuple[Pressed, ...]


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
    letters: tuple[SeatMessage, ...]
    last: LastTurn | None
    debrief: tuple[Texts, ...]
    answers: tuple[tuple[int, str], ...]


def view_of(snapshot: Snapshot, seat: Seat) -> SeatView:
    """Return all that a seat may know; the facilitator's own page is `papertiger.wargame.views.facilitator`.

    Parameters
    ----------
    scene
        The branch in which the teams play, as it is now or was at some row.
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
        letters=letters_of(snapshot, name) if decides else (),
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
    )


def letters_of(snapshot: Snapshot, seat: str) -> tuple[SeatMessage, ...]:
    """Return the messages that a seat sent or got."""
    mine = [message for message in snapshot.line.messages if seat in (message.sender, *message.to)]
    return tuple(
        SeatMessage(number, message.at, message.turn, message.sender, message.to, message.text)
        for number, message in enumerate(mine, start=1)
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


def client_desk(snapshot: Snapshot, name: str) -> ClientDesk:
    """Return what a client knows of itself."""
    setting, now = snapshot.setting, snapshot.now
    i = [client.name for client in setting.clients].index(name)
    client, fresh = now.clients[i], snapshot.fresh.get(i)
    outlook = snapshot.outlooks[i] if fresh is None else fresh.outlook
    offers = client.offers if fresh is None else fresh.offers
    constants = setting.constants
    return ClientDesk(
        client=name,
        posture=POSTURES[client.posture],
        reachable=tuple(POSTURES[rung] for rung in reachable(i, client.posture, setting, free=fresh is not None)),
        capability=client.capability,
        resolve=client.resolve,
        protection=client.protection,
        threat=RULES.adversary_threat(outlook.threat, client.attack_level),
        patron_threat=RULES.patron_threat(client.claim_level),
        dependence=outlook.dependence,
        fear=RULES.retaliation_fear(
            constants.retaliation_fear, outlook.exposure, client.capability, now.burden, constants.fear_distraction
        ),
        crisis_chance=crisis_chance(client, outlook, setting, snapshot.game.schedule.per_turn),
        contacts=setting.rivals[client.covert_rival] if client.covert_rival >= 0 else "",
        found_out=any(row[i].found_out for row in _last_rows(snapshot)),
        successor=fresh is not None,
        outside=outside_of(client, outlook, offers, setting),
        rungs=rungs_of(i, now, outlook, setting, fresh),
        beliefs=tuple(
            (month.clients[i].capability, month.clients[i].resolve, month.clients[i].protection)
            for month in (snapshot.replay.start, *snapshot.replay.months)
        ),
        why=why_moved(snapshot, i, snapshot.line.resolved, MAX_CAUSES) if snapshot.line.resolved else (),
    )


def _last_rows(snapshot: Snapshot) -> tuple[Any, ...]:
    """Return what was seen in the months of the last turn."""
    if not snapshot.line.resolved:
        return ()
    return snapshot.seen[-len(snapshot.game.schedule.months(snapshot.line.resolved)) :]


OLDER = ("older news", "earlier")
"""Cause and channel under which a view sums up what faded a little."""

MAX_CAUSES = 12


def why_moved(snapshot: Snapshot, i: int, turn: int, most: int | None = None) -> tuple[Cause, ...]:
    """Return each cause's part in the change of a client's beliefs in a turn, the largest part of protection first.

    Parameters
    ----------
    scene, i, turn
        Of which client, and when.
    most
        How many rows; the smallest parts are summed up in the last. The parts always sum to the change.
    """
    replay, span = snapshot.replay, snapshot.game.schedule.months(turn)
    book = ledger.Ledger()
    book.entries, book.closings = list(replay.entries), list(replay.closings)
    before = shares_of(book, snapshot.setting, i, span[0] - 1)
    after = shares_of(book, snapshot.setting, i, span[-1])
    parts = ledger.change(before, after)
    found = sorted(
        (
            Cause(cause, channel, part.capability, part.resolve, part.protection)
            for (cause, channel), part in parts.items()
        ),
        key=lambda cause: (-abs(cause.protection), cause.cause, cause.channel),
    )
    return tuple(found) if most is None else largest(found, most)


def largest(causes: Sequence[Cause], most: int) -> tuple[Cause, ...]:
    """Return the first causes, and the rest summed up in one."""
    if len(causes) <= most:
        return tuple(causes)
    rest = causes[most - 1 :]
    together = [sum(getattr(cause, name) for cause in rest) for name in ("capability", "resolve", "protection")]
    return (*causes[: most - 1], Cause(*OLDER, *together))


def patron_desk(snapshot: Snapshot) -> PatronDesk:
    """Return what the patron knows."""
    now = snapshot.now
    found = [
        client.name
        for i, client in enumerate(snapshot.setting.clients)
        if any(row[i].found_out for row in _last_rows(snapshot))
    ]
    return PatronDesk(
        budget=now.budget,
        burden=now.burden,
        lost_assets=now.lost_assets,
        clients=patronage_of(now, snapshot.outlooks, snapshot.setting, now.index + 1),
        found_out=tuple(found),
    )


def rival_desk(snapshot: Snapshot, name: str) -> RivalDesk:
    """Return what a rival knows of its own offers; what contacts under cover added is not among it."""
    setting, k = snapshot.setting, snapshot.setting.rivals.index(name)
    last = _last_rows(snapshot)
    found = []
    for i, (own, client) in enumerate(zip(setting.clients, snapshot.now.clients, strict=True)):
        if client.present:
            openness = snapshot.outlooks[i].openness[k]
            bound = RULES.commitment(client.posture, rung_commitments(setting.constants))
            found.append(
                Courted(
                    client=own.name,
                    offers=snapshot.seen[-1][i].rival_offers[k],
                    openness=openness,
                    raises=RULES.offer_hazard(setting.constants.offer_rate, bound, openness),
                    withdrawn=any(row[i].withdrawn[k] for row in last if row[i].withdrawn),
                )
            )
    return RivalDesk(name, tuple(found))


def adversary_desk(snapshot: Snapshot, name: str) -> AdversaryDesk:
    """Return what an adversary knows of those it threatens."""
    setting, found = snapshot.setting, []
    for own, client, outlook in zip(setting.clients, snapshot.now.clients, snapshot.outlooks, strict=True):
        if client.present and own.adversary == name:
            found.append(
                Pressed(
                    client=own.name,
                    threat=RULES.adversary_threat(outlook.threat, client.attack_level),
                    crisis_chance=crisis_chance(client, outlook, setting, snapshot.game.schedule.per_turn),
                    air_defence=own.supplied_air_defence,
                    clash=own.clash,
                )
            )
    return AdversaryDesk(name, tuple(found))


# As data


def plain(value: Any) -> Any:
    """Return a view, or a part of one, as plain data for JSON."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def as_bytes(value: Any) -> bytes:
    """Return a view as canonical JSON."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def etag(value: Any) -> str:
    """Return a name for the bytes of a view."""
    return hashlib.sha256(as_bytes(value)).hexdigest()[:32]
