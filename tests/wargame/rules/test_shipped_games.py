"""The games of the shipped scenarios: in both languages, playable to their end, scored line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.experiments.run.provenance import scenario_hash
from papertiger.scenarios import differences, json_schema, load
from papertiger.scenarios.schema.game import Game
from papertiger.scenarios.schema.values import Words
from papertiger.wargame.rules.seats import brief_of, offered
from papertiger.wargame.rules.setup import event_of, played_scenario, schedule_of
from papertiger.wargame.views.facilitator import white_cell
from papertiger.wargame.views.score import score_of
from tests.model.worlds import shipped
from tests.wargame.games import FORMAL, all_words, new_play, with_game


def game_named(name: str) -> Game:
    game = shipped(name).game
    assert game is not None
    return game


def test_some_scenarios_are_for_classes() -> None:
    assert {"venezuela_2026", "armenia_2020_2025", "whole_network", "cuba", "kazakhstan_claims"} <= set(with_game())


def test_a_scenario_that_is_cut_short_is_run_without_its_game() -> None:
    assert load("cuba", {"span.end": "2021-12"}).game is None
    assert load("cuba", {"forgetting": 0.97}).game is not None


@pytest.mark.parametrize("name", with_game())
def test_every_text_is_there_in_both_languages(name: str) -> None:
    game = game_named(name)
    assert len(list(all_words(game))) > 10
    assert all(words.de for words in all_words(game))
    assert game.debrief
    assert {event for event in game.record if shipped(name).events[event].kind in ("outcome", "background")} == set()


@pytest.mark.parametrize("name", with_game())
def test_german_addresses_teams_as_a_class_is_spoken_to(name: str) -> None:
    game = game_named(name)
    assert [words.de for words in all_words(game) if FORMAL.search(words.de or "")] == []
    briefs = [brief_of(game, seat) for seat in offered(game)]
    assert briefs
    assert all(brief is not None and str(brief.briefing.de).startswith("Ihr ") for brief in briefs)


@pytest.mark.parametrize("name", with_game())
def test_it_can_be_played_to_its_end_and_is_scored(name: str, tmp_path: Path) -> None:
    session = new_play(tmp_path, shipped(name))
    for turn in range(1, session.game.schedule.turns + 1):
        session.resolve(turn)
    snapshot = session.snapshot()
    assert snapshot.over
    for seat in session.game.seats:
        score = score_of(snapshot, seat)
        assert score.lines
        assert all(0.0 <= value <= 1.0 for line in score.lines for value in line.values)
        assert 0.0 <= score.points <= score.most
    assert all(one.happened for one in white_cell(snapshot).script)
    texts = {item.text[0][1] for item in session.view(session.game.seats[0]).public.news if item.text}
    assert texts >= {words.en for words in game_named(name).record.values()}


def test_a_game_changes_no_run() -> None:
    scenario = shipped("cuba")
    bare = scenario.model_copy(update={"game": None})
    assert scenario_hash(scenario) == scenario_hash(bare)
    assert differences(scenario, bare) == []


def test_a_game_is_not_passed_on_to_a_twin() -> None:
    assert shipped("cuba_no_raid").game is None


def test_the_case_is_generative_from_the_first_month_of_play_alone() -> None:
    scenario = shipped("venezuela_2026")
    case = played_scenario(scenario)
    assert case.generative_from == "2026-01"
    assert scenario.generative_from is None
    assert schedule_of(scenario).turns == 5
    kept = {name for name, event in case.events.items() if event.always}
    assert "venezuela_2026_01_raid" in kept
    assert "venezuela_2026_01_condemned_only" not in kept  # the patron's answer is for a seat to give


def test_everybody_has_a_name_in_both_languages() -> None:
    world = shipped("cuba")
    assert world.patron.called(world.patron.name, "de") == "Russland"
    assert world.clients["Cuba"].called("Cuba", "de") == "Kuba"
    assert world.clients["Mali"].called("Mali", "de") == "Mali"  # the same in both
    assert world.rivals["EU"].called("EU", "de") == "EU"
    assert world.adversaries["US and allies"].called("US and allies", "de") == "USA und Verbündete"
    bare = load("cuba", {"clients.Cuba.label": "Havana"}).clients["Cuba"]
    assert bare.called("Cuba", "de") == bare.called("Cuba") == "Havana"


def test_what_breaks_is_read_in_the_order_of_the_game_s_record(tmp_path: Path) -> None:
    session = new_play(tmp_path, shipped("venezuela_2026"))
    told = [words.en for words in game_named("venezuela_2026").record.values()]
    public = session.view(session.game.seats[0]).public
    assert [item.text[0][1] for item in public.coming] == told
    session.resolve(1)
    assert [item.text[0][1] for item in session.view(session.game.seats[0]).public.news[: len(told)]] == told


def test_a_bare_text_stands_for_every_language() -> None:
    words = Words.model_validate("Hello")
    assert words.text("de") == words.text("en") == "Hello"
    assert json_schema()["$defs"]["Words"]["anyOf"][0]["type"] == "string"


def test_a_game_with_a_script_takes_an_inject_of_the_facilitator() -> None:
    world = load("venezuela_2026")
    assert world.game is not None
    assert world.game.injects
    fields: dict[str, object] = {
        "kind": "attack",
        "date": "2026-02",
        "client": "Cuba",
        "intensity": 2,
        "what": "A raid.",
    }
    fields["adversary"] = world.clients["Cuba"].adversary
    assert event_of(world, "another raid", fields).always
