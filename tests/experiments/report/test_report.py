"""The page of a report: whole, offline, accessible, and the same bytes each time."""

from __future__ import annotations

import base64
import hashlib
import itertools
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.report.limits import GENERAL
from papertiger.experiments.report.page import write_report
from papertiger.experiments.run.results import Results
from papertiger.scenarios.files import write_file
from tests.experiments.report.made_up import make_results, plain, rich, share, stepped, swept

pytestmark = pytest.mark.xdist_group("prim")  # one process imports the EMA Workbench, which takes seconds


class Page(HTMLParser):
    """What a page holds, as a program that reads it aloud would find it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attributes}))
        if tag not in ("meta", "img", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            return
        text = " ".join(data.split())
        if text:
            self.words.append(text)
            if self.open and re.fullmatch(r"h[1-6]", self.open[-1]):
                self.headings.append((int(self.open[-1][1]), text))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(self.words)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    made = rich(tmp_path_factory.mktemp("rich") / "results")
    write_report(made)
    return made


@pytest.fixture(scope="module")
def text(results: Results) -> str:
    return (results.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_order_is_question_answer_figures_method_provenance_limits(page: Page) -> None:
    headings = [heading for level, heading in page.headings if level <= 2]
    assert headings[0] == "Made up"
    assert headings[1] == "Key figures"
    assert headings[2] == "The numbers"
    assert [name.split(":")[0] for name in headings[3:6]] == ["Time to an event", "Where they go", "Convergence"]
    assert headings[-3:] == ["Method", "Provenance", "Limits"]
    assert (
        page.text.index("Does the twin differ?") < page.text.index("Under “World twin”") < page.text.index("Key fig")
    )


def test_headings_skip_no_level(page: Page) -> None:
    levels = [level for level, _ in page.headings]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_it_opens_offline(page: Page, text: str) -> None:
    sources = [image["src"] for image in page.all("img")]
    assert sources
    assert all(source.startswith("data:image/") for source in sources)
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?\s*(?:https?:)?//""", text)
    assert {name for name, _ in page.tags}.isdisjoint({"script", "link", "iframe", "object", "base"})
    assert all(link["href"].startswith("#") for link in page.all("a"))
    anchors = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {link["href"][1:] for link in page.all("a")} <= anchors
    for source in sources:
        if source.startswith("data:image/svg"):
            drawn = base64.b64decode(source.split(",", 1)[1]).decode("utf-8")
            assert not re.search(r"(?:href|src)=\"(?!#|data:)", drawn)


def test_figures_and_tables_can_be_read_without_eyes(page: Page) -> None:
    assert all(len(image["alt"]) > 20 for image in page.all("img"))
    assert all("width" in image and "height" in image for image in page.all("img"))
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(cell.get("scope") in ("col", "row") for cell in page.all("th"))
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("main")


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_stand_apart_in_light_and_dark(text: str) -> None:
    schemes = re.findall(r":root \{([^}]*)\}", text)
    assert len(schemes) == 3  # light, dark, print
    for scheme in schemes:
        found = dict(re.findall(r"--(\w+): (#[0-9a-f]+)", scheme))
        colours = {
            name: value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])
            for name, value in found.items()
        }
        for ink in ("ink", "soft", "link"):
            for ground in ("page", "lead"):
                light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{ink} on {ground}"
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_comparisons_carry_all_that_a_referee_asks_for(page: Page) -> None:
    for heading in ("Difference", "Interval", "Effect size", "Variance saved", "Pairs"):
        assert heading in page.words
    for words in ("World third", "Share of clients that have defected", "percentage points", "Common random numbers"):
        assert words in page.text


def test_provenance_and_limits(page: Page, results: Results) -> None:
    manifest = results.manifest
    for value in (manifest.model_sha256, manifest.experiment_sha256, *manifest.scenarios.values()):
        assert value in page.text
    for line in GENERAL:
        assert " ".join(line.split()) in page.text
    assert "The model is an argument, not evidence" in page.text
    assert "SIPRI" in page.text  # a source of the scenario's figures


