"""The page of the lab in real browsers, from disk and offline: what people see, and that files give it again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from papertiger.experiments.design.loader import load_experiment
from papertiger.experiments.lab.page import lab_page
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.scenarios import load
from tests.wargame.server.classroom import CHROMIUM, LAPTOP, PHONE, PROJECTOR, needs_chromium
from tests.wargame.server.firefox import firefox, needs_firefox

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lab")]

NAME = "partners_2020"
RUNS = 1000
STILL = f'body[data-still="{RUNS}"]'
CHANGED = f"#a={NAME}&b={NAME}&b.parameters.standing_cost=0.45&b:off=threat&b:path=ends&lang=en"
PATIENCE = 180_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the page lies on disk."""
    file = tmp_path_factory.mktemp("lab") / "lab.html"
    file.write_text(lab_page([NAME, "no_war_2022"]), encoding="utf-8")
    return file.as_uri()


class Reader:
    """A browser without a network, and what it complained of."""

    def __init__(self, engine: Any, address: str) -> None:
        self.engine, self.address = engine, address
        self.complaints: list[str] = []

    def open(self, fragment: str = "#lang=en", size: tuple[int, int] = LAPTOP) -> Any:
        """Return the page once its runs are still."""
        context = self.engine.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=True, accept_downloads=True
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        page.goto(self.address + fragment)
        page.wait_for_selector(STILL)
        return page

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, "blob:", "data:")):
            self.complaints.append(f"asked for {url}")


@pytest.fixture
def reader(address: str) -> Iterator[Reader]:
    with sync_playwright() as session:
        engine = session.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield Reader(engine, address)
        engine.close()


def said(page: Any) -> str:
    return str(page.locator("#answer").inner_text())


def counts_of(path: str) -> dict[str, np.ndarray[Any, Any]]:
    """Return the counts of postures of both worlds, as the page's own file has them: months, clients, rungs."""
    rows = list(csv.DictReader(Path(path).read_text(encoding="utf-8").splitlines()))
    months = sorted({row["month"] for row in rows})
    clients = list(dict.fromkeys(row["client"] for row in rows))
    tables = {side: np.zeros((len(months), len(clients), 5), np.int64) for side in "ab"}
    for row in rows:
        place = months.index(row["month"]), clients.index(row["client"])
        tables[row["world"]][place] = [int(value) for value in list(row.values())[3:8]]
    return tables


def taken(page: Any, selector: str) -> str:
    with page.expect_download() as download:
        page.locator(selector).click()
    return str(download.value.path())


@needs_chromium
def test_pages_on_every_screen_are_usable_by_everybody(reader: Reader) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    for size in (PHONE, LAPTOP, PROJECTOR):
        for fragment in ("#lang=en", "#lang=de", "#lang=de&view=class"):
            page = reader.open(fragment, size)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (size, fragment)
            violations = axe.run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:150]) for one in violations] == [], (size, fragment)
            page.context.close()
    assert reader.complaints == []


@needs_chromium
def test_what_is_taken_away_gives_the_numbers_of_the_command_line(reader: Reader, tmp_path: Path) -> None:
    page = reader.open(CHANGED)
    tables = counts_of(taken(page, '[data-save="clients"][data-kind="csv"]'))
    assert np.array_equal(tables["a"], ensemble(load(NAME), RUNS, 1).kept.counts)
    file = tmp_path / "changed.yaml"
    file.write_bytes(Path(taken(page, '[data-do="scenario"][data-side="b"]')).read_bytes())
    assert np.array_equal(tables["b"], ensemble(load(str(file)), RUNS, 1).kept.counts)
    assert not np.array_equal(tables["a"], tables["b"])
    file = tmp_path / "experiment.yaml"
    file.write_bytes(Path(taken(page, '[data-do="experiment"]')).read_bytes())
    assert load_experiment(file).replicates == RUNS
    assert Path(taken(page, '[data-save="lost"][data-kind="svg"]')).read_text(encoding="utf-8").startswith("<svg ")
    assert Path(taken(page, '[data-save="clients"][data-kind="png"]')).read_bytes().startswith(b"\x89PNG")
    assert reader.complaints == []


