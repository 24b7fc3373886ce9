"""The page is what the command writes: it carries what it was made from, and says what its numbers say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from papertiger.experiments.claims.examine import Examination, examine, examine_both, expected_fingerprint
from papertiger.experiments.claims.loader import load_claims
from papertiger.experiments.claims.page import HEAD, files, page, plain
from papertiger.experiments.claims.schema import DOMAINS
from papertiger.experiments.claims.sentences import headline, interval, number, sensitivity, under_learned
from papertiger.experiments.claims.verdict import WORST_FIRST, Judged, difference
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


@cache
def both() -> Examination:
    """Return three claims, examined under the shipped constants and under those that other cases taught."""
    return examine_both(load_claims(), 6, only={"6", "13", "15"})


def test_a_second_column_says_what_learned_constants_make_of_each_claim() -> None:
    learned = both().learned
    assert learned is not None
    assert learned.posterior == load_claims().learned == "patrons"
    assert both().posterior is None
    text = page(both())
    assert "| | claim | borne out by facts | belief | learned | ties | learned | posture and acts | learned |" in text
    assert under_learned(both()) in text
    row = next(line for line in text.splitlines() if line.startswith("| 6 | No warning came | yes |"))
    cells = [cell.strip(" *") for cell in row.strip("|").split("|")][3:]
    for domain, told, again in zip(DOMAINS, cells[::2], cells[1::2], strict=True):
        assert (told, again) == (both().examined[0].verdict(domain), learned.examined[0].verdict(domain))
    assert plain(both())["learned"] == plain(learned)


def test_both_columns_have_the_same_luck_and_differ_in_constants_alone() -> None:
    learned = both().learned
    assert learned is not None
    again = examine(load_claims(), 6, only={"6"}, posterior="patrons")
    (one,) = plain(again)["claims"]
    assert one == plain(learned)["claims"][0]
    assert one != plain(both())["claims"][0]
    assert both().fingerprint != learned.fingerprint


def test_what_changes_under_learned_constants_is_named() -> None:
    one = both()
    assert one.learned is not None
    (six, *rest) = one.learned.examined
    nothing = replace(six, findings=tuple(replace(two, judged=Judged("absent")) for two in six.findings))
    changed = replace(one, learned=replace(one.learned, examined=(nothing, *rest)))
    works = [three.key for three in one.single if three.verdict("belief") == "works"]
    assert works == ["6"]
    assert "0 work in belief" in under_learned(changed)
    assert "in belief 6 no longer works" in under_learned(changed)
    assert under_learned(replace(one, learned=None)) == ""


def test_the_shipped_page_counts_what_learned_constants_make_of_claims() -> None:
    single = [one for one in NUMBERS["learned"]["claims"] if "-" not in one["number"]]
    works = sum(one["verdicts"]["belief"] == "works" for one in single)
    behaves = sum(one["behaviour"] == "works" for one in single)
    assert f"(`patrons`) {works} work in belief and {behaves} in ties or posture: " in text_of(PAGE)


@pytest.mark.slow
def test_the_shipped_numbers_are_what_the_model_gives() -> None:
    compare({"3", "9", "11", "16", "21", "24"}, None, NUMBERS["claims"])
    compare({"3", "16"}, NUMBERS["learned"]["posterior"], NUMBERS["learned"]["claims"])


def compare(wanted: set[str], posterior: str | None, numbers: list[dict[str, Any]]) -> None:
    """Examine some claims anew, and hold what comes against numbers of the shipped page."""
    made = plain(examine(load_claims(), NUMBERS["runs"], NUMBERS["seed"], only=wanted, posterior=posterior))
    shipped = [one for one in numbers if one["number"] in wanted]
    for mine, theirs in zip(made["claims"], shipped, strict=True):
        assert mine["verdicts"] == theirs["verdicts"], mine["number"]
        for one, other in zip(mine["effects"], theirs["effects"], strict=True):
            for what in ("effect", "mechanism_off", "beliefs_frozen"):
                if one[what] is not None:
                    assert one[what]["difference"] == pytest.approx(other[what]["difference"], abs=1e-9)
