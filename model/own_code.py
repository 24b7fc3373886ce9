"""Fingerprint code that does not ship with the project: a modeler's measure or rule, and all that it draws on.

A result that is kept on disk is one of the code that made it. Shipped code is hashed file by file; code of a
modeler's own may stand anywhere, in a script, a notebook or an installed package, so it is hashed by what it says:
its source without comments (bytecode and constants where there is no source, or where it has been edited since it
was imported), its defaults, what it closes over, the constants it names, and the functions, classes and modules of
the modeler's own that it calls, as far as they lead.
"""

from __future__ import annotations

import ast
import contextlib
import dis
import functools
import hashlib
import importlib
import importlib.util
import linecache
import pickle
import site
import sys
import sysconfig
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

import numpy as np

PROJECT = __name__.partition(".")[0]
_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis), range)
_SKIPPED = frozenset({"_abc_impl", "__annotate__", "__annotate_func__"})
"""Attributes of classes that Python makes by itself."""


def is_shipped(thing: Any) -> bool:
    """Return whether a function, a class or the class of an object ships with the project."""
    module = getattr(thing, "__module__", None) or getattr(type(thing), "__module__", None) or ""
    return module == PROJECT or module.startswith(f"{PROJECT}.")


def fingerprint(thing: Any) -> str:
    """Return the SHA-256 of a function, a class or an object that calls, with all that it draws on.

    Parameters
    ----------
    thing
        A function, a lambda, a ``functools.partial``, a class, or an object with its attributes.
    """
    walker = _Walker(_top(thing))
    walker.add(thing)
    return walker.digest.hexdigest()


def _top(thing: Any) -> str:
    module = getattr(thing, "__module__", None) or getattr(type(thing), "__module__", None) or ""
    return str(module).partition(".")[0]


