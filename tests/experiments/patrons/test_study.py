"""A study as a whole: what is there is told from what is not, and one that was stopped comes to the same bytes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.patrons.break_problem import BreakProblem, break_problem
from papertiger.experiments.patrons.closeness_problem import closeness_problem
from papertiger.experiments.patrons.filtering import Scales
from papertiger.experiments.patrons.loader import StudyFiles
from papertiger.experiments.patrons.page import page
from papertiger.experiments.patrons.panel import Panel, load_panel
from papertiger.experiments.patrons.power import powers
from papertiger.experiments.patrons.scores import gain, held_out, model_result, placebo_gains
from papertiger.experiments.patrons.store import Store, code_hash, fingerprint_of
from papertiger.experiments.patrons.study import OUTCOMES, PatronStudy, carry_out, models
from papertiger.experiments.patrons.words import answer, findings
from tests.experiments.patrons.made_up import plan_with, readings_for, write_panel

SCALES = Scales(0.9, (0.7, 0.6, 0.3), 0.5, 0.35, 0.5, 0.8, (0.4,) * 3, (0.5,) * 3)
pytestmark = pytest.mark.xdist_group("patrons")


def read(folder: Path) -> tuple[StudyFiles, Panel]:
    """Return the plan with readings of a panel that was made up, and the panel."""
    files = plan_with()
    files = StudyFiles(files.plan, readings_for(folder), files.plan_hash, files.readings_hash)
    return files, load_panel(folder, files.plan)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> BreakProblem:
    """Breaks of a panel in which rulers' falls break pledges, and nothing else does."""
    folder = write_panel(tmp_path_factory.mktemp("panel"), clients=10, breaks={"irregular_exit": 3.0}, rate=0.01)
    files, panel = read(folder)
    return break_problem(files.plan, panel)


def test_a_cause_is_told_from_what_is_none(told: BreakProblem) -> None:
    model, rates = model_result(told, ["regime"]), model_result(told, [])
    place = model["columns"].index("irregular_exit")
    assert model["mean"][place] - 2.5 * model["sd"][place] > 0.0
    gained = gain(told, np.array(model["lopo"]), np.array(rates["lopo"]))
    assert gained.clear
    placebos = placebo_gains(told, "regime", model, rates, ["later", "others", "permuted-0"])
    assert max(placebos.values()) < 0.5 * gained.total
    nothing = model_result(told, ["rival"])
    assert not gain(told, np.array(nothing["lopo"]), np.array(rates["lopo"])).clear


def test_held_out_scores_do_not_see_the_patron(told: BreakProblem) -> None:
    design = told.design(["regime"])
    scores, _ = held_out(told, design)
    first = told.rows.patron == 0
    kept = told.y.copy()
    told.y = np.where(first, 1.0 - told.y, told.y)  # what the patron did must not move what others are forecast with
    try:
        fitted = told.fit(design, ~first)
    finally:
        told.y = kept
    assert scores[first] == pytest.approx(told.scores(fitted, design, first))


def test_power_rises_with_the_effect(told: BreakProblem) -> None:
    found = powers(told, told.plan.mechanism("standing"), (0.1, 0.05))
    assert [row["size"] for row in found] == list(told.plan.power.breaks)
    assert all(0.0 <= row["rule"] <= 1.0 for row in found)
    assert found[0]["interval"] <= found[-1]["interval"]


def test_every_model_that_is_compared_is_fitted_once() -> None:
    files = plan_with()
    fitted = [*models(files)]
    assert len(fitted) == len(set(fitted))
    for mechanism in files.plan.mechanisms:
        assert {mechanism.over, (*mechanism.over, mechanism.key), (mechanism.key,)} <= set(fitted)


def carried_out(folder: Path, out: Path, stop: int | None = None) -> PatronStudy:
    """Carry a study out with scales that are given, and stop it before some piece."""
    files, panel = read(folder)
    fingerprint = fingerprint_of(files.plan_hash, files.readings_hash, panel.fingerprint, code_hash())
    Store(out, fingerprint).piece("scales", lambda: asdict(SCALES))

    def show(doing: str, done: int, total: int) -> None:
        del doing, total
        if stop is not None and done == stop:
            raise KeyboardInterrupt

    return carry_out(files, panel, out, show)


@pytest.mark.slow
def test_a_study_that_was_stopped_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    folder = write_panel(tmp_path / "panel", clients=6, rate=0.03, breaks={"irregular_exit": 2.0})
    whole = page(carried_out(folder, tmp_path / "whole"), "papertiger study")
    for stop in (5, 40):
        with pytest.raises(KeyboardInterrupt):
            carried_out(folder, tmp_path / "parts", stop)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "parts").iterdir()}
    again = carried_out(folder, tmp_path / "parts")
    assert page(again, "papertiger study") == whole
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "parts").iterdir()}
    assert {name: after[name] for name in before} == before
    assert len(findings(again)) == len(OUTCOMES) * len(again.files.plan.mechanisms)
    assert answer(again)[0].split(":")[0] in whole


@pytest.mark.slow
@pytest.mark.parametrize(("effect", "least", "most"), [(3.0, 9, 12), (0.0, 0, 1)])
def test_breaks_are_told_apart_over_many_panels(tmp_path: Path, effect: float, least: int, most: int) -> None:
    found = 0
    for seed in range(12):
        breaks = {"irregular_exit": effect}
        files, panel = read(write_panel(tmp_path / str(seed), clients=16, seed=seed, breaks=breaks, rate=0.01))
        problem = break_problem(files.plan, panel)
        model, rates = (held_out(problem, problem.design(keys))[0] for keys in (["regime"], []))
        found += gain(problem, model, rates).clear
    assert least <= found <= most


@pytest.mark.slow
@pytest.mark.parametrize(("effect", "least", "most"), [(-0.9, 9, 12), (0.0, 0, 1)])
def test_closeness_is_told_apart_over_many_panels(tmp_path: Path, effect: float, least: int, most: int) -> None:
    found = 0
    for seed in range(12):
        closeness = {"irregular_exit": effect}
        files, panel = read(write_panel(tmp_path / str(seed), clients=12, seed=seed, closeness=closeness))
        problem = closeness_problem(files.plan, panel, SCALES)
        model, rates = (held_out(problem, problem.design(keys))[0] for keys in (["regime"], []))
        found += gain(problem, model, rates).clear
    assert least <= found <= most
