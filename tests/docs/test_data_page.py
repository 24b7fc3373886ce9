"""The guide to data sets shows what the command prints, and lists every data set."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from papertiger.cli import app
from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.errors import ScenarioError
from tests.docs.pages import blocks, files, script, text_of

PAGE = "docs/howto/data.md"


def shown() -> list[str]:
    """Return what the page shows as answers: texts that are no files."""
    return [body for kind, body in blocks(PAGE) if kind == "text" and not body.startswith("# ")]


def test_the_table_is_fresh() -> None:
    page = text_of(PAGE)
    assert script("make_data").render(page) == page, "run uv run python docs/make_data.py"
    assert all(f"| `{name}` |" in page for name in CATALOGUE)


def test_the_page_shows_what_the_command_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "states2016.csv").write_text(files(PAGE)["states2016.csv"], encoding="utf-8")
    alone = CliRunner().invoke(app, ["data", "cow_states"])
    with_file = CliRunner().invoke(app, ["data", "cow_states", "--data", "."])
    assert [alone.stdout, with_file.stdout] == shown()[:2]


def test_the_page_shows_how_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spoilt.csv"
    text = files(PAGE)["spoilt.csv"]
    for body, said in ((text, shown()[2]), (text.replace("1934,14", "1934,8"), shown()[3])):
        path.write_text(body, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            read_data_set(CATALOGUE["cow_states"], path)
        assert f"{caught.value}\n".replace(f"{tmp_path}/", "") == said