class _Walker:
    """Goes through everything that a piece of code draws on, each thing once, and hashes it.

    Parameters
    ----------
    package
        Name of the top-level package of what is hashed: its modules are the modeler's own even where they are
        installed.
    """

    def __init__(self, package: str) -> None:
        self.digest = hashlib.sha256()
        self._package = package
        self._places: dict[int, int] = {}
        self._alive: list[Any] = []
        self._asked: set[tuple[str, tuple[str, ...]]] = set()

    def _say(self, *words: str) -> None:
        for word in words:
            data = word.encode("utf-8", "surrogatepass")
            self.digest.update(f"{len(data)}:".encode() + data)

    def add(self, value: Any) -> None:
        """Hash a value of any kind."""
        if isinstance(value, _PLAIN):
            self._say(type(value).__name__, repr(value))
            return
        if id(value) in self._places:
            self._say("again", str(self._places[id(value)]))
            return
        self._places[id(value)] = len(self._places)
        self._alive.append(value)  # an id is one thing's only as long as the thing lives
        self._say(type(value).__name__)
        self._parts(value)

    def _parts(self, value: Any) -> None:  # noqa: PLR0912 - a case for each kind of thing
        match value:
            case types.FunctionType():
                self._function(value)
            case types.CodeType():
                self._code(value)
            case types.ModuleType():
                self._say(value.__name__)
            case type():
                self._class(value)
            case types.MethodType():
                self._each((value.__func__, value.__self__))
            case functools.partial():
                self._each((value.func, value.args, value.keywords))
            case property():
                self._each((value.fget, value.fset, value.fdel))
            case functools.cached_property():
                self.add(value.func)
            case classmethod() | staticmethod():
                self.add(value.__func__)
            case Enum():
                self._say(value.name)
                self.add(type(value))
            case list() | tuple():
                self._each(value)
            case dict() | types.MappingProxyType():
                self._each(part for pair in value.items() for part in pair)
            case set() | frozenset():
                self._say(*sorted(fingerprint(part) for part in value))
            case np.ndarray() if value.dtype != object:
                self._say(str(value.dtype), str(value.shape), hashlib.sha256(value.tobytes()).hexdigest())
            case np.ndarray():
                self.add(value.tolist())
            case types.BuiltinFunctionType():
                self._say(value.__qualname__)
            case _:
                self._other(value)

    def _each(self, values: Iterable[Any]) -> None:
        for value in values:
            self.add(value)

    # Functions

    def _function(self, function: types.FunctionType) -> None:
        if not self._is_own(function.__module__):
            self._say(str(function.__module__), function.__qualname__)
            return
        source = source_of(function)
        if source is None:
            self._code(function.__code__)
        else:
            self._say("source", source)
        self.add(function.__defaults__)
        self.add(function.__kwdefaults__)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            self._say(name)
            with contextlib.suppress(ValueError):  # a cell that nothing has been put into yet
                self.add(cell.cell_contents)
        wrapped = getattr(function, "__wrapped__", None)
        if wrapped is not None:
            self.add(wrapped)
        names = list(_names(function.__code__))
        for name in _global_names(function.__code__):
            if name in function.__globals__:
                self._named(name, function.__globals__[name], names)
        for module in _imported_by(function, self._is_own):
            self._named(module.__name__, module, names)

    def _named(self, name: str, value: Any, names: list[str]) -> None:
        """Hash what a name of a function's module means; of a module what the function may read from it."""
        self._say(name)
        if not isinstance(value, types.ModuleType):
            self.add(value)
        elif self._is_own(value.__name__):
            asked = (value.__name__, tuple(names))
            if asked in self._asked:
                return
            self._asked.add(asked)
            for inner in names:
                if inner in vars(value):
                    self._named(inner, vars(value)[inner], names)
        else:
            self._say(value.__name__)

    def _code(self, code: types.CodeType) -> None:
        self._say("bytecode", sys.implementation.cache_tag or "", code.co_code.hex())
        self._say(*code.co_names, *code.co_varnames, *code.co_freevars, *code.co_cellvars)
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self._code(constant)
            else:
                self.add(constant)

    # Classes and objects

    def _class(self, cls: type) -> None:
        self._say(cls.__module__, cls.__qualname__)
        if not self._is_own(cls.__module__):
            return
        self._each(cls.__bases__)
        pydantic_fields = vars(cls).get("__pydantic_fields__", {})
        for name, field in sorted(pydantic_fields.items()):
            self._say(name)
            self._each((field.annotation, field.default, field.default_factory, list(field.metadata)))
        for name, member in sorted(vars(cls).items()):
            callable_member = isinstance(member, types.FunctionType | classmethod | staticmethod | property)
            if name in _SKIPPED or (name.startswith("__") and not callable_member):
                continue
            self._say(name)
            self.add(member)

    def _other(self, value: Any) -> None:
        plain = getattr(value, "py_func", None) or getattr(value, "__wrapped__", None)
        origin = get_origin(value)
        if isinstance(plain, types.FunctionType):  # compiled by Numba, or kept by lru_cache
            self.add(plain)
        elif origin is not None:
            self.add(origin)
            self._each(get_args(value))
        elif is_dataclass(value):
            self._class(type(value))
            self._each(getattr(value, field.name) for field in fields(value))
        elif self._is_own(type(value).__module__) or is_shipped(value):
            self._class(type(value))
            self.add(_state_of(value))
        else:
            self._say(type(value).__module__, type(value).__qualname__)
            with contextlib.suppress(Exception):  # whatever cannot be pickled is known by its type alone
                self.digest.update(pickle.dumps(value, protocol=4))

    def _is_own(self, module: str | None) -> bool:
        """Return whether a module is the modeler's: not of the project, of Python, or installed by somebody else."""
        if module is None:
            return False
        top = module.partition(".")[0]
        if top == PROJECT or top in sys.builtin_module_names:
            return False
        if top == "__main__":
            return True
        file = getattr(sys.modules.get(module) or sys.modules.get(top), "__file__", None)
        if top in sys.stdlib_module_names and (file is None or _is_beneath(file, _standard_folders())):
            return False
        return top == self._package or file is None or not _is_beneath(file, _installed_folders())


def _state_of(value: Any) -> dict[str, Any]:
    slots = [name for cls in type(value).__mro__ for name in _slots(cls)]
    state = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    return {**state, **getattr(value, "__dict__", {})}


def _slots(cls: type) -> tuple[str, ...]:
    slots = vars(cls).get("__slots__", ())
    named = (slots,) if isinstance(slots, str) else tuple(slots)
    return tuple(name for name in named if name not in ("__dict__", "__weakref__") and "pydantic" not in name)


