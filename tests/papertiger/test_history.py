"""The commands that hold the model against history, as a person types them, to the end of a later year."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.errors import FolderError
from papertiger.experiments.history.forecast.archive import Forecast, check_free, read_forecast, write_forecast
from papertiger.experiments.history.observed.coding import code_postures
from papertiger.scenarios import observed, posteriors
from papertiger.scenarios.schema.values import POSTURES
from tests.experiments.history.small import PLAN, write
from tests.papertiger.conftest import Answer, Command

LATER = """\
title: In 2026
description: Made up, to see whether a later year can be scored
extends: partners_postures
span: {end: 2026-12}
facts:
  cuba_speaks: {date: 2026-03, client: Cuba, indicator: stance, level: 2, what: It speaks, source: x, confidence: low}
"""
EVENTS = """\
title: What happened in 2026
events:
  cuba_raided:
    {date: 2026-02-03, kind: attack, client: Cuba, adversary: US and allies, what: Made up}
"""
PLAN_2020 = "partners_2020"


def write_draws(file: Path, draws: posteriors.Draws) -> None:
    """Write draws as 'calibrate' does, with the hash of their rows."""
    mark = f"{posteriors.MARK} {posteriors.hash_of_rows(posteriors.to_csv(replace(draws, comments=())))}"
    file.write_text(posteriors.to_csv(replace(draws, comments=(*draws.comments, mark))), encoding="utf-8")


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Lay fifty of the shipped draws where 'calibrate' would have left its own."""
    folder = tmp_path / "few" / "posteriors"
    folder.mkdir(parents=True)
    for model in ("m1", "m1b", "m2", "m3", "m4"):
        name = f"{PLAN_2020}_{model}"
        draws = posteriors.load(name)
        write_draws(folder / f"{name}.csv", posteriors.Draws(name, draws.paths, draws.values[::20], ("fifty draws",)))
    return folder.parent


def later_files(folder: Path) -> None:
    (folder / "later.yaml").write_text(LATER, encoding="utf-8")
    (folder / "events.yaml").write_text(EVENTS, encoding="utf-8")


def archive(papertiger: Command, name: str = "archive.json") -> Answer:
    return papertiger(
        "forecast", "--runs", "100", "--last", "2026H2", "--date", "2026-01-15", "--out", name, "--json"
    )


def refused(answer: Answer, *said: str) -> None:
    assert answer.code == 2, answer.out
    assert "Traceback" not in answer.error
    for text in said:
        assert text in answer.error


