"""Agreement of states in the General Assembly: known answers, and what holds of any votes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.scenarios.datasets.agreement import vote_agreement, votes_by_state, votes_with_years
from papertiger.scenarios.datasets.readers.un_votes import ABSENT, ABSTAIN, NO, NO_MEMBER, VOTES, YES
from papertiger.scenarios.datasets.states import state_codes
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read


def ballots(by_state: dict[int, list[int]], year: int = 1951) -> pd.DataFrame:
    """Return votes of states in the roll calls 1, 2, … of a year."""
    return pd.DataFrame(
        [
            {"roll_call": year * 100 + place, "year": year, "state": state, "vote": vote}
            for state, votes in by_state.items()
            for place, vote in enumerate(votes)
        ]
    )


def test_agreement_is_one_less_the_mean_difference_where_both_voted() -> None:
    votes = ballots(
        {
            2: [YES] * 10 + [NO, ABSENT],
            40: [YES] * 6 + [ABSTAIN] * 3 + [NO] + [YES, YES],
            70: [YES] * 9 + [ABSENT] * 3,
            90: [NO] * 10 + [NO_MEMBER] * 2,
        }
    )
    rows = vote_agreement(votes, [2]).set_index("state")
    assert rows.index.to_list() == [40, 90], "with nine roll calls in common there is no agreement"
    assert rows["roll_calls"].to_list() == [11, 10]
    assert rows.loc[40, "agreement"] == pytest.approx((6 + 3 * 0.5 + 0 + 0) / 11)
    assert rows.loc[90, "agreement"] == 0
    assert rows["relative"].to_list() == pytest.approx([7.5 / 22, -7.5 / 22])


def test_years_stand_apart_and_a_patron_that_did_not_vote_has_none() -> None:
    votes = pd.concat([ballots({2: [YES] * 10, 40: [YES] * 10}), ballots({40: [YES] * 10, 70: [NO] * 10}, 1952)])
    rows = vote_agreement(votes, [2, 40])
    assert list(rows[["patron", "state", "year", "agreement"]].itertuples(index=False, name=None)) == [
        (2, 40, 1951, 1.0),
        (40, 2, 1951, 1.0),
        (40, 70, 1952, 0.0),
    ]
    assert vote_agreement(votes, [999]).empty


@given(st.dictionaries(st.integers(2, 9), st.lists(st.sampled_from(VOTES), min_size=12, max_size=12), min_size=2))
def test_agreement_is_mutual_between_nought_and_one_and_relative_to_the_mean(by_state: dict[int, list[int]]) -> None:
    rows = vote_agreement(ballots(by_state), sorted(by_state), fewest=1)
    keys = zip(rows["patron"].astype(int), rows["state"].astype(int), strict=True)
    pairs = dict(zip(keys, rows["agreement"].astype(float).to_list(), strict=True))
    assert all(0 <= value <= 1 for value in pairs.values())
    assert all(pairs[b, a] == pytest.approx(value) for (a, b), value in pairs.items())
    for _, of_patron in rows.groupby("patron"):
        assert of_patron["relative"].sum() == pytest.approx(0)


def test_the_packages_votes_get_the_years_of_their_roll_calls(tmp_path: Path) -> None:
    votes, roll_calls = read("unvotes_votes", tmp_path).rows, read("unvotes_roll_calls", tmp_path).rows
    dated = votes_with_years(votes, roll_calls)
    assert dated["year"].to_list() == [1946] * 4
    assert vote_agreement(dated, ["AL"], fewest=1)["agreement"].to_list() == [0.5, 0.0]


def test_votes_come_by_state_from_whichever_data_set_is_there(tmp_path: Path) -> None:
    codes = state_codes()
    makers = votes_by_state({"un_votes": read("un_votes", tmp_path)}, codes)
    assert makers is not None
    assert makers["state"].to_list() == [2, 20, 31, 2, 20]
    text = SAMPLES["unvotes_votes"].text
    for made_up, real in (("Alfa", "Canada"), ("Bravo", "Cuba"), ("Côte Charlie", "European Union")):
        text = text.replace(made_up, real)
    package = {
        "unvotes_votes": read("unvotes_votes", tmp_path, text.encode()),
        "unvotes_roll_calls": read("unvotes_roll_calls", tmp_path),
    }
    votes = votes_by_state(package, codes)
    assert votes is not None
    assert list(votes.itertuples(index=False, name=None)) == [
        (3, 1946, 20, YES),
        (3, 1946, 40, NO),
        (4, 1946, 20, ABSTAIN),
    ]
    assert votes_by_state({"unvotes_votes": package["unvotes_votes"]}, codes) is None


def test_a_name_that_changes_hands_within_a_year_goes_by_the_day(tmp_path: Path) -> None:
    roll_calls = "rcid,session,date\n1,45,1990-09-30\n2,45,1990-12-01\n3,45,1990-12-02\n"
    votes = "rcid,country,country_code,vote\n1,Germany,DE,yes\n2,Germany,DE,no\n3,Germany,DE,yes\n"
    tables = {
        "unvotes_votes": read("unvotes_votes", tmp_path, votes.encode()),
        "unvotes_roll_calls": read("unvotes_roll_calls", tmp_path, roll_calls.encode()),
    }
    by_state = votes_by_state(tables, state_codes())
    assert by_state is not None
    assert by_state["state"].to_list() == [260, 255, 255]
