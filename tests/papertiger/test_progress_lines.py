"""Lines of progress: whoever read one reads the last one, too."""

from __future__ import annotations

import threading

import pytest

from papertiger.cli import progress


def test_it_ends_at_the_total(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    first = threading.Event()

    def tell(text: str) -> None:
        told.append(text)
        first.set()

    monkeypatch.setattr(progress, "FIRST", 0.01)
    monkeypatch.setattr(progress, "tell", tell)
    with progress.progress("playing") as show:
        show("games", 1, 4)
        assert first.wait(60)
        show("games", 4, 4)
    assert told[-1] == "games: 4 of 4"
    assert told.count("games: 4 of 4") == 1


def test_what_is_over_before_the_first_line_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(progress, "FIRST", 3600.0)
    monkeypatch.setattr(progress, "tell", told.append)
    with progress.progress("playing") as show:
        show("games", 4, 4)
    assert not told
