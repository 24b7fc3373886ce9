"""Code postures of dated facts, by the coding rule that stands beside the facts in the same file.

An indicator is a step function of time: it stays on the level of the latest fact. It is read at the end of each
period, a half-year unless the file says otherwise, the levels are added up, and the sum makes a posture; see
`papertiger.scenarios.observed.schema.Rule`. A fact counts from the period in which it was known: no posture rests on
what came out after its period's end. Where the file has a gap nobody looked, so that nothing was observed: a step
leads from the last period that was seen to the next one, however many lie between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.observed.periods import last_month, noun_of, period_of, periods_between
from papertiger.scenarios.errors import Problem, listing, nearest
from papertiger.scenarios.knowledge import known_in
from papertiger.scenarios.observed import REGIME
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.scenarios.observed import Observed

LOYAL, HEDGING, DISTANCING, SUSPENDED, REALIGNED = range(len(POSTURES))


@dataclass(frozen=True)
class Postures:
    """Hold where every client stood at the end of every period.

    Attributes
    ----------
    clients
        Names, length N.
    periods
        Such as ``2020H1``, length P.
    posture
        P x N, from 0 (loyal) to 4 (realigned); where nobody looked, that of the last period that was seen.
    regime_lost
        P x N: whether the regime was lost during or before this half-year.
    scored
        P x N: whether the step from the period that was seen before into this one counts as the client's choice. It
        does not in the first period, for a sub-state, and from the period of a regime loss on, unless the rule says
        that a regime loss is scored; nor does a period that was not seen.
    gaps
        P x N: where nobody looked; None where every client was seen in every period.
    capped
        Whether a client without a defence pact is coded at distancing at most; see `Rule.ceiling`.
    """

    clients: tuple[str, ...]
    periods: tuple[str, ...]
    posture: NDArray[np.int8]
    regime_lost: NDArray[np.bool_]
    scored: NDArray[np.bool_]
    gaps: NDArray[np.bool_] | None = None
    capped: bool = True

    @cached_property
    def seen(self) -> NDArray[np.bool_]:
        """Return which clients were looked at in which periods, P x N."""
        return np.ones(self.posture.shape, dtype=np.bool_) if self.gaps is None else ~self.gaps

    def last_seen(self, period: int) -> NDArray[np.int64]:
        """Return the last period up to one in which each client was seen, or -1, length N.

        Parameters
        ----------
        period
            Position of a period.
        """
        return np.asarray(latest(self.seen[: period + 1])[-1])

    def seen_before(self) -> NDArray[np.int64]:
        """Return the period from which the step into each one leads, or -1, P x N."""
        return np.concatenate([np.full((1, len(self.clients)), -1), latest(self.seen)[:-1]])

    def period(self, name: str) -> int:
        """Return the position of a period.

        Raises
        ------
        ValueError
            If it is not among the coded ones.
        """
        if name not in self.periods:
            noun = noun_of(self.periods[0])
            raise ValueError(f"no {noun} {name} among the observed ones, {self.periods[0]} to {self.periods[-1]}")
        return self.periods.index(name)

    def select(self, clients: Sequence[str]) -> Postures:
        """Return the postures of some clients, in the order in which they are named.

        Raises
        ------
        ValueError
            If one of them was not observed, naming the nearest that was.
        """
        places = []
        for name in clients:
            if name not in self.clients:
                near = nearest(name, self.clients)
                hint = f" (did you mean '{near}'?)" if near else ""
                raise ValueError(f"no observations of a client '{name}'{hint}")
            places.append(self.clients.index(name))
        return Postures(
            tuple(clients),
            self.periods,
            self.posture[:, places],
            self.regime_lost[:, places],
            self.scored[:, places],
            None if self.gaps is None else self.gaps[:, places],
            self.capped,
        )

    def changes(self) -> list[tuple[str, str, int, int]]:
        """Return every change of posture as (client, period, from, to), by period and then by client."""
        before, after = self.posture[:-1], self.posture[1:]
        return [
            (self.clients[client], self.periods[step + 1], int(before[step, client]), int(after[step, client]))
            for step, client in np.argwhere(before != after)
        ]


def only_half_years(postures: Postures, name: str, what: str) -> None:
    """Refuse observations that are not by half-year without a gap, for what can be done with no others.

    Parameters
    ----------
    postures
        What was observed.
    name, what
        Of the file, and what cannot be done.

    Raises
    ------
    ExperimentError
        Saying what the observations are instead.
    """
    noun = noun_of(postures.periods[0])
    if noun == "half-year" and postures.gaps is None:
        return
    have = f"are by {noun}" if noun != "half-year" else "have gaps"
    message = f"{what} needs observations by half-year in which every client was looked up; these {have}"
    raise ExperimentError([Problem(name, None, "gaps" if noun == "half-year" else "every", message)])


def latest(seen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the last period up to each one in which each client was seen, or -1, P x N.

    Parameters
    ----------
    seen
        P x N.
    """
    rows = np.where(seen, np.arange(len(seen))[:, None], -1)
    return np.asarray(np.maximum.accumulate(rows, axis=0), dtype=np.int64)


