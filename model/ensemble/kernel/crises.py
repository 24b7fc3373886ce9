"""Let crises come and everybody answer in the compiled month."""

from __future__ import annotations

from typing import NamedTuple

from papertiger.model import randomness
from papertiger.model.constants import help_weights, rung_commitments
from papertiger.model.decisions import DELIVER, FREE, HELP, LAPSE, MEDIATION, NOTHING, WORDS
from papertiger.model.ensemble.kernel import state
from papertiger.model.ensemble.kernel.events import add_crisis, comes_from_air, hear_offer, post, suffer_attack
from papertiger.model.ensemble.kernel.state import Fixed, Key, Moving, draw, draw_for_all, given, made_cause
from papertiger.model.ensemble.tables import (
    ABANDONED,
    AIR_DEFENCE_FAILED,
    AIR_DEFENCE_HELD,
    CLAIM,
    COERCION,
    COURTS_ADVERSARY,
    CRITICISM,
    HELP_FAILED,
    HELP_TRIED,
    INTERVENED,
    SUPPORT_DELIVERED,
    SUPPORT_MISSING,
    WEAK_RESPONSE,
    WORDS_ONLY,
)
from papertiger.model.rules.beliefs import belief_mean
from papertiger.model.rules.choice import commitment
from papertiger.model.rules.options import offer_hazard
from papertiger.model.rules.patronage import (
    Plea,
    claim_hazard,
    coercion_hazard,
    courting_hazard,
    crisis_hazard,
    crisis_intensity,
    criticism_hazard,
    help_probability,
    help_works_probability,
    support_delivery_hazard,
    support_lapse_hazard,
    systems_hold_probability,
)
from papertiger.model.rules.threat import adversary_threat

TABLES_LOADING = float("nan")
"""A signal that a rule sends has the loading of the signal table."""


class Act(NamedTuple):
    """An unfriendly act: the decision that may give it, the purpose of its draw, its signal and its cause."""

    decision: int
    purpose: int
    role: int
    cause: int


COERCING = Act(state.COERCE_DECISION, randomness.COERCION, COERCION, state.COERCION_CAUSE)
CLAIMING = Act(state.CLAIM_DECISION, randomness.CLAIM, CLAIM, state.CLAIM_CAUSE)
CRITICISING = Act(state.CRITICISE_DECISION, randomness.CRITICISM, CRITICISM, state.CRITICISM_CAUSE)
COURTING = Act(state.COURT_DECISION, randomness.COURTING, COURTS_ADVERSARY, state.COURTING_CAUSE)


