"""Measure how often the interval of a gain holds the truth, in worlds where the truth is known.

A world says how often its clients move and what two forecasters say of them. From it a few clients are drawn with
what becomes of them, the interval is made as on the page, and one looks whether it holds the mean gain of all clients
of that world. Beside it stand the two that are commonly used: percentiles of drawn clients, and Student's t.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.plan import FULL
from papertiger.experiments.history.evaluate.reach import gains_by_outcome, reach_of_gains
from papertiger.experiments.history.evaluate.scores import publishable, ranked_probability
from papertiger.experiments.history.evaluate.scoring import ALL, CLIMATOLOGY, ONE_STEP
from papertiger.experiments.history.evaluate.skill import interval_of_gain
from papertiger.experiments.statistics.intervals import LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.evaluate.scoring import Examination

CATEGORIES = 5
HALF_YEARS = 4
POPULATION = 40_000
"""Clients from whom the true mean gain is worked out."""
HISTORIES = 500
RESAMPLES = 1000
SIZES = (14, 16, 17)
"""How many clients are drawn: about as many as the page scores."""


@dataclass(frozen=True)
class World:
    """Describe a world of clients and two forecasters, the reference saying the same of everybody.

    Attributes
    ----------
    name
        In a few words.
    shape
        Parameters of the Beta distribution of how likely a client moves in a half-year; the first well below 1 makes
        most clients ones that hardly ever move.
    knows
        How much of what tells clients apart the forecaster knows, from 0 to 1.
    catches
        Share of the moves that it sees coming, and then gives a probability of 0.7.
    alarms
        Share of the other half-years in which it gives a move 0.25 too much.
    noise
        How far what it says of each client wanders from what it knows, as a standard deviation of logarithms.
    """

    name: str
    shape: tuple[float, float]
    knows: float
    catches: float
    alarms: float
    noise: float = 0.5


WORLDS = (
    World("few ever move, and the forecaster sees some of it", (0.15, 3.0), 0.5, 0.4, 0.1),
    World("few ever move, and the forecaster is led astray", (0.15, 3.0), 0.0, 0.05, 0.15),
    World("few ever move, and the forecaster knows no more than the reference", (0.15, 3.0), 0.0, 0.0, 0.0),
    World("few ever move, and the two hardly ever differ", (0.15, 3.0), 0.0, 0.02, 0.02, 0.0),
    World("many move, and the forecaster sees some of it", (0.6, 3.0), 0.6, 0.3, 0.1),
)


@dataclass(frozen=True)
class Coverage:
    """Hold how often intervals held the truth in a world.

    Attributes
    ----------
    world, clients
        Which world, and how many clients were drawn.
    truth
        The true mean gain.
    published, percentiles, student
        Share of the histories in which the interval held it: that of the page, percentiles of drawn clients, and
        Student's t over clients.
    wrong
        Share in which the page's interval lies on the wrong side of zero altogether.
    width
        Median width of the page's interval, in units of the truth's own score.
    histories
        How many were drawn.
    """

    world: str
    clients: int
    truth: float
    published: float
    percentiles: float
    student: float
    wrong: float
    width: float
    histories: int


def coverage_of(world: World, clients: int, histories: int = HISTORIES, seed: int = 0) -> Coverage:
    """Return how often intervals hold the truth in a world, by drawing histories from it.

    Parameters
    ----------
    world
        The world.
    clients
        How many clients each history has.
    histories, seed
        How many are drawn, and from where.
    """
    rng = np.random.default_rng([seed, clients])
    gains, came = _draw(world, POPULATION, rng)
    truth = float(np.take_along_axis(gains, came[..., None], axis=2).mean())
    scored = np.ones((HALF_YEARS, clients), dtype=bool)
    samples, reaches = [], []
    for _ in range(histories):
        gains, came = _draw(world, clients, rng)
        samples.append(np.take_along_axis(gains, came[..., None], axis=2)[..., 0].sum(axis=0))
        reaches.append(reach_of_gains(gains, came, scored))
    return _count(world.name, np.array(samples), np.full(clients, float(HALF_YEARS)), reaches, truth)


def coverage_for_forecasts(
    name: str,
    gains: NDArray[np.float64],
    chance: NDArray[np.float64],
    scored: NDArray[np.bool_],
    histories: int = HISTORIES,
    seed: int = 0,
) -> Coverage:
    """Return how often intervals hold the truth for forecasts that were made, had the world gone by some chances.

    Parameters
    ----------
    name
        Whose chances they are.
    gains
        Q x N x K of two forecasters one step ahead, see `papertiger.experiments.history.evaluate.reach`.
    chance
        Q x N x K: how likely each category comes.
    scored
        Q x N: which steps count.
    histories, seed
        How many are drawn, and from where.
    """
    rng = np.random.default_rng(seed)
    there = scored.any(axis=0)
    gains, chance, scored = gains[:, there], chance[:, there], scored[:, there]
    truth = float((gains * chance).sum(axis=2)[scored].mean())
    samples, reaches = [], []
    for _ in range(histories):
        came = _outcomes(chance, rng)
        known = np.take_along_axis(gains, came[..., None], axis=2)[..., 0]
        samples.append(np.where(scored, known, 0.0).sum(axis=0))
        reaches.append(reach_of_gains(gains, came, scored))
    return _count(name, np.array(samples), scored.sum(axis=0).astype(float), reaches, truth)


def _draw(world: World, clients: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Draw clients: the gain for each posture that may come, and the posture that comes."""
    often = rng.beta(*world.shape, clients)
    usual = world.shape[0] / sum(world.shape)
    moves = rng.random((HALF_YEARS, clients)) < often
    said = (world.knows * often + (1.0 - world.knows) * usual) * np.exp(world.noise * rng.standard_normal(clients))
    said = np.broadcast_to(np.minimum(said, 0.95), moves.shape)
    said = np.where(rng.random(moves.shape) < world.alarms, np.minimum(said + 0.25, 0.95), said)
    said = np.where(moves & (rng.random(moves.shape) < world.catches), 0.7, said)
    ours, theirs = (_published(values) for values in (said, np.full(moves.shape, usual)))
    return gains_by_outcome(ours, theirs, ranked_probability), moves.astype(np.intp)


