"""Keep the manifest of a folder of results: what was run, with hashes, and which parts are whole.

The manifest is rewritten after each part, under another name that is then changed, so that there is always a whole
one. A part counts only once it stands in it. Whoever reads a file of the folder holds it against the hash that stands
here, and the manifest against its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from papertiger.experiments.errors import FolderError
from papertiger.scenarios.files import patiently
from papertiger.scenarios.reading.json_reader import (
    MAX_BYTES,
    JsonError,
    JsonMissingError,
    JsonShape,
    parse_json,
    read_limited,
)

MANIFEST = "manifest.json"
EXPERIMENT = "experiment.yaml"
RESOLVED = "resolved.json"
POINTS = "points.parquet"
PARTS = "parts"
FORMAT = 2
GO_ON = "go on with another folder (--out), or replace what is there (--fresh)"

Count = Annotated[int, Field(ge=0, le=2**63 - 1)]
PartName = Annotated[str, Field(pattern=r"^part-[^/\\\x00]+\.parquet$", max_length=255)]


class Block(JsonShape):
    """Name the runs that a part holds: a block of points and a block of replicates of one scenario."""

    scenario: str
    first_point: Count
    points: Count
    first_replicate: Count
    replicates: Count


@dataclass(frozen=True)
class Part:
    """Describe one file of rows.

    Attributes
    ----------
    sha256, rows, errors
        Hash of its bytes, how many rows it has, and how many of them are runs that failed.
    block
        Which runs they are; none in a calibration, whose parts say it by their names.
    table_sha256
        Hash of the rows in their canonical form, see `papertiger.experiments.run.canonical`; none in a calibration.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="forbid")

    sha256: str
    rows: Count
    errors: Count = 0
    block: Block | None = None
    table_sha256: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as the manifest says it."""
        known: dict[str, Any] = {"sha256": self.sha256, "rows": self.rows, "errors": self.errors}
        if self.table_sha256 is not None:
            known["table_sha256"] = self.table_sha256
        return known if self.block is None else {**known, "block": self.block.model_dump()}


class Stage(JsonShape):
    """Describe what a folder held before it was extended.

    Attributes
    ----------
    replicates, scenarios, rows
        How many, which, and how many rows were there.
    """

    replicates: Count
    scenarios: tuple[str, ...]
    rows: Count


class _Format(JsonShape):
    """Tell a manifest of another version from a damaged one."""

    model_config = ConfigDict(extra="ignore")

    format: int


class _Written(JsonShape):
    """Read the file, key by key."""

    format: int
    papertiger: str
    model_sha256: str
    own_code: dict[str, str]
    experiment_sha256: str
    points_sha256: str
    scenarios: dict[str, str]
    seed: Count
    replicates: Count
    points: Count
    layout: dict[str, Count]
    finished: bool
    rows: Count
    errors: Count
    files: dict[str, str]
    history: tuple[Stage, ...]
    parts: dict[PartName, Part]
    sha256: str


@dataclass
class Manifest:
    """Describe what lies in a folder of results, and what made it.

    Attributes
    ----------
    version, model_sha256
        Of the program, and of the sources of its model.
    experiment_sha256, points_sha256
        Of what the resolved experiment says about each run, and of its design's points.
    scenarios
        SHA-256 of each resolved scenario, by label.
    seed, replicates, points
        Of the experiment.
    layout
        How the runs are cut in parts.
    own_code
        Fingerprint of each measure that does not ship with the project, by its name in the experiment, and of the
        rules of each scenario that has a theory of a modeler's own.
    files
        SHA-256 of the other files that are read again, by name.
    history
        What the folder held before it was extended, the oldest first.
    parts
        The parts that are whole, by name.
    finished
        Whether all parts are there.
    """

    version: str
    model_sha256: str
    experiment_sha256: str
    points_sha256: str
    scenarios: dict[str, str]
    seed: int
    replicates: int
    points: int
    layout: dict[str, int]
    own_code: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    history: tuple[Stage, ...] = ()
    parts: dict[str, Part] = field(default_factory=dict)
    finished: bool = False

    @property
    def rows(self) -> int:
        """Return how many rows the parts have."""
        return sum(part.rows for part in self.parts.values())

    @property
    def errors(self) -> int:
        """Return how many runs failed."""
        return sum(part.errors for part in self.parts.values())

    def differences(self, other: Manifest) -> list[str]:
        """Return what speaks against going on with these rows for another experiment, or under another model.

        More replicates and further scenarios do not: draws are keyed, so the rows that are there are those that the
        larger experiment would make.

        Parameters
        ----------
        other
            The manifest that would take this one's place.
        """
        changes = []
        if self.experiment_sha256 != other.experiment_sha256:
            changes.append("the experiment file has changed")
        if other.replicates < self.replicates:
            changes.append(f"'replicates' was {self.replicates}, now {other.replicates}, which is fewer")
        for label, sha256 in self.scenarios.items():
            if label not in other.scenarios:
                changes.append(f"the scenario '{label}' is gone")
            elif sha256 != other.scenarios[label]:
                changes.append(f"the scenario '{label}' has changed")
        if self.experiment_sha256 == other.experiment_sha256:
            if self.points_sha256 != other.points_sha256:
                changes.append("the points of the design have changed")
            changes += self.other_code(other.own_code)
        if self.model_sha256 != other.model_sha256:
            versions = f" (version {self.version}, now {other.version})" if self.version != other.version else ""
            changes.append(f"the model's code has changed{versions}")
        return changes

    def other_code(self, own_code: Mapping[str, str]) -> list[str]:
        """Return a sentence for each measure, and theory, of a modeler's own that is not the one that made the rows.

        Parameters
        ----------
        own_code
            Fingerprints of now.
        """
        return [
            (
                f"the {name} are not those that made these rows: their code has changed"
                if name.startswith("rules of ")
                else f"the measure '{name}' is not the one that made these rows: its code has changed"
            )
            for name in sorted({*self.own_code, *own_code})
            if self.own_code.get(name) != own_code.get(name)
        ]

    def is_extended_by(self, other: Manifest) -> bool:
        """Return whether another manifest asks for the same runs and more."""
        return other.replicates > self.replicates or bool(other.scenarios.keys() - self.scenarios.keys())

    def to_json(self) -> str:
        """Return the manifest as the text of its file.

        Raises
        ------
        FolderError
            When `read_manifest` would refuse it, so that the folder could never be gone on with.
        """
        content = {
            "format": FORMAT,
            "papertiger": self.version,
            "model_sha256": self.model_sha256,
            "own_code": self.own_code,
            "experiment_sha256": self.experiment_sha256,
            "points_sha256": self.points_sha256,
            "scenarios": self.scenarios,
            "seed": self.seed,
            "replicates": self.replicates,
            "points": self.points,
            "layout": self.layout,
            "finished": self.finished,
            "rows": self.rows,
            "errors": self.errors,
            "files": self.files,
            "history": [stage.model_dump(mode="json") for stage in self.history],
            "parts": {name: part.to_dict() for name, part in sorted(self.parts.items())},
        }
        content["sha256"] = hash_of(content)
        text = json.dumps(content, ensure_ascii=True, indent=1, allow_nan=False) + "\n"
        if len(text) > MAX_BYTES:
            raise FolderError(
                f"{MANIFEST}: {len(self.parts):,} parts make it larger than the {MAX_BYTES // 1_000_000} MB that can "
                f"be read again; ask for fewer runs, or for larger parts"
            )
        return text


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, or None where there is none.

    Raises
    ------
    FolderError
        When there is one that cannot be read, or that has been changed since it was written.
    """
    file = folder / MANIFEST
    try:
        data = read_limited(file)
        form = parse_json(data, _Format, str(file))
        if form.format != FORMAT:
            raise FolderError(f"{file}: written in format {form.format}, this version reads {FORMAT}")
        written = parse_json(data, _Written, str(file))
    except JsonMissingError:
        return None
    except JsonError as error:
        raise FolderError(f"{error}; this is not the manifest of an experiment") from None
    content = json.loads(data.decode("utf-8-sig"))
    if hash_of({key: value for key, value in content.items() if key != "sha256"}) != written.sha256:
        raise FolderError(f"{file}: its SHA-256 differs, so it has been changed since it was written")
    return Manifest(
        version=written.papertiger,
        model_sha256=written.model_sha256,
        experiment_sha256=written.experiment_sha256,
        points_sha256=written.points_sha256,
        scenarios=written.scenarios,
        seed=written.seed,
        replicates=written.replicates,
        points=written.points,
        layout=written.layout,
        own_code=written.own_code,
        files=written.files,
        history=written.history,
        parts=dict(written.parts),
        finished=written.finished,
    )


