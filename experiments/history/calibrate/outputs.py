"""Write what a calibration leaves for people: tables, figures, and draws that scenarios can take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.experiments.figures import posterior as figures
from papertiger.experiments.figures import style
from papertiger.experiments.files import write_files
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.posterior import MARK, shipped_name
from papertiger.experiments.run.provenance import version
from papertiger.experiments.run.store import parquet
from papertiger.scenarios.tables import format_frame

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from matplotlib.figure import Figure

    from papertiger.experiments.history.calibrate.calibration import Calibration
    from papertiger.experiments.history.calibrate.posterior import Posterior

LABELS = {
    "evidence_scale": "evidence scale Ω",
    "choice_noise": "choice noise μ",
    "switching_cost": "switching cost κ",
    "retaliation_fear": "fear of retaliation φ",
    "standing_cost": "cost of standing by b_S",
    "autonomy_price": "price of autonomy b_A",
    "patron_threat_weight": "weight of the patron's threat b_θ",
    "forgetting": "forgetting λ",
    "bad_news_weight": "weight of bad news ρ",
    "witness_weight": "weight of witnesses χ",
    "hard_times_excuse": "excuse of hard times γ",
    "review_rate": "rate of review ν",
    "anchoring": "anchoring A",
    "break_away": "breaks away a month",
    "break_toward": "breaks back a month",
    "break_ruler": "breaks: new ruler",
    "break_coercion": "breaks: coercion",
}
"""What figures call parameters; one that is not here keeps its own name."""


def write_outputs(calibration: Calibration) -> list[Path]:
    """Write tables, figures and draws into the folder of a calibration, and return the files.

    Parameters
    ----------
    calibration
        A finished one.
    """
    import pandas as pd  # noqa: PLC0415 - slow to import

    plan, folder = calibration.problem.plan, calibration.folder
    files = {
        "tables/posterior.csv": format_frame(pd.DataFrame(calibration.summary())).encode(),
        "tables/evidence.csv": format_frame(pd.DataFrame(calibration.evidences())).encode(),
        "figures/posterior.png": style.png(posterior_figure(calibration)),
        "figures/evidence.png": style.png(evidence_figure(calibration)),
    }
    for model in calibration.points:
        draws, name = calibration.posterior(model), shipped_name(plan.name, model)
        files[f"posteriors/{name}.csv"] = draws.to_csv(name, comments(calibration, model)).encode()
        files[f"posteriors/{name}.parquet"] = parquet(draws_table(draws))
    return write_files(folder, files)


def draws_table(draws: Posterior) -> pa.Table:
    """Return posterior draws as a table in full precision, with the coder's scenario that each belongs to."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    columns = {"world": pa.array(draws.world, pa.string())}
    for path, values in zip(draws.paths, draws.values.T, strict=True):
        columns[path] = pa.array(values, pa.float64())
    return pa.table(columns)


def posterior_figure(calibration: Calibration) -> Figure:
    """Draw the prior and the posterior of each free parameter, under every model."""
    plan = calibration.problem.plan
    return figures.posteriors(
        [
            figures.Learned(
                f"{name} {MODELS[name].title}",
                {path.partition(".")[2]: points.values[:, k] for k, path in enumerate(points.paths)},
                points.weight,
            )
            for name, points in calibration.points.items()
        ],
        {name: LABELS.get(name, name) for name in (path.partition(".")[2] for path in plan.paths)},
        f"{plan.title}: what the data say of the parameters",
        f"Learned from {plan.training.first} to {plan.training.last}; on the grey, they say nothing",
        f"calibration {plan.name} · seed {plan.seed}",
    )


def evidence_figure(calibration: Calibration) -> Figure:
    """Draw the evidence of the nested models."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    plan = calibration.problem.plan
    return figures.evidences(
        pd.DataFrame(calibration.evidences()),
        f"{plan.title}: evidence of the nested models",
        f"Learned from {plan.training.first} to {plan.training.last}; 3 nats are odds of twenty to one",
        f"calibration {plan.name} · seed {plan.seed}",
    )


def comments(calibration: Calibration, model: str) -> list[str]:
    """Return what the file of a posterior says of itself."""
    plan, points = calibration.problem.plan, calibration.points[model]
    return [
        f"Posterior draws of the model {model} ({MODELS[model].title}), calibration {plan.name}, "
        f"papertiger {version()}.",
        f"Learned from {plan.training.first} to {plan.training.last} with the scenario {plan.scenario} and the "
        f"observations {plan.observed}; seed {plan.seed}.",
        f"{plan.draws} equally likely rows, drawn from {len(points.values)} points of the prior, of which "
        f"{points.evidence().effective:.0f} count.",
        "Structure, priors and codings were chosen by people who knew later years: a fit to them is a look-back.",
        f"{MARK} {calibration.problem.fingerprint}",
    ]
