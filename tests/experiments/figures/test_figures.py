"""Every figure: complete, readable, and the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from papertiger.experiments.figures import beliefs, network, patron, postures, style, ties, waterfall
from papertiger.experiments.run.provenance import DISCLAIMER
from papertiger.model.agents.simulate import simulate
from papertiger.model.run import Run
from papertiger.scenarios import load
from tests.experiments.figures.layout import outside, overlaps, texts
from tests.experiments.figures.made_up import make_run

pytestmark = pytest.mark.xdist_group("figures")  # one process draws each once

FIGURES: dict[str, Callable[[Run], Figure]] = {
    "beliefs": lambda run: beliefs.of_client(run, first_client(run)),
    "overview": beliefs.overview,
    "network": network.network,
    "ties": ties.overview,
    "ledger": lambda run: waterfall.of_client(run, first_client(run)),
    "patron": patron.assets_and_credibility,
    "postures": postures.shares,
}
RUNS: dict[str, Callable[[], Run]] = {
    "made_up": make_run,
    "many_clients": lambda: make_run(60, 18, 2),
    "two_clients": lambda: make_run(2, 6, 40),
    "nothing_happens": lambda: make_run(3, 12, 0),
    "one_month": lambda: make_run(4, 1, 2),
    "shipped": lambda: shipped("sahel_2020"),
}
_SHIPPED: dict[str, Run] = {}


def shipped(name: str) -> Run:
    if name not in _SHIPPED:
        _SHIPPED[name] = simulate(name, seed=1)
    return _SHIPPED[name]


def first_client(run: Run) -> str:
    return next(iter(run.scenario.clients))


def png(figure: Figure) -> bytes:
    target = io.BytesIO()
    style.save(figure, target)
    return target.getvalue()


@cache
def drawn(run_name: str, figure_name: str) -> tuple[Figure, list[tuple[str, Bbox]]]:
    """Return a figure of a run and the texts in it, which take long to measure."""
    figure = FIGURES[figure_name](RUNS[run_name]())
    return figure, texts(figure)


CROWDED = [
    *(("made_up", name) for name in FIGURES),
    *(("many_clients", name) for name in ("overview", "network", "ties")),
    *(("two_clients", name) for name in ("beliefs", "ledger")),
    *(("nothing_happens", name) for name in ("beliefs", "ledger", "network")),
    *(("one_month", name) for name in ("beliefs", "overview", "patron", "postures", "ties")),
    *(("shipped", name) for name in ("beliefs", "network", "patron")),
]


@pytest.mark.parametrize(("run_name", "figure_name"), CROWDED)
def test_texts_stay_apart_and_on_the_page(run_name: str, figure_name: str) -> None:
    figure, found = drawn(run_name, figure_name)
    assert len(found) > 5
    assert overlaps(found) == []
    assert outside(figure, found) == []


@pytest.mark.parametrize("figure_name", FIGURES)
def test_page_furniture(figure_name: str) -> None:
    written = [text for text, _ in drawn("made_up", figure_name)[1]]
    assert any("made_up · seed 1 · run 0 · papertiger " in text for text in written)
    assert DISCLAIMER in written
    assert any("A made-up network" in text for text in written)


@pytest.mark.parametrize("figure_name", ["beliefs", "ledger", "patron", "postures"])
def test_axes_carry_units(figure_name: str) -> None:
    figure, _ = drawn("made_up", figure_name)
    labels = {axes.get_ylabel() for axes in figure.axes} | {axes.get_xlabel() for axes in figure.axes}
    wanted = {
        "beliefs": {"probability, or threat (0–1)", "month"},
        "ledger": {"protection: probability that help comes and works"},
        "patron": {"index (1 = normal)", "share (0–1)", "month"},
        "postures": {"share of clients (%)", "month"},
    }
    assert wanted[figure_name] <= labels


def test_files_say_nothing_of_the_time_or_the_software() -> None:
    one = png(FIGURES["patron"](make_run()))
    assert one.startswith(b"\x89PNG")
    assert b"Software" not in one
    assert b"tIME" not in one


def test_bytes_are_those_of_a_fresh_process_without_pyplot() -> None:
    code = (
        "import sys, hashlib, io; from papertiger.experiments.figures import network, style\n"
        "from papertiger.model.agents.simulate import simulate\n"
        "b = io.BytesIO(); style.save(network.network(simulate('sahel_2020', seed=1, months=8)), b)\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "print(hashlib.sha256(b.getvalue()).hexdigest())"
    )
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    patron.assets_and_credibility(make_run())
    here = png(network.network(simulate("sahel_2020", seed=1, months=8)))
    assert answer.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_drawing_leaves_matplotlibs_settings_alone() -> None:
    before = dict(mpl.rcParams)
    patron.assets_and_credibility(make_run())
    assert dict(mpl.rcParams) == before


def test_dollar_signs_are_money_and_not_mathematics() -> None:
    figure = beliefs.of_client(make_run(), "Client A")
    figure.canvas.draw()
    assert any("$400m" in text for text, _ in texts(figure))


def test_posture_colours_darken_along_the_ladder() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)
        )
        luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        return float(116 * luminance ** (1 / 3) - 16)

    ladder = [lightness(colour) for colour in style.POSTURE_COLOURS]
    assert len(ladder) == 5
    assert all(upper - lower > 8 for upper, lower in pairwise(ladder))
    assert ladder[0] - ladder[-1] > 60


def test_overview_shows_those_who_moved_most() -> None:
    run = make_run(60, 18, 2)
    figure = beliefs.overview(run)
    written = [text for text, _ in texts(figure)]
    assert any("the 30 of 60 clients that moved most" in text for text in written)
    assert len(beliefs.most_moved(run, 30)) == 30
    assert beliefs.most_moved(run, 100) == list(run.scenario.clients)


def test_postures_over_several_runs_are_a_mean() -> None:
    run = make_run()
    table = postures.counts(run)
    present = run.clients[run.clients["in_network"]]
    expected = pd.crosstab(present["month"], present["posture"]).reindex(columns=range(5), fill_value=0)
    np.testing.assert_array_equal(table, expected.to_numpy())
    assert table[0].sum() == 16  # one client enters later
    assert table[-1].sum() == 17
    written = [text for text, _ in texts(postures.shares(run, [table, table]))]
    assert any("mean of 2 runs" in text for text in written)
    assert any("seed 1 · 2 runs" in text for text in written)


def test_network_ties_who_realigned_to_the_rival() -> None:
    run = simulate(load("venezuela_2026"), seed=1, months=84)
    columns, rows = run.rows("clients")
    changed = dict(zip(columns, rows[-1], strict=True)) | {
        "posture": 4,
        "destination": next(iter(run.scenario.rivals)),
    }
    rows[-1] = tuple(changed.values())
    figure = network.network(run)
    arrows = [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None) is not None]
    assert arrows
    assert overlaps(texts(figure)) == []


def test_long_text_is_cut_at_a_word() -> None:
    text = "one two three four five six seven"
    assert style.fit(text, 10, 8) == text
    cut = style.fit(text, 1.0, 8)
    assert cut.endswith("…")
    assert style.text_width(cut, 8) <= 1.0
    assert text.startswith(cut[:-1])
    assert style.two_lines(text, 10, 8) == text
    assert style.two_lines(text, 1.4, 8).count("\n") == 1
    assert style.two_lines("unbreakable" * 20, 1.0, 8).endswith("…")
