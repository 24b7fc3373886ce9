"""Hold the constants of one run as plain floats, and gather those that a rule takes together.

The names are those of the scenario's parameters, written out so that a checker knows them. The functions read a
`Constants` and the kernel's record of the same names alike.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from papertiger.model.rules.beliefs import SimilarityWeights
from papertiger.model.rules.breaks import BreakEffects, BreakRungs
from papertiger.model.rules.choice import Rungs, UtilityWeights
from papertiger.model.rules.patronage import HelpWeights
from papertiger.model.rules.threat import ExposureWeights


@dataclass(frozen=True)
class Constants:
    """The parameters of one run as plain floats, by the names of `papertiger.scenarios.schema.parameters`."""

    # Beliefs
    prior_strength: float
    prior_capability: float
    prior_resolve_pact: float
    prior_resolve_treaty: float
    prior_resolve_none: float
    forgetting: float
    bad_news_weight: float
    witness_weight: float
    hard_times_excuse: float
    blame_shift: float
    evidence_scale: float
    system_cap: float
    evidence_cap: float
    similarity_pact: float
    similarity_region: float
    similarity_adversary: float
    # Threats and offers
    attack_memory: float
    attack_threat: float
    exposure_border: float
    exposure_bases: float
    exposure_diaspora: float
    patron_threat_memory: float
    claim_threat: float
    invasion_threat: float
    offer_memory: float
    offer_size: float
    offer_protection: float
    lock_in: float
    protection_reach: float
    distance_reach: float
    # Ties
    tie_noise: float
    arms_tie_rate: float
    economy_tie_rate: float
    supply_burden: float
    tie_others: float
    procurement_lasting: float
    # Choice
    choice_noise: float
    commitment_hedging: float
    commitment_distancing: float
    commitment_suspended: float
    switching_cost: float
    realignment_cost: float
    review_rate: float
    economy_weight: float
    arms_weight: float
    autonomy_price: float
    patron_threat_weight: float
    retaliation_fear: float
    fear_distraction: float
    standing_cost: float
    contagion: float
    anchoring: float
    successor_noise: float
    # Breaks
    break_away: float
    break_toward: float
    break_memory: float
    break_ruler: float
    break_coercion: float
    break_disengagement: float
    break_pledge: float
    break_toward_ruler: float
    break_to_loyal: float
    break_to_hedging: float
    break_to_distancing: float
    break_to_suspended: float
    break_to_realigned: float
    # Covert hedging
    covert_start: float
    covert_health: float
    covert_growth: float
    covert_discovery: float
    covert_trust_cost: float
    covert_threat: float
    # Sub-state
    succession_base: float
    succession_health: float
    succession_contested: float
    succession_cost: float
    succession_months: float
    # Patron
    attention_focus: float
    war_attention: float
    response_base: float
    response_attention: float
    response_clash: float
    response_trust: float
    help_works: float
    help_distraction: float
    systems_hold: float
    support_loss: float
    support_memory: float
    support_swing: float
    trust_prior_good: float
    trust_prior_bad: float
    trust_forgetting: float
    step_trust_cost: float
    complaint_trust_cost: float
    # Feedback
    budget_feedback: float
    burden_feedback: float
    # Generative rules
    crisis_hazard: float
    crisis_intensity: float
    abandonment_share: float
    act_intensity: float
    coercion_rate: float
    coercion_growth: float
    claim_rate: float
    criticism_rate: float
    courting_rate: float
    support_lapse: float
    support_delivery: float
    support_intensity: float
    offer_rate: float
    offer_intensity: float
    offer_withdrawal: float
    complaint_rate: float


CONSTANT_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Constants))


def rung_commitments(constants: Constants) -> Rungs:
    """Return the commitments of the rungs between the ladder's ends."""
    return Rungs(constants.commitment_hedging, constants.commitment_distancing, constants.commitment_suspended)


def utility_weights(constants: Constants, free: bool) -> UtilityWeights:
    """Return the constants of the utility.

    Parameters
    ----------
    constants
        Of the run.
    free
        Leave out the costs of moving, as for a successor.
    """
    return UtilityWeights(
        constants.economy_weight,
        constants.autonomy_price,
        constants.patron_threat_weight,
        constants.standing_cost,
        constants.contagion,
        0.0 if free else constants.switching_cost,
        0.0 if free else constants.realignment_cost,
        constants.anchoring,
    )


def unobserved_scale(constants: Constants, free: bool) -> float:
    """Return the scale of the unobserved part of utility, wider for a successor, of whom less is known.

    Parameters
    ----------
    constants
        Of the run.
    free
        The choice is a successor's first.
    """
    return constants.choice_noise * constants.successor_noise if free else constants.choice_noise


def help_weights(constants: Constants) -> HelpWeights:
    """Return the constants of the patron's answer to a call for help."""
    return HelpWeights(
        constants.response_base, constants.response_attention, constants.response_clash, constants.response_trust
    )


def exposure_weights(constants: Constants) -> ExposureWeights:
    """Return what a border, bases and a diaspora count for in exposure."""
    return ExposureWeights(constants.exposure_border, constants.exposure_bases, constants.exposure_diaspora)


def similarity_weights(constants: Constants) -> SimilarityWeights:
    """Return what a shared pact, region and adversary count for in similarity."""
    return SimilarityWeights(constants.similarity_pact, constants.similarity_region, constants.similarity_adversary)


def break_effects(constants: Constants, toward: bool) -> BreakEffects:
    """Return what the causes of a break multiply its hazard by, in logarithms.

    Parameters
    ----------
    constants
        Of the run.
    toward
        The break is one towards the patron, which only a new ruler makes likelier.
    """
    if toward:
        return BreakEffects(constants.break_toward_ruler, 0.0, 0.0, 0.0)
    return BreakEffects(
        constants.break_ruler, constants.break_coercion, constants.break_disengagement, constants.break_pledge
    )


def break_rungs(constants: Constants) -> BreakRungs:
    """Return how likely each rung is as the place where a break ends."""
    return BreakRungs(
        constants.break_to_loyal,
        constants.break_to_hedging,
        constants.break_to_distancing,
        constants.break_to_suspended,
        constants.break_to_realigned,
    )
