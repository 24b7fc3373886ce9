"""Every page of a whole game is in one language, and says nothing in names that only a program reads."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from papertiger.scenarios import load
from papertiger.wargame.i18n.catalogue import catalogue
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.server.auth import Throttle
from tests.model.worlds import shipped
from tests.wargame.games import all_words
from tests.wargame.server.visitors import BASE, House, Visitor

WORD = re.compile(r"[^\W\d_](?:-?[^\W\d_])+")
IDENTIFIER = re.compile(r"\w*_\w+|\w+_\w*")
BARE_MONTH = re.compile(r"\b\d{4}-\d\d\b")
SHOWN = ("aria-label", "alt", "title", "placeholder", "data-label")
NAMES = ("HTML", "CSV", "JSON", "UTC", "Brier", "Papertiger")
"""The same in every language."""


class Visible(HTMLParser):
    """Gathers what a person sees of a page or is read to them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script")
        self.found += [value or "" for name, value in attrs if name in SHOWN]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def visible(page: str, *without: str) -> str:
    reader = Visible()
    reader.feed(page)
    text = "\n".join(reader.found)
    for secret in (BASE, *without):
        text = text.replace(secret, "")
    return text


def words_of(*texts: str) -> set[str]:
    return {word.lower() for text in texts for word in WORD.findall(text)}


def said(language: str) -> set[str]:
    """Return the words of the catalogue in a language, without their placeholders."""
    texts = catalogue(language).texts.values()
    return words_of(*(part for text in texts for part, _, _, _ in Formatter().parse(text)))


def foreign_words(language: str) -> set[str]:
    """Return words of the other language that none of this one's texts has."""
    scenario = shipped("venezuela_2026")
    other = "en" if language == "de" else "de"
    actors: dict[str, Any] = {**scenario.clients, **scenario.rivals, **scenario.adversaries}
    actors[scenario.patron.name] = scenario.patron
    told = {
        tongue: said(tongue)
        | words_of(*(words.text(tongue) for words in all_words(scenario.game)))
        | words_of(*(actor.called(name, tongue) for name, actor in actors.items()))
        for tongue in ("en", "de")
    }
    # On a page in English the keys of a file are words; on one in German they are what a program reads.
    told["en"] |= words_of(*actors)
    if language == "en":
        told["en"] |= words_of(*(event.what for event in scenario.events.values()))
    return told[other] - told[language] - words_of(*NAMES)


class Class:
    """A class that plays the game in one language, and every page that it was sent."""

    def __init__(self, house: House, language: str) -> None:
        self.house, self.language = house, language
        house.state.forms = Throttle(10_000, 10_000, 1.0)  # nobody types as fast as this class
        house.state.staff_forms = Throttle(10_000, 10_000, 1.0)
        self.pages: dict[str, str] = {}
        self.guest = self.speaking(house.guest("Anna"))
        self.staff = self.speaking(house.facilitator())
        seats = ("patron", "client:Venezuela", "client:Cuba", "rival:US", "adversary:US and allies")
        self.teams = {seat: self.speaking(house.team(seat)) for seat in seats}
        self.observer = self.speaking(house.observer())

    def speaking(self, visitor: Visitor) -> Visitor:
        visitor.send("/language", language=self.language)
        return visitor

    def see(self, visitor: Visitor, path: str, status: int = 200) -> None:
        answer = visitor.get(path)
        assert answer.status_code == status, (path, answer.text)
        assert f'<html lang="{self.language}">' in answer.text
        self.pages[f"{len(self.pages)} GET {path}"] = answer.text

    def send(self, visitor: Visitor, path: str, status: int = 303, /, **fields: str) -> None:
        answer = visitor.send(path, **fields)
        assert answer.status_code == status, (path, fields, answer.text)
        if status != 303:
            self.pages[f"{len(self.pages)} POST {path}"] = answer.text

    def order(self, seat: str, turn: int, status: int = 303, /, **fields: str) -> None:
        self.send(self.teams[seat], "/desk/orders", status, turn=str(turn), **{"as": "orders"}, **fields)

    def look_around(self) -> None:
        self.see(self.guest, "/lobby")
        self.see(self.staff, "/room")
        for visitor in (self.guest, self.observer, self.staff):
            self.see(visitor, "/wall")
        for team in self.teams.values():
            self.see(team, "/desk")


