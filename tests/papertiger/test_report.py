"""The commands `report` and `reference`."""

from __future__ import annotations

import json
from pathlib import Path

from papertiger.experiments.run import baselines as reference
from tests.experiments.report.made_up import plain
from tests.papertiger.conftest import Command


def test_report_prints_the_answer_and_writes_the_page(papertiger: Command) -> None:
    plain(Path("results"))
    answer = papertiger("report", "results")
    assert answer.code == 0
    assert answer.error == ""
    assert answer.out.startswith("Under “World twin” the share of clients")
    assert "The model is an argument, not evidence." in answer.out
    assert Path("results/report.html").is_file()


def test_report_for_machines(papertiger: Command) -> None:
    plain(Path("results"))
    found = json.loads(papertiger("report", "results", "--json").out)
    assert found["report"] == str(Path("results") / "report.html")
    assert found["answer"][0].startswith("Under “World twin”")
    assert "tables/comparisons.csv" in found["files"]


def test_report_on_what_is_no_experiment(papertiger: Command) -> None:
    answer = papertiger("report", "nowhere")
    assert (answer.code, answer.error) == (2, "nowhere: no such folder\n")
    Path("empty").mkdir()
    answer = papertiger("report", "empty")
    assert answer.code == 2
    assert "there is no experiment in this folder" in answer.error
    assert list(Path("empty").iterdir()) == []


def test_reference_says_what_moved_and_writes_only_when_asked(papertiger: Command) -> None:
    name = "syria_warning"
    assert papertiger("reference", name, "--write", "--in", "frozen").code == 0
    file = Path("frozen") / f"{name}.csv"
    rows = reference.read(file)
    answer = papertiger("reference", name, "--in", "frozen")
    assert (answer.code, answer.out) == (0, f"{name}: nothing moved\n")
    changed = [reference.Row(row.scenario, row.measure, row.runs, row.mean + (number == 0), row.sd)
               for number, row in enumerate(rows)]  # fmt: skip
    reference.write(file, changed)
    before = file.read_bytes()
    answer = papertiger("reference", name, "--in", "frozen")
    assert answer.code == 1
    assert f"{name}: {rows[0].measure} in {rows[0].scenario}: mean was" in answer.out
    assert file.read_bytes() == before
    assert papertiger("reference", name, "--write", "--in", "frozen").code == 0
    assert reference.read(file) == rows


def test_reference_refuses_what_it_does_not_know(papertiger: Command) -> None:
    answer = papertiger("reference", "syria_warnin")
    assert answer.code == 2
    assert "did you mean 'syria_warning'?" in answer.error
    answer = papertiger("reference", "syria_warning", "--in", "nowhere")
    assert answer.code == 2
    assert "no such folder" in answer.error
