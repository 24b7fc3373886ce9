"""A generated network of two hundred clients runs."""

from __future__ import annotations

import pytest

from tests.model.networks import generated_network
from tests.model.worlds import changed, everything, finished


@pytest.mark.parametrize("mode", ["replay", "generative"])
def test_two_hundred_clients_run(mode: str) -> None:
    world = finished(generated_network(200, months=6, mode=mode))
    assert len(world.record.clients) == 6 * 200
    assert len({row[1] for row in world.record.clients}) == 200
    assert {entry.channel for entry in world.ledger.entries} == {"own", "witnessed", "war"}
    for row in world.record.clients:
        assert 0 <= row[2] <= 4
        assert all(0.0 <= share <= 1.0 for share in row[4:9])
    assert any(row[15] for row in world.record.clients)


def test_the_generator_makes_the_same_network_twice() -> None:
    assert generated_network(20) == generated_network(20)
    assert generated_network(20) != generated_network(20, seed=2)


def test_no_client_drowns_in_what_two_hundred_others_see() -> None:
    """Witnessed evidence of a month stays within its cap, however many are abandoned at once."""
    world = finished(changed(generated_network(200, months=2), evidence_cap=3.0))
    cap = 3.0 * world.constants.evidence_scale
    seen: dict[tuple[int, int], float] = {}
    for entry in world.ledger.entries:
        if entry.channel == "witnessed":
            raw = entry.good_capability + entry.good_resolve + (entry.bad_capability + entry.bad_resolve) / 1.8
            seen[entry.month, entry.client] = seen.get((entry.month, entry.client), 0.0) + raw
    assert max(seen.values()) == pytest.approx(cap, rel=1e-12)


def test_a_network_repeats() -> None:
    scenario = generated_network(40, months=12, mode="generative")
    assert everything(finished(scenario)) == everything(finished(scenario))
