"""Say why something cannot be done, in the language of whoever tried.

A refusal keeps what it is about and not just a sentence, so that the same one reads as English in a log and on the
command line and in a person's own language, with the names that people use, on a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from papertiger.scenarios.errors import nearest, printable
from papertiger.wargame.i18n import catalogue

CONTEXT = "refusal."
"""What the keys of these texts begin with in the catalogues."""

type Value = str | int | tuple[str, ...] | Refusal
type Called = Callable[[str, str], str]
"""Returns what people call something, from its kind (one of ``KINDS``) and its name."""

KINDS = {
    "adversary": "adversary",
    "client": "client",
    "event": "event",
    "from_month": "month",
    "giver": "seat",
    "month": "month",
    "order": "order",
    "posture": "posture",
    "postures": "posture",
    "rival": "rival",
    "seat": "seat",
    "to_month": "month",
}
"""Kinds of the names in the texts, by placeholder."""


def _as_written(_: str, name: str) -> str:
    return name


@dataclass(frozen=True)
class Refusal:
    """One reason; as text it is the English sentence with names as files write them.

    Attributes
    ----------
    name
        Of a text of the catalogue.
    values
        What stands in the text, by placeholder; a refusal may stand within another one.
    """

    name: str
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        """Return the sentence for logs and the command line."""
        return self.text("en")

    def text(self, language: str, called: Called = _as_written) -> str:
        """Return the sentence in a language, with names as ``called`` gives them."""
        said = {name: _said(name, value, language, called) for name, value in self.values}
        return catalogue.text(language, f"{CONTEXT}{self.name}", **said)


def _said(placeholder: str, value: Value, language: str, called: Called) -> str | int:
    if isinstance(value, int):
        return value  # the text's plural form may depend on it
    if isinstance(value, Refusal):
        return value.text(language, called)
    if isinstance(value, tuple):
        return ", ".join(str(_said(placeholder, one, language, called)) for one in value)
    return printable(called(KINDS[placeholder], value) if placeholder in KINDS else value)


def refusal(name: str, /, **values: Value) -> Refusal:
    """Return a reason with what stands in its text."""
    return Refusal(name, tuple(values.items()))


def unknown(kind: str, given: str, valid: Iterable[str]) -> Refusal:
    """Return that there is no client, rival or seat of a name, with the nearest one that there is."""
    hint = nearest(given, valid)
    if hint is None:
        return refusal(f"no.{kind}", given=given)
    return refusal(f"no.{kind}.near", given=given, **{kind: hint})


class RefusalError(ValueError):
    """Something that cannot be done, with the reasons for the person who tried.

    Parameters
    ----------
    problems
        One or more reasons; a line each.
    """

    def __init__(self, *problems: Refusal) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """Return the sentences for logs and the command line, a line each."""
        return "\n".join(map(str, self.problems))
