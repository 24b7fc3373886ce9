"""Write a folder of results: one writer at a time, nothing foreign, whole files only."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from filelock import FileLock, Timeout

from papertiger.experiments.errors import FolderError
from papertiger.experiments.run.canonical import canonical_sha256
from papertiger.experiments.run.chunks import Chunk
from papertiger.experiments.run.manifest import (
    EXPERIMENT,
    GO_ON,
    MANIFEST,
    PARTS,
    POINTS,
    RESOLVED,
    Block,
    Manifest,
    Part,
    Stage,
    check_files,
    read_manifest,
    sha256_of,
)
from papertiger.experiments.run.results import FACTOR, UNIT, Resolved, read_resolved
from papertiger.scenarios.errors import shorten
from papertiger.scenarios.files import PARTIAL, cause_of, patiently, reason_of, remove, write_file
from papertiger.scenarios.reading.json_reader import JsonError, parse_json

if TYPE_CHECKING:
    import pyarrow as pa

    from papertiger.experiments.design.sampling import Points

LOCK = ".lock"
MADE = (PARTS, "tables", "figures", "posteriors", "report.html", EXPERIMENT, RESOLVED, POINTS)
"""What an experiment, its report or a calibration leaves beside the manifest."""
SAID_ONLY = ("name", "title", "question", "description", "claims", "comparisons", "analyses", "answer", "precision")
"""What an experiment file may change without its runs being others; titles of its scenarios and factors, too."""
GROWING = ("replicates", "scenarios", "sequences")
"""What an experiment or a calibration may have more of, while the rows that are there stay as they are."""


class HasFile(Protocol):
    """Name a file of one's own for rows: a chunk of runs, a sequence of points."""

    @property
    def file(self) -> str:
        """Return the name of the file."""
        ...


def asked_for(experiment: dict[str, Any]) -> dict[str, Any]:
    """Return what an experiment says about each of its runs: not what it says about them to people, nor how many.

    What a scenario is stands in the manifest by its own hash, under the label that its rows carry.

    Parameters
    ----------
    experiment
        Its JSON form.
    """
    asked = {key: value for key, value in experiment.items() if key not in (*SAID_ONLY, *GROWING)}
    if "vary" in asked:
        asked["vary"] = {
            name: {key: value for key, value in factor.items() if key != "title"}
            for name, factor in asked["vary"].items()
        }
    return asked


class Folder:
    """Write an experiment into a folder that is this process's alone; made by `claim`.

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

    @property
    def done(self) -> list[Chunk]:
        """Return the runs that are there, part by part."""
        return [
            Chunk(_number_of(name), **part.block.model_dump())
            for name, part in self.manifest.parts.items()
            if part.block is not None
        ]

    def add(self, chunk: HasFile, table: pa.Table) -> None:
        """Write the rows of a chunk, and say in the manifest that they are there."""
        import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

        data = parquet(table)
        block, table_sha256 = None, None
        if isinstance(chunk, Chunk):
            block = Block(
                scenario=chunk.scenario,
                first_point=chunk.first_point,
                points=chunk.points,
                first_replicate=chunk.first_replicate,
                replicates=chunk.replicates,
            )
            table_sha256 = canonical_sha256(table, block)
        with self.writing():
            write_file(self.path / PARTS / chunk.file, data)
            # Its functions are made when it is imported, where no checker of types looks.
            failed = pc.not_equal(table.column("error"), "")  # pyright: ignore[reportAttributeAccessIssue]
            errors = int(pc.sum(failed).as_py() or 0)  # pyright: ignore[reportAttributeAccessIssue]
            self.manifest.parts[chunk.file] = Part(
                sha256=hashlib.sha256(data).hexdigest(),
                rows=table.num_rows,
                errors=errors,
                block=block,
                table_sha256=table_sha256,
            )
            self._write_manifest()

    def finish(self) -> None:
        """Say in the manifest that all is done."""
        with self.writing():
            self.manifest.finished = True
            self._write_manifest()

    def start(self, text: str, resolved: Mapping[str, Any], points: Points | None = None) -> None:
        """Write what the rows come from, and the manifest.

        Parameters
        ----------
        text
            The file that was asked for, as it was read.
        resolved
            The same with all that it names.
        points
            Of the design, if there is one.
        """
        resolved_text = json.dumps(resolved, ensure_ascii=True, allow_nan=False, indent=1)
        _check_readable(resolved_text, self.path / RESOLVED)
        files = {EXPERIMENT: text.encode("utf-8"), RESOLVED: resolved_text.encode("ascii")}
        if points is not None:
            files[POINTS] = parquet(points_table(points))
        self.manifest.files = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        with self.writing():
            # What an earlier start wrote and this one will replace goes first, so that a kill leaves no file that is
            # another than the manifest says: one that is missing can be told from one that somebody changed.
            for name, sha256 in self.manifest.files.items():
                if sha256_of(self.path / name) not in (None, sha256):
                    remove(self.path / name)
            # The manifest goes before the files: from now on the folder is this experiment's, whatever happens. What
            # it says of files that are not there yet makes a reader ask for the same command again.
            self._write_manifest()
            (self.path / PARTS).mkdir(exist_ok=True)
            for name, data in files.items():
                if sha256_of(self.path / name) != self.manifest.files[name]:
                    write_file(self.path / name, data)

    def _write_manifest(self) -> None:
        write_file(self.path / MANIFEST, self.manifest.to_json().encode("ascii"))

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Say in one line why nothing can be written, and how to go on."""
        try:
            yield
        except OSError as error:
            cause = cause_of(error)
            raise FolderError(
                f"{self.path}: cannot write there: {cause.reason}. What is finished stays; {cause.mend}, "
                "the same command goes on"
            ) from None


