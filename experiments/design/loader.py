"""Make an experiment of a file: read it, check it with the scenarios it names, and report all mistakes at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from papertiger.experiments.design.checks import Checker
from papertiger.experiments.design.precision import faults
from papertiger.experiments.design.schema import Experiment
from papertiger.experiments.design.shapes import shapes_of
from papertiger.experiments.design.sources import find_experiment
from papertiger.experiments.design.study import Study
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.measures import Measure, kinds, measure_class
from papertiger.scenarios.errors import UNKNOWN_KEY, PathKey, Problem, ScenarioError, listing, nearest, shorten
from papertiger.scenarios.reading.schema_messages import problems_of
from papertiger.scenarios.reading.sources import Source
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, Place, read_layer

OWN_KIND = "one of your own comes in by --import FILE.py, or by an installed package"
"""How a kind of measure that does not ship is made known."""

_STAND_INS: dict[str, Any] = {
    "title": "-",
    "question": "-",
    "description": "-",
    "claims": [],
    "seed": 1,
    "replicates": 1,
    "settings": {},
    "design": None,
    "answer": None,
}
"""What takes the place of a part that is wrong while the rest of the file is checked."""

_SECTIONS = ("scenarios", "vary", "measures", "comparisons", "ablations", "analyses")


def load_experiment(name_or_path: str | Path) -> Experiment:
    """Return an experiment, checked together with the scenarios it names.

    Parameters
    ----------
    name_or_path
        The name of a shipped experiment, or the path of a file.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    return load_study(name_or_path).experiment


