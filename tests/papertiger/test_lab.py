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
        (["partners_202"], "no scenario or experiment of this name (did you mean 'partners_202"),
        (["domines"], "no scenario or experiment of this name (did you mean 'dominoes'?)"),
        (["nosuch_at_all"], "no scenario of this name"),
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


EXPERIMENT = """\
title: Mine
question: Does it matter?
description: It may.
replicates: 10
scenarios:
  - cuba
  - {scenario: cuba, label: other, %s}
measures:
  share: {kind: share_defected, at: end}
"""


def test_decisions_are_not_left_out_in_silence(papertiger: Command) -> None:
    given = "decisions: [{month: 2022-03, client: Cuba, decision: posture, value: 4}]"
    Path("mine.yaml").write_text(EXPERIMENT % given, encoding="utf-8")
    answer = papertiger("lab", "--no-open", "mine.yaml")
    assert answer.code == 2
    assert "mine.yaml: 'other' has decisions of its own, and the page" in answer.error


def test_what_the_page_leaves_as_shipped_is_said(papertiger: Command) -> None:
    Path("mine.yaml").write_text(EXPERIMENT % "settings: {war.after: ends}, frozen: [resolve]", encoding="utf-8")
    answer = papertiger("lab", "--no-open", "mine.yaml")
    assert answer.code == 0
    assert "leaves as shipped what it cannot change: other: frozen resolve." in answer.out
