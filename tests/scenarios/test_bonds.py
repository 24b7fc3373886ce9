"""Several patrons in a scenario file: what is read, what is refused with its line, and what is said to do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.model.template import Template
from papertiger.scenarios import ScenarioError, bonds, observed
from papertiger.scenarios.comparison import differences
from papertiger.scenarios.knowledge import known_by
from papertiger.scenarios.loader import collecting_notes
from tests.scenarios.minimal import write

HEAD = "title: Case\ndescription: A case of two patrons\nextends: small\n"
PATRONS = "patrons:\n  Secondia: {war: {burden: 0.3}, assets: {mine: {value: 1, what: a mine}}}\n"
BONDS = """\
clients:
  Alfa:
    bonds:
      Secondia: {posture: hedging, arms: 0.1, economy: 0.2, value: 0.4, assets: {mine: 0.5}}
"""


def refused(folder: Path, text: str) -> list[str]:
    """Return what is wrong with a file, without its folder."""
    with pytest.raises(ScenarioError) as error:
        scenarios.load(write(folder, HEAD + text))
    return [str(one).replace(f"{folder}/", "") for one in error.value.problems]


def test_bonds_are_read_and_named_by_client_and_patron(tmp_path: Path) -> None:
    scenario = scenarios.load(write(tmp_path, HEAD + PATRONS + BONDS))
    assert list(bonds.bonds_of(scenario)) == ["Alfa/Patronia", "Alfa/Secondia", "Bravo"]
    own = bonds.bonds_of(scenario)["Alfa/Secondia"]
    assert (own.posture, own.value.value, own.threat.value) == ("hedging", 0.4, 0.6)
    paths = Template(scenario).figures
    assert "clients.Alfa.bonds.Secondia.arms" in paths
    assert "clients.Alfa.bonds.Secondia.threat" not in paths  # the threat is the client's, and is drawn once


def test_a_scenario_of_one_patron_has_one_bond_for_each_client(tmp_path: Path) -> None:
    scenario = scenarios.load(write(tmp_path, HEAD))
    assert bonds.bonds_of(scenario) is scenario.clients
    assert [row.name for row in bonds.bond_rows(scenario).values()] == list(scenario.clients)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            PATRONS + BONDS.replace("Secondia:", "Secondya:"),
            "case.yaml:9: clients.Alfa.bonds.Secondya: no patron 'Secondya' in this scenario "
            "(did you mean 'Secondia'?)",
        ),
        (
            PATRONS + BONDS.replace("Secondia:", "Patronia:"),
            "case.yaml:9: clients.Alfa.bonds.Patronia: 'Patronia' is the patron that the client's own figures "
            "are about",
        ),
        (
            PATRONS + BONDS.replace("mine: 0.5", "port: 0.5"),
            "case.yaml:9: clients.Alfa.bonds.Secondia.assets.port: no asset of the patron 'port' in this scenario",
        ),
        (
            PATRONS + BONDS.replace("arms: 0.1", "arms: 0.3"),
            "case.yaml:8: clients.Alfa.bonds: the shares of arms of its patrons add up to 1.1, expected at most 1",
        ),
        (
            PATRONS + BONDS.replace("posture: hedging, ", ""),
            "case.yaml:9: clients.Alfa.bonds.Secondia: missing key 'posture'",
        ),
        (
            PATRONS + BONDS + "events:\n  e: {date: 2020-05, kind: coercion, client: Bravo, news: bad, what: x, "
            "patron: Secondia}\n",
            "case.yaml:11: events.e.patron: 'Bravo' has no bond with 'Secondia'; it has one with Patronia",
        ),
        (
            PATRONS + BONDS + "events:\n  e: {date: 2020-05, kind: coercion, client: Alfa, news: bad, what: x, "
            "patron: Secondja}\n",
            "case.yaml:11: events.e.patron: no patron 'Secondja' in this scenario (did you mean 'Secondia'?)",
        ),
        (
            PATRONS + BONDS + "events:\n  e: {date: 2020-05, kind: offer, client: Bravo, rival: Patronia, what: x}\n",
            "case.yaml:11: events.e.rival: 'Patronia' is the patron that it would lure 'Bravo' away from",
        ),
        (
            PATRONS + BONDS + "    options: {Secondia: {protection: 0.5}}\n",
            "case.yaml:10: clients.Alfa.options.Secondia: 'Secondia' is a patron; what it is to a client stands in "
            "the client's bond with it",
        ),
        (
            PATRONS + "clients: {Alfa: {patron: Tertia}}\n",
            "case.yaml:6: clients.Alfa.patron: no patron 'Tertia' in this scenario",
        ),
        (
            PATRONS.replace("0.3", "1.3") + BONDS,
            "case.yaml:5: patrons.Secondia.war.burden: expected a number from 0 to 1, got 1.3",
        ),
    ],
)
def test_the_author_is_told(tmp_path: Path, text: str, expected: str) -> None:
    found = refused(tmp_path, text)
    assert any(one.startswith(expected) for one in found), found


def test_two_actors_have_no_name_in_common(tmp_path: Path) -> None:
    found = refused(tmp_path, PATRONS.replace("Secondia", "Rivalia"))
    assert "small.yaml:15: rivals.Rivalia: the name is already that of a patron" in found


def test_a_patron_without_clients_is_said_to_do_nothing(tmp_path: Path) -> None:
    with collecting_notes() as notes:
        scenarios.load(write(tmp_path, HEAD + PATRONS))
    assert any(note.message == "has no effect: no client has a bond with this patron" for note in notes)


def test_a_descendant_removes_a_patron_with_its_bonds_and_its_events(tmp_path: Path) -> None:
    event = "events:\n  e: {date: 2020-05, kind: coercion, client: Alfa, news: bad, what: x, patron: Secondia}\n"
    write(tmp_path, HEAD + PATRONS + BONDS + event, "both.yaml")
    text = "title: One\ndescription: Only one is left\nextends: both\nremove: {patrons: [Secondia]}\n"
    scenario = scenarios.load(write(tmp_path, text))
    assert (scenario.patrons, scenario.clients["Alfa"].bonds) == ({}, {})
    assert "e" not in scenario.events


def test_a_figure_of_a_bond_is_set_and_compared_by_its_path(tmp_path: Path) -> None:
    scenario = scenarios.load(write(tmp_path, HEAD + PATRONS + BONDS))
    changed = scenarios.change(scenario, {"clients.Alfa.bonds.Secondia.arms": 0.15})
    assert [one.path for one in differences(scenario, changed)] == ["clients.Alfa.bonds.Secondia.arms"]
    assert [patron.name for patron in Template(changed).setting(1).patrons] == ["Patronia", "Secondia"]
    with pytest.raises(ScenarioError, match="did you mean 'clients.Alfa.bonds.Secondia.arms'"):
        scenarios.change(scenario, {"clients.Alfa.bonds.Secondja.arms": 0.15})


def test_what_became_of_a_patron_later_is_not_known(tmp_path: Path) -> None:
    text = PATRONS.replace("burden: 0.3", "burden: {points: {2020-01: 0.1, 2021-06: 0.9}}")
    known = known_by(scenarios.load(write(tmp_path, HEAD + text + BONDS)), "2020-12")
    assert known.patrons["Secondia"].war.burden.points == {"2020-01": 0.1}


def test_observed_clients_may_be_bonds(tmp_path: Path) -> None:
    facts = (
        "clients:\n  Alfa/Secondia: {code: A}\nfacts:\n  f: {date: 2020-09, client: %s, indicator: pact, level: 1, "
    )
    head = (
        "title: Small\ndescription: One bond\nspan: {start: 2020-01, end: 2021-06}\n"
        "indicators: {pact: {highest: 3, what: taking part}}\n"
        "rule: {hedging: 1, distancing: 3, suspended: [{pact: 2}], realigned: [{pact: 3}]}\n"
    )
    end = "what: It leaves, source: x, confidence: high}\n"
    path = tmp_path / "seen.yaml"
    path.write_text(head + facts % "Alfa/Secondia" + end, encoding="utf-8")
    assert list(observed.load(path).clients) == ["Alfa/Secondia"]
    path.write_text(head + facts % "Alfa/Secondja" + end, encoding="utf-8")
    with pytest.raises(ScenarioError, match="did you mean 'Alfa/Secondia'"):
        observed.load(path)


def test_a_game_has_one_patron(tmp_path: Path) -> None:
    game = "game: {title: T, why: for a test, first_month: 2020-06, last_month: 2021-05, seats: {}}\n"
    assert any("a game has one patron" in one for one in refused(tmp_path, PATRONS + BONDS + game))
