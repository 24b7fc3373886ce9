"""What the page from R reads is there: by R where it is installed, else its files and columns by pyarrow and CSV."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds
import pytest
from typer.testing import CliRunner

from papertiger.cli import app
from tests.docs.pages import blocks, commands, files

PAGE = "docs/howto/from_r.md"
READ = re.compile(r'(?P<name>\w+) <- (?:read\.csv|open_dataset)\("(?P<file>[^"]+)"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("from_r")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for name, body in files(PAGE).items():
            (place / name).write_text(body, encoding="utf-8")
        for kind, body in blocks(PAGE):
            for command in commands(body) if kind == "console" else []:
                done = CliRunner().invoke(app, shlex.split(command)[1:])
                assert done.exit_code == 0, f"{command}: {done.output}"
    return place


def r_code() -> str:
    return "\n".join(body for kind, body in blocks(PAGE) if kind == "r")


@pytest.mark.slow
def test_what_r_reads_is_there_with_the_columns_it_names(folder: Path) -> None:
    tables: dict[str, list[str]] = {}
    for found in READ.finditer(r_code()):
        path = folder / found["file"]
        if path.is_dir():
            tables[found["name"]] = ds.dataset(path).schema.names
        else:
            tables[found["name"]] = list(pd.read_csv(path).columns)
    assert set(tables) == {"rows", "comparisons", "clients", "shares"}
    assert {"scenario", "replicate", "share", "leaves", "leaves:event"} <= set(tables["rows"])
    named = re.search(r"comparisons\[, c\((.+?)\)\]", r_code())
    assert named is not None
    assert set(re.findall(r'"(\w+)"', named[1])) <= set(tables["comparisons"])
    assert {"protection", "client", "month"} <= set(tables["clients"])
    assert {"client", "month", "loyal", "suspended", "realigned"} <= set(tables["shares"])


@pytest.mark.slow
def test_the_pairs_of_the_page_are_those_of_the_report(folder: Path) -> None:
    rows = ds.dataset(folder / "results" / "memory_for_r" / "parts").to_table().to_pandas()
    wide = rows.astype({"scenario": str}).pivot(index="replicate", columns="scenario", values="share")
    difference = (wide["short_memory"] - wide["sahel_2020"]).mean()
    table = pd.read_csv(folder / "results" / "memory_for_r" / "tables" / "comparisons.csv").set_index("measure")
    assert float(table["difference"]["share"]) == pytest.approx(difference)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_code_runs_in_r(folder: Path) -> None:
    have = subprocess.run(
        ["Rscript", "-e", "for (p in c('arrow', 'dplyr', 'tidyr', 'survival')) library(p, character.only = TRUE)"],
        check=False,
        capture_output=True,
    )
    if have.returncode:
        pytest.skip("the packages of R are not installed")
    (folder / "page.R").write_text(r_code(), encoding="utf-8")
    done = subprocess.run(["Rscript", "page.R"], cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
