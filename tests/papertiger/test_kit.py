"""The command `kit`: what it writes, and what it says to somebody whose scenario has no lesson."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from papertiger.scenarios import load
from papertiger.scenarios.lessons.loader import load_lesson
from papertiger.scenarios.reading.sources import LESSONS, SCENARIOS, Source
from tests.papertiger.conftest import Command


def test_it_writes_a_kit_and_says_how_to_begin(papertiger: Command) -> None:
    Path("own.yaml").write_bytes(SCENARIOS.shipped["havana_2026"].read(1_000_000))
    Path("lessons").mkdir()
    lesson = LESSONS.shipped["havana_2026"].read(1_000_000).decode("utf-8")
    Path("lessons/own.yaml").write_text(f"games: 10\n{lesson}", encoding="utf-8")
    answer = papertiger("kit", "own.yaml", "--language", "de")
    assert answer.code == 0, answer.error
    folder = Path("results/kits/own-de")
    assert json.loads((folder / "kit.json").read_text())["games"] == 10
    assert json.loads((folder / "kit.json").read_text())["files"] == sorted(
        file.name for file in folder.iterdir() if file.name != "kit.json"
    )
    assert "papertiger play own.yaml --lan --language de" in answer.out
    assert "papertiger play own.yaml --lan --language de" in (folder / "script.html").read_text(encoding="utf-8")


def test_a_scenario_without_a_lesson_says_which_ones_have_one(papertiger: Command) -> None:
    Path("mine.yaml").write_text("extends: cuba\ntitle: Mine\ndescription: Mine.\n", encoding="utf-8")
    answer = papertiger("kit", "mine.yaml")
    assert answer.code == 2
    assert "no part 'game'" in answer.error
    Path("own.yaml").write_bytes(SCENARIOS.shipped["cuba"].read(1_000_000))
    answer = papertiger("kit", "own.yaml")
    assert answer.code == 2
    assert "own.yaml: there is no lesson about this scenario; expected one in lessons/own.yaml" in answer.error
    assert "havana_2026" in answer.error


def test_play_lists_the_lessons_to_choose_from(papertiger: Command) -> None:
    answer = papertiger("play", "--list")
    assert answer.code == 0
    first = [words[0] for line in answer.out.splitlines() if (words := line.split())]
    names = [word for word in first if word in LESSONS.names()]
    assert sorted(names) == LESSONS.names()
    assert names[0] == "havana_2026"
    assert names[-1] == "whole_network"
    assert "papertiger kit NAME" in answer.out
    assert not answer.error


def test_one_bad_lesson_hides_no_other(papertiger: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "cuba.yaml"
    text = LESSONS.shipped["cuba"].read(1_000_000).decode("utf-8")
    file.write_text(text.replace("\nlearn:", "\nlaern:", 1), encoding="utf-8")
    monkeypatch.setitem(LESSONS.shipped, "cuba", Source("lessons/cuba.yaml", file))
    line = next(number for number, one in enumerate(file.read_text().splitlines(), 1) if one.startswith("laern:"))
    answer = papertiger("play", "--list")
    assert answer.code == 0
    assert "havana_2026" in answer.out
    assert f"A lesson is left out: lessons/cuba.yaml:{line}:" in answer.error
    assert "laern" in answer.error


@pytest.mark.parametrize("name", LESSONS.names())
def test_every_shipped_lesson_is_read_with_its_scenario(name: str) -> None:
    read = load_lesson(name, load(name))
    assert read is not None
    assert read.lesson.name == name


def test_the_list_says_which_lessons_are_not_balanced(papertiger: Command) -> None:
    said = " ".join(papertiger("play", "--list").out.split())
    for name in ("cuba", "kazakhstan_claims"):
        assert f"* {name}: Not balanced: one client has a seat" in said
    assert said.count("Not balanced") == 2
