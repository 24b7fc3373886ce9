"""Steps 2 and 3 of the compiled month: attention, crises and responses."""

from __future__ import annotations

from papertiger.model.decisions import DELIVER, FREE, HELP, LAPSE, MEDIATION, NOTHING, WORDS
from papertiger.model.ensemble.kernel.events import add_crisis, hear_offer, post
from papertiger.model.ensemble.kernel.state import (
    ASK_DECISION,
    CLAIM_CAUSE,
    CLAIM_DECISION,
    COERCE_DECISION,
    COERCION_CAUSE,
    COMPLAIN_DECISION,
    COURT_DECISION,
    COURTING_CAUSE,
    CRISIS_CAUSE,
    CRITICISE_DECISION,
    CRITICISM_CAUSE,
    DELIVERY_CAUSE,
    LAPSE_CAUSE,
    PRESS_DECISION,
    RAISE_DECISION,
    RESPONSE_DECISION,
    SUPPORT_DECISION,
    Fixed,
    Key,
    Moving,
    draw,
    draw_for_all,
    given_decision,
    made_cause,
)
from papertiger.model.ensemble.tables import (
    ABANDONED,
    AIR_DEFENCE_FAILED,
    AIR_DEFENCE_HELD,
    HELP_FAILED,
    HELP_TRIED,
    INTERVENED,
    SUPPORT_DELIVERED,
    SUPPORT_MISSING,
    WEAK_RESPONSE,
    WORDS_ONLY,
)
from papertiger.model.ensemble.tables import CLAIM as CLAIM_ROLE
from papertiger.model.ensemble.tables import COERCION as COERCION_ROLE
from papertiger.model.ensemble.tables import COURTS_ADVERSARY as COURTING_ROLE
from papertiger.model.ensemble.tables import CRITICISM as CRITICISM_ROLE
from papertiger.model.randomness import (
    AIR_DEFENCE,
    ASK_FOR_HELP,
    CLAIM,
    COERCION,
    COMPLAINT,
    COURTING,
    CRISIS,
    CRISIS_INTENSITY,
    CRITICISM,
    HELP_WORKS,
    OFFER,
    REFUSAL,
    SUPPORT_DELIVERY,
    SUPPORT_LAPSE,
)
from papertiger.model.randomness import HELP as HELP_PURPOSE
from papertiger.model.rules.beliefs import belief_mean
from papertiger.model.rules.choice import REALIGNED, commitment
from papertiger.model.rules.options import offer_hazard
from papertiger.model.rules.patronage import (
    attention_weight,
    claim_hazard,
    coercion_hazard,
    courting_hazard,
    crisis_hazard,
    criticism_hazard,
    help_probability,
    help_works_probability,
    support_delivery_hazard,
    support_lapse_hazard,
    systems_hold_probability,
    war_value,
)
from papertiger.model.rules.threat import adversary_threat, impulse


def spread_attention(fixed: Fixed, moving: Moving, month: int) -> None:
    """Share the patron's attention among the war, the track with the main rival and the clients."""
    constants, patron = fixed.constants[0], moving.patron[0]
    focus = constants.attention_focus
    war = attention_weight(focus, war_value(constants.war_attention, patron.burden))
    track = attention_weight(focus, fixed.rival_track[month])
    total = war + track
    count = 0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        weight = 0.0
        if client.present != 0:
            count += 1
            if client.posture != REALIGNED:
                value = fixed.clients[i].value
                if fixed.attention_decisions.shape[0] != 0:
                    given = fixed.attention_decisions[month, i]
                    if given == given:  # not NaN, which compiled code tells apart in this way  # noqa: PLR0124
                        value = given
                weight = attention_weight(focus, value)
        moving.attention[i] = weight
        total += weight
    for i in range(fixed.clients.shape[0]):
        moving.attention[i] = moving.attention[i] / total
    patron.even_attention = 1.0 / (count + 2)


