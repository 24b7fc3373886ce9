"""The contract that every rule of `papertiger.model.rules.rules.Rules` keeps, whoever wrote it.

Inherit :class:`RuleContract` to hold a rule of your own against it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Range = tuple[float, float]


class RuleContract:
    """A rule is finite and in range over all its arguments, their ends included, and moves the way it says.

    Attributes
    ----------
    field
        Name of the rule in `papertiger.model.rules.rules.Rules`.
    rule
        The function.
    arguments
        Lowest and highest value of each argument, or the values it can take; those of a named tuple by its fields.
    result
        Lowest and highest result.
    rises, falls
        Arguments in which the rule never falls, or never rises.
    """

    field: ClassVar[str]
    rule: ClassVar[Callable[..., Any]]
    arguments: ClassVar[Mapping[str, Range | list[Any]]]
    result: ClassVar[Range] = (-math.inf, math.inf)
    rises: ClassVar[tuple[str, ...]] = ()
    falls: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def values(cls, name: str) -> st.SearchStrategy[Any]:
        """Return a strategy for one argument, in which the ends are likely."""
        possible = cls.arguments[name]
        if isinstance(possible, list):
            return st.sampled_from(possible)
        low, high = possible
        return st.one_of(st.sampled_from((low, high)), st.floats(low, high))

    @classmethod
    def result_of(cls, values: Mapping[str, Any]) -> Any:
        """Ask the rule, with values that it takes in a named tuple put into one."""
        # Code that was compiled for the kernel carries no hints; such rules are held to plain numbers here.
        kinds = get_type_hints(getattr(cls.rule, "py_func", cls.rule)) or dict.fromkeys(cls.arguments, float)
        return cls.rule(
            *(
                kind(**{field: values[field] for field in kind._fields}) if hasattr(kind, "_fields") else values[name]
                for name, kind in kinds.items()
                if name != "return"
            )
        )

    @settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.differing_executors])
    @given(data=st.data())
    def test_result_is_finite_and_in_range(self, data: st.DataObject) -> None:
        given_values = {name: data.draw(self.values(name), label=name) for name in self.arguments}
        result = self.result_of(given_values)
        assert math.isfinite(result)
        assert self.result[0] <= result <= self.result[1]

    @settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.differing_executors])
    @given(data=st.data())
    def test_result_moves_the_way_it_says(self, data: st.DataObject) -> None:
        given_values = {name: data.draw(self.values(name), label=name) for name in self.arguments}
        for name in (*self.rises, *self.falls):
            low, high = sorted((given_values[name], data.draw(self.values(name), label=f"other {name}")))
            at_low = self.result_of(given_values | {name: low})
            at_high = self.result_of(given_values | {name: high})
            slack = 1e-12 * max(1.0, abs(at_low))
            assert at_low <= at_high + slack if name in self.rises else at_high <= at_low + slack
