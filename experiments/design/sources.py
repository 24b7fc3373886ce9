"""Find files of experiments and calibrations, and the scenarios that they name."""

from __future__ import annotations

from pathlib import Path

from papertiger.experiments.errors import ExperimentError
from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.reading.sources import SCENARIOS, Library, Source

EXPERIMENTS = Library("experiment", "experiments")
CALIBRATIONS = Library("calibration", "experiments", "calibrations")
TIE_STUDIES = Library("study of ties", "experiments", "ties")
PATRON_STUDIES = Library("study of patrons", "experiments", "studies")
AUDITS = Library("audit", "experiments", "audits")


def experiment_names() -> list[str]:
    """Return the names of the shipped experiments, sorted."""
    return EXPERIMENTS.names()


def find_in(library: Library, name_or_path: str | Path) -> Source:
    """Return the file that a name or a path means; a bare word is first a shipped one.

    Raises
    ------
    ExperimentError
        When it is neither a shipped name nor an existing path.
    """
    try:
        return library.find(name_or_path)
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None


def find_experiment(name_or_path: str | Path) -> Source:
    """Return the file of an experiment; see `find_in`."""
    return find_in(EXPERIMENTS, name_or_path)


def find_scenario(name_or_path: str, experiment: Source) -> str | Path | None:
    """Return what to load for a scenario that an experiment names: a shipped name, or a path; or None.

    A bare word is first a shipped scenario; a path is seen from the experiment's folder.
    """
    if name_or_path in SCENARIOS.shipped:
        return name_or_path
    beside = SCENARIOS.find_beside(name_or_path, experiment)
    return beside.handle if beside is not None and isinstance(beside.handle, Path) else None
