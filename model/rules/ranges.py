"""Say what each rule may return, and stop a month in which one returns something else.

A rule that returns no number would otherwise run to the end: comparisons with NaN are false, so that clients take
the last rung that they can reach. Both engines check against the same table. Where any rule is a modeler's own, all
are checked at every call; the shipped ones alone keep their ranges whatever parameters a scenario can have, and only
the state that they leave is looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any

from papertiger.model.own_code import is_shipped
from papertiger.model.rules.rules import Rules

LARGEST = sys.float_info.max
ROUNDING = 1e-9
"""How far beyond an end of its range rounding may carry a result."""


@dataclass(frozen=True)
class Allowed:
    """The numbers that a rule may return, both ends included.

    Attributes
    ----------
    low, high
        The ends; the largest number there is stands for a result that need only be finite.
    above_low
        Whether the lower end itself is not allowed.
    """

    low: float
    high: float
    above_low: bool = False

    def holds(self, result: Any) -> bool:
        """Tell whether a rule may return a result; NaN and infinity never do."""
        if self.above_low:
            return bool(self.low < result <= self.high)
        return bool(self.low - ROUNDING <= result <= self.high + ROUNDING)

    def __str__(self) -> str:
        if self.high == LARGEST:
            low = "above" if self.above_low else "of at least"
            return "a finite number" if self.low == -LARGEST else f"a finite number {low} {self.low:g}"
        return f"a number from {self.low:g} to {self.high:g}"


SHARE = Allowed(0.0, 1.0)
AMOUNT = Allowed(0.0, LARGEST)
FINITE = Allowed(-LARGEST, LARGEST)

RANGES: dict[str, Allowed] = {
    "forget": AMOUNT,
    "belief_mean": SHARE,
    "protection": SHARE,
    "evidence_size": AMOUNT,
    "excused_weight": AMOUNT,
    "hard_times_loading": SHARE,
    "cap_factor": SHARE,
    "witness_share": Allowed(-1.0, 1.0),
    "inherit": AMOUNT,
    "fade": AMOUNT,
    "impulse": AMOUNT,
    "invasion_impulse": AMOUNT,
    "adversary_threat": SHARE,
    "patron_threat": SHARE,
    "offered_protection": SHARE,
    "offered_economy": SHARE,
    "option_value": FINITE,
    "offer_hazard": SHARE,
    "is_rejected": SHARE,
    "commitment": SHARE,
    "last_posture": Allowed(0.0, 4.0),
    "retaliation_fear": AMOUNT,
    "anchor": FINITE,
    "utility": FINITE,
    "patron_attraction": FINITE,
    "supply_shortfall": AMOUNT,
    "tie_weight": AMOUNT,
    "next_tie": SHARE,
    "lasting_memory": SHARE,
    "logit_weight": SHARE,
    "break_hazard": SHARE,
    "break_weight": AMOUNT,
    "attention_weight": Allowed(0.0, LARGEST, above_low=True),
    "war_value": AMOUNT,
    "help_probability": SHARE,
    "help_works_probability": SHARE,
    "systems_hold_probability": SHARE,
    "crisis_hazard": SHARE,
    "crisis_intensity": Allowed(1.0, 3.0),
    "coercion_hazard": SHARE,
    "claim_hazard": SHARE,
    "criticism_hazard": SHARE,
    "courting_hazard": SHARE,
    "support_lapse_hazard": SHARE,
    "support_delivery_hazard": SHARE,
    "covert_chance": SHARE,
    "succession_hazard": SHARE,
    "budget": AMOUNT,
    "burden": SHARE,
    "next_income": FINITE,
}
"""What each rule of `Rules` may return."""


class RuleRangeError(ArithmeticError):
    """A rule that returned something it may not.

    Parameters
    ----------
    rule
        Its name in `Rules`; blank where only its trace in the state was found.
    said
        What it returned, and for what.
    where
        Client and month; blank until the engine knows.
    run
        Number of the run, as far as known.
    """

    def __init__(self, rule: str, said: str = "", where: str = "", run: int | None = None) -> None:
        self.rule, self.said, self.where, self.run = rule, said, where, run
        super().__init__(rule, said, where, run)

    def __str__(self) -> str:
        of_run = "" if self.run is None else f" of run {self.run}"
        place = f" {self.where}{of_run}" if self.where or of_run else ""
        if not self.rule:
            return f"the rules came to a state that is not finite{place}"
        said = self.said or "what it may not"
        return f"the rule '{self.rule}' returned {said}{place}: expected {RANGES[self.rule]}"


class ImpureRuleError(RuleRangeError):
    """A rule that returned different numbers for the same ones."""

    def __str__(self) -> str:
        of_run = "" if self.run is None else f" of run {self.run}"
        place = f" {self.where}{of_run}" if self.where or of_run else ""
        return (
            f"the rule '{self.rule}' returned {self.said}{place}: expected a function of its arguments alone, which "
            "draws nothing and keeps nothing in mind"
        )


def guarded(rules: Rules) -> Rules:
    """Return rules that stop where one of them returns what it may not."""
    guards: dict[str, Any] = {field.name: _guard(field.name, getattr(rules, field.name)) for field in fields(Rules)}
    return Rules(**guards)


def _guard(name: str, rule: Callable[..., Any]) -> Callable[..., Any]:
    allowed, own = RANGES[name], not is_shipped(rule)

    @wraps(rule)
    def checked(*arguments: Any, **named: Any) -> Any:
        result = rule(*arguments, **named)
        if own and not _is_same(result, again := rule(*arguments, **named)):
            given = ", ".join(f"{number:g}" for number in _numbers_of((*arguments, *named.values())))
            raise ImpureRuleError(name, f"{result!r} and then {again!r} of the same numbers ({given})")
        if not allowed.holds(result) or (name == "logit_weight" and _weighs_nothing(result, *arguments, **named)):
            given = ", ".join(f"{number:g}" for number in _numbers_of((*arguments, *named.values())))
            raise RuleRangeError(name, f"{result!r} of ({given})")
        return result

    return checked


def _is_same(one: Any, other: Any) -> bool:
    """Tell whether two results are the same; NaN is the same as NaN here."""
    return bool(one == other) or repr(one) == repr(other)


def _weighs_nothing(result: float, utility: float, best: float, noise: float) -> bool:
    """Tell whether the best alternative weighs nothing: if all do, none can be drawn."""
    del noise
    return utility == best and result <= 0.0


def _numbers_of(arguments: Iterable[object]) -> Iterator[float]:
    """Return the numbers among arguments, those of named tuples included."""
    for argument in arguments:
        if isinstance(argument, int | float):
            yield argument
        elif isinstance(argument, tuple):
            yield from _numbers_of(argument)
