"""Give the outlines of the world's countries, from `docs/make_map.py`; Natural Earth, in the public domain."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

OUTLINES = Path(__file__).parents[1] / "server" / "static" / "world.svg"
"""The picture that the wall shows; its countries can be told apart by their names."""

COUNTRY = re.compile(r'<path id="([^"]+)" [^>]*?d="([^"]+)"')
STEP = re.compile(r"-?\d+ -?\d+")


@cache
def outlines() -> dict[str, str]:
    """Return the path of each country in tenths of a degree, latitude downwards."""
    return {unescape(name): path for name, path in COUNTRY.findall(OUTLINES.read_text(encoding="utf-8"))}


@cache
def boxes() -> dict[str, tuple[float, float, float, float]]:
    """Return west, east, south and north of each country's largest part, in degrees."""
    return {name: _box(path) for name, path in outlines().items()}


def middle_of(name: str) -> tuple[float, float] | None:
    """Return latitude and longitude of the middle of a country, or ``None`` where the map has no such country."""
    box = boxes().get(name)
    return None if box is None else ((box[2] + box[3]) / 2, (box[0] + box[1]) / 2)


def _box(path: str) -> tuple[float, float, float, float]:
    parts = []
    for ring in path.split("M")[1:]:
        start, _, rest = ring.removesuffix("z").partition("l")
        x, y = map(int, start.split())
        xs, ys = [x], [y]
        for step in STEP.findall(rest):
            dx, dy = map(int, step.split())
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
        parts.append((min(xs) / 10, max(xs) / 10, -max(ys) / 10, -min(ys) / 10))
    return max(parts, key=lambda box: (box[1] - box[0]) * (box[3] - box[2]))
