"""Others read a folder of results, and drive the ensemble themselves; a million rows need little memory."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.design.sampling import problem_of
from papertiger.experiments.run.results import Results
from papertiger.model.ensemble.ensemble import ensemble
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, run, write

SOBOL = HEAD.replace("[world, calm]", "[world]") + MEASURES + SWEEP.replace("random, points: 5", "sobol, points: 16")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("reading"), SOBOL)


def test_pandas_reads_the_parts(results: Results) -> None:
    table = pd.read_parquet(results.folder / "parts")
    table = table.sort_values(["point", "replicate"], ignore_index=True)
    np.testing.assert_array_equal(table["belief"], results.frame()["belief"])
    points = pd.read_parquet(results.folder / "points.parquet")
    assert list(points) == ["point", "x:forgetting", "x:threat", "u:forgetting", "u:threat"]
    assert len(points) == 16 * 4


def test_duckdb_reads_the_parts(results: Results) -> None:
    pattern = results.folder / "parts" / "*.parquet"
    query = f"""select "x:threat" as threat, avg(belief) as belief from '{pattern}' group by 1 order by 1"""
    answer = duckdb.sql(query)
    assert answer is not None
    found = answer.df()
    expected = results.frame().groupby("x:threat")["belief"].mean()
    np.testing.assert_allclose(found["belief"], expected, rtol=1e-12)
    assert list(found["threat"]) == [0.2, 0.9]


def test_salib_analyses_the_rows(results: Results) -> None:
    from SALib.analyze import sobol

    means = results.values("belief", "world").mean(axis=1)
    assert results.points.unit is not None
    found = sobol.analyze(problem_of(results.points.names), means, calc_second_order=False, seed=1)
    assert found["ST"][0] > 0.5  # forgetting decides what is believed
    assert np.isfinite(found["S1"]).all()


@pytest.mark.xdist_group("prim")
def test_the_ema_workbench_drives_the_ensemble(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        # It warns of optional backends for running models, which are not used here.
        warnings.simplefilter("ignore")
        from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments

    write(tmp_path)
    world = str(tmp_path / "world.yaml")

    def defections(forgetting: float, witness_weight: float) -> dict[str, float]:
        values = {"parameters.forgetting": forgetting, "parameters.witness_weight": witness_weight}
        made = ensemble(world, 20, values=values, keep=("postures",), threads=1)
        return {"distance": float(made.path("postures")[:, -1].mean())}

    model = Model("papertiger", function=defections)
    model.uncertainties = [RealParameter("forgetting", 0.9, 0.99), RealParameter("witness_weight", -0.3, 0.8)]
    model.outcomes = [ScalarOutcome("distance")]
    asked, outcomes = perform_experiments(model, scenarios=5)
    assert len(asked) == 5
    for row, found in zip(asked.itertuples(), outcomes["distance"], strict=True):
        assert found == defections(row.forgetting, row.witness_weight)["distance"]


MILLION = """
import re, sys
from pathlib import Path
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.run.runner import run_experiment
if __name__ == "__main__":
    results = run_experiment(load_study(sys.argv[1]), sys.argv[2], workers=2)
    rows = sum(len(rows) for rows in results.batches())
    table = results.frame()
    values = results.values("belief", "calm")
    # Not ru_maxrss: that of a new program begins with the most that the one which started it ever had.
    most = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1e6
    print(rows, len(table), values.size, most)
"""


@pytest.mark.slow
def test_a_million_rows_take_little_memory(tmp_path: Path) -> None:
    text = HEAD.replace("replicates: 4", "replicates: 100000") + MEASURES + SWEEP
    program = tmp_path / "million.py"
    program.write_text(MILLION, encoding="utf-8")
    path = write(tmp_path, text)
    said = subprocess.run(
        [sys.executable, str(program), str(path), str(tmp_path / "out")], check=True, capture_output=True, text=True
    ).stdout
    rows, table, values, gigabytes = (float(part) for part in said.split())
    assert (rows, table, values) == (1_000_000, 1_000_000, 500_000)
    assert gigabytes < 1.5
