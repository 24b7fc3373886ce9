"""Patrons that are fitted together share what they have in common, and no more."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import halfnorm, kstest, norm

from papertiger.experiments.errors import ExperimentError, FolderError
from papertiger.experiments.history.calibrate.importance import weights
from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.plan import paths_of
from papertiger.experiments.history.calibrate.priors import AnyPrior, Spiked, prior_quantile, prior_quantiles
from papertiger.experiments.history.pooled.coordinates import Coordinate, Coordinates
from papertiger.experiments.history.pooled.fit import PooledFit, Sampled, fit, sample
from papertiger.experiments.history.pooled.loader import load_pooled
from papertiger.experiments.history.pooled.outputs import write_outputs
from papertiger.experiments.history.pooled.sbc import pooled_ranks
from papertiger.scenarios import posteriors
from papertiger.scenarios.schema.figures import Distribution
from tests.experiments.history.pooled_small import PLAN, pooled_problem, simulated, write

NOISE, COST = "parameters.choice_noise", "parameters.switching_cost"
HALF = Distribution(normal=(0.0, 1.0)).truncated(0.0, 1e6)


def toy(patrons: int, prior: AnyPrior, scale: AnyPrior = HALF) -> Coordinates:
    names = tuple(f"patron {number}" for number in range(patrons))
    return Coordinates(names, (), (), ("x",), {"x": prior}, {"x": scale})


def normal_readings(
    coordinates: Coordinates,
    seen: np.ndarray,
    error: float,
    *,
    sequences: int = 4,
    rounds: int = 8,
    points: int = 512,
    seed: int = 1,
) -> Sampled:
    """Return the fit of values that were each read once with a normal error."""

    def log_likelihood(at: np.ndarray) -> np.ndarray:
        return np.asarray(norm.logpdf(seen, coordinates.values(at)[:, :, 0], error))

    return sample(coordinates, log_likelihood, sequences=sequences, rounds=rounds, points=points, seed=seed)


# Coordinates


POINTS = st.lists(st.floats(-6, 6), min_size=4, max_size=4).map(lambda row: np.array([row]))
PRIORS: list[AnyPrior] = [
    Distribution(normal=(0.3, 0.2)).truncated(0.0, 1.0),
    Distribution(lognormal=(0.05, 0.7)),
    Distribution(beta=(2.0, 3.0)),
    Spiked(Distribution(uniform=(0.5, 2.0)), 0.4),
]


@given(POINTS, st.sampled_from(PRIORS))
def test_a_value_never_leaves_the_range_of_its_prior(points: np.ndarray, prior: AnyPrior) -> None:
    coordinates = toy(2, prior)
    slab = prior.slab if isinstance(prior, Spiked) else prior
    low, high = slab.reach()
    for value in coordinates.values(points).ravel():
        assert (low <= value <= high) or slab.family == "lognormal" or (value == 0.0 and isinstance(prior, Spiked))


@given(POINTS)
def test_without_a_scale_all_patrons_have_the_shared_mean(points: np.ndarray) -> None:
    coordinates = toy(2, Distribution(normal=(1.0, 2.0)), Spiked(HALF, 0.99999))
    points = points.copy()
    points[:, 1] = -3.0  # in the mass at zero of the scale
    learned = coordinates.learned(points)
    assert learned["x", "scale"] == 0.0
    assert learned["x", "patron 0"] == learned["x", "patron 1"] == learned["x", "shared mean"]
    assert learned["x", "shared mean"] == pytest.approx(1.0 + 2.0 * points[:, 0], abs=1e-6)


def test_a_deviation_is_in_standard_deviations_of_the_prior() -> None:
    """Where the prior is lognormal, of the logarithm."""
    for prior, expected in (
        (Distribution(normal=(1.0, 2.0)), 1.0 + 2.0 * (0.4 + 0.5 * 1.5)),
        (Distribution(lognormal=(3.0, 0.2)), 3.0 * np.exp(0.2 * (0.4 + 0.5 * 1.5))),
    ):
        coordinates = toy(1, prior, Distribution(choice=(0.5,)))
        assert [name.kind for name in coordinates.names] == ["mean", "scale", "deviation"]
        assert coordinates.values(np.array([[0.4, 0.0, 1.5]])).item() == pytest.approx(expected)


def test_mass_at_zero_is_of_all_patrons_together() -> None:
    coordinates = toy(3, Spiked(Distribution(normal=(1.0, 0.1)), 0.3))
    points = np.random.default_rng(1).standard_normal((20_000, 5))
    values = coordinates.values(points)[:, :, 0]
    absent = values == 0.0
    assert (absent.all(axis=1) == absent.any(axis=1)).all()
    assert absent[:, 0].mean() == pytest.approx(0.3, abs=0.015)
    assert values[~absent].mean() == pytest.approx(1.0, abs=0.01)


def test_another_patron_shares_the_mean_and_nothing_else() -> None:
    coordinates = Coordinates(
        ("a", "b"), ("s",), ("o",), ("x",), dict.fromkeys("sox", Distribution(normal=(0.0, 1.0))), {"x": HALF}
    )
    points = np.zeros((20_000, len(coordinates.names)))
    points[:, coordinates.names.index(Coordinate("shared", "s"))] = 0.7
    points[:, coordinates.names.index(Coordinate("mean", "x"))] = 2.0
    shared, own, pooled = coordinates.of_another(points, np.random.default_rng(1)).T
    scale = coordinates.scale(points, "x")[0]
    assert shared == pytest.approx(np.full(20_000, 0.7), abs=1e-9)
    assert (own.mean(), own.std()) == pytest.approx((0.0, 1.0), abs=0.03)
    assert (pooled.mean(), pooled.std()) == pytest.approx((2.0, scale), abs=0.03)


@given(st.sampled_from([*PRIORS, HALF, Distribution(loguniform=(0.1, 2.0)), Distribution(choice=(1.0, 2.0, 5.0))]))
def test_many_quantiles_at_once_are_those_one_by_one(prior: AnyPrior) -> None:
    levels = np.linspace(0.0, 1.0 - 1e-12, 201)
    single = [prior_quantile(prior, float(level)) for level in levels]
    assert prior_quantiles(prior, levels) == pytest.approx(np.array(single), rel=1e-12, abs=1e-12)


@given(POINTS, st.sampled_from(PRIORS))
def test_where_patrons_stand_is_another_view_of_their_deviations(points: np.ndarray, prior: AnyPrior) -> None:
    coordinates = toy(2, prior)
    there = coordinates.centred(points)
    assert coordinates.centred(there, back=True) == pytest.approx(points, abs=1e-6)
    step = 1e-3
    moved = points + np.array([[0.0, 0.0, step, 0.0]])
    stretch = (coordinates.centred(moved) - there)[0, 2] / step
    assert coordinates.log_stretch(points)[0] == pytest.approx(2 * np.log(stretch), abs=1e-4)


# The sampler


def direct(seen: np.ndarray, error: float) -> tuple[float, float, np.ndarray, float]:
    """Return the posterior means of shared mean, scale and values, and the log evidence, by sums over the scale."""
    scales = np.linspace(0.0, 6.0, 6001)[1:]
    prior = halfnorm.pdf(scales)
    log, mean, values = np.empty_like(scales), np.empty_like(scales), np.empty((len(scales), len(seen)))
    for row, scale in enumerate(scales):
        cover = np.ones((len(seen), len(seen))) + (scale**2 + error**2) * np.eye(len(seen))
        inverse = np.linalg.inv(cover)
        log[row] = -0.5 * seen @ inverse @ seen - 0.5 * np.linalg.slogdet(2 * np.pi * cover)[1]
        mean[row] = np.ones(len(seen)) @ inverse @ seen
        values[row] = (np.ones((len(seen), len(seen))) + scale**2 * np.eye(len(seen))) @ inverse @ seen
    weight = np.exp(log - log.max()) * prior
    evidence = float(np.log(weight.sum() * (scales[1] - scales[0])) + log.max())
    weight /= weight.sum()
    return float(weight @ mean), float(weight @ scales), weight @ values, evidence


def test_a_pooled_posterior_of_normal_readings_is_the_one_worked_out_directly() -> None:
    seen = np.array([1.9, 0.4, 1.2, 2.6])
    coordinates = toy(4, Distribution(normal=(0.0, 1.0)))
    sampled = normal_readings(coordinates, seen, 0.4)
    learned, (mean, scale, values, evidence) = coordinates.learned(sampled.points), direct(seen, 0.4)
    assert sampled.evidence().effective > 2000
    assert sampled.weight @ learned["x", "shared mean"] == pytest.approx(mean, abs=0.03)
    assert sampled.weight @ learned["x", "scale"] == pytest.approx(scale, abs=0.03)
    for number, value in enumerate(values):
        assert sampled.weight @ learned["x", f"patron {number}"] == pytest.approx(value, abs=0.02)
    found = sampled.evidence()
    assert abs(found.log - evidence) < 4 * found.error < 0.12
    # Pooling draws each value towards the others.
    assert (np.abs(values - values.mean()) < np.abs(seen - seen.mean())).all()


def test_the_probability_of_zero_is_the_one_worked_out_directly() -> None:
    coordinates = toy(2, Spiked(Distribution(normal=(0.0, 2.0)), 0.5), Distribution(choice=(0.0,)))
    for seen in (np.array([0.1, -0.2]), np.array([0.9, 0.6])):
        sampled = normal_readings(coordinates, seen, 0.5)
        absent = norm.logpdf(seen, 0.0, 0.5).sum()
        cover = 4.0 * np.ones((2, 2)) + 0.25 * np.eye(2)
        there = -0.5 * seen @ np.linalg.inv(cover) @ seen - 0.5 * np.linalg.slogdet(2 * np.pi * cover)[1]
        expected = 1.0 / (1.0 + np.exp(there - absent))
        zero = float(sampled.weight[coordinates.values(sampled.points)[:, 0, 0] == 0.0].sum())
        assert zero == pytest.approx(expected, abs=0.02)


def test_rounds_find_what_the_prior_hardly_holds() -> None:
    """Precise readings far out: the prior's own points would not count, those of later rounds do."""
    coordinates = toy(5, Distribution(normal=(0.0, 1.0)))
    seen = 2.0 + np.random.default_rng(3).normal(0.0, 0.3, 5)
    few = normal_readings(coordinates, seen, 0.1, rounds=1, points=512).evidence().effective
    found = normal_readings(coordinates, seen, 0.1, rounds=12, points=512).evidence()
    assert few < 20
    assert found.effective > 500
    assert found.log == pytest.approx(direct(seen, 0.1)[3], abs=0.15)


