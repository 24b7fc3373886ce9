"""Shares of arms and means of votes: known answers."""

from __future__ import annotations

import pandas as pd
import pytest

from papertiger.scenarios.datasets.panel.clients import arms_spells
from papertiger.scenarios.datasets.panel.indicators import arms_shares, smoothed_agreement
from papertiger.scenarios.datasets.panel.pledges import spells
from papertiger.scenarios.datasets.panel.rules import load_rules

RULES = load_rules()


def _deliveries(*rows: tuple[int, int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["supplier", "recipient", "year", "value"])


def test_a_share_is_that_of_five_years_and_of_all_suppliers() -> None:
    shares = arms_shares(_deliveries((2, 41, 1950, 30.0), (365, 41, 1952, 60.0), (999, 41, 1953, 10.0)), RULES)
    own = shares[shares["patron"] == 2].set_index("year")
    assert own["arms_share5"].isna().loc[1951]  # two years are no window
    assert own.loc[1952, "arms_share5"] == pytest.approx(0.333)
    assert own.loc[1953, "arms_share5"] == pytest.approx(0.3)
    assert own.loc[1953, "rival_arms"] == pytest.approx(0.6)
    west = shares[(shares["patron"] == 200) & (shares["year"] == 1953)]
    assert west["rival_arms"].iloc[0] == pytest.approx(0.6)  # the other Western patrons are no rivals


def test_a_share_of_next_to_nothing_is_none() -> None:
    shares = arms_shares(_deliveries((2, 41, 1950, 4.0), (2, 41, 1952, 5.0)), RULES)
    assert shares["arms_share5"].isna().all()


def test_five_windows_in_a_row_make_a_client_by_arms() -> None:
    years = range(1960, 1970)
    shares = pd.DataFrame({"patron": 2, "client": 41, "year": list(years), "arms_share5": 0.6})
    assert arms_spells(shares, RULES) == {(2, 41): [(1960, 1969)]}
    shares.loc[shares["year"] == 1964, "arms_share5"] = 0.49
    assert arms_spells(shares, RULES) == {(2, 41): [(1965, 1969)]}  # four windows are too few
    assert arms_spells(shares.assign(client=200), RULES) == {}  # a patron is nobody's client


def test_agreement_is_a_mean_over_calendar_years() -> None:
    rows = pd.DataFrame(
        {"patron": 2, "client": 41, "year": [1958, 1961, 1962, 1963], "un_agree_rel": [0.9, 0.1, float("nan"), 0.3]}
    )
    assert list(smoothed_agreement(rows, RULES)) == pytest.approx([0.9, 0.1, 0.1, 0.2])


def test_spells() -> None:
    assert spells([1952, 1950, 1951, 1960]) == [(1950, 1952), (1960, 1960)]
    assert spells([]) == []
