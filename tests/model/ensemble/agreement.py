"""What two engines must agree on, read from either in the same form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from papertiger.model.agents.world import World
from papertiger.model.decisions import Decisions
from papertiger.model.ensemble.checkpoint import checkpoint
from papertiger.model.ensemble.ensemble import Ensemble, ensemble
from papertiger.model.ensemble.kernel import LEVELS, PATRON_MEASURES
from papertiger.model.ensemble.ledger import ledger_of
from papertiger.model.ensemble.start import Start
from papertiger.model.ledger import Closing, Entry
from papertiger.model.rules.rules import Rules
from papertiger.model.rules.ties import ARMS, ECONOMY, PATRON
from papertiger.scenarios import Scenario

PATHS = ("postures", "destinations", "regimes", "beliefs", "levels", "offers", "patron")


@dataclass
class Trace:
    """Month by month, what a world came to."""

    world: World
    paths: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in PATHS})
    starts: list[Start] = field(default_factory=list)


def traced(scenario: Scenario | str, seed: int, run: int, *, checkpoints: bool = False, **options: Any) -> Trace:
    """Run a world and write down all that the ensemble keeps."""
    world = World(scenario, rng=seed, run=run, collect=False, **options)
    trace = Trace(world)
    if checkpoints:
        trace.starts.append(checkpoint(world))
    while world.running:
        world.step()
        state = checkpoint(world)
        rows = state.clients
        beliefs = ("capability_good", "capability_bad", "resolve_good", "resolve_bad")
        trace.paths["postures"].append(rows["posture"].copy())
        trace.paths["destinations"].append(rows["destination"].copy())
        trace.paths["regimes"].append(rows["regime"].copy())
        trace.paths["beliefs"].append(np.column_stack([rows[name] for name in beliefs]))
        beside: dict[str, Any] = {
            "reviewed": [client.reviewed for client in world.clients],
            "arms_tie": state.ties[:, ARMS, PATRON],
            "economy_tie": state.ties[:, ECONOMY, PATRON],
        }
        trace.paths["levels"].append(
            np.column_stack([beside[name] if name in beside else rows[name].astype(float) for name in LEVELS])
        )
        trace.paths["offers"].append(state.offers.copy())
        measures = [getattr(patron, name) for patron in world.patrons for name in PATRON_MEASURES]
        trace.paths["patron"].append(np.array(measures))
        if checkpoints:
            trace.starts.append(state)
    return trace


def assert_same_path(trace: Trace, found: Ensemble, row: int, from_month: int = 0) -> None:
    """Hold one run of an ensemble against a world, to the last bit."""
    for name in PATHS:
        expected = np.array(trace.paths[name][from_month:])
        got = found.path(name)[row]
        assert expected.shape == got.shape, name
        same = (expected == got) | (np.isnan(expected) & np.isnan(got))
        assert same.all(), f"{name} differs first at month, place {np.argwhere(~same)[0]}"


def assert_same_ledger(trace: Trace, found: Ensemble, row: int) -> None:
    """Hold the ledger of one run against the world's, row by row and to the last bit."""
    number = found.plan.first_run + row
    ledger = ledger_of(found.plan.job_of(number), number)
    expected: list[Entry | Closing] = [*trace.world.ledger.entries, *trace.world.ledger.closings]
    assert [*ledger.entries, *ledger.closings] == expected
    assert ledger.breaks == trace.world.ledger.breaks


def assert_engines_agree(
    scenario: Scenario | str,
    *,
    seed: int = 1,
    runs: tuple[int, ...] = (0, 1),
    rules: Rules | None = None,
    decisions: Decisions | None = None,
) -> None:
    """Hold some runs of both engines against each other: state, measures and ledger of every month."""
    first, count = min(runs), max(runs) - min(runs) + 1
    found = ensemble(
        scenario, count, seed, first_run=first, keep="paths", rules=rules, decisions=decisions, threads=1
    )
    for run in runs:
        trace = traced(scenario, seed, run, rules=rules, decisions=decisions)
        assert_same_path(trace, found, run - first)
        assert_same_ledger(trace, found, run - first)