@pytest.mark.slow
def test_a_later_year_is_scored_end_to_end(papertiger: Command, tmp_path: Path, few: Path) -> None:
    made = json.loads(archive(papertiger).out)
    text = (tmp_path / "archive.json").read_bytes()
    content = json.loads(text)
    assert content["sha256"] == made["sha256"]
    said = {key: value for key, value in content.items() if key != "sha256"}
    plain = json.dumps(said, sort_keys=True, ensure_ascii=True).encode()
    assert hashlib.sha256(plain).hexdigest() == made["sha256"]  # as anybody can check
    assert (content["origin"], set(content["forecast"])) == ("2025H2", {"continues", "ends", "escalates"})
    archive(papertiger, "again.json")
    assert (tmp_path / "again.json").read_bytes() == text

    later_files(tmp_path)
    answer = papertiger(
        "score", "--observed", "later.yaml", "--events", "events.yaml", "--forecast", "archive.json",
        "--posterior", str(few), "--placebos", "0", "--json",
    )  # fmt: skip
    assert answer.code == 0, answer.error
    found = json.loads(answer.out)
    assert found["look_back"] is False
    assert "2026H1 to 2026H2" in found["verdict"][0]
    assert found["verdict"][-1].startswith("The test has 28 client-half-years of 14 clients, and 1 change of posture")
    rows = found["skill"]
    ours = {row["forecaster"] for row in rows if row["split"] == "all" and row["forecast"] == "from the origin"}
    assert ours == {
        "persistence", "climatology", "static landscape", "M1", "M1b", "M2", "M3", "M4",
        "archived, war continues", "archived, war ends", "archived, war escalates",
    }  # fmt: skip
    said = content["forecast"]["ends"]
    came = code_postures(observed.load(tmp_path / "later.yaml"))
    total, cases = 0.0, 0
    for column, client in enumerate(came.clients):
        for row, period in ((12, "2026H1"), (13, "2026H2")):
            if came.scored[row, column]:
                gap = np.cumsum(said[client][period])[:4] - (np.arange(4) >= came.posture[row, column])
                total, cases = total + float((gap**2).sum()) / 4, cases + 1
    assert cases == 28
    mean = next(row["mean"] for row in rows if row["forecaster"] == "archived, war ends" and row["score"] == "RPS")
    assert mean == pytest.approx(total / cases, rel=1e-3)
    with (tmp_path / "results" / f"score_{PLAN_2020}" / "tables" / "skill.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(rows)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return an archived forecast that says the same of everybody."""
    clients = tuple(scenarios.load(PLAN_2020).clients)
    even = np.full((2, len(clients), 5), 0.2)
    write_forecast(
        Forecast("2026-01-15", "2025H2", clients, ("2026H1", "2026H2"), {"ends": even}, {}), tmp_path / "archive.json"
    )
    return tmp_path / "archive.json"


def test_an_archive_that_does_not_fit_is_refused(papertiger: Command, kept: Path) -> None:
    refused(papertiger("score", "--forecast", "archive.json"), "but 2024H1, 2024H2, 2025H1, 2025H2 is to be scored")
    kept.write_text(kept.read_text(encoding="utf-8").replace("0.2", "0.3", 1), encoding="utf-8")
    refused(papertiger("score", "--forecast", "archive.json"), "archive.json: its hash does not fit what it says")
    refused(papertiger("score", "--forecast", "nosuch.json"), "nosuch.json: no such file")


def test_an_archive_is_read_as_it_was_written_or_not_at_all(kept: Path) -> None:
    text = kept.read_text(encoding="utf-8")
    found = read_forecast(kept)
    write_forecast(found, kept)  # the same once more is no harm
    assert kept.read_text(encoding="utf-8") == text
    with pytest.raises(FolderError, match="another forecast lies there"):
        write_forecast(replace(found, made="2026-01-16"), kept)
    for changed, said in (
        (text.replace('"2026-01-15"', '"2026-01-14"'), "its hash does not fit what it says"),
        (text[:-100], "not JSON"),
        ("[]", "this is not a forecast"),
        ('{"format": 3}', "written in format 3, this version reads 1 and 2"),
        ('{"format": 2}', "this is not a forecast that can be read"),
        ("[" * 100_000, "this is not a forecast"),
        ('{"format": 1, "sha256": "x", "forecast": {}}', "this is not a forecast"),
        (signed({"format": 1, "forecast": {}}), "this is not a forecast"),
        (forged({"A": {"2026H1": [1.0, 0.0, 0.0]}}), "at least 5 items"),
        (forged({"A": {"2026H1": [2.0, -1.0, 0.0, 0.0, 0.0]}}), "expected five probabilities"),
        (forged({"A": {"2026H1": [float("nan")] * 5}}), "not a forecast"),
        (forged({"A": {"2026H1": [10**400, 0, 0, 0, 0]}}), "not a forecast"),
        (forged({"A": {}}), "not a forecast"),
        (forged({"A": {"2026H1": EVEN}}, postures=[*POSTURES[::-1]]), "expected probabilities of loyal, hedging"),
        (forged({"A": {"2026H1": EVEN}}, origin="2026H1"), "half-years that follow each other, after the origin"),
        (forged({"A": {"2026H2": EVEN, "2026H1": EVEN}}), "half-years that follow each other, after the origin"),
        (forged({"A": {"2026H1": EVEN}}, path="stops"), "paths of the war among continues, ends, escalates"),
        (forged({"A": {"2026H1": EVEN}}, format=True), "written in format true, this version reads 1 and 2"),
    ):
        kept.write_text(changed, encoding="utf-8")
        with pytest.raises(FolderError, match=said):
            read_forecast(kept)


EVEN = [0.2] * 5


def forged(said: dict[str, object], path: str = "ends", **others: object) -> str:
    """Return a file that says this under a path of the war, with a hash that fits."""
    plain = {"format": 1, "made": "2026-01-15", "origin": "2025H2", "postures": list(POSTURES), "note": ""}
    return signed({**plain, "provenance": {}, "forecast": {path: said}, **others})


def signed(content: dict[str, object]) -> str:
    """Return a file with the hash of what it says, as somebody could forge it."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=True).encode()
    return json.dumps({**content, "sha256": hashlib.sha256(plain).hexdigest()})


def test_nothing_is_read_without_end(tmp_path: Path) -> None:
    for place in (Path("/dev/zero"), tmp_path):
        with pytest.raises(FolderError, match="is not an ordinary file|expected a file"):
            read_forecast(place)
        with pytest.raises(FolderError, match="is not an ordinary file|folder|cannot write"):
            check_free(place)


EVENT = "{date: %s, kind: %s, client: %s, adversary: Foeland, what: x}"
BAD_EVENTS = {
    f"events:\n  one: {EVENT % ('2022-06-30', 'attack', 'Alfa')}\n":
        "bad.yaml:2: events.one.date: expected a date after 2022-06, got 2022-06-30",
    "title: x\n": "bad.yaml:1: events: expected a mapping of events by name",
    f"events: {{raided: {EVENT % ('2023-02', 'atack', 'Alfa')}}}\n": "bad.yaml:1: events.raided.kind",
    f"title: x\nevents:\n  one: {EVENT % ('2023-02', 'attack', 'Alpha')}\n": "bad.yaml:3: events.one.client",
    f"clients: {{}}\nevents:\n  one: {EVENT % ('2023-02', 'attack', 'Alfa')}\n":
        "bad.yaml:1: clients: unknown key; a file of events may hold events,",
    "events: [\n": "bad.yaml:",
}  # fmt: skip
"""Files of events for a small network, which is quick to load, and what is wrong with them."""


@pytest.mark.parametrize("text", sorted(BAD_EVENTS))
def test_a_bad_file_of_events_is_told_file_and_line(papertiger: Command, tmp_path: Path, text: str) -> None:
    write(tmp_path, PLAN + "models: [M1, M4]\n")
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    refused(papertiger("score", "trial.yaml", "--events", "bad.yaml", "--placebos", "0"), BAD_EVENTS[text])


LATER_SMALL = """\
title: Later
description: Made up, to see whether a later year can be scored
extends: postures
span: {end: 2023-12}
facts:
  alfa_speaks: {date: 2023-08, client: Alfa, indicator: stance, level: 2, what: Words, source: x, confidence: low}
"""
BAD_OBSERVED = {
    LATER_SMALL.replace("Alfa", "Alpha"): "bad.yaml:6: facts.alfa_speaks.client",
    LATER_SMALL.replace("level: 2", "level: 9"): "bad.yaml:6: facts.alfa_speaks.level",
    LATER_SMALL.replace("{end: 2023-12}", "{end: 2022-12}"): "bad.yaml",
    LATER_SMALL.replace(
        "{end: 2023-12}", "{start: 2023-01, end: 2023-12}"
    ): "bad.yaml: span: the observations begin with 2023H1",
    LATER_SMALL.replace(
        "{end: 2023-12}", "{end: 2029-12}"
    ): "bad.yaml: observed months 2020-06 to 2029-12 reach beyond",
    LATER_SMALL.replace("extends: postures", "extends: nosuch"): "bad.yaml:3: extends",
}


@pytest.mark.parametrize("text", sorted(BAD_OBSERVED))
def test_a_bad_file_of_observations_is_told_file_and_line(papertiger: Command, tmp_path: Path, text: str) -> None:
    write(tmp_path, PLAN + "models: [M1, M4]\n")
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    refused(papertiger("score", "trial.yaml", "--observed", "bad.yaml", "--placebos", "0"), BAD_OBSERVED[text])


def test_what_cannot_be_is_refused_in_one_line(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path, PLAN + "models: [M1, M4]\n")
    (tmp_path / "file").touch()
    (tmp_path / "folder.md").mkdir()
    for arguments, said in (
        (("score", "nosuch"), "no calibration of this name, and no such file"),
        (("score", "--placebos", "-1"), "--placebos -1: expected a number of placebo worlds"),
        (("score", "trial.yaml", "--observed", "nosuch.yaml"), "nosuch.yaml: no such file"),
        (("score", "trial.yaml", "--events", "nosuch.yaml"), "nosuch.yaml: no such file"),
        (("score", "trial.yaml", "--posterior", "nosuch"), "trial_m1.csv: no such file"),
        (("calibrate", "trial.yaml", "--points", "100"), "--points: points: expected a power of 2, got 100"),
        (("forecast", "--last", "2027"), "--last 2027: expected a half-year written YYYYH1 or YYYYH2"),
        (("forecast", "--last", "2025H2"), "--last 2025H2: expected a half-year after 2025H2"),
        (("forecast", "--last", "2030H2"), "--last 2030H2: partners_2020 ends with 2027-12"),
        (("forecast", "--date", "15 January"), "--date 15 January: expected a date written YYYY-MM-DD"),
        (("forecast", "--date", "2026-02-30"), "--date 2026-02-30: expected a date written YYYY-MM-DD"),
        (("forecast", "--date", "20260131"), "--date 20260131: expected a date written YYYY-MM-DD"),
        (("validate", "--out", "file/x.md"), "file: cannot write to file: expected a folder"),
        (("validate", "--out", "folder.md"), "--out folder.md: is not an ordinary file"),
        (("schema", "scenari"), "observed (did you mean 'scenario'?)"),
        (("schema", "a\nb"), "schema 'a\\nb': expected one of"),
        (("forecast", "--runs", "1"), "--runs 1: expected a number of runs"),
    ):
        refused(papertiger(*arguments), said)
    assert not (tmp_path / "results").exists()


def test_a_forecast_is_refused_before_it_is_run(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "file").touch()
    for date, out, said in (
        ("2023-06-30", "x.json", "--date 2023-06-30: expected a date after 2023H1, the last observed half-year"),
        (
            "2024-01-01",
            "x.json",
            "--date 2024-01-01: expected a date up to 2023H2, the last half-year that is forecast",
        ),
        ("2023-08-01", ".", ".: this is a folder, expected a file"),
        ("2023-08-01", "file/x.json", "file: cannot write to file: expected a folder"),
    ):
        refused(papertiger("forecast", "trial.yaml", "--last", "2023H2", "--date", date, "--out", out), said)


def test_draws_of_other_parameters_are_refused(papertiger: Command, few: Path) -> None:
    file = few / "posteriors" / f"{PLAN_2020}_m4.csv"
    whole = posteriors.load(str(file))
    text = file.read_text(encoding="utf-8")
    row = text.splitlines()[-1]
    file.write_text(text.replace(row, f"-{row}"), encoding="utf-8")
    refused(papertiger("score", "--posterior", str(few), "--placebos", "0"), "m4.csv", "draws-sha256 differs")
    others = tuple(path.replace("choice_noise", "choise_noise") for path in whole.paths)
    write_draws(file, replace(whole, paths=others, comments=()))
    refused(papertiger("score", "--posterior", str(few), "--placebos", "0"), "m4.csv", "parameters.choise_noise")
    (first, *rest) = whole.values
    write_draws(file, replace(whole, values=((-first[0], *first[1:]), *rest), comments=()))
    refused(papertiger("score", "--posterior", str(few), "--placebos", "0"), "m4.csv: parameters.", "in draw 1")


def test_a_plan_without_the_models_that_are_compared_is_not_scored(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path, PLAN + "models: [M2, M3]\n")
    refused(papertiger("score", "trial.yaml"), "trial.yaml: models: lacks M1 and M4: the full model (M4) is scored")


def test_files_that_only_extend_observations_are_checked_as_such(papertiger: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("title: x\ndescription: y\nextends: partners_votes\n", encoding="utf-8")
    assert papertiger("check", "mine.yaml").out == "OK mine.yaml: 14 ballots\n"


def test_a_calibration_of_ones_own_is_made_gone_on_with_and_scored(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path, PLAN + "models: [M1, M4]\napart: [Alfa]\n")
    answer = papertiger("calibrate", "trial.yaml")
    assert answer.code == 0, answer.error
    assert "only" in answer.error  # so few points are said to be few
    folder = tmp_path / "results" / "calibrate_trial"
    made = {
        file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.suffix in (".csv", ".png")
    }
    assert {str(name) for name in made} == {
        "tables/posterior.csv", "tables/evidence.csv", "figures/posterior.png", "figures/evidence.png",
        "posteriors/trial_m1.csv", "posteriors/trial_m4.csv",
    }  # fmt: skip
    again = json.loads(papertiger("calibrate", "trial.yaml", "--json").out)
    assert [row["model"] for row in again["evidence"]] == ["M1", "M4"]
    assert all((folder / name).read_bytes() == data for name, data in made.items())
    refused(papertiger("calibrate", "trial.yaml", "--points", "128"), "'points' was 64, now 128")
    papertiger("calibrate", "trial.yaml", "--quiet", "--excel", "de")
    plain = made[Path("tables/evidence.csv")].decode()
    german = (folder / "tables" / "evidence.csv").read_bytes().decode("utf-8-sig")
    assert german.replace(",", ".").replace(";", ",").replace("\r\n", "\n") == plain
    scored = papertiger("score", "trial.yaml", "--posterior", str(folder), "--placebos", "0", "--excel", "de")
    assert scored.code == 0, scored.error
    skill = (tmp_path / "results" / "score_trial" / "tables" / "skill.csv").read_bytes()
    assert skill.startswith(b"\xef\xbb\xbfsplit;forecast;score;")
    assert re.search(rb";-?\d,\d+;", skill)
    scores = (
        "forecast",
        "trial.yaml",
        "--last",
        "2023H2",
        "--date",
        "2023-08-01",
        "--runs",
        "100",
        "--out",
        "f.json",
    )
    told = papertiger(*scores, "--posterior", str(folder), "--excel", "de")
    assert told.code == 0, told.error
    table = (tmp_path / "f.csv").read_bytes()
    assert table.startswith(b"\xef\xbb\xbfpath;client;period;loyal;hedging;")
    assert table.count(b"\r\n") == 1 + 3 * 2  # paths, and clients in one half-year
    refused(papertiger(*scores, "--excel", "fr"), "--excel: expected one of de, en, got 'fr'")
    refused(papertiger(*scores[:-1], "g.CSV", "--excel", "de"), "--out g.CSV: expected another ending")
    (tmp_path / "h.csv").mkdir()
    refused(papertiger(*scores[:-1], "h.json", "--excel", "de"), "h.csv: this is a folder, expected a file")
    assert not list(tmp_path.glob("[gh].json"))
    assert "2022H2 to 2023H1" in scored.out
    refused(papertiger("score", "trial.yaml"), "trial: no draws ship with this calibration; run papertiger calibrate")
