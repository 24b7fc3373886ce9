"""A class of two groups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wargame.server.parallel.classes import ClassRoom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ClassRoom]:
    made = ClassRoom(tmp_path)
    yield made
    made.close()
