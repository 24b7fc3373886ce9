"""Run thousands of continuations of a game by the compiled ensemble, from a state in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.scenarios.schema.actors import Span
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from papertiger.model.decisions import Decisions
    from papertiger.scenarios import Scenario
    from papertiger.wargame.engine.months import MonthState

QUANTILES = ("q05", "q25", "q50", "q75", "q95")


@dataclass(frozen=True)
class FanRequest:
    """All that a fan depends on.

    Attributes
    ----------
    scenario
        What is run on.
    state
        The end of a month, as it is or as somebody believes it to be.
    last
        Index of the last month.
    seed
        Never that of the game.
    runs
        How many.
    orders
        Decisions that are taken as given.
    """

    scenario: Scenario
    state: MonthState
    last: int
    seed: int
    runs: int
    orders: Decisions


@dataclass(frozen=True)
class Band:
    """Mean and quantiles (5, 25, 50, 75, 95 %) month by month."""

    mean: tuple[float, ...]
    quantiles: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Fan:
    """Where continuations lead.

    Attributes
    ----------
    months
        Names of the months.
    runs
        How many continuations.
    postures
        Share of runs on each rung, by client, month and rung.
    protection
        By client.
    credibility, defected_share
        Of the patron.
    ends
        Credibility and defected share at the end of every run, sorted, to place what came among them.
    at_least
        Share of runs in which a share of the network is suspended or beyond, by month: pairs of it and of runs.
    """

    months: tuple[str, ...]
    runs: int
    clients: tuple[str, ...]
    postures: tuple[tuple[tuple[float, ...], ...], ...]
    protection: tuple[Band, ...]
    credibility: Band
    defected_share: Band
    ends: tuple[tuple[float, ...], tuple[float, ...]]
    at_least: tuple[tuple[tuple[float, float], ...], ...]

    def beyond(self, client: str, month: str, rung: int) -> float:
        """Return the share of runs in which a client stands at a rung or beyond at the end of a month."""
        return sum(self.postures[self.clients.index(client)][self.months.index(month)][rung:])

    def defected(self, month: str, share: float) -> float:
        """Return the share of runs in which at least a share of the network is suspended or beyond."""
        return sum(part for value, part in self.at_least[self.months.index(month)] if value >= share)


def spread(request: FanRequest) -> Fan:
    """Run the continuations."""
    import numpy as np  # noqa: PLC0415 - the worker's, like the ensemble

    from papertiger.model.ensemble.ensemble import ensemble  # noqa: PLC0415
    from papertiger.model.ensemble.kernel import PATRON_MEASURES  # noqa: PLC0415
    from papertiger.wargame.engine.months import start_from  # noqa: PLC0415
    from papertiger.wargame.rules.setup import month_at  # noqa: PLC0415

    end = month_at(request.scenario, request.last)
    scenario = request.scenario.model_copy(update={"span": Span(start=request.scenario.span.start, end=end)})
    result = ensemble(
        scenario,
        request.runs,
        request.seed,
        keep=("patron", "postures", "beliefs"),
        decisions=request.orders,
        start=start_from(request.state),
    )
    postures, beliefs, patron = result.path("postures"), result.path("beliefs"), result.path("patron")
    capability = beliefs[..., 0] / (beliefs[..., 0] + beliefs[..., 1])
    protection = capability * beliefs[..., 2] / (beliefs[..., 2] + beliefs[..., 3])
    credibility = patron[..., PATRON_MEASURES.index("credibility")]
    defected = patron[..., PATRON_MEASURES.index("defected_share")]
    rungs = [(postures == rung).mean(axis=0) for rung in range(len(POSTURES))]
    shares = np.stack(rungs, axis=-1)

    def band(values: object) -> Band:
        table = np.asarray(values)
        quantiles = np.quantile(table, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
        return Band(tuple(table.mean(axis=0).tolist()), tuple(tuple(row) for row in quantiles.tolist()))

    at_least = []
    for month in range(defected.shape[1]):
        values, counts = np.unique(defected[:, month], return_counts=True)
        at_least.append(tuple(zip(values.tolist(), (counts / request.runs).tolist(), strict=True)))
    return Fan(
        months=result.months[result.first_month :],
        runs=request.runs,
        clients=result.clients,
        postures=tuple(
            tuple(tuple(row) for row in shares[:, client].tolist()) for client in range(len(result.clients))
        ),
        protection=tuple(band(protection[..., client]) for client in range(len(result.clients))),
        credibility=band(credibility),
        defected_share=band(defected),
        ends=(tuple(sorted(credibility[:, -1].tolist())), tuple(sorted(defected[:, -1].tolist()))),
        at_least=tuple(at_least),
    )
