"""Hold lessons: the shipped ones are whole and quote no figure from nowhere, and mistakes are named by their line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.lessons.checks import DIGITS, texts_of
from papertiger.scenarios.lessons.loader import load_lesson, source_of
from papertiger.scenarios.reading.sources import LESSONS, SCENARIOS
from papertiger.scenarios.schema.game import PreparedInject
from tests.model.worlds import shipped
from tests.wargame.games import FORMAL, with_game

NUMBERS = re.compile(
    r"\b(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand"
    r"|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|vierzig|fünfzig|hundert|tausend)\b",
    re.IGNORECASE,
)
"""Figures that are written out; one and two are said of everything, and 'acht' and 'sie' are other words, too."""


def test_every_game_has_a_lesson_and_there_are_at_least_six() -> None:
    assert sorted(LESSONS.names()) == sorted(with_game())
    assert len(LESSONS.names()) >= 6


@pytest.mark.parametrize("name", LESSONS.names())
def test_a_shipped_lesson_is_whole(name: str) -> None:
    read = load_lesson(name, shipped(name))
    assert read is not None
    game = shipped(name).game
    assert game is not None
    lesson = read.lesson
    played = [step for step in lesson.script if step.part == "play"]
    assert lesson.script[0].part == "start"
    assert sum(step.minutes for step in lesson.script if step.part == "debrief") >= 0.2 * lesson.minutes
    assert all(step.minutes >= step.turns for step in played)
    assert {question.right for question in lesson.quiz if question.right} != {1}  # a key that nobody can guess
    assert any(not question.answers for question in lesson.quiz)
    assert lesson.decisions
    assert game.debrief


@pytest.mark.parametrize("name", LESSONS.names())
def test_a_shipped_lesson_holds_no_figure_of_its_own(name: str) -> None:
    read = load_lesson(name, shipped(name))
    assert read is not None
    for _, words in texts_of(read.lesson):
        for text in (words.en, words.de or ""):
            bare = re.sub(r"\{\w+\}", "", text)
            assert all(len(digits) == 4 for digits in DIGITS.findall(bare)), text
            assert not NUMBERS.search(bare), text
        assert not FORMAL.search(words.de or ""), words.de


def test_the_pop_up_case_fits_a_short_lesson() -> None:
    read = load_lesson("havana_2026", shipped("havana_2026"))
    assert read is not None
    assert read.lesson.minutes == 25
    game = shipped("havana_2026").game
    assert game is not None
    assert len(game.injects) == 1


MINIMAL = """\
question: {en: "Why?", de: "Warum?"}
audience: {en: "All.", de: "Alle."}
learn: [{en: "It.", de: "Es."}]
seats: [patron]
about: [Cuba]
script:
  - {minutes: 2, part: start, title: {en: "S", de: "S"}, say: [{en: "Go.", de: "Los."}]}
  - {minutes: 5, part: play, turn: 1, turns: 6, title: {en: "P", de: "P"}, say: [{en: "Now.", de: "Jetzt."}]}
  - {minutes: 3, part: debrief, title: {en: "D", de: "D"}, say: [{en: "Well?", de: "Und?"}]}
reading: {title: {en: "R", de: "R"}, paragraphs: [{en: "Read.", de: "Lies."}]}
quiz:
  - {ask: {en: "Q?", de: "F?"}, why: {en: "A.", de: "A."}}
  - {ask: {en: "Q?", de: "F?"}, why: {en: "A.", de: "A."}}
  - {ask: {en: "Q?", de: "F?"}, why: {en: "A.", de: "A."}}
assignment: {en: "Write.", de: "Schreibt."}
limits: {en: "None.", de: "Keine."}
decisions:
  helped: {what: {en: "H", de: "H"}, seat: patron, orders: [{do: respond, client: Cuba, answer: help}]}
figures:
  belief: {measure: protection, client: Cuba}
"""


def beside(folder: Path, text: str) -> Path:
    """Write a scenario and a lesson beside it, and return the scenario's path."""
    scenario = folder / "mine.yaml"
    # A game is not inherited, so one's own is a copy that says it all.
    scenario.write_bytes(SCENARIOS.shipped["cuba"].read(1_000_000))
    (folder / "lessons").mkdir()
    (folder / "lessons" / "mine.yaml").write_text(text, encoding="utf-8")
    return scenario


def test_a_lesson_of_ones_own_lies_beside_the_scenario(tmp_path: Path) -> None:
    path = beside(tmp_path, MINIMAL)
    read = load_lesson(path, scenarios.load(path))
    assert read is not None
    assert read.lesson.minutes == 10
    assert source_of(tmp_path / "other.yaml") is None


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("turn: 1, turns: 6,", "turn: 1, turns: 6, prepared: [no tankr this month],", 8, "did you mean 'no tanker"),
        ("part: debrief,", "part: debrief, until: points,", 6, "expected a part of the debrief until along"),
        ("part: start,", "part: start, until: along,", 7, "only in a part that is debrief"),
        ("seats: [patron]", "seats: [patronn]", 4, "(did you mean 'patron'?)"),
        ("about: [Cuba]", "about: [Kuba]", 5, "(did you mean 'Cuba'?)"),
        ("turn: 1, turns: 6", "turn: 2, turns: 5", 8, "expected 1, the turn that is next"),
        ("turns: 6", "turns: 5", 6, "expected a part for each of the 6 turns"),
        ('en: "Well?"', 'en: "17 well?"', 9, "the figure 17 comes from nowhere"),
        ('de: "Und?"', 'de: "Und {belief}?"', 9, "the languages quote different figures"),
        ('{en: "Well?", de: "Und?"}', '{en: "Well {belif}?", de: "Und {belif}?"}', 9, "(did you mean 'belief'?)"),
        ('{en: "Well?", de: "Und?"}', '{en: "Well?"}', 9, "a lesson speaks both languages"),
        ('{en: "Well?", de: "Und?"}', '{en: "Well {", de: "Und {"}', 9, "a brace that is open"),
        ("seat: patron,", "seat: patrons,", 18, "(did you mean 'patron'?)"),
        ("measure: protection, client: Cuba", "measure: quiet, client: Cuba", 20, "is about no single client"),
        ("measure: protection, client: Cuba", "measure: at_least, client: Cuba", 20, "a posture belongs to"),
        ("measure: protection, client: Cuba", "measure: protection, client: Kuba", 20, "(did you mean 'Cuba'?)"),
        ("belief: {measure", "turns: {measure", 20, "kept for the game's own"),
        ("client: Cuba}", "client: Cuba, decision: help}", 20, "(did you mean 'helped'?)"),
        ("minutes: 3", "minutes: none", 9, "expected a whole number"),
        ("limits:", "limit:", 16, "(did you mean 'limits'?)"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in MINIMAL
    at = MINIMAL.rindex(old) if old == "client: Cuba}" else MINIMAL.index(old)
    path = beside(tmp_path, MINIMAL[:at] + new + MINIMAL[at + len(old) :])
    with pytest.raises(ScenarioError) as error:
        load_lesson(path, scenarios.load(path))
    told = str(error.value)
    assert f"mine.yaml:{line}: " in told
    assert says in told


def test_what_is_prepared_holds_in_both_languages_and_is_an_event() -> None:
    stocked = [name for name in with_game() if (game := shipped(name).game) is not None and game.library]
    assert len(stocked) >= 5
    for name in stocked:
        game = shipped(name).game
        assert game is not None
        for one in (game.library or {}).values():
            assert isinstance(one, PreparedInject)
            assert one.says.de
            assert not FORMAL.search(one.says.de)
