"""Move ties: where a client buys its arms and does its business, slowly, and before pacts move.

A client spreads its arms and its economy over the patron, the rivals and others. What draws it to each moves the
shares towards a target, a share of the way each month: contracts run for years, and trade for longer.
"""

from __future__ import annotations

from typing import NamedTuple

from papertiger.model.elementary import exp

ARMS, ECONOMY = 0, 1
"""The two kinds of tie."""
PATRON = 0
"""The place of the patron among the holders of a tie; rivals follow in their order, and others come last."""


class Pull(NamedTuple):
    """What draws a client to its patron or away: tau, pi, theta, the pressure psi and O_k* without lock-in."""

    threat: float
    protection: float
    patron_threat: float
    pressure: float
    option_economy: float


def patron_attraction(pull: Pull, patron_threat_weight: float, standing_cost: float) -> float:
    """Return A_0 = tau pi - b_theta theta - b_S psi O_k*, what draws a client's business to its patron."""
    return (
        pull.threat * pull.protection
        - patron_threat_weight * pull.patron_threat
        - standing_cost * pull.pressure * pull.option_economy
    )


def supply_shortfall(weight: float, burden: float) -> float:
    """Return b_D h, what the patron's own war takes from its attraction as a supplier of arms."""
    return weight * burden


def tie_weight(base: float, change: float, noise: float) -> float:
    """Return s0 exp((A - A0) / mu_s), what one holder weighs before shares are taken.

    Beyond an exponent of 600 the weight stays the same, so that the sum of all is a number above 0.
    """
    return base * exp(min(600.0, max(-600.0, change / noise)))


def next_tie(share: float, target: float, rate: float) -> float:
    """Return a share a month later, s + sigma (s* - s)."""
    return share + rate * (target - share)


def lasting_memory(memory: float, lasting: float) -> float:
    """Return m + (1 - m) l, the share of the patron's coercion that procurement remembers a month later.

    Parameters
    ----------
    memory
        m, the share that words remember.
    lasting
        l, how much of what they forget stays: 0 for nothing, 1 for all.
    """
    return memory + (1.0 - memory) * lasting


def other_tie(share: float, before: float, own: float, is_last: bool) -> float:
    """Return the share of another holder once the patron's is `own`: all others share the rest as they did before.

    Parameters
    ----------
    share
        Of the other holder, so far.
    before, own
        Of the patron, so far and from now on.
    is_last
        It stands for all who are not named, who take the rest where the patron held everything.
    """
    if before >= 1.0:
        return 1.0 - own if is_last else 0.0
    return share * (1.0 - own) / (1.0 - before)


def base_ties(own: float, named: tuple[float, ...], pulls: tuple[float, ...], others: float) -> tuple[float, ...]:
    """Return the shares of a tie at entry: of the patron, of each rival, and of others; they add up to 1.

    Parameters
    ----------
    own
        Share of the patron.
    named
        Shares of the rivals that are known, negative where they are not.
    pulls
        What each rival offers at entry, by which those that are not known share the rest with others.
    others
        What others weigh in that sharing, above 0.
    """
    known = sum(share for share in named if share >= 0.0)
    rest = max(0.0, 1.0 - own - known)
    weights = [pull if share < 0.0 else 0.0 for share, pull in zip(named, pulls, strict=True)]
    total = sum(weights) + others
    rivals = tuple(
        share if share >= 0.0 else rest * weight / total for share, weight in zip(named, weights, strict=True)
    )
    return (own, *rivals, rest * others / total)
