"""Read the glossary: what each number that a command or a report prints is called, counted in, and means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from papertiger.scenarios.schema.values import Part as Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE = Path(__file__).with_name("terms.yaml")
PAGE = "docs/glossary.md"


class Term(Shape):
    """Define a quantity.

    Attributes
    ----------
    name, unit, means
        What it is called, counted in, and is.
    measures
        Kinds of measure that write it down.
    columns
        Names of columns of tables.
    headings
        What printed tables call it.
    """

    name: str
    unit: str
    means: str
    measures: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Return the name by which a link finds it."""
        return "word-" + "".join(char if char.isalnum() else "-" for char in self.name.lower())


class Section(Shape):
    """Hold terms under a heading."""

    part: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Glossary:
    """Hold all terms, and find each by where it stands."""

    sections: tuple[Section, ...]

    def __iter__(self) -> Iterator[Term]:
        return (term for section in self.sections for term in section.terms)

    def of_measure(self, kind: str) -> Term | None:
        """Return the term of a kind of measure, or None."""
        return next((term for term in self if kind in term.measures), None)

    def of_column(self, column: str) -> Term | None:
        """Return the term of a column, or None.

        Columns of factors (``x:``) and what stands behind a measure's name (``NAME:event``) are found by their kind.
        """
        if column.startswith(("x:", "u:")):
            column = "level"
        name = {"event": "event_flag", "to": "destination"}.get(column.partition(":")[2], column.partition(":")[2])
        return next((term for term in self if (name or column) in term.columns), None)

    def of_heading(self, heading: str) -> Term | None:
        """Return the term of a heading, or None."""
        return next((term for term in self if heading in term.headings), None)

    def used(self, headings: Iterable[str], columns: Iterable[str], kinds: Iterable[str]) -> list[Term]:
        """Return the terms that some headings, columns and kinds of measure name, in the glossary's order.

        Parameters
        ----------
        headings, columns, kinds
            Where the terms stand.
        """
        wanted = {
            term.name
            for terms in (map(self.of_heading, headings), map(self.of_column, columns), map(self.of_measure, kinds))
            for term in terms
            if term is not None
        }
        return [term for term in self if term.name in wanted]


@cache
def glossary() -> Glossary:
    """Return the glossary."""
    data = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return Glossary(TypeAdapter(tuple[Section, ...]).validate_python(data))
