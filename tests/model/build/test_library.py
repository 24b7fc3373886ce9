"""The library of the kernel: where it lies, what is wrong with it, and who else loads it at the same time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from papertiger.model.build import link
from papertiger.model.build.link import PLATFORMS, digest_of, library_name, this_platform
from papertiger.model.ensemble import library as loading
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.library import LIBRARIES, LIBRARY_VARIABLE, LibraryWarning, library

RUN = """
import sys
from papertiger.model.ensemble.ensemble import ensemble
print(ensemble("cuba", 3, keep="beliefs").path("beliefs").sum(), "numba" in sys.modules)
"""

pytestmark = pytest.mark.skipif(this_platform() not in PLATFORMS, reason="no library is made for this platform")


def installed() -> Path:
    """Return the library of this installation."""
    libraries = list(LIBRARIES.glob(library_name(this_platform(), "*")))
    assert len(libraries) == 1, "uv sync --reinstall-package papertiger"
    return libraries[0]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the library in a folder with a difficult name."""
    folder = tmp_path / "Bücher und Leerzeichen"
    folder.mkdir()
    return Path(shutil.copyfile(installed(), folder / installed().name))


@pytest.fixture
def fresh() -> Iterator[None]:
    """Let the library be looked for anew, and after the test once more."""
    loading.library.cache_clear()
    yield
    loading.library.cache_clear()


def run(library: Path) -> str:
    environment = os.environ | {LIBRARY_VARIABLE: str(library)}
    done = subprocess.run([sys.executable, "-c", RUN], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_a_checkout_has_its_library_and_runs_from_it() -> None:
    assert installed().is_file()
    assert library() is not None


def test_two_processes_run_from_a_folder_with_blanks_and_umlauts_at_once(copy: Path) -> None:
    here = np.asarray(ensemble("cuba", 3, keep="beliefs").path("beliefs")).sum()
    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(run, [copy, copy]))
    assert answers == {f"{here} False\n"}


@pytest.mark.parametrize("length", [0, 100, 5_000, 200_000])
def test_half_a_library_is_not_loaded(length: int, copy: Path, fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    copy.write_bytes(copy.read_bytes()[:length])
    monkeypatch.setenv(LIBRARY_VARIABLE, str(copy))
    with pytest.warns(LibraryWarning, match=r"is not whole: the model is compiled instead"):
        assert library() is None


def test_what_is_no_library_is_said(copy: Path, fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    copy.write_bytes(b"no library at all")
    named = copy.rename(copy.with_name(library_name(this_platform(), digest_of(copy))))
    monkeypatch.setenv(LIBRARY_VARIABLE, str(named))
    with pytest.warns(LibraryWarning, match=r"cannot be loaded \("):
        assert library() is None


def test_a_library_of_other_sources_is_said(copy: Path, fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, str(copy))
    monkeypatch.setattr(loading, "kernel_sources", lambda: "0" * 32)
    with pytest.warns(LibraryWarning, match="was made of other sources"):
        assert library() is None


def test_a_library_without_the_level_of_this_processor_is_said(
    copy: Path, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, str(copy))
    monkeypatch.setattr(loading, "level_of", lambda _: "_v9")
    with pytest.warns(LibraryWarning, match=r"cannot be loaded \(.*_v9"):
        assert library() is None


def test_a_library_is_named_from_the_folder_at_hand(copy: Path, fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy.parent)
    monkeypatch.setenv(LIBRARY_VARIABLE, copy.name)
    assert library() is not None


def test_a_named_library_that_is_not_there_is_said(
    tmp_path: Path, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, str(tmp_path / "none.so"))
    with pytest.warns(LibraryWarning, match=r"none\.so is missing"):
        assert library() is None


def test_an_empty_variable_asks_for_none_without_a_word(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, "")
    assert library() is None


def test_arrays_with_gaps_are_refused() -> None:
    entry = loading.Entry(lambda _: 0, "run_months")
    with pytest.raises(ValueError, match="without gaps"):
        entry(np.zeros((4, 4))[:, ::2])


def test_a_status_is_an_error() -> None:
    entry = loading.Entry(lambda _: 1, "run_months")
    with pytest.raises(RuntimeError, match="run_months of the kernel's library ended with the status 1"):
        entry(np.zeros(3))


WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = sys.modules["llvmlite"] = None
import papertiger as pt
from papertiger.model.rules.beliefs import forget
from papertiger.model.rules.rules import Rules
print(len(pt.ensemble("cuba", 3).clients), len(pt.ensemble("cuba", 3, rules=Rules()).clients))

def mine(count: float, prior: float, forgetting: float) -> float:
    return forget(count, prior, forgetting)

try:
    pt.ensemble("cuba", 3, rules=Rules(forget=mine))
except RuntimeError as error:
    print(error)
"""


def test_without_numba_shipped_rules_run_and_one_of_ones_own_is_refused_with_what_to_do(tmp_path: Path) -> None:
    program = tmp_path / "study.py"
    program.write_text(WITHOUT_NUMBA, encoding="utf-8")
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    counts, said = done.stdout.splitlines()
    assert counts == "17 17"
    assert "the compiler is not installed: pip install 'papertiger[rules]'" in said


def test_without_numba_the_command_line_says_what_to_do(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['numba'] = sys.modules['llvmlite'] = None\nfrom papertiger.cli import main; main()"
    )
    command = [sys.executable, "-c", program, "run", "cuba", "--runs", "3", "--no-figures"]
    environment = os.environ | {LIBRARY_VARIABLE: ""}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'papertiger[rules]'" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_an_interrupted_link_leaves_the_library_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tmp_path / library_name(this_platform(), "0123456789abcdef")
    before.write_bytes(b"before")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(link, "write_objects", lambda *_: [])
    monkeypatch.setattr(link, "_run_linker", interrupted)
    with pytest.raises(KeyboardInterrupt):
        link.link(this_platform(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [before.name]
    assert before.read_bytes() == b"before"


def test_a_new_library_takes_the_place_of_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / library_name(this_platform(), "0123456789abcdef")).write_bytes(b"before")
    monkeypatch.setattr(link, "write_objects", lambda *_: [])
    monkeypatch.setattr(link, "_run_linker", lambda _, __, goal: goal.write_bytes(b"after"))
    goal = link.link(this_platform(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [goal.name]
    assert goal.name == library_name(this_platform(), digest_of(goal))


def test_an_array_of_one_item_may_lie_backwards() -> None:
    asked: list[int] = []

    def function(at: int) -> int:
        asked.append(at)
        return 0

    loading.Entry(function, "run_months")(np.zeros(1)[::-1])
    assert len(asked) == 1
