"""The shipped case with several patrons: one client believes in two of them, and what its file says of the result."""

from __future__ import annotations

import pandas as pd

from papertiger import scenarios, simulate
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.reading.sources import SCENARIOS

NAME = "middle_east_1970"
TWIN = "middle_east_1970_no_washington"
FIRST, SECOND = "Egypt/Soviet Union", "Egypt/United States"


def test_one_client_has_a_bond_with_each_patron() -> None:
    scenario = scenarios.load(NAME)
    assert [*bonds_of(scenario)] == [FIRST, SECOND, "Syria", "Iraq", "Jordan"]


def test_what_a_patron_does_moves_the_belief_in_it_and_hardly_the_other() -> None:
    told, without = (simulate(name, seed=1).clients for name in (NAME, TWIN))
    last = told.month.max()

    def protection(table: pd.DataFrame, bond: str) -> float:
        rows = table[(table.client == bond) & (table.month == last)]
        return float(rows.protection.iloc[0])

    assert protection(told, SECOND) > protection(without, SECOND) + 0.05
    assert abs(protection(told, FIRST) - protection(without, FIRST)) < 0.05


def test_the_file_says_what_the_model_makes_of_it() -> None:
    shares = ensemble(NAME, 400, 1).posture_shares
    loyal = shares.loc[(shares.client == FIRST) & (shares.month == shares.month.max()), "loyal"].item()
    text = " ".join(SCENARIOS.shipped[NAME].handle.read_text(encoding="utf-8").replace("#", " ").split())
    assert f"in {100 * loyal:.0f} of 100 at the end of 1979" in text
