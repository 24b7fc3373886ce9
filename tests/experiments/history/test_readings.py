"""Latent postures are read off noisy indicators: the forward algorithm against sums over all paths, and back."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.likelihood import SMALLEST, Likelihood, Match
from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.calibrate.sbc import simulated_ranks
from papertiger.experiments.history.evaluate.replay import simulate
from papertiger.experiments.history.evaluate.robustness import assess, codings
from papertiger.experiments.history.observed.readings import (
    Readings,
    forward,
    level_chances,
    readings_of,
    simulate_readings,
)
from papertiger.scenarios import ScenarioError, observed
from papertiger.scenarios.observed import Reading
from tests.experiments.history import small

EVEN = (0.2,) * 5
IDENTITY = tuple(tuple(float(row == column) for column in range(5)) for row in range(5))
VOTES = "{gaussian: {loc: [0.9, 0.8, 0.6, 0.4, 0.2], sd: 0.05}, values: {Alfa: {2020H2: 0.91, 2021H2: 0.78}}}"
STANCE = "{ordinal: {loc: [0, 0.5, 1, 1.5, 2], sd: 0.4, cuts: [0.5, 1.2]}, why: a guess}"
READ = small.OBSERVED + f"readings:\n  votes: {VOTES}\n  stance: {STANCE}\nstart: [0.8, 0.1, 0.1, 0, 0]\n"
BY_READINGS = small.PLAN + "measurement: readings\nmodels: [M1, M4]\n"


def gaussian(sd: float) -> Reading:
    return Reading.model_validate({"gaussian": {"loc": [0.0, 1.0, 2.0, 3.0, 4.0], "sd": sd}})


def table(rows: object) -> Reading:
    return Reading.model_validate({"table": rows})


def readings(models: dict[str, Reading], data: dict[str, np.ndarray], start: tuple[float, ...] = EVEN) -> Readings:
    periods, clients = next(iter(data.values())).shape
    return Readings(
        tuple(f"c{number}" for number in range(clients)), tuple(map(str, range(periods))), models, data, start
    )


def problem_by_readings(folder: Path, text: str = READ, plan: str = BY_READINGS) -> CalibrationProblem:
    path = small.write(folder, plan)
    (folder / "postures.yaml").write_text(text, encoding="utf-8")
    return load_problem(path)


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> CalibrationProblem:
    return problem_by_readings(tmp_path_factory.mktemp("read"))


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_forward_algorithm_is_the_sum_over_all_paths(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrices = rng.dirichlet(np.ones(5), size=(4, 1, 5))
    models = {"level": table(rng.dirichlet(np.ones(3), size=5).tolist()), "votes": gaussian(0.8)}
    data = {"level": rng.integers(0, 3, (4, 1)).astype(float), "votes": rng.normal(2.0, 1.0, (4, 1))}
    data["votes"][rng.integers(0, 4), 0] = np.nan
    start = tuple(rng.dirichlet(np.ones(5)))
    hidden = forward(matrices, readings(models, data, start).log_chances, start)

    votes = data["votes"][:, 0]
    density = np.where(np.isnan(votes)[:, None], 1.0, norm.pdf(votes[:, None], np.arange(5), 0.8))
    chance = density * np.array(models["level"].table)[:, data["level"][:, 0].astype(int)].T

    def total(periods: int) -> tuple[float, np.ndarray]:
        at_end = np.zeros(5)
        for path in product(range(5), repeat=periods):
            weight = start[path[0]] * chance[0, path[0]]
            for period in range(1, periods):
                weight *= matrices[period, 0, path[period - 1], path[period]] * chance[period, path[period]]
            at_end[path[-1]] += weight
        return float(at_end.sum()), at_end / at_end.sum()

    every = [total(periods) for periods in range(1, 5)]
    for period in range(1, 4):
        assert hidden.log[period, 0] == pytest.approx(np.log(every[period][0] / every[period - 1][0]))
        np.testing.assert_allclose(hidden.known[period, 0], every[period][1], rtol=1e-9)
    assert (hidden.log[0] == 0.0).all()


@given(st.integers(0, 10_000), st.sampled_from([4, 2]))
def test_readings_that_identify_the_rung_make_the_likelihood_of_the_rule(seed: int, ceiling: int) -> None:
    """With a ceiling as well: that a client is coded at distancing at most is a reading of its own."""
    rng = np.random.default_rng(seed)
    match = MATCH.match("M4")
    shape = match.postures.posture.shape
    matrices = rng.dirichlet(np.full(5, 0.5), size=(*shape, 5))
    gaps = rng.random(shape) < 0.2
    gaps[0] = False
    posture = rng.integers(0, ceiling + 1, shape).astype(np.int8)
    postures = replace(match.postures, posture=posture, gaps=gaps)
    scored = postures.scored & ~gaps
    bound = Match(match.scenario, replace(postures, scored=scored))
    object.__setattr__(bound, "ceiling", np.full(shape[1], ceiling))
    rows = [IDENTITY[min(rung, ceiling)] for rung in range(5)]
    data = {"rung": np.where(gaps, np.nan, posture.astype(float))}
    start = tuple(np.eye(5)[0] * 0.5 + 0.1) if ceiling == 4 else (0.4, 0.3, 0.3, 0.0, 0.0)
    read = replace(bound, readings=readings({"rung": table(rows)}, data, start))
    object.__setattr__(read, "ceiling", bound.ceiling)
    np.testing.assert_allclose(read.log_steps(matrices), bound.log_steps(matrices), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(read.one_step(matrices), bound.one_step(matrices), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(read.ahead(matrices, 2), bound.ahead(matrices, 2), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(read.lasting(matrices, 2)[~gaps[2][None].repeat(shape[0], 0)],
                               bound.lasting(matrices, 2)[~gaps[2][None].repeat(shape[0], 0)], rtol=1e-9)  # fmt: skip


def test_simulated_readings_recover_the_rung() -> None:
    rng = np.random.default_rng(3)
    matrices = np.broadcast_to(0.8 * np.eye(5) + 0.2 * np.full((5, 5), 0.2), (12, 60, 5, 5))
    latent = simulate(matrices, rng.integers(0, 5, 60), rng)
    share = {}
    for sd in (0.2, 1.0):
        made = readings({"votes": gaussian(sd)}, {"votes": np.zeros(latent.shape)})
        drawn = np.array([made.draw(period, latent[period], rng)["votes"] for period in range(12)])
        known = forward(matrices, made.log_chances_of({"votes": drawn}), EVEN).known
        share[sd] = float((known.argmax(axis=2) == latent).mean())
        # What the filter claims to know it knows as often as it says.
        assert known.max(axis=2).mean() == pytest.approx(share[sd], abs=0.05)
    assert share[0.2] > 0.97 > share[1.0] > 0.5


def test_two_noisy_readings_say_more_than_one() -> None:
    rng = np.random.default_rng(3)
    matrices = np.broadcast_to(0.9 * np.eye(5) + 0.1 * np.full((5, 5), 0.2), (10, 80, 5, 5))
    latent = simulate(matrices, rng.integers(0, 5, 80), rng)
    models = {"votes": gaussian(1.5), "arms": gaussian(1.5)}
    data = {name: latent + 1.5 * rng.standard_normal(latent.shape) for name in models}
    both = readings(models, data)
    one = readings({"votes": models["votes"]}, {"votes": data["votes"]})
    known = [forward(matrices, each.log_chances, EVEN).known for each in (one, both)]
    right = [float((each.argmax(axis=2) == latent).mean()) for each in known]
    assert right[1] > right[0] + 0.05


def test_levels_of_a_noisy_closeness_are_an_ordered_probit() -> None:
    reading = Reading.model_validate({"ordinal": {"loc": [0, 1, 2, 3, 4], "sd": 0.5, "cuts": [0.5, 2.5]}})
    chances = level_chances(reading)
    np.testing.assert_allclose(chances.sum(axis=1), 1.0)
    assert chances[1] == pytest.approx([norm.cdf(-1.0), norm.cdf(3.0) - norm.cdf(-1.0), norm.sf(3.0)])
    assert (np.diff(chances[:, 2]) > 0).all()


def test_what_was_not_read_is_a_product_over_the_gap() -> None:
    rng = np.random.default_rng(1)
    matrices = rng.dirichlet(np.ones(5), size=(4, 1, 5))
    data = {"rung": np.array([[1.0], [np.nan], [np.nan], [3.0]])}
    hidden = forward(matrices, readings({"rung": table(IDENTITY)}, data).log_chances, EVEN)
    assert hidden.log[:3, 0] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    way = matrices[1, 0] @ matrices[2, 0] @ matrices[3, 0]
    assert hidden.log[3, 0] == pytest.approx(np.log(way[1, 3]))


def test_a_reading_that_no_way_leads_to_is_not_infinitely_bad() -> None:
    stay = np.broadcast_to(np.eye(5), (3, 1, 5, 5))
    data = {"rung": np.array([[0.0], [3.0], [3.0]])}
    hidden = forward(stay, readings({"rung": table(IDENTITY)}, data).log_chances, EVEN)
    assert hidden.log[:, 0] == pytest.approx([0.0, np.log(SMALLEST), 0.0])
    never = table([[1.0, 0.0]] * 5)
    nobody = forward(stay, readings({"rung": never}, {"rung": np.array([[0.0], [1.0], [0.0]])}).log_chances, EVEN)
    assert nobody.log[:, 0] == pytest.approx([0.0, np.log(SMALLEST), 0.0])


def test_a_file_gives_values_of_its_own_or_the_levels_of_its_facts(problem: CalibrationProblem) -> None:
    read = readings_of(problem.observed)
    alfa, bravo = (read.clients.index(name) for name in ("Alfa", "Bravo"))
    assert read.data["votes"][[1, 3], alfa].tolist() == [0.91, 0.78]
    assert np.isnan(read.data["votes"]).sum() == 7 * 2 - 2
    assert read.data["stance"][:, bravo].tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert read.start == (0.8, 0.1, 0.1, 0.0, 0.0)
    match = problem.match("M4")
    assert match.readings is not None
    assert match.readings.clients == match.postures.clients == ("Alfa", "Bravo")  # in the order of the scenario


def test_the_rule_can_be_swapped_for_readings(problem: CalibrationProblem, tmp_path: Path) -> None:
    by_rule = problem_by_readings(tmp_path, plan=small.PLAN + "models: [M1, M4]\n")
    assert by_rule.match("M4").readings is None
    assert by_rule.fingerprint != problem.fingerprint
    np.testing.assert_array_equal(by_rule.match("M4").scored, problem.match("M4").scored)
    rule, read = (Likelihood(one.match("M4")).log_steps({}) for one in (by_rule, problem))
    assert not np.allclose(rule, read)
    outcomes = [assess(one, "x", "x", points=64) for one in (by_rule, problem)]
    assert outcomes[0].log_evidence != outcomes[1].log_evidence
    left = {outcome.name: outcome.log_evidence for outcome in codings(problem, 64)}
    assert left["without stance"] != pytest.approx(outcomes[1].log_evidence)


def test_a_file_without_readings_is_what_it_was(tmp_path: Path) -> None:
    plain = small.small_problem(tmp_path).fingerprint
    assert small.small_problem(tmp_path, small.PLAN + "measurement: rule\npriors: {}\n").fingerprint == plain
    with pytest.raises(ExperimentError, match="measurement: postures gives no readings"):
        small.small_problem(tmp_path, small.PLAN + "measurement: readings\n")


def test_only_readings_that_count_are_simulated(problem: CalibrationProblem) -> None:
    match = problem.match("M4")
    assert match.readings is not None
    matrices = np.random.default_rng(1).dirichlet(np.ones(5), size=(7, 2, 5))
    counted = np.zeros((7, 2), dtype=bool)
    counted[3, 0] = True
    simulated = simulate_readings(matrices, match.readings, counted, np.random.default_rng(2))
    same = np.ones((7, 2), dtype=bool)
    same[3, 0] = False
    np.testing.assert_array_equal(simulated[same], match.readings.log_chances[same])
    assert not np.allclose(simulated[3, 0], match.readings.log_chances[3, 0])


def test_ranks_of_histories_of_readings_are_uniform(problem: CalibrationProblem) -> None:
    ranks = simulated_ranks(problem, "M4", histories=40, points=256)
    assert min(ranks.uniformity().values()) >= 0.01


MISTAKES = {
    "2020H2: 0.91": {
        "2020: 0.91": "readings.votes.values.Alfa.2020: expected a half-year written YYYYH1 or YYYYH2, since",
        "2024H1: 0.91": "readings.votes.values.Alfa.2024H1: 2024H1 is outside the span, 2020-01 to 2023-06",
        "20H2: 0.91": "readings.votes.values.Alfa.20H2: expected a half-year written YYYYH1 or YYYYH2, since",
    },
    "values: {Alfa:": {"values: {Alfaa:": "no client 'Alfaa' in this file (did you mean 'Alfa'?)"},
    "sd: 0.05": {"sd: 0": "readings.votes.gaussian.sd"},
    "loc: [0.9, 0.8, 0.6, 0.4, 0.2]": {"loc: [0.9, 0.8]": "readings.votes.gaussian.loc"},
    "cuts: [0.5, 1.2]": {
        "cuts: [1.2, 0.5]": "expected numbers that rise, got [1.2, 0.5]",
        "cuts: [0.5]": "readings.stance: expected 3 levels, as the indicator has, got 2",
    },
    "  stance: {ordinal": {"  stnce: {ordinal": "no indicator 'stnce' in this file, and no values of its own"},
    "why: a guess": {
        "table: [[1], [1], [1], [1], [1]]": "readings.stance: expected exactly one of gaussian, ordinal, table",
    },
    "start: [0.8, 0.1, 0.1, 0, 0]": {
        "start: [0.8, 0.1, 0.1, 0.2, 0]": "start: expected probabilities that add up to 1",
    },
}


@pytest.mark.parametrize(("place", "written", "said"), [(k, w, s) for k, v in MISTAKES.items() for w, s in v.items()])
def test_mistakes_are_told_at_their_key(tmp_path: Path, place: str, written: str, said: str) -> None:
    assert place in READ
    path = tmp_path / "postures.yaml"
    path.write_text(READ.replace(place, written), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        observed.load(path)
    assert said in str(caught.value)


def test_levels_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "postures.yaml"
    rows = "[[1, 0], [0.8, 0.2], [0.5, 0.5], [0.2, 0.8], [0, 1.0]]"
    said = f"readings: {{troops: {{table: {rows}, values: {{Alfa: {{2021H1: 2}}}}}}}}\n"
    path.write_text(small.OBSERVED + said, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"values.Alfa.2021H1: expected a level from 0 to 1, got 2"):
        observed.load(path)


def test_values_by_year_have_bare_years_for_keys(tmp_path: Path) -> None:
    path = tmp_path / "postures.yaml"
    votes = "{gaussian: {loc: [0.9, 0.8, 0.6, 0.4, 0.2], sd: 0.05}, values: {Alfa: {2020: 0.91}}}"
    text = (
        small.OBSERVED.replace("end: 2023-06", "end: 2023-12") + f"every: 12 months\nreadings: {{votes: {votes}}}\n"
    )
    path.write_text(text, encoding="utf-8")
    assert readings_of(observed.load(path)).data["votes"][0].tolist()[1] == 0.91


class _Lazy:
    """The small calibration, loaded when a property needs it: Hypothesis takes no fixtures of a module."""

    _problem: CalibrationProblem | None = None

    def match(self, model: str) -> Match:
        import tempfile

        if self._problem is None:
            with tempfile.TemporaryDirectory() as folder:
                type(self)._problem = small.small_problem(Path(folder))
        assert self._problem is not None
        return self._problem.match(model)


MATCH = _Lazy()
