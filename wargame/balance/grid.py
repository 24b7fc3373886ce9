"""Play the grid: each strategy of each seat against the rules and against each strategy of each other seat.

All games of one luck share its draws, so that what differs between two of them is what was decided (common random
numbers). Lucks are numbered by seed from the first on, and each is played in one process, so that the number of
processes changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from papertiger.wargame.balance.strategies import STRATEGIES, Strategy, targets_of
from papertiger.wargame.balance.table import Table
from papertiger.wargame.rules.seats import offered
from papertiger.wargame.rules.setup import game_of

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.wargame.balance.table import Play, Turn
    from papertiger.wargame.rules.seats import Seat

MAX_FULL = 8
"""Up to so many seats every pair is played."""
RULES = ("", "")
"""The column in which the rules play all other seats."""

type Column = tuple[str, str]
"""What a strategy is played against: another seat and its strategy, all else by the rules; or ``RULES``."""
type Cell = tuple[str, str, Column]
"""A seat, its strategy, and the column."""


@dataclass(frozen=True)
class Luck:
    """What one luck came to.

    Attributes
    ----------
    scores
        The seat's own score in each cell.
    stakes
        By seat, in how many turns it had evidence of its own or a decision with a price, and how many there were; in
        the games in which one seat plays a strategy and the rules the others.
    crises
        Crises in the same games: of states that somebody can play, and all.
    """

    scores: dict[Cell, float]
    stakes: dict[str, tuple[int, int]]
    crises: tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """What the lucks came to.

    Attributes
    ----------
    scenario, title
        What was played.
    seats
        Those that are scored, with the names of their strategies.
    lucks
        One after the other.
    """

    scenario: str
    title: str
    seats: dict[str, tuple[str, ...]]
    lucks: tuple[Luck, ...]

    def values(self, seat: str, strategy: str, column: Column = RULES) -> list[float]:
        """Return a cell's scores, luck by luck."""
        return [luck.scores[seat, strategy, column] for luck in self.lucks]

    def mean(self, seat: str, strategy: str, column: Column = RULES) -> float:
        """Return a cell's score on average."""
        values = self.values(seat, strategy, column)
        return sum(values) / len(values)

    def columns(self, seat: str) -> list[Column]:
        """Return all that a seat's strategies are played against."""
        first = next(iter(self.seats[seat]))
        return [column for own, strategy, column in self.lucks[0].scores if (own, strategy) == (seat, first)]

    @property
    def stakes(self) -> tuple[int, int]:
        """Seat-turns with evidence of its own or a decision with a price, and all."""
        return _total(one for luck in self.lucks for one in luck.stakes.values())

    @property
    def crises(self) -> tuple[int, int]:
        """Crises of states that somebody can play, and all."""
        return _total(luck.crises for luck in self.lucks)


def scored_seats(scenario: Scenario) -> tuple[Seat, ...]:
    """Return the seats of a game that are asked for more than forecasts."""
    game = game_of(scenario)
    briefs = {
        **({"patron": game.seats.patron} if game.seats.patron is not None else {}),
        **{f"client:{name}": brief for name, brief in game.seats.clients.items()},
        **{f"rival:{name}": brief for name, brief in game.seats.rivals.items()},
        **{f"adversary:{name}": brief for name, brief in game.seats.adversaries.items()},
    }
    return tuple(
        seat
        for seat in offered(game)
        if any(one.measure != "forecasts" for one in briefs[str(seat)].objectives.values())
    )


def play_luck(scenario: Scenario, seed: int, pairs: bool = True) -> Luck:
    """Play the grid with one luck: against the rules, and in pairs."""
    table, scored = Table(scenario, seed), scored_seats(scenario)
    scores: dict[Cell, float] = {}
    stakes = {str(seat): (0, 0) for seat in scored}
    crises = (0, 0)
    for seat in scored:
        for one in STRATEGIES[seat.kind]:
            turns = table.play({seat: one})
            scores[str(seat), one.name, RULES] = table.score(turns, seat)
            crises = _add(crises, _crises(table, turns))
            if one is STRATEGIES[seat.kind][0]:
                for other in scored:
                    had = table.has_stakes(turns, other)
                    stakes[str(other)] = _add(stakes[str(other)], (sum(had), len(had)))
    for (a, one), (b, two) in _pairs(meeting(table, scored) if pairs else []):
        play: Play = {a: one, b: two}
        turns = table.play(play)
        scores[str(a), one.name, (str(b), two.name)] = table.score(turns, a)
        scores[str(b), two.name, (str(a), one.name)] = table.score(turns, b)
    return Luck(scores, stakes, crises)


def _total(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    total = (0, 0)
    for one in counts:
        total = _add(total, one)
    return total


def _add(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def meeting(table: Table, scored: tuple[Seat, ...]) -> list[tuple[Seat, Seat]]:
    """Return the pairs of seats that are played against each other.

    In a small game these are all. In a large one they are those whose orders are about one client: two clients, for
    instance, only watch each other.
    """
    pairs = list(combinations(scored, 2))
    if len(scored) <= MAX_FULL:
        return pairs
    about = {seat: set(targets_of(table.game, table.setting, seat)) for seat in scored}
    return [(a, b) for a, b in pairs if about[a] & about[b]]


def _pairs(seats: list[tuple[Seat, Seat]]) -> Iterator[tuple[tuple[Seat, Strategy], tuple[Seat, Strategy]]]:
    for a, b in seats:
        for one in STRATEGIES[a.kind]:
            for two in STRATEGIES[b.kind]:
                yield (a, one), (b, two)


def _crises(table: Table, turns: tuple[Turn, ...]) -> tuple[int, int]:
    played = {i for i, own in enumerate(table.setting.clients) if own.name in table.game.seats.clients}
    clients = [crisis.client for turn in turns for month in turn.months for crisis in month.crises]
    return sum(client in played for client in clients), len(clients)


def play_grid(
    scenario: Scenario,
    lucks: int,
    seed: int = 1,
    *,
    workers: int = 1,
    pairs: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Grid:
    """Play the grid with many lucks.

    Parameters
    ----------
    scenario
        What is played.
    lucks, seed
        How many, and the seed of the first; the next one's is one more.
    workers
        How many processes; 1 plays in this one.
    pairs
        Whether strategies are played against each other, too; otherwise against the rules alone.
    progress
        Called with the lucks played and all.
    """
    seeds = range(seed, seed + lucks)
    lucks_played: list[Luck] = []
    if workers == 1:
        for done, one in enumerate(seeds):
            if progress is not None:
                progress(done, lucks)
            lucks_played.append(play_luck(scenario, one, pairs))
    else:
        from papertiger.experiments.run.lifeline import WorkerPool  # noqa: PLC0415 - only for more than one process

        with WorkerPool(workers) as pool:
            waiting = [pool.submit(play_luck, scenario, one, pairs) for one in seeds]
            try:
                for done, future in enumerate(waiting):
                    if progress is not None:
                        progress(done, lucks)
                    lucks_played.append(future.result())
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
    game = game_of(scenario)
    names = {str(seat): tuple(one.name for one in STRATEGIES[seat.kind]) for seat in scored_seats(scenario)}
    return Grid(scenario.name, game.title.en, names, tuple(lucks_played))
