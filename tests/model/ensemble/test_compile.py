"""What the compiler makes of a modeler's own rules; that the compiled month is right, other tests say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papertiger.model.ensemble.compile import Compiler, check_rules
from papertiger.model.ensemble.engine import kernel_for
from papertiger.model.rules.beliefs import evidence_size
from papertiger.model.rules.own import RuleError
from papertiger.model.rules.rules import Rules


def halved(scale: float, weight: float, intensity: float) -> float:
    return 0.5 * evidence_size(scale, weight, intensity)


def forgetful(count: float, prior: float, forgetting: float) -> float:
    return prior + evidence_size(forgetting, count - prior, 2.0)


def endless(count: float, prior: float, forgetting: float) -> float:
    return endless(count, prior, forgetting) if count > prior else prior


def test_a_rule_may_call_the_shipped_one_whose_place_it_takes() -> None:
    rules = replace(Rules(), evidence_size=halved)
    check_rules(rules)
    assert Compiler(rules).compile(halved)(2.0, 1.0, 3.0) == halved(2.0, 1.0, 3.0) == 1.5


def test_a_rule_means_the_functions_that_it_names_whatever_else_is_replaced() -> None:
    rules = replace(Rules(), evidence_size=halved, forget=forgetful)
    assert Compiler(rules).compile(forgetful)(3.0, 1.0, 0.5) == forgetful(3.0, 1.0, 0.5) == 2.0


def test_a_rule_that_calls_itself_is_refused_by_name() -> None:
    with pytest.raises(RuleError, match="endless"):
        check_rules(replace(Rules(), forget=endless))


def test_the_same_rules_get_the_same_kernel() -> None:
    rules = replace(Rules(), evidence_size=halved)
    assert kernel_for(rules) is kernel_for(replace(Rules(), evidence_size=halved))
    assert kernel_for(rules) is not kernel_for(replace(Rules(), forget=forgetful))
