"""The forecasts to beat say what they claim to say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertiger import scenarios
from papertiger.experiments.history.evaluate.baselines import (
    PRIOR_STEPS,
    RUNGS,
    Climatology,
    Forecaster,
    Persistence,
    prior_rows,
    transition_counts,
)
from papertiger.experiments.history.evaluate.landscape import energy
from papertiger.experiments.history.evaluate.static_landscape import StaticLandscape, landscape_of
from papertiger.experiments.history.observed.coding import Postures, code_postures
from papertiger.scenarios import observed


def made(posture: list[list[int]], scored: list[list[bool]] | None = None) -> Postures:
    """Return postures of clients A, B, ... by half-year."""
    rungs = np.array(posture, dtype=np.int8)
    choice = np.ones(rungs.shape, dtype=np.bool_) if scored is None else np.array(scored)
    choice[0] = False
    names = tuple("ABCDEFGH"[: rungs.shape[1]])
    periods = tuple(f"20{20 + number // 2}H{number % 2 + 1}" for number in range(len(rungs)))
    return Postures(names, periods, rungs, np.zeros(rungs.shape, dtype=np.bool_), choice)


@pytest.fixture(scope="module")
def history() -> Postures:
    return code_postures(observed.load("partners_postures"))


def forecasters(history: Postures) -> list[Forecaster]:
    last = history.period("2023H2")
    return [
        Persistence(),
        Climatology.fit(history, last),
        StaticLandscape.fit(scenarios.load("partners_2020"), history, last),
    ]


def test_all_give_probabilities_for_every_client(history: Postures) -> None:
    origin = history.period("2023H2")
    for forecaster in forecasters(history):
        for target in (origin, origin + 1, origin + 4, origin + 8):  # the last one lies in 2027
            found = forecaster.forecast(history, origin, target)
            assert found.shape == (17, RUNGS)
            assert (found >= 0.0).all()
            assert found.sum(axis=1) == pytest.approx(np.ones(17))
        assert np.array_equal(
            forecaster.forecast(history, origin, origin).argmax(axis=1), history.posture[origin], equal_nan=False
        )


def test_nothing_after_the_origin_or_the_training_span_is_looked_at(history: Postures) -> None:
    last = history.period("2023H2")
    blind = Postures(
        history.clients,
        history.periods,
        np.where(np.arange(12)[:, None] <= last, history.posture, 4).astype(np.int8),
        history.regime_lost,
        history.scored,
    )
    for one, other in zip(forecasters(history), forecasters(blind), strict=True):
        assert np.array_equal(one.forecast(history, last, last + 3), other.forecast(blind, last, last + 3))


def test_persistence_is_certain() -> None:
    found = Persistence().forecast(made([[0, 3], [1, 3]]), 1, 5)
    assert found.tolist() == [[0, 1, 0, 0, 0], [0, 0, 0, 1, 0]]


def test_counts_are_those_of_scored_steps_of_the_training_span(history: Postures) -> None:
    counts = transition_counts(history, history.period("2023H2"))
    assert counts.sum() == 16 * 7
    assert counts[0, 1] == 3
    assert counts[1, 2] == 1
    assert np.trace(counts) == 16 * 7 - 4
    without = transition_counts(history, history.period("2023H2"), set(history.clients) - {"Armenia"})
    assert [without.sum(), without[0, 1], without[1, 2]] == [15 * 7, 2, 0]
    masked = made([[0, 0], [1, 1], [1, 2]], [[False, False], [True, False], [True, True]])
    assert transition_counts(masked, 2).tolist() == [
        [0, 1, 0, 0, 0],
        [0, 1, 1, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ]


def test_climatology_is_the_smoothed_frequency() -> None:
    table = Climatology.fit(made([[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1]]), 2).transition
    stay = (6 + 0.5) / (8 + 1)
    assert table[0, 0] == pytest.approx((5 + PRIOR_STEPS * stay) / (7 + PRIOR_STEPS))
    first = (1 - stay) * 0.5 / (0.5 + 0.25 + 0.125 + 0.0625)
    assert table[0, 1] == pytest.approx((2 + PRIOR_STEPS * first) / (7 + PRIOR_STEPS))
    assert table[4, 4] == pytest.approx(stay)
    assert table.sum(axis=1) == pytest.approx(np.ones(RUNGS))


def test_two_steps_are_the_chain_twice() -> None:
    world = made([[0, 2], [1, 2], [1, 3]])
    chain = Climatology.fit(world, 2)
    assert chain.forecast(world, 1, 3) == pytest.approx(chain.transition[[1, 2]] @ chain.transition)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=6))
def test_climatology_calls_nothing_impossible(rows: list[list[int]]) -> None:
    table = Climatology.fit(made(rows), len(rows) - 1).transition
    assert (table > 0.0).all()
    assert table.sum(axis=1) == pytest.approx(np.ones(RUNGS))


def test_the_prior_falls_with_distance_and_treats_both_directions_alike() -> None:
    rows = prior_rows(0.9)
    assert rows.sum(axis=1) == pytest.approx(np.ones(RUNGS))
    assert rows[2, 1] == rows[2, 3] == 2 * rows[2, 0]
    assert np.diag(rows) == pytest.approx(np.full(RUNGS, 0.9))


def test_what_cannot_be_forecast_is_refused() -> None:
    world = made([[0], [0]])
    with pytest.raises(ValueError, match="at or after the origin"):
        Persistence().forecast(world, 1, 0)
    with pytest.raises(ValueError, match="expected an origin"):
        Persistence().forecast(world, 2, 3)
    with pytest.raises(ValueError, match="from 0 to 1"):
        Climatology.fit(world, 2)


def test_the_landscape_settles_where_no_client_gains() -> None:
    land = landscape_of(scenarios.load("partners_2020"))
    sizes, likes = land.sizes.tolist(), land.propensities.tolist()
    assert np.array_equal(land.propensities, land.propensities.T)
    camps = land.settle()
    assert camps[: land.powers].tolist() == [0, 1, 1, 1, 1]
    here = energy(sizes, likes, camps.tolist())
    assert here < energy(sizes, likes, land.start().tolist())
    gains = land._gain(camps)
    for place in range(land.powers, len(sizes)):
        moved = camps.copy()
        moved[place] = 1 - moved[place]
        rise = energy(sizes, likes, moved.tolist()) - here
        assert rise >= 0.0
        assert rise == pytest.approx(-gains[place])


def test_who_falls_on_which_side() -> None:
    # Pinned, so that a change of the codings or of the propensities is seen.
    history = code_postures(observed.load("partners_postures"))
    found = StaticLandscape.fit(scenarios.load("partners_2020"), history, history.period("2023H2"))
    loyal = set(history.clients) - found.rival_side
    assert loyal == {"Belarus", "Chechnya", "Cuba", "DPRK", "Iran", "Nicaragua", "Syria", "Venezuela"}
    origin = history.period("2023H2")
    forecast = found.forecast(history, origin, origin + 1)
    rows = {name: forecast[number] for number, name in enumerate(history.clients)}
    assert rows["Kyrgyzstan"][0] < rows["Cuba"][0]
    assert np.array_equal(rows["Cuba"], found.with_patron.transition[0])


def test_a_side_without_anybody_takes_the_chain_of_all() -> None:
    scenario = scenarios.load("partners_2020")
    history = code_postures(observed.load("partners_postures")).select(["Cuba", "Iran"])
    found = StaticLandscape.fit(scenario, history, 7)
    assert np.array_equal(found.with_rivals.transition, Climatology.fit(history, 7).transition)
