"""Proposals, threads and lines for the press through the forms, as a browser without script sends them."""

from __future__ import annotations

import html

import pytest

from papertiger.wargame.rules.seats import parse
from papertiger.wargame.views.promises import state_of
from tests.wargame.server.visitors import House, Visitor

BORDER, WEST, PATRON, FOE = "client:Border", "rival:West", "patron", "adversary:Foe"
WORDS = "Between the two of us alone."
LINE = "We stand by our word."
TURN = {"turn": "1", "whole": "1"}


def desk(team: Visitor) -> str:
    return html.unescape(str(team.get("/desk").text))


def proposals(house: House) -> list[tuple[str, str, str]]:
    """Return every proposal in the log: from whom, to whom, and what became of it."""
    snapshot = house.session.snapshot()
    return [(*one.parties, state_of(one, snapshot)) for one in house.session.game.branch.proposals]


def propose(team: Visitor, **fields: str) -> int:
    return int(team.send("/desk/propose", **{**TURN, "to": PATRON, "text": WORDS, **fields}).status_code)


@pytest.mark.parametrize(("said", "state"), [("accepted", "accepted"), ("refused", "refused")])
def test_a_proposal_is_answered_by_whom_it_was_put_to(house: House, said: str, state: str) -> None:
    team, patron, other = house.team(BORDER), house.team(PATRON), house.team(WEST)
    assert propose(team, gives="call", asks="help/Border") == 303
    assert proposals(house) == [(BORDER, PATRON, "waiting")]
    assert WORDS in desk(patron)
    assert WORDS not in desk(other)
    name = deal_of(patron, said)
    assert patron.send("/desk/reply", **TURN, deal=name).status_code == 303
    assert proposals(house) == [(BORDER, PATRON, state)]
    assert patron.send("/desk/reply", **TURN, deal=name).status_code in (409, 422)  # once is enough


def deal_of(team: Visitor, said: str) -> str:
    """Return the value of a button that answers."""
    page = desk(team)
    start = page.index(f'value="{said} ') + len('value="')
    return page[start : page.index('"', start)]


def test_only_who_proposed_withdraws(house: House) -> None:
    team, patron = house.team(BORDER), house.team(PATRON)
    propose(team, gives="calm")
    name = deal_of(team, "withdrawn")
    assert 'value="withdrawn ' not in desk(patron)
    assert team.send("/desk/reply", **TURN, deal=name).status_code == 303
    assert proposals(house) == [(BORDER, PATRON, "withdrawn")]
    assert 'value="accepted ' not in desk(patron)


def test_what_has_no_answer_lapses_with_the_turn(house: House) -> None:
    team = house.team(BORDER)
    propose(team, gives="stay/hedging", lasts="2")
    house.session.resolve(1)
    assert proposals(house) == [(BORDER, PATRON, "lapsed")]


@pytest.mark.parametrize(
    "fields",
    [
        {"to": ""},
        {"to": "nobody"},
        {"to": BORDER},
        {"gives": "help/Border"},  # a patron's to give
        {"asks": "offer/Border"},  # a rival's
        {"gives": "stay"},
        {"gives": "stay/nowhere"},
        {"gives": "calm/Border"},
        {"asks": "help/Nobody"},
        {"gives": "call", "lasts": "99"},
        {"text": "", "gives": "", "asks": ""},
        {"text": "long " * 200},
    ],
)
def test_what_cannot_be_proposed_is_said_where_it_stands_and_stays_typed(
    house: House, fields: dict[str, str]
) -> None:
    team = house.team(BORDER)
    answer = team.send(
        "/desk/propose", **{**TURN, "to": PATRON, "text": WORDS, "ask": "yes", "ask.why": "Nobody came.", **fields}
    )
    assert answer.status_code in (409, 422)
    assert proposals(house) == []
    assert "Nobody came." in answer.text
    if fields.get("text") is None:
        assert WORDS in html.unescape(answer.text)


def test_a_line_for_the_press_is_public_and_there_is_one_a_turn(house: House) -> None:
    team, other = house.team(BORDER), house.team(FOE)
    assert team.send("/desk/publish", **TURN, line=f"  {LINE} ").status_code == 303
    assert LINE in desk(other)
    assert LINE in html.unescape(house.facilitator().get("/wall").text)
    again = team.send("/desk/publish", **TURN, line="And another one.")
    assert again.status_code in (409, 422)
    assert [one.text for one in house.session.view(parse(FOE)).public.press] == [LINE]


@pytest.mark.parametrize("deal", ["", "accepted", "kept 1 patron", "accepted 99 patron", "withdrawn x nobody"])
def test_an_answer_to_nothing_is_refused_and_nothing_typed_is_lost(house: House, deal: str) -> None:
    team = house.team(BORDER)
    answer = team.send("/desk/reply", **TURN, deal=deal, ask="yes", **{"ask.why": "Nobody came."})
    assert answer.status_code in (409, 422)
    assert "Nobody came." in answer.text


@pytest.mark.parametrize("line", ["  ", "word " * 40])
def test_a_line_that_is_none_is_refused_and_nothing_typed_is_lost(house: House, line: str) -> None:
    team = house.team(BORDER)
    answer = team.send("/desk/publish", **TURN, line=line, ask="yes", **{"ask.why": "Nobody came."})
    assert answer.status_code == 422
    assert "Nobody came." in answer.text


def test_the_facilitator_takes_a_line_off_the_wall_and_a_team_cannot(house: House) -> None:
    team = house.team(BORDER)
    team.send("/desk/publish", **TURN, line=LINE)
    assert team.send("/room/press", turn="1", seat=BORDER).status_code in (403, 404)
    assert LINE in html.unescape(house.facilitator().get("/wall").text)
    assert house.facilitator().send("/room/press", turn="1", seat=BORDER).status_code == 303
    assert LINE not in html.unescape(house.facilitator().get("/wall").text)
    assert LINE not in desk(house.team(FOE))
    assert house.facilitator().send("/room/press", turn="1", seat="nobody").status_code == 422
