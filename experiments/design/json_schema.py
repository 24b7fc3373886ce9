"""Write the JSON Schema of an experiment file, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

from papertiger.experiments.design.schema import Experiment
from papertiger.experiments.measures import kinds, measure_class

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of an experiment file, with the measures that are registered."""
    form = Experiment.model_json_schema(mode="validation")
    parts: dict[str, Any] = form["$defs"]
    del form["properties"]["name"]
    form["required"] = [key for key in form["required"] if key != "name"]
    parts["ScenarioEntry"] = {
        "anyOf": [{"type": "string", "minLength": 1}, parts["ScenarioEntry"]],
        "title": "ScenarioEntry",
    }
    measures = []
    for kind in kinds():
        cls = measure_class(kind)
        assert cls is not None
        entry = cls.model_json_schema(mode="validation")
        parts.update(entry.pop("$defs", {}))
        entry["properties"]["kind"] = {"const": kind}
        entry["required"] = sorted({"kind", *entry.get("required", ())})
        parts[f"measure {kind}"] = entry
        measures.append({"$ref": f"#/$defs/measure {kind}"})
    parts["Measure"] = {"anyOf": measures, "title": "Measure"}
    return {"$schema": _DRAFT, **form}