def test_learning_from_some_patrons_is_another_weight_of_the_same_points() -> None:
    coordinates, seen = toy(3, Distribution(normal=(0.0, 1.0))), np.array([0.5, 0.7, 0.2])
    sampled = normal_readings(coordinates, seen, 0.5)
    mean, _, _, evidence = direct(seen[:2], 0.5)
    some = sampled.weight_of((0, 1))
    assert some @ coordinates.learned(sampled.points)["x", "shared mean"] == pytest.approx(mean, abs=0.04)
    assert sampled.evidence((0, 1)).log == pytest.approx(evidence, abs=0.06)


@pytest.mark.slow
def test_many_rounds_find_a_posterior_that_is_a_speck_of_the_prior() -> None:
    coordinates = toy(5, Distribution(normal=(0.0, 1.0)))
    seen = 2.0 + np.random.default_rng(3).normal(0.0, 0.3, 5)
    found = normal_readings(coordinates, seen, 0.02, rounds=24).evidence()
    assert found.effective > 2000
    assert found.log == pytest.approx(direct(seen, 0.02)[3], abs=0.03)


@pytest.mark.slow
def test_ranks_of_the_sampler_are_uniform() -> None:
    """A hundred toys, each sampled by itself: the rounds do not lean towards where they led."""
    coordinates, rng = toy(3, Spiked(Distribution(normal=(0.5, 1.0)), 0.3)), np.random.default_rng(5)
    names = [("x", "shared mean"), ("x", "scale"), ("x", "patron 0")]
    ranks = []
    for number in range(100):
        truth = rng.standard_normal((1, len(coordinates.names)))
        seen = rng.normal(coordinates.values(truth)[0, :, 0], 0.5)
        sampled = normal_readings(coordinates, seen, 0.5, seed=number, sequences=2, points=256)
        learned, true = coordinates.learned(sampled.points), coordinates.learned(truth)
        ranks.append(
            [
                sampled.weight[learned[name] < true[name]].sum()
                + rng.random() * sampled.weight[learned[name] == true[name]].sum()
                for name in names
            ]
        )
    for column in np.array(ranks).T:
        assert kstest(column, "uniform").pvalue > 0.01


