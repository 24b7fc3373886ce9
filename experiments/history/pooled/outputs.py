"""Write what a pooled fit leaves for people: tables, and draws that scenarios can take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.experiments.files import write_files
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.posterior import MARK, shipped_name
from papertiger.experiments.run.provenance import version
from papertiger.scenarios.tables import format_frame

if TYPE_CHECKING:
    from pathlib import Path

    from papertiger.experiments.history.pooled.fit import PooledFit
    from papertiger.experiments.history.pooled.plan import Patron


def write_outputs(pooled: PooledFit) -> list[Path]:
    """Write tables and draws into the folder of a pooled fit, and return the files.

    The draws named after the plan alone are those of a patron that is not among the fitted ones; beside them stand
    those of each patron.

    Parameters
    ----------
    pooled
        A finished fit.
    """
    import pandas as pd  # noqa: PLC0415 - slow to import

    plan = pooled.problem.plan
    files = {
        "tables/posterior.csv": format_frame(pd.DataFrame(pooled.summary())).encode(),
        "tables/evidence.csv": format_frame(pd.DataFrame(pooled.evidences())).encode(),
    }
    name = shipped_name(plan.name, plan.model)
    for number, patron in enumerate((None, *pooled.problem.parts)):
        # Names of patrons may hold what names of files may not.
        label = name if patron is None else f"{name}_{number}"
        draws = pooled.posterior(patron)
        files[f"posteriors/{label}.csv"] = draws.to_csv(label, comments(pooled, patron)).encode()
    return write_files(pooled.folder, files)


def comments(pooled: PooledFit, patron: str | None) -> list[str]:
    """Return what the file of a posterior says of itself.

    Parameters
    ----------
    pooled
        A finished fit.
    patron
        Whose parameters they are; blank for a patron that is not among the fitted ones.
    """
    problem, plan = pooled.problem, pooled.problem.plan
    whose = "a patron that is not among them" if patron is None else patron
    learned = "; ".join(
        f"{name}: {part.plan.training.first} to {part.plan.training.last} with {_made_of(plan.patrons[name])}"
        for name, part in problem.parts.items()
    )
    return [
        f"Posterior draws of the model {plan.model} ({MODELS[plan.model].title}) for {whose}, calibration "
        f"{plan.name}, papertiger {version()}.",
        f"Learned from {learned}; seed {plan.seed}.",
        f"{plan.draws} equally likely rows, drawn from {len(pooled.sampled.points)} points, of which "
        f"{pooled.sampled.evidence().effective:.0f} count.",
        "Structure, priors and codings were chosen by people who knew later years: a fit to them is a look-back.",
        f"{MARK} {problem.fingerprint}",
    ]


def _made_of(patron: Patron) -> str:
    if patron.from_data is not None:
        data = patron.from_data
        return f"the case of {data.patron}, {data.first} to {data.last}, by rule {data.rule}"
    return f"{patron.scenario} and {patron.observed}"
