"""Play: a game on disk that can be acted on, and asked what each seat knows.

Every act is one row, committed before the act returns. What came of a turn is computed by the engine from the rows,
so a kill between any two steps loses nothing: who opens the file again finds the game where it was, and a turn that
was closed but not resolved is resolved by asking once more. A `Session` can be used from several threads.
"""

from __future__ import annotations

import contextlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal

from papertiger import scenarios
from papertiger.wargame.engine.replay import fingerprint
from papertiger.wargame.engine.worker import Engine, LocalEngine
from papertiger.wargame.log import records
from papertiger.wargame.log.state import GameError, GameState, LateError
from papertiger.wargame.log.store import Clock, ConflictError, Store, now
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.objections import check_sheet
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.refusals import refusal
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.rules.setup import event_of, write_scenario
from papertiger.wargame.views.seats import SeatView, view_of
from papertiger.wargame.views.snapshot import Snapshot

if TYPE_CHECKING:
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.log.branch import Branch
    from papertiger.wargame.rules.conditions import Condition
    from papertiger.wargame.rules.orders import Standing
    from papertiger.wargame.rules.request import ReplayRequest

MAX_REPLAYS = 64
KEPT = 1024
TRIES = 5

type Ids = Callable[[], str]
"""Gives a name that nobody guesses."""


