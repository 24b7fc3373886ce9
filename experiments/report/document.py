"""Define what a report is made of: chapters with text, pictures and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Picture:
    """Hold a figure with what is said about it.

    Attributes
    ----------
    name
        Of its files.
    figure
        What is drawn.
    caption
        How to read it.
    alt
        What it shows, for those who do not see it.
    """

    name: str
    figure: Figure
    caption: str
    alt: str


@dataclass(frozen=True)
class Table:
    """Hold a table for people, and the numbers behind it as CSV.

    Attributes
    ----------
    name
        Of the CSV file.
    caption
        What it shows.
    headings
        Of the columns; the first column names the row.
    rows
        Cells as text.
    data
        The same numbers in full, as they are written to the CSV.
    """

    name: str
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    data: pd.DataFrame


@dataclass
class Chapter:
    """Hold a part of the report under a heading of its own.

    Attributes
    ----------
    heading, text, pictures, tables
        What it holds, in this order.
    finding
        What it found in a sentence, if that can answer a question.
    """

    heading: str
    text: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    finding: str = ""

    @property
    def anchor(self) -> str:
        """Return the name by which a link finds it."""
        return "".join(char if char.isalnum() else "-" for char in self.heading.lower()).strip("-")