def refused(state: Class) -> None:
    """Try what cannot be done."""
    state.order("client:Cuba", 1, 422, posture="realigned", hedge="covert:Chin", ask1="posture_beyond", until1="1",
               client1="Cuba", posture1="hedging", chance1="10")  # fmt: skip
    state.order("client:Venezuela", 1, 422, posture="loyal", hedge="open:US")
    state.order("client:Venezuela", 1, 422, hedge="open:")
    state.order("client:Cuba", 1, 422, ask1="crisis", client1="Cuba", chance1="")
    state.order("client:Cuba", 1, 422, ask1="crisis", client1="", chance1="5")
    state.order("client:Cuba", 1, 422, ask1="posture_beyond", client1="Cuba", posture1="", chance1="5")
    state.order("client:Cuba", 1, 422, ask1="crisis", client1="Cuba", chance1="5", until1="99")
    state.order("client:Cuba", 1, 422, ask1="defected_share", chance1="120", share1="5")
    state.order("client:Cuba", 1, 422, posture="leaving")
    state.order("client:Cuba", 4, 409, ask="yes")
    state.order("patron", 1, 422, **{f"respond/{client}": "help" for client in ("Armenia", "Cuba", "Iran", "Syria")},
               **{f"coerce/{client}": "yes" for client in shipped("venezuela_2026").clients})  # fmt: skip
    state.order("patron", 1, 422, **{"points/Cuba": "9x", "support/Mali": "deliver"})
    state.order("patron", 1, 422, **{"support/Serbia": "deliver", "support/Nicaragua": "deliver"})
    state.order("adversary:US and allies", 1, 422, **{"press/Cuba": "9"})
    inject = {"kind": "offer", "client": "Cuba", "intensity": "2", "news": "", "rival": "", "posture": "", "when": ""}
    state.send(state.staff, "/room/inject", 422, **inject)
    state.send(state.staff, "/room/inject", 422, **inject | {"kind": "attack", "client": "Chechnya"})
    state.send(state.staff, "/room/inject", 422, **inject | {"kind": "nothing"})
    state.send(state.staff, "/room/resolve", 409, turn="5")
    state.send(state.staff, "/room/close", 409, turn="1", open="yes")
    state.send(state.staff, "/room/undo", 409, turn="1")
    state.send(state.staff, "/room/branch", 409, turn="4", name="4", luck="same")
    state.send(state.staff, "/room/recall", 409, name="7")
    state.send(state.staff, "/room/reveal", 409, turn="1", step="orders")
    state.send(state.guest, "/claim", 409, seat="patron")
    state.send(state.guest, "/claim", 422, seat="king")
    state.send(state.staff, "/room/inject", 422, **inject | {"kind": "claim", "when": "later"})
    state.send(state.teams["patron"], "/desk/message", 422, to="king", text="")
    state.send(state.teams["patron"], "/desk/answer", 409, question="0", text="")
    state.see(state.observer, "/review", 409)
    state.see(state.observer, "/room", 404)


