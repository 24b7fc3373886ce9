"""Spread the patron's attention in the compiled month."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.state import Fixed, Moving
from papertiger.model.rules.choice import REALIGNED
from papertiger.model.rules.patronage import attention_weight, war_value


def spread_attention(fixed: Fixed, moving: Moving, month: int) -> None:
    """Share the patron's attention among the war, the track with the main rival and the clients."""
    if fixed.generative[month] == 0:
        return  # nobody's answer is by rule, so nothing hangs on it
    for m in range(fixed.patrons.shape[0]):
        share_attention(fixed, moving, month, m)


def share_attention(fixed: Fixed, moving: Moving, month: int, m: int) -> None:
    """Share one patron's attention among its war, the track with its main rival and its clients."""
    constants, patron = fixed.constants[0], moving.patron[m]
    focus = constants.attention_focus
    war = attention_weight(focus, war_value(constants.war_attention, patron.burden))
    track = attention_weight(focus, fixed.rival_track[m, month])
    total = war + track
    count = 0
    for i in range(fixed.clients.shape[0]):
        if fixed.clients[i].patron != m:
            continue
        client = moving.clients[i]
        weight = 0.0
        if client.present != 0:
            count += 1
            if client.posture != REALIGNED:
                weight = attention_weight(focus, claimed_value(fixed, month, i))
        moving.attention[i] = weight
        total += weight
    for i in range(fixed.clients.shape[0]):
        if fixed.clients[i].patron == m:
            moving.attention[i] = moving.attention[i] / total
    patron.even_attention = 1.0 / (count + 2)


def claimed_value(fixed: Fixed, month: int, i: int) -> float:
    """Return what a client is worth as a claim on attention: its value, unless another is given."""
    if fixed.attention_decisions.shape[0] != 0:
        value = fixed.attention_decisions[month, i]
        if value == value:  # not NaN, which compiled code tells apart in this way  # noqa: PLR0124
            return value
    return fixed.clients[i].value
