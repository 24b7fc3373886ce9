"""Code the posture of each client year by year, by the rules of the panel's file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from papertiger.scenarios.datasets.panel.pledges import DYAD
from papertiger.scenarios.datasets.panel.rules import PanelRules, RuleA

if TYPE_CHECKING:
    import pandas as pd

LOYAL, HEDGING, DISTANCING, SUSPENDED, REALIGNED = range(5)
"""Rungs of the ladder."""

RULES = ("A", "As", "B", "Bs", "C", "Cs")
"""Rules by name: four indicators, pledges alone, votes alone; with an s, a change counts only when it is held."""

_NOTHING = float("nan")


class Signs(NamedTuple):
    """What a posture is coded from in one year; a number that is missing is not a number, and no sign."""

    pledge: bool
    defence: bool
    arms_client: bool
    agreement: float
    own_arms: float
    rival_arms: float
    rival_pledge: bool
    rival_defence: bool


def rung_of(now: Signs, rule: RuleA, *, was_pledged: bool, was_client: bool) -> float:
    """Return the rung of a year by four indicators; not a number before the client was one.

    Parameters
    ----------
    now
        The indicators.
    rule
        Thresholds.
    was_pledged, was_client
        Whether there was a pledge, and a pledge or arms clientage, in an earlier year.
    """
    signs = (
        int(now.agreement < rule.agreement_below)
        + int(now.own_arms < rule.own_arms_below and now.rival_arms >= rule.rival_arms_from)
        + int(now.rival_pledge)
    )
    near = float(min(signs, rule.most_signs))
    gone = now.rival_pledge or now.rival_arms >= rule.lost_rival_arms_from
    fed = now.own_arms >= rule.lost_own_arms_from
    if now.pledge:
        relic = rule.realigned_by_defence and now.rival_defence and not now.defence
        return float(REALIGNED) if relic else near
    if was_pledged:
        return float(DISTANCING if fed else REALIGNED if gone else SUSPENDED)
    if not (now.arms_client or was_client):
        return _NOTHING
    if fed:
        return near
    if gone:
        return float(REALIGNED)
    return float(DISTANCING if now.own_arms >= rule.arms_clients_faint_from else SUSPENDED)


def held(rungs: Sequence[float]) -> list[float]:
    """Return rungs in which a change counts only when the next year does not take it back.

    Each rung is the middle one of what held, what is and what comes next: a change that the next year takes back is
    none, and of two that go the same way the nearer one counts. What held goes on where the next year has no rung,
    and after a gap.
    """
    steady: list[float] = []
    current = _NOTHING
    for now, following in pairwise([*rungs, _NOTHING]):
        if current != current:  # noqa: PLR0124 - not a number
            current = now
        elif now == now and following == following:  # noqa: PLR0124
            current = sorted((current, now, following))[1]
        steady.append(current if now == now else _NOTHING)  # noqa: PLR0124
    return steady


def band_of(agreement: float, bands: Sequence[float]) -> float:
    """Return the rung of a mean agreement, by bands that begin with the nearest."""
    if agreement != agreement:  # noqa: PLR0124 - not a number
        return _NOTHING
    return float(sum(agreement < bound for bound in bands))


def code_postures(rows: pd.DataFrame, rules: PanelRules) -> pd.DataFrame:
    """Return the rows' postures by every rule, as columns ``postureA`` to ``postureCs``.

    Parameters
    ----------
    rows
        Dyad-years in order, with ``pledge``, ``defense``, ``arms_client``, ``ua3``, ``arms_share5``, ``rival_arms``,
        ``rival_pledge`` and ``rival_defence``.
    rules
        How postures are coded.
    """
    import pandas as pd

    coded: dict[str, list[float]] = {f"posture{rule}": [] for rule in RULES}
    index: list[int] = []
    for _, dyad in rows.groupby(DYAD, sort=False):
        index += list(dyad.index)
        for rule, rungs in _postures(_signs(dyad), rules).items():
            coded[f"posture{rule}"] += rungs
            coded[f"posture{rule}s"] += held(rungs) if rules.postures.held.years == 2 else rungs
    return pd.DataFrame(coded, index=index).reindex(rows.index)


def _signs(dyad: pd.DataFrame) -> list[Signs]:
    return [
        Signs(bool(pledge), bool(defence), bool(fed), agreement, own, rival, bool(rival_pledge), bool(rival_defence))
        for pledge, defence, fed, agreement, own, rival, rival_pledge, rival_defence in zip(
            dyad["pledge"],
            dyad["defense"],
            dyad["arms_client"],
            dyad["ua3"],
            dyad["arms_share5"],
            dyad["rival_arms"],
            dyad["rival_pledge"],
            dyad["rival_defence"],
            strict=True,
        )
    ]


def _postures(years: list[Signs], rules: PanelRules) -> dict[str, list[float]]:
    """Return one dyad's rungs by the three rules."""
    coded: dict[str, list[float]] = {"A": [], "B": [], "C": []}
    was_pledged = was_client = False
    for now in years:
        coded["A"].append(rung_of(now, rules.postures.A, was_pledged=was_pledged, was_client=was_client))
        was_pledged = was_pledged or now.pledge
        was_client = was_client or now.pledge or now.arms_client
        lost = REALIGNED if now.rival_pledge else SUSPENDED
        coded["B"].append(float(LOYAL if now.pledge else lost) if was_pledged else _NOTHING)
        coded["C"].append(band_of(now.agreement, rules.postures.C.bands) if was_pledged else _NOTHING)
    return coded


def movements(postures: pd.DataFrame, rule: str) -> tuple[int, int]:
    """Return how many changes go away from the patron and towards it; rows must be in order."""
    changes = postures[f"posture{rule}"] - postures.groupby(DYAD)[f"posture{rule}"].shift()
    return int((changes > 0).sum()), int((changes < 0).sum())
