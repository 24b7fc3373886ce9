"""Everything works from a folder that holds modules of the same names as the packages.

``model.py`` is Mesa's own convention, so a modeler's folder has one. The modules here raise when they are imported,
by whatever door: a script, ``python -m``, a notebook, worker processes, and a Dask cluster started from that folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.experiments.run.small import write

pytestmark = pytest.mark.xdist_group("hostile folder")  # the doors are compared with one another

HOSTILE = ("model.py", "scenarios/__init__.py", "experiments.py", "wargame.py")
DOORS = '''\
"""What every door does: one run, an ensemble and an experiment."""

import tempfile
from pathlib import Path

import papertiger as pt
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.run.runner import run_experiment

HERE = Path(__file__).parent


def digest():
    """Return numbers that only the right model comes to."""
    world = pt.load(HERE / "world.yaml")
    run = pt.simulate(world, seed=1)
    runs = pt.ensemble(world, 3, seed=1, keep="bands")
    with tempfile.TemporaryDirectory() as folder:
        results = run_experiment(load_study(HERE / "trial.yaml"), Path(folder) / "out", workers=1)
        rows = results.frame().select_dtypes("number").sum().sum()
    return float(run.clients["protection"].sum()), float(runs.bands["mean"].sum()), float(rows)
'''
SCRIPT = '''\
"""Do it here, in processes started in two ways, and on a cluster."""

import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

from doors import digest

if __name__ == "__main__":
    # Here, since processes that are started read this file again.
    from distributed import Client, LocalCluster
    from papertiger.experiments.run.dask import WITHOUT_PAGES, event_loop

    print("script", *digest())
    for start in ("spawn", "forkserver"):
        if start in multiprocessing.get_all_start_methods():
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(start)) as pool:
                print(start, *pool.submit(digest).result())
    # A scheduler here, and a worker as people start one: by a command in the folder where they work.
    with event_loop() as loop, LocalCluster(n_workers=0, host="127.0.0.1", loop=loop, **WITHOUT_PAGES) as cluster:
        command = [sys.executable, "-m", "dask", "worker", "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        worker = subprocess.Popen([*command, cluster.scheduler_address], **quiet)
        try:
            with Client(cluster.scheduler_address, timeout=120, loop=loop) as client:
                print("dask", *client.submit(digest).result(timeout=300))
        finally:
            worker.kill()
            worker.wait()
'''


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a modeler's folder with modules that must not be imported."""
    folder = tmp_path_factory.mktemp("hostile")
    write(folder)
    for name in HOSTILE:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"raise RuntimeError('{name} of the working folder was imported')\n", encoding="utf-8")
    (folder / "doors.py").write_text(DOORS, encoding="utf-8")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    return folder


def command(folder: Path, *words: str) -> str:
    # Without the checkout on the path, whose root holds folders of these names.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def expected(hostile: Path) -> list[float]:
    """Return what the doors must come to, from this process."""
    names: dict[str, object] = {"__file__": str(hostile / "doors.py"), "__name__": "doors"}
    exec(compile(DOORS, "doors.py", "exec"), names)
    digest = names["digest"]
    assert callable(digest)
    return list(digest())


def test_the_modules_of_the_folder_do_raise(hostile: Path) -> None:
    names = ("model", "scenarios", "experiments", "wargame")
    code = (
        f"from importlib import import_module\nfor name in {names}:\n"
        "    try:\n        import_module(name)\n    except RuntimeError as error:\n        print(error)\n"
    )
    assert command(hostile, "-c", code).count("of the working folder was imported") == len(names)


def test_a_script_its_processes_and_its_cluster(hostile: Path, expected: list[float]) -> None:
    lines = [line.split() for line in command(hostile, "script.py").splitlines()]
    told = {name: [float(number) for number in numbers] for name, *numbers in lines}
    assert {"script", "spawn", "dask"} <= set(told)
    assert told == dict.fromkeys(told, expected)


def test_the_command_line(hostile: Path) -> None:
    assert "partners_2020" in command(hostile, "-m", "papertiger", "list")


def test_a_notebook(hostile: Path, expected: list[float]) -> None:
    from nbclient import NotebookClient
    from nbformat import from_dict

    made: Any = from_dict  # it has no types
    cell: dict[str, Any] = {"cell_type": "code", "id": "one", "metadata": {}, "outputs": [], "execution_count": None}
    cell["source"] = "from doors import digest\nprint(*digest())"
    notebook = made({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": hostile}}).execute()
    printed = "".join(output["text"] for output in notebook.cells[0].outputs if output.get("name") == "stdout")
    assert [float(number) for number in printed.split()] == expected
