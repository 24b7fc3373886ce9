"""Write the ledger of the compiled month: its rows, and what each cause holds, summed up over runs.

Evidence fades by a constant share a month, so what a cause will still hold at the end of the run is known when it is
written; a fallen regime scales what its client's causes hold. See `papertiger.model.ledger`, which does the same for
one run.
"""

from __future__ import annotations

import math

from papertiger.model.ensemble.kernel.record import UNIT, Kept
from papertiger.model.ensemble.kernel.state import Fixed, Moving
from papertiger.model.ensemble.tables import (
    BREAK_CAUSE,
    GENERATED,
    SUCCESSION,
    SUCCESSION_CAUSE,
    WAR_CAUSE,
    WITNESSED,
)
from papertiger.model.rules.beliefs import Counts

KINDS = len(GENERATED)
CAUSES_BESIDE_EVENTS = KINDS + 3
"""Causes that rules make, by kind; then the war, what came before the run's first month, and successions."""


def write(
    fixed: Fixed,
    moving: Moving,
    month: int,
    i: int,
    cause: int,
    channel: int,
    counts: Counts,
) -> None:
    """Write down evidence where somebody asks for it."""
    if moving.held.shape[0] != 0:
        kept = moving.fading[max(0, last_month(fixed, i) - month)]
        held = moving.held[i, account_of(fixed, cause), 1 if channel == WITNESSED else 0]
        held[0] += kept * counts.good_capability
        held[1] += kept * counts.bad_capability
        held[2] += kept * counts.good_resolve
        held[3] += kept * counts.bad_resolve
    if moving.ledger.shape[0] != 0:
        write_row(moving, month, i, cause, channel, counts)


def last_month(fixed: Fixed, i: int) -> int:
    """Return the last month of the run in which a client is in the network: one that left forgets no more."""
    return int(min(fixed.generative.shape[0], fixed.clients[i].leaves) - 1)


def write_row(moving: Moving, month: int, i: int, cause: int, channel: int, counts: Counts) -> None:
    """Write a row of the ledger; rows beyond its room are only counted, and the caller makes more room."""
    row = moving.written[0]
    if row < moving.ledger.shape[0]:
        entry = moving.ledger[row]
        entry.month = month
        entry.client = i
        entry.cause = cause
        entry.channel = channel
        entry.good_capability = counts.good_capability
        entry.bad_capability = counts.bad_capability
        entry.good_resolve = counts.good_resolve
        entry.bad_resolve = counts.bad_resolve
    moving.written[0] = row + 1


def account_of(fixed: Fixed, cause: int) -> int:
    """Return the account of a cause: events one by one, with no response to each, and made causes by their kind."""
    events = 2 * fixed.events.shape[0]
    if cause == WAR_CAUSE:
        return int(events + KINDS)
    if cause < events:
        return cause
    return int(events + (cause - events) // (fixed.clients.shape[0] * fixed.generative.shape[0]))


def close(
    moving: Moving, month: int, i: int, prior_capability: float, prior_resolve: float, continuity: float
) -> None:
    """Close the account of a fallen regime: its successor takes over a share of what each cause holds."""
    if moving.held.shape[0] != 0:
        for account in range(moving.held.shape[1]):
            for channel in range(2):
                for part in range(4):
                    moving.held[i, account, channel, part] *= continuity
    if moving.ledger.shape[0] != 0:
        opened = Counts(prior_capability, prior_resolve, continuity, 0.0)
        write_row(moving, month, i, SUCCESSION_CAUSE, SUCCESSION, opened)


def note_break(moving: Moving, month: int, i: int, before: int, after: int, cause: int, hazard: float) -> None:
    """Write down that a client broke away or came back; its cause's number takes the place of the channel."""
    if moving.ledger.shape[0] != 0:
        write_row(moving, month, i, BREAK_CAUSE, cause, Counts(float(before), float(after), hazard, 0.0))


def open_accounts(fixed: Fixed, moving: Moving, first_month: int) -> None:
    """Clear the accounts, and book what the clients hold before the run's first month to one cause."""
    constants = fixed.constants[0]
    months = fixed.generative.shape[0]
    kept = 1.0
    for month in range(months + 1):
        moving.fading[month] = kept
        kept *= constants.forgetting
    earlier = 2 * fixed.events.shape[0] + KINDS + 1
    strength = constants.prior_strength
    for i in range(moving.held.shape[0]):
        for account in range(moving.held.shape[1]):
            for channel in range(2):
                for part in range(4):
                    moving.held[i, account, channel, part] = 0.0
        if first_month > 0:
            client = moving.clients[i]
            left = moving.fading[max(0, last_month(fixed, i) + 1 - first_month)]
            outlook = fixed.outlooks[client.outlook]
            held = moving.held[i, earlier, 0]
            held[0] = left * (client.capability_good - strength * outlook.prior_capability)
            held[1] = left * (client.capability_bad - strength * (1.0 - outlook.prior_capability))
            held[2] = left * (client.resolve_good - strength * outlook.prior_resolve)
            held[3] = left * (client.resolve_bad - strength * (1.0 - outlook.prior_resolve))


def add_up_accounts(fixed: Fixed, moving: Moving, kept: Kept) -> None:
    """Add each cause's part of each client's distance from its first prior to the sums, in whole units."""
    strength = fixed.constants[0].prior_strength
    succession = 2 * fixed.events.shape[0] + KINDS + 2
    for i in range(moving.held.shape[0]):
        good_c, bad_c, good_w, bad_w = 0.0, 0.0, 0.0, 0.0
        for account in range(moving.held.shape[1]):
            for channel in range(2):
                held = moving.held[i, account, channel]
                good_c += held[0]
                bad_c += held[1]
                good_w += held[2]
                bad_w += held[3]
        first, now = fixed.outlooks[i], fixed.outlooks[moving.clients[i].outlook]
        prior_c, prior_w = now.prior_capability, now.prior_resolve
        n_c = strength + good_c + bad_c
        n_w = strength + good_w + bad_w
        capability = (strength * prior_c + good_c) / n_c
        resolve = (strength * prior_w + good_w) / n_w
        for account in range(moving.held.shape[1]):
            for channel in range(2):
                held = moving.held[i, account, channel]
                part_c = ((1.0 - prior_c) * held[0] - prior_c * held[1]) / n_c
                part_w = ((1.0 - prior_w) * held[2] - prior_w * held[3]) / n_w
                part = part_c * (resolve + prior_w) / 2.0 + part_w * (capability + prior_c) / 2.0
                add_share(kept, i, account, channel, part_c, part_w, part)
        add_share(
            kept,
            i,
            succession,
            0,
            prior_c - first.prior_capability,
            prior_w - first.prior_resolve,
            prior_c * prior_w - first.prior_capability * first.prior_resolve,
        )


def add_share(
    kept: Kept, i: int, account: int, channel: int, capability: float, resolve: float, protection: float
) -> None:
    """Add one share to the sums as whole units, so that no order of adding matters."""
    kept.parts[i, account, channel, 0] += math.floor(capability * UNIT + 0.5)
    kept.parts[i, account, channel, 1] += math.floor(resolve * UNIT + 0.5)
    kept.parts[i, account, channel, 2] += math.floor(protection * UNIT + 0.5)
