"""Find the makers' own files, where this machine has them; they are never committed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def original(name: str) -> Path:
    """Return one of the makers' files; skip the test where it is not at hand."""
    said = os.environ.get("PAPERTIGER_PANEL")
    folder = Path(said) if said else Path(__file__).parents[4] / "shared" / "data" / "panel" / "originals"
    if not (folder / name).is_file():
        pytest.skip(f"the makers' file {name} is not at hand")
    return folder / name
