"""Bound what a client's gain could have been: what two published forecasts leave open, whatever had come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def gains_by_outcome(
    ours: NDArray[np.float64],
    theirs: NDArray[np.float64],
    score: Callable[[NDArray[np.float64], NDArray[np.intp]], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Return the gain of one forecaster over another for each category that may come, of the forecasts' shape.

    Parameters
    ----------
    ours, theirs
        Published forecasts, ... x K.
    score
        Of a forecast and what came, where less is better.
    """
    shape, count = ours.shape[:-1], ours.shape[-1]
    return np.stack(
        [
            score(theirs, np.full(shape, category)) - score(ours, np.full(shape, category))
            for category in range(count)
        ],
        axis=-1,
    )


def reach_of_gains(
    gains: NDArray[np.float64],
    came: NDArray[np.intp],
    scored: NDArray[np.bool_],
    start: NDArray[np.intp] | None = None,
) -> tuple[float, float]:
    """Return the least and the largest mean gain of any client, had one thing come otherwise than it did.

    Nobody is taken to have moved in every half-year: what may have come otherwise is one posture, or, where forecasts
    are made from one origin, one departure after which the client stays where it went.

    Parameters
    ----------
    gains
        Q x N x K, as `gains_by_outcome` gives them.
    came
        Q x N: what came.
    scored
        Q x N: which steps count.
    start
        Length N: where each client stood at the origin; None for forecasts one step ahead.
    """
    there = scored.any(axis=0)
    counts = scored.sum(axis=0)[there]
    counted = np.where(scored[..., None], gains, 0.0)[:, there]
    known = np.take_along_axis(counted, came[:, there, None], axis=2)[..., 0]
    possible = [known.sum(axis=0) / counts]
    if start is None:
        # An infinite score in place of another is none that could be weighed.
        with np.errstate(invalid="ignore"):
            other = known.sum(axis=0)[None, :, None] - known[..., None] + counted
        possible.append(other / counts[None, :, None])
    else:
        stays = np.take_along_axis(counted, np.broadcast_to(start[there, None], came[:, there, None].shape), axis=2)[
            ..., 0
        ]
        before = np.concatenate([np.zeros_like(stays[:1]), np.cumsum(stays, axis=0)[:-1]])
        after = np.cumsum(counted[::-1], axis=0)[::-1]
        possible.append((before[..., None] + after) / counts[None, :, None])
        possible.append(stays.sum(axis=0) / counts)
    return min(float(np.nanmin(one)) for one in possible), max(float(np.nanmax(one)) for one in possible)
