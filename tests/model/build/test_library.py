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
from papertiger.model.build.link import DIGEST, PLATFORMS, digest_of, library_name, this_platform
from papertiger.model.ensemble import library as loading
from papertiger.model.ensemble.engine import CompilerMissingError, compiler
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.library import LIBRARIES, LIBRARY_VARIABLE, LibraryWarning, library

RUN = """
import sys
from papertiger.model.ensemble.ensemble import ensemble
print(ensemble("cuba", 3, keep="beliefs").path("beliefs").sum(), "numba" in sys.modules)
"""

pytestmark = pytest.mark.skipif(this_platform() not in PLATFORMS, reason="no library is made for this platform")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the library in a folder with a difficult name."""
    folder = tmp_path / "Bücher und Leerzeichen"
    folder.mkdir()
    for name in (library_name(this_platform()), f"{library_name(this_platform())}{DIGEST}"):
        shutil.copyfile(LIBRARIES / name, folder / name)
    return folder / library_name(this_platform())


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
    assert (LIBRARIES / library_name(this_platform())).is_file(), "uv sync --reinstall-package papertiger"
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
    copy.with_name(copy.name + DIGEST).write_text(digest_of(copy), encoding="ascii")
    monkeypatch.setenv(LIBRARY_VARIABLE, str(copy))
    with pytest.warns(LibraryWarning, match=r"cannot be loaded \("):
        assert library() is None


def test_a_library_of_other_sources_is_said(copy: Path, fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, str(copy))
    monkeypatch.setattr(loading, "kernel_sources", lambda: "0" * 32)
    with pytest.warns(LibraryWarning, match="was made of other sources"):
        assert library() is None


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


def test_without_numba_a_rule_of_ones_own_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "papertiger.model.ensemble.compile", None)
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delattr("papertiger.model.ensemble.compile", raising=False)
    with pytest.raises((CompilerMissingError, ModuleNotFoundError)):
        compiler()


def test_an_interrupted_link_leaves_the_library_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goal = tmp_path / library_name(this_platform())
    goal.write_bytes(b"before")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(link, "write_objects", lambda *_: [])
    monkeypatch.setattr(link, "_run_linker", interrupted)
    with pytest.raises(KeyboardInterrupt):
        link.link(this_platform(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [goal.name]
    assert goal.read_bytes() == b"before"
