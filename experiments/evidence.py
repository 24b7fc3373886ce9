"""The ledger of runs of the compiled engine: the log of evidence, read back into each cause's part of a belief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from model import ledger as accounts
from model import tables as t
from model.ensemble import _kept, _moving

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.ensemble import Job

ROOM = 4_096


class Piece(Protocol):
    """Runs that share a setting."""

    @property
    def job(self) -> Job:
        """The setting, ready to be run."""

    @property
    def first_run(self) -> int:
        """Number of the first run."""

    @property
    def runs(self) -> int:
        """How many."""


class EvidenceLog:
    """The evidence of some runs, written down when it is first asked for.

    Parameters
    ----------
    pieces
        The runs, in the order of the rows.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._logs: list[tuple[Job, NDArray[Any]]] | None = None

    def parts(self, client: int, month: int) -> list[dict[accounts.Key, accounts.Share]]:
        """Return, for each run, the part of each cause in a client's distance from its first prior.

        Parameters
        ----------
        client, month
            Indices; evidence of that month included.
        """
        if self._logs is None:
            self._logs = [
                (piece.job, _log(piece.job, run))
                for piece in self._pieces
                for run in range(piece.first_run, piece.first_run + piece.runs)
            ]
        return [_parts(job, log[log["client"] == client], client, month) for job, log in self._logs]


def _log(job: Job, run: int) -> NDArray[Any]:
    """Run once with room for the ledger, with more of it until the ledger fits."""
    room = ROOM
    while True:
        moving = _moving(job.tables, room)
        job.run(_kept(job.tables, "shares", 0), run, 1, moving)
        written = int(moving.written[0])
        if written <= room:
            log: NDArray[Any] = moving.ledger[:written].copy()
            return log
        room = written


def _parts(job: Job, log: NDArray[Any], client: int, month: int) -> dict[accounts.Key, accounts.Share]:
    setting = job.tables.setting
    entries, closings = [], []
    for row in log:
        if row["channel"] == t.SUCCESSION:
            numbers = (float(row["good_capability"]), float(row["bad_capability"]), float(row["good_resolve"]))
            closings.append(accounts.Closing(int(row["month"]), client, *numbers))
        else:
            entries.append(
                accounts.Entry(
                    int(row["month"]),
                    client,
                    t.cause_name(int(row["cause"]), job.tables),
                    t.CHANNELS[row["channel"]],
                    float(row["good_capability"]),
                    float(row["bad_capability"]),
                    float(row["good_resolve"]),
                    float(row["bad_resolve"]),
                )
            )
    outlook = setting.clients[client].outlook
    held = accounts.held_evidence(
        entries, closings, month, setting.constants.forgetting, outlook.prior_capability, outlook.prior_resolve
    )
    return accounts.shares(held, setting.constants.prior_strength)
