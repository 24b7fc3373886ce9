"""Read the outcomes by which a constant is judged inert or not: ten numbers of each run, means over clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.model.calendar import month_number
from papertiger.model.ensemble.batches import make_kept, make_moving
from papertiger.model.ensemble.kernel import LEVELS, PATRON_MEASURES
from papertiger.model.ensemble.tables import CHANNELS, GENERATED
from papertiger.model.rules.choice import SUSPENDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.inertness.plan import View
    from papertiger.model.ensemble.batches import Job
    from papertiger.model.ensemble.ensemble import Ensemble

    type Numbers = NDArray[np.float64]

OUTCOMES = {
    "rung": "mean rung, 0 (loyal) to 4 (realigned)",
    "suspended": "share of clients that are suspended or realigned",
    "help": "share of the calls for help by rule that the patron answers with help",
    "capability": "mean belief in the patron's capability",
    "resolve": "mean belief in the patron's resolve",
    "protection": "mean protection that is believed in",
    "patron_threat": "mean threat from the patron, θ",
    "arms_tie": "mean share of the patron in arms",
    "economy_tie": "mean share of the patron in the economy",
    "budget": "the patron's budget, 1 in a normal month",
}
"""The ten outcomes; all but the first lie between 0 and about 1."""

KEPT = ("postures", "beliefs", "levels", "patron")
LEDGER_ROOM = 8192


def outcomes_of(simulated: Ensemble, view: View) -> dict[str, Numbers]:
    """Return every outcome of a view with one number for each run.

    Parameters
    ----------
    simulated
        Runs of the view's scenario that kept the paths named in `KEPT`.
    view
        Whose outcomes, and when.
    """
    month = month_number(view.at) - month_number(simulated.months[0])
    clients = np.array([simulated.clients.index(name) for name in clients_of(simulated, view, month)])
    postures = simulated.path("postures")[:, month, clients].astype(np.float64)
    beliefs = simulated.path("beliefs")[:, month, clients]
    levels = simulated.path("levels")[:, month, clients]
    capability = beliefs[..., 0] / (beliefs[..., 0] + beliefs[..., 1])
    resolve = beliefs[..., 2] / (beliefs[..., 2] + beliefs[..., 3])
    outcomes = {
        "rung": postures.mean(axis=1),
        "suspended": (postures >= SUSPENDED).mean(axis=1),
        "capability": capability.mean(axis=1),
        "resolve": resolve.mean(axis=1),
        "protection": (capability * resolve).mean(axis=1),
        "patron_threat": np.minimum(1.0, levels[..., LEVELS.index("claim_level")]).mean(axis=1),
        "arms_tie": levels[..., LEVELS.index("arms_tie")].mean(axis=1),
        "economy_tie": levels[..., LEVELS.index("economy_tie")].mean(axis=1),
        "budget": simulated.path("patron")[:, month, PATRON_MEASURES.index("budget")],
    }
    if not view.clients and any(simulated.setting.generative[: month + 1]):
        outcomes["help"] = help_rate(simulated, month)
    return outcomes


def clients_of(simulated: Ensemble, view: View, month: int) -> list[str]:
    """Return the clients of a view: those it names, or all that are in the network by then."""
    return [
        client.name
        for client in simulated.setting.clients
        if (client.name in view.clients if view.clients else client.is_in_network(month))
    ]


def help_rate(simulated: Ensemble, month: int) -> Numbers:
    """Return how often calls for help were heard, as each run's contribution to the ratio over all runs.

    Counted are crises that the rules drew, of clients whose air defence the patron did not supply: their ledger tells
    the answer alone, good where help was given or tried, since no system was put to the test. A run's number is
    p + (h - p c) / mean c, with h of its c calls answered and p the ratio of the sums, so that the mean is p and the
    spread is that of the ratio.

    Parameters
    ----------
    simulated
        The runs, some of whose months are generative.
    month
        Up to which month calls are counted.
    """
    helped, called = np.zeros(simulated.runs), np.zeros(simulated.runs)
    for run in range(simulated.runs):
        number = simulated.plan.first_run + run
        helped[run], called[run] = _calls(simulated.plan.job_of(number), number, month)
    if called.sum() == 0.0:
        return np.zeros(simulated.runs)
    ratio = helped.sum() / called.sum()
    contributions: Numbers = ratio + (helped - ratio * called) / called.mean()
    return contributions


def _calls(job: Job, run: int, month: int) -> tuple[int, int]:
    """Return how many calls of a run were answered with help, and how many there were."""
    tables = job.tables
    moving = make_moving(tables, ledger_rows=LEDGER_ROOM)
    job.run(make_kept(tables), run, 1, moving)
    written = int(moving.written[0])
    if written > len(moving.ledger):
        moving = make_moving(tables, ledger_rows=written)
        job.run(make_kept(tables), run, 1, moving)
    rows = moving.ledger[:written]
    months, count = len(tables.generative), len(tables.clients)
    first = 2 * len(tables.events) + GENERATED.index("crisis") * count * months
    own = rows[
        (rows["channel"] == CHANNELS.index("own"))
        & (rows["month"] <= month)
        & (rows["cause"] >= first)
        & (rows["cause"] < first + count * months)
        & (tables.clients["supplied_air_defence"][rows["client"]] == 0)
    ]
    good = own["good_capability"] + own["good_resolve"] > 0.0
    return len(np.unique(own["cause"][good])), len(np.unique(own["cause"]))
