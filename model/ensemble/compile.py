"""Compile the kernel with Numba, from the same functions that the agents call.

A function is compiled together with the project's functions that it names, and with the rules of a
:class:`papertiger.model.rules.rules.Rules` in the place of the shipped ones. Numba keeps compiled code between
processes, but does not notice when a function in *another* module changed, so the folder of the cache is keyed by a
hash of every source that goes in, of Numba's version and of the processor. Of several processes that need the same
code at once one compiles and the others load what it kept. Rules of a modeler's own have a folder within it, keyed by
the fingerprint of all that they draw on.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import shutil
import types
import warnings
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import fields
from dis import get_instructions
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, get_type_hints

import numba
import numpy as np
from filelock import FileLock
from numba.core import config
from numba.core.dispatcher import Dispatcher
from numba.core.errors import NumbaError, UnsupportedBytecodeError
from platformdirs import user_cache_dir

from papertiger.model import elementary
from papertiger.model.ensemble import kernel
from papertiger.model.ensemble.own_calls import with_own_arguments
from papertiger.model.own_code import fingerprint, is_shipped
from papertiger.model.rules.own import RuleError, check_pure, own_names, own_names_of
from papertiger.model.rules.ranges import LARGEST, RANGES, ROUNDING, RuleRangeError
from papertiger.model.rules.rules import Rules

CACHE_VARIABLE = "PAPERTIGER_CACHE"
"""Environment variable that names another folder for compiled code; empty keeps none."""


OPTIONS: dict[str, Any] = {
    "nogil": True,
    # The kernel allocates nothing, and counting references to its tables took four fifths of its time.
    "_nrt": False,
    # The rules guard their own denominators; a check before each division would only cost.
    "error_model": "numpy",
}


NUMBA_CONFIG: Any = config

FOLDERS_KEPT = 4
"""Folders of compiled code, the newest ones, that outlive a new compilation: one per state of the sources."""

RULES_KEPT = 8
"""Folders of compiled rules of a modeler's own, the newest ones, beside the compiled code of the shipped rules."""

MODEL = f"{(__package__ or '').rpartition('.')[0]}."
"""How the names of the model's modules begin."""


class CacheWarning(RuntimeWarning):
    """Compiled code is not kept, and who waits should know why."""


def sources_hash() -> str:
    """Return a hash of all that goes into compiled code: the model's sources, Numba and the processor."""
    digest = hashlib.sha256()
    digest.update(f"{numba.__version__} {NUMBA_CONFIG.CPU_NAME} {NUMBA_CONFIG.CPU_FEATURES}".encode())
    with contextlib.suppress(Exception):
        from llvmlite import binding  # noqa: PLC0415 - comes with numba

        digest.update(f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}".encode())
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path | None:
    """Return the folder that keeps compiled code, or ``None`` if there can be none.

    Warns
    -----
    CacheWarning
        If there can be none although nobody asked for that: every process then compiles anew.
    """
    named = os.environ.get(CACHE_VARIABLE)
    if named == "":
        return None
    try:
        folder = (Path(named) if named else _users_cache()) / f"compiled-{sources_hash()}"
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f"probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        where = "" if error.filename is None else f" in {error.filename}"
        warnings.warn(
            f"compiled code cannot be kept{where} ({error.strerror or error}): every start compiles the model anew, "
            f"which takes about a minute. The environment variable {CACHE_VARIABLE} can name a folder for it",
            CacheWarning,
            stacklevel=2,
        )
        return None
    return folder


def _users_cache() -> Path:
    """Return the user's folder for what can be made again, or raise `FileNotFoundError` if the user has no home."""
    try:
        folder = Path(user_cache_dir("papertiger"))
    except (RuntimeError, KeyError) as error:  # no variable HOME and no entry among the system's users
        raise FileNotFoundError(None, f"no home folder is known: {error}") from None
    if not folder.is_absolute():  # a tilde that nothing stands for
        raise FileNotFoundError(None, "no home folder is known")
    return folder


