"""Measure what postures are coded from: votes, arms, and pledges of other patrons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.scenarios.datasets.panel.pledges import DYAD, DYAD_YEAR
from papertiger.scenarios.datasets.panel.rules import PanelRules

if TYPE_CHECKING:
    import pandas as pd


def transfers(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return SIPRI's transfers by pair and year among states that have a code of the Correlates of War.

    Suppliers without one keep a code of their own below 0, so that they count in totals.
    """
    import pandas as pd

    known = pairs[pairs["recipient_cow"].notna()]
    nobody = -1 - pd.factorize(known["supplier"])[0]
    supplier = known["supplier_cow"].where(known["supplier_cow"].notna(), nobody)
    return pd.DataFrame(
        {
            "supplier": supplier.astype("int64"),
            "recipient": known["recipient_cow"].astype("int64"),
            "year": known["year"],
            "value": known["tiv"],
        }
    )


def arms_shares(deliveries: pd.DataFrame, rules: PanelRules) -> pd.DataFrame:
    """Return the patrons' shares of each state's arms, and those of other blocs, by window of years.

    Parameters
    ----------
    deliveries
        Columns ``supplier``, ``recipient``, ``year`` and ``value``, million TIV; all suppliers, with the codes of the
        Correlates of War.
    rules
        Say how long a window is and what it must hold.

    Returns
    -------
    pd.DataFrame
        Columns ``patron``, ``client``, ``year``, ``arms_share5``, ``rival_arms``: the largest share of another bloc.
    """
    import pandas as pd

    first, last = int(deliveries["year"].min()), int(deliveries["year"].max())
    years = pd.RangeIndex(first, last + 1, name="year")
    table = deliveries.pivot_table(
        index="year", columns=["recipient", "supplier"], values="value", aggfunc="sum", fill_value=0.0
    )
    table = table.reindex(years, fill_value=0.0)
    window = table.rolling(rules.arms.window, min_periods=rules.arms.least_years).sum()
    total = window.T.groupby(level="recipient").sum(min_count=1).T
    blocs = rules.blocs
    parts: list[pd.DataFrame] = []
    for recipient in total.columns:
        if int(recipient) in blocs:
            continue
        whole = total[recipient].where(total[recipient] >= rules.arms.least_volume)
        own = window[recipient]
        none = whole * 0.0
        of = {patron: (own[patron] if patron in own.columns else none) / whole for patron in blocs}
        by_bloc = {
            bloc: sum((of[patron] for patron in blocs if blocs[patron] == bloc), none)
            for bloc in dict.fromkeys(blocs.values())
        }
        for patron, bloc in blocs.items():
            others: list[Any] = [share for name, share in by_bloc.items() if name != bloc]
            rivals = pd.concat(others or [none], axis=1)
            parts.append(
                pd.DataFrame(
                    {
                        "patron": patron,
                        "client": int(recipient),
                        "year": years,
                        "arms_share5": of[patron].round(3).to_numpy(),
                        "rival_arms": rivals.max(axis=1).to_numpy(),
                    }
                )
            )
    columns = [*DYAD_YEAR, "arms_share5", "rival_arms"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def smoothed_agreement(rows: pd.DataFrame, rules: PanelRules) -> pd.Series[float]:
    """Return the mean agreement of each row's year and those before it, as far as there are votes."""
    import pandas as pd

    window = rules.postures.agreement_years
    means = pd.Series(float("nan"), index=rows.index)
    for _, dyad in rows.groupby(DYAD):
        by_year = dyad.set_index("year")["un_agree_rel"]
        every = by_year.reindex(range(int(by_year.index.min()), int(by_year.index.max()) + 1))
        mean = every.rolling(window, min_periods=1).mean()
        means.loc[dyad.index] = mean.reindex(by_year.index).to_numpy()
    return means


def with_rivals(rows: pd.DataFrame, pledges: pd.DataFrame, rules: PanelRules) -> pd.DataFrame:
    """Return rows with what binds the client to other patrons in the same year.

    Adds ``other_patrons`` (codes of patrons with a pledge, ascending), ``rival_pledge`` and ``rival_defence`` (of
    another bloc), and ``rival_new``: the first year of any obligation towards a patron of another bloc.
    """
    blocs = rules.blocs
    pledged: dict[tuple[int, int], list[int]] = {}
    defended: dict[tuple[int, int], set[str]] = {}
    for patron, client, year, pledge, defence in zip(
        pledges["patron"], pledges["client"], pledges["year"], pledges["pledge"], pledges["defense"], strict=True
    ):
        if pledge:
            pledged.setdefault((client, year), []).append(patron)
        if defence:
            defended.setdefault((client, year), set()).add(blocs[patron])
    any_kind = (pledges[list(rules.pledges.rival_new_kinds)] == 1).any(axis=1)
    bound = set(pledges.loc[any_kind, DYAD_YEAR].itertuples(index=False, name=None))
    begun: dict[tuple[int, int], set[str]] = {}
    for patron, client, year in bound:
        if (patron, client, year - 1) not in bound:
            begun.setdefault((client, year), set()).add(blocs[patron])
    others: list[str] = []
    flags: list[tuple[int, int, int]] = []
    for patron, client, year in rows[DYAD_YEAR].itertuples(index=False, name=None):
        beside = [other for other in pledged.get((client, year), []) if other != patron]
        own = {blocs[patron]}
        others.append(" ".join(str(other) for other in sorted(beside)))
        flags.append(
            (
                int(any(blocs[other] not in own for other in beside)),
                int(bool(defended.get((client, year), set()) - own)),
                int(bool(begun.get((client, year), set()) - own)),
            )
        )
    names = ("rival_pledge", "rival_defence", "rival_new")
    columns = dict(zip(names, zip(*flags, strict=True), strict=True)) if flags else dict.fromkeys(names, ())
    return rows.assign(other_patrons=others, **{name: list(values) for name, values in columns.items()})
