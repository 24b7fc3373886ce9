"""The command line against hostile and clumsy use: odd names, closed and full streams, signals, a kill in between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from papertiger.cli.console import BadInput
from papertiger.cli.folder import ResultFolder, write_whole
from tests.papertiger.conftest import Command

FULL = b"standard output: cannot write there: No space left on device\n"
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and /dev/full are POSIX")


@pytest.mark.parametrize("name", ["", ".", "..", "/", "a" * 300, "pipe"])
def test_a_figure_goes_to_an_ordinary_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo("pipe")
    else:
        Path("pipe").mkdir()
    with pytest.raises(BadInput, match="--figure "):
        write_whole("--figure", Path(name), lambda partial: partial.write_text("x"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["pipe"]
    assert not Path("pipe").is_file()


def test_a_long_name_that_fits_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("a" * 250)
    write_whole("--figure", target, lambda partial: partial.write_text("x"))
    assert [entry.name for entry in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize(
    "words",
    [
        ("run", "sahel_2020", "--out", "a" * 300),
        ("new", "a" * 300, "--from", "sahel_2020"),
        ("new", "a" * 201, "--from", "sahel_2020"),
        ("new", "x", "--from", "sahel_2020", "--out", "a" * 300),
        ("new", "con", "--from", "sahel_2020"),
        ("new", "..", "--from", "sahel_2020"),
        ("new", "a:b", "--from", "sahel_2020"),
        ("explain", "sahel_2020", "Mali", "--from", "\u0662\u0660\u0662\u0661-01"),
    ],
)
def test_names_that_no_file_can_have(papertiger: Command, words: tuple[str, ...]) -> None:
    answer = papertiger(*words)
    assert answer.code == 2
    assert answer.error.count("\n") == 1
    assert answer.out == ""
    assert list(Path().iterdir()) == []


def test_a_kill_while_files_are_renamed_leaves_no_manifest_of_a_mixture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(data: str) -> None:
        with ResultFolder(tmp_path) as folder:
            for name in ("clients.csv", "patron.csv"):
                folder.place(name).write_text(data)
            folder.place("run.json").write_text(json.dumps({"seed": data, "files": ["clients.csv", "patron.csv"]}))

    write("one")
    replace = Path.replace

    def stopping(path: Path, target: Path) -> Path:
        if target.name == "patron.csv":
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopping)
    with pytest.raises(KeyboardInterrupt):
        write("two")
    left = json.loads((tmp_path / "run.json").read_text())
    assert "seed" not in left
    assert left["unfinished"] is True
    assert {entry.name for entry in tmp_path.iterdir()} == {"clients.csv", "patron.csv", "run.json"}
    monkeypatch.undo()
    write("three")
    assert json.loads((tmp_path / "run.json").read_text())["seed"] == "three"
    assert {entry.name for entry in tmp_path.iterdir()} == {"clients.csv", "patron.csv", "run.json"}


def in_shell(line: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", line.replace("papertiger", f"'{sys.executable}' -m papertiger")],
        capture_output=True,
        check=False,
    )


@POSIX
@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("papertiger schema scenario >&-", 0, b""),
        ("papertiger list >&-", 0, b""),
        ("papertiger run nowhere 2>&-", 2, b""),
        ("papertiger run nowhere 2>/dev/full", 2, b""),
        (
            "papertiger schema scenario >/dev/full",
            2,
            FULL,
        ),
        ("papertiger list >/dev/full", 2, FULL),
        ("papertiger --version >/dev/full", 2, FULL),
    ],
)
def test_streams_that_are_closed_or_full(line: str, code: int, message: bytes) -> None:
    in_shell("papertiger list")  # which reads the files once: the first time it says that it is reading them
    answer = in_shell(line)
    assert (answer.returncode, answer.stderr) == (code, message)


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_ends_it_leaves_nothing_half_written(name: str, tmp_path: Path) -> None:
    code = (
        "import signal, sys\n"
        "from papertiger.cli import main, run\n"
        "_, out, name = sys.argv\n"
        # As at a terminal: who starts the tests with nohup has the signal ignored, which is left so.
        "signal.signal(getattr(signal, name), signal.SIG_DFL)\n"
        "def half_done(scenario, runs, seed, months, folder, show, theory, count):\n"
        "    folder.place('clients.csv').write_text('half')\n"
        "    signal.raise_signal(getattr(signal, name))\n"
        "run._run_world = half_done\n"
        "sys.argv = ['papertiger', 'run', 'sahel_2020', '--out', out]\n"
        "main()\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "out"), name], capture_output=True, check=False
    )
    assert answer.returncode == 128 + getattr(signal, name)
    assert b"Traceback" not in answer.stderr
    assert list(tmp_path.iterdir()) == []
