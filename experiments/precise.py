"""Run an experiment until its intervals are as narrow as its file asks, the same luck in all worlds.

The stages depend on the rows alone, and the rows on neither workers nor interruptions, so that a second start,
however the first one ended, comes to the same number of replicates.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertiger.experiments.design.schema import MAX_RUNS
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.report.labels import Vocabulary
from papertiger.experiments.report.precision import Precisely
from papertiger.experiments.run.manifest import read_manifest
from papertiger.experiments.run.runner import new_manifest, resolved_form, run_experiment, runs_of
from papertiger.scenarios.arguments import check_path
from papertiger.scenarios.errors import Problem, listing, shorten

if TYPE_CHECKING:
    from pathlib import Path

    from papertiger.experiments.design.study import Study
    from papertiger.experiments.report.precision import Reached
    from papertiger.experiments.run.results import Results

MARGIN = 1.1
"""How many more replicates a stage takes than the spread so far asks for, since that is an estimate, too."""
MIN_GROWTH, MAX_GROWTH = 1.25, 4.0
"""How many times as many replicates a stage has at least and at most."""


def run_to_precision(study: Study, folder: str | Path, *, fresh: bool = False, **options: Any) -> Results:
    """Run an experiment, adding replicates until its intervals are as narrow as it asks.

    Parameters
    ----------
    study
        An experiment; without ``precision`` it is run as it is.
    folder
        Where results go.
    fresh
        Remove what is in the folder first.
    options
        See `papertiger.experiments.run.runner.run_experiment`.

    Raises
    ------
    ExperimentError
        If it asks for a unit in which nothing is counted.
    FolderError
        If the folder cannot be used, or another experiment lives in it.
    """
    asked = study.experiment.precision
    if asked is None:
        return run_experiment(study, folder, fresh=fresh, **options)
    check_unit(study)
    each = max(1, runs_of(study) // study.experiment.replicates)
    most = max(study.experiment.replicates, min(asked.most, MAX_RUNS // each))
    replicates = study.experiment.replicates if fresh else _begun(study, folder)
    while True:
        results = run_experiment(_with(study, replicates), folder, fresh=fresh, **options)
        fresh = False
        wanted = next_stage(Precisely(results).reached, replicates, most)
        if wanted is None:
            return results
        replicates = wanted


def check_unit(study: Study) -> None:
    """Refuse a precision in a unit in which none of the measures that it is asked of is counted.

    Parameters
    ----------
    study
        An experiment.

    Raises
    ------
    ExperimentError
        With each measure's own unit.
    """
    experiment = study.experiment
    asked = experiment.precision
    if asked is None or not asked.unit:
        return
    words = Vocabulary(experiment, study.worlds)
    units = {name: words.measure(name).unit.axis for name in asked.measures or experiment.number_measures}
    wrong = [name for name, unit in units.items() if unit != asked.unit]
    if asked.measures and wrong:
        name = wrong[0]
        key = f"precision.measures.{asked.measures.index(name)}"
        message = f"{shorten(name)} is counted in {units[name]}, and {asked.within} is asked for"
    elif len(wrong) == len(units):
        key = "precision.within"
        counted = listing(f"{shorten(name)} in {unit}" for name, unit in units.items())
        message = f"no measure is counted in {asked.unit}: {counted}"
    else:
        return
    raise ExperimentError([Problem(experiment.name, None, key, message)])


def next_stage(reached: list[Reached], replicates: int, most: int) -> int | None:
    """Return how many replicates the next stage has, or None where there is none.

    Parameters
    ----------
    reached
        How precise the numbers are.
    replicates, most
        How many there are, and how many there may be.
    """
    lacking = [row for row in reached if not row.enough]
    if not lacking or replicates >= most:
        return None
    ratio = max((row.best / row.wanted) ** 2 if math.isfinite(row.best) else MAX_GROWTH for row in lacking)
    growth = min(max(ratio * MARGIN, MIN_GROWTH), MAX_GROWTH)
    return min(most, max(replicates + 1, math.ceil(replicates * growth)))


def _with(study: Study, replicates: int) -> Study:
    return replace(study, experiment=study.experiment.model_copy(update={"replicates": replicates}))


def _begun(study: Study, folder: str | Path) -> int:
    """Return the stage that an earlier start of the same experiment had reached, or the first one."""
    from papertiger.experiments.design.sampling import design_points  # noqa: PLC0415 - SALib is slow to import

    first = study.experiment.replicates
    path = check_path("folder", folder, "the path of a folder")
    earlier = read_manifest(path) if path.is_dir() else None
    if earlier is None or earlier.replicates <= first:
        return first
    larger = _with(study, earlier.replicates)
    same = not earlier.differences(new_manifest(larger, design_points(larger), resolved_form(larger)))
    return earlier.replicates if same else first
