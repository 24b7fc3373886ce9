"""Measure how the patron stands in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from papertiger.experiments.measures.base import MomentMeasure, measure
from papertiger.model.ensemble.kernel import PATRON_MEASURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("patron")
class Patron(MomentMeasure):
    """Measure one of the patron's quantities in a month."""

    needs: ClassVar[tuple[str, ...]] = ("patron",)

    measure: Literal["budget", "burden", "lost_assets", "credibility", "defected_share"]

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return the measure."""
        return {name: batch.at("patron", self.at)[:, PATRON_MEASURES.index(self.measure)]}
