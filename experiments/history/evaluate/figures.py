"""Draw the figures of a score: skill, reliability, what was said of each client, and placebo worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.figures import reliability, style
from papertiger.experiments.figures import skill as figures
from papertiger.experiments.history.calibrate.plan import BASELINE, FULL
from papertiger.experiments.history.evaluate.robustness import PLACEBOS
from papertiger.experiments.history.evaluate.scoring import ALL, CLIMATOLOGY, ONE_STEP, ORIGIN, splits
from papertiger.experiments.history.evaluate.skill import each_category
from papertiger.experiments.history.evaluate.skill import reliability as reliability_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from papertiger.experiments.history.evaluate.robustness import Outcome
    from papertiger.experiments.history.evaluate.scoring import Examination


def score_pictures(examination: Examination, outcomes: Sequence[Outcome]) -> dict[str, bytes]:
    """Return the figures of an examination as PNG, by the path of their file.

    Parameters
    ----------
    examination
        Of the full model and its baselines.
    outcomes
        The true world first, then placebos and other alternatives; may be empty.
    """
    pictures = {
        "figures/skill.png": style.png(skill_figure(examination)),
        "figures/clients.png": style.png(clients_figure(examination)),
        "figures/reliability.png": style.png(reliability_figure(examination)),
    }
    if any(one.kind in PLACEBOS for one in outcomes):
        pictures["figures/placebos.png"] = style.png(placebo_figure(examination, outcomes))
    return pictures


def _origin(examination: Examination) -> str:
    plan = examination.problem.plan
    return f"score of {plan.name} · learned to {plan.training.last}"


def _span(examination: Examination) -> str:
    plan = examination.problem.plan
    return f"{plan.testing.first} to {plan.testing.last}"


def skill_figure(examination: Examination) -> Figure:
    """Draw the full model's gain in the ranked probability score, for every split."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    rows = []
    for split in splits(examination.problem):
        for kind in (ONE_STEP, ORIGIN):
            for reference in (CLIMATOLOGY, BASELINE):
                gain = examination.skill(FULL, reference, split, kind, "RPS")
                name = reference if reference != BASELINE else f"structure only ({BASELINE})"
                rows.append(
                    {
                        "forecast": kind,
                        "split": split.title,
                        "forecaster": FULL,
                        "against": name,
                        "gain": gain.gain,
                        "low": gain.gain_low,
                        "high": gain.gain_high,
                    }
                )
    return figures.skills(
        pd.DataFrame(rows),
        f"Does the full model tell more than its baselines? {_span(examination)}",
        "Gain in the ranked probability score, with 95 % intervals over clients",
        _origin(examination),
    )


def clients_figure(examination: Examination) -> Figure:
    """Draw what the full model and climatology said of each client from the origin."""
    postures = examination.postures
    periods = [postures.periods[row] for row in examination.periods]
    start = postures.periods[examination.origin]
    said = {
        f"{FULL}, from {start}": examination.forecasts(FULL, ALL).by_kind[ORIGIN],
        f"{FULL}, one step ahead": examination.forecasts(FULL, ALL).by_kind[ONE_STEP],
        f"climatology, from {start}": examination.forecasts(CLIMATOLOGY, ALL).by_kind[ORIGIN],
    }
    return figures.by_client(
        said,
        postures.posture[list(examination.periods)],
        examination.scored_steps(ALL),
        postures.clients,
        [period[2:] for period in periods],
        f"What was said of each client, and what came: {_span(examination)}",
        "Each bar is a forecast, its colours the probability of each posture; the diamond sits in what was observed",
        _origin(examination),
    )


def reliability_figure(examination: Examination) -> Figure:
    """Draw whether the probabilities of the full model and of climatology mean what they say."""
    tables = {}
    scored = examination.scored_steps(ALL)
    outcome = examination.postures.posture[list(examination.periods)].astype(int)[scored]
    for name in (FULL, CLIMATOLOGY):
        for kind in (ONE_STEP, ORIGIN):
            said = examination.forecasts(name, ALL).by_kind[kind][scored]
            probability, came = each_category(said, outcome)
            tables[f"{name}, {kind}"] = reliability_table(np.clip(probability, 0.0, 1.0), came)
    return reliability.diagram(
        tables,
        f"Do the probabilities mean what they say? {_span(examination)}",
        "Five postures of each client and half-year; steps of one client are not independent of each other",
        _origin(examination),
    )


def placebo_figure(examination: Examination, outcomes: Sequence[Outcome]) -> Figure:
    """Draw the score of placebo worlds beside that of the true one."""
    worlds = {
        words: [one.from_origin for one in outcomes if one.kind == kind]
        for kind, words in PLACEBOS.items()
        if any(one.kind == kind for one in outcomes)
    }
    return figures.placebos(
        worlds,
        outcomes[0].from_origin,
        "ranked probability score from the origin (less is better)",
        f"Worlds that are wrong on purpose: {_span(examination)}",
        "Each is calibrated anew on the training span; what hardly moves the score is not what the model lives on",
        _origin(examination),
    )
