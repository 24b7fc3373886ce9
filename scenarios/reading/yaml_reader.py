"""Read YAML into plain data, with the file and line of every key and value, and nothing that can do harm.

The reader listens to the parser's events and builds mappings, lists, numbers and text itself. So it can stop
at a limit before memory is spent, nothing in a file names code, and what a word means follows the core schema
of YAML 1.2 alone: ``2020-01`` and ``NO`` are text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from papertiger.scenarios.errors import PathKey, Problem, ScenarioError, dotted, shorten
from papertiger.scenarios.reading import cache as kept_values

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
MAX_NODES = 100_000
MAX_DIGITS = 18

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"(?P<sign>[-+]?)(?P<digits>0x[0-9a-f]+|0o[0-7]+|0b[01]+|0[0-7]*[1-7][0-7]+)", re.IGNORECASE)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key was written. `depth` counts files from the one asked for (0) up through its ancestors."""

    file: str
    line: int | None
    depth: int = 0


@dataclass
class Layer:
    """What one file says: its data, where each part of it stands, and what the reader had to object to."""

    data: dict[str, Any]
    places: dict[PathKey, Place]
    problems: list[Problem] = field(default_factory=list)
    broken: set[PathKey] = field(default_factory=set)

    def place(self, path: PathKey) -> Place:
        """Return where a path was written, or else the nearest part around it that was written anywhere."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path]

    def problem(self, path: PathKey, message: str, hint: str | None = None) -> Problem:
        """Return a problem that names the place of `path`."""
        place = self.place(path)
        return Problem(place.file, place.line, dotted(path), message, hint)


@dataclass
class _Open:
    """A mapping or list whose end has not been reached."""

    path: PathKey
    node: dict[str, Any] | list[Any]
    key: str | None = None
    refused: bool = False  # the current key is no good: read what stands under it and let it go
    ignored: bool = False  # all of this stands under such a key


def read_layer(data: bytes, file: str, depth: int = 0, what: str = "a scenario", *, shipped: bool = False) -> Layer:
    """Read the bytes of a scenario file, or of another kind of file with keys.

    What was read before, by this process or an earlier one, is found by its content.

    Parameters
    ----------
    data
        The file's bytes.
    file, depth
        What messages call the file, and how many files it is away from the one that was asked for.
    what
        What a file of this kind is called.
    shipped
        Whether the file comes with the project, and will be read again and again.

    Raises
    ------
    ScenarioError
        When nothing can be made of the file. Lesser objections are left in the layer's `problems`, so that
        they can be reported together with everything else that is wrong.
    """
    key = kept_values.key_of("layer", _own_source(), data)
    layer = _layer_of(kept_values.recall(key), file, depth)
    if layer is not None:
        return layer
    text = decode(data, file)
    builder = _Builder(file, depth)
    root = builder.build(text)
    if not builder.seen:
        raise ScenarioError([Problem(file, message=f"the file is empty, expected the keys of {what}")])
    if not isinstance(root, dict):
        message = f"expected keys with values at the top of the file, got {shorten(root)}"
        raise ScenarioError([Problem(file, 1, message=message)])
    if kept_values.is_kept(shipped=shipped) and not builder.problems and not builder.broken:
        places = [[list(path), place.line] for path, place in builder.places.items()]
        kept_values.remember(key, {"data": root, "places": places})
    return Layer(root, builder.places, builder.problems, builder.broken)


@cache
def _own_source() -> bytes:
    """Return what the meaning of a file hangs on: the reader itself."""
    return Path(__file__).read_bytes()


def _layer_of(remembered: Any, file: str, depth: int) -> Layer | None:
    """Return the layer that was kept of a file, or None where there is none of the right shape."""
    try:
        if not isinstance(remembered["data"], dict):
            return None
        places = {tuple(path): Place(file, line, depth) for path, line in remembered["places"]}
    except (TypeError, KeyError, ValueError):
        return None
    return Layer(remembered["data"], places) if () in places else None


def read_value(text: str, file: str, key: str = "") -> Any:
    """Read a single value written as YAML, such as ``0.5``, ``[1, 2]`` or ``{uniform: [0, 1]}``.

    Raises
    ------
    ScenarioError
        When the text is not one harmless value.
    """
    builder = _Builder(file, 0)
    value: Any = None
    try:
        if objection := forbidden(text):
            builder.object_to((), 1, objection)
        else:
            value = builder.build(unicodedata.normalize("NFC", text))
    except ScenarioError as error:
        builder.problems.extend(error.problems)
    if builder.problems:
        raise ScenarioError(Problem(file, None, key, problem.message, problem.hint) for problem in builder.problems)
    return value


def decode(data: bytes, file: str) -> str:
    """Return the text of a file's bytes: UTF-8, composed characters, no control characters.

    Characters are composed (NFC) so that a name matches however an editor stored its accents.
    """
    if len(data) > MAX_BYTES:
        raise ScenarioError([Problem(file, message=f"the file is larger than {MAX_BYTES // 1_000_000} MB")])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError([Problem(file, message="the file is UTF-16, expected UTF-8; save it as UTF-8")])
    if (zero := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, zero) + 1
        raise ScenarioError([Problem(file, line, message="the file is binary, expected UTF-8 text")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise ScenarioError([Problem(file, line, message=message)]) from None
    if bad := _FORBIDDEN.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise ScenarioError([Problem(file, line, message=forbidden(bad.group()) or "")])
    return unicodedata.normalize("NFC", text)


class _Builder:
    """Makes plain data of the parser's events."""

    def __init__(self, file: str, depth: int) -> None:
        self.file, self.depth = file, depth
        self.places: dict[PathKey, Place] = {(): Place(file, 1, depth)}
        self.problems: list[Problem] = []
        self.broken: set[PathKey] = set()
        self.stack: list[_Open] = []
        self.root: Any = None
        self.seen = False
        self.nodes = 0
        self.documents = 0
        self.objected: set[str] = set()

    def build(self, text: str) -> Any:
        from ruamel.yaml import events as found  # noqa: PLC0415 - slow to import, and not needed for what was kept

        for event in self._events(text):
            line = event.start_mark.line + 1
            match event:
                case found.DocumentStartEvent():
                    self.documents += 1
                    if self.documents > 1:
                        raise self._stop(line, "expected one document in the file, found a second one")
                case found.AliasEvent():
                    self._count(line)
                    written = shorten(f"*{event.anchor}")
                    self._once(line, "alias", f"{written} refers to an anchor; write the value out")
                    self._place_value(None, line, refuse=True)
                case found.ScalarEvent():
                    self._count(line)
                    self._scalar(event, line)
                case found.MappingStartEvent() | found.SequenceStartEvent():
                    self._count(line)
                    self._properties(event, line)
                    self._open({} if isinstance(event, found.MappingStartEvent) else [], line)
                case found.MappingEndEvent() | found.SequenceEndEvent():
                    self.stack.pop()
                case _:
                    pass
        return self.root

    def object_to(self, path: PathKey, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, line, dotted(path), message))
        self.broken.add(path)

    def _events(self, text: str) -> Iterator[Any]:
        from ruamel.yaml import YAML  # noqa: PLC0415 - slow to import
        from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415

        yaml = YAML(typ="safe", pure=True)
        # The parser is a third party's: whatever it trips over is the file's fault, never a traceback.
        try:
            yield from yaml.parse(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = " ".join(str(part) for part in (error.context, error.problem) if part)
            line = 1 if mark is None else mark.line + 1
            raise self._stop(line, f"not valid YAML: {' '.join(said.split())}") from None
        except Exception as error:
            line = max((place.line or 1 for place in self.places.values()), default=1)
            raise self._stop(line, f"not valid YAML: {' '.join(str(error).split())}") from None

    def _stop(self, line: int, message: str) -> ScenarioError:
        where = dotted(self._here()) if self.stack else ""
        return ScenarioError([*self.problems, Problem(self.file, line, where, message)])

    def _count(self, line: int) -> None:
        self.seen = True
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._stop(line, f"more than {MAX_NODES:,} keys and values in one file")

    def _once(self, line: int, topic: str, message: str) -> None:
        if topic not in self.objected:
            self.objected.add(topic)
            where = self._here() if self.stack else ()
            self.problems.append(Problem(self.file, line, dotted(where), message))

    def _here(self) -> PathKey:
        """Return the path of the value that comes next."""
        top = self.stack[-1]
        if isinstance(top.node, list):
            return (*top.path, len(top.node))
        return top.path if top.key is None else (*top.path, top.key)

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].node, dict) and self.stack[-1].key is None

    def _properties(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            written = shorten(f"&{event.anchor}")
            self._once(line, "anchor", f"{written} is an anchor; anchors and aliases are not used here")
        if event.tag is not None:
            self._once(line, "tag", f"the tag {shorten(str(event.tag))} is not used here; write a plain value")

    def _open(self, node: dict[str, Any] | list[Any], line: int) -> None:
        if self._wants_key():
            raise self._stop(line, "expected a name as key, got a mapping or a list")
        if len(self.stack) >= MAX_DEPTH:
            raise self._stop(line, f"nested more than {MAX_DEPTH} levels deep")
        path = self._here() if self.stack else ()
        ignored = bool(self.stack) and (self.stack[-1].ignored or self.stack[-1].refused)
        self._place_value(node, line)
        self.stack.append(_Open(path, node, ignored=ignored))

    def _scalar(self, event: Any, line: int) -> None:
        self._properties(event, line)
        if self._wants_key():
            self._key(event.value, line)
            return
        text = _joined(event.value)
        value, objection = _plain(text) if event.style in (None, "") else (text, None)
        objection = objection or forbidden(text)
        if objection is not None:
            self.object_to(self._here() if self.stack else (), line, objection)
            value = None
        self._place_value(value, line)

    def _key(self, written: str, line: int) -> None:
        top, key = self.stack[-1], _joined(written)
        path = (*top.path, key)
        first = self.places.get(path)
        objection = None
        if key == "<<":
            objection = "merge keys are not used here; 'extends' takes over what another file says"
        elif not key.strip():
            objection = "expected a name as key, got nothing"
        elif key in top.node and first is not None:
            objection = f"duplicate key, first given in line {first.line}"
        else:
            objection = forbidden(key)
        top.key, top.refused = key, objection is not None or key in top.node
        if objection is not None and not top.ignored:
            # The path is not broken: where a good key stands there, it is checked like any other.
            self.problems.append(Problem(self.file, line, dotted(path), objection))
        if not (top.refused or top.ignored):
            self.places[path] = Place(self.file, line, self.depth)

    def _place_value(self, value: Any, line: int, *, refuse: bool = False) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if isinstance(top.node, list):
            path = (*top.path, len(top.node))
            if not top.ignored:
                self.places[path] = Place(self.file, line, self.depth)
            top.node.append(value)
        elif top.key is None:
            raise self._stop(line, "expected a name as key, got an alias")
        else:
            path = (*top.path, top.key)
            if not top.refused:
                top.node[top.key] = value
            top.key = None
        if refuse:
            self.broken.add(path)


def _plain(text: str) -> tuple[Any, str | None]:
    """Return what an unquoted word means, and what is wrong with it."""
    value: Any = text
    objection = None
    if text in _WORDS:
        value = _WORDS[text]
    elif written := _OTHER_BASE.fullmatch(text):
        objection = _in_tens(text, **written.groupdict())
    elif _INTEGER.fullmatch(text):
        if len(text.lstrip("+-")) > MAX_DIGITS:
            objection = f"expected a number of at most {MAX_DIGITS} digits, got {shorten(text)}"
        else:
            value = int(text)
    elif _FLOAT.fullmatch(text):
        value = float(text)
    if _NOT_FINITE.fullmatch(text) or (isinstance(value, float) and math.isinf(value)):
        objection = f"expected a finite number, got {shorten(text)}"
    return value, objection


def _in_tens(text: str, sign: str, digits: str) -> str:
    """Return what is wrong with a number to another base than ten, with the number as it is to be written."""
    if len(digits) > MAX_DIGITS:
        return f"expected a number of at most {MAX_DIGITS} digits, got {shorten(text)}"
    if digits.isdigit():  # versions of YAML differ about a 0 in front
        readings = f"{sign}{int(digits)} or, read to base 8, {sign}{int(digits, 8)}"
        return f"{shorten(text)} is {readings}; write it without the 0 in front, or in quotes if it is text"
    return f"expected a number to base 10, got {shorten(text)}; write {sign}{int(digits, 0)}, or quotes if it is text"


def forbidden(text: str) -> str | None:
    """Return what is wrong with text that holds a character no terminal or file should get, or None."""
    bad = _FORBIDDEN.search(text)
    return None if bad is None else f"the control character U+{ord(bad.group()):04X} is not allowed in text"


def _joined(text: str) -> str:
    """Return text with the two escapes that JSON writes for one character outside the basic plane made one."""
    return _PAIR.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)