# The fit of scenarios


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> PooledFit:
    folder = tmp_path_factory.mktemp("pooled")
    return fit(pooled_problem(folder), folder / "out")


def test_the_likelihood_is_the_sum_over_patrons(finished: PooledFit) -> None:
    problem, sampled = finished.problem, finished.sampled
    values = problem.coordinates.values(sampled.points)
    for row in (0, 100):
        for column, (name, likelihood) in enumerate(problem.likelihoods.items()):
            numbers = dict(zip(paths_of(("switching_cost", "choice_noise")), values[row, column], strict=True))
            assert problem.parts[name].plan.training.last == "2023H2"
            assert sampled.log_patrons[row, column] == pytest.approx(likelihood.log_steps(numbers).sum())
    assert sampled.weight == pytest.approx(weights(sampled.log_patrons.sum(axis=1) + sampled.log_ratio))
    assert (values[:, 0, 0] == values[:, 1, 0]).all()  # shared


def test_a_fit_that_was_stopped_goes_on_and_comes_to_the_same(finished: PooledFit, tmp_path: Path) -> None:
    problem, told = finished.problem, []
    fit(problem, tmp_path / "out")
    (tmp_path / "out" / "parts" / "part-001-001.parquet").unlink()
    again = fit(problem, tmp_path / "out", progress=lambda now: told.append((now.before, now.done, now.total)))
    np.testing.assert_array_equal(again.sampled.weight, finished.sampled.weight)
    assert told[-1] == (192, 256, 256)
    other = pooled_problem(tmp_path, PLAN.replace("[0.01, 0.2]", "[0.01, 0.3]"))
    with pytest.raises(
        FolderError, match="holds the results of an experiment that was not this one: 'priors' has changed"
    ):
        fit(other, tmp_path / "out")


