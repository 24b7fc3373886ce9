"""What an earlier version wrote is read: keys that are gone are dropped, and said with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.scenarios import ScenarioError
from papertiger.scenarios.loader import collecting_notes
from papertiger.scenarios.reading.earlier import WITHDRAWN, without_withdrawn
from papertiger.scenarios.schema.parameters import Parameters

OLD = """\
title: An older file
description: It was written for the first release.
extends: partners_2020
parameters:
  forgetting: 0.97
  ladder_needs_pact: 0
"""


def test_a_key_that_is_gone_is_dropped_with_a_note_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "older.yaml"
    path.write_text(OLD, encoding="utf-8")
    with collecting_notes() as notes:
        scenario = scenarios.load(path)
    assert scenario.parameters.forgetting.value == 0.97
    (note,) = (note for note in notes if "ladder_needs_pact" in note.key)
    assert note.line == 6
    assert "has no effect: since version 2 every state has the whole ladder" in note.message


def test_a_key_that_never_was_is_still_refused(tmp_path: Path) -> None:
    path = tmp_path / "older.yaml"
    path.write_text(OLD.replace("ladder_needs_pact", "ladder_needs_a_pact"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="ladder_needs_a_pact"):
        scenarios.load(path)


def test_no_key_that_is_gone_is_in_use() -> None:
    assert not {path[-1] for path in WITHDRAWN if path[0] == "parameters"} & set(Parameters.model_fields)


def test_data_stay_as_they_are() -> None:
    data = {"parameters": {"ladder_needs_pact": 1, "forgetting": 2}, "title": "x"}
    assert without_withdrawn(data) == {"parameters": {"forgetting": 2}, "title": "x"}
    assert data["parameters"] == {"ladder_needs_pact": 1, "forgetting": 2}
    assert without_withdrawn({"parameters": None}) == {"parameters": None}
