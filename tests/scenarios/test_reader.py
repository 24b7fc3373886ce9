"""What the reader makes of YAML: plain data, text left alone, and the line of everything."""

from __future__ import annotations

import pytest

from papertiger.scenarios.errors import Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.reading.yaml_reader import read_layer, read_value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020-01", "2020-01"),
        ("2020-01-31", "2020-01-31"),
        ("NO", "NO"),
        ("on", "on"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("0o17", 15),
        ("0x1F", 31),
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
