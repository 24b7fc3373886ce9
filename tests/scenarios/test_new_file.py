"""The file a modeler starts from, and the schema their editor reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from papertiger.scenarios import ScenarioError, json_schema, load, names, template
from papertiger.scenarios.schema.figures import FAMILIES
from papertiger.scenarios.schema.scenario import Scenario
from tests.scenarios.minimal import SMALL, write


@pytest.mark.parametrize("parent", ["small", "defaults"])
def test_it_loads_as_written_and_with_every_comment_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parent: str
) -> None:
    write(tmp_path, SMALL)
    monkeypatch.chdir(tmp_path)
    text = template("mine.yaml", f"{parent}.yaml")
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    scenario = load(path)
    assert scenario.name == "mine"
    path.write_text(re.sub(r"^#(?!#)", "", text, flags=re.MULTILINE), encoding="utf-8")
    changed = load(path)
    assert changed.mode == "generative"
    assert changed.war.after == ("ends" if parent == "small" else "continues")
    assert changed.parameters.forgetting.value == 0.5
    assert "a_new_event" in changed.events
    assert "raid" not in changed.events


@pytest.mark.parametrize("name", ["", " ", "a/b", " x", "a\nb", ".yaml"])
def test_a_name_that_cannot_be(name: str) -> None:
    with pytest.raises(ScenarioError, match="expected a name that can be a file's"):
        template(name, "small")


def test_an_unknown_parent() -> None:
    with pytest.raises(ScenarioError, match="no scenario of this name"):
        template("mine", "nobody_shipped_this")


@pytest.mark.parametrize("parent", names(include_abstract=True))
def test_every_shipped_scenario_can_be_a_parent(tmp_path: Path, parent: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(template("mine", parent), encoding="utf-8")
    assert load(path).name == "mine"


def test_the_schema_speaks_of_files() -> None:
    form = json_schema()
    json.dumps(form)
    assert form["required"] == ["title", "description"]
    expected = set(Scenario.model_fields) - {"name"} | {"extends", "remove"}
    assert set(form["properties"]) == expected
    assert form["additionalProperties"] is False
    assert not any("required" in part for part in form["$defs"].values())


def test_the_schema_knows_the_short_forms() -> None:
    parts = json_schema()["$defs"]
    assert {"type": "number"} in parts["Series"]["anyOf"]
    number, mapping = parts["Figure"]["anyOf"]
    assert number == {"type": "number"}
    assert set(mapping["properties"]) == {"value", "prior", "source", "why", *FAMILIES}
