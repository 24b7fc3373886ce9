"""Analyse times to an event: how long clients stay, where they go, and whether two scenarios differ in it.

Everything is computed from the counts at each distinct time, so that whoever has counted already, run by run, hands
over each time once with how many runs it stands for: the result is the same to the last bit. `scipy.stats.ecdf` and
`scipy.stats.logrank` give the same numbers, as the tests hold, but SciPy's log-rank multiplies counts as integers and
overflows from some hundred thousand runs on, and neither knows what to say of an interval where nobody or everybody
has left.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from papertiger.experiments.statistics.arguments import (
    AnalysisError,
    check_figure,
    check_labels,
    check_level,
    check_numbers,
    check_rows,
    check_truths,
)
from papertiger.experiments.statistics.intervals import LEVEL, normal_quantile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class LogRank(NamedTuple):
    """Hold the log-rank test: its signed statistic, positive where the first sample has events sooner, and p.

    The square of the statistic is the chi-square with one degree of freedom that other programs print.
    """

    statistic: float
    p: float


class _Counts(NamedTuple):
    """Count what happens at each distinct time: who is at risk just before it, and how many events there are."""

    time: NDArray[np.float64]
    at_risk: NDArray[np.float64]
    events: NDArray[np.float64]


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, level: float = LEVEL, count: ArrayLike | None = None
) -> pd.DataFrame:
    r"""Estimate the share that has not had the event yet.

    The estimate is :math:`\hat S(t) = \prod_{t_i \le t} (1 - d_i / n_i)` (Kaplan & Meier 1958, *Journal of the
    American Statistical Association* 53:457). Its interval is :math:`\hat S^{\exp(\pm z \hat\tau)}` with
    :math:`\hat\tau^2 = \sum d_i / (n_i (n_i - d_i)) / \log^2 \hat S`: Greenwood's variance (1926) on the scale of
    :math:`\log(-\log S)`, which keeps it within 0 and 1 (Kalbfleisch & Prentice 2002, *The Statistical Analysis of
    Failure Time Data*, 2nd ed., section 1.4).

    Where the formula has no value the exact limits of Clopper & Pearson (1934) stand in: as long as nobody of n has
    had the event the interval reaches down to :math:`(\alpha/2)^{1/n}`, and where the last n have had it, it reaches
    up to the limit before times :math:`1 - (\alpha/2)^{1/n}`.

    Parameters
    ----------
    time
        Time of the event, or up to which a run was watched without one.
    event
        Whether the event happened.
    level
        Coverage of the interval, at each time for itself.
    count
        How many runs each of them stands for; blank is one.

    Returns
    -------
    pandas.DataFrame
        ``time``, ``at_risk``, ``events``, ``survival``, ``low``, ``high``; one row per distinct time, from 0 on.
    """
    level = check_level(level)
    times, happened = _checked(time, event)
    many = _many("count", count, times)
    counts = _count(times, happened, many)
    n, d = counts.at_risk, counts.events
    survival = np.cumprod(1.0 - d / n)
    low, high = _survival_limits(n, d, survival, level)
    frame = pd.DataFrame({"time": counts.time, "at_risk": n.astype(np.int64), "events": d.astype(np.int64)})
    frame["survival"], frame["low"], frame["high"] = survival, low, high
    if counts.time[0] > 0.0:
        start = pd.DataFrame(
            {
                "time": [0.0],
                "at_risk": [int(many.sum())],
                "events": [0],
                "survival": [1.0],
                "low": [1.0],
                "high": [1.0],
            }
        )
        frame = pd.concat([start, frame], ignore_index=True)
    return frame


def restricted_times(time: ArrayLike, event: ArrayLike, horizon: float) -> NDArray[np.float64]:
    r"""Return for each run the time that it spent without the event, up to a horizon.

    That is the time of the event where it happened by then, and the horizon where it did not. A run that was watched
    no longer because something else made the event impossible (a competing event, such as a regime loss) counts with
    the horizon, too: it never happens there. The mean of these is the restricted mean time,
    :math:`\int_0^H (1 - F(t)) dt` with F the cumulative incidence (Royston & Parmar 2013, *BMC Medical Research
    Methodology* 13:152; with competing events Andersen 2013, *Statistics in Medicine* 32:5278).

    Parameters
    ----------
    time
        Time of the event, or up to which a run was watched without one; of any shape.
    event
        Whether the event happened; not a number, as the time, where a run is missing.
    horizon
        How long every run is looked at, unless a competing event ends it.
    """
    horizon = check_figure("horizon", horizon, 0.0)
    times = check_numbers("time", time, "a time for each run", axes=None, missing=True, infinite=True)
    flags = check_numbers("event", event, "whether the event happened", axes=None, missing=True, infinite=True)
    if times.shape != flags.shape:
        raise AnalysisError(f"event: expected the shape of time, {times.shape}, got {flags.shape}")
    if not np.isin(flags[np.isfinite(flags)], (0.0, 1.0)).all():
        raise AnalysisError("event: expected 0 or 1 for whether the event happened")
    restricted = np.where(flags == 1.0, np.minimum(times, horizon), float(horizon))
    return np.where(np.isfinite(times) & np.isfinite(flags), restricted, np.nan)


def restricted_mean(incidence: pd.DataFrame, horizon: float) -> float:
    r"""Integrate what is left of the cumulative incidence of one event: the restricted mean time without it.

    Parameters
    ----------
    incidence
        ``time`` and ``incidence`` of one event, as `cumulative_incidence` returns them; empty where it never happens.
    horizon
        Where the integral ends.

    Returns
    -------
    float
        :math:`\int_0^H (1 - F(t)) dt`, which is the mean of `restricted_times` where nobody is lost from sight.
    """
    horizon = check_figure("horizon", horizon, 0.0)
    check_rows("incidence", incidence, numbers=["time", "incidence"], of="a cumulative incidence")
    inside = incidence[incidence["time"] < horizon]
    steps = np.concatenate([[0.0], inside["time"].to_numpy(dtype=float), [horizon]])
    without = np.concatenate([[1.0], 1.0 - inside["incidence"].to_numpy(dtype=float)])
    return float((np.diff(steps) * without).sum())


def log_rank(
    time_a: ArrayLike,
    event_a: ArrayLike,
    time_b: ArrayLike,
    event_b: ArrayLike,
    *,
    count_a: ArrayLike | None = None,
    count_b: ArrayLike | None = None,
) -> LogRank:
    r"""Test whether two samples have the event at the same rate.

    :math:`Z = (O_a - E_a) / \sqrt{V}` with, over the times of events, :math:`E_a = \sum d_i n_{ai} / n_i` and the
    hypergeometric variance :math:`V = \sum d_i \frac{n_{ai} n_{bi} (n_i - d_i)}{n_i^2 (n_i - 1)}` (Mantel 1966,
    *Cancer Chemotherapy Reports* 50:163).

    The test takes the two samples for independent. Runs on common random numbers are usually positively
    related, so that it errs on the side of no difference; the paired difference of the times, see
    `papertiger.experiments.statistics.paired`, uses the pairing.

    Parameters
    ----------
    time_a, event_a, time_b, event_b
        Times and whether the event happened, of either sample.
    count_a, count_b
        How many runs each of them stands for; blank is one.

    Returns
    -------
    LogRank
        Statistic and two-sided p-value; 0 and 1 where there is nothing to compare.
    """
    times_a, happened_a = _checked(time_a, event_a, "_a")
    times_b, happened_b = _checked(time_b, event_b, "_b")
    many_a, many_b = _many("count_a", count_a, times_a), _many("count_b", count_b, times_b)
    both = _count(
        np.concatenate([times_a, times_b]),
        np.concatenate([happened_a, happened_b]),
        np.concatenate([many_a, many_b]),
    )
    at = both.events > 0
    when, n, d = both.time[at], both.at_risk[at], both.events[at]
    order = np.argsort(times_a, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(many_a[order])])
    n_a = before[-1] - before[np.searchsorted(times_a[order], when, "left")]
    expected = float((d * n_a / n).sum())
    # Where one is left, there is nothing to be chosen between the samples.
    spread = np.divide(n - d, n - 1.0, out=np.zeros_like(n), where=n > 1.0)
    variance = float((d * (n_a / n) * ((n - n_a) / n) * spread).sum())
    if variance == 0.0:
        return LogRank(0.0, 1.0)
    statistic = (float(many_a[happened_a].sum()) - expected) / math.sqrt(variance)
    return LogRank(statistic, math.erfc(abs(statistic) / math.sqrt(2.0)))


def cumulative_incidence(
    time: ArrayLike, cause: ArrayLike, *, level: float = LEVEL, count: ArrayLike | None = None
) -> pd.DataFrame:
    r"""Estimate how many have gone to each destination by each time.

    Destinations compete: who has gone to one can no longer go to another, so that one minus Kaplan–Meier of each
    would count too many. The estimate is :math:`\hat F_j(t) = \sum_{t_i \le t} \hat S(t_{i-1}) d_{ji} / n_i` (Aalen &
    Johansen 1978, *Scandinavian Journal of Statistics* 5:141; Kalbfleisch & Prentice 2002, section 8.2), its variance
    by the delta method (Marubini & Valsecchi 1995, *Analysing Survival Data*, chapter 10; Collett 2015, *Modelling
    Survival Data in Medical Research*, 3rd ed., chapter 12), and its interval on the scale of log(-log).
    Where the formula has no value the exact limits stand in as in `kaplan_meier`. The estimates of all destinations
    and the share that stays add up to one.

    Parameters
    ----------
    time
        Time of leaving, or up to which a run was watched.
    cause
        Where to; blank, None or not-a-number for who has not left.
    level
        Coverage of the interval, at each time for itself.
    count
        How many runs each of them stands for; blank is one.

    Returns
    -------
    pandas.DataFrame
        ``destination``, ``time``, ``at_risk``, ``events``, ``incidence``, ``low``, ``high``; for each destination, in
        the order of their names, one row per distinct time, from 0 on.
    """
    level = check_level(level)
    destinations = check_labels("cause", cause, "a destination for each run, blank for who stays", missing=True)
    labels = pd.Series(["" if name is None else str(name) for name in destinations], dtype=object)
    times, happened = _checked(time, (labels != "").to_numpy())
    many = _many("count", count, times)
    total = _count(times, happened, many)
    n, d = total.at_risk, total.events
    survival = np.cumprod(1.0 - d / n)
    before = np.concatenate([[1.0], survival[:-1]])
    _, stay_high = _survival_limits(n, d, survival, level)
    frames = []
    for name in sorted(set(labels[happened])):
        gone = _count(times, (labels == name).to_numpy(), many).events
        incidence = np.cumsum(before * gone / n)
        variance = _incidence_variance(n, d, gone, before, incidence)
        low, high = _incidence_limits(n, incidence, variance, survival, stay_high, level)
        frame = pd.DataFrame({"destination": name, "time": total.time, "at_risk": n.astype(np.int64)})
        frame["events"], frame["incidence"] = gone.astype(np.int64), incidence
        frame["low"], frame["high"] = low, high
        if total.time[0] > 0.0:
            start = pd.DataFrame(
                {"destination": [name], "time": [0.0], "at_risk": [int(many.sum())], "events": [0],
                 "incidence": [0.0], "low": [0.0], "high": [0.0]}
            )  # fmt: skip
            frame = pd.concat([start, frame], ignore_index=True)
        frames.append(frame)
    if not frames:
        columns = ["destination", "time", "at_risk", "events", "incidence", "low", "high"]
        return pd.DataFrame({name: [] for name in columns})
    return pd.concat(frames, ignore_index=True)


def _checked(time: ArrayLike, event: ArrayLike, which: str = "") -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return times and whether the event happened, or refuse them; `which` ends the names of the two arguments."""
    times = check_numbers(f"time{which}", time, "a time for each run", missing=True, infinite=True)
    flags = check_truths(f"event{which}", event, "for each run whether the event happened", missing=True)
    if times.shape != flags.shape:
        raise ValueError(f"expected a time and an event for each run, got shapes {times.shape} and {flags.shape}")
    if len(times) == 0:
        raise ValueError(f"time{which}: there are no runs")
    if np.isnan(flags).any() or not np.isfinite(times).all():
        missing = int((np.isnan(flags) | ~np.isfinite(times)).sum())
        raise ValueError(f"{missing} of {len(times)} runs have no time: leave failed runs out first")
    if times.min() < 0.0:
        raise ValueError(f"time{which}: expected times from 0 on, got {times.min():g}")
    return times, flags.astype(bool)


