"""Sample designs: which points of the space of factors are run.

Samples are made in the unit cube, by SciPy or SALib, and carried over to the factors by their quantile functions, so
that a distribution means the same here and in a scenario. The same experiment gives the same points.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.model.sampling import quantile
from papertiger.scenarios.reading.numbers import cell_number

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from papertiger.experiments.design.schema import Design
    from papertiger.experiments.design.study import ResolvedFactor, Study

ROW_COLUMNS = ("run_id", "scenario", "point", "replicate", "run", "seed", "error", "rules", "rules_sha256")
"""What rows of results begin with; the last two stand where an experiment names a theory."""

LEVELS = 5
MORRIS_LEVELS = 4
EDGE = 0.001
"""Distributions without bounds are cut here at both ends: a design may ask for their quantile 0 or 1."""
MAX_POINT_BYTES = 200_000_000


@dataclass(frozen=True)
class Points:
    """Hold the points of a design.

    Attributes
    ----------
    names, paths
        Of the factors.
    values
        One row per point, one column per factor. NaN leaves the figure as the scenario has it, as a design
        one-at-a-time does with all factors but one.
    unit
        The same in the unit cube, for analyses that want the sample as it was drawn; or None.
    """

    names: tuple[str, ...]
    paths: tuple[str, ...]
    values: NDArray[np.float64]
    unit: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.values)

    def at(self, point: int) -> dict[str, float]:
        """Return the numbers of a point by dotted path."""
        row = self.values[point]
        return {path: float(value) for path, value in zip(self.paths, row, strict=True) if not math.isnan(value)}


def design_points(study: Study) -> Points:
    """Return the points of a study's design; without one, a single point where nothing varies.

    Parameters
    ----------
    study
        The experiment with its factors resolved.
    """
    factors, design = study.factors, study.experiment.design
    names, paths = tuple(factor.name for factor in factors), tuple(factor.path for factor in factors)
    if design is None or not factors:
        return Points((), (), np.zeros((1, 0)))
    if design.kind == "points":
        assert study.points_file is not None
        return Points(names, paths, read_points(study.points_file, names))
    if design.kind in ("one-at-a-time", "grid"):
        levels = [levels_of(factor, design.levels or LEVELS) for factor in factors]
        values = _one_at_a_time(levels) if design.kind == "one-at-a-time" else np.array(list(product(*levels)))
        return Points(names, paths, values)
    unit = unit_sample(design, len(factors), study.experiment.seed)
    values = np.column_stack([[value_at(factor, float(u)) for u in unit[:, i]] for i, factor in enumerate(factors)])
    return Points(names, paths, values, unit)


def problem_of(names: Sequence[str]) -> dict[str, Any]:
    """Return the problem that SALib wants: each factor in the unit cube.

    Parameters
    ----------
    names
        Of the factors.
    """
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def unit_sample(design: Design, factors: int, seed: int) -> NDArray[np.float64]:
    """Return a sample of the unit cube, one row per point.

    Parameters
    ----------
    design
        One of the designs that sample.
    factors
        Dimensions of the cube.
    seed
        Of the sample.
    """
    problem = problem_of([f"x{number}" for number in range(factors)])
    points = design.points or 1
    # SALib and SciPy take seeds of 32 bits.
    seed %= 2**32
    match design.kind:
        case "random":
            sample: Any = np.random.default_rng(seed).random((points, factors))
        case "latin-hypercube":
            from scipy.stats import qmc  # noqa: PLC0415 - slow to import

            sample = qmc.LatinHypercube(factors, rng=np.random.default_rng(seed)).random(points)
        case "sobol":
            from SALib.sample import sobol  # noqa: PLC0415 - slow to import

            sample = sobol.sample(problem, points, calc_second_order=design.second_order, seed=seed)
        case "morris":
            from SALib.sample import morris  # noqa: PLC0415 - slow to import

            levels = design.levels or MORRIS_LEVELS
            sample = morris.sample(problem, design.trajectories or 2, num_levels=levels, seed=seed)
        case kind:
            raise ValueError(f"a design of the kind {kind!r} is no sample")
    return np.asarray(sample, dtype=float)


def value_at(factor: ResolvedFactor, probability: float) -> float:
    """Return the value of a factor at a place of the unit interval.

    Parameters
    ----------
    factor
        The factor; levels are equally likely.
    probability
        From 0 to 1, both included.
    """
    inside = min(max(probability, 0.0), math.nextafter(1.0, 0.0))
    if factor.levels is not None:
        return factor.levels[int(inside * len(factor.levels))]
    assert factor.distribution is not None
    if factor.distribution.family in ("uniform", "loguniform"):
        value = quantile(factor.distribution, min(max(probability, 0.0), 1.0))
    elif factor.distribution.family == "choice":
        value = quantile(factor.distribution, inside)
    else:
        value = quantile(factor.distribution, min(max(probability, EDGE), 1.0 - EDGE))
    return min(max(value, factor.low), factor.high)


def levels_of(factor: ResolvedFactor, count: int) -> tuple[float, ...]:
    """Return the levels of a factor in a design that steps through them.

    Parameters
    ----------
    factor
        With levels of its own, or a distribution.
    count
        How many levels a distribution gets: evenly spaced between bounds, else the middles of equal shares.
    """
    if factor.levels is not None:
        return factor.levels
    assert factor.distribution is not None
    if factor.distribution.family == "choice":
        return tuple(dict.fromkeys(factor.distribution.numbers))
    if factor.distribution.family in ("uniform", "loguniform"):
        return tuple(value_at(factor, step / (count - 1)) for step in range(count))
    return tuple(value_at(factor, (step + 0.5) / count) for step in range(count))


def _one_at_a_time(levels: list[tuple[float, ...]]) -> NDArray[np.float64]:
    """Return the scenario as it is, then each factor at each of its levels and the others as they are."""
    rows = [[math.nan] * len(levels)]
    for column, own in enumerate(levels):
        for level in own:
            row = [math.nan] * len(levels)
            row[column] = level
            rows.append(row)
    return np.array(rows)


def count(design: Design | None, factors: Sequence[ResolvedFactor], points_file: Path | None) -> int:
    """Return how many points a design has, without making them.

    Parameters
    ----------
    design, factors, points_file
        Of a study.
    """
    if design is None or not factors:
        return 1
    if design.kind == "points":
        assert points_file is not None
        return len(read_points(points_file, [factor.name for factor in factors]))
    if design.kind in ("one-at-a-time", "grid"):
        levels = [len(levels_of(factor, design.levels or LEVELS)) for factor in factors]
        return 1 + sum(levels) if design.kind == "one-at-a-time" else math.prod(levels)
    if design.kind == "morris":
        return (design.trajectories or 2) * (len(factors) + 1)
    base = design.points or 1
    if design.kind == "sobol":
        return base * (2 * len(factors) + 2 if design.second_order else len(factors) + 2)
    return base


def read_points(file: Path, names: Sequence[str]) -> NDArray[np.float64]:
    """Return the points of a table that `objections` has nothing against.

    Parameters
    ----------
    file
        A CSV with a heading.
    names
        Of the factors, in the order of the columns to return.
    """
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.reader(stream) if any(cell.strip() for cell in row)]
    heading = [cell.strip() for cell in rows[0]]
    places = [heading.index(name) for name in names]
    return np.array([[cell_number(row[place]) for place in places] for row in rows[1:]]).reshape(-1, len(names))


def objections(file: Path, factors: Sequence[ResolvedFactor], names: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with a table of points.

    Parameters
    ----------
    file
        A CSV with a heading.
    factors, names
        What varies: as far as it is resolved, and all names.
    """
    try:
        if file.stat().st_size > MAX_POINT_BYTES:
            yield f"{file}: the table is larger than {MAX_POINT_BYTES // 1_000_000} MB"
            return
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = [
                (number, row)
                for number, row in enumerate(csv.reader(stream), start=1)
                if any(cell.strip() for cell in row)
            ]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a table in UTF-8"
        yield f"{file}: cannot read the table of points: {reason}"
        return
    except csv.Error as error:
        yield f"{file}: not a CSV: {error}"
        return
    if len(rows) < 2:
        yield f"{file}: the table of points is empty, expected a heading and one row per point"
        return
    heading = [cell.strip() for cell in rows[0][1]]
    yield from _wrong_heading(file, heading, names)
    bounds = {factor.name: factor for factor in factors}
    wrong = 0
    for number, row in rows[1:]:
        for message in _wrong_cells(heading, row, bounds):
            wrong += 1
            if wrong <= 10:
                yield f"{file}:{number}: {message}"
    if wrong > 10:
        yield f"{file}: and {wrong - 10} more cells that are wrong"


def _wrong_heading(file: Path, heading: list[str], names: Sequence[str]) -> Iterator[str]:
    from papertiger.scenarios.errors import nearest  # noqa: PLC0415

    for name in names:
        if heading.count(name) != 1:
            what = "no column" if name not in heading else "more than one column"
            yield f"{file}:1: {what} '{name}', which varies"
    for name in heading:
        if name not in names:
            hint = nearest(name, names)
            question = "" if hint is None else f" (did you mean '{hint}'?)"
            yield f"{file}:1: the column '{name}' is no factor of this experiment{question}"


def _wrong_cells(heading: list[str], row: list[str], factors: dict[str, ResolvedFactor]) -> Iterator[str]:
    if len(row) != len(heading):
        yield f"expected {len(heading)} cells, got {len(row)}"
        return
    for name, cell in zip(heading, row, strict=True):
        try:
            value = cell_number(cell)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            yield f"{name}: expected a number, got '{cell.strip()}'"
        elif name in factors and not factors[name].low <= value <= factors[name].high:
            low, high = factors[name].low, factors[name].high
            yield f"{name}: expected a number from {low:g} to {high:g}, got {value:g}"
