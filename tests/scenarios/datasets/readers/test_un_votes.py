"""Votes in the General Assembly: the makers' table, the package's three, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.readers.un_votes import ABSENT, ABSTAIN, NO, NO_MEMBER, YES
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_votes_keep_the_codes_that_have_names(tmp_path: Path) -> None:
    rows = read("un_votes", tmp_path).rows
    assert rows["vote"].to_list() == [YES, NO, NO_MEMBER, ABSTAIN, ABSENT]
    assert set(rows["year"]) == {1946}


def test_the_year_is_that_of_the_session_where_there_is_no_other(tmp_path: Path) -> None:
    text = "rcid,session,vote,ccode\n3,1,1,2\n4000,55,8,20\n9000,74.0,2,20\n"
    assert read("un_votes", tmp_path, text.encode()).rows["year"].to_list() == [1946, 2000, 2019]


def test_the_packages_words_become_the_same_codes(tmp_path: Path) -> None:
    rows = read("unvotes_votes", tmp_path).rows
    assert rows["vote"].to_list() == [YES, NO, ABSTAIN, YES]
    assert rows["state"].to_list() == ["AL", "NA", "AL", ""], "NA is a country's code"
    assert read("unvotes_roll_calls", tmp_path).rows["year"].to_list() == [1946, 1946, 1948]


@pytest.mark.parametrize(
    ("name", "ending"), [("un_votes", "RData"), ("unvotes_votes", "rda"), ("unvotes_votes", "rds")]
)
def test_tables_of_r_read_to_the_same(name: str, ending: str, tmp_path: Path) -> None:
    pyreadr = pytest.importorskip("pyreadr")
    sample = SAMPLES[name]
    expected = read(name, tmp_path).rows.reset_index(drop=True)
    frame = pd.read_csv(sample.write(tmp_path), keep_default_na=False).astype({"rcid": "float64"})
    if "session" in frame:
        frame["member"] = frame["member"].astype(str)
    path = (tmp_path / sample.file).with_suffix(f".{ending}")
    if ending == "rds":
        pyreadr.write_rds(str(path), frame)
    else:
        pyreadr.write_rdata(str(path), frame, df_name="completeVotes")
    rows = read_data_set(CATALOGUE[name], path).rows
    assert rows.index.to_list() == list(range(1, len(expected) + 1))
    assert rows.reset_index(drop=True).equals(expected)


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        ("un_votes", "3,1,3,20", "3,1,4,20", ":3: vote: expected a whole number, one of 1, 2, 3, 8, 9, got '4'"),
        ("un_votes", "3,1,3,20", "3,1,3,2", ":3: roll_call 3, state 2 stands already in line 2"),
        ("un_votes", "4,1,8,20", "4,1,8,USA", ":6: ccode: expected a whole number, 2 to 990, got 'USA'"),
        ("unvotes_votes", "Bravo,NA,no", "Bravo,NA,against",
         ":3: vote: expected a text, one of yes, abstain, no, got 'against'"),
        ("unvotes_votes", "3,Bravo", "3,Alfa", ":3: roll_call 3, country Alfa stands already in line 2"),
        ("unvotes_roll_calls", "1948-01-04", "1968-01-04", ":4: date: 1968-01-04 is not of session 2"),
        ("unvotes_roll_calls", "1946-12-02", "12/2/1946", ":3: date: expected a date such as 1949-04-24"),
        ("unvotes_roll_calls", "\n4,1,", "\n3,1,", ":3: roll_call 3 stands already in line 2"),
        ("unvotes_issues", "3,nu,", "3,xx,",
         ":3: short_name: expected a text, one of me, nu, di, hr, co, ec, got 'xx'"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(name: str, written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path, written, instead)[0].startswith(said)


def test_votes_without_year_and_session_are_refused(tmp_path: Path) -> None:
    text = SAMPLES["un_votes"].text.replace("session", "sitting").replace(",year", ",yr")
    with pytest.raises(ScenarioError, match=r":1: missing column year"):
        read("un_votes", tmp_path, text.encode())
