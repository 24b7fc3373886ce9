"""Read JSON that somebody may have changed: of a known shape, of bounded size and depth, or refused by name.

Whatever reads a JSON file, a body or a text of a table goes through `read_json` or `parse_json`. A file is read
exactly as it stands or refused with one line that names the file, the key and what was expected; nothing is guessed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import from_json

from papertiger.scenarios.errors import UNKNOWN_KEY, Problem, ScenarioError, dotted, shorten

MAX_BYTES = 50_000_000
"""Of a file, unless its reader says otherwise."""
MAX_DEPTH = 200
"""Of brackets within brackets: the limit of the parser that looks first, which holds no Python stack."""
MIN_INTEGER, MAX_INTEGER = -(2**63), 2**64 - 1

_POSITION = re.compile(r"(?s)^(.*?) at line (\d+) column \d+$")
_BOM = b"\xef\xbb\xbf"


class JsonError(ScenarioError):
    """JSON that is not what was expected; the text names the file, the key and what was."""


class JsonMissingError(JsonError):
    """There is no such file."""


class JsonShape(BaseModel):
    """Base of the shapes of JSON files: frozen, strict about types, without keys that nobody reads."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


def read_json[T](file: Path, shape: type[T], *, max_bytes: int = MAX_BYTES) -> T:
    """Return the content of a JSON file, checked against a shape.

    Parameters
    ----------
    file
        An ordinary file; a folder, a pipe or a device of that name is refused and not waited for.
    shape
        A type: a `JsonShape`, or anything that pydantic can check, such as ``dict[str, int]``.
    max_bytes
        A larger file is refused before it is read.

    Raises
    ------
    JsonMissingError
        If there is no such file.
    JsonError
        If it cannot be read, is not JSON, or has another shape.
    """
    return parse_json(read_limited(file, max_bytes), shape, str(file), max_bytes=max_bytes)


def parse_json[T](data: bytes | str, shape: type[T], label: str, *, max_bytes: int = MAX_BYTES) -> T:
    """Return the content of a JSON text, checked against a shape.

    Parameters
    ----------
    data
        Bytes in UTF-8, or text.
    shape
        See `read_json`.
    label
        What messages call the text.
    max_bytes
        More are refused.

    Raises
    ------
    JsonError
        If it is not JSON, or has another shape.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > max_bytes:
        refuse(label, f"too large: expected at most {max_bytes} bytes")
    raw = raw.removeprefix(_BOM)
    _check_syntax(raw, label)
    try:
        return _adapter(shape).validate_json(raw, strict=True)
    except ValidationError as error:
        _refuse_shape(error, label)
    except ValueError as error:  # what a validator of a shape did not foresee
        refuse(label, str(error))


def check_shape[T](value: Any, shape: type[T], label: str, *, strict: bool = True) -> T:
    """Return plain data checked against a shape.

    Parameters
    ----------
    value
        What JSON came to.
    shape
        See `read_json`.
    label
        What messages call it.
    strict
        Whether numbers, texts and booleans must be what they are, and none is read as another.

    Raises
    ------
    JsonError
        If it has another shape.
    """
    try:
        return _adapter(shape).validate_python(value, strict=strict)
    except ValidationError as error:
        _refuse_shape(error, label)


def read_limited(file: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes of an ordinary file that is not too large.

    Raises
    ------
    JsonMissingError
        If there is no such file.
    JsonError
        If it is none, is too large, or cannot be read.
    """
    try:
        if file.is_dir():
            refuse(str(file), "this is a folder, expected a file")
        if file.exists() and not file.is_file():
            refuse(str(file), "this is not an ordinary file")
        with file.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except FileNotFoundError:
        raise JsonMissingError([Problem(str(file), message="no such file")]) from None
    except OSError as error:
        refuse(str(file), f"cannot read the file: {error.strerror or type(error).__name__}")
    if len(data) > max_bytes:
        refuse(str(file), f"too large: expected at most {max_bytes} bytes")
    return data


def refuse(label: str, message: str, key: str = "", line: int | None = None) -> NoReturn:
    """Raise the error that says what is wrong with a JSON text.

    Raises
    ------
    JsonError
        Always.
    """
    raise JsonError([Problem(label, line, key, message)]) from None


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter[T](shape: type[T]) -> TypeAdapter[T]:
    if shape not in _ADAPTERS:
        _ADAPTERS[shape] = TypeAdapter(shape)
    return _ADAPTERS[shape]


def _check_syntax(raw: bytes, label: str) -> None:
    """Refuse what is not JSON, is too deep, says a key twice, or holds a number that no file of ours can."""
    try:
        from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        placed = _POSITION.match(str(error))
        reason, line = (placed[1], int(placed[2])) if placed else (str(error), None)
        if reason == "recursion limit exceeded":
            refuse(label, f"expected at most {MAX_DEPTH} brackets within each other", line=line)
        if "unicode" in reason or "hex escape" in reason:
            refuse(label, "expected text in UTF-8", line=line)
        refuse(label, f"not JSON: {reason}", line=line)
    try:
        json.loads(raw, object_pairs_hook=_unique, parse_float=_finite, parse_int=_bounded)
    except _FaultError as fault:
        refuse(label, str(fault))
    except (ValueError, RecursionError):
        refuse(label, "not JSON")


class _FaultError(Exception):
    """What the second reading objects to."""


def _unique(pairs: list[tuple[str, Any]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        twice = next(name for number, name in enumerate(names) if name in names[:number])
        raise _FaultError(f"the key {shorten(twice)} stands there twice")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _FaultError(f"expected a finite number, got {shorten(text)}")
    return value


def _bounded(text: str) -> int:
    if len(text) > 20 or not MIN_INTEGER <= int(text) <= MAX_INTEGER:
        raise _FaultError(f"expected a whole number of at most 64 bits, got {shorten(text)}")
    return int(text)


def _refuse_shape(error: ValidationError, label: str) -> NoReturn:
    detail = error.errors(include_url=False, include_context=False)[0]
    path = detail["loc"]
    said = str(detail["msg"]).removeprefix("Value error, ")
    match detail["type"]:
        case "missing":
            path, said = path[:-1], f"missing key {shorten(str(detail['loc'][-1]))}"
        case "extra_forbidden":
            path, said = path[:-1], f"{UNKNOWN_KEY} {shorten(str(detail['loc'][-1]))}"
        case "value_error":
            pass
        case _:
            said = said.replace("Input should be", "expected", 1)
            said += f", got {shorten(detail['input'])}"
    refuse(label, said, dotted(path))
