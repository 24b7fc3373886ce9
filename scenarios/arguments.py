"""Check the arguments of a function that a program calls, before anything is done with them.

A refusal names the argument, what was expected and what was given, in the words of every other refusal. A kind that
is wrong is a `TypeError`, a name that nobody has a `ValueError` with the nearest one that somebody has.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from numbers import Real
from pathlib import Path
from typing import Any

from papertiger.scenarios.errors import listing, nearest, shorten

MAX_PART = 255
"""Bytes that file systems allow in the name of one file or folder."""

FEW = 12
"""So many names are listed where none comes near; more would be no help."""


def is_text(value: object) -> bool:
    """Tell whether an argument is text, whatever its annotation promises."""
    return isinstance(value, str)


def is_path(value: object) -> bool:
    """Tell whether an argument is text or a path, whatever its annotation promises."""
    return isinstance(value, str | Path)


def check_kind[T](name: str, value: object, kind: type[T], expected: str) -> T:
    """Return an argument of a class, or refuse it.

    Parameters
    ----------
    name
        Of the argument.
    value
        What was given.
    kind
        Its class.
    expected
        The same in words.

    Raises
    ------
    TypeError
        If it is of another class.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name}: expected {expected}, got {shorten(value)}")
    return value


def check_truth(name: str, value: object) -> bool:
    """Return a truth value, NumPy's too, or refuse what is none.

    Raises
    ------
    TypeError
        If it is anything else: ``"no"`` would count as true.
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return bool(value)
    raise TypeError(f"{name}: expected True or False, got {shorten(value)}")


def check_text(name: str, value: object, expected: str = "text") -> str:
    """Return a text, or refuse what is none.

    Raises
    ------
    TypeError
        If it is anything else.
    """
    return check_kind(name, value, str, expected)


def check_texts(name: str, value: object, expected: str) -> tuple[str, ...]:
    """Return texts, or refuse what is none: neither one text, whose letters would be taken one by one.

    Raises
    ------
    TypeError
        If it is no list of texts.
    """
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise TypeError(f"{name}: expected a list of {expected}, got {shorten(value)}")
    texts = tuple(value)
    for text in texts:
        check_text(name, text, expected)
    return texts


def check_path(name: str, value: object, expected: str = "the path of a file") -> Path:
    """Return a path, or refuse what cannot be one.

    Raises
    ------
    TypeError
        If it is neither text nor a path.
    ValueError
        If no file can have such a name.
    """
    if not isinstance(value, str | os.PathLike) or isinstance(os.fspath(value), bytes):
        raise TypeError(f"{name}: expected {expected}, got {shorten(value)}")
    text = str(value)
    if not text or "\0" in text:
        raise ValueError(f"{name}: expected {expected}, got {shorten(text)}")
    path = Path(text)
    if any(len(os.fsencode(part)) > MAX_PART for part in path.parts):
        raise ValueError(f"{name}: {shorten(text)} has a name of more than {MAX_PART} bytes, which no file can have")
    return path


def check_number(name: str, value: object, low: float, high: float) -> float:
    """Return a number between two others, both left out, or refuse it.

    Raises
    ------
    TypeError
        If it is no number; a truth value is none.
    ValueError
        If it is not between them.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Real):
        raise TypeError(f"{name}: expected a number between {low:g} and {high:g}, got {shorten(value)}")
    given: Any = value  # as it is: an integer may be too long for a float
    if not low < given < high:
        raise ValueError(f"{name}: expected a number between {low:g} and {high:g}, got {shorten(value)}")
    return float(given)


def check_progress(value: object, name: str = "progress") -> None:
    """Refuse what cannot be called back.

    Raises
    ------
    TypeError
        If it is neither None nor a function.
    """
    if value is not None and not callable(value):
        raise TypeError(f"{name}: expected a function to call, got {shorten(value)}")


def check_mapping(name: str, value: object, expected: str) -> Mapping[Any, Any]:
    """Return a mapping, or refuse what is none.

    Raises
    ------
    TypeError
        If it is anything else.
    """
    return check_kind(name, value, Mapping, expected)  # type: ignore[type-abstract]


def check_name(value: object, valid: Iterable[str], what: str) -> str:
    """Return a name that somebody has, or refuse it with the nearest one.

    Parameters
    ----------
    value
        What was given.
    valid
        The names that there are.
    what
        Whose names: ``client``.

    Raises
    ------
    ValueError
        If nobody has it.
    """
    names = list(valid)
    if isinstance(value, str) and value in names:
        return value
    near = nearest(value, names) if isinstance(value, str) else None
    hint = f" (did you mean '{near}'?)" if near is not None else ""
    if near is None and len(names) <= FEW:
        hint = f"; there are {listing(names)}" if names else ""
    elif near is None:
        hint = f"; the first is {names[0]}, the last {names[-1]}"
    raise ValueError(f"no {what} {shorten(value)}{hint}")
