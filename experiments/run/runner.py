"""Run an experiment: what is missing of it, in chunks, each written whole before it counts."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger.experiments.design.sampling import Points, count, design_points
from papertiger.experiments.design.study import Study
from papertiger.experiments.run.backends import BACKENDS, MAX_WORKERS, Backend, cores, run_chunks
from papertiger.experiments.run.chunks import Layout, cut, layout, uncovered
from papertiger.experiments.run.manifest import Manifest, hash_of
from papertiger.experiments.run.provenance import model_hash, own_code_of, scenario_hash, version
from papertiger.experiments.run.results import Results, open_results
from papertiger.experiments.run.startup import refuse_start_in_worker
from papertiger.experiments.run.store import asked_for, claim
from papertiger.experiments.run.worker import Task
from papertiger.model.ensemble.engine import compiler
from papertiger.model.randomness import check_whole
from papertiger.scenarios.arguments import check_kind, check_name, check_path, check_progress, check_text, check_truth

if TYPE_CHECKING:
    from papertiger.experiments.design.schema import ScenarioEntry
    from papertiger.scenarios.schema.scenario import Scenario


@dataclass(frozen=True)
class Progress:
    """Tell how far an experiment is.

    Attributes
    ----------
    done, total
        Runs, those of earlier starts included.
    before
        Runs that earlier starts had done.
    errors
        Runs that failed.
    seconds
        Since this start.
    """

    done: int
    total: int
    before: int
    errors: int
    seconds: float


def run_experiment(
    study: Study,
    folder: str | Path,
    *,
    workers: int | None = None,
    backend: Backend = "here",
    cluster: str | None = None,
    fresh: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Results:
    """Run what is missing of an experiment, and return its results.

    Parameters
    ----------
    study
        The experiment, as `papertiger.experiments.design.loader.load_study` makes it.
    folder
        Where results go; what an earlier start of the same experiment left there is taken over.
    workers
        Threads or processes; blank takes all cores. The rows are the same.
    backend
        ``here``, ``processes`` or ``dask``. The rows are the same.
    cluster
        Address of a Dask scheduler; blank starts a cluster of this machine.
    fresh
        Remove what is in the folder first.
    progress
        Called at the start and after each chunk.

    Raises
    ------
    FolderError
        If the folder cannot be used, or another experiment lives in it.
    papertiger.model.rules.own.RuleError
        If a rule of a theory cannot be compiled, or is impure.
    BackendError
        If there are no workers, or they are lost again and again.
    TypeError, ValueError
        If an argument is of another kind, or out of bounds.
    """
    check_kind("study", study, Study, "an experiment, as load_study makes it")
    path = check_path("folder", folder, "the path of a folder")
    workers = cores() if workers is None else check_whole("workers", workers, 1, MAX_WORKERS)
    check_name(backend, BACKENDS, "backend")
    if cluster is not None:
        check_text("cluster", cluster, "the address of a Dask scheduler")
    check_truth("fresh", fresh)
    check_progress(progress)
    refuse_start_in_worker()
    started = time.monotonic()
    for theory in {one.name: one for one in study.theories.values()}.values():
        compiler().check_rules(theory.rules)
    points = design_points(study)
    resolved = resolved_form(study)
    manifest = new_manifest(study, points, resolved)
    total = runs_of(study)
    with claim(path, manifest, resolved, fresh=fresh) as place:
        before = manifest.rows

        def tell() -> None:
            if progress is not None:
                seconds = time.monotonic() - started
                progress(Progress(manifest.rows, total, before, manifest.errors, seconds))

        place.start(study.text, resolved, points)
        tell()
        size = Layout.of(manifest.layout)
        wanted = cut(study.experiment.labels, len(points), study.experiment.replicates, size)
        missing = uncovered(wanted, place.done)
        task = Task.of(study, points, manifest.experiment_sha256, manifest.own_code)
        done = run_chunks(task, missing, backend, workers, cluster)
        try:
            for chunk, table in done:
                place.add(chunk, table)
                tell()
        finally:
            close: Callable[[], None] | None = getattr(done, "close", None)
            if close is not None:
                close()
        place.finish()
    return open_results(path)


def runs_of(study: Study) -> int:
    """Return how many runs an experiment has in all.

    Parameters
    ----------
    study
        The experiment.
    """
    points = count(study.experiment.design, study.factors, study.points_file)
    return len(study.worlds) * points * study.experiment.replicates


def _hash_of(entry: ScenarioEntry, world: Scenario) -> str:
    """Return the hash of a scenario with the decisions that are given in it."""
    if not entry.decisions:
        return scenario_hash(world)
    given = [one.model_dump(mode="json", exclude_none=True) for one in entry.decisions]
    return hash_of({"scenario": scenario_hash(world), "decisions": given})


def resolved_form(study: Study) -> dict[str, Any]:
    """Return a study as plain data, complete, so that a folder of results needs nothing beside it.

    Parameters
    ----------
    study
        The experiment.
    """
    return {
        "experiment": study.experiment.model_dump(mode="json", exclude_none=True),
        "factors": [
            {
                "name": factor.name,
                "path": factor.path,
                "levels": None if factor.levels is None else list(factor.levels),
                "distribution": None
                if factor.distribution is None
                else factor.distribution.model_dump(mode="json", exclude_none=True),
            }
            for factor in study.factors
        ],
        "scenarios": {
            label: world.model_dump(mode="json", exclude_none=True) for label, world in study.worlds.items()
        },
    }


def new_manifest(study: Study, points: Points, resolved: dict[str, Any]) -> Manifest:
    """Return the manifest of an experiment of which nothing has been run.

    Parameters
    ----------
    study, points
        The experiment and its points.
    resolved
        See `resolved_form`.
    """
    size = layout(len(study.worlds), len(points), study.experiment.replicates)
    return Manifest(
        version=version(),
        model_sha256=model_hash(),
        own_code=own_code_of(study.experiment.measures, study.theories),
        experiment_sha256=hash_of({"experiment": asked_for(resolved["experiment"]), "factors": resolved["factors"]}),
        points_sha256=hashlib.sha256(points.values.astype("<f8").tobytes()).hexdigest(),
        scenarios={entry.name: _hash_of(entry, study.worlds[entry.name]) for entry in study.experiment.scenarios},
        seed=study.experiment.seed,
        replicates=study.experiment.replicates,
        points=len(points),
        layout=size.to_dict(),
    )
