"""Event data become a scenario: which rows, by which rule, with which source, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios import Scenario, ScenarioError, load
from papertiger.scenarios.datasets.mappings.scenario import MappedScenario, mapped_scenario
from papertiger.scenarios.datasets.readers.gdelt import DAILY
from tests.scenarios.datasets.mappings.world import MAPPING, world
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.samples.gdelt import event

WHERE = "event_type: {one_of: [Explosions/Remote violence, Violence against civilians]}"

SIDE = "Government of Azerbaijan (Baku)"


def mapped(folder: Path, mapping: str = MAPPING) -> tuple[MappedScenario, Scenario]:
    """Return what a mapping makes of ACLED's sample, and the scenario as read again."""
    data, path = world(folder, mapping)
    written = mapped_scenario(data, path, "small")
    (folder / "new.yaml").write_text(written.text, encoding="utf-8")
    return written, load(folder / "new.yaml")


def test_the_strongest_row_of_a_month_is_the_event_and_the_rest_is_counted(tmp_path: Path) -> None:
    written, scenario = mapped(tmp_path)
    attack = scenario.events["acled_ALF101"]
    assert (attack.kind, attack.client, attack.adversary, attack.date) == ("attack", "Alfa", "Foeland", "2021-05-03")
    assert attack.intensity.value == 2.5
    assert (
        attack.what
        == "Foeland attacks Alfa: Shelling/artillery/missile attack (4 dead) (1 more of its kind this month)"
    )
    assert attack.source is not None
    assert "ACLED" in attack.source
    assert "acled_2021.csv, line 2, event ALF101" in attack.source
    assert attack.why == "Rule attack of the mapping mine: for tests"
    assert "acled_ALF102" not in scenario.events
    assert {"raid", "scolded"} <= scenario.events.keys()
    assert (written.mapped.rows, written.mapped.folded) == (4, 1)
    assert written.mapped.unmatched == {
        "no rule for event_type 'Battles'": 1,
        "no rule for event_type 'Strategic developments'": 1,
    }


def test_every_row_is_an_event_where_the_mapping_says_so(tmp_path: Path) -> None:
    written, scenario = mapped(tmp_path, MAPPING.replace("rules:", "one_per: row\nrules:"))
    assert scenario.events["acled_ALF102"].intensity.value == 1
    assert written.mapped.folded == 0


def test_every_row_is_an_event_folded_or_counted(tmp_path: Path) -> None:
    for text in (MAPPING, MAPPING.replace("rules:", "one_per: row\nrules:")):
        written, _ = mapped(tmp_path, text)
        result = written.mapped
        assert len(result.events) + result.folded + sum(result.unmatched.values()) == result.rows


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("names: {Military Forces of Foeland (2018-): Foeland}", "names: {}",
         "'Military Forces of Foeland (2018-)' is no adversary of the scenario"),
        (WHERE, "event_type: {equals: Battles}", "'Bravo' is no adversary of the scenario"),
        ("{at_least: 0, intensity: 1}, ", "", "rule attack: below the first step of its intensity"),
    ],
)  # fmt: skip
def test_a_row_that_fits_nobody_says_whom(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in MAPPING
    text = MAPPING.replace(old, new)
    if "Battles" in new:
        text = text.replace("adversary: {column: actor1}", "adversary: {column: country}")
    data, path = world(tmp_path, text)
    try:
        said = str(mapped_scenario(data, path, "small").mapped.unmatched)
    except ScenarioError as error:
        said = str(error)
    assert reason in said


def test_a_pattern_finds_the_name_within_a_cell(tmp_path: Path) -> None:
    text = MAPPING.replace("names: {Military Forces of Foeland (2018-): Foeland}", "names: {}").replace(
        "adversary: {column: actor1}", r"adversary: {column: actor1, pattern: '^Military Forces of (.+?) \('}"
    )
    assert "acled_ALF101" in mapped(tmp_path, text)[1].events


def test_rows_outside_the_span_are_counted(tmp_path: Path) -> None:
    text = (
        SAMPLES["acled"]
        .text.replace("2021,", "2031,")
        .replace("BRA7,07 January 2022,2022", "BRA7,07 January 2032,2032")
    )
    data, path = world(tmp_path)
    data.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match="4 rows: outside the scenario's span 2020-01 to 2022-12"):
        mapped_scenario(data, path, "small")


