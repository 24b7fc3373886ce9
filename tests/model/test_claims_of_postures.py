"""The claims of the two source articles about postures: with the mechanism off exactly, and in pairs over seeds."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from papertiger import scenarios
from papertiger.model.ensemble.ensemble import Ensemble, ensemble
from tests.model.worlds import COLUMN, finished, shipped

ARMENIA, VENEZUELA = "armenia_2020_2025", "venezuela_2026"
RUNS = 120
SILENT = {"parameters.evidence_scale": 0.0}


@pytest.mark.parametrize(
    ("scenario", "twin", "mechanism"),
    [
        (ARMENIA, "armenia_2020_2025_helped", SILENT),
        (
            "kazakhstan_claims",
            "kazakhstan_no_claims",
            {"parameters.review_rate": 1.0, "parameters.claim_threat": 0.0, "signals.claim.weight": 0.0},
        ),
        (
            "partners_2020",
            "war_ends_2026",
            {
                "signals.war_holds.weight": 0.0,
                "parameters.standing_cost": 0.0,
                "parameters.retaliation_fear": 0.0,
                "parameters.supply_burden": 0.0,
            },
        ),
        (
            "partners_2020",
            "war_escalates",
            {
                "signals.war_holds.weight": 0.0,
                "parameters.standing_cost": 0.0,
                "parameters.retaliation_fear": 0.0,
                "parameters.supply_burden": 0.0,
            },
        ),
        ("partners_2020", "contagion", {"parameters.contagion": 0.0}),
        ("partners_2020", "no_witness", {"parameters.witness_weight": 0.0}),
        ("chechnya_succession", "chechnya_succession_agreed", {"parameters.succession_contested": 0.0}),
    ],
)
def test_without_its_mechanism_a_twin_has_the_same_postures(
    scenario: str, twin: str, mechanism: dict[str, float]
) -> None:
    shared = COLUMN["attention"]  # the war takes attention whatever else it does
    one, other = (
        [row[:shared] + row[shared + 1 :] for row in finished(each, seed=4).record.clients]
        for each in (scenarios.change(shipped(name), mechanism) for name in (scenario, twin))
    )
    assert one == other


@cache
def postures(scenario: str) -> Ensemble:
    """Return runs of a scenario, which the reference model would make to the last bit alike."""
    return ensemble(scenario, RUNS, keep="postures", threads=1)


def mean_postures(scenario: str, client: str, start: str, end: str) -> NDArray[np.float64]:
    """Return a client's mean rung from month to month, by run."""
    found = postures(scenario)
    first, last = (found.months.index(month) for month in (start, end))
    mean: NDArray[np.float64] = found.path("postures")[:, first : last + 1, found.clients.index(client)].mean(axis=1)
    return mean


@pytest.mark.parametrize(
    ("number", "scenario", "twin", "client", "start", "end"),
    [
        (9, VENEZUELA, "venezuela_2026_defence_holds", "Venezuela", "2026-01", "2026-12"),
        (17, ARMENIA, "armenia_2020_2025_helped", "Armenia", "2022-09", "2025-12"),
        (19, ARMENIA, "armenia_2020_2025_helped", "Armenia", "2024-01", "2024-12"),
        (23, "kazakhstan_claims", "kazakhstan_no_claims", "Kazakhstan", "2023-01", "2025-12"),
        (24, "kazakhstan_claims", "kazakhstan_no_claims", "Kazakhstan", "2025-12", "2025-12"),
        (1, "partners_2020", "no_war_2022", "Serbia", "2023-01", "2025-12"),
    ],
)
def test_claim_moves_postures_away_from_the_patron(
    number: int, scenario: str, twin: str, client: str, start: str, end: str
) -> None:
    differences = mean_postures(scenario, client, start, end) - mean_postures(twin, client, start, end)
    error = differences.std(ddof=1) / math.sqrt(RUNS)
    assert differences.mean() - 2.58 * error > 0.0, number
