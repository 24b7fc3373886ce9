"""Hold a grid against the bounds of a game that is worth playing."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from papertiger.wargame.balance.grid import RULES

if TYPE_CHECKING:
    from papertiger.wargame.balance.grid import Column, Grid

SPREAD = 0.15
"""Least distance between a seat's best and worst strategy, as a share of its score."""
MARGIN = 0.005
"""By how much a strategy is beaten at least, beside its standard error."""
ERRORS = 2.0
STAKES = 0.5
IN_PLAY = 0.6
DIGITS = 3


@dataclass(frozen=True)
class Bound:
    """One bound: what it asks, what was measured, and whether it holds."""

    asks: str
    measured: str
    holds: bool


@dataclass(frozen=True)
class SeatBalance:
    """What a seat's strategies come to.

    Attributes
    ----------
    seat, strategies
        Names; strategies from the best against the rules to the worst.
    against_rules
        Each strategy's own score against the rules.
    ranges
        The lowest and the highest of its mean scores over all columns.
    best_against
        In how many columns each is the best.
    beaten_by
        For each strategy the column in which another beats it most clearly, that other's name, and by how much; blank
        if it is best against everything.
    columns
        How many columns there are.
    equal
        Pairs of strategies that are equal to three digits against the rules.
    """

    seat: str
    strategies: tuple[str, ...]
    against_rules: dict[str, float]
    ranges: dict[str, tuple[float, float]]
    best_against: dict[str, int]
    beaten_by: dict[str, tuple[Column, str, float] | None]
    columns: int
    equal: tuple[tuple[str, str], ...]

    @property
    def spread(self) -> float:
        """Distance between the best and the worst strategy against the rules."""
        return max(self.against_rules.values()) - min(self.against_rules.values())

    @property
    def dominant(self) -> tuple[str, ...]:
        """Strategies that nothing beats clearly, whatever is played."""
        return tuple(name for name in self.strategies if self.beaten_by[name] is None)


def seat_balance(grid: Grid, seat: str) -> SeatBalance:
    """Return what a seat's strategies come to."""
    names, columns = grid.seats[seat], grid.columns(seat)
    means = {(name, column): grid.mean(seat, name, column) for name in names for column in columns}
    best = {
        column: max((means[name, column], -place, name) for place, name in enumerate(names))[2] for column in columns
    }
    beaten: dict[str, tuple[Column, str, float] | None] = {}
    for name in names:
        gaps = [(means[best[at], at] - means[name, at], at) for at in columns]
        clear = [(gap, at) for gap, at in gaps if _clearly(grid, seat, best[at], name, at)]
        gap, at = max(clear, default=(0.0, RULES))
        beaten[name] = (at, best[at], gap) if clear else None
    scores = {name: means[name, RULES] for name in names}
    return SeatBalance(
        seat=seat,
        strategies=tuple(sorted(names, key=lambda name: -scores[name])),
        against_rules=scores,
        ranges={
            name: (min(means[name, at] for at in columns), max(means[name, at] for at in columns)) for name in names
        },
        best_against={name: sum(one == name for one in best.values()) for name in names},
        beaten_by=beaten,
        columns=len(columns),
        equal=tuple(
            (one, two)
            for place, one in enumerate(names)
            for two in names[place + 1 :]
            if round(scores[one], DIGITS) == round(scores[two], DIGITS)
        ),
    )


def _clearly(grid: Grid, seat: str, better: str, worse: str, column: Column) -> bool:
    """Tell whether one strategy beats another, luck by luck, by more than chance and by something that counts."""
    pairs = zip(grid.values(seat, better, column), grid.values(seat, worse, column), strict=True)
    gaps = [one - other for one, other in pairs]
    count, mean = len(gaps), sum(gaps) / len(gaps)
    if count < 2 or mean <= MARGIN:
        return mean > MARGIN
    error = sqrt(sum((gap - mean) ** 2 for gap in gaps) / (count - 1) / count)
    return mean > ERRORS * error


def bounds(grid: Grid) -> tuple[Bound, ...]:
    """Return every bound with what was measured, a line each."""
    bounds_held = []
    for seat in grid.seats:
        one = seat_balance(grid, seat)
        best, worst = one.strategies[0], one.strategies[-1]
        bounds_held.append(
            Bound(
                f"{seat}: best and worst differ by {SPREAD}",
                f"{one.spread:.3f} ({best} {one.against_rules[best]:.3f}, {worst} {one.against_rules[worst]:.3f})",
                one.spread >= SPREAD,
            )
        )
        bounds_held.append(
            Bound(
                f"{seat}: no strategy is best against everything",
                f"{', '.join(one.dominant)}" if one.dominant else f"{_kinds(one)} are best against something",
                not one.dominant,
            )
        )
        equal = ", ".join(f"{a} = {b}" for a, b in one.equal)
        bounds_held.append(Bound(f"{seat}: no two strategies are equal", equal or "none are", not one.equal))
    had, turns = grid.stakes
    bounds_held.append(
        Bound(
            f"own evidence or a decision with a price in {STAKES:.0%} of the seat-turns",
            f"{had / turns:.0%}",
            had >= STAKES * turns,
        )
    )
    played, crises = grid.crises
    share = played / crises if crises else 1.0
    bounds_held.append(Bound(f"{IN_PLAY:.0%} of the crises come to states in play", f"{share:.0%}", share >= IN_PLAY))
    return tuple(bounds_held)


def _kinds(one: SeatBalance) -> str:
    best = sum(count > 0 for count in one.best_against.values())
    return f"{best} of {len(one.strategies)}"
