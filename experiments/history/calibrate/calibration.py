"""Carry out a calibration: evaluate the points that are missing, and make posteriors of all of them.

Each sequence of points is a file of its own, written whole; a second start does only what is missing.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.errors import FolderError
from papertiger.experiments.history.calibrate.importance import (
    Evidence,
    evidence,
    learned_row,
    prior_points,
    resample,
    weights,
)
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import paths_of
from papertiger.experiments.history.calibrate.posterior import Posterior
from papertiger.experiments.history.calibrate.problem import trained_steps
from papertiger.experiments.run.manifest import PARTS, Manifest, hash_of, read_manifest
from papertiger.experiments.run.provenance import model_hash, scenario_hash, version
from papertiger.experiments.run.results import read_table
from papertiger.experiments.run.store import asked_for, claim

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.run.store import Folder

BETWEEN_REPORTS = 64
"""Points between two reports of progress."""
FEW = 400
"""With fewer effective points than this a posterior is not to be trusted."""
LEVELS = (0.05, 0.5, 0.95)

HASHED_SOURCES = (
    "calibrate/calibration",
    "calibrate/importance",
    "calibrate/likelihood",
    "calibrate/models",
    "calibrate/priors",
    "observed/ceiling",
    "observed/coding",
    "observed/periods",
    "observed/readings",
)
"""The modules of `experiments.history` that decide what a point's likelihood is."""


@dataclass(frozen=True)
class Piece:
    """Hold one sequence of points of one model under one coder's scenario."""

    model: str
    world: str
    number: int

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return f"part-{self.model}-{self.world}-{self.number:03d}.parquet"


@dataclass(frozen=True)
class Progress:
    """Tell how far a calibration is.

    Attributes
    ----------
    done, total
        Points, those of an earlier start included.
    before
        Points that an earlier start had done.
    seconds
        Since this start.
    model
        What is being worked on.
    """

    done: int
    total: int
    before: int
    seconds: float
    model: str


@dataclass(frozen=True)
class Points:
    """Hold points of a nested model with their likelihoods.

    Attributes
    ----------
    model
        Its name.
    paths
        Of the free parameters, length D.
    clients
        Names, length N.
    values
        K x D.
    log_clients
        Log-likelihood of each client's observed steps in the training span, K x N.
    sequence
        Number of the sequence, length K.
    world
        Index among `worlds` of the coder's scenario, length K.
    worlds
        Names.
    """

    model: str
    paths: tuple[str, ...]
    clients: tuple[str, ...]
    values: NDArray[np.float64]
    log_clients: NDArray[np.float64]
    sequence: NDArray[np.int64]
    world: NDArray[np.int64]
    worlds: tuple[str, ...]

    @cached_property
    def log_likelihood(self) -> NDArray[np.float64]:
        """Return the log-likelihood of all clients together, length K."""
        return np.asarray(self.log_clients.sum(axis=1))

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """Return the posterior weight of each point; they sum to 1."""
        return weights(self.log_likelihood)

    def evidence(self, without: str | None = None) -> Evidence:
        """Return the evidence of the training span, or of all clients but one.

        Parameters
        ----------
        without
            Name of the client left out.
        """
        log = self.log_likelihood
        if without is not None:
            log = log - self.log_clients[:, self.clients.index(without)]
        return evidence(log, self.sequence)

    def left_out(self) -> NDArray[np.float64]:
        """Return the log probability of each client's steps, learned from all other clients, length N."""
        full = self.evidence().log
        return np.array([full - self.evidence(name).log for name in self.clients])

    def posterior(self, draws: int) -> Posterior:
        """Return equally likely draws, in the order of the points.

        Parameters
        ----------
        draws
            How many.
        """
        taken = resample(self.weight, draws)
        return Posterior(
            self.model, self.paths, self.values[taken], tuple(self.worlds[index] for index in self.world[taken])
        )