def _published(move: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return forecasts of five postures that give a move by one rung a probability."""
    forecast = np.zeros((*move.shape, CATEGORIES))
    forecast[..., 0], forecast[..., 1] = 1.0 - move, move
    return publishable(forecast)


def _outcomes(chance: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.intp]:
    below = np.cumsum(chance, axis=2)
    drawn = rng.random((*chance.shape[:2], 1)) * below[..., -1:]
    return np.asarray((drawn > below[..., :-1]).sum(axis=2), dtype=np.intp)


def _count(
    name: str,
    totals: NDArray[np.float64],
    sizes: NDArray[np.float64],
    reaches: list[tuple[float, float]],
    truth: float,
) -> Coverage:
    """Count how often the intervals of histories, each a row of totals, hold the truth."""
    from scipy import stats  # noqa: PLC0415 - slow to import

    histories, count = totals.shape
    ends = np.array(
        [interval_of_gain(row, sizes, reach, resamples=RESAMPLES) for row, reach in zip(totals, reaches, strict=True)]
    )
    drawn = np.random.default_rng(0).multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES)
    means = (totals @ drawn.T) / (drawn @ sizes)
    tails = ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0)
    percentiles = np.quantile(means, tails, axis=1).T
    # A mean of ratios with the same denominators: residuals from the pooled mean carry its error.
    pooled = totals.sum(axis=1) / sizes.sum()
    residuals = totals - pooled[:, None] * sizes
    error = np.sqrt((residuals**2).sum(axis=1) * count / (count - 1)) / sizes.sum()
    half = stats.t.ppf(tails[1], count - 1) * error
    student = np.stack([pooled - half, pooled + half], axis=1)
    wrong = ends[:, 1] < 0.0 if truth > 0.0 else ends[:, 0] > 0.0
    return Coverage(
        name,
        count,
        truth,
        _holds(ends, truth),
        _holds(percentiles, truth),
        _holds(student, truth),
        float(wrong.mean()),
        float(np.median(ends[:, 1] - ends[:, 0])),
        histories,
    )


def _holds(ends: NDArray[np.float64], truth: float) -> float:
    return float(((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean())


def coverages(examination: Examination, histories: int = HISTORIES) -> list[Coverage]:
    """Return how often the intervals hold the truth: in each made-up world, and for the forecasts that were scored.

    Parameters
    ----------
    examination
        Whose forecasts one step ahead, of the full model against climatology, are held against histories in which
        things come as either of the two says.
    histories
        How many are drawn of each world.
    """
    several = [coverage_of(world, clients, histories) for world in WORLDS for clients in SIZES]
    ours, theirs = (examination.forecasts(name, ALL).by_kind[ONE_STEP] for name in (FULL, CLIMATOLOGY))
    gains = gains_by_outcome(ours, theirs, ranked_probability)
    scored = examination.scored_steps(ALL)
    own = {f"what is scored here, if it comes as {FULL} says": ours, "the same, as climatology says": theirs}
    return [
        *several,
        *(coverage_for_forecasts(name, gains, chance, scored, histories) for name, chance in own.items()),
    ]
