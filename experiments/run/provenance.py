"""Where a result comes from: the version of the program and the fingerprint of the resolved scenario."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario

DISCLAIMER = "The model is an argument, not evidence."


def version() -> str:
    """Return the version of the installed program, or ``unknown`` where it was not installed."""
    try:
        return metadata.version("papertiger")
    except metadata.PackageNotFoundError:
        return "unknown"


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of a resolved scenario, independent of how its files spell or split it.

    How a class plays it is left out, since no run depends on that.
    """
    content = json.dumps(
        scenario.model_dump(mode="json", exclude={"game"}), sort_keys=True, ensure_ascii=True, allow_nan=False
    )
    return hashlib.sha256(content.encode("ascii")).hexdigest()


@cache
def model_hash() -> str:
    """Return the SHA-256 of the sources that decide what a run comes to, the measures included."""
    from papertiger import experiments, model  # noqa: PLC0415 - only for where they lie

    digest = hashlib.sha256()
    for package, beneath in ((model, ""), (experiments, "measures")):
        for folder in package.__path__:
            for path in sorted((Path(folder) / beneath).rglob("*.py")):
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
