"""The base network at its defaults: how often postures change, and where clients stand.

Those who set the constants knew 2024 and 2025, so this is a look-back and not a test of the theory: it holds the
constants to what they were retuned for.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from papertiger.model.ensemble.ensemble import Ensemble, ensemble
from papertiger.scenarios.schema.actors import Client, Successor
from papertiger.scenarios.schema.parameters import Parameters
from tests.model.worlds import RUNG, shipped

RUNS = 200
LOYALISTS = ("Iran", "Cuba", "Belarus", "DPRK", "Nicaragua")


@cache
def made(scenario: str) -> Ensemble:
    """Return runs of a shipped scenario, which the reference model would make to the last bit alike."""
    return ensemble(scenario, RUNS, keep=("postures", "destinations"), threads=1)


def path(name: str, client: str, scenario: str = "partners_2020") -> Any:
    """Return what a client did, runs x months; 96 months from January 2020."""
    return made(scenario).path(name)[:, :, made(scenario).clients.index(client)]


def at(month: str) -> int:
    return (int(month[:4]) - 2020) * 12 + int(month[5:]) - 1


def share(client: str, month: str, low: int, high: int = 4) -> float:
    """Return in which share of runs a client stands between two rungs in a month."""
    stands = path("postures", client)[:, at(month)]
    return float(((low <= stands) & (stands <= high)).mean())


def test_one_to_ten_percent_of_clients_move_in_a_half_year() -> None:
    moved, total = 0, 0
    for client in made("partners_2020").plan.job.tables.setting.clients:
        ends = path("postures", client.name)[:, max(5, client.enters) :: 6]
        moved += int((np.diff(ends, axis=1) != 0).sum())
        total += ends[:, 1:].size
    assert 0.01 < moved / total < 0.10


def test_armenia_is_suspended_or_beyond_at_the_end_of_2024() -> None:
    assert share("Armenia", "2024-12", RUNG["suspended"]) > 0.5


@pytest.mark.parametrize("client", LOYALISTS)
def test_the_loyal_stay_loyal_to_the_end_of_2025(client: str) -> None:
    assert share(client, "2025-12", RUNG["loyal"], RUNG["loyal"]) > 0.5


@pytest.mark.parametrize("client", ["Serbia", "Uzbekistan"])
def test_serbia_and_uzbekistan_hedge_or_more(client: str) -> None:
    assert share(client, "2025-12", RUNG["hedging"]) > 0.5


def test_kazakhstan_hedges_first_and_then_goes_past_what_was_seen() -> None:
    """A pattern of the first version that does not hold: hedging is no more its most frequent posture of all.

    It would take a cost of standing by of 0.45, at which it is so by a hair, and Armenia has mostly not suspended
    its part by the end of 2024.
    """
    stands = path("postures", "Kazakhstan")
    assert np.bincount(stands[:, at("2022-12") : at("2024-06")].ravel()).argmax() == RUNG["hedging"]
    assert np.bincount(stands.ravel()).argmax() == RUNG["loyal"]
    assert np.bincount(stands[:, at("2025-12")]).argmax() == RUNG["distancing"]
    cheaper = ensemble("partners_2020", RUNS, keep="postures", values={"parameters.standing_cost": 0.45}, threads=1)
    rungs = {name: cheaper.path("postures")[:, :, cheaper.clients.index(name)] for name in ("Kazakhstan", "Armenia")}
    assert np.bincount(rungs["Kazakhstan"].ravel()).argmax() == RUNG["hedging"]
    assert (rungs["Armenia"][:, at("2024-12")] >= RUNG["suspended"]).mean() < 0.5


def test_after_its_regime_loss_venezuela_mostly_realigns_to_the_us() -> None:
    us = list(shipped("venezuela_2026").rivals).index("US")
    assert (path("destinations", "Venezuela", "venezuela_2026")[:, -1] == us).mean() > 0.5


def test_after_its_regime_loss_syria_mostly_stays_between() -> None:
    assert share("Syria", "2025-12", RUNG["hedging"], RUNG["suspended"]) > 0.5


def test_no_constant_is_set_client_by_client() -> None:
    """What differs between clients is a figure about them; none of the model's constants can."""
    assert not set(Parameters.model_fields) & (set(Client.model_fields) - {"prior_capability"})
    assert not set(Parameters.model_fields) & (set(Successor.model_fields) - {"prior_capability"})
    assert set(Client.model_fields) == {
        "label",
        "draws_as",
        "code",
        "posture",
        "enters",
        "leaves",
        "sub_state",
        "treaty",
        "treaty_note",
        "pact",
        "region",
        "adversary",
        "air_attacks",
        "arms",
        "economy",
        "border",
        "bases",
        "diaspora",
        "threat",
        "value",
        "prior_capability",
        "prior_resolve",
        "supplied_air_defence",
        "assets",
        "options",
        "arms_ties",
        "economy_ties",
        "course",
        "crises",
        "place",
        "patron",
        "bonds",
        "source",
        "why",
    }


def test_no_client_of_the_base_network_has_a_prior_of_its_own() -> None:
    for one in shipped("partners_2020").clients.values():
        assert one.prior_capability is None
        assert one.prior_resolve is None
