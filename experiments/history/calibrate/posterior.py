"""Read posterior draws of a nested model, as calibration leaves them and as they ship."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.errors import ExperimentError, FolderError
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.run.manifest import read_manifest
from papertiger.experiments.run.provenance import model_hash, scenario_hash
from papertiger.scenarios import posteriors
from papertiger.scenarios.checking.references import out_of_range
from papertiger.scenarios.errors import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.problem import CalibrationProblem

MARK = "calibration-sha256"
"""Begins the comment that says which calibration the draws were learned by."""


@dataclass(frozen=True)
class Posterior:
    """Hold equally likely joint draws of the free parameters of one nested model.

    Attributes
    ----------
    model
        Its name.
    paths
        Dotted paths of the parameters, length D.
    values
        M x D.
    world
        Name of the coder's scenario that each draw belongs to, length M.
    """

    model: str
    paths: tuple[str, ...]
    values: NDArray[np.float64]
    world: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.values)

    def each(self) -> Iterator[tuple[str, dict[str, float]]]:
        """Yield the coder's scenario and the numbers by path of every draw."""
        for world, row in zip(self.world, self.values, strict=True):
            yield world, dict(zip(self.paths, map(float, row), strict=True))

    @property
    def sha256(self) -> str:
        """Return the hash of the draws, whatever their table is called; that of a shipped file is its mark."""
        rows = tuple(tuple(map(float, row)) for row in self.values)
        return posteriors.hash_of_rows(posteriors.to_csv(posteriors.Draws(self.model, self.paths, rows)))

    def to_csv(self, name: str, comments: Sequence[str]) -> str:
        """Return the text of the file that a scenario can draw from.

        Parameters
        ----------
        name
            Of the table.
        comments
            Lines that say where it comes from.
        """
        rows = tuple(tuple(map(float, row)) for row in self.values)
        bare = posteriors.to_csv(posteriors.Draws(name, self.paths, rows))
        mark = f"{posteriors.MARK} {posteriors.hash_of_rows(bare)}"
        return posteriors.to_csv(posteriors.Draws(name, self.paths, rows, (*comments, mark)))


def shipped_name(plan: str, model: str) -> str:
    """Return what the draws of a plan under a model are called."""
    return f"{plan}_{model.lower()}"


def posterior_of(problem: CalibrationProblem, model: str, folder: Path | None = None) -> Posterior:
    """Return the draws of a model: those that ship, or those of a folder that a calibration was written to.

    Parameters
    ----------
    problem
        What they must have been learned in.
    model
        Name of the nested model.
    folder
        Where `papertiger calibrate` wrote; blank takes the shipped ones.

    Raises
    ------
    ScenarioError
        If there are none, or they are of another calibration.
    """
    if problem.plan.codings:
        message = (
            "several coders' scenarios can be calibrated together, but are scored one by one, each from a "
            "file of its own"
        )
        raise ExperimentError([Problem(problem.plan.name, None, "codings", message)])
    name = shipped_name(problem.plan.name, model)
    if folder is None and name not in posteriors.names():
        message = (
            "no draws ship with this calibration; run papertiger calibrate, then give its folder with --posterior"
        )
        raise ExperimentError([Problem(problem.plan.name, None, "", message)])
    label = name if folder is None else str(folder / "posteriors" / f"{name}.csv")
    draws = posteriors.load(label)
    if folder is not None:
        _check_folder(problem, folder, draws, label)
    posterior = Posterior(model, draws.paths, np.array(draws.values), (problem.scenario.name,) * len(draws.values))
    check_paths(posterior, MODELS[model].free(problem.plan.paths), label)
    learned_in = next((line.partition(" ")[2] for line in draws.comments if line.startswith(MARK)), None)
    if learned_in is not None and learned_in != problem.fingerprint:
        message = (
            f"these draws were learned by another calibration than {problem.plan.name} as it is now (its spans, "
            f"settings, free "
            "parameters or observations differ); run papertiger calibrate, then give its folder with --posterior"
        )
        raise ExperimentError([Problem(label, None, "", message)])
    return posterior


def _check_folder(problem: CalibrationProblem, folder: Path, draws: posteriors.Draws, label: str) -> None:
    """Refuse draws of a folder whose scenario or model is not that of now, or that do not say that they are whole.

    Raises
    ------
    ExperimentError
        Saying what changed.
    """
    if not any(line.startswith(posteriors.MARK) for line in draws.comments):
        message = f"expected the comment {posteriors.MARK} that papertiger calibrate leaves; run it again"
        raise ExperimentError([Problem(label, message=message)])
    try:
        manifest = read_manifest(folder)
    except FolderError as error:
        raise ExperimentError([Problem(label, message=str(error))]) from None
    if manifest is None:  # draws that somebody took elsewhere
        return
    changes = [
        f"the scenario '{name}' has changed"
        for name, scenario in problem.worlds.items()
        if manifest.scenarios.get(name, scenario_hash(scenario)) != scenario_hash(scenario)
    ]
    if manifest.model_sha256 != model_hash():
        changes.append("the model's code has changed")
    if changes:
        message = (
            f"these draws were learned from something else: {'; '.join(changes)}; run papertiger calibrate again"
        )
        raise ExperimentError([Problem(label, message=message)])


def check_paths(draws: Posterior, paths: tuple[str, ...], label: str) -> None:
    """Refuse draws of other parameters than those that are free: the rest would silently stand at its default.

    Raises
    ------
    ExperimentError
        Naming the first that is not free, or is missing, and every column with numbers out of its range.
    """
    odd = [path for path in draws.paths if path not in paths]
    lacks = [path for path in paths if path not in draws.paths]
    if odd:
        message = f"draws of {odd[0]}, which is not free in {draws.model} of this calibration"
        raise ExperimentError([Problem(label, None, "", message, nearest(odd[0], paths))])
    if lacks:
        message = f"no draws of {lacks[0]}, which is free in {draws.model} of this calibration"
        raise ExperimentError([Problem(label, None, "", message)])
    wrong = [Problem(label, None, *one) for one in out_of_range(draws.paths, draws.values.tolist())]
    if wrong:
        raise ExperimentError(wrong)
