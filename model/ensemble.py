"""The ensemble: many runs of a scenario at once, compiled, in parallel over runs.

It runs the month of `model.world` over tables and gives the same numbers to the last bit. Runs are cut in chunks that
threads take in turn; what is counted is counted in integers, so neither the number of threads nor the chunking can
change a result. This module never imports Mesa.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel

import scenarios
from model import tables as t
from model.compiled import check_rules, compiled_kernel
from model.kernel import LEVELS, PATRON_MEASURES, PATRON_TOPS, UNIT, Fixed, Kept, Key, Moving
from model.orders import OrderBook
from model.rules import Rules
from model.setting import NOBODY, Setting, Template, build_setting
from model.tables import Orders, Start, Tables, build_orders, build_tables
from scenarios.schema import POSTURES, Figure, Scenario

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

type Keep = Literal["shares", "bands", "paths"] | tuple[str, ...]

BINS = 512
CHUNK = 256
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def start_of(setting: Setting) -> Start:
    """Return the state before the first month of a setting."""
    constants = setting.constants
    clients = np.zeros(len(setting.clients), t.STATE)
    for index, (row, client) in enumerate(zip(clients, setting.clients, strict=True)):
        row["posture"] = client.posture
        row["outlook"] = index
        row["destination"] = row["covert_rival"] = NOBODY
        outlook, strength = client.outlook, constants.prior_strength
        row["capability_good"] = strength * outlook.prior_capability
        row["capability_bad"] = strength * (1.0 - outlook.prior_capability)
        row["resolve_good"] = strength * outlook.prior_resolve
        row["resolve_bad"] = strength * (1.0 - outlook.prior_resolve)
        row["patron_trust_good"] = constants.trust_prior_good
        row["patron_trust_bad"] = constants.trust_prior_bad
    patron = np.zeros(1, t.PATRON)
    patron[0]["budget"] = 1.0
    return Start(0, clients, np.zeros((len(setting.clients), len(setting.rivals))), patron)


def has_drawn_figures(part: object) -> bool:
    """Tell whether any figure of a scenario is a bare distribution, so that each run has numbers of its own."""
    if isinstance(part, Figure):
        return part.value is None
    if isinstance(part, BaseModel):
        return any(has_drawn_figures(getattr(part, name)) for name in type(part).model_fields)
    if isinstance(part, Mapping):
        return any(has_drawn_figures(value) for value in part.values())
    return False


def _fixed(tables: Tables, orders: Orders) -> Fixed:
    shared = [name for name in Fixed._fields if name not in ("decisions", "offer_orders", "attention_orders")]
    values: dict[str, Any] = {name: getattr(tables, name) for name in shared}
    return Fixed(**values, decisions=orders.decisions, offer_orders=orders.offers, attention_orders=orders.attention)


def _moving(tables: Tables, ledger_rows: int = 0) -> Moving:
    clients, rivals, signals = len(tables.clients), tables.offer_keys.shape[1], len(tables.signals)
    return Moving(
        clients=np.zeros(clients, t.STATE),
        offers=np.zeros((clients, rivals)),
        patron=np.zeros(1, t.PATRON),
        board=np.zeros((clients, signals), t.BOARD),
        evidence=np.zeros((clients, signals), t.EVIDENCE),
        crises=np.zeros(clients + len(tables.events), t.CRISIS),
        open_offers=np.zeros((clients, rivals)),
        attention=np.zeros(clients),
        weights=np.zeros(len(POSTURES)),
        ledger=np.zeros(ledger_rows, t.LEDGER),
        written=np.zeros(2, "i8"),
    )


def _kept(tables: Tables, keep: Keep, runs: int) -> Kept:
    """Return room for what is kept: counters for one worker, and paths for so many runs."""
    months, clients = len(tables.war_burden), len(tables.clients)
    rivals, measures = tables.offer_keys.shape[1], len(PATRON_MEASURES)
    band = months if keep == "bands" else 0

    def path(name: str) -> int:
        return runs if keep == "paths" or (isinstance(keep, tuple) and name in keep) else 0

    return Kept(
        counts=np.zeros((months, clients, len(POSTURES)), "i8"),
        bins=np.zeros((band, clients, BINS), "i8"),
        sums=np.zeros((band, clients), "i8"),
        patron_bins=np.zeros((band, measures, BINS), "i8"),
        patron_sums=np.zeros((band, measures), "i8"),
        postures=np.zeros((path("postures"), months, clients), "i1"),
        destinations=np.zeros((path("destinations"), months, clients), "i1"),
        regimes=np.zeros((path("regimes"), months, clients), "i2"),
        beliefs=np.zeros((path("beliefs"), months, clients, 4)),
        levels=np.zeros((path("levels"), months, clients, len(LEVELS))),
        offers=np.zeros((path("offers"), months, clients, rivals)),
        patron=np.zeros((path("patron"), months, measures)),
    )


COUNTERS = ("counts", "bins", "sums", "patron_bins", "patron_sums")
PATHS = ("postures", "destinations", "regimes", "beliefs", "levels", "offers", "patron")


@dataclass(frozen=True)
class Job:
    """One setting with its start and orders, ready to be run any number of times."""

    tables: Tables
    start: Start
    orders: Orders
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
        moving = moving or _moving(self.tables)
        key = Key(
            setting.seed,
            first_run,
            setting.first_month,
            setting.patron_key,
            setting.income_drawn_from,
            setting.income_persistence,
            setting.income_noise,
        )
        compiled_kernel(self.rules)(
            _fixed(self.tables, self.orders),
            moving,
            kept,
            key,
            self.start.clients,
            self.start.offers,
            self.start.patron,
            self.start.month == 0,
            self.start.month,
            len(setting.months),
            first_run,
            runs,
        )
        return moving


class Ensemble:
    """What many runs of a scenario came to.

    Parameters
    ----------
    scenario, setting
        What was run, and the same in numbers.
    runs
        How many runs are in it.
    kept
        Counters, and trajectories if they were asked for.
    first_month
        Index of the first month that was run.

    Attributes
    ----------
    months, clients
        Names, lengths T and N.
    """

    def __init__(self, scenario: Scenario, setting: Setting, runs: int, kept: Kept, first_month: int = 0) -> None:
        self.scenario, self.setting, self.runs, self.kept = scenario, setting, runs, kept
        self.first_month = first_month
        self.months = setting.months
        self.clients = tuple(client.name for client in setting.clients)

    @cached_property
    def posture_shares(self) -> pd.DataFrame:
        """Share of runs on each rung: one row per month and client, one column per posture."""
        import pandas as pd  # noqa: PLC0415 - pandas is slow to import

        counts = self.kept.counts[self.first_month :]
        total = counts.sum(axis=2, keepdims=True)
        shares = np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)
        index = pd.MultiIndex.from_product([self.months[self.first_month :], self.clients], names=["month", "client"])
        return pd.DataFrame(shares.reshape(-1, len(POSTURES)), index=index, columns=list(POSTURES)).reset_index()

    @cached_property
    def bands(self) -> pd.DataFrame:
        """Mean and quantiles of protection: one row per month and client. Asked for by ``keep="bands"``.

        Quantiles are exact to one of 512 equal steps of [0, 1], the mean to 2 ** -40.
        """
        return self._bands(self.kept.bins, self.kept.sums, self.clients, "client", np.ones(len(self.clients)))

    @cached_property
    def patron_bands(self) -> pd.DataFrame:
        """Mean and quantiles of the patron's measures: one row per month and measure."""
        return self._bands(
            self.kept.patron_bins, self.kept.patron_sums, PATRON_MEASURES, "measure", np.array(PATRON_TOPS)
        )

    def _bands(
        self,
        bins: NDArray[np.int64],
        sums: NDArray[np.int64],
        names: tuple[str, ...],
        label: str,
        tops: NDArray[np.float64],
    ) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 - pandas is slow to import

        if len(bins) == 0:
            raise ValueError('bands were not kept: ask for them with keep="bands"')
        bins, sums = bins[self.first_month :], sums[self.first_month :]
        seen = bins.sum(axis=2)
        index = pd.MultiIndex.from_product([self.months[self.first_month :], names], names=["month", label])
        columns = {"mean": np.divide(sums / UNIT, seen, out=np.full(sums.shape, np.nan), where=seen > 0).ravel()}
        reached = np.cumsum(bins, axis=2)
        for quantile in QUANTILES:
            place = (reached >= np.ceil(quantile * seen)[:, :, None]).argmax(axis=2)
            values = np.where(seen > 0, (place + 0.5) / BINS * tops, np.nan)
            columns[f"q{round(100 * quantile):02d}"] = values.ravel()
        return pd.DataFrame(columns, index=index).reset_index()

    def path(self, name: str) -> NDArray[Any]:
        """Return a trajectory, runs first. Asked for by ``keep="paths"``.

        Parameters
        ----------
        name
            ``postures``, ``destinations`` or ``regimes`` (R x T x N); ``beliefs`` (R x T x N x 4: alpha and beta of
            capability, then of resolve); ``levels`` (R x T x N x the names of `model.kernel.LEVELS`); ``offers``
            (R x T x N x K); ``patron`` (R x T x the names of `model.kernel.PATRON_MEASURES`).
        """
        if name not in PATHS:
            raise ValueError(f"there is no path {name!r}; there are {', '.join(PATHS)}")
        values: NDArray[Any] = getattr(self.kept, name)
        if len(values) == 0:
            raise ValueError('paths were not kept: ask for them with keep="paths"')
        return values[:, self.first_month :]


