"""A browser gives the numbers of Python, too."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, sync_playwright

from papertiger.model.ensemble.ensemble import ensemble
from tests.experiments.lab.conftest import WORLDS
from tests.experiments.lab.pages import changed, random_state
from tests.experiments.lab.test_engine import RUNS, SEED, assert_same
from tests.wargame.server.classroom import CHROMIUM, needs_chromium

pytestmark = pytest.mark.xdist_group("lab")  # the kernel is linked once

SITE = "http://localhost:9/"
"""Where a browser thinks that it is: nothing listens there, and every request is answered from the folder."""
IN_A_PAGE = """
async (jobs) => {
  const [{ Lab }, { doAll }] = await Promise.all([import("/engine.mjs"), import("/jobs.mjs")]);
  const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
  const lab = await Lab.open(await bytes("/kernel.wasm"), await bytes("/payload"));
  return JSON.stringify(await doAll(lab, JSON.parse(jobs)));
}
"""
KINDS = {".mjs": "text/javascript", ".wasm": "application/wasm"}


@pytest.fixture
def page(engine_folder: Path) -> Iterator[Any]:
    """Open a blank page beside the engine."""

    def answer(route: Route) -> None:
        file = engine_folder / route.request.url.removeprefix(SITE)
        if file.is_file():
            route.fulfill(path=file, content_type=KINDS.get(file.suffix, "application/octet-stream"))
        else:
            route.fulfill(body="<!doctype html><title>lab</title>", content_type="text/html")

    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page()
        opened.route("**/*", answer)
        opened.goto(SITE)
        yield opened
        browser.close()


@pytest.mark.slow
@needs_chromium
def test_fifty_random_states_give_the_tables_of_python_in_chromium(page: Any) -> None:
    tried = [random_state(WORLDS[n % len(WORLDS)], random.Random(500 + n)) for n in range(50)]
    jobs = [["table", state, SEED, [[0, 5], [5, RUNS - 5]]] for state in tried]
    for state, result in zip(tried, json.loads(page.evaluate(IN_A_PAGE, json.dumps(jobs))), strict=True):
        scenario, values = changed(state)
        assert_same(result, ensemble(scenario, RUNS, SEED, keep="paths", values=values))
