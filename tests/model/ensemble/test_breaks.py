"""The exact chain with breaks: known answers, and the frequencies of the ensemble."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.exact import EXACT, exact_chain
from papertiger.scenarios import Scenario
from tests.model.worlds import changed, client, event, world_of

pytestmark = pytest.mark.xdist_group("exact")  # one process loads the chain
MONTHS = 24
QUIET = {path.removeprefix("parameters."): value for path, value in EXACT.items()} | {"review_rate": 0.0}


def quiet(events: dict[str, Any] | None = None, own: dict[str, Any] | None = None, **more: float) -> Scenario:
    """Return one client that moves by breaks alone, with fields of its own."""
    return world_of({"A": client(**(own or {}))}, events, months=MONTHS, parameters=QUIET | more)


def eventful() -> Scenario:
    """Return clients that choose and break, under every cause, one of which falls, and one comes and goes."""
    events = {
        "coup": event("leader_change", "2020-03", "A", intensity=3),
        "ban": event("sanctions", "2020-06", "A", intensity=2),
        "ban on B": event("coercion", "2020-06", "B", intensity=3),
        "let go": event("disengagement", "2020-09", "B", intensity=3),
        "pledge": event("rival_pledge", "2021-01", "A", rival="West", intensity=2),
        "fall": event("regime_loss", "2020-10", "C", intensity=3, successor={"prior_resolve": 0.2}),
        "left": event("abandoned", "2020-04", "B", intensity=3),
    }
    clients = {
        "A": client(),
        "B": client(posture="hedging", pact="P"),
        "C": client(posture="distancing", pact="P"),
        "D": client(posture="realigned", enters="2020-05", leaves="2021-06"),
        "E": client(sub_state=True, treaty="none"),
    }
    constants = {
        "review_rate": 0.2,
        "choice_noise": 0.1,
        "break_away": 0.02,
        "break_toward": 0.03,
        "break_ruler": 1.5,
        "break_coercion": 1.0,
        "break_disengagement": 2.0,
        "break_pledge": -1.0,
        "break_toward_ruler": 1.0,
        "break_to_suspended": 3.0,
        "break_to_loyal": 0.5,
    }
    return world_of(clients, events, months=MONTHS, parameters=QUIET | constants)


def test_by_the_baseline_alone_no_break_in_n_months_has_the_chance_of_a_geometric_time() -> None:
    hazard = 0.03
    stays = exact_chain(quiet(None, None, break_away=hazard)).marginals()[:, 0, 0]
    np.testing.assert_allclose(stays, (1.0 - hazard) ** np.arange(1, MONTHS + 1), rtol=1e-12)


def test_a_break_ends_on_the_rungs_ahead_by_their_weights() -> None:
    weights = {
        "break_to_hedging": 0.0,
        "break_to_distancing": 1.0,
        "break_to_suspended": 2.0,
        "break_to_realigned": 5.0,
    }
    step = exact_chain(quiet(None, None, break_away=0.04, break_toward=0.1, **weights)).steps[0, 0]
    np.testing.assert_allclose(step[0], [0.96, 0.0, 0.005, 0.01, 0.025], rtol=1e-12)
    np.testing.assert_allclose(step[3], [0.96 * 0.1 / 2, 0.0, 0.96 * 0.1 / 2, 0.96 * 0.9, 0.04], rtol=1e-12)
    np.testing.assert_allclose(step[4], [0.1 / 4, 0.0, 0.1 / 4, 0.2 / 4, 0.9], rtol=1e-12)


def test_a_cause_multiplies_the_hazard_by_the_exponential_of_its_faded_stock() -> None:
    coup = {"coup": event("leader_change", "2020-05", "A", intensity=3)}
    steps = exact_chain(quiet(coup, None, break_away=0.01, break_ruler=2.0, break_memory=0.8)).steps[:, 0, 0, 0]
    stock = np.concatenate([np.zeros(4), 0.8 ** np.arange(MONTHS - 4)])
    np.testing.assert_allclose(1.0 - steps, 0.01 * np.exp(2.0 * stock), rtol=1e-12)


def test_a_client_out_of_the_network_stays_where_it_is() -> None:
    chain = exact_chain(quiet(None, {"enters": "2020-03", "leaves": "2020-07"}, break_away=0.5))
    away = 1.0 - chain.steps[:, 0, 0, 0]
    np.testing.assert_array_equal(away, [0.0, 0.0, 0.5, 0.5, 0.5, 0.5, *([0.0] * (MONTHS - 6))])


@pytest.mark.parametrize("runs", [2_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_the_chain_with_breaks_agrees_with_the_frequencies_of_the_ensemble(runs: int) -> None:
    scenario = eventful()
    counts = ensemble(scenario, runs, seed=8, threads=1).kept.counts
    seen = counts.sum(axis=2, keepdims=True)
    exact = exact_chain(scenario).marginals()
    spread = np.sqrt(np.maximum(exact * (1 - exact), 1e-4) / runs)
    off = np.abs(counts / np.maximum(seen, 1) - exact) / spread
    # D is counted from May 2020 to May 2021 alone; six standard errors hold some five hundred cells.
    assert seen[:, 3, 0].astype(bool).tolist() == [4 <= month < 17 for month in range(MONTHS)]
    assert off[seen[..., 0] > 0].max() < 6.0


def test_without_breaks_the_chain_is_what_it_was() -> None:
    off = {"break_away": 0.0, "break_toward": 0.0}
    without = exact_chain(changed(eventful(), **off)).steps
    effects = {"break_ruler": 0.0, "break_to_suspended": 0.0}
    np.testing.assert_array_equal(without, exact_chain(changed(eventful(), **off, **effects)).steps)
    assert (without != exact_chain(eventful()).steps).any()