@functools.cache
def _installed_folders() -> tuple[Path, ...]:
    named = [*sysconfig.get_paths().values()]
    with contextlib.suppress(Exception):
        named += [*site.getsitepackages(), site.getusersitepackages()]
    libraries = [path for path in named if "site-packages" in path or "dist-packages" in path]
    return tuple(Path(path).resolve() for path in dict.fromkeys(libraries))


@functools.cache
def _standard_folders() -> tuple[Path, ...]:
    paths = sysconfig.get_paths()
    return tuple(Path(paths[name]).resolve() for name in ("stdlib", "platstdlib"))


@functools.cache
def _is_beneath(file: str, folders: tuple[Path, ...]) -> bool:
    path = Path(file).resolve()
    return any(path.is_relative_to(folder) for folder in folders)


# Code and its source


def _names(code: types.CodeType) -> dict[str, None]:
    """Return the global names and attributes that code and the functions within it name, in order."""
    names = dict.fromkeys(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _names(constant)
    return names


def _global_names(code: types.CodeType) -> dict[str, None]:
    """Return the names that code and the functions within it look up in their module, in order."""
    return dict.fromkeys(
        step.argval
        for inner in _codes(code)
        for step in dis.get_instructions(inner)
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    )


def _imported_by(function: types.FunctionType, is_own: Callable[[str | None], bool]) -> Iterable[types.ModuleType]:
    """Yield the modules of the modeler's own that a function imports when it runs."""
    package = function.__globals__.get("__package__") or ""
    for code in _codes(function.__code__):
        for step in dis.get_instructions(code):
            if step.opname != "IMPORT_NAME":
                continue
            for name in filter(None, (step.argval, package and f"{package}.{step.argval}")):
                with contextlib.suppress(Exception):  # it would fail when it runs, too, and says so there
                    spec = importlib.util.find_spec(name)
                    foreign = (*_standard_folders(), *_installed_folders())
                    if spec is None or not spec.origin or _is_beneath(spec.origin, foreign):
                        continue
                    module = importlib.import_module(name)
                    if is_own(module.__name__):
                        yield module


def _codes(code: types.CodeType) -> Iterable[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


_SOURCES: dict[tuple[str, types.CodeType], str | None] = {}
"""The source of each piece of code as it was when it was first asked for: its file may be edited afterwards."""


def source_of(function: types.FunctionType) -> str | None:
    """Return the source of a function without comments and docstring, or None where it cannot be told.

    Parameters
    ----------
    function
        One that ``def`` made. Of a lambda only the line would be known, on which another may stand.
    """
    code = function.__code__
    key = (code.co_filename, code)
    if key not in _SOURCES:
        try:
            _SOURCES[key] = _find_source(code, function.__globals__)
        except (OSError, SyntaxError, ValueError, RecursionError):
            _SOURCES[key] = None
    return _SOURCES[key]


def _find_source(code: types.CodeType, names: Mapping[str, Any]) -> str | None:
    linecache.checkcache(code.co_filename)
    text = "".join(linecache.getlines(code.co_filename, dict(names)))
    if not text or code.co_name == "<lambda>":
        return None
    tree = ast.parse(text)
    compiled = compile(tree, code.co_filename, "exec", dont_inherit=True)
    wanted = _meaning(code)
    if not any(_meaning(other) == wanted for other in _codes(compiled) if other.co_name == code.co_name):
        return None  # the file has been edited since, or something rewrote the code when it was imported
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first == code.co_firstlineno:
                return ast.unparse(_without_docstrings(node))
    return None


def _without_docstrings(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
    for inner in ast.walk(node):
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if ast.get_docstring(inner, clean=False) is not None:
            inner.body = inner.body[1:] or [ast.Pass()]
    return node


def _meaning(code: types.CodeType) -> tuple[Any, ...]:
    constants = tuple(
        _meaning(one) if isinstance(one, types.CodeType) else (type(one), repr(one)) for one in code.co_consts
    )
    return code.co_name, code.co_firstlineno, code.co_code, code.co_names, code.co_varnames, constants
