"""What somebody who plays for the first time stumbled over: signs, prices, what was left open, the way on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from papertiger.wargame.i18n import catalogue
from papertiger.wargame.i18n.translate import MAX_NAMED, Translator
from papertiger.wargame.kit.game import game_for
from papertiger.wargame.rules import seats
from papertiger.wargame.server.pages.cards import page_of
from papertiger.wargame.server.pages.situation import rule_moved
from tests.model.worlds import shipped
from tests.wargame.server.visitors import House


@pytest.fixture
def network(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, lambda: shipped("whole_network"))
    yield house
    house.close()


@pytest.mark.parametrize("language", catalogue.languages())
def test_every_sign_on_the_wall_is_in_its_legend(network: House, language: str) -> None:
    wall = network.observer()
    wall.send("/language", language=language)
    legend = wall.get("/wall").text.partition('<div class="legend">')[2].partition("</ul>")[0]
    for sign in ("patron", "rival", "adversary"):
        assert catalogue.text(language, f"sign.{sign}") in legend


@pytest.mark.parametrize("language", catalogue.languages())
def test_the_patrons_card_says_how_many_points_it_has(language: str) -> None:
    game = game_for(shipped("havana_2026"))
    card = unescape(page_of(game, Translator(language, game))).partition('<section class="sheet')[2]
    most = game.game.limits.patron
    assert catalogue.text(language, "cards.points_patron").format(count=most) in card.partition("</section>")[0]


def test_a_card_says_how_far_the_rules_may_move_and_a_desk_that_they_did(network: House) -> None:
    """By rule a client may go a step a month; who left its posture open reads from where to where it went."""
    serbia = network.team("client:Serbia")
    moved = 0
    for turn in range(1, 9):
        page = unescape(serbia.get("/desk").text)
        assert catalogue.text("en", "effect.rule_posture").format(months=3) in page
        view = network.session.view(seats.Seat("client", "Serbia"))
        went = rule_moved(view)
        said = "the rules moved you" in page
        assert said is (went is not None)
        if went is not None:
            moved += 1
            assert all(catalogue.text("en", f"posture.{rung}") in page for rung in went)
        network.session.resolve(turn)
    assert moved


def test_before_play_all_pages_show_where_a_client_stands(network: House) -> None:
    serbia = network.team("client:Serbia")
    view = network.session.view(seats.Seat("client", "Serbia"))
    posture = next(one.posture for one in view.public.clients if one.client == "Serbia")
    said = catalogue.text("en", f"posture.{posture}")
    for path in ("/desk", "/wall"):
        page = re.sub(r"\s+", " ", serbia.get(path).text)
        rows = re.findall(r'<tr><th scope="row">Serbia</th> ?<td>(.*?)</td>', page)
        assert rows
        assert all(said in row for row in rows), path


def test_a_long_list_of_what_was_left_to_the_rules_names_a_few() -> None:
    game = game_for(shipped("whole_network"))
    say = Translator("en", game)
    names = list(game.scenario.clients)
    [line] = say.left([f"respond {name}" for name in names])
    assert line.endswith(f"and {len(names) - MAX_NAMED} more")
    [short] = say.left([f"respond {name}" for name in names[: MAX_NAMED + 1]])
    assert "more" not in short


def test_a_phone_has_a_button_to_the_debrief_once_play_is_over(house: House) -> None:
    staff, border = house.facilitator(), house.team("client:Border")
    assert 'href="/debrief"' not in border.get("/desk").text
    staff.send("/room/resolve", turn="1")
    staff.send("/room/end")
    assert '<a class="button" href="/debrief">' in border.get("/desk").text
    assert border.get("/debrief").status_code == 200
