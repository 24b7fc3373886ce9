"""A folder of results: all or none, whatever lies there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from papertiger.cli.console import BadInput
from papertiger.cli.folder import ResultFolder


@pytest.mark.parametrize(
    "found",
    [
        {"files": 5},
        {"files": None},
        {"files": {"a": 1}},
        {"files": [["x.csv"], 3, None]},
        {"files": "clients.csv"},
        [],
        7,
        None,
        {},
    ],
)
def test_a_manifest_of_another_shape_is_replaced(tmp_path: Path, found: object) -> None:
    (tmp_path / "run.json").write_text(json.dumps(found), encoding="utf-8")
    with ResultFolder(tmp_path) as folder:
        folder.place("clients.csv").write_text("new", encoding="utf-8")
        folder.place("run.json").write_text("{}", encoding="utf-8")
    assert {file.name for file in tmp_path.iterdir()} == {"clients.csv", "run.json"}


@pytest.mark.parametrize("text", [b"[" * 200_000, b"\xff\xfe", b"", b'{"files": [1e999]}', b"{" * 9])
def test_a_manifest_that_is_no_json_is_replaced(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "run.json").write_bytes(text)
    with ResultFolder(tmp_path) as folder:
        folder.place("run.json").write_text("{}", encoding="utf-8")
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == {"run.json": "{}"}


def test_a_manifest_that_is_a_folder_is_refused_and_nothing_half_written_stays(tmp_path: Path) -> None:
    (tmp_path / "run.json").mkdir()
    folder = ResultFolder(tmp_path)
    with folder:
        folder.place("clients.csv").write_text("new", encoding="utf-8")
        folder.place("run.json").write_text("{}", encoding="utf-8")
        with pytest.raises(BadInput, match="cannot write there"):
            folder.__exit__(None, None, None)
        folder.files.clear()
        folder.manifest = "other.json"
    assert not [file.name for file in tmp_path.iterdir() if file.name.endswith(".partial")]
