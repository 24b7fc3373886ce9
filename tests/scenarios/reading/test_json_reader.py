"""JSON is read exactly as it stands, or refused with one line that says where and what was expected."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.reading.json_reader import (
    JsonError,
    JsonMissingError,
    JsonShape,
    check_shape,
    parse_json,
    read_json,
)


class Inner(JsonShape):
    rows: int
    sha256: str


class Outer(JsonShape):
    parts: dict[str, Inner]
    share: float = 0.0
    months: tuple[int, ...] = ()


WHOLE = {"parts": {"a": {"rows": 3, "sha256": "f"}}, "share": 0.5, "months": [1, 2]}


def refusal(data: bytes | str) -> str:
    with pytest.raises(JsonError) as caught:
        parse_json(data, Outer, "the file")
    (line,) = str(caught.value).splitlines()
    assert line.startswith("the file")
    return line


def test_what_has_the_shape_is_read() -> None:
    read = parse_json(json.dumps(WHOLE), Outer, "x")
    assert read.parts["a"] == Inner(rows=3, sha256="f")
    assert read.months == (1, 2)
    assert parse_json(b"\xef\xbb\xbf" + json.dumps(WHOLE).encode(), Outer, "x") == read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"parts": 5}', "the file: parts: expected"),
        (
            '{"parts": {"a": {"rows": "3", "sha256": "f"}}}',
            "the file: parts.a.rows: expected a valid integer, got '3'",
        ),
        ('{"parts": {"a": {"rows": true, "sha256": "f"}}}', "parts.a.rows: expected"),
        ('{"parts": {"a": {"rows": 3}}}', "the file: parts.a: missing key 'sha256'"),
        ('{"parts": {}, "part": 1}', "the file: unknown key 'part'"),
        ('{"parts": {}, "parts": {}}', "the key 'parts' stands there twice"),
        ('{"parts": {}, "share": NaN}', "not JSON"),
        ('{"parts": {}, "share": 1e400}', "expected a finite number, got '1e400'"),
        ('{"parts": {}, "share": -1e400}', "expected a finite number"),
        ('{"parts": {}, "share": ' + "9" * 5000 + "}", "the file:1: not JSON: number out of range"),
        ('{"parts": {}, "share": ' + "9" * 21 + "}", "expected a whole number of at most 64 bits"),
        ("[]", "the file: expected"),
        ("5", "the file: expected"),
        ("null", "the file: expected"),
        ("", "not JSON"),
        ('{"parts": {', "not JSON"),
        ('{"parts": {}} trailing', "not JSON"),
        ('{"parts": {}\n, 7}', "the file:2: not JSON"),
        ('{"parts": {"\\ud800": {"rows": 1, "sha256": ""}}}', "not JSON|UTF-8"),
        (b'{"parts": {"\xff": 1}}', "expected text in UTF-8"),
        (json.dumps(WHOLE).encode("utf-16"), "not JSON"),
    ],
)
def test_another_shape_is_refused_by_name(text: bytes | str, said: str) -> None:
    assert any(part in refusal(text) for part in said.split("|"))


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("closed", [True, False])
def test_two_hundred_thousand_brackets_are_refused(opening: str, closed: bool) -> None:
    ends = {"[": "]", '{"a":': "}", '[{"a":': "}]"}
    text = opening * 200_000 + ("1" + ends[opening] * 200_000 if closed else "")
    assert "expected at most 200 brackets within each other" in refusal(text)


def test_it_is_an_error_of_the_one_who_wrote_the_file() -> None:
    assert issubclass(JsonError, ScenarioError)


def test_what_is_no_ordinary_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(JsonMissingError, match="no such file"):
        read_json(tmp_path / "none.json", Outer)
    with pytest.raises(JsonError, match="this is a folder, expected a file"):
        read_json(tmp_path, Outer)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.json")
        with pytest.raises(JsonError, match="not an ordinary file"):
            read_json(tmp_path / "pipe.json", Outer)
    beneath_a_file = tmp_path / "file"
    beneath_a_file.write_text("")
    with pytest.raises(JsonError, match="cannot read the file"):
        read_json(beneath_a_file / "x.json", Outer)


def test_what_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    file.write_text(json.dumps(WHOLE))
    assert read_json(file, Outer).share == 0.5
    with pytest.raises(JsonError, match="too large: expected at most 10 bytes"):
        read_json(file, Outer, max_bytes=10)
    with pytest.raises(JsonError, match="too large"):
        parse_json(json.dumps(WHOLE), Outer, "x", max_bytes=10)


def test_text_is_quoted_so_that_no_terminal_acts_on_it() -> None:
    assert "\x1b" not in refusal(json.dumps({"parts": {"\x1b[31m": 5}}))
    assert "\x1b" not in refusal(json.dumps({"parts": {}, "\x1b[31m": 5}))


WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
    max_leaves=20,
)


@given(VALUES)
def test_any_json_is_read_as_it_stands_or_refused(value: Any) -> None:
    text = json.dumps(value)
    assert parse_json(text, object, "x") == value
    try:
        parse_json(text, Outer, "x")
    except JsonError as error:
        assert len(str(error).splitlines()) == 1


def test_plain_data_are_checked_alike() -> None:
    assert check_shape({"a": 1}, dict[str, int], "x") == {"a": 1}
    with pytest.raises(JsonError, match="x: a: expected"):
        check_shape({"a": "1"}, dict[str, int], "x")
