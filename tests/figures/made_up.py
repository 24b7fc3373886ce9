"""A run without the model: a made-up network whose frames have the columns of a real one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scenarios.schema import POSTURES, Parameters, Scenario

REGIONS = ("North", "South", "East", "West")
LONG = "a rather long description of what was seen and said that day, with a price of $400m and another of $5"


def months_between(start: str, count: int) -> list[str]:
    year, month = int(start[:4]), int(start[5:])
    return [f"{year + (month - 1 + n) // 12}-{(month - 1 + n) % 12 + 1:02d}" for n in range(count)]


def make_scenario(clients: int = 17, months: int = 96, events_each: int = 12) -> Scenario:
    span = months_between("2020-01", months)
    luck = np.random.default_rng(5)
    names = [f"Client {chr(65 + n % 26)}{n // 26 or ''}" for n in range(clients)]
    events: dict[str, Any] = {}
    for name in names:
        for number in range(events_each):
            news = ("bad", "bad", "good")[number % 3]
            events[f"{name.replace(' ', '_')}_{number}".lower()] = {
                "date": span[int(luck.integers(0, months))],
                "client": name,
                "news": news,
                "kind": "words_only" if news == "bad" else "intervened",
                "what": f"Event {number}: {LONG}",
            }
    data: dict[str, Any] = {
        "name": "made_up",
        "title": "A made-up network of clients around a patron",
        "description": "For tests.",
        "span": {"start": span[0], "end": span[-1]},
        "patron": {"name": "Patron", "main_rival": "Eagle"},
        "war": {
            "adversary": "Neighbour",
            "burden": {"points": {"2020-01": 0.0, "2022-02": 0.7, span[months * 3 // 4]: 0.8}},
        },
        "income": {"index": 1.0},
        "rivals": {rival: {"gap": 0.7} for rival in ("Eagle", "Dragon", "Union", "Crescent")},
        "clients": {
            name: {
                "region": REGIONS[number % 4],
                "pact": "Pact" if number % 3 else None,
                "arms": 0.5,
                "economy": 0.5,
                "threat": 0.5,
                "value": (number % 5) / 4,
                "label": "A Republic of Very Great Length" if number == 3 else name,
            }
            for number, name in enumerate(names)
        },
        "events": events,
        "signals": {
            "words_only": {"label": "words", "news": "bad", "weight": 1, "loading": 0.4, "why": "x"},
            "intervened": {"label": "help", "news": "good", "weight": 1, "loading": 0.5, "why": "x"},
        },
        "parameters": dict.fromkeys(Parameters.model_fields, 0.5),
    }
    return Scenario.model_validate(data)


@dataclass
class MadeUpRun:
    scenario: Scenario
    seed: int
    run: int
    clients: pd.DataFrame
    patron: pd.DataFrame
    signals: pd.DataFrame
    ledger: pd.DataFrame
    parts: dict[str, pd.DataFrame]

    def why(self, client: str, start: str | None = None, end: str | None = None) -> pd.DataFrame:
        return self.parts[client]


def make_run(clients: int = 17, months: int = 96, events_each: int = 12, seed: int = 1) -> MadeUpRun:
    scenario = make_scenario(clients, months, events_each)
    luck = np.random.default_rng(seed)
    span = months_between(scenario.span.start, months)
    rows, parts, signals = [], {}, []
    for number, client in enumerate(scenario.clients):
        own = [name for name, event in scenario.events.items() if event.client == client]
        shifts = luck.normal(-0.01, 0.02, (2, len(own) + 3))
        table = pd.DataFrame(
            {
                "cause": [*own, "war", "succession", "no response to " + own[0]]
                if own
                else ["war", "succession", "x"],
                "channel": "own",
                "capability": shifts[0],
                "resolve": shifts[1],
            }
        )
        table["protection"] = table["capability"] + table["resolve"]
        table = table.sort_values("protection", key=lambda part: -part.abs()).reset_index(drop=True)
        parts[client] = table
        total = float(table["protection"].sum())
        path = np.clip(0.45 + total * np.linspace(0, 1, months) + luck.normal(0, 0.006, months), 0.02, 0.98)
        path[-1] = 0.45 + total
        step = np.minimum(number % 5, (np.arange(months) * (number % 5 + 1)) // max(months // 2, 1))
        for place, month in enumerate(span):
            posture = int(step[place])
            rows.append(
                {
                    "month": month,
                    "client": client,
                    "posture": posture,
                    "posture_name": POSTURES[posture],
                    "capability": min(1.0, path[place] + 0.25),
                    "resolve": min(1.0, path[place] + 0.15),
                    "protection": path[place],
                    "threat": 0.4,
                    "patron_threat": 0.2 + 0.1 * np.sin(place / 9),
                    "attention": 0.02,
                    "trust": 0.7,
                    "best_rival": "Eagle",
                    "outside_option": 0.3,
                    "fear": 0.2,
                    "covert": False,
                    "reviewed": True,
                    "destination": "Dragon" if posture == 4 else "",
                    "in_network": number != 1 or place > 10,
                    "regime": int(number == 2 and place > months // 2),
                }
            )
        signals += [
            {
                "month": scenario.events[name].date[:7],
                "client": client,
                "signal": scenario.events[name].kind,
                "cause": name,
                "news": scenario.events[name].news,
                "intensity": 2.0,
                "good_capability": 0.1,
                "bad_capability": 0.0,
                "good_resolve": 0.1,
                "bad_resolve": 0.0,
            }
            for name in own
        ]
    place = np.arange(months)
    patron = pd.DataFrame(
        {
            "month": span,
            "budget": 1 - 0.002 * place,
            "burden": np.where(place > 25, 0.7, 0.0),
            "lost_assets": place / months / 3,
            "credibility": 0.5 - 0.003 * place,
            "attention_war": np.where(place > 25, 0.4, 0.05),
            "attention_rival_track": 0.2,
            "defected_share": np.where(place > 50, 0.2, 0.0),
        }
    )
    columns = ["month", "client", "signal", "cause", "news", "intensity", "good_capability"]
    return MadeUpRun(
        scenario,
        seed,
        0,
        pd.DataFrame(rows),
        patron,
        pd.DataFrame(signals, columns=None if signals else columns),
        pd.DataFrame({"month": [], "client": [], "cause": []}),
        parts,
    )
