"""Share of the clients that have defected in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from papertiger.experiments.measures.base import MomentMeasure, RegimeLoss, measure
from papertiger.model.rules.choice import SUSPENDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("share_defected")
class ShareDefected(MomentMeasure):
    """Clients at suspended or beyond in a month, as a share of those in the network.

    A regime that came after a regime loss counts in the network but not as defected, unless ``regime_loss`` says
    ``counted``; then it is the patron's measure ``defected_share``.
    """

    needs: ClassVar[tuple[str, ...]] = ("postures", "regimes")

    regime_loss: RegimeLoss = "left_out"

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return shares."""
        present = batch.present[batch.month(self.at)]
        gone = (batch.at("postures", self.at) >= SUSPENDED) & present
        if self.regime_loss == "left_out":
            gone &= batch.at("regimes", self.at) == 0
        return {name: gone.sum(axis=1) / max(1, int(present.sum()))}
