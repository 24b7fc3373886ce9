"""Freeze results of the shipped experiments: small tables that say which results a change of the model moved."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from papertiger.experiments.design.loader import load_study
from papertiger.experiments.errors import FolderError
from papertiger.experiments.run.runner import run_experiment
from papertiger.scenarios.files import write_file
from papertiger.scenarios.reading.json_reader import JsonError, read_limited

if TYPE_CHECKING:
    from papertiger.experiments.run.results import Results

REPLICATES = 8
"""Few, so that all tables are made within a minute: they are no estimates, only fingerprints that can be read."""
POINTS = {"sobol": 1, "morris": 2, "random": 8, "latin-hypercube": 8}
"""Points of designs that say how many."""
HEADER = ("scenario", "measure", "runs", "mean", "sd")
TOLERANCE = 1e-9
"""Relative difference up to which two numbers are the same; the mathematics of machines differs in the last digit."""


@dataclass(frozen=True)
class Row:
    """Hold a measure in one scenario over all points and replicates of a small run of an experiment.

    Of a measure of time it is a fingerprint of what the rows hold and no time: a run in which the event does not come
    counts with the month up to which it was watched.
    """

    scenario: str
    measure: str
    runs: int
    mean: float
    sd: float


@dataclass(frozen=True)
class Move:
    """Report a number that is not what it was; ``nan`` where there was none, or is none any more."""

    experiment: str
    scenario: str
    measure: str
    what: str
    old: float
    new: float

    def __str__(self) -> str:
        """Return the move as one line."""
        old, new = (f"{value:.6g}" if not math.isnan(value) else "none" for value in (self.old, self.new))
        return f"{self.experiment}: {self.measure} in {self.scenario}: {self.what} was {old}, is {new}"


def small_run(name: str) -> list[Row]:
    """Run a shipped experiment at few replicates and points.

    Parameters
    ----------
    name
        Of the experiment.
    """
    design = load_study(name).experiment.design
    points = POINTS.get(design.kind) if design is not None else None
    study = load_study(name, replicates=min(REPLICATES, 2) if points else REPLICATES, points=points)
    with TemporaryDirectory(prefix="papertiger-") as folder:
        return _rows(run_experiment(study, Path(folder) / "results"))


def _rows(results: Results) -> list[Row]:
    experiment = results.experiment
    frame = results.frame(["scenario", *experiment.measures])
    rows = []
    for scenario in experiment.labels:
        part = frame[frame["scenario"] == scenario]
        for measure in experiment.measures:
            if measure in experiment.number_measures:
                columns = {measure: part[measure].astype(float)}
            else:
                texts = sorted(set(part[measure].dropna().astype(str)))
                columns = {f"{measure}={text}": (part[measure] == text).astype(float) for text in texts}
            for column, values in columns.items():
                known = values.dropna()
                spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
                mean = math.fsum(known) / len(known) if len(known) else math.nan
                rows.append(Row(scenario, column, len(known), mean, spread))
    return rows


def read(file: Path) -> list[Row]:
    """Return a frozen table.

    Parameters
    ----------
    file
        A CSV as `write` makes it.
    """
    try:
        text = read_limited(file).decode("utf-8")
        lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if tuple(lines.fieldnames or ()) != HEADER:
            raise FolderError(f"{file}: expected the columns {', '.join(HEADER)}; freeze it anew (reference --write)")
        rows = []
        for line in lines:
            if None in line or None in line.values():
                raise FolderError(f"{file}:{lines.line_num}: expected {len(HEADER)} cells")
            mean, deviation = float(line["mean"]), float(line["sd"])
            rows.append(Row(line["scenario"], line["measure"], int(line["runs"]), mean, deviation))
    except JsonError as error:
        raise FolderError(str(error)) from None
    except (ValueError, csv.Error) as error:
        raise FolderError(f"{file}: this is not a frozen table: {' '.join(str(error).split())}") from None
    return rows


def write(file: Path, rows: Sequence[Row]) -> None:
    """Freeze a table.

    Parameters
    ----------
    file, rows
        Where, and what.
    """
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(HEADER)
    lines.writerows((row.scenario, row.measure, row.runs, f"{row.mean:.12g}", f"{row.sd:.12g}") for row in rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_file(file, text.getvalue().encode("utf-8"))


def moves(experiment: str, old: Sequence[Row], new: Sequence[Row]) -> list[Move]:
    """Return which numbers of an experiment moved.

    Parameters
    ----------
    experiment
        Its name.
    old, new
        The frozen table, and what the model gives now.
    """
    before = {(row.scenario, row.measure): row for row in old}
    after = {(row.scenario, row.measure): row for row in new}
    differences = []
    for key in dict.fromkeys((*before, *after)):
        for what in ("runs", "mean", "sd"):
            was = float(getattr(before[key], what)) if key in before else math.nan
            now = float(getattr(after[key], what)) if key in after else math.nan
            if not _same(was, now):
                differences.append(Move(experiment, *key, what, was, now))
    return differences


def _same(one: float, two: float) -> bool:
    if math.isnan(one) or math.isnan(two):
        return math.isnan(one) and math.isnan(two)
    return math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
