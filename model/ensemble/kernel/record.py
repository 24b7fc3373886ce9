"""Write down what is kept of the compiled month."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from papertiger.model.ensemble.kernel.feedback import credibility, defected_share
from papertiger.model.ensemble.kernel.state import Fixed, Moving, client_protection
from papertiger.model.rules.ties import ARMS, ECONOMY, PATRON

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Kept(NamedTuple):
    """Where runs write what is to be kept; an array of length 0 along its first axis keeps nothing.

    ``counts`` T x N x 5 counts postures over runs. ``bins`` T x N x B and ``patron_bins`` T x M x B count protection
    and the patron's measures in equal steps of [0, top]; ``sums`` T x N and ``patron_sums`` T x M hold them in units
    of 2 ** -40, as integers, so that no order of adding matters. ``parts`` N x accounts x 2 x 3 sums each cause's
    part of capability, resolve and protection in the same units, own and witnessed apart. ``postures``,
    ``destinations`` and ``regimes`` R x S x N, ``beliefs`` R x S x N x 4, ``levels`` R x S x N x L, ``offers``
    R x S x N x K and ``patron`` R x S x M keep trajectories. ``slots``, paths x T in the order of `PATHS`, says
    which of the S places of a path takes a month, -1 for none; when all months are kept it counts them.
    """

    counts: NDArray[np.int64]
    bins: NDArray[np.int64]
    sums: NDArray[np.int64]
    patron_bins: NDArray[np.int64]
    patron_sums: NDArray[np.int64]
    parts: NDArray[np.int64]
    postures: NDArray[np.int8]
    destinations: NDArray[np.int8]
    regimes: NDArray[np.int16]
    beliefs: NDArray[np.float64]
    levels: NDArray[np.float64]
    offers: NDArray[np.float64]
    patron: NDArray[np.float64]
    slots: NDArray[np.int64]


PATHS = ("postures", "destinations", "regimes", "beliefs", "levels", "offers", "patron")
"""Names of the trajectories, in the order of their rows in ``slots``."""


POSTURE_PATH, DESTINATION_PATH, REGIME_PATH, BELIEF_PATH, LEVEL_PATH, OFFER_PATH, PATRON_PATH = range(7)


UNIT = 1099511627776.0
"""2 ** 40: sums of shares are kept as integers of this unit."""


PATRON_MEASURES = ("budget", "burden", "lost_assets", "credibility", "defected_share")


PATRON_TOPS = (2.0, 1.0, 1.0, 1.0, 1.0)
"""The largest value that the bins of each measure tell apart."""


LEVELS = (
    "attack_level",
    "claim_level",
    "missing_support",
    "patron_trust_good",
    "patron_trust_bad",
    "covert_rival",
    "reviewed",
    "arms_tie",
    "economy_tie",
)


def keep_month(fixed: Fixed, moving: Moving, kept: Kept, row: int, month: int) -> None:
    """Write down what is to be kept of a month."""
    bands = kept.bins.shape[0] != 0
    postures_slot = kept.slots[POSTURE_PATH, month]
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present != 0:
            kept.counts[month, i, client.posture] += 1
            if bands:
                believed = client_protection(moving, i)
                kept.bins[month, i, bin_of(believed, kept.bins.shape[2])] += 1
                kept.sums[month, i] += int(believed * UNIT + 0.5)
        if postures_slot >= 0:
            kept.postures[row, postures_slot, i] = client.posture
    patron_slot = kept.slots[PATRON_PATH, month]
    if bands or patron_slot >= 0:
        for m in range(fixed.patrons.shape[0]):
            keep_patron(fixed, moving, kept, row, month, m)
    keep_details(fixed, moving, kept, row, month)


def keep_patron(fixed: Fixed, moving: Moving, into: Kept, row: int, month: int, m: int) -> None:
    """Write down one patron's measures after a month, behind those of the patrons before it."""
    patron, slot = moving.patron[m], into.slots[PATRON_PATH, month]
    measures = (
        patron.budget,
        patron.burden,
        patron.lost_assets,
        credibility(fixed, moving, m),
        defected_share(fixed, moving, m),
    )
    for n in range(len(measures)):
        place = m * len(measures) + n
        if into.bins.shape[0] != 0:
            into.patron_bins[month, place, bin_of(measures[n] / PATRON_TOPS[n], into.patron_bins.shape[2])] += 1
            into.patron_sums[month, place] += int(measures[n] * UNIT + 0.5)
        if slot >= 0:
            into.patron[row, slot, place] = measures[n]


def bin_of(value: float, bins: int) -> int:
    """Return the bin of a value among equal steps of [0, 1]; what is beyond falls into the outermost."""
    return min(bins - 1, max(0, int(value * bins)))


def keep_details(fixed: Fixed, moving: Moving, kept: Kept, row: int, month: int) -> None:
    """Write down what is to be kept of the clients' state after a month."""
    slot = kept.slots[DESTINATION_PATH, month]
    if slot >= 0:
        for i in range(fixed.clients.shape[0]):
            kept.destinations[row, slot, i] = moving.clients[i].destination
    slot = kept.slots[REGIME_PATH, month]
    if slot >= 0:
        for i in range(fixed.clients.shape[0]):
            kept.regimes[row, slot, i] = moving.clients[i].regime
    slot = kept.slots[BELIEF_PATH, month]
    if slot >= 0:
        for i in range(fixed.clients.shape[0]):
            client = moving.clients[i]
            kept.beliefs[row, slot, i, 0] = client.capability_good
            kept.beliefs[row, slot, i, 1] = client.capability_bad
            kept.beliefs[row, slot, i, 2] = client.resolve_good
            kept.beliefs[row, slot, i, 3] = client.resolve_bad
    slot = kept.slots[LEVEL_PATH, month]
    if slot >= 0:
        for i in range(fixed.clients.shape[0]):
            client = moving.clients[i]
            kept.levels[row, slot, i, 0] = client.attack_level
            kept.levels[row, slot, i, 1] = client.claim_level
            kept.levels[row, slot, i, 2] = client.missing_support
            kept.levels[row, slot, i, 3] = client.patron_trust_good
            kept.levels[row, slot, i, 4] = client.patron_trust_bad
            kept.levels[row, slot, i, 5] = client.covert_rival
            kept.levels[row, slot, i, 6] = client.reviewed
            kept.levels[row, slot, i, 7] = moving.ties[i, ARMS, PATRON]
            kept.levels[row, slot, i, 8] = moving.ties[i, ECONOMY, PATRON]
    slot = kept.slots[OFFER_PATH, month]
    if slot >= 0:
        for i in range(fixed.clients.shape[0]):
            for rival in range(moving.offers.shape[1]):
                kept.offers[row, slot, i, rival] = moving.offers[i, rival]
