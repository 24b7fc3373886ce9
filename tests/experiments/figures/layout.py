"""Where the texts of a figure really are, asked of the renderer that draws them."""

from __future__ import annotations

from itertools import combinations
from typing import Any, cast

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SLACK = 1.5
"""Pixels of height that two boxes may share; a box has room around its letters."""
APART = 3
"""Pixels that two texts on one line stand apart, at least."""


def texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return every visible text with its box in pixels."""
    canvas = figure.canvas
    canvas.draw()
    renderer = canvas.get_renderer()  # type: ignore[attr-defined]
    found = []
    for artist in figure.findobj(Text):
        hidden = not artist.get_visible() or not artist.get_text().strip()
        axes = artist.axes
        if hidden or (axes is not None and not axes.get_visible()):
            continue
        found.append((artist.get_text(), artist.get_window_extent(renderer)))
    return _drawn_only(figure, found)


def _drawn_only(figure: Figure, found: list[tuple[str, Bbox]]) -> list[tuple[str, Bbox]]:
    """Leave out tick labels beyond the ends of their axis, which are objects but never drawn."""
    unseen = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            shown = {id(tick) for tick in cast("Any", axis)._update_ticks()} if axes.axison else set()
            for tick in [*axis.majorTicks, *axis.minorTicks]:
                if id(tick) not in shown:
                    for label in (tick.label1, tick.label2):
                        unseen.add((label.get_text(), tuple(label.get_window_extent().bounds)))
            if not axes.axison:
                unseen.add((axis.label.get_text(), tuple(axis.label.get_window_extent().bounds)))
    return [(text, box) for text, box in found if (text, tuple(box.bounds)) not in unseen]


def overlaps(found: list[tuple[str, Bbox]]) -> list[tuple[str, str]]:
    """Return the pairs of texts that cover each other."""
    pairs = []
    for (one, box), (two, other) in combinations(found, 2):
        wide = min(box.x1, other.x1) - max(box.x0, other.x0)
        tall = min(box.y1, other.y1) - max(box.y0, other.y0)
        if wide > -APART and tall > SLACK:
            pairs.append((one, two))
    return pairs


def outside(figure: Figure, found: list[tuple[str, Bbox]]) -> list[str]:
    """Return the texts that leave the page."""
    page = figure.bbox
    return [
        text
        for text, box in found
        if box.x0 < page.x0 - 1 or box.x1 > page.x1 + 1 or box.y0 < page.y0 - 1 or box.y1 > page.y1 + 1
    ]
