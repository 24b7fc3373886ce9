"""The command `calibrate`: learn the free parameters of the nested models from observed postures."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput, counting, document, printable, say, table, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from papertiger.experiments.history.calibrate.calibration import Calibration, Progress


@dataclass(frozen=True)
class Order:
    """What `calibrate` was asked to do."""

    file: str
    out: Path | None = None
    points: int | None = None
    fresh: bool = False
    quiet: bool = False
    as_json: bool = False


def calibrate(order: Order) -> None:
    """Carry out the order, or raise `BadInput` with all that is wrong with it."""
    from papertiger.experiments.errors import ExperimentError, FolderError  # noqa: PLC0415 - slow to import
    from papertiger.experiments.history.calibrate.calibration import calibrate as carry_out  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.loader import load_case  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.outputs import write_outputs  # noqa: PLC0415

    try:
        case = load_case(order.file, points=order.points)
        out = order.out or Path("results") / f"calibrate_{case.plan.name}"
        with bar(order) as progress:
            calibration = carry_out(case, out, fresh=order.fresh, progress=progress)
        files = write_outputs(calibration)
    except (ExperimentError, FolderError) as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{out}: cannot write there: {error.strerror}") from None
    if order.as_json:
        document(
            {
                "evidence": calibration.evidences(),
                "posterior": calibration.summary(),
                "files": [str(file) for file in files],
            }
        )
    elif not order.quiet:
        _tell(calibration, out)


def _tell(calibration: Calibration, out: Path) -> None:
    from papertiger.experiments.history.calibrate.calibration import FEW  # noqa: PLC0415 - slow to import

    plan = calibration.case.plan
    table(
        f"{plan.title}: {plan.training.first} to {plan.training.last}",
        [
            ("model", "left"),
            ("", "left"),
            ("log evidence", "right"),
            ("± s.e.", "right"),
            ("clients left out", "right"),
            ("effective points", "right"),
        ],
        [
            (
                str(row["model"]),
                str(row["title"]),
                f"{row['log_evidence']:.2f}",
                f"{row['error']:.2f}",
                f"{row['log_left_out']:.2f}",
                f"{row['effective_points']:,.0f}",
            )
            for row in calibration.evidences()
        ],
        caption="In nats, nearer to 0 is better; 'clients left out' foretells each client from all others.",
    )
    table(
        "What the data say of the parameters",
        [
            ("model", "left"),
            ("parameter", "left"),
            ("prior", "right"),
            ("posterior", "right"),
            ("90 % interval", "right"),
            ("variance taken away", "right"),
        ],
        [
            (
                str(row["model"]),
                str(row["parameter"]),
                f"{row['prior_mean']:.3f} ± {row['prior_sd']:.3f}",
                f"{row['mean']:.3f} ± {row['sd']:.3f}",
                f"{row['q05']:.3f} to {row['q95']:.3f}",
                f"{100 * float(str(row['moved'])):.0f} %",
            )
            for row in calibration.summary()
        ],
    )
    for row in calibration.evidences():
        if float(str(row["effective_points"])) < FEW:
            tell(f"{row['model']}: only {row['effective_points']:.0f} points count; ask for more with --points")
    say(printable(f"Tables, figures and draws in {out}"))
    say("The model is an argument, not evidence.")


@contextmanager
def bar(order: Order) -> Iterator[Callable[[Progress], None]]:
    """Show how far a calibration is, on a terminal's standard error only."""
    with counting("points", quiet=order.quiet) as shown:

        def update(now: Progress) -> None:
            if shown is not None:
                shown(now.done, now.total, f"points of {now.model}")

        yield update
