"""Take what groups did back to the lab: their orders as scenarios, each over many fates, with intervals.

In the class all groups had one luck. Here the orders of each group are played over many runs from the first turn on.
Run k of one group and run k of another share every draw that both make, as in the lab's own comparison of scenarios,
so a difference is a paired one: what the decisions do beyond the one fate that the class happened to meet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from papertiger.wargame.engine.replay import fingerprint
from papertiger.wargame.views.measures import network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papertiger.experiments.statistics.paired import PairedDifference
    from papertiger.wargame.rules.request import ReplayRequest
    from papertiger.wargame.session import Session

RUNS = 40


@dataclass(frozen=True)
class Ensemble:
    """What one group's orders came to in each run, at the end of the last turn that is compared.

    Attributes
    ----------
    credibility, defected
        The patron's credibility, and the share of clients that defected, by run.
    """

    credibility: tuple[float, ...]
    defected: tuple[float, ...]


@dataclass(frozen=True)
class ComparedOrders:
    """One measure of one group beside another one's.

    Attributes
    ----------
    measure
        ``credibility`` or ``defected``.
    mean, low, high
        Over the runs: the mean, and the range of the middle nine tenths of them.
    difference
        What the group has more than the baseline, with its interval; ``None`` of the baseline itself.
    """

    measure: str
    mean: float
    low: float
    high: float
    difference: PairedDifference | None


def ensemble_of(session: Session, turns: int, runs: int = RUNS) -> Ensemble:
    """Return the ensemble of a game's orders.

    Parameters
    ----------
    session
        The game; the branch in which its teams play.
    turns
        How many turns of it.
    runs
        How many runs, all with other luck than the class had.
    """
    request = session.game.request(turns=turns)
    return session.once(("ensemble", fingerprint(request), runs), lambda: _ensemble(session, request, runs))


def _ensemble(session: Session, request: ReplayRequest, runs: int) -> Ensemble:
    ends = [
        session.engine.replay(replace(request, runs=((1, run),))).months[-1]
        # The luck of the class has number 0; branches that were begun with other luck count on from 1 as these do.
        for run in range(1, runs + 1)
    ]
    return Ensemble(tuple(end.credibility for end in ends), tuple(1.0 - network(end) for end in ends))


def compare_orders(
    games: Sequence[Session], baseline: int, turns: int, runs: int = RUNS
) -> tuple[tuple[ComparedOrders, ...], ...]:
    """Return each measure of each game beside a baseline.

    Parameters
    ----------
    games
        The games of a class.
    baseline
        Place of the one that the others are set beside.
    turns
        How many turns, no more than are resolved in all of them, and at least one.
    runs
        How many runs.
    """
    ensembles = [ensemble_of(game, turns, runs) for game in games]
    first = ensembles[baseline]
    return tuple(
        (
            _compared("credibility", one.credibility, None if one is first else first.credibility),
            _compared("defected", one.defected, None if one is first else first.defected),
        )
        for one in ensembles
    )


def _compared(measure: str, values: Sequence[float], other: Sequence[float] | None) -> ComparedOrders:
    from papertiger.experiments.statistics.paired import paired_difference  # noqa: PLC0415 - for this page alone

    in_order, cut = sorted(values), len(values) // 20
    return ComparedOrders(
        measure=measure,
        mean=sum(values) / len(values),
        low=in_order[cut],
        high=in_order[-1 - cut],
        difference=None if other is None else paired_difference(other, values),
    )
