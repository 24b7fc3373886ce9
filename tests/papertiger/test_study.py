"""The command `study`: what it refuses, and a study from tables to page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.experiments.patrons.made_up import write_panel
from tests.papertiger.conftest import Command

pytestmark = pytest.mark.xdist_group("patrons")


def test_what_is_missing_is_said(papertiger: Command, tmp_path: Path) -> None:
    assert "expected --data DIR" in papertiger("study").error
    assert "is no folder" in papertiger("study", "--data", "none").error
    (tmp_path / "empty").mkdir()
    told = papertiger("study", "--data", "empty")
    assert told.code == 2
    assert "dyad_years.csv: no such file" in told.error
    assert "ends in .md" in papertiger("study", "--data", "empty", "--write", "page.txt").error
    assert papertiger("study", "nothing", "--data", "empty").code == 2


def test_readings_of_other_tables_are_refused(papertiger: Command, tmp_path: Path) -> None:
    told = papertiger("study", "--data", str(write_panel(tmp_path / "panel", clients=2, rate=0.1)))
    assert told.code == 2
    assert "did not break" in told.error
    assert "is not read" in told.error
    assert "Traceback" not in told.error
