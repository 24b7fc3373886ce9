"""Define the problem of a pooled calibration: several scenarios with what was observed, and what is learned."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import paths_of
from papertiger.experiments.history.calibrate.priors import with_zero
from papertiger.experiments.history.calibrate.problem import trained_steps
from papertiger.experiments.history.pooled.coordinates import Coordinates
from papertiger.experiments.run.manifest import hash_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.pooled.plan import PooledPlan
    from papertiger.scenarios.schema.figures import Figure

WORKERS = 4
"""Threads that points are shared among."""
NO_PART = ("name", "title", "description", "draws")
"""What a plan may change without its points being others."""


@dataclass(frozen=True)
class PooledProblem:
    """Hold a pooled calibration with what it names.

    Attributes
    ----------
    plan
        The file.
    parts
        By patron: the calibration that it would be by itself.
    text
        Of the file, as it was read.
    """

    plan: PooledPlan
    parts: Mapping[str, CalibrationProblem]
    text: str

    @property
    def decisive(self) -> dict[str, Any]:
        """Return what the plan says about learning, and not only to people."""
        return {key: value for key, value in self.plan.model_dump(mode="json").items() if key not in NO_PART}

    @cached_property
    def fingerprint(self) -> str:
        """Hash what a posterior is one of, but for the scenarios, the code, and how finely it was computed."""
        coarse = ("sequences", "rounds", "points", "seed")
        said = {key: value for key, value in self.decisive.items() if key not in coarse}
        facts = {name: part.observed.model_dump(mode="json") for name, part in self.parts.items()}
        return hash_of({"plan": said, "observed": facts})

    @cached_property
    def likelihoods(self) -> dict[str, Likelihood]:
        """Return the likelihood of each patron."""
        return {name: Likelihood(part.match(self.plan.model)) for name, part in self.parts.items()}

    @cached_property
    def coordinates(self) -> Coordinates:
        """Return what is learned as coordinates."""
        figures = next(iter(self.likelihoods.values())).figures
        return coordinates_of(self.plan, tuple(self.parts), figures)

    def log_likelihood(
        self, points: NDArray[np.float64], tell: Callable[[int], None] | None = None
    ) -> NDArray[np.float64]:
        """Return the log likelihood of each patron's observed steps, M x K; their sum is that of all.

        Parameters
        ----------
        points
            M x D, in coordinates.
        tell
            Is told how many points are done.
        """
        values = self.coordinates.values(points)
        logs, done = np.empty(values.shape[:2]), itertools.count(1)

        def weigh(worker: int) -> None:
            for number in range(worker, len(values), len(self._workers)):
                for column, (likelihood, counts) in enumerate(self._workers[worker]):
                    numbers = dict(zip(self.coordinates.paths, map(float, values[number, column]), strict=True))
                    logs[number, column] = np.where(counts, likelihood.log_steps(numbers), 0.0).sum()
                if tell is not None:
                    tell(next(done))

        # A chain is compiled code without Python's lock, and each point is one thread's alone.
        with ThreadPoolExecutor(len(self._workers)) as pool:
            for finished in [pool.submit(weigh, worker) for worker in range(len(self._workers))]:
                finished.result()
        return logs

    @cached_property
    def _workers(self) -> list[list[tuple[Likelihood, NDArray[np.bool_]]]]:
        """Return the likelihoods of each thread, patron by patron, with the steps that count."""
        parts = self.parts.values()
        own = [self._pairs]
        own += [[(Likelihood(part.match(self.plan.model)), part) for part in parts] for _ in range(WORKERS - 1)]
        return [[(one, trained_steps(one.match, part)) for one, part in pairs] for pairs in own]

    def log_steps(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log likelihood of every observed step that counts, patron after patron.

        Parameters
        ----------
        point
            Length D, in coordinates.
        """
        logs = []
        for (likelihood, part), row in zip(self._pairs, self.coordinates.values(point[None])[0], strict=True):
            numbers = dict(zip(self.coordinates.paths, map(float, row), strict=True))
            logs.append(likelihood.log_steps(numbers)[trained_steps(likelihood.match, part)])
        return np.concatenate(logs)

    @property
    def _pairs(self) -> list[tuple[Likelihood, CalibrationProblem]]:
        return [(self.likelihoods[name], part) for name, part in self.parts.items()]

    def free(self) -> tuple[str, ...]:
        """Return which parameters still make a difference under the plan's model."""
        return MODELS[self.plan.model].free(self.plan.paths)


def coordinates_of(plan: PooledPlan, patrons: tuple[str, ...], figures: Mapping[str, Figure]) -> Coordinates:
    """Return what a plan learns as coordinates.

    Parameters
    ----------
    plan
        A pooled calibration.
    patrons
        Names.
    figures
        Of a scenario under it, by path, with their priors.
    """
    zeros = {paths_of((name,))[0]: prior.zero for name, prior in plan.priors.items()}
    priors = {
        path: with_zero(slab, zeros.get(path, 0.0))
        for path in plan.paths
        if (slab := figures[path].prior) is not None
    }
    scales = {}
    for name, pool in plan.pooled.items():
        slab = pool.scale.distribution
        assert slab is not None
        scales[paths_of((name,))[0]] = with_zero(slab.truncated(0.0, np.inf), pool.scale.zero)
    return Coordinates(
        patrons, paths_of(plan.shared), paths_of(plan.own), paths_of(tuple(plan.pooled)), priors, scales
    )
