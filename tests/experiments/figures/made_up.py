"""A made-up network with long names and long texts, to see whether figures hold them."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from papertiger.model.agents.simulate import simulate
from papertiger.model.run import Run
from papertiger.scenarios import load
from papertiger.scenarios.schema.scenario import Scenario

REGIONS = ("North", "South", "East", "West")
LONG = "a rather long description of what was seen and said that day, with a price of $400m and another of $5"


def months_between(start: str, count: int) -> list[str]:
    year, month = int(start[:4]), int(start[5:])
    return [f"{year + (month - 1 + n) // 12}-{(month - 1 + n) % 12 + 1:02d}" for n in range(count)]


def client_names(count: int) -> list[str]:
    return [f"Client {chr(65 + n % 26)}{n // 26 or ''}" for n in range(count)]


def make_scenario(clients: int = 17, months: int = 96, events_each: int = 12, **changes: Any) -> Scenario:
    """Build a network in which much happens to everybody; constants and signal table are the shipped ones."""
    base = load("sahel_2020")
    span = months_between("2020-01", months)
    luck = random.Random(5)
    names = client_names(clients)
    events: dict[str, Any] = {}
    for name in names:
        for number in range(events_each):
            kind = ("words_only", "abandoned", "intervened")[number % 3]
            events[f"{name.replace(' ', '_')}_{number}".lower()] = {
                "date": luck.choice(span),
                "client": name,
                "news": "good" if kind == "intervened" else "bad",
                "kind": kind,
                "intensity": 3,
                "what": f"Event {number}: {LONG}",
            }
    described = {
        name: {
            "region": REGIONS[number % 4],
            "pact": "Pact" if number % 3 else None,
            "treaty": "defence_pact",
            "arms": 0.5,
            "economy": 0.3,
            "threat": 0.5,
            "value": (number % 5) / 4,
            "label": "A Republic of Very Great Length" if number == 3 else name,
            "enters": span[len(span) // 8] if number == 1 else None,
            "options": {
                "Eagle": {"protection": 0.8, "economy": 0.9, "proximity": 1},
                "Dragon": {"protection": 0.5, "economy": 0.9, "proximity": 0.5},
            },
        }
        for number, name in enumerate(names)
    }
    data: dict[str, Any] = {
        "name": "made_up",
        "title": "A made-up network of clients around a patron",
        "description": "For tests.",
        "span": {"start": span[0], "end": span[-1]},
        "patron": {"name": "Patron", "main_rival": "Eagle"},
        "war": {"adversary": "Neighbour", "burden": {"points": {span[0]: 0.1, span[months * 3 // 4]: 0.8}}},
        "income": {"index": 1.0},
        "rivals": {rival: {"gap": 0.7} for rival in ("Eagle", "Dragon", "Union", "Crescent")},
        "clients": described,
        "events": events,
        "signals": base.model_dump(exclude_none=True)["signals"],
        "parameters": base.model_dump(exclude_none=True)["parameters"],
    }
    return Scenario.model_validate({**data, **changes})


@cache
def make_run(clients: int = 17, months: int = 96, events_each: int = 12) -> Run:
    """Run the made-up network once; the run is not to be changed."""
    return simulate(make_scenario(clients, months, events_each), seed=1)
