"""Charts: SVG made on the server. Each stands beside a table of the same numbers; every text in it is escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

from markupsafe import Markup

from scenarios.schema import POSTURES
from wargame.server.formats import number

if TYPE_CHECKING:
    from wargame.fan import Band
    from wargame.views import Standing

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 240, 44, 12, 14, 40


@dataclass(frozen=True)
class Series:
    """One line of a chart: its name, its values from 0 to 1, and the class that gives it colour and dash."""

    name: str
    values: Sequence[float]
    style: str


def _x(i: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (i / (count - 1) if count > 1 else 0.5)


def _y(value: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - min(1.0, max(0.0, value)))


def _frame(title: str, months: Sequence[str], language: str) -> list[Markup]:
    parts = [
        Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>').format(
            WIDTH, HEIGHT, title, title
        )
    ]
    rule = Markup(
        '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
        '<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>'
    )
    parts += [
        rule.format(LEFT, WIDTH - RIGHT, _y(value), _y(value), LEFT - 6, _y(value) + 4, number(value, language))
        for value in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    every = max(1, -(-len(months) // 8))
    for i, month in enumerate(months):
        if i % every == 0:
            anchor = (
                "middle" if len(months) == 1 else "start" if i == 0 else "end" if i == len(months) - 1 else "middle"
            )
            parts.append(
                Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(
                    _x(i, len(months)), HEIGHT - 18, anchor, month
                )
            )
    return parts


def _path(values: Sequence[float], count: int) -> str:
    return " ".join(f"{_x(i, count):.1f},{_y(value):.1f}" for i, value in enumerate(values))


def lines(title: str, months: Sequence[str], series: Sequence[Series], language: str) -> Markup:
    """Return lines over months, each from 0 to 1, with its name beneath."""
    parts = _frame(title, months, language)
    for place, one in enumerate(series):
        points = _path(one.values, len(months))
        parts.append(Markup('<polyline class="line {}" points="{}"/>').format(one.style, points))
        if len(one.values) == 1:
            parts.append(
                Markup('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(
                    one.style, _x(0, len(months)), _y(one.values[0])
                )
            )
        parts.append(
            Markup('<text class="key {}" x="{}" y="{}">{}</text>').format(
                one.style, LEFT + place * 180, HEIGHT - 3, one.name
            )
        )
    return Markup("").join([*parts, Markup("</svg>")])


def fan(title: str, months: Sequence[str], band: Band, came: Sequence[float] = (), *, language: str) -> Markup:
    """Return where continuations lead, 5 to 95 and 25 to 75 per cent and the middle, with what came as a line."""
    parts, count = _frame(title, months, language), len(months)
    rows = list(zip(*band.quantiles, strict=True))
    for low, high, style in ((0, 4, "wide"), (1, 3, "narrow")):
        upper = [f"{_x(i, count):.1f},{_y(row[high]):.1f}" for i, row in enumerate(rows)]
        lower = [f"{_x(i, count):.1f},{_y(row[low]):.1f}" for i, row in enumerate(rows)]
        parts.append(
            Markup('<polygon class="band {}" points="{}"/>').format(style, " ".join([*upper, *reversed(lower)]))
        )
    parts.append(Markup('<polyline class="line middle" points="{}"/>').format(_path([row[2] for row in rows], count)))
    if came:
        parts.append(Markup('<polyline class="line came" points="{}"/>').format(_path(came, count)))
    return Markup("").join([*parts, Markup("</svg>")])


def network(title: str, patron: str, clients: Sequence[Standing], called: Callable[[str], str]) -> Markup:
    """Return the patron with its clients around it, as people call them: the farther away, the weaker the tie."""
    middle = 280
    there = [client for client in clients if client.in_network]
    parts = [
        Markup('<svg class="network" viewBox="-70 40 700 480" role="img" aria-label="{}"><title>{}</title>').format(
            title, title
        )
    ]
    places = []
    for i, client in enumerate(there):
        turn = 2.0 * pi * i / max(1, len(there)) - pi / 2.0
        reach = 120.0 + 22.0 * POSTURES.index(client.posture)
        places.append((client, turn, middle + reach * cos(turn), middle + reach * sin(turn)))
    for client, _, x, y in places:
        if not client.defected:
            parts.append(
                Markup('<line class="tie p-{}" x1="{}" y1="{}" x2="{:.1f}" y2="{:.1f}"/>').format(
                    client.posture, middle, middle, x, y
                )
            )
    # White letters on the disc: it is as wide as the name, within what the clients' places leave.
    disc = min(100, max(34, 5 * len(patron)))
    parts.append(Markup('<circle class="patron" cx="{}" cy="{}" r="{}"/>').format(middle, middle, disc))
    parts.append(
        Markup('<text class="patron-name" x="{}" y="{}" text-anchor="middle">{}</text>').format(
            middle, middle + 5, patron
        )
    )
    for client, turn, x, y in places:
        parts.append(
            Markup('<circle class="node p-{}" cx="{:.1f}" cy="{:.1f}" r="13"/>').format(client.posture, x, y)
        )
        side = cos(turn)
        anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
        parts.append(
            Markup('<text class="node-name" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
                x + 18 * side, y + 5 + 22 * sin(turn), anchor, called(client.client)
            )
        )
    return Markup("").join([*parts, Markup("</svg>")])
