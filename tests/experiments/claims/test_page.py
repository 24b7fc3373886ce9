"""The page is what the command writes: it carries what it was made from, and says what its numbers say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache

import pytest

from papertiger.experiments.claims.examine import Examination, examine, expected_fingerprint
from papertiger.experiments.claims.loader import load_claims
from papertiger.experiments.claims.page import HEAD, files, page, plain
from papertiger.experiments.claims.schema import DOMAINS
from papertiger.experiments.claims.sentences import headline, interval, number, sensitivity
from papertiger.experiments.claims.verdict import WORST_FIRST, difference
from tests.docs.pages import ROOT, text_of

PAGE = "docs/claims.md"
NUMBERS = json.loads((ROOT / "docs/claims.json").read_text(encoding="utf-8"))
STALE = "run uv run papertiger claims --write"


@cache
def few() -> Examination:
    """Return some claims, examined on few runs: one that works, one without a mechanism, one of posture alone."""
    return examine(load_claims(), 12, only={"6", "13", "15", "4-8"})


def test_the_shipped_page_is_made_from_this_model_and_these_claims() -> None:
    head = HEAD.search(text_of(PAGE))
    assert head is not None
    assert head["sha256"] == expected_fingerprint(load_claims()), STALE
    assert NUMBERS["fingerprint"] == head["sha256"], STALE
    assert (NUMBERS["runs"], NUMBERS["seed"]) == (int(head["runs"]), int(head["seed"]))
    assert NUMBERS["runs"] >= 400


def test_the_shipped_page_counts_what_its_numbers_say() -> None:
    text = text_of(PAGE)
    single = [one for one in NUMBERS["claims"] if "-" not in one["number"]]
    assert [one["number"] for one in single] == [str(key) for key in range(1, 30)]
    works = sum(one["verdicts"]["belief"] == "works" for one in single)
    behaves = sum(one["behaviour"] == "works" for one in single)
    assert f"**{works} of 29 claims work in belief, {behaves} in ties or posture." in text
    assert NUMBERS["headline"] in text
    for one in single:
        for domain in DOMAINS:
            verdicts = [effect["verdict"] for effect in one["effects"] if effect["domain"] == domain]
            if one["missing"]:
                assert one["verdicts"][domain] == "absent"
            else:
                worst = min(verdicts, key=WORST_FIRST.index, default=None)
                assert one["verdicts"][domain] == worst


def test_every_claim_that_does_not_work_is_named() -> None:
    single = [one for one in NUMBERS["claims"] if "-" not in one["number"]]
    belief, behaviour = re.findall(r"In (?:belief|ties or posture) ([^.]*)\.", NUMBERS["headline"])
    for said, verdict_of in ((belief, "belief"), (behaviour, "behaviour")):
        named = set(re.findall(r"\d+", said))
        expected = {
            one["number"]
            for one in single
            if (one["verdicts"]["belief"] if verdict_of == "belief" else one["behaviour"]) != "works"
        }
        assert named == expected


def test_a_verdict_of_the_page_follows_from_its_numbers() -> None:
    for one in NUMBERS["claims"]:
        for effect in one["effects"]:
            if effect["verdict"] == "works":
                found = effect["effect"]["difference"]
                assert (found > 0.0) == (effect["sign"] == "higher")
                assert abs(found) >= effect["smallest"]
                assert abs(effect["mechanism_off"]["difference"]) <= min(effect["smallest"], abs(found) / 2)


def test_the_page_says_what_was_found() -> None:
    text = page(few())
    assert text.startswith("# The claims\n\n<!-- papertiger claims: 12 runs, seed 1, fingerprint ")
    assert f"**{headline(few())}**" in text
    assert "## Claim 6: No warning came" in text
    assert "## Claims 4-8: The five failures together" in text
    assert "**Absent.** No rule lets the war weigh on mediation" in text
    rows = [line for line in text.splitlines() if line.startswith("| 15 | Losing Iran")]
    assert rows == ["| 15 | Losing Iran costs supplies | opinion | – | – | **works** |"]


def test_claims_taken_together_do_not_count() -> None:
    assert [one.key for one in few().single] == ["6", "13", "15"]
    assert headline(few()) == (
        "1 of 3 claims work in belief, 1 in ties or posture. In belief 13 is absent; 15 asserts nothing. "
        "In ties or posture 6 is weak; 13 is absent."
    )


def test_claims_that_are_only_taken_together_have_no_count_to_say() -> None:
    together = replace(few(), examined=tuple(one for one in few().examined if one.key == "4-8"))
    assert together.single == []
    assert "not counted" in headline(together)
    assert sensitivity(together) == ""


def test_files_are_the_same_each_time_and_the_numbers_are_plain() -> None:
    made = files(few())
    assert sorted(made) == ["claims.json", "claims.md", "figures/claims_forest.png"]
    assert made["figures/claims_forest.png"][:4] == b"\x89PNG"
    assert json.loads(made["claims.json"]) == plain(few())
    again = plain(examine(load_claims(), 12, only={"6"}))
    assert again["claims"] == json.loads(made["claims.json"])["claims"][:1]


def test_a_fingerprint_follows_the_claims() -> None:
    claims = load_claims()
    one = claims.model_copy(update={"claims": {"6": claims.claims["6"]}})
    other = one.model_copy(update={"title": "Other claims"})
    assert expected_fingerprint(one) == expected_fingerprint(one) != expected_fingerprint(other)


def test_numbers_are_written_for_their_size() -> None:
    assert (number(-0.0583), number(0.0004), number(0.0)) == ("−0.058", "+0.0004", "0.000")
    assert interval(None) == "nothing to measure"
    assert interval(difference([0.5, 0.6], [0.5, 0.6], seed=1)) == "0, in every run"  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_shipped_numbers_are_what_the_model_gives() -> None:
    wanted = {"3", "9", "11", "16", "21", "24"}
    made = plain(examine(load_claims(), NUMBERS["runs"], NUMBERS["seed"], only=wanted))
    shipped = [one for one in NUMBERS["claims"] if one["number"] in wanted]
    for mine, theirs in zip(made["claims"], shipped, strict=True):
        assert mine["verdicts"] == theirs["verdicts"], mine["number"]
        for one, other in zip(mine["effects"], theirs["effects"], strict=True):
            for what in ("effect", "mechanism_off", "beliefs_frozen"):
                if one[what] is not None:
                    assert one[what]["difference"] == pytest.approx(other[what]["difference"], abs=1e-9)
