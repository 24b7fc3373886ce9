"""The command `score`: hold the nested models against half-years that they were not learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput, console, document, printable, say, table, tell
from papertiger.cli.inputs import check_place, check_range

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from papertiger.experiments.history.calibrate.problem import Case
    from papertiger.experiments.history.evaluate.robustness import Outcome
    from papertiger.experiments.history.evaluate.scoring import Examination

LOOK_BACK = (
    "This is a look-back: structure, defaults and codings were chosen by people who knew these years. And it is "
    "given the "
    "events: M2 to M4 know those of the half-years that are scored, the baselines and M1 do not."
)
MOST_PLACEBOS = 1000


@dataclass(frozen=True)
class Order:
    """What `score` was asked to do."""

    file: str
    observed: Path | None = None
    events: Path | None = None
    forecast: Path | None = None
    posterior: Path | None = None
    placebos: int = 19
    multiverse: bool = False
    out: Path | None = None
    as_json: bool = False


def score(order: Order) -> None:
    """Carry out the order, or raise `BadInput` with all that is wrong with it."""
    check_range("--placebos", order.placebos, 0, MOST_PLACEBOS, "a number of placebo worlds of each kind")
    from papertiger.experiments.errors import ExperimentError, FolderError  # noqa: PLC0415 - slow to import
    from papertiger.experiments.history.evaluate.verdict import verdict  # noqa: PLC0415
    from papertiger.scenarios import ScenarioError  # noqa: PLC0415

    try:
        examination, case = examine(order)
        out = order.out or Path("results") / f"score_{case.plan.name}"
        check_place(out)
        rows = list(examination.table())
        outcomes = robustness_of(case, order)
        files = _write(out, rows, outcomes, examination)
    except (ExperimentError, FolderError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    lines = verdict(examination)
    if order.as_json:
        document(
            {
                "verdict": lines,
                "look_back": case.plan.testing.first < "2026",
                "skill": [_json(row) for row in rows],
                "robustness": [_json(dict(one.__dict__)) for one in outcomes],
                "files": [str(file) for file in files],
            }
        )
        return
    for line in lines:
        say(printable(line))
    if case.plan.testing.first < "2026":
        say(LOOK_BACK)
    _show(rows, examination)
    _show_robustness(outcomes)
    say(printable(f"Tables and figures in {out}"))
    say("The model is an argument, not evidence.")


def examine(order: Order) -> tuple[Examination, Case]:
    """Return the forecasts to be scored, and the calibration with the observations that they are scored on."""
    from papertiger.experiments.errors import ExperimentError  # noqa: PLC0415 - slow to import
    from papertiger.experiments.history.calibrate.loader import load_case  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.plan import BASELINE, FULL  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.posterior import posterior_of  # noqa: PLC0415
    from papertiger.experiments.history.evaluate.scoring import Examination  # noqa: PLC0415
    from papertiger.experiments.history.forecast.forecasting import read_forecast  # noqa: PLC0415
    from papertiger.experiments.history.forecast.predictions import predict  # noqa: PLC0415
    from papertiger.experiments.history.observed.later import check_archive, later_case  # noqa: PLC0415
    from papertiger.scenarios.errors import Problem  # noqa: PLC0415

    case = load_case(order.file)
    lacks = [name for name in (BASELINE, FULL) if name not in case.plan.models]
    if lacks:
        message = (
            f"lacks {' and '.join(lacks)}: the full model ({FULL}) is scored against structure alone ({BASELINE})"
        )
        raise ExperimentError([Problem(order.file, None, "models", message)])
    text = None if order.observed is None else str(order.observed)
    later = later_case(case, text, None if order.events is None else str(order.events))
    archive = None if order.forecast is None else read_forecast(order.forecast)
    if archive is not None:
        check_archive(later, archive, str(order.forecast))
    posteriors = {model: posterior_of(case, model, order.posterior) for model in later.plan.models}
    predictions = {}
    for model, posterior in posteriors.items():
        here = replace(posterior, world=(later.scenario.name,) * len(posterior))
        predictions[model] = predict(later, here, learned=case if later is not case else None)
    return Examination(later, predictions, archive), later


def robustness_of(case: Case, order: Order) -> list[Outcome]:
    """Return the true world, and the placebo worlds and alternatives that were asked for."""
    from papertiger.experiments.history.evaluate import robustness  # noqa: PLC0415 - slow to import

    if order.placebos == 0 and not order.multiverse:
        return []
    found = [robustness.assess(case, "true world", "as observed")]
    parts: list[tuple[str, Iterator[Outcome], int]] = []
    if order.placebos:
        kinds = len(robustness.PLACEBOS)
        parts.append(("placebo worlds", robustness.placebos(case, order.placebos), kinds * order.placebos))
    if order.multiverse:
        signals = 4 * len(case.scenario.signals)
        parts.append(("codings", robustness.codings(case), len(case.observed.indicators)))
        parts.append(("signals", robustness.loadings(case), signals))
        parts.append(("variants", robustness.variants(case), len(case.plan.variants)))
    for name, outcomes, total in parts:
        found += _watched(name, outcomes, total)
    return found


def _watched(name: str, outcomes: Iterator[Outcome], total: int) -> list[Outcome]:
    """Return all of some outcomes, with a bar on a terminal while they are worked out."""
    terminal = console(error=True)
    if not terminal.is_terminal:
        return list(outcomes)
    from rich.progress import track  # noqa: PLC0415 - only on a terminal

    return list(track(outcomes, name, total=total, console=terminal, transient=True))


def _write(
    out: Path, rows: Sequence[Mapping[str, object]], outcomes: Sequence[Outcome], examination: Examination
) -> list[Path]:
    import pandas as pd  # noqa: PLC0415 - slow to import

    from papertiger.experiments.history.evaluate.figures import score_pictures  # noqa: PLC0415
    from papertiger.scenarios.files import write_file  # noqa: PLC0415

    files = {"tables/skill.csv": pd.DataFrame(rows).to_csv(index=False, lineterminator="\n").encode()}
    if outcomes:
        table_of = pd.DataFrame([one.__dict__ for one in outcomes])
        files["tables/robustness.csv"] = table_of.to_csv(index=False, lineterminator="\n").encode()
    files |= score_pictures(examination, outcomes)
    try:
        for name, data in files.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            write_file(out / name, data)
    except OSError as error:
        raise BadInput(f"{out}: cannot write there: {error.strerror}") from None
    return [out / name for name in files]


def _show(rows: Sequence[Mapping[str, object]], examination: Examination) -> None:
    from papertiger.experiments.history.evaluate.scoring import ALL, splits  # noqa: PLC0415 - slow to import
    from papertiger.experiments.history.evaluate.verdict import SHOWN  # noqa: PLC0415

    plan = examination.case.plan
    for split in splits(examination.case):
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
                ("skill", "right"),
                ("95 % interval", "right"),
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
                "Skill is 1 - score / reference, or the gain, reference - score, where the reference is near "
                "perfect; 'clear' where the gain's interval lies on one side of zero."
            ),
        )
        few = [row for row in shown if float(str(row["effective_draws"])) < 100]
        for name in sorted({str(row["forecaster"]) for row in few}):
            least = min(float(str(row["effective_draws"])) for row in few if row["forecaster"] == name)
            tell(f"{split.title}: {name} stands on {least:.0f} effective draws at least; take its figures as rough")


def _mark(row: Mapping[str, object]) -> str:
    low, high = float(str(row["gain_low"])), float(str(row["gain_high"]))
    return "clear" if low > 0 else "clear, worse" if high < 0 else ""


def _percent(value: object) -> str:
    number = float(str(value))
    return "below -999 %" if number < -9.995 else f"{100 * number:+.0f} %"


def _skill(row: Mapping[str, object]) -> tuple[str, str]:
    """Return the skill with its interval; of a reference that is near perfect the gain, which divides by nothing."""
    from papertiger.experiments.history.evaluate.verdict import LEAST_SKILL  # noqa: PLC0415 - slow to import

    if float(str(row["skill"])) >= LEAST_SKILL:
        return _percent(row["skill"]), f"{_percent(row['skill_low'])} to {_percent(row['skill_high'])}"
    gain, low, high = (f"{float(str(row[name])):+.4f}" for name in ("gain", "gain_low", "gain_high"))
    return f"gain {gain}", f"{low} to {high}"


def _show_robustness(outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    from papertiger.experiments.history.evaluate.robustness import PLACEBOS, chance  # noqa: PLC0415 - slow to import

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