def test_an_attack_without_an_answer_in_the_data_is_told(tmp_path: Path) -> None:
    written, _ = mapped(tmp_path)
    assert written.mapped.unanswered == ["acled_ALF101"]
    assert any("the answer is unknown, which sends no signal" in line for line in written.report())
    assert written.mapped.events["acled_ALF101"]["answer"] == "unknown"
    assert "cannot be seen: what the patron did" in "\n".join(written.report())
    assert "Such data do not tell: what the patron did." in written.text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: attack", "kind: atack", "mine.yaml:12: rules.attack.kind: the scenario refuses this kind of event"),
        (
            "data_set: acled",
            "data_set: acledd",
            "data_set: no data set is called 'acledd' (did you mean 'acled'?)",
        ),
        ("column: actor1", "column: actor_1", ":14: rules.attack.adversary.column: acled has no column 'actor_1'"),
        ("date: date", "date: year", ":4: date: column year is of kind integer, expected a column of kind date"),
        ("{fatalities} dead", "{deaths} dead", ":16: rules.attack.what: there is no '{deaths}' to fill in"),
        ("{fatalities} dead", "{fatalities dead", ":16: rules.attack.what: expected braces in pairs"),
        ("    why: for tests\n", "", ":10: rules.attack: missing key 'why'"),
        ("one_of:", "on_of:", "rules.attack.where.event_type.on_of: unknown key (did you mean 'one_of'?)"),
        ("{column: actor1}", "{column: actor1, pattern: '('}", "expected a regular expression with one group"),
        ("8-): Foeland}", "8-): Foelandia}", "names.Military Forces of Foeland (2018-): the scenario has no actor"),
        ("1}, {at_least: 3", "1}, {at_least: -3", "expected values that rise from step to step"),
        (WHERE, "event_type: {}", "expected at least one of equals"),
        (WHERE, "event_type: {at_least: 3}", "column event_type is of kind text, expected a column of kind integer"),
    ],
)
def test_a_mistake_in_the_mapping_is_told_by_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in MAPPING
    data, path = world(tmp_path, MAPPING.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        mapped_scenario(data, path, "small")
    assert said in str(caught.value)


def test_a_mistake_in_the_data_is_told_by_line(tmp_path: Path) -> None:
    data, path = world(tmp_path)
    data.write_text(SAMPLES["acled"].text.replace("30 May 2021", "30/05/2021"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"acled_2021.csv:4: event_date: expected a date"):
        mapped_scenario(data, path, "small")


def test_a_state_is_known_by_the_code_and_the_names_that_the_data_have_for_it(tmp_path: Path) -> None:
    text = SAMPLES["ucdp_ged"].text.replace(",Alfa,371,", ",anywhere,371,").replace("Government of Foeland", SIDE)
    written = mapped_scenario(SAMPLES["ucdp_ged"].write(tmp_path, text.encode()), "ucdp_ged", "partners_2020")
    assert [one["client"] for one in written.mapped.events.values()] == ["Armenia"]
    assert [one["adversary"] for one in written.mapped.events.values()] == ["Azerbaijan"]


def test_a_group_with_the_name_of_a_state_is_not_the_state(tmp_path: Path) -> None:
    text = SAMPLES["ucdp_ged"].text.replace("Government of Foeland", "Protesters (Azerbaijan)")
    with pytest.raises(ScenarioError, match="is no adversary of the scenario"):
        mapped_scenario(SAMPLES["ucdp_ged"].write(tmp_path, text.encode()), "ucdp_ged", "partners_2020")


def test_an_answer_of_the_patron_in_the_next_month_answers_an_attack(tmp_path: Path) -> None:
    rows = event(DAILY, 1, "20210503", "AZE-ARM", "190", "-10", "4") + event(
        DAILY, 2, "20210602", "RUS-ARM", "074", "8", "2"
    )
    data = tmp_path / "20210503.export.CSV"
    data.write_text(rows, encoding="utf-8")
    written = mapped_scenario(data, "gdelt", "partners_2020")
    assert [one["kind"] for one in written.mapped.events.values()] == ["attack", "intervened"]
    assert written.mapped.unanswered == []
