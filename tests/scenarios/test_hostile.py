"""Scenario files and settings that are allowed by their form and would break a run, or take for ever to refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios import ScenarioError, load, parse_settings
from papertiger.scenarios.event_table import read_events


def refused(*settings: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load("sahel_2020", parse_settings(settings))
    return str(caught.value)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("forgetting=", "--set: parameters.forgetting: expected a number from 0 to 1, got nothing"),
        ("forgetting=---", "--set: parameters.forgetting: expected a number from 0 to 1, got nothing"),
        ("prior_strength=5e-324", "expected a number above 0 to 100, got 5e-324"),
        ("span.end=\u0662\u0660\u0662\u0661-01", "--set: span.end: expected a month written YYYY-MM, got"),
        ("span.end=\uff12\uff10\uff12\uff11-01", "--set: span.end: expected a month written YYYY-MM, got"),
        ("events.x={date: 2021-02-30, kind: background, what: z}", "expected a day that the month has"),
        ("patron.rival_track=1e308", "expected a number from 0 to 1,000,000, got 1e+308"),
        ("forgetting={normal: [9, 0.1]}", "which is drawn from 8.17 to 9.83; narrow it"),
        ("bad_news_weight={lognormal: [1, 1e308]}", "lognormal: expected a smaller spread"),
        ("bad_news_weight={loguniform: [5e-324, 100]}", "loguniform: expected numbers that are less far apart"),
    ],
)
def test_values_that_would_break_a_run(setting: str, message: str) -> None:
    assert message in refused(setting)


def test_distributions_that_stay_within_their_interval_are_drawn() -> None:
    for written in ("{normal: [0.5, 0.05]}", "{beta: [2, 2]}", "{lognormal: [0.1, 0.2]}", "{uniform: [0, 1]}"):
        assert load("sahel_2020", parse_settings([f"forgetting={written}"])).parameters.forgetting.value is None


def test_tails_beyond_the_interval_are_cut() -> None:
    cut = load("sahel_2020", parse_settings(["forgetting={normal: [0.9, 0.1]}"])).parameters.forgetting.prior
    assert cut is not None
    assert cut.reach() == pytest.approx((0.07, 1.0))
    positive = load("sahel_2020", parse_settings(["choice_noise={normal: [0.01, 0.01]}"])).parameters.choice_noise
    assert positive.prior is not None
    assert positive.prior.reach()[0] > 0.0


@pytest.mark.parametrize("key", ["." * 100_000, "a." * 50_000, "clients." + "a." * 50_000])
def test_an_endless_key_is_refused_at_once(key: str) -> None:
    said = refused(f"{key}=1")
    assert "a key has at most 400 characters" in said
    assert len(said) < 200


def test_a_table_with_a_million_empty_columns_is_read(tmp_path: Path) -> None:
    table = tmp_path / "wide.csv"
    blank = "," * 900_000
    table.write_text(f"id,date,kind,what{blank}\nx,2021-01,background,y{blank}\n", encoding="utf-8")
    assert set(read_events(table).data["events"]) == {"x"}


def test_a_table_with_a_million_wrong_columns_is_refused_at_once(tmp_path: Path) -> None:
    table = tmp_path / "wide.csv"
    table.write_text("a," * 900_000 + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_events(table)
    assert len(caught.value.problems) <= 201


def test_a_long_anchor_is_quoted_in_brief(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(f"title: &{'a' * 100_000} x\ndescription: *{'b' * 100_000}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert max(len(line) for line in str(caught.value).splitlines()) < 300 + len(str(file))
