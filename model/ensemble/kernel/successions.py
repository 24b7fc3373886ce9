"""Let new situations begin and successors of fallen regimes take office, in the compiled month."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.bonds import bond_beside
from papertiger.model.ensemble.kernel.ledger import close
from papertiger.model.ensemble.kernel.state import Fixed, Moving
from papertiger.model.ensemble.kernel.ties import share_ties
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.rules.beliefs import inherit
from papertiger.model.rules.ties import ARMS, ECONOMY, PATRON, other_tie
from papertiger.model.setting import NOBODY


def succeed(fixed: Fixed, moving: Moving, month: int) -> None:
    """Let new situations begin, and install the successors of fallen regimes."""
    begins = False
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present == 0:
            continue
        if client.new_situation != NO_OUTLOOK:
            begins = True
            take_over(fixed, moving, month, i, client.new_situation, 1.0)
        if client.new_outlook != NO_OUTLOOK:
            take_over(fixed, moving, month, i, client.new_outlook, client.continuity)
            client.anchor = 0.0
            # Nobody owes the successor an answer to an attack on its predecessor.
            client.unanswered_intensity = 0.0
            client.regime += 1
            client.covert_rival = NOBODY
    if not begins:
        return
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present != 0 and fixed.clients[i].lead == i:
            for kind in (ARMS, ECONOMY):
                put_ties(fixed, moving, i, kind)
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present != 0:
            share_ties(fixed, moving, i)


def put_ties(fixed: Fixed, moving: Moving, i: int, kind: int) -> None:
    """Put a client's ties of one kind where new situations say that they were counted: all others share the rest."""
    holders = moving.ties.shape[2] - 1
    before = 0.0
    counted = 0.0
    new_shares = 0
    for holder in range(holders):
        own = share_now(fixed, moving, i, kind, holder)
        if own >= 0.0:
            new_shares += 1
            before += moving.ties[i, kind, holder]
            counted += own
    if new_shares == 0:
        return
    for holder in range(holders + 1):
        own = share_now(fixed, moving, i, kind, holder) if holder < holders else -1.0
        if own < 0.0:
            own = other_tie(moving.ties[i, kind, holder], before, counted, holder == holders)
        moving.ties[i, kind, holder] = own


def share_now(fixed: Fixed, moving: Moving, i: int, kind: int, holder: int) -> float:
    """Return the share of a patron that a new situation of this month puts the client's ties at, or -1."""
    bond = i if holder == PATRON else bond_beside(fixed, i, holder - 1)
    if bond == NOBODY or moving.clients[bond].new_situation == NO_OUTLOOK:
        return -1.0
    outlook = fixed.outlooks[moving.clients[bond].new_situation]
    return outlook.arms_now if kind == ARMS else outlook.economy_now


def take_over(fixed: Fixed, moving: Moving, month: int, i: int, outlook: int, carried: float) -> None:
    """Give a client another outlook, with its priors and a share of the evidence held so far."""
    strength, client = fixed.constants[0].prior_strength, moving.clients[i]
    old, new = fixed.outlooks[client.outlook], fixed.outlooks[outlook]
    client.capability_good = inherit(
        client.capability_good, strength * old.prior_capability, strength * new.prior_capability, carried
    )
    client.capability_bad = inherit(
        client.capability_bad,
        strength * (1.0 - old.prior_capability),
        strength * (1.0 - new.prior_capability),
        carried,
    )
    client.resolve_good = inherit(
        client.resolve_good, strength * old.prior_resolve, strength * new.prior_resolve, carried
    )
    client.resolve_bad = inherit(
        client.resolve_bad, strength * (1.0 - old.prior_resolve), strength * (1.0 - new.prior_resolve), carried
    )
    client.outlook = outlook
    close(moving, month, i, new.prior_capability, new.prior_resolve, carried)