def face_crises(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let threats come due and everybody answer by rule, in generative months; settle what history left open."""
    if fixed.generative[month] != 0:
        draw_for_all(fixed, moving, key, month, randomness.CRISIS)
        for i in range(fixed.clients.shape[0]):
            if moving.clients[i].present != 0 and fixed.clients[i].lead == i:
                press(fixed, moving, key, month, i)
        for c in range(moving.written[1]):
            answer(fixed, moving, key, month, c)
        for i in range(fixed.clients.shape[0]):
            if moving.clients[i].present != 0:
                deal_with(fixed, moving, key, month, i)
        for i in range(fixed.clients.shape[0]):
            if moving.clients[i].present != 0:
                for rival in range(moving.offers.shape[1]):
                    court(fixed, moving, key, month, i, rival)
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present != 0:
            settle_unanswered(fixed, moving, i)


def press(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let an adversary decide whether a threat to a client comes due this month, and how hard."""
    constants, client, actor = fixed.constants[0], moving.clients[i], fixed.clients[i].key
    intensity = float(given(fixed, month, i, state.PRESS_DECISION))
    if intensity == FREE:
        intensity = 0.0
        threat = adversary_threat(fixed.outlooks[client.outlook].threat, client.attack_level)
        if moving.luck[i] < crisis_hazard(constants.crisis_hazard, threat):
            luck = draw(key, month, actor, randomness.CRISIS_INTENSITY)
            intensity = crisis_intensity(luck, constants.crisis_intensity)
    if intensity > 0.0:
        from_air = comes_from_air(fixed, key, month, i, fixed.clients[i].air_attacks)
        # A threat comes due to the client, and each of its patrons has to answer.
        for bond in range(i, fixed.clients.shape[0]):
            if fixed.clients[bond].lead != i:
                break
            suffer_attack(fixed, moving, bond, intensity)
            cause = made_cause(fixed, state.CRISIS_CAUSE, bond, month)
            add_crisis(moving, bond, intensity, cause, fixed.clients[bond].clash, from_air)


def answer(fixed: Fixed, moving: Moving, key: Key, month: int, c: int) -> None:
    """Let the patron answer a crisis: help that works or fails, words, or nothing."""
    constants, crisis = fixed.constants[0], moving.crises[c]
    i, intensity, cause = crisis.client, crisis.intensity, crisis.cause
    patron = moving.patron[fixed.clients[i].patron]
    actor, roles = fixed.clients[i].key, fixed.roles
    test_air_defence(fixed, moving, key, month, c)
    if not asks_for_help(fixed, moving, key, month, i):
        return
    response = given(fixed, month, i, state.RESPONSE_DECISION)
    if response == FREE:
        response = choose_response(fixed, moving, key, month, c)
    if response == HELP:
        works = help_works_probability(constants.help_works, patron.budget, patron.burden, constants.help_distraction)
        if draw(key, month, actor, randomness.HELP_WORKS) < works:
            post(moving, i, roles[INTERVENED], intensity, cause, TABLES_LOADING)
        else:
            post(moving, i, roles[HELP_FAILED], intensity, cause, TABLES_LOADING)
            post(moving, i, roles[HELP_TRIED], intensity, cause, TABLES_LOADING)
        return
    if response == NOTHING:
        post(moving, i, roles[ABANDONED], intensity, cause, TABLES_LOADING)
    elif response == WORDS:
        post(moving, i, roles[WORDS_ONLY], intensity, cause, TABLES_LOADING)
    elif response == MEDIATION:
        post(moving, i, roles[WEAK_RESPONSE], intensity, cause, TABLES_LOADING)
    complain(fixed, moving, key, month, i)


def test_air_defence(fixed: Fixed, moving: Moving, key: Key, month: int, c: int) -> None:
    """Let an attack from the air test the air defence that the patron supplied."""
    constants, crisis = fixed.constants[0], moving.crises[c]
    own, client = fixed.clients[crisis.client], moving.clients[crisis.client]
    if own.supplied_air_defence == 0 or crisis.from_air == 0:
        return
    holds = systems_hold_probability(constants.systems_hold, constants.support_loss, client.missing_support)
    held = draw(key, month, own.key, randomness.AIR_DEFENCE) < holds
    role = AIR_DEFENCE_HELD if held else AIR_DEFENCE_FAILED
    post(moving, crisis.client, fixed.roles[role], crisis.intensity, crisis.cause, TABLES_LOADING)


def asks_for_help(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> bool:
    """Decide whether a client calls the patron in a crisis; the chance is the commitment."""
    asks = given(fixed, month, i, state.ASK_DECISION)
    if asks != FREE:
        return asks > 0
    bound = commitment(moving.clients[i].posture, rung_commitments(fixed.constants[0]))
    return draw(key, month, fixed.clients[i].key, randomness.ASK_FOR_HELP) < bound


def choose_response(fixed: Fixed, moving: Moving, key: Key, month: int, c: int) -> int:
    """Decide by rule whether the patron helps, sends words, or does nothing."""
    constants, crisis = fixed.constants[0], moving.crises[c]
    i = crisis.client
    client, own = moving.clients[i], fixed.clients[i]
    patron, actor = moving.patron[own.patron], own.key
    plea = Plea(
        attention=moving.attention[i],
        even_attention=patron.even_attention,
        budget=patron.budget,
        clash=crisis.clash * fixed.rival_track[own.patron, month],
        trust=belief_mean(client.patron_trust_good, client.patron_trust_bad),
    )
    if draw(key, month, actor, randomness.HELP) < help_probability(plea, help_weights(constants)):
        return HELP
    abandons = draw(key, month, actor, randomness.REFUSAL) < constants.abandonment_share
    return NOTHING if abandons else WORDS


def complain(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Decide whether a client complains in public after a refusal, which costs the patron's trust."""
    constants = fixed.constants[0]
    complains = given(fixed, month, i, state.COMPLAIN_DECISION)
    if complains == FREE:
        luck = draw(key, month, fixed.clients[i].key, randomness.COMPLAINT)
        complains = 1 if luck < constants.complaint_rate else 0
    if complains != 0:
        moving.clients[i].trust_bad += constants.complaint_trust_cost


def deal_with(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let the patron coerce, claim, criticise, court the adversary, or let support lapse or flow."""
    constants, client, own = fixed.constants[0], moving.clients[i], fixed.clients[i]
    patron = moving.patron[own.patron]
    exposure = fixed.outlooks[client.outlook].exposure
    coercion = coercion_hazard(constants.coercion_rate, exposure, client.posture, constants.coercion_growth)
    claim = claim_hazard(constants.claim_rate, own.border, patron.burden)
    criticism = criticism_hazard(constants.criticism_rate, fixed.rival_track[own.patron, month], own.clash)
    courting = courting_hazard(constants.courting_rate, own.worth)
    act(fixed, moving, key, month, i, COERCING, coercion)
    act(fixed, moving, key, month, i, CLAIMING, claim)
    act(fixed, moving, key, month, i, CRITICISING, criticism)
    act(fixed, moving, key, month, i, COURTING, courting)
    if own.supplied_air_defence != 0:
        maintain(fixed, moving, key, month, i)


def act(fixed: Fixed, moving: Moving, key: Key, month: int, i: int, kind: Act, hazard: float) -> None:
    """Let the patron decide on one unfriendly act towards a client."""
    does = given(fixed, month, i, kind.decision)
    if does == FREE:
        does = 1 if hazard > 0.0 and draw(key, month, fixed.clients[i].key, kind.purpose) < hazard else 0
    if does != 0:
        cause = made_cause(fixed, kind.cause, i, month)
        post(moving, i, fixed.roles[kind.role], fixed.constants[0].act_intensity, cause, TABLES_LOADING)


def maintain(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let technical support lapse, or deliver it."""
    intensity = fixed.constants[0].support_intensity
    support = given(fixed, month, i, state.SUPPORT_DECISION)
    if support == FREE:
        support = choose_support(fixed, moving, key, month, i)
    if support == LAPSE:
        cause = made_cause(fixed, state.LAPSE_CAUSE, i, month)
        post(moving, i, fixed.roles[SUPPORT_MISSING], intensity, cause, TABLES_LOADING)
    elif support == DELIVER:
        cause = made_cause(fixed, state.DELIVERY_CAUSE, i, month)
        post(moving, i, fixed.roles[SUPPORT_DELIVERED], intensity, cause, TABLES_LOADING)


def choose_support(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> int:
    """Decide by rule: the war lets support lapse, capacity to spare lets it flow."""
    constants, patron, actor = fixed.constants[0], moving.patron[fixed.clients[i].patron], fixed.clients[i].key
    lapse = support_lapse_hazard(constants.support_lapse, patron.burden)
    if draw(key, month, actor, randomness.SUPPORT_LAPSE) < lapse:
        return LAPSE
    delivery = support_delivery_hazard(
        constants.support_delivery, patron.budget, moving.attention[i], patron.even_attention
    )
    return DELIVER if draw(key, month, actor, randomness.SUPPORT_DELIVERY) < delivery else NOTHING


def court(fixed: Fixed, moving: Moving, key: Key, month: int, i: int, rival: int) -> None:
    """Let a rival decide whether to raise its offer to a client."""
    constants, client = fixed.constants[0], moving.clients[i]
    bound = commitment(client.posture, rung_commitments(constants))
    hazard = offer_hazard(constants.offer_rate, bound, fixed.openness[client.outlook, rival])
    if decides(fixed, key, month, i, rival, state.RAISE_DECISION, randomness.OFFER, hazard):
        hear_offer(fixed, moving, i, rival, constants.offer_intensity)


def decides(
    fixed: Fixed, key: Key, month: int, i: int, rival: int, decision: int, purpose: int, hazard: float
) -> bool:
    """Let a rival decide about its offer to a client."""
    if fixed.offer_decisions.shape[0] != 0:
        decided = fixed.offer_decisions[month, i, rival, decision]
        if decided != FREE:
            return bool(decided > 0)
    return hazard > 0.0 and draw(key, month, fixed.offer_keys[i, rival], purpose) < hazard


def settle_unanswered(fixed: Fixed, moving: Moving, i: int) -> None:
    """Count a dated attack as abandonment when no response came in its month or the next."""
    client = moving.clients[i]
    if client.unanswered_intensity == 0.0 and client.new_attack_intensity == 0.0:
        return
    answered = False
    if client.posted != 0:
        for signal in range(fixed.signals.shape[0]):
            if moving.board[i, signal].intensity > 0.0 and fixed.signals[signal].response != 0:
                answered = True
    if client.unanswered_intensity > 0.0 and not answered:
        cause = fixed.events.shape[0] + client.unanswered_cause
        post(moving, i, fixed.roles[ABANDONED], client.unanswered_intensity, cause, TABLES_LOADING)
    client.unanswered_intensity = 0.0
    if not answered and client.new_attack_intensity > 0.0:
        client.unanswered_intensity = client.new_attack_intensity
        client.unanswered_cause = client.new_attack_cause
