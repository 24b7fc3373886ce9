"""A folder of results while it is being written: one writer at a time, nothing foreign, whole files only."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from filelock import FileLock, Timeout

from papertiger.experiments.errors import FolderError
from papertiger.experiments.run.manifest import (
    EXPERIMENT,
    MANIFEST,
    PARTIAL,
    PARTS,
    POINTS,
    RESOLVED,
    Manifest,
    Part,
    read_manifest,
    sha256_of,
    write_file,
)
from papertiger.experiments.run.results import FACTOR, UNIT

if TYPE_CHECKING:
    import pyarrow as pa

    from papertiger.experiments.design.sampling import Points
    from papertiger.experiments.design.study import Study

LOCK = ".lock"
MADE = (PARTS, "tables", "figures", "posteriors", "report.html", EXPERIMENT, RESOLVED, POINTS)
"""What an experiment, its report or a calibration leaves beside the manifest."""
SAID_ONLY = ("name", "title", "question", "description", "claims", "comparisons", "analyses", "answer")
"""What an experiment file may change without its runs being others; titles of its scenarios, too."""
GO_ON = "go on with another folder (--out), or replace what is there (--fresh)"


class HasFile(Protocol):
    """Anything whose rows go into a file of its own: a chunk of runs, a sequence of points."""

    @property
    def file(self) -> str:
        """Return the name of the file."""
        ...


def asked_for(experiment: dict[str, Any]) -> dict[str, Any]:
    """Return what an experiment says about its runs, without what it only says about them to people.

    Parameters
    ----------
    experiment
        Its JSON form.
    """
    asked = {key: value for key, value in experiment.items() if key not in SAID_ONLY}
    if "scenarios" not in asked:  # a calibration, which compares none
        return asked
    cases = [{key: value for key, value in case.items() if key != "title"} for case in asked["scenarios"]]
    return {**asked, "scenarios": cases}


class Folder:
    """A folder that this process writes an experiment into; made by `claim`.

    Parameters
    ----------
    path
        The folder.
    manifest
        What is to be run, with the parts that are whole.

    Attributes
    ----------
    path, manifest
        The same.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest

    def lacks(self, chunk: HasFile) -> bool:
        """Tell whether a chunk is still to be done."""
        return chunk.file not in self.manifest.parts

    def add(self, chunk: HasFile, table: pa.Table) -> None:
        """Write the rows of a chunk, and say in the manifest that they are there."""
        import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

        data = parquet(table)
        with self.writing():
            write_file(self.path / PARTS / chunk.file, data)
            errors = int(pc.sum(pc.not_equal(table.column("error"), "")).as_py() or 0)
            self.manifest.parts[chunk.file] = Part(hashlib.sha256(data).hexdigest(), table.num_rows, errors)
            self._write_manifest()

    def finish(self) -> None:
        """Say in the manifest that all is done."""
        with self.writing():
            self.manifest.finished = True
            self._write_manifest()

    def start(self, study: Study, points: Points, resolved: dict[str, Any]) -> None:
        """Write what the rows come from, and the manifest."""
        with self.writing():
            self.open_parts()
            write_file(self.path / EXPERIMENT, study.text.encode("utf-8"))
            text = json.dumps(resolved, ensure_ascii=True, allow_nan=False, indent=1)
            write_file(self.path / RESOLVED, text.encode("ascii"))
            write_file(self.path / POINTS, parquet(points_table(points)))

    def open_parts(self) -> None:
        """Make the folder this experiment's."""
        # The manifest goes first: from now on the folder is this experiment's, whatever happens.
        self._write_manifest()
        (self.path / PARTS).mkdir(exist_ok=True)

    def _write_manifest(self) -> None:
        write_file(self.path / MANIFEST, self.manifest.to_json().encode("ascii"))

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Say in one line what a disk that is full, or gone, means."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise FolderError(
                f"{self.path}: cannot write there: {reason}. What is finished stays; once there is room, "
                "the same command goes on"
            ) from None


