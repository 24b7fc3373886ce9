"""Measure the page of the lab in real browsers, from disk and offline.

    uv run python -m benchmarks.lab

Printed are, for each browser, the time from opening the page to its first picture, the time from a slider's move to
repainted fans (300 runs), and that of 10,000 runs of both worlds. They depend on what else the machine does.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from papertiger.experiments.lab.page import lab_page
from tests.wargame.server.classroom import CHROMIUM
from tests.wargame.server.firefox import firefox

MOVES = 25
FIRST = "papertiger.drawn"
STILL = "document.body.dataset.still === '1000'"
SLIDE = """(async () => {
  const slider = document.querySelector('input[type=range][data-figure="parameters.bad_news_weight"]');
  const times = [];
  for (let move = 0; move < MOVES; move++) {
    const before = papertiger.latency.length;
    slider.value = 1 + 0.05 * move;
    const began = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (papertiger.latency.length === before && performance.now() - began < 5000) {
      await new Promise((done) => setTimeout(done, 0));
    }
    times.push(performance.now() - began);
  }
  return times.join(" ");
})()""".replace("MOVES", str(MOVES))
MANY = """(async () => {
  const began = performance.now();
  document.querySelector("#many").click();
  const { a, b } = papertiger.gathered;
  while (a.runs < 10000 || b.runs < 10000) await new Promise((done) => setTimeout(done, 5));
  return performance.now() - began;
})()"""


def main() -> None:
    """Measure both browsers and print what came out."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lab.html"
        file.write_text(lab_page(["partners_2020", "no_war_2022"]), encoding="utf-8")
        say("size of the page", f"{len(file.read_bytes()):,} bytes")
        with sync_playwright() as session:
            engine = session.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
            page = engine.new_context(viewport={"width": 1366, "height": 768}, offline=True).new_page()
            page.goto(file.as_uri())
            page.wait_for_selector('body[data-still="1000"]', timeout=300_000)
            measure("Chromium", page.evaluate)
            engine.close()
        with firefox(Path(folder)) as window:
            window.size(1366, 768)
            window.visit(file.as_uri())
            window.wait(STILL)
            measure("Firefox", window.run)


def measure(browser: str, run: Callable[[str], Any]) -> None:
    """Measure one browser."""
    say(f"{browser}: first picture", f"{float(run(FIRST)):.0f} ms")
    moves = [float(one) for one in str(run(SLIDE)).split()]
    say(
        f"{browser}: a move to repainted fans", f"{statistics.median(moves):.0f} ms median, {min(moves):.0f} ms least"
    )
    say(f"{browser}: 10,000 runs of both worlds", f"{float(run(MANY)) / 1000:.1f} s")


def say(what: str, measured: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{what}: {measured}\n")


if __name__ == "__main__":
    main()
