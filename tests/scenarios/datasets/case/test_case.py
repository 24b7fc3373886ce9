"""A case of a small world: what becomes of each row is known, and every data set may be missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from papertiger.scenarios import load, observed
from papertiger.scenarios.datasets.case.material import gather
from papertiger.scenarios.datasets.case.rules import load_judgements
from papertiger.scenarios.datasets.case.write import CaseFiles, in_one_place, write_case
from papertiger.scenarios.datasets.panel.rules import load_rules
from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.observed import Observed
from papertiger.scenarios.schema.scenario import Scenario
from tests.scenarios.datasets.originals import original
from tests.scenarios.datasets.world import FILES, NEEDED, write_world


def _case(folder: Path, patron: str = "USA", first: int = 1952, last: int = 1975) -> CaseFiles:
    return write_case(gather(patron, first, last, folder, load_rules(), load_judgements(), "As"), "mine")


def _loaded(files: CaseFiles, folder: Path) -> tuple[Scenario, Observed]:
    (folder / "mine.yaml").write_text(files.scenario, encoding="utf-8")
    (folder / "mine_postures.yaml").write_text(files.postures, encoding="utf-8")
    return load(folder / "mine.yaml"), observed.load(folder / "mine_postures.yaml")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[CaseFiles, Scenario, Observed]:
    folder = write_world(tmp_path_factory.mktemp("world"))
    case = _case(folder)
    return case, *_loaded(case, tmp_path_factory.mktemp("case"))


def test_clients_enter_where_they_begin_to_be_clients(made: tuple[CaseFiles, Scenario, Observed]) -> None:
    _, scenario, _ = made
    assert list(scenario.clients) == ["Alfa", "Charlie"]
    alfa, charlie = scenario.clients["Alfa"], scenario.clients["Charlie"]
    assert (alfa.enters, charlie.enters) == (None, "1960-01")
    assert (alfa.treaty, charlie.treaty) == ("defence_pact", "lesser_treaty")
    assert (alfa.posture, charlie.posture) == ("loyal", "loyal")
    assert "ATOP 3001" in str(alfa.treaty_note)


def test_every_figure_of_a_client_has_a_source_or_a_reason(made: tuple[CaseFiles, Scenario, Observed]) -> None:
    _, scenario, _ = made
    for client in scenario.clients.values():
        figures: list[Any] = [client.arms, client.economy, client.border, client.bases, client.threat, client.value]
        figures += [figure for option in client.options.values() for figure in vars(option).values()]
        for figure in figures:
            assert figure.source or figure.why
            assert figure.prior or figure.source  # a judgement without data has a range
    assert "cow_contdir.csv, line 2" in str(scenario.clients["Alfa"].border.source)
    assert "cinc 0.001" in str(scenario.clients["Alfa"].value.source)


def test_disputes_and_crises_become_attacks_answers_and_coercion(made: tuple[CaseFiles, Scenario, Observed]) -> None:
    _, scenario, _ = made
    said = {(event.date, event.kind, event.client, event.intensity.value) for event in scenario.events.values()}
    assert ("1955-04", "attack", "Alfa", 1) in said
    assert ("1955-04", "abandoned", "Alfa", 2) in said  # inactive and resented, in the crisis of the next month
    assert ("1958-06", "attack", "Alfa", 3) in said  # deaths of the fifth level
    assert ("1958-06", "intervened", "Alfa", 2) in said  # the patron is in it on the client's side, by force
    assert ("1969-07", "coercion", "Alfa", 2) in said  # it is on the other side; the month is not known
    assert ("1963-02", "arms_or_aid", "Charlie", 2) in said  # covert help
    assert ("1965-02", "words_only", "Alfa", 2) in said  # a crisis that began with no military act
    assert sum(event.kind == "attack" and event.date == "1965-02" for event in scenario.events.values()) == 0
    assert {event.adversary for event in scenario.events.values() if event.kind == "attack"} == {"forces of Bravo"}
    assert scenario.clients["Alfa"].adversary == "forces of Bravo"
    attack = scenario.events["dispute_702_41_attack"]
    assert attack.source == (
        "GML-MID participants, gml_part.csv, line 5, 4; GML-MID disputes, gml_mid_disps.csv, line 3"
    )


def test_treaties_and_rulers_become_events(made: tuple[CaseFiles, Scenario, Observed]) -> None:
    _, scenario, _ = made
    offers = [(event.date, event.rival) for event in scenario.events.values() if event.kind == "offer"]
    assert offers == [("1972-05", "Russia")]
    ended = [event for event in scenario.events.values() if event.kind == "outcome"]
    assert [(event.date, event.client) for event in ended] == [("1970-12", "Alfa")]
    ruler = scenario.events["ruler_41_2"]
    assert (ruler.date, ruler.client) == ("1961-03-04", "Alfa")
    assert ruler.kind == "leader_change"


def test_postures_stand_in_december_and_are_those_of_the_panel(made: tuple[CaseFiles, Scenario, Observed]) -> None:
    _, _, postures = made
    facts = [(fact.client, fact.date, fact.level) for fact in postures.facts.values()]
    assert facts == [("Alfa", "1971-12", 3), ("Alfa", "1972-12", 4)]


def test_who_has_no_pact_is_coded_as_far_as_any_other(made: tuple[CaseFiles, Scenario, Observed]) -> None:
    _, _, postures = made
    assert postures.rule.ceiling == "none"


def test_a_pact_and_a_new_share_of_one_month_are_one_situation() -> None:
    """A month may be said in one place only; what the course says of other months stays there."""
    pact = {"kind": "new_situation", "client": "Alfa", "date": "1976-01", "situation": {"treaty": "defence_pact"}}
    events: dict[str, dict[str, Any]] = {
        "pact": pact,
        "news": {"kind": "treaty_signed", "client": "Alfa", "date": "1976-01"},
    }
    alfa = {"course": {"arms": {"1976-01": 0.7, "1979-01": 0.5}, "why": "counted"}}
    said = in_one_place({"Alfa": alfa}, events)
    assert said["pact"]["situation"] == {"arms": 0.7, "treaty": "defence_pact"}
    assert said["news"] == events["news"]
    assert alfa == {"course": {"arms": {"1979-01": 0.5}, "why": "counted"}}
    alone: dict[str, Any] = {"course": {"arms": {"1976-01": 0.7}, "why": "counted"}}
    in_one_place({"Alfa": alone}, events)
    assert alone == {}


def test_what_nobody_gives_is_listed_at_the_head_of_the_file(made: tuple[CaseFiles, Scenario, Observed]) -> None:
    case, scenario, _ = made
    head = case.scenario.partition("extends:")[0]
    flat = " ".join(line.removeprefix("#").strip() for line in head.splitlines())
    for missing in case.missing:
        assert missing in flat
    assert any("sanctions by the patron" in missing for missing in case.missing)
    assert scenario.clients["Alfa"].arms.why == "No data: neutral, and anything is possible."


@pytest.mark.parametrize("name", sorted(set(FILES) - set(NEEDED)))
def test_each_data_set_may_be_missing(tmp_path: Path, name: str) -> None:
    case = _case(write_world(tmp_path / "data", name))
    scenario, _ = _loaded(case, tmp_path)
    assert "Alfa" in scenario.clients
    whole = _case(write_world(tmp_path / "whole"))
    assert set(case.missing) - set(whole.missing)


def test_the_two_that_are_needed_are_enough(tmp_path: Path) -> None:
    case = _case(write_world(tmp_path / "data", *(set(FILES) - set(NEEDED))))
    scenario, postures = _loaded(case, tmp_path)
    assert list(scenario.clients) == ["Alfa", "Bravo", "Charlie"]  # nothing says that Bravo's treaty is no patronage
    assert postures.facts


@pytest.mark.parametrize("name", ["USA", "usa", "2", "United States of America", "United States"])
def test_a_patron_by_name_number_or_letters(tmp_path: Path, name: str) -> None:
    case = _case(write_world(tmp_path), name)
    assert "USA and its clients" in case.scenario


def test_another_state_than_the_rules_patrons_may_be_one(tmp_path: Path) -> None:
    folder = write_world(tmp_path)
    pacts = "".join(f"42,352,{year},1,0,0,0,1\n352,42,{year},1,0,0,0,1\n" for year in range(1962, 1970))
    with (folder / "atop_alliance.csv").open("a", encoding="utf-8") as file:
        file.write(pacts)
    scenario, _ = _loaded(_case(folder, "Bravo", 1962, 1970), tmp_path)
    assert list(scenario.clients) == ["Charlie"]
    assert "Russia" in scenario.rivals


@pytest.mark.parametrize(
    ("patron", "first", "last", "says"),
    [
        ("Rusia", 1952, 1975, r"--patron: no state is called 'Rusia'.*did you mean Russia"),
        ("999", 1952, 1975, "--patron: no state is called '999'"),
        ("USA", 1952, 2030, "--from, --to: expected years within 1946 to 2018"),
        ("USA", 1900, 1975, "expected years within 1946 to 2018"),
        ("USA", 1975, 1952, "--to: expected a last year of at least 1975"),
        ("China", 1952, 1975, "China has no client by the panel's rules from 1952 to 1975"),
    ],
)
def test_what_cannot_be_a_case_is_said(tmp_path: Path, patron: str, first: int, last: int, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        _case(write_world(tmp_path), patron, first, last)


def test_judgements_may_be_changed(tmp_path: Path) -> None:
    judged = load_judgements()
    adversary = judged.adversary.model_copy(update={"clash": 0.125})
    changed = judged.model_copy(update={"adversary": adversary})
    folder = write_world(tmp_path / "data")
    case = write_case(gather("USA", 1952, 1975, folder, load_rules(), changed, "As"), "mine")
    scenario, _ = _loaded(case, tmp_path)
    assert scenario.adversaries["forces of Bravo"].clash.value == 0.125


@pytest.mark.slow
@pytest.mark.parametrize(
    ("patron", "first", "last"), [("USA", 1955, 1975), ("USSR", 1955, 1991), ("FRN", 1960, 2000)]
)
def test_cases_of_the_makers_files_are_accepted(tmp_path: Path, patron: str, first: int, last: int) -> None:
    folder = original("atop_alliance.csv").parent
    scenario, postures = _loaded(_case(folder, patron, first, last), tmp_path)
    assert len(scenario.clients) > 10
    assert set(postures.clients) == set(scenario.clients)
