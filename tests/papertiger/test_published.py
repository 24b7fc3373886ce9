"""A forecast is put on record and scored as a person types it, to the end of the half-years that are coded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from papertiger.cli import forecast as command
from papertiger.cli.score import is_published
from papertiger.experiments.history.forecast.archive import read_forecast
from papertiger.experiments.history.forecast.published import publish
from papertiger.scenarios import posteriors
from tests.experiments.history.declared import DECLARED, declared_problem, made_up, write_declared
from tests.experiments.history.small import PLAN, write
from tests.papertiger.conftest import Answer, Command
from tests.papertiger.test_history import refused, write_draws


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a small calibration, ten draws of it, and a day in September 2023."""
    write_declared(tmp_path)
    folder = tmp_path / "learned" / "posteriors"
    folder.mkdir(parents=True)
    paths = ("parameters.choice_noise", "parameters.switching_cost")
    rows = tuple((0.3 + 0.01 * one, 0.4) for one in range(10))
    write_draws(folder / "trial_m4.csv", posteriors.Draws("trial_m4", paths, rows, ("made up",)))
    monkeypatch.setattr(command, "today", lambda: "2023-09-15")
    return tmp_path


def put_on_record(papertiger: Command, *more: str) -> Answer:
    return papertiger(
        "forecast", "trial.yaml", "--posterior", "learned", "--runs", "100", "--publish", "forecasts", *more
    )


def test_a_forecast_is_put_on_record_and_scored_when_a_part_has_come_true(papertiger: Command, ready: Path) -> None:
    answer = put_on_record(papertiger)
    assert answer.code == 0, answer.error
    assert "All paths of the war, by their weights" in answer.out
    assert "Its hash is in forecasts/SHA256SUMS" in answer.out
    forecast = read_forecast(ready / "forecasts" / "2023-09-15_trial.json")
    assert forecast.periods == ("2023H2", "2024H1", "2024H2")
    assert set(forecast.baselines) == {"persistence", "climatology", "static landscape", "trust frozen"}
    provenance = forecast.provenance
    assert {"papertiger", "calibration_sha256", "draws_sha256", "model_sha256", "seed", "runs"} <= set(provenance)
    assert len({value for key, value in provenance.items() if key.startswith("scenario_sha256")}) == 3
    refused(put_on_record(papertiger), "2023-09-15_trial.json: is published already")

    papertiger("score", "forecasts", "--observed", "postures.yaml")
    answer = papertiger("score", "forecasts", "--observed", "later.yaml", "--export", "scoringutils", "--json")
    assert answer.code == 0, answer.error
    found = json.loads(answer.out)
    assert "ranked probability score" in found["verdict"][0]
    assert "2024H2 (to be coded by 2025-03-31)" in found["verdict"][-1]
    assert found["scores"][0]["forecaster"] == "mixture"
    table = pd.read_csv(ready / "results" / "score_forecasts" / "scoringutils" / "2023-09-15_trial.csv")
    assert table.groupby(["model", "location", "target_end_date"])["predicted"].sum().tolist() == pytest.approx(
        [1.0] * 24
    )
    assert table["observed"].isna().sum() == 8 * 5  # of eight forecasters, what nobody has coded
    shown = papertiger("score", "forecasts/2023-09-15_trial.json", "--observed", "later.yaml").out
    assert shown.index("the forecast, against the baselines") < shown.index("war continues")


def test_a_changed_record_is_neither_scored_nor_added_to(papertiger: Command, ready: Path) -> None:
    folder = ready / "forecasts"
    write_declared(ready)
    publish(made_up(declared_problem(ready), made="2023-08-20"), folder)
    file = folder / "2023-08-20_trial.json"
    file.write_bytes(file.read_bytes().replace(b"0.", b"1.", 1))
    refused(papertiger("score", "forecasts", "--observed", "later.yaml"), "has been changed since it was published")
    refused(put_on_record(papertiger), "has been changed since it was published")
    file.unlink()
    refused(papertiger("score", "forecasts", "--observed", "later.yaml"), "was published, and is missing")


def test_what_cannot_be_put_on_record_is_refused_before_it_is_run(
    papertiger: Command, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for more, said in (
        (("--date", "2023-09-01"), "--date 2023-09-01: with --publish a forecast bears the day on which it is made"),
        (("--out", "x.json"), "--publish: names the file itself"),
        (("--excel", "de"), "--excel: with --publish nothing but the forecast is written"),
        (("--last", "2023H2"), "--last 2023H2: --publish answers what is declared, up to 2024H2"),
    ):
        refused(put_on_record(papertiger, *more), said)
    monkeypatch.setattr(command, "today", lambda: "2023-07-31")
    refused(put_on_record(papertiger), "declared on 2023-08-01, after the forecast's date, 2023-07-31")
    write(ready, PLAN)
    refused(put_on_record(papertiger), "trial: declares no weights of the war's paths")
    write_declared(ready, DECLARED.replace("    ends:", "    end:"))
    refused(put_on_record(papertiger), "trial.yaml:17: forecast.weights.end: no path of the war 'end'", "'ends'?")
    assert not (ready / "forecasts").exists()


def test_a_folder_of_the_name_of_a_calibration_is_none_of_forecasts(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        for name in ("partners_2020", "mine"):
            (tmp_path / name).mkdir()
        assert not is_published("partners_2020")
        assert is_published("mine")
        (tmp_path / "partners_2020" / "SHA256SUMS").touch()
        assert is_published("partners_2020")


def test_what_has_no_use_for_published_forecasts_is_refused(papertiger: Command, ready: Path) -> None:
    (ready / "forecasts").mkdir()
    refused(papertiger("score", "forecasts"), "forecasts: expected SHA256SUMS, the list of published forecasts")
    (ready / "forecasts" / "SHA256SUMS").touch()
    assert "forecasts: no forecast has been published yet." in papertiger("score", "forecasts").out
    refused(papertiger("score", "forecasts", "--placebos", "3"), "--placebos: published forecasts are scored as they")
    refused(papertiger("score", "forecasts", "--multiverse"), "--multiverse: published forecasts are scored as they")
    refused(papertiger("score", "forecasts", "--export", "scoringutil"), "did you mean 'scoringutils'?")
    refused(papertiger("score", "trial.yaml", "--export", "scoringutils"), "--export: is of published forecasts")
    refused(papertiger("score", "nosuch.json"), "nosuch.json: no such file")


def test_whom_nobody_observed_cannot_be_scored(papertiger: Command, ready: Path) -> None:
    problem = declared_problem(ready)
    publish(made_up(problem), ready / "forecasts")
    refused(papertiger("score", "forecasts"), "no shipped observations of", "give some with --observed")
    refused(
        papertiger("score", "forecasts", "--observed", "partners_postures"),
        "partners_postures: observed none of the clients of",
    )


def test_a_draft_ends_where_its_calibration_declares(papertiger: Command, ready: Path) -> None:
    answer = papertiger(
        "forecast", "trial.yaml", "--posterior", "learned", "--runs", "100", "--out", "x.json", "--json"
    )
    assert answer.code == 0, answer.error
    found = read_forecast(ready / "x.json")
    assert found.periods[-1] == "2024H2"
    assert found.statement is not None
    assert found.statement.follows == ""
    assert replace(found, made="x").sha256 != found.sha256
