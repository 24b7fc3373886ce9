"""What the reader makes of YAML: plain data, text left alone, and the line of everything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from papertiger.scenarios import load, parse_settings
from papertiger.scenarios.errors import Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.reading.yaml_reader import read_layer, read_value
from tests.scenarios.minimal import SMALL, write


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020-01", "2020-01"),
        ("2020-01-31", "2020-01-31"),
        ("NO", "NO"),
        ("on", "on"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("007", 7),
        ("-3", -3),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ('"2020"', "2020"),
        ("'true'", "true"),
    ],
)
def test_words_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    layer = read_layer(f"key: {written}\n".encode(), "file")
    assert layer.problems == []
    assert layer.data == {"key": meant}
    assert type(layer.data["key"]) is type(meant)


@pytest.mark.parametrize("key", ["NO", "on", "true", "2020-01", "7", "~", "0.5"])
def test_keys_are_text(key: str) -> None:
    assert read_layer(f"{key}: 1\n".encode(), "file").data == {key: 1}


def test_every_key_and_item_has_its_line() -> None:
    layer = read_layer(b"a:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n\ne: >\n  folded\n  text\n", "file")
    lines = {path: place.line for path, place in layer.places.items()}
    assert lines == {
        (): 1,
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 3,
        ("a", "c", 0): 4,
        ("a", "c", 1): 5,
        ("a", "c", 1, "d"): 5,
        ("e",): 7,
    }


def test_accents_match_however_they_are_stored() -> None:
    composed, apart = "T\u00fcrkiye", "Tu\u0308rkiye"
    assert read_layer(f"{apart}: 1\n".encode(), "file").data == {composed: 1}


def test_a_byte_order_mark_and_windows_line_ends_are_welcome() -> None:
    layer = read_layer(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "file")
    assert layer.data == {"a": 1, "b": 2}
    assert layer.places["b",].line == 2


def test_of_duplicates_the_first_stays_with_its_own_lines() -> None:
    layer = read_layer(b"a:\n  b: 1\na:\n  b: 2\n  c: 3\n", "file")
    assert layer.data == {"a": {"b": 1}}
    assert layer.places["a", "b"].line == 2
    assert ("a", "c") not in layer.places
    assert [str(problem) for problem in layer.problems] == ["file:3: a: duplicate key, first given in line 1"]


@pytest.mark.parametrize("text", ["a: b: c", "[1", "{", "*x", "!!int 3", "1e999", "'", "--- 1\n--- 2", "\x07"])
def test_a_value_that_is_none(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_value(text, "--set", "key")
    assert {problem.key for problem in caught.value.problems} == {"key"}
    assert {problem.file for problem in caught.value.problems} == {"--set"}


def test_a_problem_escapes_what_a_terminal_would_act_on() -> None:
    problem = Problem("a\x1b[2J.yaml", 3, "k\ney", "message", "x")
    assert str(problem) == r"a\x1b[2J.yaml:3: k\ney: message (did you mean 'x'?)"


def test_many_problems_are_counted() -> None:
    error = ScenarioError(Problem("f", line, message="m") for line in range(1, 131))
    assert str(error).splitlines()[-1] == "and at least 30 more problems"
    assert len(error.problems) == 130


def test_the_nearest_name() -> None:
    assert nearest("ARMENIA", ["Armenia", "Albania"]) == "Armenia"
    assert nearest("Armena", ["Armenia", "Albania"]) == "Armenia"
    assert nearest("zzz", ["Armenia", "Albania"]) is None
    assert nearest("x", []) is None


def test_values_are_quoted_short() -> None:
    assert shorten("y" * 50) == f"'{'y' * 39}…'"
    assert shorten("a\nb") == r"'a\nb'"
    assert shorten(True) == "true"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0x1", "expected a number to base 10, got '0x1'; write 1, or quotes if it is text"),
        ("-0xF", "write -15"),
        ("0o17", "write 15"),
        ("0b101", "write 5"),
        ("017", "'017' is 17 or, read to base 8, 15; write it without the 0 in front, or in quotes"),
        ("0100", "'0100' is 100 or, read to base 8, 64"),
        ("-0200", "'-0200' is -200 or, read to base 8, -128"),
        ("0x" + "f" * 40, "expected a number of at most 18 digits"),
        ("1_000", "expected a number from 0 to 1, got '1_000'"),
        ("1:30", "expected a number from 0 to 1, got '1:30'"),
        ("'0.5'", "expected a number from 0 to 1, got '0.5'"),
        ("'1e-3'", "expected a number from 0 to 1, got '1e-3'"),
        ("true", "expected a number from 0 to 1, got true"),
        ("yes", "expected a number from 0 to 1, got 'yes'"),
        ("．5", "expected a number from 0 to 1, got '．5'"),
        (".nan", "expected a finite number, got '.nan'"),
    ],
)
def test_a_number_is_written_in_tens_in_files_and_in_settings_alike(tmp_path: Path, written: str, said: str) -> None:
    text = f"{SMALL}parameters: {{forgetting: {written}}}\n"
    with pytest.raises(ScenarioError, match=re.escape(said)):
        load(write(tmp_path, text))
    with pytest.raises(ScenarioError, match=re.escape(said)):
        load(write(tmp_path, SMALL), parse_settings([f"forgetting={written}"]))


@pytest.mark.parametrize(
    ("written", "read"), [("1e-3", 0.001), ("5E-1", 0.5), (".5", 0.5), ("+0.5", 0.5), ("00", 0.0)]
)
def test_what_has_one_reading_is_taken(tmp_path: Path, written: str, read: float) -> None:
    path = write(tmp_path, f"{SMALL}parameters: {{forgetting: {written}}}\n")
    assert load(path).parameters.forgetting.value == read
    assert load(path, parse_settings([f"forgetting={written}"])).parameters.forgetting.value == read
