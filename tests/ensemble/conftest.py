"""Settings of the ensemble's tests: examples that are always the same, and code that is compiled once."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from model.compiled import CACHE_VARIABLE, cache_folder
from model.ensemble import ensemble
from tests.model.busy import busy_world

settings.register_profile(
    "ensemble",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes of the suite out, so that one compiles and the others load what it kept."""
    try:
        import fcntl
    except ImportError:  # where there is none, each process compiles for itself
        yield
        return
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_code(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep compiled code in the user's cache, or in one folder for the session where there can be none."""
    before = os.environ.get(CACHE_VARIABLE)
    if cache_folder() is None:
        os.environ[CACHE_VARIABLE] = str(tmp_path_factory.mktemp("compiled"))
    folder = cache_folder()
    assert folder is not None
    with alone(folder):
        ensemble(busy_world(), 1)
    yield
    if before is not None:
        os.environ[CACHE_VARIABLE] = before
    else:
        os.environ.pop(CACHE_VARIABLE, None)