def _many(name: str, count: ArrayLike | None, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how many runs each time stands for, or refuse what is no such count."""
    if count is None:
        return np.ones(len(times))
    many = check_numbers(name, count, "how many runs each time stands for")
    if many.shape != times.shape or not ((many >= 1.0) & (many % 1.0 == 0.0)).all():
        raise AnalysisError(f"{name}: expected a whole number from 1 on for each time")
    return many


def _count(times: NDArray[np.float64], happened: NDArray[np.bool_], many: NDArray[np.float64]) -> _Counts:
    # Sums of whole numbers below 2 ** 53 are exact in whatever order.
    distinct, which = np.unique(times, return_inverse=True)
    size = np.bincount(which, weights=many, minlength=len(distinct))
    events = np.bincount(which[happened], weights=many[happened], minlength=len(distinct))
    at_risk = many.sum() - np.concatenate([[0.0], np.cumsum(size)[:-1]])
    return _Counts(distinct, at_risk, events)


def _survival_limits(
    n: NDArray[np.float64], d: NDArray[np.float64], survival: NDArray[np.float64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    tail = (1.0 - level) / 2.0
    inside = (survival > 0.0) & (survival < 1.0)
    greenwood = np.cumsum(np.divide(d, n * (n - d), out=np.zeros_like(n), where=n > d))
    low, high = _log_log(survival, np.sqrt(greenwood) * survival, inside, level)
    low[survival == 1.0] = tail ** (1.0 / n[survival == 1.0])
    high[survival == 1.0] = 1.0
    low[survival == 0.0] = 0.0
    for row in np.flatnonzero(survival == 0.0):
        above = high[row - 1] if row > 0 else 1.0
        high[row] = above * (1.0 - tail ** (1.0 / n[row])) if d[row] > 0 else above
    return low, high


def _log_log(
    estimate: NDArray[np.float64], error: NDArray[np.float64], inside: NDArray[np.bool_], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the interval on the scale of log(-log) where the estimate is inside 0 and 1, elsewhere the estimate."""
    low, high = estimate.copy(), estimate.copy()
    x = estimate[inside]
    factor = np.exp(normal_quantile(level) * error[inside] / (x * np.abs(np.log(x))))
    low[inside], high[inside] = x**factor, x ** (1.0 / factor)
    return low, high


def _incidence_variance(
    n: NDArray[np.float64],
    d: NDArray[np.float64],
    gone: NDArray[np.float64],
    before: NDArray[np.float64],
    incidence: NDArray[np.float64],
) -> NDArray[np.float64]:
    r"""Return the variance of the cumulative incidence.

    :math:`\sum (F - F_i)^2 \frac{d_i}{n_i (n_i - d_i)} + \sum S_{i-1}^2 \frac{d_{ji} (n_i - d_{ji})}{n_i^3}
    - 2 \sum (F - F_i) S_{i-1} \frac{d_{ji}}{n_i^2}`, the squares multiplied out so that running sums do.
    """
    # Where all that are left go at once the first term is 0 / 0; the F of later times equals F_i, so it is zero.
    hazard = np.divide(d, n * (n - d), out=np.zeros_like(n), where=n > d)
    both = before * gone / n**2
    first = (
        incidence**2 * np.cumsum(hazard)
        - 2.0 * incidence * np.cumsum(incidence * hazard)
        + np.cumsum(incidence**2 * hazard)
    )
    second = np.cumsum(before**2 * gone * (n - gone) / n**3)
    third = incidence * np.cumsum(both) - np.cumsum(incidence * both)
    return np.asarray(np.maximum(first + second - 2.0 * third, 0.0))


def _incidence_limits(
    n: NDArray[np.float64],
    incidence: NDArray[np.float64],
    variance: NDArray[np.float64],
    survival: NDArray[np.float64],
    stay_high: NDArray[np.float64],
    level: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    tail = (1.0 - level) / 2.0
    # Rounding may leave a sum of all that left a hair off one.
    full = (survival == 0.0) & (incidence > 1.0 - 1e-9)
    none = incidence == 0.0
    low, high = _log_log(incidence, np.sqrt(variance), ~full & ~none, level)
    low[full], high[full] = 1.0 - stay_high[full], 1.0
    low[none], high[none] = 0.0, 1.0 - tail ** (1.0 / n[none])
    return low, high
