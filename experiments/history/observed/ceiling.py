"""Cap what can be coded: how far down the ladder a client can be seen to go, wherever it stands.

Without a defence pact there is nothing to suspend, so the rule of the coding stops at distancing, whatever the client
would do if it could. That is a property of what is observed and not of the world: observed = min(latent, ceiling).
What is known of a client that was coded at its ceiling is a distribution over the rungs from there on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from papertiger.scenarios.schema.scenario import Scenario

DISTANCING, REALIGNED = POSTURES.index("distancing"), POSTURES.index("realigned")
_LEAST = 1e-300
"""Below it a filter takes an observation for impossible, and starts anew from it."""


def ceilings(scenario: Scenario, clients: Sequence[str]) -> NDArray[np.int64]:
    """Return the farthest posture at which each client can be coded, length N.

    A defence pact that was signed on the way counts from the beginning: whoever signs one stood close before.

    Parameters
    ----------
    scenario
        Whose treaties say it, and the new situations among its events.
    clients
        Names.
    """
    pacts = {name for name, client in bonds_of(scenario).items() if client.treaty == "defence_pact"}
    for event in scenario.events.values():
        if event.situation is not None and event.situation.treaty == "defence_pact" and event.client is not None:
            pacts.add(event.client)
    return np.array([REALIGNED if name in pacts else DISTANCING for name in clients], dtype=np.int64)


def coded(postures: NDArray[np.int64], ceiling: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the postures as they would be coded, ... x N.

    Parameters
    ----------
    postures
        Latent postures, ... x N.
    ceiling
        Length N.
    """
    return np.minimum(postures, ceiling)


def coded_chances(chances: NDArray[np.float64], ceiling: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the probabilities of coded postures, ... x N x 5.

    Parameters
    ----------
    chances
        Probabilities of latent postures, ... x N x 5.
    ceiling
        Length N.
    """
    rungs = np.arange(len(POSTURES))
    lands = np.minimum(rungs, ceiling[:, None])[:, :, None] == rungs
    seen: NDArray[np.float64] = np.einsum("...nk,nko->...no", chances, lands.astype(np.float64))
    return seen


class Filtered(NamedTuple):
    """Hold what observations say, period by period.

    ``predicted`` ... x P x N x 5 are the probabilities of the coded posture given all that was observed before, and
    ``known`` those of the latent posture given all that was observed up to then.
    """

    predicted: NDArray[np.float64]
    known: NDArray[np.float64]


def filtered(
    matrices: NDArray[np.floating[Any]],
    observed: NDArray[np.int64],
    ceiling: NDArray[np.int64],
    seen: NDArray[np.bool_] | None = None,
) -> Filtered:
    """Run the forward filter of a hidden Markov chain over coded postures (Rabiner 1989).

    A client that is at its ceiling at first is taken to stand there: what it would have done before is not known.
    Where a client was not seen, what is known of it moves on by the matrices and nothing is learned, so that the next
    observation is held against the product over the gap.

    Parameters
    ----------
    matrices
        Transition matrices of periods, ... x P x N x 5 x 5; the first is not looked at.
    observed
        Coded postures, P x N; where a client was not seen before, that in which it is seen first.
    ceiling
        Length N.
    seen
        P x N; None where every client was seen in every period.
    """
    rungs = np.arange(len(POSTURES))
    lands = np.minimum(rungs, ceiling[:, None])
    predicted, known = np.zeros(matrices.shape[:-1]), np.zeros(matrices.shape[:-1])
    now = np.broadcast_to(np.eye(len(POSTURES))[observed[0]], known[..., 0, :, :].shape)
    known[..., 0, :, :] = now
    for period in range(1, len(observed)):
        ahead = np.einsum("...np,...npq->...nq", now, matrices[..., period, :, :, :])
        predicted[..., period, :, :] = coded_chances(ahead, ceiling)
        left = ahead * (lands == observed[period][:, None])
        total = left.sum(axis=-1, keepdims=True)
        start = np.eye(len(POSTURES))[observed[period]]
        now = np.where(total > _LEAST, left / np.maximum(total, _LEAST), start)
        if seen is not None:
            before = seen[:period].any(axis=0)[:, None]
            now = np.where(before, np.where(seen[period][:, None], now, ahead), start)
        known[..., period, :, :] = now
    return Filtered(predicted, known)
