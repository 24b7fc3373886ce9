"""Long commands that are killed at random moments, met by another of their kind, or given no place for a cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from papertiger.scenarios.files import PARTIAL
from tests.experiments.audits import test_audits as audits
from tests.experiments.history import small as history
from tests.experiments.history import test_ties_study as ties
from tests.experiments.run import small as runs
from tests.robustness.kill import HOME, assert_kills_change_nothing, content, end, start

NOBODY = 99_999_999
"""Number of a process that no system has."""
MODELS = "models: [M1, M4]\n"
EXPERIMENT = runs.HEAD.replace("replicates: 4", "replicates: 1500") + runs.MEASURES
CALIBRATE = ("calibrate", "trial.yaml", "--out", "out")
SCORE = ("score", "trial.yaml", "--posterior", "learned", "--placebos", "2", "--out", "out")
FORECAST = (
    "forecast", "trial.yaml", "--last", "2023H2", "--date", "2023-08-01", "--runs", "2000", "--posterior", "learned",
    "--out", "out.json",
)  # fmt: skip
VALIDATE = (
    "validate", "trial.yaml", "--posterior", "learned", "--placebos", "1", "--points", "16", "--histories", "4",
    "--out", "out/page.md",
)  # fmt: skip
TIES = ("ties", "trial.yaml", "--write", "out/page.md")
CLAIMS = ("claims", "trial.yaml", "--runs", "2", "--out", "out/page.md")
AUDIT = ("audit", "trial.yaml", "--root", str(HOME), "--out", "out/page.md")
TRIAL = ("experiment", "trial.yaml", "--out", "out", "--workers", "2")


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Calibrate the small network once."""
    folder = tmp_path_factory.mktemp("learned") / "here"
    folder.mkdir()
    history.write(folder, history.PLAN + MODELS)
    ended = end(start(CALIBRATE, folder, mark := uuid.uuid4().hex), folder, mark)
    assert ended.code == 0, ended.said
    return folder / "out"


def plan(folder: Path) -> None:
    history.write(folder, history.PLAN + MODELS)


def experiment(folder: Path) -> None:
    runs.write(folder, EXPERIMENT)


def a_leftover(folder: Path) -> None:
    """Lay down what a start left half written that was killed long ago."""
    (folder / "out").mkdir()
    (folder / "out" / f"page.md.{NOBODY}{PARTIAL}").write_bytes(b"# Half a pa")


def study_of_ties(folder: Path) -> None:
    ties.write(folder)
    a_leftover(folder)


def claim(folder: Path) -> None:
    """Write a file with one of the shipped claims."""
    text = (HOME / "experiments" / "claims" / "claims.yaml").read_text(encoding="utf-8")
    one = text[: text.index('  "1":')] + text[text.index('  "13":') : text.index('  "14":')]
    (folder / "trial.yaml").write_text(one, encoding="utf-8")
    a_leftover(folder)


def audit(folder: Path) -> None:
    (folder / "trial.yaml").write_text(audits.SMALL, encoding="utf-8")
    a_leftover(folder)


@pytest.fixture
def with_draws(learned: Path) -> Callable[[Path], None]:
    def prepare(folder: Path) -> None:
        plan(folder)
        shutil.copytree(learned, folder / "learned")

    return prepare


@pytest.mark.slow
def test_kills_of_calibrate(tmp_path: Path) -> None:
    assert_kills_change_nothing(CALIBRATE, plan, tmp_path, seed=1)


@pytest.mark.slow
def test_kills_of_score(tmp_path: Path, with_draws: Callable[[Path], None]) -> None:
    assert_kills_change_nothing(SCORE, with_draws, tmp_path, seed=2)


@pytest.mark.slow
def test_kills_of_forecast(tmp_path: Path, with_draws: Callable[[Path], None]) -> None:
    assert_kills_change_nothing(FORECAST, with_draws, tmp_path, seed=3)


