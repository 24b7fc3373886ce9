"""The theory of the how-to is swept, killed and resumed, run by processes and on a Dask cluster, and reported."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.docs.pages import files

pytestmark = pytest.mark.slow
IMPORT = ("--import", "costly_signals.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save the files of the how-to, as its reader would."""
    path = tmp_path_factory.mktemp("theory")
    for name, text in files("docs/howto/theory.md").items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "papertiger", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "120"},
    )


def answer(folder: Path, *words: str) -> tuple[int, str, str]:
    process = start(folder, *words)
    out, error = process.communicate()
    return process.returncode, out, error


def rows(folder: Path) -> pd.DataFrame:
    table: pd.DataFrame = pq.ParquetDataset(folder / "parts").read().to_pandas()
    return table.sort_values(["scenario", "point", "replicate"]).reset_index(drop=True)


def parts(folder: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        return len(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["parts"])
    return 0


@pytest.fixture(scope="module")
def whole(folder: Path) -> pd.DataFrame:
    code, _, error = answer(folder, "experiment", "costly_study.yaml", *IMPORT, "--out", "here", "--quiet")
    assert (code, error) == (0, "")
    return rows(folder / "here")


def test_every_row_names_its_theory_and_the_hash_of_its_source(whole: pd.DataFrame) -> None:
    assert (whole["error"] == "").all()
    groups = whole.groupby("scenario")
    named = {name: set(zip(part["rules"], part["rules_sha256"], strict=True)) for name, part in groups}
    assert named["shipped"] == {("shipped", "")}
    ((theory, sha256),) = named["costly"]
    assert theory == "costly_signals"
    assert re.fullmatch(r"[0-9a-f]{64}", sha256)


def test_theories_have_the_same_luck_and_differ_as_their_parameter_says(whole: pd.DataFrame) -> None:
    shipped, costly = (whole[whole["scenario"] == name].reset_index(drop=True) for name in ("shipped", "costly"))
    assert (shipped["run"] == costly["run"]).all()
    assert (shipped["x:cheap_talk"] == costly["x:cheap_talk"]).all()
    # What cheap talk counts moves nothing under the shipped rules, which do not read it.
    same_run = shipped.groupby("replicate")["protection"].nunique()
    assert (same_run == 1).all()
    assert costly.groupby("replicate")["protection"].nunique().min() > 1


@pytest.mark.parametrize("backend", ["processes", "dask"])
def test_workers_get_the_theory_and_give_the_same_rows(folder: Path, whole: pd.DataFrame, backend: str) -> None:
    words = ("--backend", backend, "--workers", "2", "--out", backend, "--quiet")
    code, _, error = answer(folder, "experiment", "costly_study.yaml", *IMPORT, *words)
    assert (code, error) == (0, "")
    assert rows(folder / backend).equals(whole)


def test_a_killed_sweep_goes_on(folder: Path, whole: pd.DataFrame) -> None:
    words = ("experiment", "costly_study.yaml", *IMPORT, "--out", "killed", "--quiet", "--workers", "1")
    process = start(folder, *words)
    while process.poll() is None and parts(folder / "killed") == 0:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.05)
    process.kill()
    process.communicate()
    assert parts(folder / "killed") >= 1
    code, _, error = answer(folder, *words)
    assert (code, error) == (0, "")
    assert rows(folder / "killed").equals(whole)


def test_the_report_knows_the_theory_and_how_to_repeat_it(folder: Path, whole: pd.DataFrame) -> None:
    assert len(whole) == 160
    code, _, error = answer(folder, "report", "here")
    assert code == 2
    assert "lowest_protection" in error
    assert "--import FILE.py" in error
    code, out, _ = answer(folder, "report", "here", *IMPORT, "--json")
    assert code == 0
    assert json.loads(out)["answer"]
    page = (folder / "here" / "report.html").read_text(encoding="utf-8")
    again = "papertiger experiment costly_study.yaml --replicates 10 --points 8 --import costly_signals.py"
    assert f"{again} --out results/again" in page
    assert "Theory of costly" in page


def test_a_changed_rule_cannot_go_on_with_the_old_rows(folder: Path, whole: pd.DataFrame) -> None:
    assert len(whole) == 160
    file = folder / "costly_signals.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("1e-9", "1e-8"), encoding="utf-8")
    try:
        for words in (("report", "here"), ("experiment", "costly_study.yaml", "--out", "here", "--quiet")):
            code, _, error = answer(folder, *words, *IMPORT)
            assert code == 2
            assert "rules of costly are not those that made these rows" in error
    finally:
        file.write_text(text, encoding="utf-8")


def test_a_faulty_rule_leaves_rows_that_name_rule_client_and_month(folder: Path) -> None:
    text = (folder / "costly_signals.py").read_text(encoding="utf-8")
    faulty = text.replace("return (cheap_talk", "return math.log(0.0 * scale) if cheap_talk > 0.5 else (cheap_talk")
    faulty = faulty.replace("math.log(0.0 * scale)", "(0.0 - scale)").replace('"costly_signals"', '"faulty_signals"')
    (folder / "faulty_signals.py").write_text(faulty, encoding="utf-8")
    study = (folder / "costly_study.yaml").read_text(encoding="utf-8")
    (folder / "faulty_study.yaml").write_text(study.replace("rules: costly_signals", "rules: faulty_signals"))
    words = ("--import", "faulty_signals.py", "--out", "faulty", "--no-report", "--quiet")
    code, _, _ = answer(folder, "experiment", "faulty_study.yaml", *words)
    assert code == 0
    table = rows(folder / "faulty")
    wrong = table["error"] != ""
    assert (wrong == ((table["scenario"] == "costly") & (table["x:cheap_talk"] > 0.5))).all()
    said = table.loc[wrong, "error"].iloc[0]
    assert said.startswith("RuleRangeError: the rule 'evidence_size' returned -")
    assert " for " in said
    assert " in 2020-" in said
