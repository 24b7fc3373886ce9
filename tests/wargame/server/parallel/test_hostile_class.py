"""What a class may be called, and what is asked of its pages about the lab: never an error of the server's."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from papertiger.experiments.design.loader import load_study
from papertiger.wargame.server.parallel import review
from tests.wargame.server.parallel.classes import ClassRoom

NAMES = (
    '=cmd|"/c calc"!A1',
    "</script><img src=x onerror=alert(1)>",
    "a: [b, {c",
    "\u202eevil",
    "'\"\\n%{x}",
    "null",
)
ASKED = ("", "?beside=", "?beside=99", "?beside=-1", "?beside=<b>", "?beside=1&beside=2", "?beside=" + "9" * 5000)


@pytest.mark.parametrize("first", range(0, len(NAMES), 2))
def test_groups_of_any_name_give_an_experiment_that_is_read(room: ClassRoom, tmp_path: Path, first: int) -> None:
    room.member("Anna", NAMES[first])
    room.member("Bea", NAMES[first + 1])
    boss = room.facilitator()
    boss.send("/class/resolve", turn="1")
    for asked in ASKED:
        answer = boss.get(f"/class/lab.zip{asked}")
        assert answer.status_code == 200, asked
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert all(name.startswith("lab/") and ".." not in name for name in archive.namelist())
            archive.extractall(tmp_path)
        assert len(load_study(tmp_path / "lab" / "class.yaml").experiment.scenarios) >= 2


def test_the_lab_of_a_class_answers_whatever_is_asked(room: ClassRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "RUNS", 2)
    boss = room.facilitator()
    for path in ("/class/lab", "/class/lab.zip"):
        assert boss.get(path).status_code == 409  # nobody plays yet
    anna = room.member("Anna", NAMES[1])
    for path in ("/class/lab", "/class/lab.zip"):
        assert boss.get(path).status_code == 409  # no turn was played
    boss.send("/class/resolve", turn="1")
    for asked in ASKED:
        answer = boss.get(f"/class/lab{asked}")
        assert answer.status_code == 200, asked
        assert "<img" not in answer.text
    anna.home = ""
    missing = anna.client.get("/class/nothing")
    for path in ("/class/lab", "/class/lab.zip", "/class/lab?beside=1"):
        answer = anna.client.get(path)
        assert (answer.status_code, answer.text) == (404, missing.text)


@pytest.mark.parametrize("length", ["", "BRIEF", "-1", "nan", "\u0661", "x" * 300])
def test_only_the_facilitator_says_how_long_a_debrief_is(room: ClassRoom, length: str) -> None:
    anna, boss = room.member("Anna", "Reds"), room.facilitator()
    assert anna.send("/room/debrief/length", length="brief").status_code == 404
    boss.send("/class/end")
    assert anna.send("/room/debrief/length", length="brief").status_code == 404
    assert boss.send("/class/length", length=length).status_code < 500
    assert boss.get("/class").status_code == 200
