"""One small generative world in which everything that a rule can do happens."""

from __future__ import annotations

from functools import cache

from papertiger.scenarios import Scenario
from tests.model.worlds import client, event, world_of


@cache
def busy_world() -> Scenario:
    """Return a generative world of eight clients under a war, with a few dated events that always happen."""
    south = {"region": "South", "adversary": "Foe", "threat": 0.9}
    open_to_both = {
        "West": {"protection": 0.6, "economy": 0.8, "proximity": 1.0},
        "East": {"protection": 0.3, "economy": 0.9, "proximity": 0.5},
    }
    clients = {
        "Guarded": client(**south, pact="P", supplied_air_defence=True, bases=1.0, assets={"bases": 0.2}),
        "Border": client(**south, pact="P", posture="hedging", border=1.0, diaspora=1.0, options=open_to_both),
        "Open": client(**south, treaty="none", posture="distancing", options=open_to_both, assets={"bases": 0.2}),
        "Lesser": client(**south, treaty="lesser_treaty", pact="P", supplied_air_defence=True, posture="hedging"),
        "Within": client(treaty="none", sub_state=True, region="South", threat=0.3, assets={"bases": 0.1}),
        "Gone": client(**south, posture="suspended", options=open_to_both, assets={"bases": 0.2}),
        "Fallen": client(**south, pact="P", arms=0.9, assets={"bases": 0.1}),
        "Late": client(**south, enters="2022-01", pact="P", posture="hedging", options=open_to_both),
    }
    events = {
        **{
            f"reports {year}": event("leader_health", f"{year}-05", "Within", intensity=3, always=True)
            for year in range(2020, 2026)
        },
        "invasion": event("invasion", "2021-03", always=True),
        "fall": event(
            "regime_loss",
            "2021-06",
            "Fallen",
            always=True,
            successor={
                "continuity": 0.5,
                "prior_resolve": 0.4,
                "options": {"West": {"protection": 0.9, "economy": 0.9}},
            },
        ),
        "signed": event(
            "new_situation", "2022-09", "Open", always=True, situation={"treaty": "defence_pact", "bases": 0.8}
        ),
        "opened": event(
            "new_situation",
            "2023-02",
            "Fallen",
            always=True,
            situation={"threat": 0.9, "options": {"East": {"protection": 0.7, "economy": 0.2}}},
        ),
        "claim": event("claim", "2021-09", "Border", intensity=3, always=True),
        "coup": event("leader_change", "2020-09", "Lesser", intensity=3, always=True),
        "let go": event("disengagement", "2021-01", "Guarded", intensity=3, always=True),
        "pact": event("rival_pledge", "2021-04", "Border", intensity=3, rival="West", always=True),
        "lapse": event("support_missing", "2020-03", "Guarded", intensity=3, always=True),
    }
    return world_of(
        clients,
        events,
        months=84,
        burden=0.7,
        mode="generative",
        income={"index": 1.2, "after": "ar1", "noise": 0.1},
        parameters={
            "blame_shift": 0.3,
            "anchoring": 0.9,
            "choice_noise": 0.05,
            "switching_cost": 0.03,
            "realignment_cost": 0.1,
            "review_rate": 0.4,
            "covert_start": 0.3,
            "covert_discovery": 0.1,
            "succession_health": 0.25,
            "support_delivery": 0.2,
            "crisis_hazard": 0.15,
            "coercion_rate": 0.1,
            "support_lapse": 0.3,
            "offer_rate": 0.25,
            "procurement_lasting": 0.3,
            "break_away": 0.004,
            "break_toward": 0.003,
            "break_ruler": 0.5,
            "break_coercion": 0.5,
            "break_disengagement": 0.5,
            "break_pledge": 0.5,
            "break_toward_ruler": 0.5,
        },
    )
