"""Choose what runs the kernel: the library that was linked when Papertiger was installed, or code compiled here.

Shipped rules run from the library. Where there is none to use, and with rules of a modeler's own, Numba compiles; it
is imported only then, and Papertiger runs without it (extra ``rules``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from papertiger.model.ensemble.kernel import run_months
from papertiger.model.ensemble.kernel.chain import posture_chain
from papertiger.model.ensemble.library import library_function
from papertiger.model.rules.rules import Rules

if TYPE_CHECKING:
    from types import ModuleType

_MAKING = Lock()


class CompilerMissingError(RuntimeError):
    """Something is to be compiled, and the compiler is not installed."""


def compiler() -> ModuleType:
    """Return `papertiger.model.ensemble.compile`.

    Raises
    ------
    CompilerMissingError
        If Numba is not installed, with what to do.
    """
    try:
        from papertiger.model.ensemble import compile as compiling  # noqa: PLC0415 - slow to import, and an extra
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("numba", "llvmlite"):
            raise
        raise CompilerMissingError(
            "the model has to be compiled here, and the compiler is not installed: pip install 'papertiger[rules]'. "
            "Rules of one's own need it, and so do shipped rules where the kernel's library is missing"
        ) from None
    return compiling


def _from_library_or_compiled(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    ready = library_function(name)
    if ready is not None:
        return ready
    compiled: Callable[..., Any] = compiler().compiled_function(function)
    return compiled


@cache
def shipped_kernel() -> Callable[..., Any]:
    """Return the kernel with the shipped rules."""
    return _from_library_or_compiled("run_months", run_months)


@cache
def shipped_chain() -> Callable[..., Any]:
    """Return the exact chain with the shipped rules."""
    return _from_library_or_compiled("posture_chain", posture_chain)


def kernel_for(rules: Rules | None = None) -> Callable[..., Any]:
    """Return the kernel with a set of rules, ready to run.

    Parameters
    ----------
    rules
        Blank takes the shipped ones.

    Raises
    ------
    papertiger.model.rules.own.RuleError
        If a rule is not a plain function.
    CompilerMissingError
        If something is to be compiled and Numba is not installed.
    """
    # Every worker asks for each piece of its work: all must get the same kernel, which compiles once.
    with _MAKING:
        if rules is None or rules == Rules():
            return shipped_kernel()
        compiled: Callable[..., Any] = compiler().kernel_with(rules)
        return compiled
