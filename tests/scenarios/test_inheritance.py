"""What a scenario takes over from the one it extends, what it changes, and what it drops."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from papertiger.scenarios import Scenario, ScenarioError, load, resolve_tree
from tests.scenarios.minimal import SMALL, write

HEAD = "title: Child\ndescription: A child\nextends: small\n"


def child(tmp_path: Path, text: str = "") -> Scenario:
    return load(write(tmp_path, HEAD + text))


def test_a_file_by_itself_is_what_it_says(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, SMALL, "alone.yaml"))
    assert scenario.name == "alone"
    assert list(scenario.clients) == ["Alfa", "Bravo"]
    assert scenario.clients["Alfa"].threat.value == 0.6
    assert scenario.span.end == "2022-12"


def test_title_description_and_labels_are_not_inherited(tmp_path: Path) -> None:
    write(tmp_path, "")
    parent = tmp_path / "labelled.yaml"
    parent.write_text(SMALL + "claims: [1, 2]\ncounterfactual_to: small\n", encoding="utf-8")
    assert load(parent).claims == (1, 2)
    (tmp_path / "case.yaml").write_text(HEAD.replace("small", "labelled"), encoding="utf-8")
    scenario = load(tmp_path / "case.yaml")
    assert (scenario.title, scenario.claims, scenario.counterfactual_to) == ("Child", (), None)


def test_parts_merge_by_key_and_figures_are_replaced_whole(tmp_path: Path) -> None:
    text = "clients:\n  Alfa: {threat: 0.1, economy: {uniform: [0, 1]}}\nevents:\n  talks: {intensity: 3}\n"
    scenario = child(tmp_path, text)
    alfa = scenario.clients["Alfa"]
    assert (alfa.threat.value, alfa.threat.why) == (0.1, None)
    assert alfa.economy.value is None
    assert alfa.arms.value == 0.8
    assert scenario.events["talks"].intensity.value == 3
    assert scenario.events["talks"].rival == "Rivalia"


def test_a_reason_given_alone_joins_the_inherited_number(tmp_path: Path) -> None:
    scenario = child(tmp_path, "clients:\n  Alfa: {threat: {source: a book}}\n")
    figure = scenario.clients["Alfa"].threat
    assert (figure.value, figure.why, figure.source) == (0.6, "a guess", "a book")


def test_a_path_gets_points_and_a_number_replaces_it(tmp_path: Path) -> None:
    points = child(tmp_path, "war: {burden: {points: {2022-06: 0.9}}}\n").war.burden.points
    assert points == {"2020-01": 0, "2022-02": 0.6, "2022-06": 0.9}
    assert child(tmp_path, "war: {burden: 0.2}\n").war.burden.points == {"1900-01": 0.2}


def test_nothing_takes_an_inherited_choice_back(tmp_path: Path) -> None:
    assert child(tmp_path, "clients: {Alfa: {adversary: ~}}\n").clients["Alfa"].adversary is None


def test_a_section_without_entries_adds_nothing(tmp_path: Path) -> None:
    assert list(child(tmp_path, "events:\nclients:\n").events) == ["raid", "scolded", "talks", "fall"]


def test_removing_an_event(tmp_path: Path) -> None:
    assert list(child(tmp_path, "remove: {events: [raid]}\n").events) == ["scolded", "talks", "fall"]


def test_removing_and_giving_again_begins_afresh(tmp_path: Path) -> None:
    text = "remove: {events: [raid]}\nevents:\n  raid: {date: 2021-01, kind: background, what: New}\n"
    event = child(tmp_path, text).events["raid"]
    assert (event.kind, event.client) == ("background", None)


def test_with_a_client_go_its_events(tmp_path: Path) -> None:
    scenario = child(tmp_path, "remove: {clients: [Bravo]}\n")
    assert list(scenario.clients) == ["Alfa"]
    assert list(scenario.events) == ["raid", "scolded"]


def test_with_a_rival_go_its_offers_and_options(tmp_path: Path) -> None:
    scenario = child(tmp_path, "remove: {rivals: [Rivalia]}\npatron: {main_rival: ~}\n")
    assert scenario.rivals == {}
    assert scenario.clients["Alfa"].options == {}
    successor = scenario.events["fall"].successor
    assert successor is not None
    assert successor.options == {}
    assert "talks" not in scenario.events


def test_with_an_adversary_go_its_attacks_and_the_fear_of_it(tmp_path: Path) -> None:
    scenario = child(tmp_path, "remove: {adversaries: [Foeland]}\n")
    assert scenario.clients["Alfa"].adversary is None
    assert "raid" not in scenario.events


def test_a_shorter_span_leaves_inherited_events_out(tmp_path: Path) -> None:
    scenario = child(tmp_path, "span: {start: 2021-06, end: 2021-12}\n")
    assert list(scenario.events) == ["scolded"]


def test_an_event_of_a_descendant_of_the_span_must_be_within(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "span: {end: 2021-12}\n", "short.yaml")
    path = write(tmp_path, HEAD.replace("small", "short") + "events: {talks: {intensity: 2}}\n")
    with pytest.raises(ScenarioError, match="2022-03 is outside the scenario's span 2020-01 to 2021-12"):
        load(path)


def test_lines_are_those_of_the_file_that_said_it(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "clients:\n  Alfa:\n    threat: 0.1\n    options:\n      Rivalia: {economy: 0}\n")
    places = resolve_tree(path).places

    def where(*keys: str | int) -> tuple[str, int | None]:
        return Path(places[keys].file).name, places[keys].line

    assert where("clients", "Alfa") == ("case.yaml", 5)
    assert where("clients", "Alfa", "threat") == ("case.yaml", 6)
    assert ("clients", "Alfa", "threat", "why") not in places
    assert where("clients", "Alfa", "arms") == ("small.yaml", 21)
    assert where("clients", "Alfa", "options", "Rivalia", "economy") == ("case.yaml", 8)
    assert where("clients", "Alfa", "options", "Rivalia", "protection") == ("small.yaml", 27)
    assert where("parameters", "forgetting")[0] == "defaults.yaml"


def test_a_parent_is_found_by_path_and_by_name(tmp_path: Path) -> None:
    write(tmp_path, SMALL)
    folder = tmp_path / "below"
    folder.mkdir()
    for parent in ("../small.yaml", "../small"):
        path = folder / "case.yaml"
        path.write_text(HEAD.replace("small", parent), encoding="utf-8")
        assert load(path).clients["Alfa"].arms.value == 0.8
        assert load(str(path)) == load(path)


def test_messages_name_a_file_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, HEAD + "zzz: 1\n")
    monkeypatch.chdir(tmp_path)
    for given in ("case.yaml", os.path.join(os.curdir, "case.yaml")):  # noqa: PTH118 - Path would drop the dot
        with pytest.raises(ScenarioError) as caught:
            load(given)
        assert caught.value.problems[0].file == given


def test_a_bare_word_is_a_file_only_when_nothing_of_that_name_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, SMALL, "plainword")
    monkeypatch.chdir(tmp_path)
    assert load("plainword").name == "plainword"


def test_a_tree_belongs_to_who_asked_for_it(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    before = load(path)
    tree = resolve_tree(path)
    tree.data["clients"]["Alfa"]["arms"] = 0
    tree.data["parameters"].clear()
    tree.places.clear()
    assert load(path) == before


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    assert load(path).clients["Alfa"].arms.value == 0.8
    path.write_text(SMALL.replace("arms: 0.8", "arms: 0.3"), encoding="utf-8")
    assert load(path).clients["Alfa"].arms.value == 0.3
