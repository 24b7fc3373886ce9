"""The manifest of a folder of results: what was run, with hashes, and which parts are whole.

The manifest is rewritten after each part, under another name that is then changed, so that there is always a whole
one. A part counts only once it stands in it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from papertiger.experiments.errors import FolderError

MANIFEST = "manifest.json"
EXPERIMENT = "experiment.yaml"
RESOLVED = "resolved.json"
POINTS = "points.parquet"
PARTS = "parts"
PARTIAL = ".partial"
"""Ending of a file that is being written."""
FORMAT = 1


@dataclass(frozen=True)
class Part:
    """One file of rows.

    Attributes
    ----------
    sha256, rows, errors
        Hash of its bytes, how many rows it has, and how many of them are runs that failed.
    """

    sha256: str
    rows: int
    errors: int = 0


@dataclass
class Manifest:
    """What a folder of results says of itself.

    Attributes
    ----------
    version, model_sha256
        Of the program, and of the sources of its model.
    experiment_sha256, points_sha256
        Of the resolved experiment and of its design's points.
    scenarios
        SHA-256 of each resolved scenario, by label.
    seed, replicates, points
        Of the experiment.
    layout
        How the runs are cut in parts.
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
        """Return what another experiment, or the same one under another model, would do differently.

        Parameters
        ----------
        other
            The manifest that would take this one's place.
        """
        found = []
        if self.experiment_sha256 != other.experiment_sha256:
            found.append("the experiment file has changed")
        for label in dict.fromkeys((*self.scenarios, *other.scenarios)):
            mine, theirs = self.scenarios.get(label), other.scenarios.get(label)
            if mine is None:
                found.append(f"the scenario '{label}' is new")
            elif theirs is None:
                found.append(f"the scenario '{label}' is gone")
            elif mine != theirs:
                found.append(f"the scenario '{label}' has changed")
        if self.points_sha256 != other.points_sha256 and self.experiment_sha256 == other.experiment_sha256:
            found.append("the points of the design have changed")
        if self.model_sha256 != other.model_sha256:
            versions = f" (version {self.version}, now {other.version})" if self.version != other.version else ""
            found.append(f"the model's code has changed{versions}")
        if not found and self.layout != other.layout:
            found.append("the runs would be cut in other parts")
        return found

    def to_json(self) -> str:
        """Return the manifest as the text of its file."""
        content = {
            "format": FORMAT,
            "papertiger": self.version,
            "model_sha256": self.model_sha256,
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
            "parts": {
                name: {"sha256": part.sha256, "rows": part.rows, "errors": part.errors}
                for name, part in sorted(self.parts.items())
            },
        }
        return json.dumps(content, ensure_ascii=True, indent=1, allow_nan=False) + "\n"


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, or None where there is none.

    Raises
    ------
    FolderError
        When there is one that cannot be read.
    """
    file = folder / MANIFEST
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not JSON"
        raise FolderError(f"{file}: cannot read the manifest: {reason}") from None
    try:
        if content["format"] != FORMAT:
            raise FolderError(f"{file}: written in format {content['format']!r}, this version reads {FORMAT}")
        return Manifest(
            version=str(content["papertiger"]),
            model_sha256=str(content["model_sha256"]),
            experiment_sha256=str(content["experiment_sha256"]),
            points_sha256=str(content["points_sha256"]),
            scenarios={str(label): str(sha) for label, sha in content["scenarios"].items()},
            seed=int(content["seed"]),
            replicates=int(content["replicates"]),
            points=int(content["points"]),
            layout={str(key): int(value) for key, value in content["layout"].items()},
            parts={
                str(name): Part(str(part["sha256"]), int(part["rows"]), int(part["errors"]))
                for name, part in content["parts"].items()
            },
            finished=content["finished"] is True,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise FolderError(f"{file}: this is not the manifest of an experiment") from None


def write_file(target: Path, data: bytes) -> None:
    """Write a file whole or not at all: under another name in its folder, forced to disk, then renamed.

    Parameters
    ----------
    target
        The file; one that is there is replaced.
    data
        Its bytes.
    """
    partial = target.with_name(f"{target.name}.{os.getpid()}{PARTIAL}")
    try:
        with partial.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


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
