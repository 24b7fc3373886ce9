"""The teacher's kit: whole in both languages, printed as it should be, and every figure in it measured."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.lessons.loader import Read, load_lesson
from papertiger.scenarios.reading.sources import LESSONS
from papertiger.wargame.engine.tendency import tendency
from papertiger.wargame.i18n import catalogue, formats
from papertiger.wargame.kit.measured import Measurements, figures_of, measure, sheets_of, value_of
from papertiger.wargame.kit.shipped import BRIEF
from papertiger.wargame.rules.setup import game_of, schedule_of
from papertiger.wargame.server.pages.kit import contents, packed, pages_of
from tests.model.worlds import shipped
from tests.scenarios.lessons.test_lessons import MINIMAL, beside
from tests.wargame.games import all_words

FILES = {"index", "script", "slides", "reading", "quiz", "assignment", "cards"}
LANGUAGES = ("en", "de")
GAMES = 3
NAMES = [pytest.param(name, marks=pytest.mark.xdist_group(f"kit of {name}")) for name in LESSONS.names()]
"""The lessons, each measured by one worker."""


@cache
def lesson(name: str) -> Read:
    """Return a shipped lesson with few games, which are as true as many."""
    read = load_lesson(name, shipped(name))
    assert read is not None
    return Read(read.lesson.model_copy(update={"games": GAMES}), read.tree)


@cache
def measured(name: str) -> Measurements:
    return measure(lesson(name), shipped(name))


def pages(name: str, language: str) -> dict[str, str]:
    return pages_of(shipped(name), lesson(name).lesson, measured(name), language, name)


def text_of(page: str) -> str:
    """Return what a page says, without its head and script."""
    body = page[page.index("<body") :]
    return re.sub(r"<script>.*?</script>|<[^>]+>", " ", body, flags=re.DOTALL)


def sentences_of(page: str) -> set[str]:
    """Return what is long enough on a page to be a sentence and no span of months, but for what a teacher types."""
    body = re.sub(r"<(script|code)>.*?</\1>", "", page[page.index("<body") :], flags=re.DOTALL)
    texts = {text.strip() for text in re.findall(r">([^<>]+)<", body)}
    return {text for text in texts if len(text.split()) > 6}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_kit_is_whole_and_needs_nothing_else(name: str, language: str) -> None:
    kit = pages(name, language)
    assert {file.removesuffix(".html") for file in kit} == FILES
    for file, page in kit.items():
        assert f'<html lang="{language}"' in page
        assert "default-src 'none'" in page
        assert "@page" in page
        assert not re.search(r"<(?:link|img|iframe|form)\b|https?://|\ssrc=", page), file
        assert ("<script>" in page) == (file == "slides.html")
        assert not re.search(r"\{\w+\}", text_of(page)), file  # no figure was left out
    assert set(re.findall(r'href="([^"]+)"', kit["index.html"])) == set(kit) - {"index.html"}
    steps = lesson(name).lesson.script
    assert kit["script.html"].count('class="at"') == len(steps) + 1
    quiz, key = kit["quiz.html"].split('class="key-page"')
    for question in lesson(name).lesson.quiz:
        answer = question.why.text(language).partition("{")[0]
        assert answer not in quiz
        assert answer in key.replace("&#39;", "'")


@pytest.mark.parametrize("name", NAMES)
def test_the_languages_of_a_kit_have_nothing_in_common_but_names(name: str) -> None:
    english, german = (pages(name, language) for language in LANGUAGES)
    said = [key for key in catalogue.names() if key.startswith("kit.")]
    both = {catalogue.text("en", key) for key in said if "{" not in catalogue.text("en", key)}
    for file, page in german.items():
        words = sentences_of(page)
        assert not words & both, file
        assert not words & sentences_of(english[file]), file


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_measured_or_stands_in_the_scenario(name: str) -> None:
    """The figures are counted here anew, from the same games, and the pages hold no other digits."""
    read, scenario = lesson(name), shipped(name)
    turns = schedule_of(scenario).turns
    counted = {
        decision: tendency(scenario, GAMES, sheets=sheets_of(one, turns))
        for decision, one in read.lesson.decisions.items()
    } | {"": tendency(scenario, GAMES)}
    assert counted == measured(name).by_decision
    for figure in read.lesson.figures.values():
        games = counted[figure.decision or ""]
        if figure.measure == "at_least":
            ends = next(one for one in games.clients if one.client == figure.client)
            rungs = list(scenarios.POSTURES)
            assert value_of(figure, measured(name)) == sum(ends.after[rungs.index(figure.posture or "") :])
        elif figure.measure == "protection":
            assert value_of(figure, measured(name)) == next(
                one.protection for one in games.clients if one.client == figure.client
            )
    language = "en"
    allowed = set(figures_of(read.lesson, scenario, measured(name), language).values())
    for games in counted.values():
        allowed |= {formats.number(games.before, language), formats.number(games.after[1], language)}
        allowed |= {formats.percent(games.defecting, language)}
        for one in games.clients:
            allowed |= {formats.number(one.protection, language), formats.percent(sum(one.after[3:]), language)}
            allowed |= {formats.percent(share, language) for share in one.after}
    minutes, at = [step.minutes for step in read.lesson.script], 0
    for length in minutes:
        allowed |= {str(at), str(length)}
        at += length
    game = game_of(scenario)
    years = {str(year) for year in range(int(scenario.span.start[:4]), int(scenario.span.end[:4]) + 1)}
    known = {digits for text in allowed for digits in re.findall(r"\d+", text)} | years
    kit = contents(scenario, read.lesson, measured(name), language, name)
    known |= {str(number + 1) for number in range(len(kit["slides"]))} | {str(at)}
    known |= {digits for words in all_words(game) for digits in re.findall(r"\d+", words.en)}
    known |= {str(kit["debrief_steps"])}
    known |= set(re.findall(r"\d+", name)) | {str(len(scenario.clients))}
    for file, page in pages(name, language).items():
        if file != "cards.html":
            assert set(re.findall(r"\d+", re.sub(r"&#\d+;", "", text_of(page)))) <= known, file


def test_fixed_texts_hold_no_figure() -> None:
    for key in catalogue.names():
        if key.startswith("kit."):
            for language in LANGUAGES:
                assert not re.search(r"\d", catalogue.text(language, key)), key


def test_no_slide_tells_what_comes_before_its_turn() -> None:
    """What comes in a later turn stands on no earlier slide, and what was measured on none before play."""
    kit = contents(shipped("venezuela_2026"), lesson("venezuela_2026").lesson, measured("venezuela_2026"), "en", "x")
    kinds = [slide["kind"] for slide in kit["slides"]]
    assert kinds.index("tends") > max(i for i, kind in enumerate(kinds) if kind == "turn")
    ships = next(i for i, slide in enumerate(kit["slides"]) if "Ships" in slide.get("title", ""))
    assert not any("ships" in slide.get("text", "") for slide in kit["slides"][:ships])


def test_a_kit_is_the_same_each_time() -> None:
    first, again = (packed(pages("cuba", "en")) for _ in range(2))
    assert first == again
    assert len(zipfile.ZipFile(BytesIO(first)).namelist()) == len(FILES)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("answer: help", "answer: hlep", "mine.yaml:18: decisions.helped.orders.0: no such order"),
        (
            "seat: patron, ",
            "seat: patron, turns: [7], ",
            "mine.yaml:18: decisions.helped.turns: expected turns from 1",
        ),
        ("client: Cuba, answer", "client: Kuba, answer", "mine.yaml:18: decisions.helped.orders: "),
    ],
)
def test_orders_that_nobody_could_give_are_named_by_their_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = beside(tmp_path, MINIMAL.replace(old, new))
    scenario = scenarios.load(path)
    read = load_lesson(path, scenario)
    assert read is not None
    with pytest.raises(ScenarioError, match=re.escape(says)):
        measure(read, scenario)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LESSONS.names())
def test_a_script_speaks_of_practice_of_every_prepared_inject_and_of_next(name: str, language: str) -> None:
    page = unescape(pages(name, language)["script.html"])
    assert catalogue.text(language, "practice.begin") in page
    library = shipped(name).game.library  # type: ignore[union-attr]
    assert library
    assert {one for step in lesson(name).lesson.script for one in step.prepared} == set(library)
    for one in library.values():
        assert one.says.text(language) in page
    order = ["changes", "plan", "outcome", "why", "what_if", "secrets", "forecasts", "along"]
    places = [page.index(f"<em>{catalogue.text(language, f'debrief.title.{one}')}</em>") for one in order]
    assert places == sorted(places)
    brief = lesson(name).lesson.debrief_minutes <= BRIEF
    assert (catalogue.text(language, "debrief.title.goals") in page) is not brief


def test_measurements_that_differ_are_told() -> None:
    """A figure hangs on what was measured and on nothing that was written down."""
    read, scenario = lesson("havana_2026"), shipped("havana_2026")
    before = figures_of(read.lesson, scenario, measured("havana_2026"), "en")
    rules = measured("havana_2026").by_decision["promised"]
    moved = replace(rules, clients=tuple(replace(one, protection=0.99) for one in rules.clients))
    other = replace(measured("havana_2026"), by_decision=measured("havana_2026").by_decision | {"promised": moved})
    after = figures_of(read.lesson, scenario, other, "en")
    assert {name for name in before if before[name] != after[name]} == {"believes_helped"}


def test_the_games_are_counted_to_the_last_one() -> None:
    told: list[tuple[int, int]] = []
    tendency(shipped("havana_2026"), 2, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize(("language", "said"), [("en", "one of the {} clients"), ("de", "einer der {} Klienten")])
def test_the_share_of_defections_says_of_how_many_clients(language: str, said: str) -> None:
    count = len(measured("havana_2026").rules.clients)
    assert said.format(count) in text_of(pages("havana_2026", language)["script.html"])
