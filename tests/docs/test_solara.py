"""The example for Mesa's page: its world is a World, it draws, and the real page runs without a network."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from papertiger.model.agents.world import World
from tests.wargame.server.classroom import CHROMIUM, needs_chromium

EXAMPLE = Path(__file__).parents[2] / "docs" / "howto" / "solara_world.py"
PAGE = EXAMPLE.with_suffix(".md").with_name("solara.md")


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the example as a module, with stand-ins for Solara, which is no dependency."""
    shown: dict[str, Any] = {"figures": [], "pages": []}

    def stand_in(name: str, **names: Any) -> None:
        module = ModuleType(name)
        module.__dict__.update(names)
        monkeypatch.setitem(sys.modules, name, module)

    stand_in("solara", component=lambda function: function, FigureMatplotlib=shown["figures"].append)
    stand_in(
        "mesa.visualization",
        SolaraViz=lambda *given, **more: shown["pages"].append((given, more)),
        make_plot_component=lambda measures: (tuple(measures), 0),
    )
    stand_in("mesa.visualization.utils", update_counter=SimpleNamespace(get=lambda: 0))
    spec = importlib.util.spec_from_file_location("solara_world", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.shown = shown
    return module


def test_the_example_runs_the_world_that_its_sliders_say(example: Any) -> None:
    watched = example.WatchedWorld(run=3, standing_cost=0.9)
    plain = World("partners_2020", rng=1, run=3, standing_cost=0.9)
    for _ in range(5):
        watched.step()
        plain.step()
    assert watched.time == plain.time == 5
    assert [client.protection for client in watched.world.clients] == [client.protection for client in plain.clients]
    assert plain.datacollector is not None
    frames = [collector.get_model_vars_dataframe() for collector in (watched.datacollector, plain.datacollector)]
    assert frames[0].equals(frames[1])


def test_the_example_stops_where_its_scenario_ends(example: Any) -> None:
    watched = example.WatchedWorld()
    while watched.running:
        watched.step()
    assert watched.world.month_name == watched.world.setting.months[-1]


def test_the_example_has_sliders_network_and_lines(example: Any) -> None:
    ((model,), given) = example.shown["pages"][0]
    assert isinstance(model.world, World)
    sliders = given["model_params"]
    for name in example.MOVED:
        assert sliders[name]["min"] < sliders[name]["max"]
        assert sliders[name]["min"] <= sliders[name]["value"] <= sliders[name]["max"]
    # At a reset the page hands over a scenario of Mesa's own, too.
    example.WatchedWorld(scenario=object(), **{name: sliders[name]["max"] for name in example.MOVED})
    model.step()
    for component, _ in given["components"][:2]:
        component(model)
    network, lines = example.shown["figures"]
    names = {text.get_text() for text in network.axes[0].texts}
    assert names == {client.name for client in model.world.clients if client.in_network}
    assert len(lines.axes[0].lines) == len(model.world.clients)


def test_the_page_shows_what_the_file_has() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in ("WatchedWorld", "Network"):
        assert f":pyobject: {name}" in text
        assert f" {name}(" in EXAMPLE.read_text(encoding="utf-8")


@pytest.mark.slow
@needs_chromium
@pytest.mark.skipif(
    importlib.util.find_spec("solara") is None, reason="solara is not installed: uv run --group solara"
)
def test_the_real_page_runs_without_a_network(tmp_path: Path) -> None:
    from playwright.sync_api import Route, sync_playwright

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "solara", "run", str(EXAMPLE), "--port", str(port), "--no-open", "--production"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=tmp_path)
    outside: list[str] = []

    def at_home(route: Route) -> None:
        if route.request.url.startswith((base, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
            page = browser.new_context().new_page()
            page.route("**/*", at_home)
            while not answers(base):
                assert server.poll() is None, (tmp_path / "log").read_text()
            page.goto(base)
            # A button that is pressed before the pictures are there may be one that nobody hears.
            page.locator("img").nth(2).wait_for(state="attached", timeout=120_000)
            for month in range(1, 4):
                page.get_by_role("button", name="Step").click(timeout=120_000)
                page.get_by_text(f"Time: {month}.0").wait_for(timeout=120_000)
            page.get_by_role("button", name="Reset").click()
            page.get_by_text("Time: 0.0").wait_for(timeout=120_000)
            browser.close()
    finally:
        server.terminate()
        server.wait()
    assert outside == []
    assert "Could not load URL" not in (tmp_path / "log").read_text()


def answers(address: str) -> bool:
    """Tell whether a server answers; one that is starting refuses."""
    try:
        with urllib.request.urlopen(address, timeout=60):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
