"""What is wrong with a scenario file, said to the person who wrote it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

PathKey = tuple[str | int, ...]
"""Where a value stands in a scenario file: the keys, and the positions in lists, that lead to it."""

UNKNOWN_KEY = "unknown key"
"""How every refusal of a key begins that no file of its kind has."""

MAX_PROBLEMS = 100
"""More than this many lines help nobody; the rest are counted."""

MAX_SOUGHT = 2 * MAX_PROBLEMS
"""Checking stops here, so that a large file that is wrong everywhere does not take minutes to refuse."""

MAX_COMPARED = 1000
"""Among more names than this no nearest one is sought, but for upper and lower case."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it stands, what was expected, and the valid name nearest to what was written."""

    file: str
    line: int | None = None
    key: str = ""
    message: str = ""
    hint: str | None = None

    def __str__(self) -> str:
        place = printable(self.file) if self.line is None else f"{printable(self.file)}:{self.line}"
        parts = [place, printable(self.key), self.message] if self.key else [place, self.message]
        question = "" if self.hint is None else f" (did you mean '{printable(self.hint)}'?)"
        return ": ".join(parts) + question


class ScenarioError(Exception):
    """All the mistakes found in a scenario; its text has one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MAX_PROBLEMS]]
        if len(self.problems) > MAX_PROBLEMS:
            lines.append(f"and at least {len(self.problems) - MAX_PROBLEMS} more problems")
        return "\n".join(lines)


def nearest(name: object, valid: Iterable[str]) -> str | None:
    """Return the valid name that looks most like `name`, or None when none is close.

    A name that differs only in case counts as close, whatever difflib thinks of it.
    """
    written = str(name)
    candidates = sorted(set(valid))
    folded = {candidate.casefold(): candidate for candidate in reversed(candidates)}
    if written.casefold() in folded:
        return folded[written.casefold()]
    if len(folded) > MAX_COMPARED:
        return None
    matches = difflib.get_close_matches(written.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def dotted(path: Iterable[str | int]) -> str:
    """Return a path as people write it: ``clients.NAME.threat``."""
    return ".".join(str(part) for part in path)


def printable(text: str) -> str:
    """Return text with everything escaped that a terminal would act on or could not encode."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def shorten(value: object, limit: int = 40) -> str:  # noqa: PLR0911 - a word for each kind of value
    """Return how a value is quoted in a message: short, on one line."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case float():
            return repr(float(value)).removesuffix(".0")
        case str():
            text = printable(value)
            return f"'{text}'" if len(text) <= limit else f"'{text[: limit - 1]}…'"
        case _:
            text = repr(value)
            return text if len(text) <= limit else f"{text[: limit - 1]}…"


def listing(names: Iterable[str]) -> str:
    """Return names as a list in a sentence, sorted."""
    return ", ".join(sorted(names))
