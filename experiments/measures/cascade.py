"""Defections that would not have happened without an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from papertiger.experiments.measures.base import Fault, MomentMeasure, RegimeLoss, measure
from papertiger.model.rules.choice import SUSPENDED
from papertiger.scenarios.errors import nearest, shorten
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.scenarios.schema.values import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("cascade")
class Cascade(MomentMeasure):
    """Other clients that have defected in a month, less those that have in the same run without the event.

    The twin run has the same luck, so that the difference is the event's doing. What happens to the clients that
    the event itself names is not counted. Several entries that make up one event are given as a list.
    """

    needs: ClassVar[tuple[str, ...]] = ("postures", "regimes")

    event: Text | tuple[Text, ...]
    regime_loss: RegimeLoss = "left_out"

    @property
    def events(self) -> tuple[str, ...]:
        """Return the names of the events that the twin run goes without."""
        return (self.event,) if isinstance(self.event, str) else self.event

    def faults(self, world: Scenario) -> Iterator[Fault]:
        """Yield events that the scenario does not have."""
        yield from super().faults(world)
        for event in self.events:
            if event not in world.events:
                hint = nearest(event, world.events)
                yield Fault("event", f"no event {shorten(event)} in the scenario {world.name}", hint)

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return differences of counts; 0 in a scenario that lacks the events."""
        events = tuple(event for event in self.events if event in batch.scenario.events)
        if not events:
            return {name: np.zeros(batch.runs)}
        struck = {batch.scenario.events[event].client for event in events}
        others = np.array([client not in struck for client in batch.clients])
        return {name: (self._gone(batch, others) - self._gone(batch.without(events), others)).astype("f8")}

    def _gone(self, batch: Batch, others: NDArray[np.bool_]) -> NDArray[np.int64]:
        gone = (batch.at("postures", self.at) >= SUSPENDED) & others & batch.present[batch.month(self.at)]
        if self.regime_loss == "left_out":
            gone &= batch.at("regimes", self.at) == 0
        count: NDArray[np.int64] = gone.sum(axis=1)
        return count
