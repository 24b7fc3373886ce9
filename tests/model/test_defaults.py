"""The base network at its defaults: how often postures change, and where clients stand.

Those who set the constants knew 2024 and 2025, so this is a look-back and not a test of the theory: it holds the
constants to what they were retuned for.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from scenarios.schema import Client, Parameters, Successor
from tests.model.worlds import RUNG, column, finished, shipped

FEW = range(20)
MANY = range(120)
LOYALISTS = ("Iran", "Cuba", "Belarus", "DPRK", "Nicaragua")
SEEDS = pytest.mark.parametrize("seeds", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"])


@cache
def postures(seed: int) -> dict[str, list[int]]:
    """Return each client's postures by month; 96 months from January 2020."""
    world = finished("partners_2020", seed=seed)
    return {one.name: column(world, one.name, "posture") for one in world.clients}


@cache
def entered() -> dict[str, int]:
    world = finished("partners_2020")
    return {one.name: one.setting.enters for one in world.clients}


def at(month: str) -> int:
    return (int(month[:4]) - 2020) * 12 + int(month[5:]) - 1


def share(seeds: range, client: str, month: str, low: int, high: int = 4) -> float:
    """Return in which share of runs a client stands between two rungs in a month."""
    return sum(low <= postures(seed)[client][at(month)] <= high for seed in seeds) / len(seeds)


@SEEDS
def test_one_to_ten_percent_of_clients_move_in_a_half_year(seeds: range) -> None:
    moved = total = 0
    for seed in seeds:
        for name, path in postures(seed).items():
            for month in range(max(5, entered()[name]), len(path) - 6, 6):
                total += 1
                moved += path[month] != path[month + 6]
    assert 0.01 < moved / total < 0.10


@SEEDS
def test_armenia_is_suspended_or_beyond_at_the_end_of_2024(seeds: range) -> None:
    assert share(seeds, "Armenia", "2024-12", RUNG["suspended"]) > 0.5


@SEEDS
@pytest.mark.parametrize("client", LOYALISTS)
def test_the_loyal_stay_loyal_to_the_end_of_2025(seeds: range, client: str) -> None:
    assert share(seeds, client, "2025-12", RUNG["loyal"], RUNG["loyal"]) > 0.5


@SEEDS
@pytest.mark.parametrize("client", ["Serbia", "Uzbekistan"])
def test_serbia_and_uzbekistan_hedge_or_more(seeds: range, client: str) -> None:
    assert share(seeds, client, "2025-12", RUNG["hedging"]) > 0.5


@SEEDS
def test_hedging_is_kazakhstans_most_frequent_posture(seeds: range) -> None:
    counts = Counter(posture for seed in seeds for posture in postures(seed)["Kazakhstan"])
    assert counts.most_common(1)[0][0] == RUNG["hedging"]


@SEEDS
def test_after_its_regime_loss_venezuela_mostly_realigns_to_the_us(seeds: range) -> None:
    realigned = 0
    for seed in seeds:
        world = finished("venezuela_2026", seed=seed)
        realigned += column(world, "Venezuela", "destination")[-1] == "US"
    assert realigned / len(seeds) > 0.5


@SEEDS
def test_after_its_regime_loss_syria_mostly_stays_between(seeds: range) -> None:
    assert share(seeds, "Syria", "2025-12", RUNG["hedging"], RUNG["suspended"]) > 0.5


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
        "sub_state",
        "treaty",
        "treaty_note",
        "pact",
        "region",
        "adversary",
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
        "source",
        "why",
    }


def test_no_client_of_the_base_network_has_a_prior_of_its_own() -> None:
    for one in shipped("partners_2020").clients.values():
        assert one.prior_capability is None
        assert one.prior_resolve is None
