"""Parameters drawn jointly from a posterior: its table, how a file names it, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from papertiger.scenarios import ScenarioError, change, load, posteriors
from tests.scenarios.minimal import SMALL, write

TABLE = "# from a test\nparameters.forgetting,parameters.choice_noise\n0.97,0.02\n0.98,0.03\n"


def small(folder: Path, text: str, table: str = TABLE, name: str = "draws.csv") -> Path:
    (folder / name).write_text(table, encoding="utf-8")
    return write(folder, SMALL + text)


def test_a_file_names_its_table_by_a_path_from_its_own_folder(tmp_path: Path) -> None:
    scenario = load(small(tmp_path, "posterior: draws.csv\n"))
    assert scenario.posterior is not None
    assert scenario.posterior.draws == "draws"
    assert scenario.posterior.paths == ("parameters.forgetting", "parameters.choice_noise")
    assert scenario.posterior.values == ((0.97, 0.02), (0.98, 0.03))
    assert change(scenario, {"war.after": "ends"}).posterior == scenario.posterior


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    assert load(small(tmp_path, "posterior: draws.csv\n"), {"posterior": None}).posterior is None


def test_a_table_is_read_as_it_was_written() -> None:
    draws = posteriors.parse(TABLE.encode(), "draws.csv")
    assert posteriors.parse(posteriors.to_csv(draws).encode(), "draws.csv") == draws
    assert draws.comments == ("from a test",)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "draws.csv: no draws: expected a heading"),
        ("parameters.forgetting\n", "draws.csv: no draws"),
        ("parameters.forgetting\n0.9\nmuch\n", "draws.csv:3: expected numbers, got 'much'"),
        ("parameters.forgetting\nnan\n", "draws.csv:2: expected finite numbers, got nan"),
        ("parameters.forgetting\n0.9,1\n", "draws.csv:2: expected 1 numbers, got 2"),
        ("a,a\n1,1\n", "draws.csv:1: expected headings that differ"),
        (
            "parameters.forgetting\n0.9\n1.5\n",
            "forgetting: expected a number from 0 to 1, got 1.5 in draw 2",
        ),
        (
            "parameters.choice_noise\n0\n",
            "choice_noise: expected a number above 0 to 100, got 0 in draw 1",
        ),
        ("parameters.forgeting\n0.9\n", "no parameter of this scenario (did you mean 'parameters.forgetting'?)"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_line(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(small(tmp_path, "posterior: draws.csv\n", table))
    assert message in str(caught.value)


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="posterior: nowhere: no posterior of this name"):
        load(small(tmp_path, "posterior: nowhere\n"))
    with pytest.raises(ScenarioError, match="no such file"):
        load(small(tmp_path, "posterior: nowhere.csv\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("posterior: 3\n", "posterior: expected the name of shipped draws or the path of a CSV, got 3"),
        (
            "posterior: [draws.csv]\n",
            "expected the name of shipped draws or the path of a CSV, got a list",
        ),
        ("posterior: {draws: x, paths: [parameters.forgetting], values: [[0.9, 1]]}\n", "expected 1 numbers in each"),
        (
            "posterior: draws.csv\nparameters: posterior\n",
            "'posterior' here means the shipped draws",
        ),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(small(tmp_path, text))
    assert message in str(caught.value)


def test_a_parameter_cannot_be_set_beside_its_draws(tmp_path: Path) -> None:
    path = small(tmp_path, "posterior: draws.csv\nparameters: {forgetting: 0.9}\n")
    with pytest.raises(ScenarioError, match=r"parameters\.forgetting: is drawn from the posterior draws"):
        load(path)
    with pytest.raises(ScenarioError, match="overrides: parameters.forgetting: is drawn"):
        load(small(tmp_path, "posterior: draws.csv\n"), {"forgetting": 0.9})


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_draws_that_could_not_be_read_again_are_not_written(wrong: float) -> None:
    with pytest.raises(ScenarioError, match="expected finite numbers"):
        posteriors.to_csv(posteriors.Draws("x", ("parameters.forgetting",), ((wrong,),)))


def test_a_comment_of_many_lines_stays_a_comment() -> None:
    draws = posteriors.Draws("x", ("parameters.forgetting",), ((0.5,),), ("one\ntwo",))
    assert posteriors.parse(posteriors.to_csv(draws).encode(), "x").values == ((0.5,),)


@pytest.mark.parametrize("cell", ["1_0", "٣", "0x1", "1:30", "true"])
def test_a_draw_is_written_in_tens(cell: str) -> None:
    with pytest.raises(ScenarioError, match=f"draws:2: expected numbers, got '{cell}'"):
        posteriors.parse(f"parameters.forgetting\n{cell}\n".encode(), "draws")
