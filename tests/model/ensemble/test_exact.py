"""The exact chain of a replay against the ensemble, and what it refuses."""

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.exact import EXACT, Chain, NotExactError, exact_chain
from papertiger.scenarios import Scenario

RUNS = 20_000
pytestmark = pytest.mark.xdist_group("exact")  # one process loads the chain


@pytest.fixture(scope="module")
def case() -> Scenario:
    return scenarios.load("partners_2020", EXACT)


@pytest.fixture(scope="module")
def chain(case: Scenario) -> Chain:
    return exact_chain(case)


def test_every_row_of_the_chain_is_a_distribution(chain: Chain) -> None:
    np.testing.assert_allclose(chain.steps.sum(axis=3), 1.0, atol=1e-12)
    assert chain.steps.min() >= 0.0


def test_marginals_agree_with_the_frequencies_of_the_ensemble(case: Scenario, chain: Chain) -> None:
    counts = ensemble(case, RUNS, seed=5).kept.counts
    seen = counts.sum(axis=2, keepdims=True)
    frequencies = counts / np.maximum(seen, 1)
    exact = chain.marginals()
    spread = np.sqrt(np.maximum(exact * (1 - exact), 1e-4) / RUNS)
    off = np.abs(frequencies - exact)[seen[..., 0] > 0] / spread[seen[..., 0] > 0]
    # Some eight thousand cells, many of them the same few steps seen again: six standard errors hold them all. The
    # floor under the variance keeps a single run in a cell of one in a million from counting as many errors.
    assert off.max() < 6.0


def test_beliefs_of_the_chain_are_those_of_the_ensemble_to_the_last_bit(case: Scenario, chain: Chain) -> None:
    counts = ensemble(case, 1, keep=("beliefs",)).path("beliefs")[0]
    np.testing.assert_array_equal(chain.beliefs[..., 0], counts[..., 0] / (counts[..., 0] + counts[..., 1]))
    np.testing.assert_array_equal(chain.beliefs[..., 1], counts[..., 2] / (counts[..., 2] + counts[..., 3]))


def test_steps_between_two_months_are_the_product_of_the_months_in_between(chain: Chain) -> None:
    two = chain.between("2021-01", "2021-03")
    np.testing.assert_allclose(two, chain.steps[13] @ chain.steps[14])
    np.testing.assert_array_equal(chain.between("2021-01", "2021-01"), np.broadcast_to(np.eye(5), two.shape))


@pytest.mark.parametrize("name", sorted(EXACT))
def test_what_feeds_back_is_refused_by_name(name: str) -> None:
    settings = {**EXACT, name: 0.05}
    with pytest.raises(NotExactError, match=name.removeprefix("parameters.")):
        exact_chain("partners_2020", overrides=settings)


def test_generative_months_and_drawn_figures_are_refused() -> None:
    with pytest.raises(NotExactError, match="generative months"):
        exact_chain("partners_generative", overrides=EXACT)
    drawn = {**EXACT, "parameters.forgetting": {"uniform": [0.97, 0.99]}}
    with pytest.raises(NotExactError, match="figures that are drawn"):
        exact_chain("partners_2020", overrides=drawn)


def test_a_parameter_set_moves_the_chain_as_an_override_does(case: Scenario) -> None:
    by_value = exact_chain(case, {"parameters.choice_noise": 0.03})
    by_override = exact_chain("partners_2020", overrides={**EXACT, "parameters.choice_noise": 0.03})
    np.testing.assert_array_equal(by_value.steps, by_override.steps)
