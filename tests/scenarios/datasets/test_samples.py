"""Every data set has a sound sample, and each reads as it should."""

from __future__ import annotations

import fnmatch
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import find_data_file, read_data_set
from tests.scenarios.datasets.samples import SAMPLES


def test_every_data_set_has_a_sample_and_no_sample_is_of_nothing() -> None:
    assert sorted(SAMPLES) == sorted(CATALOGUE)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_reads_with_as_many_rows_as_it_says(name: str, tmp_path: Path) -> None:
    sample, data_set = SAMPLES[name], CATALOGUE[name]
    assert sample.rows >= 3
    assert any(fnmatch.fnmatchcase(sample.file.lower(), pattern.lower()) for pattern in data_set.files)
    path = sample.write(tmp_path)
    assert find_data_file(data_set, tmp_path) == path
    table = read_data_set(data_set, path)
    assert len(table.rows) == sample.rows
    assert table.source(int(table.rows.index[0])).startswith(data_set.title)
