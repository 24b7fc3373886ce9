"""Events from a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios import ScenarioError, events_scenario, load
from tests.scenarios.minimal import SMALL, write

HEADER = "id,date,kind,client,adversary,intensity,what\n"


def table(tmp_path: Path, content: str | bytes) -> Path:
    write(tmp_path, SMALL)
    path = tmp_path / "events.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("delimiter", [b",", b";"])
def test_a_table_becomes_a_scenario(tmp_path: Path, mark: bytes, end: bytes, delimiter: bytes) -> None:
    rows = [
        b"id,date,kind,client,adversary,intensity,what,contested",
        b'one,2021-02,attack,Alfa,Foeland,"{choice: [1; 2]}","Says ""no""; =1+1\ntwice",true',
        b"",
        b"NO,2021-03-09,background,,,,Nothing much,",
    ]
    content = end.join(row.replace(b",", delimiter).replace(b"; 2", b", 2") for row in rows)
    path = table(tmp_path, mark + content)
    text = events_scenario(path, "small", title="Mine")
    scenario = load(write(tmp_path, text, "mine.yaml"))
    assert scenario.title == "Mine"
    event = scenario.events["one"]
    assert event.intensity.prior is not None
    assert list(event.intensity.prior.choice or ()) == [1, 2]
    assert event.what.startswith('Says "no"')
    contested = [name for name, event in scenario.events.items() if event.contested]
    assert contested == ["one"]
    assert scenario.events["NO"].client is None
    assert "raid" in scenario.events


def test_rows_change_inherited_events(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + "raid,2021-05-04,attack,Alfa,Foeland,3,Worse\n")
    scenario = load(write(tmp_path, events_scenario(path, "small"), "mine.yaml"))
    assert scenario.events["raid"].intensity.value == 3
    assert scenario.title == "small with the events of events.csv"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            HEADER + "a,2021-13,attack,Alfa,Foeland,2,x\nb,2021-01,attack,Alfa,Foeland,high,x\n",
            [
                "2: events.a.date: expected a date written YYYY-MM or YYYY-MM-DD, got '2021-13'",
                "3: events.b.intensity: expected a number from 1 to 3, got 'high'",
            ],
        ),
        (
            HEADER + 'a,2021-01,attack,Alfa,Foeland,2,"two\nlines"\nb,2021-01,attack,Alva,Foeland,2,x\n',
            ["4: events.b.client: no client 'Alva' in this scenario (did you mean 'Alfa'?)"],
        ),
        (
            HEADER + "a,2021-01,attack,Alfa,Foeland,2,x\na,2021-01,attack,Alfa,Foeland,2,x\n,,,,,,y\n",
            ["3: id: 'a' is already the id of line 2", "4: id: every event needs an id of its own"],
        ),
        (
            "id,date,kind,klient,what,what\na,2021-01,attack,Alfa,x,y\n",
            ["1: klient: unknown column (did you mean 'client'?)", "1: what: duplicate column"],
        ),
        ("id,kind\na,attack\n", ["1: missing columns date, what"]),
        ("id\tdate\tkind\twhat\n", ["1: the columns are separated by tabs, expected commas or semicolons"]),
        (HEADER, ["1: the table has no event below its column names"]),
        (
            HEADER + "a,2021-01,attack,Alfa,Foeland,2,well, then\n",
            ["2: 8 cells in a table of 7 columns; quote text that contains the separator"],
        ),
        (HEADER + 'a,2021-01,attack,Alfa,Foeland,2,"open\n', ["2: not valid CSV: unexpected end of data"]),
        (
            HEADER + "a,2021-01,attack,Alfa,Foeland,[1,x\n",
            [
                "2: events.a.intensity: not valid YAML: while parsing a flow sequence expected ',' or ']', "
                "but got '<stream end>'"
            ],
        ),
        (HEADER + "a,2021-01,attack,Alfa,Foeland,2\n", ["2: events.a: missing key 'what'"]),
        (
            HEADER + "a,2031-01,attack,Alfa,Foeland,2,x\n",
            ["2: events.a.date: 2031-01 is outside the scenario's span 2020-01 to 2022-12"],
        ),
        (b"id,date\0\n", ["1: the file is binary, expected UTF-8 text"]),
        (b"id,date,what\xe9\n", ["1: byte 0xe9 is not UTF-8; save the file as UTF-8"]),
        (
            HEADER + "a,2021-01,attack,Al\x07fa,Foeland,2,x\n",
            ["2: the control character U+0007 is not allowed in text"],
        ),
    ],
)
def test_what_is_wrong_names_its_row(tmp_path: Path, content: str | bytes, expected: list[str]) -> None:
    path = table(tmp_path, content)
    with pytest.raises(ScenarioError) as caught:
        events_scenario(path, "small")
    lines = str(caught.value).splitlines()
    assert lines == [f"{path}:{line}" for line in expected]


def test_an_empty_table(tmp_path: Path) -> None:
    path = table(tmp_path, "")
    with pytest.raises(ScenarioError, match="the table is empty, expected a row of column names"):
        events_scenario(path, "small")


def test_an_unknown_parent(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + "a,2021-01,attack,Alfa,Foeland,2,x\n")
    with pytest.raises(ScenarioError) as caught:
        events_scenario(path, "smalll")
    (problem,) = caught.value.problems
    assert (problem.file, problem.key, problem.hint) == ("--from", "extends", "small")
