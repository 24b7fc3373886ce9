"""Every code block of the documentation runs, every link leads somewhere, and nothing is named that must not be."""

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from papertiger.cli import app
from papertiger.experiments.measures import base
from papertiger.model import theories
from papertiger.model.plugins import is_from_file
from tests.docs.pages import PAGES, ROOT, blocks, commands, files, text_of

LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)


def anchors(page: str) -> set[str]:
    """Return the anchors that the headings of a page make."""
    outside = re.sub(r"^```.*?^```$", "", text_of(page), flags=re.DOTALL | re.MULTILINE)
    titles = (found["title"].strip().lower().replace("`", "") for found in HEADING.finditer(outside))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def save_files(page: str, folder: Path) -> None:
    """Save the files of a page as its reader would."""
    for name, body in files(page).items():
        (folder / name).write_text(body, encoding="utf-8")


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what a page registers: kinds of measure, theories and the modules that hold them."""
    before = set(sys.modules)
    monkeypatch.setattr(base, "_KINDS", dict(base._KINDS))
    monkeypatch.setattr(theories, "_THEORIES", dict(theories._THEORIES))
    yield
    for name in set(sys.modules) - before:
        if is_from_file(name):
            del sys.modules[name]


SLOW_PAGES = {
    "docs/experiments.md",
    "docs/howto/calibrate.md",
    "docs/howto/from_r.md",
    "docs/howto/lab.md",
    "docs/model.md",
    "docs/teaching/whole_network.md",
}
"""Pages whose blocks run for many seconds."""


def running(pages: list[str]) -> list[object]:
    """Return pages as cases, those that run long as slow ones."""
    return [pytest.param(page, marks=pytest.mark.slow) if page in SLOW_PAGES else page for page in pages]


@pytest.mark.parametrize(
    "page", running([page for page in PAGES if any(kind == "python" for kind, _ in blocks(page))])
)
def test_python_blocks_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_files(page, tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for number, (language, body) in enumerate(blocks(page), start=1):
        if language == "python":
            exec(compile(body, f"{page}, block {number}", "exec"), names)


@pytest.mark.parametrize("page", running([page for page in PAGES if any(commands(body) for _, body in blocks(page))]))
def test_console_blocks_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # In this process: what differs in one of its own is held by tests of the command line.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    save_files(page, tmp_path)
    for command in [line for kind, body in blocks(page) if kind == "console" for line in commands(body)]:
        program, *arguments = shlex.split(command, comments=True)
        assert program == "papertiger", f"{page}: only papertiger is run in a console block, not {command!r}"
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, f"{page}: {command}\n{done.stderr}\n{done.exception!r}"


@pytest.mark.parametrize("page", PAGES)
def test_links_inside_the_repository_lead_somewhere(page: str) -> None:
    for found in LINK.finditer(text_of(page)):
        target = found["target"]
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / page).parent / path if path else ROOT / page
        assert there.exists(), f"{page} links to {target}"
        if anchor:
            assert anchor in anchors(there.resolve().relative_to(ROOT).as_posix()), f"{page} links to {target}"


def test_the_readme_gives_the_two_commands_as_they_must_be_typed() -> None:
    lines = text_of("README.md").splitlines()
    main_job = "pip install uv && uv run papertiger experiment experiments/why_clients_leave.yaml"
    assert main_job in lines
    assert any("uv run pytest" in line for line in lines)
    assert "pipx" in text_of("README.md")


@pytest.mark.parametrize("page", PAGES)
def test_figures_are_small(page: str) -> None:
    for found in re.finditer(r"!\[[^\]]+\]\((?P<path>[^)]+)\)", text_of(page)):
        assert ((ROOT / page).parent / found["path"]).stat().st_size < 200_000


def test_every_scenario_named_in_a_command_is_shipped() -> None:
    from papertiger import scenarios

    named = {
        arguments[index + 1]
        for page in PAGES
        for kind, body in blocks(page)
        if kind == "console"
        for arguments in (shlex.split(line, comments=True) for line in commands(body))
        for index, word in enumerate(arguments[:-1])
        if word in {"run", "explain"} and not arguments[index + 1].endswith(".yaml")
    }
    assert named <= set(scenarios.names())
