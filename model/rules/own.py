"""Give a modeler's rules the parameters of their own that they name, and refuse rules that are none.

A rule of one's own takes the arguments of the shipped rule in whose place it stands, in their order, and after them
any number of parameters of one's own by name. These are declared in the scenario, under ``own_parameters``, and are
figures like any other there: they have a reason and a range, and they can be set and swept.
"""

from __future__ import annotations

import dis
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache, wraps
from typing import Any

from papertiger.model.own_code import is_shipped
from papertiger.model.rules.rules import Rules
from papertiger.scenarios.errors import listing, nearest

OUTSIDE = frozenset(
    {"random", "numpy.random", "secrets", "uuid", "time", "datetime", "os", "sys", "socket", "subprocess", "builtins"}
)
"""Modules that say something else each time that they are asked, or do something beside."""
DOING = frozenset({"open", "input", "print", "exec", "eval", "globals", "setattr", "delattr", "vars", "locals"})
"""Functions of Python's own that do something beside."""


class RuleError(ValueError):
    """A rule that cannot be used: it takes other arguments, is impure, or cannot be compiled."""


@lru_cache(maxsize=256)
def own_names_of(name: str, rule: Callable[..., Any]) -> tuple[str, ...]:
    """Return the parameters of one's own that a rule takes, in their order.

    Parameters
    ----------
    name, rule
        The rule's name in `Rules`, and the function.

    Raises
    ------
    RuleError
        If it does not take the arguments of the shipped rule first.
    """
    shipped = getattr(Rules(), name)
    if rule is shipped:
        return ()
    expected = list(inspect.signature(shipped).parameters)
    try:
        given = list(inspect.signature(rule).parameters.values())
    except (TypeError, ValueError):
        return ()
    if any(one.kind is one.VAR_POSITIONAL for one in given):
        return ()
    if any(one.kind in (one.KEYWORD_ONLY, one.VAR_KEYWORD) and one.default is one.empty for one in given):
        raise RuleError(
            f"the rule '{name}' takes arguments by keyword alone, and rules are called by position: "
            "leave out the star before them"
        )
    if len(given) < len(expected):
        takes = listing([one.name for one in given]) if given else "nothing"
        raise RuleError(
            f"the rule '{name}' takes {takes}, expected the arguments of the shipped rule first: "
            f"{', '.join(expected)}"
        )
    first = [one.name for one in given[: len(expected)]]
    if first != expected and sorted(first) == sorted(expected):
        raise RuleError(
            f"the rule '{name}' takes {listing(first)}, expected them in the order of the shipped rule: "
            f"{', '.join(expected)}"
        )
    return tuple(one.name for one in given[len(expected) :] if one.default is one.empty)


@lru_cache(maxsize=64)
def own_names(rules: Rules) -> tuple[str, ...]:
    """Return the parameters of one's own that any of some rules takes, sorted."""
    names = {own for field in fields(Rules) for own in own_names_of(field.name, getattr(rules, field.name))}
    return tuple(sorted(names))


def own_values(rules: Rules | None, declared: Mapping[str, float]) -> tuple[float, ...]:
    """Return the values of the parameters of one's own that some rules take, in the order of `own_names`.

    Parameters
    ----------
    rules
        The rules; None for the shipped ones.
    declared
        Values by name, as a setting has them.

    Raises
    ------
    RuleError
        If the scenario does not declare one.
    """
    if rules is None:
        return ()
    for message, hint in undeclared(rules, declared):
        raise RuleError(message if hint is None else f"{message} (did you mean '{hint}'?)")
    return tuple(float(declared[name]) for name in own_names(rules))


