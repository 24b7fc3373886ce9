"""Check what the schema of a lesson cannot: that it fits its scenario, and quotes no figure that nobody measured."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from string import Formatter
from typing import TYPE_CHECKING, get_args

from papertiger.scenarios.errors import PathKey, Problem, listing, nearest, shorten
from papertiger.scenarios.lessons.schema import OF_A_CLIENT, DebriefPart, Lesson
from papertiger.scenarios.schema.game import PricedOrder
from papertiger.scenarios.schema.values import LANGUAGES, Part, Words

if TYPE_CHECKING:
    from papertiger.scenarios.reading.yaml_reader import Layer
    from papertiger.scenarios.schema.scenario import Scenario

DIGITS = re.compile(r"\d+")
GIVEN = (
    "minutes", "turns", "minutes_per_turn", "months_per_turn", "seats", "games", "first", "last",
    "points_patron", "points_client", "points_rival", "points_adversary",
    *(f"price_{order}" for order in get_args(PricedOrder)),
)  # fmt: skip
"""Figures of the scenario's game and of the lesson itself, which every text may quote."""


def check_lesson(lesson: Lesson, scenario: Scenario, tree: Layer) -> Iterator[Problem]:
    """Yield every place where a lesson does not fit its scenario.

    Parameters
    ----------
    lesson
        As its file has it.
    scenario
        Which it is about; it has a game.
    tree
        Where everything stands.
    """
    assert scenario.game is not None
    seats = scenario.game.seats
    offered = ["patron"] if seats.patron is not None else []
    for kind, briefs in (("client", seats.clients), ("rival", seats.rivals), ("adversary", seats.adversaries)):
        offered += [f"{kind}:{name}" for name in briefs]
    yield from _names(lesson.seats, offered, ("seats",), "a seat of this game", tree)
    yield from _names(lesson.about, scenario.clients, ("about",), "a client of this scenario", tree)
    for name, decision in lesson.decisions.items():
        if decision.seat not in offered:
            message = _expected("a seat of this game", decision.seat)
            yield tree.problem(("decisions", name, "seat"), message, nearest(decision.seat, offered))
    for name, figure in lesson.figures.items():
        where: PathKey = ("figures", name)
        if name in GIVEN:
            yield tree.problem(where, f"this name is kept for the game's own; so are {listing(GIVEN)}")
        if (figure.measure in OF_A_CLIENT) != (figure.client is not None):
            needed = "needs a client" if figure.measure in OF_A_CLIENT else "is about no single client"
            yield tree.problem(where, f"the measure {figure.measure} {needed}")
        elif figure.client is not None and figure.client not in scenario.clients:
            hint = nearest(figure.client, scenario.clients)
            yield tree.problem((*where, "client"), _expected("a client of this scenario", figure.client), hint)
        if (figure.measure == "at_least") != (figure.posture is not None):
            yield tree.problem(where, "a posture belongs to the measure at_least, and to no other")
        if figure.decision is not None and figure.decision not in lesson.decisions:
            hint = nearest(figure.decision, lesson.decisions)
            yield tree.problem((*where, "decision"), _expected("one of decisions", figure.decision), hint)
    for number, question in enumerate(lesson.quiz):
        if (question.right is None) == bool(question.answers) or (question.right or 0) > len(question.answers):
            message = "expected which of the answers is right, counted from one; and neither for an open question"
            yield tree.problem(("quiz", number), message)
    yield from _script(lesson, scenario, tree)
    yield from _at_hand(lesson, scenario, tree)
    years = range(int(scenario.span.start[:4]) - 100, int(scenario.span.end[:4]) + 1)
    for path, words in texts_of(lesson):
        yield from _quoted(words, path, (*GIVEN, *lesson.figures), years, tree)


