"""The command `calibrate --abc`: learn mechanisms that no exact likelihood holds, by simulating histories."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput, console, document, printable, say, table

if TYPE_CHECKING:
    from papertiger.cli.calibrate import Order
    from papertiger.experiments.history.calibrate.abc import Learned
    from papertiger.experiments.history.calibrate.posterior import Posterior
    from papertiger.experiments.history.calibrate.problem import Case

FOLDER = "abc"


def learn(order: Order) -> None:
    """Carry out the order, or raise `BadInput` with all that is wrong with it."""
    if order.points is not None:
        raise BadInput("--points: --abc has no sequences of points; the file's 'patterns' say how much is simulated")
    from papertiger.experiments.errors import ExperimentError, FolderError  # noqa: PLC0415 - slow to import
    from papertiger.experiments.history.calibrate import abc  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.loader import load_case  # noqa: PLC0415
    from papertiger.scenarios import ScenarioError  # noqa: PLC0415

    try:
        case = load_case(order.file)
        beside = order.out or Path("results") / f"calibrate_{case.plan.name}"
        out = beside / FOLDER
        exact = _exact(case, beside)
        with console(error=True).status("generation 1") as status:

            def progress(done: int, total: int) -> None:
                status.update(f"generation {min(done + 1, total)} of {total}")

            found = abc.learn(case, exact, out, fresh=order.fresh, progress=None if order.quiet else progress)
        files = _write(found, out)
    except (ExperimentError, FolderError, ScenarioError, abc.MissingExtraError) as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{out}: cannot write there: {error.strerror}") from None
    if order.as_json:
        document(
            {
                "parameters": found.summary(),
                "patterns": found.compared(),
                "simulations": found.simulations,
                "files": [str(file) for file in files],
            }
        )
    elif not order.quiet:
        _tell(found, case, out)


def _exact(case: Case, folder: Path) -> Posterior:
    """Return the draws of the exact likelihood: those that 'calibrate' left in the folder, or the shipped ones."""
    from papertiger.experiments.history.calibrate.plan import FULL  # noqa: PLC0415 - slow to import
    from papertiger.experiments.history.calibrate.posterior import posterior_of, shipped_name  # noqa: PLC0415

    left = (folder / "posteriors" / f"{shipped_name(case.plan.name, FULL)}.csv").exists()
    return posterior_of(case, FULL, folder if left else None)


def _write(found: Learned, out: Path) -> list[Path]:
    import pandas as pd  # noqa: PLC0415 - slow to import

    from papertiger.scenarios.files import write_file  # noqa: PLC0415

    draws = pd.DataFrame(found.values, columns=list(found.paths))
    draws["weight"] = found.weight
    tables = {
        "parameters.csv": pd.DataFrame(found.summary()),
        "patterns.csv": pd.DataFrame(found.compared()),
        "draws.csv": draws,
    }
    (out / "tables").mkdir(exist_ok=True)
    for name, rows in tables.items():
        write_file(out / "tables" / name, rows.to_csv(index=False, lineterminator="\n").encode())
    return [out / "tables" / name for name in tables]


def _tell(found: Learned, case: Case, out: Path) -> None:
    table(
        f"{case.plan.title}: what patterns say of mechanisms outside the exact likelihood",
        [
            ("parameter", "left"),
            ("90 % of the prior", "right"),
            ("90 % of what was kept", "right"),
            ("mean", "right"),
        ],
        [
            (
                str(row["parameter"]),
                f"{row['prior_q05']:.3f} to {row['prior_q95']:.3f}",
                f"{row['q05']:.3f} to {row['q95']:.3f}",
                f"{row['mean']:.3f}",
            )
            for row in found.summary()
        ],
        caption=f"{found.simulations} simulated histories in {found.generations} generations; an approximation.",
    )
    table(
        "Patterns: observed, and in the histories that were kept",
        [("pattern", "left"), ("observed", "right"), ("90 % of histories", "right"), ("", "left")],
        [
            (str(row["pattern"]), f"{row['observed']:.2f}", f"{row['q05']:.2f} to {row['q95']:.2f}", str(row["what"]))
            for row in found.compared()
        ],
        caption="Votes are compared with postures in their place: a vote is cheaper, so take that pattern as weak.",
    )
    say(printable(f"Tables and generations in {out}"))
    say("The model is an argument, not evidence.")
