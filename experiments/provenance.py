"""Where a result comes from: the version of the program and the fingerprint of the resolved scenario."""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios import Scenario

DISCLAIMER = "The model is an argument, not evidence."


def version() -> str:
    """Return the version of the installed program, or ``unknown`` where it was not installed."""
    try:
        return metadata.version("papertiger")
    except metadata.PackageNotFoundError:
        return "unknown"


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of a resolved scenario, independent of how its files spell or split it."""
    content = json.dumps(scenario.model_dump(mode="json"), sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(content.encode("ascii")).hexdigest()
