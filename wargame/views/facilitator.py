"""Show the facilitator everything about a game: nothing of its page is sent to any other seat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.rules import seats
from papertiger.wargame.rules.decisions import by_rule
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.views.adversary_desk import AdversaryDesk, adversary_desk
from papertiger.wargame.views.client_desk import ClientDesk, client_desk
from papertiger.wargame.views.news import said_of, texts
from papertiger.wargame.views.patron_desk import PatronDesk, patron_desk
from papertiger.wargame.views.promises import PromiseReview, reviewed
from papertiger.wargame.views.rival_desk import RivalDesk, rival_desk
from papertiger.wargame.views.seats import SeatMessage, SeatView, Texts, numbered, view_of

if TYPE_CHECKING:
    from papertiger.wargame.views.snapshot import Snapshot


@dataclass(frozen=True)
class Team:
    """One seat as the facilitator sees it."""

    seat: str
    holder: str
    ready: bool
    sheet: Sheet | None
    by: str
    inherited: bool
    draft: str
    left_to_rule: tuple[str, ...]
    desk: ClientDesk | PatronDesk | RivalDesk | AdversaryDesk


@dataclass(frozen=True)
class InjectState:
    """Something that the script or the facilitator lets happen; ``news`` is what everyone reads, by language."""

    name: str
    kind: str
    client: str
    date: str
    news: Texts
    condition: str
    by: str
    happened: bool


@dataclass(frozen=True)
class BranchLine:
    """One branch."""

    number: int
    name: str
    parent: int
    since: int
    resolved: int
    same_luck: bool
    active: bool


@dataclass(frozen=True)
class Trace:
    """A trace that stays."""

    at: str
    branch: int
    turn: int
    what: str
    text: str


@dataclass(frozen=True)
class FacilitatorView:
    """All that the facilitator sees."""

    common: SeatView
    teams: tuple[Team, ...]
    messages: tuple[SeatMessage, ...]
    proposals: tuple[PromiseReview, ...]
    script: tuple[InjectState, ...]
    branches: tuple[BranchLine, ...]
    traces: tuple[Trace, ...]
    revealed: tuple[tuple[str, int], ...]


def white_cell(snapshot: Snapshot) -> FacilitatorView:
    """Return all that the facilitator sees of a branch."""
    game, line = snapshot.game, snapshot.line
    teams = []
    for seat in game.seats:
        given = line.sheets.get((snapshot.turn, str(seat)))
        sheet = given.sheet if given is not None else None
        desk: ClientDesk | PatronDesk | RivalDesk | AdversaryDesk
        match seat.kind:
            case seats.CLIENT:
                desk = client_desk(snapshot, seat.name)
            case seats.RIVAL:
                desk = rival_desk(snapshot, seat.name)
            case seats.ADVERSARY:
                desk = adversary_desk(snapshot, seat.name)
            case _:
                desk = patron_desk(snapshot)
        teams.append(
            Team(
                seat=str(seat),
                holder=game.holders.get(str(seat), ""),
                ready=str(seat) in line.ready,
                sheet=sheet,
                by=given.by if given is not None else "",
                inherited=given is not None and given.inherited,
                draft=line.drafts.get((snapshot.turn, str(seat)), ""),
                left_to_rule=by_rule(seat, sheet, snapshot.setting),
                desk=desk,
            )
        )
    return FacilitatorView(
        common=view_of(snapshot, seats.THE_FACILITATOR),
        teams=tuple(teams),
        messages=numbered(line.messages),
        proposals=tuple(reviewed(one, snapshot) for one in line.proposals),
        script=script_of(snapshot),
        branches=tuple(
            BranchLine(
                one.number,
                one.name,
                -1 if one.parent is None else one.parent,
                one.since,
                one.resolved,
                one.runs[-1][1] == game.branches[one.parent or 0].runs[-1][1],
                one.number == game.active,
            )
            for one in game.branches
        ),
        traces=tuple(Trace(mark.at, mark.branch, mark.turn, mark.what, mark.text) for mark in game.marks),
        revealed=tuple(sorted(line.revealed.items())),
    )


def script_of(snapshot: Snapshot) -> tuple[InjectState, ...]:
    """Return what the script and the facilitator let happen, in the order of the months."""
    game, injects = snapshot.game, []
    now = snapshot.setting.months[snapshot.now.index]
    given = [(name, game.scenario.events[name], words, "record") for name, words in game.game.record.items()]
    given += [(name, inject.event, inject.news, "script") for name, inject in game.game.injects.items()]
    for name, event, words, by in given:
        happened = event.date[:7] <= now
        injects.append(InjectState(name, event.kind, event.client or "", event.date, texts(words), "", by, happened))
    due = dict(snapshot.replay.happened)
    for name, script in snapshot.line.injects.items():
        event, condition = script.body.event, script.body.condition
        happened = event.date[:7] <= now if condition is None else due.get(name, snapshot.turn) < snapshot.turn
        injects.append(
            InjectState(
                name,
                event.kind,
                event.client or "",
                event.date if condition is None else "",
                said_of(game.game, name, script.body.news),
                condition.model_dump_json() if condition is not None else "",
                "facilitator",
                happened,
            )
        )
    return tuple(sorted(injects, key=lambda one: (one.date, one.name)))
