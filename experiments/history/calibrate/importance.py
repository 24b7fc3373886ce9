"""Sample posteriors by importance from the prior, along randomised low-discrepancy sequences.

The exact likelihood costs under a millisecond and the observed changes of posture are few, so the prior itself covers
the posterior well: every point of a Sobol sequence through the prior is weighted by its likelihood. The evidence is
the mean likelihood and has a standard error from independently randomised sequences (Owen 1998; L'Ecuyer & Lemieux
2002). What any other data would have said (a client left out, another coding, a simulated history) is the same points
under other weights, without another run. Where the effective number of points gets small, `Posterior` says so; the
tests hold the result against nested sampling.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.priors import prior_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.priors import AnyPrior


@dataclass(frozen=True)
class Evidence:
    """Hold the probability of the data under a model, all parameters averaged over their priors.

    Attributes
    ----------
    log
        Its natural logarithm, in nats.
    error
        Standard error of the logarithm, from the sequences.
    effective
        Effective number of points, (Σ w)² / Σ w² (Kish 1965).
    """

    log: float
    error: float
    effective: float


def prior_points(priors: Sequence[AnyPrior], count: int, seed: int, sequence: int) -> NDArray[np.float64]:
    """Return one randomised Sobol sequence through the priors, count x D.

    Parameters
    ----------
    priors
        One per parameter, independent of each other.
    count
        How many points, a power of 2.
    seed, sequence
        Key of the randomisation.
    """
    from scipy.stats import qmc  # noqa: PLC0415 - slow to import

    rng = np.random.default_rng([seed, sequence])
    unit = qmc.Sobol(len(priors), rng=rng).random(count)
    return np.array([[prior_quantile(prior, float(u)) for prior, u in zip(priors, row, strict=True)] for row in unit])


def weights(log_likelihood: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of points from the prior, which sum to 1.

    Parameters
    ----------
    log_likelihood
        One per point, in nats.
    """
    scaled = np.exp(log_likelihood - log_likelihood.max())
    normalised: NDArray[np.float64] = scaled / scaled.sum()
    return normalised


def effective(weight: NDArray[np.float64]) -> float:
    """Return the effective number of weighted points, (Σ w)² / Σ w²."""
    return float(weight.sum() ** 2 / (weight @ weight))


def evidence(log_likelihood: NDArray[np.float64], sequence: NDArray[np.integer]) -> Evidence:
    """Return the evidence.

    Parameters
    ----------
    log_likelihood
        One per point, in nats.
    sequence
        Number of the sequence that each point is of.
    """
    top = float(log_likelihood.max())
    likelihood = np.exp(log_likelihood - top)
    numbers = np.unique(sequence)
    means = np.array([likelihood[sequence == number].mean() for number in numbers])
    mean = float(means.mean())
    spread = float(means.std(ddof=1)) / math.sqrt(len(means)) if len(means) > 1 else math.nan
    return Evidence(top + math.log(mean), spread / mean, effective(likelihood))


def resample(weight: NDArray[np.float64], count: int, start: float = 0.5) -> NDArray[np.intp]:
    """Return indices of points, each as often as its weight asks for.

    Systematic resampling: Carpenter, Clifford & Fearnhead 1999.

    Parameters
    ----------
    weight
        Sum to 1.
    count
        How many indices.
    start
        Where in its step the first one lies, 0 to 1.
    """
    places = (np.arange(count) + start) / count
    indices = np.searchsorted(np.cumsum(weight), places)
    return np.minimum(indices, len(weight) - 1)


def moments(values: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, float]:
    """Return the weighted mean and standard deviation of a parameter.

    Parameters
    ----------
    values, weight
        One per point.
    """
    mean = float(weight @ values)
    return mean, math.sqrt(max(0.0, float(weight @ (values - mean) ** 2)))


def learned_row(
    values: NDArray[np.float64],
    weight: NDArray[np.float64],
    levels: tuple[float, float, float],
    zero: float = 0.0,
) -> dict[str, float]:
    """Return what was learned of a parameter: prior and posterior mean and deviation, quantiles, and ``moved``.

    ``moved`` is how much of the prior's variance the data took away, 1 - variance after / before: near 0 the data say
    nothing of the parameter. Where the prior has mass at zero, ``zero`` is what the data leave of it.

    Parameters
    ----------
    values, weight
        One per point; the points are equally likely beforehand.
    levels
        Of the quantiles.
    zero
        Mass of the prior at zero.
    """
    before = moments(values, np.full(len(weight), 1.0 / len(weight)))
    after = moments(values, weight)
    low, middle, high = quantiles(values, weight, levels)
    return {
        "prior_mean": before[0],
        "prior_sd": before[1],
        "mean": after[0],
        "sd": after[1],
        "q05": low,
        "median": middle,
        "q95": high,
        "moved": 1.0 - (after[1] / before[1]) ** 2,
        **({"prior_zero": zero, "zero": float(weight[values == 0.0].sum())} if zero > 0.0 else {}),
    }


def quantiles(
    values: NDArray[np.float64], weight: NDArray[np.float64], levels: Sequence[float]
) -> NDArray[np.float64]:
    """Return weighted quantiles of a parameter.

    Parameters
    ----------
    values, weight
        One per point.
    levels
        0 to 1.
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    bounds: NDArray[np.float64] = values[order][np.minimum(np.searchsorted(reached, levels), len(values) - 1)]
    return bounds
