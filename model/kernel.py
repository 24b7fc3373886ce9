"""The month of the reference model over tables, written so that Numba can compile it.

Each function is one step of `model.world` and `model.agents`, in the same order and with the same rules and draws;
where the agents add from left to right, so does this. It is ordinary Python as it stands; `model.compiled`
compiles it with the rules of a `model.rules.Rules`.

The arguments are always the tables that do not change (``fixed``), the state of one run (``moving``), the run's
key and the month.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from model.beliefs import (
    belief_mean,
    cap_factor,
    evidence_size,
    forget,
    hard_times_loading,
    inherit,
    protection,
    witness_share,
)
from model.choice import (
    HEDGING,
    LOYAL,
    REALIGNED,
    SUSPENDED,
    anchor,
    commitment,
    last_posture,
    logit_weight,
    retaliation_fear,
    utility,
)
from model.feedback import budget, burden, next_income
from model.options import is_rejected, offer_hazard, offered_economy, offered_protection, option_value
from model.orders import DELIVER, FREE, HELP, LAPSE, MEDIATION, NOTHING, WORDS, Decision, Offer
from model.patronage import (
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
from model.randomness import (
    AIR_DEFENCE,
    ASK_FOR_HELP,
    CHOICE,
    CLAIM,
    COERCION,
    COMPLAINT,
    COURTING,
    COVERT_DISCOVERY,
    COVERT_START,
    CRISIS,
    CRISIS_INTENSITY,
    CRITICISM,
    HELP_WORKS,
    INCOME,
    OFFER,
    OFFER_WITHDRAWAL,
    REFUSAL,
    REVIEW,
    SUCCESSION,
    SUCCESSION_CONTESTED,
    SUPPORT_DELIVERY,
    SUPPORT_LAPSE,
    normal,
    uniform,
)
from model.randomness import HELP as HELP_PURPOSE
from model.setting import ATTACK, INVASION, LEADER_HEALTH, NOBODY, OFFER_WITHDRAWN, REGIME_LOSS, SIGNAL
from model.setting import OFFER as OFFER_KIND
from model.succession import succession_hazard
from model.tables import (
    ABANDONED,
    AIR_DEFENCE_FAILED,
    AIR_DEFENCE_HELD,
    HELP_FAILED,
    HELP_TRIED,
    INTERVENED,
    NO_OUTLOOK,
    OWN,
    SUCCESSION_CAUSE,
    SUPPORT_DELIVERED,
    SUPPORT_MISSING,
    WAR,
    WAR_CAUSE,
    WAR_HOLDS,
    WEAK_RESPONSE,
    WITNESSED,
    WORDS_ONLY,
)
from model.tables import CLAIM as CLAIM_ROLE
from model.tables import COERCION as COERCION_ROLE
from model.tables import COURTS_ADVERSARY as COURTING_ROLE
from model.tables import CRITICISM as CRITICISM_ROLE
from model.tables import SUCCESSION as SUCCESSION_CHANNEL
from model.threat import adversary_threat, fade, impulse, invasion_impulse, patron_threat

# Plain integers, since compiled code knows no enumerations of ours.
POSTURE_ORDER = int(Decision.POSTURE)
COVERT_ORDER = int(Decision.COVERT)
ASK_ORDER = int(Decision.ASK)
COMPLAIN_ORDER = int(Decision.COMPLAIN)
PRESS_ORDER = int(Decision.PRESS)
RESPONSE_ORDER = int(Decision.RESPONSE)
COERCE_ORDER = int(Decision.COERCE)
CLAIM_ORDER = int(Decision.CLAIM)
CRITICISE_ORDER = int(Decision.CRITICISE)
COURT_ORDER = int(Decision.COURT)
SUPPORT_ORDER = int(Decision.SUPPORT)
RAISE_ORDER = int(Offer.RAISE)
WITHDRAW_ORDER = int(Offer.WITHDRAW)
CRISIS_CAUSE, COERCION_CAUSE, CLAIM_CAUSE, CRITICISM_CAUSE, COURTING_CAUSE, LAPSE_CAUSE, DELIVERY_CAUSE = range(7)


class Fixed(NamedTuple):
    """What no run changes; see `model.tables.Tables` and `model.tables.Orders`."""

    constants: Any
    clients: Any
    outlooks: Any
    base_protection: Any
    base_economy: Any
    openness: Any
    signals: Any
    events: Any
    event_starts: Any
    similarity: Any
    assets: Any
    asset_values: Any
    asset_totals: Any
    war_burden: Any
    rival_track: Any
    income_known: Any
    generative: Any
    offer_keys: Any
    roles: Any
    decisions: Any
    offer_orders: Any
    attention_orders: Any


class Moving(NamedTuple):
    """The state of one run, and room for one month's business.

    ``board`` is N x S; ``evidence`` N x S; ``crises`` as long as a month may need; ``open_offers`` N x K;
    ``attention`` N; ``weights`` 5; ``ledger`` may have length 0, and ``written`` counts its rows.
    """

    clients: Any
    offers: Any
    patron: Any
    board: Any
    evidence: Any
    crises: Any
    open_offers: Any
    attention: Any
    weights: Any
    ledger: Any
    written: Any


class Key(NamedTuple):
    """What identifies the draws of a run."""

    seed: int
    run: int
    first_month: int
    patron_key: int
    income_drawn_from: int
    income_persistence: float
    income_noise: float


def draw(key: Key, month: int, actor: int, purpose: int) -> float:
    """Draw a uniform number for an actor and a purpose in a month of the run."""
    return uniform(key.seed, key.run, key.first_month + month, actor, purpose, 0)


def order_of(fixed: Fixed, month: int, client: int, decision: int) -> int:
    """Return what is ordered about a client, or ``FREE``."""
    if fixed.decisions.shape[0] == 0:
        return FREE
    return int(fixed.decisions[month, client, decision])


def made_cause(fixed: Fixed, kind: int, client: int, month: int) -> int:
    """Return the code of a cause that a rule makes; `model.tables.cause_name` reads it."""
    months = fixed.generative.shape[0]
    return int(2 * fixed.events.shape[0] + (kind * fixed.clients.shape[0] + client) * months + month)


def month_step(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Run one month."""
    begin_month(fixed, moving, key, month)
    let_events_happen(fixed, moving, key, month)
    generative = fixed.generative[month] != 0
    if generative:
        spread_attention(fixed, moving, month)
        face_crises(fixed, moving, key, month)
    weigh_own(fixed, moving, month)
    weigh_witnessed(fixed, moving, month)
    succeed(fixed, moving, month)
    review(fixed, moving, key, month)
    move(fixed, moving, key, month)
    take_stock(fixed, moving, month)


