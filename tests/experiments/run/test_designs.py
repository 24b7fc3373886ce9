"""Designs: the points they make, and what SALib finds with them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.sampling import Points, count, design_points, problem_of
from papertiger.experiments.design.study import Study
from papertiger.experiments.errors import ExperimentError
from tests.experiments.run.small import HEAD, MEASURES, write

VARY = """\
vary:
  forgetting: {path: forgetting, uniform: [0.9, 0.98]}
  threat: {path: clients.Alfa.threat, levels: [0.2, 0.5, 0.9]}
  weight: {path: signals.abandoned.weight, lognormal: [1, 0.5]}
"""


def study(folder: Path, design: str, vary: str = VARY) -> Study:
    return load_study(write(folder, HEAD + MEASURES + vary + f"design: {design}\n"))


def points_of(folder: Path, design: str, vary: str = VARY) -> Points:
    made = study(folder, design, vary)
    points = design_points(made)
    assert len(points) == count(made.experiment.design, made.factors, made.points_file)
    again = design_points(made)
    np.testing.assert_array_equal(points.values, again.values)
    return points


def test_nothing_varies_at_a_single_point(tmp_path: Path) -> None:
    points = design_points(load_study(write(tmp_path)))
    assert (len(points), points.names, points.at(0)) == (1, (), {})


def test_a_grid_is_the_product_of_levels(tmp_path: Path) -> None:
    points = points_of(tmp_path, "{kind: grid, levels: 3}")
    assert len(points) == 27
    assert len(np.unique(points.values, axis=0)) == 27
    np.testing.assert_allclose(np.unique(points.values[:, 0]), [0.9, 0.94, 0.98])
    np.testing.assert_array_equal(np.unique(points.values[:, 1]), [0.2, 0.5, 0.9])
    assert np.unique(points.values[:, 2])[1] == 1.0


def test_one_at_a_time_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    points = points_of(tmp_path, "{kind: one-at-a-time, levels: 2}")
    assert len(points) == 1 + 2 + 3 + 2
    assert points.at(0) == {}
    assert points.at(2) == {"parameters.forgetting": 0.98}
    assert [len(points.at(point)) for point in range(1, 8)] == [1] * 7


def test_a_latin_hypercube_meets_every_stratum_once(tmp_path: Path) -> None:
    points = points_of(tmp_path, "{kind: latin-hypercube, points: 32}")
    assert points.unit is not None
    for column in points.unit.T:
        assert sorted(np.floor(column * 32)) == list(range(32))
    assert points.values[:, 0].min() >= 0.9
    assert points.values[:, 0].max() <= 0.98
    assert set(points.values[:, 1]) == {0.2, 0.5, 0.9}


def test_random_points_follow_the_seed(tmp_path: Path) -> None:
    points = points_of(tmp_path, "{kind: random, points: 6}")
    other = load_study(write(tmp_path, (HEAD + MEASURES + VARY + "design: {kind: random, points: 6}\nseed: 2\n")))
    assert not np.array_equal(points.values, design_points(other).values)


@pytest.mark.parametrize(("second", "expected"), [("false", 8 * (3 + 2)), ("true", 8 * (2 * 3 + 2))])
def test_sobol_samples_have_the_size_that_saltelli_gives(tmp_path: Path, second: str, expected: int) -> None:
    assert len(points_of(tmp_path, f"{{kind: sobol, points: 8, second_order: {second}}}")) == expected


def test_morris_goes_one_step_at_a_time(tmp_path: Path) -> None:
    points = points_of(tmp_path, "{kind: morris, trajectories: 5}")
    assert len(points) == 5 * (3 + 1)
    assert points.unit is not None
    for way in points.unit.reshape(5, 4, 3):
        assert [np.count_nonzero(step) for step in np.diff(way, axis=0)] == [1, 1, 1]
    assert np.isfinite(points.values).all()


def test_priors_make_one_factor_each(tmp_path: Path) -> None:
    vary = "vary:\n  all: {priors: parameters}\n  threat: {path: clients.Alfa.threat, uniform: [0, 1]}\n"
    made = study(tmp_path, "{kind: latin-hypercube, points: 4}", vary)
    world = made.worlds["world"]
    expected = [name for name in type(world.parameters).model_fields if getattr(world.parameters, name).prior]
    assert [factor.name for factor in made.factors] == [*expected, "threat"]
    assert len(expected) > 10
    points = design_points(made)
    for factor, column in zip(made.factors, points.values.T, strict=True):
        assert column.min() >= factor.low
        assert column.max() <= factor.high


def test_priors_can_leave_some_out(tmp_path: Path) -> None:
    design = "{kind: latin-hypercube, points: 4}"
    everything = study(tmp_path, design, "vary:\n  all: {priors: parameters}\n")
    some = study(tmp_path, design, "vary:\n  all: {priors: parameters, without: [forgetting, lock_in]}\n")
    names = [factor.name for factor in everything.factors]
    assert {"forgetting", "lock_in"} < set(names)
    assert [factor.name for factor in some.factors] == [n for n in names if n not in ("forgetting", "lock_in")]


def test_a_table_of_points_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("weight,forgetting,threat\n1,0.95,0.3\n2,0.96,0.4\n\n", encoding="utf-8")
    points = points_of(tmp_path, "{kind: points, file: points.csv}")
    np.testing.assert_array_equal(points.values, [[0.95, 0.3, 1.0], [0.96, 0.4, 2.0]])
    assert points.at(1) == {
        "parameters.forgetting": 0.96,
        "clients.Alfa.threat": 0.4,
        "signals.abandoned.weight": 2.0,
    }


def test_ishigami_through_the_same_sample_gives_its_analytic_indices(tmp_path: Path) -> None:
    from SALib.analyze import sobol

    points = points_of(tmp_path, "{kind: sobol, points: 1024}")
    assert points.unit is not None
    x = -np.pi + 2 * np.pi * points.unit
    values = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = sobol.analyze(problem_of(points.names), values, calc_second_order=False, seed=1)
    for index, analytic in zip(found["S1"], (0.3139, 0.4424, 0.0), strict=True):
        assert abs(index - analytic) < 0.05
    for index, analytic in zip(found["ST"], (0.5576, 0.4424, 0.2437), strict=True):
        assert abs(index - analytic) < 0.05


def test_a_seed_beyond_the_words_of_the_sampling_libraries_is_refused(tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[3] / "experiments/global_sensitivity.yaml").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(re.sub(r"(?m)^seed:.*\n", "", shipped) + f"seed: {2**32}\n", encoding="utf-8")
    with pytest.raises(ExperimentError, match=r"seed: a sampled design takes seeds up to 4294967295"):
        load_study(path)
