"""Make the teacher's kit: pages that need nothing else, to read out, to project, to print and to mark."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from papertiger.model.rules.choice import SUSPENDED
from papertiger.scenarios.lessons.schema import DebriefPart
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.i18n import formats
from papertiger.wargame.i18n.translate import Translator
from papertiger.wargame.kit.game import game_for
from papertiger.wargame.kit.measured import NO_DECISION, figures_of
from papertiger.wargame.kit.shipped import BRIEF
from papertiger.wargame.rules.setup import game_of
from papertiger.wargame.server.pages import cards
from papertiger.wargame.server.request import render
from papertiger.wargame.views.debrief import BRIEF_OF_POINT, POINT_STEPS

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.scenarios.lessons.schema import Lesson, Question, Step
    from papertiger.scenarios.schema.values import Words
    from papertiger.wargame.kit.measured import Measurements
    from papertiger.wargame.log.state import GameState

PAGES = ("index", "script", "slides", "reading", "quiz", "assignment")
"""Pages that are made of the lesson; the cards are made of the scenario alone."""

LETTERS = "ABCDE"

DEBRIEF_PARTS = get_args(DebriefPart)
BRIEF_PARTS = ("changes", "points", "secrets", "forecasts", "along")
"""Of the brief debrief, as it mostly is: which of them there are hangs on the game."""


@dataclass(frozen=True)
class _Writer:
    """Fill in what pages say in one language."""

    lesson: Lesson
    game: GameState
    measurements: Measurements
    translator: Translator
    figures: dict[str, str]

    def say(self, words: Words | None) -> str:
        """Return a text with its figures."""
        return "" if words is None else words.text(self.translator.language).format(**self.figures)

    def all(self, texts: tuple[Words, ...]) -> list[str]:
        """Return texts with their figures."""
        return [self.say(one) for one in texts]

    def months(self, first: int, turns: int) -> str:
        """Return the months of some turns as one span."""
        schedule = self.game.schedule
        months = [self.game.month(index) for turn in range(first, first + turns) for index in schedule.months(turn)]
        return formats.span(months, self.translator.language)

    def happens(self, first: int, turns: int) -> list[str]:
        """Return what comes in some turns, whatever anybody decides: the record's and the script's news."""
        game, schedule = self.game.game, self.game.schedule
        within = {self.game.month(index) for turn in range(first, first + turns) for index in schedule.months(turn)}
        dated = [(self.game.scenario.events[name].date, words) for name, words in game.record.items()]
        dated += [(inject.event.date, inject.news) for inject in game.injects.values()]
        return [
            words.text(self.translator.language)
            for date, words in sorted(dated, key=lambda one: one[0])
            if date[:7] in within
        ]

    def steps(self) -> list[dict[str, Any]]:
        """Return the parts of the lesson, each with the minute at which it begins."""
        at, told, steps = 0, 0, []
        for step in self.lesson.script:
            until = DEBRIEF_PARTS.index(step.until) + 1 if step.until else told
            steps.append(self._step(step, at) | {"next": self._debrief(told, until)})
            at, told = at + step.minutes, until
        return steps

    def _debrief(self, told: int, until: int) -> list[tuple[str, list[str]]]:
        """Return what *Next* leads through: titles of its steps, with a word before those of turning points."""
        text, brief = self.translator.text, self.lesson.debrief_minutes <= BRIEF
        parts = [one for one in DEBRIEF_PARTS[told:until] if one != "groups"]
        if brief:
            parts = [one for one in parts if one in BRIEF_PARTS]
        led: list[tuple[str, list[str]]] = []
        for part in parts:
            if part == "points":
                names = [name for name in POINT_STEPS if not brief or name in BRIEF_OF_POINT]
                led.append((text("kit.next_point" if brief else "kit.next_points"), [*map(self._title, names)]))
            elif led and led[-1][0] != text("kit.next_point" if brief else "kit.next_points"):
                led[-1][1].append(self._title(part))
            else:
                led.append((text("kit.next_rest") if led else "", [self._title(part)]))
        return led

    def _title(self, name: str) -> str:
        return self.translator.text(f"debrief.title.{name}")

    def _step(self, step: Step, at: int) -> dict[str, Any]:
        library = self.game.game.library or {}
        return {
            "at": at,
            "minutes": step.minutes,
            "part": step.part,
            "turn": step.turn,
            "title": self.say(step.title),
            "months": self.months(step.turn, step.turns) if step.turn else "",
            "happens": self.happens(step.turn, step.turns) if step.turn else [],
            "say": self.all(step.say),
            "do": self.say(step.do),
            "watch": self.say(step.watch),
            "ask": self.say(step.ask),
            "prepared": [library[name].says.text(self.translator.language) for name in step.prepared],
        }

    def quiz(self, question: Question) -> dict[str, Any]:
        """Return a question with its answers by letter."""
        return {
            "ask": self.say(question.ask),
            "answers": list(zip(LETTERS, self.all(question.answers), strict=False)),
            "right": LETTERS[question.right - 1] if question.right else "",
            "why": self.say(question.why),
        }

    def slides(self, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the slides in their order: what a turn is about only when it is played, figures only after it."""
        text = self.translator.text
        slides: list[dict[str, Any]] = [{"kind": kind} for kind in ("title", "seats", "postures", "turn_goes")]
        for step in steps:
            said = {"title": step["title"], "text": step["say"][0]}
            if step["part"] == "play":
                slides.append({"kind": "turn", "above": step["months"]} | said)
            elif step["part"] != "start":
                slides.append({"kind": "part", "above": text(f"kit.part.{step['part']}")} | said)
        above = text("kit.closing")
        questions = [one.text(self.translator.language) for one in self.game.game.debrief]
        slides += [{"kind": "question", "above": above, "text": one} for one in questions]
        slides += [{"kind": "tends"}]
        slides += [{"kind": "decided"}] if self.lesson.decisions else []
        return [*slides, {"kind": "limits"}]

    def ends(self, decision: str) -> list[dict[str, Any]]:
        """Return where the lesson's clients stand after the games with a decision."""
        ends = [self.measurements.client(name, decision) for name in self.lesson.about]
        return [
            {
                "client": one.client,
                "shares": list(zip(POSTURES, one.after, strict=True)),
                "protection": one.protection,
                "beyond": sum(one.after[SUSPENDED:]),
            }
            for one in ends
        ]

    def decisions(self) -> list[dict[str, Any]]:
        """Return what each decision comes to, beside what the rules come to."""
        named = {name: self.say(one.what) for name, one in self.lesson.decisions.items()}
        return [
            {"what": what, "credibility": self.measurements.by_decision[name].after[1], "ends": self.ends(name)}
            for name, what in {NO_DECISION: "", **named}.items()
        ]


