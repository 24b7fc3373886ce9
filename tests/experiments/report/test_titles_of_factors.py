"""A factor's title stands wherever people read its name, and changes no run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from matplotlib.axes import Axes

from papertiger.experiments.design.loader import load_study
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.report.labels import Vocabulary
from papertiger.experiments.report.page import write_report
from tests.experiments.report.made_up import stepped
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, run, write

TITLE = "how far a witness believes"


def test_reports_call_a_factor_by_its_title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    label = Axes.set_xlabel

    def noted(axes: Axes, xlabel: str, *arguments: Any, **more: Any) -> Any:
        drawn.append(xlabel)
        return label(axes, xlabel, *arguments, **more)

    monkeypatch.setattr(Axes, "set_xlabel", noted)
    results = stepped(tmp_path / "out", "one-at-a-time", title=TITLE)
    text = write_report(results).read_text(encoding="utf-8")
    assert text.count(TITLE) > 2
    assert "witness weight" not in text
    assert "parameters.witness_weight" in text  # the path stays: it is what a file says
    assert any(TITLE in one for one in drawn)
    assert not any("witness weight" in one for one in drawn)


def test_without_a_title_it_is_the_name_in_words(tmp_path: Path) -> None:
    results = stepped(tmp_path / "out", "grid")
    words = Vocabulary(results.experiment, results.worlds)
    assert words.factor("witness_weight") == "witness weight"


def test_a_title_changes_no_run(tmp_path: Path) -> None:
    first = run(tmp_path, HEAD + MEASURES + SWEEP)
    entitled = SWEEP.replace("forgetting: {", "forgetting: {title: memory, ")
    again = run(tmp_path, HEAD + MEASURES + entitled)
    assert again.experiment.vary["forgetting"].title == "memory"
    assert again.manifest.experiment_sha256 == first.manifest.experiment_sha256
    assert again.manifest.parts == first.manifest.parts


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ("{priors: parameters, title: all}", "'title' names one figure, so it cannot stand beside 'priors'"),
        (
            "{path: parameters.witness_weight, levels: [0, 1], title: threat}",
            "reports would call two factors 'threat'; give one a 'title' of its own",
        ),
    ],
)
def test_titles_that_would_mislead_are_refused(factors: str, said: str, tmp_path: Path) -> None:
    text = HEAD + MEASURES + SWEEP.replace("design:", f"  more: {factors}\ndesign:")
    with pytest.raises(ExperimentError) as refused:
        load_study(write(tmp_path, text))
    assert said in str(refused.value)
    assert "trial.yaml:" in str(refused.value)