def ensemble(
    scenario: str | Path | Scenario,
    runs: int = 1_000,
    seed: int = 1,
    *,
    keep: Keep = "shares",
    first_run: int = 0,
    overrides: Mapping[str, object] | None = None,
    values: Mapping[str, float] | None = None,
    rules: Rules | None = None,
    orders: OrderBook | None = None,
    start: Start | None = None,
    threads: int | None = None,
    chunk: int = CHUNK,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Run a scenario many times.

    Parameters
    ----------
    scenario
        A scenario, its shipped name, or the path of its file.
    runs, seed
        Run ``first_run + k`` is the run that `model.simulate.simulate` makes with that seed and run number.
    keep
        ``shares`` counts postures; ``bands`` counts protection and the patron's measures as well; ``paths`` keeps
        every run's trajectory, in memory that grows with the runs; a tuple of names keeps only those, see
        `Ensemble.path`.
    first_run
        Number of the first run.
    overrides
        Changes of the scenario by dotted path.
    values
        Numbers by dotted path of a figure, as a design point gives them; quicker than overrides, and unchecked.
    rules
        The rules of the month; each that differs from the shipped ones is compiled for this process.
    orders
        Decisions that are given instead of drawn.
    start
        The state to go on from, as `model.checkpoint.checkpoint` takes it from a world.
    threads
        How many to use; blank takes all cores. The result is the same.
    chunk
        Runs per piece of work; the result is the same.
    progress
        Called with the runs done and the runs in all.

    Returns
    -------
    Ensemble
        Tables of shares, bands and paths.

    Raises
    ------
    scenarios.ScenarioError
        If the scenario or an override does not hold.
    model.compiled.RuleError
        If a rule cannot be compiled.
    """
    if isinstance(scenario, Scenario):
        case = scenarios.change(scenario, overrides) if overrides else scenario
    else:
        case = scenarios.load(scenario, overrides)
    if rules is not None:
        check_rules(rules)
    setting = build_setting(case, seed, first_run, values)
    job = Job(build_tables(setting), start or start_of(setting), build_orders(orders, setting), rules)
    total = _kept(job.tables, keep, runs)
    jobs = _jobs(case, job, seed, first_run, runs, chunk, values, fresh=start is None)
    _run_all(jobs, total, keep, first_run, runs, threads or os.cpu_count() or 1, progress)
    return Ensemble(case, setting, runs, total, job.start.month)


def _jobs(
    case: Scenario,
    job: Job,
    seed: int,
    first_run: int,
    runs: int,
    chunk: int,
    values: Mapping[str, float] | None,
    *,
    fresh: bool,
) -> Iterator[tuple[Job, int, int]]:
    """Cut the runs in pieces; where figures are drawn, each run is a piece with numbers of its own."""
    drawn = has_drawn_figures(case)
    chunk = 1 if drawn else chunk
    template = Template(case)
    for first in range(first_run, first_run + runs, chunk):
        mine = job
        if drawn:
            setting = template.setting(seed, first, values)
            mine = replace(
                job, tables=build_tables(setting, job.tables), start=start_of(setting) if fresh else job.start
            )
        yield mine, first, min(chunk, first_run + runs - first)


def _run_all(
    jobs: Iterator[tuple[Job, int, int]],
    total: Kept,
    keep: Keep,
    first_run: int,
    runs: int,
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Let threads take the pieces in turn, each with counters of its own, and add the counters up."""
    rooms: SimpleQueue[tuple[Kept, Moving]] = SimpleQueue()
    made: list[Kept] = []

    def work(job: Job, first: int, count: int) -> int:
        kept, moving = rooms.get()
        try:
            rows = slice(first - first_run, first - first_run + count)
            mine = kept._replace(**{name: getattr(total, name)[rows] for name in PATHS})
            job.run(mine, first, count, moving)
        finally:
            rooms.put((kept, moving))
        return count

    done = 0
    with ThreadPoolExecutor(threads) as pool:
        waiting: set[Future[int]] = set()
        try:
            for job, first, count in jobs:
                if len(made) < threads:
                    kept = _kept(job.tables, "bands" if keep == "bands" else "shares", 0)
                    made.append(kept)
                    rooms.put((kept, _moving(job.tables)))
                waiting.add(pool.submit(work, job, first, count))
                if len(waiting) >= 2 * threads:
                    finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    done += sum(future.result() for future in finished)
                    if progress is not None:
                        progress(done, runs)
            for future in waiting:
                done += future.result()
                if progress is not None:
                    progress(done, runs)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    for kept in made:
        for name in COUNTERS:
            getattr(total, name)[...] += getattr(kept, name)
