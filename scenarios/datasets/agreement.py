"""Compute how far states vote with each other in the UN General Assembly, by year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.data_set import Table
from papertiger.scenarios.datasets.readers.un_votes import PACKAGE_VOTES, ROLL_CALLS, VOTED, VOTES_CAST
from papertiger.scenarios.datasets.states import StateCodes

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 10
"""Of fewer roll calls in which both voted no agreement is computed: it would be noise."""


def vote_agreement(votes: pd.DataFrame, patrons: Collection[object], fewest: int = FEWEST) -> pd.DataFrame:
    """Return the agreement of every state with each of some patrons, by year.

    Agreement is the mean of 1 - |difference| over the roll calls of a year in which both voted, with yes = 1,
    abstention = .5 and no = 0; who was absent did not vote. Since the agenda changes from year to year, the relative
    agreement is the same less the mean of all states with that patron in that year.

    Parameters
    ----------
    votes
        Columns ``roll_call``, ``year``, ``state`` and ``vote`` (coded as in `readers.un_votes`).
    patrons
        States with which agreement is computed.
    fewest
        Roll calls in which both voted, below which there is no agreement.

    Returns
    -------
    DataFrame
        ``patron``, ``state``, ``year``, ``roll_calls``, ``agreement`` and ``relative``, sorted by the first three.
    """
    import numpy as np
    import pandas as pd

    cast = votes.loc[votes["vote"].isin(list(VOTED)), ["year", "roll_call", "state", "vote"]]
    cast = cast.assign(vote=cast["vote"].map(VOTED))
    pieces = []
    for year, of_year in cast.groupby("year"):
        table = of_year.pivot(index="state", columns="roll_call", values="vote")
        values = table.to_numpy(dtype=float)
        for patron in patrons:
            if patron not in table.index:
                continue
            both = ~np.isnan(values) & ~np.isnan(values[table.index.get_loc(patron)])
            close = np.where(both, 1 - np.abs(values - values[table.index.get_loc(patron)]), 0.0)
            count = both.sum(axis=1)
            enough = (count >= max(fewest, 1)) & np.asarray(table.index != patron)
            agreement = close.sum(axis=1)[enough] / count[enough]
            if not len(agreement):
                continue
            pieces.append(
                pd.DataFrame(
                    {
                        "patron": patron,
                        "state": table.index[enough],
                        "year": year,
                        "roll_calls": count[enough],
                        "agreement": agreement,
                        "relative": agreement - agreement.mean(),
                    }
                )
            )
    if not pieces:
        return pd.DataFrame(columns=["patron", "state", "year", "roll_calls", "agreement", "relative"])
    return pd.concat(pieces).sort_values(["patron", "state", "year"], ignore_index=True)


def votes_with_years(votes: pd.DataFrame, roll_calls: pd.DataFrame) -> pd.DataFrame:
    """Return the votes of the package unvotes with date and year of each roll call, from its table of roll calls."""
    known = roll_calls.set_index("roll_call")
    dated = votes.assign(year=votes["roll_call"].map(known["year"]), date=votes["roll_call"].map(known["date"]))
    return dated.dropna(subset="year").astype({"year": "int64"})


def votes_by_state(tables: Mapping[str, Table], codes: StateCodes) -> pd.DataFrame | None:
    """Return the votes of a folder's data sets by the Correlates of War's states, from whichever of them is there.

    Parameters
    ----------
    tables
        Tables by data set: ``un_votes``, or both ``unvotes_votes`` and ``unvotes_roll_calls``.
    codes
        Converts states; what is no state is left out, and so is who is not in the system in that year, where the
        codes have dates. Agreement relative to all members of the United Nations needs codes without.

    Returns
    -------
    DataFrame or None
        Columns ``roll_call``, ``year``, ``state`` and ``vote``; None where no votes are there.
    """
    if VOTES_CAST.name in tables:
        table = tables[VOTES_CAST.name]
        states = codes.convert(table, "state", "year", outside="empty")
    elif PACKAGE_VOTES.name in tables and ROLL_CALLS.name in tables:
        votes = tables[PACKAGE_VOTES.name]
        table = replace(votes, rows=votes_with_years(votes.rows, tables[ROLL_CALLS.name].rows))
        # By name, since three states have no code there; by the day, since some names change hands within a year.
        states = codes.convert(table, "country", "date", "name", outside="empty")
    else:
        return None
    by_state = table.rows.assign(state=states).dropna(subset="state").astype({"state": "int64"})
    return by_state[["roll_call", "year", "state", "vote"]].drop_duplicates(["roll_call", "state"])
