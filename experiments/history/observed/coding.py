"""Code postures of dated facts, by the coding rule that stands beside the facts in the same file.

An indicator is a step function of time: it stays on the level of the latest fact. It is read at the end of each
half-year, the levels are added up, and the sum makes a posture; see `papertiger.scenarios.observed.schema.Rule`.
A fact counts from the half-year in which it was known: no posture rests on what came out after its half-year's end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.observed.periods import last_month, period_of, periods_between
from papertiger.scenarios.errors import listing, nearest
from papertiger.scenarios.knowledge import known_in
from papertiger.scenarios.observed import REGIME
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.scenarios.observed import Observed

LOYAL, HEDGING, DISTANCING, SUSPENDED, REALIGNED = range(len(POSTURES))


@dataclass(frozen=True)
class Postures:
    """Hold where every client stood at the end of every half-year.

    Attributes
    ----------
    clients
        Names, length N.
    periods
        Half-years, such as ``2020H1``, length P.
    posture
        P x N, from 0 (loyal) to 4 (realigned).
    regime_lost
        P x N: whether the regime was lost during or before this half-year.
    scored
        P x N: whether the step from the half-year before into this one counts as the client's choice. It does not
        in the first half-year, for a sub-state, and from the half-year of a regime loss on, unless the rule says that
        a regime loss is scored.
    """

    clients: tuple[str, ...]
    periods: tuple[str, ...]
    posture: NDArray[np.int8]
    regime_lost: NDArray[np.bool_]
    scored: NDArray[np.bool_]

    def period(self, name: str) -> int:
        """Return the position of a half-year.

        Raises
        ------
        ValueError
            If it is not among the coded ones.
        """
        if name not in self.periods:
            raise ValueError(f"no half-year {name} among the observed ones, {self.periods[0]} to {self.periods[-1]}")
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
        )

    def changes(self) -> list[tuple[str, str, int, int]]:
        """Return every change of posture as (client, half-year, from, to), by half-year and then by client."""
        before, after = self.posture[:-1], self.posture[1:]
        return [
            (self.clients[client], self.periods[step + 1], int(before[step, client]), int(after[step, client]))
            for step, client in np.argwhere(before != after)
        ]


def indicator_levels(observed: Observed) -> dict[str, NDArray[np.int8]]:
    """Return the level of each indicator at the end of each half-year of the span.

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
    return Postures(tuple(observed.clients), periods, posture, lost, scored)


def _periods(observed: Observed) -> tuple[str, ...]:
    return periods_between(period_of(observed.span.start), period_of(observed.span.end))


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
