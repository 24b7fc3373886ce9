"""Show how far a command is: a bar on a terminal, a line now and then elsewhere, always on standard error."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import Any, Protocol

from papertiger.cli.console import console, is_terminal, tell

FIRST = 0.8
"""Seconds after which a line is written where there is no terminal."""
SWITCH = "PAPERTIGER_PROGRESS"
"""Environment variable that turns progress off, for scripts whose standard error is read."""
LONGEST = 60.0
"""Seconds between two lines at most; the pauses double up to it."""


class Show(Protocol):
    """Show what is being done, how much of it is done and how much there is; 0 of 0 where nobody can tell."""

    def __call__(self, doing: str, done: int = 0, total: int = 0) -> None:
        """Show it."""
        ...


def _nothing(doing: str, done: int = 0, total: int = 0) -> None:
    del doing, done, total


@contextlib.contextmanager
def progress(doing: str, *, quiet: bool = False) -> Iterator[Show]:
    """Show what a command does until the block is left.

    Parameters
    ----------
    doing
        What is done first.
    quiet
        Show nothing.

    Yields
    ------
    Show
        Tells what is done now.
    """
    if quiet or os.environ.get(SWITCH) == "off":
        yield _nothing
    elif is_terminal(error=True):
        with _bar(doing) as show:
            yield show
    else:
        lines = _Lines(doing)
        lines.start()
        try:
            yield lines.update
        finally:
            lines.stop()


@contextlib.contextmanager
def _bar(doing: str) -> Iterator[Show]:
    from rich import progress as bars

    columns = (
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.TextColumn("{task.fields[count]}", markup=False),
        bars.TimeRemainingColumn(elapsed_when_finished=True),
    )
    with bars.Progress(*columns, console=console(error=True), transient=True) as shown:
        task = shown.add_task(doing, total=None, count="")

        def update(doing: str, done: int = 0, total: int = 0) -> None:
            count = f"{done:,}/{total:,}" if total else ""
            shown.update(task, description=doing, completed=done, total=total or None, count=count)

        yield update


class _Lines:
    """Write a line after the first second, and again after pauses that double, while something is done."""

    def __init__(self, doing: str) -> None:
        self.now: tuple[str, int, int] = (doing, 0, 0)
        self.told: tuple[str, int, int] | None = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._write, name="progress", daemon=True)

    def start(self) -> None:
        """Begin to wait."""
        self.thread.start()

    def stop(self) -> None:
        """Write no more; whoever read how far it was reads that all of it is done, if it is."""
        self.over.set()
        self.thread.join()
        _, done, total = self.now
        if self.told not in (None, self.now) and done == total > 0:
            tell(line(*self.now))

    def update(self, doing: str, done: int = 0, total: int = 0) -> None:
        """Say what is done now."""
        self.now = (doing, done, total)

    def _write(self) -> None:
        pause = FIRST
        while not self.over.wait(pause):
            now = self.now
            if now != self.told:
                tell(line(*now))
                self.told = now
            pause = min(2.0 * max(pause, 1.0), LONGEST)


def line(doing: str, done: int = 0, total: int = 0) -> str:
    """Return what a line of progress says."""
    return f"{doing}: {done:,} of {total:,}" if total else f"{doing} …"


def preparing_model() -> str:
    """Return what the ensemble does before its first run: it compiles, or it loads what was compiled before."""
    from papertiger.model.ensemble.engine import compiler
    from papertiger.model.ensemble.library import library

    if library() is not None:
        return "loading the model"
    folder = compiler().cache_folder()  # without a compiler this says what to install
    if folder is None or not any(folder.rglob("*.nbi")):
        return "compiling the model (once on this machine, for a minute or so)"
    return "loading the compiled model"


def callback(show: Show, doing: str) -> Any:
    """Return a function of what is done and what there is, as the ensemble and others call one."""
    return lambda done, total: show(doing, done, total)
