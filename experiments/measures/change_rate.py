"""Measure how often clients change their posture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from papertiger.experiments.measures.base import Measure, measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch

MONTHS = 6.0


@measure("change_rate")
class ChangeRate(Measure):
    """Measure changes of posture per client and half-year in the network, leaving out months of a regime loss."""

    needs: ClassVar[tuple[str, ...]] = ("postures", "regimes")

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return rates."""
        postures, regimes, present = batch.path("postures"), batch.path("regimes"), batch.present
        start = np.array([client.posture for client in batch.setting.clients], dtype=postures.dtype)
        before = np.concatenate([np.broadcast_to(start, (batch.runs, 1, len(start))), postures[:, :-1]], axis=1)
        old = np.concatenate([np.zeros((batch.runs, 1, len(start)), regimes.dtype), regimes[:, :-1]], axis=1)
        changes = ((postures != before) & (regimes == old) & present).sum(axis=(1, 2))
        return {name: changes / (max(1, int(present.sum())) / MONTHS)}
