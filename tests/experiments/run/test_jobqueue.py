"""A cluster whose workers are jobs of a queue, as dask-jobqueue starts them, here by its own local job."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.experiments.run.small import HEAD, MEASURES, SWEEP, run, same_rows

TEXT = HEAD + MEASURES + SWEEP


@contextlib.contextmanager
def queue(folder: Path) -> Iterator[Any]:
    """Start a scheduler here, and two jobs with a worker each, by the scripts that a queue would get."""
    local: Any = pytest.importorskip("dask_jobqueue.local")
    with local.LocalCluster(
        cores=1,
        processes=1,
        memory="2GB",
        interface=None,
        local_directory=str(folder),
        log_directory=str(folder),
        scheduler_options={"host": "127.0.0.1", "dashboard": False, "dashboard_address": "127.0.0.1:0"},
        worker_extra_args=["--no-dashboard"],
    ) as cluster:
        cluster.scale(jobs=2)
        yield cluster


@pytest.mark.slow
# dask-jobqueue's local job ends its process and never waits for it.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_jobs_of_a_queue_make_the_same_rows(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    with queue(tmp_path) as cluster:
        assert "dask" in cluster.job_script()
        same_rows(run(here, TEXT), run(there, TEXT, backend="dask", cluster=cluster.scheduler_address))
    gc.collect()  # so that what it leaves is warned of here
