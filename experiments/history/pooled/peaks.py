"""Keep the peaks of a pooled fit in its folder, so that they are searched once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.pooled.search import Peak, search
from papertiger.experiments.run.manifest import PARTS
from papertiger.experiments.run.results import read_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from papertiger.experiments.history.pooled.coordinates import Coordinates
    from papertiger.experiments.history.pooled.problem import PooledProblem
    from papertiger.experiments.run.store import Folder


@dataclass(frozen=True)
class Searched:
    """Name the file of the peaks."""

    file: str = "part-peaks.parquet"


SEARCHED = Searched()


def columns_of(coordinates: Coordinates) -> tuple[str, ...]:
    """Return what tables call the coordinates."""
    return tuple(" ".join(part for part in name if part) for name in coordinates.names)


def peaks_of(folder: Folder, problem: PooledProblem, tell: Callable[[], None]) -> list[Peak]:
    """Return the peaks of the posterior, as an earlier start left them or as a search comes to them now.

    Parameters
    ----------
    folder
        Of the fit.
    problem
        What is fitted.
    tell
        Is called at every evaluation.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    names = ("height", *columns_of(problem.coordinates))
    if folder.lacks(SEARCHED):

        def log_steps(point: NDArray[np.float64]) -> NDArray[np.float64]:
            tell()
            return problem.log_steps(point)

        peaks = search(problem.coordinates, log_steps, problem.plan.seed)
        # A peak is its point, and then the rows of its covariance.
        rows = [
            np.column_stack([np.full(len(peak.cover) + 1, peak.height), np.vstack([peak.point, peak.cover])])
            for peak in peaks
        ]
        columns = {"error": pa.array([""] * sum(map(len, rows)), pa.string())}
        columns |= {
            name: pa.array(values, pa.float64()) for name, values in zip(names, np.vstack(rows).T, strict=True)
        }
        folder.add(SEARCHED, pa.table(columns))
    table = read_table(folder.path / PARTS / SEARCHED.file, folder.manifest.parts[SEARCHED.file].sha256, names)
    values = np.column_stack([table.column(name).to_numpy() for name in names])
    size = len(names)
    return [Peak(block[0, 1:], block[1:, 1:], float(block[0, 0])) for block in values.reshape(-1, size, size)]