def played(state: Class, turn: int) -> None:
    """Give every kind of order, and play the turn."""
    clients = list(shipped("venezuela_2026").clients)
    yes = "yes" if turn % 2 else "no"
    expects: dict[str, str] = {}
    if turn == 1:
        expects |= {"ask1": "posture_beyond", "client1": "Cuba", "posture1": "suspended", "chance1": "25"}
        expects |= {"ask2": "crisis", "client2": "Cuba", "chance2": "40"}
        expects |= {"ask3": "defected_share", "share3": "30", "chance3": "50"}
    state.order("client:Cuba", turn, ask=yes, complain=yes, hedge="end", **expects)
    posture = state.house.session.view(Seat("client", "Venezuela")).desk.posture  # type: ignore[union-attr]
    hedge = "covert:China" if posture == "hedging" else ""
    state.order("client:Venezuela", turn, ask="yes", posture=posture, hedge=hedge)
    unfriendly = {f"{do}/Serbia": yes for do in ("claim", "criticise", "court", "coerce")}
    answers = dict(zip(clients, ("nothing", "words", "nothing", "words"), strict=False))
    supply = ("nothing", "lapse", "deliver")[turn % 3]
    state.order("patron", turn, **unfriendly, **{f"respond/{client}": answer for client, answer in answers.items()},
               **{"points/Cuba": "60", "points/Venezuela": "40", "support/Venezuela": supply})  # fmt: skip
    state.order("rival:US", turn, **{"offer/Cuba": yes, "refused/Cuba": "keep" if turn % 2 else "withdraw",
               "offer/Venezuela": "withdraw"})  # fmt: skip
    state.order("adversary:US and allies", turn, **{"press/Cuba": str(turn % 3), "press/Venezuela": "1"})
    kinds = ["attack", "offer_withdrawn", *shipped("venezuela_2026").signals][4 * turn : 4 * turn + 4]
    for kind, when in zip(kinds, ("now", "month", "within", "beyond"), strict=True):
        state.send(state.staff, "/room/inject", kind=kind, client="Cuba", rival="US", intensity="2", news="",
                  when=when, month="2026-08", posture="realigned" if when == "beyond" else "loyal")  # fmt: skip
    state.send(state.staff, "/room/inject", kind="claim", client="Cuba", intensity="1", when="share", share="90")
    empty = "/room/seat/client:Nicaragua"
    state.send(state.staff, f"{empty}/orders", 422, turn=str(turn), posture="realigned")
    state.send(state.staff, f"{empty}/orders", turn=str(turn), ask="no")
    state.see(state.staff, empty)
    state.see(state.staff, "/room/seat/patron")
    state.send(state.staff, "/room/seat/patron/orders", 409, turn=str(turn), **{"points/Cuba": "1"})
    state.send(state.staff, "/room/pass", seat="client:Nicaragua")
    state.send(state.teams["client:Cuba"], "/desk/pass")
    for by_itself in ("yes", "no"):
        state.send(state.staff, "/room/pace", by_itself=by_itself)
        state.see(state.staff, "/room")
    for seat, visitor in state.teams.items():
        other = "facilitator" if seat == "patron" else "patron"
        state.send(visitor, "/desk/message", to=other, text="1 2 3")
        state.send(visitor, "/desk/ready", turn=str(turn), ready="yes")
    state.send(state.staff, "/room/message", to="all", text="3 2 1")
    state.look_around()
    if turn == 2:
        state.send(state.staff, "/room/recall", name=next(reversed(state.house.session.game.branch.injects)))
    state.send(state.staff, "/room/close", turn=str(turn), open="no")
    state.see(state.teams["patron"], "/desk")
    state.order("patron", turn, 409, **{"points/Cuba": "1"})
    state.send(state.staff, "/room/resolve", turn=str(turn))


def reviewed(state: Class, turns: int) -> None:
    """Look back, before and after everything is revealed."""
    for revealed in (False, True):
        for visitor in (state.staff, state.teams["client:Cuba"]):
            for path in ("/review", "/review/turn/1", f"/review/turn/{turns}"):
                state.see(visitor, path)
        state.see(state.observer, "/export/review.html")
        for step in ("orders", "beliefs", "covert", "rationales", "messages", "forecasts", "scores"):
            if not revealed:
                state.send(state.staff, "/room/reveal", step=step, turn=str(turns))
    for seat, visitor in state.teams.items():
        state.see(visitor, f"/review/{turns}/{seat}")
        state.send(visitor, "/desk/answer", question="0", text="42")
    state.see(state.staff, "/review")


@pytest.mark.parametrize("language", ["de", pytest.param("en", marks=pytest.mark.slow)])
def test_a_whole_game_speaks_one_language_and_no_programs_names(language: str, tmp_path: Path) -> None:
    house = House(tmp_path, lambda: load("venezuela_2026", {"game.last_month": "2026-08"}))
    numbers = count(1)
    house.auth.codes = lambda length: str(next(numbers)).zfill(length)  # letters of a pass may spell a word
    house.auth.rotate()
    state = Class(house, language)
    stranger = house.stranger()
    state.see(stranger, f"/?language={language}")
    state.send(stranger, "/join", 403, code="WRONG2", name="Anna", language=language)
    refused(state)
    turns = house.session.game.schedule.turns
    for team in state.teams.values():
        state.see(team, "/outlook")
    for turn in range(1, turns + 1):
        played(state, turn)
        if turn == 2:
            state.send(state.staff, "/room/undo", turn="2")
            state.send(state.staff, "/room/resolve", turn="2")
            state.send(state.staff, "/room/branch", turn="1", name="7", luck="other", session="yes")
    state.look_around()
    reviewed(state, turns)
    house.close()

    foreign = foreign_words(language)
    assert len(foreign) > 300
    decimal = re.compile(r"\d\.\d" if language == "de" else r"\d,\d")
    for name, page in state.pages.items():
        text = visible(page, house.auth.code, "Anna", "Deutsch", "English")
        assert not words_of(text) & foreign, (name, words_of(text) & foreign)
        for pattern in (IDENTIFIER, BARE_MONTH, decimal):
            assert not pattern.search(text), (name, pattern.search(text))
