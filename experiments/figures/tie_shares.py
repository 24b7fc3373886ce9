"""Draw observed shares of the patron beside the tie that was learned, client by client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

COLUMNS, WIDTH, PANEL = 6, 11.0, 1.45
SIZES = (3.0, 4.8, 6.8)
"""Diameters in points of a share of small, medium and large volume."""
DIAMOND = 4.0


@dataclass(frozen=True)
class TiePanel:
    """Hold what is drawn of one client's arms or economy.

    Attributes
    ----------
    title, of
        Whose it is, and of what; panels of another thing begin a new row.
    years, shares, bands
        Of the observed shares; a band is a place in `SIZES`, or None where volume does not matter.
    model_years
        Years of the learned tie, a whole stretch.
    low, middle, high
        Its band and its median.
    other
        Median of the tie that was learned without trust.
    top
        Upper end of the scale of shares.
    """

    title: str
    of: str
    years: Sequence[int]
    shares: Sequence[float]
    bands: Sequence[int | None]
    model_years: Sequence[int]
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]
    other: NDArray[np.float64]
    top: float = 1.0


@style.styled
def shares(
    panels: Sequence[TiePanel], first_tested: int, last: int, title: str, subtitle: str, origin: str
) -> Figure:
    """Draw small multiples on shared years: shares as points, the tie as a line with its band.

    Parameters
    ----------
    panels
        In the order in which they are drawn.
    first_tested, last
        First year that was not learned from, and the last one that is drawn.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    places = list(_places(panels))
    columns, depth = min(COLUMNS, len(panels)), places[-1][0] + 1
    left, gap, step = 0.75, 0.22, PANEL + 0.36
    width = (WIDTH - left - 0.35 - gap * (columns - 1)) / columns
    top = style.HEADER + 0.85
    page = style.Page(origin, title, subtitle, WIDTH, top + depth * step + 0.05 + style.FOOTER)
    page.legend(
        [
            Line2D([], [], color=style.CAPABILITY, linewidth=1.6, label="tie learned with trust, and where 90 % lie"),
            Line2D([], [], color=style.RESOLVE, linewidth=1.3, linestyle=style.DASHES[1], label="without trust"),
            Patch(facecolor="#efefef", label="years not learned from"),
        ],
        0.35,
        style.HEADER + 0.04,
    )
    dots = [
        Line2D(
            [], [], color=style.INK, marker="o", markersize=size, linestyle="none", label=f"observed, {name} volume"
        )
        for size, name in zip(SIZES, ("small", "medium", "large"), strict=True)
    ]
    if any(None in panel.bands for panel in panels):
        dots.append(
            Line2D([], [], color=style.INK, marker="D", markersize=DIAMOND, linestyle="none", label="observed, trade")
        )
    page.legend(dots, 0.35, style.HEADER + 0.29)
    first = min(year for panel in panels for year in (*panel.years, *panel.model_years))
    for panel, (row, column) in zip(panels, places, strict=True):
        axes = page.axes(left + column * (width + gap), top + row * step, width, PANEL - 0.12)
        _draw(axes, panel, first_tested, last)
        axes.set_title(style.fit(panel.title, width, style.BODY + 0.5), loc="left", pad=3)
        axes.set_xlim(first - 0.6, last + 0.6)
        axes.set_ylim(-0.06 * panel.top, 1.06 * panel.top)
        ticks = [0, panel.top / 2, panel.top]
        axes.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks] if column == 0 else [])
        years = [year for year in range(first, last + 1) if year % 5 == 0]
        below = (row + 1, column) in places
        axes.set_xticks(years, labels=[] if below else [str(year) for year in years])
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        if column == 0:
            axes.set_ylabel(f"share of {panel.of}")
    return page.figure


def _places(panels: Sequence[TiePanel]) -> Iterator[tuple[int, int]]:
    """Yield row and column of each panel."""
    row, column, of = 0, 0, panels[0].of
    for panel in panels:
        if column == COLUMNS or panel.of != of:
            row, column, of = row + 1, 0, panel.of
        yield row, column
        column += 1


def _draw(axes: Axes, panel: TiePanel, first_tested: int, last: int) -> None:
    axes.axvspan(first_tested - 0.5, last + 0.6, color="#efefef", linewidth=0)
    axes.fill_between(panel.model_years, panel.low, panel.high, color=style.CAPABILITY, alpha=0.2, linewidth=0)
    axes.plot(panel.model_years, panel.middle, color=style.CAPABILITY, linewidth=1.6)
    axes.plot(panel.model_years, panel.other, color=style.RESOLVE, linewidth=1.3, linestyle=style.DASHES[1])
    for year, share, band in zip(panel.years, panel.shares, panel.bands, strict=True):
        axes.plot(
            year, share, "D" if band is None else "o", color=style.INK,
            markersize=DIAMOND if band is None else SIZES[band], markeredgecolor="white", markeredgewidth=0.5,
            clip_on=False, zorder=3,
        )  # fmt: skip
