"""Measure where a client that realigned has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from papertiger.experiments.measures.base import ClientName, ColumnKind, MomentMeasure, measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


@measure("destination")
class Destination(MomentMeasure):
    """Name of the rival to which a client, whoever governs it, has turned in a month; empty where there is none."""

    needs: ClassVar[tuple[str, ...]] = ("destinations",)

    client: ClientName

    def columns(self, name: str) -> dict[str, ColumnKind]:
        """Return one column of text."""
        return {name: "text"}

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return names."""
        index = batch.at("destinations", self.at)[:, batch.client(self.client)]
        # The index of nobody is -1, which is the last entry.
        names = np.array([*batch.rivals, ""], dtype=object)
        return {name: names[index]}
