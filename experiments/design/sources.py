"""Find experiment files: the shipped ones by name, anyone's by path; and the scenarios that they name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from papertiger.experiments.errors import ExperimentError
from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.reading import sources
from papertiger.scenarios.reading.sources import Source

_SHIPPED_FOLDER = "experiments"


@cache
def _shipped() -> dict[str, Source]:
    return sources.shipped_in(_SHIPPED_FOLDER)


def experiment_names() -> list[str]:
    """Return the names of the shipped experiments, sorted."""
    return sorted(_shipped())


def find_experiment(name_or_path: str | Path) -> Source:
    """Return the file that a name or a path means; a bare word is first a shipped experiment.

    Raises
    ------
    ExperimentError
        When it is neither a shipped name nor an existing path.
    """
    try:
        return sources.find_among(_shipped(), name_or_path, "experiment")
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None


def find_scenario(name_or_path: str, experiment: Source) -> str | Path | None:
    """Return what to load for a scenario that an experiment names: a shipped name, or a path; or None.

    A bare word is first a shipped scenario; a path is seen from the experiment's folder.
    """
    if sources.shipped(name_or_path) is not None:
        return name_or_path
    found = sources.find_beside(name_or_path, experiment)
    return found.handle if found is not None and isinstance(found.handle, Path) else None
