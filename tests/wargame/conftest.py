"""Settings of the war game's tests: code that is compiled once, and games that are closed after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.model.ensemble.conftest import compiled_code
from tests.wargame.games import OPENED

__all__ = ["compiled_code"]


@pytest.fixture(autouse=True)
def closed_games() -> Iterator[None]:
    """Close all games that a test opened."""
    yield
    while OPENED:
        OPENED.pop().close()
