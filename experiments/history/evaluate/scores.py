"""Score probability forecasts. All scores are losses: 0 is perfect, and honesty pays best (they are proper).

Forecasts have their categories on the last axis; whatever stands before it is cases. A score judges the forecast as
it was published: flooring (`publishable`) is done before, never here. See Gneiting & Raftery 2007, *Journal of the
American Statistical Association* 102:359, for what proper means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.statistics.arguments import check_figure, check_numbers

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FLOOR = 0.002
"""Least probability of a published forecast, before it is renormalised.

The coding of the observed postures is judgement: one row of some two hundred that another coder would code otherwise
is likely, so that nobody can know a posture of one client and half-year better than to a few parts in a thousand.
"""

_ROUNDING = 1e-6


def publishable(forecast: ArrayLike, floor: float = FLOOR) -> NDArray[np.float64]:
    """Return a forecast that calls nothing impossible: floored, then renormalised.

    Parameters
    ----------
    forecast
        Probabilities, ... x K.
    floor
        Least probability before renormalising; after it the least one is at least floor / (1 + K floor).

    Returns
    -------
    ndarray
        Probabilities of the same shape and in the same order.
    """
    raised = np.maximum(_probabilities(forecast), check_figure("floor", floor, 0.0))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def ranked_probability(forecast: ArrayLike, outcome: ArrayLike) -> NDArray[np.float64]:
    r"""Return the ranked probability score, divided by its number of steps.

    .. math:: \frac{1}{K-1} \sum_{k=1}^{K-1} \Bigl(\sum_{i \le k} p_i - 1[y \le k]\Bigr)^2

    so that it lies between 0 and 1 and a miss by one rung costs less than one by two (Epstein 1969, *Journal of
    Applied Meteorology* 8:985).

    Parameters
    ----------
    forecast
        Probabilities of K ordered categories, ... x K.
    outcome
        The category that came, 0 to K - 1, of shape ...

    Returns
    -------
    ndarray
        One score a case.
    """
    given = _probabilities(forecast)
    below = np.cumsum(_reached(given, outcome), axis=-1)[..., :-1]
    return np.asarray(((np.cumsum(given, axis=-1)[..., :-1] - below) ** 2).mean(axis=-1))


def brier(forecast: ArrayLike, outcome: ArrayLike) -> NDArray[np.float64]:
    """Return the Brier score over all categories, from 0 to 2.

    The sum of the squared differences between each probability and whether its category came (Brier 1950, *Monthly
    Weather Review* 78:1); with two categories it is twice the score of one of them.

    Parameters
    ----------
    forecast, outcome
        As for `ranked_probability`; the order of the categories does not matter.
    """
    given = _probabilities(forecast)
    return np.asarray(((given - _reached(given, outcome)) ** 2).sum(axis=-1))


def logarithmic(forecast: ArrayLike, outcome: ArrayLike) -> NDArray[np.float64]:
    """Return minus the natural logarithm of the probability of what came, in nats; infinite if that was 0.

    Parameters
    ----------
    forecast, outcome
        As for `ranked_probability`; the order of the categories does not matter.
    """
    given = _probabilities(forecast)
    came = (given * _reached(given, outcome)).sum(axis=-1)
    with np.errstate(divide="ignore"):
        # Adding zero turns the -0.0 of a perfect forecast into 0.0.
        return np.asarray(-np.log(came) + 0.0)


def time_to_event(by_step: ArrayLike, time: ArrayLike, watched: ArrayLike) -> NDArray[np.float64]:
    r"""Return the continuous ranked probability score of when an event comes, in steps; watching may end before it.

    With F(k) the forecast probability that the event has come by step k, T the step in which it came and c the number
    of steps for which the case was watched,

    .. math:: \sum_{k=1}^{\min(c, K)} \bigl(F(k) - 1[T \le k]\bigr)^2 .

    Each term is the Brier score of a yes or no that is known at step k, so the sum is proper. It stops at c for every
    case, also for those whose event came earlier: if cases with an event were followed further than those without, a
    forecaster could gain by the difference. Where nobody stops watching before the last step K it is the ordinary
    score, with everything later than K taken as K + 1.

    Parameters
    ----------
    by_step
        F, ... x K, which never falls.
    time
        T, of shape ..., from 1; any number above c says that the event did not come while the case was watched.
    watched
        c, of shape ..., from 0 (a case that says nothing, whose score is 0). It may depend on anything but on T and
        the forecast: the end of the data, or a regime loss that ends the question.

    Raises
    ------
    ValueError
        If a probability falls with time or leaves 0 to 1, or a time lies before the first step.
    """
    by = check_numbers("by_step", by_step, "probabilities by step", axes=None, missing=True)
    if not by.ndim or not by.shape[-1]:
        raise ValueError("by_step: expected a probability for each of at least one step, got none")
    if not ((by > -_ROUNDING) & (by < 1.0 + _ROUNDING)).all() or (np.diff(by, axis=-1) < -_ROUNDING).any():
        raise ValueError("by_step: expected probabilities that never fall with time")
    when = _of_cases("time", time, by)[..., None]
    until = _of_cases("watched", watched, by)[..., None]
    if (when < 1).any() or (until < 0).any():
        raise ValueError("time, watched: expected times from 1, and watched steps from 0")
    steps = np.arange(1, by.shape[-1] + 1)
    known = steps <= until
    return np.asarray((known * (by - (when <= steps)) ** 2).sum(axis=-1))


def _probabilities(forecast: ArrayLike) -> NDArray[np.float64]:
    given = check_numbers("forecast", forecast, "probabilities", axes=None)
    if not given.ndim:
        raise ValueError(f"forecast: expected a probability for each category, got {given:g}")
    if not (given > -_ROUNDING).all() or not (np.abs(given.sum(axis=-1) - 1.0) < _ROUNDING).all():
        raise ValueError("forecast: expected probabilities that add up to 1")
    return given


def _reached(forecast: NDArray[np.float64], outcome: ArrayLike) -> NDArray[np.float64]:
    """Return 1 for the category that came and 0 for the others, of the forecast's shape."""
    came = _of_cases("outcome", outcome, forecast, infinite=False)
    count = forecast.shape[-1]
    if ((came < 0) | (came >= count) | (came % 1 != 0)).any():
        raise ValueError(f"outcome: expected outcomes from 0 to {count - 1}")
    return np.asarray(came[..., None] == np.arange(count), dtype=np.float64) + np.zeros_like(forecast)


def _of_cases(
    name: str, values: ArrayLike, forecast: NDArray[np.float64], *, infinite: bool = True
) -> NDArray[np.float64]:
    """Return a number for each case of a forecast, or refuse what cannot be spread over them."""
    numbers = check_numbers(name, values, "a number for each case", axes=None, infinite=infinite)
    try:
        np.broadcast_shapes(numbers.shape, forecast.shape[:-1])
    except ValueError:
        raise ValueError(
            f"{name}: expected a number for each case, of shape {forecast.shape[:-1]}, got shape {numbers.shape}"
        ) from None
    return numbers
