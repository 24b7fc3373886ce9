"""A study of ties finds what is known, uses no later year, and says what is wrong with its file."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.ties.loader import TieProblem, load_ties_study, study_names
from papertiger.experiments.history.ties.page import page, pictures
from papertiger.experiments.history.ties.paths import DrawnError, TiePaths, replayed
from papertiger.experiments.history.ties.plan import ReadingError, TiePlan, Years
from papertiger.experiments.history.ties.readings import KINDS, Readings
from papertiger.experiments.history.ties.study import READS, WITH, WITHOUT, TieStudy, carry_out, named
from papertiger.experiments.history.ties.words import answer
from papertiger.model.agents.world import World
from papertiger.scenarios import Scenario
from papertiger.scenarios.observed import Ties
from tests.model.worlds import client, column, event, world_of
from tests.scenarios.minimal import SMALL
from tests.scenarios.minimal import write as write_world

pytestmark = pytest.mark.xdist_group("ties")  # one process loads the compiled month

NAMES = ("A", "B", "C", "D", "E", "F")
PRIORS: dict[str, Any] = {
    "tie_noise": {"value": 0.5, "loguniform": [0.2, 0.6]},
    "arms_tie_rate": {"value": 0.1, "uniform": [0.04, 0.16]},
    "evidence_scale": {"value": 2, "loguniform": [0.5, 3]},
}
CONSTANTS = {"economy_tie_rate": 0.05, "claim_threat": 0.5, "patron_threat_weight": 0.4, "supply_burden": 0.3}
TRUTH = {"parameters.tie_noise": 0.3, "parameters.arms_tie_rate": 0.08}
NOISE = 0.03


@cache
def network() -> Scenario:
    """Return six clients, each of which is left alone or claimed at other times, for six years."""
    events = {
        f"{name}_{number}": event(kind, f"20{20 + number}-0{place + 1}", name, intensity=3)
        for place, name in enumerate(NAMES)
        for number, kind in ((place % 3, "abandoned"), (1 + place % 4, "claim"), (2, "abandoned"))
        if place != 5
    }
    clients = {name: client(arms=0.3 + 0.1 * place, economy=0.4) for place, name in enumerate(NAMES)}
    world = world_of(clients, events, months=72, burden={"2020-01": 0, "2022-01": 0.8}, parameters=CONSTANTS)
    return replayed(scenarios.change(world, {f"parameters.{name}": prior for name, prior in PRIORS.items()}))


def simulated(values: dict[str, float], seed: int) -> TieProblem:
    """Return a study of shares that were made by known parameters."""
    scenario = network()
    paths = TiePaths(scenario)
    yearly, rng = paths.yearly(values), np.random.default_rng(seed)
    series = {
        f"{name}_{kind}": {
            "client": name,
            "of": kind,
            "source": "made up",
            "confidence": "low",
            "years": {
                str(year): {"share": float(np.clip(share + NOISE * rng.standard_normal(), 0, 1))}
                for year, share in zip(paths.years, yearly[:, place, column], strict=True)
            },
        }
        for place, name in enumerate(NAMES)
        for column, kind in enumerate(KINDS)
    }
    ties = Ties.model_validate({"name": "made_up", "title": "Made up", "description": "x", "series": series})
    plan = TiePlan(
        name="made_up",
        title="Made up",
        description="x",
        scenario="network",
        observed="made_up",
        training=Years(first=2020, last=2023),
        testing=Years(first=2024, last=2025),
        free=("tie_noise", "arms_tie_rate"),
        trust="evidence_scale",
        reading_error=ReadingError(arms=(0.005, 0.5), per_band=(0.9, 1), economy=(0.005, 0.2)),
        sequences=2,
        points=256,
        draws=100,
    )
    return TieProblem(plan, scenario, ties, Readings.of(ties, scenario))


@cache
def trusting() -> TieStudy:
    """Return a study of shares that moved with belief."""
    return carry_out(simulated({**TRUTH, "parameters.evidence_scale": 2.0}, seed=1))


@cache
def blind() -> TieStudy:
    """Return a study of shares that belief did not move."""
    return carry_out(simulated({**TRUTH, "parameters.evidence_scale": 0.0}, seed=2))


def test_ties_of_the_ensemble_are_those_of_the_agents_to_the_last_bit() -> None:
    world = World(network(), rng=1)
    world.run()
    monthly = TiePaths(network()).monthly()
    for place, name in enumerate(NAMES):
        for kind, path in zip(KINDS, monthly[:, place].T, strict=True):
            assert path.tolist() == column(world, name, f"{kind}_tie")


def test_a_year_is_the_mean_of_its_months() -> None:
    paths = TiePaths(network())
    monthly, yearly = paths.monthly(), paths.yearly()
    assert paths.years == (2020, 2021, 2022, 2023, 2024, 2025)
    assert yearly[3] == pytest.approx(monthly[36:48].mean(axis=0), rel=1e-12)
    assert paths.entry()[:, 0] == pytest.approx([0.3, 0.4, 0.5, 0.6, 0.7, 0.8])


def test_a_span_that_begins_within_a_year_leaves_that_year_out() -> None:
    late = scenarios.change(network(), {"span.start": "2020-04", "span.end": "2022-11"})
    paths = TiePaths(late)
    assert paths.years == (2021,)
    assert paths.yearly()[0] == pytest.approx(paths.monthly()[9:21].mean(axis=0), rel=1e-12)


def test_without_evidence_no_news_moves_a_tie() -> None:
    """Claims still do, through the threat that they are, and so does the war."""
    quiet = {
        "parameters.evidence_scale": 0.0,
        "parameters.patron_threat_weight": 0.0,
        "parameters.supply_burden": 0.0,
    }
    still = network().model_copy(update={"events": {}})
    assert TiePaths(network()).monthly(quiet) == pytest.approx(TiePaths(still).monthly(quiet), abs=1e-15)
    loud = quiet | {"parameters.evidence_scale": 2.0}
    assert np.abs(TiePaths(network()).monthly(loud) - TiePaths(still).monthly(quiet)).max() > 0.03


def test_what_is_generative_is_refused() -> None:
    with pytest.raises(DrawnError, match="expected a replay, got partners_generative"):
        replayed(scenarios.load("partners_generative"))


def test_known_parameters_are_found_again() -> None:
    found = {str(row["parameter"]): row for row in trusting().parameters() if row["world"] == WITH}
    for path, truth in {**TRUTH, "parameters.evidence_scale": 2.0}.items():
        row = found[path.partition(".")[2]]
        low, high, moved = (float(str(row[key])) for key in ("q05", "q95", "moved"))
        assert low <= truth <= high, path
        assert moved > 0.25, path


def test_trust_is_found_where_it_is_and_not_where_it_is_not() -> None:
    with_it, without = (trusting().evidence(READS[0], world).log for world in (WITH, WITHOUT))
    assert with_it - without > 3.0
    with_it, without = (blind().evidence(READS[0], world).log for world in (WITH, WITHOUT))
    assert with_it - without < -1.0


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        ((-0.1, -0.1), "Trust makes forecasts of {shares} better, in both readings and by both scores."),
        ((0.1, 0.1), "Trust adds nothing that can be seen to forecasts of {shares} (4 comparisons of 4 clearly"),
        ((-0.1, 0.1), "Trust makes forecasts of {shares} clearly better in 2 of 4 comparisons"),
        ((0.0, 0.0), "Trust adds nothing that can be seen to forecasts of {shares}."),
    ],
)  # fmt: skip
def test_the_answer_says_which_way_it_falls(shift: tuple[float, float], expected: str) -> None:
    """Losses with trust are those without, and the same more or less for every client."""
    study = trusting()
    other = TieStudy(study.problem, study.worlds, study.entry, study.first)
    noise = 0.001 * np.arange(int(study.tested.sum()))
    changed = {
        named(read, WITH): study.losses[named(read, WITHOUT)] + step + noise * np.sign(step)
        for read, step in zip(READS, shift, strict=True)
    }
    other.__dict__["losses"] = study.losses | changed
    assert answer(other)[0].startswith(expected.format(shares="the patron's shares of 2024 to 2025"))


def test_the_true_model_beats_the_last_share_and_the_line() -> None:
    """The rest of the error is that of the readings, which nobody can foretell."""
    losses = {name: rows[0].mean() for name, rows in trusting().losses.items()}
    best = losses[named(READS[0], WITH)]
    assert best < losses["persistence"]
    assert best < losses["share at entry"]
    assert best < 2 * NOISE


def test_nothing_that_was_learned_knows_a_share_of_a_test_year() -> None:
    """Other shares of 2024 and 2025 change neither hash, no weight and no forecast."""
    study = trusting()
    readings = study.problem.readings
    later = readings.year > study.problem.plan.training.last
    other = Readings(
        readings.clients, readings.client, readings.kind, readings.year,
        np.where(later, 0.5, readings.share), readings.band, readings.counts,
    )  # fmt: skip
    said = study.problem.ties.model_dump(mode="json")
    for series in said["series"].values():
        for year in ("2024", "2025"):
            series["years"][year]["share"] = 0.5
    problem = TieProblem(study.problem.plan, study.problem.scenario, Ties.model_validate(said), other)
    again = TieStudy(problem, study.worlds, study.entry, study.first)
    assert problem.fingerprint == study.problem.fingerprint
    assert again.learned_hash == study.learned_hash
    for name, draws in study.forecasts.items():
        for ours, theirs in zip(draws, again.forecasts[name], strict=True):
            assert ours[0].tolist() == theirs[0].tolist()
            assert ours[1].tolist() == theirs[1].tolist()
    assert again.losses[named(READS[0], WITH)][0].mean() != study.losses[named(READS[0], WITH)][0].mean()


def test_the_fingerprint_is_of_the_training_years() -> None:
    study = trusting().problem
    said = study.ties.model_dump(mode="json")
    said["series"]["A_arms"]["years"]["2023"]["share"] = 0.123
    other = TieProblem(study.plan, study.scenario, Ties.model_validate(said), study.readings)
    assert other.fingerprint != study.fingerprint


def test_a_tie_that_begins_at_an_end_is_named() -> None:
    study = trusting()
    stuck = TieStudy(study.problem, study.worlds, np.where(np.arange(12).reshape(6, 2) == 0, 1.0, study.entry), 2020)
    assert any("arms of A (1, seen" in line for line in answer(stuck))


def test_the_page_and_its_figure(tmp_path: Path) -> None:
    text = page(trusting(), "papertiger ties")
    assert text.startswith("# Ties: what trust adds\n\n**Trust ")
    assert trusting().problem.fingerprint in text
    assert "None" not in text
    assert "nan" not in text
    (data,) = pictures(trusting()).values()
    assert data.startswith(b"\x89PNG")


# Files

PLAN = """\
title: A trial
description: Two constants
scenario: world
observed: ./ties.yaml
training: {first: 2020, last: 2021}
testing: {first: 2022, last: 2022}
free: [tie_noise, arms_tie_rate]
trust: evidence_scale
reading_error: {arms: [0.05, 1], per_band: [0.5, 1], economy: [0.01, 0.3]}
sequences: 2
points: 64
draws: 100
"""
TIES = """\
title: Small
description: x
series:
  alfa:
    client: Alfa
    of: arms
    source: x
    confidence: low
    years: {2020: {share: 0.8}, 2021: {share: 0.7}, 2022: {share: 0.6}}
  bravo:
    client: Bravo
    of: economy
    source: x
    confidence: low
    years: {2021: {share: 0.2}, 2022: {share: 0.1}}
