"""Read a sample after a change, and say what was refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import Table, read_data_set
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.samples import SAMPLES


def changed(name: str, folder: Path, old: str, new: str) -> Path:
    """Write a sample with a text put in place of another, which must be there; return its path."""
    text = SAMPLES[name].text
    assert old in text
    return SAMPLES[name].write(folder, text.replace(old, new, 1).encode(SAMPLES[name].encoding))


def read(name: str, folder: Path, data: bytes | None = None) -> Table:
    """Read a sample, or other bytes in its place."""
    return read_data_set(CATALOGUE[name], SAMPLES[name].write(folder, data))


def refusal(name: str, folder: Path, old: str, new: str) -> list[str]:
    """Return what is said of a sample with a text put in place of another, without the path."""
    path = changed(name, folder, old, new)
    with pytest.raises(ScenarioError) as caught:
        read_data_set(CATALOGUE[name], path)
    return [str(problem).removeprefix(str(path)) for problem in caught.value.problems]
