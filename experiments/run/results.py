"""Read what an experiment left behind: its rows, its points, and where they come from."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import Field, ValidationError

from papertiger.experiments.design.sampling import Points
from papertiger.experiments.design.schema import Experiment
from papertiger.experiments.errors import FolderError
from papertiger.experiments.run.manifest import (
    PARTS,
    POINTS,
    RESOLVED,
    Manifest,
    check_files,
    read_checked,
    read_manifest,
)
from papertiger.experiments.run.provenance import own_code_of
from papertiger.model.plugins import PluginError
from papertiger.model.shown import one_line
from papertiger.model.theories import UnknownTheoryError, find_theory
from papertiger.scenarios.arguments import check_name, check_path, check_text, check_texts
from papertiger.scenarios.reading.earlier import without_withdrawn
from papertiger.scenarios.reading.json_reader import JsonError, JsonShape, check_shape, parse_json
from papertiger.scenarios.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

FACTOR = "x:"
"""What the columns of factors begin with."""
UNIT = "u:"
"""What the columns of the sample in the unit cube begin with, in the table of points."""


class ResolvedFactorForm(JsonShape):
    """Read a factor as the file of a resolved experiment says it."""

    name: str
    path: str
    levels: tuple[float, ...] | None
    distribution: dict[str, Any] | None


class Resolved(JsonShape):
    """Read the file of a resolved experiment: what was asked, with all that it names."""

    experiment: dict[str, Any]
    factors: tuple[ResolvedFactorForm, ...]
    scenarios: dict[str, dict[str, Any]] = Field(default_factory=dict)


def read_resolved(folder: Path, manifest: Manifest) -> Resolved:
    """Return the resolved experiment of a folder.

    Raises
    ------
    FolderError
        If it is missing, or is not what was written.
    """
    data = read_checked(folder / RESOLVED, manifest.files.get(RESOLVED))
    try:
        return parse_json(data, Resolved, str(folder / RESOLVED), max_bytes=len(data))
    except JsonError as error:
        raise FolderError(f"{error}; start the same command again") from None


def read_table(file: Path, sha256: str | None, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a Parquet table of a folder of results.

    Parameters
    ----------
    file
        Where it lies.
    sha256
        What the manifest says of its bytes.
    columns
        Which to read; blank takes all.

    Raises
    ------
    FolderError
        If it is missing, is not what was written, or lacks a column.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    data = read_checked(file, sha256)
    try:
        table = pq.read_table(io.BytesIO(data), columns=None if columns is None else list(columns))
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = " ".join(str(error).split())[:200]
        raise FolderError(f"{file}: cannot read the table: {reason}; start the same command again") from None
    missing = [name for name in columns or () if name not in table.column_names]
    if missing:
        raise FolderError(f"{file}: no column '{missing[0]}'; start the same command again, or with --fresh")
    return table


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
    path = check_path("folder", folder, "the path of a folder")
    if not path.is_dir():
        raise FolderError(f"{path}: no such folder" if not path.exists() else f"{path}: this is a file")
    manifest = read_manifest(path)
    if manifest is None:
        raise FolderError(f"{path}: there is no experiment in this folder (no manifest.json)")
    return Results(path, manifest)


class Results:
    """Read the rows of an experiment.

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

    def __repr__(self) -> str:
        done = "" if self.manifest.finished else ", not finished"
        return one_line(self, f"{self.folder}, {self.manifest.rows:,} runs{done}, seed {self.manifest.seed}")

    @cached_property
    def _resolved(self) -> Resolved:
        # Nothing is read of a folder of which any file is not what was written, be it only shown to people.
        check_files(self.folder, self.manifest)
        return read_resolved(self.folder, self.manifest)

    @cached_property
    def experiment(self) -> Experiment:
        """Return what was asked, as the file said it.

        Raises
        ------
        FolderError
            If a measure of a modeler's own is not known here, or is not the one that made the rows.
        """
        label = f"{self.folder / RESOLVED}: experiment"
        try:
            experiment = check_shape(self._resolved.experiment, Experiment, label, strict=False)
        except JsonError as error:
            raise FolderError(
                f"{error}; if a measure is of your own, make it known: by --import FILE.py, or in Python by "
                "importing the module that defines it"
            ) from None
        try:
            theories = {label: find_theory(name) for label, name in experiment.theories.items()}
        except (UnknownTheoryError, PluginError) as error:
            raise FolderError(f"{self.folder}: {error}") from None
        changes = self.manifest.other_code(own_code_of(experiment.measures, theories))
        if changes:
            raise FolderError(f"{self.folder}: {'; '.join(changes)}; start the experiment again (--fresh)")
        return experiment

    @cached_property
    def worlds(self) -> dict[str, Scenario]:
        """Return the resolved scenarios by label, the baseline first."""
        worlds = self._resolved.scenarios
        try:
            return {
                label: Scenario.model_validate(without_withdrawn(worlds[label])) for label in self.experiment.labels
            }
        except (KeyError, ValidationError):
            raise FolderError(f"{self.folder / RESOLVED}: a scenario is missing or damaged") from None

    @cached_property
    def points(self) -> Points:
        """Return the points of the design."""
        factors = self._resolved.factors
        names, paths = tuple(factor.name for factor in factors), tuple(factor.path for factor in factors)
        table = read_table(self.folder / POINTS, self.manifest.files.get(POINTS))

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
        """Return the names of the columns of the rows, blank where no run is done yet."""
        for name in sorted(self.manifest.parts):
            return frozenset(read_table(self.folder / PARTS / name, self.manifest.parts[name].sha256).column_names)
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
            If a part is missing, or is not what was written.
        """
        for name in sorted(self.manifest.parts):
            yield read_table(self.folder / PARTS / name, self.manifest.parts[name].sha256, columns).to_pandas()

    def frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the rows as one table, sorted by scenario (the baseline first), point and replicate.

        Parameters
        ----------
        columns
            Which to return; blank takes all. Scenario, error and text measures come as categories.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import

        keys = ["scenario", "point", "replicate"]
        if columns is not None:
            check_texts("columns", columns, "names of columns")
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
        check_name(scenario, self.experiment.labels, "scenario")
        check_text("column", column, "the name of a column")
        table = np.full((self.manifest.points, self.manifest.replicates), np.nan)
        for rows in self.batches(["scenario", "point", "replicate", column]):
            mine = rows[rows["scenario"] == scenario]
            table[mine["point"].to_numpy(), mine["replicate"].to_numpy()] = mine[column].to_numpy(dtype=float)
        return table
