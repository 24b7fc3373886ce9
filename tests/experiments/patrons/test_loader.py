"""The plan and the readings are read strictly, and so are the tables."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.patrons.loader import load_patron_study
from papertiger.experiments.patrons.panel import load_panel
from papertiger.experiments.patrons.study import check_readings
from tests.experiments.patrons.made_up import plan_with, readings_for, write_panel

STUDIES = Path(__file__).parents[3] / "experiments" / "studies"


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    for name in ("patrons", "broken_pledges"):
        (tmp_path / f"{name}.yaml").write_bytes((STUDIES / f"{name}.yaml").read_bytes())
    return tmp_path / "patrons.yaml"


def edit(file: Path, old: str, new: str) -> int:
    """Replace a text that is there once, and return its line."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_plan_is_whole_and_its_hash_is_of_the_bytes() -> None:
    files = load_patron_study("patrons")
    assert [one.step for one in files.plan.mechanisms] == ["N1", "N2", "N3", "N4", "N5", "N5", "N5", "N5"]
    assert files.plan_hash == hashlib.sha256((STUDIES / "patrons.yaml").read_bytes()).hexdigest()
    assert len(files.readings.pledges) == 41
    assert sum(one.ended_by == "client" for one in files.readings.pledges) == 16


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed: 14", "seed: 14\nsede: 3", "sede: unknown key"),
        ("  memory: 0.5", "  memory: 1.5", r"breaks\.memory: "),
        ("{name: distance,", "{name: distanse,", r"mechanisms\.0\.terms\.1\.name: .*did you mean 'distance'"),
        (
            "over: [structure, regime]\n",
            "over: [structure, coup]\n",
            "coercion is added to coup, which does not stand",
        ),
        ("whole: [structure,", "whole: [structures,", "there is no mechanism structures"),
        ("readings: broken_pledges", "readings: broken", r"no file 'broken'"),
        ("not_by_client,", "not_by_clients,", "no rule of coding 'not_by_clients'"),
        ("  events: [irregular_exit,", "  events: [irregular,", "no column 'irregular'"),
        ("  arms: arms_share5", "  arms: arms_share", "no column 'arms_share'"),
    ],
)
def test_a_mistake_in_the_plan_is_said_at_its_line(plan_file: Path, old: str, new: str, said: str) -> None:
    edit(plan_file, old, new)
    with pytest.raises(ExperimentError, match=said) as refused:
        load_patron_study(plan_file)
    assert re.search(r"patrons\.yaml:\d+: ", str(refused.value))


def test_a_mistake_in_the_readings_is_said_at_its_line(plan_file: Path) -> None:
    readings = plan_file.with_name("broken_pledges.yaml")
    line = edit(
        readings,
        "{patron: 2, client: 40, end: 1962, ended_by: patron,",
        "{patron: 3, client: 40, end: 1962, ended_by: patron,",
    )
    with pytest.raises(ExperimentError, match=rf"broken_pledges\.yaml:{line}: .*3 is no patron"):
        load_patron_study(plan_file)


@pytest.mark.parametrize(
    ("table", "row", "cells", "said"),
    [
        ("dyad_years.csv", 3, {"patron": "3"}, r"dyad_years\.csv:3: .*3 is none of the plan's"),
        ("dyad_years.csv", 5, {"pledge": "yes"}, r"dyad_years\.csv:5: .*pledge: expected a number, got 'yes'"),
        ("dyad_years.csv", 5, {"year": "1981"}, r"dyad_years\.csv:5: .*1981 .* is there twice"),
        ("dyad_years.csv", 5, {"year": "1983.5"}, r"dyad_years\.csv:5: .*whole number"),
        ("dyad_years.csv", 1, {"att_none": "att_nine"}, "there is no column att_none"),
        ("endings.csv", 2, {"kind": "vow"}, r"endings\.csv:2: .*expected defense or pledge"),
        ("endings.csv", 2, {"client": "999"}, r"endings\.csv:2: .*there is no row"),
        ("postures.csv", 2, {"postureA": "inf"}, r"postures\.csv:2: .*expected a number"),
    ],
)
def test_a_mistake_in_a_table_is_said_at_its_line(
    tmp_path: Path, table: str, row: int, cells: dict[str, str], said: str
) -> None:
    folder = write_panel(tmp_path / "panel", clients=3, rate=0.05)
    lines = (folder / table).read_text(encoding="utf-8").splitlines()
    headings = lines[0].split(",")
    values = lines[row - 1].split(",")
    for name, value in cells.items():
        values[headings.index(name)] = value
    lines[row - 1] = ",".join(values)
    (folder / table).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ExperimentError, match=said):
        load_panel(folder, plan_with().plan)


def test_a_table_that_is_missing_is_named(tmp_path: Path) -> None:
    folder = write_panel(tmp_path / "panel", clients=2)
    (folder / "endings.csv").unlink()
    with pytest.raises(ExperimentError, match=r"endings\.csv: no such file"):
        load_panel(folder, plan_with().plan)


def test_a_break_that_nobody_read_is_named(tmp_path: Path) -> None:
    files = plan_with()
    folder = write_panel(tmp_path / "panel", clients=3, rate=0.05)
    readings = readings_for(folder)
    panel = load_panel(folder, files.plan)
    fewer = type(readings)(name=readings.name, pledges=readings.pledges[1:])
    first = readings.pledges[0]
    with pytest.raises(ExperimentError, match=f"{first.patron} and {first.client} that broke in {first.end}"):
        check_readings(type(files)(files.plan, fewer, "", ""), panel)
