"""Times to events in every kind of sweep: fates that compete, restricted means, and their paired differences."""

from __future__ import annotations

from pathlib import Path

import lifelines
import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.report import fates as report
from papertiger.experiments.report.comparisons import Illustrator
from papertiger.experiments.report.document import Chapter
from papertiger.experiments.report.numbers import Findings
from papertiger.experiments.run.results import Results
from papertiger.experiments.statistics.fates import HAPPENS, LOST, STAYS, fates, half_difference
from papertiger.experiments.statistics.paired import paired_difference
from papertiger.experiments.statistics.survival import restricted_mean
from tests.experiments.report.made_up import awaited
from tests.experiments.run.small import HEAD as SMALL_HEAD
from tests.experiments.run.small import run

HEAD = """\
title: A test
question: Does it work?
description: East Germany under two weights of fear
scenarios:
  - soviet_bloc_1985
  - {scenario: soviet_bloc_1985, label: fearless, settings: {patron_threat_weight: 0}}
measures:
  leaves: {kind: time_to, client: East Germany, posture: distancing}
  moves: {kind: first_move, client: East Germany}
"""
NOISE, MEMORY = "noise: {path: parameters.choice_noise, ", "memory: {path: parameters.forgetting, "
DESIGNS = {
    "twins": "",
    "grid": f"vary: {{{NOISE}levels: [0.1, 0.3]}}, {MEMORY}levels: [0.9, 0.99]}}}}\ndesign: {{kind: grid}}\n",
    "one-at-a-time": f"vary: {{{MEMORY}levels: [0.9, 0.99]}}}}\ndesign: {{kind: one-at-a-time}}\n",
    "sobol": f"vary: {{{NOISE}uniform: [0.1, 0.3]}}, {MEMORY}uniform: [0.9, 0.99]}}}}\n"
    "design: {kind: sobol, points: 8}\n",
    "morris": f"vary: {{{NOISE}uniform: [0.1, 0.3]}}, {MEMORY}uniform: [0.9, 0.99]}}}}\n"
    "design: {kind: morris, trajectories: 6}\n",
    "latin-hypercube": f"vary: {{{MEMORY}uniform: [0.9, 0.99]}}}}\ndesign: {{kind: latin-hypercube, points: 12}}\n",
}
HORIZON = 84.0


def results_of(folder: Path, kind: str, replicates: int = 20) -> Results:
    return run(folder, f"{HEAD}replicates: {replicates}\n{DESIGNS[kind]}")


def chapter_of(results: Results) -> Chapter:
    findings = Findings(results)
    chapter = report.chapter(findings, Illustrator(findings))
    assert chapter is not None
    return chapter


@pytest.mark.parametrize("kind", DESIGNS)
def test_every_kind_of_sweep_tells_of_fates_and_restricted_means(tmp_path: Path, kind: str) -> None:
    results = results_of(tmp_path, kind, 6)
    chapter = chapter_of(results)
    times, leaves, moves = (table.data for table in chapter.tables)
    assert set(times["measure"]) == {"leaves", "moves"}
    for shares in (leaves, moves):
        sums = shares.groupby(["scenario", "factor", "level"])["incidence"].sum()
        assert np.allclose(sums, 1.0)
    assert {"fates_leaves", "fates_moves"} <= {picture.name for picture in chapter.pictures}
    rows = results.frame(["scenario", "point", "leaves", "leaves:event"])
    factors = [name for name in dict.fromkeys(times["factor"]) if name]
    assert (len(factors) > 0) == (kind != "twins")
    for label in results.experiment.labels:
        here = rows[(rows["scenario"] == label) & ((kind != "one-at-a-time") | (rows["point"] == 0))]
        line = times[(times["measure"] == "leaves") & (times["scenario"] == label) & (times["factor"] == "")].iloc[0]
        assert line["happens"] == pytest.approx((here["leaves:event"] == 1).mean())
        mean = np.where(here["leaves:event"] == 1, here["leaves"], HORIZON).mean()
        assert line["restricted_mean"] == pytest.approx(mean) or line["happens"] == 0


@pytest.mark.filterwarnings("ignore")  # lifelines says that it shakes ties apart
def test_cumulative_incidence_by_rung_is_that_of_lifelines(tmp_path: Path) -> None:
    results = results_of(tmp_path, "twins", 60)
    shares = chapter_of(results).tables[2].data
    rows = results.frame(["scenario", "moves", "moves:event", "moves:to"])
    for label in results.experiment.labels:
        here = rows[rows["scenario"] == label]
        lost = (here["moves:event"] == 0) & (here["moves"] < HORIZON)
        cause = np.where(lost, LOST, here["moves:to"].astype(str))
        names = sorted(set(cause) - {""})
        codes = np.array([names.index(name) + 1 if name else 0 for name in cause])
        assert names
        for number, name in enumerate(names, start=1):
            theirs = lifelines.AalenJohansenFitter(calculate_variance=False, jitter_level=1e-9, seed=1)
            theirs.fit(here["moves"].to_numpy(), codes, event_of_interest=number)
            ours = shares[(shares["scenario"] == label) & (shares["destination"] == name)]["incidence"].iloc[0]
            assert ours == pytest.approx(float(theirs.cumulative_density_.iloc[-1, 0]), abs=1e-9)


