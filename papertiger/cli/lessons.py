"""List the shipped lessons, so that a teacher can choose one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.cli.console import BadInput, say, table

if TYPE_CHECKING:
    from papertiger.scenarios.lessons.schema import Lesson


def lessons() -> list[tuple[Lesson, str, int]]:
    """Return the shipped lessons with the title and the seats of their games, the shortest first."""
    from papertiger import scenarios
    from papertiger.scenarios.lessons.loader import load_lesson
    from papertiger.scenarios.reading.sources import LESSONS
    from papertiger.wargame.rules.seats import offered
    from papertiger.wargame.rules.setup import game_of

    listed: list[tuple[Lesson, str, int]] = []
    try:
        for name in LESSONS.names():
            scenario = scenarios.load(name)
            read = load_lesson(name, scenario)
            assert read is not None
            game = game_of(scenario)
            listed.append((read.lesson, game.title.en, len(offered(game))))
    except scenarios.ScenarioError as error:
        raise BadInput(str(error)) from None
    return sorted(listed, key=lambda one: (one[0].minutes, one[0].name))


def list_lessons() -> None:
    """Print the shipped lessons as a table, and what to do with one."""
    columns: list[tuple[str, Any]] = [
        ("name", "left"), ("minutes", "right"), ("seats", "right"), ("question", "wide"),
    ]  # fmt: skip
    rows = [
        [lesson.name, str(lesson.minutes), str(count), f"{title}: {lesson.question.en}"]
        for lesson, title, count in lessons()
    ]
    table(None, columns, rows)
    say("What a teacher needs for one: papertiger kit NAME. To play it: papertiger play NAME --lan.")