def _script(lesson: Lesson, scenario: Scenario, tree: Layer) -> Iterator[Problem]:
    """Yield what is wrong with the turns of the script: each is played, in its order."""
    game = scenario.game
    assert game is not None
    span = [12 * int(month[:4]) + int(month[5:]) for month in (game.first_month, game.last_month)]
    turns = -(-(span[1] + 1 - span[0]) // game.months_per_turn)
    due = 1
    for number, step in enumerate(lesson.script):
        if (step.part == "play") != (step.turn is not None):
            yield tree.problem(("script", number), "a part that is play says which turn, and no other part does")
        elif step.turn is not None:
            if step.turn != due:
                yield tree.problem(("script", number, "turn"), f"expected {due}, the turn that is next")
            due = step.turn + step.turns
    if due != turns + 1:
        yield tree.problem(("script",), f"expected a part for each of the {turns} turns; the parts play {due - 1}")


def _at_hand(lesson: Lesson, scenario: Scenario, tree: Layer) -> Iterator[Problem]:
    """Yield what is wrong with what the script takes from the game: prepared injects, and parts of the debrief."""
    assert scenario.game is not None
    library, parts, reached = scenario.game.library or {}, get_args(DebriefPart), -1
    for number, step in enumerate(lesson.script):
        yield from _names(step.prepared, library, ("script", number, "prepared"), "one of the game's library", tree)
        if step.prepared and step.part not in ("play", "practice"):
            yield tree.problem(("script", number, "prepared"), "only while there is play")
        if step.until is None:
            continue
        where: PathKey = ("script", number, "until")
        if step.part != "debrief":
            yield tree.problem(where, "only in a part that is debrief")
        if parts.index(step.until) <= reached:
            yield tree.problem(where, f"expected a part of the debrief after {parts[reached]}")
        reached = parts.index(step.until)
    if 0 <= reached < len(parts) - 1:
        yield tree.problem(("script",), f"expected a part of the debrief until {parts[-1]}, where it ends")


def texts_of(part: Part, path: PathKey = ()) -> Iterator[tuple[PathKey, Words]]:
    """Yield every text of a lesson, with the place where it stands."""
    for name in type(part).model_fields:
        yield from _texts(getattr(part, name), (*path, name))


def _texts(value: object, path: PathKey) -> Iterator[tuple[PathKey, Words]]:
    match value:
        case Words():
            yield path, value
        case Part():
            yield from texts_of(value, path)
        case dict():
            for name, one in value.items():
                yield from _texts(one, (*path, name))
        case tuple():
            for number, one in enumerate(value):
                yield from _texts(one, (*path, number))
        case _:
            pass


def fields(text: str) -> set[str]:
    """Return the figures that a text quotes.

    Raises
    ------
    ValueError
        If its braces do not match.
    """
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _quoted(words: Words, path: PathKey, known: tuple[str, ...], years: range, tree: Layer) -> Iterator[Problem]:
    quoted = []
    for language in LANGUAGES:
        text = words.de if language == "de" else words.en
        if text is None:
            yield tree.problem(path, "a lesson speaks both languages; expected en and de")
            return
        where = (*path, language) if (*path, language) in tree.places else path
        try:
            quoted.append(fields(text))
        except ValueError:
            yield tree.problem(where, "a brace that is open; figures are quoted as {name}")
            return
        for name in sorted(quoted[-1] - set(known)):
            yield tree.problem(where, f"no figure {shorten(name)}", nearest(name, known))
        bare = re.sub(r"\{[^{}]*\}", "", text)
        for digits in DIGITS.findall(bare):
            if len(digits) != 4 or int(digits) not in years:
                message = f"the figure {digits} comes from nowhere; quote a measured one, as {{name}}, or a year"
                yield tree.problem(where, message)
    if quoted[0] != quoted[1]:
        yield tree.problem(path, "the languages quote different figures")


def _names(given: Iterable[str], valid: Collection[str], path: PathKey, what: str, tree: Layer) -> Iterator[Problem]:
    for number, name in enumerate(given):
        if name not in valid:
            yield tree.problem((*path, number), _expected(what, name), nearest(name, valid))


def _expected(what: str, given: str) -> str:
    return f"expected {what}, got {shorten(given)}"
