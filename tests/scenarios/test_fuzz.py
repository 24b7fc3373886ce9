"""Whatever a file, a table or an override contains, the only exception is the loader's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from papertiger.scenarios import Scenario, ScenarioError, change, events_scenario, load, parse_settings
from papertiger.scenarios.event_table import COLUMNS
from papertiger.scenarios.reading.yaml_reader import read_layer
from papertiger.scenarios.reading.yaml_writer import block
from papertiger.scenarios.schema.actors import Client
from papertiger.scenarios.schema.events import Event
from papertiger.scenarios.schema.parameters import Parameters
from tests.scenarios.minimal import SMALL, write

HEAD = "title: Fuzz\ndescription: Fuzz\nextends: small\n"
TOKENS = (
    *"{}[]:,-?&*!|>'\"%@`#\t\n\0\x07\ufeff\u2028\x85~=\\",
    *("<<: *a", "&a ", "!!str ", "---\n", "...\n", "%YAML 1.1\n", "? ", "- ", ": ", ".nan", "-.inf", "1e999"),
    *("0x", "0o8", "2020-02-30", "null", "true", "NO", "\ud800".encode("utf-8", "replace").decode(), "é", "9" * 400),
    *("extends: case\n", "remove: ", "name: x\n", "abstract: true\n", "events:\n", "clients:\n", "{uniform: [1, 0]}"),
)
WORDS = sorted({*Scenario.model_fields, *Client.model_fields, *Event.model_fields, "extends", "remove", "points"})
NAMES = st.sampled_from([*WORDS, *list(Parameters.model_fields)[:5], "Alfa", "Bravo", "Rivalia", "raid", "2020-01"])
KEYS = NAMES | st.text(max_size=6)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | NAMES
    | st.sampled_from(["2020-01", "2021-05-04", "attack", "bad", "loyal", "generative"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    write(folder, SMALL)
    return folder


def outcome[T](act: Callable[[], T]) -> T | ScenarioError:
    try:
        return act()
    except ScenarioError as error:
        return error


def survives(folder: Path, content: bytes) -> None:
    path = folder / "case.yaml"
    path.write_bytes(content)
    result = outcome(lambda: load(path))
    if isinstance(result, ScenarioError):
        assert result.problems
        assert all(line.isprintable() for line in str(result).splitlines())
        assert all(problem.file and problem.message for problem in result.problems)
    else:
        # What loads can be written down and drawn: no half surrogates, no control characters in names.
        result.model_dump_json()
        assert all(name.isprintable() for name in [*result.clients, *result.events])


@given(content=st.binary(max_size=200))
def test_any_bytes(folder: Path, content: bytes) -> None:
    survives(folder, content)


@given(parts=st.lists(st.sampled_from(TOKENS) | st.text(max_size=5) | NAMES, max_size=30), head=st.booleans())
def test_any_text(folder: Path, parts: list[str], head: bool) -> None:
    survives(folder, (HEAD * head + "".join(parts)).encode("utf-8", "surrogatepass"))


@settings(max_examples=120)
@given(
    edits=st.lists(
        st.tuples(
            st.integers(0, len(SMALL)),
            st.integers(0, 12),
            st.sampled_from(TOKENS) | st.text(max_size=3),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_valid_file_with_slips_of_the_pen(folder: Path, edits: list[tuple[int, int, str]]) -> None:
    text = SMALL
    for position, cut, insert in edits:
        text = text[:position] + insert + text[position + cut :]
    survives(folder, text.encode("utf-8", "surrogatepass"))


@given(order=st.permutations(SMALL.splitlines(keepends=True)[20:]), twice=st.integers(0, 25))
def test_lines_in_the_wrong_order(folder: Path, order: list[str], twice: int) -> None:
    lines = SMALL.splitlines(keepends=True)
    survives(folder, "".join(lines[:20] + order[:twice] + order).encode())


@settings(max_examples=120)
@given(data=st.dictionaries(KEYS, VALUES, max_size=5))
@example(data={"posterior": "\U0001239a"})  # a letter that no terminal can show
def test_any_structure(folder: Path, data: dict[str, Any]) -> None:
    # JSON is YAML, but for its words for what is not finite.
    survives(folder, json.dumps({"title": "x", "description": "y", "extends": "small", **data}).encode())


@settings(max_examples=120)
@given(
    section=st.sampled_from(["clients", "events", "parameters", "war", "patron", "signals", "switches", "remove"]),
    name=NAMES,
    field=NAMES,
    value=VALUES,
)
def test_any_value_at_a_likely_place(folder: Path, section: str, name: str, field: str, value: object) -> None:
    survives(folder, (HEAD + json.dumps({section: {name: {field: value}}})[1:-1]).encode())
    survives(folder, (HEAD + json.dumps({section: {name: value}})[1:-1]).encode())


@settings(max_examples=120)
@given(
    key=st.lists(NAMES, min_size=1, max_size=4).map(".".join) | st.text(max_size=10),
    value=VALUES | st.binary(max_size=2) | st.complex_numbers() | st.dates() | st.sets(st.integers(), max_size=2),
)
def test_any_override(folder: Path, key: str, value: object) -> None:
    base = load(folder / "small.yaml")
    for act in (lambda: load(folder / "small.yaml", {key: value}), lambda: change(base, {key: value})):
        result = outcome(act)
        if isinstance(result, ScenarioError):
            files = {problem.file for problem in result.problems}
            assert files <= {"overrides", "small", str(folder / "small.yaml"), str(folder / "defaults.yaml")}


@given(setting=st.text(max_size=20) | st.lists(st.sampled_from(TOKENS), max_size=8).map(lambda x: "a=" + "".join(x)))
def test_any_setting(setting: str) -> None:
    result = outcome(lambda: parse_settings([setting]))
    if isinstance(result, ScenarioError):
        assert {problem.file for problem in result.problems} == {"--set"}
    else:
        assert len(result) == 1


@given(
    rows=st.lists(
        st.lists(st.sampled_from([*COLUMNS, "2021-01", "attack", "Alfa", '"', ";", "\n"]) | st.text(max_size=4)),
        max_size=4,
    ),
    good_header=st.booleans(),
)
def test_any_table(folder: Path, rows: list[list[str]], good_header: bool) -> None:
    header = "id,date,kind,what,client,adversary,intensity\n" if good_header else ""
    path = folder / "table.csv"
    path.write_bytes((header + "\n".join(",".join(row) for row in rows)).encode("utf-8", "surrogatepass"))
    result = outcome(lambda: events_scenario(path, "small"))
    if isinstance(result, ScenarioError):
        assert {problem.file for problem in result.problems} == {str(path)}
    else:
        survives(folder, result.encode())


PRINTABLE = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff"))


@given(
    data=st.dictionaries(
        PRINTABLE.filter(lambda key: key.strip() and key != "<<"),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(10**15), 10**15) | PRINTABLE,
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(PRINTABLE.filter(lambda key: key.strip() and key != "<<"), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    import unicodedata

    text = "\n".join(block(data)) + "\n"
    layer = read_layer(text.encode(), "file")
    expected = json.loads(unicodedata.normalize("NFC", json.dumps(data, ensure_ascii=False)))
    assert layer.problems == []
    assert layer.data == expected