def fresh_id() -> str:
    """Return a name of 128 random bits."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Receipt:
    """That orders are on the disk: for which turn, and whether they took the place of earlier ones."""

    seat: str
    turn: int
    at: str
    replaced: bool


class Session:
    """A game that can be acted on.

    Parameters
    ----------
    store
        Its log.
    engine
        What computes courses; blank computes them here.
    ids
        Names of rows whose caller gives none.
    on_change
        Called after each row with the versions of the seats that may know of it.
    """

    def __init__(
        self,
        store: Store,
        engine: Engine | None = None,
        *,
        ids: Ids = fresh_id,
        on_change: Callable[[Mapping[str, int]], None] | None = None,
    ) -> None:
        self.store, self.engine, self.ids, self.on_change = store, engine or LocalEngine(), ids, on_change
        self._lock = RLock()
        self._resolving = RLock()
        self._replays: OrderedDict[str, Replay] = OrderedDict()
        self._snapshots: dict[int, tuple[int, Snapshot]] = {}
        self._kept: OrderedDict[tuple[object, ...], Future[Any]] = OrderedDict()
        self.game = GameState(store.records())
        if not self.game.seq:
            raise GameError(refusal("log.empty", given=str(store.path)))

    @classmethod
    def create(
        cls,
        path: Path,
        scenario: str | Path | scenarios.Scenario,
        *,
        seed: int | None = None,
        title: str = "",
        engine: Engine | None = None,
        clock: Clock = now,
        ids: Ids = fresh_id,
        on_change: Callable[[Mapping[str, int]], None] | None = None,
        version: str = "",
    ) -> Session:
        """Make a new game.

        Parameters
        ----------
        path
            File of its log; it must not exist.
        scenario
            What is played.
        seed
            Key of all draws; blank takes a random one.
        title
            What the facilitator calls it.
        engine, clock, ids, on_change
            As above, and as in `papertiger.wargame.log.store.Store`.
        version
            Of the program.

        Raises
        ------
        scenarios.ScenarioError
            If the scenario does not hold.
        papertiger.wargame.log.store.StoreError
            If the file cannot be made.
        """
        case = scenario if isinstance(scenario, scenarios.Scenario) else scenarios.load(scenario)
        drawn = secrets.randbelow(2**63) if seed is None else seed
        body = records.Created(version=version, scenario=write_scenario(case), seed=drawn, title=title)
        # Checked before there is a file, so that nothing half-made is left behind.
        GameState([records.Record(1, "", 0, "created", body)])
        store = Store(path, clock=clock, create=True)
        store.append(body, branch=0, key="created", seq=1)
        return cls(store, engine, ids=ids, on_change=on_change)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        engine: Engine | None = None,
        clock: Clock = now,
        ids: Ids = fresh_id,
        on_change: Callable[[Mapping[str, int]], None] | None = None,
    ) -> Session:
        """Go on with a game where it was."""
        return cls(Store(path, clock=clock), engine, ids=ids, on_change=on_change)

    def close(self) -> None:
        """Close the file; the engine is its owner's."""
        self.store.close()

    # Seats

    def claim(self, seat: Seat, holder: str, *, key: str = "") -> None:
        """Let somebody take a seat that is free."""
        self._commit(records.Claimed(seat=str(seat), holder=holder), key)

    def release(self, seat: Seat, *, key: str = "") -> None:
        """Free a seat; the rule plays it from now on, but for orders that were given."""
        self._commit(records.Released(seat=str(seat)), key)

    # Orders

    def submit(self, sheet: Sheet, *, by: Seat | None = None, branch: int | None = None, key: str = "") -> Receipt:
        """Give a seat's orders for the open turn, in place of those it gave before.

        Parameters
        ----------
        sheet
            All orders of the seat for the turn; its turn number must be that of the open turn.
        by
            The facilitator, where it gives them for the seat.
        branch
            Blank means where the teams play.
        key
            Idempotency key of the form: sent twice, the orders count once.

        Raises
        ------
        papertiger.wargame.rules.objections.OrderError
            If the seat cannot give them.
        papertiger.wargame.log.state.LateError
            If the turn is closed or over.
        """
        giver = str(by or sheet.seat)
        body = records.Ordered(sheet=sheet, by=giver)
        with self._lock:
            self._catch_up()
            number = self.game.active if branch is None else branch
            known = self._known(self._key(key, giver), body, number)
            replaced = (sheet.turn, sheet.seat) in self._line(number).sheets
            if known is None:
                self.game.check(records.Record(self.game.seq + 1, "", number, "", body))
                self.check(sheet, number)
            record = self._commit(body, key, owner=giver, branch=number)
        return Receipt(sheet.seat, sheet.turn, record.at, replaced)

    def check(self, sheet: Sheet, branch: int | None = None) -> None:
        """Refuse orders that a seat cannot give in the open turn, and write nothing."""
        snapshot = self.snapshot(branch)
        check_sheet(sheet, snapshot.setting, self.game.game, self.standing(branch), self.game.schedule.turns)

    def standing(self, branch: int | None = None) -> Standing:
        """Return where everybody stands before the open turn."""
        return self.replay(branch).standings[-1]

    def withdraw(self, seat: Seat, turn: int, *, key: str = "") -> None:
        """Take a seat's orders back."""
        self._commit(records.Withdrawn(seat=str(seat), turn=turn), key, owner=str(seat))

    def draft(self, seat: Seat, turn: int, text: str, *, key: str = "") -> None:
        """Keep what a team works on; it counts for nothing."""
        self._commit(records.Drafted(seat=str(seat), turn=turn, text=text), key, owner=str(seat))

    def ready(self, seat: Seat, turn: int, ready: bool = True, *, key: str = "") -> None:
        """Say whether a seat is ready; where turns go on by themselves, the last one to say so resolves the turn."""
        self._commit(records.Ready(seat=str(seat), turn=turn, ready=ready), key, owner=str(seat))
        self.resolve_if_due()

    def message(self, sender: Seat, to: tuple[Seat, ...], text: str, *, key: str = "") -> None:
        """Send a message to other seats or to the facilitator."""
        body = records.Messaged(sender=str(sender), to=tuple(map(str, to)), text=text)
        self._commit(body, key, owner=str(sender))

    def answer(self, seat: Seat, question: int, text: str, *, key: str = "") -> None:
        """Answer a question of the closing form."""
        self._commit(records.Answered(seat=str(seat), question=question, text=text), key, owner=str(seat))

    # The facilitator

    def inject(
        self,
        name: str,
        event: Mapping[str, Any],
        *,
        when: str | Condition = "now",
        news: str = "",
        key: str = "",
    ) -> None:
        """Let an event happen, although nobody's rule or order says so.

        Parameters
        ----------
        name
            Of the event; new in this game.
        event
            Its fields as in a scenario file, without a date.
        when
            ``now`` for the open turn's first month, a month written YYYY-MM, or a condition on what everyone sees.
        news
            What everyone reads when it happens.

        Raises
        ------
        scenarios.ScenarioError
            If the event does not hold, named as in a scenario file.
        """
        with self._lock:
            self._catch_up()
            sent = self._sent(key)
            again = sent if isinstance(sent, records.Injected) else None
            line = self.game.branch
            if again is None and line.turn > self.game.schedule.turns:
                raise GameError(refusal("play.over"))
            if isinstance(when, str) and when != "now":
                date = when
            elif again is not None:
                date = again.event.date  # what "now" means may have moved on since
            else:
                date = self.game.month(self.game.schedule.months(line.turn)[0])
            fields = {field: value for field, value in event.items() if value is not None}
            checked = event_of(self.game.scenario, name, {**fields, "date": date})
            condition = None if isinstance(when, str) else when
            body = records.Injected(name=name, event=checked, news=news, condition=condition)
            if again is None:
                self._commit(body, key)
            elif body != again:
                raise GameError(refusal("field.resent"))

    def recall(self, name: str, *, key: str = "") -> None:
        """Take back an inject that has not happened yet."""
        self._commit(records.Recalled(name=name), key)

    def time(self, *, until: str | None = None, left: int | None = None, key: str = "") -> None:
        """Set the room's clock.

        Parameters
        ----------
        until
            When it comes to zero; blank lets it stand.
        left
            Seconds that are left, and the most that it ever shows.
        key
            Of the form, and of what it asks for: sent twice, the clock is set once, though time went on meanwhile.
        """
        with self._lock:
            if not isinstance(self._sent(key), records.Timed):
                self._commit(records.Timed(until=until, left=left), key)

    def close_turn(self, turn: int, *, branch: int | None = None, key: str = "") -> None:
        """Take no more orders for the open turn."""
        self._commit(records.Closed(turn=turn), key, branch=branch)

    def reopen_turn(self, turn: int, *, branch: int | None = None, key: str = "") -> None:
        """Take orders again."""
        self._commit(records.Reopened(turn=turn), key, branch=branch)

    def resolve(self, turn: int, *, branch: int | None = None) -> Replay:
        """Play a turn: close it if it is open, compute it, and commit that it is resolved.

        Asked again for a turn that is resolved, it does nothing. A turn is never resolved twice.

        Parameters
        ----------
        turn
            Its number, so that a click that comes late resolves no other turn.
        branch
            Blank means where the teams play.
        """
        with self._resolving:
            number = self.game.active if branch is None else branch
            with self._lock:
                line = self._line(number)
                if line.resolved >= turn:
                    return self.replay(number)
                if turn != line.turn or not line.closed:
                    self._commit(records.Closed(turn=turn), "", branch=number)
                request = self.game.request(number, turn)
            while True:
                replay = self._compute(request)
                with self._lock:
                    asked, request = request, self.game.request(number, turn)
                    if not self._line(number).closed:
                        return self.replay(number)  # somebody reopened it meanwhile
                    if asked == request:  # else an inject came meanwhile, and the turn is another one
                        self._commit(records.Resolved(turn=turn, digest=replay.digest), "", branch=number)
                        return replay

    def pace(self, by_itself: bool, *, key: str = "") -> None:
        """Say whether a turn is resolved by itself once all seats that are taken are ready."""
        self._commit(records.Paced(by_itself=by_itself), key)
        self.resolve_if_due()

    def resolve_if_due(self) -> None:
        """Resolve the open turn if it is due; whoever opens a game asks, since a kill may have cut one short."""
        with self._resolving:
            with self._lock:
                due = self.game.branch.turn if self.game.is_due else 0
            if due:
                with contextlib.suppress(LateError):  # play was ended meanwhile
                    self.resolve(due)

    def undo(self, turn: int, *, branch: int | None = None, key: str = "") -> None:
        """Take back the last resolved turn; its trace stays in the log."""
        with self._resolving:
            self._commit(records.Undone(turn=turn), key, branch=branch)

    def branch_off(
        self,
        name: str,
        turn: int,
        *,
        luck: Literal["same", "other"] = "same",
        branch: int | None = None,
        key: str = "",
    ) -> int:
        """Begin a branch before a turn, and return its number. The orders given so far are taken along.

        Parameters
        ----------
        name
            What the review calls it.
        turn
            The first turn that is played anew.
        luck
            ``same`` to tell what another order would have done, ``other`` to tell what chance did.
        branch
            Where it begins from; blank means where the teams play.
        """
        with self._lock:
            sent = self._sent(key)
            if isinstance(sent, records.Branched) and (sent.name, sent.turn, sent.run is None) == (
                name,
                turn,
                luck == "same",
            ):
                return sent.branch  # the same form once more; the next number has moved on since
            number = len(self.game.branches)
            used = [run for line in self.game.branches for _, run in line.runs]
            run = max(used) + 1 if luck == "other" else None
            body = records.Branched(branch=number, name=name, turn=turn, run=run)
            record = self._commit(body, key, branch=branch)
        return int(record.body.branch)

    def play_out(self, branch: int, turns: int) -> Replay:
        """Resolve a branch up to a turn with the orders that it took along."""
        while self.game.branches[branch].resolved < turns:
            self.resolve(self.game.branches[branch].turn, branch=branch)
        return self.replay(branch)

    def activate(self, branch: int, *, key: str = "") -> None:
        """Let the teams go on in a branch."""
        self._commit(records.Activated(), key, branch=branch)

    def reveal(self, step: str, turn: int, *, key: str = "") -> None:
        """Reveal one kind of secret of all turns up to one, to everyone."""
        if step not in records.STEPS:
            raise GameError(refusal("no.step", steps=records.STEPS, given=step))
        self._commit(records.Revealed(step=step, turn=turn), key)

    def end(self, *, key: str = "") -> None:
        """End play; the review begins."""
        self._commit(records.Ended(), key)

    # What there is

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each seat's view; it grows with each row that the seat may know of."""
        return dict(self.game.versions)

    def replay(self, branch: int | None = None, turns: int | None = None) -> Replay:
        """Return the course of a branch, up to the turns that are resolved in it or fewer."""
        with self._lock:
            request = self.game.request(branch, turns)
        return self._compute(request)

    def snapshot(self, branch: int | None = None) -> Snapshot:
        """Return a branch as it is now."""
        with self._lock:
            line = self._line(self.game.active if branch is None else branch)
            latest = self._snapshots.get(line.number)
            if latest is None or latest[0] != self.game.seq:
                still = self.game.still()
                snapshot = Snapshot(still, still.branches[line.number], self.replay(line.number))
                if latest is not None:
                    snapshot.adopt(latest[1])
                latest = self.game.seq, snapshot
                self._snapshots[line.number] = latest
            return latest[1]

    def view(self, seat: Seat) -> SeatView:
        """Return all that a seat may know now."""
        with self._lock:
            return view_of(self.snapshot(), seats.known(seat, self.game.everybody))

    def snapshot_at(self, seq: int, branch: int | None = None) -> Snapshot:
        """Return a branch as it was after a row: for the replay of what a team saw."""
        game = GameState(self.store.records()[:seq], known=self.game)
        line = game.branches[self.game.active if branch is None else branch]
        return Snapshot(game, line, self._compute(game.request(line.number)))

    def once[T](self, name: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what was made under a name, or make it: a class that opens the same review computes it once.

        Parameters
        ----------
        name
            All that it depends on.
        make
            Makes it.
        """
        with self._lock:
            first = name not in self._kept
            result: Future[T] = self._kept.setdefault(name, Future())
            self._kept.move_to_end(name)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        if first:  # whoever comes meanwhile waits for it
            try:
                result.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._kept.pop(name, None)
                result.set_exception(error)
        return result.result()

    def verify(self) -> tuple[str, ...]:
        """Return what a replay of the log finds different, such as turns that another version played."""
        differences = []
        for line in self.game.branches:
            for turn, digest in sorted(line.digests.items()):
                if self.replay(line.number, turn).digest != digest:
                    differences.append(f"branch {line.number}, turn {turn}: this version comes to other numbers")
        return tuple(differences)

    # Inside

    def _line(self, branch: int) -> Branch:
        if not 0 <= branch < len(self.game.branches):
            raise GameError(refusal("no.branch", branch=branch))
        return self.game.branches[branch]

    def _key(self, key: str, owner: str) -> str:
        # A seat's keys are its own: no other seat can use one up or learn that it was used.
        return f"{owner}/{key}" if key else ""

    def _sent(self, key: str) -> records.Body | None:
        """Return what the facilitator sent before under the key of a form."""
        record = self.store.find(self._key(key, "facilitator")) if key else None
        return record.body if record is not None else None

    def _known(self, key: str, body: records.Body, branch: int) -> records.Record | None:
        """Return the row that was written with a key, or refuse to use it for something else."""
        record = self.store.find(key) if key else None
        if record is not None and (record.text != records.write_body(body) or record.branch != branch):
            raise GameError(refusal("field.resent"))
        return record

    def _commit(
        self, body: records.Body, key: str, *, owner: str = "facilitator", branch: int | None = None
    ) -> records.Record:
        full = self._key(key, owner)
        with self._lock:
            self._catch_up()
            for _ in range(TRIES):
                number = self.game.active if branch is None else branch
                known = self._known(full, body, number)
                if known is not None:
                    return known
                self.game.check(records.Record(self.game.seq + 1, "", number, "", body))
                try:
                    record = self.store.append(
                        body, branch=number, key=full or f"{owner}/{self.ids()}", seq=self.game.seq + 1
                    )
                except ConflictError:
                    self._catch_up()
                    continue
                before = dict(self.game.versions)
                self.game.apply(record)
                self._tell(before)
                return record
        raise ConflictError(f"{self.store.path}: another program writes to this game")

    def _catch_up(self) -> None:
        """Take in rows that another program wrote."""
        if self.store.last() == self.game.seq:
            return
        for record in self.store.records(self.game.seq):
            self.game.check(record)
            self.game.apply(record)

    def _tell(self, before: Mapping[str, int]) -> None:
        if self.on_change is not None:
            changed = {seat: number for seat, number in self.game.versions.items() if before.get(seat) != number}
            self.on_change(changed)

    def _compute(self, request: ReplayRequest) -> Replay:
        name = fingerprint(request)
        with self._lock:
            if name in self._replays:
                self._replays.move_to_end(name)
                return self._replays[name]
        replay = self.engine.replay(request)
        with self._lock:
            self._replays[name] = replay
            while len(self._replays) > MAX_REPLAYS:
                self._replays.popitem(last=False)
        return replay
