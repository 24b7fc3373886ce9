"""A file is written whole or not at all, and what is refused for a moment is tried again."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from papertiger.scenarios import files
from papertiger.scenarios.files import WAITS, cause_of, is_held, remove_leftovers, write_file


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


class Held:
    """Refuses some times, as a virus scanner does, and counts the seconds that are waited."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, method: str, error: OSError, times: int) -> None:
        self.left, self.waited = times, list[float]()
        whole = getattr(Path, method)

        def refusing(path: Path, *arguments: Any, **options: Any) -> Any:
            if self.left:
                self.left -= 1
                raise error
            return whole(path, *arguments, **options)

        monkeypatch.setattr(Path, method, refusing)

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)


def windows(code: int, number: int) -> OSError:
    error = PermissionError(number, "The process cannot access the file")
    error.winerror = code  # type: ignore[attr-defined, unused-ignore]
    return error


REFUSALS = (
    PermissionError(errno.EACCES, "Permission denied"),
    OSError(errno.EBUSY, "busy"),
    windows(32, 13),
    windows(5, 13),
)


@pytest.mark.parametrize("error", REFUSALS, ids=str)
@pytest.mark.parametrize("method", ["replace", "open"])
@pytest.mark.parametrize("times", [1, 5, len(WAITS)])
def test_what_another_program_holds_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, method: str, times: int
) -> None:
    held = Held(monkeypatch, method, error, times)
    write_file(tmp_path / "x", b"whole", wait=held.wait)
    assert held.waited == list(WAITS[:times])
    assert names(tmp_path) == ["x"]


def test_patience_has_an_end_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(b"before")
    held = Held(monkeypatch, "replace", windows(32, 13), 1000)
    with pytest.raises(PermissionError):
        write_file(tmp_path / "x", b"after", wait=held.wait)
    assert held.waited == list(WAITS)
    assert sum(held.waited) < 5
    assert names(tmp_path) == ["x"]
    assert (tmp_path / "x").read_bytes() == b"before"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.ENAMETOOLONG, errno.EMFILE])
def test_what_will_not_pass_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    held = Held(monkeypatch, "replace", OSError(number, os.strerror(number)), 1)
    with pytest.raises(OSError, match=os.strerror(number)):
        write_file(tmp_path / "x", b"", wait=held.wait)
    assert held.waited == []
    assert names(tmp_path) == []


def test_the_cause_is_named_by_what_it_is() -> None:
    said = {
        number: cause_of(OSError(number, os.strerror(number)))
        for number in (
            errno.ENOSPC,
            errno.EDQUOT,
            errno.EROFS,
            errno.EACCES,
            errno.EMFILE,
            errno.ENAMETOOLONG,
            errno.EBUSY,
        )
    }
    assert len(set(said.values())) == len(said)
    assert [number for number, cause in said.items() if "room" in cause.mend] == [errno.ENOSPC, errno.EDQUOT]
    assert "another program holds the file" in cause_of(windows(32, 13)).reason
    assert cause_of(OSError()).reason == "OSError"
    assert cause_of(OSError(errno.ENOSPC, None)).reason == os.strerror(errno.ENOSPC)


def test_no_permission_in_the_folder_is_nothing_to_wait_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert not is_held(PermissionError(errno.EACCES, "Permission denied"), tmp_path / "x")


def test_leftovers_of_processes_that_have_ended_go(tmp_path: Path) -> None:
    ended = os.fork() if hasattr(os, "fork") else 0
    if hasattr(os, "fork") and ended == 0:
        os._exit(0)
    os.waitpid(ended, 0)
    (tmp_path / f"x.json.{ended}.partial").touch()
    (tmp_path / f".x.csv.{ended}.partial").touch()
    (tmp_path / f"x.json.{os.getpid()}.partial").touch()
    (tmp_path / "mine.partial").touch()
    remove_leftovers(tmp_path)
    assert names(tmp_path) == ["mine.partial", f"x.json.{os.getpid()}.partial"]


def test_the_clock_is_one_that_tests_can_replace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch, "replace", windows(32, 13), 2)
    monkeypatch.setattr(files, "sleep", held.wait)
    write_file(tmp_path / "x", b"")
    assert len(held.waited) == 2
