"""Fold the event log into the state of a game, and say who may know of each record.

`GameState` takes records in one after another. `GameState.check` says whether a record can come next and changes
nothing; `GameState.apply` takes it in. So the same code decides what a server accepts, what a restart finds, and what
an imported file may hold. Nothing here runs the model: what came of a turn is for `papertiger.wargame.engine.replay`.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from typing import Any

from papertiger.model.calendar import month_number
from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.wargame.log import records
from papertiger.wargame.log.branch import Branch, Inject, Mark, Message, SubmittedSheet
from papertiger.wargame.log.talk import TALK, apply_talk, objections_to, parties_of, talk_until
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.refusals import RefusalError, refusal
from papertiger.wargame.rules.request import PlannedInject, ReplayRequest
from papertiger.wargame.rules.setup import event_of, game_of, month_at, read_scenario, schedule_of

MAX_BRANCHES = 40
MAX_ROWS = 200_000


class GameError(RefusalError):
    """Something that cannot happen in a game at this point."""


class LateError(GameError):
    """Orders for a turn that is closed or over."""


class GameState:
    """What a log comes to.

    Parameters
    ----------
    log
        The records from its beginning, or the first part of it.
    known
        The same game with all of these records, which were checked when it took them in.

    Raises
    ------
    GameError
        If a record cannot follow on those before it.
    """

    def __init__(self, log: Iterable[records.Record], known: GameState | None = None) -> None:
        self.seq = 0
        self.created: records.Created
        self.scenario: Scenario
        self.branches: list[Branch] = []
        self.active = 0
        self.ended = False
        self.holders: dict[str, str] = {}
        self.timer = records.Timed()
        self.by_itself = False
        self.figures = True
        self.debrief, self.debrief_length = 0, ""
        self.answers: dict[tuple[str, int], str] = {}
        self.versions: dict[str, int] = {}
        self.marks: list[Mark] = []
        if known is not None:
            self.scenario = known.scenario
        for record in log:
            if known is None:
                self.check(record)
            self.apply(record)

    # What there is

    @property
    def branch(self) -> Branch:
        """The branch in which the teams play."""
        return self.branches[self.active]

    @property
    def cut_short(self) -> tuple[tuple[int, int], ...]:
        """Branches with the turn that was being resolved in each of them; after a kill nobody goes on with it."""
        return tuple((line.number, line.turn) for line in self.branches if line.closed and line.resolving)

    @property
    def is_due(self) -> bool:
        """Whether the open turn goes on by itself: it may, somebody plays, and all who do are ready."""
        line, held = self.branch, {str(seat) for seat in self.seats} & set(self.holders)
        # A turn that is closed counts, too: its resolution may have been cut short by a kill.
        playing = not self.ended and line.turn <= self.schedule.turns
        return self.by_itself and playing and bool(held) and held <= line.ready

    def request(self, branch: int | None = None, turns: int | None = None) -> ReplayRequest:
        """Return what the replay of a branch depends on, up to a number of turns."""
        line = self.branches[self.active if branch is None else branch]
        count = line.resolved if turns is None else turns
        sheets = tuple(
            tuple(given.sheet for (turn, _), given in sorted(line.sheets.items()) if turn == number)
            for number in range(1, count + 1)
        )
        # What was set going after those turns is not known to them; an event of a later month changes no earlier one.
        planned = tuple(
            PlannedInject(name, script.body.event, script.body.condition, script.turn + 1)
            for name, script in line.injects.items()
            if script.turn <= count + 1
        )
        return ReplayRequest(self.scenario, self.created.seed, line.runs, count, sheets, planned)

    def still(self) -> GameState:
        """Return the game as it is now, which records to come leave as it is."""
        other = copy(self)
        other.branches = [line.still() for line in self.branches]
        other.holders, other.answers, other.versions = dict(self.holders), dict(self.answers), dict(self.versions)
        other.marks = list(self.marks)
        return other

    def audience(self, record: records.Record) -> tuple[str, ...]:
        """Return the seats that may know that a record exists, the facilitator always among them.

        It is asked before the record is taken in.
        """
        everyone = tuple(str(seat) for seat in self.everybody)
        body, staff = record.body, str(seats.THE_FACILITATOR)
        match body:
            case (
                records.Claimed()
                | records.Released()
                | records.Revealed()
                | records.Timed()
                | records.Created()
                | records.Activated()
                | records.Ended()
            ):
                readers = everyone
            case records.Ordered():
                readers = (body.sheet.seat, staff)
            case records.Withdrawn() | records.Drafted() | records.Answered():
                readers = (body.seat, staff)
            case records.Messaged():
                readers = (body.sender, *body.to, staff)
            case records.Proposed() | records.Replied() | records.Seen():
                readers = (*parties_of(body, self.branches[record.branch]), staff)
            case records.Injected():
                readers = everyone if self._is_news(body) else (staff,)
            case records.Recalled():
                line = self.branches[record.branch]
                readers = everyone if self._is_news(line.injects[body.name].body) else (staff,)
            case records.Branched():
                readers = (staff,)
            case _:
                readers = everyone
        if self.branches and record.branch != self.active and not isinstance(body, records.Activated):
            readers = (staff,)
        return tuple(dict.fromkeys(readers))

    def _is_news(self, body: records.Injected) -> bool:
        """Tell whether an inject happens at once, so that everyone reads of it."""
        if body.condition is not None or self.ended or self.branch.turn > self.schedule.turns:
            return False
        return body.event.date[:7] == self.month(self.schedule.months(self.branch.turn)[0])

    def month(self, index: int) -> str:
        """Return the name of a month."""
        return month_at(self.scenario, index)

    # What may come next

    def check(self, record: records.Record) -> None:
        """Refuse a record that cannot come next.

        Raises
        ------
        GameError
            Saying why, to the person who tried.
        """
        if record.seq != self.seq + 1:
            raise GameError(refusal("log.record", record=record.seq, last=self.seq))
        if record.seq > MAX_ROWS:
            raise GameError(refusal("log.records", most=MAX_ROWS))
        if isinstance(record.body, records.Created):
            if self.seq:
                raise GameError(refusal("log.created"))
            return
        if not self.seq:
            raise GameError(refusal("log.first"))
        if not 0 <= record.branch < len(self.branches):
            raise GameError(refusal("no.branch", branch=record.branch))
        self._check_body(record.body, self.branches[record.branch])

    def _check_body(self, body: Any, line: Branch) -> None:
        match body:
            case records.Claimed():
                self._seat(body.seat, all_of_them=True)
                if self.holders.get(body.seat, body.holder) != body.holder:
                    raise GameError(refusal("seat.taken", seat=body.seat))
            case records.Released():
                self._seat(body.seat, all_of_them=True)
            case records.Ordered():
                self._seat(body.sheet.seat)
                self._open(line, body.sheet.turn)
                if body.by not in (body.sheet.seat, str(seats.THE_FACILITATOR)):
                    raise GameError(refusal("seat.giver", giver=body.by, seat=body.sheet.seat))
            case records.Withdrawn() | records.Drafted() | records.Ready():
                self._seat(body.seat)
                self._open(line, body.turn)
            case records.Messaged():
                for seat in (body.sender, *body.to):
                    self._seat(seat, or_facilitator=True)
            case _ if isinstance(body, TALK):
                self._check_talk(body, line)
            case records.Injected():
                self._check_inject(body, line)
            case records.Recalled():
                if body.name not in line.injects:
                    raise GameError(refusal("no.inject", event=body.name))
                if not self._is_ahead(line.injects[body.name].body, line):
                    raise GameError(refusal("inject.past", event=body.name))
            case records.Branched():
                if len(self.branches) >= MAX_BRANCHES:
                    raise GameError(refusal("branch.most", most=MAX_BRANCHES))
                if body.branch != len(self.branches):
                    raise GameError(refusal("branch.number", branch=len(self.branches)))
                if not 1 <= body.turn <= line.turn:
                    raise GameError(refusal("branch.turn", last=line.turn, turn=body.turn))
            case records.Revealed():
                if not 1 <= body.turn <= line.resolved:
                    raise GameError(refusal("turn.unrevealed", turn=body.turn))
            case records.Answered():
                self._seat(body.seat)
                if body.question >= len(self.game.debrief):
                    raise GameError(refusal("no.question", question=body.question))
            case records.Debriefed() if not (self.ended or self.branch.turn > self.schedule.turns):
                raise GameError(refusal("debrief.early"))
            case records.Timed() | records.Activated() | records.Paced() | records.Figured() | records.Ended():
                pass
            case _:
                self._check_turn(body, line)

    def _check_talk(self, body: Any, line: Branch) -> None:
        for seat in (body.sender, body.to) if isinstance(body, records.Proposed) else (body.seat,):
            self._seat(seat)
        if not isinstance(body, records.Seen | records.Unpublished):
            self._open(line, body.turn)
        problems = objections_to(body, line, self.scenario, self.schedule.turns)
        if problems:
            raise GameError(*problems)

    def _check_turn(self, body: Any, line: Branch) -> None:
        match body:
            case records.Closed():
                # What was closed by hand can still be resolved; its orders stay those of the first closing.
                if not (body.resolving and line.closed and not line.resolving and body.turn == line.turn):
                    self._open(line, body.turn)
            case records.Reopened():
                if not line.closed or body.turn != line.turn:
                    raise GameError(refusal("turn.not_closed", turn=body.turn))
            case records.Resolved():
                if body.turn != line.turn:
                    raise GameError(refusal("turn.resolved", turn=body.turn))
                if not line.closed:
                    raise GameError(refusal("turn.open", turn=body.turn))
            case records.Undone():
                if body.turn != line.resolved or line.resolved < max(1, line.since):
                    raise GameError(refusal("turn.not_last", turn=body.turn))

    def _check_inject(self, body: records.Injected, line: Branch) -> None:
        if body.name in line.injects or body.name in self.scenario.events or body.name in self.game.injects:
            raise GameError(refusal("inject.double", event=body.name))
        if self.ended or line.turn > self.schedule.turns:
            raise GameError(refusal("play.over"))
        try:
            event_of(self.scenario, body.name, body.event.model_dump(mode="json", exclude_none=True))
        except ScenarioError as error:
            raise GameError(refusal("inject.event", given="; ".join(str(error).splitlines()))) from None
        client = getattr(body.condition, "client", None)
        if client is not None and client not in self.scenario.clients:
            raise GameError(refusal("inject.client", given=client))
        if body.condition is None:
            first, last = (self.month(self.schedule.months(line.turn)[0]), self.month(self.schedule.last))
            if not first <= body.event.date[:7] <= last:
                month = body.event.date
                raise GameError(refusal("inject.month", from_month=first, to_month=last, month=month))

    def _is_ahead(self, body: records.Injected, line: Branch) -> bool:
        """Tell whether an inject can still be taken back: nothing that was resolved may hang on it."""
        if body.condition is not None:
            return line.injects[body.name].turn == line.turn
        start = month_number(self.scenario.span.start)
        return self.schedule.turn_of(month_number(body.event.date) - start) >= line.turn

    def _seat(self, name: str, *, all_of_them: bool = False, or_facilitator: bool = False) -> None:
        valid = self.everybody if all_of_them else self.seats
        if or_facilitator:
            valid = (*valid, seats.THE_FACILITATOR)
        try:
            seats.known(seats.parse(name), valid)
        except seats.SeatError as error:
            raise GameError(*error.problems) from None

    def _open(self, line: Branch, turn: int) -> None:
        if self.ended and line.number == self.active:
            # Another branch may still be played out, to lay it beside the one that has ended.
            raise LateError(refusal("play.over"))
        if turn > self.schedule.turns:
            raise LateError(refusal("turn.number", turns=self.schedule.turns))
        if turn != line.turn:
            raise LateError(refusal("turn.other", turn=turn, now=line.turn))
        if line.closed:
            raise LateError(refusal("turn.closed", turn=turn))

    # Taking it in

    def apply(self, record: records.Record) -> None:
        """Take in a record that `check` let pass."""
        body = record.body
        if isinstance(body, records.Created):
            self._create(body)
        audience = self.audience(record)
        line = self.branches[record.branch]
        match body:
            case records.Claimed():
                self.holders[body.seat] = body.holder
            case records.Released():
                self.holders.pop(body.seat, None)
                for one in self.branches:
                    one.ready.discard(body.seat)  # whoever sits there next says so anew
            case records.Ordered():
                line.sheets[body.sheet.turn, body.sheet.seat] = SubmittedSheet(body.sheet, body.by)
                line.drafts.pop((body.sheet.turn, body.sheet.seat), None)
            case records.Withdrawn():
                line.sheets.pop((body.turn, body.seat), None)
            case records.Drafted():
                line.drafts[body.turn, body.seat] = body.text
            case records.Ready():
                (line.ready.add if body.ready else line.ready.discard)(body.seat)
            case records.Messaged():
                line.messages.append(Message(record.seq, record.at, line.turn, body.sender, body.to, body.text))
            case _ if isinstance(body, TALK):
                apply_talk(record, line)
            case records.Injected():
                line.injects[body.name] = Inject(body, line.turn)
                self._mark(record, line.turn, "injected", body.name)
            case records.Recalled():
                del line.injects[body.name]
                self._mark(record, line.turn, "recalled", body.name)
            case records.Branched():
                self.branches.append(self._branch_of(line, body))
                self._mark(record, body.turn, "branched", body.name)
            case records.Activated():
                self.active, self.ended, self.debrief = record.branch, False, 0
                self._mark(record, line.turn, "activated")
            case records.Revealed():
                line.revealed[body.step] = max(body.turn, line.revealed.get(body.step, 0))
            case records.Answered():
                self.answers[body.seat, body.question] = body.text
            case records.Timed() | records.Paced() | records.Figured() | records.Debriefed():
                self._set(body)
            case records.Ended():
                self.ended = True
            case _:
                self._turn(record, line)
        self.seq = record.seq
        if isinstance(body, records.Drafted | records.Seen):
            return  # saved as it is typed: a page that grew old with each word could not be written on
        for seat in audience:
            self.versions[seat] = self.versions.get(seat, 0) + 1

    def _set(self, body: records.Timed | records.Paced | records.Figured | records.Debriefed) -> None:
        """Set what holds for the room and not for a turn."""
        match body:
            case records.Timed():
                self.timer = body
            case records.Paced():
                self.by_itself = body.by_itself
            case records.Figured():
                self.figures = body.shown
            case records.Debriefed():
                self.debrief, self.debrief_length = body.step, body.length or self.debrief_length

    def _turn(self, record: records.Record, line: Branch) -> None:
        body = record.body
        match body:
            case records.Closed():
                line.closed, line.resolving = True, body.resolving is True
                line.closings.setdefault(body.turn, record.seq)
            case records.Reopened():
                line.closed = line.resolving = False
                line.closings.pop(body.turn, None)
            case records.Resolved():
                line.resolved, line.closed, line.resolving = body.turn, False, False
                line.digests[body.turn] = body.digest
                line.ready.clear()
                self._mark(record, body.turn, "resolved", body.digest)
            case records.Undone():
                self._take_back(line, body.turn)
                self._mark(record, body.turn, "undone")

    def _create(self, body: records.Created) -> None:
        self.created = body
        if not hasattr(self, "scenario"):
            self.scenario = read_scenario(body.scenario)
        self.game = game_of(self.scenario)
        self.schedule = schedule_of(self.scenario)
        self.seats = seats.offered(self.game)
        self.everybody = seats.everybody(self.game)
        self.branches.append(Branch(0, "", None, 1, ((1, body.run),)))

    def _take_back(self, line: Branch, turn: int) -> None:
        """Reopen a turn, and drop what was given after it, which knew what came of it."""
        line.resolved, line.closed, line.resolving, self.ended, self.debrief = turn - 1, False, False, False, 0
        line.ready.clear()
        _forget_after(line, turn)
        line.revealed = {step: min(until, turn - 1) for step, until in line.revealed.items()}

    def _branch_of(self, line: Branch, body: records.Branched) -> Branch:
        """Return a branch that knows what its parent knew before a turn, and takes its orders along."""
        other = copy(line)
        other.number, other.name, other.parent, other.since = body.branch, body.name, line.number, body.turn
        other.resolved, other.closed, other.ready, other.resolving = body.turn - 1, False, set(), False
        other.sheets = {place: replace(given, inherited=True) for place, given in line.sheets.items()}
        other.drafts = {}
        other.messages = [message for message in line.messages if message.turn <= body.turn]
        talk_until(other, body.turn)
        other.injects = dict(line.injects)
        other.digests = {turn: digest for turn, digest in line.digests.items() if turn < body.turn}
        other.closings = {turn: seq for turn, seq in line.closings.items() if turn < body.turn}
        other.revealed = {step: min(until, body.turn - 1) for step, until in line.revealed.items()}
        if body.run is not None:
            earlier = tuple(pair for pair in line.runs if pair[0] < body.turn)
            other.runs = (*earlier, (body.turn, body.run))
        return other

    def _mark(self, record: records.Record, turn: int, what: str, text: str = "") -> None:
        self.marks.append(Mark(record.seq, record.at, record.branch, turn, what, text))


def _forget_after(line: Branch, turn: int) -> None:
    """Drop what was given while a later turn was open; orders of this turn stand."""
    line.sheets = {place: given for place, given in line.sheets.items() if place[0] <= turn or given.inherited}
    line.drafts = {place: text for place, text in line.drafts.items() if place[0] <= turn}
    line.messages = [message for message in line.messages if message.turn <= turn]
    talk_until(line, turn)
    line.injects = {name: script for name, script in line.injects.items() if script.turn <= turn}
    for given in (line.digests, line.closings):
        for number in [number for number in given if number >= turn]:
            del given[number]
