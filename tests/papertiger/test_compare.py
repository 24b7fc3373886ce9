"""The command `compare`."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from tests.papertiger.conftest import Command

WORDS = ("compare", "cuba", "cuba_no_raid", "--runs", "20", "--at", "2026-06")


def test_the_answer_comes_first(papertiger: Command) -> None:
    answer = papertiger(*WORDS)
    assert answer.code == 0
    assert answer.error == ""
    lines = answer.out.splitlines()
    assert lines[0].startswith("In cuba_no_raid, ")
    assert "2026-06" in lines[0]
    assert " client " in answer.out
    assert lines[-1] == "The model is an argument, not evidence."
    assert not list(Path().iterdir())


def test_against_itself_there_is_no_difference(papertiger: Command) -> None:
    answer = papertiger("compare", "sahel_2020", "sahel_2020", "--runs", "10")
    assert answer.out.startswith(
        "sahel_2020 (2) is the same scenario as sahel_2020: no difference in any of 10 runs."
    )
    assert "never differ" in answer.out


def test_for_machines_and_the_same_again(papertiger: Command) -> None:
    answer = papertiger(*WORDS, "--json")
    found = json.loads(answer.out)
    assert found["month"] == "2026-06"
    assert [row["scenario"] for row in found["scenarios"]] == ["cuba", "cuba_no_raid"]
    assert set(found) >= {"answers", "overall", "shares", "differences", "first_differences", "seed", "runs", "level"}
    assert found["overall"][0]["n"] == 20
    assert papertiger(*WORDS, "--json").out == answer.out
    assert papertiger(*WORDS, "--json", "--seed", "2").out != answer.out


def test_tables_are_written_whole(papertiger: Command) -> None:
    answer = papertiger(*WORDS, "--out", "tables")
    assert answer.code == 0
    assert "Written to tables" in answer.out
    manifest = json.loads(Path("tables/compare.json").read_text(encoding="utf-8"))
    assert {file.name for file in Path("tables").iterdir()} == {*manifest["files"], "compare.json"}
    with Path("tables/differences.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["measure"] for row in rows} == {"defected", "defected_by_choice", "posture"}


def test_a_run_in_the_same_folder_keeps_its_files(papertiger: Command) -> None:
    assert papertiger("run", "sahel_2020", "--months", "2", "--no-figures", "--out", "both").code == 0
    before = {file.name for file in Path("both").iterdir()}
    assert papertiger(*WORDS, "--out", "both").code == 0
    assert before < {file.name for file in Path("both").iterdir()}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("cuba",), "expected two scenarios or more"),
        (("cuba", "cubb"), "cubb"),
        (("cuba", "cuba_no_raid", "--runs", "1"), "--runs 1: expected a number of runs from 2 to 10000"),
        (("cuba", "cuba_no_raid", "--seed", "-1"), "--seed -1"),
        (("cuba", "cuba_no_raid", "--at", "2026"), "--at 2026: expected a month written YYYY-MM"),
        (("cuba", "sahel_2020", "--at", "2025-01"), "the span of sahel_2020"),
    ],
)
def test_bad_input(papertiger: Command, words: tuple[str, ...], message: str) -> None:
    answer = papertiger("compare", *words, "--out", "never")
    assert answer.code == 2
    assert message in answer.error
    assert answer.out == ""
    assert not Path("never").exists()


def test_a_folder_that_cannot_be_written_is_told_before_the_runs(papertiger: Command) -> None:
    Path("taken").write_text("x", encoding="utf-8")
    answer = papertiger(*WORDS, "--out", "taken")
    assert answer.code == 2
    assert "this is a file, expected a folder" in answer.error


def test_where_every_run_differs_alike_there_is_a_bound_and_one_sign(papertiger: Command) -> None:
    done = papertiger("compare", "cuba", "cuba_no_raid", "--runs", "6")
    assert done.code == 0
    said = done.out
    first, second = said.splitlines()[:2]
    assert "5.88 percentage points fewer" in first
    assert "(the same in each of 6 paired runs, and so in at least 61 % of all)" in first
    assert "makes −5.88 percentage points, the same in each of 6 paired runs" in second
    assert "−100 in all" in said
    assert not re.search(r"(?<![\w−])-\d", said)  # a true minus everywhere
    for low, high in re.findall(r"\[([−\d.]+), ([−\d.]+)\]", said):
        assert low != high


def test_a_few_runs_that_differ_alike_are_no_clear_difference(papertiger: Command) -> None:
    said = papertiger("compare", "cuba", "cuba_no_raid", "--runs", "3").out.splitlines()[0]
    assert "no clear difference" in said
    assert "the same in each of 3 paired runs, and so in at least 37 % of all" in said