def bridged(counts: NDArray[np.bool_], seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which steps count where some periods were not seen, P x N.

    A step over a gap counts if every period that it leads through would count by itself.

    Parameters
    ----------
    counts
        P x N: whether each period would count.
    seen
        P x N.
    """
    scored = np.zeros_like(counts)
    begun, whole = np.zeros(counts.shape[1], dtype=np.bool_), np.ones(counts.shape[1], dtype=np.bool_)
    for period, (count, look) in enumerate(zip(counts, seen, strict=True)):
        whole &= count
        scored[period] = look & begun & whole
        begun |= look
        whole |= look
    return scored


def indicator_levels(observed: Observed) -> dict[str, NDArray[np.int8]]:
    """Return the level of each indicator at the end of each period of the span.

    Returns
    -------
    dict
        By indicator, the regime among them, P x N.
    """
    clients = list(observed.clients)
    ends = [last_month(period) for period in _periods(observed)]
    levels = {name: np.zeros((len(ends), len(clients)), dtype=np.int8) for name in (*observed.indicators, REGIME)}
    for fact in sorted(observed.facts.values(), key=lambda fact: fact.date):
        since = [end >= known_in(fact) for end in ends]
        levels[fact.indicator][since, clients.index(fact.client)] = fact.level
    return levels


def code_postures(observed: Observed, without: frozenset[str] = frozenset()) -> Postures:
    """Return the postures that follow from dated facts by the rule of the file.

    Parameters
    ----------
    observed
        Facts and rule.
    without
        Indicators that are left out, as if they had stayed at 0, to see what hangs on them. The thresholds stay as
        they are.

    Raises
    ------
    ValueError
        If one to leave out is not an indicator of the file.
    """
    for name in sorted(without):
        if name not in observed.indicators:
            near = nearest(name, observed.indicators)
            hint = f" (did you mean '{near}'?)" if near else ""
            raise ValueError(f"no indicator '{name}'{hint}, expected some of {listing(observed.indicators)}")
    levels = indicator_levels(observed)
    for name in without:
        levels[name][:] = 0
    periods = _periods(observed)
    lost = np.maximum.accumulate(levels[REGIME] > 0, axis=0)
    levels[REGIME] = lost.astype(np.int8)
    posture = _posture(levels, observed)
    scored = ~lost if observed.rule.regime_loss == "left_out" else np.ones_like(lost)
    scored[0] = False
    scored[:, [client.sub_state for client in observed.clients.values()]] = False
    gaps, capped = _gaps(observed, periods), observed.rule.ceiling == "pact"
    if gaps is None:
        return Postures(tuple(observed.clients), periods, posture, lost, scored, capped=capped)
    scored = bridged(scored, ~gaps)
    return Postures(tuple(observed.clients), periods, _carried(posture, ~gaps), lost, scored, gaps, capped)


def _periods(observed: Observed) -> tuple[str, ...]:
    months = observed.every
    return periods_between(period_of(observed.span.start, months), period_of(observed.span.end, months))


def _gaps(observed: Observed, periods: Sequence[str]) -> NDArray[np.bool_] | None:
    """Return at the ends of which periods nobody looked at a client, P x N; None where there is no gap."""
    ends = [last_month(period) for period in periods]
    gaps = np.array(
        [
            [any(gap.start <= end <= gap.end for gap in (*observed.gaps, *client.gaps)) for end in ends]
            for client in observed.clients.values()
        ]
    ).T
    return gaps if gaps.any() else None


def _carried(posture: NDArray[np.int8], seen: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return postures in which one that was not seen is the last that was, or else the first that will be."""
    rows = latest(seen)
    rows = np.where(rows < 0, seen.argmax(axis=0)[None, :], rows)
    return np.take_along_axis(posture, rows, axis=0)


def _posture(levels: Mapping[str, NDArray[np.int8]], observed: Observed) -> NDArray[np.int8]:
    """Return the furthest posture that the rule gives, P x N."""
    rule = observed.rule
    total = sum(
        (levels[name].astype(np.int64) for name in observed.indicators), np.zeros_like(levels[REGIME], np.int64)
    )
    posture = np.full(total.shape, LOYAL, dtype=np.int8)
    posture[total >= rule.hedging] = HEDGING
    posture[total >= rule.distancing] = DISTANCING
    for rung, conditions in ((SUSPENDED, rule.suspended), (REALIGNED, rule.realigned)):
        for condition in conditions:
            met = np.logical_and.reduce([levels[name] >= least for name, least in condition.items()])
            posture[met] = rung
    return posture
