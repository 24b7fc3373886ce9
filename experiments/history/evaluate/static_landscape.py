"""Forecast by a static landscape: which side each client falls on, and how often its side moved.

Landscape theory (Axelrod & Bennett 1993; see `papertiger.experiments.history.evaluate.landscape`) knows no events
and no beliefs, only who likes to be
with whom. Here the patron and its rivals stand in two camps and do not move; the clients begin with the patron and
change camp, one at a time, as long as that lowers the energy. Who ends on the rivals' side should be the likelier to
leave, so the forecast is one Markov chain for each side, with the transitions of its clients in the training span. If
structure alone told who would leave, this would beat one chain for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.evaluate.baselines import Climatology
from papertiger.model.sampling import FigureReader
from papertiger.model.template import build_setting
from papertiger.scenarios.bonds import bonds_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from papertiger.experiments.history.observed.coding import Postures
    from papertiger.scenarios import Scenario

CLIENT_SIZE = 0.1
"""Size of a client beside a power of size 1: judgement, and the same for all: scenarios carry no such figure."""

TREATY_TIE = {"defence_pact": 1.0, "lesser_treaty": 0.5, "none": 0.0}
"""What a treaty adds to how much a client likes the patron: a defence pact as much as full dependence. Judgement."""


@dataclass(frozen=True)
class Landscape:
    """Hold sizes and propensities of the patron, its rivals and its clients, in this order.

    Attributes
    ----------
    clients
        Names, length N.
    powers
        How many of the actors are powers, which do not move: the patron first, then the rivals.
    sizes
        Length A = powers + N.
    propensities
        A x A and symmetric: above 0 for liking, below 0 for dislike.
    """

    clients: tuple[str, ...]
    powers: int
    sizes: NDArray[np.float64]
    propensities: NDArray[np.float64]

    def start(self) -> NDArray[np.int64]:
        """Return the camps from which the clients begin: all with the patron (0), the rivals in the other (1)."""
        camps = np.zeros(len(self.sizes), dtype=np.int64)
        camps[1 : self.powers] = 1
        return camps

    def settle(self) -> NDArray[np.int64]:
        """Return the camps at the local minimum of the energy that the clients reach from the start.

        In each round the one client changes camp whose change lowers the energy most; of equals the first. The energy
        falls with every round, so there is an end.
        """
        camps = self.start()
        while True:
            gain = self._gain(camps)
            mover = int(np.argmax(gain))
            if gain[mover] <= 1e-12:
                return camps
            camps[mover] = 1 - camps[mover]

    def _gain(self, camps: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return by how much each actor's change of camp would lower the energy; powers never gain."""
        apart = camps[:, None] != camps[None, :]
        pull = self.sizes[:, None] * self.sizes[None, :] * self.propensities
        # An actor that changes camp is then apart from those it was with, and with those it was apart from.
        gain = 2.0 * np.where(apart, pull, -pull).sum(axis=1)
        gain[: self.powers] = -np.inf
        return np.asarray(gain)


def landscape_of(scenario: Scenario) -> Landscape:
    """Return the landscape of a scenario's static codings; events, beliefs and measured postures are not looked at.

    A client likes the patron by its dependence (mean of arms and economy) and `TREATY_TIE`; a rival by its openness
    times how far turning to it is from staying (`gap`), and the main rival less by how far opposing its own adversary
    clashes with that rival (`clash`); another client by how similar they are (pact, region, adversary). A rival is
    disliked by the patron as far as turning to it is from staying. Where a figure is only a range, its value in run 0
    of seed 0 is taken.
    """
    setting, figure = build_setting(scenario, seed=0), FigureReader(0, 0)
    powers = 1 + len(scenario.rivals)
    count = powers + len(setting.clients)
    sizes = np.full(count, CLIENT_SIZE)
    sizes[0] = 1.0
    likes = np.zeros((count, count))
    gaps = []
    for place, (name, rival) in enumerate(scenario.rivals.items(), start=1):
        where = f"rivals.{rival.draws_as or name}"
        gaps.append(figure(f"{where}.gap", rival.gap))
        sizes[place] = figure(f"{where}.size", rival.size)
        likes[0, place] = -gaps[-1]
    for index, client in enumerate(setting.clients):
        place = powers + index
        likes[0, place] = client.outlook.dependence + TREATY_TIE[bonds_of(scenario)[client.name].treaty]
        for number, name in enumerate(scenario.rivals):
            likes[1 + number, place] = client.outlook.openness[number] * gaps[number]
            if name == scenario.patron.main_rival:
                likes[1 + number, place] -= client.clash
        likes[powers:, place] = np.asarray(setting.similarity)[:, index]
    # Only one half was written for the powers; the clients' own half is symmetric already.
    likes[powers:, :powers] = likes[:powers, powers:].T
    likes[1:powers, 0] = likes[0, 1:powers]
    return Landscape(tuple(bonds_of(scenario)), powers, sizes, likes)


@dataclass(frozen=True)
class StaticLandscape:
    """Forecast by one Markov chain for the clients on each side of the landscape.

    Attributes
    ----------
    rival_side
        Names of the clients that the landscape puts on the rivals' side.
    with_patron, with_rivals
        The chains of the two sides.
    """

    rival_side: frozenset[str]
    with_patron: Climatology
    with_rivals: Climatology
    name: str = "static landscape"

    @classmethod
    def fit(
        cls, scenario: Scenario, postures: Postures, last: int, clients: Collection[str] | None = None
    ) -> StaticLandscape:
        """Return the comparator for a scenario, fitted on the steps up to a half-year.

        Parameters
        ----------
        scenario
            Whose static codings make the landscape.
        postures, last, clients
            As for `Climatology.fit`. A side without any step takes the chain of all of them.
        """
        landscape = landscape_of(scenario)
        camps = landscape.settle()[landscape.powers :]
        away = frozenset(name for name, camp in zip(landscape.clients, camps, strict=True) if camp == 1)

        def chain(members: set[str]) -> Climatology:
            seen = postures.scored[: last + 1, np.isin(postures.clients, sorted(members))].any()
            return Climatology.fit(postures, last, members if seen else everybody)

        everybody = set(postures.clients if clients is None else clients)
        return cls(away, chain(everybody - away), chain(everybody & away))

    def forecast(self, postures: Postures, origin: int, target: int) -> NDArray[np.float64]:
        """Return each client's forecast by the chain of its side; see `Forecaster`."""
        here = np.isin(postures.clients, sorted(self.rival_side))[:, None]
        theirs = self.with_rivals.forecast(postures, origin, target)
        return np.where(here, theirs, self.with_patron.forecast(postures, origin, target))
