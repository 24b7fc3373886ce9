"""The command line as a process of its own: imports, encodings, pipes, exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"mesa", "numba", "pandas", "pydantic", "scipy", "matplotlib", "numpy", "networkx", "ruamel"}
HEAVY |= {"SALib", "ema_workbench", "sklearn"}
COMMANDS = (
    "list",
    "check",
    "new",
    "diff",
    "compare",
    "events",
    "run",
    "explain",
    "schema",
    "report",
    "reference",
    "play",
)


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, check=False, env={**os.environ, **environment}
    )


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from papertiger.cli import main\n"
        "for words in ([], *([command] for command in sys.argv[1:])):\n"
        "    sys.argv = ['papertiger', *words, '--help']\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit as left:\n"
        "        assert not left.code\n"
        "sys.stderr.write(' '.join({name.split('.')[0] for name in sys.modules}))\n"
    )
    answer = python("-c", code, *COMMANDS)
    assert answer.returncode == 0
    assert not HEAVY & set(answer.stderr.decode().split())
    for command in COMMANDS:
        assert f"Usage: papertiger {command} " in answer.stdout.decode()


def test_the_front_door_is_lazy_and_complete() -> None:
    code = (
        "import sys, papertiger as pt\n"
        "assert not {'mesa', 'numpy', 'pandas', 'pydantic'} & set(sys.modules)\n"
        "assert set(pt.__all__) <= set(dir(pt))\n"
        "assert 'sahel_2020' in pt.names()\n"
        "world = pt.World('sahel_2020', rng=1)\n"
        "run = pt.simulate(pt.load('sahel_2020'), seed=1, months=2)\n"
        "print(len(run.patron), pt.__version__, issubclass(pt.ScenarioError, Exception))\n"
        "try:\n"
        "    pt.nothing\n"
        "except AttributeError as error:\n"
        "    print(error)\n"
    )
    answer = python("-c", code)
    assert answer.returncode == 0, answer.stderr.decode()
    first, second = answer.stdout.decode().splitlines()
    assert re.fullmatch(r"2 \d+\.\d+\.\d+\S* True", first)
    assert second == "module 'papertiger' has no attribute 'nothing'"


def test_version_and_module() -> None:
    answer = python("-m", "papertiger", "--version")
    assert answer.returncode == 0
    assert re.fullmatch(rb"papertiger \d+\.\d+\.\d+\S*\r?\n", answer.stdout)
    assert python("-m", "papertiger").returncode == 2
    assert python("-m", "papertiger", "sing").returncode == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_any_encoding_of_the_terminal(encoding: str, tmp_path: Path) -> None:
    odd = tmp_path / "odd.yaml"
    text = 'title: "Żółć — Türkiye → 東京 \\e[31m"\ndescription: x\nextends: sahel_2020\n'
    odd.write_text(text, encoding="utf-8")
    code = (
        "import sys\n"
        "from papertiger.cli import main\n"
        "_, odd, out = sys.argv\n"
        "for words in (['list'], ['check', odd], ['run', odd, '--months', '2', '--no-figures', '--out', out]):\n"
        "    sys.argv = ['papertiger', *words]\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit as left:\n"
        "        assert (left.code or 0) in ((0,) if words == ['list'] else (0, 2)), left.code\n"
    )
    answer = python("-c", code, str(odd), str(tmp_path / "out"), PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert answer.returncode == 0
    assert b"Traceback" not in answer.stderr
    assert b"\x1b[31m" not in answer.stdout + answer.stderr
    assert "sahel_2020" in answer.stdout.decode(encoding)


def test_figures_need_no_window() -> None:
    code = (
        "import sys\n"
        "from papertiger.cli import main\n"
        "sys.argv = ['papertiger', '--version']\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    import papertiger.experiments.figures.style\n"
    )
    answer = python("-c", code, MPLBACKEND="nonsense")
    assert (answer.returncode, answer.stderr) == (0, b"")


def test_a_closed_pipe_is_silent() -> None:
    quiet = os.environ | {"PAPERTIGER_PROGRESS": "off"}  # a line of progress would come on a busy machine
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [sys.executable, "-m", "papertiger", "schema", "scenario"],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=quiet,
        check=False,
    )
    os.close(writing)
    assert process.stderr == b""
    assert process.returncode == 1
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [sys.executable, "-m", "papertiger", "list"], stdout=writing, stderr=subprocess.PIPE, env=quiet, check=False
    )
    os.close(writing)
    assert process.stderr == b""


def test_ctrl_c(tmp_path: Path) -> None:
    code = (
        "import signal, sys\n"
        "from papertiger.cli import main, run\n"
        "def half_done(scenario, runs, seed, months, folder, show, theory, count):\n"
        "    folder.place('clients.csv').write_text('half')\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "run._run_world = half_done\n"
        "sys.argv = ['papertiger', 'run', 'sahel_2020', '--out', sys.argv[1]]\n"
        "main()\n"
    )
    answer = python("-c", code, str(tmp_path / "out"))
    assert answer.returncode == 130
    assert answer.stderr.decode().splitlines()[-1:] == ["stopped by Ctrl-C; nothing half-written was left behind"]
    assert answer.stdout == b""
    assert list(tmp_path.iterdir()) == []


def test_json_goes_to_stdout_alone(tmp_path: Path) -> None:
    words = ["run", "sahel_2020", "--months", "2", "--no-figures", "--json", "--out", str(tmp_path / "x")]
    answer = python("-m", "papertiger", *words)
    assert answer.returncode == 0
    assert answer.stderr == b""
    assert json.loads(answer.stdout)["months"] == 2
