"""Every number that a command or a report prints has one entry in the glossary, as the code itself writes it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

import papertiger as pt
from papertiger.cli import compare as compare_tables
from papertiger.experiments.design.sampling import ROW_COLUMNS
from papertiger.experiments.glossary.terms import glossary
from papertiger.experiments.measures import kinds, measure_class
from papertiger.experiments.report.page import write_report
from papertiger.experiments.run.results import Results
from papertiger.experiments.statistics.paired import PairedDifference
from papertiger.model.agents.record import CLIENT_COLUMNS, PATRON_COLUMNS, SIGNAL_COLUMNS
from papertiger.model.ensemble.kernel import PATRON_MEASURES
from papertiger.model.own_code import is_shipped
from papertiger.model.run import BREAK_COLUMNS, LEDGER_COLUMNS, WHY_COLUMNS
from tests.docs.pages import ROOT, script
from tests.experiments.report import made_up

SIDES = ("left", "right", "wide")
NO_NUMBERS = ("audit", "balance", "claims", "diff", "lessons", "learned", "list", "rehearse")
"""Commands whose tables are words, or are made of the game's or of another page's own headings."""


def headings_of_commands() -> set[str]:
    """Return each heading that a command gives to a table, as it is written in the code."""
    texts = set()
    for file in sorted((ROOT / "papertiger" / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Tuple(elts=[ast.Constant(value=str(text)), ast.Constant(value=str(side)), *_]):
                    if side in SIDES and file.stem not in NO_NUMBERS:
                        texts.add(text)
    return texts - {"", "what"}


def missing_columns(names: Iterable[str]) -> list[str]:
    return [name for name in names if glossary().of_column(name) is None]


def test_every_kind_of_measure_and_each_column_it_writes_has_an_entry() -> None:
    shipped = [kind for kind in kinds() if is_shipped(measure_class(kind))]
    assert [kind for kind in shipped if glossary().of_measure(kind) is None] == []


def test_every_column_of_a_run_has_an_entry() -> None:
    run = pt.simulate("sahel_2020", seed=1, months=3)
    runs = pt.ensemble("sahel_2020", runs=2, seed=1, keep="bands")
    tables = (run.choices, runs.posture_shares, runs.bands, runs.patron_bands)
    columns = {*CLIENT_COLUMNS, *PATRON_COLUMNS, *SIGNAL_COLUMNS, *BREAK_COLUMNS, *LEDGER_COLUMNS, *WHY_COLUMNS}
    columns |= {*ROW_COLUMNS, *PATRON_MEASURES, *(name for table in tables for name in table.columns)}
    assert missing_columns(sorted(columns)) == []


def test_every_column_of_a_comparison_has_an_entry() -> None:
    comparison = pt.compare(["sahel_2020", "sahel_2020"], runs=2)
    columns = {
        name for table in compare_tables._tables(comparison, pd.DataFrame()).values() for name in table.columns
    }
    columns |= {field.name for field in fields(PairedDifference)}
    assert missing_columns(sorted(columns - {"level", "seed"})) == []


def test_every_heading_of_a_command_has_an_entry() -> None:
    assert [text for text in sorted(headings_of_commands()) if glossary().of_heading(text) is None] == []


SWEEPS: dict[str, Callable[[Path], Results]] = {
    "measures of every kind": made_up.rich,
    "sobol": lambda folder: made_up.swept(folder, "sobol"),
    "morris": lambda folder: made_up.swept(folder, "morris"),
    "discovery": lambda folder: made_up.swept(folder, "latin-hypercube"),
    "grid": lambda folder: made_up.stepped(folder, "grid"),
    "one-at-a-time": lambda folder: made_up.stepped(folder, "one-at-a-time"),
    "times": lambda folder: made_up.awaited(folder, "sobol", kind="sobol"),
}


@pytest.mark.xdist_group("prim")
@pytest.mark.parametrize("name", SWEEPS)
def test_every_column_and_heading_of_a_report_has_an_entry_and_a_link(tmp_path: Path, name: str) -> None:
    results = SWEEPS[name](tmp_path / "results")
    page = write_report(results).read_text(encoding="utf-8")
    columns = {
        str(column) for file in (results.folder / "tables").glob("*.csv") for column in pd.read_csv(file).columns
    }
    assert missing_columns(sorted(columns)) == []
    links = [part.split('"')[0] for part in page.split('href="#')[1:]]
    assert len(links) > 5
    assert [link for link in links if f'id="{link}"' not in page] == []
    heads = [cell.split("</th>")[0] for part in page.split("<thead>")[1:] for cell in part.split('scope="col">')[1:]]
    titles = {results.experiment.title, *(f"World {label}" for label in results.experiment.labels)}
    plain = [head for head in heads if not head.startswith("<a ") and "scope" not in head]
    assert [head for head in plain if head not in titles] == []


def test_no_name_stands_in_two_entries_so_that_no_two_definitions_contradict() -> None:
    for kind in ("measures", "columns", "headings"):
        counts = Counter(name for term in glossary() for name in getattr(term, kind))
        assert {name: count for name, count in counts.items() if count > 1} == {}
    for words in ("name", "anchor", "means"):
        assert Counter(getattr(term, words) for term in glossary()).most_common(1)[0][1] == 1


def test_what_is_found_in_several_places_is_one_term_under_one_name() -> None:
    for name in ("protection", "capability", "resolve", "Scenario", "client"):
        terms = {glossary().of_column(name.lower()), glossary().of_heading(name)}
        assert len(terms) == 1, name


def test_the_page_says_what_the_glossary_says() -> None:
    page = script("make_glossary")
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert page.render(text) == text
