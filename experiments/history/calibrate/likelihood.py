"""Compute the exact likelihood of observed postures under a replay.

Between the ends of two periods (half-years, years ...) a client's posture moves by the product of its monthly
transition matrices; where it was not seen for a while, by the product over the gap. What was coded is the posture up
to the ceiling of the coding, so the probability of what was observed next, given all that was observed before, comes
from a forward filter; for a client without a ceiling it is an entry of that product.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.observed.ceiling import Filtered, ceilings, coded_chances, filtered
from papertiger.experiments.history.observed.coding import bridged
from papertiger.experiments.history.observed.periods import first_month, last_month, months_of, period_of
from papertiger.experiments.history.observed.readings import forward
from papertiger.model.ensemble.exact import Replay
from papertiger.scenarios.bonds import bonds_of, reached_by
from papertiger.scenarios.errors import listing, nearest
from papertiger.scenarios.knowledge import known_in
from papertiger.scenarios.observed import REGIME
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from papertiger.experiments.history.observed.coding import Postures
    from papertiger.experiments.history.observed.readings import Readings
    from papertiger.model.ensemble.exact import Chain
    from papertiger.scenarios.observed import Observed
    from papertiger.scenarios.schema.figures import Figure
    from papertiger.scenarios.schema.scenario import Scenario

SMALLEST = 1e-9
"""What a probability of 0 counts as, so that one impossible step does not hide all the others."""


class MatchError(ValueError):
    """Refuse a scenario and observed postures that do not fit together; the text says why."""


@dataclass(frozen=True)
class Match:
    """Lay observed postures beside the months of a scenario.

    Attributes
    ----------
    scenario
        A replay.
    postures
        What was observed, of the clients of the scenario and in its order; a step counts only if its client was in
        the network for the whole half-year.
    readings
        What was read of latent postures, in the same order, where that is what is learned from; None where the
        postures are.
    """

    scenario: Scenario
    postures: Postures
    readings: Readings | None = None

    @staticmethod
    def of(scenario: Scenario, postures: Postures) -> Match:
        """Return the match of a scenario with what was observed.

        An event that came out after its half-year was over has no part: nobody could have learned from it, or
        forecast with it, at the end of that half-year.

        Raises
        ------
        MatchError
            If an observed client is not in the scenario, or a half-year lies outside its span.
        """
        bonds = bonds_of(scenario)
        unknown = [name for name in postures.clients if name not in bonds]
        if unknown:
            near = nearest(unknown[0], bonds)
            hint = "" if near is None or bonds is scenario.clients else f"; did you mean '{near}'?"
            raise MatchError(
                f"the scenario {scenario.name} has no client {listing(unknown)}, which was observed{hint}"
            )
        first, last = last_month(postures.periods[0]), last_month(postures.periods[-1])
        if not scenario.span.start <= first <= last <= scenario.span.end:
            span = f"{scenario.span.start} to {scenario.span.end}"
            raise MatchError(f"observed months {first} to {last} reach beyond {scenario.name}, which runs {span}")
        matched = postures.select([name for name in bonds if name in postures.clients])
        counted = matched.scored.copy()
        for column, name in enumerate(matched.clients):
            enters = bonds[name].enters
            if enters is not None:
                counted[[first_month(period) < enters for period in matched.periods], column] = False
            leaves = bonds[name].leaves
            if leaves is not None:
                counted[[last_month(period) >= leaves for period in matched.periods], column] = False
        if matched.gaps is not None:
            counted &= _in_network(scenario, matched)
        months = months_of(matched.periods[0])
        known = {
            name: event
            for name, event in scenario.events.items()
            if known_in(event) <= last_month(period_of(event.date, months))
        }
        world = scenario if len(known) == len(scenario.events) else scenario.model_copy(update={"events": known})
        return Match(world, replace(matched, scored=counted))

    @staticmethod
    def unexplained(scenario: Scenario, observed: Observed) -> Iterator[tuple[str, str]]:
        """Yield each observed fall of a regime that is to be scored and that the scenario does not know.

        Its step would be scored as if the old regime had taken it.

        Parameters
        ----------
        scenario, observed
            A replay with its events, and the facts.
        """
        months = observed.every
        fell = {
            (row.name, period_of(event.date, months))
            for event in scenario.events.values()
            if event.kind == "regime_loss"
            for row in reached_by(event, scenario)
        }
        for name, fact in observed.facts.items() if observed.rule.regime_loss == "scored" else ():
            within = observed.span.start <= fact.date[:7] <= observed.span.end
            known = fact.client in bonds_of(scenario) and not observed.clients[fact.client].sub_state
            period = period_of(fact.date, months)
            if fact.indicator == REGIME and within and known and (fact.client, period) not in fell:
                yield name, f"{fact.client} loses its regime in {period}"

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Return the steps that count, P x N."""
        return self.postures.scored

    @cached_property
    def columns(self) -> NDArray[np.intp]:
        """Return the index in the scenario of each observed client, N."""
        names = list(bonds_of(self.scenario))
        return np.array([names.index(name) for name in self.postures.clients], dtype=np.intp)

    @cached_property
    def ceiling(self) -> NDArray[np.int64]:
        """Farthest posture at which each observed client can be coded, N."""
        if not self.postures.capped:
            return np.full(len(self.postures.clients), len(POSTURES) - 1, dtype=np.int64)
        return ceilings(self.scenario, self.postures.clients)

    def above_ceiling(self) -> tuple[str, str] | None:
        """Return the first scored observation that no posture could make, as client and period; None without one.

        Each such step has a probability of 0, whatever the parameters, so that nothing could be learned.
        """
        beyond = self.scored & (self.postures.posture > self.ceiling)
        for period, client in np.argwhere(beyond)[:1]:
            return self.postures.clients[client], self.postures.periods[period]
        return None

    def matrices(self, chain: Chain) -> NDArray[np.float64]:
        """Return the transition matrices of periods, P x N x 5 x 5; the first, which nothing precedes, is zero.

        Parameters
        ----------
        chain
            Of the scenario.
        """
        periods, months = self.postures.periods, months_of(self.postures.periods[0])
        transitions = np.zeros((len(periods), len(self.columns), len(POSTURES), len(POSTURES)))
        start = chain.months.index(last_month(periods[0])) + 1
        steps = chain.steps[start : start + months * (len(periods) - 1), self.columns]
        by_period = steps.reshape(len(periods) - 1, months, *steps.shape[1:])
        product = by_period[:, 0]
        for month in range(1, months):
            product = product @ by_period[:, month]
        transitions[1:] = product
        return transitions

    def one_step(self, matrices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each coded posture given what was observed before, P x N x 5.

        Parameters
        ----------
        matrices
            As `matrices` gives them.
        """
        return self._filtered(matrices).predicted

    def log_steps(self, matrices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-likelihood of each observed step, P x N; 0 where the step does not count.

        Parameters
        ----------
        matrices
            As `matrices` gives them.
        """
        if self.readings is not None:
            log = forward(matrices, self.readings.log_chances, self.readings.start).log
            return np.where(self.scored, log, 0.0)
        now = self.postures.posture.astype(int)
        chance = np.take_along_axis(self.one_step(matrices), now[:, :, None], axis=2)[:, :, 0]
        return np.where(self.scored, np.log(np.maximum(chance, SMALLEST)), 0.0)

    @cached_property
    def in_sight(self) -> bool:
        """Tell whether every client was seen where it stands at the end of every period."""
        return (
            self.readings is None and self.postures.gaps is None and bool((self.ceiling == len(POSTURES) - 1).all())
        )

    def log_rows(self, chain: Chain) -> NDArray[np.float64]:
        """Return what `log_steps` does, where every client is in sight: one row of each product is enough then.

        Parameters
        ----------
        chain
            Of the scenario.
        """
        periods, months = self.postures.periods, months_of(self.postures.periods[0])
        row, client = np.nonzero(self.scored)
        month = chain.months.index(last_month(periods[0])) + 1 + months * (row - 1)
        before = self.postures.posture[row - 1, client].astype(int)
        now = chain.steps[month, self.columns[client], before]
        for later in range(1, months):
            now = np.matmul(now[:, None, :], chain.steps[month + later, self.columns[client]])[:, 0]
        chance = now[np.arange(len(now)), self.postures.posture[row, client].astype(int)]
        log = np.zeros(self.scored.shape)
        log[row, client] = np.log(np.maximum(chance, SMALLEST))
        return log

    def ahead(self, matrices: NDArray[np.float64], origin: int) -> NDArray[np.float64]:
        """Return forecasts from one half-year on, P x N x 5; those before and at the origin are zero.

        Parameters
        ----------
        matrices
            As `matrices` gives them.
        origin
            Index of the last half-year whose postures the forecast knows.
        """
        forecasts = np.zeros(matrices.shape[:3])
        now = self.known(matrices, origin)
        for period in range(origin + 1, len(matrices)):
            now = np.einsum("np,npq->nq", now, matrices[period])
            forecasts[period] = coded_chances(now, self.ceiling)
        return forecasts

    def lasting(self, matrices: NDArray[np.float64], origin: int) -> NDArray[np.float64]:
        """Return the probability that a client is at its posture of the origin at every end of a period, P x N.

        Parameters
        ----------
        matrices
            As `matrices` gives them.
        origin
            Index of the half-year that the forecast starts from.
        """
        here = self.postures.posture[origin].astype(int)
        same = np.minimum(np.arange(len(POSTURES)), self.ceiling[:, None]) == here[:, None]
        survival = np.ones(matrices.shape[:2])
        now = self.known(matrices, origin)
        if self.readings is not None:
            # Whoever was coded there is asked about as if it stood there.
            there = now * same
            sure = there.sum(axis=1, keepdims=True)
            now = np.where(sure > 0.0, there / np.maximum(sure, SMALLEST**2), np.eye(len(POSTURES))[here])
        for period in range(origin + 1, len(matrices)):
            now = np.einsum("np,npq->nq", now, matrices[period]) * same
            survival[period] = now.sum(axis=1)
        return survival

    def known(self, matrices: NDArray[np.float64], origin: int) -> NDArray[np.float64]:
        """Return what is known of where clients stand at the end of a half-year, given all seen until then, N x 5.

        Parameters
        ----------
        matrices
            As `matrices` gives them.
        origin
            Index of the half-year.
        """
        known: NDArray[np.float64] = self._filtered(matrices, origin).known[-1]
        return known

    def _filtered(self, matrices: NDArray[np.float64], last: int | None = None) -> Filtered:
        """Run the filter over what was observed, to the end or to one period."""
        rows = slice(None if last is None else last + 1)
        if self.readings is not None:
            hidden = forward(matrices[rows], self.readings.log_chances[rows], self.readings.start)
            return Filtered(coded_chances(hidden.ahead, self.ceiling), hidden.known)
        observed, seen = self.postures.posture[rows].astype(int), None
        if self.postures.gaps is not None:
            seen = self.postures.seen[rows]
        return filtered(matrices[rows], observed, self.ceiling, seen)


def _in_network(scenario: Scenario, postures: Postures) -> NDArray[np.bool_]:
    """Return which steps a client was in the network for, the gap before them included, P x N."""
    enters = [bonds_of(scenario)[name].enters or "" for name in postures.clients]
    there = np.array([[first_month(period) >= month for month in enters] for period in postures.periods])
    for column, name in enumerate(postures.clients):
        leaves = bonds_of(scenario)[name].leaves
        if leaves is not None:
            there[[last_month(period) >= leaves for period in postures.periods], column] = False
    return bridged(there, postures.seen)


class Likelihood:
    """Compute the match of one scenario for one parameter set after another.

    Parameters
    ----------
    match
        What is matched.
    """

    def __init__(self, match: Match) -> None:
        self.match = match
        self._replay = Replay(match.scenario)

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Return every figure of the scenario by its dotted path, with its prior."""
        return self._replay.figures

    def matrices(self, values: Mapping[str, float]) -> NDArray[np.float64]:
        """Return the transition matrices of half-years under a parameter set, P x N x 5 x 5."""
        return self.match.matrices(self._replay.chain(values))

    def log_steps(self, values: Mapping[str, float]) -> NDArray[np.float64]:
        """Return the log-likelihood of each observed step under a parameter set, P x N."""
        chain = self._replay.chain(values)
        return self.match.log_rows(chain) if self.match.in_sight else self.match.log_steps(self.match.matrices(chain))
