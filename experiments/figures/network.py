"""Draw the network at one month: the patron in the middle, clients around by posture, rivals outside."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D

from papertiger.experiments.figures import style
from papertiger.experiments.names import label
from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from papertiger.model.run import Run

RINGS = (1.55, 1.98, 2.38, 2.74, 3.05)
"""Distance from the patron of each posture."""
RIVALS = (4.0, 3.8)
"""Half axes of the ellipse on which the rivals stand, in the page's wider and narrower direction."""
EDGE = 4.15
"""Distance from the patron to the upper and lower edge of the drawing."""
ASIDE = 0.35
"""Radians between a rival and who went to it, for an arrow that can be seen."""
WIDTH, HEIGHT = 9.3, 8.2
"""Inches of the drawing."""
MAX_NAMES = 40
SIMILAR = "#b9b9b9"

type Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in the drawing's own units."""


def _places(run: Run, postures: dict[str, int]) -> dict[str, tuple[float, float, float]]:
    """Place clients of one region side by side, each at the distance of its posture: (x, y, angle)."""
    clients = bonds_of(run.scenario)
    order = sorted(postures, key=lambda name: (clients[name].region or "~", clients[name].pact or "~", name))
    places = {}
    for index, name in enumerate(order):
        angle = math.pi / 2 - 2 * math.pi * (index + 0.5) / len(order)
        radius = RINGS[postures[name]]
        places[name] = (radius * math.cos(angle), radius * math.sin(angle), angle)
    return places


def _rival_places(
    rivals: list[str], destinations: dict[str, str], places: dict[str, tuple[float, float, float]]
) -> dict[str, tuple[float, float]]:
    """Spread the rivals around the clients, turned so that each stands near those who realigned with it."""
    sought = Counter(destinations.values())
    order = sorted(rivals, key=lambda rival: (-sought[rival], rival))
    best: tuple[float, dict[str, float]] | None = None
    for turn in range(24 if order else 0):
        free = [math.pi / 4 + 2 * math.pi * (turn / 24 + slot) / len(order) for slot in range(len(order))]
        angles: dict[str, float] = {}
        total = 0.0
        for rival in order:
            theirs = [places[name][2] for name, chosen in destinations.items() if chosen == rival]
            costs = [sum(_awkward(angle, other) for other in theirs) for angle in free]
            slot = costs.index(min(costs))
            total += costs.pop(slot)
            angles[rival] = free.pop(slot)
        if best is None or total < best[0] - 1e-9:
            best = (total, angles)
    if best is None:
        return {}
    return {name: (RIVALS[0] * math.cos(angle), RIVALS[1] * math.sin(angle)) for name, angle in best[1].items()}


def _awkward(rival: float, client: float) -> float:
    """Return how badly an arrow between two angles would lie: best is a little to the side, not straight on."""
    return (abs(math.remainder(rival - client, 2 * math.pi)) - ASIDE) ** 2


def _size(value: float, crowd: int) -> float:
    return (90 + 520 * value) * min(1.0, 25 / crowd)


def _rings(axes: Axes) -> None:
    for radius in RINGS:
        turn = [2 * math.pi * step / 180 for step in range(181)]
        axes.plot(
            [radius * math.cos(angle) for angle in turn],
            [radius * math.sin(angle) for angle in turn],
            color=style.GRID,
            linewidth=0.7,
            zorder=0,
        )


def _defection(axes: Axes, client: tuple[float, float], rival: tuple[float, float]) -> None:
    """Tie a client that realigned to the rival it went to, by an arc that keeps away from the middle."""
    turn = math.remainder(math.atan2(rival[1], rival[0]) - math.atan2(client[1], client[0]), 2 * math.pi)
    axes.annotate(
        "",
        rival,
        client,
        zorder=3,
        arrowprops={
            "arrowstyle": "-|>",
            "color": style.POSTURE_COLOURS[4],
            "linewidth": 1.5,
            "connectionstyle": f"arc3,rad={-0.22 * turn:.3f}",
            "shrinkA": 8,
            "shrinkB": 18,
        },
    )


