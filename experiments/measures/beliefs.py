"""Measure what a client believes about its patron in a month: the two beliefs and their product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from papertiger.experiments.measures.base import ClientName, MomentMeasure, measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.measures.batch import Batch


class _Belief(MomentMeasure):
    needs: ClassVar[tuple[str, ...]] = ("beliefs",)

    client: ClientName


@measure("capability")
class Capability(_Belief):
    """Measure a client's belief that the patron can protect it, in a month."""

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return means of the belief."""
        return {name: batch.capability(self.client, self.at)}


@measure("resolve")
class Resolve(_Belief):
    """Measure a client's belief that the patron will protect it, in a month."""

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return means of the belief."""
        return {name: batch.resolve(self.client, self.at)}


@measure("protection")
class Protection(_Belief):
    """Measure the protection a client believes in, in a month: capability times resolve."""

    def compute(self, name: str, batch: Batch) -> dict[str, NDArray[Any]]:
        """Return products of the two beliefs."""
        return {name: batch.protection(self.client, self.at)}
