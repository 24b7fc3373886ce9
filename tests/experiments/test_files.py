"""Sets of files are written whole, and what a kill left half written beside them goes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from papertiger.experiments.files import write_files


def gone() -> int:
    """Return the number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_a_kill_left_goes_and_what_another_writes_stays(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    left = tmp_path / "tables" / f"skill.csv.{gone()}.partial"
    written = tmp_path / "tables" / f"other.csv.{os.getppid()}.partial"
    for file in (left, written):
        file.write_bytes(b"half")
    files = {"tables/skill.csv": b"whole", "figures/skill.png": b"drawn", "page.md": b"told"}
    assert write_files(tmp_path, files) == [tmp_path / name for name in files]
    assert {str(file.relative_to(tmp_path)): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == {
        **files,
        str(written.relative_to(tmp_path)): b"half",
    }
