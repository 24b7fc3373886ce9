"""Write what hangs on what: placebo worlds, other codings, other signals, and other choices of parameters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.plan import FULL
from papertiger.experiments.history.evaluate.placebo import movable_episodes
from papertiger.experiments.history.evaluate.robustness import PLACEBOS, chance
from papertiger.experiments.history.evaluate.scoring import ONE_STEP, ORIGIN
from papertiger.experiments.history.forecast.predictions import KINDS
from papertiger.experiments.history.observed.periods import last_month
from papertiger.experiments.history.page.material import Material, Table, count_as_good, share_as_good
from papertiger.experiments.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from papertiger.experiments.history.evaluate.robustness import Outcome

TIMING = 0.05
"""Up to this share of worlds that do at least as well, both one step ahead and from the origin, a thing matters."""
ENOUGH_EPISODES = 3
"""With fewer events than this, few orders are other orders."""
NUMBERS = ("one", "two", "three", "four", "five")
OTHER_DATES = ("dates", "dates anywhere", "lag")
"""Kinds of placebo worlds in which the same things happen to the same clients at other times."""


def timing_in_words(material: Material) -> str:
    """Say whether it matters whose events they are, and when they came, as far as placebo worlds can tell."""
    sentences = []
    matters = False
    whose = material.of("clients")
    if whose:
        one, origin = (share_as_good(whose, material.true, when) for when in (ONE_STEP, ORIGIN))
        matters = max(one, origin) <= TIMING
        sentences.append(
            "Whose events they are matters." if matters else "Whose events they are makes no clear difference."
        )
    when_they_came = [material.of(kind) for kind in OTHER_DATES if material.of(kind)]
    if not when_they_came:
        return " ".join(sentences)
    shares = [
        max(share_as_good(worlds, material.true, when) for when in (ONE_STEP, ORIGIN)) for worlds in when_they_came
    ]
    if max(shares) <= TIMING:
        start = "So does when they came" if matters else "When they came matters"
        one, origin = (sum(count_as_good(each, material.true, when) for each in when_they_came) for when in KINDS)
        total = sum(map(len, when_they_came))
        sentences.append(
            f"{start}: of {counted(total, 'world')} with other dates, {one} {_do(one)} at least as well one step "
            f"ahead, {origin} from the origin."
        )
    else:
        counts = "; ".join(_count_in_words(worlds, material.true) for worlds in when_they_came)
        if min(shares) <= TIMING:
            said = f"Whether their timing matters hangs on how it is changed ({counts})"
        else:
            said = f"The timing of events adds nothing that these data can tell from luck ({counts})"
        sentences.append(f"{said}{_episodes_in_words(material)}.")
    return " ".join(sentences)


def _count_in_words(worlds: list[Outcome], true: Outcome) -> str:
    one, origin = (count_as_good(worlds, true, when) for when in KINDS)
    return (
        f"{PLACEBOS[worlds[0].kind]}: {one} of {counted(len(worlds), 'world')} {_do(one)} at least as well "
        f"one step ahead, {origin} from the origin"
    )


def _do(count: int) -> str:
    return "does" if count == 1 else "do"


def _episodes_in_words(material: Material) -> str:
    """Say how many of the clients that moved have events enough for other dates to be other dates."""
    problem = material.examination.problem
    postures, last = problem.postures, last_month(problem.plan.testing.last)
    moved = (postures.posture[1:] != postures.posture[:-1]) & postures.scored[1:]
    movers = [name for name, ever in zip(postures.clients, moved.any(axis=0), strict=True) if ever]
    enough = [name for name in movers if len(movable_episodes(name, problem.scenario, last)) >= ENOUGH_EPISODES]
    if not movers:
        return ""
    return (
        f"; of {counted(len(movers), 'client')} that moved, {len(enough)} had three events or more to be moved about"
    )


def placebo_table(material: Material) -> Table:
    """Tabulate the worlds that are wrong on purpose, after the true one."""
    true = material.true
    rows = [
        [
            "the true world",
            "1",
            f"{true.log_evidence:.1f}",
            "",
            f"{true.one_step:.4f}",
            "",
            f"{true.from_origin:.4f}",
            "",
        ]
    ]
    for kind, words in PLACEBOS.items():
        worlds = material.of(kind)
        if worlds:
            rows.append(
                [
                    words,
                    str(len(worlds)),
                    f"{np.mean([one.log_evidence for one in worlds]):.1f}",
                    f"{chance(worlds, true, lambda one: one.log_evidence, high=True):.2f}",
                    f"{np.mean([one.one_step for one in worlds]):.4f}",
                    f"{share_as_good(worlds, true, ONE_STEP):.2f}",
                    f"{np.mean([one.from_origin for one in worlds]):.4f}",
                    f"{share_as_good(worlds, true, ORIGIN):.2f}",
                ]
            )
    headings = ["what is wrong", "worlds", "log evidence", "share", "RPS, one step", "share", "RPS, origin", "share"]
    return Table(headings, rows)


def coding_table(material: Material) -> Table:
    """Tabulate the skill against climatology under each coding of the observations."""
    rows = [
        [
            one.name,
            _skill(one.one_step, one.reference_one_step),
            _skill(one.from_origin, one.reference_from_origin),
            f"{one.log_evidence:.2f}",
        ]
        for one in [material.true, *material.of("coding")]
    ]
    rows[0][0] = "all indicators"
    return Table(["coding", "skill, one step", "skill, origin", "log evidence"], rows)


def _skill(score: float, reference: float) -> str:
    return f"{1 - score / reference:+.2f}" if reference > 0 else f"{-np.inf if score > 0 else 0.0:+.2f}"


def codings_in_words(table: Table) -> str:
    """Say under which codings skill is lost that the shipped one has.

    Parameters
    ----------
    table
        As of `coding_table`.
    """
    shipped, *others = [[float(cell) for cell in row[1:3]] for row in table.rows]
    if not others:
        return "No other coding was tried."
    losing = [
        row[0]
        for row, skills in zip(table.rows[1:], others, strict=True)
        if any(skill < 0 <= before for skill, before in zip(skills, shipped, strict=True))
    ]
    lacking = [kind for kind, skill in zip(KINDS, shipped, strict=True) if skill < 0]
    sentences = []
    if lacking:
        sentences.append(f"With all indicators there is no skill against climatology {listed(lacking)}.")
    if losing:
        sentences.append(f"Skill against climatology is lost {', '.join(losing)}.")
    elif len(lacking) < len(KINDS):
        sentences.append("Skill is lost under none of them.")
    return " ".join(sentences)


def signal_table(material: Material) -> Table:
    """Tabulate the range of results under other weights and loadings of signals."""
    alternatives = material.of("signal")
    measures: dict[str, Callable[[Outcome], float]] = {
        "log evidence": lambda one: one.log_evidence,
        "RPS, one step": lambda one: one.one_step,
        "RPS, origin": lambda one: one.from_origin,
    }
    rows = []
    for words, of in measures.items():
        low, high = min(alternatives, key=of), max(alternatives, key=of)
        rows.append(
            [words, f"{of(material.true):.4g}", f"{of(low):.4g} ({low.name})", f"{of(high):.4g} ({high.name})"]
        )
    return Table(["", "as shipped", "lowest", "highest"], rows)


def variant_table(material: Material) -> Table:
    """Tabulate the variants that were tried, after the choice that is shipped."""
    variants = material.examination.problem.plan.variants
    rows = []
    for one in [material.true, *material.of("variant")]:
        variant = variants.get(one.name)
        rows.append(
            [
                one.name if variant else f"the design's {shipped_size(material)}, as shipped",
                "" if variant is None else variant.why,
                f"{one.log_evidence:.2f}",
                f"{one.log_left_out:.2f}",
                f"{one.effective:.0f}",
                f"{one.one_step:.4f}",
                f"{one.from_origin:.4f}",
            ]
        )
    headings = ["variant", "why", "log evidence", "clients left out", "effective points", "RPS, one step"]
    return Table([*headings, "RPS, origin"], rows)


def choice_in_words(material: Material) -> str:
    """Say what the training span would have chosen, where that is not the shipped choice; blank otherwise."""
    variants, true = material.examination.problem.plan.variants, material.true
    rivals = [one for one in material.of("variant") if variants[one.name].model == FULL]
    best = max(rivals, key=lambda one: one.log_left_out, default=true)
    if best.log_left_out <= true.log_left_out:
        return ""
    better = [kind for kind, one, shipped in _scores(best, true) if one < shipped]
    worse = [kind for kind, one, shipped in _scores(best, true) if one > shipped]
    size = shipped_size(material)
    were, they, them = ("was", "it", "it") if size == NUMBERS[0] else ("were", "they", "them")
    test = _by_kind("better", better, "worse", worse)
    reading = _by_kind("too low", better, "too high", worse)
    return (
        f"The training span would have chosen *{best.name}* ({best.log_left_out:.1f} nats against "
        f"{true.log_left_out:.1f} with clients left out). On the test it does {test} than the shipped {size} "
        f"({best.one_step:.4f} against {true.one_step:.4f} one step ahead, {best.from_origin:.4f} against "
        f"{true.from_origin:.4f} from the origin; climatology {best.reference_one_step:.4f} and "
        f"{best.reference_from_origin:.4f}). The shipped {size} {were} kept because {they} stood first, and "
        f"changing {them} after the test was seen would have been choosing by it in either direction. Whoever trusts "
        f"the training span more should read the skill above as that much {reading}."
    )


def _scores(best: Outcome, true: Outcome) -> list[tuple[str, float, float]]:
    return [(ONE_STEP, best.one_step, true.one_step), (ORIGIN, best.from_origin, true.from_origin)]


def _by_kind(low: str, lower: list[str], high: str, higher: list[str]) -> str:
    """Return one word where both kinds of forecast agree, and the word of each where they do not."""
    if len(lower) == len(KINDS):
        return low
    if len(higher) == len(KINDS):
        return high
    parts = [f"{word} {kind}" for word, kinds in ((low, lower), (high, higher)) for kind in kinds]
    return " and ".join(parts) if parts else "neither " + low + " nor " + high


def shipped_size(material: Material) -> str:
    """Return how many parameters are free in the choice that is shipped, as a word."""
    return NUMBERS[len(material.examination.problem.plan.paths) - 1]


def error_of_alternatives(material: Material) -> float:
    """Return the largest standard error of the log evidence of a variant, as of points drawn at random."""
    fewest = min(one.effective for one in [material.true, *material.of("variant")])
    return math.sqrt(max(1 / fewest - 1 / material.points, 0.0))