class Calibration:
    """Hold a finished calibration.

    Parameters
    ----------
    problem
        What was calibrated.
    points
        By name of the model.
    folder
        Where it lies.
    """

    def __init__(self, problem: CalibrationProblem, points: Mapping[str, Points], folder: Path) -> None:
        self.problem, self.points, self.folder = problem, dict(points), folder

    def posterior(self, model: str) -> Posterior:
        """Return the draws of a model."""
        return self.points[model].posterior(self.problem.plan.draws)

    def summary(self) -> list[dict[str, object]]:
        """Return a row per model and parameter: prior and posterior mean, deviation, and quantiles.

        ``moved`` is how much of the prior's variance the data took away, 1 - variance after / before: near 0 the data
        say nothing of the parameter. ``zero`` is the probability that is left to 0 where the prior has mass there.
        """
        rows: list[dict[str, object]] = []
        zeros = {paths_of((name,))[0]: prior.zero for name, prior in self.problem.plan.priors.items()}
        for model, points in self.points.items():
            for path, values in zip(points.paths, points.values.T, strict=True):
                learned = learned_row(values, points.weight, LEVELS, zeros.get(path, 0.0))
                rows.append({"model": model, "parameter": path.partition(".")[2], **learned})
        return rows

    def evidences(self) -> list[dict[str, object]]:
        """Return a row per model: evidence, its error, effective points, and the fit with clients left out."""
        rows: list[dict[str, object]] = []
        for model, points in self.points.items():
            estimate = points.evidence()
            rows.append(
                {
                    "model": model,
                    "title": MODELS[model].title,
                    "log_evidence": estimate.log,
                    "error": estimate.error,
                    "effective_points": estimate.effective,
                    "points": len(points.values),
                    "log_left_out": float(points.left_out().sum()),
                }
            )
        return rows


