"""What the scenarios of 2026 say: each twin moves the belief of its client the way that its one change must."""

from __future__ import annotations

import pytest

import papertiger as pt
from papertiger import scenarios


def belief(name: str, client: str, column: str, month: str) -> float:
    """Return a belief in a replay, which is the same in every run."""
    months = (int(month[:4]) - 2020) * 12 + int(month[5:])
    clients = pt.simulate(scenarios.load(name), months=months).clients
    return float(clients.loc[(clients["client"] == client) & (clients["month"] == month), column].iloc[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "twin", "client", "column", "month"),
    [
        ("iran_2026", "iran_2026_helped", "Iran", "protection", "2026-03"),
        ("cuba_fuel_2026", "cuba_fuel_2026_second_tanker", "Cuba", "protection", "2026-05"),
        ("mali_north_2026", "mali_north_2026_kidal_holds", "Mali", "protection", "2026-04"),
    ],
)
def test_help_in_place_of_silence_raises_protection(
    name: str, twin: str, client: str, column: str, month: str
) -> None:
    assert belief(twin, client, column, month) - belief(name, client, column, month) > 0.01


def test_pressure_raises_the_threat_from_the_patron() -> None:
    pressed, alone = (
        belief(name, "Armenia", "patron_threat", "2026-06")
        for name in ("armenia_election_2026", "armenia_election_2026_no_pressure")
    )
    assert pressed - alone > 0.1


def test_up_to_june_the_war_paths_are_one_history() -> None:
    worlds = [
        pt.simulate(scenarios.load(name), seed=3, months=78) for name in ("partners_2026", "partners_2026_war_ends")
    ]
    assert worlds[0].clients.equals(worlds[1].clients)
    assert worlds[0].clients["month"].max() == "2026-06"
