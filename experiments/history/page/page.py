"""Write the page on validation: what history says of the model, whichever way it falls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.experiments.figures import sbc as sbc_figure
from papertiger.experiments.figures import skill as figures
from papertiger.experiments.figures import style
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.outputs import LABELS, evidence_figure, posterior_figure
from papertiger.experiments.history.calibrate.plan import FULL
from papertiger.experiments.history.evaluate.figures import score_pictures
from papertiger.experiments.history.evaluate.scores import FLOOR
from papertiger.experiments.history.evaluate.verdict import verdict
from papertiger.experiments.history.page import evidence, robustness, trust
from papertiger.experiments.history.page.material import Material, parameter_label
from papertiger.experiments.markdown import markdown
from papertiger.experiments.phrases import counted, listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEMPLATE = "validation.md.j2"
SHOWN = 3
"""How many correlations are shown."""
KNOWN_FROM = "2026"
"""Half-years from this year on were not known to those who chose structure and defaults."""
JUDGED = {
    "parameters.patron_threat_weight": "the weight of the patron's threat",
    "parameters.standing_cost": "the cost of standing by",
}
"""Constants whose defaults were set by people who looked at the whole span."""


def pictures(material: Material) -> dict[str, bytes]:
    """Return the figures of the page as PNG, by the name of their file."""
    drawn = score_pictures(material.examination, material.outcomes)
    files = {f"validation_{name.rpartition('/')[2]}": data for name, data in drawn.items()}
    files["validation_posterior.png"] = style.png(posterior_figure(material.calibration))
    files["validation_evidence.png"] = style.png(evidence_figure(material.calibration))
    files["validation_sbc.png"] = style.png(_ranks_figure(material))
    files["validation_replay.png"] = style.png(_replay_figure(material))
    return files


def _ranks_figure(material: Material) -> Figure:
    return sbc_figure.ranks(
        [material.ranks],
        LABELS,
        "Does calibration find what is known? Ranks in simulated histories",
        "Histories are simulated with parameters from the prior and calibrated like the true one; "
        "ranks should be even",
        f"calibration {material.calibration.problem.plan.name} · {material.ranks.model}",
    )


def _replay_figure(material: Material) -> Figure:
    replayed, postures = material.replayed, material.replayed.postures
    return figures.by_client(
        {f"{FULL} from {postures.periods[0]}, knowing the events and nothing of the postures": replayed.marginals},
        postures.posture,
        postures.scored,
        postures.clients,
        [period[2:] for period in postures.periods],
        "History replayed with the posterior",
        "Each bar is the probability of each posture at the end of a half-year; "
        "the diamond sits in what was observed",
        f"calibration {material.calibration.problem.plan.name}",
    )


def page(material: Material, command: str, folder: str = "figures") -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    material
        What it is made of.
    command
        How it was made, for the reader who wants to make it again.
    folder
        Where the figures lie, as seen from the page.
    """
    content = {**_opening(material), **_of_evidence(material), **_of_robustness(material)}
    return markdown(TEMPLATE, **content, command=command, folder=folder)


def _opening(material: Material) -> dict[str, Any]:
    first, *rest = verdict(material.examination)
    plan = material.examination.problem.plan
    informed = [name for name in material.examination.predictions if not MODELS[name].without_events]
    return {
        "trust": trust.trust_in_words(material),
        "informed": f"{listed(informed)} {'know' if len(informed) > 1 else 'knows'}",
        "look_back": plan.testing.first < KNOWN_FROM,
        "observed": plan.observed if plan.observed.endswith(".yaml") else f"scenarios/observed/{plan.observed}.yaml",
        "fixed": [words for path, words in JUDGED.items() if path not in plan.paths],
        "verdict": f"{first} {robustness.timing_in_words(material)}",
        "particulars": rest,
        "plan": plan,
        "full": FULL,
        "floor": FLOOR,
        "free": [parameter_label(path) for path in plan.paths],
    }


def _of_evidence(material: Material) -> dict[str, Any]:
    taken = evidence.variance_taken(material)
    correlations = evidence.correlations(material)
    expectations = material.examination.problem.plan.expectations
    return {
        "skill_table": evidence.skill_table(material),
        "score_table": evidence.score_table(material),
        "mover_table": evidence.mover_table(material),
        "coverage_table": trust.coverage_table(material),
        "coverage": trust.coverage_in_words(material),
        "trust_table": trust.trust_table(material),
        "evidence_table": evidence.evidence_table(material),
        "parts": evidence.parts_in_words(evidence.log_evidences(material)),
        "apart_beliefs": trust.beliefs_in_words(material),
        "parameter_table": evidence.parameter_table(material),
        "moved": [name for name, share in taken.items() if round(share, 2) >= evidence.MOVED],
        "unmoved": [name for name, share in taken.items() if round(share, 2) < evidence.MOVED],
        "width": evidence.width_in_words(taken),
        "luck": evidence.luck_in_words(*evidence.movers_of_test(material.examination)),
        "all_models": set(MODELS) <= set(material.calibration.points),
        "few_points": evidence.few_points(material),
        "histories": counted(len(material.ranks.rank), "history was", "histories were"),
        "rank_table": evidence.rank_table(material),
        "together": [item for item in correlations[:SHOWN] if abs(item[0]) >= evidence.STRONG],
        "apart": [item for item in correlations[:SHOWN] if abs(item[0]) < evidence.STRONG],
        "change_table": evidence.change_table(material),
        "expectations": list(evidence.expectations_in_words(material.replayed, expectations)),
    }


def _of_robustness(material: Material) -> dict[str, Any]:
    codings = robustness.coding_table(material)
    signals = len(material.of("signal"))
    plan = material.examination.problem.plan
    return {
        "placebo_table": robustness.placebo_table(material),
        "coding_table": codings,
        "codings": robustness.codings_in_words(codings),
        "has_stance": "stance" in material.examination.problem.observed.indicators,
        "signals": counted(signals, "alternative") if signals else "",
        "signal_table": robustness.signal_table(material) if signals else None,
        "variant_table": robustness.variant_table(material),
        "variants": len(material.of("variant")),
        "size": robustness.shipped_size(material),
        "points_of_alternatives": material.points,
        "points_of_evidence": plan.points * plan.sequences,
        "error_of_alternatives": robustness.error_of_alternatives(material),
        "choice": robustness.choice_in_words(material),
    }
