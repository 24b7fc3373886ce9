"""Form own beliefs in the compiled month, from the signals addressed to each client."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.ledger import write
from papertiger.model.ensemble.kernel.state import Fixed, Moving
from papertiger.model.ensemble.tables import OWN, SUPPORT_DELIVERED, SUPPORT_MISSING, WAR, WAR_CAUSE, WAR_HOLDS
from papertiger.model.rules.beliefs import (
    STANDARD_INTENSITY,
    Counts,
    cap_factor,
    evidence_size,
    excused_weight,
    forget,
    hard_times_loading,
)
from papertiger.model.rules.threat import impulse

ALL_SYSTEMS = -1


def weigh_own(fixed: Fixed, moving: Moving, month: int) -> None:
    """Let every client forget once and add the evidence of the signals addressed to it."""
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present == 0:
            continue
        if client.posted != 0:
            gather(fixed, moving, i)
        forget_once(fixed, moving, i)
        for n in range(client.evidence):
            item = moving.evidence[i, n]
            counts = Counts(item.good_capability, item.bad_capability, item.good_resolve, item.bad_resolve)
            learn(fixed, moving, month, i, item.cause, OWN, counts)
        watch_war(fixed, moving, month, i)


def gather(fixed: Fixed, moving: Moving, i: int) -> None:
    """Turn a client's board into evidence within the caps, first of each system and then of all."""
    constants, patron, client = fixed.constants[0], moving.patron[fixed.clients[i].patron], moving.clients[i]
    count = 0
    for s in range(fixed.signals.shape[0]):
        if count == client.posted:
            break
        place = moving.board[i, s]
        if place.intensity == 0.0:
            continue
        signal = fixed.signals[s]
        weight, loading = signal.weight, place.loading
        if loading != loading:  # NaN: the table's  # noqa: PLR0124
            loading = signal.loading
        if signal.excusable != 0:
            weight = excused_weight(weight, constants.hard_times_excuse, patron.burden)
            loading = hard_times_loading(loading, constants.blame_shift, patron.burden)
        size = evidence_size(constants.evidence_scale, weight, place.intensity)
        on_capability = size * loading
        on_resolve = size * (1.0 - loading)
        item = moving.evidence[i, count]
        item.signal = s
        item.cause = place.cause
        item.intensity = place.intensity
        item.amount = size
        good = signal.good != 0
        item.good_capability = on_capability if good else 0.0
        item.bad_capability = 0.0 if good else on_capability
        item.good_resolve = on_resolve if good else 0.0
        item.bad_resolve = 0.0 if good else on_resolve
        count += 1
        if signal.patron_threat != 0:
            feel_threatened(moving, i, impulse(constants.claim_threat, place.intensity))
        if signal.coercive != 0:
            client.coercion_stock += impulse(1.0, place.intensity)
        if not good:
            client.triggered = 1
        note_support(fixed, moving, i, s, place.intensity)
        place.intensity = 0.0  # the board is read once a month, and clean again
    client.evidence = count
    for n in range(count):
        system = fixed.signals[moving.evidence[i, n].signal].system
        first = True
        for m in range(n):
            if fixed.signals[moving.evidence[i, m].signal].system == system:
                first = False
        if first:
            scale(fixed, moving, i, n, system, constants.system_cap)
    scale(fixed, moving, i, 0, ALL_SYSTEMS, constants.evidence_cap)


def feel_threatened(moving: Moving, i: int, amount: float) -> None:
    """Let a client feel more threatened by the patron, in what it says and in where it buys its arms."""
    moving.clients[i].claim_level += amount
    moving.clients[i].procurement_level += amount


def note_support(fixed: Fixed, moving: Moving, i: int, signal: int, intensity: float) -> None:
    """Keep count of the technical support that is missing, 0 to 1."""
    client, swing = moving.clients[i], fixed.constants[0].support_swing
    if signal == fixed.roles[SUPPORT_MISSING]:
        client.missing_support = min(1.0, client.missing_support + impulse(swing, intensity))
    elif signal == fixed.roles[SUPPORT_DELIVERED]:
        client.missing_support = max(0.0, client.missing_support - impulse(swing, intensity))


def scale(fixed: Fixed, moving: Moving, i: int, first: int, system: int, cap: float) -> None:
    """Scale a client's evidence of a system, from the first piece of it on, so that its sum stays within a cap."""
    total = 0.0
    for n in range(first, moving.clients[i].evidence):
        if system == ALL_SYSTEMS or fixed.signals[moving.evidence[i, n].signal].system == system:
            total += moving.evidence[i, n].amount
    factor = cap_factor(total, cap * fixed.constants[0].evidence_scale)
    for n in range(first, moving.clients[i].evidence):
        item = moving.evidence[i, n]
        if system != ALL_SYSTEMS and fixed.signals[item.signal].system != system:
            continue
        item.amount = item.amount * factor
        item.good_capability = item.good_capability * factor
        item.bad_capability = item.bad_capability * factor
        item.good_resolve = item.good_resolve * factor
        item.bad_resolve = item.bad_resolve * factor


def forget_once(fixed: Fixed, moving: Moving, i: int) -> None:
    """Let a client's counts forget towards its prior."""
    constants, client = fixed.constants[0], moving.clients[i]
    outlook = fixed.outlooks[client.outlook]
    strength, kept = constants.prior_strength, constants.forgetting
    client.capability_good = forget(client.capability_good, strength * outlook.prior_capability, kept)
    client.capability_bad = forget(client.capability_bad, strength * (1.0 - outlook.prior_capability), kept)
    client.resolve_good = forget(client.resolve_good, strength * outlook.prior_resolve, kept)
    client.resolve_bad = forget(client.resolve_bad, strength * (1.0 - outlook.prior_resolve), kept)


def learn(fixed: Fixed, moving: Moving, month: int, i: int, cause: int, channel: int, counts: Counts) -> None:
    """Add evidence to a client's counts, bad news with its weight, and write it into the ledger if there is one."""
    weight = fixed.constants[0].bad_news_weight
    weighted = Counts(
        counts.good_capability,
        weight * counts.bad_capability,
        counts.good_resolve,
        weight * counts.bad_resolve,
    )
    client = moving.clients[i]
    client.capability_good += weighted.good_capability
    client.capability_bad += weighted.bad_capability
    client.resolve_good += weighted.good_resolve
    client.resolve_bad += weighted.bad_resolve
    write(fixed, moving, month, i, cause, channel, weighted)


def watch_war(fixed: Fixed, moving: Moving, month: int, i: int) -> None:
    """Let a client learn a little about capability from each month that the war's adversary holds."""
    war = fixed.signals[fixed.roles[WAR_HOLDS]]
    burden = moving.patron[fixed.clients[i].patron].burden
    size = evidence_size(fixed.constants[0].evidence_scale, war.weight * burden, STANDARD_INTENSITY)
    if size > 0.0:
        learn(
            fixed, moving, month, i, WAR_CAUSE, WAR, Counts(0.0, size * war.loading, 0.0, size * (1.0 - war.loading))
        )
