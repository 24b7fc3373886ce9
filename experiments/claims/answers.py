"""Read the patron's answers to calls for help off the ledgers of compiled runs.

The compiled month keeps no list of signals, but every piece of evidence of a drawn crisis stands in its ledger.
Signals differ in how their evidence is split between capability and resolve, so that each row tells which it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.model.ensemble.batches import make_kept, make_moving
from papertiger.model.ensemble.kernel.state import CRISIS_CAUSE
from papertiger.model.ensemble.tables import OWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.model.ensemble.batches import Job
    from papertiger.model.ensemble.ensemble import Ensemble

HELP = ("intervened", "help_tried")
REFUSAL = ("abandoned", "words_only")
OTHERS_GOOD = ("air_defence_held",)
OTHERS_BAD = ("air_defence_failed", "help_failed")
"""Signals that a drawn crisis may send: an answer that is help, one that is none, and what is no answer."""
ROOM = 8_192


def answered(
    ensemble: Ensemble, clients: list[int], first: int, end: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how many calls for help were answered with help in each run, and how many were not.

    Parameters
    ----------
    ensemble
        The runs; each is carried out once more.
    clients
        Indices of those whose calls count.
    first, end
        Indices of the first month that counts, and of the one after the last.
    """
    helped, refused = np.zeros(ensemble.runs), np.zeros(ensemble.runs)
    plan = ensemble.plan
    for place in range(ensemble.runs):
        run = plan.first_run + place
        job = plan.job_of(run)
        rows = _rows(job, run)
        count = len(job.tables.events)
        per_kind = len(job.tables.clients) * len(ensemble.months)
        drawn = (rows["cause"] >= 2 * count + CRISIS_CAUSE * per_kind) & (
            rows["cause"] < 2 * count + (CRISIS_CAUSE + 1) * per_kind
        )
        mine = drawn & (rows["channel"] == OWN) & np.isin(rows["client"], clients)
        mine &= (rows["month"] >= first) & (rows["month"] < end)
        helped[place] = _count(rows[mine], ensemble, good=True)
        refused[place] = _count(rows[mine], ensemble, good=False)
    return helped, refused


def _rows(job: Job, run: int) -> NDArray[np.void]:
    room = ROOM
    while True:
        moving = make_moving(job.tables, ledger_rows=room)
        job.run(make_kept(job.tables), run, 1, moving)
        written = int(moving.written[0])
        if written <= room:
            rows: NDArray[np.void] = np.asarray(moving.ledger[:written])
            return rows
        room = written


def _count(rows: NDArray[np.void], ensemble: Ensemble, *, good: bool) -> int:
    """Count the rows that are an answer: help if good, a refusal if not."""
    side = "good" if good else "bad"
    capability, resolve = rows[f"{side}_capability"], rows[f"{side}_resolve"]
    there = capability + resolve > 0.0
    split = capability[there] / (capability[there] + resolve[there])
    wanted, others = (HELP, OTHERS_GOOD) if good else (REFUSAL, OTHERS_BAD)
    near, far = _distance(split, wanted, ensemble), _distance(split, others, ensemble)
    return int((near < far).sum())


def _distance(split: NDArray[np.float64], kinds: tuple[str, ...], ensemble: Ensemble) -> NDArray[np.float64]:
    """Return how far splits of evidence are from those of the nearest of some signals."""
    loadings = np.array([ensemble.scenario.signals[kind].loading.value or 0.0 for kind in kinds])
    distance: NDArray[np.float64] = np.abs(split[:, None] - loadings[None, :]).min(axis=1)
    return distance
