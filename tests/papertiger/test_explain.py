"""The command `explain`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.papertiger.conftest import Command

CASE = ("explain", "venezuela_2026", "Venezuela")


def test_words_and_table(papertiger: Command) -> None:
    answer = papertiger(*CASE)
    assert answer.code == 0
    assert answer.error == ""
    assert answer.out.startswith("Venezuela in venezuela_2026 (seed 1), up to 2026-12\n")
    assert "from 0.350 before the first month (its prior) to " in answer.out
    assert "Posture then: " in answer.out
    # At its entry the patron has the shares of the file.
    assert re.search(r"Of its arms Russia supplied 62% at its entry and \d+% then, and of its economy", answer.out)
    for heading in ("cause", "seen", "by capability", "by resolve", "protection", "change in all"):
        assert heading in answer.out
    assert "A share also moves when others add evidence" in answer.out


def test_machine_readable_parts_sum_to_the_change(papertiger: Command) -> None:
    found = json.loads(papertiger(*CASE, "--json", "--from", "2025-06", "--to", "2026-03").out)
    change = found["after"]["protection"] - found["before"]["protection"]
    assert (found["start"], found["end"]) == ("2025-06", "2026-03")
    assert sum(cause["protection"] for cause in found["causes"]) == pytest.approx(change, abs=1e-12)
    for cause in found["causes"]:
        assert cause["by_capability"] + cause["by_resolve"] == pytest.approx(cause["protection"], abs=1e-15)
    assert {cause["channel"] for cause in found["causes"]} >= {"own", "war"}
    for kind in ("arms", "economy"):
        assert 0.0 < found["ties"][kind]["after"] < found["ties"][kind]["before"] < 1.0


def test_what_is_older_than_the_window_does_nothing_new(papertiger: Command) -> None:
    answer = papertiger(*CASE, "--from", "2026-02", "--to", "2026-12")
    said = [line for line in answer.out.splitlines() if line.startswith("- ")]
    weights = [
        re.search(r"counts for (less|more) than in 2026-02 \(([+−][\d.]+) then, ([+−][\d.]+) now\)", line)
        for line in said
    ]
    assert any(weights)
    for line, found in zip(said, weights, strict=True):
        if found is None:
            continue
        then, now = (float(number.replace("−", "-")) for number in found.groups()[1:])
        assert (abs(now) <= abs(then)) == (found[1] == "less") or then == now
        assert ("raised" in line) == (now > then) or abs(now - then) < 1e-3


def test_nobody_changes_their_mind_over_a_change_of_regime(papertiger: Command) -> None:
    answer = papertiger(*CASE, "--from", "2025-06", "--to", "2026-03")
    assert "is that of another regime since 2026-01" in answer.out
    assert " rose from " not in answer.out
    assert " fell from " not in answer.out
    assert " fell from " in papertiger(*CASE, "--to", "2025-12").out


def test_a_client_is_found_whatever_its_case(papertiger: Command) -> None:
    answer = papertiger("explain", "sahel_2020", "mali", "--to", "2020-03")
    assert answer.code == 0
    assert answer.out.startswith("Mali in sahel_2020")


def test_figure(papertiger: Command) -> None:
    assert papertiger(*CASE, "--figure", "ledger.png").code == 0
    assert Path("ledger.png").read_bytes().startswith(b"\x89PNG")
    assert [file.name for file in Path().iterdir()] == ["ledger.png"]
    answer = papertiger(*CASE, "--figure", "no/such/folder.png")
    assert answer.code == 2
    assert answer.error == "--figure no/such/folder.png: cannot write there: No such file or directory\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sahel_2020", "Mail"), "sahel_2020 has no client 'Mail' (did you mean 'Mali'?); it has "),
        (("sahel_2020", "Xyzzy"), "sahel_2020 has no client 'Xyzzy'; it has "),
        (("sahel_2020", "Mali", "--from", "May 2021"), "--from May 2021: expected a month written YYYY-MM"),
        (
            ("sahel_2020", "Mali", "--to", "2031-01"),
            "--to 2031-01: expected a month from 2020-01 to 2023-12, the span of sahel_2020",
        ),
        (
            ("sahel_2020", "Mali", "--from", "2021-05", "--to", "2021-05"),
            "--from 2021-05: expected a month before 2021-05, where the explanation ends",
        ),
        (("sahel_2020", "Mali", "--from", "2023-12"), "--from 2023-12: expected a month before 2023-12"),
        (("sahel_2020", "Mali", "--seed", "-3"), "--seed -3: expected a seed from 0"),
        (("nowhere", "Mali"), "nowhere"),
    ],
)
def test_bad_input(papertiger: Command, arguments: tuple[str, ...], message: str) -> None:
    answer = papertiger("explain", *arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.error.startswith(message)
    assert len(answer.error.splitlines()) == 1


def test_a_break_is_said_with_its_strongest_cause(papertiger: Command, tmp_path: Path) -> None:
    text = """\
title: A fall
description: A client breaks away after a new ruler
extends: armenia_2020_2025
parameters: {break_away: 0.000000001, break_ruler: 30, break_to_hedging: 0, break_to_distancing: 0}
events:
  coup: {date: 2021-03, kind: leader_change, client: Armenia, intensity: 3, what: A coup in the night}
"""
    (tmp_path / "fall.yaml").write_text(text, encoding="utf-8")
    answer = papertiger("explain", "fall.yaml", "Armenia", "--to", "2021-06")
    assert answer.code == 0
    said = " ".join(answer.out.split())
    assert re.search(
        r"In 2021-03 it broke away from Russia, from \w+ to (suspended|realigned), most likely because of", said
    )
    assert 'a new ruler ("A coup in the night", 2021-03): the chance of such a break was 1.000 that month.' in said
    before = papertiger("explain", "fall.yaml", "Armenia", "--to", "2021-02")
    assert "broke away" not in before.out
    (found,) = json.loads(papertiger("explain", "fall.yaml", "Armenia", "--to", "2021-03", "--json").out)["breaks"]
    assert (found["month"], found["cause"], found["event"]) == ("2021-03", "new ruler", "coup")
