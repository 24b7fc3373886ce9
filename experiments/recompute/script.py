"""Join the modules of a page's script into one, which the page, its worker and Node run alike.

A page that is opened from disk can load no modules beside it, and its content policy names the hash of the one script
that it runs.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources

MODULES = ("kernel", "sha256", "table", "measures", "interval", "recompute", "worker", "page", "main")
"""In an order in which each imports only those before it."""
IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+)\.mjs";$', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) (\w+)", re.MULTILINE)
COMMENT = re.compile(r"^\s*(?://.*|/\*\*.*\*/)\n", re.MULTILINE)


@cache
def script() -> str:
    """Return the script of a page."""
    return '\n"use strict";\n' + "".join(_joined(name, _text(name)) for name in MODULES)


def policy_hash(text: str) -> str:
    """Return what a content policy calls a script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"


def _text(name: str) -> str:
    folder = ("papertiger.model", "build") if name == "kernel" else ("papertiger.experiments", "recompute/static")
    return resources.files(folder[0]).joinpath(folder[1], f"{name}.mjs").read_text(encoding="utf-8")


def _joined(name: str, text: str) -> str:
    """Return a module as a function that is called at once and gives what it exports."""
    exported = ", ".join(match[2] for match in EXPORT.finditer(text))
    text = COMMENT.sub("", text).replace("\r\n", "\n")
    text = EXPORT.sub(r"\1 \2", IMPORT.sub(r"const { \1 } = \2_module;", text))
    assert not re.search(r"^(?:import|export)\b|</script|<!--", text, re.MULTILINE), name
    return f"const {name}_module = (() => {{\n{text}return {{ {exported} }};\n}})();\n"
