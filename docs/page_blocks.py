"""Write what is computed into a page, between its markers, or tell whether the page is stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def update(page: Path, render: Callable[[str], str], script: str) -> int:
    """Write a page anew; with ``--check`` only tell whether it is stale.

    Parameters
    ----------
    page
        The file.
    render
        Gives the page with fresh blocks.
    script
        Name of the script in this folder that was called, for the message.

    Returns
    -------
    int
        The exit code: 1 if the page was looked at and is stale.
    """
    text = page.read_text(encoding="utf-8")
    fresh = render(text)
    if fresh == text:
        return 0
    if "--check" in sys.argv[1:]:
        sys.stderr.write(f"{page.name} is stale: run uv run python docs/{script}.py\n")
        return 1
    page.write_text(fresh, encoding="utf-8", newline="\n")
    return 0
