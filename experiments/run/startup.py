"""Tell why worker processes cannot start, before somebody looks for memory that is not missing."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

from papertiger.experiments.errors import BackendError

MAIN_GUARD = (
    "Worker processes import the script that starts them, so what it runs must stand under\n"
    "    if __name__ == '__main__':\n"
    "or use the backend 'here', whose threads need no such line"
)


def refuse_start_in_worker() -> None:
    """Refuse to start workers in a process that is itself being started as one.

    A worker started by ``spawn`` or ``forkserver`` imports the script of its parent. A script without a main guard
    then runs a second time, in the worker, and comes here.

    Raises
    ------
    BackendError
        Saying what the script lacks.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise BackendError(MAIN_GUARD)


def why_workers_fail() -> str:
    """Return why worker processes ended before they could do anything, as far as this process can tell."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    if script is None:
        return "they ended while they were being started; what they printed says why"
    if not Path(script).is_file():
        return (
            f"they import the script that starts them, and {script} is no file that they can read: "
            "write the script to a file, or use the backend 'here'"
        )
    if not _is_guarded(script):
        return f"{Path(script).name} has no main guard. {MAIN_GUARD}"
    return "they ended while they were being started; what they printed says why"


def _is_guarded(script: str) -> bool:
    """Tell whether a script has a main guard; a script that cannot be read counts as one that has."""
    try:
        return "__main__" in Path(script).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
