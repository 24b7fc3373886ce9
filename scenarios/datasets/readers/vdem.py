"""Declare V-Dem, varieties of democracy, by country and year (Coppedge et al.); only the columns needed are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

CLOSED_AUTOCRACY, ELECTORAL_AUTOCRACY, ELECTORAL_DEMOCRACY, LIBERAL_DEMOCRACY = range(4)
"""Regimes of the World."""

_VERSION = re.compile(r"v(\d{1,2}(?:\.\d)?)", re.IGNORECASE)


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["country", "year"])
    for low, high in (("polyarchy_low", "polyarchy"), ("polyarchy", "polyarchy_high")):
        for line in rows.index[rows[low] > rows[high]][:100]:
            yield raw.problem(int(line), "v2x_polyarchy", "lies outside its own interval")


def _version(raw: RawTable) -> str:
    match = _VERSION.search(Path(raw.label).stem)
    return match[1] if match else ""


def _index(name: str, heading: str) -> Column:
    return Column(name, "number", headings=(heading,), missing=NOTHING, low=0, high=1, required=False)


COUNTRY_YEARS = DataSet(
    name="vdem",
    title="V-Dem country-years",
    versions=("13", "14", "15"),
    citation="Coppedge et al.: V-Dem Country-Year Dataset, Varieties of Democracy (V-Dem) Project, with the version",
    terms="CC BY-SA 4.0 (from memory)",
    gives="how democratic a client is, with the coders' uncertainty",
    files=("v-dem-cy*.*", "vdem.*", "vdem-cy*.*"),
    home="V-Dem Institute (v-dem.net)",
    states="cow",
    columns=(
        Column("country", headings=("country_id",), low=1, high=500),
        Column("code", "text", headings=("country_text_id",)),
        Column("name", "text", headings=("country_name",)),
        Column("year", low=1789, high=2030),
        Column("state", headings=("COWcode",), missing=NOTHING, low=2, high=990, required=False),
        Column("polyarchy", "number", headings=("v2x_polyarchy",), missing=NOTHING, low=0, high=1),
        _index("polyarchy_low", "v2x_polyarchy_codelow"),
        _index("polyarchy_high", "v2x_polyarchy_codehigh"),
        _index("liberal", "v2x_libdem"),
        Column("regime", headings=("v2x_regime",), missing=NOTHING, low=0, high=3, required=False),
    ),
    check=_check,
    version_of=_version,
    large=True,
)

DATA_SETS = (COUNTRY_YEARS,)
