"""Settings of the documentation's site: ``uv run --group docs sphinx-build -W docs build/site``.

Nothing is fetched, neither while it is built nor by a reader's browser.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from docutils.nodes import SkipNode
from latex2mathml.converter import convert

project = "Papertiger"
author = "The Papertiger maintainers"
copyright = author

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
html_theme = "furo"
html_title = "Papertiger"
html_show_sphinx = False
exclude_patterns = ["notebooks", "site"]

# Pages are Markdown, as they are read in the repository; headings get the anchors that links there use.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["myst.header"]  # a page that is included starts below the first level

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "description"
autodoc_typehints_format = "short"
autosummary_generate = False
napoleon_google_docstring = False
napoleon_numpy_docstring = True
napoleon_use_rtype = False
napoleon_use_ivar = True
default_role = "code"

LAB = "partners_2020"
"""The scenario of the lab in front of the site."""

OUTSIDE = {
    "../../ARCHITECTURE.md": "../architecture.md",
    "../ARCHITECTURE.md": "architecture.md",
    "../results/README.md": "result_folders.md",
}
"""Pages that lie outside this folder, with the page here that shows each."""


def write_math(writer: Any, node: Any) -> None:
    """Write a formula as MathML, which browsers draw themselves; MathJax would be fetched."""
    display = "block" if node.tagname == "math_block" else "inline"
    writer.body.append(convert(node.astext(), display=display))
    raise SkipNode


html_math_renderer = "mathml"


def write_lab(app: Any, error: Exception | None) -> None:
    """Put the page of the lab in front of the site, in a process that autodoc has not imported anything into."""
    if error is None and app.builder.format == "html":
        target = str(Path(app.outdir) / "lab.html")
        subprocess.run([sys.executable, "-m", "papertiger", "lab", LAB, "--no-open", "--out", target], check=True)


def setup(app: Any) -> None:
    """Send links to pages outside this folder to the pages here, formulas to `write_math`, and add the lab."""
    app.connect("build-finished", write_lab)
    app.add_html_math_renderer("mathml", (write_math, None), (write_math, None))

    def read(_app: Any, _name: str, source: list[str]) -> None:
        for outside, inside in OUTSIDE.items():
            source[0] = source[0].replace(f"]({outside}", f"]({inside}")

    app.connect("source-read", read)
