"""A modeler's own rules work in both engines and agree; what cannot be compiled says so, and runs in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from papertiger.model.agents.world import World
from papertiger.model.ensemble.compile import Compiler, check_rules
from papertiger.model.ensemble.engine import kernel_for
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.rules.choice import Position, UtilityWeights, logit_weight
from papertiger.model.rules.own import RuleError
from papertiger.model.rules.rules import Rules
from tests.model.busy import busy_world
from tests.model.ensemble import own_rules
from tests.model.ensemble.agreement import assert_engines_agree
from tests.model.rules.contracts import RuleContract
from tests.model.rules.test_choice import TestUtility as ShippedUtility
from tests.model.worlds import finished

# Compiling the whole kernel takes half a minute, so that one bundle serves every test of agreement.
OWN = Rules(utility=own_rules.own_utility, forget=own_rules.own_forget)


def bound_of(limit: float) -> Callable[[float, float], float]:
    """Return a rule that closes over a number and a function."""

    def nearer(value: float) -> float:
        return min(limit, value)

    def capped(weight: float, alike: float) -> float:
        return nearer(weight) * alike

    return capped


class TestOwnForget(RuleContract):
    field, rule = "forget", staticmethod(own_rules.own_forget)
    arguments = {"count": (0.0, 200.0), "prior": (0.0, 10.0), "forgetting": (0.0, 1.0)}
    result = (0.0, 200.0)


class TestOwnUtility(RuleContract):
    field, rule = "utility", staticmethod(own_rules.own_utility)
    arguments = ShippedUtility.arguments
    falls = ("autonomy_price",)


class TestCompiledOwnForget(TestOwnForget):
    rule = staticmethod(Compiler(OWN).compile(own_rules.own_forget))


@pytest.mark.slow  # compiles the whole kernel with rules of its own
def test_own_rules_agree_in_both_engines_and_matter() -> None:
    assert_engines_agree(busy_world(), rules=replace(OWN, witness_share=bound_of(0.1)))
    with_own, shipped = (finished(busy_world(), rules=rules) for rules in (OWN, Rules()))
    assert with_own.record.clients != shipped.record.clients


@pytest.mark.parametrize(
    "rule", [own_rules.own_utility, own_rules.own_forget, own_rules.softened], ids=lambda rule: str(rule.__name__)
)
def test_a_rule_is_compiled_together_with_the_helpers_that_it_names(rule: Callable[..., Any]) -> None:
    count = rule.__code__.co_argcount
    arguments: list[Any] = [0.1 * (place + 1) for place in range(count)]
    if rule is own_rules.own_utility:
        position = Position(*(0.1 * (place + 1) for place in range(len(Position._fields))))
        weights = UtilityWeights(*(0.2 * (place + 1) for place in range(len(UtilityWeights._fields))))
        arguments = [2, 1, 0.3, position, weights]
    assert Compiler(OWN).compile(rule)(*arguments) == rule(*arguments)


def test_helpers_in_a_closure_are_compiled_along() -> None:
    check_rules(replace(Rules(), witness_share=bound_of(0.2)))


@pytest.mark.parametrize(
    ("field", "rule", "reason"),
    [
        ("forget", own_rules.with_a_table, ""),
        ("forget", own_rules.with_keywords, ""),
        ("forget", own_rules.with_a_power, r"with_a_power uses \*\*"),
        ("forget", own_rules.with_a_power_inside, r"power_of uses \*\*"),
        ("logit_weight", partial(logit_weight), "expected a plain function"),
    ],
    ids=["table", "keywords", "power", "power in a helper", "partial"],
)
def test_a_rule_that_cannot_be_compiled_is_named_and_runs_in_the_reference_model(
    field: str, rule: Callable[..., float], reason: str
) -> None:
    changed: dict[str, Any] = {field: rule}
    rules = replace(Rules(), **changed)
    with pytest.raises(RuleError, match=rf"the rule '{field}' cannot be compiled; .*engine 'mesa'.*{reason}"):
        ensemble(busy_world(), 1, rules=rules)
    world = World(busy_world(), rules=rules, collect=False)
    world.step()
    assert world.month == 0


def test_rules_equal_to_the_shipped_ones_take_the_shipped_kernel() -> None:
    found, shipped = (ensemble(busy_world(), 3, keep="beliefs", rules=rules) for rules in (Rules(), None))
    assert found.path("beliefs").tobytes() == shipped.path("beliefs").tobytes()


LIMIT = 1.0


def limited(count: float, prior: float, forgetting: float) -> float:
    return min(LIMIT, prior + forgetting * (count - prior))


def test_a_rule_whose_constant_was_set_anew_is_not_the_one_that_was_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = Rules(forget=limited)
    before = kernel_for(rules)
    assert kernel_for(rules) is before
    monkeypatch.setattr(f"{__name__}.LIMIT", 0.5)
    assert kernel_for(rules) is not before
