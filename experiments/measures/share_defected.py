"""Measure the share of the clients that have defected in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from papertiger.experiments.measures.base import ColumnKind, MomentMeasure, RegimeLoss, measure, other_reading
from papertiger.model.rules.choice import SUSPENDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("share_defected")
class ShareDefected(MomentMeasure):
    """Measure the clients at suspended or beyond in a month, as a share of those in the network.

    By default by their own choice: a regime that came after a regime loss counts in the network but not as defected.
    With ``regime_loss: counted`` successors count, too, as in the patron's measure ``defected_share``. The column
    beside it holds the other of the two.
    """

    needs: ClassVar[tuple[str, ...]] = ("postures", "regimes")

    regime_loss: RegimeLoss = "left_out"

    def columns(self, name: str) -> dict[str, ColumnKind]:
        """Return the reading that was asked for, and the other one."""
        return {name: "number", other_reading(name, self.regime_loss): "number"}

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return shares."""
        present = batch.present[batch.month(self.at)]
        gone = (batch.at("postures", self.at) >= SUSPENDED) & present
        by_choice = gone & (batch.at("regimes", self.at) == 0)
        asked, other = (by_choice, gone) if self.regime_loss == "left_out" else (gone, by_choice)
        members = max(1, int(present.sum()))
        return {
            name: asked.sum(axis=1) / members,
            other_reading(name, self.regime_loss): other.sum(axis=1) / members,
        }