def contents(
    scenario: Scenario, lesson: Lesson, measurements: Measurements, language: str, command: str
) -> dict[str, Any]:
    """Return what the pages of a kit say, as plain data.

    Parameters
    ----------
    scenario, lesson, measurements
        What it is about, what is said about it, and what was measured.
    language
        Of the pages.
    command
        What to type after ``papertiger play``.
    """
    game = game_for(scenario)
    figures = figures_of(lesson, scenario, measurements, language)
    writer = _Writer(lesson, game, measurements, Translator(language, game), figures)
    steps = writer.steps()
    return {
        "command": command,
        "question": writer.say(lesson.question),
        "audience": writer.say(lesson.audience),
        "unbalanced": writer.say(lesson.unbalanced),
        "minutes": lesson.minutes,
        "turns": game.schedule.turns,
        "seats": [str(seat) for seat in game.seats],
        "order": list(lesson.seats),
        "about": list(lesson.about),
        "learn": writer.all(lesson.learn),
        "steps": steps,
        "brief": lesson.debrief_minutes <= BRIEF,
        "debrief_steps": sum(len(titles) for step in steps for _, titles in step["next"]),
        "turn_minutes": game.game.minutes_per_turn,
        "slides": writer.slides(steps),
        "reading_title": writer.say(lesson.reading.title),
        "reading": writer.all(lesson.reading.paragraphs),
        "quiz": [writer.quiz(one) for one in lesson.quiz],
        "assignment": writer.say(lesson.assignment),
        "limits": writer.say(lesson.limits),
        "debrief": [one.text(language) for one in game_of(scenario).debrief],
        "games": lesson.games,
        "before": measurements.rules.before,
        "after": measurements.rules.after[1],
        "defecting": measurements.rules.defecting,
        "clients": len(measurements.rules.clients),
        "ends": writer.ends(NO_DECISION),
        "decisions": writer.decisions(),
    }


def pages_of(
    scenario: Scenario, lesson: Lesson, measurements: Measurements, language: str, command: str
) -> dict[str, str]:
    """Return the pages of a kit by the name of their file."""
    game = game_for(scenario)
    translator = Translator(language, game)
    kit = contents(scenario, lesson, measurements, language, command)
    pages = {f"{name}.html": render(f"kit_{name}.html", translator, kit=kit) for name in PAGES}
    return pages | {"cards.html": cards.page_of(game, translator)}


def packed(pages: dict[str, str]) -> bytes:
    """Return pages as one ZIP file, the same bytes for the same pages."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in pages.items():
            file.writestr(zipfile.ZipInfo(f"kit/{name}"), text)
    return data.getvalue()
