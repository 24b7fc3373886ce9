"""Declare SIPRI's trade register of arms: deliveries a row, and the older layout with deals a row."""

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


def _without_semicolons(raw: RawTable) -> RawTable:
    """Return the register without the semicolon that ends its lines, beside the commas between its cells."""
    last = str(raw.cells.columns[-1])
    if not last.endswith(";"):
        return raw
    cells = raw.cells.rename(columns={last: last.rstrip(";").strip()})
    name = str(cells.columns[-1])
    return replace(raw, cells=cells.assign(**{name: cells[name].str.rstrip(";").str.strip()}))


def _ends_in_a_semicolon(raw: RawTable) -> bool:
    """Whether the last line is whole, as SIPRI ends each with a semicolon and the last one without a line end."""
    return len(raw.cells) > 0 and str(raw.cells.iloc[-1, -1]).endswith(";")


def _check_deliveries(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["deal", "year"])
    for line, ordered, year in zip(rows.index, rows["ordered"], rows["year"], strict=True):
        if ordered > year:
            yield raw.problem(int(line), "", f"delivered in {year:g}, before the order of {ordered:g}")


DELIVERIES = DataSet(
    name="sipri_register",
    title="SIPRI trade register, deliveries",
    versions=("2023", "2026"),
    citation=CITATION,
    terms=TERMS,
    gives="what a patron and others delivered to a client, each delivery with its year and trend-indicator value",
    files=("trade-register*.*", "trade_register*.*", "dealsandtivs*.*"),
    home=HOME,
    states="name",
    columns=(
        Column("deal", headings=("SIPRI AT Database ID", "Deal ID"), low=1),
        Column("supplier", "text", headings=("Supplier", "Seller")),
        Column("recipient", "text", headings=("Recipient", "Buyer")),
        Column("weapon", "text", headings=("Designation",)),
        Column("description", "text", headings=("Description",)),
        Column("category", "text", headings=("Armament category",), missing=("",)),
        Column("ordered", headings=("Order date",), missing=("",), low=1940, high=2030),
        Column("ordered_estimate", "flag", headings=("Order date is estimate",), missing=("",), required=False),
        Column("number", "number", headings=("Numbers delivered",), missing=("",), low=0),
        Column("number_estimate", "flag", headings=("Numbers delivered is estimate",), missing=("",), required=False),
        Column("year", headings=("Delivery year",), low=FIRST_YEAR, high=2030),
        Column("year_estimate", "flag", headings=("Delivery year is estimate",), missing=("",), required=False),
        Column("status", "text", headings=("Status",), missing=("",), choices=STATUSES),
        Column("tiv", "number", headings=("TIV delivery values",), missing=("",), low=0),
        Column("local_production", "flag", headings=("Local production",), missing=("",), required=False),
    ),
    check=_check_deliveries,
    version_of=day_generated,
    reshape=_without_semicolons,
    whole=_ends_in_a_semicolon,
    footnotes=True,
)

_DEAL = {
    "recipient": "Recipient",
    "supplier": "Supplier",
    "ordered": "Year of order",
    "number": "Number delivered",
    "years": "Year(s) of delivery",
    "tiv": "SIPRI TIV of delivered weapons",
}


