"""Sanctions: several states in a cell, the version by its last year, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.readers.gsdb import split_names
from papertiger.scenarios.datasets.states import state_codes
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.originals import original
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_a_case_becomes_a_row_for_each_sender_and_target(tmp_path: Path) -> None:
    table = read("gsdb", tmp_path)
    assert table.version == "V3"
    pairs = list(zip(table.rows["case"], table.rows["sender"], table.rows["target"], strict=True))
    assert pairs == [
        (1, "Bravo", "Alfa, North"),
        (1, "Charlie, Arab Rep.", "Alfa, North"),
        (2, "Écho", "Delta"),
        (3, "Bravo", "Alfa"),
        (3, "Bravo", "Delta"),
    ]
    first = table.rows.iloc[0]
    assert (first["begin"], first["end"], first["trade"], first["arms"]) == (1951, 1954, 1, 0)
    assert first["trade_how"] == ("exp_part", "imp_compl")
    assert first["outcomes"] == ("success_part", "failed")
    assert table.rows.iloc[2]["trade_how"] == ()
    assert table.source(2).endswith("cases V3, GSDB_V3.csv, line 2")


def test_commas_stand_between_states_but_for_those_within_a_name() -> None:
    assert split_names("Alfa, North,Bravo, Charlie, Democratic Republic of the") == (
        "Alfa, North", "Bravo", "Charlie, Democratic Republic of the",
    )  # fmt: skip
    assert split_names("North, Alfa") == ("North", "Alfa")


def test_words_for_flags_and_stata_files_read_to_the_same(tmp_path: Path) -> None:
    text = SAMPLES["gsdb"].text.replace(",0,0,1,0,0,0,1,", ",no,No,yes,FALSE,0,0,1,")
    assert read("gsdb", tmp_path, text.encode()).rows.equals(read("gsdb", tmp_path).rows)
    frame = pd.read_csv(SAMPLES["gsdb_dyad_years"].write(tmp_path), keep_default_na=False)
    path = tmp_path / "GSDB_V4_dyadic.dta"
    frame.to_stata(path, write_index=False)
    rows = read_data_set(CATALOGUE["gsdb_dyad_years"], path).rows
    assert rows["cases"].to_list() == [(3, 17), (3,), (4,)]
    assert rows["sender"].to_list() == ["BRV", "BRV", "ECH"]


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        ("gsdb", "\r\n2,Delta", "\r\n1,Delta", ":3: case 1 stands already in line 2"),
        ("gsdb", "1960,1960", "1960,1959", ":3: end: the sanction ends in 1959, before it begins in 1960"),
        ("gsdb", "1951,1954,1,", "1951,1954,2,", ":2: trade: expected 1 or 0, yes or no, got '2'"),
        ("gsdb", "success_part,failed", "success_part,lost",
         ":2: success: expected a text, one of success_total, success_part, nego_settlement, failed, ongoing"),
        ("gsdb", "exp_part, imp_compl", "exports", ":2: descr_trade: expected a text, one of exp_part, exp_compl"),
        ("gsdb", "Delta,Écho", "Delta,",
         ":3: sanctioning_state: expected a text of names with commas between, got nothing"),
        ("gsdb", "Alfa, Delta", "Alfa,, Delta", ":4: sanctioned_state: a state without a name among Alfa,, Delta"),
        ("gsdb", "objective", "objectives", ":1: missing column objective (did you mean 'objectives'?)"),
        ("gsdb_dyad_years", "ALF,BRV,2023", "ALF,BRV,2022",
         ":3: target ALF, sender BRV, year 2022 stands already in line 2"),
        ("gsdb_dyad_years", '"3, 17"', '"3, x"', ":2: case_id: expected a whole number of at least 1, got 'x'"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(name: str, written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path, written, instead)[0].startswith(said)


def test_a_file_that_broke_off_in_its_last_word_is_refused(tmp_path: Path) -> None:
    sample = SAMPLES["gsdb"]
    for text in (sample.text[:-2], sample.text[: -len(",ongoing")]):
        with pytest.raises(ScenarioError):
            read_data_set(CATALOGUE["gsdb"], sample.write(tmp_path, text.encode()))


def test_the_makers_file_is_read() -> None:
    table = read_data_set(CATALOGUE["gsdb"], original("GSDB_V3.csv"))
    rows = table.rows
    assert (table.version, rows["case"].nunique(), len(rows)) == ("V3", 1325, 1889)
    assert (rows["begin"].min(), rows["end"].max()) == (1949, 2022)
    suez = rows[rows["case"] == 43]
    assert sorted(suez["sender"]) == ["France", "United Kingdom", "United States"]
    assert set(suez["target"]) == {"Egypt, Arab Rep."}
    assert not rows["sender"].isin(["Arab Rep.", "North", "South", "The"]).any()
    codes = state_codes()
    senders, targets = codes.convert(table, "sender", "begin"), codes.convert(table, "target", "begin")
    assert (senders[rows["sender"] == "EU"].isna()).all(), "an organisation is no state"
    assert (senders == 2).sum() > 470
    assert targets[rows["target"] == "Egypt, Arab Rep."].unique().tolist() == [651]
