"""The command `lab`: the page that it writes, and what it says where it cannot."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from tests.papertiger.conftest import Command


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep what would be opened."""
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    return addresses


def test_it_writes_a_page_and_opens_it(papertiger: Command, opened: list[str]) -> None:
    answer = papertiger("lab", "venezuela_2026")
    assert answer.code == 0
    page = Path("results/lab/venezuela_2026.html")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "2 worlds" in answer.out
    assert opened == [page.resolve().as_uri()]


def test_it_writes_where_it_is_told_and_opens_nothing(papertiger: Command, opened: list[str]) -> None:
    assert papertiger("lab", "venezuela_2026", "--no-open", "--out", "mine.html").code == 0
    assert Path("mine.html").is_file()
    assert opened == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["partners_202"], "no scenario of this name"),
        (["cuba", "--out", "page.txt"], "--out page.txt: expected a file that ends in .html"),
        (["cuba", "--out", "nowhere/page.html"], "--out nowhere/page.html: cannot write there"),
        (["middle_east_1970"], "has several patrons"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(papertiger: Command, arguments: list[str], said: str) -> None:
    answer = papertiger("lab", "--no-open", *arguments)
    assert answer.code == 2
    assert said in answer.error
    assert "Traceback" not in answer.error
