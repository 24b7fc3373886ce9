"""The bundle of rules: each has a contract under test, and each is really asked by the world."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import pytest

from papertiger.model.rules.rules import Rules
from tests.model.busy import busy_world
from tests.model.rules import (
    test_beliefs,
    test_breaks,
    test_choice,
    test_covert,
    test_fear,
    test_feedback,
    test_options,
    test_patronage,
    test_threat,
    test_ties,
)
from tests.model.rules.contracts import RuleContract
from tests.model.worlds import client, event, everything, finished, world_of

HOMES = (
    test_beliefs,
    test_breaks,
    test_choice,
    test_covert,
    test_fear,
    test_feedback,
    test_options,
    test_patronage,
    test_threat,
    test_ties,
)
NAMES = [field.name for field in fields(Rules)]


@cache
def plain() -> list[Any]:
    return finished(busy_world()).record.clients


def test_every_rule_has_a_contract_under_test() -> None:
    held = {
        kind.field: kind.rule
        for home in HOMES
        for kind in vars(home).values()
        if isinstance(kind, type) and issubclass(kind, RuleContract) and kind is not RuleContract
    }
    assert sorted(held) == sorted(NAMES)
    for name in NAMES:
        assert held[name] is getattr(Rules(), name)


@pytest.mark.parametrize("name", NAMES)
def test_a_replaced_rule_is_asked_and_only_it(name: str) -> None:
    asked = 0
    shipped_rule = getattr(Rules(), name)

    def listening(*given: Any) -> Any:
        nonlocal asked
        asked += 1
        return shipped_rule(*given)

    world = finished(busy_world(), rules=replace(Rules(), **{name: listening}))
    assert asked > 0
    assert world.record.clients == plain()


def test_a_month_without_evidence_asks_for_no_cap() -> None:
    proportional = replace(Rules(), cap_factor=lambda total, cap: min(1.0, cap / total))
    events = {"one": event("abandoned", "2020-02", "A", intensity=3)}
    scenario = world_of({"A": client()}, events)
    assert everything(finished(scenario, rules=proportional)) == everything(finished(scenario))


def test_the_rules_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Rules().utility = None  # type: ignore[misc, assignment]
