"""What the pages of the documentation say, taken apart for the tests."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent.parent
PAGES = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        if path.name != "CHANGELOG.md"
    )
)
FENCE = re.compile(r"^ *```(?P<language>[a-z]*)\n(?P<body>.*?)^ *```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"# (?P<name>\w+\.(yaml|csv|py))\n")
TABLE = re.compile(r"<!-- table: .*?<!-- end of table -->", re.DOTALL)


def text_of(page: str) -> str:
    """Return a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def by_hand(page: str) -> str:
    """Return a page without what a script wrote into it."""
    return TABLE.sub("", text_of(page))


def blocks(page: str) -> list[tuple[str, str]]:
    """Return the language and the text of each code block."""
    return [(found["language"], found["body"]) for found in FENCE.finditer(text_of(page))]


def files(page: str) -> dict[str, str]:
    """Return the files that a page tells its reader to save: YAML and text that begin with a name in a comment."""
    named = ((NAMED.match(body), body) for language, body in blocks(page) if language in {"yaml", "text"})
    return {found["name"]: body for found, body in named if found is not None}


def commands(block: str) -> list[str]:
    """Return the commands of a console block: the lines behind a dollar sign."""
    return [line.strip()[2:] for line in block.splitlines() if line.strip().startswith("$ ")]


def script(name: str) -> ModuleType:
    """Return a script of the folder `docs`, imported."""
    folder = str(ROOT / "docs")
    if folder not in sys.path:  # as when it is started from there
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
