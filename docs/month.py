"""Write the table of the month's steps into `ARCHITECTURE.md`, between the page's markers.

Run ``uv run python docs/month.py`` after a change of `model/month.py`; with ``--check`` it only tells whether the
page is stale.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from papertiger.model.month import STEPS

PAGE = Path(__file__).parent.parent / "ARCHITECTURE.md"
BLOCK = re.compile(r"(<!-- month -->\n).*?(<!-- end of month -->)", re.DOTALL)


def table() -> str:
    """Return the steps as a table in Markdown."""
    lines = ["| step | what happens | `World.` | `kernel/` |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {step.name.replace('_', ' ')} | {step.text} | `{step.method}` | `{step.name}.{step.function}` |"
        for step in STEPS
    ]
    return "\n".join(lines)


def render(page: str) -> str:
    """Return the page with a fresh table."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{table()}\n\n{block[2]}", page)


def main() -> int:
    """Write the table, or tell whether it is stale."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = render(page)
    if "--check" in sys.argv[1:]:
        if page != fresh:
            sys.stderr.write(f"{PAGE.name} is stale: run uv run python docs/month.py\n")
        return int(page != fresh)
    PAGE.write_text(fresh, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
