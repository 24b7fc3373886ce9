"""What the author of a calibration file is told, each mistake with its line."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.loader import find_plan, load_problem, plan_names
from tests.experiments.history.small import OBSERVED, PLAN, shipped_problem, write

FREE = "free: [choice_noise, switching_cost]"
BROKEN = {
    "an unknown parameter": (
        PLAN.replace("choice_noise", "choise_noise"),
        "trial.yaml:7: free.0: no parameter 'choise_noise' (did you mean 'choice_noise'?)",
    ),
    "a parameter without a prior": (
        PLAN.replace("choice_noise", "review_rate").replace("scenario: world", "scenario: other"),
        "trial.yaml:7: free.0: the parameter review_rate has no prior in other",
    ),
    "a parameter that feeds back": (
        PLAN.replace("choice_noise", "contagion"),
        "trial.yaml:7: free.0: the parameter contagion is 0 in an exact replay, so that it cannot be free",
    ),
    "a setting that feeds back": (
        PLAN + "settings: {contagion: 0.3}\n",
        "trial.yaml:11: settings.contagion: contagion is 0 in an exact replay, whatever is set here",
    ),
    "an unknown setting": (
        PLAN + "settings: {choice_nose: 0.02}\n",
        "trial.yaml:11: settings.choice_nose: no 'choice_nose' to set (did you mean 'choice_noise'?)",
    ),
    "a figure that is drawn": (
        PLAN + "settings: {clients.Alfa.arms: {uniform: [0.1, 0.2]}}\n",
        "trial.yaml:3: scenario: world draws clients.Alfa.arms anew in every run; give a value to each",
    ),
    "the same parameter twice": (
        PLAN.replace(FREE, "free: [choice_noise, parameters.choice_noise]"),
        "trial.yaml:7: free: expected names that differ, got one twice",
    ),
    "nothing free": (
        PLAN.replace(FREE, "free: [evidence_scale]"),
        "trial.yaml:1: models.0: M1 fixes every parameter that is free here\n"
        "trial.yaml:1: models.1: M1b fixes every parameter that is free here",
    ),
    "too many free": (
        PLAN.replace(FREE, "free: [a, b, c, d, e, f]"),
        "trial.yaml:7: free: expected at most 5 parameters, since the data cannot tell more, got 6",
    ),
    "a half-year that was not observed": (
        PLAN.replace("last: 2023H1", "last: 2024H2"),
        "trial.yaml:6: testing.last: 2024H2 was not observed; observations run 2020H1 to 2023H1",
    ),
    "a test within the training": (
        PLAN.replace("last: 2022H1", "last: 2022H2"),
        "trial.yaml:6: testing: expected half-years after the training's last, 2022H2, got 2022H2",
    ),
    "a span that ends before it begins": (
        PLAN.replace("2022H2, last: 2023H1", "2023H1, last: 2022H2"),
        "trial.yaml:6: testing: expected a span that does not end before it begins, got 2023H1 to 2022H2",
    ),
    "a month in place of a half-year": (
        PLAN.replace("first: 2020H1", "first: 2020-01"),
        "trial.yaml:5: training.first: expected a half-year written YYYYH1 or YYYYH2, got '2020-01'",
    ),
    "a generative scenario": (
        PLAN.replace("scenario: world", "scenario: partners_generative"),
        "trial.yaml:3: scenario: expected a replay, got partners_generative, which is generative",
    ),
    "no such scenario": (
        PLAN.replace("scenario: world", "scenario: wrold"),
        "trial.yaml:3: scenario: no scenario 'wrold' beside this file or among the shipped ones "
        "(did you mean 'world'?)",
    ),
    "the same scenario twice": (
        PLAN + "codings: [other, world]\n",
        "trial.yaml:11: codings.1: two scenarios are called 'world'",
    ),
    "no such observations": (
        PLAN.replace("./postures.yaml", "partners_posture"),
        "trial.yaml:4: observed: no observations of this name, and no such file (did you mean 'partners_postures'?)",
    ),
    "observations of others": (
        PLAN.replace("world", "partners_2020"),
        "trial.yaml:4: observed: the scenario partners_2020 has no client Alfa, Bravo, which was observed",
    ),
    "not a power of 2": (
        PLAN.replace("points: 64", "points: 100"),
        "trial.yaml:9: points: expected a power of 2, got 100; take 64 or 128",
    ),
    "an unknown model": (
        PLAN + "models: [M1, m4]\n",
        "trial.yaml:11: models: no model 'm4', expected some of M1, M1b, M2, M3, M4 (did you mean 'M4'?)",
    ),
    "an unknown key": (
        PLAN + "point: 64\n",
        "trial.yaml:11: point: unknown key (did you mean 'points'?)",
    ),
    "too few draws": (
        PLAN.replace("draws: 100", "draws: 7"),
        "trial.yaml:10: draws: expected a whole number from 100 to 20000, got 7",
    ),
    "no title": (PLAN.replace("title: A trial\n", ""), "trial.yaml:1: missing key 'title'"),
    "a client that was not observed": (
        PLAN + "apart: [Alpha]\n",
        "trial.yaml:11: apart.0: no client 'Alpha' was observed (did you mean 'Alfa'?)",
    ),
    "a variant of an unknown parameter": (
        PLAN + "variants:\n  one: {why: x, free: [forgeting]}\n",
        "trial.yaml:12: variants.one.free.0: no parameter 'forgeting' (did you mean 'forgetting'?)",
    ),
    "a variant with an unknown setting": (
        PLAN + "variants:\n  one:\n    why: x\n    settings: {nosuch: 1}\n",
        "trial.yaml:14: variants.one.settings.nosuch: no 'nosuch' to set",
    ),
    "a setting that is out of range": (
        PLAN + "settings:\n  review_rate: -1\n  clients.Alfa: {arms: 9}\n",
        "trial.yaml:13: settings.clients.Alfa: expected a number from 0 to 1, got 9\n"
        "trial.yaml:12: settings.review_rate: expected a number from 0 to 1, got -1",
    ),
    "a setting of what is free": (
        PLAN + "settings: {choice_noise: 0.02}\n",
        "trial.yaml:11: settings.choice_noise: choice_noise is free, so that a number set here has no effect",
    ),
    "a setting that makes it generative": (
        PLAN + "settings: {generative_from: 2022-01}\n",
        "trial.yaml:3: scenario: expected a replay, got world, which is generative from 2022-01 on",
    ),
    "a variant that is generative": (
        PLAN + "variants: {one: {why: x, settings: {generative_from: 2022-01}}}\n",
        "trial.yaml:11: variants.one.settings: expected a replay, got world, which is generative from 2022-01 on",
    ),
    "a variant that feeds back": (
        PLAN + "variants: {one: {why: x, settings: {contagion: 0.3}}}\n",
        "trial.yaml:11: variants.one.settings.contagion: contagion is 0 in an exact replay, whatever is set here",
    ),
    "a variant with a figure that is drawn": (
        PLAN + "variants: {one: {why: x, settings: {clients.Alfa.arms: {uniform: [0.1, 0.2]}}}}\n",
        "trial.yaml:11: variants.one.settings: world draws clients.Alfa.arms anew in every run; give a value to each",
    ),
    "a variant that ends too early": (
        PLAN + "variants: {one: {why: x, settings: {span.end: 2022-06}}}\n",
        "trial.yaml:11: variants.one.settings: observed months 2020-06 to 2023-06 reach beyond world, which runs "
        "2020-01 to 2022-06",
    ),
    "a variant with the same parameter twice": (
        PLAN + "variants: {one: {why: x, free: [choice_noise, choice_noise]}}\n",
        "trial.yaml:11: variants.one.free: expected names that differ, got one twice",
    ),
    "a training of one half-year": (
        PLAN.replace("2020H1, last: 2022H1", "2022H1, last: 2022H1"),
        "trial.yaml:5: training: no half-year after 2022H1 and up to 2022H1 counts: the first is only a start, and "
        "else each client is a sub-state, not yet in the network, or has lost its regime",
    ),
    "all clients apart": (
        PLAN + "apart: [Alfa, Bravo]\n",
        "trial.yaml:11: apart: expected at least one client that is scored to be left",
    ),
    "a client apart twice": (PLAN + "apart: [Alfa, Alfa]\n", "trial.yaml:11: apart.1: 'Alfa' is named twice"),
    "a variant of an unknown model": (
        PLAN + "variants:\n  one: {why: x, model: M7}\n",
        "trial.yaml:12: variants.one.model: no model 'M7', expected one of M1, M1b, M2, M3, M4",
    ),
}


@pytest.mark.parametrize("what", sorted(BROKEN))
def test_a_broken_file_is_told_what_is_wrong_and_where(tmp_path: Path, what: str) -> None:
    text, said = BROKEN[what]
    with pytest.raises(ExperimentError) as caught:
        load_problem(write(tmp_path, text))
    lines = [line.removeprefix(f"{tmp_path}{os.sep}") for line in str(caught.value).splitlines()]
    assert lines == said.splitlines()


def test_a_test_that_scores_nothing_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    lost = OBSERVED.replace("  Alfa: {}\n", "").replace("2022-03", "2021-12").replace("2023-02", "2022-03")
    lines = [line for line in lost.splitlines() if not line.startswith("  alfa_")]
    (tmp_path / "postures.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ExperimentError, match=r":6: testing: nothing to score from 2022H2 to 2023H1: each"):
        load_problem(path)


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    text = PLAN.replace("choice_noise", "nosuch").replace("world", "other")
    with pytest.raises(ExperimentError) as caught:
        load_problem(write(tmp_path, text + "codings: [wolrd]\nvariants:\n  one: {why: x, free: [nosuch]}\n"))
    assert [line.split(":")[-2].strip() for line in str(caught.value).splitlines()] == [
        "free.0",
        "codings.0",
        "variants.one.free.0",
    ]


def test_an_option_is_named_as_the_place_of_its_mistake(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match=r"^--points: points: expected a power of 2, got 100; take 64 or 128$"):
        load_problem(write(tmp_path), points=100)
    assert load_problem(write(tmp_path), points=128).plan.points == 128


def test_names_mean_shipped_files_and_paths_mean_files(tmp_path: Path) -> None:
    assert plan_names() == ["partners_2020", "partners_2026", "patrons"]
    with pytest.raises(
        ExperimentError, match=r"no calibration of this name, and no such file \(did you mean 'partners"
    ):
        find_plan("partners_2021")
    problem = load_problem(write(tmp_path))
    assert (problem.plan.name, problem.scenario.name, list(problem.worlds)) == ("trial", "world", ["world"])
    with pytest.raises(ExperimentError, match=r"nosuch\.yaml: no such file"):
        load_problem(tmp_path / "nosuch.yaml")


def test_the_shipped_calibration_loads_with_what_it_names() -> None:
    problem = shipped_problem()
    assert problem.plan.paths[0] == "parameters.evidence_scale"
    assert problem.match("M4").scored[:8].sum() == 13 * 7 + 4  # Mali enters in December 2021


@pytest.mark.parametrize("seed", [-1, 2**31, 2**32 + 1, 2**59])
def test_a_seed_that_a_library_would_take_for_another_is_refused(tmp_path: Path, seed: int) -> None:
    text = re.sub(r"(?m)^seed:.*\n", "", PLAN) + f"seed: {seed}\n"
    with pytest.raises(ExperimentError, match=r"trial\.yaml:\d+: seed: expected .*2147483647"):
        load_problem(write(tmp_path, text))


def test_the_largest_seed_of_a_calibration_is_taken(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^seed:.*\n", "", PLAN) + f"seed: {2**31 - 1}\n"
    assert load_problem(write(tmp_path, text)).plan.seed == 2**31 - 1