def test_tables_and_draws(finished: PooledFit) -> None:
    files = write_outputs(finished)
    assert [file.name for file in files] == [
        *("posterior.csv", "evidence.csv"),
        *("together_m4.csv", "together_m4_1.csv", "together_m4_2.csv"),
    ]
    draws = posteriors.load(str(files[2]))
    assert draws.paths == (COST, NOISE)
    assert len(draws.values) == 100
    assert "a patron that is not among them" in draws.comments[0]
    rows = {(row["parameter"], row["whose"]): row for row in finished.summary()}
    assert set(rows) == {
        ("switching_cost", "all patrons"),
        *(("choice_noise", whose) for whose in ("shared mean", "scale", "North", "South")),
    }
    assert rows["choice_noise", "scale"]["prior_zero"] == 0.5
    assert float(str(rows["choice_noise", "North"]["alone_effective"])) > 1.0
    evidence = {row["patron"]: row for row in finished.evidences()}
    both = float(str(evidence["all"]["log_evidence"]))
    assert float(str(evidence["North"]["log_left_out"])) == pytest.approx(
        both - float(str(evidence["South"]["log_evidence"])), abs=1e-9
    )


FINER = PLAN.replace("rounds: 2", "rounds: 6").replace("points: 64", "points: 256")


def noise(north: float, south: float) -> dict[str, dict[str, float]]:
    return {"North": {NOISE: north, COST: 0.05}, "South": {NOISE: south, COST: 0.05}}


def probability_of_the_same(tmp_path: Path, north: float, south: float) -> tuple[float, dict[str, float]]:
    problem = simulated(pooled_problem(tmp_path, FINER), noise(north, south), seed=4)
    found = fit(problem, tmp_path / "out")
    rows = {row["whose"]: row for row in found.summary() if row["parameter"] == "choice_noise"}
    means = {name: float(str(rows[name]["mean"])) for name in ("North", "South")}
    return float(str(rows["scale"]["zero"])), means


@pytest.mark.slow
def test_patrons_with_the_same_and_with_other_constants_are_told_apart(tmp_path: Path) -> None:
    same, _ = probability_of_the_same(tmp_path, 0.05, 0.05)
    (tmp_path / "apart").mkdir()
    apart, means = probability_of_the_same(tmp_path / "apart", 0.02, 0.15)
    assert same > 0.6
    assert apart < 0.2
    assert means["South"] > 2.0 * means["North"]


