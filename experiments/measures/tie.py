"""Measure what the patron still has of a client's arms or economy in a month, which moves before pacts do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from papertiger.experiments.measures.base import ClientName, MomentMeasure, measure
from papertiger.model.ensemble.kernel.record import LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("tie")
class Tie(MomentMeasure):
    """Give the patron's share of a client's arms or economy in a month, whoever governs it. Successors count."""

    needs: ClassVar[tuple[str, ...]] = ("levels",)

    client: ClientName
    of: Literal["arms", "economy"] = "arms"

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return the shares."""
        return {name: batch.at("levels", self.at)[:, batch.client(self.client), LEVELS.index(f"{self.of}_tie")]}
