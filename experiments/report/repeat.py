"""Say how an experiment is repeated: the commands, as they can be pasted, and what they need."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from papertiger.experiments.design.sources import experiment_names
from papertiger.model.own_code import is_shipped
from papertiger.model.plugins import is_from_file
from papertiger.model.theories import find_theory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papertiger.experiments.design.schema import Experiment
    from papertiger.experiments.run.manifest import Manifest

AGAIN = "results/again"
"""A folder of its own, since in the old one every run is there already."""


def commands(experiment: Experiment) -> list[str]:
    """Return the commands that make the same rows again, and the report.

    Parameters
    ----------
    experiment
        As it was run, with the replicates and points that were asked for.
    """
    shipped = experiment.name in experiment_names()
    words = ["papertiger", "experiment", experiment.name if shipped else f"{experiment.name}.yaml"]
    words += ["--replicates", str(experiment.replicates)]
    design = experiment.design
    points = None if design is None else design.points or design.trajectories
    if points is not None:
        words += ["--points", str(points)]
    imports = [word for module in own_modules(experiment) for word in ("--import", module)]
    return [
        shlex.join([*words, *imports, "--out", AGAIN]),
        shlex.join(["papertiger", "report", AGAIN, *imports]),
    ]


def needs(experiment: Experiment) -> str:
    """Return what must be at hand where the commands are typed; blank if nothing is."""
    files = [] if experiment.name in experiment_names() else [f"{experiment.name}.yaml, with the files that it names"]
    files += [module for module in own_modules(experiment) if module.endswith(".py")]
    return f" Type it in the folder of {' and '.join(files)}." if files else ""


def own_modules(experiment: Experiment) -> list[str]:
    """Return the files and modules that bring in theories and measures of a modeler's own, as --import takes them."""
    return list(dict.fromkeys(f"{name}.py" if is_from_file(name) else name for name in _modules(experiment)))


def _modules(experiment: Experiment) -> Iterator[str]:
    for name in experiment.theories.values():
        yield find_theory(name).module
    for measure in experiment.measures.values():
        if not is_shipped(type(measure)):
            yield type(measure).__module__


def theories_in_words(experiment: Experiment, manifest: Manifest) -> list[tuple[str, str]]:
    """Return a row for each theory of an experiment: what it replaces, and the hash of its source."""
    rows = []
    for label, name in experiment.theories.items():
        sha256 = manifest.own_code.get(f"rules of {label}", "")
        rows.append((f"Theory of {label}", f"{find_theory(name)}; SHA-256 {sha256}"))
    return rows
