"""Write the table of data sets into `docs/howto/data.md` from the catalogue, so that the page can say nothing else.

Run ``uv run python docs/make_data.py`` after a change of a reader; with ``--check`` it only tells whether the page is
stale, and leaves with exit code 1 if it is.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from page_blocks import table, update

from papertiger.scenarios.datasets.catalogue import CATALOGUE

PAGE = Path(__file__).parent / "howto" / "data.md"
BLOCK = re.compile(r"(<!-- table: data sets -->\n).*?(<!-- end of table -->)", re.DOTALL)


def data_sets() -> str:
    """Return the table of data sets: what commands call each, whose it is, the file's name and what it gives."""
    rows = [
        [
            f"`{data_set.name}`",
            f"{data_set.title} ({', '.join(data_set.versions)})",
            " or ".join(f"`{pattern}`" for pattern in data_set.files),
            data_set.gives,
        ]
        for data_set in CATALOGUE.values()
    ]
    return table(("name", "data set (versions tried)", "file", "what it gives"), rows)


def render(page: str) -> str:
    """Return the page with a fresh table."""
    return BLOCK.sub(lambda block: block[1] + data_sets() + block[2], page)


if __name__ == "__main__":
    sys.exit(update(PAGE, render, "make_data"))
