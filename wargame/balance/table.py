"""Play a game many times with the same luck: the record is run once, and each game goes on from its end.

A game at this table is the one that `papertiger.wargame.engine.replay` would replay with the same sheets, to the last
bit; a test holds the two together. It is quicker since nothing is read off a month but what is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from papertiger.model.decisions import FREE, Decision, Decisions
from papertiger.wargame.balance.strategies import STRATEGIES, Situation, Strategy
from papertiger.wargame.engine.reading import ClientsWhenAsked, month_state
from papertiger.wargame.engine.replay import falling_in
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.background import quiet
from papertiger.wargame.rules.decisions import decide
from papertiger.wargame.rules.objections import check_sheet
from papertiger.wargame.rules.orders import Sheet, Standing
from papertiger.wargame.rules.prices import spent_on
from papertiger.wargame.rules.setup import game_of, played_scenario, schedule_of
from papertiger.wargame.views.measures import TurnFacts, value_of

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.wargame.engine.months import MonthState
    from papertiger.wargame.rules.orders import AnyOrder
    from papertiger.wargame.rules.seats import Seat

type Play = Mapping[Seat, Strategy]
"""Who plays what; seats that are not named are played by the rules."""


@dataclass(frozen=True)
class Turn:
    """One turn of a game that was played: what was ordered where everybody stood, and what came of it."""

    standing: Standing
    sheets: Mapping[Seat, Sheet]
    months: tuple[MonthState, ...]


class Table:
    """Play a scenario's game with one luck, as often as one likes.

    Parameters
    ----------
    scenario
        What is played.
    seed
        Key of the draws.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        from papertiger.model.ensemble.batches import key_of, make_fixed, make_kept, make_moving  # noqa: PLC0415 - the engine's
        from papertiger.model.ensemble.engine import kernel_for  # noqa: PLC0415
        from papertiger.model.ensemble.start import start_of  # noqa: PLC0415
        from papertiger.model.ensemble.tables import build_decisions, build_tables  # noqa: PLC0415
        from papertiger.model.template import build_setting  # noqa: PLC0415

        self.game, self.schedule = game_of(scenario), schedule_of(scenario)
        self.setting = build_setting(played_scenario(scenario), seed)
        self.tables = build_tables(self.setting)
        self.kernel, self.key = kernel_for(), key_of(self.setting, 0)
        self.moving, self.paths = make_moving(self.tables), make_kept(self.tables, ("patron",), 1)
        self._begin(start_of(self.setting).state)
        self._run(make_fixed(self.tables, build_decisions(None, self.setting)), 0, self.schedule.first, fresh=True)
        self.first = self._read(self.schedule.first - 1)
        self.before = [rows.copy() for rows in self._state]

    @property
    def _state(self) -> tuple[Any, ...]:
        return (
            self.moving.clients,
            self.moving.offers,
            self.moving.ties,
            self.moving.first_attraction,
            self.moving.patron,
        )

    def _begin(self, rows: Any) -> None:
        for mine, theirs in zip(self._state, rows, strict=False):
            mine[...] = theirs

    @cached_property
    def _measure(self) -> int:
        from papertiger.model.ensemble.kernel import PATRON_MEASURES  # noqa: PLC0415

        return PATRON_MEASURES.index("credibility")

    @cached_property
    def _undecided(self) -> Any:
        """What is decided before anybody orders, as arrays."""
        from papertiger.model.ensemble.tables import build_decisions  # noqa: PLC0415

        still = Decisions({(0, 0, Decision.POSTURE): FREE})  # or there would be no arrays to write into
        still.decisions |= quiet(self.game, self.setting, self.schedule.played(self.schedule.turns)).decisions
        return build_decisions(still, self.setting)

    @cached_property
    def _falling(self) -> dict[int, tuple[bool, ...]]:
        """Whose regime falls in the first month of a turn, by that month."""
        firsts = [self.schedule.months(turn).start for turn in range(1, self.schedule.turns + 1)]
        falls = {month: falling_in(month, self.setting) for month in firsts}
        return {month: tuple(i in one for i in range(len(self.setting.clients))) for month, one in falls.items()}

    def _standing(self, now: MonthState, month: int) -> Standing:
        return Standing(
            postures=cast("ClientsWhenAsked", now.clients).postures,
            present=tuple(own.is_in_network(month) for own in self.setting.clients),
            budget=now.budget,
            burden=now.burden,
            falling=self._falling[month],
        )

    def _run(self, fixed: Any, first: int, stop: int, *, fresh: bool = False) -> None:
        from papertiger.model.ensemble.kernel import Batch  # noqa: PLC0415
        from papertiger.model.ensemble.kernel.state import StartState  # noqa: PLC0415

        clients, offers, ties, first_attraction, patron = self._state
        start = StartState(clients, offers, ties, first_attraction, patron, fresh)
        self.kernel(fixed, self.moving, self.paths, self.key, start, Batch(first, stop, 0, 1))

    def _read(self, month: int) -> MonthState:
        credibility = float(self.paths.patron[0, month, self._measure])
        return month_state(self.moving, self.tables, ClientsWhenAsked(self.moving, self.tables), credibility, month)

    def play(self, play: Play, *, check: bool = False) -> tuple[Turn, ...]:
        """Play a whole game.

        Parameters
        ----------
        play
            Who plays what.
        check
            Whether every sheet is refused that a seat may not give.
        """
        from papertiger.model.ensemble.batches import make_fixed  # noqa: PLC0415

        self._begin(self.before)
        base = self._undecided
        given = replace(base, decisions=base.decisions.copy(), offers=base.offers.copy())
        fixed = make_fixed(self.tables, given)
        now, turns = self.first, []
        past: tuple[MonthState, ...] = ()
        for number in range(1, self.schedule.turns + 1):
            span = self.schedule.months(number)
            standing = self._standing(now, span.start)
            sheets = {}
            for seat, strategy in play.items():
                sheets[seat] = self._sheet(seat, strategy, number, standing, now, past)
                if check:
                    check_sheet(sheets[seat], self.setting, self.game, standing, self.schedule.turns)
            if sheets:
                decided = decide(sheets.values(), span, self.setting, standing).book
                for key, value in decided.decisions.items():
                    given.decisions[key] = value
                for offer, value in decided.offers.items():
                    given.offers[offer] = value
            months = []
            for month in span:
                self._run(fixed, month, month + 1)
                months.append(self._read(month))
            now, past = months[-1], tuple(months)
            turns.append(Turn(standing, sheets, past))
        return tuple(turns)

    def _sheet(
        self, seat: Seat, strategy: Strategy, turn: int, standing: Standing, now: MonthState, past: Any
    ) -> Sheet:
        view = Situation(self.game, self.setting, seat, turn, self.schedule.turns, standing, now, past)
        return Sheet(seat=str(seat), turn=turn, orders=cast("tuple[AnyOrder, ...]", tuple(strategy.orders(view))))

    def score(self, turns: tuple[Turn, ...], seat: Seat) -> float:
        """Return a seat's score as a share of the most; what it forecast is left out, since nobody forecasts here."""
        brief = seats.brief_of(self.game, seat)
        lines = [] if brief is None else [one for one in brief.objectives.values() if one.measure != "forecasts"]
        points = 0.0
        for turn in turns:
            facts = TurnFacts(self.game, self.setting, turn.months, seat, turn.sheets.get(seat), turn.standing)
            points += sum(line.weight * value_of(line, facts) for line in lines)
        most = sum(line.weight for line in lines)
        return points / (most * len(turns)) if most else 0.0

    def has_stakes(self, turns: tuple[Turn, ...], seat: Seat) -> list[bool]:
        """Tell of each turn whether it brought a client evidence of its own, or the seat a decision with a price."""
        rows = []
        now: MonthState = self.first
        past: tuple[MonthState, ...] = ()
        for number, turn in enumerate(turns, start=1):
            told = False
            if seat.kind == seats.CLIENT:
                i = [own.name for own in self.setting.clients].index(seat.name)
                told = any(month.clients[i].signals for month in turn.months)
            if not told:
                spent = {
                    spent_on(self._sheet(seat, one, number, turn.standing, now, past), self.game)
                    for one in STRATEGIES[seat.kind]
                }
                told = len(spent) > 1
            rows.append(told)
            now, past = turn.months[-1], turn.months
        return rows
