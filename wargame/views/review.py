"""Review a game after play: what each team saw, decided and expected, what came, why, and what chance had in it.

Views of a turn are made again from the log as it was when the turn was closed, so nobody reads the outcome into
them. What the facilitator has not revealed is not in a team's review.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.engine.fan import Fan, FanRequest
from papertiger.wargame.log.state import GameError
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.background import quiet
from papertiger.wargame.rules.decisions import by_rule
from papertiger.wargame.rules.questions import brier
from papertiger.wargame.rules.refusals import refusal
from papertiger.wargame.views.causes import Cause, why_moved
from papertiger.wargame.views.closing import ClosingAnswer, answers_of
from papertiger.wargame.views.facilitator import InjectState, Trace, script_of
from papertiger.wargame.views.forecast import RUNS, chance_of, forecast, forecast_seed
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.promises import PromiseReview, promises_of
from papertiger.wargame.views.score import Score, came, is_played, score_of
from papertiger.wargame.views.seats import SeatMessage, SeatView, numbered, public_of, view_of
from papertiger.wargame.views.threads import PressLine, press_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from papertiger.wargame.engine.months import MonthState
    from papertiger.wargame.rules.orders import Sheet
    from papertiger.wargame.rules.questions import Question
    from papertiger.wargame.rules.seats import Seat
    from papertiger.wargame.session import Session
    from papertiger.wargame.views.seats import PublicView
    from papertiger.wargame.views.snapshot import Snapshot

MAX_QUESTIONS = 400


@dataclass(frozen=True)
class SeatTurn:
    """What one seat did in a turn. ``orders`` is without rationales where those are not revealed."""

    seat: str
    by: str
    inherited: bool
    orders: tuple[tuple[tuple[str, object], ...], ...]
    left_to_rule: tuple[str, ...]


@dataclass(frozen=True)
class BeliefTurn:
    """What one client came to believe in a turn, and why."""

    client: str
    capability: float
    resolve: float
    protection: float
    contacts: str
    why: tuple[Cause, ...]


@dataclass(frozen=True)
class Scored:
    """One forecast of a team, beside the model's from what that team knew."""

    seat: str
    given_in: int
    question: tuple[tuple[str, object], ...]
    probability: float
    model: float | None
    came: bool
    brier: float
    model_brier: float | None


@dataclass(frozen=True)
class TurnReview:
    """One turn."""

    turn: int
    months: tuple[str, ...]
    postures: tuple[tuple[str, str], ...]
    seats: tuple[SeatTurn, ...]
    beliefs: tuple[BeliefTurn, ...]
    messages: tuple[SeatMessage, ...]
    promises: tuple[PromiseReview, ...]
    press: tuple[PressLine, ...]


@dataclass(frozen=True)
class Placed:
    """What came, among the continuations from the beginning of play: one of so many.

    Attributes
    ----------
    fan
        Where continuations by rule led.
    credibility, defected_share
        What came at the end.
    runs
        How many continuations; what came is one more.
    lower, as_low
        How many ended with a lower credibility, and with one no higher.
    fewer, as_few
        The same of the share of the network that defected.
    """

    fan: Fan
    credibility: float
    defected_share: float
    runs: int
    lower: int
    as_low: int
    fewer: int
    as_few: int


@dataclass(frozen=True)
class Side:
    """One branch beside the others, turn by turn."""

    branch: int
    name: str
    parent: int
    since: int
    other_luck: bool
    postures: tuple[tuple[tuple[str, str], ...], ...]
    credibility: tuple[float, ...]
    defected_share: tuple[float, ...]
    crises: tuple[int, ...]


@dataclass(frozen=True)
class Review:
    """A game after play, as far as it is revealed to whoever asks."""

    seat: str
    disclaimer: str
    revealed: tuple[tuple[str, int], ...]
    public: PublicView
    turns: tuple[TurnReview, ...]
    script: tuple[InjectState, ...]
    traces: tuple[Trace, ...]
    forecasts: tuple[Scored, ...]
    scores: tuple[Score, ...]
    answers: tuple[ClosingAnswer, ...]
    """Of the closing form: a seat's own; the facilitator's review holds all."""


DISCLAIMER = "The model is an argument, not evidence."


def review_of(
    session: Session, seat: Seat, branch: int | None = None, turns: Collection[int] | None = None
) -> Review:
    """Return the review as far as a seat may see it.

    Parameters
    ----------
    play
        The game.
    seat
        The facilitator sees all, everyone else what was revealed, and its own orders and forecasts.
    branch
        For the facilitator; everyone else sees the branch in which the teams play.
    turns
        Which turns to look at one by one; blank looks at all of them.
    """
    snapshot = session.snapshot(branch if seat.kind == seats.FACILITATOR else None)
    resolved = range(1, snapshot.line.resolved + 1)
    return _Reviewer(session, snapshot, seat).review([turn for turn in resolved if turns is None or turn in turns])


