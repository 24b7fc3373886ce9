"""The command `claims`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.papertiger.conftest import Command

FEW = ("claims", "--only", "6,13", "--runs", "6")


def test_the_answer_comes_first(papertiger: Command) -> None:
    answer = papertiger(*FEW)
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].startswith("1 of 2 claims work in belief, 0 in ties or posture. In belief 13 is absent.")
    assert "No warning came" in answer.out
    assert lines[-1] == "The model is an argument, not evidence."
    assert not list(Path().iterdir())


def test_for_machines_and_the_same_again(papertiger: Command) -> None:
    answer = papertiger(*FEW, "--json")
    found = json.loads(answer.out)
    assert [one["number"] for one in found["claims"]] == ["6", "13"]
    assert found["claims"][0]["verdicts"] == {"belief": "works", "ties": "weak", "posture": "not testable"}
    assert papertiger(*FEW, "--json").out == answer.out


def test_the_page_goes_where_it_is_asked_for(papertiger: Command) -> None:
    small = Path("small.yaml")
    shipped = Path(__file__).parents[2] / "experiments" / "claims" / "claims.yaml"
    text = shipped.read_text(encoding="utf-8")
    small.write_text(text[: text.index('  "1":')] + text[text.index('  "13":') : text.index('  "14":')], "utf-8")
    answer = papertiger("claims", "small.yaml", "--runs", "2", "--out", "there/page.md")
    assert answer.code == 0, answer.error
    assert "Page in there/page.md" in answer.out
    assert Path("there/page.md").read_text(encoding="utf-8").startswith("# The claims\n")
    assert Path("there/figures/claims_forest.png").is_file()
    assert json.loads(Path("there/page.json").read_text(encoding="utf-8"))["claims"][0]["number"] == "13"


def test_claims_are_examined_under_draws_that_are_named(papertiger: Command) -> None:
    plain = json.loads(papertiger(*FEW, "--json").out)
    other = json.loads(papertiger(*FEW, "--posterior", "patrons", "--json").out)
    assert (plain["posterior"], other["posterior"]) == (None, "patrons")
    told, again = (one["claims"][0]["effects"][0]["effect"] for one in (plain, other))
    assert told["difference"] != again["difference"]


def test_what_cannot_be_done_is_said(papertiger: Command) -> None:
    refused = {
        ("--only", "30"): "--only: no claim '30'",
        ("--only", "4", "--out", "page.md"): "--out with --only: the page holds all claims",
        ("--write",): "--write: no folder 'docs' here",
        ("--out", "page.txt"): "--out page.txt: expected a file that ends in .md",
        ("--posterior", "patronz"): "patronz: no posterior of this name",
        ("--posterior", "patrons", "--out", "page.md"): "--posterior with a page",
        ("--runs", "1"): "--runs 1: expected a number of runs from 2 to 10000",
    }
    for words, told in refused.items():
        answer = papertiger("claims", *words)
        assert answer.code == 2
        assert told in answer.error, answer.error
    assert "no such file" in papertiger("claims", "nowhere.yaml").error
