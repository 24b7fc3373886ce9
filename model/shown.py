"""Show results where a notebook or a prompt shows them: one line for people, and a small table in HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

ROWS_SHOWN = 40


def one_line(thing: object, said: str) -> str:
    """Return the one line by which a result is shown.

    Parameters
    ----------
    thing
        The result.
    said
        What it holds.

    >>> one_line(1.5, "a number")
    '<float: a number>'
    """
    return f"<{type(thing).__name__}: {' '.join(said.split())}>"


def html_of(heading: str, table: pd.DataFrame) -> str:
    """Return a heading and a table as HTML, everything from files escaped.

    Parameters
    ----------
    heading
        One line, as `one_line` gives it.
    table
        What is shown below, cut after some rows.
    """
    body = table.head(ROWS_SHOWN).to_html(index=False, escape=True, float_format=lambda value: f"{value:.2f}")
    rest = len(table) - ROWS_SHOWN
    more = f"<p>and {rest:,} more rows</p>" if rest > 0 else ""
    return f"<p>{escape(heading.strip('<>'))}</p>{body}{more}"
