"""Replay a game: run the model month by month over the orders that the log holds.

The compiled month is run one month at a time, each from the state the last one left, so that all that happened
within a month can be read off: crises, signals, offers. A replay is the same, to the last bit, as a run of
`papertiger.model.agents.world` with the same scenario, seed and orders; bots in all seats are a run without orders.

Only this module and `papertiger.wargame.engine.fan` need the compiled ensemble; a server leaves both to its worker.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from papertiger.model.decisions import Decisions
from papertiger.model.ledger import Closing, Entry
from papertiger.model.setting import REGIME_LOSS
from papertiger.wargame.engine.months import CrisisMonth, MonthState
from papertiger.wargame.engine.reading import client_month, month_state, rows_of
from papertiger.wargame.rules.background import quiet
from papertiger.wargame.rules.conditions import holds
from papertiger.wargame.rules.decisions import TurnDecisions, decide
from papertiger.wargame.rules.orders import Standing
from papertiger.wargame.rules.request import ReplayRequest
from papertiger.wargame.rules.setup import game_of, played_scenario, schedule_of

if TYPE_CHECKING:
    from papertiger.model.ensemble.kernel import Moving
    from papertiger.model.ensemble.tables import Tables
    from papertiger.model.setting import DatedEvent, Outlook, Setting
    from papertiger.scenarios import Scenario
    from papertiger.scenarios.schema.events import Event
    from papertiger.wargame.rules.setup import Schedule

FIRST_ROOM = 8192


def fingerprint(request: ReplayRequest) -> str:
    """Return a name for a request; the scenario and the seed of a game never change."""
    digest = hashlib.sha256(repr((request.runs, request.turns)).encode())
    for sheets in request.sheets:
        for sheet in sheets:
            digest.update(sheet.model_dump_json().encode())
        digest.update(b"|")
    for plan in request.planned:
        condition = plan.condition.model_dump_json() if plan.condition is not None else ""
        digest.update(f"{plan.name}\0{plan.event.model_dump_json()}\0{condition}\0{plan.since}\1".encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class Replay:
    """Hold what happened so far.

    Attributes
    ----------
    scenario
        The scenario that was run, with all that seats and the facilitator added to its events.
    start
        The end of the last month before play.
    months
        The months of play, in order.
    coming
        Crises of the next turn's first month as dated events and the rules have them.
    entries, closings
        The ledger from the beginning of the record on.
    book
        The orders, as `papertiger.model.agents.simulate.simulate` takes them.
    happened
        Names of planned events that were due, with the turn in which they happen.
    standings
        Where everybody stood before each turn, and before the one that comes.
    """

    scenario: Scenario
    start: MonthState
    months: tuple[MonthState, ...]
    coming: tuple[CrisisMonth, ...]
    entries: tuple[Entry, ...]
    closings: tuple[Closing, ...]
    book: Decisions = field(compare=False)
    happened: tuple[tuple[str, int], ...]
    standings: tuple[Standing, ...]

    @property
    def now(self) -> MonthState:
        """The present: the end of the last month that was played."""
        return self.months[-1] if self.months else self.start

    @property
    def digest(self) -> str:
        """SHA-256 of every number of the months of play, to tell whether a replay is the same."""
        # Games of version 0.1.0 hold digests of this text, in which a month was written under this name.
        text = repr((self.start, self.months)).replace("MonthState(", "MonthOf(")
        return hashlib.sha256(text.encode()).hexdigest()


def run_replay(request: ReplayRequest) -> Replay:
    """Play the turns of a game from the beginning of its record.

    Parameters
    ----------
    request
        What is played; the same request gives the same replay.
    """
    return _Replayer(request).run()


class _Replayer:
    """Play one request: hold the scenario as it grows, and the state from month to month."""

    def __init__(self, request: ReplayRequest) -> None:
        self.request = request
        self.schedule: Schedule = schedule_of(request.scenario)
        self.game = game_of(request.scenario)
        self.added: dict[str, Event] = {plan.name: plan.event for plan in request.planned if plan.condition is None}
        self.happened: list[tuple[str, int]] = []
        self.ledger: list[Entry] = []
        self.closings: list[Closing] = []
        self.state: tuple[Any, Any, Any, Any, Any] | None = None
        self.tables: Tables
        self.setting: Setting
        self._set_scenario()
        self.book = quiet(self.game, self.setting, self.schedule.played(self.schedule.turns))

    def _set_scenario(self) -> None:
        from papertiger.model.ensemble.tables import build_tables  # noqa: PLC0415
        from papertiger.model.template import build_setting  # noqa: PLC0415 - what runs the model is imported when it runs

        self.scenario = played_scenario(self.request.scenario, self.added)
        self.setting = build_setting(self.scenario, self.request.seed, self.request.runs[0][1])
        self.tables = build_tables(self.setting)

    def run(self) -> Replay:
        first = self.schedule.first
        start = self._run(0, first, self.request.runs[0][1])
        months: list[MonthState] = []
        standings: list[Standing] = []
        for turn in range(1, self.request.turns + 1):
            now = months[-1] if months else start
            span = self.schedule.months(turn)
            decided = self._decide(turn, span, now)
            standings.append(standing_of(now, self.setting, span.start))
            _enter(self.book, decided.book)
            months.extend(self._run(month, month + 1, self._luck(turn)) for month in span)
        now = months[-1] if months else start
        coming = self._look_ahead(now)  # may let a planned event into the scenario
        standings.append(standing_of(now, self.setting, now.index + 1))
        return Replay(
            scenario=self.scenario,
            start=start,
            months=tuple(months),
            coming=coming,
            entries=tuple(self.ledger),
            closings=tuple(self.closings),
            book=self.book,
            happened=tuple(self.happened),
            standings=tuple(standings),
        )

    def _luck(self, turn: int) -> int:
        return next(run for since, run in reversed(self.request.runs) if since <= turn)

    def _decide(self, turn: int, span: range, now: MonthState) -> TurnDecisions:
        """Let planned events that are due and events of orders into the scenario, and return the turn's orders."""
        due = self._due(turn, span, now)
        standing = standing_of(now, self.setting, span.start)
        decided = decide(self.request.sheets[turn - 1], span, self.setting, standing)
        if due or decided.events:
            self.added |= due | decided.events
            self._set_scenario()
        return decided

    def _due(self, turn: int, span: range, now: MonthState) -> dict[str, Event]:
        """Return planned events whose condition is seen for the first time before this turn, dated in it."""
        done = {name for name, _ in self.happened}
        due = {}
        for plan in self.request.planned:
            if plan.condition is None or plan.name in done or turn < plan.since:
                continue
            postures = {own.name: now.clients[i].posture for i, own in enumerate(self.setting.clients)}
            present = {own.name for i, own in enumerate(self.setting.clients) if now.clients[i].present}
            if holds(plan.condition, postures, present):
                due[plan.name] = plan.event.model_copy(update={"date": self.setting.months[span.start]})
                self.happened.append((plan.name, turn))
        return due

    def _look_ahead(self, now: MonthState) -> tuple[CrisisMonth, ...]:
        """Return the crises of the next turn's first month if nobody gives an order, and leave no trace."""
        turn = self.request.turns + 1
        if turn > self.schedule.turns:
            return ()
        span = self.schedule.months(turn)
        due = self._due(turn, span, now)
        if due:
            self.added |= due
            self._set_scenario()
        before = self.state, list(self.ledger), list(self.closings), self.book
        self.book = quiet(self.game, self.setting, span)
        month = self._run(span.start, span.start + 1, self._luck(turn))
        self.state, self.ledger, self.closings, self.book = before
        return month.crises

    def _run(self, first: int, stop: int, run: int) -> MonthState:
        """Run some months from the state at hand and return the last of them."""
        from papertiger.model.ensemble.batches import key_of, make_fixed, make_kept, make_moving  # noqa: PLC0415
        from papertiger.model.ensemble.engine import kernel_for  # noqa: PLC0415
        from papertiger.model.ensemble.kernel import PATRON_MEASURES, Batch  # noqa: PLC0415
        from papertiger.model.ensemble.start import Start, start_of  # noqa: PLC0415
        from papertiger.model.ensemble.tables import build_decisions  # noqa: PLC0415

        setting = self.setting
        if self.state is None:
            begin = start_of(setting)
            self.state = begin.clients, begin.offers, begin.ties, begin.first_attraction, begin.patron
        start = Start(first, *self.state)
        # Those of other months are not looked at, and checking all of them each month would take most of the time.
        fixed = make_fixed(self.tables, build_decisions(_within(self.book, first, stop), setting))
        paths = make_kept(self.tables, ("patron",), 1)
        kernel, rows = kernel_for(), FIRST_ROOM
        while True:
            moving = make_moving(self.tables, ledger_rows=rows)
            kernel(fixed, moving, paths, key_of(setting, run), start.state, Batch(first, stop, run, 1))
            if int(moving.written[0]) <= rows:
                break
            rows = int(moving.written[0])
        self.state = (
            moving.clients.copy(),
            moving.offers.copy(),
            moving.ties.copy(),
            moving.first_attraction.copy(),
            moving.patron.copy(),
        )
        self._note(moving)
        credibility = float(paths.patron[0, stop - 1, PATRON_MEASURES.index("credibility")])
        return self._read(moving, credibility, stop - 1)

    def _note(self, moving: Moving) -> None:
        """Write down the ledger of the months that were just run."""
        from papertiger.model.ensemble.tables import CHANNELS, SUCCESSION_CAUSE, cause_name  # noqa: PLC0415

        for row in moving.ledger[: int(moving.written[0])]:
            month, client, code, channel, *numbers = row.item()
            if code == SUCCESSION_CAUSE:
                self.closings.append(Closing(month, client, *numbers[:3]))
            else:
                cause = cause_name(code, self.tables)
                self.ledger.append(Entry(month, client, cause, CHANNELS[channel], *numbers))

    def _read(self, moving: Moving, credibility: float, month: int) -> MonthState:
        """Return a month in plain numbers."""
        rows = rows_of(moving)
        clients = tuple(client_month(rows, self.tables, i) for i in range(len(self.setting.clients)))
        return month_state(moving, self.tables, clients, credibility, month)


