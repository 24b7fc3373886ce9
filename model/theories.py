"""Name theories: sets of rules that take the place of shipped ones, so that commands and experiments can ask for one.

A theory is registered by the module that defines it::

    import papertiger as pt


    def forget_faster(count: float, prior: float, forgetting: float) -> float:
        return prior + forgetting * forgetting * (count - prior)


    pt.theory("forgetful", "Evidence is forgotten twice as fast", forget=forget_faster)

The module comes in by ``--import`` of a command, or by an entry point of the group ``papertiger.rules`` of an
installed package.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from papertiger.model.own_code import fingerprint
from papertiger.model.plugins import load_installed
from papertiger.model.rules.own import check_pure, own_names
from papertiger.model.rules.rules import Rules, check_rules_given
from papertiger.scenarios.arguments import check_text
from papertiger.scenarios.errors import listing, nearest, shorten

SHIPPED = "shipped"
GROUP = "papertiger.rules"


class UnknownTheoryError(ValueError):
    """A theory that nobody has registered."""


@dataclass(frozen=True)
class Theory:
    """Hold a set of rules with its name.

    Attributes
    ----------
    name, title
        How files and commands call it, and how reports do.
    rules
        The rules of the month.
    module
        Where it is defined.
    """

    name: str
    title: str
    rules: Rules
    module: str = ""

    @property
    def changed(self) -> tuple[str, ...]:
        """Return the names of the rules that are not the shipped ones."""
        shipped = Rules()
        return tuple(
            field.name
            for field in fields(Rules)
            if getattr(self.rules, field.name) is not getattr(shipped, field.name)
        )

    @property
    def own_parameters(self) -> tuple[str, ...]:
        """Return the parameters of one's own that its rules take, which a scenario must declare."""
        return own_names(self.rules)

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the source of its rules, with all that they draw on."""
        said = "\n".join(f"{name} {fingerprint(getattr(self.rules, name))}" for name in self.changed)
        return hashlib.sha256(said.encode("ascii")).hexdigest()

    def __str__(self) -> str:
        """Return one line that says what it changes."""
        own = f", with {listing(list(self.own_parameters))} of its own" if self.own_parameters else ""
        return f"{self.name}: {self.title} ({listing(list(self.changed))}{own})"


_THEORIES: dict[str, Theory] = {}


def theory(name: str, title: str = "", /, **rules: Callable[..., Any]) -> Theory:
    """Register a theory: rules that take the place of shipped ones, under a name.

    Parameters
    ----------
    name
        How files and commands call it: small letters, digits and _.
    title
        How reports call it; blank takes the name in words.
    **rules
        A function for each rule that is another one, by the rule's name in `papertiger.model.rules.rules.Rules`.

    Returns
    -------
    Theory
        The theory; ``.rules`` goes into `World`, `simulate` and `ensemble`.

    Raises
    ------
    ValueError
        If the name is taken or no name, no rule is changed, or there is no such rule.
    TypeError
        If a rule is no function.
    papertiger.model.rules.own.RuleError
        If a rule takes other arguments than the shipped one, or is impure.
    """
    check_text("name", name, "the name of a theory")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name) or name == SHIPPED:
        raise ValueError(f"name: expected small letters, digits and _, and not '{SHIPPED}', got {shorten(name)}")
    known = [field.name for field in fields(Rules)]
    for rule in rules:
        if rule not in known:
            near = nearest(rule, known)
            hint = "" if near is None else f" (did you mean '{near}'?)"
            raise ValueError(f"the theory '{name}' names a rule '{rule}', which there is not{hint}")
    if not rules:
        raise ValueError(f"the theory '{name}' changes no rule; give one, such as utility=my_utility")
    bundle = replace(Rules(), **rules)
    check_rules_given(bundle)
    own_names(bundle)
    check_pure(bundle)
    module = next((str(getattr(rule, "__module__", "")) for rule in rules.values()), "")
    new = Theory(name, title or name.replace("_", " "), bundle, module)
    there = _THEORIES.get(name)
    # A cell of a notebook that is run again, or a file that is read again, means the same theory.
    if there is not None and there.module != module:
        raise ValueError(f"the theory '{name}' is already that of {there.module}; give yours another name")
    _THEORIES[name] = new
    return new


def theories() -> dict[str, Theory]:
    """Return the theories that are registered, by name; those of installed packages are looked up."""
    load_installed(GROUP)
    return dict(sorted(_THEORIES.items()))


def find_theory(name: str) -> Theory:
    """Return a theory by its name; ``shipped`` is the model as it ships.

    Raises
    ------
    UnknownTheoryError
        With the nearest name, and how a theory comes in.
    """
    if name == SHIPPED:
        return Theory(SHIPPED, "The shipped rules", Rules())
    known = theories()
    if name in known:
        return known[name]
    near = nearest(name, [SHIPPED, *known])
    hint = f" (did you mean '{near}'?)" if near is not None else ""
    raise UnknownTheoryError(
        f"no theory {shorten(name)} is known, only {listing([SHIPPED, *known])}{hint}; one of your own comes in by "
        "--import FILE.py, or by an installed package"
    )


def with_theories(
    names: Sequence[str], theories: Sequence[Theory | None] | None
) -> tuple[list[Theory | None], list[str]]:
    """Return the theory of each of some scenarios, None for the shipped rules, and what to call them.

    Parameters
    ----------
    names
        Of the scenarios.
    theories
        One for each; blank takes the shipped rules for all.

    Raises
    ------
    TypeError
        If it is no list of theories.
    ValueError
        If there are not as many.
    """
    given: object = theories  # whoever does not check types may hand over anything
    if given is not None and (isinstance(given, str) or not isinstance(given, Sequence)):
        raise TypeError(f"theories: expected a list of theories, got {shorten(given)}")
    held: list[Theory | None] = [None] * len(names) if theories is None else list(theories)
    others: list[object] = [one for one in held if one is not None]
    for one in others:
        if not isinstance(one, Theory):
            raise TypeError(f"theories: expected a theory or None, got {shorten(one)}")
    if len(held) != len(names):
        raise ValueError(f"theories: expected one for each of {len(names)} scenarios, got {len(held)}")
    labels = [name if one is None else f"{name}_{one.name}" for name, one in zip(names, held, strict=True)]
    return held, labels
