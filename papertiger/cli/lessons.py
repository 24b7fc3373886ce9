"""List the shipped lessons, so that a teacher can choose one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.cli.console import say, table, tell

if TYPE_CHECKING:
    from papertiger.scenarios.lessons.schema import Lesson


def lessons() -> tuple[list[tuple[Lesson, str, int]], list[str]]:
    """Return the lessons with title and seats of their games, the shortest first, and what is wrong in others.

    One lesson that cannot be read hides no other.
    """
    from papertiger import scenarios
    from papertiger.scenarios.lessons.loader import load_lesson
    from papertiger.scenarios.reading.sources import LESSONS
    from papertiger.wargame.rules.seats import offered
    from papertiger.wargame.rules.setup import game_of

    listed: list[tuple[Lesson, str, int]] = []
    wrong: list[str] = []
    for name in LESSONS.names():
        try:
            scenario = scenarios.load(name)
            read = load_lesson(name, scenario)
        except scenarios.ScenarioError as error:
            wrong.append(str(error))
            continue
        assert read is not None
        game = game_of(scenario)
        listed.append((read.lesson, game.title.en, len(offered(game))))
    return sorted(listed, key=lambda one: (one[0].minutes, one[0].name)), wrong


def list_lessons() -> None:
    """Print the shipped lessons as a table, what to do with one, and what is wrong in those that cannot be read."""
    columns: list[tuple[str, Any]] = [
        ("name", "left"), ("minutes", "right"), ("seats", "right"), ("question", "wide"),
    ]  # fmt: skip
    listed, wrong = lessons()
    rows = [
        [
            f"{lesson.name}{' *' * (lesson.unbalanced is not None)}",
            str(lesson.minutes),
            str(count),
            f"{title}: {lesson.question.en}",
        ]
        for lesson, title, count in listed
    ]
    table(None, columns, rows)
    for lesson, _, _ in listed:
        if lesson.unbalanced is not None:
            say(f"* {lesson.name}: {lesson.unbalanced.en}")
    for problem in wrong:
        tell(f"A lesson is left out: {problem}")
    say("What a teacher needs for one: papertiger kit NAME. To play it: papertiger play NAME --lan.")
