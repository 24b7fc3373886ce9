"""Declare SIPRI's trade register of arms, in both layouts: deliveries a row, and before 2023 deals a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.datasets.columns import Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable, unnamed
from papertiger.scenarios.datasets.readers.sipri import CITATION, FIRST_YEAR, HOME, TERMS, day_generated
from papertiger.scenarios.errors import MAX_PROBLEMS, Problem, ScenarioError, shorten

if TYPE_CHECKING:
    import pandas as pd

STATUSES = ("New", "Second hand", "Second hand but modernized")

_MARKS = re.compile(r"[()?\s]|\byes\b", re.IGNORECASE)
"""What says that a figure is SIPRI's estimate, around it or in the column without a heading beside it."""

_SPAN = re.compile(r"(\d{4})(?:-(\d{4}))?")
_LONGEST = 60
"""No deal is delivered over more years."""

_RECIPIENT, _SUPPLIER, _YEARS = "Recipient", "Supplier", "Year(s) of delivery"
_FIGURES = {
    "Year of order": "Order date is estimate",
    "Number delivered": "Numbers delivered is estimate",
    "SIPRI TIV of delivered weapons": "SIPRI estimate of the value",
}
"""Columns of deals whose figures may be marked as estimates, each with the column for it here."""

_COLUMNS = (
    Column("deal", headings=("SIPRI AT Database ID", "Deal ID"), missing=("",), low=1, required=False),
    Column("supplier", "text", headings=(_SUPPLIER, "Seller")),
    Column("recipient", "text", headings=(_RECIPIENT, "Buyer")),
    Column("weapon", "text", headings=("Designation", "Weapon designation"), missing=("",)),
    Column("description", "text", headings=("Description", "Weapon description"), missing=("",), required=False),
    Column("category", "text", headings=("Armament category",), missing=("",), required=False),
    Column("ordered", headings=("Order date", "Year of order"), missing=("",), low=1940, high=2030),
    Column("ordered_estimate", "flag", headings=("Order date is estimate",), missing=("",), required=False),
    Column("number", "number", headings=("Numbers delivered", "Number delivered"), missing=("",), low=0),
    Column("number_estimate", "flag", headings=("Numbers delivered is estimate",), missing=("",), required=False),
    Column("year", headings=("Delivery year",), low=FIRST_YEAR, high=2030),
    Column("year_estimate", "flag", headings=("Delivery year is estimate",), missing=("",), required=False),
    Column("status", "text", headings=("Status",), missing=("",), choices=STATUSES, required=False),
    Column(
        "tiv", "number", headings=("TIV delivery values", "SIPRI TIV of delivered weapons"), missing=("",), low=0
    ),
    Column("local_production", "flag", headings=("Local production",), missing=("",), required=False),
    Column("shared", headings=("(years)",), low=1, required=False),
)  # fmt: skip


def _deliveries(raw: RawTable) -> RawTable:
    """Return the register with a delivery a row, from either layout."""
    columns = {str(name).casefold(): str(name) for name in raw.cells.columns}
    if _YEARS.casefold() in columns:
        return _deals_by_year(raw, columns)
    # Lines end in a semicolon, beside the commas between their cells; the last column need not be the last for ever.
    ends = {str(name): str(name).rstrip(";").strip() for name in raw.cells.columns if str(name).endswith(";")}
    cells = raw.cells.rename(columns=ends)
    return replace(
        raw, cells=cells.assign(**{name: cells[name].str.rstrip(";").str.strip() for name in ends.values()})
    )


