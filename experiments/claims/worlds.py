"""Make the two worlds of a claim: its scenario, and the twin that differs from it in one thing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from papertiger import scenarios
from papertiger.experiments.claims.schema import Twin
from papertiger.scenarios.errors import shorten
from papertiger.scenarios.loader import collecting_notes

if TYPE_CHECKING:
    from papertiger.experiments.claims.schema import Change, Claim
    from papertiger.scenarios.schema.scenario import Scenario


@dataclass(frozen=True)
class Pair:
    """Hold the two worlds of a claim."""

    claimed: Scenario
    twin: Scenario


@cache
def scenario_of(name: str) -> Scenario:
    """Return a shipped scenario, which many claims share."""
    with collecting_notes():
        return scenarios.load(name)


def changed(scenario: Scenario, change: Change) -> Scenario:
    """Return a scenario with a change, checked as a file is.

    Parameters
    ----------
    scenario
        What is changed; it stays as it is.
    change
        Events left out and added, and values that are set.

    Raises
    ------
    ScenarioError
        With every mistake found.
    ValueError
        If an event is to be left out that there is not.
    """
    unknown = [name for name in change.remove if name not in scenario.events]
    if unknown:
        raise ValueError(f"no event {shorten(unknown[0])} in the scenario {scenario.name}")
    left = {name: event for name, event in scenario.events.items() if name not in change.remove}
    overrides = {f"events.{name}": event for name, event in change.events.items()} | change.set
    world = scenario.model_copy(update={"events": left})
    # What a change leaves without effect is no news to a reader of claims.
    with collecting_notes():
        return scenarios.change(world, overrides) if overrides else world


@cache
def _twin(scenario: str, twin: str) -> Scenario:
    return changed(scenario_of(scenario), Twin.model_validate_json(twin))


def twin_of(scenario: str, twin: Twin) -> Scenario:
    """Return a twin; a world that was made once is not made again.

    Parameters
    ----------
    scenario
        Name of the scenario that is changed: that of the claim, unless the twin is a shipped one.
    twin
        What is changed.

    Raises
    ------
    ScenarioError
        With every mistake found.
    """
    return _twin(twin.scenario or scenario, twin.model_dump_json())


@cache
def _under(scenario: str, twin: str | None, posterior: str) -> Scenario:
    world = scenario_of(scenario) if twin is None else _twin(scenario, twin)
    with collecting_notes():
        return scenarios.change(world, {"posterior": posterior})


def pair(claim: Claim, posterior: str | None = None) -> Pair:
    """Return a claim's scenario and its twin; the claim has both.

    Parameters
    ----------
    claim
        A claim that is tested.
    posterior
        Draws that both worlds take their constants from, the same row in run k of each; blank leaves the file's.

    Raises
    ------
    ScenarioError
        If the draws do not fit a world.
    """
    assert claim.scenario is not None  # nosec B101 - the schema holds that a claim with a twin has a scenario
    assert claim.twin is not None  # nosec B101
    if posterior is None:
        return Pair(scenario_of(claim.scenario), twin_of(claim.scenario, claim.twin))
    base = claim.twin.scenario or claim.scenario
    return Pair(_under(claim.scenario, None, posterior), _under(base, claim.twin.model_dump_json(), posterior))
