"""Lay one scenario file over the one it extends, keeping track of where every value was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from papertiger.scenarios.errors import PathKey
from papertiger.scenarios.reading.shapes import shape_at
from papertiger.scenarios.reading.yaml_reader import Layer, Place
from papertiger.scenarios.schema.figures import FAMILIES, Distribution, Figure
from papertiger.scenarios.schema.scenario import Removal

NOT_INHERITED = ("title", "description", "abstract", "counterfactual_to", "claims", "game")
"""What a file says about itself alone."""

_NUMBER_KEYS = ("value", "prior", *FAMILIES)


def merge(base: Layer, top: Layer) -> Layer:
    """Return the data of `top` laid over those of `base`; neither is changed.

    Mappings merge key by key; numbers, text and lists replace. A figure that gives a number or a distribution
    replaces the whole figure: the old reason does not speak for the new number.
    """
    places: dict[PathKey, Place] = {}
    data = _merge((), base, base.data, top, top.data, places)
    return Layer(data, places)


def _merge(path: PathKey, base: Layer, old: Any, top: Layer, new: Any, places: dict[PathKey, Place]) -> Any:
    if not isinstance(old, dict) or not isinstance(new, dict) or _replaces(path, new):
        _keep(path, new, top.places, places)
        return new
    if path in top.places or path in base.places:
        places[path] = top.places.get(path) or base.places[path]
    merged = {}
    for key, value in old.items():
        if key in new:
            merged[key] = _merge((*path, key), base, value, top, new[key], places)
        else:
            _keep((*path, key), value, base.places, places)
            merged[key] = value
    for key, value in new.items():
        if key not in old:
            _keep((*path, key), value, top.places, places)
            merged[key] = value
    return merged


def _replaces(path: PathKey, new: Mapping[str, Any]) -> bool:
    if not any(key in new for key in _NUMBER_KEYS):
        return False
    shape = shape_at(path)
    return shape is not None and shape.kind in (Figure, Distribution)


def _keep(path: PathKey, value: Any, source: Mapping[PathKey, Place], places: dict[PathKey, Place]) -> None:
    """Copy the places of a value and of everything beneath it."""
    if path in source:
        places[path] = source[path]
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        _keep((*path, key), child, source, places)


def without(data: Mapping[str, Any], removal: Removal) -> dict[str, Any]:
    """Return inherited data without what a file removes, and without what only made sense with it.

    With a client go the events that reach it; with a patron its bonds and the events about it; with a rival its
    offers and what it could be for each client; with an adversary its attacks, and clients stop fearing it.
    """
    data = dict(data)
    for section in ("clients", "patrons", "rivals", "adversaries", "events"):
        gone = getattr(removal, section)
        if gone and isinstance(data.get(section), dict):
            data[section] = {name: part for name, part in data[section].items() if name not in gone}
    if isinstance(data.get("events"), dict):
        data["events"] = {
            name: _without_options(event, removal)
            for name, event in data["events"].items()
            if not _concerns(event, removal)
        }
    if isinstance(data.get("clients"), dict):
        data["clients"] = {name: _without_ties(part, removal) for name, part in data["clients"].items()}
    return data


def _concerns(event: Any, removal: Removal) -> bool:
    return isinstance(event, dict) and (
        event.get("client") in removal.clients
        or event.get("patron") in removal.patrons
        or event.get("rival") in (*removal.rivals, *removal.patrons)
        or event.get("adversary") in removal.adversaries
    )


def _without_options(event: Any, removal: Removal) -> Any:
    if not isinstance(event, dict):
        return event
    inner = {key: event[key] for key in ("successor", "situation") if isinstance(event.get(key), dict)}
    return event | {key: _without_ties(part, removal) for key, part in inner.items()}


def _without_ties(part: Any, removal: Removal) -> Any:
    if not isinstance(part, dict):
        return part
    part = dict(part)
    if part.get("adversary") in removal.adversaries:
        del part["adversary"]
    if isinstance(part.get("bonds"), dict):
        part["bonds"] = {patron: bond for patron, bond in part["bonds"].items() if patron not in removal.patrons}
    for field in ("options", "arms_ties", "economy_ties"):
        if isinstance(part.get(field), dict):
            part[field] = {rival: held for rival, held in part[field].items() if rival not in removal.rivals}
    return part
