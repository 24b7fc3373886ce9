"""Clients with several patrons in both engines, and in the exact chain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.exact import EXACT, exact_chain
from papertiger.scenarios import Scenario
from tests.model.ensemble.agreement import assert_engines_agree
from tests.model.ensemble.worlds import made_up_decisions, worlds_of_patrons
from tests.model.patrons import FIRST, SECOND, bond, busy_events, two_patrons
from tests.model.worlds import client, event

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

seeds = st.integers(0, 2**63 - 1)
FEW = settings(settings.get_profile("ensemble"), max_examples=12)
MANY = settings(settings.get_profile("ensemble"), max_examples=150)
BREAKS = {
    "break_away": 0.05,
    "break_toward": 0.02,
    "procurement_lasting": 0.5,
    "contagion": 0.5,
    "supply_burden": 0.5,
}


@pytest.mark.parametrize("mode", ["replay", "generative"])
def test_the_engines_agree_on_two_patrons_and_three_clients(mode: str) -> None:
    scenario = two_patrons(events=busy_events(), mode=mode, parameters=BREAKS)
    assert_engines_agree(scenario)
    assert_engines_agree(scenario, runs=(0,), decisions=made_up_decisions(scenario, 3))


@FEW
@given(worlds_of_patrons(), seeds)
def test_the_engines_agree_on_made_up_patrons(scenario: Scenario, seed: int) -> None:
    assert_engines_agree(scenario, seed=seed, runs=(0,))


@pytest.mark.slow
@MANY
@given(worlds_of_patrons(), seeds)
def test_the_engines_agree_on_many_made_up_patrons(scenario: Scenario, seed: int) -> None:
    assert_engines_agree(scenario, seed=seed, decisions=made_up_decisions(scenario, seed % 1000))


def test_the_chain_of_every_bond_is_exact() -> None:
    scenario = two_patrons(events=busy_events(), parameters={"break_away": 0.02})
    chain = exact_chain(scenario, overrides=EXACT)
    assert chain.clients == ("Anu/Protector", "Anu/Second", "Bel/Protector", "Bel/Second", "Cor")
    runs = 4000
    found = ensemble(scenario, runs, seed=4, keep="postures", overrides=EXACT, threads=1).path("postures")
    for month in (5, 17):
        share = np.stack([(found[:, month] == posture).mean(axis=0) for posture in range(5)], axis=1)
        exact = chain.marginals()[month]
        error = np.sqrt(exact * (1.0 - exact) / runs)
        assert (np.abs(share - exact) <= 4.5 * error + 1e-9).all()


def gone(**second: float) -> float:
    """Return how likely a client is to be beyond loyal to its first patron at the end, by what the second gives."""
    told = {"left alone": event("abandoned", "2020-03", "Anu", patron=FIRST, intensity=3.0)}
    own = client(options={}, bonds={SECOND: bond(posture="distancing", **second)})
    chain = exact_chain(two_patrons({"Anu": own}, told, patrons={SECOND: {}}), overrides=EXACT)
    return float(chain.marginals()[-1, 0, 1:].sum())


def test_a_client_that_is_left_alone_goes_the_sooner_the_more_another_patron_gives() -> None:
    nothing, little, much = (gone(prior_capability=capable, prior_resolve=0.9) for capable in (0.0, 0.4, 0.9))
    assert nothing < little < much
