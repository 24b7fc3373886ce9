"""Decisions in an experiment file: named by line where they are wrong, taken by every run where they are right."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from papertiger.experiments.design.decisions import book_of, given_of
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.report.exact_means import ExactMeans
from papertiger.experiments.report.numbers import Findings
from papertiger.experiments.report.page import write_report
from papertiger.experiments.report.precision import Precisely
from papertiger.experiments.run.runner import run_experiment
from papertiger.model.template import build_setting
from tests.experiments.recompute.pages import in_node

FILE = """\
title: Ordered
question: What does one order change?
description: A client is told where to stand.
seed: 1
replicates: 4
measures:
  cuba: {kind: posture, client: Cuba, at: 2026-05}
scenarios:
  - cuba
  - scenario: cuba
    label: ordered
    title: Cuba is told
    decisions:
      - {month: 2026-05, client: Cuba, decision: posture, value: 4}
"""
EXACT = (
    "settings: {budget_feedback: 0, burden_feedback: 0, covert_start: 0, succession_base: 0, succession_health: 0}"
)


def written(folder: Path, text: str = FILE) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_run_takes_them_and_runs_of_other_decisions_are_others(tmp_path: Path) -> None:
    study = load_study(written(tmp_path))
    rows = run_experiment(study, tmp_path / "results").frame()
    assert set(rows[rows["scenario"] == "ordered"]["cuba"]) == {4}
    assert 4 not in set(rows[rows["scenario"] == "cuba"]["cuba"])
    other = load_study(written(tmp_path, FILE.replace("value: 4", "value: 3")))
    with pytest.raises(Exception, match="ordered"):
        run_experiment(other, tmp_path / "results")  # the folder holds runs of other decisions


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("client: Cuba, decision", "client: Kuba, decision", "(did you mean 'Cuba'?)"),
        ("value: 4", "value: 5", "expected posture from 0 to 4, got 5"),
        ("value: 4", "value: 0.5", "expected posture from 0 to 4, got 0.5"),
        ("month: 2026-05, client", "month: 1999-01, client", "1999-01 is outside the scenario's span"),
        ("decision: posture", "decision: raise", "a rival belongs to raise and withdraw"),
        ("decision: posture, value: 4", "decision: raise, value: 1, rival: Chinna", "(did you mean 'China'?)"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ExperimentError) as error:
        load_study(written(tmp_path, FILE.replace(old, new)))
    assert "mine.yaml:14" in str(error.value)
    assert says in str(error.value)


def test_decisions_come_back_as_they_were(tmp_path: Path) -> None:
    text = FILE + (
        "      - {month: 2026-05, client: Cuba, decision: raise, value: 1, rival: China}\n"
        "      - {month: 2026-06, client: Cuba, decision: attention, value: 0.5}\n"
    )
    study = load_study(written(tmp_path, text))
    setting = build_setting(study.worlds["ordered"], 1, 0)
    given = study.experiment.scenarios[1].decisions or ()
    assert given_of(book_of(given, setting), setting) == given


def test_a_report_and_its_page_take_them_too(tmp_path: Path) -> None:
    text = (
        FILE.replace("seed: 1", "seed: 1\nprecision: {within: 0.001, most: 4}")
        + "comparisons:\n  - {baseline: cuba, against: ordered, headline: true}\n"
    )
    results = run_experiment(load_study(written(tmp_path, text)), tmp_path / "results")
    (contrast,) = Findings(results).comparisons
    assert contrast.mean_against == 4
    # The chain knows nothing of what is given, and is not asked.
    (reached,) = Precisely(results).reached
    assert (reached.estimate, math.isnan(reached.exact)) == (contrast.difference, True)
    assert "decisions are given" in ExactMeans(results).reasons["ordered"]
    page = write_report(results)
    assert "part in none of" not in page.read_text(encoding="utf-8")
    answer = in_node(page)
    assert answer["damages"] == []
    assert [part for part in answer["tables"] if not part[2]] == []
    assert {label for label, *_ in answer["tables"]} == {"cuba", "ordered"}


def test_the_same_decision_twice_is_named(tmp_path: Path) -> None:
    twice = FILE + "      - {month: 2026-05, client: Cuba, decision: posture, value: 3}\n"
    with pytest.raises(ExperimentError, match=r"mine.yaml:15: .*posture of 'Cuba' in 2026-05 is given already"):
        load_study(written(tmp_path, twice))


@pytest.mark.parametrize(
    ("precision", "says"),
    [
        ("{within: 1 pp, measures: [cubba]}", r"precision.measures.0: no measure 'cubba' .*did you mean 'cuba'"),
        ("{within: 1 rungs, measures: [cuba, cuba]}", r"precision.measures.1: the measure 'cuba' is named twice"),
        ("{within: 1 rungs, most: 3}", r"precision.most: expected at least the 4 replicates"),
        ("0.5 month", r"got '0.5 month' \(did you mean 'months'\?\)"),
        ("0.5 %", "expected a number above 0 with a unit"),
    ],
)
def test_a_precision_that_cannot_be_is_named_with_its_line(tmp_path: Path, precision: str, says: str) -> None:
    with pytest.raises(ExperimentError, match=f"mine.yaml:16: .*{says}"):
        load_study(written(tmp_path, FILE + f"\nprecision: {precision}\n"))
