"""Work for threads: what is to be run, cut in pieces, and counters for each thread that are added up at the end.

What is counted is counted in integers, so neither the number of threads nor the cutting can change a result.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cached_property
from queue import SimpleQueue
from typing import Any

import numpy as np

from papertiger.model.ensemble import records
from papertiger.model.ensemble.engine import kernel_for
from papertiger.model.ensemble.kernel import (
    CAUSES_BESIDE_EVENTS,
    LEVELS,
    PATHS,
    PATRON_MEASURES,
    Batch,
    Fixed,
    Kept,
    Key,
    Moving,
)
from papertiger.model.ensemble.start import Start, start_of
from papertiger.model.ensemble.tables import DecisionTables, Tables, build_tables
from papertiger.model.rules.own import own_values
from papertiger.model.rules.ranges import RuleRangeError
from papertiger.model.rules.rules import Rules
from papertiger.model.setting import Setting
from papertiger.model.template import Template
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.scenarios.schema.values import POSTURES

BINS = 512
COUNTERS = tuple(name for name in Kept._fields if name not in (*PATHS, "slots"))


def make_fixed(tables: Tables, given: DecisionTables) -> Fixed:
    """Return what no run changes, as the kernel reads it."""
    decided: dict[str, Any] = {
        "decisions": given.decisions,
        "offer_decisions": given.offers,
        "attention_decisions": given.attention,
    }
    shared: dict[str, Any] = {name: getattr(tables, name) for name in Fixed._fields if name not in decided}
    return Fixed(**shared, **decided)


def key_of(setting: Setting, run: int) -> Key:
    """Return what identifies the draws of a run."""
    return Key(
        setting.seed,
        run,
        setting.first_month,
    )


def make_moving(tables: Tables, *, ledger_rows: int = 0, accounts: bool = False, shared: bool = False) -> Moving:
    """Return room for the state of one run.

    Parameters
    ----------
    tables
        What is run.
    ledger_rows
        Rows of the ledger that there is room for.
    accounts
        Whether to sum up what each cause holds.
    shared
        Whether there is room for the months that runs share, so that many runs of a replay take less time.
    """
    months = len(tables.generative) if shared else 0
    clients, rivals, signals = len(tables.clients), tables.offer_keys.shape[1], len(tables.signals)
    room: dict[str, Any] = {
        "clients": np.zeros(clients, records.STATE),
        "offers": np.zeros((clients, rivals)),
        "ties": np.zeros((clients, 2, rivals + 2)),
        "first_attraction": np.zeros((clients, rivals + 1)),
        "attraction": np.zeros(rivals + 1),
        "pulls": np.zeros((clients, 2, rivals + 2)),
        "patron_changes": np.zeros(clients * 2),
        "patron_bases": np.zeros(clients * 2),
        "patron_pulls": np.zeros(clients * 2),
        "weighed": np.zeros(clients, records.WEIGHED),
        "weighed_offers": np.zeros((clients, rivals)),
        "patron": np.zeros(len(tables.patrons), records.PATRON),
        "board": np.zeros((clients, signals), records.BOARD),
        "evidence": np.zeros((clients, signals), records.EVIDENCE),
        "crises": np.zeros(clients + len(tables.events), records.CRISIS),
        "open_offers": np.zeros((clients, rivals)),
        "attention": np.zeros(clients),
        "luck": np.zeros(clients),
        "chosen": np.zeros(clients, "i8"),
        "weights": np.zeros(len(POSTURES)),
        "ledger": np.zeros(ledger_rows, records.LEDGER),
        "held": np.zeros((clients if accounts else 0, account_count(tables), 2, 4)),
        "fading": np.zeros(len(tables.generative) + 1),
        "written": np.zeros(5, "i8"),
        "own": np.zeros(0),
        "shared_clients": np.zeros((months, clients), records.STATE),
        "shared_offers": np.zeros((months, clients, rivals)),
        "shared_ties": np.zeros((months, clients, 2, rivals + 2)),
        "shared_patron": np.zeros((months, len(tables.patrons)), records.PATRON),
    }
    return Moving(**room)


def account_count(tables: Tables) -> int:
    """Return how many causes are told apart when the ledger is summed up over runs."""
    return 2 * len(tables.events) + CAUSES_BESIDE_EVENTS


def make_kept(
    tables: Tables, keep: Collection[str] = (), runs: int = 0, only: Mapping[str, Sequence[int]] | None = None
) -> Kept:
    """Return room for what is kept: counters, and the paths that are asked for, of so many runs.

    Parameters
    ----------
    tables
        What is run.
    keep
        Names of counters and paths.
    runs
        How many rows the paths have.
    only
        For paths of which not every month is kept: the months that are, in order. Their arrays have a place for
        each of these months alone.
    """
    months, clients = len(tables.generative), len(tables.clients)
    rivals, measures = tables.offer_keys.shape[1], len(PATRON_MEASURES) * len(tables.patrons)
    band = months if "bands" in keep else 0
    slots = np.full((len(PATHS), months), -1, "i8")
    sizes: dict[str, tuple[int, int]] = dict.fromkeys(PATHS, (0, months))
    for row, name in enumerate(PATHS):
        if name in keep:
            wanted = list(range(months)) if only is None or name not in only else list(only[name])
            slots[row, wanted] = np.arange(len(wanted))
            sizes[name] = (runs, len(wanted))
    return Kept(
        counts=np.zeros((months, clients, len(POSTURES)), "i8"),
        bins=np.zeros((band, clients, BINS), "i8"),
        sums=np.zeros((band, clients), "i8"),
        patron_bins=np.zeros((band, measures, BINS), "i8"),
        patron_sums=np.zeros((band, measures), "i8"),
        parts=np.zeros((clients if "ledger" in keep else 0, account_count(tables), 2, 3), "i8"),
        postures=np.zeros((*sizes["postures"], clients), "i1"),
        destinations=np.zeros((*sizes["destinations"], clients), "i1"),
        regimes=np.zeros((*sizes["regimes"], clients), "i2"),
        beliefs=np.zeros((*sizes["beliefs"], clients, 4)),
        levels=np.zeros((*sizes["levels"], clients, len(LEVELS))),
        offers=np.zeros((*sizes["offers"], clients, rivals)),
        patron=np.zeros((*sizes["patron"], measures)),
        slots=slots,
    )


@dataclass(frozen=True)
class Job:
    """One setting with its start and given decisions, ready to be run any number of times."""

    tables: Tables
    start: Start
    decisions: DecisionTables
    rules: Rules | None

    def run(self, kept: Kept, first_run: int, runs: int, moving: Moving | None = None) -> Moving:
        """Run some runs and write into `kept`; returns the state of the last one.

        Parameters
        ----------
        kept
            Where to write; its paths, if any, from their first row on.
        first_run, runs
            Numbers of the runs.
        moving
            Room for the state; blank makes it.
        """
        setting = self.tables.setting
        moving = moving or make_moving(self.tables)
        if self.rules is not None:
            own: Any = np.array(own_values(self.rules, setting.own_parameters), "f8")
            # A rule that fails is to be named by the run in which it does: nothing is worked out ahead of it.
            nothing: Any = moving.shared_clients[:0]
            moving = moving._replace(own=own, shared_clients=nothing)
        moving.written[4] = 0
        try:
            kernel_for(self.rules)(
                make_fixed(self.tables, self.decisions),
                moving,
                kept,
                key_of(setting, first_run),
                self.start.state,
                Batch(self.start.month, len(setting.months), first_run, runs),
            )
        except RuleRangeError as error:
            raise RuleRangeError(error.rule, "", *self._where(moving, first_run)) from None
        if moving.written[4]:
            raise RuleRangeError("", "", *self._where(moving, first_run))
        return moving

    def _where(self, moving: Moving, first_run: int) -> tuple[str, int]:
        """Return the month at work, for people, and the number of its run."""
        return f"in {self.tables.setting.months[int(moving.written[3])]}", first_run + int(moving.written[2])


@dataclass(frozen=True)
class Plan:
    """All that is to be run.

    Attributes
    ----------
    scenario, seed, first_run, runs
        What, and how often.
    job
        The first run's job; the same for all runs, unless figures are drawn.
    values
        Numbers by dotted path of a figure that take the place of those of the scenario.
    """

    scenario: Scenario
    seed: int
    first_run: int
    runs: int
    job: Job
    values: Mapping[str, float] | None = None

    def job_of(self, run: int) -> Job:
        """Return the job of one run; where figures are drawn, each run has numbers of its own."""
        if run == self.first_run or not self.draws_figures:
            return self.job
        setting = self.template.setting(self.seed, run, self.values)
        start = self.job.start if self.job.start.month > 0 else start_of(setting)
        return replace(self.job, tables=build_tables(setting, self.job.tables), start=start)

    @cached_property
    def template(self) -> Template:
        """What the settings of all runs share."""
        return Template(self.scenario)

    @cached_property
    def draws_figures(self) -> bool:
        """Whether each run has numbers of its own."""
        return self.template.is_drawn(self.values)

    def pieces(self, chunk: int) -> Iterator[tuple[Job, int, int]]:
        """Cut the runs in pieces: a job, the number of its first run, and how many."""
        drawn = self.draws_figures
        size = 1 if drawn else chunk
        for first in range(self.first_run, self.first_run + self.runs, size):
            job = self.job_of(first) if drawn else self.job
            yield job, first, min(size, self.first_run + self.runs - first)


class Workshop:
    """Counters and state for each thread, and what all threads write to.

    Parameters
    ----------
    plan
        What is to be run.
    keep
        What to keep.
    threads
        How many threads there will be.
    """

    def __init__(self, plan: Plan, keep: Collection[str], threads: int) -> None:
        tables = plan.job.tables
        self.first_run = plan.first_run
        self.total = make_kept(tables, keep, plan.runs)
        accounts = "ledger" in keep
        self.rooms = [
            (make_kept(tables, keep), make_moving(tables, accounts=accounts, shared=True)) for _ in range(threads)
        ]
        self.free: SimpleQueue[tuple[Kept, Moving]] = SimpleQueue()
        for room in self.rooms:
            self.free.put(room)

    def work(self, job: Job, first: int, count: int) -> int:
        """Run one piece in whichever room is free, and return how many runs that were."""
        kept, moving = self.free.get()
        try:
            rows = slice(first - self.first_run, first - self.first_run + count)
            mine = kept._replace(**{name: getattr(self.total, name)[rows] for name in PATHS})
            job.run(mine, first, count, moving)
        finally:
            self.free.put((kept, moving))
        return count

    def add_up(self) -> Kept:
        """Return what all threads counted."""
        for kept, _ in self.rooms:
            for name in COUNTERS:
                getattr(self.total, name)[...] += getattr(kept, name)
        return self.total


def run_all(
    plan: Plan,
    keep: Collection[str],
    threads: int,
    chunk: int,
    progress: Callable[[int, int], None] | None = None,
) -> Kept:
    """Let threads take the pieces of a plan in turn, and return what they counted.

    An interruption, wherever it comes, stops the threads at the end of the pieces they have in hand, and is raised.
    """
    workshop = Workshop(plan, keep, threads)
    # Compiles here, in the thread that can be interrupted, and raises here what Numba has to say.
    workshop.work(plan.job, plan.first_run, 0)
    done = 0
    with ThreadPoolExecutor(threads) as pool:
        waiting: set[Future[int]] = set()
        try:
            for piece in plan.pieces(chunk):
                waiting.add(pool.submit(workshop.work, *piece))
                if len(waiting) >= 2 * threads:
                    finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    done += sum(future.result() for future in finished)
                    if progress is not None:
                        progress(done, plan.runs)
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                done += sum(future.result() for future in finished)
                if progress is not None:
                    progress(done, plan.runs)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return workshop.add_up()
