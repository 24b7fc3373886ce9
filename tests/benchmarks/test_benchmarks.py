"""The benchmarks measure what they say: the versions agree, the floor is a floor, and the page takes the figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.floor import need_of, run_floor
from benchmarks.numpy_version import run_replay
from benchmarks.report import Table, write
from benchmarks.timing import interleaved, machine, ratio, slope
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.scenarios import Scenario
from tests.model.networks import generated_network
from tests.model.worlds import changed, shipped

RUNS = 1_500


@pytest.mark.slow  # two samples of thousands of runs
@pytest.mark.parametrize(
    "scenario",
    [
        shipped("partners_2020"),
        changed(shipped("chechnya_succession"), contagion=0.8),
        changed(generated_network(60, months=40), witness_weight=-0.3, covert_start=0.5, review_rate=0.4),
    ],
    ids=["base network", "succession and contagion", "made-up network"],
)
def test_the_numpy_version_and_the_ensemble_agree_as_two_samples_do(scenario: Scenario) -> None:
    found = ensemble(scenario, RUNS, seed=2)
    here = found.kept.counts
    there = run_replay(found.plan.job.tables, RUNS, seed=3, chunk=1_000)
    assert np.array_equal(here.sum(axis=2), there.sum(axis=2))
    both = (here + there) / (2 * RUNS)
    error = np.sqrt(both * (1.0 - both) * 2 / RUNS)
    distance = np.abs(here - there) / RUNS
    # Five standard errors, and for the rarest rungs the few runs that chance may put there.
    assert (distance <= 5.0 * error + 5.0 / RUNS).all()


def test_the_floor_draws_what_the_ensemble_needs() -> None:
    need = need_of(ensemble("partners_2020", 50, keep="levels"))
    assert need.months == 96
    assert len(need.actors) == 17
    assert 0.1 < need.review_share < 0.3
    assert run_floor(need, 3) == run_floor(need, 3, one_by_one=True) > 0.0


def test_ratios_and_slopes_are_those_of_the_figures() -> None:
    costs = iter([2.0, 1.0, 8.0, 2.0, 9.0, 3.0])
    found = interleaved({"slow": lambda: next(costs), "fast": lambda: next(costs)}, 3)
    assert found == {"slow": [2.0, 8.0, 9.0], "fast": [1.0, 2.0, 3.0]}
    assert ratio(found, "slow", "fast") == 3.0
    assert slope((1, 10, 100), (3.0, 30.0, 300.0)) == pytest.approx(1.0)


def test_tables_are_written_between_the_markers_only(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Before.\n<!-- benchmarks -->\nold\n<!-- end of benchmarks -->\nAfter.\n", encoding="utf-8")
    write([Table("one", "A title", ("a", "b"), [("1", "2")])], machine(), page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before.\n<!-- benchmarks -->\n")
    assert text.endswith("<!-- end of benchmarks -->\nAfter.\n")
    assert "**A title**\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n" in text
    assert "old" not in text
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]
    page.write_text("no markers", encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.md: expected one pair of markers, found 0"):
        write([], machine(), page)
    assert page.read_text(encoding="utf-8") == "no markers"
