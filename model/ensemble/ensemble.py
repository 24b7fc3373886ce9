"""The ensemble: many runs of a scenario at once, compiled, in parallel over runs.

It runs the month of `papertiger.model.agents.world` over tables and gives the same numbers to the last bit. Runs are
cut in chunks that
threads take in turn (`papertiger.model.ensemble.batches`), and what comes out is read as tables
(`papertiger.model.ensemble.outcomes`). No part of it imports
Mesa.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from papertiger import scenarios
from papertiger.model.decisions import Decisions
from papertiger.model.ensemble.batches import Job, Plan, run_all
from papertiger.model.ensemble.engine import compiler
from papertiger.model.ensemble.kernel import PATHS
from papertiger.model.ensemble.outcomes import Ensemble
from papertiger.model.ensemble.start import Start, check_start, start_of
from papertiger.model.ensemble.tables import build_decisions, build_tables
from papertiger.model.randomness import MAX_RUN, check_seed, check_whole
from papertiger.model.rules.own import own_values
from papertiger.model.rules.ranges import RuleRangeError
from papertiger.model.rules.rules import Rules, check_rules_given
from papertiger.model.template import Template
from papertiger.scenarios.arguments import check_progress
from papertiger.scenarios.errors import nearest, shorten
from papertiger.scenarios.schema.scenario import Scenario

__all__ = ["Ensemble", "Job", "Start", "ensemble", "start_of"]

CHUNK = 256
KINDS_KEPT = ("shares", "bands", "ledger", "paths")
MAX_RUNS = MAX_RUN + 1
MAX_THREADS = 1024


def ensemble(
    scenario: str | Path | Scenario,
    runs: int = 1_000,
    seed: int = 1,
    *,
    keep: str | Collection[str] = "shares",
    first_run: int = 0,
    overrides: Mapping[str, object] | None = None,
    values: Mapping[str, float] | None = None,
    rules: Rules | None = None,
    decisions: Decisions | None = None,
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
        Run ``first_run + k`` is the run that `papertiger.model.agents.simulate.simulate` makes with that seed and
        run number.
    keep
        One name, or several: ``shares`` counts postures, which is always done; ``bands`` counts protection and the
        patron's measures; ``ledger`` sums up each cause's part in every client's beliefs; ``paths`` keeps every run's
        trajectory, in memory that grows with the runs, and the name of one path keeps only that, see `Ensemble.path`.
    first_run
        Number of the first run.
    overrides
        Changes of the scenario by dotted path.
    values
        Numbers by the name of a figure, as a design point gives them; quicker than overrides, with the same names and
        the same bounds.
    rules
        The rules of the month; those that differ from the shipped ones are compiled when they first run.
    decisions
        Decisions that are given instead of drawn.
    start
        The state to go on from, as `papertiger.model.ensemble.checkpoint.checkpoint` takes it from a world.
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
        If the scenario, an override or a value does not hold.
    papertiger.model.rules.own.RuleError
        If a rule cannot be compiled, is impure, or takes a parameter that the scenario does not declare.
    papertiger.model.rules.ranges.RuleRangeError
        If a rule returns what it may not, with its client and month.
    TypeError
        If ``rules``, ``decisions``, ``start`` or ``progress`` are of another kind.
    ValueError
        If a number is out of range, or a start or a decision does not fit the scenario.
    """
    wanted = _wanted(keep)
    runs = check_whole("runs", runs, 1, MAX_RUNS)
    seed = check_seed(seed)
    first_run = check_whole("first_run", first_run, 0, MAX_RUNS - runs)
    chunk = check_whole("chunk", chunk, 1, MAX_RUNS)
    threads = os.cpu_count() or 1 if threads is None else check_whole("threads", threads, 1, MAX_THREADS)
    check_progress(progress)
    check_rules_given(rules)
    if isinstance(scenario, Scenario):
        resolved = scenario if overrides is None else scenarios.change(scenario, overrides)
    else:
        resolved = scenarios.load(scenario, overrides)
    if rules is not None and rules != Rules():
        compiler().check_rules(rules)
    template = Template(resolved)
    numbers = template.names.numbers(values, "values") if values is not None else None
    setting = template.setting(seed, first_run, numbers)
    tables = build_tables(setting)
    if start is not None:
        check_start(start, tables)
    own_values(rules, setting.own_parameters)
    job = Job(tables, start or start_of(setting), build_decisions(decisions, setting), rules)
    plan = Plan(resolved, seed, first_run, runs, job, numbers)
    try:
        return Ensemble(plan, run_all(plan, wanted, threads, chunk, progress))
    except RuleRangeError as error:
        raise _found_again(error, plan, decisions) from None


def _found_again(error: RuleRangeError, plan: Plan, decisions: Decisions | None) -> RuleRangeError:
    """Return the error that the reference model gives for the same run: it knows the rule, its result and the client.

    A run that goes on from a checkpoint cannot be run again from its beginning, so that its error names no client.
    """
    if error.run is None or plan.job.start.month > 0:
        return error
    from papertiger.model.agents.rerun import Rerun  # noqa: PLC0415 - Mesa is slow to import, and seldom needed here

    setting = plan.template.setting(plan.seed, error.run, plan.values)
    try:
        Rerun(plan.scenario, setting, plan.job.rules, decisions).run()
    except RuleRangeError as precise:
        return precise
    except Exception:  # plain Python stops where compiled code goes on, as after a division by zero
        return error
    return error


def _wanted(keep: str | Collection[str]) -> frozenset[str]:
    """Return what to keep as a set of counters and paths."""
    valid = (*KINDS_KEPT, *PATHS)
    names = [keep] if isinstance(keep, str) else list(keep) if isinstance(keep, Collection) else [keep]
    for name in names:
        if not isinstance(name, str) or name not in valid:
            near = nearest(name, valid) if isinstance(name, str) else None
            hint = "" if near is None else f" (did you mean '{near}'?)"
            raise ValueError(f"keep: expected one or several of {', '.join(valid)}, got {shorten(name)}{hint}")
    wanted = frozenset(names)
    return wanted | frozenset(PATHS) if "paths" in wanted else wanted