# Step 1: events and shocks


def begin_month(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let impulses fade, clear what belongs to one month, and take the month's income and burden."""
    constants, patron = fixed.constants[0], moving.patron[0]
    loss = 0.0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        client.present = 1 if month >= fixed.clients[i].enters else 0
        client.attack_level = fade(client.attack_level, constants.attack_memory)
        client.claim_level = fade(client.claim_level, constants.patron_threat_memory)
        client.missing_support = fade(client.missing_support, constants.support_memory)
        for rival in range(moving.offers.shape[1]):
            moving.offers[i, rival] = fade(moving.offers[i, rival], constants.offer_memory)
            moving.open_offers[i, rival] = 0.0
        if client.posted != 0:
            for signal in range(moving.board.shape[1]):
                moving.board[i, signal].intensity = 0.0
        client.posted = 0
        client.evidence = 0
        client.triggered = 0
        client.reviewed = 0
        client.health_reports = 0.0
        client.new_attack_intensity = 0.0
        client.new_outlook = NO_OUTLOOK
        client.trust_good = 0.0
        client.trust_bad = 0.0
        if client.contested_months > 0.0:
            loss = constants.succession_cost
            client.contested_months = max(0.0, client.contested_months - 1.0)
    if month < key.income_drawn_from:
        patron.income = fixed.income_known[month]
    else:
        shock = normal(key.seed, key.run, key.first_month + month, key.patron_key, INCOME)
        patron.income = next_income(patron.income, key.income_persistence, key.income_noise, shock)
    patron.budget = budget(patron.income, patron.lost_assets, constants.budget_feedback, loss)
    patron.burden = burden(fixed.war_burden[month], patron.lost_assets, constants.burden_feedback)


def post(moving: Moving, client: int, signal: int, intensity: float, cause: int, loading: float) -> None:
    """Put a signal on a client's board; of one type only the strongest of the month stands."""
    place = moving.board[client, signal]
    if intensity > place.intensity:
        place.intensity = intensity
        place.cause = cause
        place.loading = loading
        moving.clients[client].posted = 1


def hear_offer(fixed: Fixed, moving: Moving, client: int, rival: int, intensity: float) -> None:
    """Let a client hear that a rival raises its offer."""
    amount = impulse(fixed.constants[0].offer_size, intensity)
    moving.offers[client, rival] += amount
    moving.open_offers[client, rival] += amount
    moving.clients[client].triggered = 1


def lose_regime(moving: Moving, client: int, outlook: int, continuity: float) -> None:
    """Let a client lose its incumbent: later this month the successor takes over."""
    state = moving.clients[client]
    state.new_outlook = outlook
    state.continuity = continuity
    state.claim_level = 0.0
    for rival in range(moving.offers.shape[1]):
        moving.offers[client, rival] = 0.0


def let_events_happen(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let what is dated happen; in generative months only what is marked as always."""
    constants = fixed.constants[0]
    generative = fixed.generative[month] != 0
    moving.written[1] = 0
    first, last = fixed.event_starts[month], fixed.event_starts[month + 1]
    for e in range(first, last):
        event = fixed.events[e]
        if event.kind == REGIME_LOSS and (event.always != 0 or not generative):
            if moving.clients[event.client].present != 0:
                lose_regime(moving, event.client, event.successor, event.continuity)
    for e in range(first, last):
        event = fixed.events[e]
        if event.always != 0 or not generative:
            if event.kind == INVASION:
                for i in range(fixed.clients.shape[0]):
                    client = moving.clients[i]
                    exposure = fixed.outlooks[client.outlook].exposure
                    if client.present != 0 and exposure > 0.0:
                        client.claim_level += invasion_impulse(constants.invasion_threat, exposure)
                        client.triggered = 1
            elif event.client != NOBODY and moving.clients[event.client].present != 0:
                reach(fixed, moving, month, e)
    for i in range(fixed.clients.shape[0]):
        if fixed.clients[i].sub_state != 0 and moving.clients[i].present != 0:
            face_succession(fixed, moving, key, month, i)


def reach(fixed: Fixed, moving: Moving, month: int, e: int) -> None:
    """Let a dated event reach the client it is addressed to."""
    event, constants = fixed.events[e], fixed.constants[0]
    i = event.client
    client = moving.clients[i]
    if event.kind == ATTACK:
        client.attack_level += impulse(constants.attack_threat, event.intensity)
        client.triggered = 1
        if fixed.generative[month] != 0:
            add_crisis(moving, i, event.intensity, e, event.clash)
        elif event.intensity > client.new_attack_intensity:
            client.new_attack_intensity = event.intensity
            client.new_attack_cause = e
    elif event.kind == OFFER_KIND:
        hear_offer(fixed, moving, i, event.rival, event.intensity)
    elif event.kind == OFFER_WITHDRAWN:
        amount = impulse(constants.offer_size, event.intensity)
        moving.offers[i, event.rival] = max(0.0, moving.offers[i, event.rival] - amount)
    elif event.kind == LEADER_HEALTH:
        client.health_reports = max(client.health_reports, event.intensity)
        client.triggered = 1
    elif event.kind == SIGNAL:
        post(moving, i, event.signal, event.intensity, e, event.loading)


def add_crisis(moving: Moving, client: int, intensity: float, cause: int, clash: float) -> None:
    """Note a crisis that waits for the patron's answer."""
    crisis = moving.crises[moving.written[1]]
    crisis.client = client
    crisis.intensity = intensity
    crisis.cause = cause
    crisis.clash = clash
    moving.written[1] += 1


def face_succession(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Draw whether a sub-state's leader must be replaced, and whether that is contested."""
    constants, client, actor = fixed.constants[0], moving.clients[i], fixed.clients[i].key
    hazard = succession_hazard(constants.succession_base, constants.succession_health, client.health_reports)
    if draw(key, month, actor, SUCCESSION) < hazard:
        lose_regime(moving, i, client.outlook, 0.0)
        if draw(key, month, actor, SUCCESSION_CONTESTED) < constants.succession_contested:
            client.contested_months = constants.succession_months


# Step 2: attention


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
                if fixed.attention_orders.shape[0] != 0:
                    ordered = fixed.attention_orders[month, i]
                    if ordered == ordered:  # not NaN, which compiled code tells apart in this way  # noqa: PLR0124
                        value = ordered
                weight = attention_weight(focus, value)
        moving.attention[i] = weight
        total += weight
    for i in range(fixed.clients.shape[0]):
        moving.attention[i] = moving.attention[i] / total
    patron.even_attention = 1.0 / (count + 2)


# Step 3: crises and responses


def face_crises(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let threats come due, and let everybody answer by rule."""
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
    intensity = float(order_of(fixed, month, i, PRESS_ORDER))
    if intensity == FREE:
        intensity = 0.0
        threat = adversary_threat(fixed.outlooks[client.outlook].threat, client.attack_level)
        if draw(key, month, actor, CRISIS) < crisis_hazard(constants.crisis_hazard, threat):
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
    asks = order_of(fixed, month, i, ASK_ORDER)
    if asks == FREE:
        asks = 1 if draw(key, month, actor, ASK_FOR_HELP) < commitment(client.posture) else 0
    if asks == 0:
        return
    response = order_of(fixed, month, i, RESPONSE_ORDER)
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
    complains = order_of(fixed, month, i, COMPLAIN_ORDER)
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
    does = order_of(fixed, month, i, decision)
    if does == FREE:
        does = 1 if hazard > 0.0 and draw(key, month, fixed.clients[i].key, purpose) < hazard else 0
    if does != 0:
        post(moving, i, fixed.roles[role], 2.0, made_cause(fixed, cause, i, month), float("nan"))


def deal_with(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let the patron coerce, claim, criticise, court the adversary, or let support lapse or flow."""
    constants, patron, client, own = fixed.constants[0], moving.patron[0], moving.clients[i], fixed.clients[i]
    exposure = fixed.outlooks[client.outlook].exposure
    hazard = coercion_hazard(constants.coercion_rate, exposure, client.posture)
    act(fixed, moving, key, month, i, COERCE_ORDER, COERCION, hazard, COERCION_ROLE, COERCION_CAUSE)
    hazard = claim_hazard(constants.claim_rate, own.border, patron.burden)
    act(fixed, moving, key, month, i, CLAIM_ORDER, CLAIM, hazard, CLAIM_ROLE, CLAIM_CAUSE)
    hazard = criticism_hazard(constants.criticism_rate, fixed.rival_track[month], own.clash)
    act(fixed, moving, key, month, i, CRITICISE_ORDER, CRITICISM, hazard, CRITICISM_ROLE, CRITICISM_CAUSE)
    hazard = courting_hazard(constants.courting_rate, own.worth)
    act(fixed, moving, key, month, i, COURT_ORDER, COURTING, hazard, COURTING_ROLE, COURTING_CAUSE)
    if own.supplied_air_defence != 0:
        maintain(fixed, moving, key, month, i)


def maintain(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let technical support lapse, or deliver it."""
    constants, patron, actor = fixed.constants[0], moving.patron[0], fixed.clients[i].key
    support = order_of(fixed, month, i, SUPPORT_ORDER)
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
    if fixed.offer_orders.shape[0] != 0:
        order = fixed.offer_orders[month, i, rival, decision]
        if order != FREE:
            return bool(order > 0)
    return hazard > 0.0 and draw(key, month, fixed.offer_keys[i, rival], purpose) < hazard


def court(fixed: Fixed, moving: Moving, key: Key, month: int, i: int, rival: int) -> None:
    """Let a rival decide whether to raise its offer to a client."""
    client = moving.clients[i]
    hazard = offer_hazard(
        fixed.constants[0].offer_rate, commitment(client.posture), fixed.openness[client.outlook, rival]
    )
    if rival_decides(fixed, key, month, i, rival, RAISE_ORDER, OFFER, hazard):
        hear_offer(fixed, moving, i, rival, 2.0)


def settle_unanswered(fixed: Fixed, moving: Moving, i: int) -> None:
    """Count a dated attack as abandonment when no response came in its month or the next."""
    client = moving.clients[i]
    answered = False
    if client.posted != 0:
        for signal in range(fixed.signals.shape[0]):
            if moving.board[i, signal].intensity > 0.0 and fixed.signals[signal].response != 0:
                answered = True
    if client.unanswered_intensity > 0.0 and not answered:
        cause = fixed.events.shape[0] + client.unanswered_cause
        post(moving, i, fixed.roles[ABANDONED], client.unanswered_intensity, cause, float("nan"))
    client.unanswered_intensity = 0.0
    if not answered and client.new_attack_intensity > 0.0:
        client.unanswered_intensity = client.new_attack_intensity
        client.unanswered_cause = client.new_attack_cause


# Step 4: own beliefs


def learn(
    fixed: Fixed,
    moving: Moving,
    month: int,
    i: int,
    cause: int,
    channel: int,
    good_capability: float,
    bad_capability: float,
    good_resolve: float,
    bad_resolve: float,
) -> None:
    """Add evidence to a client's counts, bad news with its weight, and write it into the ledger if there is one."""
    weight = fixed.constants[0].bad_news_weight
    weighted_capability = weight * bad_capability
    weighted_resolve = weight * bad_resolve
    client = moving.clients[i]
    client.capability_good += good_capability
    client.capability_bad += weighted_capability
    client.resolve_good += good_resolve
    client.resolve_bad += weighted_resolve
    write(
        moving, month, i, cause, channel, good_capability, weighted_capability, good_resolve, weighted_resolve
    )


def write(
    moving: Moving,
    month: int,
    i: int,
    cause: int,
    channel: int,
    good_capability: float,
    bad_capability: float,
    good_resolve: float,
    bad_resolve: float,
) -> None:
    """Write a row of the ledger; rows beyond its room are only counted, and the caller makes more room."""
    row = moving.written[0]
    if row < moving.ledger.shape[0]:
        entry = moving.ledger[row]
        entry.month = month
        entry.client = i
        entry.cause = cause
        entry.channel = channel
        entry.good_capability = good_capability
        entry.bad_capability = bad_capability
        entry.good_resolve = good_resolve
        entry.bad_resolve = bad_resolve
    moving.written[0] = row + 1


def weigh_own(fixed: Fixed, moving: Moving, month: int) -> None:
    """Let every client forget once and add the evidence of the signals addressed to it."""
    constants, patron = fixed.constants[0], moving.patron[0]
    strength, kept = constants.prior_strength, constants.forgetting
    war = fixed.signals[fixed.roles[WAR_HOLDS]]
    war_size = evidence_size(constants.evidence_scale, war.weight * patron.burden, 2.0)
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present == 0:
            continue
        settle_unanswered(fixed, moving, i)
        if client.posted != 0:
            gather(fixed, moving, i)
        outlook = fixed.outlooks[client.outlook]
        client.capability_good = forget(client.capability_good, strength * outlook.prior_capability, kept)
        client.capability_bad = forget(client.capability_bad, strength * (1.0 - outlook.prior_capability), kept)
        client.resolve_good = forget(client.resolve_good, strength * outlook.prior_resolve, kept)
        client.resolve_bad = forget(client.resolve_bad, strength * (1.0 - outlook.prior_resolve), kept)
        for n in range(client.evidence):
            item = moving.evidence[i, n]
            learn(
                fixed,
                moving,
                month,
                i,
                item.cause,
                OWN,
                item.good_capability,
                item.bad_capability,
                item.good_resolve,
                item.bad_resolve,
            )
        if war_size > 0.0:
            learn(
                fixed,
                moving,
                month,
                i,
                WAR_CAUSE,
                WAR,
                0.0,
                war_size * war.loading,
                0.0,
                war_size * (1.0 - war.loading),
            )


def gather(fixed: Fixed, moving: Moving, i: int) -> None:
    """Turn a client's board into evidence within the cap."""
    constants, patron, client = fixed.constants[0], moving.patron[0], moving.clients[i]
    total = 0.0
    count = 0
    for s in range(fixed.signals.shape[0]):
        place = moving.board[i, s]
        if place.intensity == 0.0:
            continue
        signal = fixed.signals[s]
        size = evidence_size(constants.evidence_scale, signal.weight, place.intensity)
        loading = place.loading
        if loading != loading:  # NaN: the table's  # noqa: PLR0124
            loading = signal.loading
        if signal.excusable != 0:
            loading = hard_times_loading(loading, constants.hard_times_excuse, patron.burden)
        on_capability = size * loading
        on_resolve = size * (1.0 - loading)
        item = moving.evidence[i, count]
        item.signal = s
        item.cause = place.cause
        item.intensity = place.intensity
        item.size = size
        good = signal.good != 0
        item.good_capability = on_capability if good else 0.0
        item.bad_capability = 0.0 if good else on_capability
        item.good_resolve = on_resolve if good else 0.0
        item.bad_resolve = 0.0 if good else on_resolve
        count += 1
        total += size
        if signal.patron_threat != 0:
            client.claim_level += impulse(constants.claim_threat, place.intensity)
        if not good:
            client.triggered = 1
        if s == fixed.roles[SUPPORT_MISSING]:
            client.missing_support = min(1.0, client.missing_support + place.intensity / 3.0)
        elif s == fixed.roles[SUPPORT_DELIVERED]:
            client.missing_support = max(0.0, client.missing_support - place.intensity / 3.0)
    client.evidence = count
    factor = cap_factor(total, constants.evidence_cap * constants.evidence_scale)
    for n in range(count):
        item = moving.evidence[i, n]
        item.size = item.size * factor
        item.good_capability = item.good_capability * factor
        item.bad_capability = item.bad_capability * factor
        item.good_resolve = item.good_resolve * factor
        item.bad_resolve = item.bad_resolve * factor


# Step 5: witnesses and successions


def weigh_witnessed(fixed: Fixed, moving: Moving, month: int) -> None:
    """Let every client take a share of the evidence that similar clients got this month."""
    constants = fixed.constants[0]
    speaking = 0
    for k in range(fixed.clients.shape[0]):
        if moving.clients[k].present != 0:
            speaking += moving.clients[k].evidence
    if speaking == 0:
        return
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present == 0:
            continue
        total = 0.0
        for k in range(fixed.clients.shape[0]):
            if moving.clients[k].present != 0 and moving.clients[k].evidence > 0:
                share = witness_share(constants.witness_weight, fixed.similarity[i, k])
                for n in range(moving.clients[k].evidence):
                    item = moving.evidence[k, n]
                    if fixed.signals[item.signal].witnessed != 0:
                        total += abs(share) * item.size
        if total == 0.0:
            continue
        factor = cap_factor(total, constants.evidence_cap * constants.evidence_scale)
        for k in range(fixed.clients.shape[0]):
            if moving.clients[k].present != 0 and moving.clients[k].evidence > 0:
                share = witness_share(constants.witness_weight, fixed.similarity[i, k])
                if fixed.similarity[i, k] == 0.0 or share == 0.0:
                    continue
                for n in range(moving.clients[k].evidence):
                    item = moving.evidence[k, n]
                    if fixed.signals[item.signal].witnessed != 0:
                        witness(fixed, moving, month, i, k, n, share, factor)


def witness(
    fixed: Fixed, moving: Moving, month: int, i: int, k: int, n: int, share: float, factor: float
) -> None:
    """Let one client take its share of one piece of another's evidence; a negative share turns it round."""
    item = moving.evidence[k, n]
    taken = abs(share) * factor
    good_c = taken * item.good_capability
    bad_c = taken * item.bad_capability
    good_w = taken * item.good_resolve
    bad_w = taken * item.bad_resolve
    if share > 0.0:
        learn(fixed, moving, month, i, item.cause, WITNESSED, good_c, bad_c, good_w, bad_w)
    else:
        learn(fixed, moving, month, i, item.cause, WITNESSED, bad_c, good_c, bad_w, good_w)


def succeed(fixed: Fixed, moving: Moving, month: int) -> None:
    """Install the successors of fallen regimes."""
    strength = fixed.constants[0].prior_strength
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present == 0 or client.new_outlook == NO_OUTLOOK:
            continue
        old, new, kept = fixed.outlooks[client.outlook], fixed.outlooks[client.new_outlook], client.continuity
        client.capability_good = inherit(
            client.capability_good, strength * old.prior_capability, strength * new.prior_capability, kept
        )
        client.capability_bad = inherit(
            client.capability_bad,
            strength * (1.0 - old.prior_capability),
            strength * (1.0 - new.prior_capability),
            kept,
        )
        client.resolve_good = inherit(
            client.resolve_good, strength * old.prior_resolve, strength * new.prior_resolve, kept
        )
        client.resolve_bad = inherit(
            client.resolve_bad, strength * (1.0 - old.prior_resolve), strength * (1.0 - new.prior_resolve), kept
        )
        client.outlook = client.new_outlook
        client.anchor = 0.0
        client.regime += 1
        client.covert_rival = NOBODY
        write(
            moving,
            month,
            i,
            SUCCESSION_CAUSE,
            SUCCESSION_CHANNEL,
            new.prior_capability,
            new.prior_resolve,
            kept,
            0.0,
        )


# Step 6: choices


def take_bearings(fixed: Fixed, moving: Moving, i: int, war_burden: float) -> None:
    """Work out a client's best outside option and its fear of retaliation from the present state."""
    constants, client = fixed.constants[0], moving.clients[i]
    outlook = fixed.outlooks[client.outlook]
    threat = adversary_threat(outlook.threat, client.attack_level)
    bound = commitment(client.posture)
    client.outside_option = 0.0
    client.best_rival = NOBODY
    client.best_economy = 0.0
    for rival in range(moving.offers.shape[1]):
        offers = moving.offers[i, rival]
        protects = offered_protection(
            fixed.base_protection[client.outlook, rival], offers, constants.lock_in, bound
        )
        pays = offered_economy(fixed.base_economy[client.outlook, rival], offers, constants.lock_in, bound)
        value = option_value(threat, protects, constants.economy_weight, pays)
        if value > client.outside_option:
            client.outside_option = value
            client.best_rival = rival
            client.best_economy = pays
    capability = belief_mean(client.capability_good, client.capability_bad)
    client.fear = retaliation_fear(constants.retaliation_fear, outlook.exposure, capability, war_burden)


def defected_peers(fixed: Fixed, moving: Moving, i: int) -> float:
    """Return the similarity-weighted share of other clients at suspended or beyond."""
    weight = 0.0
    defected = 0.0
    for k in range(fixed.clients.shape[0]):
        if moving.clients[k].present != 0:
            weight += fixed.similarity[i, k]
            if moving.clients[k].posture >= SUSPENDED:
                defected += fixed.similarity[i, k]
    return defected / weight if weight > 0.0 else 0.0


def client_protection(moving: Moving, i: int) -> float:
    """Return the protection that a client believes in."""
    client = moving.clients[i]
    return protection(
        belief_mean(client.capability_good, client.capability_bad),
        belief_mean(client.resolve_good, client.resolve_bad),
    )


def review(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let every client that has a reason review its posture; others still stand where they stood."""
    constants, patron = fixed.constants[0], moving.patron[0]
    for i in range(fixed.clients.shape[0]):
        client, own = moving.clients[i], fixed.clients[i]
        client.next_posture = client.posture
        if client.present == 0:
            continue
        order = order_of(fixed, month, i, POSTURE_ORDER)
        if order != FREE:
            client.reviewed = 1
            client.next_posture = order
            take_bearings(fixed, moving, i, patron.burden)
        elif client.new_outlook != NO_OUTLOOK:
            client.reviewed = 1
            look(fixed, moving, i)
            client.next_posture = pick(
                fixed, moving, key, month, i, LOYAL, HEDGING if own.sub_state != 0 else REALIGNED, True
            )
        elif client.triggered != 0 or draw(key, month, own.key, REVIEW) < constants.review_rate:
            client.reviewed = 1
            look(fixed, moving, i)
            last = last_posture(
                client.posture, own.sub_state != 0, own.defence_pact != 0, constants.ladder_needs_pact >= 0.5
            )
            client.next_posture = pick(
                fixed,
                moving,
                key,
                month,
                i,
                max(LOYAL, client.posture - 1),
                min(last, client.posture + 1),
                False,
            )


def look(fixed: Fixed, moving: Moving, i: int) -> None:
    """Take bearings, and look at peers where that matters."""
    take_bearings(fixed, moving, i, moving.patron[0].burden)
    moving.clients[i].peers = 0.0
    if fixed.constants[0].contagion != 0.0:
        moving.clients[i].peers = defected_peers(fixed, moving, i)


def pick(
    fixed: Fixed, moving: Moving, key: Key, month: int, i: int, first: int, last: int, free: bool
) -> int:
    """Draw a posture between two rungs by the logit of their utilities."""
    constants, patron, client = fixed.constants[0], moving.patron[0], moving.clients[i]
    outlook = fixed.outlooks[client.outlook]
    threat = adversary_threat(outlook.threat, client.attack_level)
    from_patron = patron_threat(client.claim_level)
    believed = client_protection(moving, i)
    weights = moving.weights
    best = 0.0
    for target in range(first, last + 1):
        weights[target] = utility(
            target,
            client.posture,
            threat,
            believed,
            outlook.dependence,
            client.anchor,
            client.outside_option,
            client.best_economy,
            from_patron,
            client.fear,
            patron.burden,
            client.peers,
            constants.economy_weight,
            constants.autonomy_price,
            constants.patron_threat_weight,
            constants.standing_cost,
            constants.contagion,
            0.0 if free else constants.switching_cost,
            0.0 if free else constants.realignment_cost,
        )
        if target == first or weights[target] > best:
            best = weights[target]
    total = 0.0
    for target in range(first, last + 1):
        weights[target] = logit_weight(weights[target], best, constants.choice_noise)
        total += weights[target]
    left = draw(key, month, fixed.clients[i].key, CHOICE) * total
    for target in range(first, last + 1):
        left -= weights[target]
        if left < 0.0:
            return target
    return last


def move(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let every client take the posture it chose, and rivals answer those that turned them down."""
    constants = fixed.constants[0]
    generative = fixed.generative[month] != 0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present == 0:
            continue
        before = client.posture
        client.posture = client.next_posture
        if client.posture != before and client.new_outlook == NO_OUTLOOK:
            if client.posture > before:
                client.trust_bad += constants.step_trust_cost
            else:
                client.trust_good += constants.step_trust_cost
        if client.posture != REALIGNED:
            client.destination = NOBODY
        elif before != REALIGNED or client.new_outlook != NO_OUTLOOK:
            client.destination = client.best_rival
        hedge_covertly(fixed, moving, key, month, i)
        if client.reviewed != 0 and generative and is_rejected(before, client.posture):
            for rival in range(moving.offers.shape[1]):
                amount = moving.open_offers[i, rival]
                if amount > 0.0 and rival_decides(
                    fixed, key, month, i, rival, WITHDRAW_ORDER, OFFER_WITHDRAWAL, constants.offer_withdrawal
                ):
                    moving.offers[i, rival] = max(0.0, moving.offers[i, rival] - amount)


def hedge_covertly(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let a client start, deepen or lose covert hedging."""
    constants, client, actor = fixed.constants[0], moving.clients[i], fixed.clients[i].key
    if client.posture != HEDGING:
        client.covert_rival = NOBODY
        return
    order = order_of(fixed, month, i, COVERT_ORDER)
    if order != FREE:
        client.covert_rival = order - 1
    if client.covert_rival == NOBODY:
        if order == FREE and client.reviewed != 0 and client.best_rival != NOBODY:
            if draw(key, month, actor, COVERT_START) < constants.covert_start:
                client.covert_rival = client.best_rival
        return
    moving.offers[i, client.covert_rival] += constants.covert_growth
    if draw(key, month, actor, COVERT_DISCOVERY) < constants.covert_discovery:
        client.covert_rival = NOBODY
        client.claim_level += constants.claim_threat
        client.trust_bad += constants.covert_trust_cost


# Step 7: feedback


def take_stock(fixed: Fixed, moving: Moving, month: int) -> None:
    """Update the patron's trust in clients and the share of its assets that is lost."""
    constants = fixed.constants[0]
    lost_somewhere = False
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        client.patron_trust_good = (
            forget(client.patron_trust_good, constants.trust_prior_good, constants.trust_forgetting)
            + client.trust_good
        )
        client.patron_trust_bad = (
            forget(client.patron_trust_bad, constants.trust_prior_bad, constants.trust_forgetting)
            + client.trust_bad
        )
        if is_lost(moving, i):
            lost_somewhere = True
    total = fixed.asset_totals[month]
    lost = 0.0
    if lost_somewhere:
        for asset in range(fixed.asset_values.shape[0]):
            for i in range(fixed.clients.shape[0]):
                if is_lost(moving, i):
                    lost += fixed.asset_values[asset, month] * fixed.assets[i, asset]
    moving.patron[0].lost_assets = min(1.0, lost / total) if total > 0.0 else 0.0


def is_lost(moving: Moving, i: int) -> bool:
    """Tell whether a client's assets are lost to the patron."""
    client = moving.clients[i]
    return client.present != 0 and (client.posture >= SUSPENDED or client.contested_months > 0.0)


def credibility(fixed: Fixed, moving: Moving) -> float:
    """Return the value-weighted mean of the protection that clients believe in."""
    value_sum = 0.0
    weighted = 0.0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present != 0 and client.posture != REALIGNED:
            value_sum += fixed.clients[i].value
            weighted += fixed.clients[i].value * client_protection(moving, i)
    return weighted / value_sum if value_sum > 0.0 else 0.0


def set_anchors(fixed: Fixed, moving: Moving) -> None:
    """Put every client in balance at its first posture, before the first month."""
    constants = fixed.constants[0]
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        outlook = fixed.outlooks[client.outlook]
        take_bearings(fixed, moving, i, 0.0)
        client.anchor = anchor(
            commitment(client.posture),
            constants.autonomy_price,
            client.fear,
            adversary_threat(outlook.threat, client.attack_level),
            client_protection(moving, i),
            constants.economy_weight,
            outlook.dependence,
            client.outside_option,
        )


class Kept(NamedTuple):
    """Where runs write what is to be kept; an array of length 0 along its first axis keeps nothing.

    ``counts`` T x N x 5 counts postures over runs. ``bins`` T x N x B and ``patron_bins`` T x M x B count protection
    and the patron's measures in equal steps of [0, top]; ``sums`` T x N and ``patron_sums`` T x M hold them in units of
    2 ** -40, as integers, so that no order of adding matters. ``postures``, ``destinations`` and ``regimes`` R x T x N,
    ``beliefs`` R x T x N x 4, ``levels`` R x T x N x L, ``offers`` R x T x N x K and ``patron`` R x T x M keep
    trajectories.
    """

    counts: Any
    bins: Any
    sums: Any
    patron_bins: Any
    patron_sums: Any
    postures: Any
    destinations: Any
    regimes: Any
    beliefs: Any
    levels: Any
    offers: Any
    patron: Any


UNIT = 1099511627776.0
"""2 ** 40: sums of shares are kept as integers of this unit."""

PATRON_MEASURES = ("budget", "burden", "lost_assets", "credibility", "defected_share")
PATRON_TOPS = (2.0, 1.0, 1.0, 1.0, 1.0)
"""The largest value that the bins of each measure tell apart."""

LEVELS = (
    "attack_level",
    "claim_level",
    "missing_support",
    "patron_trust_good",
    "patron_trust_bad",
    "covert_rival",
    "reviewed",
)


def keep_month(fixed: Fixed, moving: Moving, kept: Kept, row: int, month: int) -> None:
    """Write down what is to be kept of a month."""
    bands = kept.bins.shape[0] != 0
    paths = kept.postures.shape[0] != 0
    present = 0
    defected = 0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present != 0:
            present += 1
            if client.posture >= SUSPENDED:
                defected += 1
            kept.counts[month, i, client.posture] += 1
            if bands:
                believed = client_protection(moving, i)
                kept.bins[month, i, bin_of(believed, kept.bins.shape[2])] += 1
                kept.sums[month, i] += int(believed * UNIT + 0.5)
        if paths:
            kept.postures[row, month, i] = client.posture
    if bands or kept.patron.shape[0] != 0:
        patron = moving.patron[0]
        share = defected / present if present > 0 else 0.0
        measures = (patron.budget, patron.burden, patron.lost_assets, credibility(fixed, moving), share)
        for m in range(len(measures)):
            if bands:
                kept.patron_bins[month, m, bin_of(measures[m] / PATRON_TOPS[m], kept.patron_bins.shape[2])] += 1
                kept.patron_sums[month, m] += int(measures[m] * UNIT + 0.5)
            if kept.patron.shape[0] != 0:
                kept.patron[row, month, m] = measures[m]
    if kept.beliefs.shape[0] != 0:
        keep_details(fixed, moving, kept, row, month)


def bin_of(value: float, bins: int) -> int:
    """Return the bin of a value among equal steps of [0, 1]; what is beyond falls into the outermost."""
    return min(bins - 1, max(0, int(value * bins)))


def keep_details(fixed: Fixed, moving: Moving, kept: Kept, row: int, month: int) -> None:
    """Write down the whole state of the clients after a month."""
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        kept.destinations[row, month, i] = client.destination
        kept.regimes[row, month, i] = client.regime
        kept.beliefs[row, month, i, 0] = client.capability_good
        kept.beliefs[row, month, i, 1] = client.capability_bad
        kept.beliefs[row, month, i, 2] = client.resolve_good
        kept.beliefs[row, month, i, 3] = client.resolve_bad
        kept.levels[row, month, i, 0] = client.attack_level
        kept.levels[row, month, i, 1] = client.claim_level
        kept.levels[row, month, i, 2] = client.missing_support
        kept.levels[row, month, i, 3] = client.patron_trust_good
        kept.levels[row, month, i, 4] = client.patron_trust_bad
        kept.levels[row, month, i, 5] = client.covert_rival
        kept.levels[row, month, i, 6] = client.reviewed
        for rival in range(moving.offers.shape[1]):
            kept.offers[row, month, i, rival] = moving.offers[i, rival]


def run_months(
    fixed: Fixed,
    moving: Moving,
    kept: Kept,
    key: Key,
    start_clients: Any,
    start_offers: Any,
    start_patron: Any,
    fresh: bool,
    first_month: int,
    last_month: int,
    first_run: int,
    runs: int,
) -> None:
    """Run months ``first_month`` to ``last_month`` (excluded) of many runs, one after another.

    Parameters
    ----------
    fixed, moving, kept
        Tables, room for one run's state, and where to write.
    key
        Key of the draws; its run number is not used.
    start_clients, start_offers, start_patron
        The state from which every run starts.
    fresh
        Whether the start is the beginning, where clients are put in balance.
    first_month, last_month
        Months of the run.
    first_run, runs
        Number of the first run, and how many.
    """
    for row in range(runs):
        mine = Key(
            key.seed,
            first_run + row,
            key.first_month,
            key.patron_key,
            key.income_drawn_from,
            key.income_persistence,
            key.income_noise,
        )
        for i in range(start_clients.shape[0]):
            moving.clients[i] = start_clients[i]
            for rival in range(start_offers.shape[1]):
                moving.offers[i, rival] = start_offers[i, rival]
            for signal in range(moving.board.shape[1]):
                moving.board[i, signal].intensity = 0.0
        moving.patron[0] = start_patron[0]
        moving.written[0] = 0
        if fresh:
            set_anchors(fixed, moving)
        for month in range(first_month, last_month):
            month_step(fixed, moving, mine, month)
            keep_month(fixed, moving, kept, row, month)
