"""Generated networks of any size, for tests and benchmarks."""

from __future__ import annotations

import random
from typing import Any

from papertiger.scenarios import Scenario
from tests.model.worlds import client, event, world_of

REGIONS = ("North", "South", "Coast", "Steppe", "Islands", "Delta")
ADVERSARIES = ("Foe", "Raiders", "Neighbour")
SIGNALS = ("words_only", "abandoned", "weak_response", "support_missing", "arms_or_aid", "intervened", "claim")


def generated_network(size: int = 200, *, months: int = 24, seed: int = 1, mode: str = "replay") -> Scenario:
    """Return a network of made-up clients with dated events.

    Parameters
    ----------
    size
        Number of clients.
    months
        Length of the run.
    seed
        Of the generator; the same seed makes the same network.
    mode
        ``replay`` or ``generative``.
    """
    luck = random.Random(seed)
    clients = {f"Client {number:03d}": _client(luck, size, number) for number in range(size)}
    events: dict[str, dict[str, Any]] = {}
    for number in range(size):
        month = luck.randrange(months)
        date = f"{2020 + month // 12}-{month % 12 + 1:02d}"
        name = f"Client {luck.randrange(size):03d}"
        events[f"attack {number}"] = event(
            "attack", date, name, intensity=luck.randint(1, 3), adversary=luck.choice(ADVERSARIES)
        )
        events[f"answer {number}"] = event(luck.choice(SIGNALS), date, name, intensity=luck.randint(1, 3))
    return world_of(
        clients,
        events,
        months=months,
        burden=0.5,
        mode=mode,
        adversaries={name: {"clash": luck.random(), "worth": luck.random()} for name in ADVERSARIES},
    )


def _client(luck: random.Random, size: int, number: int) -> dict[str, Any]:
    return client(
        posture=luck.choice(("loyal", "loyal", "loyal", "hedging", "distancing")),
        treaty=luck.choice(("defence_pact", "lesser_treaty", "none")),
        pact=luck.choice(("Pact", "League", None)),
        region=luck.choice(REGIONS),
        adversary=luck.choice((*ADVERSARIES, None)),
        arms=luck.random(),
        economy=luck.random(),
        border=luck.choice((0.0, 1.0)),
        bases=luck.choice((0.0, 0.5, 1.0)),
        diaspora=luck.random(),
        threat=luck.choice((0.2, 0.5, 0.8)),
        value=luck.random(),
        supplied_air_defence=luck.random() < 0.5,
        sub_state=number % 50 == 49,
        assets={"bases": 1.0 / size},
        options={
            rival: {"protection": luck.random(), "economy": luck.random(), "proximity": luck.choice((0.2, 0.5, 1.0))}
            for rival in ("West", "East")
        },
    )
