"""Workers that cannot start say why: no main guard, a script that is no file, a module that only the parent has."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
import zlib
from pathlib import Path
from types import ModuleType

import pytest

from papertiger.experiments.errors import BackendError
from papertiger.experiments.run.startup import refuse_start_in_worker, why_workers_fail
from papertiger.experiments.run.work import pack, unpack
from tests.experiments.run.small import write


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Put a main module of the test in the place of this process's own."""
    module = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    return module


def test_a_script_without_a_guard_is_named(main: ModuleType, tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text("run()\n")
    main.__file__ = str(script)
    assert "study.py has no main guard" in why_workers_fail()
    script.write_text("if __name__ == '__main__':\n    run()\n")
    assert "guard" not in why_workers_fail()


def test_a_script_from_standard_input_is_named(main: ModuleType) -> None:
    main.__file__ = "<stdin>"
    assert "<stdin> is no file" in why_workers_fail()


def test_a_notebook_has_no_script_to_blame(main: ModuleType) -> None:
    assert not hasattr(main, "__file__")
    assert "what they printed says why" in why_workers_fail()


def test_a_process_that_is_being_started_starts_none(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_start_in_worker()
    monkeypatch.setattr(multiprocessing.current_process(), "_inheriting", True, raising=False)
    with pytest.raises(BackendError, match="if __name__ == '__main__'"):
        refuse_start_in_worker()


def test_a_module_that_a_worker_lacks_is_named() -> None:
    # What pickle writes of a class in a module: its name, to be imported by the worker.
    packed = zlib.compress(b"cmy_own_measures\nWorst\n.")
    with pytest.raises(BackendError, match=r"my_own_measures.*PYTHONPATH"):
        unpack(packed)


def test_what_cannot_be_sent_is_said(tmp_path: Path) -> None:
    with (
        (tmp_path / "open").open("w") as file,
        pytest.raises(BackendError, match="cannot be sent to another process"),
    ):
        pack(file)  # type: ignore[arg-type]


def test_a_class_of_the_main_module_goes_along_by_value(main: ModuleType) -> None:
    exec("class Worst:\n    number = 5\n", main.__dict__)
    packed = pack(main.Worst())
    del main.Worst
    assert pickle.loads(zlib.decompress(packed)).number == 5


RUN = """
import sys
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.run.runner import run_experiment
"""
UNGUARDED = RUN + "run_experiment(load_study(sys.argv[1]), sys.argv[2], backend=sys.argv[3], workers=1)\n"
OF_A_NOTEBOOK = (
    RUN
    + """
from papertiger.experiments.measures.base import ClientName, Measure, measure
@measure("worst_protection")
class Worst(Measure):
    needs = ("beliefs",)
    client: ClientName
    def compute(self, name, batch):
        return {name: batch.protection(self.client).min(axis=1)}
results = [
    run_experiment(load_study(sys.argv[1]), sys.argv[2] + backend, backend=backend, workers=1)
    for backend in ("here", "processes", "dask")
]
print(len({tuple(one.frame().sort_values("run_id")["worst"]) for one in results}))
"""
)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["processes", "dask"])
def test_an_unguarded_script_is_told_what_it_lacks(backend: str, tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(UNGUARDED)
    done = subprocess.run(
        [sys.executable, str(script), str(write(tmp_path)), str(tmp_path / "out"), backend],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "study.py has no main guard" in done.stderr.splitlines()[-3]
    assert "memory" not in done.stderr


@pytest.mark.slow
def test_a_measure_of_a_notebook_reaches_every_backend(tmp_path: Path) -> None:
    text = "title: T\nquestion: Q?\ndescription: D\nreplicates: 4\nscenarios: [world]\n"
    path = write(tmp_path, text + "measures:\n  worst: {kind: worst_protection, client: Alfa}\n")
    done = subprocess.run(
        [sys.executable, "-c", OF_A_NOTEBOOK, str(path), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "1\n", done.stderr
