"""Measure a cascade: defections that would not have happened without an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from papertiger.experiments.measures.base import ColumnKind, Fault, MomentMeasure, RegimeLoss, measure, other_reading
from papertiger.model.rules.choice import SUSPENDED
from papertiger.scenarios.bonds import reached_by
from papertiger.scenarios.errors import nearest, shorten
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.scenarios.schema.values import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("cascade")
class Cascade(MomentMeasure):
    """Count other clients that have defected in a month, less those in the same run without the event.

    The twin run has the same luck, so that the difference is the event's doing. What happens to the clients that
    the event itself names is not counted. Several entries that make up one event are given as a list. By default
    defections by own choice count; with ``regime_loss: counted`` those of successors, too. The column beside it holds
    the other of the two.
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

    def columns(self, name: str) -> dict[str, ColumnKind]:
        """Return the reading that was asked for, and the other one."""
        return {name: "number", other_reading(name, self.regime_loss): "number"}

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return differences of counts; 0 in a scenario that lacks the events."""
        columns = (name, other_reading(name, self.regime_loss))
        events = tuple(event for event in self.events if event in batch.scenario.events)
        if not events:
            return {column: np.zeros(batch.runs) for column in columns}
        told = (batch.scenario.events[event] for event in events)
        struck = {row.name for event in told for row in reached_by(event, batch.scenario)}
        others = np.array([client not in struck for client in batch.clients])
        asked, other = self._gone(batch, others) - self._gone(batch.without(events), others)
        return dict(zip(columns, (asked.astype("f8"), other.astype("f8")), strict=True))

    def _gone(self, batch: Batch, others: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many others have defected, in the reading that was asked for and in the other one."""
        gone = (batch.at("postures", self.at) >= SUSPENDED) & others & batch.present[batch.month(self.at)]
        by_choice = gone & (batch.at("regimes", self.at) == 0)
        readings = (by_choice, gone) if self.regime_loss == "left_out" else (gone, by_choice)
        counts: NDArray[np.int64] = np.stack([reading.sum(axis=1) for reading in readings])
        return counts
