"""The interval of the gain holds the truth about as often as it says, where the common ones do not."""

from __future__ import annotations

import numpy as np
import pytest

from papertiger.experiments.history.evaluate.coverage import (
    SIZES,
    WORLDS,
    World,
    coverage_for_forecasts,
    coverage_of,
)
from papertiger.experiments.history.evaluate.identification import correlation_of
from papertiger.experiments.history.evaluate.reach import gains_by_outcome
from papertiger.experiments.history.evaluate.scores import publishable, ranked_probability

USEFUL = WORLDS[0]
LIMIT = WORLDS[3]


def test_rare_movers_are_what_drawing_clients_misses() -> None:
    found = coverage_of(USEFUL, 16, histories=80)
    assert found.truth > 0.001
    assert found.published >= 0.94
    assert found.percentiles < 0.85
    assert found.student < 0.85
    assert found.wrong == 0.0


def test_of_forecasts_that_were_made_the_truth_is_their_expected_gain() -> None:
    random = np.random.default_rng(1)
    chance, other = (publishable(random.dirichlet([8.0, 1.0, 0.5, 0.2, 0.1], size=(4, 15))) for _ in range(2))
    gains = gains_by_outcome(chance, other, ranked_probability)
    scored = np.ones((4, 15), dtype=bool)
    scored[:, 3] = False
    found = coverage_for_forecasts("own", gains, chance, scored, histories=80)
    assert found.clients == 14
    assert found.truth == pytest.approx((gains * chance).sum(axis=2)[scored].mean())
    assert found.truth > 0.0  # an honest forecaster expects to gain
    assert found.published >= 0.94


def test_beliefs_that_move_as_one_are_told_from_those_that_do_not() -> None:
    random = np.random.default_rng(2)
    capability, noise = random.random((60, 10)), random.random((60, 10))
    counts = np.ones((60, 10), dtype=bool)
    counts[:20, 4] = False
    one, two = (np.stack([capability, other], axis=2) for other in (0.5 * capability + 0.2, noise))
    assert correlation_of(one, counts).together == pytest.approx(1.0)
    assert correlation_of(one, counts).months == 580
    assert abs(correlation_of(two, counts).within) < 0.15
    apart = np.stack([capability + np.arange(10), noise + np.arange(10)], axis=2)
    found = correlation_of(apart, counts)
    assert found.together > 0.98
    assert abs(found.within) < 0.15


@pytest.mark.slow
@pytest.mark.parametrize("world", [world for world in WORLDS if world is not LIMIT], ids=lambda world: world.name)
@pytest.mark.parametrize("clients", SIZES)
def test_the_interval_holds_what_it_says(world: World, clients: int) -> None:
    found = coverage_of(world, clients, histories=1000)
    assert found.published >= 0.95 - 2 * (0.05 * 0.95 / 1000) ** 0.5
    assert found.wrong <= 0.025


@pytest.mark.slow
def test_where_forecasters_hardly_differ_it_is_known_to_fall_short() -> None:
    """The page says so: of clients for whom the two would have differed, and who are not there, nothing is known."""
    assert coverage_of(LIMIT, 16, histories=1000).published < 0.9
