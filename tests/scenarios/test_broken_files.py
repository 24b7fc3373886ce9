"""Broken files, each with the exact message that its author gets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from papertiger.scenarios import ScenarioError, load
from tests.scenarios.broken import CASES, HEAD
from tests.scenarios.minimal import SMALL, write


def problems(path: str | Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("case", CASES)
def test_the_author_is_told(tmp_path: Path, case: str) -> None:
    text, expected = CASES[case]
    path = write(tmp_path, text)
    lines = [line if line.startswith("small.yaml") else f"case.yaml:{line}" for line in expected]
    assert problems(path) == [f"{tmp_path}{os.sep}{line}" for line in lines]


def test_all_mistakes_of_a_file_come_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    text = HEAD + "titel: x\nclients:\n  Alfa: {arms: much}\n  Alfa: {}\nevents:\n  raid: {date: soon}\n"
    lines = problems(write(tmp_path, text))
    assert [line.split(".yaml:")[1].split(":")[0] for line in lines] == ["4", "6", "7", "9"]


def test_a_mistake_of_an_ancestor_names_the_ancestor(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD)
    parent = tmp_path / "small.yaml"
    parent.write_text(SMALL.replace("arms: 0.8", "arms: 8"), encoding="utf-8")
    assert problems(path) == [f"{parent}:21: clients.Alfa.arms: expected a number from 0 to 1, got 8"]


def test_a_circle_is_named(tmp_path: Path) -> None:
    one = write(tmp_path, HEAD.replace("small", "two"), "one.yaml")
    two = write(tmp_path, HEAD.replace("small", "one"), "two.yaml")
    circle = f"{one} -> {two} -> {one}"
    assert problems(one) == [f"{two}:3: extends: scenarios extend each other in a circle: {circle}"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ": the file is empty, expected the keys of a scenario"),
        (b"# nothing\n\n", ": the file is empty, expected the keys of a scenario"),
        (b"title: x\nbin: \0\n", ":2: the file is binary, expected UTF-8 text"),
        (b"title: x\nname: caf\xe9\n", ":2: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        ("title: x".encode("utf-16"), ": the file is UTF-16, expected UTF-8; save it as UTF-8"),
        (b"title: x\n\ndescription: a\x07b\n", ":3: the control character U+0007 is not allowed in text"),
        (b"title: " + b"x" * 2_000_001, ": the file is larger than 2 MB"),
        (b"title: [1, 2\n", ":2: title.2: not valid YAML: while parsing a flow sequence "),
    ],
)
def test_what_is_not_even_yaml(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(content)
    (line,) = problems(path)
    assert line.startswith(f"{path}{message}")


def test_a_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    found = problems(write(tmp_path, "\n".join(lines)))
    assert any("anchors and aliases are not used here" in line for line in found)


def test_too_many_values_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertiger.scenarios.reading.yaml_reader.MAX_NODES", 1000)
    path = write(tmp_path, "title: [" + "1," * 1000 + "]\n")
    assert problems(path) == [f"{path}:1: title.997: more than 1,000 keys and values in one file"]


def test_a_folder(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path}: is a folder, expected a file"]


def test_a_missing_file_and_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path, HEAD)
    missing = tmp_path / "smal.yaml"
    assert problems(missing) == [f"{missing}: no such file (did you mean '{tmp_path / 'small.yaml'}'?)"]


def test_a_name_nobody_shipped() -> None:
    assert problems("zzzz") == ["zzzz: no scenario of this name, and no such file"]


def test_an_empty_name() -> None:
    assert problems("") == ["'': no scenario of this name, and no such file"]


def test_an_impossible_path() -> None:
    assert problems("a\0b.yaml") == [r"a\x00b.yaml: is not a possible file name"]


def test_a_file_without_permission(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD)
    path.chmod(0)
    try:
        readable = os.access(path, os.R_OK)  # so it is for the administrator, and on systems with other rights
        if readable:
            assert load(path).title == "Broken"
        else:
            assert problems(path) == [f"{path}: no permission to read the file"]
    finally:
        path.chmod(0o600)


def test_an_abstract_scenario_can_only_be_extended(tmp_path: Path) -> None:
    write(tmp_path, HEAD)
    path = tmp_path / "defaults.yaml"
    message = "abstract: this scenario is abstract: it can only be extended, not run"
    assert problems(path) == [f"{path}:3: {message}"]
