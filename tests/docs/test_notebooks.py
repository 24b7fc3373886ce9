"""Every notebook runs from a fresh start, and is stored without what it printed."""

import json
from pathlib import Path
from typing import Any

import pytest

from papertiger.experiments.measures import base
from tests.docs.pages import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def cells(notebook: Path) -> list[dict[str, Any]]:
    content = json.loads(notebook.read_text(encoding="utf-8"))
    assert content["nbformat"] == 4
    return [cell for cell in content["cells"] if cell["cell_type"] == "code"]


def test_there_are_three_to_start_from() -> None:
    assert [notebook.stem for notebook in NOTEBOOKS] == ["first_study", "times_and_archive", "why_it_moved"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_no_output_is_stored(notebook: Path) -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(notebook))


@pytest.mark.parametrize(
    "notebook",
    [
        pytest.param(notebook, marks=pytest.mark.slow) if notebook.stem == "times_and_archive" else notebook
        for notebook in NOTEBOOKS
    ],
    ids=lambda notebook: notebook.name,
)
def test_its_cells_run(notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(base, "_KINDS", dict(base._KINDS))
    names: dict[str, object] = {"__name__": "notebook"}
    for number, cell in enumerate(cells(notebook), start=1):
        exec(compile("".join(cell["source"]), f"{notebook.name}, code cell {number}", "exec"), names)
    assert (tmp_path / "results" / notebook.stem / "report.html").is_file()
