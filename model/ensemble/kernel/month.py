"""Run the compiled month, and many of them over many runs; `papertiger.model.month` names the steps."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.attention import spread_attention
from papertiger.model.ensemble.kernel.beginning import begin_month
from papertiger.model.ensemble.kernel.breaks import face_breaks
from papertiger.model.ensemble.kernel.choices import review, set_anchors
from papertiger.model.ensemble.kernel.crises import face_crises
from papertiger.model.ensemble.kernel.events import let_events_happen
from papertiger.model.ensemble.kernel.feedback import take_stock
from papertiger.model.ensemble.kernel.ledger import add_up_accounts, open_accounts
from papertiger.model.ensemble.kernel.moves import move
from papertiger.model.ensemble.kernel.own_beliefs import weigh_own
from papertiger.model.ensemble.kernel.record import Kept, keep_month
from papertiger.model.ensemble.kernel.shared import can_share, follow, stand_still, still_follows
from papertiger.model.ensemble.kernel.state import NO_RUN, Batch, Fixed, Key, Moving, StartState, begin_run
from papertiger.model.ensemble.kernel.successions import succeed
from papertiger.model.ensemble.kernel.ties import forget_rivals, set_first_attractions, turn_ties
from papertiger.model.ensemble.kernel.witnesses import weigh_witnessed


def begin_common(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Run the steps of a month that are the same in all runs of a replay, as long as no luck parts them."""
    begin_month(fixed, moving, key, month)
    let_events_happen(fixed, moving, key, month)
    spread_attention(fixed, moving, month)
    face_crises(fixed, moving, key, month)
    weigh_own(fixed, moving, month)
    weigh_witnessed(fixed, moving, month)
    succeed(fixed, moving, month)
    turn_ties(fixed, moving)


def end_alone(fixed: Fixed, moving: Moving, kept: Kept, key: Key, row: int, month: int) -> None:
    """Run the steps of a month that are each run's own, and write it to a row of what is kept."""
    review(fixed, moving, key, month)
    face_breaks(fixed, moving, key, month)
    move(fixed, moving, key, month)
    take_stock(fixed, moving, month)
    keep_month(fixed, moving, kept, row, month)


def is_finite_state(moving: Moving) -> bool:
    """Tell whether every level of a run's state is finite; what is not stays so to the end of a run."""
    levels = 0.0
    for i in range(moving.clients.shape[0]):
        client = moving.clients[i]
        levels += client.capability_good + client.capability_bad + client.resolve_good + client.resolve_bad
        levels += client.attack_level + client.claim_level + client.missing_support
        levels += client.ruler_stock + client.coercion_stock + client.disengagement_stock + client.pledge_stock
        for rival in range(moving.offers.shape[1]):
            levels += moving.offers[i, rival]
    return levels - levels == 0.0


def run_months(fixed: Fixed, moving: Moving, kept: Kept, key: Key, start: StartState, batch: Batch) -> None:
    """Run some months of many runs, one run after another.

    Parameters
    ----------
    fixed, moving, kept
        Tables, room for one run's state, and where to write.
    key
        Key of the draws; its run number is not used.
    start
        The state from which every run starts.
    batch
        Which months, and which runs.
    """
    forget_rivals(moving)
    shared_to = batch.first_month
    # The row before the first is nobody's: it has no luck, and what it comes to is what the runs share.
    for row in range(-1 if can_share(fixed, moving, start, batch) else 0, batch.runs):
        mine = Key(
            key.seed,
            batch.first_run + row if row >= 0 else NO_RUN,
            key.first_month,
        )
        begin_run(moving, start)
        moving.written[2] = max(0, row)
        moving.written[3] = batch.first_month
        if start.fresh:
            set_anchors(fixed, moving)
            set_first_attractions(fixed, moving)
        if moving.held.shape[0] != 0:
            open_accounts(fixed, moving, batch.first_month)
        follows = row >= 0
        for month in range(batch.first_month, batch.last_month):
            moving.written[3] = month
            if row < 0 and fixed.generative[month] != 0:
                break
            follows = follows and month < shared_to and follow(fixed, moving, mine, month)
            if not follows:
                begin_common(fixed, moving, mine, month)
            if row < 0:
                stand_still(fixed, moving, month)
                shared_to = month + 1
            else:
                end_alone(fixed, moving, kept, mine, row, month)
                follows = follows and still_follows(moving)
        if row < 0:
            continue
        if not is_finite_state(moving):
            moving.written[4] = 1
            return
        if moving.held.shape[0] != 0:
            add_up_accounts(fixed, moving, kept)
