"""The answer in a sentence: it says what the numbers say, and not more."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from papertiger.experiments.report.labels import MONTHS, PERCENT, POINTS, Words
from papertiger.experiments.report.page import answer as written_answer
from papertiger.experiments.report.page import write_report
from papertiger.experiments.report.sentences import Contrast, brief, filled, sentence
from papertiger.experiments.run.results import Results
from tests.experiments.report.made_up import make_results, plain, share

FOUND = Contrast("base", "twin", "share", 0.30, 0.20, -0.10, -0.12, -0.08, -1.5, 0.8, 200, False)
SHARE = Words("the share of clients", "Share of clients", PERCENT)


def answer(results: Results) -> list[str]:
    write_report(results)
    return written_answer(results)


def said(**changes: object) -> str:
    return sentence(replace(FOUND, **changes), SHARE, "Base", "Twin")  # type: ignore[arg-type]


def test_a_difference_is_named_with_its_interval_and_both_levels() -> None:
    text = said()
    assert "Under “Twin” the share of clients is 10.0 percentage points lower than under “Base”" in text
    assert "(95\u202f% interval 8.0 to 12.0)" in text
    assert "20.0\u202f% against 30.0\u202f%" in text


def test_swapping_the_two_turns_the_sentence() -> None:
    turned = replace(
        FOUND,
        baseline="twin",
        against="base",
        mean_baseline=0.2,
        mean_against=0.3,
        difference=0.1,
        low=0.08,
        high=0.12,
    )
    text = sentence(turned, SHARE, "Twin", "Base")
    assert "Under “Base” the share of clients is 10.0 percentage points higher than under “Twin”" in text
    assert "(95\u202f% interval 8.0 to 12.0)" in text


def test_pairs_that_all_agree_are_no_difference() -> None:
    text = said(difference=0.0, low=0.0, high=0.0, identical=True)
    assert text.startswith(
        "There is no difference: the share of clients is exactly the same under “Twin” as under “Base”"
    )
    assert "each of the 200 pairs" in text
    assert "at most 1.5\u202f% of all runs" in text


def test_an_interval_that_includes_zero_is_no_proof_of_no_difference() -> None:
    text = said(difference=-0.001, low=-0.004, high=0.002)
    assert text.startswith("No difference can be told from chance")
    assert "−0.1 percentage points (95\u202f% interval −0.4 to +0.2, which includes zero" in text
    assert "no evidence that there is none" in text


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.002), (-0.002, 0.0)])
def test_an_interval_that_touches_zero_includes_it(low: float, high: float) -> None:
    assert said(difference=(low + high) / 2, low=low, high=high).startswith("No difference can be told")


def test_nothing_to_compare_says_so() -> None:
    assert said(pairs=0).startswith("This cannot be answered")


def test_a_small_difference_is_not_rounded_to_zero() -> None:
    text = said(difference=-0.0004, low=-0.0006, high=-0.0002)
    assert "0.04 percentage points lower" in text
    assert "0.02 to 0.06" in text


def test_words_fit_the_unit() -> None:
    months = replace(FOUND, mean_baseline=40.0, mean_against=52.0, difference=12.0, low=10.0, high=14.0)
    text = sentence(months, Words("the time until it leaves", "Months", MONTHS), "Base", "Twin")
    assert "is 12.0 months longer than" in text
    scale = replace(FOUND, difference=0.1304, low=0.13038, high=0.13042)
    text = sentence(scale, Words("the belief", "Belief", POINTS), "Base", "Twin")
    assert "is 0.13040 higher than" in text
    assert "interval 0.13038 to 0.13042" in text


def test_a_line_of_a_list() -> None:
    assert brief(FOUND, SHARE, "Twin") == "Twin: lower by 10.0 percentage points [−12.0, −8.0]"
    unclear = replace(FOUND, difference=0.001, low=-0.01, high=0.02)
    assert brief(unclear, SHARE, "Twin").startswith("Twin: no difference that can be told from chance, +0.1")
    few = replace(FOUND, difference=0.1, low=math.nan, high=math.nan, pairs=3, draws=3, alike=0.3684)
    assert brief(few, SHARE, "Twin") == (
        "Twin: no difference that can be told from chance, +10.0 percentage points, the same in each of the 3 pairs "
        "of runs, and so in at least 37\u202f% of all"
    )
    assert brief(replace(FOUND, identical=True), SHARE, "Twin") == "Twin: no difference in any pair of runs"
    assert brief(replace(FOUND, pairs=0), SHARE, "Twin") == "Twin: cannot be compared"


def test_a_template_is_filled_and_reaches_nothing_else() -> None:
    template = "{against} is {direction} by {size} {unit}; {unknown} {measure.__class__} {0}"
    text = filled(template, FOUND, SHARE, "Base", "Twin")
    assert text == "Twin is lower by 10.0 percentage points; {unknown} {measure.__class__} {0}"


def test_the_answer_flips_when_baseline_and_twin_change_places(tmp_path: Path) -> None:
    kept = answer(plain(tmp_path / "kept"))[0]
    swapped = answer(plain(tmp_path / "swapped", scenario_labels=("twin", "base")))[0]
    assert "Under “World twin”" in kept
    assert "lower than under “World base”" in kept
    assert "Under “World base”" in swapped
    assert "higher than under “World twin”" in swapped

    def interval(text: str) -> str:
        return text.split("interval ")[1].split(")", maxsplit=1)[0]

    assert interval(kept) == interval(swapped)


def test_a_scenario_against_itself_is_no_difference(tmp_path: Path) -> None:
    results = plain(tmp_path / "same", shift=0.0)
    assert answer(results)[0].startswith("There is no difference")


def test_the_headline_is_the_comparison_that_says_so(tmp_path: Path) -> None:
    results = make_results(
        tmp_path / "three",
        {"share": share({"twin": -0.1, "third": 0.1})},
        scenario_labels=("base", "twin", "third"),
        measures={"share": {"kind": "share_defected"}},
        comparisons=[
            {"baseline": "base", "against": "twin"},
            {"baseline": "base", "against": "third", "headline": True},
        ],
        answer="{against} it is: {difference} {unit}.",
    )
    own, generic = answer(results)
    assert own.startswith("World third it is: +10.")
    assert generic.startswith("Under “World third”")


def test_one_scenario_is_no_comparison(tmp_path: Path) -> None:
    results = plain(tmp_path / "one", scenario_labels=("base",))
    assert answer(results) == ["This experiment compares no scenarios; its numbers are below."]