def _names(
    axes: Axes,
    names: dict[str, str],
    places: dict[str, tuple[float, float, float]],
    sizes: dict[str, float],
    taken: list[Box],
) -> int:
    """Write the names beside their nodes, each where it covers least of the nodes and names already there.

    A name that would cover another one is left out; the number of those written is returned.
    """
    unit = 2 * EDGE / HEIGHT
    boxes = [(-0.35, -0.35, 0.35, 0.35), *taken]
    radii = {name: math.sqrt(size / math.pi) / 72 * unit for name, size in sizes.items()}
    for name, (x, y, _) in places.items():
        boxes.append((x - radii[name], y - radii[name], x + radii[name], y + radii[name]))
    written = list(taken)
    tall = 0.17 * unit
    limit = EDGE * WIDTH / HEIGHT
    for name, text in names.items():
        x, y, angle = places[name]
        wide = style.text_width(text, style.BODY) * unit
        best: tuple[float, Box] | None = None
        for number in range(16):
            # Outwards first, then ever further to either side.
            way = angle + (-1) ** number * ((number + 1) // 2) * math.pi / 8
            reach = radii[name] + 0.06
            centre_x = x + math.cos(way) * (reach + wide / 2)
            centre_y = y + math.sin(way) * (reach + tall / 2)
            box = (centre_x - wide / 2, centre_y - tall / 2, centre_x + wide / 2, centre_y + tall / 2)
            outside = max(0.0, abs(centre_x) + wide / 2 - limit)
            cost = sum(_shared(box, other) for other in boxes) + outside + 0.002 * number
            if best is None or cost < best[0]:
                best = (cost, box)
        assert best is not None  # sixteen places were tried
        box = best[1]
        room = (box[0] - 0.04, box[1], box[2] + 0.04, box[3])
        if any(_shared(room, other) > 0 for other in written):
            continue
        boxes.append(box)
        written.append(box)
        axes.text(
            (box[0] + box[2]) / 2,
            (box[1] + box[3]) / 2,
            text,
            size=style.BODY,
            ha="center",
            va="center",
            zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6},
        )
    return len(written) - len(taken)


def _shared(one: Box, two: Box) -> float:
    """Return the area that two boxes share."""
    wide = min(one[2], two[2]) - max(one[0], two[0])
    tall = min(one[3], two[3]) - max(one[1], two[1])
    return wide * tall if wide > 0 and tall > 0 else 0.0


def _present(run: Run, month: str) -> dict[str, dict[str, Any]]:
    """Return the row of each client of the first patron that is in the network in a month, by its name."""
    mine = {client.name for client in run.setting.clients if client.patron == 0}
    columns, rows = run.rows("clients")
    shown = [dict(zip(columns, row, strict=True)) for row in rows]
    return {
        row["client"]: row for row in shown if row["month"] == month and row["in_network"] and row["client"] in mine
    }