@pytest.mark.slow
def test_kills_of_validate(tmp_path: Path, with_draws: Callable[[Path], None]) -> None:
    def prepare(folder: Path) -> None:
        with_draws(folder)
        a_leftover(folder)

    assert_kills_change_nothing(VALIDATE, prepare, tmp_path, seed=5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "prepare"),
    [(TIES, study_of_ties), (CLAIMS, claim), (AUDIT, audit)],
    ids=["ties", "claims", "audit"],
)
def test_four_kills_of_what_writes_a_page(
    words: Sequence[str], prepare: Callable[[Path], None], tmp_path: Path
) -> None:
    assert_kills_change_nothing(words, prepare, tmp_path, kills=4, seed=6)


@pytest.mark.slow
def test_kills_of_experiment_with_its_report(tmp_path: Path) -> None:
    assert_kills_change_nothing(TRIAL, experiment, tmp_path, seed=4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "prepare"), [(TRIAL, experiment), (CALIBRATE, plan)], ids=["experiment", "calibrate"]
)
def test_two_at_a_time_write_one_folder_once(
    words: Sequence[str], prepare: Callable[[Path], None], tmp_path: Path
) -> None:
    """Either one is told that the other is at work, or it comes later and finds all done."""
    whole, shared = tmp_path / "whole", tmp_path / "shared"
    for folder in (whole, shared):
        folder.mkdir()
        prepare(folder)
    mark = uuid.uuid4().hex
    assert end(start(words, whole, mark), whole, mark).code == 0
    both = [start(words, shared, mark) for _ in range(2)]
    codes = sorted(process.wait() for process in both)
    ended = end(both[0], shared, mark)
    assert codes in ([0, 2], [0, 0]), ended.said
    assert end(start(words, shared, mark), shared, mark).code == 0
    assert content(shared) == content(whole)


def without_power(words: Sequence[str]) -> list[str]:
    """Return a command that the permissions of files hold for, whoever runs the tests."""
    if os.geteuid() != 0:
        return [*words]
    setpriv = shutil.which("setpriv")
    assert setpriv is not None, "the superuser needs setpriv, of util-linux, for this test"
    return [setpriv, "--bounding-set", "-dac_override", "--inh-caps", "-dac_override", *words]


@pytest.mark.skipif(os.name != "posix", reason="a folder is made read-only as POSIX does")
@pytest.mark.parametrize("place", ["file", "read-only"])
def test_a_cache_that_cannot_be_written_changes_nothing(place: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    if place == "file":
        cache.write_text("this is somebody's file\n", encoding="utf-8")
    else:
        cache.mkdir(mode=0o500)
    words = without_power([sys.executable, "-m", "papertiger", "check", "cuba"])
    environment = os.environ | {"PYTHONPATH": str(HOME), "PAPERTIGER_CACHE": str(cache)}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("OK cuba")
    assert "Traceback" not in done.stderr
    assert cache.is_file() or not list(cache.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("place", ["file", "read-only"])
def test_an_experiment_needs_no_cache(place: str, tmp_path: Path) -> None:
    """The model is then compiled at each start, in each process, and the results are the same."""
    folder, whole = tmp_path / "here", tmp_path / "whole"
    for fresh in (folder, whole):
        fresh.mkdir()
        runs.write(fresh)
    mark = uuid.uuid4().hex
    trial = ("experiment", "trial.yaml", "--out", "out", "--workers", "1", "--no-report")
    assert end(start(trial, whole, mark), whole, mark).code == 0
    cache = tmp_path / "cache"
    if place == "file":
        cache.write_text("this is somebody's file\n", encoding="utf-8")
    else:
        cache.mkdir(mode=0o500)
    words = without_power([sys.executable, "-m", "papertiger", *trial])
    environment = os.environ | {"PYTHONPATH": str(HOME), "PAPERTIGER_CACHE": str(cache)}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert content(folder) == content(whole)
