"""Analyses of a time to an event: restricted means by name, and never the month up to which a run was watched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.report.analyses import Analyst
from papertiger.experiments.report.comparisons import Illustrator
from papertiger.experiments.report.document import Chapter
from papertiger.experiments.report.numbers import Findings
from papertiger.experiments.report.page import write_report
from papertiger.experiments.run.results import Results
from tests.experiments.report.made_up import awaited, make_results, rich

pytestmark = pytest.mark.xdist_group("prim")  # one process imports the EMA Workbench, which takes seconds

NAMED = (
    "Times are restricted means: in 38\u202f% of the runs Mali is suspended or beyond by its own choice, and a run "
    "in which that does not happen (in 62\u202f% the regime is lost first) counts with all 48 months, so that a "
    "long time may be never."
)


def chapter_of(results: Results) -> Chapter:
    findings = Findings(results)
    (chapter,) = Analyst(findings, Illustrator(findings)).chapters()
    return chapter


def test_discovery_tells_late_from_never(tmp_path: Path) -> None:
    chapter = chapter_of(awaited(tmp_path / "prim", "latin-hypercube", kind="prim", threshold=40.0))
    # Where it comes in three runs of four the restricted mean is at most (3 * 29 + 48) / 4 < 40.
    assert NAMED in chapter.finding
    assert NAMED in chapter.text[0]
    assert "(restricted) above 40.0 months" in chapter.heading
    box = chapter.tables[0].data
    assert box["happens"].tolist() == [0.375] * len(box)
    assert box["lost_first"].tolist() == [0.625] * len(box)
    assert set(box["horizon"]) == {48}
    assert box["factor"].tolist() == ["forgetting"]
    assert box["high"].iloc[0] == pytest.approx(0.5, abs=0.06)


def test_discovery_says_so_where_no_region_stands_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertiger.experiments.statistics.discovery.prim", lambda *_: pd.DataFrame())
    chapter = chapter_of(awaited(tmp_path / "prim", "latin-hypercube", kind="prim", threshold=40.0))
    assert "no region stands out" in chapter.text[0]
    assert NAMED in chapter.text[0]


@pytest.mark.parametrize(("threshold", "above"), [(48.0, True), (60.0, True), (60.0, False)])
def test_discovery_refuses_a_threshold_that_no_restricted_mean_passes(
    tmp_path: Path, threshold: float, above: bool
) -> None:
    chapter = chapter_of(awaited(tmp_path / "prim", "latin-hypercube", kind="prim", threshold=threshold, above=above))
    (said,) = chapter.text
    assert f"threshold: expected a number {'below' if above else 'up to'} 48, got {threshold:g}" in said
    assert chapter.tables == []


def test_sooner_than_never_may_be_asked(tmp_path: Path) -> None:
    chapter = chapter_of(awaited(tmp_path / "prim", "latin-hypercube", kind="prim", threshold=48.0, above=False))
    assert chapter.tables[0].data["low"].iloc[0] == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_sensitivity_names_the_restricted_mean(tmp_path: Path, kind: str) -> None:
    results = awaited(tmp_path / kind, kind, kind=kind)
    chapter = chapter_of(results)
    happens = Findings(results).happens("months", "base")[0]
    assert "Times are restricted means: in " in chapter.text[0]
    assert chapter.tables[0].data["happens"].tolist() == pytest.approx([happens] * 3)
    assert np.isclose(chapter.tables[0].data["horizon"], 48).all()


def test_convergence_names_the_restricted_mean(tmp_path: Path) -> None:
    findings = Findings(rich(tmp_path / "rich"))
    chapter = Analyst(findings, Illustrator(findings)).settles("months", "months", 1.0)
    assert "Times are restricted means: a run in which it does not happen counts with all 48 months." in chapter.text


def test_a_headline_without_a_number_does_not_stop_the_report(tmp_path: Path) -> None:
    """Whether its replicates are enough is told of the headline unasked: here it is a time that never comes."""
    results = make_results(
        tmp_path / "never",
        {"months": lambda *_: 48.0, "months:event": lambda *_: 0},
        measures={"months": {"kind": "time_to", "client": "Mali"}},
    )
    assert "nothing can be told of times" in write_report(results).read_text(encoding="utf-8")


def test_a_measure_without_a_number_in_most_replicates_says_so(tmp_path: Path) -> None:
    results = make_results(
        tmp_path / "few",
        {"m": lambda _label, _point, replicate: np.nan if replicate else 1.0},
        measures={"m": {"kind": "posture", "client": "Mali"}},
    )
    assert "it has a number in fewer than two replicates" in write_report(results).read_text(encoding="utf-8")
