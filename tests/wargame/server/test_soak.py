"""A full class: a hundred open pages are told of each turn, load it, and leave the server small."""

from __future__ import annotations

import pytest

from benchmarks.classroom import measure


@pytest.mark.slow
def test_a_hundred_pages_see_each_turn() -> None:
    found = measure(100, (1, 2))  # returns once every page has shown the turn
    assert [seen.pages for seen in found] == [100, 100]
    assert max(seen.memory for seen in found) < 250
