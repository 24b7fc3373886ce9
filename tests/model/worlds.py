"""Small worlds to test with, and shipped ones read only once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from papertiger import scenarios
from papertiger.model.agents.record import CLIENT_COLUMNS
from papertiger.model.agents.world import World
from papertiger.scenarios import Scenario

COLUMN = {name: index for index, name in enumerate(CLIENT_COLUMNS)}
NO_FEEDBACK = {"parameters.budget_feedback": 0.0, "parameters.burden_feedback": 0.0}
SILENT_RULES = dict.fromkeys(
    (
        "crisis_hazard",
        "coercion_rate",
        "claim_rate",
        "criticism_rate",
        "courting_rate",
        "support_lapse",
        "support_delivery",
        "offer_rate",
    ),
    0.0,
)
"""Parameters of generative months in which nobody does anything by rule."""

RUNG = {"loyal": 0, "hedging": 1, "distancing": 2, "suspended": 3, "realigned": 4}


@cache
def shipped(name: str) -> Scenario:
    """Return a shipped scenario."""
    return scenarios.load(name)


@cache
def _common() -> dict[str, Any]:
    data = shipped("partners_2020").model_dump(exclude_none=True)
    return {"signals": data["signals"], "parameters": data["parameters"]}


def client(**fields: Any) -> dict[str, Any]:
    """Return a client with a pact, some dependence and one open rival, changed where a test needs it."""
    base: dict[str, Any] = {
        "treaty": "defence_pact",
        "arms": 0.6,
        "economy": 0.4,
        "border": 0.5,
        "threat": 0.5,
        "value": 0.5,
        "options": {"West": {"protection": 0.5, "economy": 0.5, "proximity": 0.5}},
    }
    return base | fields


def event(kind: str, date: str, client: str | None = None, **fields: Any) -> dict[str, Any]:
    """Return a dated event; a signal says the news that its row in the table says."""
    base: dict[str, Any] = {"kind": kind, "date": date, "what": kind}
    if client is not None:
        base["client"] = client
    if kind in _common()["signals"]:
        base["news"] = _common()["signals"][kind]["news"]
    if kind == "attack":
        base["adversary"] = "Foe"
    return base | fields


def world_of(
    clients: Mapping[str, dict[str, Any]],
    events: Mapping[str, dict[str, Any]] | None = None,
    *,
    months: int = 12,
    burden: float | dict[str, float] = 0.0,
    **more: Any,
) -> Scenario:
    """Return a small scenario that starts in January 2020, with the shipped constants and signal table."""
    year, month = divmod(months - 1, 12)
    data: dict[str, Any] = {
        "name": "small",
        "title": "A small world",
        "description": "Made for a test.",
        "span": {"start": "2020-01", "end": f"{2020 + year}-{month + 1:02d}"},
        "patron": {"name": "Protector", "main_rival": "West", "assets": {"bases": {"what": "bases", "value": 1}}},
        "war": {"burden": {"points": burden} if isinstance(burden, dict) else burden},
        "income": {"index": 1},
        "rivals": {"West": {"gap": 1.0}, "East": {"gap": 0.5}},
        "adversaries": {"Foe": {"clash": 0.5, "worth": 0.5}},
        "clients": dict(clients),
        "events": dict(events or {}),
        **_common(),
    }
    constants = more.pop("parameters", {})
    data["parameters"] = data["parameters"] | {name: {"value": value} for name, value in constants.items()}
    return Scenario.model_validate(data | more)


def changed(scenario: Scenario, **overrides: Any) -> Scenario:
    """Return a scenario with bare parameters, or with dotted paths written with two underscores, changed."""
    return scenarios.change(scenario, {name.replace("__", "."): value for name, value in overrides.items()})


def with_events(scenario: Scenario, events: Mapping[str, dict[str, Any] | None]) -> Scenario:
    """Return a scenario with events added, or dropped where the value is None."""
    data = scenario.model_dump(exclude_none=True)
    for name, given in events.items():
        data["events"].pop(name, None)
        if given is not None:
            data["events"][name] = given
    return Scenario.model_validate(data)


def finished(scenario: Scenario | str, seed: int = 1, **options: Any) -> World:
    """Return a world that has run to its end."""
    world = World(shipped(scenario) if isinstance(scenario, str) else scenario, rng=seed, collect=False, **options)
    world.run()
    return world


def column(world: World, client_name: str, name: str) -> list[Any]:
    """Return one column of a client, month by month."""
    which = COLUMN[name]
    return [row[which] for row in world.record.clients if row[1] == client_name]


def everything(world: World) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """Return all that a world wrote down, for comparison to the last bit."""
    record = world.record
    return record.clients, record.patron, record.signals, [*world.ledger.entries, *world.ledger.closings]


def before(world: World, month: int) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """Return all that a world wrote down before a month."""
    name, record = world.setting.months[month], world.record
    return (
        [row for row in record.clients if row[0] < name],
        [row for row in record.patron if row[0] < name],
        [row for row in record.signals if row[0] < name],
        [
            *(entry for entry in world.ledger.entries if entry.month < month),
            *(closing for closing in world.ledger.closings if closing.month < month),
        ],
    )
