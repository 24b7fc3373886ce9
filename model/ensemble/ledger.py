"""Read the ledger of the ensemble: the rows of one run, and each cause's part as a mean over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.model.ensemble.batches import Job, make_kept, make_moving
from papertiger.model.ensemble.kernel import UNIT
from papertiger.model.ensemble.tables import BREAK_CAUSE, CHANNELS, GENERATED, SUCCESSION_CAUSE, cause_name
from papertiger.model.ledger import Entry, Key, Ledger, Share
from papertiger.model.rules.beliefs import Counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.model.setting import Setting

EARLIER = ("earlier months", "earlier")
"""Cause and channel of all that a continued run brought along."""

FIRST_ROOM = 4096


def ledger_of(job: Job, run: int) -> Ledger:
    """Return the ledger of one run, as the reference model writes it.

    Parameters
    ----------
    job
        What is run.
    run
        Number of the run.
    """
    rows = FIRST_ROOM
    while True:
        moving = make_moving(job.tables, ledger_rows=rows)
        job.run(make_kept(job.tables), run, 1, moving)
        written = int(moving.written[0])
        if written <= rows:
            break
        rows = written
    ledger = Ledger()
    _bring_along(ledger, job)
    for row in moving.ledger[:written]:
        month, client, code, channel, *numbers = row.item()
        if code == SUCCESSION_CAUSE:
            ledger.close(month, client, *numbers[:3])
        elif code == BREAK_CAUSE:
            before, after, hazard, _ = numbers
            ledger.note_break(month, client, int(before), int(after), channel, hazard)
        else:
            ledger.add(month, client, cause_name(code, job.tables), CHANNELS[channel], Counts(*numbers))
    return ledger


def _bring_along(ledger: Ledger, job: Job) -> None:
    """Write down what the clients of a continued run hold at its start."""
    if job.start.month == 0:
        return
    month, strength = job.start.month - 1, float(job.tables.constants[0]["prior_strength"])
    for index, state in enumerate(job.start.clients):
        outlook = job.tables.outlooks[state["outlook"]]
        capability, resolve = float(outlook["prior_capability"]), float(outlook["prior_resolve"])
        ledger.entries.append(
            Entry(
                month,
                index,
                *EARLIER,
                float(state["capability_good"]) - strength * capability,
                float(state["capability_bad"]) - strength * (1.0 - capability),
                float(state["resolve_good"]) - strength * resolve,
                float(state["resolve_bad"]) - strength * (1.0 - resolve),
            )
        )
        ledger.close(month, index, capability, resolve, 1.0)


def mean_shares(parts: NDArray[Any], setting: Setting, runs: int) -> dict[Key, Share]:
    """Return each cause's part of one client's change, as a mean over runs; causes without any are left out.

    Parameters
    ----------
    parts
        Sums over runs in whole units, accounts x 2 channels x 3.
    setting
        What was run.
    runs
        How many runs were summed up.
    """
    shares: dict[Key, Share] = {}
    for account, (cause, channel) in enumerate(_accounts(setting)):
        for witnessed, sums in enumerate(parts[account]):
            if sums.any():
                key = cause, "witnessed" if witnessed else channel
                known = shares.get(key, Share(0.0, 0.0, 0.0))  # an event may be called like a kind
                capability, resolve, protection = (float(number) / UNIT / runs for number in sums)
                shares[key] = Share(
                    known.capability + capability, known.resolve + resolve, known.protection + protection
                )
    return shares


def _accounts(setting: Setting) -> list[Key]:
    """Return the cause and channel of each account, in the kernel's order."""
    events = [event.name for event in setting.events]
    return [
        *((name, "own") for name in events),
        *((f"no response to {name}", "own") for name in events),
        *((kind, "own") for kind in GENERATED),
        ("war", "war"),
        EARLIER,
        ("succession", "succession"),
    ]