def undeclared(rules: Rules, declared: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield what is wrong about the parameters of one's own that rules take, each with the nearest declared name."""
    for field in fields(Rules):
        for own in own_names_of(field.name, getattr(rules, field.name)):
            if own not in declared:
                takes = f"the rule '{field.name}' takes '{own}'"
                message = f"{takes}, which the scenario does not declare under own_parameters"
                yield message, nearest(own, declared)


def bound(rules: Rules, declared: Mapping[str, float]) -> Rules:
    """Return rules that take what the shipped ones take: their own parameters are filled in.

    Parameters
    ----------
    rules
        The rules.
    declared
        Values of parameters of one's own by name.
    """
    own_values(rules, declared)
    changed: dict[str, Any] = {}
    for field in fields(Rules):
        rule = getattr(rules, field.name)
        names = own_names_of(field.name, rule)
        if names:
            changed[field.name] = _filled(rule, tuple(float(declared[name]) for name in names))
    return Rules(**{field.name: changed.get(field.name, getattr(rules, field.name)) for field in fields(Rules)})


def _filled(rule: Callable[..., Any], own: tuple[float, ...]) -> Callable[..., Any]:
    @wraps(rule)
    def filled(*arguments: Any) -> Any:
        return rule(*arguments, *own)

    del filled.__wrapped__  # it takes no parameter of its own any more, and says so to whoever asks
    return filled


def check_pure(rules: Rules) -> None:
    """Refuse a rule that draws numbers of its own, asks the clock or the system, or keeps something in mind.

    Raises
    ------
    RuleError
        Naming the rule, and what it does.
    """
    for field in fields(Rules):
        rule = getattr(rules, field.name)
        if is_shipped(rule):
            continue
        said = next(_impurities(rule, set()), None)
        if said is not None:
            raise RuleError(
                f"the rule '{field.name}' {said}: a rule is a function of the numbers it is given and of nothing "
                "else. Chance is drawn by the model, so that two theories have the same luck"
            )


def _impurities(rule: Any, seen: set[int]) -> Iterator[str]:
    function = inspect.unwrap(rule) if callable(rule) else rule
    function = getattr(function, "func", function)
    if not isinstance(function, types.FunctionType) or id(function) in seen or is_shipped(function):
        return
    seen.add(id(function))
    named = function.__globals__
    free = set(function.__code__.co_freevars)
    module = None
    for step in dis.get_instructions(function.__code__):
        name = step.argval
        if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL") or (step.opname == "STORE_DEREF" and name in free):
            yield f"sets '{name}', which outlives the call"
        elif step.opname in ("STORE_ATTR", "DELETE_ATTR"):
            yield f"sets an attribute '{name}'"
        elif step.opname == "IMPORT_NAME" and _is_outside(str(name)):
            yield f"imports '{name}'"
        elif step.opname == "LOAD_GLOBAL":
            module = named.get(name)
            if name not in named and name in DOING:
                yield f"calls {name}()"
            yield from _of_value(str(name), module, seen)
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and isinstance(module, types.ModuleType):
            module = getattr(module, str(name), None)
            yield from _of_value(str(name), module, seen)
        elif step.opname == "LOAD_DEREF" and name in free:
            cell = function.__closure__[function.__code__.co_freevars.index(name)] if function.__closure__ else None
            yield from _of_value(str(name), None if cell is None else cell.cell_contents, seen)


def _of_value(name: str, value: Any, seen: set[int]) -> Iterator[str]:
    """Yield what speaks against a value that a rule names."""
    home = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
    owner = getattr(value, "__self__", None)  # random.random is a method of a hidden object
    if isinstance(owner, types.ModuleType):
        home = owner.__name__
    elif owner is not None:
        home = type(owner).__module__
    if isinstance(home, str) and home != "builtins" and _is_outside(home):
        what = "draws numbers of its own" if _draws(home) else "asks what is outside the model"
        yield f"{what} ({name})"
    elif isinstance(value, types.FunctionType):
        yield from _impurities(value, seen)


def _draws(home: str) -> bool:
    return home.lstrip("_").split(".")[0] in ("random", "secrets") or "random" in home.split(".")


def _is_outside(module: str) -> bool:
    plain = module.lstrip("_")
    return any(plain == one or plain.startswith(f"{one}.") for one in OUTSIDE)
