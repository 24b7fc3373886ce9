"""The names that a notebook finds, and what it shows of them."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

import papertiger as pt
from tests.scenarios.minimal import SMALL, write


def test_every_name_of_the_front_door_is_there_and_documented() -> None:
    page = (Path(pt.__file__).resolve().parents[1] / "docs" / "api" / "front.md").read_text(encoding="utf-8")
    for name in pt.__all__:
        thing = getattr(pt, name)
        assert name in dir(pt)
        if name == "__version__":
            continue
        home = thing.__name__ if isinstance(thing, ModuleType) else thing.__module__
        assert thing.__doc__, name
        assert re.search(rf"^\| `{name}` \|", page, re.MULTILINE), f"docs/api/front.md does not say what pt.{name} is"
        assert home.startswith("papertiger")
    assert set(pt.figures.__all__) <= set(dir(pt.figures))


def test_results_show_themselves_in_one_line_and_as_a_small_table(tmp_path: Path) -> None:
    small = pt.load(write(tmp_path, SMALL))
    shown = repr(small)
    assert shown == "<Scenario: case, 2020-01 to 2022-12, 2 clients>"
    run = pt.simulate(small, seed=3, run=2, months=5)
    assert repr(run) == "<Run: case, 2020-01 to 2020-05, 2 clients, seed 3, run 2>"
    assert run._repr_html_().count("<tr") == 3
    many = pt.ensemble(small, 4, threads=1)
    assert repr(many) == "<Ensemble: case, 2020-01 to 2022-12, 4 runs, 2 clients, seed 1>"
    assert "Alfa" in many._repr_html_()
    compared = pt.compare([small, small], 4)
    assert repr(compared) == "<Comparison: case, case (2): 4 runs of each, 2022-12, seed 1>"
    assert "case (2)" in compared._repr_html_()


def test_what_comes_from_files_is_escaped(tmp_path: Path) -> None:
    small = pt.load(write(tmp_path, SMALL.replace("Bravo", "<b>Bravo")))
    html = pt.simulate(small, months=2)._repr_html_()
    assert "&lt;b&gt;Bravo" in html
    assert "<b>Bravo" not in html


def test_a_step_after_the_last_month_says_so(tmp_path: Path) -> None:
    world = pt.World(pt.load(write(tmp_path, SMALL)), rng=1)
    world.run()
    for _ in range(2):
        with pytest.raises(ValueError, match=r"no month is left to run: the span ends with 2022-12, after 36 months"):
            world.step()
