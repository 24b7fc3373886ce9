"""News tells each thing once, with its author; no air defence is heard of where nothing came from the air."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.wargame.engine.months import CrisisMonth
from papertiger.wargame.i18n.translate import Translator
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from papertiger.wargame.views.causes import EYE, FADING, OLDER, why_moved
from papertiger.wargame.views.crisis_kinds import kind_of
from papertiger.wargame.views.news import CRISES, QUIET, TESTS, NewsItem, headline
from tests.model.worlds import shipped
from tests.wargame.games import CLIENTS, FOE, PATRON, SHIELDED, new_play, sheet, small

ARMENIA = shipped("cuba").clients["Armenia"]


def pressed(folder: Path, answer: str = "words", air: float = 1.0) -> Session:
    """Return a game in which an adversary pressed a client once, who called, and whom the patron answered."""
    world = small(crisis_hazard=0.0)
    guarded = world.clients[SHIELDED].model_copy(
        update={"air_attacks": world.clients[SHIELDED].air_attacks.model_copy(update={"value": air})}
    )
    game = new_play(folder, world.model_copy(update={"clients": {**world.clients, SHIELDED: guarded}}))
    game.submit(sheet(FOE, 1, {"do": "press", "client": SHIELDED, "intensity": 2}))
    game.submit(sheet(Seat("client", SHIELDED), 1, {"do": "ask", "ask": True}, {"do": "complain", "complain": True}))
    game.submit(sheet(PATRON, 1, {"do": "respond", "client": SHIELDED, "answer": answer}))
    game.resolve(1)
    return game


def crises(game: Session, client: str = SHIELDED) -> list[NewsItem]:
    return [item for item in game.snapshot().news if item.kind == "crisis" and item.client == client]


def test_a_crisis_its_answer_and_the_complaint_are_one_sentence_with_its_author(tmp_path: Path) -> None:
    game = pressed(tmp_path)
    (item,) = crises(game)
    assert item.author == str(FOE)
    assert item.outcome[1:] == ("words_only", "complaint")
    assert item.outcome[0] in TESTS
    said = Translator("en", game.game).news(item)
    assert said.startswith(
        f"{SHIELDED} comes under heavy pressure from Foe; the air defence that Protector supplied "
    )
    assert said.endswith(f"; Protector sends words; {SHIELDED} complains in public.")
    told = [one for one in game.snapshot().news if SHIELDED in one.clients]
    assert not {"words_only", "complaint", *TESTS} & {one.kind for one in told}


@pytest.mark.parametrize(("air", "heard"), [(1.0, True), (0.0, False)])
def test_air_defence_is_heard_of_only_after_an_attack_from_the_air(tmp_path: Path, air: float, heard: bool) -> None:
    (item,) = crises(pressed(tmp_path, air=air))
    assert bool(set(TESTS) & set(item.outcome)) is heard


def test_help_is_said_once_whether_it_works_or_fails(tmp_path: Path) -> None:
    (item,) = crises(pressed(tmp_path, "help"))
    assert item.outcome[1:] in (("intervened",), ("help_failed",))


def test_a_turn_in_which_nothing_happens_says_so_once(tmp_path: Path) -> None:
    game = new_play(tmp_path, small(2, crisis_hazard=0.0, review_rate=0.0, coercion_rate=0.0, claim_rate=0.0))
    orders = [{"do": do, "client": name, "act": False} for do in ("criticise", "court") for name in CLIENTS]
    for turn in (1, 2):
        game.submit(sheet(PATRON, turn, *orders, {"do": "support", "client": SHIELDED, "supply": "nothing"}))
        game.resolve(turn)
    quiet = [item for item in game.snapshot().news if item.kind == QUIET]
    assert [item.month for item in quiet] == ["2021-01"]  # the raid of the record came in the first turn
    assert Translator("de", game.game).news(quiet[0]).startswith("Es bleibt ruhig")


@given(st.integers(1, 3), st.booleans(), st.integers(1, 12))
def test_a_kind_of_crisis_fits_its_strength_and_its_means(intensity: int, air: bool, month: int) -> None:
    crisis = CrisisMonth(0, float(intensity), "", air)
    kind = kind_of(ARMENIA, "Armenia", f"2026-{month:02}", crisis)
    assert kind is not None
    assert kind.least <= intensity <= kind.most
    assert (kind.means == "air") == air
    assert kind is kind_of(ARMENIA, "Armenia", f"2026-{month:02}", crisis)


@pytest.mark.parametrize("name", ["venezuela_2026", "whole_network"])
def test_no_act_is_told_twice_and_no_air_defence_without_an_attack_from_the_air(name: str, tmp_path: Path) -> None:
    game = new_play(tmp_path, shipped(name), seed=11)
    for turn in range(1, min(5, game.game.schedule.turns) + 1):
        game.resolve(turn)
    snapshot = game.snapshot()
    sentences = [(item.month, Translator("en", game.game).news(item)) for item in snapshot.news]
    assert len(set(sentences)) == len(sentences)
    for item in snapshot.news:
        if item.kind in CRISES and set(TESTS) & set(item.outcome):
            assert item.means == "air"
        assert item.kind not in TESTS
    acts = [(item.month, item.kind, name) for item in snapshot.news if item.kind != "attack" for name in item.clients]
    assert len({one for one in acts if one[1] not in CRISES}) == len([one for one in acts if one[1] not in CRISES])


def test_the_headline_is_the_weightiest_and_prefers_those_in_play() -> None:
    far, near = (
        NewsItem("2026-01", "crisis", "Far", intensity=3.0),
        NewsItem("2026-01", "crisis", "Near", intensity=1.0),
    )
    gone = NewsItem("2026-01", "posture", "Far", posture="realigned", before="loyal")
    assert headline(()) is None
    assert headline((near, far)) is far
    assert headline((near, far), frozenset({"Near"})) is near
    assert headline((far, gone)) is gone


def test_the_ledger_names_what_the_patron_did_and_sums_to_the_change(tmp_path: Path) -> None:
    game = pressed(tmp_path)
    snapshot, i = game.snapshot(), CLIENTS.index(SHIELDED)
    rows = why_moved(snapshot, i, 1)
    moved = snapshot.now.clients[i].protection - snapshot.replay.start.clients[i].protection
    assert sum(row.protection for row in rows) == pytest.approx(moved, abs=1e-9)
    own = next(row for row in rows if row.cause == f"crisis {SHIELDED} 2020-10" and row.channel == "own")
    month, said = Translator("en", game.game).because(own)
    assert month == "October 2020"
    assert "Protector sends words. This was after: Shielded comes under heavy pressure" in said
    assert [(row.cause, row.channel) for row in rows if row.channel == "earlier"] in ([FADING], [FADING, OLDER])
    for row in rows:
        assert row.visible or row.channel == "earlier"
        assert row.visible == any(abs(part) >= EYE for part in (row.capability, row.resolve, row.protection))
    assert len(why_moved(snapshot, i, 1, 4)) <= 4
