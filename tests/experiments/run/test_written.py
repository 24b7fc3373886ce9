"""What is written can be read again: at the reader's limit it is, beyond it nothing is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.errors import FolderError
from papertiger.experiments.history.forecast import archive
from papertiger.experiments.history.forecast.archive import Forecast, read_forecast, write_forecast
from papertiger.experiments.run import manifest as manifests
from papertiger.experiments.run.manifest import MANIFEST, Manifest, read_manifest
from papertiger.experiments.run.store import _check_readable

CHANCES = np.full((2, 1, 5), 0.2)
FORECAST = Forecast("2026-01-01", "2025H2", ("Alfa",), ("2026H1", "2026H2"), {"ends": CHANCES}, {"seed": "1"})
WRITTEN = Manifest(
    version="1",
    model_sha256="m",
    experiment_sha256="e",
    points_sha256="",
    scenarios={"world": "w"},
    seed=1,
    replicates=2,
    points=1,
    layout={"points_per_part": 1},
)


def test_a_forecast_is_written_up_to_the_size_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(FORECAST.to_json())
    monkeypatch.setattr(archive, "LARGEST_FILE", size)
    write_forecast(FORECAST, tmp_path / "forecast.json")
    assert read_forecast(tmp_path / "forecast.json").to_json() == FORECAST.to_json()
    monkeypatch.setattr(archive, "LARGEST_FILE", size - 1)
    with pytest.raises(FolderError, match="too large: .* so it is not written"):
        write_forecast(FORECAST, tmp_path / "other" / "forecast.json")
    assert not (tmp_path / "other").exists()


def test_a_forecast_that_its_reader_would_not_understand_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="so it is not written"):
        write_forecast(replace(FORECAST, probabilities={}), tmp_path / "forecast.json")
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_is_written_up_to_the_size_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = WRITTEN.to_json()
    monkeypatch.setattr(manifests, "MAX_BYTES", len(text))
    (tmp_path / MANIFEST).write_text(WRITTEN.to_json(), encoding="ascii")
    assert read_manifest(tmp_path) == WRITTEN
    monkeypatch.setattr(manifests, "MAX_BYTES", len(text) - 1)
    with pytest.raises(FolderError, match=r"manifest\.json: 0 parts make it larger"):
        WRITTEN.to_json()


def test_a_resolved_experiment_that_is_too_deep_is_not_written(tmp_path: Path) -> None:
    def nested(depth: int) -> str:
        inner = '{"a": ' * depth + "1" + "}" * depth
        return f'{{"experiment": {{"deep": {inner}}}, "factors": [], "scenarios": {{}}}}'

    _check_readable(nested(190), tmp_path / "resolved.json")
    with pytest.raises(FolderError, match="expected at most 200 brackets .* so nothing is written"):
        _check_readable(nested(400), tmp_path / "resolved.json")
