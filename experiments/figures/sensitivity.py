"""Draw which uncertain numbers matter: Sobol and Morris indices as bars with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

WIDTH, LEFT, ROW = 10.0, 3.3, 0.34
MAX_FACTORS = 20
TOTAL, FIRST = "#8dbddd", "#0072B2"


def _page(rows: DataFrame, title: str, subtitle: str, origin: str, row: float) -> tuple[style.Page, Any]:
    top = style.HEADER + 0.45
    page = style.Page(origin, title, subtitle, WIDTH, top + row * len(rows) + 0.55 + style.FOOTER)
    axes = page.axes(LEFT, top, WIDTH - LEFT - 0.45, row * len(rows))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)))
    for place, name in enumerate(rows["factor"]):
        words, size = style.wrapped(str(name), LEFT - 0.6, style.BODY, style.SMALL - 0.5)
        axes.text(-0.012, place, words, size=size, ha="right", va="center", transform=axes.get_yaxis_transform())
    axes.set_yticklabels([])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=style.GRID, linewidth=0.6)
    return page, axes


def _shown(rows: DataFrame, column: str, subtitle: str) -> tuple[DataFrame, str]:
    """Return the factors with the largest index, those left out that move nothing, and a subtitle that says so."""
    ordered = rows.assign(order=-rows[column]).sort_values(["order", "factor"], kind="stable").reset_index(drop=True)
    moving = ordered[ordered[column] != 0.0]
    shown = (moving if len(moving) else ordered).head(MAX_FACTORS)
    if len(shown) < len(ordered):
        what = "all that move it" if len(shown) == len(moving) else "those with the largest index"
        subtitle = f"{subtitle} — {len(shown)} of {len(ordered)} factors, {what}"
    return shown, subtitle


def _whiskers(axes: Any, values: Any, spread: Any, places: Any) -> None:
    axes.errorbar(values, places, xerr=spread, fmt="none", ecolor=style.INK, elinewidth=0.9, capsize=2)


@style.styled
def sobol(rows: DataFrame, title: str, subtitle: str, origin: str) -> Figure:
    """Draw first-order and total Sobol indices.

    Parameters
    ----------
    rows
        ``factor``, ``S1``, ``S1_conf``, ``ST``, ``ST_conf``, as
        `papertiger.experiments.statistics.sensitivity.sobol` returns them.
    title, subtitle, origin
        The words at the top, and where the numbers come from.

    Returns
    -------
    Figure
        Two bars a factor, by total index, the largest first; at most 20 factors, and none that moves nothing.
    """
    rows, subtitle = _shown(rows, "ST", subtitle)
    page, axes = _page(rows, title, subtitle, origin, ROW)
    handles = [
        Patch(color=FIRST, label="alone (first order)"),
        Patch(color=TOTAL, label="with its interactions (total)"),
    ]
    page.legend(handles, 0.35, style.HEADER + 0.04)
    places = np.arange(len(rows))
    for column, colour, shift in (("S1", FIRST, -0.19), ("ST", TOTAL, 0.19)):
        values = rows[column].to_numpy(dtype=float)
        axes.barh(places + shift, values, height=0.36, color=colour, linewidth=0)
        _whiskers(axes, values, rows[f"{column}_conf"].to_numpy(dtype=float), places + shift)
    axes.axvline(0, color=style.INK, linewidth=0.8)
    high = max(float((rows[name] + rows[f"{name}_conf"]).max()) for name in ("S1", "ST"))
    low = float((rows["S1"] - rows["S1_conf"]).min())
    axes.set_xlim(min(0.0, low) * 1.05, max(1.0, 1.03 * high) if high > 0.6 else 1.1 * high)
    axes.set_xlabel("share of the variance of the result")
    return page.figure


@style.styled
def morris(rows: DataFrame, title: str, subtitle: str, origin: str, unit: str = "the measure's unit") -> Figure:
    """Draw Morris's elementary effects.

    Parameters
    ----------
    rows
        ``factor``, ``mu_star``, ``mu_star_conf``, ``sigma``, as
        `papertiger.experiments.statistics.sensitivity.morris` returns them.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    unit
        Unit of the measure.

    Returns
    -------
    Figure
        One bar a factor with a mark for the spread of its effects; at most 20 factors, and none that moves nothing.
    """
    rows, subtitle = _shown(rows, "mu_star", subtitle)
    page, axes = _page(rows, title, subtitle, origin, 0.27)
    page.legend(
        [
            Patch(color=FIRST, label="mean size of its effect (μ*)"),
            Patch(color=style.RESOLVE, label="◆ spread of its effects (σ): interactions or bends"),
        ],
        0.35,
        style.HEADER + 0.04,
    )
    places = np.arange(len(rows))
    values = rows["mu_star"].to_numpy(dtype=float)
    axes.barh(places, values, height=0.6, color=FIRST, linewidth=0)
    _whiskers(axes, values, rows["mu_star_conf"].to_numpy(dtype=float), places)
    axes.plot(rows["sigma"].to_numpy(dtype=float), places, "D", color=style.RESOLVE, markersize=4)
    axes.set_xlim(left=0)
    axes.set_xlabel(f"effect of a factor over its range ({unit})")
    return page.figure
