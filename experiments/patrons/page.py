"""Write the page of a study of patrons: verdict first, then what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.figures import patrons as draw
from papertiger.experiments.figures import style
from papertiger.experiments.markdown import markdown
from papertiger.experiments.patrons import tables
from papertiger.experiments.patrons.study import BREAKS, CLOSENESS, OUTCOMES
from papertiger.experiments.patrons.words import (
    PLACEBO_WORDS,
    QUANTILE,
    WORDS,
    answer,
    constants,
    findings,
    term_label,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from papertiger.experiments.patrons.study import PatronStudy

TEMPLATE = "patrons.md.j2"
EVENTS, HAZARDS, GAINS, CONSTANTS = (
    "patrons_events.png", "patrons_hazards.png", "patrons_gains.png", "patrons_constants.png",
)  # fmt: skip
READINGS = {
    "un_agree_rel": "votes: relative agreement",
    "ip_dist_rel": "ideal points: closeness",
    "arms_share5": "arms: the patron's share",
}


def origin(study: PatronStudy) -> str:
    """Return where the numbers of a figure come from."""
    return f"study of patrons · plan {study.files.plan_hash[:12]}"


def pictures(study: PatronStudy) -> dict[str, bytes]:
    """Return the figures of the page as PNG, by the name of their file."""
    return {
        EVENTS: style.png(_event_studies(study), dpi=120),  # many small panels, which would be too large a file
        HAZARDS: style.png(_hazards(study)),
        GAINS: style.png(_gains(study)),
        CONSTANTS: style.png(_constants(study)),
    }


def _event_studies(study: PatronStudy) -> Figure:
    plan = study.files.plan
    names = [*plan.closeness.words, plan.closeness.arms]
    curves = {}
    for row, event in enumerate(plan.event_study.events):
        for column, name in enumerate(names):
            points = [
                one
                for one in study.pieces["event-studies"]
                if one["event"] == event and one["reading"] == name and one["n"]
            ]
            middle = np.array([one["mean"] for one in points])
            half = QUANTILE * np.array([one["se"] for one in points])
            count = max((one["n"] for one in points), default=0)
            years = [one["k"] for one in points]
            curves[row, column] = draw.Curve(
                "", years, middle.tolist(), (middle - half).tolist(), (middle + half).tolist(), f"n = {count}"
            )
    return draw.event_studies(
        [term_label(one) for one in plan.event_study.events],
        [READINGS.get(name, name) for name in names],
        curves,
        "How close clients are in the years around events",
        "Change from the year before the event, in standard deviations, less that of the same patron's other clients "
        "in the same years; bands of 95 %, clustered by client. A description, not an effect",
        origin(study),
    )


def _hazards(study: PatronStudy) -> Figure:
    plan = study.files.plan
    curves = []
    for event in plan.event_study.events:
        points = [one for one in study.pieces["hazards"] if one["event"] == event]
        places = [float(i) for i in range(len(points))]
        shares, low, high = zip(*(_wilson(one["breaks"], one["rows"]) for one in points), strict=True)
        broke = sum(one["breaks"] for one in points[:-1])
        note = f"{broke} breaks in {sum(one['rows'] for one in points[:-1]):,} years"
        curves.append(draw.Curve(term_label(event), places, shares, low, high, note))
    base = float(study.breaks.y.mean())
    return draw.hazards(
        curves,
        base,
        "How often pledges break in the years after events",
        "Share of the dyad-years with a pledge in which it broke, with intervals of 95 % (Wilson); "
        f"dashed: {base:.2%}, all years; 'none': no such event in the years shown",
        origin(study),
    )


def _wilson(hits: int, rows: int) -> tuple[float, float, float]:
    """Return a share with the interval of Wilson (1927)."""
    if rows == 0:
        return 0.0, 0.0, 0.0
    share, z = hits / rows, QUANTILE
    middle = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    half = z / (1 + z * z / rows) * np.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return share, max(0.0, float(middle - half)), float(middle + half)


def _gains(study: PatronStudy) -> Figure:
    panels = []
    for outcome in OUTCOMES:
        rows = [
            draw.Bar(
                f"{one.mechanism.step} {one.mechanism.title}",
                one.gain.total,
                one.gain.low,
                one.gain.high,
                tuple(one.placebos.get(name) for name in PLACEBO_WORDS),
                one.verdict,
            )
            for one in findings(study)
            if one.outcome == outcome
        ]
        panels.append(draw.Forest(f"{WORDS[outcome]} (nats)", rows, bent=3.0))
    return draw.forests(
        panels,
        [f"placebo: {name}" for name in PLACEBO_WORDS.values()],
        "gain on patrons that were left out, wider of both intervals",
        "What each mechanism adds to forecasts of patrons that were not learned from",
        "Sum of log scores over all years of the patron that was left out, and what placebos add in its place; "
        "straight up to 3 nats, logarithmic beyond",
        origin(study),
        columns=1,
    )


def _constants(study: PatronStudy) -> Figure:
    panels = []
    for outcome in OUTCOMES:
        rows = []
        for shared, own in constants(study, outcome):
            marks = tuple(one.mean for one in own)
            rows.append(draw.Bar(term_label(shared.name), shared.mean, shared.low, shared.high, marks))
        what = "hazard ratio of a broken pledge" if outcome == BREAKS else "shift of closeness (standard deviations)"
        panels.append(draw.Forest(what, rows, ratio=outcome == BREAKS))
    return draw.forests(
        panels,
        [name for _, name in sorted((one.code, one.name) for one in study.files.plan.patrons)],
        "shared, 95 %",
        "The shared constants, and what each patron says",
        "An event that is remembered whole, a state by its standard deviation; each patron is pulled toward the "
        "shared value as far as the data choose",
        origin(study),
        columns=2,
    )


def page(study: PatronStudy, command: str) -> str:
    """Return the page.

    Parameters
    ----------
    study
        Carried out.
    command
        What it is made by.
    """
    plan = study.files.plan
    lines = answer(study)
    counted = study.pieces["counts"]
    scales = study.scales
    return markdown(
        TEMPLATE,
        headline=lines[0],
        particulars=lines[1:],
        plan=plan,
        plan_hash=study.files.plan_hash,
        readings_hash=study.files.readings_hash,
        tables_hash=study.panel.fingerprint,
        counts=counted,
        breaks=int(study.breaks.y.sum()),
        by_client=sum(one.ended_by == "client" for one in study.files.readings.pledges),
        pledge_years=int(study.breaks.y.size),
        readings=int(study.closeness.y.size),
        words=list(plan.closeness.words),
        scales=scales,
        half_life=float(np.log(0.5) / np.log(scales.keep)),
        mechanism_table=tables.mechanism_table(study),
        ladder_table=tables.ladder_table(study),
        alone_table=tables.alone_table(study),
        constants_breaks=tables.constants_table(study, BREAKS),
        constants_closeness=tables.constants_table(study, CLOSENESS),
        sensitivity_breaks=tables.sensitivity_table(study, BREAKS),
        sensitivity_closeness=tables.sensitivity_table(study, CLOSENESS),
        power_table=tables.power_table(study),
        counts_table=tables.counts_table(study),
        readings_table=tables.readings_table(study),
        causes_table=tables.causes_table(study),
        folder="figures",
        events=EVENTS,
        hazards=HAZARDS,
        gains=GAINS,
        constants=CONSTANTS,
        rate_scale=study.model(BREAKS, ())["scales"][0],
        whole_scales={WORDS[one]: study.model(one, plan.whole)["scales"] for one in OUTCOMES},
        grids={WORDS[BREAKS]: plan.breaks.patron_effect_sd, WORDS[CLOSENESS]: plan.closeness.patron_effect_sd},
        command=command,
    )
