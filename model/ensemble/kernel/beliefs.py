"""Steps 4 and 5 of the compiled month: own beliefs, witnesses and successions."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.events import post
from papertiger.model.ensemble.kernel.ledger import close, write
from papertiger.model.ensemble.kernel.state import Fixed, Moving
from papertiger.model.ensemble.tables import (
    ABANDONED,
    NO_OUTLOOK,
    OWN,
    SUPPORT_DELIVERED,
    SUPPORT_MISSING,
    WAR,
    WAR_CAUSE,
    WAR_HOLDS,
    WITNESSED,
)
from papertiger.model.rules.beliefs import (
    cap_factor,
    evidence_size,
    forget,
    hard_times_loading,
    inherit,
    witness_share,
)
from papertiger.model.rules.threat import impulse
from papertiger.model.setting import NOBODY


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
        post(moving, i, fixed.roles[ABANDONED], client.unanswered_intensity, cause, float("nan"))
    client.unanswered_intensity = 0.0
    if not answered and client.new_attack_intensity > 0.0:
        client.unanswered_intensity = client.new_attack_intensity
        client.unanswered_cause = client.new_attack_cause


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
        fixed,
        moving,
        month,
        i,
        cause,
        channel,
        good_capability,
        weighted_capability,
        good_resolve,
        weighted_resolve,
    )


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
        if count == client.posted:
            break
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
        item.amount = size
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
        place.intensity = 0.0  # the board is read once a month, and clean again
    client.evidence = count
    factor = cap_factor(total, constants.evidence_cap * constants.evidence_scale)
    for n in range(count):
        item = moving.evidence[i, n]
        item.amount = item.amount * factor
        item.good_capability = item.good_capability * factor
        item.bad_capability = item.bad_capability * factor
        item.good_resolve = item.good_resolve * factor
        item.bad_resolve = item.bad_resolve * factor


def weigh_witnessed(fixed: Fixed, moving: Moving, month: int) -> None:
    """Let every client take a share of the evidence that similar clients got this month."""
    constants = fixed.constants[0]
    speaking = 0
    for k in range(fixed.clients.shape[0]):
        if moving.clients[k].present != 0 and moving.clients[k].evidence > 0:
            moving.chosen[speaking] = k
            speaking += 1
    if speaking == 0:
        return
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present == 0:
            continue
        total = 0.0
        for n in range(speaking):
            k = moving.chosen[n]
            if fixed.similarity[i, k] != 0.0:
                share = witness_share(constants.witness_weight, fixed.similarity[i, k])
                for e in range(moving.clients[k].evidence):
                    item = moving.evidence[k, e]
                    if fixed.signals[item.signal].witnessed != 0:
                        total += abs(share) * item.amount
        if total == 0.0:
            continue
        factor = cap_factor(total, constants.evidence_cap * constants.evidence_scale)
        for n in range(speaking):
            k = moving.chosen[n]
            share = witness_share(constants.witness_weight, fixed.similarity[i, k])
            if fixed.similarity[i, k] == 0.0 or share == 0.0:
                continue
            for e in range(moving.clients[k].evidence):
                if fixed.signals[moving.evidence[k, e].signal].witnessed != 0:
                    witness(fixed, moving, month, i, k, e, share, factor)


def witness(fixed: Fixed, moving: Moving, month: int, i: int, k: int, n: int, share: float, factor: float) -> None:
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
        client.unanswered_intensity = 0.0
        client.regime += 1
        client.covert_rival = NOBODY
        close(moving, month, i, new.prior_capability, new.prior_resolve, kept)
