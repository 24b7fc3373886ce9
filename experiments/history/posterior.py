"""Posterior draws of a nested model, as calibration leaves them and as they ship."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.errors import ExperimentError
from scenarios import posteriors
from scenarios.errors import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Posterior:
    """Equally likely joint draws of the free parameters of one nested model.

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
        return posteriors.to_csv(posteriors.Draws(name, self.paths, rows), comments)


def shipped_name(plan: str, model: str) -> str:
    """Return what the draws of a plan under a model are called."""
    return f"{plan}_{model.lower()}"


def check_paths(draws: Posterior, paths: tuple[str, ...], label: str) -> None:
    """Refuse draws of other parameters than those that are free: the rest would silently stand at its default.

    Raises
    ------
    ExperimentError
        Naming the first that is not free, or is missing.
    """
    odd = [path for path in draws.paths if path not in paths]
    lacks = [path for path in paths if path not in draws.paths]
    if odd:
        message = f"draws of {odd[0]}, which is not free in {draws.model} of this calibration"
        raise ExperimentError([Problem(label, None, "", message, nearest(odd[0], paths))])
    if lacks:
        message = f"no draws of {lacks[0]}, which is free in {draws.model} of this calibration"
        raise ExperimentError([Problem(label, None, "", message)])


def shipped(plan: str, model: str, world: str) -> Posterior:
    """Return the draws that ship with the program.

    Parameters
    ----------
    plan, model
        Names.
    world
        Name of the scenario that they were learned with.

    Raises
    ------
    scenarios.ScenarioError
        If none ship.
    """
    draws = posteriors.load(shipped_name(plan, model))
    return Posterior(model, draws.paths, np.array(draws.values), (world,) * len(draws.values))
