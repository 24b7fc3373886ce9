"""A crawl: everything that can be asked for, made from the table of pages and from what the pages themselves offer.

A page that is added is asked for, with good and bad parts in its address, and its forms are sent back spoilt, without
anybody thinking of it here.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from itertools import product
from string import Formatter
from urllib.parse import quote, unquote

from papertiger.wargame.server import static_files
from papertiger.wargame.server.middleware import HEADERS
from papertiger.wargame.server.routes import PAGES
from tests.wargame.server.stage import Answer, Stage
from tests.wargame.server.visitors import Visitor

METHODS = ("HEAD", "PUT", "DELETE", "OPTIONS")
CACHED = frozenset(static_files.address(file.name) for file in static_files.STATIC.iterdir())
NUMBERS = ("1", "2", "99", "x")
POSTED = frozenset(page.path for page in PAGES if page.method == "POST")
GOES = frozenset({"/leave", "/desk/pass"})
"""Forms that do what they say without a field."""

FORBIDDEN = frozenset({"iframe", "object", "embed", "base", "audio", "video", "foreignobject", "image"})
MAP = f"{static_files.address('world.svg')}#"
"""What alone may be drawn by reference: the outlines of the wall."""
POINTING = frozenset({"href", "src", "action", "formaction", "poster", "data", "srcset", "xlink:href"})


TAG = re.compile(r'<(/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*/?>')
ATTRIBUTE = re.compile(r'\s([\w:-]+)(?:="([^"]*)")?')


@dataclass
class Form:
    """A form of a page."""

    method: str
    action: str
    fields: set[str] = field(default_factory=set)


@dataclass
class Contents:
    """What a page points to, its forms, and what no page of ours may hold."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def take(self, tag: str, said: dict[str, str]) -> None:
        if tag.lower() in FORBIDDEN or (tag.lower() == "use" and not said.get("href", "").startswith(MAP)):
            self.faults.append(f"<{tag}>")
        for name, value in said.items():
            if name.startswith("on") or name == "style":
                self.faults.append(f"<{tag} {name}>")
            if name in POINTING:
                self.links.append(value)
                if (value and not value.startswith(("/", "#"))) or value.startswith("//"):
                    self.faults.append(f"<{tag} {name}={value}>")
        if tag == "form":
            self.forms.append(Form(said.get("method", "get").upper(), said.get("action", "")))
        if self.forms and said.get("name") and tag in ("input", "select", "textarea", "button"):
            self.forms[-1].fields.add(said["name"])


SCRIPTS = SCRIPT, DESK_SCRIPT, FILM = tuple(
    f'<script type="module" src="{static_files.address(name)}"></script>'
    for name in ("live.js", "desk.js", "wall.js")
)


@lru_cache(10)
def contents_of(text: str) -> Contents:
    """Return what a page is made of. It is stricter than a browser: a bracket that is no tag's is a fault."""
    found, brackets = Contents(), len(re.findall("<(?!!doctype html>)", text))
    for match in TAG.finditer(text):
        brackets -= 1
        if not match[1]:
            found.take(match[2], {name: unescape(value) for name, value in ATTRIBUTE.findall(match[3])})
    if brackets or text.count("<script") != sum(text.count(script) for script in SCRIPTS):
        found.faults.append("a script, or something that is no tag")
    return found


def is_page(answer: Answer) -> bool:
    return answer.headers.get("content-type", "").startswith(("text/html", "image/svg"))


def spots(path: str, values: Iterable[str]) -> Iterable[str]:
    """Yield addresses of a page: each part in braces is each of the values."""
    parts = [name for _, name, _, _ in Formatter().parse(path) if name]
    for chosen in product(values, repeat=len(parts)):
        yield path.format(**dict(zip(parts, chosen, strict=True)))


def assert_is_safe(answer: Answer) -> None:
    """Hold an answer against what every answer must be, whatever it shows."""
    where = f"{answer.method} {answer.path}"
    wanted = HEADERS | ({"cache-control": static_files.CACHED} if answer.path in CACHED else {})
    assert {name: answer.headers.get(name) for name in HEADERS} == wanted, where
    assert answer.status_code in (200, 303, 304, 400, 403, 404, 409, 413, 415, 422, 429), (where, answer.text[:2000])
    assert "Traceback" not in answer.text, where
    if is_page(answer) and "attachment" not in answer.headers.get("content-disposition", ""):
        assert not contents_of(answer.text).faults, where


def look(visitor: Visitor, seats: Iterable[str] = ()) -> list[Form]:
    """Ask for every page of the table and for all that pages point to, and return the forms that were found.

    Where seats are given, also for pages about them, and for pages that there cannot be.
    """
    values = [quote(seat) for seat in seats]
    odd = [*NUMBERS, "client%3ANobody", "facilitator", "%00", "..%2f..%2fgame"] if values else []
    waiting = deque(spot for page in PAGES if page.method == "GET" for spot in spots(page.path, [*values, *odd]))
    if odd:
        waiting += ["/nowhere", "/static/../app.py", "/static/live.js", "/?code=%3Cb%3E", "/desk?done=%3Cb%3E"]
    asked, forms = set[str](), []
    while waiting:
        path = waiting.popleft().partition("#")[0]
        if not path or path in asked:
            continue
        asked.add(path)
        answer = visitor.get(path)
        assert_is_safe(answer)
        if is_page(answer):
            contents = contents_of(answer.text)
            forms += contents.forms
            # Where a form goes is no page, and the style sheet stays the same: once is enough.
            waiting += [one for one in contents.links if odd or not (one in POSTED or one.startswith("/static"))]
        if answer.status_code == 303:
            waiting.append(answer.headers["location"])
    assert not any("//" in unquote(path) for path in asked)
    return forms


def spoil(stage: Stage, visitor: Visitor, forms: Iterable[Form], taken: Iterable[str]) -> None:
    """Send every form in ways that none of them may take, and see that nothing came of it."""
    taken = list(taken)
    fields = {spot: {"turn", "seat", "to", "text"} for path in POSTED for spot in spots(path, map(quote, taken))}
    for form in forms:
        assert form.method == "POST", form
        fields.setdefault(form.action, set()).update(form.fields)
    before = stage.session.store.last(), stage.auth.path.read_bytes()
    token = visitor.token()
    for path, names in sorted(fields.items()):
        if path in GOES:
            continue
        stage.later()  # nobody sends so many in a moment
        kept = {"csrf": token, "key": ""}
        values = ("99999", "client:Nobody", "\0<b>ß\ud7ff&\"'", "x" * 5000)
        bad: list[dict[str, str]] = [{}, {"csrf": "0" * 64}, kept]
        bad += [dict.fromkeys(sorted(names), value) | kept for value in values]
        bad += [
            {name: seat if name in ("seat", "to") else "x" * 5000 for name in sorted(names)} | kept for seat in taken
        ]
        for data in bad:
            answer = visitor.client.post(path, data=data)
            assert_is_safe(answer)
            assert answer.status_code >= 400, (path, data)
    for page in PAGES[:: len(METHODS)]:
        for method in METHODS:
            assert_is_safe(visitor.client.request(method, next(iter(spots(page.path, ["x"])))))
    assert (stage.session.store.last(), stage.auth.path.read_bytes()) == before, "a spoilt form did something"
