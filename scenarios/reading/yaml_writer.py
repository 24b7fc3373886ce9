"""Write plain data as YAML that the reader of scenario files reads back as the same data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from papertiger.scenarios.errors import Problem, ScenarioError
from papertiger.scenarios.reading.yaml_reader import read_layer

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ_][0-9A-Za-zÀ-ÖØ-öø-ÿ_]*([ .-][0-9A-Za-zÀ-ÖØ-öø-ÿ_]+)*|\d{4}-\d{2}(-\d{2})?")
_MEANS_MORE = re.compile(r"true|false|null|yes|no|on|off|y|n", re.IGNORECASE)


def scalar(value: object) -> str:
    """Return a number, a truth value, nothing or text as YAML; text is quoted where a word would not do."""
    if not isinstance(value, str):
        return json.dumps(value)
    if _WORD.fullmatch(value) and not _MEANS_MORE.fullmatch(value):
        return value
    # What JSON writes in quotes is what YAML reads, except for what is not printable: escape that as well.
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in quoted)


def block(data: Mapping[str, Any], indent: int = 0) -> Iterable[str]:
    """Yield the lines of a mapping, each key on a line of its own; lists stay in one line."""
    margin = "  " * indent
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            yield f"{margin}{scalar(key)}:"
            yield from block(value, indent + 1)
        else:
            yield f"{margin}{scalar(key)}: {flow(value)}"


def flow(value: Any) -> str:
    """Return a value in one line."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{scalar(key)}: {flow(part)}" for key, part in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(flow(part) for part in value)}]"
    return scalar(value)


def check_written(text: str, label: str) -> None:
    """Refuse to write a scenario file that the reader would not take.

    Parameters
    ----------
    text
        Of the file.
    label
        What it was made of, for the message.

    Raises
    ------
    ScenarioError
        With what the reader has against it.
    """
    try:
        problems = read_layer(text.encode("utf-8"), label).problems
    except ScenarioError as error:
        problems = list(error.problems)
    if problems:
        message = "the scenario made of it could not be read again, so it is not written"
        raise ScenarioError([Problem(label, message=f"{message}: {problem.message}") for problem in problems])
