"""Settings of the ensemble's tests: examples that are always the same, and code that is compiled once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from papertiger.model.ensemble.compile import CACHE_VARIABLE, cache_folder
from papertiger.model.ensemble.ensemble import ensemble
from tests.model.busy import busy_world

settings.register_profile(
    "ensemble",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="session", autouse=True)
def compiled_code(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep compiled code in the user's cache, or in one folder for the session where there can be none."""
    before = os.environ.get(CACHE_VARIABLE)
    if cache_folder() is None:
        os.environ[CACHE_VARIABLE] = str(tmp_path_factory.mktemp("compiled"))
    ensemble(busy_world(), 1)
    yield
    if before is not None:
        os.environ[CACHE_VARIABLE] = before
    else:
        os.environ.pop(CACHE_VARIABLE, None)
