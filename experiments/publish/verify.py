"""Run the experiment of an archive again, and name the first row that differs."""

from __future__ import annotations

import hashlib
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from papertiger.experiments.design.study import ResolvedFactor, Study
from papertiger.experiments.errors import FolderError
from papertiger.experiments.publish.archive import unpack
from papertiger.experiments.run.manifest import EXPERIMENT
from papertiger.experiments.run.provenance import model_hash, version
from papertiger.experiments.run.results import Results, open_results, read_resolved
from papertiger.experiments.run.runner import run_experiment
from papertiger.model.theories import find_theory
from papertiger.scenarios.reading.numbers import figure_range
from papertiger.scenarios.schema.figures import Distribution

if TYPE_CHECKING:
    from papertiger.experiments.publish.archive import Contents
    from papertiger.experiments.run.runner import Progress

KEYS = ["scenario", "point", "replicate"]
REDO = "; delete it"
"""Where a message about a folder begins to say how to mend it, which holds for no archive."""


class Verdict(NamedTuple):
    """Tell what came of running an archive again.

    Attributes
    ----------
    rows, differing
        Rows that were compared, and how many of them differ.
    first
        The first row that differs, in words; blank if none does.
    other_program
        What is known of a program that is not the one that made the rows; blank if it is the same.
    """

    rows: int
    differing: int
    first: str
    other_program: str


