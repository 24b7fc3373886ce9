"""Read how pledges ended: by which treaties, and in which way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.panel.clients import spells_of
from papertiger.scenarios.datasets.panel.rules import EndingRules, PanelRules

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "patron", "client", "kind", "start", "end", "client_left_system", "atopids", "term", "termmode", "termcaus",
    "how",
)  # fmt: skip
"""Columns of the table of endings."""


def endings(
    pledges: pd.DataFrame, pairs: pd.DataFrame, members: dict[int, set[int]], rules: PanelRules
) -> pd.DataFrame:
    """Return a row for each spell of defence or of any pledge that ended before the panel's last year.

    Parameters
    ----------
    pledges
        Obligations year by year, without the treaties that are no patronage.
    pairs
        Treaties of patrons and clients; see `papertiger.scenarios.datasets.panel.pledges.treaties`.
    members
        Years in which each state was a member of the system.
    rules
        How endings are read.
    """
    import pandas as pd

    patronage = pairs[~pairs["alliance"].isin(rules.pledges.dropped_numbers)]
    rows: list[tuple[object, ...]] = []
    for kind in ("defense", "pledge"):
        for (patron, client), runs in spells_of(pledges, kind).items():
            of_dyad = patronage[(patronage["patron"] == patron) & (patronage["client"] == client)]
            of_kind = of_dyad[of_dyad["defense"] == 1] if kind == "defense" else of_dyad
            for start, end in runs:
                if end >= rules.years.last:
                    continue
                slack = rules.endings.slack_years
                ended = of_kind[of_kind["ends"].between(end - slack, end)]
                gone = end + 1 not in members.get(client, {end + 1})
                modes = [int(mode) for mode in ended["mode"].fillna(0)]
                rows.append(
                    (
                        patron,
                        client,
                        kind,
                        start,
                        end,
                        int(gone),
                        _listed(ended["alliance"]),
                        _listed(ended["termination"]),
                        _listed(ended["mode"]),
                        _listed(ended["cause"]),
                        how_ended(modes, rules.endings, gone=gone),
                    )
                )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["patron", "client", "start", "kind"], kind="stable").reset_index(drop=True)


def _listed(values: pd.Series[float]) -> str:
    return " ".join("" if value != value else str(int(value)) for value in values)  # noqa: PLR0124 - nan


def how_ended(modes: list[int], rules: EndingRules, *, gone: bool) -> str:
    """Return the words for an ending: the first reading that applies to any treaty that ended."""
    if gone:
        return rules.client_gone
    return next((reading.how for reading in rules.modes if reading.mode in modes), rules.unknown)


def broken(table: pd.DataFrame, rules: PanelRules) -> pd.DataFrame:
    """Return the endings that count as broken pledges."""
    return table[(table["kind"] == "pledge") & table["how"].isin(rules.endings.counted_as_broken)]
