"""The coding's ceiling: what a filter makes of observations that stop where a client may have gone on."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from papertiger import scenarios
from papertiger.experiments.history.observed.ceiling import (
    DISTANCING,
    REALIGNED,
    ceilings,
    coded,
    coded_chances,
    filtered,
)

PERIODS, CLIENTS, RUNGS = 5, 3, 5
CEILING = np.array([DISTANCING, REALIGNED, 1])
Chances = NDArray[np.float64]


def made_matrices(seed: int, *ahead: int) -> Chances:
    """Return random transition matrices of half-years."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.dirichlet(np.full(RUNGS, 0.6), size=(*ahead, PERIODS, CLIENTS, RUNGS)))


def made_history(seed: int, ceiling: NDArray[np.int64] = CEILING) -> NDArray[np.int64]:
    """Return random coded postures, none beyond the ceiling."""
    return coded(np.random.default_rng(seed).integers(0, RUNGS, size=(PERIODS, CLIENTS)), ceiling)


def all_paths(matrices: Chances, first: int, length: int) -> list[tuple[tuple[int, ...], float]]:
    """Return every latent path of one client from where it was coded at first, with its probability."""
    paths = []
    for later in itertools.product(range(RUNGS), repeat=length):
        path, chance = (first, *later), 1.0
        for period, (before, now) in enumerate(itertools.pairwise(path), 1):
            chance *= matrices[period, before, now]
        paths.append((path, chance))
    return paths


@pytest.mark.parametrize("seed", range(4))
def test_the_filter_is_the_sum_over_all_latent_paths(seed: int) -> None:
    matrices, observed = made_matrices(seed), made_history(seed)
    found = filtered(matrices, observed, CEILING)
    for client in range(CLIENTS):
        seen, top = observed[:, client].tolist(), int(CEILING[client])
        for period in range(1, PERIODS):
            weighed = [
                (path, chance)
                for path, chance in all_paths(matrices[:, client], seen[0], period)
                if all(min(rung, top) == said for rung, said in zip(path[:-1], seen, strict=False))
            ]
            total = sum(chance for _, chance in weighed)
            for rung in range(RUNGS):
                ends = sum(chance for path, chance in weighed if min(path[-1], top) == rung)
                assert found.predicted[period, client, rung] == pytest.approx(ends / total, abs=1e-12)
            here = [(path, chance) for path, chance in weighed if min(path[-1], top) == seen[period]]
            left = sum(chance for _, chance in here)
            for rung in range(RUNGS):
                stands = sum(chance for path, chance in here if path[-1] == rung)
                assert found.known[period, client, rung] == pytest.approx(stands / left, abs=1e-12)


def test_predictions_multiply_to_the_probability_of_the_whole_record() -> None:
    matrices, observed = made_matrices(9), made_history(9)
    predicted = filtered(matrices, observed, CEILING).predicted
    for client in range(CLIENTS):
        seen = observed[:, client]
        steps = [predicted[period, client, seen[period]] for period in range(1, PERIODS)]
        whole = sum(
            chance
            for path, chance in all_paths(matrices[:, client], int(seen[0]), PERIODS - 1)
            if all(min(rung, int(CEILING[client])) == said for rung, said in zip(path, seen, strict=True))
        )
        assert np.prod(steps) == pytest.approx(whole, rel=1e-12)


def test_without_a_ceiling_the_filter_is_the_row_of_what_was_observed() -> None:
    """The formula of a Markov chain that is seen whole, to the last bit."""
    free = np.full(CLIENTS, REALIGNED)
    matrices, observed = made_matrices(2), made_history(2, free)
    found = filtered(matrices, observed, free)
    assert not found.predicted[0].any()
    for period in range(1, PERIODS):
        for client in range(CLIENTS):
            row = matrices[period, client, observed[period - 1, client]]
            np.testing.assert_array_equal(found.predicted[period, client], row)
            np.testing.assert_array_equal(found.known[period, client], np.eye(RUNGS)[observed[period, client]])


def test_who_was_seen_at_the_ceiling_twice_has_gone_beyond_it() -> None:
    """From distancing half go on for good and half go back, so who stays in sight there is one of the first."""
    move = np.eye(RUNGS)
    move[2] = [0.0, 0.5, 0.0, 0.5, 0.0]
    move[1] = [0.0, 0.0, 1.0, 0.0, 0.0]
    matrices = np.broadcast_to(move, (3, 1, RUNGS, RUNGS))
    found = filtered(matrices, np.array([[2], [2], [2]]), np.array([DISTANCING]))
    assert found.predicted[1, 0].tolist() == [0.0, 0.5, 0.5, 0.0, 0.0]
    assert found.known[1, 0].tolist() == [0.0, 0.0, 0.0, 1.0, 0.0]
    assert found.predicted[2, 0].tolist() == [0.0, 0.0, 1.0, 0.0, 0.0]


def test_after_an_observation_that_cannot_be_the_filter_starts_from_it() -> None:
    never = np.broadcast_to(np.eye(RUNGS), (3, 1, RUNGS, RUNGS))
    found = filtered(never, np.array([[0], [3], [3]]), np.array([REALIGNED]))
    assert found.predicted[1, 0, 3] == 0.0
    assert found.known[1, 0].tolist() == found.predicted[2, 0].tolist() == [0, 0, 0, 1, 0]


def test_many_parameter_sets_are_filtered_as_each_is() -> None:
    matrices, observed = made_matrices(5, 4), made_history(5)
    together = filtered(matrices, observed, CEILING)
    for number in range(4):
        alone = filtered(matrices[number], observed, CEILING)
        np.testing.assert_allclose(together.predicted[number], alone.predicted, rtol=1e-14)
        np.testing.assert_allclose(together.known[number], alone.known, rtol=1e-14)


def test_chances_beyond_the_ceiling_are_seen_at_it() -> None:
    chances = np.array([[0.1, 0.2, 0.3, 0.25, 0.15]] * 3)
    assert coded_chances(chances, CEILING) == pytest.approx(
        np.array([[0.1, 0.2, 0.7, 0.0, 0.0], [0.1, 0.2, 0.3, 0.25, 0.15], [0.1, 0.9, 0.0, 0.0, 0.0]])
    )


def test_a_defence_pact_is_what_can_be_suspended() -> None:
    scenario = scenarios.load("partners_2020")
    names = tuple(scenario.clients)
    signed = {"DPRK"}  # in 2024
    for name, top in zip(names, ceilings(scenario, names), strict=True):
        pact = scenario.clients[name].treaty == "defence_pact" or name in signed
        assert top == (REALIGNED if pact else DISTANCING)
