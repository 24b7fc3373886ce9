"""Write scenarios as the lab's page reads them: numbers by path, and what no figure decides.

The page turns them into the kernel's tables by the rules of `papertiger.model.template`, written once more in
``static/engine_setting.mjs`` with sums and products in the same order, so that a table made in a page is that of
Python to the last bit (`tests/experiments/lab` holds it). What no figure decides is worked out here.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from papertiger import scenarios
from papertiger.experiments.lab.events import events_of
from papertiger.experiments.lab.figures import FIRST, SWITCHES, movable_figures
from papertiger.experiments.lab.layout import layout_of, shapes_of
from papertiger.model.constants import CONSTANT_NAMES
from papertiger.model.course import at_entry
from papertiger.model.elementary import log
from papertiger.model.ensemble.tables import build_tables
from papertiger.model.paths import path_values, war_path
from papertiger.model.template import Template, build_setting
from papertiger.scenarios.schema.values import LANGUAGES

if TYPE_CHECKING:
    from papertiger.model.ensemble.tables import Tables
    from papertiger.model.setting import ClientSetting, Setting
    from papertiger.scenarios.schema.scenario import Scenario

VERSION = 1
UNORDERED = ("events", "figures", "movable")
WAR_PATHS = ("continues", "ends", "escalates")


class NotInTheLabError(ValueError):
    """Refuse a scenario that the page cannot run."""


def payload(names: list[str]) -> bytes:
    """Return scenarios as the lab's page reads them, compressed.

    Parameters
    ----------
    names
        Names or paths of scenarios; a twin that is among them stands beside its scenario.

    Raises
    ------
    NotInTheLabError
        If one has several patrons, or figures that each run draws for itself.
    """
    resolved = [scenarios.load(name) for name in names]
    worlds = [world_of(scenario) for scenario in resolved]
    _pair(worlds)
    packed: list[dict[str, Any]] = []
    for place, world in enumerate(worlds):
        patches = [patch(other, _in_order_of(other, world)) for other in worlds[:place]]
        like = min(range(place), key=lambda other: len(_text(patches[other])), default=None)
        packed.append({"world": world} if like is None else {"like": like, "patch": patches[like]})
    layout = layout_of(resolved[0], build_tables(build_setting(resolved[0], 0)))
    content = {"version": VERSION, "first": list(FIRST), "layout": layout, "worlds": packed}
    return gzip.compress(_text(content).encode(), 9, mtime=0)


def _text(content: object) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _in_order_of(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return a world with the keys of what is looked up, or sorted by the page, in the order of another one."""
    ordered = {
        name: {key: new[name][key] for key in (*(key for key in old[name] if key in new[name]), *new[name])}
        for name in UNORDERED
    }
    return new | ordered


def _pair(worlds: list[dict[str, Any]]) -> None:
    """Give each world its twin: the one that it differs from, or the first that differs from it."""
    known = [world["id"] for world in worlds]
    for world in worlds:
        others = [other["id"] for other in worlds if other["of"] == world["id"]]
        world["twin"] = world["of"] if world["of"] in known else (others[0] if others else None)


def patch(old: Any, new: Any) -> Any:
    """Return what to change of a mapping to get another, where a value of None removes a key.

    Mappings whose keys come in another order are put in whole, as ``{"=": value}``.
    """
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return {"=": new}
    stay = [key for key in old if key in new]
    if [*stay, *(key for key in new if key not in old)] != list(new):
        return {"=": new}
    changes = {key: None for key in old if key not in new}
    return changes | {
        key: patch(old.get(key), value) for key, value in new.items() if key not in old or old[key] != value
    }


