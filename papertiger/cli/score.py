"""Run the command `score`: hold the nested models against half-years that they were not learned from."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say, table, tell
from papertiger.cli.inputs import check_place, check_range
from papertiger.cli.options import AsJson, DrawsFolder, Excel, NoImports
from papertiger.cli.progress import Show, progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.evaluate.robustness import Outcome
    from papertiger.experiments.history.evaluate.scoring import Examination

LOOK_BACK = (
    "This is a look-back: structure, defaults and codings were chosen by people who knew these years. And it is "
    "given the "
    "events: M2 to M4 know those of the half-years that are scored, the baselines and M1 do not."
)
PLACEBOS, MAX_PLACEBOS = 19, 1000
EXPORT = "scoringutils"


def score_command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="Path of a calibration file, or name of a shipped one; or published forecasts, a file or folder.",
        ),
    ] = "partners_2020",
    observed: Annotated[
        Path | None,
        typer.Option("--observed", metavar="FILE", help="Later observations, or those of another coder."),
    ] = None,
    events: Annotated[
        Path | None, typer.Option("--events", metavar="FILE", help="Later events, in the form of a scenario's.")
    ] = None,
    forecast: Annotated[
        Path | None, typer.Option("--forecast", metavar="FILE", help="An archived forecast to score beside the rest.")
    ] = None,
    posterior: DrawsFolder = None,
    placebos: Annotated[
        int | None,
        typer.Option(
            "--placebos", metavar="N", help=f"Worlds that are wrong on purpose, of each kind [default: {PLACEBOS}]."
        ),
    ] = None,
    multiverse: Annotated[
        bool, typer.Option("--multiverse", help="Also other codings, signal weights and variants. Takes minutes.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder of results [default: results/score_NAME].")
    ] = None,
    export: Annotated[
        str | None,
        typer.Option(
            "--export",
            metavar="FORMAT",
            help=f"Of published forecasts: also write a table for {EXPORT}, an R package that evaluates forecasts.",
        ),
    ] = None,
    as_json: AsJson = False,
    _excel: Excel = None,
    _imports: NoImports = None,
) -> None:
    """Score the nested models on half-years they were not learned from, or published forecasts on what came true."""
    if is_published(file):
        only = {"--events": events, "--forecast": forecast, "--posterior": posterior, "--placebos": placebos}
        _refuse_given({**only, "--multiverse": multiverse or None}, "published forecasts are scored as they are")
        from papertiger.cli.published import score_published

        score_published(Path(file), observed, out, export, as_json=as_json)
        return
    _refuse_given({"--export": export}, f"is of published forecasts; {printable(file)} is a calibration")
    placebos = PLACEBOS if placebos is None else placebos
    check_range("--placebos", placebos, 0, MAX_PLACEBOS, "a number of placebo worlds of each kind")
    from papertiger.experiments.errors import ExperimentError, FolderError
    from papertiger.experiments.history.evaluate.verdict import verdict
    from papertiger.scenarios import ScenarioError

    try:
        with progress(f"scoring {file}", quiet=as_json) as show:
            examination, problem = examine(file, observed, events, forecast, posterior)
            folder = out or Path("results") / f"score_{problem.plan.name}"
            check_place(folder)
            show("intervals of the scores")
            rows = list(examination.table())
            outcomes = robustness_of(problem, show, placebos=placebos, multiverse=multiverse)
            show("tables and figures")
            files = _write(folder, rows, outcomes, examination)
    except (ExperimentError, FolderError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    lines = verdict(examination)
    if as_json:
        document(
            {
                "verdict": lines,
                "look_back": problem.plan.testing.first < "2026",
                "skill": [_json(row) for row in rows],
                "robustness": [_json(dict(one.__dict__)) for one in outcomes],
                "files": [str(written) for written in files],
            }
        )
        return
    for line in lines:
        say(printable(line))
    if problem.plan.testing.first < "2026":
        say(LOOK_BACK)
    _show(rows, examination)
    _show_robustness(outcomes)
    say(printable(f"Tables and figures in {folder}"))
    say("The model is an argument, not evidence.")


def is_published(file: str) -> bool:
    """Tell whether a file means published forecasts and no calibration."""
    if file.lower().endswith(".json"):
        return True
    if not Path(file).is_dir():
        return False
    from papertiger.experiments.design.sources import CALIBRATIONS

    # A folder that happens to have the name of a shipped calibration is none of forecasts, unless it lists some.
    return file not in CALIBRATIONS.names() or (Path(file) / "SHA256SUMS").is_file()


def _refuse_given(options: Mapping[str, object], why: str) -> None:
    """Refuse options that would do nothing here."""
    for name, value in options.items():
        if value is not None:
            raise BadInput(f"{name}: {why}")


def examine(
    file: str,
    observed: Path | None = None,
    events: Path | None = None,
    forecast: Path | None = None,
    posterior: Path | None = None,
) -> tuple[Examination, CalibrationProblem]:
    """Return the forecasts to be scored, and the calibration with the observations that they are scored on."""
    from papertiger.experiments.errors import ExperimentError
    from papertiger.experiments.history.calibrate.loader import load_problem
    from papertiger.experiments.history.calibrate.plan import BASELINE, FULL
    from papertiger.experiments.history.calibrate.posterior import posterior_of
    from papertiger.experiments.history.evaluate.scoring import Examination
    from papertiger.experiments.history.forecast.archive import read_forecast
    from papertiger.experiments.history.forecast.predictions import predict
    from papertiger.experiments.history.observed.later import check_archive, later_problem
    from papertiger.scenarios.errors import Problem

    problem = load_problem(file)
    lacks = [name for name in (BASELINE, FULL) if name not in problem.plan.models]
    if lacks:
        message = (
            f"lacks {' and '.join(lacks)}: the full model ({FULL}) is scored against structure alone ({BASELINE})"
        )
        raise ExperimentError([Problem(file, None, "models", message)])
    text = None if observed is None else str(observed)
    later = later_problem(problem, text, None if events is None else str(events))
    archive = None if forecast is None else read_forecast(forecast)
    if archive is not None:
        check_archive(later, archive, str(forecast))
    predictions = {}
    for model in later.plan.models:
        draws = posterior_of(problem, model, posterior)
        here = replace(draws, world=(later.scenario.name,) * len(draws))
        predictions[model] = predict(later, here, learned=problem if later is not problem else None)
    return Examination(later, predictions, archive), later


def robustness_of(
    problem: CalibrationProblem, show: Show, *, placebos: int, multiverse: bool, points: int | None = None
) -> list[Outcome]:
    """Return the true world, and the placebo worlds and alternatives that were asked for.

    Parameters
    ----------
    problem
        Of the calibration.
    show
        Tells how far it has come.
    placebos
        Worlds of each kind.
    multiverse
        Whether other codings, signals and variants are wanted.
    points
        Of the prior, on which each of them stands; None takes as many as the page on validation does.
    """
    from papertiger.experiments.history.evaluate import robustness

    if placebos == 0 and not multiverse:
        return []
    points = robustness.POINTS if points is None else points
    outcomes = [robustness.assess(problem, "true world", "as observed", points=points)]
    parts: list[tuple[str, Iterator[Outcome], int]] = []
    if placebos:
        kinds = len(robustness.PLACEBOS)
        parts.append(("placebo worlds", robustness.placebos(problem, placebos, points), kinds * placebos))
    if multiverse:
        signals = 4 * len(problem.scenario.signals)
        parts.append(("codings", robustness.codings(problem, points), len(problem.observed.indicators)))
        parts.append(("signals", robustness.loadings(problem, points), signals))
        parts.append(("variants", robustness.variants(problem, points), len(problem.plan.variants)))
    for name, worlds, total in parts:
        for done, outcome in enumerate(worlds, start=1):
            outcomes.append(outcome)
            show(name, done, total)
    return outcomes


def _write(
    out: Path, rows: Sequence[Mapping[str, object]], outcomes: Sequence[Outcome], examination: Examination
) -> list[Path]:
    import pandas as pd

    from papertiger.experiments.files import write_files
    from papertiger.experiments.history.evaluate.figures import score_pictures
    from papertiger.scenarios.tables import format_frame

    files = {"tables/skill.csv": format_frame(pd.DataFrame(rows)).encode()}
    if outcomes:
        files["tables/robustness.csv"] = format_frame(pd.DataFrame([one.__dict__ for one in outcomes])).encode()
    files |= score_pictures(examination, outcomes)
    try:
        return write_files(out, files)
    except OSError as error:
        raise BadInput(f"{out}: cannot write there: {error.strerror}") from None


def _show(rows: Sequence[Mapping[str, object]], examination: Examination) -> None:
    from papertiger.experiments.history.evaluate.scoring import ALL, splits
    from papertiger.experiments.history.evaluate.verdict import SHOWN

    plan = examination.problem.plan
    for split in splits(examination.problem):
        shown = [
            row
            for row in rows
            if row["split"] == split.name
            and row["against"] in SHOWN
            and (row["score"] == "RPS" or split.name == ALL.name)
            and (split.name == ALL.name or row["forecaster"] in examination.predictions)
        ]
        table(
            f"{split.title}, {plan.testing.first} to {plan.testing.last}",
            [
                ("forecast", "left"),
                ("score", "left"),
                ("forecaster", "left"),
                ("mean", "right"),
                ("against", "left"),
                ("gain", "right"),
                ("95 % interval", "right"),
                ("skill", "right"),
                ("", "left"),
            ],
            [
                (
                    str(row["forecast"]),
                    str(row["score"]),
                    str(row["forecaster"]),
                    f"{row['mean']:.4f}",
                    str(row["against"]),
                    *_skill(row),
                    _mark(row),
                )
                for row in shown
            ],
            caption=(
                "Gain is reference - score; skill is the same as a share of the reference, where that is not next to "
                "nothing; 'clear' where the gain's interval lies on one side of zero."
            ),
        )
        few = [row for row in shown if float(str(row["effective_draws"])) < 100]
        for name in sorted({str(row["forecaster"]) for row in few}):
            least = min(float(str(row["effective_draws"])) for row in few if row["forecaster"] == name)
            tell(f"{split.title}: {name} stands on {least:.0f} effective draws at least; take its figures as rough")


def _mark(row: Mapping[str, object]) -> str:
    low, high = float(str(row["gain_low"])), float(str(row["gain_high"]))
    return "clear" if low > 0 else "clear, worse" if high < 0 else ""


def _skill(row: Mapping[str, object]) -> tuple[str, str, str]:
    """Return the gain, its interval, and the skill where the reference is not next to nothing."""
    from papertiger.experiments.history.evaluate.verdict import LEAST_SKILL

    gain, low, high = (float(str(row[name])) for name in ("gain", "gain_low", "gain_high"))
    ends = f"{low:+.4f} to {high:+.4f}" if math.isfinite(low) else "none: alike for every client"
    skill = float(str(row["skill"]))
    return f"{gain:+.4f}", ends, f"{100 * skill:+.0f} %" if skill >= LEAST_SKILL else ""


def _show_robustness(outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    from papertiger.experiments.history.evaluate.robustness import PLACEBOS, chance

    true = outcomes[0]
    kinds = {kind: [one for one in outcomes if one.kind == kind] for kind in PLACEBOS}
    shown = {kind: worlds for kind, worlds in kinds.items() if worlds}
    if shown:
        table(
            "Placebo worlds: how often one does as well as the true world",
            [
                ("what is wrong", "left"),
                ("worlds", "right"),
                ("fit to the training", "right"),
                ("test, one step", "right"),
                ("test, from the origin", "right"),
            ],
            [
                (
                    PLACEBOS[kind],
                    str(len(worlds)),
                    f"{chance(worlds, true, lambda one: one.log_evidence, high=True):.2f}",
                    f"{chance(worlds, true, lambda one: one.one_step, high=False):.2f}",
                    f"{chance(worlds, true, lambda one: one.from_origin, high=False):.2f}",
                )
                for kind, worlds in shown.items()
            ],
            caption="The true world counts as one of them; near 0 what was made wrong matters, near 1 it does not.",
        )
    signals = [one for one in outcomes if one.kind == "signal"]
    others = [one for one in outcomes if one.kind in ("coding", "variant")]
    if signals:
        # Dozens of lines that hardly differ: the two that differ most say as much.
        others += [min(signals, key=lambda one: one.from_origin), max(signals, key=lambda one: one.from_origin)]
    if others:
        table(
            "Other codings, signals and variants, each calibrated anew",
            [
                ("what", "left"),
                ("", "left"),
                ("log evidence", "right"),
                ("clients left out", "right"),
                ("RPS one step", "right"),
                ("climatology", "right"),
                ("from origin", "right"),
                ("climatology", "right"),
            ],
            [
                (
                    one.kind,
                    one.name,
                    f"{one.log_evidence:.2f}",
                    f"{one.log_left_out:.2f}",
                    f"{one.one_step:.4f}",
                    f"{one.reference_one_step:.4f}",
                    f"{one.from_origin:.4f}",
                    f"{one.reference_from_origin:.4f}",
                )
                for one in [true, *others]
            ],
        )


def _json(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row that JSON can hold: what is not finite becomes null."""
    return {key: None if isinstance(value, float) and value - value != 0.0 else value for key, value in row.items()}
