"""Small worlds with two patrons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from papertiger.scenarios import Scenario
from tests.model.worlds import client, event, world_of

FIRST, SECOND = "Protector", "Second"


def bond(**fields: Any) -> dict[str, Any]:
    """Return what stands between a client and its second patron, changed where a test needs it."""
    base: dict[str, Any] = {"posture": "hedging", "arms": 0.2, "economy": 0.2, "border": 0.5, "value": 0.5}
    return base | fields


def two_patrons(
    clients: Mapping[str, dict[str, Any]] | None = None,
    events: Mapping[str, dict[str, Any]] | None = None,
    **more: Any,
) -> Scenario:
    """Return a world of two patrons and three clients: one of both, one of both, and one of the second alone."""
    clients = clients or {
        "Anu": client(bonds={SECOND: bond()}),
        "Bel": client(
            arms=0.3, economy=0.3, treaty="none", region="South", bonds={SECOND: bond(treaty="defence_pact")}
        ),
        "Cor": client(patron=SECOND, region="South"),
    }
    assets = {"port": {"what": "a port", "value": 1}}
    return world_of(
        clients, events, **{"patrons": {SECOND: {"war": {"burden": 0.4}, "assets": assets}}, "months": 18, **more}
    )


def busy_events() -> dict[str, dict[str, Any]]:
    """Return events of every kind, some of them about the second patron."""
    return {
        "attack": event("attack", "2020-02", "Anu", intensity=3.0),
        "asked one": event("attack", "2020-05", "Bel", patron=SECOND),
        "help": event("intervened", "2020-03", "Anu", patron=SECOND),
        "left alone": event("abandoned", "2020-06", "Bel"),
        "claim": event("claim", "2020-06", "Bel", patron=SECOND, intensity=3.0),
        "offer": event("offer", "2020-04", "Anu", rival="West"),
        "lure": event("offer", "2020-04", "Bel", rival="East", patron=FIRST),
        "pledge": event("rival_pledge", "2020-07", "Anu", rival=SECOND),
        "invasion": event("invasion", "2020-08", patron=SECOND),
        "letting go": event("disengagement", "2020-08", "Bel", patron=SECOND),
        "health": event("leader_health", "2020-09", "Anu"),
        "fall": event(
            "regime_loss", "2020-10", "Anu", patron=SECOND, successor={"arms": 0.5, "continuity": 0.4, "threat": 0.9}
        ),
        "counted": event(
            "new_situation", "2020-11", "Bel", patron=SECOND, situation={"treaty": "none", "arms": 0.6, "threat": 0.2}
        ),
        "counted too": event("new_situation", "2020-11", "Anu", situation={"economy": 0.7, "bases": 1.0}),
    }
