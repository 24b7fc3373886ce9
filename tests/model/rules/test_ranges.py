"""A rule that returns what it may not stops the run, with rule, client and month, in both engines."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

import pytest

from papertiger.model.agents.rerun import Rerun
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.rules.ranges import RANGES, RuleRangeError, guarded
from papertiger.model.rules.rules import Rules
from papertiger.model.template import build_setting
from tests.model.busy import busy_world
from tests.model.worlds import finished


def nan(*_: Any, **__: Any) -> float:
    return math.nan


@pytest.mark.parametrize("name", [field.name for field in fields(Rules)])
@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_every_rule_is_stopped_where_it_returns_no_number(name: str, wrong: float) -> None:
    changed: dict[str, Any] = {name: lambda *_, **__: wrong}
    rules = guarded(replace(Rules(), **changed))
    with pytest.raises(RuleRangeError, match=rf"the rule '{name}' returned (nan|-?inf) of \(\): expected a "):
        getattr(rules, name)()


def test_every_rule_has_a_range_and_no_other() -> None:
    assert list(RANGES) == [field.name for field in fields(Rules)]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("forget", r"for \w+ in \d{4}-\d\d of run 0"),
        ("anchor", r"for \w+ in \d{4}-\d\d of run 0"),
        ("utility", r"for \w+ in \d{4}-\d\d of run 0"),
        ("help_probability", r"for \w+ in \d{4}-\d\d of run 0"),
        ("budget", r"in 2020-01 of run 0"),
    ],
)
def test_the_reference_model_names_rule_client_and_month(name: str, place: str) -> None:
    changed: dict[str, Any] = {name: nan}
    with pytest.raises(RuleRangeError, match=rf"the rule '{name}' returned nan of \([^)]*\) {place}: expected a"):
        finished(busy_world(), rules=replace(Rules(), **changed))


def test_weights_of_which_none_can_be_drawn_are_stopped() -> None:
    with pytest.raises(RuleRangeError, match="'logit_weight' returned 0.0"):
        finished(busy_world(), rules=replace(Rules(), logit_weight=lambda utility, best, noise: 0.0))


def test_the_shipped_rules_keep_their_ranges_and_watching_changes_nothing() -> None:
    world = busy_world()
    watched = Rerun(world, build_setting(world, 1), None, None)
    watched.run()
    assert watched.record.clients == finished(world).record.clients


def beyond(good: float, bad: float) -> float:
    """Return a belief that grows beyond 1 when news is very good."""
    return good / (good + bad) if good < 6.0 else 1.5


@pytest.mark.slow  # compiles the whole kernel with rules of its own
def test_the_ensemble_gives_the_same_error_as_the_reference_model() -> None:
    rules = replace(Rules(), belief_mean=beyond)
    with pytest.raises(RuleRangeError) as of_world:
        _ = [finished(busy_world(), rules=rules, run=run) for run in range(50)]
    with pytest.raises(RuleRangeError) as of_ensemble:
        ensemble(busy_world(), 50, rules=rules, chunk=7, threads=1)
    assert str(of_ensemble.value) == str(of_world.value)
    assert "for " in str(of_world.value)