"""
WORLD = (
    SMALL
    + """\
parameters:
  tie_noise: {value: 0.5, uniform: [0.2, 1], why: x}
  arms_tie_rate: {value: 0.05, uniform: [0.01, 0.1], why: x}
  evidence_scale: {value: 1, uniform: [0.5, 2], why: x}
"""
)


def write(folder: Path, plan: str = PLAN, ties: str = TIES) -> Path:
    write_world(folder, WORLD, "world.yaml")
    (folder / "ties.yaml").write_text(ties, encoding="utf-8")
    path = folder / "trial.yaml"
    path.write_text(plan, encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(ExperimentError) as caught:
        load_ties_study(path)
    return [line.replace(f"{path.parent}{os.sep}", "") for line in str(caught.value).splitlines()]


def test_the_shipped_study_loads() -> None:
    assert study_names() == ["partners_2020"]
    problem = load_ties_study("partners_2020")
    assert problem.plan.trust == "evidence_scale"
    years = problem.plan.training
    trained = problem.readings.of_years(years.first, years.last)
    assert (problem.readings.year[trained] <= 2023).all()
    assert trained.sum() >= 30


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("free: [tie_noise,", "free: [tie_nois,", "7: free.0: no parameter 'tie_nois' (did you mean 'tie_noise'?)"),
        ("trust: evidence_scale", "trust: forgetting", "8: trust: the parameter forgetting has no prior in world"),
        ("trust: evidence_scale", "trust: tie_noise", "7: free: expected names that differ from each other"),
        ("scenario: world", "scenario: word", "3: scenario: no scenario 'word' beside this file"),
        ("first: 2022, last: 2022", "first: 2021, last: 2022", "6: testing: expected years after the training's"),
        ("first: 2022, last: 2022", "first: 2023, last: 2024", "6: testing: no share of 2023 to 2024 counts"),
        ("points: 64", "points: 65", "11: points: expected a power of 2, got 65; take 64 or 128"),
        ("[0.05, 1]", "[1, 0.05]", "9: reading_error: arms: expected [low, high], both above 0"),
        ("observed: ./ties.yaml", "observed: partners_tie", "4: observed: no observations of this name"),
        ("observed: ./ties.yaml", "observed: ./tie.yaml", "4: observed: './tie.yaml': no such file"),
        ("draws: 100", "drawn: 100", "12: drawn: unknown key (did you mean 'draws'?)"),
    ],
)  # fmt: skip
def test_mistakes_in_a_study_are_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in PLAN
    found = problems(write(tmp_path, PLAN.replace(old, new)))
    assert any(line.startswith(f"trial.yaml:{message}") for line in found), found


def test_shares_of_a_stranger_are_refused(tmp_path: Path) -> None:
    found = problems(write(tmp_path, ties=TIES.replace("client: Bravo", "client: Bravvo")))
    assert found == [
        "trial.yaml:4: observed: ties has shares of 'Bravvo' (bravo), no client of world (did you mean 'Bravo'?)"
    ]
