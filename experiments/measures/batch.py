"""Hold what measures are computed from: the trajectories of runs of one scenario and design point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.model.calendar import month_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.model.ledger import Key, Share
    from papertiger.model.setting import Setting
    from papertiger.scenarios.schema.scenario import Scenario

END = "end"

type Parts = dict[Key, Share]
"""Each cause and channel with its part of the change of a client's beliefs, see `papertiger.model.ledger`."""


class Batch:
    """Hold trajectories of some runs of one scenario and design point.

    Parameters
    ----------
    scenario, setting
        What was run, and the same in numbers.
    paths
        Trajectories by name, runs first; see `papertiger.model.ensemble.ensemble.Ensemble.path`.
    only
        For trajectories of which not every month was kept: the indices of the months that were.
    without
        Makes the batch of the same runs without some events.
    ledger
        Gives each run's parts of a client's beliefs up to a month.

    Attributes
    ----------
    clients, months, rivals
        Names.
    runs
        How many.
    """

    def __init__(
        self,
        scenario: Scenario,
        setting: Setting,
        paths: Mapping[str, NDArray[Any]],
        runs: int,
        without: Callable[[tuple[str, ...]], Batch] | None = None,
        ledger: Callable[[int, int], list[Parts]] | None = None,
        only: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self.scenario, self.setting, self.runs = scenario, setting, runs
        self._only = only or {}
        self._paths, self._without, self._ledger = paths, without, ledger
        self.clients = tuple(client.name for client in setting.clients)
        self.months, self.rivals = setting.months, setting.rivals
        self._twins: dict[tuple[str, ...], Batch] = {}

    def path(self, name: str) -> NDArray[Any]:
        """Return a trajectory, runs x months x what it holds."""
        if name in self._only:
            raise ValueError(f"not every month of the path {name!r} was kept: read one with Batch.at")
        return self._paths[name]

    def at(self, name: str, at: str) -> NDArray[Any]:
        """Return a trajectory's state in one month, or in the last one for ``end``; runs first."""
        month = self.month(at)
        return self._paths[name][:, self._only[name].index(month) if name in self._only else month]

    def client(self, name: str) -> int:
        """Return the index of a client."""
        return self.clients.index(name)

    def month(self, at: str) -> int:
        """Return the index of a month, or of the last one for ``end``."""
        return len(self.months) - 1 if at == END else month_number(at) - self.setting.first_month

    def capability(self, client: str, at: str | None = None) -> NDArray[np.float64]:
        """Return a client's belief in the patron's capability, runs x months; or by runs, in one month."""
        beliefs = self._beliefs(client, at)
        mean: NDArray[np.float64] = beliefs[..., 0] / (beliefs[..., 0] + beliefs[..., 1])
        return mean

    def resolve(self, client: str, at: str | None = None) -> NDArray[np.float64]:
        """Return a client's belief in the patron's resolve, runs x months; or by runs, in one month."""
        beliefs = self._beliefs(client, at)
        mean: NDArray[np.float64] = beliefs[..., 2] / (beliefs[..., 2] + beliefs[..., 3])
        return mean

    def protection(self, client: str, at: str | None = None) -> NDArray[np.float64]:
        """Return the protection that a client believes in, runs x months; or by runs, in one month."""
        return self.capability(client, at) * self.resolve(client, at)

    def _beliefs(self, client: str, at: str | None) -> NDArray[np.float64]:
        beliefs = self.path("beliefs") if at is None else self.at("beliefs", at)
        return beliefs[..., self.client(client), :]

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Return where a client is in the network, months x clients."""
        months = np.arange(len(self.months))[:, None]
        enters = np.array([client.enters for client in self.setting.clients])
        leaves = np.array([client.leaves for client in self.setting.clients])
        there: NDArray[np.bool_] = (enters <= months) & (months < leaves)
        return there

    def leaves(self, client: int) -> int:
        """Return the index of the first month in which a client is no more in the network.

        Parameters
        ----------
        client
            Its index.
        """
        return self.setting.clients[client].leaves

    def without(self, events: tuple[str, ...]) -> Batch:
        """Return the same runs, with the same luck, of the scenario without some events."""
        if events not in self._twins:
            if self._without is None:
                raise ValueError("this batch cannot be run again without an event")
            self._twins[events] = self._without(events)
        return self._twins[events]

    def ledger(self, client: str, at: str) -> list[Parts]:
        """Return, for each run, the part of each cause in a client's beliefs at the end of a month."""
        if self._ledger is None:
            raise ValueError("the ledger of this batch was not kept")
        return self._ledger(self.client(client), self.month(at))
