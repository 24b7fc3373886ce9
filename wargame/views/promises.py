"""Judge after play whether what seats promised each other was kept.

What counts is what was done in the turns, by order or by the rule where a seat left it to the rule; what the record
of the scenario or the facilitator let happen is nobody's deed. A pledge of something that is done once is kept once
it is done, and broken if its last turn ends without it. A pledge that must hold is broken by the first turn in which
it does not, kept if its last turn ends first, and *untested* if no turn put it to the test (no crisis came). Until
then it is open. Of an exchange, a side is freed whose partner broke its part in an earlier turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules.pledges import ONCE
from papertiger.wargame.rules.seats import parse
from papertiger.wargame.views.knowledge import offers_in_news
from papertiger.wargame.views.measures import RESPONSES
from papertiger.wargame.views.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


def _everything(_: str, __: int) -> bool:
    return True


@dataclass(frozen=True)
class Verdict:
    """How a pledge stands, and the turn that decided it; 0 while it is open."""

    state: str
    turn: int = 0


@dataclass(frozen=True)
class PromiseReview:
    """A proposal in the review: who proposed what to whom, how it was answered, and what became of each side.

    Attributes
    ----------
    turn, sender, to, text
        Of the proposal.
    gives, asks
        What each side was to do, as plain data; blank where nothing.
    state
        How it was answered.
    given, asked
        Whether the sender and the other seat kept their part; blank where there was none, or it is not revealed.
    """

    turn: int
    sender: str
    to: str
    text: str
    gives: tuple[tuple[str, object], ...]
    asks: tuple[tuple[str, object], ...]
    state: str
    given: str = ""
    asked: str = ""


def reviewed(
    proposal: Proposal, snapshot: Snapshot, knows: Callable[[str, int], bool] = _everything
) -> PromiseReview:
    """Return a proposal as the review tells it.

    Parameters
    ----------
    proposal, snapshot
        What was proposed, and the branch.
    knows
        Tells of a seat whether the reader may know what it did up to a turn.
    """
    body, verdicts = proposal.body, verdicts_of(proposal, snapshot)
    given, asked = (
        verdict.state
        if verdict is not None and pledge is not None and knows(seat, min(pledge.until, snapshot.line.resolved))
        else ""
        for verdict, pledge, seat in zip(verdicts, (body.gives, body.asks), proposal.parties, strict=True)
    )
    if FREED in (given, asked) and not all(knows(seat, snapshot.line.resolved) for seat in proposal.parties):
        given, asked = (BROKEN if one == FREED else one for one in (given, asked))
    sides = (said(body.gives), said(body.asks))
    return PromiseReview(
        body.turn, body.sender, body.to, body.text, *sides, state_of(proposal, snapshot), given, asked
    )


def promises_of(
    snapshot: Snapshot, turn: int, own: str, sees: Callable[[str, int], bool]
) -> tuple[PromiseReview, ...]:
    """Return the proposals of a turn that a seat may know of in the review.

    Parameters
    ----------
    snapshot, turn
        Of which branch, and when they were made.
    own
        Who reads: a seat knows its own proposals, and whether it kept its own part.
    sees
        Tells whether a step of the review is revealed up to a turn. What became of a promise is known to whoever
        knows the orders of the turns in which it held.
    """
    return tuple(
        reviewed(one, snapshot, lambda seat, until: seat == own or sees("orders", until))
        for one in snapshot.line.proposals
        if one.turn == turn and (own in one.parties or sees("messages", turn))
    )


def said(pledge: Pledge | None) -> tuple[tuple[str, object], ...]:
    """Return a pledge as a row of names and values; nothing where nothing is pledged."""
    return () if pledge is None else tuple(sorted(plain(pledge).items()))


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
    place = [own.name for own in snapshot.setting.clients].index(pledge.client or seat.name)
    lived = [month for month in snapshot.turn_months(turn) if month.clients[place].present]
    if not lived:
        return None
    rung = POSTURES.index(pledge.posture) if pledge.posture is not None else 0
    signals = _done_to(place, lived, snapshot)
    done: bool | None
    match pledge.do:
        case "stay":
            done = lived[-1].clients[place].posture <= rung
        case "reach":
            done = lived[-1].clients[place].posture >= rung
        case "help":
            done = _all(bool(said & set(HELP)) for said in signals if said & ANSWERED)
        case "call":
            crises = [_has_crisis(month, place) for month in lived]
            done = _all(bool(said & ANSWERED) for said, crisis in zip(signals, crises, strict=True) if crisis)
        case "spare":
            done = not any(said & set(HOSTILE) for said in signals)
        case "calm":
            first = snapshot.game.schedule.first
            done = not any(snapshot.seen[month.index - first + 1][place].complained for month in lived)
        case "offer" | "hold":
            done = _has_raised(place, seat, lived, snapshot) is (pledge.do == "offer")
        case "leave" | "press":
            done = any(_has_crisis(month, place, drawn=True) for month in lived) is (pledge.do == "press")
    return done


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
