"""Whatever is written into a scenario file is read again as it was."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertiger.scenarios import ScenarioError, events_scenario, load, parse_settings
from papertiger.scenarios.reading.yaml_reader import forbidden, read_layer, read_value
from papertiger.scenarios.reading.yaml_writer import block, flow, scalar
from tests.scenarios.minimal import SMALL, write

ODD_WORDS = (
    "0x1F", "0o17", "0b1", "017", "-010", "1e3", "1_000", "1:30", ".5", ".inf", "NaN", "true", "NO", "~", "null", "",
    "2020-01", "a: b", "- a", "# a", "a #b", "'", '"', "{}", "[", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "?",
    "<<", "a\nb", " a ", "\\", "ü", "=1+1", "---", "...", "a:", ":a", "١٢",
)  # fmt: skip
WORDS = (
    (st.sampled_from(ODD_WORDS) | st.text(st.characters(codec="utf-8"), max_size=12))
    .map(lambda text: unicodedata.normalize("NFC", text))  # as every file is read: a letter and its accent are one
    .filter(lambda text: forbidden(text) is None)
)
NUMBERS = st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(allow_nan=False, allow_infinity=False)
NAMES = WORDS.filter(lambda text: bool(text.strip()) and text != "<<")
PLAIN = st.recursive(
    WORDS | NUMBERS | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
"""What a file can say."""


@pytest.mark.parametrize("word", ODD_WORDS)
def test_a_word_is_read_as_it_was_written(word: str) -> None:
    assert read_value(scalar(word), "x") == word


@given(PLAIN)
@settings(max_examples=60)
def test_a_value_in_one_line_is_read_as_it_was_written(value: Any) -> None:
    assert read_value(flow(value), "x") == value


def test_a_letter_and_its_accent_are_read_as_one() -> None:
    assert read_value(scalar("e\N{COMBINING ACUTE ACCENT}"), "x") == "é"
    assert parse_settings(["clients.Cafe\N{COMBINING ACUTE ACCENT}.threat=1"]) == {"clients.Café.threat": 1}
    assert read_value(scalar("\N{CJK COMPATIBILITY IDEOGRAPH-F900}"), "x") == "\u8c48"


@given(st.dictionaries(NAMES, PLAIN, min_size=1, max_size=4))
@settings(max_examples=60)
def test_lines_are_read_as_they_were_written(data: dict[str, Any]) -> None:
    layer = read_layer(("\n".join(block(data)) + "\n").encode(), "x")
    assert layer.problems == []
    assert layer.data == data


@given(NAMES.filter(lambda text: text == text.strip()), WORDS)
@settings(max_examples=25)
def test_a_table_of_events_makes_a_file_that_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, name: str, what: str
) -> None:
    folder = tmp_path_factory.mktemp("table")
    write(folder, SMALL)
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["id", "date", "kind", "what"], [name, "2021-01", "background", what]])
    (folder / "events.csv").write_text(stream.getvalue(), encoding="utf-8", newline="")
    try:
        text = events_scenario(folder / "events.csv", "small")
    except ScenarioError:  # what no scenario may say is refused before it is written
        return
    (folder / "made.yaml").write_text(text, encoding="utf-8", newline="")
    assert load(Path(folder / "made.yaml")).events[name].what == what.strip()
