"""Read the ledger of runs of the compiled engine back into each cause's part of a belief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from papertiger.model.ensemble.ledger import ledger_of
from papertiger.model.run import shares_of

if TYPE_CHECKING:
    from papertiger.model.ensemble.batches import Job
    from papertiger.model.ledger import Key, Ledger, Share


class Piece(Protocol):
    """Describe runs that share a setting."""

    @property
    def job(self) -> Job:
        """Return the setting, ready to be run."""
        ...

    @property
    def first_run(self) -> int:
        """Return the number of the first run."""
        ...

    @property
    def runs(self) -> int:
        """Return how many runs there are."""
        ...


class EvidenceLog:
    """Log the evidence of some runs, when it is first asked for.

    Parameters
    ----------
    pieces
        The runs, in the order of the rows.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._logs: list[tuple[Job, Ledger]] | None = None

    def parts(self, client: int, month: int) -> list[dict[Key, Share]]:
        """Return, for each run, the part of each cause in a client's distance from its first prior.

        Parameters
        ----------
        client, month
            Indices; evidence of that month included.
        """
        if self._logs is None:
            self._logs = [
                (piece.job, ledger_of(piece.job, run))
                for piece in self._pieces
                for run in range(piece.first_run, piece.first_run + piece.runs)
            ]
        return [shares_of(log, job.tables.setting, client, month) for job, log in self._logs]