def _number_of(name: str) -> int:
    digits = name.removeprefix("part-").removesuffix(".parquet")
    return int(digits) if digits.isdecimal() else 0


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
            raise FolderError(f"{path}: cannot write there: {reason_of(error)}") from None
        try:
            if fresh:
                _clear(path)
            _take_over(path, manifest, resolved)
        except OSError as error:
            raise FolderError(f"{path}: cannot write there: {reason_of(error)}") from None
        yield Folder(path, manifest)


def _clear(path: Path) -> None:
    # The manifest goes first: without it, nothing that is left counts as a result.
    remove(path / MANIFEST)
    for name in MADE:
        if (path / name).is_dir() and not (path / name).is_symlink():
            patiently(lambda name=name: shutil.rmtree(path / name), path / name)  # type: ignore[misc]
        else:
            remove(path / name)
    _remove_leftovers(path)


def _remove_leftovers(path: Path) -> None:
    """Remove what a process that was killed had not finished writing."""
    for folder in (path, path / PARTS):
        for leftover in folder.glob(f"*{PARTIAL}"):
            remove(leftover)


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
    check_files(path, earlier, allow_missing=True)
    changes = earlier.differences(manifest)
    if changes:
        if earlier.experiment_sha256 != manifest.experiment_sha256:
            changes[:1] = _changed_keys(path, earlier, resolved) or changes[:1]
        what = "; ".join(changes)
        raise FolderError(
            f"{path}: holds the results of an experiment that was not this one: {what}. "
            f"Results of two experiments are never mixed; {GO_ON}"
        )
    _remove_leftovers(path)
    manifest.parts = {
        name: part for name, part in earlier.parts.items() if sha256_of(path / PARTS / name) == part.sha256
    }
    manifest.history = earlier.history
    if earlier.is_extended_by(manifest):
        before = Stage(replicates=earlier.replicates, scenarios=tuple(earlier.scenarios), rows=earlier.rows)
        manifest.history = (*earlier.history, before)
    if manifest.parts:
        # Blocks of points stay as they were cut, so that what is there fits between what is missing.
        manifest.layout = {
            key: earlier.layout.get(key, value)
            if key == "points_per_part"
            else max(value, earlier.layout.get(key, 0))
            for key, value in manifest.layout.items()
        }
    for file in (path / PARTS).glob("part-*"):
        if file.name not in manifest.parts:
            remove(file)


def _check_readable(text: str, file: Path) -> Resolved:
    """Return what a resolved experiment says to its reader, or refuse to write one that could not be read again."""
    try:
        return parse_json(text, Resolved, str(file), max_bytes=len(text))
    except JsonError as error:
        raise FolderError(f"{error}; it could not be read again, so nothing is written") from None


def _changed_keys(path: Path, manifest: Manifest, resolved: dict[str, Any]) -> list[str]:
    """Return which keys of the experiment changed, with what they were if that is short."""
    try:
        earlier = read_resolved(path, manifest)
    except FolderError:
        return []
    before = {**asked_for(earlier.experiment), "factors": earlier.factors}
    wanted = _check_readable(json.dumps(resolved), path / RESOLVED)
    now = {**asked_for(wanted.experiment), "factors": wanted.factors}
    changes = []
    for key in (key for key in now | before if before.get(key) != now.get(key)):
        old, new = before.get(key), now.get(key)
        if isinstance(old, int | str) and isinstance(new, int | str):
            changes.append(f"'{key}' was {shorten(old)}, now {shorten(new)}")
        elif key != "factors" or not changes:
            changes.append(f"'{key}' has changed")
    return changes
