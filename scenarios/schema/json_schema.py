"""The JSON Schema of a scenario file, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from papertiger.scenarios.reading.inheritance import FROM_POSTERIOR
from papertiger.scenarios.reading.shapes import NOT_IN_FILES
from papertiger.scenarios.schema.figures import FAMILIES
from papertiger.scenarios.schema.scenario import Removal, Scenario

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file.

    Since whatever a file leaves out may come from the scenario it extends, only a title and a description are
    required; that the resolved scenario is complete is for the loader to say.
    """
    form = Scenario.model_json_schema(mode="validation")
    parts: dict[str, Any] = form["$defs"]
    removal = Removal.model_json_schema(mode="validation")
    parts["Removal"] = removal
    for part in parts.values():
        part.pop("required", None)
    parts["Figure"] = _figure(parts)
    parts["Words"] = {"anyOf": [{"type": "string", "minLength": 1}, parts["Words"]], "title": "Words"}
    parts["Series"] = {"anyOf": [{"type": "number"}, parts["Series"]], "title": "Series"}
    for name in NOT_IN_FILES:
        del form["properties"][name]
    parameters = {"anyOf": [form["properties"]["parameters"], {"const": FROM_POSTERIOR}]}
    form["properties"]["parameters"] = parameters
    form["properties"] = {
        "extends": {
            "type": "string",
            "minLength": 1,
            "description": "the scenario this one changes: a path from this file's folder, or a shipped name",
        },
        "remove": {"$ref": "#/$defs/Removal", "description": removal.get("description", "")},
        **form["properties"],
    }
    form["required"] = ["title", "description"]
    return {"$schema": _DRAFT, **form}


def file_schema(model: type[BaseModel], *, extends: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of another kind of file, whose name is that of the file.

    Parameters
    ----------
    model
        What a file is read into.
    extends
        Whether a file may leave out what one that it extends has.
    """
    form = model.model_json_schema(mode="validation")
    del form["properties"]["name"]
    form["required"] = [key for key in form["required"] if key != "name"]
    if extends:
        for part in form["$defs"].values():
            part.pop("required", None)
        form["properties"] = {"extends": {"type": "string"}, "remove": {"type": "object"}, **form["properties"]}
        form["required"] = ["title", "description"]
    return {"$schema": _DRAFT, **form}


def _figure(parts: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a figure with its short forms: a bare number, and a distribution's own keys."""
    full = parts["Figure"]
    families = {name: parts["Distribution"]["properties"][name] for name in FAMILIES}
    mapping = {**full, "properties": {**full["properties"], **families}}
    return {"anyOf": [{"type": "number"}, mapping], "title": "Figure", "description": full["description"]}
