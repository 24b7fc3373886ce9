"""Figures as tables, and their place on the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BLOCK = r"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"


@dataclass(frozen=True)
class Table:
    """A table of a title, columns and rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def text(self) -> str:
        """Return the table in Markdown."""
        lines = [self.columns, tuple("---" for _ in self.columns), *self.rows]
        return f"**{self.title}**\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def write(tables: Sequence[Table], described: str, page: Path = PAGE, block: str = "benchmarks") -> None:
    """Put tables between the page's markers."""
    text = page.read_text(encoding="utf-8")
    body = f"\nMeasured in one run on: {described}.\n\n" + "\n".join(table.text() for table in tables) + "\n"
    markers = re.compile(BLOCK.format(name=block), re.DOTALL)
    new, count = markers.subn(lambda marker: marker[1] + body + marker[2], text)
    if count != 1:
        raise ValueError(f"{page.name}: expected one pair of markers, found {count}")
    draft = page.with_suffix(".tmp")
    draft.write_text(new, encoding="utf-8")
    draft.replace(page)
