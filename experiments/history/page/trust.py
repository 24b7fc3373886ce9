"""Write what trust explains on the record and for whom, and how far the page's intervals can be relied on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.plan import FROZEN, FULL
from papertiger.experiments.history.evaluate.scoring import ALL, ONE_STEP, ORIGIN
from papertiger.experiments.history.evaluate.verdict import gain_in_words
from papertiger.experiments.history.page.evidence import SLIGHT, STRONG, log_evidences, mover_splits, odds_in_words
from papertiger.experiments.history.page.material import Material, Table
from papertiger.experiments.phrases import counted, listed
from papertiger.experiments.statistics.intervals import LEVEL

if TYPE_CHECKING:
    from papertiger.experiments.history.evaluate.skill import Skill

TELLING = 0.5
"""From so many nats on, either way, trust is said to matter for a client."""
NEAR = 0.02
"""How far below what it says an interval's coverage may lie and still be called near."""


def by_client(material: Material) -> dict[str, float]:
    """Return the nats that trust adds for each client, learned from all others; empty if one model is missing."""
    points = material.calibration.points
    if FROZEN not in points or FULL not in points:
        return {}
    full, frozen = points[FULL], points[FROZEN]
    added = full.left_out() - frozen.left_out()
    return dict(sorted(zip(full.clients, map(float, added), strict=True), key=lambda item: -abs(item[1])))


def trust_in_words(material: Material) -> list[str]:
    """Say what trust is worth on the record, in nats and in scores, and for whom; nothing without both models.

    Returns
    -------
    list of str
        The first sentence is the one to quote.
    """
    added = by_client(material)
    examination, plan = material.examination, material.examination.problem.plan
    if not added or FROZEN not in examination.names:
        return []
    evidence = log_evidences(material)
    whole = evidence[FULL] - evidence[FROZEN]
    telling = [name for name, nats in added.items() if abs(nats) >= TELLING]
    rest = {name: nats for name, nats in added.items() if name not in telling}
    if telling:
        named = listed([f"{name} ({added[name]:+.1f})" for name in telling])
        others = (
            f"; for the other {len(rest)} it lies between {min(rest.values()):+.2f} and {max(rest.values()):+.2f}"
            if rest
            else ""
        )
        whom = f"It matters for {len(telling)} of {counted(len(added), 'client')}, in nats: {named}{others}."
    else:
        whom = (
            f"It matters for none of {counted(len(added), 'client')}: between {min(rest.values()):+.2f} and "
            f"{max(rest.values()):+.2f} nats each."
        )
    lines = [
        f"What trust explains: {whole:+.1f} nats of the record of {plan.training.first} to {plan.training.last} "
        f"({odds_in_words(whole)}), as the full model ({FULL}) stands to the same events with everybody's trust "
        f"frozen ({FROZEN}). {whom}"
    ]
    gains = {kind: examination.skill(FULL, FROZEN, ALL, kind, "RPS") for kind in (ONE_STEP, ORIGIN)}
    said = "; ".join(f"{kind} {gain_in_words(gain)}" for kind, gain in gains.items())
    lines.append(
        f"In {plan.testing.first} to {plan.testing.last}, which was not learned from, trust {_standing(gains)}: a "
        f"gain in the ranked probability score of {said}.{_without_movers(material)}"
    )
    return lines


def _standing(gains: dict[str, Skill]) -> str:
    """Say in a few words what the intervals allow to say of trust."""
    verdicts = {gain.verdict for gain in gains.values()}
    if verdicts == {"higher"}:
        return "clearly helps"
    if verdicts == {"lower"}:
        return "clearly harms"
    if {"higher", "lower"} & verdicts:
        clear = [
            f"{'helps' if one.verdict == 'higher' else 'harms'} {kind}"
            for kind, one in gains.items()
            if one.verdict in ("higher", "lower")
        ]
        return f"clearly {listed(clear)} only"
    return "makes no difference that can be told from luck"


