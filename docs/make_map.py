"""Make the outlines of the wall's map from Natural Earth's countries, as the package `world-atlas` of npm holds them.

    npm pack world-atlas && tar xzf world-atlas-*.tgz
    uv run python docs/make_map.py package/countries-50m.json

Natural Earth's data are in the public domain. Borders are kept once, as arcs that neighbours share, so that what is
simplified leaves no gap between them. The file holds a path a country, in tenths of a degree, latitude downwards.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

TARGET = Path(__file__).parents[1] / "wargame" / "server" / "static" / "world.svg"
TOLERANCE = 0.15
"""Degrees by which an outline may be off."""

SMALLEST = 0.7
"""Degrees of width and height below which an island is left out, unless it is all there is of a country."""

type Point = tuple[float, float]


def main(source: str) -> None:
    """Write the outlines."""
    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    arcs = [simplified(arc) for arc in unpacked(topology)]
    outlines = {}
    for country in topology["objects"]["countries"]["geometries"]:
        rings = [ring for ring in rings_of(country, arcs) if len(ring) > 3]
        if rings:
            large = [ring for ring in rings if max(extent(ring)) >= SMALLEST] or [max(rings, key=len)]
            outlines[country["properties"]["name"]] = "".join(map(path, large))
    paths = [
        f'<path id="{escape(name)}" vector-effect="non-scaling-stroke" d="{d}"/>' for name, d in outlines.items()
    ]
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1800 -900 3600 1800">'
    text = "\n".join(
        [head, "<desc>Natural Earth, public domain; made by docs/make_map.py</desc>", '<g id="land">', *paths]
    )
    TARGET.write_text(f"{text}\n</g>\n</svg>\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET}: {len(outlines)} countries, {len(text) // 1024} kB\n")


def unpacked(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of a topology in degrees: each point is written as the way from the one before."""
    (x_scale, y_scale), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * x_scale + x0, y * y_scale + y0))
        arcs.append(points)
    return arcs


def simplified(points: list[Point]) -> list[Point]:
    """Return a line without the points that it hardly needs (Douglas & Peucker 1973)."""
    if len(points) < 3:
        return points
    first, last = points[0], points[-1]
    far, at = max((distance(point, first, last), i) for i, point in enumerate(points[1:-1], start=1))
    if far <= TOLERANCE:
        return [first, last]
    return simplified(points[: at + 1])[:-1] + simplified(points[at:])


def distance(point: Point, first: Point, last: Point) -> float:
    """Return how far a point is from the line between two others, or from the first where they are one."""
    (x, y), (x1, y1), (x2, y2) = point, first, last
    length: float = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if length == 0.0:
        return float(((x - x1) ** 2 + (y - y1) ** 2) ** 0.5)
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length


def rings_of(country: dict[str, Any], arcs: list[list[Point]]) -> list[list[Point]]:
    """Return the rings of a country."""
    polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    return [joined(ring, arcs) for polygon in polygons for ring in polygon]


def joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Return a ring of arcs as points; a negative number means an arc backwards."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return unwrapped(points)


def unwrapped(points: list[Point]) -> list[Point]:
    """Return a ring that goes on beyond 180 degrees in place of a jump to the other side; none around a pole."""
    out, turns = [points[0]], 0
    for (before, _), (x, y) in pairwise(points):
        turns += (before - x > 180.0) - (x - before > 180.0)
        out.append((x + 360.0 * turns, y))
    return [] if turns else out


def extent(ring: list[Point]) -> tuple[float, float]:
    """Return the width and height of a ring."""
    xs, ys = zip(*ring, strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


def path(ring: list[Point]) -> str:
    """Return a ring as a path, each point as the way from the one before."""
    whole = [(round(10 * x), round(-10 * y)) for x, y in ring]
    points = [whole[0], *(now for before, now in pairwise(whole) if now != before)]
    steps = [f"{x - before_x} {y - before_y}" for (before_x, before_y), (x, y) in pairwise(points[:-1])]
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z"


if __name__ == "__main__":
    main(sys.argv[1])