@needs_chromium
def test_the_address_holds_the_state_and_back_undoes_a_move(reader: Reader) -> None:
    page = reader.open(CHANGED)
    changed = said(page)
    page.locator('button[data-off="standing"]').click()
    page.wait_for_function("() => location.hash.includes('standing')")
    page.wait_for_selector(STILL)
    shared = page.url
    assert "b%3Aoff=standing%2Cthreat" in shared
    page.wait_for_function("(before) => document.querySelector('#answer').innerText !== before", arg=changed)
    page.go_back()
    page.wait_for_function("(before) => document.querySelector('#answer').innerText === before", arg=changed)
    other = reader.open("#" + shared.split("#")[1])
    assert other.locator('button[data-off="standing"]').get_attribute("aria-pressed") == "true"
    assert other.locator('button[data-off="threat"]').get_attribute("aria-pressed") == "true"
    assert other.locator('input[type="range"][data-figure="parameters.standing_cost"]').input_value() == "0.45"
    assert reader.complaints == []


@needs_chromium
def test_a_world_is_changed_and_looked_into_with_the_keyboard_alone(reader: Reader) -> None:
    page = reader.open(f"#a={NAME}&b={NAME}&lang=en")

    def reach(selector: str) -> None:
        for _ in range(400):
            page.keyboard.press("Tab")
            if page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
                return
        pytest.fail(f"no way by Tab to {selector}")

    before = said(page)
    reach('button[data-off="standing"]')
    page.keyboard.press("Enter")
    page.wait_for_function("(before) => document.querySelector('#answer').innerText !== before", arg=before)
    reach('input[type="range"][data-figure="parameters.bad_news_weight"]')
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.hash.includes('bad_news_weight')")
    reach("#client")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => location.hash.includes('client=')")
    reach("#why-next")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.includes('run=1')")
    page.wait_for_function("() => document.querySelector('#why-run').value === '1'")
    assert reader.complaints == []


@needs_chromium
def test_the_belief_is_that_of_the_client_that_was_asked_about_last(reader: Reader) -> None:
    page = reader.open(f"#a={NAME}&b={NAME}&lang=en&client=Armenia")
    for moves in (
        "page.change((state) => (state.client = ids[3])); page.change((state) => (state.client = ids[0]));",
        "page.change((state) => (state.b.figures['parameters.standing_cost'] = 0.41));"
        " page.change((state) => (state.client = ids[2]));",
    ):
        page.evaluate(
            "() => { const page = papertiger, ids = page.worlds[0].clients.map((one) => one.id);"
            f" delete document.body.dataset.still; {moves} }}"
        )
        page.wait_for_selector(STILL)
        page.wait_for_function(
            "() => !papertiger.busy && ['a', 'b'].every((side) =>"
            " papertiger.gathered[side].client === papertiger.clientOf(papertiger.state))"
        )
    assert reader.complaints == []


@needs_chromium
def test_a_class_guesses_before_it_sees(reader: Reader) -> None:
    page = reader.open(f"#a={NAME}&b={NAME}&b:off=standing&view=class&lang=en&client=Armenia")
    assert not page.locator("#answer").is_visible()
    page.locator("#guesses").fill("50 80, 20 abc 900")
    assert "3 guesses" in page.locator("#reveal").inner_text()
    assert page.locator("#reveal svg").count() == 0
    page.locator('[data-do="reveal"]').click()
    assert "The model: in" in page.locator("#reveal").inner_text()
    assert page.locator("#reveal svg").count() == 1
    page.locator('[data-do="again"]').click()
    assert page.locator("#reveal svg").count() == 0
    assert reader.complaints == []


@needs_chromium
def test_the_page_says_which_change_moves_the_answer_and_takes_it_over(reader: Reader) -> None:
    page = reader.open(f"#a={NAME}&b={NAME}&lang=en&client=Armenia")
    page.locator('[data-do="levers"]').click()
    page.wait_for_selector("#levers progress", state="detached")
    page.wait_for_selector("#levers tbody tr")
    first = page.locator("#levers tbody tr").first
    first.locator("button").first.click()
    page.wait_for_function("() => /b(\\.|%3A)/.test(location.hash)")
    assert reader.complaints == []


@needs_firefox
def test_firefox_gives_the_same_numbers(address: str, tmp_path: Path) -> None:
    with firefox(tmp_path) as page:
        page.visit(address + CHANGED)
        page.wait(f"document.body.dataset.still === '{RUNS}'")
        counts = json.loads(page.run("JSON.stringify(Array.from(papertiger.gathered.a.counts))"))
        assert page.complaints == []
    assert np.array_equal(np.array(counts), ensemble(load(NAME), RUNS, 1).kept.counts.ravel())
