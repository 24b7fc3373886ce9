"""What two forecasts leave open: the reach of a client's gain, worked out by hand and by trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from papertiger.experiments.history.evaluate.reach import gains_by_outcome, reach_of_gains
from papertiger.experiments.history.evaluate.scores import brier, publishable, ranked_probability

RANDOM = np.random.default_rng(4)


def test_the_gain_of_each_outcome_in_closed_form() -> None:
    ours, theirs = np.array([[0.8, 0.2]]), np.array([[0.5, 0.5]])
    gains = gains_by_outcome(ours, theirs, brier)
    assert gains == pytest.approx(np.array([[0.5 - 0.08, 0.5 - 1.28]]))


@pytest.mark.parametrize("from_origin", [False, True])
def test_one_thing_comes_otherwise_as_trying_everything_finds(from_origin: bool) -> None:
    ours, theirs = (publishable(RANDOM.dirichlet(np.ones(5), size=(4, 6))) for _ in range(2))
    gains = gains_by_outcome(ours, theirs, ranked_probability)
    came = RANDOM.integers(0, 5, (4, 6))
    start = RANDOM.integers(0, 5, 6)
    scored = np.ones((4, 6), dtype=bool)
    scored[2:, 0] = False  # a regime loss
    scored[:, 5] = False  # a sub-state
    tried = []
    for client, step, rung in product(range(5), range(4), range(5)):
        path = np.full(4, start[client]) if from_origin else came[:, client].copy()
        path[slice(step, None) if from_origin else step] = rung
        mine = scored[:, client]
        tried += [gains[mine, client, path[mine]].mean(), gains[mine, client, came[mine, client]].mean()]
    assert reach_of_gains(gains, came, scored, start if from_origin else None) == pytest.approx(
        (min(tried), max(tried))
    )


def test_forecasters_that_say_the_same_have_no_reach() -> None:
    ours = publishable(RANDOM.dirichlet(np.ones(5), size=(4, 6)))
    gains = gains_by_outcome(ours, ours, ranked_probability)
    assert reach_of_gains(gains, np.zeros((4, 6), dtype=int), np.ones((4, 6), dtype=bool)) == (0.0, 0.0)
