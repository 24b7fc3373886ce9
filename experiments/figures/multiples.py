"""Draw all clients as small multiples on shared axes, each with its posture as a band beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.experiments.figures import style
from papertiger.experiments.names import label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from papertiger.model.run import Run

type Columns = dict[str, NDArray[Any]]

MAX_PANELS = 30


def postures_of(rows: Columns) -> list[int | None]:
    """Return a client's posture by month, None where it is not in the network."""
    pairs = zip(rows["posture"], rows["in_network"], strict=True)
    return [int(posture) if present else None for posture, present in pairs]


def widest(run: Run, span: Callable[[str], float], most: int) -> list[str]:
    """Return the clients in the scenario's order; of more than `most`, those with the widest span.

    Parameters
    ----------
    run
        A finished run.
    span
        How far a client moved.
    most
        How many are wanted.
    """
    clients = [client.name for client in run.setting.clients]
    if len(clients) <= most:
        return clients
    moved = set(sorted(clients, key=lambda client: (-span(client), client))[:most])
    return [client for client in clients if client in moved]


def small_multiples(
    run: Run,
    title: str,
    clients: Sequence[str],
    moved: str,
    handles: list[Line2D],
    unit: str,
    curves: Callable[[Axes, str], None],
) -> Figure:
    """Draw one panel for each client.

    Parameters
    ----------
    run
        A finished run.
    title
        Of the page.
    clients, moved
        Who is drawn, and what they did most where not all are.
    handles
        The legend of the curves.
    unit
        Label of the vertical axes, which go from 0 to 1.
    curves
        Draws a client's curves into its panel.
    """
    total = len(run.setting.clients)
    columns = min(len(clients), 5 if len(clients) > 9 else 3)
    depth = -(-len(clients) // columns)
    left, gap, panel_height = 0.75, 0.16, 1.45
    width = 11.0 if columns > 3 else 10.0
    panel = (width - left - 0.35 - gap * (columns - 1)) / columns
    top = style.HEADER + 0.85
    step = panel_height + 0.42
    height = top + depth * step + 0.25 + style.FOOTER
    some = f"the {len(clients)} of {total} clients that {moved} most"
    count = f"{total} clients" if total == len(clients) else some
    page = style.Page(run, title, f"{run.scenario.title} — {count}", width, height)
    page.legend(handles, 0.35, style.HEADER + 0.04)
    page.legend(style.posture_legend(), 0.35, style.HEADER + 0.29)
    for index, client in enumerate(clients):
        row, column = divmod(index, columns)
        rows = run.of_client(client)
        months = rows["month"].tolist()
        x, y = left + column * (panel + gap), top + row * step
        axes = page.axes(x, y, panel, panel_height - 0.14)
        curves(axes, client)
        axes.set_ylim(0, 1)
        axes.set_yticks([0, 0.5, 1])
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        axes.set_title(style.fit(label(run.scenario.clients, client), panel, style.BODY + 0.5), loc="left", pad=3)
        style.month_axis(axes, months, labels=False, most=4)
        axes.tick_params(axis="x", length=0)
        axes.tick_params(axis="y", labelleft=column == 0)
        band = page.axes(x, y + panel_height - 0.13, panel, 0.12)
        style.posture_band(band, postures_of(rows))
        style.month_axis(band, months, labels=index + columns >= len(clients), most=4)
        band.set_yticks([])
        if column == 0:
            axes.set_ylabel(unit)
    page.text(left + (width - left - 0.35) / 2, top + depth * step - 0.02, "month", size=style.BODY, ha="center")
    return page.figure
