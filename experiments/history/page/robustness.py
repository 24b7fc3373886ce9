"""Write what hangs on what: placebo worlds, other codings, other signals, and other choices of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.plan import FULL
from papertiger.experiments.history.evaluate.robustness import PLACEBOS, chance
from papertiger.experiments.history.evaluate.scoring import ONE_STEP, ORIGIN
from papertiger.experiments.history.page.material import Material, Table, count_as_good, share_as_good

if TYPE_CHECKING:
    from collections.abc import Callable

    from papertiger.experiments.history.evaluate.robustness import Outcome

TIMING = 0.05
"""Up to this share of worlds that do at least as well, both one step ahead and from the origin, a thing matters."""
OTHER_DATES = ("dates", "dates anywhere", "lag")
"""Kinds of placebo worlds in which the same things happen to the same clients at other times."""


def timing_in_words(material: Material) -> str:
    """Say whether it matters whose events they are, and when they came, as far as placebo worlds can tell."""
    sentences = []
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
        sentences.append("So does when they came: worlds with other dates have less skill.")
    else:
        counts = "; ".join(
            f"{PLACEBOS[worlds[0].kind]}: {count_as_good(worlds, material.true, ONE_STEP)} of {len(worlds)} worlds "
            f"do at least as well one step ahead, {count_as_good(worlds, material.true, ORIGIN)} from the origin"
            for worlds in when_they_came
        )
        sentences.append(
            f"The timing of events adds nothing that these data can tell from luck ({counts}); few clients that "
            "moved have enough events to be moved about."
        )
    return " ".join(sentences)


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
            f"{1 - one.one_step / one.reference_one_step:+.2f}",
            f"{1 - one.from_origin / one.reference_from_origin:+.2f}",
            f"{one.log_evidence:.2f}",
        ]
        for one in [material.true, *material.of("coding")]
    ]
    rows[0][0] = "all indicators"
    return Table(["coding", "skill, one step", "skill, origin", "log evidence"], rows)


def codings_in_words(table: Table) -> str:
    """Say under which codings skill is lost.

    Parameters
    ----------
    table
        As of `coding_table`.
    """
    losing = [row[0] for row in table.rows[1:] if float(row[1]) < 0 or float(row[2]) < 0]
    if losing:
        return f"Skill against climatology is lost {', '.join(losing)}."
    return "Skill is lost under none of them."


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
    variants = material.examination.case.plan.variants
    rows = []
    for one in [material.true, *material.of("variant")]:
        variant = variants.get(one.name)
        rows.append(
            [
                one.name if variant else "the design's five, as shipped",
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
    variants, true = material.examination.case.plan.variants, material.true
    rivals = [one for one in material.of("variant") if variants[one.name].model == FULL]
    best = max(rivals, key=lambda one: one.log_left_out, default=true)
    if best.log_left_out <= true.log_left_out:
        return ""
    ahead = "better" if best.one_step < true.one_step else "worse"
    return (
        f"The training span would have chosen *{best.name}* ({best.log_left_out:.1f} nats against "
        f"{true.log_left_out:.1f} with clients left out). On the test it does {ahead} than the shipped five "
        f"({best.one_step:.4f} against {true.one_step:.4f} one step ahead, {best.from_origin:.4f} against "
        f"{true.from_origin:.4f} from the origin; climatology {best.reference_one_step:.4f} and "
        f"{best.reference_from_origin:.4f}). The shipped five were kept because they stood first, and changing them "
        "after the test was seen would have been choosing by it in either direction. Whoever trusts the training "
        "span more should read the skill above as that much too high."
    )
