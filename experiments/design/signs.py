"""Declare which way a rule of one's own goes with what it takes, and refuse one that goes the other way.

A sign that was typed wrong makes no error: the rule is finite, pure and in its range, and says the opposite of its
theory. So a theory may say what it means::

    @pt.signs(cheap_talk="+", cost_power="-")
    def evidence_by_cost(scale, weight, intensity, cheap_talk, cost_power): ...

and the rule is held against it at the numbers with which the scenario itself calls it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal

from papertiger.model.agents.simulate import simulate
from papertiger.model.rules.own import RuleError
from papertiger.model.sampling import quantile
from papertiger.scenarios.errors import listing, nearest

if TYPE_CHECKING:
    from papertiger.model.theories import Theory
    from papertiger.scenarios.schema.scenario import Scenario

type Sign = Literal["+", "-"]

DECLARED = "__signs__"
WORDS = {"+": "rise", "-": "fall"}
MONTHS, CALLS, STEPS = 24, 200, 9
"""How long the scenario is run for the rule's calls, how many of them are looked at, and steps over a range."""
ROUNDING = 1e-12


def signs[F: Callable[..., Any]](**declared: Sign) -> Callable[[F], F]:
    """Declare whether a rule rises or falls with some of what it takes.

    Parameters
    ----------
    declared
        ``"+"`` or ``"-"`` by name of an argument, shipped or own.

    Raises
    ------
    RuleError
        If a sign is another, or the rule takes no such argument.
    """

    def mark(rule: F) -> F:
        takes = list(inspect.signature(rule).parameters)
        for name, sign in declared.items():
            if name not in takes:
                hint = nearest(name, takes)
                beside = f" (did you mean '{hint}'?)" if hint else ""
                raise RuleError(f"the rule '{rule.__name__}' takes no '{name}' of which a sign could hold{beside}")
            if sign not in WORDS:
                raise RuleError(f"the sign of '{name}': expected {listing(tuple(WORDS))}, got {sign!r}")
        setattr(rule, DECLARED, dict(declared))
        return rule

    return mark


def contrary(theory: Theory, world: Scenario, seed: int = 1) -> Iterator[str]:
    """Yield a sentence for each rule of a theory that goes against a sign that it declares.

    Parameters
    ----------
    theory, world
        The rules, and the scenario in which they are called.
    seed
        Of the run whose calls are looked at.
    """
    for name in theory.changed:
        rule = getattr(theory.rules, name)
        declared: Mapping[str, Sign] = getattr(rule, DECLARED, {})
        if not declared:
            continue
        calls = _calls(theory, name, world, seed)
        takes = list(inspect.signature(rule).parameters)
        for argument, sign in declared.items():
            said = _first_contrary(rule, calls, takes.index(argument), _steps(world, argument), sign)
            if said is not None:
                low, high, before, after, others = said
                moves = "falls" if sign == "+" else "rises"
                yield (
                    f"the rule '{name}' {moves} as '{argument}' goes from {low:g} to {high:g} ({before:.4g} to "
                    f"{after:.4g}{_with(takes, others, argument)}), and is declared to {WORDS[sign]} with it: a sign "
                    "is wrong, in the rule or in what it declares"
                )


def _calls(theory: Theory, name: str, world: Scenario, seed: int) -> list[tuple[Any, ...]]:
    """Return the numbers with which a run calls a rule, each once."""
    rule = getattr(theory.rules, name)
    seen: dict[tuple[Any, ...], None] = {}

    @wraps(rule)
    def recorded(*arguments: Any) -> Any:
        if len(seen) < CALLS:
            seen.setdefault(arguments)
        return rule(*arguments)

    months = min(MONTHS, _span(world))
    simulate(world, seed, 0, months=months, rules=replace(theory.rules, **{name: recorded}))
    return list(seen)


def _span(world: Scenario) -> int:
    first, last = ([int(part) for part in month.split("-")[:2]] for month in (world.span.start, world.span.end))
    return 12 * (last[0] - first[0]) + last[1] - first[1] + 1


def _steps(world: Scenario, argument: str) -> list[float]:
    """Return numbers over the declared range of a parameter of one's own; none for what the model gives."""
    figure = world.own_parameters.get(argument)
    if figure is None or figure.prior is None:
        return []
    return [float(quantile(figure.prior, 0.01 + 0.98 * step / (STEPS - 1))) for step in range(STEPS)]


def _first_contrary(
    rule: Callable[..., Any], calls: list[tuple[Any, ...]], place: int, steps: list[float], sign: Sign
) -> tuple[float, float, float, float, tuple[Any, ...]] | None:
    numbers = steps or sorted({float(call[place]) for call in calls})
    if len(numbers) > STEPS:
        numbers = [numbers[round(step * (len(numbers) - 1) / (STEPS - 1))] for step in range(STEPS)]
    for call in calls:
        results = [float(rule(*call[:place], number, *call[place + 1 :])) for number in numbers]
        for (low, before), (high, after) in zip(
            zip(numbers, results, strict=True), list(zip(numbers, results, strict=True))[1:], strict=False
        ):
            change = after - before if sign == "+" else before - after
            if change < -ROUNDING * max(1.0, abs(before), abs(after)):
                return low, high, before, after, call
    return None


def _with(takes: list[str], call: tuple[Any, ...], argument: str) -> str:
    others = [f"{name} {value:g}" for name, value in zip(takes, call, strict=False)
              if name != argument and isinstance(value, int | float)]  # fmt: skip
    return f", with {', '.join(others)}" if others else ""
