"""What a thing explains: the report says for whom, with figures, and names those for whom it explains nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.experiments.report.ablations import explained, headline, in_words
from papertiger.experiments.report.numbers import Findings
from papertiger.experiments.report.page import _answer as sentence_of
from papertiger.experiments.report.page import answer, write_report
from papertiger.experiments.run.results import Results
from tests.experiments.report.made_up import Values, luck, make_results, share

CLIENTS = {"mover": "Mali", "nudged": "Niger", "still": "Burkina Faso"}
MEASURES = {
    "share": {"kind": "share_defected"},
    **{name: {"kind": "posture", "client": client, "at": "2024-12"} for name, client in CLIENTS.items()},
}


def rung(chance: float) -> Values:
    """Return a client that is at rung 3 in all runs of the base, and in some of the twin at 0."""
    return lambda label, _point, replicate: 0.0 if label == "twin" and luck(replicate, 5) < chance else 3.0


def results(folder: Path, *, headline: bool = True, ablations: bool = True) -> Results:
    values = {"share": share({"twin": -0.1}), "mover": rung(0.9), "nudged": rung(0.06), "still": rung(0.0)}
    asked = [{"of": "trust", "without": "twin", "at": "2024-12", "headline": headline}] if ablations else []
    return make_results(folder, values, replicates=300, measures=MEASURES, ablations=asked)


def test_the_first_sentence_says_for_whom_and_for_whom_not(tmp_path: Path) -> None:
    findings = Findings(results(tmp_path / "r"))
    (found,) = explained(findings)
    assert [one.client for one in found.moved] == ["Mali"]
    assert [one.client for one in found.nudged] == ["Niger"]
    assert [one.client for one in found.unmoved] == ["Burkina Faso"]
    (mover,) = found.moved
    assert mover.having == 3.0
    assert mover.difference == mover.having - mover.without > 2.4
    assert mover.low < mover.difference < mover.high
    assert found.average.difference == pytest.approx(sum(one.difference for one in found.shifts) / 3)
    text = in_words(found, "in 2024-12", 0.95)
    assert text.startswith(
        "Trust explains, by a quarter of a rung or more, the posture of Mali in 2024-12, and of none of the 2 others"
    )
    assert f"Mali is at {mover.without:.2f} without it and at 3.00 with it, +{mover.difference:.2f} [+" in text
    assert "It moves 1 by less than a quarter of a rung, though not by chance: Niger +0." in text
    assert "Not one of 300 pairs of runs differs for Burkina Faso." in text


def test_the_headline_of_before_stands_where_no_ablation_is_asked_for(tmp_path: Path) -> None:
    first = results(tmp_path / "first")
    page = write_report(first).read_text(encoding="utf-8")
    assert "What explains where each client stands" in page
    assert answer(first)[0].startswith("Trust explains")
    assert (first.folder / "tables/ablations.csv").read_text(encoding="utf-8").count("\n") == 1 + len(CLIENTS) + 1
    for name, options in (("plain", {"ablations": False}), ("chapter", {"headline": False})):
        findings = Findings(results(tmp_path / name, **options))
        assert headline(findings, explained(findings)) == []
        assert sentence_of(findings) == answer(first)[1:]


def test_where_nothing_moves_it_says_so(tmp_path: Path) -> None:
    values = {"share": share({}), **{name: rung(0.0) for name in CLIENTS}}
    weather = {"of": "the weather", "without": "twin", "at": "2024-12", "headline": True}
    made = make_results(tmp_path / "r", values, measures=MEASURES, ablations=[weather])
    write_report(made)
    assert answer(made)[0].startswith(
        "The weather explains the posture of no client in 2024-12: it moves none of 3 by a quarter of a rung. Not one"
    )
