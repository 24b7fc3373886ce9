"""Draw where in the uncertain space an outcome happens: PRIM's box over the points, and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from pandas import DataFrame

WIDTH, SIDE = 10.0, 3.7
MAX_POINTS = 4000
YES, NO = "#B0400F", "#9fb4c4"


@style.styled
def box(
    factors: DataFrame, outcome: NDArray[np.bool_], limits: DataFrame, title: str, subtitle: str, origin: str,
    *, happens: str, ranges: DataFrame,
) -> Figure:  # fmt: skip
    """Draw the points of a design, those where the outcome happened, and PRIM's box.

    Parameters
    ----------
    factors
        One column a factor, one row a point.
    outcome
        Where the outcome happened.
    limits
        The box: ``factor``, ``low``, ``high``, the most restrictive first, with ``coverage``, ``density``, ``mass``.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    happens
        What the outcome is, in words.
    ranges
        ``factor``, ``low``, ``high``: what was looked at.

    Returns
    -------
    Figure
        A scatter of the two most restricted factors with the box, and a bar for the limits of each.
    """
    names = list(limits["factor"].head(2)) or list(factors.columns[:1])
    if len(names) < 2:
        names += [name for name in factors.columns if name not in names][:1]
    rows = limits.head(12)
    height = style.HEADER + 0.45 + max(SIDE, 0.42 * len(rows) + 0.8) + 0.6 + style.FOOTER
    page = style.Page(origin, title, subtitle, WIDTH, height)
    page.legend(
        [
            Line2D(
                [], [], color=YES, marker="o", linestyle="", markersize=5, label=style.fit(happens, 4.2, style.BODY)
            ),
            Line2D([], [], color=NO, marker="o", linestyle="", markersize=3, label="does not"),
            Patch(facecolor="none", edgecolor=style.INK, linewidth=1.2, label="the box"),
        ],
        0.35, style.HEADER + 0.04,
    )  # fmt: skip
    top = style.HEADER + 0.5
    axes = page.axes(0.95, top, SIDE + 0.6, SIDE)
    shown = slice(None, None, max(1, len(factors) // MAX_POINTS))
    across = factors[names[0]].to_numpy(dtype=float)[shown]
    up = factors[names[1]].to_numpy(dtype=float)[shown] if len(names) > 1 else np.zeros(len(across))
    here = np.asarray(outcome)[shown]
    axes.scatter(across[~here], up[~here], s=8, c=NO, linewidths=0, rasterized=True)
    axes.scatter(across[here], up[here], s=16, c=YES, linewidths=0, rasterized=True)
    spans = {row["factor"]: (row["low"], row["high"]) for row in ranges.to_dict("records")}
    inside = {**spans, **{row["factor"]: (row["low"], row["high"]) for row in limits.to_dict("records")}}
    (x0, x1), (y0, y1) = inside[names[0]], inside[names[1]] if len(names) > 1 else (-1.0, 1.0)
    axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=style.INK, linewidth=1.4, zorder=4))
    axes.set_xlabel(style.fit(names[0], SIDE, style.BODY))
    axes.set_ylabel(style.fit(names[1], SIDE, style.BODY) if len(names) > 1 else "")
    axes.margins(0.04)
    _bars(page, rows, spans, top)
    return page.figure


def _bars(page: style.Page, rows: DataFrame, spans: dict[str, tuple[float, float]], top: float) -> None:
    """Draw for each factor which part of its range lies in the box."""
    left, wide = 6.0, WIDTH - 6.0 - 0.45
    page.text(left, top - 0.02, "Limits of the box within what was varied", weight="bold")
    y = top + 0.32
    for row in rows.to_dict("records"):
        low, high = spans[row["factor"]]
        page.text(left, y, style.fit(str(row["factor"]), wide, style.SMALL), size=style.SMALL)
        axes = page.axes(left, y + 0.15, wide, 0.1)
        axes.set_xlim(low, high)
        axes.set_ylim(0, 1)
        axes.axvspan(low, high, color="#e2e6ea", linewidth=0)
        axes.axvspan(row["low"], row["high"], color=YES, linewidth=0)
        axes.axis("off")
        words = f"{row['low']:.3g} to {row['high']:.3g} (varied {low:.3g} to {high:.3g})"
        page.text(left + wide, y, words, size=style.SMALL, ha="right", color="#555555")
        y += 0.42
    if len(rows) and {"coverage", "density", "mass"} <= set(rows.columns):
        one = rows.iloc[0]
        words = (
            f"holds {100 * one['coverage']:.0f} % of the cases (coverage); in it the outcome\n"
            f"happens in {100 * one['density']:.0f} % of the points (density); "
            f"it takes {100 * one['mass']:.0f} % of them"
        )
        page.text(left, y + 0.05, words, size=style.SMALL, linespacing=1.25)
