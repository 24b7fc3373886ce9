"""Measure when a client first moves from the rung of the start, and where to; the loss of its regime competes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from papertiger.experiments.measures.base import ClientName, ColumnKind, Measure, measure
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch

RUNGS = np.array([*POSTURES, ""], dtype=object)


@measure("first_move")
class FirstMove(Measure):
    """Measure the months from the start of the span until a client first stands on another rung, and on which.

    The first month counts as 1. Where it never moves ``:event`` is 0, ``:to`` is empty, and the time is the last
    month in the network, or, where the regime was lost before, the last month of the regime: that is nobody's choice,
    and ends the question.
    """

    needs: ClassVar[tuple[str, ...]] = ("postures", "regimes")

    client: ClientName

    def columns(self, name: str) -> dict[str, ColumnKind]:
        """Return the time, whether it moved, and the rung on which it then stands."""
        return {name: "number", f"{name}:event": "flag", f"{name}:to": "text"}

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return times, flags and rungs."""
        client, months = batch.client(self.client), len(batch.months)
        rungs = batch.path("postures")[:, :, client]
        lost = batch.path("regimes")[:, :, client] != 0
        moved = (rungs != batch.setting.clients[client].posture) & batch.present[:, client] & ~lost
        seen = np.full(batch.runs, max(1, min(months, batch.leaves(client))))
        # What is seen ends with the last month of the first regime.
        seen = np.where(lost.any(axis=1), np.maximum(np.minimum(lost.argmax(axis=1), seen), 1), seen)
        ever, first = moved.any(axis=1), moved.argmax(axis=1)
        where = np.where(ever, rungs[np.arange(batch.runs), first], -1)
        return {
            name: np.where(ever, first + 1, seen).astype("f8"),
            f"{name}:event": ever.astype("i1"),
            f"{name}:to": RUNGS[where],
        }
