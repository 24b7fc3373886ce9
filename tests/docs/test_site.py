"""The documentation's site fetches nothing from elsewhere, neither from its pages nor from its styles and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, text_of

SITE = ROOT / "build" / "site"
LOADS = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "input": ("src",),
}
"""What a browser fetches by itself; a link that a reader follows is none of it."""
FETCHED_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "modulepreload",
    "manifest",
}
ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?\s*((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)


class Loads(HTMLParser):
    """Collect what a page fetches by itself from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.elsewhere: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        fetched = [said.get(name, "") for name in LOADS.get(tag, ())]
        if tag == "link" and FETCHED_LINKS & set(said.get("rel", "").lower().split()):
            fetched.append(said.get("href", ""))
        if tag == "meta" and said.get("http-equiv", "").lower() == "refresh":
            fetched.append(said.get("content", "").partition("url=")[2])
        self.elsewhere += [one for value in fetched for one in value.split(",") if ELSEWHERE.match(one)]
        self.elsewhere += IN_STYLE.findall(said.get("style", ""))
        self._in_style = tag == "style"

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.elsewhere += IN_STYLE.findall(data)
            self._in_style = False


def fetched(text: str) -> list[str]:
    """Return what a page of HTML fetches from elsewhere."""
    page = Loads()
    page.feed(text)
    return page.elsewhere


def site_files(pattern: str) -> Iterator[Path]:
    yield from sorted(SITE.rglob(pattern))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('<script src="https://cdn.example/x.js"></script>', 1),
        ('<link rel="stylesheet" href="//fonts.example/css">', 1),
        ('<link rel="preconnect" href="https://fonts.example">', 1),
        ('<img src="HTTP://shields.example/badge.svg">', 1),
        ('<img srcset="a.png, https://x.example/b.png 2x">', 1),
        ("<style>@import 'https://x.example/a.css'; a { background: url(//x.example/b.png) }</style>", 2),
        ('<p style="background: url(https://x.example/a.png)">', 1),
        ('<meta http-equiv="refresh" content="0;url=https://x.example">', 1),
        ('<a href="https://mesa.readthedocs.io">Mesa</a>', 0),
        ('<link rel="canonical" href="https://x.example/"><link rel="stylesheet" href="_static/a.css">', 0),
        ('<img src="figures/a.png"><script src="_static/a.js?v=1"></script>', 0),
    ],
)
def test_what_counts_as_fetched_from_elsewhere(text: str, count: int) -> None:
    assert len(fetched(text)) == count


def test_no_page_asks_for_a_picture_or_a_script_from_elsewhere() -> None:
    pictures = re.compile(r"!\[[^\]]*\]\(\s*(?:https?:)?//[^)]*\)")
    hits = [(page, one) for page in PAGES for one in (*pictures.findall(text_of(page)), *fetched(text_of(page)))]
    assert hits == []


@pytest.mark.skipif(
    not (SITE / "index.html").is_file(), reason="the site was not built; CI builds it before the suite"
)
def test_the_built_site_fetches_nothing_from_elsewhere() -> None:
    pages = list(site_files("*.html"))
    assert len(pages) > 10
    hits = [(str(page.relative_to(SITE)), one) for page in pages for one in fetched(page.read_text(encoding="utf-8"))]
    hits += [
        (str(style.relative_to(SITE)), one)
        for style in site_files("*.css")
        for one in IN_STYLE.findall(style.read_text(encoding="utf-8"))
    ]
    assert hits == []
