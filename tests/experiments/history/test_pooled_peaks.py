"""From its peaks a pooled fit finds a posterior that the prior hardly holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from papertiger.experiments.history.calibrate.priors import AnyPrior, Spiked
from papertiger.experiments.history.pooled.coordinates import Coordinates
from papertiger.experiments.history.pooled.fit import Sampled, fit, sample
from papertiger.experiments.history.pooled.search import Peak, search
from papertiger.scenarios.schema.figures import Distribution
from tests.experiments.history.pooled_small import PLAN, pooled_problem


def toy(patrons: int, prior: AnyPrior, scale: AnyPrior) -> Coordinates:
    names = tuple(f"patron {number}" for number in range(patrons))
    return Coordinates(names, (), (), ("x",), {"x": prior}, {"x": scale})


def by_client(seen: np.ndarray, error: float, coordinates: Coordinates) -> Callable[[np.ndarray], np.ndarray]:
    return lambda point: np.asarray(norm.logpdf(seen, coordinates.values(point[None])[0, :, 0], error))


def test_a_climb_comes_to_the_peak_that_is_worked_out_directly() -> None:
    """Many readings of one number with a normal prior: mean and variance are known."""
    coordinates = Coordinates(("all",), ("x",), (), (), {"x": Distribution(normal=(0.0, 1.0))}, {})
    seen = np.random.default_rng(1).normal(2.5, 0.2, 400)

    def log_steps(point: np.ndarray) -> np.ndarray:
        return np.asarray(norm.logpdf(seen, point[0], 0.2))

    (peak,) = search(coordinates, log_steps, 1)
    assert peak.point[0] == pytest.approx(seen.sum() / (len(seen) + 0.04), abs=1e-3)
    assert peak.cover.item() == pytest.approx(1.0 / (len(seen) / 0.04 + 1.0), rel=0.25)


def test_a_mechanism_that_may_be_absent_has_two_peaks() -> None:
    coordinates = toy(2, Spiked(Distribution(normal=(0.0, 2.0)), 0.5), Distribution(choice=(0.0,)))
    there, absent = search(coordinates, by_client(np.array([0.9, 0.6]), 0.5, coordinates), 1)
    assert coordinates.values(there.point[None])[0, 0, 0] == pytest.approx(0.7, abs=0.1)
    assert coordinates.values(absent.point[None])[0, 0, 0] == 0.0


@pytest.mark.slow
def test_from_its_peaks_a_speck_of_the_prior_is_found_at_once() -> None:
    """A line through 300 precise readings: coefficients and evidence are known, and the prior finds nothing."""
    prior = Distribution(normal=(0.0, 1.0))
    coordinates = Coordinates(("all",), ("a", "b", "c"), (), (), dict.fromkeys("abc", prior), {})
    rng = np.random.default_rng(2)
    design = rng.normal(0.0, 1.0, (300, 3))
    seen = design @ np.array([1.5, -2.0, 0.7]) + rng.normal(0.0, 0.05, 300)

    def log_steps(point: np.ndarray) -> np.ndarray:
        return np.asarray(norm.logpdf(seen, design @ point, 0.05))

    def log_likelihood(at: np.ndarray) -> np.ndarray:
        return np.array([[log_steps(point).sum()] for point in at])

    def sampled(peaks: list[Peak]) -> Sampled:
        return sample(coordinates, log_likelihood, sequences=2, rounds=2, points=256, seed=1, peaks=peaks)

    cover = design @ design.T + 0.05**2 * np.eye(300)
    known = -0.5 * seen @ np.linalg.solve(cover, seen) - 0.5 * np.linalg.slogdet(2 * np.pi * cover)[1]
    found = sampled(search(coordinates, log_steps, 1))
    assert found.evidence().effective > 200
    assert sampled([]).evidence().effective < 25
    assert found.evidence().log == pytest.approx(known, abs=0.1)
    curvature = design.T @ design / 0.05**2 + np.eye(3)
    middle = np.linalg.solve(curvature, design.T @ seen) / 0.05**2
    assert found.weight @ found.points == pytest.approx(middle, abs=1e-3)


@pytest.mark.slow
def test_a_fit_from_its_peaks_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    plan = PLAN.replace("rounds: 2", "rounds: 2\nstart: peaks")
    problem = pooled_problem(tmp_path, plan)
    whole = fit(problem, tmp_path / "out")
    for name in ("part-peaks.parquet", "part-001-002.parquet"):
        (tmp_path / "out" / "parts" / name).unlink()
    again = fit(problem, tmp_path / "out")
    np.testing.assert_array_equal(again.sampled.points, whole.sampled.points)
    np.testing.assert_array_equal(again.sampled.weight, whole.sampled.weight)
