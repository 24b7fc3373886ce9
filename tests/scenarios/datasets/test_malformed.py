"""A malformed file is refused by line, or read to the very values of the sound one; it is never misread.

The ways of spoiling are in `tests.scenarios.datasets.variants`, the sound files in the samples beside it. Two things
no reader can see, and so they are allowed: rows that are missing after a cut exactly between two lines, and a column
that some versions do not have, once its name is gone. What is read then holds no value that the sound file lacks.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.raw_table import read_raw_table
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.variants import CUTS, LESS, WAYS, variants
from tests.scenarios.datasets.variants.shapes import delimiter_replaced_blindly, empty, only_column_names
from tests.scenarios.datasets.variants.sheet import Sheet, Spoil, sheet_of

EACH = 1
"""How often every way is tried on every data set in the long run."""

FEWEST = 800
"""As many variants as this there are at least."""

ONE_IN = 23
"""Which share of the variants the short run tries; another one of every data set."""

_BETWEEN = re.compile(r"[;\t|]")


def sheet(name: str, folder: Path) -> Sheet:
    """Return the sample of a data set as cells."""
    data_set, sample = CATALOGUE[name], SAMPLES[name]
    wanted = data_set.sought or [column.names for column in data_set.columns]
    raw = read_raw_table(
        sample.write(folder), wanted, data_set.large, footnotes=data_set.footnotes, layouts=data_set.layouts
    )
    return sheet_of(sample, raw.header)


def rows_of(frame: pd.DataFrame, *, fold: bool = False) -> Counter[tuple[str, ...]]:
    """Return the rows as texts, whatever their order and the type of their numbers."""
    return Counter(tuple(_said(value, fold=fold) for value in row) for row in frame.itertuples(index=False))


def _said(value: Any, *, fold: bool) -> str:
    if isinstance(value, str):
        return repr(_BETWEEN.sub(",", value) if fold else value)
    if value is None or isinstance(value, tuple):
        return repr(value)
    return repr(float(value)) if isinstance(value, int | float) or hasattr(value, "item") else repr(value)


def objection(name: str, way: Spoil, data: bytes, sound: pd.DataFrame, folder: Path) -> str | None:
    """Return what is wrong with how a variant was taken, or None: it was refused by line, or read rightly."""
    path = SAMPLES[name].write(folder, data)
    try:
        read = read_data_set(CATALOGUE[name], path).rows
    except ScenarioError as error:
        return _objection_to_refusal(way, error, path)
    except Exception as error:
        return f"ended in {type(error).__name__}: {error}"
    fold = way is delimiter_replaced_blindly  # texts with delimiters in them have changed, and rightly read otherwise
    if way in LESS:
        gone = [column for column in read if (read[column].isna() | read[column].isin(["", ()])).all()]
        read, sound = read.drop(columns=gone), sound.drop(columns=gone)
    seen, expected = rows_of(read, fold=fold), rows_of(sound, fold=fold)
    if seen == expected or (way in CUTS and not seen - expected):
        return None
    return f"was misread: {list((seen - expected).items())[:1]} instead of {list((expected - seen).items())[:1]}"


def _objection_to_refusal(way: Spoil, error: ScenarioError, path: Path) -> str | None:
    """Return what a refusal lacks: the file, and the line where there is one."""
    for problem in error.problems:
        if problem.file != str(path):
            return f"was refused as another file, {problem.file}"
        if problem.line is None and way not in (empty, only_column_names):
            return f"was refused without a line: {problem}"
        if not problem.message:
            return "was refused without a reason"
    return None


def objections(name: str, folder: Path, times: int, one_in: int = 1) -> list[str]:
    """Return what is wrong with how the variants of a data set were taken."""
    sound_sheet = sheet(name, folder)
    sound = read_data_set(CATALOGUE[name], SAMPLES[name].write(folder)).rows
    said: list[str] = []
    for place, (way, turn, data) in enumerate(variants(sound_sheet, times)):
        if (place + zlib.crc32(name.encode())) % one_in:
            continue
        wrong = objection(name, way, data, sound, folder)
        if wrong is not None:
            said.append(f"{name}, {way.__name__}, turn {turn}: {wrong}")
    return said


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_some_malformed_variants_are_refused_or_read_rightly(name: str, tmp_path: Path) -> None:
    assert objections(name, tmp_path, times=1, one_in=ONE_IN) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_malformed_variants_are_refused_or_read_rightly(name: str, tmp_path: Path) -> None:
    assert objections(name, tmp_path, times=EACH) == []


def test_there_are_eight_hundred_variants_and_every_way_spoils_something(tmp_path: Path) -> None:
    ways: Counter[str] = Counter()
    different: set[tuple[str, bytes]] = set()
    for name in CATALOGUE:
        for way, _, data in variants(sheet(name, tmp_path), 1):
            ways[way.__name__] += 1
            different.add((name, data))
    assert len(different) >= FEWEST
    assert set(ways) == {way.__name__ for way in WAYS}


@pytest.mark.parametrize("ending", [".dta", pytest.param(".rds", marks=pytest.mark.slow)])
def test_binary_tables_that_are_cut_are_refused(tmp_path: Path, ending: str) -> None:
    name = "archigos"
    frame = pd.DataFrame({
        "gwcode": [2.0, 2.0, 41.0], "leader": ["A", "B", "C"],
        "startdate": ["1951-03-04", "1957-11-30", "1960-02-29"],
        "enddate": ["1957-11-30", "1961-01-20", "1960-12-25"], "exit": ["Regular", "Regular", "Irregular"],
        "exitcode": ["Regular", "Regular", "Unknown"],
    })  # fmt: skip
    path = tmp_path / f"archigos{ending}"
    if ending == ".dta":
        frame.to_stata(path, write_index=False)
    else:
        pyreadr = pytest.importorskip("pyreadr")
        pyreadr.write_rds(str(path), frame)
    sound = rows_of(read_data_set(CATALOGUE[name], path).rows)
    whole = path.read_bytes()
    assert sum(sound.values()) == 3
    for tenth in range(10):
        path.write_bytes(whole[: len(whole) * tenth // 10])
        try:
            assert rows_of(read_data_set(CATALOGUE[name], path).rows) == sound
        except ScenarioError as error:
            assert [problem.file for problem in error.problems] == [str(path)]
