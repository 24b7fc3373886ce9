"""Hold what the compiled month reads and writes, and draw its random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from papertiger.model.decisions import FREE, Decision, Offer
from papertiger.model.randomness import uniform
from papertiger.model.rules.beliefs import belief_mean, protection

if TYPE_CHECKING:
    from papertiger.model.constants import Constants
    from papertiger.model.ensemble.records import (
        BoardRow,
        ClientRow,
        ClientState,
        CrisisRow,
        Cube,
        EventRow,
        EvidenceRow,
        Grid,
        LedgerRow,
        OutlookRow,
        PatronRow,
        PatronState,
        Quad,
        Rows,
        SignalRow,
        Weighed,
    )

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


NO_RUN = -1
"""In place of the number of a run: the months that runs share are worked out without anybody's luck."""


class Fixed(NamedTuple):
    """What no run changes; see `Tables` and `DecisionTables` of `papertiger.model.ensemble.tables`."""

    constants: Rows[Constants]
    patrons: Rows[PatronRow]
    clients: Rows[ClientRow]
    actors: Rows[int]
    outlooks: Rows[OutlookRow]
    base_protection: Grid[float]
    base_economy: Grid[float]
    openness: Grid[float]
    base_ties: Cube[float]
    signals: Rows[SignalRow]
    events: Rows[EventRow]
    event_starts: Rows[int]
    similarity: Grid[float]
    assets: Grid[float]
    asset_values: Grid[float]
    asset_totals: Grid[float]
    war_burden: Grid[float]
    sanctions: Grid[float]
    rival_track: Grid[float]
    income_known: Grid[float]
    generative: Rows[int]
    beside: Grid[int]
    offer_keys: Grid[int]
    roles: Rows[int]
    decisions: Cube[int]
    offer_decisions: Quad[int]
    attention_decisions: Grid[float]


class Moving(NamedTuple):
    """The state of one run, and room for one month's business.

    ``board`` and ``evidence`` are N x S; ``crises`` as long as a month may need; ``open_offers`` N x K; ``ties`` N x
    2 x (K + 2) and ``first_attraction`` N x (K + 1) (see `papertiger.model.rules.ties`); ``attention``, ``luck``
    and ``chosen`` N; ``weights`` 5 and ``attraction`` K + 1. ``pulls`` N x 2 x (K + 2) is what each holder of a tie
    weighs; ``weighed`` N and ``weighed_offers`` N x K say under what threat and offers that was worked out, and
    ``patron_changes``, ``patron_bases`` and ``patron_pulls`` N * 2 are the patron's part of it in a row (see
    `papertiger.model.ensemble.kernel.ties`). ``ledger`` and ``held`` have length 0 where nobody asks for them: rows
    of the ledger, and what each cause holds (see `papertiger.model.ensemble.kernel.ledger`), with ``fading``, the
    share kept after so many months, T + 1. ``written`` counts the rows of the ledger and the month's crises, and
    says which run and month is at work, and whether a run's state came to be other than finite. ``own`` holds the
    values of parameters of a modeler's own. ``shared_clients`` T x N, ``shared_offers`` T x N x K, ``shared_ties``
    T x N x 2 x (K + 2) and ``shared_patron`` T x M are room for the months that runs share, of length 0 where none
    are to be shared (see `papertiger.model.ensemble.kernel.shared`).
    """

    clients: Rows[ClientState]
    offers: Grid[float]
    ties: Cube[float]
    first_attraction: Grid[float]
    patron: Rows[PatronState]
    board: Grid[BoardRow]
    evidence: Grid[EvidenceRow]
    crises: Rows[CrisisRow]
    open_offers: Grid[float]
    attention: Rows[float]
    luck: Rows[float]
    chosen: Rows[int]
    weights: Rows[float]
    attraction: Rows[float]
    pulls: Cube[float]
    patron_changes: Rows[float]
    patron_bases: Rows[float]
    patron_pulls: Rows[float]
    weighed: Rows[Weighed]
    weighed_offers: Grid[float]
    ledger: Rows[LedgerRow]
    held: Quad[float]
    fading: Rows[float]
    written: Rows[int]
    own: Rows[float]
    shared_clients: Grid[ClientState]
    shared_offers: Cube[float]
    shared_ties: Quad[float]
    shared_patron: Grid[PatronState]


class Key(NamedTuple):
    """What identifies the draws of a run."""

    seed: int
    run: int
    first_month: int


class StartState(NamedTuple):
    """The state from which every run starts; ``fresh`` if it is the beginning, where clients are put in balance."""

    clients: Rows[ClientState]
    offers: Grid[float]
    ties: Cube[float]
    first_attraction: Grid[float]
    patron: Rows[PatronState]
    fresh: bool


class Batch(NamedTuple):
    """Which months of which runs: from the first month up to the last, which is left out."""

    first_month: int
    last_month: int
    first_run: int
    runs: int


def begin_run(moving: Moving, start: StartState) -> None:
    """Put a run at its start."""
    for i in range(start.clients.shape[0]):
        moving.clients[i] = start.clients[i]
        for rival in range(start.offers.shape[1]):
            moving.offers[i, rival] = start.offers[i, rival]
        for holder in range(start.ties.shape[2]):
            for kind in range(start.ties.shape[1]):
                moving.ties[i, kind, holder] = start.ties[i, kind, holder]
        for holder in range(start.first_attraction.shape[1]):
            moving.first_attraction[i, holder] = start.first_attraction[i, holder]
        for signal in range(moving.board.shape[1]):
            moving.board[i, signal].intensity = 0.0
    for m in range(start.patron.shape[0]):
        moving.patron[m] = start.patron[m]
    moving.written[0] = 0


def draw(key: Key, month: int, actor: int, purpose: int) -> float:
    """Draw a uniform number for an actor and a purpose in a month of the run."""
    return uniform(key.seed, key.run, key.first_month + month, actor, purpose, 0)


def draw_for_all(fixed: Fixed, moving: Moving, key: Key, month: int, purpose: int) -> None:
    """Draw a uniform number for every client into ``luck``; in one loop, compiled code draws several at a time."""
    for i in range(fixed.actors.shape[0]):
        moving.luck[i] = draw(key, month, fixed.actors[i], purpose)


def given(fixed: Fixed, month: int, client: int, decision: int) -> int:
    """Return what is given of a client this month, or ``FREE``."""
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
