"""Precision in place of replicates: runs are added until intervals are narrow, the same however it was started."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pandas.testing import assert_frame_equal
from pydantic import ValidationError

from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.precision import Precision
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.precise import next_stage, run_to_precision
from papertiger.experiments.report.exact_means import ExactMeans
from papertiger.experiments.report.page import write_report
from papertiger.experiments.report.precision import Precisely, Reached, controlled_half_width
from papertiger.experiments.run.manifest import read_manifest
from papertiger.experiments.run.results import Results
from papertiger.model.ensemble.exact import EXACT

BLOC = """\
title: The bloc
question: Does noise matter?
description: Two worlds.
replicates: 20
scenarios:
  - soviet_bloc_1985
  - {scenario: soviet_bloc_1985, label: noisy, settings: {choice_noise: 0.3}}
measures:
  share: {kind: share_defected, regime_loss: counted}
  leaves: {kind: time_to, client: East Germany, posture: hedging, regime_loss: counted}
"""
EXACTLY = ", ".join(f"{path}: {value}" for path, value in EXACT.items())
TWINS = f"""\
title: Damascus
question: Does it matter?
description: Two worlds without feedback.
replicates: 200
scenarios: [syria_2024, syria_2024_damascus_holds]
settings: {{{EXACTLY}}}
measures:
  share: {{kind: share_defected}}
  successors: {{kind: share_defected, regime_loss: counted}}
  rung: {{kind: posture, client: Uzbekistan, at: 2023-06}}
  gone: {{kind: defected, client: Uzbekistan}}
  leaves: {{kind: time_to, client: Uzbekistan, posture: suspended}}
"""


def study_of(folder: Path, text: str) -> Any:
    (folder / "trial.yaml").write_text(text, encoding="utf-8")
    return load_study(folder / "trial.yaml")


def run(folder: Path, text: str, out: str = "out", **options: Any) -> Results:
    return run_to_precision(study_of(folder, text), folder / out, **{"workers": 1, **options})


def test_replicates_are_added_until_intervals_are_narrow_whatever_the_workers(tmp_path: Path) -> None:
    text = BLOC + "precision: 2.5 pp\n"
    results = run(tmp_path, text)
    (row,) = Precisely(results).reached
    assert results.manifest.replicates > 20
    assert row.enough
    assert row.half_width <= 0.025
    # A stage before, it was not narrow enough.
    assert results.manifest.history[0].replicates == 20
    other = run(tmp_path, text, "other", workers=2)
    assert_frame_equal(_rows(results), _rows(other))
    whole = run(tmp_path, BLOC.replace("replicates: 20", f"replicates: {results.manifest.replicates}"), "whole")
    assert_frame_equal(_rows(results), _rows(whole))


def _rows(results: Results) -> Any:
    return results.frame().sort_values(["scenario", "replicate"]).reset_index(drop=True)


def test_a_stop_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(now: Any) -> None:
        if now.total > 40 and now.done > now.before:
            raise Stopped

    text = BLOC + "precision: 2.5 pp\n"
    straight = run(tmp_path, text)
    with pytest.raises(Stopped):
        run(tmp_path, text, "stopped", progress=stop)
    manifest = read_manifest(tmp_path / "stopped")
    assert manifest is not None
    again = run(tmp_path, text, "stopped")
    assert again.manifest.replicates == straight.manifest.replicates
    assert_frame_equal(_rows(again), _rows(straight))


@pytest.mark.slow
def test_it_stops_at_the_most_and_the_report_says_so(tmp_path: Path) -> None:
    results = run(tmp_path, BLOC + "precision: {within: 0.01 months, measures: [leaves], most: 30}\n")
    assert results.manifest.replicates == 30
    page = write_report(results).read_text(encoding="utf-8")
    assert "1 of 1 are not as narrow as that" in page
    assert "No exact chain" in page


def test_the_exact_chain_serves_in_place_of_runs(tmp_path: Path) -> None:
    results = run(tmp_path, TWINS + "precision: {within: 0.01 pp, measures: [share, successors, gone]}\n")
    assert results.manifest.replicates == 200, "no run is added for what is exact"
    assert all(row.best == 0.0 for row in Precisely(results).reached)
    assert "without sampling" in write_report(results).read_text(encoding="utf-8")
    exact = ExactMeans(results)
    for name in ("share", "successors", "rung", "gone"):
        for label in results.experiment.labels:
            values = results.values(name, label)[0]
            mean = exact.mean(name, label)
            assert mean is not None
            spread = max(float(values.std(ddof=1)), math.sqrt(abs(mean[0] * (1.0 - mean[0]))) if mean[0] < 1 else 0.0)
            assert abs(values.mean() - mean[0]) < 4.5 * spread / math.sqrt(len(values)) + 1e-9, (name, label)
    assert exact.mean("leaves", "syria_2024") is None


def test_a_control_variate_narrows_an_interval_and_covers(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    control = rng.normal(0.0, 1.0, 200)
    noise = rng.normal(0.0, 0.5, 200)
    plain = 1.96 * np.std(control + noise, ddof=1) / math.sqrt(200)
    narrow = controlled_half_width(3.0 + control + noise, [control], 0.95)
    assert narrow == pytest.approx(1.96 * 0.5 / math.sqrt(200), rel=0.15)
    assert narrow < 0.6 * plain
    assert math.isnan(controlled_half_width(control, [], 0.95))
    assert math.isnan(controlled_half_width(control[:5], [noise[:5]], 0.95))


@pytest.mark.parametrize(
    ("precision", "says"),
    [
        ("0.5 rungs", "trial: precision.within: no measure is counted in rungs: 'leaves' in months, 'share' in perc"),
        (
            "{within: 1 pp, measures: [share, leaves]}",
            "trial: precision.measures.1: 'leaves' is counted in months, and 1 pp is asked for",
        ),
    ],
)
def test_a_unit_in_which_nothing_is_counted_is_refused(tmp_path: Path, precision: str, says: str) -> None:
    with pytest.raises(ExperimentError, match=re.escape(says)):
        run(tmp_path, BLOC + f"precision: {precision}\n")
    assert not (tmp_path / "out").exists()


def test_the_next_stage_grows_by_what_is_lacking() -> None:
    nan = math.nan

    def reached(half: float) -> list[Reached]:
        return [Reached("m", "a", "b", 0.01, 0.1, half, nan, nan)]

    assert next_stage(reached(0.009), 100, 1000) is None
    assert next_stage(reached(0.02), 100, 1000) == 400
    assert next_stage(reached(0.012), 100, 1000) == 159
    assert next_stage(reached(0.0101), 100, 1000) == 125
    assert next_stage(reached(nan), 100, 300) == 300
    assert next_stage(reached(0.02), 300, 300) is None


@pytest.mark.parametrize(
    ("given", "number", "unit"),
    [
        ("0.5 pp", 0.5, "percentage points"),
        ("0.2 months", 0.2, "months"),
        (0.05, 0.05, ""),
        (".1 rungs", 0.1, "rungs"),
    ],
)
def test_a_precision_is_written_short(given: object, number: float, unit: str) -> None:
    one = Precision.model_validate(given)
    assert (one.number, one.unit, one.most) == (number, unit, 20_000)


@pytest.mark.parametrize("given", ["0.5 miles", "0 pp", "-1 pp", "narrow", True, {"within": "1 pp", "most": 1}])
def test_a_precision_that_says_nothing_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        Precision.model_validate(given)
