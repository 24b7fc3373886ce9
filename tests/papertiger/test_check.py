"""What has no effect is told on the command line: by `check` with a count, by a run once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.papertiger.conftest import Command
from tests.scenarios.minimal import SMALL, write

IDLE = "  again: {date: 2021-07-20, kind: criticism, client: Alfa, news: bad, what: x, intensity: 1}\n"
SPARE = "  spare: {value: true, why: for nothing}\n"
WITH_NOTES = (SMALL + IDLE).replace("switches:\n", f"switches:\n{SPARE}")


def test_check_prints_each_note_and_counts_them(papertiger: Command, tmp_path: Path) -> None:
    path = write(tmp_path, WITH_NOTES)
    for _ in range(2):  # and again in the same process
        answer = papertiger("check", str(path))
        assert answer.code == 0
        assert answer.out.startswith(f"OK {path}: 2 clients, 5 events, ")
        assert answer.out.endswith(", with 2 notes\n")
        notes = answer.error.splitlines()
        assert len(notes) == 2
        assert all(note.startswith(f"note: {path}:") for note in notes)
        assert ": switches.spare: has no effect: no event names" in notes[0]
        assert ": events.again: has no effect: of 'criticism'" in notes[1]


def test_check_counts_a_single_note_and_no_note_at_all(papertiger: Command, tmp_path: Path) -> None:
    assert papertiger("check", str(write(tmp_path, SMALL + IDLE))).out.endswith(", with 1 note\n")
    answer = papertiger("check", str(write(tmp_path, SMALL)))
    assert "note" not in answer.out
    assert answer.error == ""


def test_an_experiment_is_checked_with_the_notes_of_its_scenarios(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path, SMALL + IDLE)
    study = tmp_path / "study.yaml"
    study.write_text(
        "title: A study\nquestion: Whether\ndescription: For tests\nscenarios: [case]\nreplicates: 2\n"
        "measures: {gone: {kind: defected, client: Alfa, at: 2021-12}}\n",
        encoding="utf-8",
    )
    answer = papertiger("check", str(study))
    assert answer.code == 0, answer.error
    assert answer.out.endswith(", with 1 note\n")
    assert ": events.again: has no effect" in answer.error


def test_a_run_says_each_note_once_on_the_error_stream(tmp_path: Path) -> None:
    path = write(tmp_path, WITH_NOTES)
    command = [sys.executable, "-m", "papertiger", "run", str(path), "--months", "1", "--no-figures", "--json"]
    answer = subprocess.run(
        [*command, "--set", "contagion=0.4"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "has no effect" not in answer.stdout
    notes = [line for line in answer.stderr.splitlines() if "has no effect" in line]
    assert [line.partition(":")[0] for line in notes] == ["note", "note"]
    assert sum("events.again" in line for line in notes) == 1
