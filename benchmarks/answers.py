"""How soon a command answers: processor time on the clock of importing what any command line of its kind imports.

Run with ``python -m benchmarks.answers [ROUNDS]``; with ``--write`` the table goes into ``docs/performance.md``. All
commands are taken in turn, round after round, each in a process of its own, after one round that fills the caches.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from rich.console import Console

from benchmarks.report import Table, write
from benchmarks.timing import both_seconds, interleaved, machine

CLOCK = (sys.executable, "-c", "import pydantic, ruamel.yaml, typer, rich")
"""What counts as 1."""
BASE = "partners_2020"
BOUNDS: dict[tuple[str, ...], float] = {
    ("--help",): 1.0,
    ("list",): 2.5,
    ("check", "scenarios/partners_2020.yaml"): 2.5,
    ("diff", "venezuela_2026", "venezuela_2026_defence_holds"): 3.0,
    ("explain", BASE, "Armenia"): 6.0,
    ("run", BASE, "--no-figures"): 10.0,
    ("run", BASE): 18.0,
}
"""Commands, and how many times the clock's processor time each may take."""


def measure(command: tuple[str, ...], folder: Path) -> float:
    """Return the processor time of a process, its own and the system's for it."""
    run = partial(subprocess.run, command, cwd=folder, capture_output=True, check=True)
    return both_seconds(run)[1]


def answers(rounds: int) -> Table:
    """Measure all commands side by side."""
    root = Path(__file__).parent.parent
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "scenarios").mkdir()
        source = root / "scenarios" / f"{BASE}.yaml"
        (folder / "scenarios" / source.name).write_bytes(source.read_bytes())
        commands = {words: (sys.executable, "-m", "papertiger", *words) for words in BOUNDS}
        contestants: dict[tuple[str, ...], partial[float]] = {
            words: partial(measure, command, folder) for words, command in commands.items()
        }
        contestants[()] = partial(measure, CLOCK, folder)
        interleaved(contestants, 1)
        seconds = interleaved(contestants, rounds)
    clock = statistics.median(seconds[()])
    rows = []
    for words, bound in BOUNDS.items():
        times = statistics.median(seconds[words]) / clock
        rows.append(
            (f"`papertiger {' '.join(words)}`", f"{times:.2f}", f"{bound:g}", "yes" if times <= bound else "no")
        )
    columns = ("command", "times the clock", "bound", "holds")
    title = f"How soon a command answers, in processor time; importing its libraries ({clock:.2f} s) is 1"
    return Table("answers", title, columns, rows)


def main() -> None:
    """Measure, print, and write if asked."""
    os.environ.pop("COLUMNS", None)
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    table = answers(numbers[0] if numbers else 5)
    console = Console(width=118)
    console.print(machine())
    console.print(table.text())
    if "--write" in sys.argv:
        write([table], machine(), block="answers")


if __name__ == "__main__":
    main()
