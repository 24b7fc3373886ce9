"""Measure runs for claims: one number a run, the mean over some clients and months."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.claims.answers import answered
from papertiger.model.calendar import month_number
from papertiger.model.ensemble.kernel import PATRON_MEASURES
from papertiger.model.ensemble.kernel.record import LEVELS
from papertiger.model.rules.choice import DISTANCING, HEDGING, REALIGNED, SUSPENDED
from papertiger.model.rules.threat import patron_threat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.claims.schema import Domain, Effect, MeasureName
    from papertiger.model.ensemble.ensemble import Ensemble

type Months = slice
type Reading = Callable[[Ensemble, Effect, list[int], Months], NDArray[np.float64]]
"""Gives runs x months x clients, or runs x months, of which the mean is taken; or a number a run."""


@dataclass(frozen=True)
class Measure:
    """Describe a kind of measure.

    Attributes
    ----------
    domain
        Where an effect on it shows.
    unit
        Which smallest effect of interest goes with it.
    words
        What the page calls it.
    path
        The trajectory that it is read off; blank reads the ledger.
    read
        How.
    top
        The end of its scale; its beginning is 0. None where it has no end that a world may lie at.
    by_client
        Whether it is of clients, and not of the patron.
    """

    domain: Domain
    unit: str
    words: str
    path: str
    read: Reading
    top: float | None = 1.0
    by_client: bool = True


def unit_of(effect: Effect) -> str:
    """Return which smallest effect of interest goes with an effect; a mean belief of all states has its own."""
    unit = MEASURES[effect.measure].unit
    return "network" if unit == "belief" and not effect.clients else unit


def states(ensemble: Ensemble, effect: Effect) -> list[int]:
    """Return the indices of the clients that are measured: those named, or all states that are in the network."""
    if effect.clients:
        return [ensemble.clients.index(name) for name in effect.clients]
    start = month_number(effect.start) - ensemble.setting.first_month
    return [
        index
        for index, client in enumerate(ensemble.setting.clients)
        if not client.sub_state and client.is_in_network(start) and client.name not in effect.without
    ]


def measured(effect: Effect, ensemble: Ensemble) -> NDArray[np.float64]:
    """Return what an effect is measured by, one number a run; not a number where a run has nothing to measure.

    Parameters
    ----------
    effect
        What is measured, of whom and when.
    ensemble
        Runs that kept the trajectory.
    """
    first = ensemble.setting.first_month
    months = slice(month_number(effect.start) - first, month_number(effect.end) - first + 1)
    kind = MEASURES[effect.measure]
    values = np.asarray(kind.read(ensemble, effect, states(ensemble, effect), months), dtype=float)
    return values.reshape(len(values), -1).mean(axis=1) if values.ndim > 1 else values


def _means(ensemble: Ensemble, clients: list[int], months: Months, first: int) -> NDArray[np.float64]:
    counts = ensemble.path("beliefs")[:, months][:, :, clients]
    mean: NDArray[np.float64] = counts[..., first] / (counts[..., first] + counts[..., first + 1])
    return mean


def _capability(ensemble: Ensemble, _: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
    return _means(ensemble, clients, months, 0)


def _resolve(ensemble: Ensemble, _: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
    return _means(ensemble, clients, months, 2)


def _protection(ensemble: Ensemble, _: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
    return _means(ensemble, clients, months, 0) * _means(ensemble, clients, months, 2)


def _level(name: str) -> Reading:
    place = LEVELS.index(name)

    def read(ensemble: Ensemble, _: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
        level: NDArray[np.float64] = ensemble.path("levels")[:, months][:, :, clients, place]
        return level

    return read


def _threat(ensemble: Ensemble, effect: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
    levels = _level("claim_level")(ensemble, effect, clients, months)
    return np.array([patron_threat(level) for level in levels.ravel()]).reshape(levels.shape)


def _covert(ensemble: Ensemble, effect: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
    return (_level("covert_rival")(ensemble, effect, clients, months) >= 0).astype(float)


def _rung(ensemble: Ensemble, _: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
    rungs: NDArray[np.float64] = ensemble.path("postures")[:, months][:, :, clients].astype(float)
    return rungs


def _beyond(posture: int) -> Reading:
    def read(ensemble: Ensemble, effect: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
        return (_rung(ensemble, effect, clients, months) >= posture).astype(float)

    return read


def _realigned(ensemble: Ensemble, effect: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
    there = ensemble.path("destinations")[:, months][:, :, clients]
    wanted = None if effect.rival is None else ensemble.setting.rivals.index(effect.rival)
    return (there >= 0 if wanted is None else there == wanted).astype(float)


def _patron(name: str) -> Reading:
    place = PATRON_MEASURES.index(name)

    def read(ensemble: Ensemble, _: Effect, __: list[int], months: Months) -> NDArray[np.float64]:
        values: NDArray[np.float64] = ensemble.path("patron")[:, months, place]
        return values

    return read


def _help(ensemble: Ensemble, _: Effect, clients: list[int], months: Months) -> NDArray[np.float64]:
    helped, refused = answered(ensemble, clients, months.start, months.stop)
    asked = helped + refused
    shares: NDArray[np.float64] = np.divide(helped, asked, out=np.full(len(asked), np.nan), where=asked > 0)
    return shares


MEASURES: Mapping[MeasureName, Measure] = {
    "capability": Measure("belief", "belief", "belief in capability", "beliefs", _capability),
    "resolve": Measure("belief", "belief", "belief in resolve", "beliefs", _resolve),
    "protection": Measure("belief", "belief", "believed protection", "beliefs", _protection),
    "patron_threat": Measure("belief", "belief", "threat from the patron", "levels", _threat),
    "credibility": Measure(
        "belief", "network", "the patron's credibility", "patron", _patron("credibility"), by_client=False
    ),
    "arms": Measure("ties", "tie", "patron's share of arms", "levels", _level("arms_tie")),
    "economy": Measure("ties", "tie", "patron's share of the economy", "levels", _level("economy_tie")),
    "rung": Measure("posture", "rung", "mean rung, 0 to 4", "postures", _rung, top=float(REALIGNED)),
    "hedging": Measure("posture", "share", "share at hedging or beyond", "postures", _beyond(HEDGING)),
    "distancing": Measure("posture", "share", "share at distancing or beyond", "postures", _beyond(DISTANCING)),
    "suspended": Measure("posture", "share", "share at suspended or beyond", "postures", _beyond(SUSPENDED)),
    "realigned": Measure("posture", "share", "share realigned", "destinations", _realigned),
    "covert": Measure("posture", "share", "share of months in secret talks", "levels", _covert),
    "help": Measure("posture", "share", "share of calls that bring help", "", _help),
    "budget": Measure("posture", "patron", "the patron's budget", "patron", _patron("budget"), None, by_client=False),
    "burden": Measure("posture", "patron", "the war's burden", "patron", _patron("burden"), by_client=False),
    "lost_assets": Measure(
        "posture", "patron", "share of assets lost", "patron", _patron("lost_assets"), by_client=False
    ),
}
"""The kinds of measure, by the name that files give."""
