"""Draw charts as SVG on the server. Each stands beside a table of the same numbers; every text in it is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, pi, sin
from typing import TYPE_CHECKING

from markupsafe import Markup

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.i18n.formats import percent

if TYPE_CHECKING:
    from papertiger.wargame.engine.fan import Band
    from papertiger.wargame.views.seats import ClientStanding

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 260, 44, 12, 14, 58
LEAST_TENTHS = 3
MAX_TICKS, MAX_MONTHS = 7, 5
CLOSE_STEPS, LEAST_STEPS = (1, 2, 5, 10, 20), 4


@dataclass(frozen=True)
class Series:
    """One line of a chart: its name, its values from 0 to 1, and the class that gives it colour and dash."""

    name: str
    values: Sequence[float]
    style: str


@dataclass(frozen=True)
class Scale:
    """Where a value stands in a chart.

    Attributes
    ----------
    count
        How many moments there are.
    low, high
        Values at the bottom and the top, hundredths from 0 to 1.
    step
        Hundredths between two rules across the chart; 0 means tenths, every second where there are many.
    """

    count: int
    low: float
    high: float
    step: int = 0

    @classmethod
    def of(cls, count: int, values: Iterable[float]) -> Scale:
        """Return a scale that shows how values move: some room around them, and never less than three tenths."""
        known = list(values)
        low, high = floor(10 * min(known) - 0.5), ceil(10 * max(known) + 0.5)
        low, high = max(0, low), min(10, high)
        while high - low < LEAST_TENTHS:
            low, high = max(0, low - 1), min(10, high + 1)
        return cls(count, low / 10, high / 10)

    @classmethod
    def close(cls, count: int, values: Iterable[float]) -> Scale:
        """Return a scale that is filled by what is shown, down to four hundredths."""
        known = list(values)
        low, high, step = 0, 0, 1
        for step in CLOSE_STEPS:
            low, high = floor(100 * min(known) / step + 1e-9), ceil(100 * max(known) / step - 1e-9)
            while high - low < LEAST_STEPS:
                low, high = max(0, low - 1), min(100 // step, high + 1)
            if high - low < MAX_TICKS:
                break
        return cls(count, low * step / 100, high * step / 100, step)

    def x(self, i: int) -> float:
        """Return the place of a moment."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (i / (self.count - 1) if self.count > 1 else 0.5)

    def y(self, value: float) -> float:
        """Return the place of a value."""
        share = (value - self.low) / (self.high - self.low)
        return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - min(1.0, max(0.0, share)))

    def path(self, values: Sequence[float]) -> str:
        """Return the points of a line."""
        return " ".join(f"{self.x(i):.1f},{self.y(value):.1f}" for i, value in enumerate(values))

    @property
    def ticks(self) -> list[float]:
        """Values with a rule across the chart."""
        if self.step:
            hundredths = range(round(100 * self.low), round(100 * self.high) + 1, self.step)
            return [hundredth / 100 for hundredth in hundredths]
        tenths = range(round(10 * self.low), round(10 * self.high) + 1)
        return [tenth / 10 for tenth in tenths if len(tenths) <= MAX_TICKS or tenth % 2 == 0]


def _frame(title: str, months: Sequence[str], scale: Scale, language: str) -> list[Markup]:
    parts = [
        Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>').format(
            WIDTH, HEIGHT, title, title
        )
    ]
    rule = Markup(
        '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
        '<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>'
    )
    for value in scale.ticks:
        y = scale.y(value)
        parts.append(rule.format(LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, percent(value, language)))
    every = max(1, -(-len(months) // MAX_MONTHS))
    for i in range(0, len(months), every):
        last = i == len(months) - 1
        anchor = "middle" if len(months) == 1 else "start" if i == 0 else "end" if last else "middle"
        parts.append(
            Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(
                scale.x(i), HEIGHT - 30, anchor, months[i]
            )
        )
    return parts


def lines(title: str, months: Sequence[str], series: Sequence[Series], language: str) -> Markup:
    """Return lines over months, values from 0 to 1, each with its name beneath."""
    scale = Scale.of(len(months), (value for one in series for value in one.values))
    parts = _frame(title, months, scale, language)
    for place, one in enumerate(series):
        parts.append(Markup('<polyline class="line {}" points="{}"/>').format(one.style, scale.path(one.values)))
        if len(one.values) == 1:
            parts.append(
                Markup('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(
                    one.style, scale.x(0), scale.y(one.values[0])
                )
            )
        parts.append(
            Markup('<text class="key {}" x="{:.1f}" y="{}">{}</text>').format(
                one.style, LEFT + place * (WIDTH - LEFT) / len(series), HEIGHT - 6, one.name
            )
        )
    return Markup("").join([*parts, Markup("</svg>")])


def fan(
    title: str,
    months: Sequence[str],
    band: Band,
    came: Sequence[float] = (),
    *,
    language: str,
    close: bool = False,
) -> Markup:
    """Return where continuations lead, 5 to 95 and 25 to 75 per cent and the middle, with what came as a line."""
    rows = list(zip(*band.quantiles, strict=True))
    scale = (Scale.close if close else Scale.of)(len(months), (*(value for row in rows for value in row), *came))
    parts = _frame(title, months, scale, language)
    for low, high, style in ((0, 4, "wide"), (1, 3, "narrow")):
        upper, lower = (scale.path([row[edge] for row in rows]) for edge in (high, low))
        back = " ".join(reversed(lower.split()))
        parts.append(Markup('<polygon class="band {}" points="{} {}"/>').format(style, upper, back))
    parts.append(Markup('<polyline class="line middle" points="{}"/>').format(scale.path([row[2] for row in rows])))
    if came:
        parts.append(Markup('<polyline class="line came" points="{}"/>').format(scale.path(came)))
    return Markup("").join([*parts, Markup("</svg>")])


def network(title: str, patron: str, clients: Sequence[ClientStanding], called: Callable[[str], str]) -> Markup:
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
    # All names above all circles, so that none is hidden by a neighbour.
    for client, _, x, y in places:
        parts.append(
            Markup('<circle class="node p-{}" cx="{:.1f}" cy="{:.1f}" r="13"/>').format(client.posture, x, y)
        )
    for client, turn, x, y in places:
        side = cos(turn)
        anchor = "middle" if abs(side) < 0.05 else "start" if side > 0 else "end"
        parts.append(
            Markup('<text class="node-name" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
                x + 18 * side, y + 5 + 22 * sin(turn), anchor, called(client.client)
            )
        )
    return Markup("").join([*parts, Markup("</svg>")])