def _without_movers(material: Material) -> str:
    """Say what is left of the gain without all clients that moved; blank where none did."""
    splits = mover_splits(material.examination)
    if not splits:
        return ""
    last = max(splits, key=lambda split: len(split.unscored))
    left = "; ".join(
        f"{kind} {gain_in_words(material.examination.skill(FULL, FROZEN, last, kind, 'RPS'))}"
        for kind in (ONE_STEP, ORIGIN)
    )
    return f" Without {listed(list(last.unscored))}, who moved, it comes to {left}."


def trust_table(material: Material) -> Table | None:
    """Tabulate what trust adds for each client, on the record and in the test; None without both models."""
    added = by_client(material)
    examination = material.examination
    if not added or FROZEN not in examination.names:
        return None
    gains = {}
    for kind in (ONE_STEP, ORIGIN):
        ours, whose = examination.scored(FULL, ALL, kind, "RPS")
        theirs, _ = examination.scored(FROZEN, ALL, kind, "RPS")
        gains[kind] = {name: float((theirs - ours)[whose == name].mean()) for name in np.unique(whose)}
    rows = [
        [
            name,
            f"{nats:+.2f}",
            *(f"{gains[kind][name]:+.4f}" if name in gains[kind] else "not scored" for kind in (ONE_STEP, ORIGIN)),
        ]
        for name, nats in added.items()
    ]
    return Table(["client", "nats, learned from all others", "gain in RPS, one step", "gain in RPS, origin"], rows)


def beliefs_in_words(material: Material) -> str:
    """Say whether two beliefs can be told apart: by evidence, and by how far they go together."""
    evidence, beliefs = log_evidences(material), material.beliefs
    if not {"M2", "M3"} <= set(evidence):
        return ""
    nats = evidence["M3"] - evidence["M2"]
    moved = (
        f"over {beliefs.months:,} client-months capability and resolve have a correlation of {beliefs.together:.2f}, "
        f"and of {beliefs.within:.2f} in what moves within each client"
    )
    if abs(nats) < SLIGHT:
        told = "These data do not tell capability from resolve"
    else:
        told = f"These data tell capability from resolve, {'for' if nats > 0 else 'against'} two beliefs"
    why = " which is why hardly anything could" if abs(nats) < SLIGHT and beliefs.within >= STRONG else ""
    return f"{told} ({nats:+.2f} nats): {moved}{',' if why else ''}{why}."


def coverage_table(material: Material) -> Table:
    """Tabulate how often intervals hold the truth, in worlds in which it is known."""
    return Table(
        [
            "world",
            "clients",
            "true gain",
            "this page's interval",
            "drawn clients",
            "Student's t",
            "wrong side of zero",
        ],
        [
            [
                one.world,
                str(one.clients),
                f"{one.truth:+.4f}",
                f"{one.published:.2f}",
                f"{one.percentiles:.2f}",
                f"{one.student:.2f}",
                f"{one.wrong:.3f}",
            ]
            for one in material.coverages
        ],
    )


def coverage_in_words(material: Material) -> str:
    """Say how the page's interval does beside the common ones, and where it falls short."""
    coverages = material.coverages
    short = [one for one in coverages if one.published < LEVEL - NEAR]
    fine = [one for one in coverages if one not in short]
    histories = min(one.histories for one in coverages)
    said = f"Each share is of {histories:,} histories or more."
    if fine:
        low, high = min(one.published for one in fine), max(one.published for one in fine)
        drawn, student = (min(getattr(one, name) for one in fine) for name in ("percentiles", "student"))
        said += (
            f" Where it says {LEVEL:.2f}, the page's interval holds the truth in {low:.2f} to {high:.2f} of them; "
            f"percentiles of drawn clients, which this page used before, come down to {drawn:.2f}, Student's t to "
            f"{student:.2f}."
        )
    if short:
        where = listed(list(dict.fromkeys(one.world for one in short)))
        said += (
            f" It falls short where {where} (down to {min(one.published for one in short):.2f}): of clients for whom "
            "the forecasts would have differed, and who are not there, no interval can know."
        )
    return said
