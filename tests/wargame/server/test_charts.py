"""Charts: what a fan shows is on its axis, and the axis is no wider than it must be."""

from __future__ import annotations

import re

import pytest

from papertiger.wargame.engine.fan import Band
from papertiger.wargame.server.pages.charts import BOTTOM, HEIGHT, Scale, fan


@pytest.mark.parametrize(
    ("low", "high", "came", "axis"),
    [
        (0.24, 0.29, 0.26, ("0.1", "0.4")),
        (0.24, 0.29, 0.55, ("0.1", "0.6")),
        (0.0, 1.0, 0.5, ("0.0", "1.0")),
    ],
)
def test_a_fan_is_on_its_axis(low: float, high: float, came: float, axis: tuple[str, str]) -> None:
    middle = (low + high) / 2.0
    rows = tuple((value, value) for value in (low, low, middle, high, high))
    drawn = str(fan("Fan", ("2026-01", "2026-02"), Band((middle, middle), rows), (came, came), language="en"))
    ticks = re.findall(r">(\d\.\d)<", drawn)
    assert (ticks[0], ticks[-1]) == axis
    heights = [
        float(y) for points in re.findall(r'points="([^"]+)"', drawn) for y in re.findall(r",([\d.]+)", points)
    ]
    assert min(heights) >= 14.0
    assert max(heights) <= HEIGHT - BOTTOM
    if low < high:
        assert len(set(heights)) >= 3  # nothing that differs was cut to the edge


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [((0.28, 0.3), 0.2, 0.5), ((0.0, 0.0), 0.0, 0.3), ((0.98, 1.0), 0.7, 1.0), ((0.1, 0.9), 0.0, 1.0)],
)
def test_a_scale_shows_at_least_three_tenths(values: tuple[float, ...], low: float, high: float) -> None:
    scale = Scale.of(2, values)
    assert scale.low <= low
    assert scale.high >= high
    assert len(scale.ticks) <= 7
