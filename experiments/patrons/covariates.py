"""Make the terms of the mechanisms: stocks of events that fade, states that are standardised, on dyads by years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.panel import Grid, Panel
    from papertiger.experiments.patrons.plan import Term

WAR_INTENSITIES = 2.0
"""By the armed conflict data: 1 a minor conflict, 2 a war."""


def raw(panel: Panel, name: str) -> Grid:
    """Return a term as it is in each year, before it becomes a stock or is standardised.

    Parameters
    ----------
    panel
        The tables.
    name
        A column, or a term that is made of several.
    """
    grids = panel.grids
    made_of = _MADE.get(name)
    if made_of is None:
        return grids[name]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(made_of(grids))


def years_in_force(pledge: Grid) -> Grid:
    """Return for how many years a pledge has been in force without a break, 0 in its first year and without one."""
    held = np.nan_to_num(pledge) > 0.0
    age = np.zeros(pledge.shape)
    for t in range(1, pledge.shape[1]):
        age[:, t] = np.where(held[:, t] & held[:, t - 1], age[:, t - 1] + 1.0, 0.0)
    return age


_MADE: dict[str, Callable[[dict[str, Grid]], Grid]] = {
    "capability_ratio": lambda grids: np.log(grids["cinc_client"] / grids["cinc_patron"]),
    "distance": lambda grids: np.log1p(grids["mindist_km"]),
    "rivalries": lambda grids: np.log1p(grids["rivalries"]),
    "wit_region_att_none": lambda grids: np.log1p(grids["wit_region_att_none"]),
    "wit_any_att_none": lambda grids: np.log1p(grids["wit_any_att_none"]),
    "pledge_age": lambda grids: np.log1p(years_in_force(grids["pledge"])),
    "patron_war": lambda grids: grids["patron_war_abroad"] / WAR_INTENSITIES,
    "att_none_in_war": lambda grids: grids["att_none"] * (grids["patron_war_abroad"] > 0.0),
}
"""How terms are made of columns; numbers are taken by their logarithm."""


def stock(events: Grid, memory: float, *, same_year: bool) -> Grid:
    """Return what is left of events: each counts 1 when it first counts, and a share of it is kept each year.

    Parameters
    ----------
    events
        By dyad and year; NaN is no event.
    memory
        The share that is left after a year.
    same_year
        Whether an event counts in its own year already.
    """
    flags = np.nan_to_num(events)
    left = np.zeros(flags.shape)
    running = np.zeros(flags.shape[0])
    for t in range(flags.shape[1]):
        if same_year:
            running = memory * running + flags[:, t]
            left[:, t] = running
        else:
            left[:, t] = running
            running = memory * running + flags[:, t]
    return left


def stock_to_come(events: Grid, memory: float, later: int) -> Grid:
    """Return the stock of events that come so many years later or after, as if time ran backwards."""
    flags = np.nan_to_num(events)
    back = stock(flags[:, ::-1], memory, same_year=True)[:, ::-1]
    coming = np.zeros(flags.shape)
    coming[:, : flags.shape[1] - later] = back[:, later:]
    return coming


def shifted(state: Grid, by: int) -> Grid:
    """Return a state as it was so many years before (or will be, below 0); where there is no year, NaN."""
    moved = np.full(state.shape, np.nan)
    if by > 0:
        moved[:, by:] = state[:, :-by]
    elif by < 0:
        moved[:, :by] = state[:, -by:]
    else:
        moved[:] = state
    return moved


def standardised(state: Grid, where: NDArray[np.bool_]) -> Grid:
    """Return a state with mean 0 and standard deviation 1 over some dyad-years, 0 where it is missing."""
    values = state[where & np.isfinite(state)]
    if values.size == 0 or float(values.std()) < 1e-12:
        return np.zeros(state.shape)
    return np.nan_to_num((state - values.mean()) / values.std())


def as_term(
    values: Grid, term: Term, memory: float, where: NDArray[np.bool_], *, same_year: bool, to_come: int = 0
) -> Grid:
    """Return a term as it enters a model.

    Parameters
    ----------
    values
        As `raw` gives them.
    term
        Says whether they are events or a state.
    memory, same_year
        Of events; of a state the year before counts where the year itself does not.
    where
        Dyad-years over which a state is standardised.
    to_come
        Above 0 the placebo: what comes so many years later, in place of what came before.
    """
    if term.kind == "event":
        if to_come:
            return stock_to_come(values, memory, to_come)
        return stock(values, memory, same_year=same_year)
    if to_come:
        return standardised(shifted(values, -to_come), where)
    return standardised(values if same_year else shifted(values, 1), where)
