"""Beliefs are written in one way everywhere: in per cent."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from papertiger.wargame import server
from papertiger.wargame.i18n import catalogue
from tests.wargame.server.visitors import House

TEMPLATES = Path(server.__file__).parent / "templates"
BELIEFS = r"(?:protection|capability|resolve|credibility|trust|quantiles[^|}]*)"


def test_no_template_writes_a_belief_as_a_fraction() -> None:
    for template in sorted(TEMPLATES.glob("*.html")):
        assert not re.search(rf"\b{BELIEFS}\|(?:number|signed)", template.read_text(encoding="utf-8")), template.name


@pytest.mark.parametrize(("language", "fraction"), [("en", r"\b0\.\d\d"), ("de", r"\b0,\d\d")])
def test_desk_room_and_review_write_beliefs_in_per_cent(house: House, language: str, fraction: str) -> None:
    staff, border = house.facilitator(), house.team("client:Border")
    for visitor in (staff, border):
        visitor.send("/language", language=language)
    staff.send("/room/resolve", turn="1")
    room = unescape(staff.get("/room").text)
    staff.send("/room/end")
    pages = [room, *(unescape(staff.get(path).text) for path in ("/review", "/review/turn/1", "/wall"))]
    pages.append(unescape(border.get("/desk").text))
    named = [
        catalogue.text(language, name) for name in ("belief.protection", "belief.capability", "word.credibility")
    ]
    said = 0
    for page in pages:
        cells = re.sub(r"<[^>]+>", " ", page)
        for name in named:
            for after in re.findall(re.escape(name) + r"\s+(\S+)", cells):
                assert not re.match(fraction, after), (name, after)
                said += "%" in after or after[:1].isdigit()
    assert said