class _Reviewer:
    def __init__(self, session: Session, snapshot: Snapshot, seat: Seat) -> None:
        self.session, self.snapshot, self.seat = session, snapshot, seat
        self.everything = seat.kind == seats.FACILITATOR

    def review(self, turns: Iterable[int]) -> Review:
        snapshot = self.snapshot
        scored = self._scored()
        return Review(
            seat=str(self.seat),
            disclaimer=DISCLAIMER,
            revealed=tuple(sorted(snapshot.line.revealed.items())),
            public=public_of(snapshot),
            turns=tuple(self._turn(turn) for turn in turns),
            script=tuple(one for one in script_of(snapshot) if self.everything or one.happened),
            traces=self._traces(),
            forecasts=scored,
            scores=tuple(
                score_of(snapshot, seat)
                for seat in snapshot.game.seats
                if is_played(snapshot, seat)
                if self.everything or snapshot.line.revealed.get("scores", 0) >= max(1, snapshot.line.resolved)
            ),
            answers=answers_of(snapshot, None if self.everything else str(self.seat)),
        )

    def _sees(self, step: str, turn: int) -> bool:
        return self.everything or self.snapshot.line.revealed.get(step, 0) >= turn

    def _turn(self, turn: int) -> TurnReview:
        snapshot = self.snapshot
        months = snapshot.turn_months(turn)
        names = [own.name for own in snapshot.setting.clients]
        now = months[-1]
        return TurnReview(
            turn=turn,
            months=tuple(snapshot.setting.months[month.index] for month in months),
            postures=tuple(
                (name, POSTURES[client.posture])
                for name, client in zip(names, now.clients, strict=True)
                if client.present
            ),
            seats=tuple(
                self._seat_turn(seat, turn)
                for seat in snapshot.game.seats
                if seat == self.seat or self._sees("orders", turn)
            ),
            beliefs=tuple(
                self._beliefs(i, name, now, turn)
                for i, name in enumerate(names)
                if now.clients[i].present and (self._sees("beliefs", turn) or self._is_own(name))
            ),
            messages=self._messages(turn),
            promises=promises_of(snapshot, turn, str(self.seat), self._sees),
            press=press_of(snapshot.line, turn),
        )

    def _is_own(self, client: str) -> bool:
        return self.seat.kind == seats.CLIENT and self.seat.name == client

    def _seat_turn(self, seat: Seat, turn: int) -> SeatTurn:
        snapshot = self.snapshot
        given = snapshot.line.sheets.get((turn, str(seat)))
        sheet: Sheet | None = given.sheet if given is not None else None
        own = seat == self.seat
        orders = []
        for order in sheet.orders if sheet is not None else ():
            said = plain(order)
            if not (own or self._sees("rationales", turn)):
                said.pop("why", None)
            if not (own or self._sees("forecasts", turn)):
                said.pop("expects", None)
            if order.slot[0] == "hedge" and said.get("covert", True) and not (own or self._sees("covert", turn)):
                continue
            orders.append(tuple(sorted(said.items())))
        left = by_rule(seat, sheet, snapshot.setting)
        return SeatTurn(
            seat=str(seat),
            by=given.by if given is not None else "",
            inherited=given is not None and given.inherited,
            orders=tuple(orders),
            # Whether contacts under cover were left to the rule would tell whether they were ordered.
            left_to_rule=tuple(name for name in left if own or name != "hedge" or self._sees("covert", turn)),
        )

    def _beliefs(self, i: int, name: str, now: MonthState, turn: int) -> BeliefTurn:
        client = now.clients[i]
        hidden = not (self._sees("covert", turn) or self._is_own(name))
        contacts = "" if hidden or client.covert_rival < 0 else self.snapshot.setting.rivals[client.covert_rival]
        return BeliefTurn(
            name,
            client.capability,
            client.resolve,
            client.protection,
            contacts,
            why_moved(self.snapshot, i, turn, 20),
        )

    def _messages(self, turn: int) -> tuple[SeatMessage, ...]:
        sees, name = self._sees("messages", turn), str(self.seat)
        return numbered(
            message
            for message in self.snapshot.line.messages
            if message.turn == turn and (sees or name in (message.sender, *message.to))
        )

    def _traces(self) -> tuple[Trace, ...]:
        if not self.everything:
            return ()
        return tuple(
            Trace(mark.at, mark.branch, mark.turn, mark.what, mark.text) for mark in self.snapshot.game.marks
        )

    def _scored(self) -> tuple[Scored, ...]:
        scores = []
        for (turn, name), given in sorted(self.snapshot.line.sheets.items()):
            seat = seats.parse(name)
            if turn > self.snapshot.line.resolved or not (seat == self.seat or self._sees("forecasts", turn)):
                continue
            asked = [(question, came(question, self.snapshot)) for question in given.sheet.questions]
            settled = [(question, truth) for question, truth in asked if truth is not None]
            if not settled:
                continue
            chances = _chances_then(self.session, self.snapshot, seat, turn, [question for question, _ in settled])
            for (question, truth), chance in zip(settled, chances, strict=True):
                scores.append(
                    Scored(
                        seat=name,
                        given_in=turn,
                        question=tuple(sorted(plain(question).items())),
                        probability=question.probability,
                        model=chance,
                        came=truth,
                        brier=brier(question.probability, truth),
                        model_brier=None if chance is None else brier(chance, truth),
                    )
                )
                if len(scores) >= MAX_QUESTIONS:
                    return tuple(scores)
        return tuple(scores)


