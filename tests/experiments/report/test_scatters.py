"""Every sampled sweep draws its measures against the factors, those that matter first."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.experiments.report.numbers import Findings
from papertiger.experiments.report.scatters import pictures
from tests.experiments.report.made_up import plain, stepped, swept


@pytest.mark.parametrize("kind", ["sobol", "morris", "latin-hypercube"])
def test_a_sampled_sweep_is_drawn_against_its_factors(tmp_path: Path, kind: str) -> None:
    (picture,) = pictures(Findings(swept(tmp_path / kind, kind)), "a test")
    assert picture.name == "scatter_share"
    # The first factor moves it most, the third next to nothing.
    names = [part.rsplit(" ", 1)[0] for part in picture.alt.split("correlations: ")[1].rstrip(".").split("; ")]
    assert names[0] == "forgetting"
    assert names[-1] == "contagion"


def test_where_nothing_is_sampled_there_is_none(tmp_path: Path) -> None:
    assert list(pictures(Findings(plain(tmp_path / "plain")), "a test")) == []
    assert list(pictures(Findings(stepped(tmp_path / "grid", "grid")), "a test")) == []
