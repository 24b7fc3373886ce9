"""The kernel's text that is kept in git is what the sources give."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from papertiger.model.build.link import kept_text, sources_of
from papertiger.model.ensemble.library import KERNEL_SOURCES, MODEL, kernel_sources

REMEDY = "the kernel's sources have changed: python -m papertiger.model.build"
PACKAGE = "papertiger.model"


def runtime_imports(path: Path) -> set[str]:
    """Return the model's modules that a file imports when it runs, and not only for a checker of types."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = set()
    for node in tree.body:  # what stands under `if TYPE_CHECKING` is not at the top
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in named if name.startswith(PACKAGE)}


def file_of(module: str) -> Path | None:
    place = MODEL.joinpath(*module.removeprefix(PACKAGE).strip(".").split("."))
    candidates = (place.with_suffix(".py"), place / "__init__.py")
    return next((path for path in candidates if path.is_file() and path != MODEL / "__init__.py"), None)


def test_the_kept_text_is_of_these_sources() -> None:
    assert sources_of(kept_text()) == kernel_sources(), REMEDY


def test_the_list_of_sources_holds_all_that_the_kernel_imports() -> None:
    listed = {path for pattern in KERNEL_SOURCES for path in MODEL.glob(pattern)}
    assert listed
    waiting, reached = list((MODEL / "ensemble" / "kernel").glob("*.py")), set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [found for name in runtime_imports(path) if (found := file_of(name)) is not None]
    packages = {path for path in reached if path.name == "__init__.py"}
    assert reached - packages <= listed


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_the_kept_text_is_what_numba_makes_of_the_sources() -> None:
    command = [sys.executable, "-m", "papertiger.model.build", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
