"""Read latent postures off noisy indicators: how likely each rung makes what was observed.

The coding rule says which posture the levels of indicators make. In its place a file of observations may give, for
each indicator, the distribution of its readings on every rung; postures are then latent, and the likelihood is that
of a hidden Markov chain (Rabiner 1989, *Proceedings of the IEEE* 77:257). Readings are independent of each other
given the rung. What was not read says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from papertiger.experiments.history.observed.coding import code_postures, indicator_levels
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from papertiger.scenarios.observed import Observed, Reading

RUNGS = len(POSTURES)
SMALLEST = 1e-9
"""What a probability of 0 counts as, so that one impossible reading does not hide all the others."""
_LEAST = 1e-300


@dataclass(frozen=True)
class Readings:
    """Hold what was read of every client at the end of every period, and how rungs are read.

    Attributes
    ----------
    clients, periods
        Names, lengths N and P.
    models
        How each indicator reads a rung, by its name.
    data
        By indicator, P x N; not a number where nothing was read.
    start
        Probability of each rung before the first reading.
    """

    clients: tuple[str, ...]
    periods: tuple[str, ...]
    models: Mapping[str, Reading]
    data: Mapping[str, NDArray[np.float64]]
    start: tuple[float, ...]

    @cached_property
    def log_chances(self) -> NDArray[np.float64]:
        """Logarithm of the density of all that was read, by rung, P x N x 5; zero where nothing was."""
        return self.log_chances_of(self.data)

    def log_chances_of(self, data: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return the logarithm of the density of other readings than those that were observed, ... x 5.

        Parameters
        ----------
        data
            By indicator, of any one shape.
        """
        parts = [_log_density(self.models[name], values) for name, values in data.items()]
        return np.asarray(np.sum(parts, axis=0))

    def select(self, clients: Sequence[str]) -> Readings:
        """Return the readings of some clients, in the order in which they are named."""
        places = [self.clients.index(name) for name in clients]
        data = {name: values[:, places] for name, values in self.data.items()}
        return replace(self, clients=tuple(clients), data=data)

    def draw(self, period: int, rungs: NDArray[np.int64], rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
        """Return readings of clients on some rungs, by indicator, length N; what was not read is not drawn.

        Parameters
        ----------
        period
            Position of a period.
        rungs
            Length N.
        rng
            Where the luck comes from.
        """
        drawn = {}
        for name, model in self.models.items():
            values = _draw(model, rungs, rng)
            drawn[name] = np.where(np.isnan(self.data[name][period]), np.nan, values)
        return drawn


def readings_of(observed: Observed) -> Readings:
    """Return what a file of observations says was read.

    Parameters
    ----------
    observed
        A file with reading models.
    """
    postures = code_postures(observed)
    levels = indicator_levels(observed)
    data = {}
    for name, model in observed.readings.items():
        if model.values is None:
            values = levels[name].astype(np.float64)
        else:
            values = np.full(postures.posture.shape, np.nan)
            for client, by_period in model.values.items():
                for period, value in by_period.items():
                    values[postures.periods.index(period), postures.clients.index(client)] = value
        data[name] = np.where(postures.seen, values, np.nan)
    start = observed.start or (1.0 / RUNGS,) * RUNGS
    return Readings(postures.clients, postures.periods, observed.readings, data, start)


class Hidden(NamedTuple):
    """Hold what readings say, period by period.

    ``ahead`` ... x P x N x 5 are the probabilities of the latent posture given all that was read before, ``known``
    those given all that was read up to then, and ``log`` ... x P x N is the log density of what was read given all
    that was read before, 0 in the first period.
    """

    ahead: NDArray[np.float64]
    known: NDArray[np.float64]
    log: NDArray[np.float64]


def forward(matrices: NDArray[np.floating[Any]], log_chances: NDArray[np.float64], start: Sequence[float]) -> Hidden:
    """Run the forward algorithm of a hidden Markov chain.

    A reading that no way leads to counts as hardly possible, and the chain starts anew from what it says.

    Parameters
    ----------
    matrices
        Transition matrices of periods, ... x P x N x 5 x 5; the first is not looked at.
    log_chances
        Logarithm of the density of what was read on each rung, P x N x 5.
    start
        Probability of each rung before the first reading.
    """
    top = log_chances.max(axis=-1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    chances = np.exp(log_chances - top)
    ahead, known = np.zeros(matrices.shape[:-1]), np.zeros(matrices.shape[:-1])
    log = np.zeros(matrices.shape[:-2])
    now = _normalised(np.asarray(start) * chances[0], chances[0])
    known[..., 0, :, :] = now
    now = np.broadcast_to(now, known[..., 0, :, :].shape)
    for period in range(1, len(log_chances)):
        moved = np.einsum("...np,...npq->...nq", now, matrices[..., period, :, :, :])
        read = moved * chances[period]
        total = read.sum(axis=-1)
        log[..., period, :] = np.log(np.maximum(total, SMALLEST)) + top[period, :, 0]
        ahead[..., period, :, :] = moved
        now = _normalised(read, chances[period], moved)
        known[..., period, :, :] = now
    return Hidden(ahead, known, log)


def simulate_readings(
    matrices: NDArray[np.float64], readings: Readings, counted: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the log densities, P x N x 5, of one simulated history of readings; what does not count is as observed.

    Each reading is drawn given all readings before it, which is the process that the likelihood is of.

    Parameters
    ----------
    matrices
        Transition matrices of periods, P x N x 5 x 5.
    readings
        What was read, and how.
    counted
        P x N: which are simulated.
    rng
        Where the luck comes from.
    """
    log_chances = readings.log_chances.copy()
    for period in range(1, len(matrices)):
        known = forward(matrices[:period], log_chances[:period], readings.start).known[-1]
        reached = np.einsum("np,npq->nq", known, matrices[period]).cumsum(axis=1)
        rungs = np.minimum((rng.random(len(reached))[:, None] >= reached).sum(axis=1), RUNGS - 1)
        drawn = readings.log_chances_of(readings.draw(period, rungs, rng))
        log_chances[period] = np.where(counted[period][:, None], drawn, log_chances[period])
    return log_chances


def _normalised(
    chances: NDArray[np.float64], alone: NDArray[np.float64], otherwise: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return probabilities, those of the reading alone where no way leads to it, or else those of no reading."""
    total, single = chances.sum(axis=-1, keepdims=True), alone.sum(axis=-1, keepdims=True)
    spare = np.full(alone.shape, 1.0 / RUNGS) if otherwise is None else otherwise
    fresh = np.where(single > _LEAST, alone / np.maximum(single, _LEAST), spare)
    return np.asarray(np.where(total > _LEAST, chances / np.maximum(total, _LEAST), fresh))


def _log_density(model: Reading, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of the density of readings on each rung, ... x 5; zero where nothing was read."""
    blank = np.isnan(values)[..., None]
    filled = np.where(np.isnan(values), 0.0, values)
    if model.gaussian is not None:
        loc, sd = np.array(model.gaussian.loc), model.gaussian.sd
        log = -0.5 * ((filled[..., None] - loc) / sd) ** 2 - np.log(sd) - 0.5 * np.log(2.0 * np.pi)
    else:
        with np.errstate(divide="ignore"):
            log = np.log(level_chances(model))[:, filled.astype(int)]
        log = np.moveaxis(log, 0, -1)
    return np.where(blank, 0.0, log)


def level_chances(model: Reading) -> NDArray[np.float64]:
    """Return the probability of each level on each rung, 5 x L, of a reading that has levels.

    Parameters
    ----------
    model
        A table, or an ordinal reading: P(level >= k) = Φ((loc - cut_k) / sd) on a rung (ordered probit).
    """
    from scipy.special import ndtr  # noqa: PLC0415 - slow to import

    if model.table is not None:
        return np.array(model.table)
    assert model.ordinal is not None
    loc, cuts = np.array(model.ordinal.loc), np.array(model.ordinal.cuts)
    beyond = ndtr((loc[:, None] - cuts[None, :]) / model.ordinal.sd)
    ends = np.ones((RUNGS, 1))
    return -np.diff(np.concatenate([ends, beyond, 0.0 * ends], axis=1), axis=1)


def _draw(model: Reading, rungs: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    if model.gaussian is not None:
        return np.asarray(np.array(model.gaussian.loc)[rungs] + model.gaussian.sd * rng.standard_normal(len(rungs)))
    reached = level_chances(model)[rungs].cumsum(axis=1)
    levels = (rng.random(len(rungs))[:, None] >= reached).sum(axis=1)
    return np.asarray(np.minimum(levels, reached.shape[1] - 1), dtype=np.float64)
