"""A regime loss that is scored: the successor's jump counts, and what it does afterwards, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.likelihood import Match
from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.observed.coding import code_postures
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.exact import exact_chain
from papertiger.scenarios import observed
from papertiger.scenarios.observed.schema import Rule
from tests.experiments.history.small import write

FALL = "2022H2"
SCORED = "  realigned: [{pact: 3, stance: 1}]\n  regime_loss: scored\n"


def problem_files(folder: Path, *, fall: str = "2022-08", scored: bool = True) -> Path:
    """Write the small calibration with a regime that falls in June, as the scenario has it, or later."""
    path = write(folder)
    file = folder / "postures.yaml"
    text = file.read_text(encoding="utf-8").replace("date: 2023-02, client: Bravo", f"date: {fall}, client: Bravo")
    if scored:
        text = text.replace("  realigned: [{pact: 3, stance: 1}]\n", SCORED)
    file.write_text(text, encoding="utf-8")
    return path


def match_of(folder: Path, *, scored: bool) -> Match:
    """Return the match of the small calibration, whose regime falls in June 2022."""
    return load_problem(problem_files(folder, fall="2022-06", scored=scored)).match("M4")


def counted_periods(match: Match) -> list[str]:
    """Return the half-years of which Bravo's step counts."""
    counts = match.scored[:, match.postures.clients.index("Bravo")]
    return [period for period, one in zip(match.postures.periods, counts, strict=True) if one]


def test_a_file_that_says_nothing_is_what_it_was() -> None:
    rule = Rule(hedging=1, distancing=3)
    assert "regime_loss" not in rule.model_dump(mode="json")
    assert rule.model_copy(update={"regime_loss": "scored"}).model_dump(mode="json")["regime_loss"] == "scored"
    assert observed.load("partners_postures").rule.regime_loss == "left_out"


@pytest.mark.parametrize("scored", [False, True])
def test_the_client_goes_on_being_scored_or_not(tmp_path: Path, scored: bool) -> None:
    match = match_of(tmp_path, scored=scored)
    bravo = match.postures.clients.index("Bravo")
    counted = [
        period for period, counts in zip(match.postures.periods, match.scored[:, bravo], strict=True) if counts
    ]
    assert counted == (["2021H2", "2022H1", "2022H2", "2023H1"] if scored else ["2021H2"])
    lost = match.postures.regime_lost[:, bravo]
    assert lost.tolist() == [period >= "2022H1" for period in match.postures.periods]


def test_the_step_of_the_fall_is_the_successors_first_choice(tmp_path: Path) -> None:
    match = match_of(tmp_path, scored=True)
    bravo, names = match.postures.clients.index("Bravo"), list(match.scenario.clients)
    chain = exact_chain(match.scenario)
    fall = chain.months.index("2022-06")
    rows = chain.steps[fall, names.index("Bravo")]
    # The choice is free of the old posture but for lock-in, over all rungs at once.
    assert (rows > 0.0).all()
    matrix = match.matrices(chain)[match.postures.periods.index("2022H1"), bravo]
    made = ensemble(match.scenario, 4_000, seed=3, keep="postures", threads=1)
    start, end = (made.months.index(month) for month in ("2021-12", "2022-06"))
    postures = made.path("postures")[:, :, names.index("Bravo")]
    from_loyal = postures[postures[:, start] == 0][:, end]
    shares = np.bincount(from_loyal, minlength=5) / len(from_loyal)
    spread = np.sqrt(np.maximum(matrix[0] * (1 - matrix[0]), 1e-4) / len(from_loyal))
    assert (np.abs(shares - matrix[0]) < 5 * spread).all()


def test_a_fall_that_the_scenario_does_not_know_cannot_be_scored(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="bravo_falls: Bravo loses its regime in 2022H2, which is to be scored"):
        load_problem(problem_files(tmp_path))
    assert load_problem(problem_files(tmp_path, scored=False))


def test_the_first_half_year_and_sub_states_are_never_scored(tmp_path: Path) -> None:
    problem = load_problem(problem_files(tmp_path, fall="2022-06"))
    assert not code_postures(problem.observed).scored[0].any()


def test_a_client_is_not_scored_once_it_has_left(tmp_path: Path) -> None:
    path = problem_files(tmp_path, fall="2022-06")
    world = tmp_path / "world.yaml"
    text = world.read_text(encoding="utf-8").replace(
        "    enters: 2021-03\n", "    enters: 2021-03\n    leaves: 2022-12\n"
    )
    world.write_text(text, encoding="utf-8")
    match = load_problem(path).match("M4")
    assert counted_periods(match) == ["2021H2", "2022H1"]