def _deal_by_year(raw: RawTable) -> RawTable:
    """Return the older register with a row for each year of a deal, its value shared out evenly among the years.

    Recipients and suppliers that are not written again are those of the row above.
    """
    import pandas as pd

    columns = {str(name).casefold(): str(name) for name in raw.cells.columns}
    absent = [name for name in _DEAL.values() if name.casefold() not in columns]
    if absent:
        raise ScenarioError(
            [Problem(raw.label, raw.header or None, message=f"missing column {name}") for name in absent]
        )
    heading = {name: columns[written.casefold()] for name, written in _DEAL.items()}
    parties = raw.cells[[heading["recipient"], heading["supplier"]]].replace("", None).ffill().fillna("")
    names = [str(name) for name in raw.cells.columns]
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    for line, cells, recipient, supplier in zip(
        raw.cells.index, raw.cells.to_dict("records"), parties.iloc[:, 0], parties.iloc[:, 1], strict=True
    ):
        try:
            years = _years(str(cells[heading["years"]]))
        except ValueError as error:
            problems.append(raw.problem(int(line), heading["years"], str(error)))
            continue
        if cells[heading["recipient"]] and not cells[heading["supplier"]]:
            problems.append(raw.problem(int(line), heading["supplier"], "a recipient begins here without a supplier"))
        row = {_DEAL["recipient"]: recipient, _DEAL["supplier"]: supplier, "shared": str(len(years))}
        for name in ("ordered", "number", "tiv"):
            row[_DEAL[name]], row[f"{name}_estimate"] = _figure(cells, names, heading[name])
        row["years_estimate"] = "1" if _MARKS.search(str(cells[heading["years"]]).replace(" ", "")) else "0"
        for year in years:
            rows.append({**row, "year": str(year)})
            lines.append(int(line))
    if problems:
        raise ScenarioError(problems[:MAX_PROBLEMS])
    cells_by_year = pd.DataFrame(rows, index=pd.Index(lines, dtype="int64", name=raw.cells.index.name), dtype=object)
    return replace(raw, cells=cells_by_year)


def _figure(cells: dict[Any, Any], names: list[str], heading: str) -> tuple[str, str]:
    """Return a figure, and whether a mark says that it is an estimate: around it, or beside it without a heading."""
    text = str(cells[heading])
    following = names.index(heading) + 1
    beside = (
        str(cells[names[following]]) if following < len(names) and names[following] == unnamed(following + 1) else ""
    )
    bare = _MARKS.sub("", text)
    return bare, "1" if bare != text.replace(" ", "") or _MARKS.search(beside) else "0"


def _years(text: str) -> list[int]:
    """Return the years of a cell such as ``2009-2011; 2014`` or ``(2015)``.

    Raises
    ------
    ValueError
        When it says something else.
    """
    years: list[int] = []
    for part in re.split(r"[;,]", _MARKS.sub("", text)):
        found = _SPAN.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not part:
            continue
        if found is None or not first <= last < first + _LONGEST:
            raise ValueError(f"expected years such as 2009-2011; 2014, got {shorten(text)}")
        years += [year for year in range(first, last + 1) if year not in years]
    return years


def _check_deals(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    for name in ("recipient", "supplier"):
        for line in rows.index[rows[name] == ""][:MAX_PROBLEMS]:
            yield raw.problem(int(line), name.capitalize(), f"no {name} here or in a row above")


def _share_out(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(tiv=rows["tiv"] / rows["shared"], number=rows["number"] / rows["shared"])


DEALS = DataSet(
    name="sipri_deals",
    title="SIPRI trade register, deals",
    versions=("to 2022",),
    citation=CITATION,
    terms=TERMS,
    gives="the same as sipri_register from the older layout, each deal shared out evenly among its years",
    files=("*deals*register*.*", "*tradereg*.*", "trade register*.*"),
    home=HOME,
    states="name",
    columns=(
        Column("recipient", "text", headings=(_DEAL["recipient"],), missing=("",)),
        Column("supplier", "text", headings=(_DEAL["supplier"],), missing=("",)),
        Column("year", low=FIRST_YEAR, high=2030),
        Column("years_estimate", "flag"),
        Column("shared", low=1),
        Column("ordered", headings=(_DEAL["ordered"],), missing=("",), low=1940, high=2030),
        Column("ordered_estimate", "flag"),
        Column("number", "number", headings=(_DEAL["number"],), missing=("",), low=0),
        Column("number_estimate", "flag"),
        Column("tiv", "number", headings=(_DEAL["tiv"],), missing=("",), low=0),
        Column("tiv_estimate", "flag"),
    ),
    check=_check_deals,
    version_of=day_generated,
    transform=_share_out,
    reshape=_deal_by_year,
    sought=tuple((name,) for name in _DEAL.values()),
    footnotes=True,
)

DATA_SETS = (DELIVERIES, DEALS)
