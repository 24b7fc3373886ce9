"""Let new situations begin and successors of fallen regimes take office, in the compiled month."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.ledger import close
from papertiger.model.ensemble.kernel.state import Fixed, Moving
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.rules.beliefs import inherit
from papertiger.model.rules.ties import ARMS, ECONOMY, PATRON, other_tie
from papertiger.model.setting import NOBODY


def succeed(fixed: Fixed, moving: Moving, month: int) -> None:
    """Let new situations begin, and install the successors of fallen regimes."""
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present == 0:
            continue
        if client.new_situation != NO_OUTLOOK:
            take_over(fixed, moving, month, i, client.new_situation, 1.0)
            put_ties(moving, i, ARMS, fixed.outlooks[client.new_situation].arms_now)
            put_ties(moving, i, ECONOMY, fixed.outlooks[client.new_situation].economy_now)
        if client.new_outlook != NO_OUTLOOK:
            take_over(fixed, moving, month, i, client.new_outlook, client.continuity)
            client.anchor = 0.0
            # Nobody owes the successor an answer to an attack on its predecessor.
            client.unanswered_intensity = 0.0
            client.regime += 1
            client.covert_rival = NOBODY


def put_ties(moving: Moving, i: int, kind: int, own: float) -> None:
    """Put a client's ties of one kind where they were counted; a negative share leaves them where they are."""
    if own < 0.0:
        return
    before, last = moving.ties[i, kind, PATRON], moving.ties.shape[2] - 1
    for holder in range(1, last + 1):
        moving.ties[i, kind, holder] = other_tie(moving.ties[i, kind, holder], before, own, holder == last)
    moving.ties[i, kind, PATRON] = own


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
