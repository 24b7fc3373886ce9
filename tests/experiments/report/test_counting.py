"""Analyses read part by part: equal to those of all rows at once to the last bit, in memory that hardly grows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.report.counting import count_times, stream_sweep
from papertiger.experiments.run.manifest import MANIFEST, PARTS, Part, sha256_of
from papertiger.experiments.run.results import Results, open_results
from papertiger.experiments.statistics.arguments import AnalysisError
from papertiger.experiments.statistics.survival import cumulative_incidence, kaplan_meier, log_rank
from papertiger.experiments.statistics.sweep import sweep
from tests.experiments.report.made_up import awaited, rich, swept


@pytest.mark.parametrize("sample", ["sobol", "morris", "latin-hypercube"])
def test_a_streamed_sweep_is_that_of_all_rows(tmp_path: Path, sample: str) -> None:
    asked = {"kind": "prim", "threshold": 40.0} if sample == "latin-hypercube" else {"kind": sample}
    both = (swept(tmp_path / "plain", sample), "share"), (awaited(tmp_path / "time", sample, **asked), "months")
    for results, measure in both:
        horizon = 48.0 if measure == "months" else None
        streamed = stream_sweep(results, measure, "base", horizon=horizon)
        whole = sweep(results.frame(), measure, "base", horizon=horizon)
        assert streamed.factors == whole.factors
        assert streamed.values.tobytes() == whole.values.tobytes()
        assert streamed.points.tobytes() == np.ascontiguousarray(whole.points).tobytes()
        assert (streamed.noise, streamed.replicates) == (whole.noise, whole.replicates)


def without(results: Results, drop: Callable[[pd.DataFrame], Any]) -> Results:
    """Leave some rows out of the only part."""
    (file,) = results.parts
    rows = pd.read_parquet(file)
    rows[~drop(rows)].to_parquet(file)
    results.manifest.parts[file.name] = replace(results.manifest.parts[file.name], sha256=str(sha256_of(file)))
    (results.folder / MANIFEST).write_text(results.manifest.to_json(), encoding="utf-8")
    return open_results(results.folder)


@pytest.mark.parametrize(
    "drop",
    [
        lambda rows: rows["point"] == 3,
        lambda rows: rows["point"] >= 100,
        lambda rows: (rows["point"] == 5) & (rows["replicate"] == 1),
        lambda rows: rows["replicate"] == 1,
    ],
    ids=["a point", "the last points", "a run", "a replicate"],
)
def test_what_is_missing_is_said_alike(tmp_path: Path, drop: Callable[[pd.DataFrame], Any]) -> None:
    results = without(swept(tmp_path / "plain", "latin-hypercube"), drop)
    try:
        whole = sweep(results.frame(), "share", "base")
    except AnalysisError as error:
        with pytest.raises(AnalysisError) as other:
            stream_sweep(results, "share", "base")
        assert str(other.value) == str(error)
    else:
        streamed = stream_sweep(results, "share", "base")
        assert streamed.values.tobytes() == whole.values.tobytes()


def test_times_that_were_counted_are_those_of_all_rows(tmp_path: Path) -> None:
    results = rich(tmp_path / "rich")
    rows = results.frame()
    counts = count_times(results, "months", "goal")
    samples = {}
    for scenario in ("base", "twin", "third"):
        mine = rows[rows["scenario"] == scenario]
        time, event = mine["months"].to_numpy(dtype=float), mine["months:event"].to_numpy(dtype=float)
        here = counts[scenario]
        samples[scenario] = ((time, event), here)
        assert here.runs.sum() == len(mine)
        pd.testing.assert_frame_equal(
            kaplan_meier(here.time, here.event, count=here.runs), kaplan_meier(time, event), check_exact=True
        )
        cause = np.where(event == 1, mine["goal"].astype(str), "")
        counted = np.where(here.event == 1, here.goal, "")
        pd.testing.assert_frame_equal(
            cumulative_incidence(here.time, counted, count=here.runs),
            cumulative_incidence(time, cause),
            check_exact=True,
        )
    (whole, one), (other_whole, other) = samples["base"], samples["twin"]
    assert log_rank(one.time, one.event, other.time, other.event, count_a=one.runs, count_b=other.runs) == log_rank(
        *whole, *other_whole
    )


@pytest.mark.parametrize("count", [[1, 0], [1.5, 1], [1]])
def test_a_count_is_a_whole_number_for_each_time(count: list[float]) -> None:
    with pytest.raises(AnalysisError, match="count: expected a whole number from 1 on for each time"):
        kaplan_meier([1.0, 2.0], [1, 0], count=count)


PEAK = """
import re
import sys
from pathlib import Path
from papertiger.experiments.report.analyses import Analyst
from papertiger.experiments.report.comparisons import Illustrator
from papertiger.experiments.report.numbers import Findings
from papertiger.experiments.run.results import open_results
from papertiger.experiments.report.counting import count_times, stream_sweep
results = open_results(sys.argv[1])
stream_sweep(results, "months", "base", horizon=48.0)
count_times(results, "months")
print(re.search("VmHWM:\\\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])
"""


def grown(folder: Path, replicates: int) -> Path:
    """Write an experiment of more replicates: the same part again and again, of others."""
    results = awaited(folder, "latin-hypercube", kind="prim", threshold=40.0)
    (file,) = results.parts
    rows = pd.read_parquet(file)
    rows = pd.concat([rows.assign(replicate=rows["replicate"] + 4 * block) for block in range(100)])
    parts = {}
    for number in range(replicates // 400):
        part = folder / PARTS / f"part-{number:05d}.parquet"
        rows.assign(replicate=rows["replicate"] + 400 * number).to_parquet(part)
        parts[part.name] = Part(str(sha256_of(part)), len(rows))
    results.manifest.parts, results.manifest.replicates = parts, replicates
    (folder / MANIFEST).write_text(results.manifest.to_json(), encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the peak of memory")
def test_a_hundred_million_rows_would_need_less_than_two_gigabytes(tmp_path: Path) -> None:
    sizes = {800: 0, 16_000: 0}
    for replicates in sizes:
        folder = grown(tmp_path / str(replicates), replicates)
        done = subprocess.run([sys.executable, "-c", PEAK, str(folder)], capture_output=True, text=True, check=True)
        sizes[replicates] = int(done.stdout) * 1024
    few, many = (120 * replicates for replicates in sizes)
    slope = (sizes[16_000] - sizes[800]) / (many - few)
    assert slope < 14.0  # bytes for each row
    assert sizes[800] + slope * (10**8 - few) < 2e9
