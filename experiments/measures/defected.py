"""Whether a client has defected in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from papertiger.experiments.measures.base import ClientName, MomentMeasure, RegimeLoss, measure
from papertiger.model.rules.choice import SUSPENDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("defected")
class Defected(MomentMeasure):
    """1 where a client stands at suspended or beyond in a month, else 0.

    A regime that came after a regime loss is left out (0) unless ``regime_loss`` says ``counted``.
    """

    needs: ClassVar[tuple[str, ...]] = ("postures", "regimes")

    client: ClientName
    regime_loss: RegimeLoss = "left_out"

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return zeros and ones."""
        client = batch.client(self.client)
        gone = batch.at("postures", self.at)[:, client] >= SUSPENDED
        if self.regime_loss == "left_out":
            gone &= batch.at("regimes", self.at)[:, client] == 0
        return {name: gone.astype("f8")}
