"""Where and why worlds part: first months, clients and causes of paired runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import papertiger as pt
from papertiger import scenarios
from papertiger.experiments.statistics.partings import WEIGHED, cause_of, partings, with_causes
from papertiger.model.agents.simulate import simulate

MONTHS, CLIENTS = ["2020-01", "2020-02", "2020-03"], ["Alfa", "Bravo"]
TWINS = ["syria_2024", "syria_2024_damascus_holds"]


def test_each_pair_parts_once_in_its_first_month() -> None:
    one = np.zeros((4, 3, 2), dtype=np.int8)
    two = one.copy()
    two[0, 1:, 0] = 1  # run 0 parts by Alfa in February, and Bravo only follows
    two[0, 2, 1] = 2
    two[1, 2] = 3  # run 1 parts by both in March
    two[2, 1, 0] = 1
    table = partings(MONTHS, CLIENTS, one, two, np.ones((3, 2), dtype=bool))
    rows = [(row["month"], row["client"], row["pairs"], row["share"], row["run"]) for row in table.to_dict("records")]
    assert rows == [("2020-02", "Alfa", 2, 0.5, 0), ("2020-03", "Alfa", 1, 0.25, 1), ("2020-03", "Bravo", 1, 0.25, 1)]


def test_who_is_not_in_the_network_parts_from_nothing() -> None:
    one = np.zeros((1, 3, 2), dtype=np.int8)
    there = np.ones((3, 2), dtype=bool)
    there[:, 0] = False
    two = one.copy()
    two[0, 0, 0] = 4
    assert partings(MONTHS, CLIENTS, one, two, there).empty


def test_twins_part_where_the_runs_of_the_reference_model_do() -> None:
    comparison = pt.compare(TWINS, runs=40, seed=3)
    worlds = scenarios.load(TWINS[0]), scenarios.load(TWINS[1])
    table = with_causes(comparison.partings, worlds, 3)
    assert len(table)
    assert comparison.partings["month"].min() == comparison.first_differences["month"].iloc[0]
    row = table.to_dict("records")[0]
    one, two = (simulate(world, 3, int(row["run"])).clients for world in worlds)
    apart = one[one["posture"] != two["posture"]]
    assert row["month"] == apart["month"].iloc[0]
    assert row["client"] in set(apart[apart["month"] == row["month"]]["client"])
    assert all(table["cause"])


def test_the_cause_is_the_evidence_that_differs_or_what_is_weighed() -> None:
    first, other = (simulate(name, 1, 0, months=70) for name in TWINS)
    said = cause_of(first, other, "Serbia", "2024-12")
    assert "of protection)" in said
    noisy = simulate(TWINS[0], 1, 0, months=70, overrides={"switching_cost": 0.1})
    said = cause_of(first, noisy, "Serbia", "2020-06")
    assert said.startswith("the beliefs are the same; cost of moving makes ")
    assert cause_of(first, first, "Serbia", "2020-06") == WEIGHED


def test_a_world_never_parts_from_itself(tmp_path: Path) -> None:
    assert pt.compare(["sahel_2020", "sahel_2020"], runs=5).partings.empty


def test_a_report_of_a_comparison_says_where_and_why_runs_part(tmp_path: Path) -> None:
    import pandas as pd

    from papertiger.experiments.design.loader import load_study
    from papertiger.experiments.report.page import write_report
    from papertiger.experiments.run.runner import run_experiment

    text = (
        "title: Damascus\nquestion: Does it matter?\ndescription: Two worlds.\nreplicates: 30\nseed: 3\n"
        f"scenarios: [{', '.join(TWINS)}]\nmeasures:\n  share: {{kind: share_defected}}\n"
    )
    (tmp_path / "damascus.yaml").write_text(text, encoding="utf-8")
    results = run_experiment(load_study(tmp_path / "damascus.yaml"), tmp_path / "out", workers=1)
    page = write_report(results).read_text(encoding="utf-8")
    assert "Where and why runs part" in page
    table = pd.read_csv(tmp_path / "out" / "tables" / "partings.csv")
    compared = pt.compare(TWINS, runs=30, seed=3).partings
    assert table["share"].tolist() == compared["share"].tolist()
    assert "a regime is lost in only one of the two worlds" in set(table["cause"])
