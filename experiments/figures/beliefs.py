"""Draw beliefs and posture over time: one client in full, or all of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from papertiger.experiments.figures import style
from papertiger.experiments.figures.multiples import MAX_PANELS, Columns, postures_of, small_multiples, widest
from papertiger.experiments.ledger.marks import Mark, marks
from papertiger.experiments.names import label, patron_of, patrons_in_words
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from papertiger.model.run import Run

PAGE_WIDTH = 10.0
MAX_MARKS = 20
MAX_IN_ONE_COLUMN = 7
MAX_ROWS = 5
MARKER = 0.2
"""Inches from one event marker to the next."""

LINES: tuple[tuple[str, str, str, style.Dash, float], ...] = (
    ("protection", "protection (product of the two)", style.PROTECTION, "-", 2.2),
    ("capability", "capability: can it protect me?", style.CAPABILITY, "-", 1.3),
    ("resolve", "resolve: will it?", style.RESOLVE, (0, (5, 1.5)), 1.3),
    ("patron_threat", "threat from the patron", style.PATRON_THREAT, (0, (1.2, 1.2)), 1.3),
)
TONES = {"good": style.GOOD, "bad": style.BAD, "other": style.OTHER}


def _present(run: Run, client: str) -> Columns:
    """Return the months of one client, with numbers blank where it is not in the network."""
    rows = run.of_client(client)
    return rows | {name: np.where(rows["in_network"], rows[name], np.nan) for name, *_ in LINES}


def _regime_changes(rows: Columns) -> list[int]:
    regimes = rows["regime"]
    return [int(index) for index in np.flatnonzero(regimes[1:] > regimes[:-1]) + 1]


def _curves(axes: Axes, rows: Columns, *, scale: float = 1.0) -> None:
    places = np.arange(len(rows["month"]))
    for name, _, colour, dash, width in LINES:
        lone = "o" if len(places) == 1 else None
        axes.plot(
            places,
            rows[name],
            color=colour,
            linestyle=dash,
            linewidth=width * scale,
            marker=lone,
            markersize=3 * width * scale,
        )
    for index in _regime_changes(rows):
        axes.axvline(index - 0.5, color=style.INK, linewidth=0.9 * scale, linestyle=(0, (2, 2)))


def _handles(*, regime: bool) -> list[Line2D]:
    handles = [
        Line2D([], [], color=colour, linestyle=dash, linewidth=width, label=text)
        for _, text, colour, dash, width in LINES
    ]
    if regime:
        handles.append(Line2D([], [], color=style.INK, linewidth=0.9, linestyle=(0, (2, 2)), label="regime loss"))
    return handles


def _places_of_marks(shown_marks: list[Mark], months: list[str], inches: float) -> dict[int, tuple[float, int]]:
    """Give each mark a place and a row of the event strip in which it touches no other.

    A mark stands over its month, or in the next row, or a little later where the rows are full.
    """
    gap = MARKER * len(months) / inches
    here = {month: index for index, month in enumerate(months)}
    ends: list[float] = []
    places: dict[int, tuple[float, int]] = {}
    for mark in shown_marks:
        month = here[mark.month]
        options = [(max(float(month), end + gap), row) for row, end in enumerate(ends)]
        if len(ends) < MAX_ROWS:
            options.append((float(month), len(ends)))
        options = [option for option in options if option[0] < len(months)] or [(float(month), len(ends))]
        x, row = min(options, key=lambda option: ((option[0] - month) / gap + 0.6 * option[1], option[1]))
        if row == len(ends):
            ends.append(x)
        ends[row] = x
        places[mark.number] = (x, row)
    return places


def _event_strip(
    strip: Axes, main: Axes, shown_marks: list[Mark], places: dict[int, tuple[float, int]], months: list[str]
) -> None:
    strip.set_ylim(-0.5, max((row for _, row in places.values()), default=0) + 0.5)
    strip.axis("off")
    feet = [months.index(mark.month) for mark in shown_marks]
    heads = [places[mark.number] for mark in shown_marks]
    colours = [TONES[mark.tone] for mark in shown_marks]
    stems = [[(foot, -0.5), head] for foot, head in zip(feet, heads, strict=True)]
    strip.add_collection(LineCollection(stems, colors=colours, linewidths=0.5, alpha=0.55))
    main.vlines(feet, 0, 1, colors=colours, linewidths=0.5, alpha=0.45, zorder=0.5)
    if heads:
        across, up = zip(*heads, strict=True)
        strip.scatter(across, up, s=118, c=colours, linewidths=0, zorder=3)
    for mark, (x, row) in zip(shown_marks, heads, strict=True):
        look: dict[str, Any] = {
            "color": "white",
            "size": 6.3,
            "weight": "bold",
            "ha": "center",
            "va": "center_baseline",
        }
        strip.text(x, row, str(mark.number), zorder=4, **look)


class _Key:
    """Lay out the marked events in words under the plot, in one column or in two of much the same height."""

    LINE, GAP = 0.118, 0.07

    def __init__(self, page_width: float, shown_marks: list[Mark], left_out: int) -> None:
        self.columns = 1 if len(shown_marks) <= MAX_IN_ONE_COLUMN else 2
        self.width = (page_width - 0.7) / self.columns
        self.shown_marks, self.left_out = shown_marks, left_out
        self.texts = [style.two_lines(mark.text, self.width - 1.0, style.SMALL) for mark in shown_marks]
        heights = [(text.count("\n") + 1) * self.LINE + self.GAP for text in self.texts]
        whole = sum(heights)
        self.places: list[tuple[int, float]] = []
        column, y, tallest = 0, 0.0, 0.0
        for height in heights:
            if column + 1 < self.columns and y >= whole / self.columns:
                column, y = column + 1, 0.0
            self.places.append((column, y))
            y += height
            tallest = max(tallest, y)
        self.height = tallest + (0.2 if left_out else 0.0)
        self.bottom = tallest

    def draw(self, page: style.Page, top: float) -> None:
        """Write the key with its upper edge at `top` inches."""
        for mark, text, (column, y) in zip(self.shown_marks, self.texts, self.places, strict=True):
            x = 0.35 + column * self.width
            small: dict[str, Any] = {"size": style.SMALL}
            page.text(x + 0.2, top + y, str(mark.number), weight="bold", color=TONES[mark.tone], ha="right", **small)
            page.text(x + 0.28, top + y, mark.month, color="#555555", **small)
            page.text(x + 0.82, top + y, text, linespacing=1.05, **small)
        if self.left_out:
            note = f"{self.left_out} more with a smaller effect on protection are not marked."
            page.text(0.63, top + self.bottom + 0.03, note, size=style.SMALL, color="#555555")


@style.styled
def of_client(run: Run, client: str) -> Figure:
    """Draw what one client believed and did, month by month, with its events marked.

    Parameters
    ----------
    run
        A finished run.
    client
        The client's name in the scenario.

    Returns
    -------
    Figure
        Protection, capability, resolve and the threat from the patron, the posture as a band under them, and
        a numbered key of the events.
    """
    rows = _present(run, client)
    months = rows["month"].tolist()
    shown_marks, left_out = marks(run, client, MAX_MARKS)
    plot_width = 8.75
    places = _places_of_marks(shown_marks, months, plot_width)
    depth = max((row for _, row in places.values()), default=0) + 1
    key = _Key(PAGE_WIDTH, shown_marks, left_out)
    strip, plot, band = depth * MARKER, 3.1, 0.27
    top = style.HEADER + 0.62
    below = 0.32 + key.height if shown_marks else 0.0
    height = top + strip + plot + 0.08 + band + 0.5 + below + style.FOOTER

    name = label(run.scenario.clients, client)
    page = style.Page(
        run,
        f"{name}: beliefs about {patron_of(run.scenario, client)} and posture",
        run.scenario.title,
        PAGE_WIDTH,
        height,
    )
    page.legend(_handles(regime=bool(_regime_changes(rows))), 0.35, style.HEADER + 0.04)
    page.legend(style.posture_legend(), 0.35, style.HEADER + 0.29)

    main = page.axes(0.9, top + strip, plot_width, plot)
    _curves(main, rows)
    main.set_ylim(0, 1)
    main.set_ylabel("probability, or threat (0–1)")
    main.grid(axis="y", color=style.GRID, linewidth=0.6)
    style.month_axis(main, months, labels=False)
    events = page.axes(0.9, top, plot_width, strip, sharex=main)
    _event_strip(events, main, shown_marks, places, months)

    ladder = page.axes(0.9, top + strip + plot + 0.08, plot_width, band)
    for posture, first, last in style.posture_band(ladder, postures_of(rows)):
        text = POSTURES[posture]
        if style.text_width(text, style.SMALL) + 0.12 < (last - first + 1) * plot_width / len(months):
            colour = "white" if posture >= 3 else style.INK
            ladder.text((first + last) / 2, 0.5, text, size=style.SMALL, color=colour, ha="center", va="center")
    style.month_axis(ladder, months)
    ladder.set_ylim(0, 1)
    ladder.set_yticks([])
    ladder.set_ylabel("posture", rotation=0, ha="right", va="center")
    ladder.set_xlabel("month")
    if shown_marks:
        start = top + strip + plot + 0.08 + band + 0.56
        page.text(0.35, start, "Events (own)", size=style.SMALL + 0.5, weight="bold")
        tones = "orange: bad news · green: good news · grey: attack, offer or other"
        page.text(page.width - 0.35, start, tones, size=style.SMALL, color="#555555", ha="right")
        key.draw(page, start + 0.22)
    return page.figure


def most_moved(run: Run, most: int) -> list[str]:
    """Return the clients in the scenario's order; of more than `most`, those whose protection moved most."""

    def span(client: str) -> float:
        rows = run.of_client(client)
        protection = rows["protection"][rows["in_network"]]
        return float(protection.max() - protection.min()) if len(protection) else 0.0

    return widest(run, span, most)


@style.styled
def overview(run: Run) -> Figure:
    """Draw all clients as small multiples on shared axes, each with its posture as a band.

    Parameters
    ----------
    run
        A finished run. Of more than 30 clients those whose protection moved most are drawn.

    Returns
    -------
    Figure
        One panel for each client.
    """
    regime = any((run.of_client(client.name)["regime"] > 0).any() for client in run.setting.clients)
    return small_multiples(
        run,
        f"Beliefs about {patrons_in_words(run.scenario)} and postures",
        most_moved(run, MAX_PANELS),
        "moved",
        _handles(regime=regime),
        "0–1",
        lambda axes, client: _curves(axes, _present(run, client), scale=0.75),
    )
