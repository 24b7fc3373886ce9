"""Measure how much of a client's change of mind one cause accounts for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from papertiger.experiments.ledger.causes import NO_RESPONSE
from papertiger.experiments.measures.base import ClientName, Fault, Measure, Moment, measure
from papertiger.scenarios.errors import nearest, shorten
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.scenarios.schema.values import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("ledger")
class Ledger(Measure):
    """Measure the part of a cause, a channel, or a cause through a channel in a client's belief, prior to month.

    A cause is an event of the scenario; an event also answers for the silence that followed it. Without a cause and
    a channel it is the whole change.
    """

    needs: ClassVar[tuple[str, ...]] = ("ledger",)

    client: ClientName
    cause: Text | None = None
    channel: Literal["own", "witnessed", "war", "succession"] | None = None
    belief: Literal["protection", "capability", "resolve"] = "protection"
    at: Moment = "end"

    def faults(self, world: Scenario) -> Iterator[Fault]:
        """Yield a client, month or event that the scenario does not have."""
        yield from super().faults(world)
        if self.cause is not None and self.cause not in world.events:
            hint = nearest(self.cause, world.events)
            yield Fault("cause", f"no event {shorten(self.cause)} in the scenario {world.name}", hint)

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return sums of parts."""
        wanted = (self.cause, f"{NO_RESPONSE}{self.cause}")
        sums = np.zeros(batch.runs)
        for row, parts in enumerate(batch.ledger(self.client, self.at)):
            for (cause, channel), part in sorted(parts.items()):
                if (self.cause is None or cause in wanted) and self.channel in (None, channel):
                    sums[row] += getattr(part, self.belief)
        return {name: sums}