def _chances_then(
    session: Session, snapshot: Snapshot, seat: Seat, turn: int, questions: list[Question]
) -> list[float | None]:
    """Return what the model would have said to a team's questions from what that team knew before the turn."""

    def make() -> list[float | None]:
        then = _then(session, snapshot, turn)
        estimate = forecast(then, seat, session.engine, runs=RUNS // 2)
        return [chance_of(question, estimate, then) for question in questions]

    # All that it hangs on is in the log up to the record that closed the turn.
    return session.once(("chances", *_closing(snapshot, turn), str(seat), *questions), make)


def _closing(snapshot: Snapshot, turn: int) -> tuple[int, int]:
    """Return the record that closed a turn, and the branch that it was closed in."""
    number: int | None = snapshot.line.number
    while number is not None:
        line = snapshot.game.branches[number]
        if turn in line.closings:
            # A turn of before a branch began was closed in its parent.
            home = number
            while snapshot.game.branches[home].parent is not None and turn < snapshot.game.branches[home].since:
                home = snapshot.game.branches[home].parent or 0
            return line.closings[turn], home
        number = line.parent
    raise GameError(refusal("turn.never", turn=turn))


def _then(session: Session, snapshot: Snapshot, turn: int) -> Snapshot:
    """Return a branch as it was when a turn was closed."""
    return session.snapshot_at(*_closing(snapshot, turn))


def view_then(session: Session, seat: Seat, turn: int, branch: int | None = None) -> SeatView:
    """Return what a seat saw when a turn was closed: before anybody knew what came of it.

    Parameters
    ----------
    play
        The game.
    seat
        Whose view.
    turn
        A turn that is resolved.
    branch
        Blank means where the teams play.
    """
    snapshot = session.snapshot(branch)
    if not 1 <= turn <= snapshot.line.resolved:
        raise GameError(refusal("turn.unseen", turn=turn))
    return view_of(_then(session, snapshot, turn), seat)


def placed(session: Session, branch: int | None = None, runs: int = 1000) -> Placed:
    """Return what came, among continuations by rule from the beginning of play; the facilitator's to show.

    Parameters
    ----------
    play
        The game.
    branch
        Blank means where the teams play.
    runs
        How many continuations.
    """
    snapshot = session.snapshot(branch)
    if not snapshot.replay.months:
        raise GameError(refusal("turn.none"))
    request = FanRequest(
        scenario=snapshot.replay.scenario,
        state=snapshot.replay.start,
        last=snapshot.now.index,
        seed=forecast_seed(seats.THE_FACILITATOR, 0),
        runs=runs,
        orders=quiet(snapshot.game.game, snapshot.setting, snapshot.game.schedule.played(snapshot.line.resolved)),
    )
    fan = session.once(("placed", snapshot.known, runs), lambda: session.engine.fan(request))
    public = public_of(snapshot)
    credibility, share = snapshot.now.credibility, public.defected_share
    return Placed(
        fan=fan,
        credibility=credibility,
        defected_share=share,
        runs=runs,
        lower=bisect_left(fan.ends[0], credibility),
        as_low=bisect_right(fan.ends[0], credibility),
        fewer=bisect_left(fan.ends[1], share),
        as_few=bisect_right(fan.ends[1], share),
    )


def side_by_side(session: Session) -> tuple[Side, ...]:
    """Return all branches beside each other, for the facilitator."""
    sides = []
    for line in session.game.branches:
        snapshot = session.snapshot(line.number)
        ends = [snapshot.turn_months(turn)[-1] for turn in range(1, line.resolved + 1)]
        names = [own.name for own in snapshot.setting.clients]
        parent = session.game.branches[line.parent] if line.parent is not None else None
        sides.append(
            Side(
                branch=line.number,
                name=line.name,
                parent=-1 if line.parent is None else line.parent,
                since=line.since,
                other_luck=parent is not None and line.runs != parent.runs,
                postures=tuple(
                    tuple((name, POSTURES[end.clients[i].posture]) for i, name in enumerate(names)) for end in ends
                ),
                credibility=tuple(end.credibility for end in ends),
                defected_share=tuple(
                    sum(client.posture >= 3 for client in end.clients if client.present)
                    / max(1, sum(client.present for client in end.clients))
                    for end in ends
                ),
                crises=tuple(
                    sum(len(month.crises) for month in snapshot.turn_months(turn))
                    for turn in range(1, line.resolved + 1)
                ),
            )
        )
    return tuple(sides)