def test_files_beside_the_page(results: Results, page: Page) -> None:
    figures = {file.name for file in (results.folder / "figures").iterdir()}
    assert {"comparisons.png", "comparisons.svg", "postures.png", "survival_months.png"} <= figures
    assert {name.rpartition(".")[0] for name in figures if name.endswith(".png")} == {
        name.rpartition(".")[0] for name in figures if name.endswith(".svg")
    }
    table = pd.read_csv(results.folder / "tables" / "comparisons.csv")
    assert set(table["measure"]) == {"share", "gone", "rung", "months"}
    assert {"difference", "low", "high", "effect_size", "variance_saved", "pairs"} <= set(table.columns)
    assert (table["low"] <= table["difference"]).all()
    assert (table["difference"] <= table["high"]).all()
    for name in re.findall(r"tables/(\w+)\.csv", page.text):
        assert (results.folder / "tables" / f"{name}.csv").is_file()


def content(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = plain(tmp_path / "one"), plain(tmp_path / "two")
    write_report(one)
    write_report(two)
    first, second = content(one.folder), content(two.folder)
    mine = [name for name in first if name.startswith(("report", "figures", "tables"))]
    assert len(mine) > 5
    assert {name: first[name] for name in mine} == {name: second[name] for name in mine}
    write_report(one)
    assert content(one.folder) == first


def test_what_an_earlier_report_left_goes_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    results = plain(tmp_path / "results")
    write_report(results)
    index = (results.folder / "report.json").read_text(encoding="utf-8")
    (results.folder / "tables" / "old.csv").write_text("x\n", encoding="utf-8")
    (results.folder / "tables" / "notes.csv").write_text("mine\n", encoding="utf-8")
    (results.folder / "keep.txt").write_text("mine\n", encoding="utf-8")
    edited = index.replace('"files": {', '"files": {"tables/old.csv": "", "../keep.txt": "", "keep.txt": "",', 1)
    (results.folder / "report.json").write_text(edited, encoding="utf-8")
    write_report(results)
    assert not (results.folder / "tables" / "old.csv").exists()
    assert (results.folder / "tables" / "notes.csv").exists()
    assert (results.folder / "keep.txt").exists()


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = plain(tmp_path / "results")
    before = write_report(results).read_bytes()

    def full(target: Path, data: bytes) -> None:
        if target.name == "report.html":
            raise OSError(28, "No space left on device")
        write_file(target, data)

    monkeypatch.setattr("papertiger.experiments.report.page.write_file", full)
    with pytest.raises(OSError, match="No space"):
        write_report(results)
    assert (results.folder / "report.html").read_bytes() == before
    assert not list(results.folder.rglob("*.partial"))


def test_text_of_files_is_text_and_never_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> & {{ 7 * 7 }}"
    results = plain(tmp_path / "results", title=evil, question=evil, description=evil)
    page = write_report(results).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    Page(page)


def test_a_scenario_against_itself(tmp_path: Path) -> None:
    results = plain(tmp_path / "same", shift=0.0)
    page = Page(write_report(results).read_text(encoding="utf-8"))
    assert "There is no difference" in page.text
    assert "no difference" in page.words


def test_an_unfinished_experiment_says_so(tmp_path: Path) -> None:
    results = plain(tmp_path / "part", finished=False)
    assert "This experiment is not finished" in Page(write_report(results).read_text(encoding="utf-8")).text


def test_failed_runs_are_left_out_and_told(tmp_path: Path) -> None:
    def sometimes(label: str, point: int, replicate: int) -> float:
        if replicate % 4 == 0 and label == "twin":
            return float("nan")
        return share({"twin": -0.1})(label, point, replicate)  # type: ignore[return-value]

    results = make_results(tmp_path / "holes", {"share": sometimes}, measures={"share": {"kind": "share_defected"}})
    part = results.manifest.parts["part-00000.parquet"]
    results.manifest.parts["part-00000.parquet"] = replace(part, errors=10)
    page = Page(write_report(results).read_text(encoding="utf-8"))
    assert "10 of 80 runs failed and are left out" in page.text
    assert pd.read_csv(results.folder / "tables" / "comparisons.csv")["pairs"].tolist() == [30]


@pytest.mark.parametrize(
    ("kind", "heading", "says"),
    [
        (
            "sobol",
            "Sensitivity (Sobol)",
            "what matters most for the share of clients that have defected by their own choice at the end (2023-12) "
            "is forgetting 0.",
        ),
        ("morris", "Sensitivity (Morris)", "is forgetting "),
        ("latin-hypercube", "Scenario discovery", "forgetting of 0."),
    ],
)
def test_analyses_of_designs(tmp_path: Path, kind: str, heading: str, says: str) -> None:
    page = Page(write_report(swept(tmp_path / kind, kind)).read_text(encoding="utf-8"))
    assert any(found.startswith(heading) for _, found in page.headings)
    assert says in page.text
    assert "What was varied" in page.text


@pytest.mark.parametrize("kind", ["grid", "one-at-a-time"])
def test_responses_to_levels(tmp_path: Path, kind: str) -> None:
    results = stepped(tmp_path / kind, kind)
    page = Page(write_report(results).read_text(encoding="utf-8"))
    assert "What was varied, and what followed" in [heading for _, heading in page.headings]
    assert (results.folder / "figures" / "responses.svg").is_file()
    assert (results.folder / "figures" / "differences.svg").is_file()
    assert (results.folder / "figures" / "map.png").is_file() == (kind == "grid")
    table = pd.read_csv(results.folder / "tables" / "comparisons.csv")
    # At the grid's middle 0.2 * 0.5 - 0.1 * 0.5; one at a time the comparison is made where nothing moved: the same.
    assert table["difference"].tolist() == pytest.approx([0.05])


def test_an_analysis_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    results = make_results(
        tmp_path / "none",
        {"share": lambda *_: 0.5},
        scenario_labels=("base",),
        replicates=1,
        measures={"share": {"kind": "share_defected"}},
        analyses=[{"kind": "convergence", "measure": "share", "tolerance": 0.1}],
    )
    page = Page(write_report(results).read_text(encoding="utf-8"))
    assert "This analysis could not be made: there is one replicate" in page.text


def test_a_time_that_never_comes_is_neither_averaged_nor_drawn(tmp_path: Path) -> None:
    results = make_results(
        tmp_path / "never",
        {"months": lambda *_: 48.0, "months:event": lambda *_: 0},
        measures={"months": {"kind": "time_to", "client": "Mali"}},
        analyses=[{"kind": "survival", "measure": "months"}, {"kind": "convergence", "measure": "months"}],
    )
    page = Page(write_report(results).read_text(encoding="utf-8"))
    assert "never in 40 runs" in page.words
    assert "never in either" in page.words
    assert "in none of the 40 pairs of runs" in page.text
    assert "48.0" not in page.text
    assert "replicates are needed" not in page.text
    assert not list((results.folder / "figures").glob("survival*"))


def test_a_regime_that_is_lost_first_counts_with_the_whole_horizon(tmp_path: Path) -> None:
    """Half the runs of the twin lose the regime in month 10; where it is lost it never happens."""

    def lost(label: str, replicate: int) -> bool:
        return label == "twin" and replicate % 2 == 0

    results = make_results(
        tmp_path / "lost",
        {
            "months": lambda label, _point, replicate: 10.0 if lost(label, replicate) else 20.0,
            "months:event": lambda label, _point, replicate: int(not lost(label, replicate)),
        },
        measures={"months": {"kind": "time_to", "client": "Mali"}},
        analyses=[{"kind": "survival", "measure": "months"}],
    )
    page = Page(write_report(results).read_text(encoding="utf-8"))
    table = pd.read_csv(results.folder / "tables" / "levels.csv").set_index("scenario")
    assert table["mean"].to_dict() == {"base": 20.0, "twin": 34.0}
    assert table["happens"].to_dict() == {"base": 1.0, "twin": 0.5}
    assert table["lost_first"].to_dict() == {"base": 0.0, "twin": 0.5}
    assert set(table["horizon"]) == {48.0}
    assert "is 14.0 months longer than" in page.text
    assert "regime is lost first (50 % and 0 %)" in page.text
    assert "regime lost first in 50 %" in page.text


def test_where_successors_make_the_difference_the_first_lines_say_so(tmp_path: Path) -> None:
    results = make_results(
        tmp_path / "readings",
        {
            "share": lambda *_: 0.0,
            "share:successors_counted": lambda label, _point, replicate: (
                (0.1 + 0.001 * replicate) * (label == "twin")
            ),
        },
        measures={"share": {"kind": "share_defected"}},
    )
    page = Page(write_report(results).read_text(encoding="utf-8"))
    start = page.text[: page.text.index("The numbers")]
    assert "There is no difference: the share of clients that have defected by their own choice" in start
    assert "The other way of counting says something else." in start
    assert "have defected (successors counted) at the end (2023-12) is" in start
    assert "hangs on what is counted: 0.0 % by their own choice" in start


def test_constant_results_are_said_and_not_drawn(tmp_path: Path) -> None:
    results = make_results(
        tmp_path / "constant",
        {"share": lambda *_: 0.0},
        replicates=800,
        measures={"share": {"kind": "share_defected"}},
        analyses=[{"kind": "convergence", "measure": "share", "tolerance": 0.0005}],
    )
    page = Page(write_report(results).read_text(encoding="utf-8"))
    assert "no pair differs, so at most 0.37 % of all would" in page.text
    assert "are needed" not in page.text
    assert not list((results.folder / "figures").iterdir())


def test_what_was_varied_is_told_as_declared(tmp_path: Path) -> None:
    results = swept(tmp_path / "sobol", "sobol")
    write_report(results)
    page = Page((results.folder / "report.html").read_text(encoding="utf-8"))
    assert page.words.count("0 to 1 (uniform)") == 3


def tables_of(results: Results) -> dict[str, pd.DataFrame]:
    write_report(results)
    return {file.stem: pd.read_csv(file) for file in (results.folder / "tables").glob("*.csv")}


def test_a_time_that_never_comes_at_a_level_has_no_mean_there(tmp_path: Path) -> None:
    """At the lowest level it never happens, at the highest in every second run, in month 10."""

    def happens(point: int, replicate: int) -> bool:
        return point == 1 and replicate % 2 == 0

    results = make_results(
        tmp_path / "levels",
        {
            "months": lambda _label, point, replicate: 10.0 if happens(point, replicate) else 48.0,
            "months:event": lambda _label, point, replicate: int(happens(point, replicate)),
        },
        scenario_labels=("base",),
        points=np.array([[0.0], [1.0]]),
        measures={"months": {"kind": "time_to", "client": "Mali"}},
        vary={"contagion": {"path": "parameters.contagion", "levels": [0.0, 1.0]}},
        design={"kind": "grid"},
    )
    rows = tables_of(results)["responses"].set_index("level")
    assert math.isnan(rows["mean"][0.0])
    assert rows["mean"][1.0] == 29.0
    assert rows["low"][1.0] < 29.0 < rows["high"][1.0]
    assert rows["happens"].to_dict() == {0.0: 0.0, 1.0: 0.5}
    assert rows["lost_first"].to_dict() == {0.0: 0.0, 1.0: 0.0}
    assert set(rows["horizon"]) == {48}


def test_no_table_averages_a_time_that_never_comes(tmp_path: Path) -> None:
    """In the base it never happens, in the twin in every run; further scenarios are like the base."""
    results = make_results(
        tmp_path / "never",
        {
            "months": lambda label, *_: 10.0 if label == "twin" else 48.0,
            "months:event": lambda label, *_: int(label == "twin"),
        },
        scenario_labels=("base", "twin", "third"),
        measures={"months": {"kind": "time_to", "client": "Mali"}},
        analyses=[{"kind": "survival", "measure": "months"}, {"kind": "convergence", "measure": "months"}],
    )
    tables = tables_of(results)
    levels = tables["levels"].set_index("scenario")
    assert levels["mean"].isna().to_dict() == {"base": True, "twin": False, "third": True}
    assert levels["sd"].isna().to_dict() == {"base": True, "twin": False, "third": True}
    compared = tables["comparisons"].set_index("against")
    assert compared["mean_baseline"].isna().all()
    assert compared["mean_against"]["twin"] == 10.0
    assert compared["difference"]["twin"] == -38.0
    assert math.isnan(compared["difference"]["third"])
    assert compared["verdict"].to_dict() == {"twin": "lower", "third": "never in either"}
    survival = tables["survival_months"].set_index("scenario")
    assert survival["restricted_mean"].isna().to_dict() == {"base": True, "twin": False, "third": True}
    page = Page((results.folder / "report.html").read_text(encoding="utf-8"))
    assert "10.0 months against never" in page.text


def test_a_difference_that_is_the_same_in_every_pair_has_an_exact_bound_and_no_interval(tmp_path: Path) -> None:
    results = make_results(
        tmp_path / "alike",
        {"share": lambda label, _point, replicate: replicate / 17 + (1 / 17) * (label == "twin")},
        replicates=6,
        measures={"share": {"kind": "share_defected"}},
        analyses=[{"kind": "convergence", "measure": "share", "tolerance": 0.1}],
    )
    row = tables_of(results)["comparisons"].iloc[0]
    assert math.isnan(row["low"])
    assert math.isnan(row["high"])
    assert row["alike"] == pytest.approx(0.05 ** (1 / 6))
    assert row["verdict"] == "higher"
    page = Page((results.folder / "report.html").read_text(encoding="utf-8"))
    assert "(the same in each of the 6 pairs of runs, and so in at least 61 % of all)" in page.text
    assert "every pair differs by +5.9 percentage points, so at least 61 % of all would" in page.text
    assert not re.search(r"\bnan\b", page.text)


def test_a_mean_over_points_that_luck_does_not_move_is_not_said_of_every_pair(tmp_path: Path) -> None:
    """The twin is higher by 0.1 at one point and by 0.3 at the other, whatever the luck."""
    results = make_results(
        tmp_path / "points",
        {"share": lambda label, point, _replicate: 0.1 * (1 + 2 * point) * (label == "twin")},
        replicates=6,
        points=np.array([[0.0], [1.0]]),
        measures={"share": {"kind": "share_defected"}},
        vary={"contagion": {"path": "parameters.contagion", "levels": [0.0, 1.0]}},
        design={"kind": "grid"},
        analyses=[{"kind": "convergence", "measure": "share", "tolerance": 0.1}],
    )
    write_report(results)
    page = Page((results.folder / "report.html").read_text(encoding="utf-8"))
    assert "every replicate's mean differs by +20.0 percentage points" in page.text
    assert "every pair" not in page.text


@pytest.mark.parametrize("replicates", [1, 2, 6])
def test_no_table_has_an_interval_of_no_width(tmp_path: Path, replicates: int) -> None:
    """Luck moves nothing, and the twin is always higher by the same: nothing has any spread."""
    results = make_results(
        tmp_path / "flat",
        {"share": lambda label, point, _replicate: 0.1 * point + 0.3 * (label == "twin")},
        replicates=replicates,
        points=np.array([[0.0], [1.0]]),
        measures={"share": {"kind": "share_defected"}},
        vary={"contagion": {"path": "parameters.contagion", "levels": [0.0, 1.0]}},
        design={"kind": "grid"},
    )
    for name, rows in tables_of(results).items():
        if "low" in rows and "high" in rows:
            assert not (rows["low"] == rows["high"]).any(), name
