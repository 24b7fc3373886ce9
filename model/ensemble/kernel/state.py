"""What the compiled month reads and writes, and how it draws."""

from __future__ import annotations

from typing import Any, NamedTuple

from papertiger.model.decisions import FREE, Decision, Offer
from papertiger.model.randomness import uniform
from papertiger.model.rules.beliefs import belief_mean, protection

# Plain integers, since compiled code knows no enumerations of ours.
POSTURE_DECISION = int(Decision.POSTURE)
COVERT_DECISION = int(Decision.COVERT)
ASK_DECISION = int(Decision.ASK)
COMPLAIN_DECISION = int(Decision.COMPLAIN)
PRESS_DECISION = int(Decision.PRESS)
RESPONSE_DECISION = int(Decision.RESPONSE)
COERCE_DECISION = int(Decision.COERCE)
CLAIM_DECISION = int(Decision.CLAIM)
CRITICISE_DECISION = int(Decision.CRITICISE)
COURT_DECISION = int(Decision.COURT)
SUPPORT_DECISION = int(Decision.SUPPORT)
RAISE_DECISION = int(Offer.RAISE)
WITHDRAW_DECISION = int(Offer.WITHDRAW)
CRISIS_CAUSE, COERCION_CAUSE, CLAIM_CAUSE, CRITICISM_CAUSE, COURTING_CAUSE, LAPSE_CAUSE, DELIVERY_CAUSE = range(7)


class Fixed(NamedTuple):
    """What no run changes; see `Tables` and `DecisionTables` of `papertiger.model.ensemble.tables`."""

    constants: Any
    clients: Any
    actors: Any
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
    offer_decisions: Any
    attention_decisions: Any


class Moving(NamedTuple):
    """The state of one run, and room for one month's business.

    ``board`` is N x S; ``evidence`` N x S; ``crises`` as long as a month may need; ``open_offers`` N x K;
    ``attention``, ``luck`` and ``chosen`` N; ``weights`` 5. ``ledger`` and ``held`` have length 0 where nobody asks
    for them: rows of the ledger, and what each cause holds (see
    `papertiger.model.ensemble.kernel.ledger`),
    with ``fading``, the share kept after so many months, T + 1. ``written`` counts the rows of the ledger and the
    month's crises, and says which run and month is at work, and whether a run's state came to be other than finite.
    """

    clients: Any
    offers: Any
    patron: Any
    board: Any
    evidence: Any
    crises: Any
    open_offers: Any
    attention: Any
    luck: Any
    chosen: Any
    weights: Any
    ledger: Any
    held: Any
    fading: Any
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


def draw_for_all(fixed: Fixed, moving: Moving, key: Key, month: int, purpose: int) -> None:
    """Draw a uniform number for every client into ``luck``; in one loop, compiled code draws several at a time."""
    for i in range(fixed.actors.shape[0]):
        moving.luck[i] = draw(key, month, fixed.actors[i], purpose)


def given_decision(fixed: Fixed, month: int, client: int, decision: int) -> int:
    """Return what is ordered about a client, or ``FREE``."""
    if fixed.decisions.shape[0] == 0:
        return FREE
    return int(fixed.decisions[month, client, decision])


def made_cause(fixed: Fixed, kind: int, client: int, month: int) -> int:
    """Return the code of a cause that a rule makes; `papertiger.model.ensemble.tables.cause_name` reads it."""
    months = fixed.generative.shape[0]
    return int(2 * fixed.events.shape[0] + (kind * fixed.clients.shape[0] + client) * months + month)


def client_protection(moving: Moving, i: int) -> float:
    """Return the protection that a client believes in."""
    client = moving.clients[i]
    return protection(
        belief_mean(client.capability_good, client.capability_bad),
        belief_mean(client.resolve_good, client.resolve_bad),
    )
