"""Find experiment files: the shipped ones by name, anyone's by path; and the scenarios that they name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from experiments.errors import ExperimentError
from scenarios import sources
from scenarios.errors import Problem, nearest
from scenarios.sources import ENDINGS, Source

_SHIPPED_FOLDER = "experiments"


@cache
def _shipped() -> dict[str, Source]:
    return {
        entry.name.rpartition(".")[0]: Source(f"{_SHIPPED_FOLDER}/{entry.name}", entry)
        for entry in files(_SHIPPED_FOLDER).iterdir()
        if entry.name.endswith(ENDINGS) and entry.is_file()
    }


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
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or sources.looks_like_path(text):
        return Source(text, Path(name_or_path))
    if text in _shipped():
        return _shipped()[text]
    if text and "\0" not in text and Path(text).exists():
        return Source(text, Path(text))
    message = "no experiment of this name, and no such file"
    raise ExperimentError([Problem(text or "''", message=message, hint=nearest(text, experiment_names()))])


def find_scenario(name_or_path: str, experiment: Source) -> str | Path | None:
    """Return what to load for a scenario that an experiment names: a shipped name, or a path; or None.

    A bare word is first a shipped scenario; a path is seen from the experiment's folder.
    """
    if sources.shipped(name_or_path) is not None:
        return name_or_path
    found = sources.find_beside(name_or_path, experiment)
    return found.handle if found is not None and isinstance(found.handle, Path) else None
