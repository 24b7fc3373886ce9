"""Forecast what a forecast must beat: nothing changes, and everybody changes as often as everybody did.

Every forecaster answers the same question: given where each client stood at one half-year, with what probability does
it stand on each rung at a later one?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from papertiger.experiments.history.observed.coding import Postures

RUNGS = len(POSTURES)

PRIOR_STEPS = 1.0
"""How many steps the prior of a transition row is worth: one, the weakest that names every rung (Perks 1947).

Four changes in the training span leave most rows of the table empty, so something must be said about them; one step
of prior against nearly a hundred observed ones says it without being heard where there are data.
"""

FALL_PER_RUNG = 0.5
"""How much rarer a move becomes with each rung that it spans, in the prior: half as likely as one by a rung less."""


class Forecaster(Protocol):
    """Say where clients will stand: the model, and whatever it is held against."""

    @property
    def name(self) -> str:
        """Return what tables call it."""
        ...

    def forecast(self, postures: Postures, origin: int, target: int) -> NDArray[np.float64]:
        """Return the probability of each rung at the half-year `target`, N x 5, knowing the postures at `origin`.

        Parameters
        ----------
        postures
            The observed ones, of which nothing after the origin is looked at.
        origin, target
            Positions of half-years, target >= origin; the target may lie beyond the observed ones.
        """
        ...


@dataclass(frozen=True)
class Persistence:
    """Forecast that nothing changes (M0)."""

    name: str = "persistence"

    def forecast(self, postures: Postures, origin: int, target: int) -> NDArray[np.float64]:
        """Return certainty that every client stays where it stood; see `Forecaster`."""
        steps_ahead(postures, origin, target)
        return standing(postures, origin)


@dataclass(frozen=True)
class Climatology:
    """Forecast as many changes as everybody made: one Markov chain over the rungs for all clients.

    Attributes
    ----------
    transition
        5 x 5: probability of each rung after a half-year, by the one before it.
    """

    transition: NDArray[np.float64]
    name: str = "climatology"

    @classmethod
    def fit(
        cls,
        postures: Postures,
        last: int,
        clients: Collection[str] | None = None,
        name: str = "climatology",
    ) -> Climatology:
        """Return the chain whose transitions are those of the training span, smoothed.

        A row is (counts + prior) / (steps + 1). The prior of each row is worth `PRIOR_STEPS` and has as much mass on
        staying as all clients stayed in the training span, counted with half a stay and half a move more (Jeffreys);
        the rest falls by `FALL_PER_RUNG` with each rung of distance.

        Parameters
        ----------
        postures
            The observed ones.
        last
            Position of the last half-year of the training span; steps into later ones are not looked at.
        clients
            Whose steps are counted; all if left out.
        name
            What tables call it.
        """
        counts = transition_counts(postures, last, clients)
        stays, steps = float(np.trace(counts)), float(counts.sum())
        prior = prior_rows((stays + 0.5) / (steps + 1.0))
        table = (counts + PRIOR_STEPS * prior) / (counts.sum(axis=1, keepdims=True) + PRIOR_STEPS)
        return cls(table, name)

    def forecast(self, postures: Postures, origin: int, target: int) -> NDArray[np.float64]:
        """Return the rows of the chain's power; see `Forecaster`."""
        ahead, now = steps_ahead(postures, origin, target), standing(postures, origin)
        # Where nobody looked at the origin, the chain goes on from where a client was seen last.
        steps = ahead + origin - np.maximum(postures.last_seen(origin), 0)
        forecast = np.empty_like(now)
        for count in np.unique(steps):
            forecast[steps == count] = now[steps == count] @ np.linalg.matrix_power(self.transition, int(count))
        return forecast


def transition_counts(postures: Postures, last: int, clients: Collection[str] | None = None) -> NDArray[np.float64]:
    """Return how many scored steps of the training span went from each rung to each, 5 x 5; none over a gap.

    Parameters
    ----------
    postures, last, clients
        As for `Climatology.fit`.
    """
    if not 0 <= last < len(postures.periods):
        raise ValueError(f"expected a half-year from 0 to {len(postures.periods) - 1}, got {last}")
    # A step over a gap is no step of one period, and nobody knows by which way it went.
    adjacent = postures.seen[:last] & postures.seen[1 : last + 1]
    counted = postures.scored[1 : last + 1] & adjacent
    if clients is not None:
        counted = counted & np.isin(postures.clients, list(clients))
    before, after = postures.posture[:last][counted], postures.posture[1 : last + 1][counted]
    counts = np.zeros((RUNGS, RUNGS))
    np.add.at(counts, (before, after), 1.0)
    return counts


def prior_rows(stay: float) -> NDArray[np.float64]:
    """Return the prior of a transition table, 5 x 5: `stay` on the diagonal, the rest falling with distance."""
    rungs = np.arange(RUNGS)
    distance = np.abs(rungs[:, None] - rungs[None, :])
    moves = np.where(distance > 0, np.power(FALL_PER_RUNG, distance), 0.0)
    return np.where(distance > 0, (1.0 - stay) * moves / moves.sum(axis=1, keepdims=True), stay)


def standing(postures: Postures, origin: int) -> NDArray[np.float64]:
    """Return certainty of where each client stood, or was last seen, N x 5."""
    return np.asarray(np.eye(RUNGS)[postures.posture[origin]])


def steps_ahead(postures: Postures, origin: int, target: int) -> int:
    """Return how many half-years a forecast looks ahead.

    Raises
    ------
    ValueError
        If the origin was not observed, or the target lies before it.
    """
    if not 0 <= origin < len(postures.periods):
        raise ValueError(f"expected an origin from 0 to {len(postures.periods) - 1}, got {origin}")
    if target < origin:
        raise ValueError(f"expected a target at or after the origin {origin}, got {target}")
    return target - origin
