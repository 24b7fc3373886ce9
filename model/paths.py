"""Lay a scenario's series out month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model.calendar import month_number

if TYPE_CHECKING:
    from papertiger.scenarios.schema.actors import War
    from papertiger.scenarios.schema.figures import Series


def path_values(series: Series, first: int, length: int) -> list[float]:
    """Return a series month by month.

    Parameters
    ----------
    series
        Points by month.
    first, length
        Number of the first month, and how many months.
    """
    points = sorted((month_number(month), value) for month, value in series.points.items())
    values = []
    for month in range(first, first + length):
        before = [point for point in points if point[0] <= month]
        after = [point for point in points if point[0] > month]
        if not before:
            values.append(after[0][1])
        elif not after or series.shape == "step":
            values.append(before[-1][1])
        else:
            (m0, v0), (m1, v1) = before[-1], after[0]
            values.append(v0 + (v1 - v0) * (month - m0) / (m1 - m0))
    return values


def war_path(war: War, first: int, length: int) -> list[float]:
    """Return a war's burden by month, with what happens after the last point of the data."""
    values = path_values(war.burden, first, length)
    last_known = max(month_number(month) for month in war.burden.points)
    if war.after == "continues" or last_known - first >= length - 1:
        return values
    start = values[max(0, last_known - first)]
    goal = 0.0 if war.after == "ends" else 1.0
    for month in range(max(0, last_known - first + 1), length):
        done = min(1.0, (month + first - last_known) / war.over_months)
        values[month] = start + (goal - start) * done
    return values
