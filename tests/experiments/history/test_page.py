"""The page on validation: its text as it was read and approved, and sentences that follow from the numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.experiments.history.calibrate.plan import Expectation, PastTest
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.evaluate.skill import Skill
from papertiger.experiments.history.evaluate.verdict import verdict
from papertiger.experiments.history.forecast.predictions import KINDS
from papertiger.experiments.history.page.evidence import expectations_in_words, luck_in_words, parts_in_words
from papertiger.experiments.history.page.material import Material
from papertiger.experiments.history.page.page import page
from papertiger.experiments.history.page.robustness import (
    choice_in_words,
    coding_table,
    codings_in_words,
    timing_in_words,
)
from tests.experiments.history import page_material as made_up
from tests.experiments.history.small import shipped_problem

APPROVED = Path(__file__).with_name("validation_page.md")


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> CalibrationProblem:
    return made_up.page_problem(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def material(problem: CalibrationProblem) -> Material:
    return Material(
        made_up.examination(problem),
        made_up.calibration(problem),
        made_up.outcomes(),
        made_up.replayed(problem),
        made_up.ranks(problem),
        made_up.BELIEFS,
        made_up.COVERAGES,
    )


def test_the_page_reads_as_approved(material: Material) -> None:
    assert page(material, "papertiger validate trial.yaml") == APPROVED.read_text(encoding="utf-8")


def test_a_test_on_record_stands_on_the_page_as_it_was_found(material: Material, problem: CalibrationProblem) -> None:
    told = PastTest(title="A true test", text="Behind climatology.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n")
    recorded = replace(problem, plan=problem.plan.model_copy(update={"record": (told,)}))
    with_record = page(replace(material, examination=made_up.examination(recorded)), "papertiger validate trial.yaml")
    section = f"## A true test\n\n{told.text}\n\n## What was done\n"
    assert section in with_record
    assert with_record.replace(section, "## What was done\n") == page(material, "papertiger validate trial.yaml")
    assert recorded.fingerprint == problem.fingerprint


def test_the_shipped_page_holds_the_shipped_record() -> None:
    shipped = Path(__file__).parents[3] / "docs" / "validation.md"
    [told] = shipped_problem().plan.record
    assert f"## {told.title}\n\n{told.text}\n\n## What was done\n" in shipped.read_text(encoding="utf-8")


def replaced(material: Material, **parts: object) -> str:
    return page(replace(material, **parts), "papertiger validate")  # type: ignore[arg-type]


ALL_KEYS = [
    (reference, split, kind)
    for reference in ("persistence", "climatology", "M1")
    for split in ("all", "apart")
    for kind in KINDS
]
SKILLS = st.sampled_from(
    [made_up.AHEAD, made_up.BEATS, made_up.BEHIND, made_up.BEATEN, made_up.skill_of(0.0, -0.01, 0.01)]
)


@given(st.lists(SKILLS, min_size=len(ALL_KEYS), max_size=len(ALL_KEYS)))
def test_the_verdict_says_no_more_than_the_intervals(problem: CalibrationProblem, skills: list[Skill]) -> None:
    told = dict(zip(ALL_KEYS, skills, strict=True))
    first = verdict(made_up.examination(problem, told))[0]
    within = {split: [skill for key, skill in told.items() if key[1] == split] for split in ("all", "apart")}
    whole, without = first.split("; it stays ahead")[0].split("; it is ahead without")[0].split("; without")[0], first
    assert ("beats persistence, climatology and structure alone" in whole) == all(
        skill.gain_low > 0 for skill in within["all"]
    )
    assert ("does not beat its baselines" in whole) == any(skill.gain <= 0 for skill in within["all"])
    assert ("luck is not ruled out" in whole) == all(
        skill.gain > 0 and skill.gain_low <= 0 for skill in within["all"]
    )
    assert ("clearly behind" in whole) == any(skill.gain_high < 0 for skill in within["all"])
    assert ("clearly behind" in first) == any(skill.gain_high < 0 for skill in skills)
    assert ("behind, but not clearly" in whole) == any(skill.gain < 0 <= skill.gain_high for skill in within["all"])
    assert ("does as well as" in first) == any(skill.gain == 0 for skill in skills)
    ahead = min(skill.gain for skill in within["apart"]) > 0
    assert ("ahead without Alfa" in without) == ahead
    if ahead:
        assert ("it stays ahead" in first) == (min(skill.gain for skill in within["all"]) > 0)
        assert (", but not clearly." in first) == all(skill.gain_low <= 0 for skill in within["apart"])


@pytest.mark.parametrize("dates", [0, 1, 2, 39])
@pytest.mark.parametrize("lag", [0, 1, 2, 39])
@pytest.mark.parametrize("whose", [0, 1, 2, 39])
def test_timing_matters_only_where_few_worlds_do_as_well(
    material: Material, dates: int, lag: int, whose: int
) -> None:
    outcomes = made_up.outcomes({"dates": dates, "lag": lag, "clients": whose})
    said = timing_in_words(replace(material, outcomes=outcomes))
    other = [count <= 1 for count in (dates, lag)]  # 2 of 40 worlds, the true one among them, are a share of 0.05
    assert ("Whose events they are matters." in said) == (whose <= 1)
    assert ("When they came matters" in said) == (all(other) and whose > 1)
    assert ("So does when they came" in said) == (all(other) and whose <= 1)
    assert ("nothing that these data can tell from luck" in said) == (not any(other))
    assert ("hangs on how it is changed" in said) == (any(other) and not all(other))
    assert "1 of 39 worlds do " not in said


def test_codings_cannot_lose_a_skill_that_is_not_there(material: Material) -> None:
    without = made_up.outcome("coding", "without pact", 0.02, 0.05)
    lacking = replace(made_up.TRUE, one_step=0.013, from_origin=0.045)
    half = replace(made_up.TRUE, one_step=0.013)
    said = [
        codings_in_words(coding_table(replace(material, outcomes=outcomes)))
        for outcomes in ([lacking, without], [half, without], [made_up.TRUE, without], [made_up.TRUE])
    ]
    assert said == [
        "With all indicators there is no skill against climatology one step ahead and from the origin.",
        "With all indicators there is no skill against climatology one step ahead. "
        "Skill against climatology is lost without pact.",
        "Skill against climatology is lost without pact.",
        "No other coding was tried.",
    ]


@pytest.mark.parametrize(
    ("one_step", "origin", "test", "reading"),
    [
        (0.008, 0.020, "does better than", "that much too low."),
        (0.009, 0.022, "does worse than", "that much too high."),
        (
            0.008,
            0.022,
            "better one step ahead and worse from the origin than",
            "too low one step ahead and too high",
        ),
    ],
)
def test_what_would_have_been_chosen_is_judged_on_both_forecasts(
    material: Material, one_step: float, origin: float, test: str, reading: str
) -> None:
    rival = made_up.outcome("variant", "forgetting", one_step, origin, -7.0)
    said = choice_in_words(replace(material, outcomes=[made_up.TRUE, rival]))
    assert test in said
    assert reading in said
    assert choice_in_words(replace(material, outcomes=[made_up.TRUE, replace(rival, log_left_out=-12.0)])) == ""


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ((-6.0, -0.3, 0.0, -0.001), ("403 to 1 for", "hardly worth", ": +0.00 nats; in these data they make no")),
        ((6.0, 2.0, 0.0, -3.0), ("403 to 1 against", "speaks for one", "speak against them")),
        ((0.1, -2.0, 0.0, 3.0), ("even odds", "speaks for two", "speak for them")),
        (
            (-60.0, 0.0, 0.0, 0.0),
            ("odds of more than 5,184,705,528,587,072", "hardly worth", "no difference"),
        ),
    ],
)
def test_evidence_speaks_for_the_model_that_has_more(evidence: tuple[float, ...], words: tuple[str, ...]) -> None:
    lines = parts_in_words(dict(zip(("M1", "M2", "M3", "M4"), evidence, strict=True)))
    assert all(word in line for word, line in zip(words, lines, strict=True))
    assert parts_in_words({"M1": 0.0, "M4": 1.0}) == []


@pytest.mark.parametrize(
    ("movers", "clients", "words"),
    [(0, 16, "No client of the test moved"), (2, 16, "hold nobody that moves in 12 % of all cases"), (10, 16, "")],
)
def test_luck_is_spoken_of_where_drawn_sets_lack_the_movers(movers: int, clients: int, words: str) -> None:
    said = luck_in_words(movers, clients)
    assert words in said
    assert bool(words) == bool(said)


@pytest.mark.parametrize(
    ("alfa", "bravo", "words"),
    [
        (0.3, 0.2, ("any other client: holds (0.30", "one half: holds (0.80)", "most often hedging: does not hold")),
        (0.3, 0.3, ("any other client: does not hold", "holds (0.70)", "does not hold")),
        (0.6, 0.4999, ("holds (0.60", "one half: holds (0.5001)", "most often hedging: holds (hedging in 0.60")),
        (0.6, 0.5, ("holds (0.60", "one half: does not hold (0.50)", "holds (hedging")),
    ],
)
def test_expectations_hold_only_where_the_numbers_do(
    problem: CalibrationProblem, alfa: float, bravo: float, words: tuple[str, ...]
) -> None:
    lines = expectations_in_words(made_up.replayed(problem, alfa, bravo), problem.plan.expectations)
    assert all(word in line for word, line in zip(words, lines, strict=True))


def test_a_posture_that_was_never_observed_is_said_to_be_so(problem: CalibrationProblem) -> None:
    expected = Expectation(client="Alfa", posture="realigned", shows="most often")
    (line,) = expectations_in_words(made_up.replayed(problem), (expected,))
    assert line.endswith("realigned in 0.00; it was never observed realigned).")


def test_parameters_known_only_together_are_those_that_correlate(
    material: Material, problem: CalibrationProblem
) -> None:
    tied = made_up.calibration(problem)
    points = tied.points["M4"]
    values = np.column_stack([points.values[:, 0], points.values[:, 0] ** 2])
    tied.points["M4"] = replace(points, values=values)
    said = replaced(material, calibration=tied)
    assert "Parameters that the data know only together (posterior correlations of the full model):\n\n- " in said
    assert "No two parameters are known only together" not in said


def test_a_calibration_of_later_years_is_not_called_a_look_back(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertiger.experiments.history.page.page.KNOWN_FROM", "2022")
    examination = material.examination
    plan = examination.problem.plan.model_copy(update={"free": ("choice_noise",), "variants": {}})
    later = replace(examination, problem=replace(examination.problem, plan=plan))
    outcomes = [one for one in material.outcomes if one.kind != "variant"]
    said = replaced(replace(material, outcomes=outcomes), examination=later)
    assert "look-back" not in said
    assert "Free is choice noise μ; everything else stands at its default. It is learned" in said
    assert "No variant was tried. The shipped one was named" in said