@style.styled
def network(run: Run, month: str | None = None) -> Figure:
    """Draw the network at one month.

    Parameters
    ----------
    run
        A finished run.
    month
        The month to draw; by default the last one.

    Returns
    -------
    Figure
        Clients at the distance of their posture and in its colour, as large as they are worth to the patron,
        tied to it as strongly as they believe in its protection, or to the rival they realigned with.
    """
    scenario = run.scenario
    month = month or run.setting.months[run.months_run - 1]
    now = _present(run, month)
    postures = {name: int(row["posture"]) for name, row in now.items()}
    protection = {name: float(row["protection"]) for name, row in now.items()}
    destinations = {name: str(row["destination"]) for name, row in now.items() if row["destination"]}
    places = _places(run, postures)
    rivals = _rival_places(sorted({*scenario.rivals, *scenario.patrons}), destinations, places)

    height = style.HEADER + 0.6 + HEIGHT + 0.2 + style.FOOTER
    page = style.Page(run, f"The network around {scenario.patron.name}, {month}", scenario.title, 10.0, height)
    axes = page.axes(0.35, style.HEADER + 0.6, WIDTH, HEIGHT)
    axes.set_axis_off()
    axes.set_xlim(-EDGE * WIDTH / HEIGHT, EDGE * WIDTH / HEIGHT)
    axes.set_ylim(-EDGE, EDGE)
    _rings(axes)

    row = {client.name: index for index, client in enumerate(run.setting.clients)}
    for one, two in combinations(sorted(places), 2):
        alike = run.setting.similarity[row[one]][row[two]]
        if alike > 0:
            (x1, y1, _), (x2, y2, _) = places[one], places[two]
            axes.plot([x1, x2], [y1, y2], color=SIMILAR, linewidth=0.5, alpha=0.65 * alike, zorder=1)
    for name, (x, y, _) in places.items():
        width = 0.3 + 6 * protection[name]
        axes.plot(
            [0, x],
            [0, y],
            color=style.CAPABILITY,
            linewidth=width,
            alpha=0.45,
            zorder=2,
            solid_capstyle="butt",
        )
        rival = destinations.get(name)
        if rival in rivals:
            _defection(axes, (x, y), rivals[rival])

    crowd = len(places)
    values = {name: float(bonds_of(scenario)[name].value.value or 0.5) for name in places}
    sizes = {name: _size(values[name], crowd) for name in places}
    for name, (x, y, _) in places.items():
        colour = style.POSTURE_COLOURS[postures[name]]
        axes.scatter([x], [y], s=sizes[name], color=colour, edgecolors=style.INK, linewidths=0.7, zorder=4)
    rival_names = {name: style.fit(label(scenario.rivals, name), 1.5, style.BODY, "bold") for name in rivals}
    boxes = []
    for name, (x, y) in rivals.items():
        half = (style.text_width(rival_names[name], style.BODY, "bold") / 2 + 0.1) * 2 * EDGE / HEIGHT
        boxes.append((x - half, y - 0.2, x + half, y + 0.2))
    named = sorted(places, key=lambda name: (-values[name], name))[:MAX_NAMES]
    count = _names(axes, {name: label(scenario.clients, name) for name in named}, places, sizes, boxes)
    axes.scatter([0], [0], s=1500, color=style.INK, zorder=5)
    centre = style.fit(scenario.patron.name, 0.68, style.BODY, "bold")
    axes.text(0, 0, centre, color="white", size=style.BODY, weight="bold", ha="center", va="center", zorder=6)
    for name, (x, y) in rivals.items():
        axes.text(
            x,
            y,
            rival_names[name],
            size=style.BODY,
            weight="bold",
            ha="center",
            va="center",
            zorder=6,
            bbox={
                "facecolor": "white",
                "edgecolor": style.INK,
                "boxstyle": "square,pad=0.5",
                "linewidth": 0.8,
            },
        )

    page.legend(style.posture_legend(), 0.35, style.HEADER + 0.04)
    ties = [
        Line2D(
            [],
            [],
            color=style.CAPABILITY,
            alpha=0.45,
            linewidth=0.3 + 6 * share,
            label=f"protection {share:.1f}",
        )
        for share in (0.1, 0.5)
    ]
    ties.append(Line2D([], [], color=SIMILAR, linewidth=0.8, label="alike (pact, region, adversary)"))
    ties.append(Line2D([], [], color=style.POSTURE_COLOURS[4], linewidth=1.6, label="realigned with"))
    page.legend(ties, 0.35, style.HEADER + 0.29)
    note = f"Distance from the middle: {', '.join(POSTURES)}. Size: value to the patron."
    if count < crowd:
        note += f" {count} of {crowd} clients are named, the most valuable ones first."
    page.text(0.35, page.height - style.FOOTER - 0.1, note, size=style.SMALL, color="#555555")
    return page.figure