def calibrate(
    problem: CalibrationProblem,
    out: Path,
    *,
    fresh: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Calibration:
    """Carry out a calibration in a folder, or what is missing of it.

    Parameters
    ----------
    problem
        What to calibrate.
    out
        The folder.
    fresh
        Remove what another calibration left there.
    progress
        Is told how far it is.

    Raises
    ------
    FolderError
        If the folder cannot be used.
    """
    manifest, resolved = _manifest(problem)
    with claim(out, manifest, resolved, fresh=fresh) as folder:
        folder.start(problem.text, resolved)
        _evaluate(problem, folder, progress)
        folder.finish()
    return Calibration(problem, {model: read_points(problem, out, model) for model in problem.plan.models}, out)


def pieces(problem: CalibrationProblem) -> Iterator[Piece]:
    """Yield the pieces of a calibration; sequences go round the models, so that one cut short is balanced."""
    for number in range(problem.plan.sequences):
        for world in problem.worlds:
            for model in problem.plan.models:
                yield Piece(model, world, number)


def _evaluate(problem: CalibrationProblem, folder: Folder, progress: Callable[[Progress], None] | None) -> None:
    begun = time.monotonic()
    every = list(pieces(problem))
    missing = [piece for piece in every if folder.lacks(piece)]
    total, before = len(every) * problem.plan.points, (len(every) - len(missing)) * problem.plan.points
    done = before
    likelihoods: dict[tuple[str, str], Likelihood] = {}
    for piece in missing:
        key = (piece.model, piece.world)
        if key not in likelihoods:
            likelihoods[key] = Likelihood(problem.match(piece.model, piece.world))

        def tell(points: int, so_far: int = done, model: str = piece.model) -> None:
            if progress is not None:
                progress(Progress(so_far + points, total, before, time.monotonic() - begun, model))

        table = _table(evaluate(problem, piece, likelihoods[key], tell))
        folder.add(piece, table)
        done += problem.plan.points
        tell(problem.plan.points)


def evaluate(
    problem: CalibrationProblem, piece: Piece, likelihood: Likelihood, tell: Callable[[int], None] | None = None
) -> Points:
    """Return one sequence of points with their likelihoods.

    Parameters
    ----------
    problem, piece
        What and which.
    likelihood
        Of the piece's model and scenario.
    tell
        Is told how many points are done.
    """
    plan, match = problem.plan, likelihood.match
    paths = MODELS[piece.model].free(plan.paths)
    priors = problem.priors(piece.model, likelihood.figures)
    values = prior_points(priors, plan.points, plan.seed, piece.number)
    trained = trained_steps(match, problem)
    log_likelihoods = np.empty((plan.points, len(match.postures.clients)))
    for number, row in enumerate(values):
        steps = likelihood.log_steps(dict(zip(paths, map(float, row), strict=True)))
        log_likelihoods[number] = np.where(trained, steps, 0.0).sum(axis=0)
        if tell is not None and number % BETWEEN_REPORTS == 0:
            tell(number)
    worlds = tuple(problem.worlds)
    same = np.full(plan.points, piece.number, dtype=np.int64)
    world = np.full(plan.points, worlds.index(piece.world), dtype=np.int64)
    return Points(piece.model, paths, match.postures.clients, values, log_likelihoods, same, world, worlds)


NO_STEP = "each client is a sub-state, not yet in the network, or has lost its regime"
"""Why no step of any client counts."""


def _table(points: Points) -> object:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    columns = {"error": pa.array([""] * len(points.values), pa.string())}
    columns["sequence"] = pa.array(points.sequence, pa.int64())
    columns["world"] = pa.array([points.worlds[index] for index in points.world], pa.string())
    for path, values in zip(points.paths, points.values.T, strict=True):
        columns[path] = pa.array(values, pa.float64())
    for client, values in zip(points.clients, points.log_clients.T, strict=True):
        columns[f"log_likelihood {client}"] = pa.array(values, pa.float64())
    return pa.table(columns)


def read_points(problem: CalibrationProblem, folder: Path, model: str) -> Points:
    """Return all points of a model from a finished folder.

    Raises
    ------
    FolderError
        If a part is missing, or is not what was written.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise FolderError(f"{folder}: there is no calibration in this folder (no manifest.json)")
    clients = problem.match(model).postures.clients
    paths, worlds = MODELS[model].free(problem.plan.paths), tuple(problem.worlds)
    names = ("sequence", "world", *paths, *(f"log_likelihood {client}" for client in clients))
    tables = []
    for piece in pieces(problem):
        if piece.model != model:
            continue
        file, part = folder / PARTS / piece.file, manifest.parts.get(piece.file)
        if part is None:
            raise FolderError(f"{file}: missing or damaged; start the same command again to redo it")
        tables.append(read_table(file, part.sha256, names))
    columns = {name: np.concatenate([table.column(name).to_numpy() for table in tables]) for name in names}
    return Points(
        model,
        paths,
        clients,
        np.column_stack([columns[path] for path in paths]),
        np.column_stack([columns[f"log_likelihood {client}"] for client in clients]),
        columns["sequence"],
        np.array([worlds.index(name) for name in columns["world"]], dtype=np.int64),
        worlds,
    )


def _manifest(problem: CalibrationProblem) -> tuple[Manifest, dict[str, object]]:
    said = problem.decisive
    facts = problem.observed.model_dump(mode="json")
    # Sequences are numbered, and each is what it is however many there are: more of them go on with what is there.
    content = {"plan": asked_for(said), "observed": facts, "code": history_hash()}
    manifest = Manifest(
        version=version(),
        model_sha256=model_hash(),
        experiment_sha256=hash_of(content),
        points_sha256="",
        scenarios={name: scenario_hash(world) for name, world in problem.worlds.items()},
        seed=problem.plan.seed,
        replicates=problem.plan.sequences,
        points=problem.plan.points,
        layout={"points_per_part": problem.plan.points},
    )
    # What a folder tells when another calibration wants it: the plan's keys, and which of the rest has changed.
    rest = {"facts": [hash_of(facts)], "code of the likelihood": [history_hash()], "scenarios": []}
    return manifest, {"experiment": {**said, **rest}, "factors": []}


@cache
def history_hash(further: tuple[str, ...] = ()) -> str:
    """Return the SHA-256 of the sources that decide what a point's likelihood is, and of further ones."""
    folder = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for name in (*HASHED_SOURCES, *further):
        digest.update((folder / f"{name}.py").read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
