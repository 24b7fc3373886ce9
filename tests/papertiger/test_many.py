"""The command `run` with the ensemble: shares, bands, fan charts, and a clean stop."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from papertiger.model.ensemble.ensemble import ensemble
from tests.papertiger.conftest import Command

MANY = ("run", "sahel_2020", "--months", "15", "--runs", "20")
TABLES = {"posture_shares.csv", "protection_bands.csv", "patron_bands.csv", "run.json"}
FANS = {"fan_protection.png", "fan_postures.png", "fan_patron.png"}


def rows(file: str) -> list[dict[str, str]]:
    with Path(file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_more_than_one_run_takes_the_ensemble(papertiger: Command) -> None:
    answer = papertiger(*MANY, "--out", "x")
    assert answer.code == 0
    assert answer.error == ""
    assert "2021-03, after 15 months (seed 1, 20 runs)" in answer.out
    assert {file.name for file in Path("x").iterdir()} == TABLES | FANS
    manifest = json.loads(Path("x/run.json").read_text(encoding="utf-8"))
    assert manifest["engine"] == "ensemble"
    assert set(manifest["files"]) == (TABLES | FANS) - {"run.json"}
    shares = rows("x/posture_shares.csv")
    assert len({row["month"] for row in shares}) == 15
    bands = rows("x/protection_bands.csv")
    assert list(bands[0]) == ["month", "client", "mean", "q05", "q25", "q50", "q75", "q95"]


def test_its_shares_are_those_of_the_reference_model(papertiger: Command) -> None:
    found = {}
    for engine in ("ensemble", "mesa"):
        answer = papertiger(*MANY[:4], "--runs", "4", "--engine", engine, "--no-figures", "--json", "--out", engine)
        assert answer.code == 0
        found[engine] = json.loads(answer.out)
    assert found["ensemble"]["posture_shares"] == found["mesa"]["posture_shares"]
    assert found["ensemble"]["last_month"] == found["mesa"]["last_month"]
    assert found["ensemble"]["scenario_sha256"] == found["mesa"]["scenario_sha256"]


def test_months_end_the_span(papertiger: Command) -> None:
    assert papertiger(*MANY, "--no-figures", "--quiet", "--out", "x").code == 0
    whole = ensemble("sahel_2020", 20, threads=1).posture_shares
    expected = whole[whole["month"] <= "2021-03"]
    assert [row["client"] for row in rows("x/posture_shares.csv")] == expected["client"].tolist()
    assert [float(row["loyal"]) for row in rows("x/posture_shares.csv")] == expected["loyal"].tolist()


def test_twice_gives_identical_bytes(papertiger: Command) -> None:
    for out in ("one", "two"):
        assert papertiger(*MANY, "--out", out, "--quiet").code == 0
    one, two = ({file.name: file.read_bytes() for file in Path(out).iterdir()} for out in ("one", "two"))
    assert one == two


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path) -> None:
    code = (
        "import signal, sys\n"
        "import papertiger.model.ensemble.ensemble\n"
        "from papertiger.cli import main\n"
        "whole = papertiger.model.ensemble.ensemble.ensemble\n"
        "def stopped(*given, progress=None, **more):\n"
        "    def told(done, total):\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "    return whole(*given, progress=told, **more)\n"
        "papertiger.model.ensemble.ensemble.ensemble = stopped\n"
        "sys.argv = ['papertiger', 'run', 'sahel_2020', '--runs', '3000', '--out', sys.argv[1]]\n"
        "main()\n"
    )
    out = tmp_path / "out"
    process = subprocess.run([sys.executable, "-c", code, str(out)], capture_output=True, text=True, check=False)
    assert process.returncode == 128 + signal.SIGINT, process.stderr
    assert "stopped by Ctrl-C" in process.stderr
    assert not out.exists()


def test_the_front_door_has_the_ensemble() -> None:
    import papertiger as pt

    assert pt.ensemble is ensemble
