"""Figures of experiments: complete, readable, nothing over anything else, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from papertiger.experiments.figures import (
    comparison,
    convergence,
    discovery,
    fan,
    outcomes,
    reliability,
    response,
    sensitivity,
    style,
    survival,
)
from papertiger.experiments.history.evaluate.skill import reliability as reliability_table
from papertiger.experiments.phrases import signed
from papertiger.experiments.run.provenance import DISCLAIMER
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.scenarios.schema.values import POSTURES
from tests.experiments.figures.layout import outside, overlaps, texts

ORIGIN = "made_up · seed 1 · 200 replicates"
LONG = "A scenario with a title that goes on and on beyond what anybody would want to read in a figure of this size"
NAMES = ("The base", "No war", "Nobody learns from others", LONG)
RANDOM = np.random.default_rng(1)


def forest(names: tuple[str, ...] = NAMES) -> Figure:
    rows = [
        {"measure": measure, "unit": unit, "against": name, "difference": d, "low": d - 0.1, "high": d + 0.2}
        for measure, unit in ((LONG, "percentage points"), ("Months", "months"), ("Nothing", "rungs"))
        for name, d in zip(names, (-0.3, 0.0, 0.05, 12.0), strict=False)
    ]
    return comparison.forest(pd.DataFrame(rows), LONG, LONG, ORIGIN)


def no_difference() -> Figure:
    row = {"measure": "Share", "unit": "", "against": "Twin", "difference": 0.0, "low": 0.0, "high": 0.0}
    return comparison.forest(pd.DataFrame([row]), "What each change does", "Made up", ORIGIN)


def bars() -> Figure:
    shares = [RANDOM.dirichlet(np.ones(5)) for _ in range(8)]
    rows = [
        {"measure": measure, "scenario": name, **dict(zip(POSTURES, shares[number], strict=True))}
        for measure in ("One in 2024-12", LONG)
        for number, name in enumerate(NAMES)
    ]
    return outcomes.bars(pd.DataFrame(rows), "Where they stand", LONG, ORIGIN)


def km(rate: float) -> pd.DataFrame:
    times = np.arange(0.0, 97.0, 4.0)
    alive = np.exp(-times / rate)
    numbers = (200 * alive).astype(int)
    band = {"low": np.maximum(alive - 0.05, 0), "high": np.minimum(alive + 0.05, 1)}
    return pd.DataFrame({"time": times, "at_risk": numbers, "events": 1, "survival": alive, **band})


def curves() -> Figure:
    tables = {name: km(30 + 20 * number) for number, name in enumerate(NAMES)}
    return survival.curves(tables, LONG, LONG, ORIGIN, horizon=96, event="it has not happened yet")


def incidence() -> Figure:
    table = pd.DataFrame({"time": [0.0, 30.0, 60.0], "incidence": [0.0, 0.2, 0.4]})
    panels = {name: dict.fromkeys(("EU", "China", "nobody yet", LONG), table) for name in NAMES}
    return survival.incidence(panels, LONG, LONG, ORIGIN, horizon=96)


def factors(count: int) -> list[str]:
    return [f"signals: some signal {number}: weight of it and more" for number in range(count)]


def sobol(count: int = 30) -> Figure:
    size = np.linspace(0.4, 0.001, count)
    rows = {"factor": factors(count), "S1": size / 2 - 0.02, "S1_conf": 0.03, "ST": size, "ST_conf": 0.05}
    return sensitivity.sobol(pd.DataFrame(rows), LONG, LONG, ORIGIN)


def morris() -> Figure:
    size = np.linspace(0.4, 0.001, 25)
    rows = {"factor": factors(25), "mu_star": size, "mu_star_conf": 0.02, "sigma": size / 3}
    return sensitivity.morris(pd.DataFrame(rows), LONG, LONG, ORIGIN)


def box(count: int = 5) -> Figure:
    points = pd.DataFrame(RANDOM.random((300, count)), columns=factors(count))
    outcome = (points.iloc[:, 0] > 0.6).to_numpy()
    limits = pd.DataFrame(
        {"factor": factors(count), "low": 0.6, "high": 1.0, "coverage": 0.8, "density": 0.7, "mass": 0.2}
    )
    ranges = pd.DataFrame({"factor": factors(count), "low": 0.0, "high": 1.0})
    return discovery.box(points, outcome, limits, LONG, LONG, ORIGIN, happens=LONG, ranges=ranges)


def running() -> Figure:
    n = np.arange(2, 200)
    table = pd.DataFrame({"n": n, "mean": 0.3, "low": 0.3 - 1 / np.sqrt(n), "high": 0.3 + 1 / np.sqrt(n)})
    return convergence.running(dict.fromkeys(NAMES, table), LONG, LONG, ORIGIN, "percentage points")


def lines() -> Figure:
    rows = [
        {"factor": factor, "level": level, "scenario": name, "measure": measure, "unit": "months", "mean": level,
         "low": level - 0.1, "high": level + 0.1}
        for factor in factors(3) for level in (-0.3, 0.0, 0.8) for name in NAMES for measure in ("Share", LONG)
    ]  # fmt: skip
    return response.lines(pd.DataFrame(rows), LONG, LONG, ORIGIN)


def heat() -> Figure:
    rows = [
        {"x": x, "y": y, "panel": f"{LONG} {panel}", "mean": x * y + panel}
        for x in (0, 0.5, 1, 2) for y in (0, 0.5, 1) for panel in (0, 1, 2)
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    table.attrs = {"x": LONG, "y": LONG}
    return response.heat(table, LONG, LONG, ORIGIN)


def reliable(names: tuple[str, ...] = NAMES) -> Figure:
    said = np.random.default_rng(1).random(400) ** 6
    said = np.concatenate([said, 1.0 - said])
    table = reliability_table(said, np.arange(800) / 800 < said)
    return reliability.diagram(dict.fromkeys(names, table), LONG, LONG, ORIGIN)


def one_bin() -> Figure:
    return reliability.diagram({"Sure": reliability_table([1.0], [1])}, "Sure", "One forecast", ORIGIN)


def tiny() -> Figure:
    row = {"measure": "Share", "unit": "months", "against": "Twin", "difference": -6e-5, "low": -7e-5, "high": -5e-5}
    return comparison.forest(pd.DataFrame([row, {**row, "against": "Other"}]), LONG, LONG, ORIGIN)


def tiny_lines() -> Figure:
    rows = [
        {"factor": "one", "level": level, "scenario": "Twin", "measure": LONG, "unit": LONG, "mean": -6e-5 * level,
         "low": -7e-5 * level, "high": -5e-5 * level}
        for level in (0.0, 0.5, 1.0)
    ]  # fmt: skip
    return response.lines(pd.DataFrame(rows), LONG, LONG, ORIGIN)


FIGURES: dict[str, Callable[[], Figure]] = {
    "forest": forest,
    "one_row": lambda: forest(NAMES[:1]),
    "no_difference": no_difference,
    "tiny": tiny,
    "tiny_lines": tiny_lines,
    "bars": bars,
    "curves": curves,
    "incidence": incidence,
    "sobol": sobol,
    "two_factors": lambda: sobol(2),
    "morris": morris,
    "box": box,
    "box_of_one": lambda: box(1),
    "box_of_twelve": lambda: box(12),
    "running": running,
    "lines": lines,
    "heat": heat,
    "reliability": reliable,
    "reliability_of_three": lambda: reliable(NAMES[:3]),
    "reliability_of_one": one_bin,
}
FANS = {"protection": fan.protection, "postures": fan.postures, "patron": fan.patron}


@pytest.mark.parametrize("name", FIGURES)
def test_texts_stay_apart_and_on_the_page(name: str) -> None:
    figure = FIGURES[name]()
    found = texts(figure)
    assert overlaps(found) == []
    assert outside(figure, found) == []
    written = [text for text, _ in found]
    assert DISCLAIMER in written
    assert any(text.startswith(f"{ORIGIN} · papertiger ") for text in written)


@pytest.mark.parametrize("name", FANS)
def test_fans_of_an_ensemble(name: str) -> None:
    made = ensemble("sahel_2020", 40, keep="bands", threads=1)
    figure = FANS[name](made)
    found = texts(figure)
    assert overlaps(found) == []
    assert outside(figure, found) == []
    assert any("sahel_2020 · seed 1 · 40 runs" in text for text, _ in found)


def written(figure: Figure) -> tuple[bytes, bytes]:
    png, svg = io.BytesIO(), io.BytesIO()
    style.save(figure, png)
    style.save_svg(figure, svg)
    return png.getvalue(), svg.getvalue()


@pytest.mark.parametrize("name", ["forest", "curves", "heat"])
def test_same_numbers_give_same_bytes(name: str) -> None:
    one, two = written(FIGURES[name]()), written(FIGURES[name]())
    assert one == two
    assert one[0].startswith(b"\x89PNG")
    assert b"<dc:date>" not in one[1]
    assert b"http://" not in one[1].replace(b"http://www.w3.org/", b"").replace(b"http://purl.org/", b"").replace(
        b"http://creativecommons.org/", b""
    )


def test_an_interval_that_includes_zero_is_hollow() -> None:
    figure = forest(("Twin", "Other"))
    faces = [line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert faces == [style.CAPABILITY, "white"]


def test_signs_are_true_minuses() -> None:
    assert signed(-0.125, 2) == "−0.12"
    assert signed(-0.001, 2) == "0.00"
    assert signed(0.5, 1) == "+0.5"


def test_replicates_are_counted_in_whole_numbers() -> None:
    table = pd.DataFrame({"n": [2, 3, 4], "mean": [0.1, 0.2, 0.2], "low": [0.0, 0.1, 0.1], "high": [0.2, 0.3, 0.3]})
    figure = convergence.running({"Twin": table}, "Enough?", "Made up", ORIGIN)
    figure.canvas.draw()
    low, high = figure.axes[0].get_xlim()
    ticks = [tick for tick in figure.axes[0].get_xticks() if low <= tick <= high]
    assert ticks
    assert all(tick == int(tick) for tick in ticks)


def test_factors_that_move_nothing_are_not_among_those_that_matter() -> None:
    names = [f"f{number}" for number in range(20)]
    sizes = [0.5, 0.3, 0.2, *[0.0] * 17]
    rows = pd.DataFrame({"factor": names, "mu_star": sizes, "mu_star_conf": 0.01, "sigma": sizes})
    written = [text for text, _ in texts(sensitivity.morris(rows, "Which matter", "Base", ORIGIN))]
    assert "Base — 3 of 20 factors, all that move it" in written
    assert not {"f3", "f10", "f19"} & set(written)


def test_a_long_title_is_written_whole() -> None:
    title = "How long until a client of the patron is suspended or beyond by its own choice, counted in months " * 2
    figure = comparison.forest(
        pd.DataFrame([{"measure": "Share", "unit": "", "against": "T", "difference": 1.0, "low": 0.5, "high": 2.0}]),
        title, title, ORIGIN,
    )  # fmt: skip
    found = " ".join(" ".join(text.split()) for text, _ in texts(figure))
    assert found.count(" ".join(title.split())) == 2
    assert "…" not in found
    assert outside(figure, texts(figure)) == []


def test_many_digits_do_not_run_into_the_plot() -> None:
    row = {"measure": "Protection", "unit": "", "against": "Twin"}
    tiny = {"difference": -0.000076, "low": -0.000091, "high": -0.00003}
    figure = comparison.forest(pd.DataFrame([row | tiny]), "A title", "A subtitle", ORIGIN)
    (place,) = [box for text, box in texts(figure) if text.startswith("−0.000076")]
    assert place.x0 > figure.axes[0].get_window_extent().x1
