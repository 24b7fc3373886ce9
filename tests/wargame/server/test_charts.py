"""Charts: what a fan shows is on its axis, and the axis is no wider than it must be."""

from __future__ import annotations

import re

import pytest

from papertiger.wargame.engine.fan import Band
from papertiger.wargame.server.pages.charts import BOTTOM, HEIGHT, Scale, fan


@pytest.mark.parametrize(
    ("low", "high", "came", "axis"),
    [
        (0.24, 0.29, 0.26, ("10%", "40%")),
        (0.24, 0.29, 0.55, ("10%", "60%")),
        (0.0, 1.0, 0.5, ("0%", "100%")),
    ],
)
def test_a_fan_is_on_its_axis(low: float, high: float, came: float, axis: tuple[str, str]) -> None:
    middle = (low + high) / 2.0
    rows = tuple((value, value) for value in (low, low, middle, high, high))
    drawn = str(fan("Fan", ("2026-01", "2026-02"), Band((middle, middle), rows), (came, came), language="en"))
    ticks = re.findall(r">(\d+%)<", drawn)
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


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ((0.198, 0.202), 0.17, 0.21),
        ((0.0, 0.0), 0.0, 0.04),
        ((0.999, 1.0), 0.96, 1.0),
        ((0.31, 0.47), 0.3, 0.5),
        ((0.0, 1.0), 0.0, 1.0),
    ],
)
def test_a_close_scale_is_filled_by_what_it_shows(values: tuple[float, ...], low: float, high: float) -> None:
    scale = Scale.close(2, values)
    assert scale.low <= min(values)
    assert scale.high >= max(values)
    assert scale.low >= low - 0.02
    assert scale.high <= high + 0.02
    assert 5 <= len(scale.ticks) <= 7
    assert (scale.ticks[0], scale.ticks[-1]) == (scale.low, scale.high)


def test_the_rules_of_a_close_fan_differ_in_what_is_written_at_them() -> None:
    rows = tuple((value, value) for value in (0.19, 0.195, 0.2, 0.205, 0.21))
    drawn = str(fan("Fan", ("2026-01", "2026-02"), Band((0.2, 0.2), rows), (0.2, 0.2), language="en", close=True))
    ticks = re.findall(r">(\d+%)<", drawn)
    assert len(ticks) == len(set(ticks)) >= 5
    assert all(15 <= int(tick[:-1]) <= 25 for tick in ticks)
