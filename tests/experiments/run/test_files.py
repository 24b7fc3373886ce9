"""Experiment files: what their authors are told, with the exact words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from papertiger.experiments.design.loader import load_experiment, load_study
from papertiger.experiments.design.sources import experiment_names
from papertiger.experiments.errors import ExperimentError
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, write

KINDS = (
    "capability, cascade, change_rate, defected, destination, first_move, ledger, patron, posture, protection, "
    "resolve, share_defected, tie, time_to"
)
GOOD = HEAD + MEASURES


def problems(path: str | Path) -> list[str]:
    with pytest.raises(ExperimentError) as caught:
        load_study(path)
    return str(caught.value).splitlines()


CASES = {
    "unknown key": (
        GOOD + "replicate: 3\n",
        ["15: replicate: unknown key (did you mean 'replicates'?)"],
    ),
    "name": (GOOD + "name: mine\n", ["15: name: unknown key: the file's name is the experiment's"]),
    "missing keys": (
        "title: A\nscenarios: [world]\nreplicates: 1\n",
        ["1: missing keys 'question', 'description', 'measures'"],
    ),
    "no replicates": (
        GOOD.replace("replicates: 4", "replicates: 0"),
        ["4: replicates: expected a whole number of at least 1, got 0"],
    ),
    "half a replicate": (
        GOOD.replace("replicates: 4", "replicates: 1.5"),
        ["4: replicates: expected a whole number of at least 1, got 1.5"],
    ),
    "unknown scenario": (
        GOOD.replace("[world, calm]", "[world, clam]"),
        ["5: scenarios.1: no scenario 'clam' among the shipped ones or beside this file (did you mean 'calm'?)"],
    ),
    "scenario twice": (
        GOOD.replace("[world, calm]", "[world, world]"),
        ["5: scenarios.1: two scenarios are called 'world'; give one of them a 'label' of its own"],
    ),
    "not a scenario": (
        GOOD.replace("[world, calm]", "[world, 3]"),
        ["5: scenarios.1: expected the name or path of a scenario, got 3"],
    ),
    "unknown setting": (
        GOOD + "settings: {forgeting: 0.9}\n",
        ["15: settings.forgeting: no 'forgeting' to set (did you mean 'forgetting'?)"],
    ),
    "setting out of range": (
        GOOD + "settings:\n  parameters.forgetting: 9\n",
        ["16: settings.parameters.forgetting: expected a number from 0 to 1, got 9"],
    ),
    "unknown kind of measure": (
        HEAD + "measures:\n  a: {kind: postur, client: Alfa}\n",
        [
            f"7: measures.a.kind: no kind of measure 'postur', expected one of {KINDS}; one of your own comes in by "
            "--import FILE.py, or by an installed package (did you mean 'posture'?)"
        ],
    ),
    "measure without a kind": (
        HEAD + "measures:\n  a: {client: Alfa}\n",
        [f"7: measures.a: expected a mapping with a 'kind', one of {KINDS}; got a mapping without it"],
    ),
    "unknown client": (
        HEAD + "measures:\n  a: {kind: posture, client: Alpha}\n",
        ["7: measures.a.client: no client 'Alpha' in the scenario world (did you mean 'Alfa'?)"],
    ),
    "unknown key of a measure": (
        HEAD + "measures:\n  a: {kind: posture, cleint: Alfa}\n",
        ["7: measures.a.cleint: unknown key (did you mean 'client'?)"],
    ),
    "month outside": (
        HEAD + "measures:\n  a: {kind: posture, client: Alfa, at: 2030-01}\n",
        ["7: measures.a.at: 2030-01 is outside the span of world, 2020-01 to 2022-12"],
    ),
    "not a month": (
        HEAD + "measures:\n  a: {kind: posture, client: Alfa, at: soon}\n",
        ["7: measures.a.at: expected a month written YYYY-MM, or 'end', got 'soon'"],
    ),
    "unknown event": (
        HEAD + "measures:\n  a: {kind: cascade, event: rade}\n",
        ["7: measures.a.event: no event 'rade' in the scenario world (did you mean 'raid'?)"],
    ),
    "name of a measure": (
        HEAD + "measures:\n  'my measure': {kind: change_rate}\n",
        [
            "7: measures.my measure: expected a name of at most 60 letters, digits, '_', '-' and '.', "
            "with a letter first"
        ],
    ),
    "factor is no figure": (
        GOOD + SWEEP.replace("parameters.forgetting", "parameters.forgeting"),
        ["16: vary.forgetting.path: no 'forgeting' in 'parameters' to set (did you mean 'parameters.forgetting'?)"],
    ),
    "factor out of range": (
        GOOD + SWEEP.replace("[0.9, 0.99]", "[0.9, 1.5]"),
        ["16: vary.forgetting.uniform: parameters.forgetting: expected a number from 0 to 1, got 1.5"],
    ),
    "two distributions": (
        GOOD + SWEEP.replace("levels: [0.2, 0.9]", "levels: [0.2], uniform: [0, 1]"),
        [
            "17: vary.threat: expected one of beta, choice, levels, lognormal, loguniform, normal, uniform, "
            "got levels, uniform"
        ],
    ),
    "no prior": (
        GOOD + SWEEP.replace(", levels: [0.2, 0.9]", ""),
        ["17: vary.threat: expected levels or a distribution: clients.Alfa.threat has no prior to vary over"],
    ),
    "the same figure twice": (
        GOOD + SWEEP.replace("clients.Alfa.threat", "forgetting"),
        ["17: vary.threat: the figure 'parameters.forgetting' already varies as 'forgetting'"],
    ),
    "priors of nothing": (
        GOOD + "vary:\n  all: {priors: parameter}\ndesign: {kind: random, points: 2}\n",
        ["16: vary.all.priors: no figure beneath 'parameter' in the scenarios (did you mean 'parameters'?)"],
    ),
    "priors without what is not there": (
        GOOD + "vary:\n  all: {priors: parameters, without: [forgeting]}\ndesign: {kind: random, points: 2}\n",
        [
            "16: vary.all.without: no figure 'forgeting' beneath 'parameters' has a prior "
            "(did you mean 'forgetting'?)",
        ],
    ),
    "a path without": (
        GOOD + "vary:\n  one: {path: forgetting, without: [lock_in]}\ndesign: {kind: random, points: 2}\n",
        ["16: vary.one: 'without' leaves names out of 'priors', so it cannot stand beside 'path'"],
    ),
    "design without factors": (
        GOOD + "design: {kind: random, points: 5}\n",
        ["15: design: nothing varies: a design needs factors under 'vary'"],
    ),
    "factors without design": (
        GOOD + SWEEP.partition("design")[0],
        ["15: vary: factors vary, but the file has no 'design'; say which points to run"],
    ),
    "design without points": (
        GOOD + SWEEP.replace("random, points: 5", "sobol"),
        ["18: design: a design of the kind 'sobol' needs the key 'points'"],
    ),
    "not a power of two": (
        GOOD + SWEEP.replace("random, points: 5", "sobol, points: 5"),
        ["18: design: sobol: expected a power of 2 as points, got 5; take 4 or 8"],
    ),
    "key of another design": (
        GOOD + SWEEP.replace("random, points: 5", "grid, points: 5"),
        ["18: design: a design of the kind 'grid' has no use for the key 'points'"],
    ),
    "unknown design": (
        GOOD + SWEEP.replace("random", "halton"),
        [
            "18: design.kind: expected one of one-at-a-time, grid, random, latin-hypercube, sobol, morris, points, "
            "got 'halton'"
        ],
    ),
    "too much": (
        GOOD.replace("replicates: 4", "replicates: 100000000"),
        [
            "4: replicates: this asks for 200,000,000 runs (2 scenarios x 1 points x 100,000,000 replicates), "
            "more than 100,000,000"
        ],
    ),
    "comparison of a stranger": (
        GOOD + "comparisons:\n  - {baseline: world, against: clam, measures: [gone, gnoe]}\n",
        [
            "16: comparisons.0.against: 'clam' is not one of this experiment's scenarios (did you mean 'calm'?)",
            "16: comparisons.0.measures.1: no measure 'gnoe' in this file (did you mean 'gone'?)",
        ],
    ),
    "comparison of text": (
        GOOD + "comparisons:\n  - {baseline: world, against: calm, measures: [goes_to]}\n",
        ["16: comparisons.0.measures.0: the measure 'goes_to' is text, expected one that is a number"],
    ),
    "two headlines": (
        GOOD
        + "comparisons:\n  - {baseline: world, against: calm, headline: true}\n"
        + "  - {baseline: calm, against: world, headline: true}\n",
        ["17: comparisons.1.headline: there is one headline already; only one comparison can have it"],
    ),
    "survival of what is no time": (
        GOOD + "analyses:\n  - {kind: survival, measure: share}\n",
        ["16: analyses.0.measure: survival needs a measure of the kind 'time_to', 'share' is none"],
    ),
    "sobol without its design": (
        GOOD + SWEEP + "analyses:\n  - {kind: sobol, measure: share}\n",
        ["20: analyses.0.kind: sobol indices need a design of the kind 'sobol', this one has random"],
    ),
    "prim of nothing": (
        GOOD + "analyses:\n  - {kind: prim, measure: share, threshold: 0.1}\n",
        ["16: analyses.0.kind: prim looks for regions of what varies, and nothing varies here"],
    ),
    "prim without its threshold": (
        GOOD + SWEEP + "analyses:\n  - {kind: prim, measure: share}\n",
        ["20: analyses.0: prim needs the key 'threshold': where the outcome of interest begins"],
    ),
    "prim of times that no run has": (
        GOOD
        + SWEEP
        + "analyses:\n"
        + "  - {kind: prim, measure: leaves, threshold: 36}\n"
        + "  - {kind: prim, measure: leaves, threshold: 36, above: false}\n"
        + "  - {kind: prim, measure: leaves, threshold: 36.5, above: false}\n",
        [
            f"{place}: a run in which the event does not happen counts with all 36 months, and no restricted mean "
            "time is above that"
            for place in (
                "20: analyses.0.threshold: expected a number below 36, got 36",
                "22: analyses.2.threshold: expected a number up to 36, got 36.5",
            )
        ],
    ),
    "empty": ("", [": the file is empty, expected the keys of an experiment"]),
}


@pytest.mark.parametrize("case", CASES)
def test_the_author_is_told(tmp_path: Path, case: str) -> None:
    text, expected = CASES[case]
    path = write(tmp_path, text)
    lines = [f"{path}{line}" if line.startswith(":") else f"{path}:{line}" for line in expected]
    assert problems(path) == lines


def test_all_mistakes_come_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = (
        HEAD.replace("[world, calm]", "[world, clam]").replace("replicates: 4", "replicates: none")
        + "measures:\n  a: {kind: posture}\n  b: {kind: nothing}\n"
        + "comparisons:\n  - {baseline: 1}\n  - {baseline: world, against: world, measures: [c]}\n"
        + "vary:\n  x: {path: a, levels: []}\ndesgin: 1\n"
    )
    numbers = [int(line.split(".yaml:")[1].split(":")[0]) for line in problems(write(tmp_path, text))]
    assert numbers == sorted(numbers)
    assert set(numbers) == {4, 5, 7, 8, 10, 11, 13, 14}


def test_mistakes_of_a_scenario_are_its_own(tmp_path: Path) -> None:
    path = write(tmp_path)
    world = tmp_path / "world.yaml"
    world.write_text(world.read_text(encoding="utf-8").replace("arms: 0.3", "arms: 30"), encoding="utf-8")
    lines = problems(path)
    assert lines
    assert all(line.startswith(f"{world}:") for line in lines)


def points_file(folder: Path, table: str) -> list[str]:
    text = GOOD + SWEEP.replace("random, points: 5", "points, file: points.csv")
    path = write(folder, text)
    (folder / "points.csv").write_text(table, encoding="utf-8")
    place = f"{path}:18: design.file: {folder / 'points.csv'}"
    return [line.removeprefix(place) for line in problems(path)]


def test_a_table_of_points_is_checked_cell_by_cell(tmp_path: Path) -> None:
    table = "forgetting,treat\n0.9,1\n2,0.5\nx,0.5\n0.9\n"
    assert points_file(tmp_path, table) == [
        ":1: no column 'threat', which varies",
        ":1: the column 'treat' is no factor of this experiment (did you mean 'threat'?)",
        ":3: forgetting: expected a number from 0 to 1, got 2",
        ":4: forgetting: expected a number, got 'x'",
        ":5: expected 2 cells, got 1",
    ]


def test_a_table_of_points_that_is_empty_or_missing_is_named(tmp_path: Path) -> None:
    empty = ": the table of points is empty, expected a heading and one row per point"
    assert points_file(tmp_path, "forgetting,threat\n") == [empty]
    path = write(tmp_path, GOOD + SWEEP.replace("random, points: 5", "points, file: nowhere.csv"))
    missing = f"{tmp_path / 'nowhere.csv'}: cannot read the table of points: No such file or directory"
    assert problems(path) == [f"{path}:18: design.file: {missing}"]


def test_what_the_command_line_sets_is_checked_too(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError) as caught:
        load_study(write(tmp_path), replicates=0, points=3)
    assert str(caught.value).splitlines() == [
        "--points: an experiment that varies nothing takes no number of points",
        "--replicates: replicates: expected a whole number of at least 1, got 0",
    ]
    study = load_study(write(tmp_path, GOOD + SWEEP), replicates=7, points=3)
    assert (study.experiment.replicates, study.experiment.design and study.experiment.design.points) == (7, 3)


def test_a_name_that_is_no_experiment_is_met_with_the_nearest(tmp_path: Path) -> None:
    assert problems("war_path") == [
        "war_path: no experiment of this name, and no such file (did you mean 'war_paths'?)"
    ]
    assert problems(tmp_path / "no.yaml") == [f"{tmp_path}{os.sep}no.yaml: no such file"]


@pytest.mark.parametrize("name", experiment_names())
def test_shipped_experiments_are_right(name: str) -> None:
    experiment = load_experiment(name)
    assert experiment.name == name
    assert len([pair for pair in experiment.pairs if pair.headline]) <= 1


def test_left_out_comparisons_are_the_baseline_with_each_other_one(tmp_path: Path) -> None:
    (pair,) = load_experiment(write(tmp_path)).pairs
    assert (pair.baseline, pair.against, pair.headline) == ("world", "calm", True)
    assert pair.measures == ("gone", "posture", "leaves", "share", "belief", "assets", "changes")


def test_cases_can_have_labels_and_settings_of_their_own(tmp_path: Path) -> None:
    text = GOOD.replace(
        "[world, calm]", "[world, {scenario: world, label: quick, settings: {forgetting: 0.5}}, ./calm.yaml]"
    )
    study = load_study(write(tmp_path, text + "settings: {bad_news_weight: 2}\n"))
    assert tuple(study.worlds) == ("world", "quick", "calm")
    assert [world.parameters.forgetting.value for world in study.worlds.values()] == [0.98, 0.5, 0.98]
    assert {world.parameters.bad_news_weight.value for world in study.worlds.values()} == {2.0}
