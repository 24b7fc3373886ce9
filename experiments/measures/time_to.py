"""Measure how long a client takes to reach a rung, censored where it never does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from papertiger.experiments.measures.base import ClientName, ColumnKind, Measure, RegimeLoss, measure
from papertiger.scenarios.schema.values import POSTURES, PostureName

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("time_to")
class TimeTo(Measure):
    """Measure the months from the start of the span until a client first stands at a rung or beyond it.

    The first month counts as 1. Where it never happens ``:event`` is 0 and the time is not one at which anything
    happened: it is the last month in the network, or, where the regime was lost before, the last month of the regime.
    A regime loss is nobody's choice and ends the question, unless ``regime_loss`` says ``counted``; then successors
    count, too.
    """

    needs: ClassVar[tuple[str, ...]] = ("postures", "regimes")

    client: ClientName
    posture: PostureName = "suspended"
    regime_loss: RegimeLoss = "left_out"

    def columns(self, name: str) -> dict[str, ColumnKind]:
        """Return the time and whether it was reached."""
        return {name: "number", f"{name}:event": "flag"}

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return times and flags."""
        client, months = batch.client(self.client), len(batch.months)
        there = batch.path("postures")[:, :, client] >= POSTURES.index(self.posture)
        there &= batch.present[:, client]
        # What is seen ends with the last month in the network.
        horizon = np.full(batch.runs, max(1, min(months, batch.leaves(client))))
        if self.regime_loss == "left_out":
            lost = batch.path("regimes")[:, :, client] != 0
            there &= ~lost
            # What is seen ends with the last month of the first regime.
            horizon = np.where(lost.any(axis=1), np.maximum(np.minimum(lost.argmax(axis=1), horizon), 1), horizon)
        reached = there.any(axis=1)
        time = np.where(reached, there.argmax(axis=1) + 1, horizon)
        return {name: time.astype("f8"), f"{name}:event": reached.astype("i1")}
