"""Score published forecasts for the command `score`: the mixture first, and what is not decided yet."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.inputs import check_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from papertiger.experiments.history.evaluate.come_true import ComeTrue

EXPORTS = ("scoringutils",)


def score_published(
    place: Path, observed: Path | None, out: Path | None, export: str | None, *, as_json: bool = False
) -> None:
    """Score a published forecast, or all of a folder, on whatever has come true.

    Parameters
    ----------
    place
        A file, or a folder with its list of hashes.
    observed
        What was coded since; blank takes the shipped observations that reach farthest.
    out
        Folder of tables.
    export
        Name of a format, one of `EXPORTS`.
    as_json
        Print one JSON document.
    """
    from papertiger.experiments.errors import FolderError
    from papertiger.scenarios import ScenarioError
    from papertiger.scenarios.errors import nearest

    if export is not None and export not in EXPORTS:
        near = nearest(export, EXPORTS)
        hint = "" if near is None else f" (did you mean '{near}'?)"
        raise BadInput(f"--export {printable(export)}: expected {' or '.join(EXPORTS)}{hint}")
    folder = out or Path("results") / f"score_{place.stem or place.resolve().name}"
    try:
        check_place(folder)
        scored = [_come_true(file, observed) for file in _files(place)]
    except (FolderError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    rows = [row for one in scored for row in one.table()]
    files = _write(folder, rows, scored if export is not None else ())
    lines = [line for one in scored for line in one.sentences()] or [f"{place}: no forecast has been published yet."]
    if as_json:
        document({"verdict": lines, "scores": [_finite(row) for row in rows], "files": [str(file) for file in files]})
        return
    for line in lines:
        say(printable(line))
    _show(rows)
    for file in files:
        say(printable(f"Table in {file}"))
    say("The model is an argument, not evidence.")


def _files(place: Path) -> list[Path]:
    """Return the forecasts of a place, in the order of publication; refuse a folder with anything changed in it."""
    from papertiger.experiments.errors import FolderError
    from papertiger.experiments.history.forecast.published import LIST, faults, published

    if not place.is_dir():
        return [place]
    if not (place / LIST).is_file():
        raise FolderError(f"{place}: expected {LIST}, the list of published forecasts, in this folder")
    if wrong := faults(place):
        raise FolderError("\n".join(wrong))
    return [place / name for name in published(place)]


def _come_true(file: Path, observed: Path | None) -> ComeTrue:
    from papertiger.experiments.errors import FolderError
    from papertiger.experiments.history.evaluate.come_true import ComeTrue, latest_observed
    from papertiger.experiments.history.forecast.archive import read_forecast
    from papertiger.experiments.history.observed.coding import code_postures
    from papertiger.experiments.history.observed.periods import noun_of
    from papertiger.scenarios import observed as observations

    forecast = read_forecast(file)
    try:
        facts = latest_observed(forecast.clients) if observed is None else observations.load(str(observed))
    except LookupError as error:
        raise FolderError(f"{file}: {error}") from None
    postures = code_postures(facts)
    if noun_of(postures.periods[0]) != noun_of(forecast.origin):
        wanted, got = noun_of(forecast.origin), noun_of(postures.periods[0])
        raise FolderError(f"{observed}: expected observations by {wanted}, as {file} forecasts, got some by {got}")
    if not set(forecast.clients) & set(postures.clients):
        raise FolderError(f"{observed}: observed none of the clients of {file}")
    return ComeTrue(file.name, forecast, facts, postures)


def _write(folder: Path, rows: Sequence[Mapping[str, object]], exported: Sequence[ComeTrue]) -> list[Path]:
    import pandas as pd

    from papertiger.experiments.files import write_files
    from papertiger.experiments.history.evaluate.come_true import scoringutils_rows
    from papertiger.scenarios.tables import format_frame

    files = {"tables/scores.csv": format_frame(pd.DataFrame(rows)).encode()} if rows else {}
    for one in exported:
        frame = pd.DataFrame(scoringutils_rows(one))
        # For another program, so without the dialect of anybody's spreadsheet.
        files[f"scoringutils/{Path(one.label).stem}.csv"] = frame.to_csv(index=False, lineterminator="\n").encode()
    try:
        return write_files(folder, files)
    except OSError as error:
        raise BadInput(f"{folder}: cannot write there: {error.strerror}") from None


def _show(rows: Sequence[Mapping[str, object]]) -> None:
    from papertiger.experiments.history.evaluate.come_true import MIXTURE

    for file in dict.fromkeys(str(row["file"]) for row in rows):
        ours = [row for row in rows if row["file"] == file and row["forecaster"] == MIXTURE]
        if ours:
            table(
                f"{file}: the forecast, against the baselines that it published",
                [
                    ("score", "left"),
                    ("mean", "right"),
                    ("against", "left"),
                    ("gain", "right"),
                    ("95 % interval", "right"),
                    ("ratio", "right"),
                ],
                [_gains(row) for row in ours],
                caption=(
                    "Gain is baseline minus forecast, and the ratio is that gain by the baseline, left out where the "
                    "baseline is near perfect. Intervals reckon with one more client, which moves as far as the "
                    "forecasts left open."
                ),
            )
        means = {(row["forecaster"], row["score"]): float(str(row["mean"])) for row in rows if row["file"] == file}
        scores = list(dict.fromkeys(score for _, score in means))
        table(
            f"{file}: mean scores of all that is in it, less is better",
            [("", "left"), *((str(score), "right") for score in scores)],
            [
                (str(name), *(f"{means[name, score]:.5f}" for score in scores))
                for name in dict.fromkeys(name for name, _ in means)
            ],
        )


def _gains(row: Mapping[str, object]) -> tuple[str, ...]:
    head = (str(row["score"]), f"{row['mean']:.5f}")
    low, high, ratio = (float(str(row[name])) for name in ("gain_low", "gain_high", "skill"))
    interval = f"{low:+.5f} to {high:+.5f}" if math.isfinite(low) else "none: alike in every draw"
    share = f"{100 * ratio:+.0f} %" if math.isfinite(ratio) else "–"
    return (*head, str(row["against"]), f"{row['gain']:+.5f}", interval, share)


def _finite(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row that JSON can hold: what is not finite becomes null."""
    return {key: None if isinstance(value, float) and value - value != 0.0 else value for key, value in row.items()}
