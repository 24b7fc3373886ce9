"""Chromium and Firefox, from disk and without a network: every shipped experiment whose page can run it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.sampling import design_points
from papertiger.experiments.design.sources import experiment_names
from papertiger.experiments.recompute.carried import MAX_NUMBERS
from papertiger.experiments.report.page import write_report
from papertiger.experiments.run.runner import run_experiment
from tests.experiments.recompute.test_recompute import WHOLE
from tests.experiments.run.small import run
from tests.wargame.server.classroom import CHROMIUM
from tests.wargame.server.firefox import Firefox, firefox, needs_firefox

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("recompute")]

SHIPPED = (
    "why_clients_leave",
    "war_paths",
    "chechnya_succession",
    "coups_and_fighters",
    "dominoes",
    "kazakhstan_threat",
    "paper_tiger",
    "price_of_washington",
    "soviet_bloc",
    "syria_warning",
)
"""All but the one whose design is too large for a page."""
EQUAL = re.compile(r"all \d+ tables have the SHA-256 that the manifest says")
MINUTES = 600_000
SAID = "document.getElementById('recompute-said').textContent"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the reports that were written until now, by experiment: both browsers read the same."""
    return {"": tmp_path_factory.mktemp("reports")}


def report_of(name: str, reports: dict[str, Path]) -> Path:
    if name not in reports:
        reports[name] = write_report(run_experiment(load_study(name), reports[""] / name))
    return reports[name]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize("name", SHIPPED)
def test_chromium_recomputes_a_shipped_experiment(name: str, reports: dict[str, Path], chromium: Browser) -> None:
    page = chromium.new_context(offline=True).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report_of(name, reports).as_uri())
    page.click("#recompute-start")
    page.locator("#recompute-status.right, #recompute-status.wrong").wait_for(timeout=MINUTES)
    assert EQUAL.search(page.text_content("#recompute-status") or ""), page.text_content("#recompute-scenarios")
    assert complaints == []


@needs_firefox
@pytest.mark.parametrize("name", SHIPPED)
def test_firefox_recomputes_a_shipped_experiment(name: str, reports: dict[str, Path], tmp_path: Path) -> None:
    with firefox(tmp_path) as page:
        page.visit(report_of(name, reports).as_uri())
        page.click("#recompute-start")
        status = waited(page, "document.getElementById('recompute-status').className !== ''", "recompute-status")
        assert EQUAL.search(status), page.run("document.getElementById('recompute-scenarios').textContent")
        assert not page.complaints


def waited(page: Firefox, condition: str, element: str) -> str:
    """Return the text of an element once a condition holds, however long that takes."""
    for _ in range(40):
        try:
            page.wait(condition)
            break
        except AssertionError:
            assert "of" in str(page.run("document.getElementById('recompute-status').textContent"))
    return str(page.run(f"document.getElementById('{element}').textContent"))


def test_the_design_of_the_other_one_is_too_large() -> None:
    assert set(experiment_names()) - set(SHIPPED) == {"global_sensitivity"}
    assert design_points(load_study("global_sensitivity", replicates=1)).values.size > MAX_NUMBERS


def test_a_reader_recomputes_and_changes_a_figure(tmp_path: Path, chromium: Browser) -> None:
    report = write_report(run(tmp_path, WHOLE))
    context = chromium.new_context(offline=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.focus("#recompute-start")
    page.keyboard.press("Enter")
    page.locator("#recompute-status.right").wait_for()
    page.focus("#recompute-open")
    page.keyboard.press("Enter")
    page.locator("#recompute-said", has_text="which varies it").wait_for()
    page.select_option("#recompute-figure", index=1)
    page.locator("#recompute-said", has_text="as published").wait_for()
    page.fill("#recompute-value", "0.93")
    page.keyboard.press("Tab")
    page.locator("#recompute-said", has_text="in place of").wait_for()
    assert page.locator("#recompute-outcome tbody tr").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    page.emulate_media(color_scheme="dark")
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    page.emulate_media(media="print")
    assert not page.locator("#recompute-tools").is_visible()
    assert complaints == []


def test_a_damaged_scenario_is_named_in_the_page(tmp_path: Path, chromium: Browser) -> None:
    report = write_report(run(tmp_path, WHOLE))
    text = report.read_text(encoding="utf-8")
    place = text.index('data-piece="scenario:calm"')
    place = text.index(">", place) + 100
    report.write_text(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :], encoding="utf-8")
    page = chromium.new_context(offline=True).new_page()
    page.goto(report.as_uri())
    page.click("#recompute-start")
    page.locator("#recompute-status.wrong").wait_for()
    assert "The scenario “Calm” (calm) is not what this page was written with" in (
        page.text_content("#recompute-status") or ""
    )
