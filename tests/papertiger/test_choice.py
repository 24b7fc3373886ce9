"""Why a client moved, or why not: the terms add up, the chances are those of the model, and a tip tips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import papertiger as pt
from papertiger.model.agents.choices import TERMS, Choice
from papertiger.model.run import Run
from tests.papertiger.conftest import Command


@pytest.fixture(scope="module")
def run() -> Run:
    return pt.simulate("sahel_2020", seed=2, months=30)


def test_the_terms_of_every_rung_add_up_to_its_utility(run: Run) -> None:
    table = run.choices
    assert len(table) > 300
    assert (abs(table[list(TERMS)].sum(axis=1) - table["utility"]) < 1e-9).all()
    assert (table["own_rule"] == 0.0).all()  # the shipped rule is explained whole
    chances = table.groupby(["month", "client"])["chance"].sum()
    assert (abs(chances - 1.0) < 1e-9).all()


def test_watching_a_run_changes_nothing(run: Run) -> None:
    columns = run.columns("clients")
    postures = dict(zip(zip(columns["month"], columns["client"], strict=True), columns["posture"], strict=True))
    for choice in run.choice_list:
        assert postures[choice.month, choice.client] == choice.chosen
    assert all(choice.chosen == choice.posture for choice in run.choice_list if choice.review == 0.0)


def test_only_what_can_be_reached_is_said_to_tip(run: Run) -> None:
    tips = 0
    for choice in run.choice_list:
        best = max(choice.rungs, key=lambda rung: rung.utility)
        assert not best.tips
        for rung in choice.rungs:
            for name, needed in rung.tips.items():
                tips += 1
                assert needed >= 0.0
                assert needed <= 1.0 or name in ("option", "fear")
    assert tips > 100


def test_a_tip_really_tips() -> None:
    run = pt.simulate("sahel_2020", seed=1, months=1)
    choice = next(one for one in run.choice_list if one.client == "Chad")
    best = max(choice.rungs, key=lambda rung: rung.utility)
    rung = next(one for one in choice.rungs if "option" in one.tips)
    gap = best.utility - rung.utility
    by_option = {name: best.terms[name] - rung.terms[name] for name in best.terms}
    # The term of options is (1 - c) V, so that its part of the gap moves in proportion to V.
    moved = by_option["options"] * (rung.tips["option"] / choice.now["option"] - 1.0)
    assert gap + moved == pytest.approx(0.0, abs=1e-6)


def test_explain_says_why_a_client_does_not_move(papertiger: Command, tmp_path: Path) -> None:
    answer = papertiger("explain", "soviet_bloc_1985", "Hungary", "--choice", "--month", "1987-03")
    assert answer.code == 0
    assert "In 1987-03 Hungary stands at loyal; it reviews its posture only now and then" in answer.out
    assert "It would be worth as much with" in answer.out
    assert "For loyal rather than hedging speak" in answer.out
    assert "Over the whole run, from 1985-01 to 1991-12, it" in answer.out


def test_explain_says_it_to_machines_and_as_a_figure(papertiger: Command, tmp_path: Path) -> None:
    command = ("explain", "sahel_2020", "Mali", "--choice", "--runs", "3", "--json", "--figure", "choice.png")
    answer = papertiger(*command)
    assert answer.code == 0
    said = json.loads(answer.out)
    assert said["runs"] == 3
    assert said["choice"]["client"] == "Mali"
    assert 0.0 <= said["share_of_runs_that_moved"] <= 1.0
    assert sum(rung["chance"] for rung in said["choice"]["rungs"]) == pytest.approx(1.0)
    assert (tmp_path / "choice.png").stat().st_size > 5_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--month", "2021-01"), "--month and --runs go with --choice"),
        (("--choice", "--from", "2021-01"), "give --month instead"),
        (("--choice", "--month", "2031-01"), "expected a month from 2020-01 to 2023-12"),
        (("--choice", "--runs", "0"), "expected a number of runs"),
    ],
)
def test_what_cannot_be_explained_is_said(papertiger: Command, words: tuple[str, ...], said: str) -> None:
    answer = papertiger("explain", "sahel_2020", "Mali", *words)
    assert answer.code == 2
    assert said in answer.error


def test_the_chance_of_moving_counts_the_review(run: Run) -> None:
    choice: Choice = next(one for one in run.choice_list if one.reason == "by itself")
    moving = sum(rung.chance for rung in choice.rungs if rung.posture != choice.posture)
    assert choice.chance_of_moving == pytest.approx(run.setting.constants.review_rate * moving)
