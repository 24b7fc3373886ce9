"""The built wheel, installed into an empty environment, works from another folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.wargame.server.served import Served

ROOT = Path(__file__).parent.parent.parent


def assert_runs_without_write_permission(folder: Path, python: Path, environment: dict[str, str]) -> None:
    """Run the installed package while nothing of its own folders can be written."""
    packages = folder / "env" / "lib"
    if os.name != "posix":
        return
    taken: list[str] = []
    if os.getuid() == 0:
        # Permissions do not bind the superuser, until this capability is given up.
        setpriv = shutil.which("setpriv")
        assert setpriv is not None, "the superuser needs setpriv, of util-linux, for this test"
        taken = [setpriv, "--bounding-set", "-dac_override", "--inh-caps", "-dac_override"]
    code = (
        "import pathlib, papertiger as pt\n"
        "home = pathlib.Path(pt.__file__).parent\n"
        "try:\n"
        "    (home / 'model' / 'x').write_text('')\n"
        "except PermissionError:\n"
        "    print('read only', pt.simulate('sahel_2020', months=3).clients.shape[0] > 0,"
        " pt.ensemble('sahel_2020', 2).runs)\n"
    )
    folders = [packages, *(entry for entry in packages.rglob("*") if entry.is_dir() and not entry.is_symlink())]
    modes = {entry: entry.stat().st_mode for entry in folders}
    try:
        for entry, mode in modes.items():
            entry.chmod(mode & 0o555)
        answer = subprocess.run(
            [*taken, str(python), "-c", code],
            cwd=folder / "elsewhere",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for entry, mode in modes.items():
            entry.chmod(mode)
    assert answer.stdout == "read only True 2\n", answer.stderr


@pytest.mark.slow
def test_the_wheel_works_elsewhere(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}

    def command(*words: str | Path, where: Path = tmp_path) -> str:
        answer = subprocess.run(
            [str(word) for word in words], cwd=where, env=environment, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    # `uv run` says where it is itself; a shell may know it only as a module of some Python.
    uv = os.environ.get("UV", "uv")
    command(uv, "build", "--wheel", "--out-dir", tmp_path / "dist", ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    command(uv, "venv", "--python", sys.executable, tmp_path / "env")
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    command(uv, "pip", "install", "--python", python, wheel)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    papertiger = scripts / "papertiger"
    assert "partners_2020" in command(papertiger, "list", where=elsewhere)
    assert command(papertiger, "check", "partners_2020", where=elsewhere).startswith("OK partners_2020")
    command(papertiger, "run", "sahel_2020", "--months", "12", "--out", "x", where=elsewhere)
    written = {file.name for file in (elsewhere / "x").iterdir()}
    assert {"clients.csv", "patron.csv", "signals.csv", "ledger.csv", "run.json", "network.png"} <= written
    assert [file.name for file in elsewhere.iterdir()] == ["x"]
    where = command(python, "-c", "from papertiger import scenarios; print(scenarios.__file__)", where=elsewhere)
    assert_runs_without_write_permission(tmp_path, python, environment)
    assert str(tmp_path / "env") in where

    # A game, with nothing on the path but the environment itself: neither git nor a compiler.
    found = environment | {"PATH": str(scripts)}
    served = Served(elsewhere, "venezuela_2026", [str(papertiger)], found)
    try:
        browser = build_opener(HTTPCookieProcessor())

        def page(path: str, **fields: str) -> str:
            data = urlencode(fields).encode() if fields else None
            with browser.open(served.base + path, data) as answer:
                text: str = answer.read().decode()
            return text

        assert "Join the game" in page("/")
        assert "Am Spiel teilnehmen" in page("/?language=de")
        room = page(served.link.removeprefix(served.base))
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', room)
        assert token is not None
        assert "Turn 2 of 5" in page("/room/resolve", csrf=token.group(1), turn="1")
        assert "--loyal" in page("/static/style.css")
    finally:
        served.kill()
