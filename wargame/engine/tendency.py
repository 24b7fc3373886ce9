"""Count what comes of a scenario's game when the rules play its seats, over many games.

Each game is the one that a rehearsal with its seed plays, so what is counted here is what a facilitator would see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from papertiger.model.rules.choice import SUSPENDED
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.engine.replay import run_replay
from papertiger.wargame.rules.request import ReplayRequest
from papertiger.wargame.rules.setup import schedule_of

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.wargame.engine.months import MonthState
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.rules.orders import Sheet

HEADINGS = ("client", *POSTURES, "protection", "moved", "crises", "helped")
ANSWERED = ("intervened", "help_tried")
"""Signals that the patron helped in a crisis, whether or not its help worked."""


@dataclass(frozen=True)
class ClientOutcome:
    """What comes of one client.

    Attributes
    ----------
    client
        Its name.
    before, after
        Share of the games in which it stands on each rung before the first and after the last month of play.
    protection
        What it believes in after the last month, on average.
    moved
        Share of the games in which it changes its posture during play.
    crises
        Crises in a game.
    helped
        Share of its crises in which the patron helped; 0 without any crisis.
    """

    client: str
    before: tuple[float, ...]
    after: tuple[float, ...]
    protection: float
    moved: float
    crises: float
    helped: float


@dataclass(frozen=True)
class Tendency:
    """What comes of many games.

    Attributes
    ----------
    games, seed
        How many, and the seed of the first; the next one's is one more.
    clients
        Those in the network after the last month.
    before, after
        Credibility before the first month of play on average, and after the last: the twentieth part of the games
        below, the middle, the twentieth part above.
    quiet
        Share of the turns in which no crisis breaks out anywhere.
    defecting
        Share of the games in which a client that was not suspended or beyond before play is so after it.
    """

    games: int
    seed: int
    clients: tuple[ClientOutcome, ...]
    before: float
    after: tuple[float, float, float]
    quiet: float
    defecting: float


def tendency(
    scenario: Scenario,
    games: int,
    seed: int = 1,
    *,
    sheets: Sequence[tuple[Sheet, ...]] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Tendency:
    """Play a scenario many times and count.

    Parameters
    ----------
    scenario
        What is played.
    games, seed
        How many games; the first has this seed, the next ones those that follow.
    sheets
        Orders that are the same in every game, by turn; blank leaves every seat to the rules.
    progress
        Called with the games played and the games in all.
    """
    turns = schedule_of(scenario).turns
    given = (*sheets, *((),) * (turns - len(sheets)))
    counts = _Counts(scenario)
    for number in range(games):
        if progress is not None:
            progress(number, games)
        counts.add(run_replay(ReplayRequest(scenario, seed + number, ((1, 0),), turns, given)))
    if progress is not None:
        progress(games, games)
    return counts.tendency(games, seed)


def _quantile(ordered: list[float], part: float) -> float:
    """Return the smallest number that at least a part of the ordered numbers does not exceed."""
    return ordered[max(0, ceil(part * len(ordered)) - 1)]


@dataclass
class _Tally:
    """What is counted of one client, game by game."""

    before: list[int] = field(default_factory=lambda: [0] * len(POSTURES))
    after: list[int] = field(default_factory=lambda: [0] * len(POSTURES))
    protection: float = 0.0
    moved: int = 0
    crises: int = 0
    helped: int = 0
    there: bool = False

    def add(self, i: int, start: MonthState, months: tuple[MonthState, ...]) -> None:
        path = [month.clients[i] for month in (start, *months)]
        self.before[path[0].posture] += 1
        self.after[path[-1].posture] += 1
        self.protection += path[-1].protection
        self.moved += len({client.posture for client in path}) > 1
        self.there = path[-1].present
        for month in months:
            own = sum(crisis.client == i for crisis in month.crises)
            answered = sum(signal.signal in ANSWERED for signal in month.clients[i].signals)
            self.crises += own
            self.helped += min(own, answered)

    def ends(self, client: str, games: int) -> ClientOutcome:
        return ClientOutcome(
            client=client,
            before=tuple(count / games for count in self.before),
            after=tuple(count / games for count in self.after),
            protection=self.protection / games,
            moved=self.moved / games,
            crises=self.crises / games,
            helped=self.helped / self.crises if self.crises else 0.0,
        )


class _Counts:
    """What is counted, game by game."""

    def __init__(self, scenario: Scenario) -> None:
        self.schedule = schedule_of(scenario)
        self.tallies = {name: _Tally() for name in scenario.clients}
        self.quiet = self.defecting = 0
        self.credibility: list[tuple[float, float]] = []

    def add(self, replay: Replay) -> None:
        start, now = replay.start, replay.now
        self.credibility.append((start.credibility, now.credibility))
        self.defecting += any(
            end.present and end.posture >= SUSPENDED > begun.posture
            for begun, end in zip(start.clients, now.clients, strict=True)
        )
        per_turn = self.schedule.per_turn
        for first in range(0, len(replay.months), per_turn):
            self.quiet += not any(month.crises for month in replay.months[first : first + per_turn])
        for i, tally in enumerate(self.tallies.values()):
            tally.add(i, start, replay.months)

    def tendency(self, games: int, seed: int) -> Tendency:
        ends = sorted(after for _, after in self.credibility)
        return Tendency(
            games=games,
            seed=seed,
            clients=tuple(tally.ends(name, games) for name, tally in self.tallies.items() if tally.there),
            before=sum(before for before, _ in self.credibility) / games,
            after=(_quantile(ends, 0.05), _quantile(ends, 0.5), _quantile(ends, 0.95)),
            quiet=self.quiet / (games * self.schedule.turns),
            defecting=self.defecting / games,
        )


# In words


def row_of(one: ClientOutcome) -> tuple[str, ...]:
    """Return a client's row below the headings: its postures after play, and what led there."""
    helped = share(one.helped) if one.crises else "-"
    shares = map(share, one.after)
    return (one.client, *shares, f"{one.protection:.2f}", share(one.moved), f"{one.crises:.1f}", helped)


def share(value: float) -> str:
    """Return a share in per cent, and a dash where there is none."""
    if 0.0 < value < 0.01:
        return "<1 %"
    return f"{100 * value:.0f} %" if value else "-"


def sentences(result: Tendency) -> tuple[str, ...]:
    """Return what the table does not say, a sentence each."""
    low, middle, high = result.after
    return (
        "Postures, as a share of the games, and the protection believed in are those after play; moved is the share "
        "of games in which the posture changes; crises is how many there are in a game, and helped the share of them "
        "in which the patron helps.",
        f"Credibility is {result.before:.2f} before play and {middle:.2f} after it, in nine games of ten between "
        f"{low:.2f} and {high:.2f}.",
        f"In {share(result.defecting)} of the games a client suspends its ties or realigns that had not before; in "
        f"{share(result.quiet)} of the turns no crisis breaks out.",
    )
