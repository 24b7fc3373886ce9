"""Write the table of the month's steps into `ARCHITECTURE.md`, between the page's markers.

Run ``uv run python docs/month.py`` after a change of `model/month.py`; with ``--check`` it only tells whether the
page is stale.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from page_blocks import table, update

from papertiger.model.month import STEPS

PAGE = Path(__file__).parent.parent / "ARCHITECTURE.md"
BLOCK = re.compile(r"(<!-- month -->\n).*?(<!-- end of month -->)", re.DOTALL)


def steps() -> str:
    """Return the steps as a table in Markdown."""
    rows = [
        (step.name.replace("_", " "), step.text, f"`{step.method}`", f"`{step.name}.{step.function}`")
        for step in STEPS
    ]
    return table(("step", "what happens", "`World.`", "`kernel/`"), rows)


def render(page: str) -> str:
    """Return the page with a fresh table."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{steps()}\n{block[2]}", page)


def main() -> int:
    """Write the table, or tell whether it is stale."""
    return update(PAGE, render, "month")


if __name__ == "__main__":
    sys.exit(main())