def read_checked(file: Path, sha256: str | None) -> bytes:
    """Return the bytes of a file that the manifest knows.

    Parameters
    ----------
    file
        In a folder of results.
    sha256
        What the manifest says; None where it was made without saying anything of this file.

    Raises
    ------
    FolderError
        If the file is missing or cannot be read, or its bytes are others than those that were written.
    """
    try:
        if file.exists() and not file.is_file():
            raise FolderError(f"{file}: this is not an ordinary file; delete it and start the same command again")
        data = patiently(file.read_bytes, file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FolderError(f"{file}: missing or damaged ({reason}); start the same command again to redo it") from None
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise FolderError(
            f"{file}: missing or damaged: this is not the file that was written (its SHA-256 differs); delete it and "
            "start the same command again to redo it"
        )
    return data


def check_files(folder: Path, manifest: Manifest, *, allow_missing: bool = False) -> None:
    """Hold every file that the manifest knows beside the parts against its hash.

    Parameters
    ----------
    folder, manifest
        A folder of results, and what it says of itself.
    allow_missing
        Whether a file may be missing, as after a kill; it is then written anew.

    Raises
    ------
    FolderError
        If one is not what was written.
    """
    for name, sha256 in manifest.files.items():
        if not (allow_missing and not (folder / name).exists()):
            read_checked(folder / name, sha256)


def sha256_of(file: Path) -> str | None:
    """Return the SHA-256 of a file's bytes, or None when it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def hash_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of plain data, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