def _deals_by_year(raw: RawTable, columns: dict[str, str]) -> RawTable:
    """Return a row for each year of each deal; parties that are not written again are those of the row above."""
    import pandas as pd

    wanted = (_RECIPIENT, _SUPPLIER, *_FIGURES)
    absent = [name for name in wanted if name.casefold() not in columns]
    if absent:
        raise ScenarioError([raw.problem(raw.header or None, "", f"missing column {name}") for name in absent])
    heading = {name: columns[name.casefold()] for name in (*wanted, _YEARS)}
    above = {_RECIPIENT: "", _SUPPLIER: ""}
    names = [str(name) for name in raw.cells.columns]
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    for line, cells in zip(raw.cells.index, raw.cells.to_dict("records"), strict=True):
        if cells[heading[_RECIPIENT]]:
            above = {_RECIPIENT: cells[heading[_RECIPIENT]], _SUPPLIER: cells[heading[_SUPPLIER]]}
        above[_SUPPLIER] = cells[heading[_SUPPLIER]] or above[_SUPPLIER]
        for party, name in above.items():
            if not name:
                problems.append(raw.problem(int(line), party, f"no {party.casefold()} here or in a row above"))
        text = str(cells[heading[_YEARS]])
        try:
            years = _years(text)
        except ValueError as error:
            problems.append(raw.problem(int(line), heading[_YEARS], str(error)))
            continue
        row = {str(name): value for name, value in cells.items()} | above | {"(years)": str(len(years))}
        for figure, estimate in _FIGURES.items():
            row[heading[figure]], row[estimate] = _figure(cells, names, heading[figure])
        row["Delivery year is estimate"] = _figure(cells, names, heading[_YEARS])[1]
        for year in years:
            rows.append({**row, "Delivery year": str(year)})
            lines.append(int(line))
    if problems:
        raise ScenarioError(problems[:MAX_PROBLEMS])
    index = pd.Index(lines, dtype="int64", name=raw.cells.index.name)
    return replace(raw, cells=pd.DataFrame(rows, index=index, dtype=object))


def _figure(cells: dict[Any, Any], names: list[str], heading: str) -> tuple[str, str]:
    """Return a figure, and whether a mark says that it is an estimate: around it, or beside it without a heading."""
    text = str(cells[heading])
    place = names.index(heading) + 1
    marked = place < len(names) and names[place] == unnamed(place + 1) and _MARKS.search(str(cells[names[place]]))
    bare = _MARKS.sub("", text)
    return bare, "1" if marked or bare != re.sub(r"\s", "", text) else "0"


def _years(text: str) -> list[int]:
    """Return the years of a cell such as ``2009-2011; 2014`` or ``(2015)``.

    Raises
    ------
    ValueError
        When it says something else.
    """
    years: list[int] = []
    for part in re.split(r"[;,]", _MARKS.sub("", text)):
        if not part:
            continue
        match = _SPAN.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < first + _LONGEST:
            raise ValueError(f"expected years such as 2009-2011; 2014, got {shorten(text)}")
        years += [year for year in range(first, last + 1) if year not in years]
    return years


def _is_whole(raw: RawTable) -> bool:
    """Whether the last line is whole, as SIPRI ends each with a semicolon and the last one without a line end."""
    return len(raw.cells) > 0 and str(raw.cells.iloc[-1, -1]).endswith(";")


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows[rows["deal"].notna()], ["deal", "year"])
    for line, ordered, year in zip(rows.index, rows["ordered"], rows["year"], strict=True):
        if ordered > year:
            yield raw.problem(int(line), "", f"delivered in {year:g}, before the order of {ordered:g}")


def _share_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows in which what a deal delivered over several years is shared out evenly among them."""
    years = rows["shared"].fillna(1).astype("int64")
    return rows.assign(shared=years, tiv=rows["tiv"] / years, number=rows["number"] / years)


DELIVERIES = DataSet(
    name="sipri_register",
    title="SIPRI trade register",
    versions=("deals, to 2022", "deliveries, 2023-2026"),
    citation=CITATION,
    terms=TERMS,
    gives=(
        "what a patron and others delivered to a client, by year and in trend-indicator values; where the file has "
        "deals over several years, shared out evenly (column shared)"
    ),
    files=("*trade-register*.*", "*trade_register*.*", "*traderegister*.*", "trade register*.*", "dealsandtivs*.*"),
    home=HOME,
    states="name",
    columns=_COLUMNS,
    check=_check,
    version_of=day_generated,
    transform=_share_out,
    whole=_is_whole,
    reshape=_deliveries,
    sought=(*(column.names for column in _COLUMNS), (_YEARS,)),
    footnotes=True,
)

DATA_SETS = (DELIVERIES,)
