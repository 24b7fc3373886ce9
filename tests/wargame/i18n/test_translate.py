"""Words for all that a game is about: each order, cause and kind in both languages, from public texts alone."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any, get_args

import pytest

from papertiger.experiments.ledger.causes import Drawn, drawn_of
from papertiger.model.ensemble.tables import GENERATED
from papertiger.scenarios.schema.events import STRUCTURAL_KINDS
from papertiger.wargame.i18n import catalogue, formats
from papertiger.wargame.i18n.translate import Translator
from papertiger.wargame.rules.conditions import PostureHeld
from papertiger.wargame.rules.orders import KINDS
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.views.client_desk import ClientDesk
from tests.model.worlds import shipped
from tests.wargame.games import BORDER, OPEN, SHIELDED, new_play, small
from tests.wargame.server.visitors import House

ORDERS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"do": "posture", "posture": "hedging"},
        "Take the posture “hedging”.",
        "Die Haltung „sichert sich ab“ einnehmen.",
    ),
    ({"do": "hedge", "covert": True}, "End secret contacts.", "Geheime Kontakte beenden."),
    (
        {"do": "hedge", "towards": "US", "covert": True},
        "Keep secret contacts: US.",
        "Geheime Kontakte pflegen: USA.",
    ),
    (
        {"do": "hedge", "towards": "Türkiye", "covert": False},
        "Hedge in the open: Türkiye.",
        "Sich offen absichern: Türkei.",
    ),
    ({"do": "ask", "ask": True}, "Call the patron in a crisis.", "In einer Krise die Schutzmacht rufen."),
    (
        {"do": "complain", "complain": False},
        "Do not complain in public when help is refused.",
        "Nicht öffentlich klagen, wenn Hilfe verweigert wird.",
    ),
    (
        {"do": "attention", "shares": {"Cuba": 60, "Mali": 0, "Syria": 40}},
        "Points of attention: Cuba 60, Syria 40.",
        "Punkte der Aufmerksamkeit: Kuba 60, Syrien 40.",
    ),
    (
        {"do": "respond", "client": "Cuba", "answer": "help"},
        "In a crisis Cuba gets help.",
        "In einer Krise bekommt Kuba Hilfe.",
    ),
    ({"do": "coerce", "client": "Cuba", "act": True}, "Coerce Cuba.", "Zwang gegen Kuba ausüben."),
    ({"do": "claim", "client": "Cuba", "act": False}, "Claim no territory of Cuba.", "Kein Gebiet von Kuba fordern."),
    (
        {"do": "criticise", "client": "Cuba", "act": False},
        "Do not criticise Cuba in public.",
        "Kuba nicht öffentlich kritisieren.",
    ),
    (
        {"do": "court", "client": "Cuba", "act": True},
        "Court the adversary of Cuba.",
        "Den Gegner von Kuba umwerben.",
    ),
    (
        {"do": "support", "client": "Cuba", "supply": "lapse"},
        "Let the technical support for Cuba lapse.",
        "Die technische Hilfe für Kuba ausbleiben lassen.",
    ),
    (
        {"do": "offer", "client": "Cuba", "act": True, "if_refused": "keep"},
        "Raise the offer to Cuba. If it is turned down, keep it.",
        "Das Angebot an Kuba erhöhen. Bei Ablehnung bestehen lassen.",
    ),
    ({"do": "withdraw", "client": "Cuba"}, "Take the offer to Cuba back.", "Das Angebot an Kuba zurückziehen."),
    (
        {"do": "press", "client": "Cuba", "intensity": 2},
        "Press Cuba with intensity 2.",
        "Druck auf Kuba mit Stärke 2.",
    ),
    ({"do": "press", "client": "Cuba", "intensity": 0}, "Hold back from Cuba.", "Gegen Kuba stillhalten."),
]


@pytest.fixture
def both(tmp_path: Path) -> tuple[Translator, Translator]:
    game = new_play(tmp_path, shipped("venezuela_2026")).game
    return Translator("en", game), Translator("de", game)


def test_formats_are_those_of_the_language() -> None:
    found = doctest.testmod(formats)
    assert found.attempted >= 6
    assert found.failed == 0
    assert formats.number(-0.0004, "de", 3, signed=True) == "+0,000"


def test_every_order_is_a_sentence(both: tuple[Translator, Translator]) -> None:
    english, german = both
    for said, in_english, in_german in ORDERS:
        assert (english.order(said), german.order(said)) == (in_english, in_german)
    kinds = {do for order in sum(KINDS.values(), ()) for do in get_args(order.model_fields["do"].annotation)}
    assert {said["do"] for said, _, _ in ORDERS} == kinds
    assert all(f"do.{do}" in catalogue.names() for do in kinds)


def test_everything_that_a_shipped_scenario_lets_happen_has_words() -> None:
    kinds = {*STRUCTURAL_KINDS, *shipped("venezuela_2026").signals} - {"outcome", "background"}
    assert {f"kind.{kind}" for kind in kinds} <= catalogue.names()


def test_every_part_of_utility_has_words(tmp_path: Path) -> None:
    desk = new_play(tmp_path).view(Seat("client", BORDER)).desk
    assert isinstance(desk, ClientDesk)
    assert {f"term.{name}" for rung in desk.rungs for name, _ in rung.terms} <= catalogue.names()


def test_causes_are_said_in_the_words_that_everyone_read(both: tuple[Translator, Translator]) -> None:
    english, german = both
    raid = "venezuela_2026_01_raid"
    assert english.cause(raid) == ("January 2026", "US strikes and a helicopter raid hit Caracas.")
    assert german.cause(raid) == ("Januar 2026", "US-Schläge und ein Hubschrauberüberfall treffen Caracas.")
    about = german.cause(raid)[1]
    assert german.cause(f"no response to {raid}") == ("Januar 2026", f"Keine Antwort auf: {about}")
    # Of the record before play everyone reads no text: then the kind is said.
    assert german.cause("cuba_2025_10_military_agreement")[1] == "Kuba: die Schutzmacht schließt einen Vertrag"
    assert german.cause("war") == ("", "Der Krieg der Schutzmacht geht weiter")
    for kind in GENERATED:
        month, said = german.cause(f"{kind} Cuba 2026-03")
        assert month == "März 2026"
        assert said.startswith("Kuba: ")
        assert kind not in said
        assert english.cause(f"{kind} Cuba 2026-03")[1].startswith("Cuba: ")
    assert drawn_of(["Cuba", "North Cuba"], "crisis North Cuba 2026-03") == Drawn("crisis", "North Cuba", "2026-03")


def test_a_signal_of_a_scenarios_own_is_called_by_its_label(tmp_path: Path) -> None:
    world = small()
    row = world.signals["claim"].model_copy(update={"label": "radio silence"})
    event = world.events["answer"].model_copy(update={"kind": "silence", "what": "Nobody answers."})
    changes = {"signals": {**world.signals, "silence": row}, "events": {**world.events, "quiet": event}}
    translator = Translator("de", new_play(tmp_path, world.model_copy(update=changes)).game)
    assert translator.kind("silence") == "radio silence"
    assert translator.about(SHIELDED, "silence") == f"{SHIELDED}: radio silence"
    assert translator.cause("quiet") == ("Mai 2020", "Nobody answers.")


def test_what_was_left_to_the_rules_is_said_once_with_its_clients(both: tuple[Translator, Translator]) -> None:
    left = ("attention", "respond Cuba", "claim Cuba", "respond Syria")
    assert both[1].left(left) == ["Aufmerksamkeit", "Antwort auf eine Krise: Kuba, Syrien", "Gebietsforderung: Kuba"]


def test_an_inject_that_the_scenario_plans_is_said_with_its_month(both: tuple[Translator, Translator]) -> None:
    english, german = both
    planned = next(iter(english.game.game.injects))
    assert english.cause(planned) == (
        "July 2026",
        "Ships take position before Cuba, and tankers are turned back.",
    )
    assert german.cause(planned) == (
        "Juli 2026",
        "Schiffe beziehen vor Kuba Stellung, und Tanker werden abgewiesen.",
    )


def test_an_inject_that_waited_is_said_without_a_month(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    event = {"kind": "claim", "client": OPEN, "news": "bad", "what": "A claim."}
    session.inject("white cell 1: claim", event, when=PostureHeld(client=OPEN, posture="realigned"))
    session.inject("white cell 2: claim", event)
    translator = Translator("de", session.game)
    assert translator.cause("white cell 1: claim") == ("", f"{OPEN}: Gebietsforderung")
    assert translator.cause("white cell 2: claim") == ("Oktober 2020", f"{OPEN}: Gebietsforderung")
    session.recall("white cell 1: claim")
    assert Translator("de", session.game).event("white cell 1: claim") == "Gebietsforderung"


def test_nobody_reads_the_words_of_what_is_still_to_come(tmp_path: Path) -> None:
    house = House(tmp_path)
    later = {"kind": "attack", "client": OPEN, "adversary": "Foe", "what": "CANARY-WHAT"}
    house.session.inject("later", later, when="2020-12", news="CANARY-NEWS")
    staff, others = house.facilitator(), [house.team(f"client:{name}") for name in (OPEN, BORDER)]
    others += [house.team("patron"), house.observer()]
    for turn in ("1", "2", "3"):
        staff.send("/room/resolve", turn=turn)
        seen = [visitor.get(path).text for visitor in others for path in ("/desk", "/wall")]
        assert all("CANARY-WHAT" not in page for page in seen)
        assert any("CANARY-NEWS" in page for page in seen) == (turn != "1")
    assert "CANARY-NEWS" in staff.get("/room").text
    house.close()