def remove_old_code(folder: Path) -> None:
    """Delete the folders of compiled code beside one, but for the newest few.

    A process that still runs code of a deleted folder has it in memory and compiles what it lacks again, so nothing
    is lost but time.

    Parameters
    ----------
    folder
        The folder in use, which stays whatever its age.
    """

    def age(other: Path) -> float:
        with contextlib.suppress(OSError):
            return -other.stat().st_mtime
        return 0.0

    others = sorted((other for other in folder.parent.glob("compiled-*") if other != folder), key=age)
    for old in others[FOLDERS_KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def _remove_old_rules(folder: Path) -> None:
    """Delete the folders of compiled rules of a modeler's own beside one, but for the newest few."""
    others = sorted(
        (other for other in folder.parent.glob("own-*") if other != folder), key=lambda one: -one.stat().st_mtime
    )
    for old in others[RULES_KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


class KeptFunction:
    """A compiled function whose code is kept in a folder, for other processes and later ones.

    Parameters
    ----------
    dispatcher
        What Numba made of the function; it compiles or loads when first called.
    folder
        Where the code is kept.
    """

    def __init__(self, dispatcher: Any, folder: Path) -> None:
        self.dispatcher, self.folder = dispatcher, folder

    @property
    def stats(self) -> Any:
        """How often code was found in the folder, and how often it was not."""
        return self.dispatcher.stats

    def __call__(self, *arguments: Any) -> Any:
        """Call the function."""
        if not self.dispatcher.overloads:
            self._prepare(arguments)
        return self.dispatcher(*arguments)

    def _prepare(self, arguments: tuple[Any, ...]) -> None:
        """Load the code for such arguments, or compile it while other processes that need it wait."""
        signature = tuple(map(numba.typeof, arguments))
        with contextlib.ExitStack() as waiting:
            # Where locks do not work, some network drives among them, each process compiles for itself.
            with contextlib.suppress(OSError, NotImplementedError):
                waiting.enter_context(FileLock(self.folder / f"{self.dispatcher.__name__}.lock"))
            hits = sum(self.stats.cache_hits.values())
            self.dispatcher.compile(signature)
            if sum(self.stats.cache_hits.values()) == hits:
                remove_old_code(self.folder)


@contextlib.contextmanager
def _keeping_code_in(folder: Path) -> Iterator[None]:
    """Let Numba keep what is declared meanwhile in a folder, and leave its setting for others as it was."""
    before = NUMBA_CONFIG.CACHE_DIR
    NUMBA_CONFIG.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        NUMBA_CONFIG.CACHE_DIR = before


class Compiler:
    """Compile functions with one set of rules.

    Parameters
    ----------
    rules
        The rules to put in the place of the shipped ones.
    """

    def __init__(self, rules: Rules) -> None:
        shipped = Rules()
        self.replaced = {
            id(getattr(shipped, field.name)): (field.name, getattr(rules, field.name)) for field in fields(Rules)
        }
        order = own_names(rules)
        self.own = {
            id(getattr(shipped, field.name)): tuple(order.index(name) for name in names)
            for field in fields(Rules)
            if (names := own_names_of(field.name, getattr(rules, field.name)))
        }
        self.watches = rules != shipped
        self.watched: dict[str, Any] = {}
        self.done: dict[int, Any] = {}
        self.doing: set[int] = set()

    @cached_property
    def of_rules(self) -> Compiler:
        """The compiler of the rules themselves, which replaces nothing.

        A rule that calls a shipped one, perhaps the very one whose place it takes, means that one, as in the
        reference model.
        """
        other = copy(self)
        other.replaced = {}
        other.of_rules = other
        return other

    def compile(self, function: Callable[..., Any], *, keep: bool = False) -> Any:
        """Return the compiled form of a function and of all functions of the project that it names.

        Parameters
        ----------
        function
            A plain function.
        keep
            Keep the compiled code on disk; for the function that is called from Python.
        """
        if isinstance(function, Dispatcher):
            return function
        if id(function) not in self.done:
            if id(function) in self.doing:
                raise RuleError(f"{function.__name__} calls itself, which compiled code cannot do here; write a loop")
            self.doing.add(id(function))
            compiler = self if function.__module__.startswith(f"{kernel.__name__}.") else self.of_rules
            plain = compiler._with_compiled_names(compiler._with_own_arguments(function))
            self.done[id(function)] = numba.njit(plain, cache=keep, forceinline=not keep, **OPTIONS)
        return self.done[id(function)]

    def _with_compiled_names(self, function: Callable[..., Any]) -> types.FunctionType:
        if not isinstance(function, types.FunctionType):
            raise RuleError(f"expected a plain function, got {function!r}")
        if any(step.opname == "BINARY_OP" and step.argrepr.startswith("**") for step in get_instructions(function)):
            # Measured: the last bit of a power may differ between compiled and plain code, that of a product not.
            raise RuleError(f"{function.__name__} uses **: write d * d, or math.exp and math.log")
        names = dict(function.__globals__)
        for name in function.__code__.co_names:
            if name in names:
                names[name] = self._compiled_value(names[name], function)
        cells = tuple(
            types.CellType(self._compiled_value(cell.cell_contents, function)) for cell in function.__closure__ or ()
        )
        copy = types.FunctionType(function.__code__, names, function.__name__, function.__defaults__, cells or None)
        copy.__qualname__ = function.__qualname__
        # Kept code names the module of each function in it, which must be there in whatever process loads it.
        copy.__module__ = function.__module__ if function.__module__.startswith(MODEL) else kernel.__name__
        return copy

    def _with_own_arguments(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the kernel that hands parameters of a modeler's own to the rules that take them."""
        if not self.own or not self.replaced or not isinstance(function, types.FunctionType):
            return function
        named = function.__globals__
        called = [name for name in function.__code__.co_names if id(named.get(name)) in self.own]
        places = {name: self.own[id(named[name])] for name in called}
        return with_own_arguments(function, places) if places else function

    def _compiled_value(self, value: Any, user: Callable[..., Any]) -> Any:
        """Return what a function names, compiled if it is a rule or a plain function that belongs to it."""
        if id(value) in self.replaced:
            name, rule = self.replaced[id(value)]
            return self._watched(name, rule) if self.watches else self.compile(rule)
        if isinstance(value, types.FunctionType) and _is_plain(value, user):
            return self.compile(value)
        if isinstance(value, tuple) and user.__module__ == elementary.__name__:
            return np.array(value)  # Numba makes of a long tuple a chain of comparisons
        return value

    def _watched(self, name: str, rule: Callable[..., Any]) -> Any:
        """Return the compiled form of a rule that stops the kernel when it returns what it may not."""
        if name not in self.watched:
            allowed = RANGES[name]
            arguments = list(inspect.signature(rule).parameters)
            given = ", ".join(arguments)
            wrong = "not (LOW < result <= HIGH)" if allowed.above_low else "not (LOW <= result <= HIGH)"
            if name == "logit_weight":  # if even the best alternative weighs nothing, none can be drawn
                wrong += f" or ({arguments[0]} == {arguments[1]} and result <= 0.0)"
            source = (
                f"def watched_{name}({given}):\n"
                f"    result = RULE({given})\n"
                f"    if {wrong}:\n"
                f"        raise RuleRangeError({name!r})\n"
                f"    return result\n"
            )
            ends = (allowed.low, allowed.high)
            if not allowed.above_low and allowed.high != LARGEST:
                ends = (allowed.low - ROUNDING, allowed.high + ROUNDING)
            elif not allowed.above_low and allowed.low != -LARGEST:
                ends = (allowed.low - ROUNDING, allowed.high)
            names = {"RULE": self.compile(rule), "LOW": ends[0], "HIGH": ends[1], "RuleRangeError": RuleRangeError}
            exec(source, names)  # nosec B102 - written above, from the names of rules alone
            self.watched[name] = numba.njit(names[f"watched_{name}"], forceinline=True, **OPTIONS)
        return self.watched[name]


def _is_plain(value: types.FunctionType, user: Callable[..., Any]) -> bool:
    """Tell whether a named function is compiled along: the model's own, or from the module of a custom rule."""
    return value.__module__.startswith(MODEL) or value.__module__ == user.__module__


def compiled_function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of the model compiled with the shipped rules, kept on disk between processes."""
    return _kept_or_compiled(Compiler(Rules()), function)


def _kept_or_compiled(compiler: Compiler, function: Callable[..., Any], own: str = "") -> Callable[..., Any]:
    """Return a function compiled, kept in a folder for other processes where there can be one.

    Parameters
    ----------
    compiler
        Of some rules.
    function
        A function of the model.
    own
        Hash of rules of a modeler's own, for a folder of theirs.
    """
    folder = cache_folder()
    if folder is not None and own:
        folder = folder / f"own-{own}"
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
            _remove_old_rules(folder)
    if folder is None or not folder.is_dir():
        compiled: Callable[..., Any] = compiler.compile(function)
        return compiled
    with _keeping_code_in(folder):
        return KeptFunction(compiler.compile(function, keep=True), folder)


@lru_cache(maxsize=8)
def _custom_kernel(rules: Rules, code: str) -> Callable[..., Any]:
    return _kept_or_compiled(Compiler(rules), kernel.run_months, hashlib.sha256(code.encode()).hexdigest()[:16])


def kernel_with(rules: Rules) -> Callable[..., Any]:
    """Return the kernel compiled with a set of rules; what the same rules are asked for again is the same.

    Parameters
    ----------
    rules
        The rules.

    Raises
    ------
    RuleError
        If a rule is not a plain function. What Numba itself cannot compile shows when the kernel first runs, as an
        error of Numba's; `check_rules` finds it before, by name.
    """
    # Compiled code has the constants that a rule names frozen in it: a rule whose constant was set anew since is
    # the same function, and is compiled again.
    return _custom_kernel(rules, _code_of(rules))


def _code_of(rules: Rules) -> str:
    """Return the fingerprint of the rules that do not ship, with all that they draw on."""
    own = {field.name: getattr(rules, field.name) for field in fields(Rules)}
    return " ".join(f"{name} {fingerprint(rule)}" for name, rule in own.items() if not is_shipped(rule))


def check_rules(rules: Rules) -> None:
    """Compile each rule that differs from the shipped one by itself, so that an error names it.

    Raises
    ------
    RuleError
        Naming the rule, and what to do.
    """
    shipped = Rules()
    check_pure(rules)
    for field in fields(Rules):
        rule = getattr(rules, field.name)
        if rule is getattr(shipped, field.name):
            continue
        own = own_names_of(field.name, rule)
        arguments = [*_example_arguments(getattr(shipped, field.name)), *(0.5 for _ in own)]
        try:
            Compiler(rules).compile(rule)(*arguments)
        except (NumbaError, UnsupportedBytecodeError, RuleError, TypeError, ValueError, NotImplementedError) as error:
            reason = " ".join(str(error).split())[:300] or type(error).__name__
            raise RuleError(
                f"the rule {field.name!r} cannot be compiled; it still runs in the reference model (engine 'mesa'). "
                "A compiled rule is a plain function of numbers: arithmetic without **, comparisons, the math "
                f"module, and other such functions. The reason: {reason}"
            ) from error


def _example_arguments(shipped: Callable[..., Any]) -> list[Any]:
    """Return one argument of the right type for each that the shipped rule takes."""
    kinds = get_type_hints(shipped)
    return [_example(kind) for name, kind in kinds.items() if name != "return"]


def _example(kind: type) -> Any:
    """Return a value of a type: a number, or a named tuple of them."""
    examples = {int: 1, bool: True, float: 0.5}
    if kind in examples:
        return examples[kind]
    return kind(*(_example(part) for part in get_type_hints(kind).values()))
