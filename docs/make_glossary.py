"""Write `docs/glossary.md` from the glossary that reports use, so that the page cannot say anything else.

Run ``uv run python docs/make_glossary.py`` after a change of `experiments/glossary/terms.yaml`; with
``--check`` it only tells whether the page is stale, and leaves with exit code 1 if it is.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from page_blocks import table, update

from papertiger.experiments.glossary.terms import Term, glossary

PAGE = Path(__file__).with_name("glossary.md")
BLOCK = re.compile(r"(<!-- table: terms -->\n).*?(<!-- end of table -->)", re.DOTALL)


def places(term: Term) -> str:
    """Return where a term stands: kinds of measure, columns and headings."""
    parts = [f"measure `{kind}`" for kind in term.measures]
    parts += [f"`{column}`" for column in term.columns]
    parts += [f"“{heading}”" for heading in term.headings]
    return ", ".join(parts)


def terms() -> str:
    """Return all terms, a table for each section, each with a target to link to."""
    parts = []
    for section in glossary().sections:
        rows = [
            [f'<a id="{term.anchor}"></a>**{term.name}**', term.unit, term.means, places(term)]
            for term in section.terms
        ]
        parts.append(f"## {section.part}\n\n" + table(["name", "unit", "what it is", "where it stands"], rows))
    return "\n" + "\n".join(parts) + "\n"


def render(text: str) -> str:
    """Return the page with fresh tables."""
    return BLOCK.sub(lambda block: block[1] + terms() + block[2], text)


if __name__ == "__main__":
    sys.exit(update(PAGE, render, "make_glossary"))
