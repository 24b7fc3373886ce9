"""Learn from what is done to others, in the compiled month."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.own_beliefs import learn
from papertiger.model.ensemble.kernel.state import Fixed, Moving
from papertiger.model.ensemble.tables import WITNESSED
from papertiger.model.rules.beliefs import Counts, cap_factor, witness_share


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
        learn(fixed, moving, month, i, item.cause, WITNESSED, Counts(good_c, bad_c, good_w, bad_w))
    else:
        learn(fixed, moving, month, i, item.cause, WITNESSED, Counts(bad_c, good_c, bad_w, good_w))
