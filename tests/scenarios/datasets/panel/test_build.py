"""The panel of a small world, of which every answer is known, and of the makers' own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios.datasets.panel import tables as own
from papertiger.scenarios.datasets.panel.build import Panel, build_panel, read_tables, sources_of_panel
from papertiger.scenarios.datasets.panel.compare import differences
from papertiger.scenarios.datasets.panel.endings import broken
from papertiger.scenarios.datasets.panel.postures import movements
from papertiger.scenarios.datasets.panel.rules import load_rules
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.originals import original
from tests.scenarios.datasets.world import ALFA, BRAVO, CHARLIE, RUSSIA, USA, write_world


def _panel(folder: Path) -> Panel:
    return build_panel(read_tables(folder, sources_of_panel()), load_rules(), str(folder))


def test_who_is_a_client_and_for_how_long(tmp_path: Path) -> None:
    panel = _panel(write_world(tmp_path))
    spans = panel.dyads.set_index(["patron", "client"])[["first_year", "last_year"]]
    assert spans.to_dict("index") == {
        (USA, ALFA): {"first_year": 1946, "last_year": 1980},  # ten years after the pledge
        (USA, CHARLIE): {"first_year": 1958, "last_year": 2018},  # not before it was a state
        (RUSSIA, ALFA): {"first_year": 1967, "last_year": 1990},
    }


def test_a_treaty_of_both_blocs_makes_no_client(tmp_path: Path) -> None:
    panel = _panel(write_world(tmp_path))
    assert BRAVO not in set(panel.dyads["client"])
    assert list(panel.dropped[["patron", "client", "year"]].itertuples(index=False, name=None)) == [
        (USA, BRAVO, 1962),
        (USA, BRAVO, 1963),
        (USA, BRAVO, 1964),
    ]


def test_without_members_nothing_can_be_dropped_and_that_is_said(tmp_path: Path) -> None:
    panel = _panel(write_world(tmp_path, "atop-member-level.csv"))
    assert BRAVO in set(panel.dyads["client"])
    assert panel.endings.empty
    assert any("no treaty is dropped" in note for note in panel.notes)


def test_a_treaty_that_the_rules_keep_makes_a_client_and_a_broken_pledge(tmp_path: Path) -> None:
    rules = load_rules()
    dropped = {number: why for number, why in rules.pledges.dropped.items() if number != "3460"}
    kept = rules.model_copy(update={"pledges": rules.pledges.model_copy(update={"dropped": dropped})})
    found = read_tables(write_world(tmp_path), sources_of_panel())
    more, usual = broken(build_panel(found, kept).endings, kept), broken(build_panel(found, rules).endings, rules)
    assert (len(more), len(usual)) == (3, 2)


def test_a_pledge_that_was_broken_is_read_with_its_treaty(tmp_path: Path) -> None:
    panel = _panel(write_world(tmp_path))
    rows = panel.endings[["patron", "client", "kind", "start", "end", "atopids", "termmode", "how"]]
    assert list(rows.itertuples(index=False, name=None)) == [
        (USA, ALFA, "defense", 1950, 1970, "3001", "3", "abrogated or broken by a member"),
        (USA, ALFA, "pledge", 1950, 1970, "3001", "3", "abrogated or broken by a member"),
        (RUSSIA, ALFA, "pledge", 1972, 1980, "3002", "1", "not renewed"),
    ]
    assert len(broken(panel.endings, panel.rules)) == 2


def test_postures_of_a_client_that_changes_sides(tmp_path: Path) -> None:
    panel = _panel(write_world(tmp_path))
    alfa = panel.rows[(panel.rows["patron"] == USA) & (panel.rows["client"] == ALFA)].set_index("year")
    for rule in ("A", "As", "B"):
        postures = alfa[f"posture{rule}"]
        assert postures.loc[:1949].isna().all()
        assert set(postures.loc[1950:1970]) == {0}
        assert set(postures.loc[1972:1980]) == {4}
    assert alfa.loc[1971, "postureB"] == 3  # suspended for the year between
    assert alfa.loc[1971, "postureAs"] == 3  # the same way, the nearer one
    assert alfa["postureC"].isna().all()  # no votes
    assert movements(panel.rows, "B") == (3, 0)  # suspended, realigned; and suspended from the other one in 1981


def test_a_rival_pledge_is_of_another_bloc(tmp_path: Path) -> None:
    panel = _panel(write_world(tmp_path))
    alfa = panel.rows[(panel.rows["patron"] == USA) & (panel.rows["client"] == ALFA)].set_index("year")
    assert list(alfa.index[alfa["rival_new"] == 1]) == [1972]
    assert alfa.loc[1975, "other_patrons"] == str(RUSSIA)
    assert alfa.loc[1970, "other_patrons"] == ""


@pytest.mark.parametrize("name", ["cow_states.csv", "atop_alliance.csv"])
def test_what_is_needed_is_asked_for_by_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError, match=r"the panel needs .*\(") as error:
        _panel(write_world(tmp_path, name))
    assert name.partition(".")[0] in str(error.value)


def test_an_extract_of_arms_transfers_makes_no_share(tmp_path: Path) -> None:
    if "sipri_pairs" not in sources_of_panel():
        pytest.skip("no reader of SIPRI's table by pair yet")
    write_world(tmp_path)
    text = "supplier,recipient,year,value,supplier_cown,recipient_cown\nUnited States,Bravo,1960,50,2,42\n"
    (tmp_path / "sipri_tiv_pairs.csv").write_text(text, encoding="utf-8")
    panel = _panel(tmp_path)
    assert panel.shares.empty
    assert any("is an extract" in note for note in panel.notes)


@pytest.mark.slow
def test_the_panel_is_made_again_from_the_makers_files(tmp_path: Path) -> None:
    """347 dyads, 13,590 dyad-years, 477 away and 253 towards, 41 broken pledges; what differs is explained."""
    folder = original("atop_alliance.csv").parent
    given = folder.parent
    if not (given / "dyad_years.csv").is_file():
        pytest.skip("the tables that were made once are not at hand")
    for path in (*folder.iterdir(), given / "dyad_years.csv", given / "postures.csv"):
        (tmp_path / path.name).symlink_to(path)
    panel = _panel(tmp_path)
    assert (len(panel.dyads), len(panel.rows), len(panel.dropped)) == (347, 13_590, 147)
    assert (int(panel.rows["pledge"].sum()), int(panel.rows["defense"].sum())) == (8_700, 7_123)
    assert movements(panel.rows, "A") == (595, 368)
    assert movements(panel.rows, "As") == (477, 253)
    assert movements(panel.rows, "B") == (56, 7)
    assert movements(panel.rows, "C") == (629, 551)
    assert movements(panel.rows, "Cs") == (446, 364)
    assert len(broken(panel.endings, panel.rules)) == 41
    odd = differences(panel, read_tables(given, {table.name: table for table in own.DATA_SETS}))
    assert len(odd) == 23
    assert (odd["reason"] != "").all()
    assert set(odd["column"]) == {"bilateral", "bilateral_years", "ua3", "arms_client_spells"}
