"""The commands `case` and `panel`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.papertiger.conftest import Command
from tests.scenarios.datasets.world import write_world


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(write_world(tmp_path / "data"))


def test_case_writes_two_files_that_check_accepts(papertiger: Command, data: str) -> None:
    answer = papertiger("case", "--patron", "USA", "--from", "1952", "--to", "1975", "--data", data)
    assert (answer.code, answer.error) == (0, "")
    assert "Written to usa_1952_1975.yaml: 2 clients" in answer.out
    assert "What no data set gave:" in answer.out
    checked = papertiger("check", "usa_1952_1975.yaml", "usa_1952_1975_postures.yaml")
    assert checked.code == 0, checked.error


def test_case_overwrites_nothing(papertiger: Command, data: str, tmp_path: Path) -> None:
    (tmp_path / "mine_postures.yaml").write_text("mine", encoding="utf-8")
    options = ("--patron", "USA", "--from", "1952", "--to", "1975", "--data", data, "--out", "mine.yaml")
    answer = papertiger("case", *options)
    assert answer.code == 2
    assert "mine_postures.yaml: this file is already there" in answer.error
    assert not (tmp_path / "mine.yaml").exists()


def test_case_for_machines(papertiger: Command, data: str) -> None:
    answer = papertiger(
        "case", "--patron", "2", "--from", "1952", "--to", "1975", "--data", data, "--out", "mine.yaml", "--json"
    )
    found = json.loads(answer.out)
    assert (found["clients"], found["scenario"]) == (2, "mine.yaml")
    assert found["missing"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"--patron": "Rusia"}, "did you mean Russia"),
        ({"--to": "2040"}, "expected years within 1946 to 2018"),
        ({"--data": "nowhere"}, "nowhere: is no folder"),
        ({"--rule": "Ab"}, "expected one of A, As, B"),
        ({"--out": "mine.txt"}, "ends in .yaml"),
        ({"--rules": "nowhere.yaml"}, "nowhere.yaml: no such file"),
    ],
)
def test_case_refuses_in_one_line(papertiger: Command, data: str, changed: dict[str, str], says: str) -> None:
    options = {"--patron": "USA", "--from": "1952", "--to": "1975", "--data": data} | changed
    answer = papertiger("case", *(word for pair in options.items() for word in pair))
    assert answer.code == 2
    assert says in answer.error
    assert len(answer.error.splitlines()) == 1


def test_case_knows_an_unknown_patron_before_it_reads_the_rest(papertiger: Command, data: str) -> None:
    spoilt = [path for path in Path(data).iterdir() if path.name != "cow_states.csv"]
    assert len(spoilt) > 3
    for path in spoilt:
        path.write_text("no data set looks like this\n", encoding="utf-8")
    options = ("--from", "1952", "--to", "1975", "--data", data)
    answer = papertiger("case", "--patron", "Rusia", *options)
    assert answer.code == 2
    assert answer.error.startswith("--patron: no state is called 'Rusia', has this number or these letters")
    assert len(answer.error.splitlines()) == 1
    assert "did you mean" not in papertiger("case", "--patron", "Russia", *options).error


def test_panel_writes_tables_and_finds_itself_the_same(papertiger: Command, data: str, tmp_path: Path) -> None:
    answer = papertiger("panel", "--data", data, "--out", "first")
    assert answer.code == 0, answer.error
    assert "3  dyads" in answer.out
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == [
        "dyad_years.csv", "dyads.csv", "endings.csv", "postures.csv",
    ]  # fmt: skip
    again = papertiger("panel", "--data", data, "--out", "second", "--against", "first", "--json")
    assert json.loads(again.out)["differences"] == 0


def test_panel_lists_what_differs(papertiger: Command, data: str, tmp_path: Path) -> None:
    papertiger("panel", "--data", data, "--out", "first")
    path = tmp_path / "first" / "endings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("not renewed", "unclear"), encoding="utf-8")
    papertiger("panel", "--data", data, "--out", "second", "--against", "first")
    lines = (tmp_path / "second" / "differences.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert "how,not renewed,unclear" in lines[1]
