"""The command `validate`: the page on validation, made from the shipped draws and all checks."""

from __future__ import annotations

from pathlib import Path

from papertiger.cli.calibrate import Order as CalibrationOrder
from papertiger.cli.calibrate import bar
from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.inputs import check_place, check_range
from papertiger.cli.score import MOST_PLACEBOS, examine, robustness_of
from papertiger.cli.score import Order as ScoreOrder


def validate(file: str, out: Path, placebos: int, posterior: Path | None = None) -> None:
    """Write the page and its figures, or raise `BadInput` with all that is wrong."""
    check_range("--placebos", placebos, 1, MOST_PLACEBOS, "a number of placebo worlds of each kind")
    if out.suffix.lower() != ".md":
        raise BadInput(f"--out {printable(str(out))}: expected a file that ends in .md")
    if out.exists() and not out.is_file():
        raise BadInput(f"--out {printable(str(out))}: is not an ordinary file")
    check_place(out.parent)
    from papertiger.experiments.errors import ExperimentError, FolderError  # noqa: PLC0415 - slow to import
    from papertiger.experiments.history.calibrate.calibration import calibrate  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.plan import FULL  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.posterior import posterior_of  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.sbc import simulated_ranks  # noqa: PLC0415
    from papertiger.experiments.history.evaluate.replay import replay  # noqa: PLC0415
    from papertiger.experiments.history.page.material import Material  # noqa: PLC0415
    from papertiger.experiments.history.page.page import page, pictures  # noqa: PLC0415
    from papertiger.scenarios import ScenarioError  # noqa: PLC0415
    from papertiger.scenarios.files import write_file  # noqa: PLC0415

    order = ScoreOrder(file=file, placebos=placebos, multiverse=True, posterior=posterior)
    try:
        examination, case = examine(order)
        with bar(CalibrationOrder(file=file)) as progress:
            calibration = calibrate(
                case, posterior or Path("results") / f"calibrate_{case.plan.name}", progress=progress
            )
        outcomes = robustness_of(case, order)
        replayed = replay(case, posterior_of(case, FULL, posterior), case.plan.seed)
    except (ExperimentError, FolderError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    material = Material(examination, calibration, outcomes, replayed, simulated_ranks(case, FULL))
    text = page(material, f"papertiger validate {file}" if file != "partners_2020" else "papertiger validate")
    try:
        (out.parent / "figures").mkdir(parents=True, exist_ok=True)
        for name, data in pictures(material).items():
            write_file(out.parent / "figures" / name, data)
        write_file(out, text.encode("utf-8"))
    except OSError as error:
        raise BadInput(f"--out {printable(str(out))}: cannot write there: {error.strerror}") from None
    say(printable(text.split("\n")[2].strip("*")))
    say(printable(f"Page in {out}"))
