"""Read what an experiment left behind: its rows, its points, and where they come from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.design.sampling import Points
from papertiger.experiments.design.schema import Experiment
from papertiger.experiments.errors import FolderError
from papertiger.experiments.run.manifest import PARTS, POINTS, RESOLVED, Manifest, read_manifest
from papertiger.scenarios.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

FACTOR = "x:"
"""What the columns of factors begin with."""
UNIT = "u:"
"""What the columns of the sample in the unit cube begin with, in the table of points."""


def open_results(folder: str | Path) -> Results:
    """Return the results in a folder, finished or not.

    Parameters
    ----------
    folder
        Where `papertiger experiment` wrote.

    Raises
    ------
    FolderError
        If there is no experiment in it, or it cannot be read.
    """
    path = Path(folder)
    if not path.is_dir():
        raise FolderError(f"{path}: no such folder" if not path.exists() else f"{path}: this is a file")
    manifest = read_manifest(path)
    if manifest is None:
        raise FolderError(f"{path}: there is no experiment in this folder (no manifest.json)")
    return Results(path, manifest)


class Results:
    """The rows of an experiment.

    Parameters
    ----------
    folder
        Where they lie.
    manifest
        What it says of itself.

    Attributes
    ----------
    folder, manifest
        The same.
    experiment
        What was asked.
    worlds
        The resolved scenarios by label, the baseline first.
    points
        The points of the design.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest

    @cached_property
    def _resolved(self) -> Any:
        try:
            return json.loads((self.folder / RESOLVED).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise FolderError(f"{self.folder / RESOLVED}: missing or damaged; start the experiment again") from None

    @cached_property
    def experiment(self) -> Experiment:
        """What was asked, as the file said it."""
        return Experiment.model_validate(self._resolved["experiment"])

    @cached_property
    def worlds(self) -> dict[str, Scenario]:
        """The resolved scenarios by label, the baseline first."""
        worlds = self._resolved["scenarios"]
        return {label: Scenario.model_validate(worlds[label]) for label in self.experiment.labels}

    @cached_property
    def points(self) -> Points:
        """The points of the design."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

        try:
            table = pq.read_table(self.folder / POINTS)
        except (OSError, ValueError):
            raise FolderError(f"{self.folder / POINTS}: missing or damaged; start the experiment again") from None
        factors = self._resolved["factors"]
        names, paths = tuple(factor["name"] for factor in factors), tuple(factor["path"] for factor in factors)

        def matrix(prefix: str) -> NDArray[np.float64]:
            columns = [table.column(prefix + name).to_numpy() for name in names]
            return np.column_stack(columns) if columns else np.zeros((table.num_rows, 0))

        sampled = all(UNIT + name in table.column_names for name in names) and bool(names)
        return Points(names, paths, matrix(FACTOR), matrix(UNIT) if sampled else None)

    @property
    def parts(self) -> list[Path]:
        """Return the files of rows that are whole, in the order of their names."""
        return [self.folder / PARTS / name for name in sorted(self.manifest.parts)]

    @cached_property
    def columns(self) -> frozenset[str]:
        """Names of the columns of the rows, blank where no run is done yet."""
        import pyarrow as pa  # noqa: PLC0415 - slow to import
        import pyarrow.parquet as pq  # noqa: PLC0415

        for part in self.parts:
            try:
                return frozenset(pq.read_schema(part).names)
            except (OSError, pa.ArrowException):
                raise FolderError(f"{part}: missing or damaged; start the experiment again to redo it") from None
        return frozenset()

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield the rows part by part, in bounded memory.

        Parameters
        ----------
        columns
            Which to read; blank takes all.

        Raises
        ------
        FolderError
            If a part is missing or damaged.
        """
        import pyarrow as pa  # noqa: PLC0415 - slow to import
        import pyarrow.parquet as pq  # noqa: PLC0415

        for part in self.parts:
            try:
                table = pq.read_table(part, columns=None if columns is None else list(columns))
            except (OSError, pa.ArrowException):
                raise FolderError(f"{part}: missing or damaged; start the experiment again to redo it") from None
            yield table.to_pandas()

    def frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the rows as one table, sorted by scenario (the baseline first), point and replicate.

        Parameters
        ----------
        columns
            Which to return; blank takes all. Scenario, error and text measures come as categories.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import

        keys = ["scenario", "point", "replicate"]
        wanted = None if columns is None else list(dict.fromkeys((*columns, *keys)))
        order = pd.CategoricalDtype(list(self.experiment.labels))
        texts = {name for name, part in self.experiment.measures.items() if part.columns(name)[name] == "text"}
        texts.add("error")
        pieces = []
        for piece in self.batches(wanted):
            piece["scenario"] = piece["scenario"].astype(order)
            pieces.append(piece)
        if not pieces:
            raise FolderError(f"{self.folder}: no run of this experiment is finished yet")
        table = pd.concat(pieces, ignore_index=True)
        del pieces
        for name in texts & set(table.columns):
            table[name] = table[name].astype("category")
        table = table.sort_values(keys, kind="stable", ignore_index=True)
        return table if columns is None else table[list(columns)]

    def values(self, column: str, scenario: str) -> NDArray[np.float64]:
        """Return a column of numbers of one scenario as points x replicates; NaN where a run failed or is not done.

        Parameters
        ----------
        column
            Name of a measure's column of numbers.
        scenario
            Its label.
        """
        found = np.full((self.manifest.points, self.manifest.replicates), np.nan)
        for rows in self.batches(["scenario", "point", "replicate", column]):
            mine = rows[rows["scenario"] == scenario]
            found[mine["point"].to_numpy(), mine["replicate"].to_numpy()] = mine[column].to_numpy(dtype=float)
        return found
