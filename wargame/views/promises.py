"""Show proposals to those between whom they were made, and judge after play whether what was agreed was kept.

What counts is what was done in the turns, by order or by the rule where a seat left it to the rule; what the record
of the scenario or the facilitator let happen is nobody's deed. A pledge of something that is done once is kept as soon
as it is done, and broken if its last turn ends without it. A pledge that must hold is broken by the first turn in
which it does not, kept if its last turn ends first, and *untested* if no turn put it to the test (no crisis came).
Until then it is open. Of an exchange, a side is freed whose partner broke its part in an earlier turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules.pledges import ONCE
from papertiger.wargame.rules.seats import parse
from papertiger.wargame.views.knowledge import offers_in_news
from papertiger.wargame.views.measures import RESPONSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papertiger.wargame.engine.months import ClientMonth, MonthState
    from papertiger.wargame.log.branch import Proposal
    from papertiger.wargame.rules.pledges import Pledge
    from papertiger.wargame.rules.seats import Seat
    from papertiger.wargame.views.snapshot import Snapshot

OPEN, KEPT, BROKEN, UNTESTED, FREED = "open", "kept", "broken", "untested", "freed"
WAITING, LAPSED, ACCEPTED = "waiting", "lapsed", "accepted"

HELP = ("intervened", "help_failed", "help_tried")
"""Signals of help, also of help that failed: it was given."""

HOSTILE = ("coercion", "claim", "criticism", "courts_adversary")
ANSWERED = frozenset((*RESPONSES, *HELP))


@dataclass(frozen=True)
class Verdict:
    """How a pledge stands, and the turn that decided it; 0 while it is open."""

    state: str
    turn: int = 0


def state_of(proposal: Proposal, snapshot: Snapshot) -> str:
    """Return how a proposal stands: ``waiting``, ``accepted``, ``refused``, ``withdrawn`` or ``lapsed``."""
    if proposal.reply:
        return proposal.reply
    return WAITING if proposal.turn == snapshot.turn and not snapshot.over else LAPSED


def verdicts_of(proposal: Proposal, snapshot: Snapshot) -> tuple[Verdict | None, Verdict | None]:
    """Return how the sender's pledge and the other seat's stand; ``None`` for a side that pledged nothing.

    Of what was not accepted nobody promised anything.
    """
    if proposal.reply != ACCEPTED:
        return None, None
    sender, to = map(parse, proposal.parties)
    gives, asks = (
        judge(pledge, seat, proposal.turn, snapshot) if pledge is not None else None
        for pledge, seat in ((proposal.body.gives, sender), (proposal.body.asks, to))
    )
    return _freed(gives, asks), _freed(asks, gives)


def _freed(own: Verdict | None, other: Verdict | None) -> Verdict | None:
    if own is None or other is None or (own.state, other.state) != (BROKEN, BROKEN) or other.turn >= own.turn:
        return own
    return Verdict(FREED, other.turn)


def judge(pledge: Pledge, seat: Seat, since: int, snapshot: Snapshot) -> Verdict:
    """Return whether a seat kept a pledge, as far as turns are resolved.

    Parameters
    ----------
    pledge, seat
        What was promised, and by whom.
    since
        The turn in which it was agreed, the first that counts.
    snapshot
        The branch.
    """
    tested = False
    for turn in range(since, min(pledge.until, snapshot.line.resolved) + 1):
        done = deed(pledge, seat, turn, snapshot)
        if pledge.do in ONCE:
            if done:
                return Verdict(KEPT, turn)
        elif done is False:
            return Verdict(BROKEN, turn)
        tested = tested or done is True
    if pledge.until > snapshot.line.resolved:
        return Verdict(OPEN)
    return Verdict(BROKEN if pledge.do in ONCE else KEPT if tested else UNTESTED, pledge.until)


def deed(pledge: Pledge, seat: Seat, turn: int, snapshot: Snapshot) -> bool | None:
    """Tell whether a turn went as a pledge has it; ``None`` where it gave no occasion."""
    setting, months = snapshot.setting, snapshot.turn_months(turn)
    place = [own.name for own in setting.clients].index(pledge.client or seat.name)
    lived = [month for month in months if month.clients[place].present]
    if not lived:
        return None
    rung = POSTURES.index(pledge.posture) if pledge.posture is not None else 0
    match pledge.do:
        case "stay":
            return lived[-1].clients[place].posture <= rung
        case "reach":
            return lived[-1].clients[place].posture >= rung
        case "help":
            answers = [signals & ANSWERED for signals in _done_to(place, lived, snapshot)]
            return _all(bool(said & set(HELP)) for said in answers if said)
        case "call":
            said = _done_to(place, lived, snapshot)
            tests = [month for month in zip(lived, said, strict=True) if _has_crisis(month[0], place)]
            return _all(bool(signals & ANSWERED) for _, signals in tests)
        case "spare":
            return not any(signals & set(HOSTILE) for signals in _done_to(place, lived, snapshot))
        case "calm":
            first = snapshot.game.schedule.first
            return not any(snapshot.seen[month.index - first + 1][place].complained for month in lived)
        case "offer":
            return _has_raised(place, seat, lived, snapshot)
        case "hold":
            return not _has_raised(place, seat, lived, snapshot)
        case "leave":
            return not any(_has_crisis(month, place, drawn=True) for month in lived)
        case "press":
            return any(_has_crisis(month, place, drawn=True) for month in lived)


def _all(tests: Iterable[bool]) -> bool | None:
    tests = tuple(tests)
    return all(tests) if tests else None


def _done_to(place: int, months: Iterable[MonthState], snapshot: Snapshot) -> list[set[str]]:
    """Return by month the signals that a client got, but for those of dated events: they are nobody's deed."""
    dated = {event.name for event in snapshot.setting.events}
    return [_signals(month.clients[place], month, place, dated) for month in months]


def _signals(client: ClientMonth, month: MonthState, place: int, dated: set[str]) -> set[str]:
    # A crisis may be dated; the answer to it is the patron's own.
    crises = {crisis.event for crisis in month.crises if crisis.client == place}
    return {signal.signal for signal in client.signals if signal.cause not in dated or signal.cause in crises}


def _has_crisis(month: MonthState, place: int, *, drawn: bool = False) -> bool:
    return any(crisis.client == place and not (drawn and crisis.event) for crisis in month.crises)


def _has_raised(place: int, seat: Seat, months: Iterable[MonthState], snapshot: Snapshot) -> bool:
    rival = snapshot.setting.rivals.index(seat.name)
    return any(
        month.clients[place].raised[rival] > offers_in_news(place, month.index, snapshot.setting)[0][rival] + 1e-9
        for month in months
    )
