"""Lay the findings of a study of patrons out as tables of its page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.page.material import Table
from papertiger.experiments.patrons.study import BREAKS, OUTCOMES
from papertiger.experiments.patrons.terms import BREAK_RULES, CLOSENESS_RULES
from papertiger.experiments.patrons.words import (
    PLACEBO_WORDS,
    SUPPORTED,
    WORDS,
    Effect,
    constants,
    effect_text,
    findings,
    gain_in_words,
    hazard_ratio,
    term_label,
)
from papertiger.experiments.phrases import signed

if TYPE_CHECKING:
    from papertiger.experiments.patrons.study import PatronStudy
    from papertiger.experiments.patrons.words import Finding


def mechanism_table(study: PatronStudy) -> Table:
    """Tabulate mechanism by support: sign, effect, gains, placebo, probability of zero, verdict."""
    rows = []
    for one in findings(study):
        worst, size = one.worst_placebo
        sign = one.mechanism.terms[0].sign
        rows.append(
            [
                f"{one.mechanism.step} {one.mechanism.title}",
                WORDS[one.outcome],
                "none said" if sign == "0" else "right" if one.right else "wrong",
                "<br>".join(effect_text(effect, one.outcome) for effect in one.effects),
                f"{signed(one.gain.total, 1)} {ends(one.gain.clients)} {ends(one.gain.periods)}",
                "–" if one.later is None else f"{signed(one.later.total, 1)} {ends(one.later.clients)}",
                f"{signed(size, 1)} ({PLACEBO_WORDS[worst]})",
                f"{one.zero:.2f}",
                f"**{one.verdict}**" if one.verdict == SUPPORTED else _verdict(one),
            ]
        )
    return Table(
        ["mechanism", "outcome", "sign", "leading effect", "gain, patron left out [clients] [patron-periods]",
         f"gain, {study.files.plan.scores.from_year} on", "best placebo", "P(zero)", "verdict"],
        rows,
    )  # fmt: skip


def _verdict(one: Finding) -> str:
    return f"{one.verdict}: {', '.join(one.why)}"


def ends(interval: tuple[float, float]) -> str:
    """Return an interval's ends."""
    return f"[{signed(interval[0], 1)}, {signed(interval[1], 1)}]"


def ladder_table(study: PatronStudy) -> Table:
    """Tabulate what the nested models gain over the climatology, in all and by patron."""
    plan = study.files.plan
    rows = []
    for outcome in OUTCOMES:
        for keys in [plan.whole[: place + 1] for place in range(len(plan.whole))]:
            gained = study.gain(outcome, keys, ())
            later = study.gain_later(outcome, keys, ())
            by_patron = study.gain_by_patron(outcome, keys, ())
            rows.append(
                [
                    WORDS[outcome],
                    " + ".join(plan.mechanism(key).title for key in keys),
                    f"{gain_in_words(gained)}",
                    *(signed(one, 1) for one in by_patron),
                    "–" if later is None else f"{signed(later.total, 1)} {ends(later.clients)}",
                ]
            )
    names = [name for _, name in sorted((one.code, one.name) for one in plan.patrons)]
    return Table(["outcome", "climatology and", "gain", *names, f"{plan.scores.from_year} on"], rows)


def alone_table(study: PatronStudy) -> Table:
    """Tabulate what each mechanism gains alone over the climatology, and its placebos one by one."""
    rows = [
        [
            one.mechanism.title,
            WORDS[one.outcome],
            f"{signed(one.alone.total, 1)} {ends(one.alone.clients)} {ends(one.alone.periods)}",
            signed(one.gain.total, 1),
            *(signed(one.placebos[name], 1) if name in one.placebos else "–" for name in PLACEBO_WORDS),
            f"{one.permuted_as_good:.0%}",
        ]
        for one in findings(study)
    ]
    return Table(
        ["mechanism", "outcome", "alone over the climatology", "as nested", *PLACEBO_WORDS.values(),
         "permutations as good"],
        rows,
    )  # fmt: skip


def constants_table(study: PatronStudy, outcome: str) -> Table:
    """Tabulate the shared constants with what each patron says."""
    names = [name for _, name in sorted((one.code, one.name) for one in study.files.plan.patrons)]
    rows = []
    for shared, own in constants(study, outcome):
        if outcome == BREAKS:
            cells = [hazard_ratio(shared), *(f"{np.exp(one.mean):.2f}" for one in own)]
        else:
            whole = effect_text(Effect("", shared.mean, shared.sd), outcome)
            cells = [whole, *(signed(one.mean, 3) for one in own)]
        rows.append([term_label(shared.name), *cells])
    return Table(["term", "hazard ratio" if outcome == BREAKS else "shift", *names], rows)