def parquet(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    data: bytes = sink.getvalue().to_pybytes()
    return data


def points_table(points: Points) -> pa.Table:
    """Return the points of a design as a table: values, and the sample in the unit cube if there is one."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    columns = {"point": pa.array(range(len(points)), pa.int64())}
    for number, name in enumerate(points.names):
        values = points.values[:, number]
        columns[FACTOR + name] = pa.array(values, pa.float64(), mask=np.isnan(values))
    if points.unit is not None:
        for number, name in enumerate(points.names):
            columns[UNIT + name] = pa.array(points.unit[:, number], pa.float64())
    return pa.table(columns)


@contextlib.contextmanager
def claim(path: Path, manifest: Manifest, resolved: dict[str, Any], *, fresh: bool) -> Iterator[Folder]:
    """Take a folder for one experiment, alone.

    Parts that an earlier start left whole are taken over; damaged ones and leftovers are removed.

    Parameters
    ----------
    path
        The folder; it is made if it is missing.
    manifest, resolved
        What is to be run.
    fresh
        Remove what an experiment left there.

    Raises
    ------
    FolderError
        If it is a file, cannot be written, belongs to another experiment, or is being written by somebody else.
    """
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path}: this is a file, expected a folder")
    with contextlib.ExitStack() as stack:
        try:
            path.mkdir(parents=True, exist_ok=True)
            # The system lets go of the lock of a process that has died, so none is ever stale.
            stack.enter_context(FileLock(path / LOCK, timeout=0))
        except Timeout:
            raise FolderError(f"{path}: another process is writing this experiment right now") from None
        except OSError as error:
            raise FolderError(f"{path}: cannot write there: {error.strerror}") from None
        try:
            if fresh:
                _clear(path)
            _take_over(path, manifest, resolved)
        except OSError as error:
            raise FolderError(f"{path}: cannot write there: {error.strerror}") from None
        yield Folder(path, manifest)


def _clear(path: Path) -> None:
    # The manifest goes first: without it, nothing that is left counts as a result.
    (path / MANIFEST).unlink(missing_ok=True)
    for name in MADE:
        if (path / name).is_dir():
            shutil.rmtree(path / name)
        else:
            (path / name).unlink(missing_ok=True)
    _remove_leftovers(path)


def _remove_leftovers(path: Path) -> None:
    """Remove what a process that was killed had not finished writing."""
    for folder in (path, path / PARTS):
        for leftover in folder.glob(f"*{PARTIAL}"):
            leftover.unlink(missing_ok=True)


def _take_over(path: Path, manifest: Manifest, resolved: dict[str, Any]) -> None:
    try:
        earlier = read_manifest(path)
    except FolderError as error:
        raise FolderError(f"{error}; {GO_ON}") from None
    if earlier is None:
        if any((path / name).exists() for name in (PARTS, "run.json")):
            raise FolderError(f"{path}: holds results that are not this experiment's; {GO_ON}")
        _remove_leftovers(path)
        return
    changes = earlier.differences(manifest)
    if changes:
        if earlier.experiment_sha256 != manifest.experiment_sha256:
            changes[:1] = _changed_keys(path, resolved) or changes[:1]
        what = "; ".join(changes)
        raise FolderError(
            f"{path}: holds the results of an experiment that was not this one: {what}. "
            f"Results of two experiments are never mixed; {GO_ON}"
        )
    _remove_leftovers(path)
    manifest.parts = {
        name: part for name, part in earlier.parts.items() if sha256_of(path / PARTS / name) == part.sha256
    }
    for file in (path / PARTS).glob("part-*"):
        if file.name not in manifest.parts:
            file.unlink()


def _changed_keys(path: Path, resolved: dict[str, Any]) -> list[str]:
    """Return which keys of the experiment changed, with what they were if that is short."""
    try:
        earlier = json.loads((path / RESOLVED).read_text(encoding="utf-8"))
        before: dict[str, Any] = {**asked_for(earlier["experiment"]), "factors": earlier["factors"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    now = {**asked_for(resolved["experiment"]), "factors": resolved["factors"]}
    found = []
    for key in (key for key in now | before if before.get(key) != now.get(key)):
        old, new = before.get(key), now.get(key)
        if isinstance(old, int | str) and isinstance(new, int | str):
            found.append(f"'{key}' was {old}, now {new}")
        elif key != "factors" or not found:
            found.append(f"'{key}' has changed")
    return found
