"""Write the page of the lab: kernel, worlds, texts and program in one file that needs no network.

The program is a handful of ES modules of our own. `bundle` joins them into one script, each in a function of its own
so that no names meet, since a page on disk may load no modules. Program, texts, kernel and worlds are compressed, and
a few lines unpack them. What the page may do is said by its content policy: run these very scripts, which it
knows by their hashes, compile WebAssembly, start workers of its own text; no request leaves it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import struct
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger.experiments.lab.payload import payload
from papertiger.experiments.recompute.kernel import page_kernel
from papertiger.experiments.run.provenance import version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_SIZE = 250_000
"""Bytes that a page may have: it is sent by mail and put on sticks."""
LANGUAGES = ("en", "de")
ENTRY = "entry.mjs"
KERNEL = "kernel.mjs"
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+)";\n', re.MULTILINE)
_KINDS = "(?:async )?function|class|const|let"
EXPORT = re.compile(rf"^export ({_KINDS}) (\w+)", re.MULTILINE)


class KernelMissingError(RuntimeError):
    """Say that the kernel for pages was never linked."""


class PageTooLargeError(ValueError):
    """Say that a page would be larger than it may be."""


def lab_page(names: Sequence[str], opening: Mapping[str, Any] | None = None) -> str:
    """Return the page of some scenarios as HTML.

    Parameters
    ----------
    names
        Names or paths of scenarios. The first is shown first.
    opening
        What the page opens with where its address says nothing: ``a`` and ``b``, the two worlds as the page's own
        state has them (``world``, ``figures``, ``off``, ``struck``, ``path``), ``client`` and ``seed``.

    Raises
    ------
    PageTooLargeError
        If it comes to more than `MAX_SIZE` bytes.
    """
    style, program, loader = _minified_style(_static("lab.css")), bundle(), _without_comments(_static("loader.js"))
    packed = [_packed(program), _packed(_json(texts())), _packed(kernel_bytes()), payload(list(names))]
    parts = {
        "STYLE": style,
        "STYLE_HASH": _hash(style),
        "LOADER": loader,
        "LOADER_HASH": _hash(loader),
        "PROGRAM_HASH": _hash(program),
        "VERSION": version(),
        "OPENING": _json(dict(opening or {})).replace("<", "\\u003c"),
        "CARRIED": base64.b64encode(b"".join(struct.pack("<I", len(part)) + part for part in packed)).decode(),
    }
    page = re.sub(r"@([A-Z_]+)@", lambda place: parts[place[1]], _static("lab.html"))
    size = len(page.encode())
    if size > MAX_SIZE:
        raise PageTooLargeError(
            f"the page of {len(names)} scenarios would have {size:,} bytes, and it may have {MAX_SIZE:,}: name fewer"
        )
    return page


def kernel_bytes() -> bytes:
    """Return the kernel as WebAssembly, which was linked when Papertiger was installed.

    Raises
    ------
    KernelMissingError
        If it could not be linked then.
    """
    kernel = page_kernel()
    if kernel is None:
        raise KernelMissingError(
            "the kernel for pages is missing: it is linked while Papertiger is installed, from a wheel's build or a "
            "checkout; install it anew"
        )
    return kernel


def texts() -> dict[str, dict[str, str]]:
    """Return the catalogues of the page, by language."""
    folder = files("papertiger.experiments.lab") / "texts"
    return {language: json.loads((folder / f"{language}.json").read_text("utf-8")) for language in LANGUAGES}


def bundle(entry: str = ENTRY) -> str:
    """Return a module and all that it imports as one script.

    Each module becomes a function that returns what it exports. An import is one line of names in braces, without
    others in their place; a module may not import itself by way of others.

    Parameters
    ----------
    entry
        Name of the module among the page's own.
    """
    done: dict[str, str] = {}

    def add(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"{name} imports itself by way of {', '.join(above)}")
        if name in done:
            return
        text = _module(name)
        for _, imported in IMPORT.findall(text):
            add(imported, (*above, name))
        exported = [exported_name for _, exported_name in EXPORT.findall(text)]
        body = IMPORT.sub(lambda line: f"const {{{line[1]}}} = {_variable(line[2])};\n", text)
        body = _without_comments(EXPORT.sub(r"\1 \2", body))
        done[name] = f"const {_variable(name)} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"

    add(entry, ())
    return f'"use strict";\n(() => {{\n{"".join(done.values())}}})();\n'


def _variable(module: str) -> str:
    return f"module_{Path(module).stem}"


def _module(name: str) -> str:
    if name == KERNEL:
        return (files("papertiger.model.build") / KERNEL).read_text("utf-8")
    return _static(name)


def _without_comments(text: str) -> str:
    """Leave out comments that stand alone on their lines, and the space in front of code."""
    text = re.sub(r"^\s*/\*\*.*?\*/\n", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"^[ \t]*(?://.*)?\n", "", text, flags=re.MULTILINE)


def _minified_style(text: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def _static(name: str) -> str:
    return (files("papertiger.experiments.lab") / "static" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _packed(content: str | bytes) -> bytes:
    return gzip.compress(content.encode() if isinstance(content, str) else content, 9, mtime=0)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