def verify(
    file: Path,
    *,
    replicates: int | None = None,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Verdict:
    """Run the experiment of an archive again and compare all rows.

    Parameters
    ----------
    file
        The archive.
    replicates
        Only the first so many of each scenario and point; blank runs all.
    workers, progress
        See `papertiger.experiments.run.runner.run_experiment`.

    Raises
    ------
    FolderError
        If it is no such archive, a file in it is not what was published, or it needs code that was not imported.
    """
    with TemporaryDirectory(prefix="papertiger-verify-") as place:
        folder = Path(place) / "published"
        folder.mkdir()
        contents = unpack(file, folder)
        _check_imports(file, contents)
        try:
            published = open_results(folder)
            study = study_of(published, replicates)
        except FolderError as error:
            # Of the copy, which nobody can see: it is the archive's file, and no command redoes it.
            said = str(error).replace(f"{folder}{os.sep}", "").replace(f"{folder}: ", "")
            raise FolderError(f"{file}: {said.split(REDO)[0]}") from None
        again = run_experiment(study, Path(place) / "again", workers=workers, progress=progress)
        return compare(published, again, study.experiment.replicates)


def _check_imports(file: Path, contents: Contents) -> None:
    """Ask for the code of the archive's own, which is executed only if it is named, and hold what was named to it."""
    lacking = [name for name in contents.imports if name not in sys.modules]
    if not lacking:
        for name, sha256 in contents.imports.items():
            if sha256 and sha256 != _hash_of_module(name):
                raise FolderError(
                    f"{file}: the module {name} that you named is not the one that was published: unpack "
                    f"code/{name}.py of the archive (SHA-256 {sha256}), and name that with --import {name}.py"
                )
        return
    name = lacking[0]
    sha256 = contents.imports[name]
    if sha256:
        raise FolderError(
            f"{file}: it was run with code of its own, which is executed only if you name it: read code/{name}.py in "
            f"the archive (SHA-256 {sha256}), unpack it, and add --import {name}.py"
        )
    raise FolderError(f"{file}: it was run with the module {name} of an installed package; add --import {name}")


def _hash_of_module(name: str) -> str:
    source = getattr(sys.modules[name], "__file__", None)
    return hashlib.sha256(Path(source).read_bytes()).hexdigest() if source is not None else ""


def study_of(published: Results, replicates: int | None = None) -> Study:
    """Return the experiment of a folder of results, ready to be run without the files that it was written from.

    Parameters
    ----------
    published
        An opened folder.
    replicates
        In place of those that were run; not more.
    """
    experiment = published.experiment
    if replicates is not None:
        if not 1 <= replicates <= experiment.replicates:
            raise FolderError(f"expected 1 to {experiment.replicates} replicates, as were run, got {replicates}")
        experiment = experiment.model_copy(update={"replicates": replicates})
    factors = []
    for form in read_resolved(published.folder, published.manifest).factors:
        limits = figure_range(form.path)
        low, high = (-math.inf, math.inf) if limits is None else (limits.low, limits.high)
        drawn = None if form.distribution is None else Distribution.model_validate(form.distribution)
        factors.append(ResolvedFactor(form.name, form.path, form.levels, drawn, low, high))
    points_file = None
    if experiment.design is not None and experiment.design.kind == "points":
        points_file = published.folder / "points.csv"
        names = list(published.points.names)
        pd.DataFrame(published.points.values, columns=names).to_csv(points_file, index=False, float_format="%.17g")
    theories = {label: find_theory(name) for label, name in experiment.theories.items()}
    text = (published.folder / EXPERIMENT).read_text(encoding="utf-8")
    return Study(experiment, published.worlds, tuple(factors), points_file, text, theories)


def compare(published: Results, again: Results, replicates: int) -> Verdict:
    """Compare the rows of two folders, number by number, to the last bit.

    Parameters
    ----------
    published, again
        What was published, and what was run now.
    replicates
        How many of each are compared.
    """
    order = {label: place for place, label in enumerate(published.experiment.labels)}
    old, new = (_sorted(one.frame(), order, replicates) for one in (published, again))
    program = ""
    if published.manifest.model_sha256 != model_hash():
        program = (
            f"the program is another one: the rows were made by papertiger {published.manifest.version} with sources "
            f"{published.manifest.model_sha256[:12]}…, this is {version()} with {model_hash()[:12]}…"
        )
    columns = [name for name in old.columns if name not in KEYS]
    missing = [name for name in columns if name not in new.columns]
    if missing:
        return Verdict(len(old), len(old), f"the column '{missing[0]}' is missing", program)
    if not old[KEYS].equals(new[KEYS]):
        both = set(map(tuple, old[KEYS].to_numpy())) ^ set(map(tuple, new[KEYS].to_numpy()))
        alone = min(both, key=str)
        return Verdict(len(old), len(both), f"{_named(alone)} is in one of the two only", program)
    apart = np.zeros(len(old), dtype=bool)
    where: dict[str, Any] = {}
    for name in columns:
        differs = _differs(old[name], new[name])
        where[name] = differs
        apart |= differs
    if not apart.any():
        return Verdict(len(old), 0, "", program)
    row = int(apart.argmax())
    name = next(name for name in columns if where[name][row])
    key = tuple(old[KEYS].iloc[row])
    said = f"{_named(key)}: {name} was {_written(old[name].iloc[row])}, is {_written(new[name].iloc[row])}"
    return Verdict(len(old), int(apart.sum()), said, program)


def _sorted(frame: pd.DataFrame, order: dict[str, int], replicates: int) -> pd.DataFrame:
    frame = frame[frame["replicate"] < replicates]
    frame = frame.assign(scenario=frame["scenario"].astype(str))
    place = frame["scenario"].map(order)
    frame = frame.assign(_place=place).sort_values(["_place", "point", "replicate"], kind="stable")
    return frame.drop(columns="_place").reset_index(drop=True)


def _differs(old: pd.Series[Any], new: pd.Series[Any]) -> Any:
    if old.dtype.kind in "fc" and new.dtype.kind in "fc":
        a, b = old.to_numpy(dtype=float), new.to_numpy(dtype=float)
        return ~((a == b) | (np.isnan(a) & np.isnan(b)))
    return old.astype(str).to_numpy() != new.astype(str).to_numpy()


def _named(key: tuple[Any, ...]) -> str:
    scenario, point, replicate = key
    return f"scenario {scenario}, point {point}, replicate {replicate}"


def _written(value: Any) -> str:
    return repr(float(value)) if isinstance(value, float) else str(value)
