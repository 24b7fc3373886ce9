"""Play a game on disk: act on it, and ask what each seat knows.

Every act is one record, committed before the act returns. What came of a turn is computed by the engine from the
records, so a kill between any two steps loses nothing: who opens the file again finds the game where it was, and
`Session.resume` goes on with a turn whose resolution was cut short. A `Session` can be used from several threads.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal

from papertiger import scenarios
from papertiger.wargame.engine.replay_cache import ReplayCache
from papertiger.wargame.engine.worker import Engine, LocalEngine
from papertiger.wargame.log import records
from papertiger.wargame.log.bodies import branch_body, inject_body
from papertiger.wargame.log.branch import Receipt
from papertiger.wargame.log.journal import Ids, Journal, OnChange, fresh_id
from papertiger.wargame.log.state import GameError, GameState, LateError
from papertiger.wargame.log.store import Clock, Store, now
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.objections import check_sheet
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.refusals import refusal
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.rules.setup import write_scenario
from papertiger.wargame.talking import Talking
from papertiger.wargame.views.seats import SeatView, view_of
from papertiger.wargame.views.snapshot import Snapshot

if TYPE_CHECKING:
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.rules.conditions import Condition
    from papertiger.wargame.rules.orders import Standing


class Session(Talking):
    """Play one game.

    Parameters
    ----------
    store
        Its log.
    engine
        What computes replays; blank computes them here.
    ids
        Names records whose caller gives none.
    on_change
        Called after each record with the versions of the seats that may know of it.
    """

    def __init__(
        self, store: Store, engine: Engine | None = None, *, ids: Ids = fresh_id, on_change: OnChange | None = None
    ) -> None:
        self.engine = engine or LocalEngine()
        self._journal = Journal(store, ids=ids, on_change=on_change)
        self._lock = self._journal.lock
        self._resolving = RLock()
        self._cache = ReplayCache()
        self._snapshots: dict[int, tuple[int, Snapshot]] = {}

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
        on_change: OnChange | None = None,
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
        text = write_scenario(scenario if isinstance(scenario, scenarios.Scenario) else scenarios.load(scenario))
        drawn = secrets.randbelow(records.DRAWN_SEEDS) if seed is None else seed
        body = records.Created(version=version, scenario=text, seed=drawn, title=title)
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
        on_change: OnChange | None = None,
    ) -> Session:
        """Go on with a game where it was."""
        return cls(Store(path, clock=clock), engine, ids=ids, on_change=on_change)

    def close(self) -> None:
        """Close the file; the engine is its owner's."""
        self.store.close()

    # Seats

    def claim(self, seat: Seat, holder: str, *, key: str = "") -> None:
        """Let somebody take a seat that is free."""
        self._journal.commit(records.Claimed(seat=str(seat), holder=holder), key)

    def release(self, seat: Seat, *, key: str = "") -> None:
        """Free a seat; the rule plays it from now on, but for orders that were given."""
        self._journal.commit(records.Released(seat=str(seat)), key)

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
            self._journal.catch_up()
            number = self.game.active if branch is None else branch
            known = self._journal.known(body, key, owner=giver, branch=number)
            replaced = (sheet.turn, sheet.seat) in self._journal.line(number).sheets
            if known is None:
                self.game.check(records.Record(self.game.seq + 1, "", number, "", body))
                self.check(sheet, number)
            record = self._journal.commit(body, key, owner=giver, branch=number)
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
        self._journal.commit(records.Withdrawn(seat=str(seat), turn=turn), key, owner=str(seat))

    def draft(self, seat: Seat, turn: int, text: str, *, key: str = "") -> None:
        """Keep what a team works on; it counts for nothing."""
        self._journal.commit(records.Drafted(seat=str(seat), turn=turn, text=text), key, owner=str(seat))

    def ready(self, seat: Seat, turn: int, ready: bool = True, *, key: str = "") -> None:
        """Say whether a seat is ready; where turns go on by themselves, the last one to say so resolves the turn."""
        self._journal.commit(records.Ready(seat=str(seat), turn=turn, ready=ready), key, owner=str(seat))
        self.resolve_if_due()

    def answer(self, seat: Seat, question: int, text: str, *, key: str = "") -> None:
        """Answer a question of the closing form."""
        self._journal.commit(records.Answered(seat=str(seat), question=question, text=text), key, owner=str(seat))

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
            self._journal.catch_up()
            sent = self._journal.sent(key)
            body = inject_body(self.game, name, event, when, news, sent)
            if body != sent:
                self._journal.commit(body, key)

    def recall(self, name: str, *, key: str = "") -> None:
        """Take back an inject that has not happened yet."""
        self._journal.commit(records.Recalled(name=name), key)

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
            if not isinstance(self._journal.sent(key), records.Timed):
                self._journal.commit(records.Timed(until=until, left=left), key)

    def close_turn(self, turn: int, *, branch: int | None = None, key: str = "") -> None:
        """Take no more orders for the open turn."""
        self._journal.commit(records.Closed(turn=turn), key, branch=branch)

    def reopen_turn(self, turn: int, *, branch: int | None = None, key: str = "") -> None:
        """Take orders again."""
        self._journal.commit(records.Reopened(turn=turn), key, branch=branch)

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
                line = self._journal.line(number)
                if line.resolved >= turn:
                    return self.replay(number)
                if turn != line.turn or not (line.closed and line.resolving):
                    self._journal.commit(records.Closed(turn=turn, resolving=True), "", branch=number)
                request = self.game.request(number, turn)
            while True:
                replay = self._cache.replay(request, self.engine)
                with self._lock:
                    asked, request = request, self.game.request(number, turn)
                    if not self._journal.line(number).closed:
                        return self.replay(number)  # somebody reopened it meanwhile
                    if asked == request:  # else an inject came meanwhile, and the turn is another one
                        self._journal.commit(records.Resolved(turn=turn, digest=replay.digest), "", branch=number)
                        return replay

    def pace(self, by_itself: bool, *, key: str = "") -> None:
        """Say whether a turn is resolved by itself once all seats that are taken are ready."""
        self._journal.commit(records.Paced(by_itself=by_itself), key)
        self.resolve_if_due()

    def figures(self, shown: bool, *, key: str = "") -> None:
        """Say whether the desks offer the model's figures and advice."""
        self._journal.commit(records.Figured(shown=shown), key)

    def resolve_if_due(self) -> None:
        """Resolve the open turn if it is due."""
        with self._resolving:
            with self._lock:
                due = self.game.branch.turn if self.game.is_due else 0
            if due:
                with contextlib.suppress(LateError):  # play was ended meanwhile
                    self.resolve(due)

    def resume(self) -> None:
        """Resolve what a kill cut short; whoever opens a game asks."""
        for branch, turn in self.game.cut_short:
            with contextlib.suppress(LateError):  # play was ended meanwhile
                self.resolve(turn, branch=branch)
        self.resolve_if_due()

    def undo(self, turn: int, *, branch: int | None = None, key: str = "") -> None:
        """Take back the last resolved turn; its trace stays in the log."""
        with self._resolving:
            self._journal.commit(records.Undone(turn=turn), key, branch=branch)

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
            sent = self._journal.sent(key)
            body = branch_body(self.game, name, turn, luck, sent)
            if body is not sent:
                self._journal.commit(body, key, branch=branch)
        return body.branch

    def play_out(self, branch: int, turns: int) -> Replay:
        """Resolve a branch up to a turn with the orders that it took along."""
        while self.game.branches[branch].resolved < turns:
            self.resolve(self.game.branches[branch].turn, branch=branch)
        return self.replay(branch)

    def activate(self, branch: int, *, key: str = "") -> None:
        """Let the teams go on in a branch."""
        self._journal.commit(records.Activated(), key, branch=branch)

    def reveal(self, step: str, turn: int, *, key: str = "") -> None:
        """Reveal one kind of secret of all turns up to one, to everyone."""
        if step not in records.STEPS:
            raise GameError(refusal("no.step", steps=records.STEPS, given=step))
        self._journal.commit(records.Revealed(step=step, turn=turn), key)

    def debrief(self, step: int, *, length: Literal["brief", "whole"] | None = None, key: str = "") -> None:
        """Let the debrief come to a step, and make it brief or whole; 0 is before the first step."""
        self._journal.commit(records.Debriefed(step=step, length=length), key)

    def end(self, *, key: str = "") -> None:
        """End play; the review begins."""
        self._journal.commit(records.Ended(), key)

    # What there is

    @property
    def store(self) -> Store:
        """The log on the disk."""
        return self._journal.store

    @property
    def game(self) -> GameState:
        """What the log comes to."""
        return self._journal.game

    @property
    def on_change(self) -> OnChange | None:
        """Called after each record with the versions of the seats that may know of it."""
        return self._journal.on_change

    @on_change.setter
    def on_change(self, listener: OnChange | None) -> None:
        self._journal.on_change = listener

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each seat's view; it grows with each record that the seat may know of."""
        return dict(self.game.versions)

    def replay(self, branch: int | None = None, turns: int | None = None) -> Replay:
        """Return the replay of a branch, up to the turns that are resolved in it or fewer."""
        with self._lock:
            request = self.game.request(branch, turns)
        return self._cache.replay(request, self.engine)

    def snapshot(self, branch: int | None = None) -> Snapshot:
        """Return a branch as it is now."""
        with self._lock:
            line = self._journal.line(branch)
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
        """Return a branch as it was after a record: for the replay of what a team saw."""
        game = GameState(self.store.records()[:seq], known=self.game)
        line = game.branches[self.game.active if branch is None else branch]
        return Snapshot(game, line, self._cache.replay(game.request(line.number), self.engine))

    def once[T](self, name: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what was made under a name, or make it, as `ReplayCache.once` does."""
        return self._cache.once(name, make)

    def verify(self) -> tuple[str, ...]:
        """Return what a replay of the log finds different, such as turns that another version played."""
        return tuple(
            f"branch {line.number}, turn {turn}: this version comes to other numbers"
            for line in self.game.branches
            for turn, digest in sorted(line.digests.items())
            if self.replay(line.number, turn).digest != digest
        )
