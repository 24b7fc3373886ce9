"""Measure where a client stands on the ladder in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from papertiger.experiments.measures.base import ClientName, MomentMeasure, measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("posture")
class Posture(MomentMeasure):
    """Measure the rung of a client in a month, whoever governs it: 0 loyal to 4 realigned. Successors count."""

    needs: ClassVar[tuple[str, ...]] = ("postures",)

    client: ClientName

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return the rungs."""
        return {name: batch.at("postures", self.at)[:, batch.client(self.client)].astype("f8")}
