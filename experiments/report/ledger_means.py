"""The ledger of runs of the compiled engine: the log of evidence, read back into each cause's part of a belief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from papertiger.model import ledger as accounts
from papertiger.model.ensemble.ledger import ledger_of

if TYPE_CHECKING:
    from papertiger.model.ensemble.batches import Job


class Piece(Protocol):
    """Runs that share a setting."""

    @property
    def job(self) -> Job:
        """The setting, ready to be run."""
        ...

    @property
    def first_run(self) -> int:
        """Number of the first run."""
        ...

    @property
    def runs(self) -> int:
        """How many."""
        ...


class EvidenceLog:
    """The evidence of some runs, written down when it is first asked for.

    Parameters
    ----------
    pieces
        The runs, in the order of the rows.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._logs: list[tuple[Job, accounts.Ledger]] | None = None

    def parts(self, client: int, month: int) -> list[dict[accounts.Key, accounts.Share]]:
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
        return [_parts(job, log, client, month) for job, log in self._logs]


def _parts(job: Job, log: accounts.Ledger, client: int, month: int) -> dict[accounts.Key, accounts.Share]:
    setting = job.tables.setting
    outlook = setting.clients[client].outlook
    held = accounts.held_evidence(
        [entry for entry in log.entries if entry.client == client],
        [closing for closing in log.closings if closing.client == client],
        month,
        setting.constants.forgetting,
        outlook.prior_capability,
        outlook.prior_resolve,
    )
    return accounts.shares(held, setting.constants.prior_strength)