def face_crises(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let threats come due, and let everybody answer by rule."""
    draw_for_all(fixed, moving, key, month, CRISIS)
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present != 0:
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


def press(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let the adversary decide whether a threat to a client comes due, and how hard."""
    constants, client, actor = fixed.constants[0], moving.clients[i], fixed.clients[i].key
    intensity = float(given_decision(fixed, month, i, PRESS_DECISION))
    if intensity == FREE:
        intensity = 0.0
        threat = adversary_threat(fixed.outlooks[client.outlook].threat, client.attack_level)
        if moving.luck[i] < crisis_hazard(constants.crisis_hazard, threat):
            intensity = 1.0 + int(3.0 * draw(key, month, actor, CRISIS_INTENSITY))
    if intensity > 0.0:
        client.attack_level += impulse(constants.attack_threat, intensity)
        client.triggered = 1
        cause = made_cause(fixed, CRISIS_CAUSE, i, month)
        add_crisis(moving, i, intensity, cause, fixed.clients[i].clash)


def answer(fixed: Fixed, moving: Moving, key: Key, month: int, c: int) -> None:
    """Let the patron answer a crisis: help that works or fails, words, or nothing."""
    constants, patron, crisis = fixed.constants[0], moving.patron[0], moving.crises[c]
    i, intensity, cause = crisis.client, crisis.intensity, crisis.cause
    client, actor, roles = moving.clients[i], fixed.clients[i].key, fixed.roles
    none = float("nan")
    if fixed.clients[i].supplied_air_defence != 0:
        holds = systems_hold_probability(constants.systems_hold, constants.support_loss, client.missing_support)
        held = draw(key, month, actor, AIR_DEFENCE) < holds
        post(moving, i, roles[AIR_DEFENCE_HELD if held else AIR_DEFENCE_FAILED], intensity, cause, none)
    asks = given_decision(fixed, month, i, ASK_DECISION)
    if asks == FREE:
        asks = 1 if draw(key, month, actor, ASK_FOR_HELP) < commitment(client.posture) else 0
    if asks == 0:
        return
    response = given_decision(fixed, month, i, RESPONSE_DECISION)
    if response == FREE:
        response = choose_response(fixed, moving, key, month, c)
    if response == HELP:
        works = help_works_probability(constants.help_works, patron.budget, patron.burden)
        if draw(key, month, actor, HELP_WORKS) < works:
            post(moving, i, roles[INTERVENED], intensity, cause, none)
        else:
            post(moving, i, roles[HELP_FAILED], intensity, cause, none)
            post(moving, i, roles[HELP_TRIED], intensity, cause, none)
        return
    if response == NOTHING:
        post(moving, i, roles[ABANDONED], intensity, cause, none)
    elif response == WORDS:
        post(moving, i, roles[WORDS_ONLY], intensity, cause, none)
    elif response == MEDIATION:
        post(moving, i, roles[WEAK_RESPONSE], intensity, cause, none)
    complains = given_decision(fixed, month, i, COMPLAIN_DECISION)
    if complains == FREE:
        complains = 1 if draw(key, month, actor, COMPLAINT) < constants.complaint_rate else 0
    if complains != 0:
        client.trust_bad += constants.complaint_trust_cost


def choose_response(fixed: Fixed, moving: Moving, key: Key, month: int, c: int) -> int:
    """Decide by rule whether the patron helps, sends words, or does nothing."""
    constants, patron, crisis = fixed.constants[0], moving.patron[0], moving.crises[c]
    i = crisis.client
    client, actor = moving.clients[i], fixed.clients[i].key
    helps = help_probability(
        moving.attention[i],
        patron.even_attention,
        patron.budget,
        crisis.clash * fixed.rival_track[month],
        belief_mean(client.patron_trust_good, client.patron_trust_bad),
        constants.response_base,
        constants.response_attention,
        constants.response_clash,
        constants.response_trust,
    )
    if draw(key, month, actor, HELP_PURPOSE) < helps:
        return HELP
    return NOTHING if draw(key, month, actor, REFUSAL) < constants.abandonment_share else WORDS


def act(
    fixed: Fixed,
    moving: Moving,
    key: Key,
    month: int,
    i: int,
    decision: int,
    purpose: int,
    hazard: float,
    role: int,
    cause: int,
) -> None:
    """Let the patron decide on one unfriendly act towards a client."""
    does = given_decision(fixed, month, i, decision)
    if does == FREE:
        does = 1 if hazard > 0.0 and draw(key, month, fixed.clients[i].key, purpose) < hazard else 0
    if does != 0:
        post(moving, i, fixed.roles[role], 2.0, made_cause(fixed, cause, i, month), float("nan"))


def deal_with(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let the patron coerce, claim, criticise, court the adversary, or let support lapse or flow."""
    constants, patron, client, own = fixed.constants[0], moving.patron[0], moving.clients[i], fixed.clients[i]
    exposure = fixed.outlooks[client.outlook].exposure
    hazard = coercion_hazard(constants.coercion_rate, exposure, client.posture)
    act(fixed, moving, key, month, i, COERCE_DECISION, COERCION, hazard, COERCION_ROLE, COERCION_CAUSE)
    hazard = claim_hazard(constants.claim_rate, own.border, patron.burden)
    act(fixed, moving, key, month, i, CLAIM_DECISION, CLAIM, hazard, CLAIM_ROLE, CLAIM_CAUSE)
    hazard = criticism_hazard(constants.criticism_rate, fixed.rival_track[month], own.clash)
    act(fixed, moving, key, month, i, CRITICISE_DECISION, CRITICISM, hazard, CRITICISM_ROLE, CRITICISM_CAUSE)
    hazard = courting_hazard(constants.courting_rate, own.worth)
    act(fixed, moving, key, month, i, COURT_DECISION, COURTING, hazard, COURTING_ROLE, COURTING_CAUSE)
    if own.supplied_air_defence != 0:
        maintain(fixed, moving, key, month, i)


def maintain(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let technical support lapse, or deliver it."""
    constants, patron, actor = fixed.constants[0], moving.patron[0], fixed.clients[i].key
    support = given_decision(fixed, month, i, SUPPORT_DECISION)
    if support == FREE:
        support = NOTHING
        if draw(key, month, actor, SUPPORT_LAPSE) < support_lapse_hazard(constants.support_lapse, patron.burden):
            support = LAPSE
        else:
            delivery = support_delivery_hazard(
                constants.support_delivery, patron.budget, moving.attention[i], patron.even_attention
            )
            if draw(key, month, actor, SUPPORT_DELIVERY) < delivery:
                support = DELIVER
    if support == LAPSE:
        cause = made_cause(fixed, LAPSE_CAUSE, i, month)
        post(moving, i, fixed.roles[SUPPORT_MISSING], 2.0, cause, float("nan"))
    elif support == DELIVER:
        cause = made_cause(fixed, DELIVERY_CAUSE, i, month)
        post(moving, i, fixed.roles[SUPPORT_DELIVERED], 2.0, cause, float("nan"))


def rival_decides(
    fixed: Fixed, key: Key, month: int, i: int, rival: int, decision: int, purpose: int, hazard: float
) -> bool:
    """Let a rival decide about its offer to a client."""
    if fixed.offer_decisions.shape[0] != 0:
        given = fixed.offer_decisions[month, i, rival, decision]
        if given != FREE:
            return bool(given > 0)
    return hazard > 0.0 and draw(key, month, fixed.offer_keys[i, rival], purpose) < hazard


def court(fixed: Fixed, moving: Moving, key: Key, month: int, i: int, rival: int) -> None:
    """Let a rival decide whether to raise its offer to a client."""
    client = moving.clients[i]
    hazard = offer_hazard(
        fixed.constants[0].offer_rate, commitment(client.posture), fixed.openness[client.outlook, rival]
    )
    if rival_decides(fixed, key, month, i, rival, RAISE_DECISION, OFFER, hazard):
        hear_offer(fixed, moving, i, rival, 2.0)
