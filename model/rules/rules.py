"""The rules of a month as one replaceable bundle.

A modeler replaces a rule by passing another function with the same arguments:
``World(scenario, rules=replace(Rules(), utility=my_utility))``. The agents call the rules through a :class:`Rules`;
the kernel names the shipped ones, and `papertiger.model.ensemble.compile` puts a modeler's in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from papertiger.model.rules import (
    beliefs,
    breaks,
    choice,
    fear,
    feedback,
    options,
    patronage,
    succession,
    threat,
    ties,
)
from papertiger.model.rules.breaks import BreakEffects, BreakRungs, BreakStocks
from papertiger.model.rules.choice import Position, Rungs, UtilityWeights
from papertiger.model.rules.patronage import HelpWeights, Plea
from papertiger.model.rules.ties import Pull
from papertiger.scenarios.arguments import check_kind
from papertiger.scenarios.errors import shorten


@dataclass(frozen=True)
class Rules:
    """One function per rule; each is documented where it is defined."""

    forget: Callable[[float, float, float], float] = beliefs.forget
    belief_mean: Callable[[float, float], float] = beliefs.belief_mean
    protection: Callable[[float, float], float] = beliefs.protection
    evidence_size: Callable[[float, float, float], float] = beliefs.evidence_size
    excused_weight: Callable[[float, float, float], float] = beliefs.excused_weight
    hard_times_loading: Callable[[float, float, float], float] = beliefs.hard_times_loading
    cap_factor: Callable[[float, float], float] = beliefs.cap_factor
    witness_share: Callable[[float, float], float] = beliefs.witness_share
    inherit: Callable[[float, float, float, float], float] = beliefs.inherit
    fade: Callable[[float, float], float] = threat.fade
    impulse: Callable[[float, float], float] = threat.impulse
    invasion_impulse: Callable[[float, float], float] = threat.invasion_impulse
    adversary_threat: Callable[[float, float], float] = threat.adversary_threat
    patron_threat: Callable[[float], float] = threat.patron_threat
    offered_protection: Callable[[float, float, float, float, float], float] = options.offered_protection
    offered_economy: Callable[[float, float, float, float], float] = options.offered_economy
    option_value: Callable[[float, float, float, float], float] = options.option_value
    offer_hazard: Callable[[float, float, float], float] = options.offer_hazard
    is_rejected: Callable[[int, int], bool] = options.is_rejected
    commitment: Callable[[int, Rungs], float] = choice.commitment
    last_posture: Callable[[int, bool], int] = choice.last_posture
    retaliation_fear: Callable[[float, float, float, float, float], float] = fear.retaliation_fear
    anchor: Callable[[float, Position, UtilityWeights], float] = choice.anchor
    utility: Callable[[int, int, float, Position, UtilityWeights], float] = choice.utility
    patron_attraction: Callable[[Pull, float, float], float] = ties.patron_attraction
    supply_shortfall: Callable[[float, float], float] = ties.supply_shortfall
    tie_weight: Callable[[float, float, float], float] = ties.tie_weight
    next_tie: Callable[[float, float, float], float] = ties.next_tie
    lasting_memory: Callable[[float, float], float] = ties.lasting_memory
    logit_weight: Callable[[float, float, float], float] = choice.logit_weight
    break_hazard: Callable[[float, BreakStocks, BreakEffects], float] = breaks.break_hazard
    break_weight: Callable[[int, int, BreakRungs], float] = breaks.break_weight
    attention_weight: Callable[[float, float], float] = patronage.attention_weight
    war_value: Callable[[float, float], float] = patronage.war_value
    help_probability: Callable[[Plea, HelpWeights], float] = patronage.help_probability
    help_works_probability: Callable[[float, float, float, float], float] = patronage.help_works_probability
    systems_hold_probability: Callable[[float, float, float], float] = patronage.systems_hold_probability
    crisis_hazard: Callable[[float, float], float] = patronage.crisis_hazard
    crisis_intensity: Callable[[float, float], float] = patronage.crisis_intensity
    coercion_hazard: Callable[[float, float, int, float], float] = patronage.coercion_hazard
    claim_hazard: Callable[[float, float, float], float] = patronage.claim_hazard
    criticism_hazard: Callable[[float, float, float], float] = patronage.criticism_hazard
    courting_hazard: Callable[[float, float], float] = patronage.courting_hazard
    support_lapse_hazard: Callable[[float, float], float] = patronage.support_lapse_hazard
    support_delivery_hazard: Callable[[float, float, float, float], float] = patronage.support_delivery_hazard
    covert_chance: Callable[[float, float, float], float] = succession.covert_chance
    succession_hazard: Callable[[float, float, float], float] = succession.succession_hazard
    budget: Callable[[float, float, float, float], float] = feedback.budget
    burden: Callable[[float, float, float], float] = feedback.burden
    next_income: Callable[[float, float, float, float], float] = feedback.next_income


def check_rules_given(rules: object) -> None:
    """Refuse what is no bundle of rules, or one in which a rule is no function.

    Raises
    ------
    TypeError
        Naming the rule.
    """
    if rules is None:
        return
    given = check_kind("rules", rules, Rules, "a Rules, such as replace(Rules(), utility=my_utility)")
    for field in fields(Rules):
        if not callable(rule := getattr(given, field.name)):
            raise TypeError(f"rules: {field.name}: expected a function, got {shorten(rule)}")
