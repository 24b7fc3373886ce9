"""Put together dates that a table holds as year, month and day, of which the last ones may be unknown."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.datasets.columns import Column
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("year", "month", "day")
PRECISIONS = ("", "year", "month", "day")
"""How much of a date is known: nothing, or all down to the part named."""


def date_columns(
    name: str,
    headings: tuple[str, str, str],
    missing: tuple[str, ...] = (),
    *,
    year_missing: tuple[str, ...] = (),
    required: bool = True,
) -> tuple[Column, Column, Column]:
    """Return the columns of a date: its year, month and day under three headings.

    Parameters
    ----------
    name
        What we call the date.
    headings
        Of year, month and day.
    missing
        How month and day say that they are unknown.
    year_missing
        The same of the year, so that there is no date.
    required
        Whether a table without them is refused; one that has some of the three is, in any case.
    """
    parts = (f"{name}_year", f"{name}_month", f"{name}_day")
    year, month, day = headings
    return (
        Column(
            parts[0], headings=(year,), missing=year_missing, low=1500, high=2030, required=required, beside=parts
        ),
        Column(parts[1], headings=(month,), missing=missing, low=1, high=12, required=required, beside=parts),
        Column(parts[2], headings=(day,), missing=missing, low=1, high=31, required=required, beside=parts),
    )


def wrong_dates(raw: RawTable, rows: pd.DataFrame, spans: tuple[tuple[str, str], ...]) -> Iterator[Problem]:
    """Find days that no month has, and ends before their starts: the whole of each that is known."""
    for start, end in spans:
        for line, first, last in zip(rows.index, _parts(rows, start), _parts(rows, end), strict=True):
            for name, parts in ((start, first), (end, last)):
                if _date(parts, late=False) is None and parts[0] is not None:
                    yield raw.problem(int(line), "", f"the {name} is a day that there is not, {_written(parts)}")
            begins, ends = _date(first, late=False), _date(last, late=True)
            if begins and ends and ends < begins:
                yield raw.problem(
                    int(line), "", f"the {end}, {_written(last)}, is before the {start}, {_written(first)}"
                )


def with_dates(rows: pd.DataFrame, spans: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    """Return rows with dates in place of their parts.

    Each start and end becomes a `datetime.date`, None where there is no year; beside it stands how much of it was
    known, as ``start_precision``. An unknown day is the first of its month for a start and the last for an end.
    """
    import pandas as pd

    dated: dict[str, Any] = {}
    dropped: list[str] = []
    for span in spans:
        for name, late in zip(span, (False, True), strict=True):
            parts = _parts(rows, name)
            dated[name] = pd.Series([_date(part, late=late) for part in parts], index=rows.index, dtype=object)
            known = [PRECISIONS[_known(part)] for part in parts]
            dated[f"{name}_precision"] = pd.Series(known, index=rows.index, dtype=object)
            dropped += [f"{name}_{part}" for part in PARTS]
    return rows.drop(columns=dropped).assign(**dated)


_Parts = tuple[int | None, int | None, int | None]


def _parts(rows: pd.DataFrame, name: str) -> list[_Parts]:
    columns = [
        [None if value != value else int(value) for value in rows[f"{name}_{part}"]]  # noqa: PLR0124 - nan
        for part in PARTS
    ]
    return list(zip(*columns, strict=True))  # pyright: ignore[reportReturnType]


def _known(parts: _Parts) -> int:
    """Return how many parts of a date are known without a gap before them."""
    return next((place for place, part in enumerate(parts) if part is None), len(parts))


def _date(parts: _Parts, *, late: bool) -> datetime.date | None:
    """Return a date, its unknown parts as early or as late as they may be; None when there is no such day."""
    known = _known(parts)
    year, month, day = parts
    if known == 0 or year is None:
        return None
    if known == 1 or month is None:
        return datetime.date(year, 12, 31) if late else datetime.date(year, 1, 1)
    first = datetime.date(year, month, 1)
    if known == 2 or day is None:
        following = datetime.date(year + month // 12, month % 12 + 1, 1)
        return following - datetime.timedelta(days=1) if late else first
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _written(parts: _Parts) -> str:
    return "-".join(f"{part:02d}" for part in parts[: _known(parts)] if part is not None)
