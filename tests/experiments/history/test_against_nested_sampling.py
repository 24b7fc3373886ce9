"""The importance sampler against a sampler that shares nothing with it but the likelihood."""

from __future__ import annotations

import numpy as np
import pytest

from papertiger.experiments.history.calibrate.calibration import Points, evaluate, pieces
from papertiger.experiments.history.calibrate.importance import moments
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.problem import trained_steps
from papertiger.model.sampling import quantile

LIVE = 150


@pytest.mark.slow
def test_nested_sampling_finds_the_same_evidence_and_posterior() -> None:
    dynesty = pytest.importorskip("dynesty")
    problem = load_problem("partners_2020", points=1024)
    likelihood = Likelihood(problem.match("M4"))
    paths = MODELS["M4"].free(problem.plan.paths)
    priors = [prior for path in paths if (prior := likelihood.figures[path].prior) is not None]
    trained = trained_steps(likelihood.match, problem)

    def log_likelihood(values: np.ndarray) -> float:
        steps = likelihood.log_steps(dict(zip(paths, map(float, values), strict=True)))
        return float(np.where(trained, steps, 0.0).sum())

    def transform(unit: np.ndarray) -> np.ndarray:
        return np.array([quantile(prior, min(float(u), 1 - 1e-12)) for prior, u in zip(priors, unit, strict=True)])

    sampler = dynesty.NestedSampler(
        log_likelihood, transform, len(paths), nlive=LIVE, sample="rwalk", rstate=np.random.default_rng(1)
    )
    sampler.run_nested(print_progress=False, dlogz=0.1)
    nested = sampler.results

    parts = [evaluate(problem, piece, likelihood) for piece in pieces(problem) if piece.model == "M4"]
    points = Points(
        "M4",
        paths,
        parts[0].clients,
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.log_clients for part in parts]),
        np.concatenate([part.sequence for part in parts]),
        np.concatenate([part.world for part in parts]),
        parts[0].worlds,
    )
    evidence = points.evidence()
    error = np.hypot(evidence.error, float(nested.logzerr[-1]))
    assert evidence.log == pytest.approx(float(nested.logz[-1]), abs=4 * error)
    assert error < 0.3  # so that agreement says something

    weight = nested.importance_weights()
    count = 1.0 / float(weight @ weight)
    for column in range(len(paths)):
        mean, deviation = moments(points.values[:, column], points.weight)
        theirs, spread = moments(nested.samples[:, column], weight)
        error = np.hypot(deviation / evidence.effective**0.5, spread / count**0.5)
        assert abs(mean - theirs) < 4 * error
        assert deviation == pytest.approx(spread, rel=0.25)
