"""Draw the effects of claims as a forest: a row a claim, a panel for belief, ties and posture, one scale for all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from papertiger.experiments.claims.schema import DOMAINS
from papertiger.experiments.claims.sentences import WORDS
from papertiger.experiments.claims.verdict import WORST_FIRST
from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from papertiger.experiments.claims.examine import Examination, Examined, Finding
    from papertiger.experiments.claims.schema import Domain
    from papertiger.experiments.claims.verdict import ClaimVerdict

WIDTH, ROW, LEFT, GAP = 9.2, 0.225, 2.95, 0.16
"""Inches: the page, one row, the words on the left, and between panels."""
COLOURS: dict[ClaimVerdict, str] = {
    "works": style.CAPABILITY,
    "weak": style.RESOLVE,
    "absent": style.OTHER,
    "not testable": style.OTHER,
}
MARKS: dict[ClaimVerdict, str] = {"works": "o", "weak": "D", "absent": "X", "not testable": "s"}
TICKS = (-1, 0, 1, 10, 100)
REACH = 140.0
"""Multiples of the smallest effect of interest up to which the scale goes; what is beyond stands at its edge."""


@style.styled
def forest(examination: Examination) -> Figure:
    """Draw the weakest effect of each claim in each domain, as a multiple of the smallest effect that matters.

    Effects count in the direction that the claim asserts, so that what lies right of 1 is large enough and what lies
    left of 0 has the wrong sign. A small ring is the effect with the mechanism switched off.

    Parameters
    ----------
    examination
        Claims, examined.
    """
    examined = examination.examined
    top = style.HEADER + 0.62
    depth = ROW * len(examined)
    height = top + depth + 0.52 + style.FOOTER
    page = style.Page(
        f"{examination.claims.name} · seed {examination.seed} · {examination.runs} runs of each world",
        "What each claim does in the model",
        "Effect in the asserted direction, as a multiple of the smallest effect that matters; "
        "with its interval of 95 %",
        WIDTH,
        height,
    )
    page.legend(_legend(), 0.35, style.HEADER + 0.04)
    for place, one in enumerate(examined):
        middle = top + (place + 0.5) * ROW
        page.text(0.62, middle, one.key, size=style.BODY, va="center", ha="right", color="#555555")
        page.text(0.72, middle, style.fit(one.claim.short, LEFT - 0.8, style.BODY), va="center")
    width = (WIDTH - LEFT - 0.35 - GAP * (len(DOMAINS) - 1)) / len(DOMAINS)
    for column, domain in enumerate(DOMAINS):
        left = LEFT + column * (width + GAP)
        page.text(left, top - 0.24, WORDS[domain], weight="bold")
        axes = page.axes(left, top, width, depth)
        _prepare(axes, len(examined))
        for place, one in enumerate(examined):
            _row(axes, place, one, domain)
    note = "multiples of the smallest effect that matters; grey: smaller than that"
    page.text(WIDTH - 0.35, top + depth + 0.24, note, size=style.SMALL, color="#555555", ha="right")
    return page.figure


def _legend() -> list[Any]:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - needed here only

    marks = [
        Line2D([], [], linestyle="", marker=MARKS[one], color=COLOURS[one], markersize=5, label=one)
        for one in reversed(WORST_FIRST)
    ]
    ring = Line2D(
        [],
        [],
        linestyle="",
        marker="o",
        color=style.INK,
        markerfacecolor="white",
        markersize=4,
        label="mechanism off",
    )
    return [*marks, ring]


def _prepare(axes: Axes, rows: int) -> None:
    axes.set_xscale("symlog", linthresh=1.0, linscale=0.6)
    axes.set_xlim(-2.0, REACH)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvspan(-1.0, 1.0, color="#f1f1f1", linewidth=0)
    axes.axvline(0.0, color=style.INK, linewidth=0.9)
    for row in range(rows):
        axes.axhline(row + 0.5, color=style.GRID, linewidth=0.5)
    axes.set_xticks(TICKS)
    axes.set_xticklabels([f"{tick}".replace("-", "\u2212") for tick in TICKS])
    axes.minorticks_off()
    axes.tick_params(axis="x", labelsize=style.SMALL, pad=2)


def _row(axes: Axes, place: int, examined: Examined, domain: Domain) -> None:
    if examined.claim.missing is not None:
        axes.text(0.0, place, "  no mechanism", va="center", fontsize=style.SMALL, color=style.OTHER)
        return
    findings = examined.of(domain)
    if not findings:
        return
    shown = min(findings, key=lambda one: (WORST_FIRST.index(one.judged.verdict), _scaled(one)[1]))
    low, middle, high = _scaled(shown)
    judged = shown.judged.verdict
    colour = COLOURS[judged]
    axes.plot([low, high], [place, place], color=colour, linewidth=1.6, solid_capstyle="butt", clip_on=True)
    if shown.off is not None:
        ring = _clipped(shown.off.difference * _direction(shown) / shown.smallest)
        axes.plot(ring, place, "o", markersize=6.5, color=style.INK, markerfacecolor="none", markeredgewidth=0.8)
    axes.plot(middle, place, MARKS[judged], markersize=4.5, color=colour, clip_on=False)


def _direction(finding: Finding) -> float:
    return 1.0 if finding.effect.sign == "higher" else -1.0


def _scaled(finding: Finding) -> tuple[float, float, float]:
    """Return an effect and the ends of its interval in multiples of the smallest that matters, all on the scale."""
    difference = finding.difference
    if difference is None:
        return 0.0, 0.0, 0.0
    middle = difference.difference * _direction(finding) / finding.smallest
    if math.isnan(difference.low):
        alone = _clipped(middle)
        return alone, alone, alone
    ends = sorted(end * _direction(finding) / finding.smallest for end in (difference.low, difference.high))
    return _clipped(ends[0]), _clipped(middle), _clipped(ends[1])


def _clipped(value: float) -> float:
    return min(REACH, max(-2.0, value))