@pytest.mark.filterwarnings("ignore")
def test_restricted_mean_is_the_area_above_the_curve_of_lifelines() -> None:
    rng = np.random.default_rng(3)
    time = rng.integers(1, 40, 300).astype(float)
    cause = rng.choice(["", "away", LOST], 300)
    time[cause == ""] = HORIZON
    time[cause != ""] = np.minimum(time[cause != ""], 35.0)
    fitter = lifelines.AalenJohansenFitter(calculate_variance=False, jitter_level=1e-9, seed=1)
    fitter.fit(time, (cause == "away") * 1 + (cause == LOST) * 2, event_of_interest=1)
    curve = fitter.cumulative_density_
    frame = pd.DataFrame({"time": curve.index, "incidence": curve.iloc[:, 0]})
    mean = np.where(cause == "away", time, HORIZON).mean()
    assert restricted_mean(frame, HORIZON) == pytest.approx(mean, abs=1e-6)


def test_differences_between_levels_are_paired_by_luck(tmp_path: Path) -> None:
    results = results_of(tmp_path, "grid")
    times = chapter_of(results).tables[0].data
    rows = results.frame(["scenario", "point", "replicate", "x:noise", "leaves", "leaves:event"])
    rows["time"] = np.where(rows["leaves:event"] == 1, rows["leaves"], HORIZON)
    here = rows[rows["scenario"] == "soviet_bloc_1985"].groupby(["x:noise", "replicate"])["time"].mean().unstack()
    expected = paired_difference(here.loc[0.1], here.loc[0.3])
    line = times[
        (times["measure"] == "leaves") & (times["scenario"] == "soviet_bloc_1985") & (times["factor"] == "noise")
    ]
    columns = ["difference", "difference_low", "difference_high"]
    first, last = line[columns].to_numpy(dtype=float)
    assert np.isnan(first).all()
    assert last.tolist() == pytest.approx([expected.difference, expected.low, expected.high])


@pytest.mark.parametrize("kind", ["sobol", "morris", "latin-hypercube"])
def test_the_factor_that_decides_is_told_apart_in_a_sampled_sweep(tmp_path: Path, kind: str) -> None:
    times = chapter_of(awaited(tmp_path, kind, kind="sobol" if kind == "sobol" else "survival")).tables[0].data
    upper = times[times["level"] == "upper half"].set_index("factor").astype({"happens": float})
    # It comes in the points whose first factor is in the upper half, in three runs of four, and never elsewhere.
    assert upper["happens"].loc["forgetting"] == pytest.approx(0.75, abs=0.13)
    assert upper["verdict"].loc["forgetting"] == "lower"
    assert (upper["difference_high"] < 0).loc["forgetting"]
    assert abs(upper["difference"]).idxmax() == "forgetting"


def test_a_run_has_one_fate() -> None:
    time, event = np.array([[3.0, 9.0, 12.0, np.nan]]), np.array([[1.0, 0.0, 0.0, np.nan]])
    assert fates(time, event, None, 12.0).tolist() == [[HAPPENS, LOST, STAYS, ""]]
    assert fates(time, event, [["hedging", "", "", ""]], 12.0).tolist() == [["hedging", LOST, STAYS, ""]]
    # What comes after the horizon has not happened by it.
    assert fates([[13.0]], [[1.0]], None, 12.0).tolist() == [[STAYS]]


def test_halves_have_an_interval_that_covers_the_truth() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for trial in range(60):
        x = rng.random(64)
        change = half_difference(2.0 * x + rng.normal(0, 0.3, 64), x > 0.5, np.arange(64), seed=trial)
        covered += change.low <= 1.0 <= change.high
    assert covered >= 52
    assert np.isnan(half_difference([1.0, 2.0], [True, True], [0, 1])).all()


def test_an_experiment_without_a_time_has_no_such_chapter(tmp_path: Path) -> None:
    results = run(tmp_path, SMALL_HEAD + "measures:\n  share: {kind: share_defected}\n")
    findings = Findings(results)
    assert report.chapter(findings, Illustrator(findings)) is None


def test_where_it_happens_on_neither_side_nothing_is_compared(tmp_path: Path) -> None:
    text = SMALL_HEAD + "measures:\n  leaves: {kind: time_to, client: Alfa, posture: realigned}\n"
    times = chapter_of(run(tmp_path, text)).tables[0]
    assert times.data["verdict"].fillna("").tolist() == ["", "never in either"]
    assert times.data["difference"].isna().all()
    assert [row[5] for row in times.rows] == ["never", "never"]
