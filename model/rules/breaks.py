"""Break away or come back: a monthly hazard of a jump to any other rung, beside the choice among neighbouring ones.

Each direction has a hazard with a baseline of its own. What makes a break likely works through stocks that fade: a
new ruler, the patron's coercion, its disengagement and a rival's pledge (a log-linear hazard with competing
directions; Box-Steffensmeier & Jones 2004). Where the jump leads is drawn among the rungs of its direction.
"""

from __future__ import annotations

from typing import NamedTuple

from papertiger.model.elementary import exp
from papertiger.model.rules.choice import DISTANCING, HEDGING, LOYAL, SUSPENDED

BREAK_CAUSES = ("baseline", "new ruler", "coercion", "disengagement", "rival's pledge")
"""What a break can be put down to, in the order of their numbers: the baseline, and then the stocks."""
BASELINE, NEW_RULER, COERCION, DISENGAGEMENT, RIVAL_PLEDGE = range(len(BREAK_CAUSES))


class BreakStocks(NamedTuple):
    """What is remembered of each cause of a break: an event of intensity 3 adds 1, and a share is kept each month."""

    ruler: float
    coercion: float
    disengagement: float
    pledge: float


class BreakEffects(NamedTuple):
    """The logarithm of what a stock of 1 multiplies the hazard by, for each cause."""

    ruler: float
    coercion: float
    disengagement: float
    pledge: float


class BreakRungs(NamedTuple):
    """How likely each rung is as the place where a break ends, against the others of its direction."""

    loyal: float
    hedging: float
    distancing: float
    suspended: float
    realigned: float


def break_hazard(baseline: float, stocks: BreakStocks, effects: BreakEffects) -> float:
    """Return the chance of a break per month, min(1, h0 exp(sum over causes of beta_c S_c)).

    Beyond an exponent of 600 the hazard stays the same, so that it is a number.

    Parameters
    ----------
    baseline
        h0, the chance per month without any cause.
    stocks, effects
        S_c and beta_c.
    """
    exponent = (
        effects.ruler * stocks.ruler
        + effects.coercion * stocks.coercion
        + effects.disengagement * stocks.disengagement
        + effects.pledge * stocks.pledge
    )
    return min(1.0, baseline * exp(min(600.0, max(-600.0, exponent))))


def break_weight(target: int, posture: int, rungs: BreakRungs) -> float:
    """Return how likely a break from a posture ends on a rung, against the other rungs of the same direction.

    Parameters
    ----------
    target, posture
        The rung, 0 to 4, and the one that the client breaks from; nobody breaks to where it is.
    rungs
        Weights of the rungs.
    """
    if target == posture:
        return 0.0
    if target == LOYAL:
        return rungs.loyal
    if target == HEDGING:
        return rungs.hedging
    if target == DISTANCING:
        return rungs.distancing
    if target == SUSPENDED:
        return rungs.suspended
    return rungs.realigned


def strongest_cause(stocks: BreakStocks, effects: BreakEffects) -> int:
    """Return the number of the cause that raises the hazard most, the baseline where none does.

    In a hazard of this form a cause with the term beta S accounts for the share 1 - exp(-beta S) of the breaks of
    those who are exposed to it, so that the largest term is the cause to be named.
    """
    strongest, largest = BASELINE, 0.0
    for cause in range(len(stocks)):
        term = effects[cause] * stocks[cause]
        if term > largest:
            strongest, largest = cause + 1, term
    return strongest