@pytest.mark.slow
def test_ranks_of_a_pooled_fit_are_uniform(tmp_path: Path) -> None:
    problem = pooled_problem(tmp_path)
    ranks = pooled_ranks(problem, histories=120, points=1024)
    assert min(ranks.uniformity().values()) >= 0.01
    assert dict(zip(ranks.learned, ranks.moved, strict=True))[NOISE, "North"] > 0.2
    sure = pooled_ranks(problem, histories=120, points=1024, sharpened=8.0)
    assert min(sure.uniformity().values()) < 0.01


# What a file may say


MISTAKES = {
    "shared: [switching_cost]": {
        "shared: [switching_cots]": "together.yaml:6: shared.0: no parameter 'switching_cots' (did you mean",
        "shared: [choice_noise]": "together.yaml:7: pooled: parameters.choice_noise is named twice among",
        "shared: [contagion]": "together.yaml:6: shared.0: the parameter contagion is 0 in an exact replay",
    },
    "scenario: ./south.yaml": {
        "scenario: ./west.yaml": "together.yaml:5: patrons.South.scenario: no scenario './west.yaml' beside this",
    },
    "observed: ./south_postures.yaml": {
        "observed: ./nosuch.yaml": "nosuch.yaml': no such file",
    },
    "South: {scenario": {
        "South: {settings: {evidence_scal: 1}, scenario": "together.yaml:5: patrons.South.settings.evidence_scal: no",
    },
    "last: 2023H2}}\nshared": {
        "last: 2024H2}}\nshared": "together.yaml:5: patrons.South.training.last: '2024H2' was not observed",
    },
    "normal: [0, 1]": {
        "uniform: [-1, 1]": "pooled.choice_noise.scale: expected a distribution of numbers from 0 on, got uniform",
    },
    "{loguniform: [0.01, 0.2]}": {
        "{zero: 0.5}": "priors.choice_noise.zero: the parameter choice_noise cannot be 0",
        "{zero: 1.5, uniform: [1, 2]}": "priors.choice_noise.zero",
        "{loguniform: [0, 1]}": "priors.choice_noise",
        "{loguniform: [0.01, 200]}": "priors.choice_noise",
    },
    "rounds: 2": {
        "settings: {evidence_scal: 1}": "together.yaml:12: settings.evidence_scal: no 'evidence_scal' to set",
        "model: M5": "model: no model 'M5', expected one of",
    },
}


@pytest.mark.parametrize(("place", "written", "said"), [(k, w, s) for k, v in MISTAKES.items() for w, s in v.items()])
def test_mistakes_are_told_at_their_line(tmp_path: Path, place: str, written: str, said: str) -> None:
    assert place in PLAN
    with pytest.raises(ExperimentError) as caught:
        pooled_problem(tmp_path, PLAN.replace(place, written))
    assert said in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_priors_that_differ_between_scenarios_are_refused(tmp_path: Path) -> None:
    plan = PLAN.replace("priors:\n  choice_noise: {loguniform: [0.01, 0.2]}\n", "")
    path = write(tmp_path, plan)
    text = (tmp_path / "south.yaml").read_text(encoding="utf-8")
    own = "parameters: {choice_noise: {value: 0.1, prior: {uniform: [0.05, 0.2]}, why: mine}}\nevents:"
    (tmp_path / "south.yaml").write_text(text.replace("events:", own), encoding="utf-8")
    with pytest.raises(ExperimentError, match=r"patrons.South.scenario: the prior of choice_noise is another one"):
        load_pooled(path)


def test_other_commands_say_that_the_file_is_of_several_patrons(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="together.yaml:3: patrons: this calibration fits several patrons"):
        load_problem(write(tmp_path))


def test_the_fingerprint_is_of_what_was_learned_and_not_how_finely(tmp_path: Path) -> None:
    one, finer, other = (
        pooled_problem(tmp_path, PLAN.replace(old, new)).fingerprint
        for old, new in (("", ""), ("points: 64", "points: 256"), ("zero: 0.5", "zero: 0.4"))
    )
    assert one == finer != other
    assert json.dumps(one)