def load_study(name_or_path: str | Path, *, replicates: int | None = None, points: int | None = None) -> Study:
    """Return an experiment with its scenarios and factors resolved.

    Parameters
    ----------
    name_or_path
        The name of a shipped experiment, or the path of a file.
    replicates, points
        Take the place of what the file says: runs per scenario and point, and points of the design (trajectories
        of a Morris design).

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    source = find_experiment(name_or_path)
    try:
        data = source.read(MAX_BYTES)
        layer = read_layer(data, source.label, what="an experiment")
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    _set(layer, ("replicates",), replicates, "--replicates")
    _set_points(layer, points)
    draft = _Draft(layer, source)
    draft.read()
    checker = Checker(draft.experiment, layer, source, draft.places, draft.measure_names)
    if draft.experiment is not None:
        checker.check()
    problems = [*layer.problems, *draft.problems, *checker.problems]
    if not problems:
        problems = list(_wrong_signs(draft, checker))
    if problems or draft.experiment is None:
        raise ExperimentError(_sorted(problems, source.label))
    return Study(
        draft.experiment,
        checker.worlds,
        tuple(checker.factors),
        checker.points_file,
        data.decode("utf-8-sig"),
        checker.theories,
    )


def _wrong_signs(draft: _Draft, checker: Checker) -> Iterator[Problem]:
    """Yield where a rule of a theory goes against a sign that it declares."""
    if draft.experiment is None or not checker.theories:
        return
    from papertiger.experiments.design.signs import contrary  # noqa: PLC0415 - Mesa is slow to import

    for number, entry in enumerate(draft.experiment.scenarios):
        theory = checker.theories.get(entry.name)
        if theory is not None:
            for message in contrary(theory, checker.worlds[entry.name], draft.experiment.seed):
                yield draft.layer.problem(("scenarios", number, "rules"), message)


def _set(layer: Layer, path: PathKey, value: Any, origin: str) -> None:
    if value is None:
        return
    node: Any = layer.data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    layer.places[path] = Place(origin, None)


def _set_points(layer: Layer, points: int | None) -> None:
    if points is None:
        return
    design = layer.data.get("design")
    kind = design.get("kind") if isinstance(design, dict) else None
    if kind in ("random", "latin-hypercube", "sobol"):
        _set(layer, ("design", "points"), points, "--points")
    elif kind == "morris":
        _set(layer, ("design", "trajectories"), points, "--points")
    else:
        what = "an experiment that varies nothing" if kind is None else f"a design of the kind {shorten(kind)}"
        layer.problems.append(Problem("--points", message=f"{what} takes no number of points"))


def _sorted(problems: list[Problem], label: str) -> list[Problem]:
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda one: (one.file != label, one.file, one.line or 0, one.key))


@dataclass
class _Draft:
    """Hold what can be made of a file, with its mistakes: wrong parts are left out, so that the rest is checked.

    Attributes
    ----------
    places
        For each section that is a list, the position in the file of each entry that was kept.
    """

    layer: Layer
    source: Source
    experiment: Experiment | None = None
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    measure_names: tuple[str, ...] = ()

    def read(self) -> None:
        """Make the experiment, or what is right of it."""
        given = dict(self.layer.data)
        if "name" in given:
            del given["name"]
            self.problems.append(self.layer.problem(("name",), f"{UNKNOWN_KEY}: the file's name is the experiment's"))
        if "measures" in given:
            given["measures"] = self._measures(given["measures"])
        try:
            self.experiment = self._validated(given)
        except ValidationError as error:
            problems = problems_of(error, self.layer, (), shapes_of(self.layer.data))
            # Where measures were left out as wrong, that none is left is not another mistake.
            real = [one for one in problems if not (one.key == "measures" and self.problems)]
            self.problems += [_about_name(one) for one in real]
            self.experiment = self._mended(given, error)
        self._check_precision()

    def _check_precision(self) -> None:
        experiment = self.experiment
        if experiment is None or experiment.precision is None:
            return
        known = (
            self.measure_names,
            (*experiment.number_measures, *set(self.measure_names) - set(experiment.measures)),
        )
        for where, message, hint in faults(experiment.precision, *known, experiment.replicates):
            self.problems.append(self.layer.problem(("precision", *where), message, hint))

    def _validated(self, given: dict[str, Any]) -> Experiment:
        return Experiment.model_validate({**given, "name": self.source.name})

    def _measures(self, given: Any) -> Any:
        """Return the measures that are right, each of its own class."""
        if not isinstance(given, dict):
            return given
        self.measure_names = tuple(given)
        measures: dict[str, Measure] = {}
        for name, entry in given.items():
            path: PathKey = ("measures", name)
            if not isinstance(entry, dict) or "kind" not in entry:
                problem = f"expected a mapping with a 'kind', one of {listing(kinds())}"
                self.problems.append(self.layer.problem(path, f"{problem}; got {_brief(entry)}"))
                continue
            cls = measure_class(str(entry["kind"]))
            if cls is None:
                message = (
                    f"no kind of measure {shorten(entry['kind'])}, expected one of {listing(kinds())}; {OWN_KIND}"
                )
                hint = nearest(entry["kind"], kinds())
                self.problems.append(self.layer.problem((*path, "kind"), message, hint))
                continue
            try:
                measures[name] = cls.model_validate(entry)
            except ValidationError as error:
                self.problems += problems_of(error, self.layer, path, shapes_of(self.layer.data))
        return measures

    def _mended(self, given: dict[str, Any], error: ValidationError) -> Experiment | None:
        """Return the experiment without the parts that validation refused, or None when too little is left."""
        data = {key: list(value) if isinstance(value, list | tuple) else value for key, value in given.items()}
        refused: dict[str, set[Any]] = {}
        for detail in error.errors(include_url=False):
            if not detail["loc"]:
                return None  # of the whole, and no part of it can be left out
            key, *rest = detail["loc"]
            if key in _SECTIONS and rest and isinstance(data.get(str(key)), dict | list):
                refused.setdefault(str(key), set()).add(rest[0])
            elif key in _STAND_INS:
                data[str(key)] = _STAND_INS[str(key)]
            else:
                data.pop(str(key), None)
        for key, entries in refused.items():
            section = data[key]
            if isinstance(section, dict):
                data[key] = {name: value for name, value in section.items() if name not in entries}
            else:
                self.places[key] = [number for number in range(len(section)) if number not in entries]
                data[key] = [section[number] for number in self.places[key]]
        if refused.get("vary"):
            data["design"] = None
        for key, value in _STAND_INS.items():
            data.setdefault(key, value)
        if not data.get("measures"):
            data["measures"] = {"nothing": {"kind": "change_rate"}}
        try:
            return self._validated(data)
        except ValidationError:
            return None


def _about_name(problem: Problem) -> Problem:
    """Say what a name of a factor or a measure may consist of, where validation only knows that it is text."""
    if not problem.message.startswith("expected text as key"):
        return problem
    message = "expected a name of at most 60 letters, digits, '_', '-' and '.', with a letter first"
    return replace(problem, message=message)


def _brief(entry: Any) -> str:
    return "a mapping without it" if isinstance(entry, dict) else shorten(entry)
