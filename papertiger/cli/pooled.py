"""Fit several patrons together, for the command `calibrate`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput, document, printable, say, table_of, tell
from papertiger.cli.progress import progress

if TYPE_CHECKING:
    from papertiger.experiments.history.pooled.fit import PooledFit


def fit_together(
    file: str,
    out: Path | None,
    *,
    data: Path | None = None,
    points: int | None,
    fresh: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Fit the patrons of a calibration together, and tell what was learned.

    Parameters
    ----------
    file
        Path of the calibration, or name of a shipped one.
    out
        Folder of results; blank takes one under ``results``.
    data
        Folder of the field's data sets, where the calibration asks for cases of them.
    points
        Of each round, in place of the file's.
    fresh, quiet, as_json
        As for `papertiger.cli.calibrate.calibrate_command`.
    """
    from papertiger.experiments.history.pooled.cases import make_cases
    from papertiger.experiments.history.pooled.fit import fit
    from papertiger.experiments.history.pooled.loader import load_pooled, plan_of_file
    from papertiger.experiments.history.pooled.outputs import write_outputs

    plan = plan_of_file(file)
    folder = out or Path("results") / f"calibrate_{plan.name}"
    # Beside the results and not among them: cases hold what the data sets' makers alone may give away.
    case_folder = (
        folder.with_name(f"{folder.name}_cases") if any(one.from_data for one in plan.patrons.values()) else None
    )
    if data is not None and case_folder is None:
        raise BadInput("--data: no patron of this calibration is a case of the field's data sets")
    if data is not None and case_folder is not None:
        with progress("writing cases", quiet=quiet or as_json) as show:
            make_cases(plan, data, case_folder, fresh=fresh, tell=lambda name: show(f"the case of {printable(name)}"))
    problem = load_pooled(file, None if data is None else case_folder, points=points)
    with progress(f"fitting {problem.plan.name}", quiet=quiet or as_json) as show:
        pooled = fit(
            problem,
            folder,
            fresh=fresh,
            progress=lambda now: show(f"points of {now.model}", now.done, now.total),
        )
        show("tables and draws")
        files = write_outputs(pooled)
    if as_json:
        document(
            {
                "evidence": [_without_nan(row) for row in pooled.evidences()],
                "posterior": [_without_nan(row) for row in pooled.summary()],
                "files": [str(file) for file in files],
            }
        )
    elif not quiet:
        _tell(pooled, folder)


def _without_nan(row: dict[str, object]) -> dict[str, object]:
    return {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}


def _tell(pooled: PooledFit, out: Path) -> None:
    from papertiger.experiments.history.calibrate.calibration import FEW

    plan = pooled.problem.plan
    evidences = pooled.evidences()
    table_of(
        f"{plan.title}: {len(pooled.problem.parts)} patrons under {plan.model}",
        [
            ("patron", "left", "{patron}"),
            ("log evidence", "right", "{log_evidence:.2f}"),
            ("± s.e.", "right", "{error:.2f}"),
            ("effective points", "right", "{effective_points:,.0f}"),
            ("from the others", "right", "{foretold}"),
        ],
        [{**row, "foretold": _number(row["log_left_out"], 2)} for row in evidences],
        caption="In nats, nearer to 0 is better; 'from the others' foretells each patron from all other ones.",
    )
    table_of(
        "What the data say",
        [
            ("parameter", "left", "{parameter}"),
            ("of", "left", "{whose}"),
            ("prior", "right", "{prior_mean:.3f} ± {prior_sd:.3f}"),
            ("posterior", "right", "{mean:.3f} ± {sd:.3f}"),
            ("90 % interval", "right", "{q05:.3f} to {q95:.3f}"),
            ("that patron alone", "right", "{by_itself}"),
            ("probability of 0", "right", "{none}"),
        ],
        [{**row, "by_itself": _alone(row), "none": _number(row["zero"], 2)} for row in pooled.summary()],
        caption="A scale is in standard deviations of the parameter's prior; 0 is one value for all patrons.",
    )
    if float(str(evidences[0]["effective_points"])) < FEW:
        counted = float(str(evidences[0]["effective_points"]))
        tell(f"only {counted:.0f} points count; ask for more with --points")
    say(printable(f"Tables and draws in {out}"))
    say("The model is an argument, not evidence.")


def _number(value: object, digits: int) -> str:
    number = float(str(value))
    return "" if math.isnan(number) else f"{number:.{digits}f}"


def _alone(row: dict[str, object]) -> str:
    return "" if not _number(row["alone"], 3) else f"{_number(row['alone'], 3)} ± {_number(row['alone_sd'], 3)}"
