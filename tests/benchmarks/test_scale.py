"""The simulation of larger clusters is what it says: known answers, and what cannot be otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.scale import Costs, grown, measure, simulate

FREE = Costs(row=1e-4, worker=0.0, hand=0.0, keep=0.0, keep_row=0.0, keep_part=0.0, file=50.0, sent=80.0, entry=100.0)


def test_without_overhead_workers_share_the_work() -> None:
    outcome = simulate(FREE, 10, 100, 1_000.0)
    assert outcome.seconds == pytest.approx(100 * 0.1 / 10)
    assert outcome.working == pytest.approx(1.0)
    assert outcome.client == 0.0


def test_who_has_one_part_more_is_waited_for() -> None:
    assert simulate(FREE, 10, 11, 1_000.0).seconds == pytest.approx(0.2)
    assert simulate(FREE, 1_000, 10, 1_000.0).working == pytest.approx(0.01)


def test_the_client_writes_one_part_after_the_other() -> None:
    slow = replace(FREE, keep=0.05)
    outcome = simulate(slow, 100, 200, 1_000.0)
    assert outcome.seconds == pytest.approx(0.1 + 200 * 0.05)
    assert outcome.client == pytest.approx(10.0 / 10.1)


def test_each_part_makes_the_manifest_longer() -> None:
    longer = replace(FREE, keep_part=1e-3)
    assert simulate(longer, 1, 4, 10.0).seconds >= simulate(FREE, 1, 4, 10.0).seconds + 3e-3


def test_the_table_names_what_gives_way_first() -> None:
    rows = grown(FREE).rows
    assert [row[-1] for row in rows if row[0] == "1e9"] == ["memory of an analysis, of one machine"] * 3
    assert rows[0][2:4] == ("2,000", "5,000")
    assert rows[5][-1] == "balance: 2 parts for each worker"
    assert grown(replace(FREE, hand=0.01, keep=0.01)).rows[2][-1] == "the one process that writes rows down"


@pytest.mark.slow
def test_the_same_sweep_is_measured_on_clusters_of_this_machine() -> None:
    costs, table = measure(3, 200)
    assert [row[0] for row in table.rows] == [
        "this process", "Dask, 1 worker", "Dask, 2 workers", "Dask, 4 workers",
    ]  # fmt: skip
    assert costs.row > 0.0
    assert costs.hand > 0.0
    assert 0.0 < costs.file < costs.sent