def world_of(scenario: Scenario) -> dict[str, Any]:
    """Return one scenario as the page reads it.

    Parameters
    ----------
    scenario
        A resolved scenario.
    """
    template = Template(scenario)
    if scenario.patrons:
        raise NotInTheLabError(
            f"{scenario.name} has several patrons, and the page of the lab runs scenarios with one"
        )
    if template.drawn:
        raise NotInTheLabError(
            f"{scenario.name} draws {len(template.drawn)} figures anew for each run, and the page of the lab has "
            "one set; give them a value"
        )
    setting = build_setting(scenario, 0)
    tables = build_tables(setting)
    first, length = setting.first_month, len(setting.months)
    movable = movable_figures(scenario, template)
    return {
        "id": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "of": scenario.counterfactual_to,
        "twin": None,
        "start": setting.months[0],
        "months": length,
        "first": first,
        "patron": scenario.patron.name,
        "called": {
            "patron": scenario.patron.called(scenario.patron.name),
            "names": {language: scenario.patron.called(scenario.patron.name, language) for language in LANGUAGES},
        },
        "rivals": {name: rival.draws_as or name for name, rival in scenario.rivals.items()},
        "rivalNames": [rival.called(name) for name, rival in scenario.rivals.items()],
        "clients": [_client(name, setting.clients[n], scenario) for n, name in enumerate(scenario.clients)],
        "constants": list(CONSTANT_NAMES),
        "assets": list(scenario.patron.assets),
        "signals": {
            signal.name: {
                "table": _static(tables, "signals", n, ("weight", "loading")),
                "label": scenario.signals[signal.name].label,
            }
            for n, signal in enumerate(setting.signals)
        },
        "income": [log(value) for value in path_values(scenario.income.index, first, length)],
        "patronTable": _static(tables, "patrons", 0, ("income_persistence", "income_noise")),
        "war": {"after": scenario.war.after, "over": scenario.war.over_months, "burden": _burdens(scenario, setting)},
        "adversary": scenario.war.adversary,
        "tables": {
            name: getattr(tables, name).ravel().tolist()
            for name in (
                "asset_values",
                "asset_totals",
                "sanctions",
                "rival_track",
                "generative",
                "offer_keys",
                "roles",
            )
        },
        "shapes": shapes_of(scenario, tables),
        "events": events_of(scenario, setting),
        "figures": {path: figure.value for path, figure in template.figures.items()},
        "movable": {
            one.key: [
                *(one.low, one.high, one.least, one.greatest),
                *(one.label, one.what, one.unit, one.group, one.why, one.source),
            ]
            for one in movable
        },
        "switches": [key for key, path in SWITCHES.items() if template.figures[path].value != 0.0],
    }


def _static(tables: Tables, name: str, row: int, moving: tuple[str, ...]) -> dict[str, int]:
    """Return the fields of a record that no figure decides."""
    table = getattr(tables, name)
    return {field: int(table[row][field]) for field in table.dtype.names if field not in moving}


def _burdens(scenario: Scenario, setting: Setting) -> dict[str, list[float]]:
    """Return the war's burden by month for every path that it may take after the data end."""
    first, length = setting.first_month, len(setting.months)
    paths = {}
    for after in WAR_PATHS:
        path = war_path(scenario.war.model_copy(update={"after": after}), first, length)
        paths[after] = [min(1.0, max(0.0, value)) for value in path]
    shipped = paths[scenario.war.after]
    return {after: path for after, path in paths.items() if after == scenario.war.after or path != shipped}


def _client(name: str, numbers: ClientSetting, scenario: Scenario) -> dict[str, Any]:
    own = scenario.clients[name]
    client = at_entry(own, scenario)
    return {
        "id": name,
        "name": client.called(name),
        "names": {language: client.called(name, language) for language in LANGUAGES},
        "code": client.code,
        "path": f"clients.{client.draws_as or name}",
        "key": numbers.key,
        "posture": numbers.posture,
        "enters": numbers.enters,
        "leaves": numbers.leaves,
        "sub_state": int(numbers.sub_state),
        "supplied_air_defence": int(numbers.supplied_air_defence),
        "treaty": client.treaty,
        "alike": [client.pact, client.region, client.adversary],
        "adversary": client.adversary if client.adversary in scenario.adversaries else None,
        "place": None if client.place is None else [client.place.latitude, client.place.longitude],
    }