def _within(book: Decisions, first: int, stop: int) -> Decisions:
    """Return the decisions of some months."""
    return Decisions(
        {key: value for key, value in book.decisions.items() if first <= key[0] < stop},
        {key: value for key, value in book.offers.items() if first <= key[0] < stop},
        {key: value for key, value in book.attention.items() if first <= key[0] < stop},
    )


def _enter(book: Decisions, more: Decisions) -> None:
    book.decisions |= more.decisions
    book.offers |= more.offers
    book.attention |= more.attention


def standing_of(now: MonthState, setting: Setting, month: int) -> Standing:
    """Return where everybody stands before a month; who enters with it is there."""
    return Standing(
        postures=tuple(client.posture for client in now.clients),
        present=tuple(own.is_in_network(month) for own in setting.clients),
        budget=now.budget,
        burden=now.burden,
        falling=tuple(i in falling_in(month, setting) for i in range(len(setting.clients))),
    )


def falling_in(month: int, setting: Setting) -> dict[int, DatedEvent]:
    """Return the dated regime losses of a month that happen, by client."""
    return {
        event.client: event
        for event in setting.events
        if event.kind == REGIME_LOSS
        and event.month == month
        and month < len(setting.months)
        and (event.always or not setting.generative[month])
    }


def outlooks_of(setting: Setting) -> tuple[Outlook, ...]:
    """Return the outlooks that clients may have, in the order in which a client's month numbers them."""
    later = tuple(event.outlook for event in setting.events if event.outlook is not None)
    return (*(client.outlook for client in setting.clients), *later)
