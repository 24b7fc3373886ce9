"""Measure the defection of a client, as it stands in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from papertiger.experiments.measures.base import (
    ClientName,
    ColumnKind,
    MomentMeasure,
    RegimeLoss,
    measure,
    other_reading,
)
from papertiger.model.rules.choice import SUSPENDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("defected")
class Defected(MomentMeasure):
    """Tell whether a client stands at suspended or beyond in a month: 1 if it does, else 0.

    By default that is its own choice: a regime that came after a regime loss is left out (0). With ``regime_loss:
    counted`` successors count, too. The column beside it holds the other of the two.
    """

    needs: ClassVar[tuple[str, ...]] = ("postures", "regimes")

    client: ClientName
    regime_loss: RegimeLoss = "left_out"

    def columns(self, name: str) -> dict[str, ColumnKind]:
        """Return the reading that was asked for, and the other one."""
        return {name: "number", other_reading(name, self.regime_loss): "number"}

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return zeros and ones."""
        client = batch.client(self.client)
        gone = batch.at("postures", self.at)[:, client] >= SUSPENDED
        by_choice = gone & (batch.at("regimes", self.at)[:, client] == 0)
        asked, other = (by_choice, gone) if self.regime_loss == "left_out" else (gone, by_choice)
        return {name: asked.astype("f8"), other_reading(name, self.regime_loss): other.astype("f8")}
