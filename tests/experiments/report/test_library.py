"""The shipped experiments: each can be read, asks about a claim, and gives the results that are frozen."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.sources import experiment_names
from papertiger.experiments.report.labels import Vocabulary
from papertiger.experiments.run import baselines as reference

FROZEN = Path(__file__).parents[3] / "results" / "reference"
WANTED = {
    "why_clients_leave",
    "paper_tiger",
    "syria_warning",
    "war_paths",
    "price_of_washington",
    "kazakhstan_threat",
    "chechnya_succession",
    "global_sensitivity",
}

AT_ONCE = {"why_clients_leave", "paper_tiger", "syria_warning", "global_sensitivity"}
"""One experiment of each kind of sweep is run by default, the others in the slow tests."""


def test_the_library_is_there_and_each_experiment_has_a_frozen_table() -> None:
    assert set(experiment_names()) >= WANTED
    assert {file.stem for file in FROZEN.glob("*.csv")} == set(experiment_names())


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_description_says_how_many_figures_are_left_out(name: str) -> None:
    experiment = load_study(name).experiment
    left_out = sum(len(factor.without) for factor in experiment.vary.values())
    assert not left_out or f"{left_out} named under 'without'" in experiment.description


@pytest.mark.parametrize("name", sorted(WANTED))
def test_each_asks_one_plain_question(name: str) -> None:
    study = load_study(name)
    experiment = study.experiment
    assert experiment.question.endswith("?")
    assert experiment.claims or name == "global_sensitivity"
    assert all(1 <= claim <= 29 for claim in experiment.claims)
    words = Vocabulary(experiment, study.worlds)
    told = [words.scenario(label) for label in experiment.labels]
    assert len(set(told)) == len(told)
    assert len({words.measure(measure).short for measure in experiment.measures}) == len(experiment.measures)


def test_a_world_that_settings_make_has_a_title_of_its_own() -> None:
    for name in WANTED:
        study = load_study(name)
        words = Vocabulary(study.experiment, study.worlds)
        for case in study.experiment.scenarios:
            assert case.changed == (case.title is not None), case.name
            assert words.scenario(case.name) == (case.title or study.worlds[case.name].title)


@pytest.mark.parametrize(
    "name",
    [name if name in AT_ONCE else pytest.param(name, marks=pytest.mark.slow) for name in sorted(WANTED)],
)
def test_no_result_has_moved(name: str) -> None:
    moved = reference.moves(name, reference.read(FROZEN / f"{name}.csv"), reference.small_run(name))
    listing = "\n".join(map(str, moved))
    assert not moved, f"{listing}\nIf that is meant: papertiger reference --write, and say why in CHANGELOG.md"


def test_a_moved_result_is_named_with_its_old_and_new_number() -> None:
    old = [reference.Row("base", "share", 8, 0.25, 0.1), reference.Row("base", "gone", 8, 1.0, 0.0)]
    new = [reference.Row("base", "share", 8, 0.5, 0.1), reference.Row("twin", "gone", 8, 1.0, 0.0)]
    found = [str(move) for move in reference.moves("made_up", old, new)]
    assert found[0] == "made_up: share in base: mean was 0.25, is 0.5"
    assert "made_up: gone in base: mean was 1, is none" in found
    assert "made_up: gone in twin: mean was none, is 1" in found
    assert reference.moves("made_up", old, old) == []


def test_the_last_digit_of_a_machine_is_no_move() -> None:
    old = [reference.Row("base", "share", 8, 0.1 + 0.2, 0.1)]
    assert reference.moves("made_up", old, [reference.Row("base", "share", 8, 0.3, 0.1)]) == []


def test_a_frozen_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = [reference.Row("base", "share", 8, 0.125, 0.5), reference.Row("base", "goes=EU", 8, 0.0, 0.0)]
    reference.write(tmp_path / "deep" / "one.csv", rows)
    assert reference.read(tmp_path / "deep" / "one.csv") == rows
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["one.csv"]
