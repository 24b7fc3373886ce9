"""One run of a scenario from start to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from papertiger.model.agents.world import World, resolve
from papertiger.model.decisions import Decisions
from papertiger.model.randomness import check_run, check_seed, check_whole
from papertiger.model.rules.rules import Rules
from papertiger.model.run import Run
from papertiger.scenarios import Scenario
from papertiger.scenarios.arguments import check_progress


def simulate(
    scenario: str | Path | Scenario,
    seed: int = 1,
    run: int = 0,
    *,
    months: int | None = None,
    overrides: Mapping[str, object] | None = None,
    rules: Rules | None = None,
    decisions: Decisions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Run a scenario once with the reference model.

    Parameters
    ----------
    scenario
        A scenario, its shipped name, or the path of its file.
    seed, run
        Key of every random draw; the same pair gives the same run on any machine.
    months
        How many months to run; blank runs the whole span.
    overrides
        Changes by dotted path, such as ``{"parameters.forgetting": 0.97}``.
    rules
        The rules of the month; blank takes the shipped ones.
    decisions
        Decisions that are given instead of drawn.
    progress
        Called after each month with the months done and the months in all.

    Returns
    -------
    Run
        The run as tidy tables.

    Raises
    ------
    scenarios.ScenarioError
        If the scenario or an override does not hold.
    TypeError
        If ``rules``, ``decisions`` or ``progress`` are of another kind.
    ValueError
        If a number is out of range, or a decision is not one that the scenario knows.
    """
    seed, run = check_seed(seed), check_run(run)
    check_progress(progress)
    resolved = resolve(scenario, overrides)
    world = World(resolved, rng=seed, run=run, rules=rules, decisions=decisions, collect=False)
    total = len(world.setting.months)
    if months is not None:
        total = check_whole("months", months, 1, total)
    for done in range(1, total + 1):
        world.step()
        if progress is not None:
            progress(done, total)
    return Run(world.scenario, world.setting, world.record, world.ledger, rules, decisions)
