"""The compiled month, and many of them over many runs."""

from __future__ import annotations

from typing import Any

from papertiger.model.ensemble.kernel.beliefs import succeed, weigh_own, weigh_witnessed
from papertiger.model.ensemble.kernel.choice import move, review, set_anchors
from papertiger.model.ensemble.kernel.crises import face_crises, spread_attention
from papertiger.model.ensemble.kernel.events import begin_month, let_events_happen
from papertiger.model.ensemble.kernel.feedback import take_stock
from papertiger.model.ensemble.kernel.ledger import add_up_accounts, open_accounts
from papertiger.model.ensemble.kernel.record import Kept, keep_month
from papertiger.model.ensemble.kernel.state import Fixed, Key, Moving


def month_step(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Run one month."""
    begin_month(fixed, moving, key, month)
    let_events_happen(fixed, moving, key, month)
    generative = fixed.generative[month] != 0
    if generative:
        spread_attention(fixed, moving, month)
        face_crises(fixed, moving, key, month)
    weigh_own(fixed, moving, month)
    weigh_witnessed(fixed, moving, month)
    succeed(fixed, moving, month)
    review(fixed, moving, key, month)
    move(fixed, moving, key, month)
    take_stock(fixed, moving, month)


def is_finite_state(moving: Moving) -> bool:
    """Tell whether every level of a run's state is finite; what is not stays so to the end of a run."""
    levels = 0.0
    for i in range(moving.clients.shape[0]):
        client = moving.clients[i]
        levels += client.capability_good + client.capability_bad + client.resolve_good + client.resolve_bad
        levels += client.attack_level + client.claim_level + client.missing_support
        for rival in range(moving.offers.shape[1]):
            levels += moving.offers[i, rival]
    return levels - levels == 0.0


def run_months(
    fixed: Fixed,
    moving: Moving,
    kept: Kept,
    key: Key,
    start_clients: Any,
    start_offers: Any,
    start_patron: Any,
    fresh: bool,
    first_month: int,
    last_month: int,
    first_run: int,
    runs: int,
) -> None:
    """Run months ``first_month`` to ``last_month`` (excluded) of many runs, one after another.

    Parameters
    ----------
    fixed, moving, kept
        Tables, room for one run's state, and where to write.
    key
        Key of the draws; its run number is not used.
    start_clients, start_offers, start_patron
        The state from which every run starts.
    fresh
        Whether the start is the beginning, where clients are put in balance.
    first_month, last_month
        Months of the run.
    first_run, runs
        Number of the first run, and how many.
    """
    for row in range(runs):
        mine = Key(
            key.seed,
            first_run + row,
            key.first_month,
            key.patron_key,
            key.income_drawn_from,
            key.income_persistence,
            key.income_noise,
        )
        for i in range(start_clients.shape[0]):
            moving.clients[i] = start_clients[i]
            for rival in range(start_offers.shape[1]):
                moving.offers[i, rival] = start_offers[i, rival]
            for signal in range(moving.board.shape[1]):
                moving.board[i, signal].intensity = 0.0
        moving.patron[0] = start_patron[0]
        moving.written[0] = 0
        moving.written[2] = row
        moving.written[3] = first_month
        if fresh:
            set_anchors(fixed, moving)
        if moving.held.shape[0] != 0:
            open_accounts(fixed, moving, first_month)
        for month in range(first_month, last_month):
            moving.written[3] = month
            month_step(fixed, moving, mine, month)
            keep_month(fixed, moving, kept, row, month)
        if not is_finite_state(moving):
            moving.written[4] = 1
            return
        if moving.held.shape[0] != 0:
            add_up_accounts(fixed, moving, kept)