def sensitivity_table(study: PatronStudy, outcome: str) -> Table:
    """Tabulate leading effect and gain of each mechanism under each rule of coding."""
    plan = study.files.plan
    words = BREAK_RULES if outcome == BREAKS else CLOSENESS_RULES
    base = study.problem(outcome).rows.patron.size
    count = study.breaks.y.sum() if outcome == BREAKS else 0
    rows = [
        ["the plan's own", _size(base, int(count)), *(_main_cell(study, outcome, one.key) for one in plan.mechanisms)]
    ]
    for rule in getattr(plan.sensitivity, outcome):
        stored = study.pieces[f"{outcome}-rule-{rule}"]
        cells = []
        for mechanism in plan.mechanisms:
            one = stored["mechanisms"][mechanism.key]
            cells.append(_cell(outcome, one["mean"], one["sd"], one["gain"]))
        rows.append([words[rule], _size(stored["rows"], stored["breaks"]), *cells])
    return Table(["rule", "rows", *(one.title for one in plan.mechanisms)], rows)


def _size(rows: int, breaks: int) -> str:
    return f"{rows:,}" + (f", {breaks} breaks" if breaks else "")


def _main_cell(study: PatronStudy, outcome: str, key: str) -> str:
    mechanism = study.files.plan.mechanism(key)
    one = next(each for each in findings(study) if (each.outcome, each.mechanism) == (outcome, mechanism))
    means, spreads = zip(*((effect.mean, effect.sd) for effect in one.effects), strict=True)
    return _cell(outcome, means, spreads, one.gain.total)


def _cell(
    outcome: str, means: list[float] | tuple[float, ...], spreads: list[float] | tuple[float, ...], gain: float
) -> str:
    parts = []
    for mean, sd in zip(means, spreads, strict=True):
        one = Effect("", mean, sd)
        star = "\\*" if one.low > 0.0 or one.high < 0.0 else ""
        parts.append((f"{np.exp(mean):.2f}" if outcome == BREAKS else signed(mean, 3)) + star)
    return f"{' / '.join(parts)} ({signed(gain, 1)})"


def power_table(study: PatronStudy) -> Table:
    """Tabulate how often a mechanism of each size would have been found."""
    rows = []
    for one in findings(study):
        stored = study.pieces[f"{one.outcome}-power-{one.mechanism.key}"]
        sizes = ", ".join(f"{row['size']:g}: {row['rule']:.0%} ({row['interval']:.0%})" for row in stored)
        beyond = f"beyond {stored[-1]['size']:g}"
        rows.append(
            [
                one.mechanism.title,
                WORDS[one.outcome],
                sizes,
                beyond if one.detectable is None else f"{one.detectable:.2g}",
            ]
        )
    target = study.files.plan.power.target
    return Table(
        ["mechanism", "outcome", "size: found by gain and sign (by its interval)", f"found at {target:g}"], rows
    )


def counts_table(study: PatronStudy) -> Table:
    """Tabulate what there is by patron."""
    rows = [
        [one["patron"], str(one["dyads"]), f"{one['pledge_years']:,}", str(one["breaks"]), f"{one['readings']:,}"]
        for one in study.pieces["counts"]["patrons"]
    ]
    return Table(["patron", "dyads", "years of pledges", "broken", "readings of closeness"], rows)


def readings_table(study: PatronStudy) -> Table:
    """Tabulate the broken pledges one by one."""
    patrons = {one.code: one.name for one in study.files.plan.patrons}
    rows = []
    for one in study.files.readings.pledges:
        dyad = study.panel.dyad(one.patron, one.client)
        before = ", ".join(cause.replace("_", " ") for cause in one.before)
        told = [text.replace("|", "/") for text in (one.reading, one.source)]
        ended = f"{one.ended_by}: {one.how}"
        rows.append([patrons[one.patron], study.panel.names[dyad], str(one.end), ended, before, *told])
    return Table(["patron", "client", "end", "ended by", "in the three years before", "reading", "source"], rows)


def causes_table(study: PatronStudy) -> Table:
    """Tabulate what came before the broken pledges, by who ended them."""
    pledges = study.files.readings.pledges
    enders = [one for one in ("client", "patron", "both", "third") if any(row.ended_by == one for row in pledges)]
    number: Counter[str] = Counter(row.ended_by for row in pledges)
    pairs: Counter[tuple[str, str]] = Counter((cause, row.ended_by) for row in pledges for cause in row.before)
    causes = sorted({cause for cause, _ in pairs}, key=lambda cause: -sum(pairs[cause, one] for one in enders))
    rows = [["all", *(str(number[one]) for one in enders), str(len(pledges))]]
    for cause in causes:
        cells = [pairs[cause, one] for one in enders]
        rows.append([cause.replace("_", " "), *map(str, cells), str(sum(cells))])
    return Table(["in the three years before", *(f"ended by {one}" for one in enders), "all"], rows)
