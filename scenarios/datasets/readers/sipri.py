"""Declare SIPRI's arms transfers in trend-indicator values (TIV): by pair and year, and its tables with years across.

A TIV of 0 is a delivery worth less than half a million; where there was none, there is no row. Names that end in
``*`` are armed groups, in ``**`` organisations of states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable, unnamed
from papertiger.scenarios.errors import MAX_PROBLEMS, Problem, ScenarioError, shorten

if TYPE_CHECKING:
    import pandas as pd

CITATION = (
    "Stockholm International Peace Research Institute: SIPRI Arms Transfers Database, with the day of the download"
)
TERMS = "(c) SIPRI; large extracts need its leave (from memory), so pass on shares and not values"
HOME = "SIPRI (armstransfers.sipri.org)"
FIRST_YEAR = 1950

ROUNDING = 0.5
"""Values are rounded to a million, so each may be as far from what the totals were made of."""

_YEAR = re.compile(r"\d{4}")
_VALUE = re.compile(r"(?P<open>\()?\s*(?P<value>\d+(\.\d+)?)\s*(?(open)\))\s*(?P<doubt>\?)?")
_TITLE = re.compile(
    r"TIV of arms exports (?P<side>from|to) (?P<party>.+?)[,;|\t]? (?P<first>\d{4})-(?P<last>\d{4})\b", re.IGNORECASE
)
_VOLUME = re.compile(
    r"Volume of transfers of major arms(?: from (?P<supplier>.+?))?(?: to (?P<recipient>.+?))?[\s.,;\"]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SHARES = re.compile(r"percentage.*|sum total.*", re.IGNORECASE)
"""Columns of sums and percentages that the layout since 2023 has beside the years."""

_NAME = r".*[^\W\d].*"
_OTHER = {"supplier": "recipient", "recipient": "supplier"}
_SOUGHT = tuple((str(year),) for year in range(FIRST_YEAR, 2031))


def is_state(name: str) -> bool:
    """Whether a name is that of a state, and not of a group, an organisation or somebody unknown."""
    return not name.endswith("*") and not name.casefold().startswith("unknown ")


def _check_pairs(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["supplier", "recipient", "year"])


PAIRS = DataSet(
    name="sipri_pairs",
    title="SIPRI arms transfers by pair and year",
    versions=("1950-2021", "1950-2025"),
    citation=CITATION,
    terms=TERMS,
    gives="a patron's share of a client's arms, and its other suppliers",
    files=("sipri*pairs*.*", "sipri-exports-processed.*"),
    home="packages and projects that put SIPRI's tables together, such as 360-info/report-arms-trade",
    states="name",
    columns=(
        Column("supplier", "text"),
        Column("recipient", "text"),
        Column("year", low=FIRST_YEAR, high=2030),
        Column("tiv", "number", headings=("value", "tiv"), low=0),
        Column("supplier_cow", headings=("supplier_cown",), missing=NOTHING, low=2, high=990, required=False),
        Column("recipient_cow", headings=("recipient_cown",), missing=NOTHING, low=2, high=990, required=False),
    ),
    check=_check_pairs,
)


def _years_down(raw: RawTable) -> RawTable:
    """Return SIPRI's table of a state's transfers with a row for each partner and year, after checking its totals."""
    import pandas as pd

    if raw.cells.empty:
        raise ScenarioError([raw.problem(raw.header, "", "no row below the column names")])
    side, party = _sides(raw)
    years = [str(name) for name in raw.cells.columns if _YEAR.fullmatch(str(name))]
    first = str(raw.cells.columns[0])
    table, problems = _values(raw, years)
    problems += _odd_columns(raw, years)
    is_total = raw.cells[first].str.casefold().str.startswith("total")
    problems += _wrong_totals(raw, table, years, is_total)
    if first == unnamed(1) and not is_total.any():
        last = int(raw.cells.index[-1])
        problems.append(raw.problem(last, "", "no row of totals below the table, as in a download that broke off"))
    if problems:
        raise ScenarioError(problems[:MAX_PROBLEMS])
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    for line, name in raw.cells.loc[~is_total, first].items():
        for year in years:
            if (line, year) in table:
                value, doubt = table[line, year]
                rows.append({side: name, _OTHER[side]: party, "year": year, "tiv": f"{value:g}", "estimate": doubt})
                lines.append(int(str(line)))
    cells = pd.DataFrame(rows, index=pd.Index(lines, dtype="int64", name="line"), dtype=object)
    return replace(raw, cells=cells)


def _sides(raw: RawTable) -> tuple[str, str]:
    """Return whether the rows are suppliers or recipients, and who is on the other side; empty is everybody."""
    first = str(raw.cells.columns[0])
    title = _TITLE.search(raw.above)
    if title is not None:
        named = "supplier" if title["side"].casefold() == "from" else "recipient"
        party = title["party"].strip()
        return (named, "") if party.casefold().startswith("all") else (_OTHER[named], party)
    if first.casefold() in _OTHER:
        side = first.casefold()
        volume = _VOLUME.search(raw.above)
        party = (volume[_OTHER[side]] or "").strip() if volume is not None else ""
        return side, "" if party.casefold().startswith("all") else party
    message = "expected the heading Recipient or Supplier, or above the table a title 'TIV of arms exports from …'"
    raise ScenarioError([raw.problem(raw.header, "", message)])


def _odd_columns(raw: RawTable, years: list[str]) -> Iterator[Problem]:
    """Find columns that are neither the first, a year nor the totals: years beside the wrong values, or renamed."""
    names = [str(name) for name in raw.cells.columns]
    for name in names[1:]:
        if name not in years and name != _total_column(raw) and not _SHARES.fullmatch(name):
            yield raw.problem(raw.header, name, "expected a year, or the totals in the last column")
    title = _TITLE.search(raw.above)
    first, last = (title["first"], title["last"]) if title is not None else (years[0], years[-1])
    expected = [str(year) for year in range(int(first), int(last) + 1)]
    if years != (expected if title is not None else sorted(years)):
        yield raw.problem(raw.header, "", f"expected the years {first} to {last}, in their order")


def _values(raw: RawTable, years: list[str]) -> tuple[dict[tuple[Any, str], tuple[float, str]], list[Problem]]:
    """Return value and estimate of each filled cell by line and year."""
    table: dict[tuple[Any, str], tuple[float, str]] = {}
    problems: list[Problem] = []
    for year in years:
        for line, text in raw.cells[year].items():
            match = _VALUE.fullmatch(text)
            if match is not None:
                table[line, year] = (float(match["value"]), "1" if match["open"] or match["doubt"] else "0")
            elif text:
                message = f"expected a value in millions, or nothing, got {shorten(text)}"
                problems.append(raw.problem(int(str(line)), year, message))
    return table, problems


def _wrong_totals(
    raw: RawTable, table: dict[tuple[Any, str], tuple[float, str]], years: list[str], is_total: pd.Series[Any]
) -> Iterator[Problem]:
    """Find totals of rows and columns that are further from their sums than rounding can bring them."""
    across = _total_column(raw)
    if across is not None:
        for line, text in raw.cells[across].items():
            values = [table[line, year][0] for year in years if (line, year) in table]
            yield from _wrong_total(raw, line, "its total", text, values)
    lines = raw.cells.index[~is_total]
    for total in raw.cells.index[is_total]:
        for year in years:
            values = [table[line, year][0] for line in lines if (line, year) in table]
            yield from _wrong_total(raw, total, year, raw.cells.loc[total, year], values)


def _wrong_total(raw: RawTable, line: Any, column: str, text: Any, values: list[float]) -> Iterator[Problem]:
    if _VALUE.fullmatch(str(text)) is None:
        return
    total = float(str(text).strip("()? "))
    if abs(total - sum(values)) > ROUNDING * (len(values) + 1):
        message = f"{total:g} is the total of values that add up to {sum(values):g}: cells are missing or have moved"
        yield raw.problem(int(line), column, message)


def _total_column(raw: RawTable) -> str | None:
    """Return the heading of the totals: a span of years, or none at all in the last column."""
    names = [str(name) for name in raw.cells.columns]
    spans = [name for name in names if re.fullmatch(r"\d{4}\s*-\s*\d{4}|total", name, re.IGNORECASE)]
    return spans[0] if spans else names[-1] if names[-1] == unnamed(len(names)) else None


def _check_values(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["supplier", "recipient", "year"])


def day_generated(raw: RawTable) -> str:
    """Return the day on which SIPRI made a table, which is all that it says of its version."""
    match = re.search(r"(?:Data g|G)enerated: *(\d{1,2} \w+ \d{4})", raw.above)
    return f"of {match[1]}" if match else ""


VALUES = DataSet(
    name="sipri_values",
    title="SIPRI arms transfers, table of import or export values",
    versions=("1950-2021", "1950-2025"),
    citation=CITATION,
    terms=TERMS,
    gives="a patron's arms to each client, or all of a client's suppliers",
    files=("tiv-export*.*", "tiv-import*.*", "*import-export-values*.*"),
    home=HOME,
    states="name",
    columns=(
        Column("supplier", "text", missing=("",), pattern=_NAME, looks="letters"),
        Column("recipient", "text", missing=("",), pattern=_NAME, looks="letters"),
        Column("year", low=FIRST_YEAR, high=2030),
        Column("tiv", "number", low=0),
        Column("estimate", "flag"),
    ),
    check=_check_values,
    version_of=day_generated,
    reshape=_years_down,
    sought=_SOUGHT,
    footnotes=True,
)

DATA_SETS = (PAIRS, VALUES)
