"""Events from a spreadsheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from papertiger.scenarios import Scenario, ScenarioError, events_scenario, load
from papertiger.scenarios.event_table import COLUMNS
from papertiger.scenarios.reading import yaml_reader
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
        # A heading near to a missing one is the missing one, said once; two near to it are not both.
        ("id;Datum;kind;what\na;2021-01;background;x\n", ["1: Datum: unknown column (did you mean 'date'?)"]),
        (
            "id,Datum,Dates,kind,what\na,2021-01,2021-01,background,x\n",
            [
                "1: Datum: unknown column (did you mean 'date'?)",
                f"1: Dates: unknown column, expected some of {', '.join(sorted(COLUMNS))}",
            ],
        ),
        (
            "id,date,Datum,kind,what\na,2021-01,2021-01,background,x\n",
            [f"1: Datum: unknown column, expected some of {', '.join(sorted(COLUMNS))}"],
        ),
        ("ID,id,date,kind,what\na,b,2021-01,background,x\n", ["1: id: duplicate column"]),
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
        (b"id,date,what\x81\n", ["1: byte 0x81 is not UTF-8; save the file as UTF-8"]),
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


GERMAN = "ID;Date;KIND;Client;Adversary;Intensity;What;Always\r\n"


def made_of(tmp_path: Path, content: str | bytes) -> Scenario:
    return load(write(tmp_path, events_scenario(table(tmp_path, content), "small"), "made.yaml"))


def test_what_german_excel_writes_is_read(tmp_path: Path) -> None:
    rows = "a;15.01.2021;attack;Alfa;Foeland;1,5;Überfall;WAHR\r\n"
    rows += "b;2021-02-15 00:00:00;attack;Alfa;Foeland;2;x;FALSCH\r\n"
    for content in (GERMAN + rows, "sep=;\r\n" + GERMAN + rows, "\ufeff" + GERMAN + rows):
        found = made_of(tmp_path, content)
        assert (found.events["a"].date, found.events["a"].intensity.value) == ("2021-01-15", 1.5)
        assert found.events["a"].always
        assert not found.events["b"].always
        assert found.events["b"].date == "2021-02-15"


def test_windows_1252_is_read_with_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    content = (GERMAN + "a;15.01.2021;attack;Alfa;Foeland;1,5;Überfall;\r\n").encode("cp1252")
    assert made_of(tmp_path, content).events["a"].what == "Überfall"
    assert "byte 0xdc is not UTF-8, so the file is read as Windows-1252" in caplog.text


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ("03.04.2021", "2021-04-03"),
        ("3.4.2021", "2021-04-03"),
        ("15/01/2021", "2021-01-15"),
        ("01/15/2021", "2021-01-15"),
        ("03/03/2021", "2021-03-03"),
        ("04.2021", "2021-04"),
        ("2021-01-15T00:00:00", "2021-01-15"),
    ],
)
def test_dates_with_one_reading(tmp_path: Path, date: str, read: str) -> None:
    rows = GERMAN + f"a;{date};attack;Alfa;Foeland;2;x;\r\n"
    assert made_of(tmp_path, rows).events["a"].date == read


@pytest.mark.parametrize(
    ("date", "intensity", "said"),
    [
        ("03/04/2021", "2", "'03/04/2021' is 3 April 2021 or 4 March 2021; write 2021-04-03 or 2021-03-04"),
        ("15.01.21", "2", "the year of '15.01.21' is 1921 or 2021; write it with four digits"),
        ("15.01.2021", "1,234", "'1,234' is 1.234 or 1234; write 1.2340 or 1234"),
        ("15.01.2021", "1.234", "'1.234' is 1.234 or 1234; write 1.2340 or 1234"),
        ("31.02.2021", "2", "expected a day that the month has, got 2021-02-31"),
        ("2021-01-15 12:30:00", "2", "expected a date written YYYY-MM or YYYY-MM-DD"),
    ],
)
def test_what_has_two_readings_is_refused_with_both(tmp_path: Path, date: str, intensity: str, said: str) -> None:
    path = table(tmp_path, GERMAN + f"a;{date};attack;Alfa;Foeland;{intensity};x;\r\n")
    with pytest.raises(ScenarioError, match=re.escape(said)) as caught:
        events_scenario(path, "small")
    assert caught.value.problems[0].line == 2


@pytest.mark.parametrize("most", [1_000, pytest.param(yaml_reader.MAX_NODES, marks=pytest.mark.slow)])
def test_what_would_be_too_large_to_read_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(yaml_reader, "MAX_NODES", most)
    rows = "".join(f"e{number},2021-01,background,,,,x\n" for number in range(26 * most // 100))
    with pytest.raises(
        ScenarioError, match=f"could not be read again, so it is not written: more than {most:,} keys"
    ):
        events_scenario(table(tmp_path, HEADER + rows), "small")


def test_rows_without_effect_are_said_with_their_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = "a,2021-01-03,leader_health,Alfa,,2,x\nb,2021-01-04,leader_health,Alfa,,1,y\n"
    path = table(tmp_path, HEADER + rows)
    events_scenario(path, "small")
    assert f"{path}:3: events.b: has no effect: of 'leader_health' about Alfa in 2021-01" in caplog.text
