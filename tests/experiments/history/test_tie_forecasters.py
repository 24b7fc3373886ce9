"""What is known of a share beforehand, and what each forecaster makes of it, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.history.ties import forecasters
from papertiger.experiments.history.ties.likelihood import error_grids
from papertiger.experiments.history.ties.plan import ReadingError
from papertiger.experiments.history.ties.readings import Readings
from papertiger.scenarios import observed
from tests.scenarios.minimal import SMALL, write

SERIES = "  {name}: {{client: {client}, of: {of}, source: x, confidence: low, years: {{{years}}}}}\n"
FILE = "title: Small\ndescription: Shares\nseries:\n" + "".join(
    SERIES.format(name=f"{client}_{of}", client=client, of=of, years=years)
    for client, of, years in (
        ("Bravo", "arms", "2020: {share: 0.4}, 2021: {share: 0.3}, 2022: {share: 0.1}"),
        ("Alfa", "economy", "2021: {share: 0.5}"),
        (
            "Alfa",
            "arms",
            "2018: {share: 0.9, volume: large}, 2019: {share: 0.8, volume: small}, "
            "2021: {share: 0.6, volume: medium}, 2022: {share: 0.2, volume: large}",
        ),
    )
)
ENTRY = np.array([[0.8, 0.5], [0.1, 0.2]])
ERROR = ReadingError(arms=(0.05, 1.0), per_band=(0.5, 1.0), economy=(0.01, 0.2))


def readings(folder: Path, known_by: str | None = None) -> Readings:
    world = SMALL.replace("    arms: 0.1\n", "    enters: 2021-01\n    arms: 0.1\n")
    scenario = scenarios.load(write(folder, world, "world.yaml"))
    (folder / "ties.yaml").write_text(FILE, encoding="utf-8")
    return Readings.of(observed.load_ties(folder / "ties.yaml"), scenario, known_by=known_by)


def test_shares_are_ordered_by_client_kind_and_year(tmp_path: Path) -> None:
    found = readings(tmp_path)
    assert found.year.tolist() == [2018, 2019, 2021, 2022, 2021, 2020, 2021, 2022]
    assert found.client.tolist() == [0, 0, 0, 0, 0, 1, 1, 1]
    assert found.kind.tolist() == [0, 0, 0, 0, 1, 0, 0, 0]
    assert found.band.tolist() == [2, 0, 1, 2, 0, 0, 0, 0]


def test_a_year_counts_if_its_client_was_there_during_all_of_it(tmp_path: Path) -> None:
    """The scenario runs from 2020 to 2022, and Bravo enters with 2021."""
    assert readings(tmp_path).counts.tolist() == [False, False, True, True, True, False, True, True]


def test_what_came_out_later_can_be_left_out(tmp_path: Path) -> None:
    assert readings(tmp_path, "2022-03").year.tolist() == [2018, 2019, 2021, 2021, 2020, 2021]
    assert readings(tmp_path, "2022-02").year.tolist() == [2018, 2019, 2020]


def test_what_a_forecast_knows_is_the_last_share_up_to_its_origin(tmp_path: Path) -> None:
    found = readings(tmp_path)
    assert found.previous.tolist() == [-1, 0, 1, 2, -1, -1, 5, 6]
    assert found.last_by(2020).tolist() == [-1, 0, 1, 1, -1, -1, 5, 5]


def test_persistence_and_entry(tmp_path: Path) -> None:
    found = readings(tmp_path)
    assert forecasters.entry_centres(found, ENTRY).tolist() == [0.8, 0.8, 0.8, 0.8, 0.5, 0.1, 0.1, 0.1]
    persistence = forecasters.persistence_centres(found, 2020, ENTRY)
    assert persistence.tolist() == [0.8, 0.9, 0.8, 0.8, 0.5, 0.1, 0.4, 0.4]


def test_a_line_goes_through_all_that_is_known_and_needs_enough_of_it(tmp_path: Path) -> None:
    """Alfa's arms: .9, .8 and .6 in 2018, 2019 and 2021 fall by .1 a year."""
    found = readings(tmp_path)
    line = forecasters.trend_centres(found, 2021, ENTRY, least=3)
    assert line[3] == pytest.approx(0.5)
    assert line[7] == pytest.approx(0.3), "two shares are too few: the last one"
    assert forecasters.trend_centres(found, 2021, ENTRY, least=2)[7] == pytest.approx(0.2)
    assert forecasters.trend_centres(found, 2019, ENTRY, least=2)[3] == pytest.approx(0.5)


def test_the_models_path_and_its_change(tmp_path: Path) -> None:
    """Alfa's tie of arms goes .8, .7, .5, and before the first year it stood at .8."""
    found = readings(tmp_path)
    yearly = np.zeros((1, 3, 2, 2))
    yearly[0, :, 0, 0] = 0.8, 0.7, 0.5
    path = forecasters.path_centres(found, yearly, 2020, ENTRY)[0]
    assert path[:4] == pytest.approx([0.8, 0.8, 0.7, 0.5])
    change = forecasters.change_centres(found, 2021, yearly, 2020, ENTRY)[0]
    assert change[2] == pytest.approx(0.8 + 0.7 - 0.8), "since the share of 2019, when ties stood as at entry"
    assert change[3] == pytest.approx(0.6 + 0.5 - 0.7)
    assert change[4] == pytest.approx(yearly[0, 1, 0, 1]), "nothing was seen before: the path"


def test_the_volume_of_a_year_to_come_is_the_usual_one(tmp_path: Path) -> None:
    found = readings(tmp_path)
    assert forecasters.usual_bands(found, 2021).tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert forecasters.usual_bands(found, 2017).tolist() == [0] * 8


def test_points_are_weighted_by_the_training_years_alone(tmp_path: Path) -> None:
    found = readings(tmp_path)
    trained = found.of_years(2021, 2021)
    centres = np.stack([found.share, found.share + 0.3])
    learned = forecasters.learn("either", found, trained, centres, error_grids(ERROR))
    assert learned.points[0] > 0.95
    for weight in learned.weight:
        assert weight.sum() == pytest.approx(1.0)
    changed = np.where(trained, centres, 0.123)
    again = forecasters.learn("either", found, trained, changed, error_grids(ERROR))
    assert again.log_likelihood.tolist() == learned.log_likelihood.tolist()


def test_each_kind_of_tie_speaks_for_a_point_of_both(tmp_path: Path) -> None:
    """Only the economy tells the two points apart, and yet arms are forecast by the better one."""
    found = readings(tmp_path)
    trained = found.of_years(2021, 2021)
    centres = np.stack([found.share, np.where(found.kind == 1, 0.1, found.share)])
    learned = forecasters.learn("either", found, trained, centres, error_grids(ERROR))
    assert learned.weight[0][0].sum() > 5 * learned.weight[0][1].sum()


def test_draws_follow_the_weights(tmp_path: Path) -> None:
    found = readings(tmp_path)
    centres = np.stack([np.full(8, 0.2), np.full(8, 0.8)])
    learned = forecasters.learn("either", found, found.of_years(2021, 2021), centres, error_grids(ERROR))
    centre, spread = learned.draws(3, 0, 2, 1000)
    assert (centre == 0.8).mean() == pytest.approx(learned.weight[0][1].sum(), abs=2e-3)
    assert spread.max() < 1.0
