"""Check what the schema cannot: that an experiment fits the scenarios it names, and its parts each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from papertiger import scenarios
from papertiger.experiments.design import sampling as designs
from papertiger.experiments.design.decisions import faults as decision_faults
from papertiger.experiments.design.frozen import frozen_settings
from papertiger.experiments.design.horizon import beyond_horizon, horizon_of
from papertiger.experiments.design.keys import bare_key, is_under, path_in_any
from papertiger.experiments.design.schema import (
    MAX_RUNS,
    SAMPLED,
    Analysis,
    Experiment,
    Factor,
    ScenarioEntry,
    in_words,
)
from papertiger.experiments.design.sources import find_scenario
from papertiger.experiments.design.study import ResolvedFactor
from papertiger.model.plugins import PluginError
from papertiger.model.rules.own import undeclared
from papertiger.model.template import Template
from papertiger.model.theories import Theory, UnknownTheoryError, find_theory
from papertiger.scenarios.errors import PathKey, Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.reading.doors import FigureNames
from papertiger.scenarios.reading.numbers import figure_number, figure_range
from papertiger.scenarios.reading.overrides import SETTINGS
from papertiger.scenarios.reading.sources import SCENARIOS, Source
from papertiger.scenarios.reading.yaml_reader import Layer
from papertiger.scenarios.schema.figures import FAMILIES, Figure
from papertiger.scenarios.schema.scenario import Scenario

MAX_DESIGN_SEED = 2**32 - 1
"""The libraries that sample a design take words of 32 bits."""

_NEEDED_ANYWHERE = ("event", "cause")
"""What a measure names of this kind may be missing in some scenarios: a twin is often one without an event."""


class Checker:
    """Check an experiment, and resolve the scenarios and factors on the way.

    Parameters
    ----------
    experiment
        What could be made of the file.
    layer, source
        The file.
    places
        Positions in the file of the entries that lists have.
    measure_names
        Names of all measures of the file, those with mistakes included.

    Attributes
    ----------
    problems
        What is wrong.
    worlds, factors, points_file, theories
        For `papertiger.experiments.design.study.Study`.
    """

    def __init__(
        self,
        experiment: Experiment | None,
        layer: Layer,
        source: Source,
        places: Mapping[str, list[int]],
        measure_names: tuple[str, ...],
    ) -> None:
        self._experiment, self._layer, self._source, self._kept = experiment, layer, source, places
        self._measure_names = measure_names
        self.problems: list[Problem] = []
        self.worlds: dict[str, Scenario] = {}
        self.factors: list[ResolvedFactor] = []
        self.points_file: Path | None = None
        self.theories: dict[str, Theory] = {}

    def check(self) -> None:
        """Find all mistakes."""
        assert self._experiment is not None
        experiment = self._experiment
        self._load_worlds(experiment)
        whole = len(self.worlds) == len(experiment.scenarios)
        if whole:
            self._measures(experiment)
            self._factors(experiment)
        self._design(experiment)
        self._comparisons(experiment)
        self._ablations(experiment)
        self._analyses(experiment)
        if whole and not self.problems:
            self._total(experiment)

    def _note(self, path: PathKey, message: str, hint: str | None = None) -> None:
        if not any(path[:length] in self._layer.broken for length in range(1, len(path) + 1)):
            self.problems.append(self._layer.problem(self._in_file(path), message, hint))

    def _in_file(self, path: PathKey) -> PathKey:
        """Return where an entry of a list stands in the file, in which others before it may be wrong."""
        places = self._kept.get(str(path[0])) if path else None
        if places is not None and len(path) > 1 and isinstance(path[1], int):
            return (path[0], places[path[1]], *path[2:])
        return path

    # Scenarios

    def _load_worlds(self, experiment: Experiment) -> None:
        seen: dict[str, int] = {}
        titles: set[str] = set()
        for number, entry in enumerate(experiment.scenarios):
            path: PathKey = ("scenarios", number)
            if entry.title is not None:
                if entry.title in titles:
                    self._note((*path, "title"), f"two scenarios have the title {shorten(entry.title)}")
                titles.add(entry.title)
            if entry.name in seen:
                message = f"two scenarios are called {shorten(entry.name)}; give one of them a 'label' of its own"
                self._note(path, message)
                continue
            seen[entry.name] = number
            source = find_scenario(entry.scenario, self._source)
            if source is None:
                message = f"no scenario {shorten(entry.scenario)} among the shipped ones or beside this file"
                self._note(path, message, nearest(entry.scenario, _scenario_names(self._source)))
                continue
            if (world := self._load(source, entry, experiment, path)) is not None:
                for place, message, hint in decision_faults(entry.decisions or (), world):
                    self._note((*path, "decisions", place), message, hint or None)
                self.worlds[entry.name] = world
                self._load_theory(entry, world, path)

    def _load_theory(self, entry: ScenarioEntry, world: Scenario, path: PathKey) -> None:
        if entry.theory is None:
            return
        try:
            theory = find_theory(entry.theory)
        except (UnknownTheoryError, PluginError) as error:
            self._note((*path, "rules"), str(error))
            return
        for message, hint in undeclared(theory.rules, world.own_parameters):
            self._note((*path, "rules"), f"{message} of {entry.scenario}", hint)
        self.theories[entry.name] = theory

    def _load(
        self, source: str | Path, entry: ScenarioEntry, experiment: Experiment, path: PathKey
    ) -> Scenario | None:
        own = {bare_key(key) for key in entry.settings}
        common = {key: value for key, value in experiment.settings.items() if bare_key(key) not in own}
        try:
            world = scenarios.load(source, {**common, **entry.settings} or None, door=SETTINGS)
            return scenarios.change(world, frozen_settings(world, entry.frozen)) if entry.frozen else world
        except ScenarioError as error:
            for problem in error.problems:
                self._blame(problem, entry, path)
        except ValueError as error:
            self._note((*path, "frozen"), str(error))
        return None

    def _blame(self, problem: Problem, entry: ScenarioEntry, path: PathKey) -> None:
        """Lay a mistake in a setting at the door of this file's line; one of the scenario stays its own."""
        key = next((key for key in entry.settings if is_under(problem.key, key)), None)
        where: PathKey = (*path, "settings", key or "")
        if key is None and self._experiment is not None:
            key = next((key for key in self._experiment.settings if is_under(problem.key, key)), None)
            where = ("settings", key or "")
        if problem.file == SETTINGS and key is not None:
            self._note(where, problem.message, problem.hint)
        else:
            self.problems.append(problem)

    # Measures

    def _measures(self, experiment: Experiment) -> None:
        for name, measure in experiment.measures.items():
            if name not in self._measure_names:
                continue
            missing = {label: list(measure.faults(world)) for label, world in self.worlds.items()}
            everywhere = all(missing.values())
            told: set[str] = set()
            for faults in missing.values():
                for fault in faults:
                    if fault.key in told or (fault.key in _NEEDED_ANYWHERE and not everywhere):
                        continue
                    told.add(fault.key)
                    self._note(("measures", name, fault.key), fault.message, fault.hint)
        columns: dict[str, str] = {}
        for name, measure in experiment.measures.items():
            for column in measure.columns(name):
                if column in columns or column in designs.ROW_COLUMNS:
                    message = f"the column '{column}' is already one of the rows' own"
                    self._note(("measures", name), message)
                columns[column] = name

    # Factors

    def _factors(self, experiment: Experiment) -> None:
        if not experiment.vary:
            return
        known: dict[str, Figure] = {}
        names: list[FigureNames] = []
        for world in reversed(self.worlds.values()):
            template = Template(world)
            known.update(template.figures)
            names.insert(0, template.names)
        taken: dict[str, str] = {}
        titles: set[str] = set()
        frozen = {path for one in experiment.scenarios for path in frozen_settings(self.worlds[one.name], one.frozen)}
        for name, factor in experiment.vary.items():
            for resolved in self._resolve(name, factor, known, names, experiment):
                if resolved.path in frozen:
                    message = f"the figure {shorten(resolved.path)} cannot vary: 'frozen' keeps beliefs still by it"
                    self._note(("vary", name), message)
                elif resolved.path in taken:
                    message = f"the figure {shorten(resolved.path)} already varies as {shorten(taken[resolved.path])}"
                    self._note(("vary", name), message)
                elif any(other.name == resolved.name for other in self.factors):
                    message = f"there would be two factors called {shorten(resolved.name)}"
                    self._note(("vary", name), message)
                elif (title := factor.title or in_words(resolved.name)) in titles:
                    said = ("vary", name, "title") if factor.title else ("vary", name)
                    self._note(
                        said, f"reports would call two factors {shorten(title)}; give one a 'title' of its own"
                    )
                else:
                    taken[resolved.path] = resolved.name
                    titles.add(title)
                    self.factors.append(resolved)

    def _resolve(
        self,
        name: str,
        factor: Factor,
        known: Mapping[str, Figure],
        names: Sequence[FigureNames],
        experiment: Experiment,
    ) -> Iterator[ResolvedFactor]:
        where: PathKey = ("vary", name)
        if factor.priors is not None:
            yield from self._expand(where, factor.priors, factor.without, known)
            return
        try:
            path = path_in_any(factor.path or "", names)
        except ScenarioError as error:
            # Where no scenario has the figure, the baseline says what comes nearest.
            self._note((*where, "path"), error.problems[0].message, error.problems[0].hint)
            return
        figure, limits = known[path], figure_range(path)
        low, high = (-math.inf, math.inf) if limits is None else (limits.low, limits.high)
        prior = factor.distribution or (figure.prior if factor.levels is None else None)
        given = experiment.design is not None and experiment.design.kind == "points"
        if factor.levels is None and prior is None and not given:
            message = f"expected levels or a distribution: {path} has no prior to vary over"
            self._note(where, message)
            return
        given_as = next((name for name in ("levels", *FAMILIES) if getattr(factor, name) is not None), "path")
        for number in _named_numbers(factor):
            try:
                figure_number(path, number, SETTINGS)
            except ScenarioError as error:
                self._note((*where, given_as), f"{path}: {error.problems[0].message}")
                return
        if prior is not None and limits is not None:
            prior = prior.truncated(*limits.closed)
        yield ResolvedFactor(name, path, factor.levels, prior, low, high)

    def _expand(
        self, factor: PathKey, prefix: str, without: Sequence[str], known: Mapping[str, Figure]
    ) -> Iterator[ResolvedFactor]:
        where = (*factor, "priors")
        beneath = [path for path in known if path == prefix or path.startswith(prefix + ".")]
        if not beneath:
            sections = {".".join(path.split(".")[:n]) for path in known for n in range(1, path.count(".") + 1)}
            self._note(where, f"no figure beneath {shorten(prefix)} in the scenarios", nearest(prefix, sections))
            return
        with_prior = [path for path in beneath if known[path].prior is not None]
        left_out = {f"{prefix}.{name}" for name in without}
        for path in sorted(left_out.difference(with_prior)):
            name = path.removeprefix(f"{prefix}.")
            names = [other.removeprefix(f"{prefix}.") for other in with_prior]
            message = f"no figure {shorten(name)} beneath {shorten(prefix)} has a prior"
            self._note((*factor, "without"), message, nearest(name, names))
        with_prior = [path for path in with_prior if path not in left_out]
        if not with_prior:
            self._note(where, f"no figure beneath {shorten(prefix)} has a prior")
        for path in with_prior:
            limits = figure_range(path)
            low, high = (-math.inf, math.inf) if limits is None else (limits.low, limits.high)
            name = path if path == prefix else path.removeprefix(prefix + ".")
            yield ResolvedFactor(name, path, None, known[path].prior, low, high)

    # Design

    def _design(self, experiment: Experiment) -> None:
        design = experiment.design
        if design is None:
            if experiment.vary and "design" not in self._layer.data:
                message = "factors vary, but the file has no 'design'; say which points to run"
                self._note(("vary",), message)
            return
        if not experiment.vary:
            if "vary" not in self._layer.data:
                self._note(("design",), "nothing varies: a design needs factors under 'vary'")
            return
        if design.kind in (*SAMPLED, "morris") and experiment.seed > MAX_DESIGN_SEED:
            message = f"a sampled design takes seeds up to {MAX_DESIGN_SEED}: a larger one would give the same points"
            self._note(("seed",), f"{message} as another, got {experiment.seed}")
        if design.kind == "points":
            self._points_file(str(design.file), experiment)

    def _points_file(self, file: str, experiment: Experiment) -> None:
        where: PathKey = ("design", "file")
        folder = self._source.handle.parent if isinstance(self._source.handle, Path) else Path()
        self.points_file = folder / file
        for message in designs.objections(self.points_file, self.factors, list(experiment.vary)):
            self._note(where, message)

    def _total(self, experiment: Experiment) -> None:
        points = designs.count(experiment.design, self.factors, self.points_file)
        total = len(self.worlds) * points * experiment.replicates
        if total > MAX_RUNS:
            message = (
                f"this asks for {total:,} runs ({len(self.worlds)} scenarios x {points:,} points x "
                f"{experiment.replicates:,} replicates), more than {MAX_RUNS:,}"
            )
            self._note(("replicates",), message)

    # What is made of the rows

    def _comparisons(self, experiment: Experiment) -> None:
        headlines = 0
        for number, pair in enumerate(experiment.comparisons):
            path: PathKey = ("comparisons", number)
            for key in ("baseline", "against"):
                self._scenario((*path, key), getattr(pair, key), experiment)
            for place, name in enumerate(pair.measures):
                self._measure((*path, "measures", place), name, experiment, number=True)
            headlines += pair.headline
            if pair.headline and headlines == 2:
                self._note((*path, "headline"), "there is one headline already; only one comparison can have it")

    def _ablations(self, experiment: Experiment) -> None:
        for number, ablation in enumerate(experiment.ablations):
            path: PathKey = ("ablations", number)
            self._scenario((*path, "without"), ablation.without, experiment)
            if ablation.without == experiment.labels[0]:
                message = f"{shorten(ablation.without)} is the baseline; expected a scenario that lacks something"
                self._note((*path, "without"), message)
            if not experiment.rungs(ablation.at):
                moments = [
                    str(getattr(part, "at", ""))
                    for part in experiment.measures.values()
                    if type(part).kind_name == "posture"
                ]
                message = f"no measure of the kind 'posture' at {shorten(ablation.at)} to look at"
                self._note((*path, "at"), message, nearest(ablation.at, moments))

    def _scenario(self, path: PathKey, name: str, experiment: Experiment) -> None:
        if name not in experiment.labels and "scenarios" not in self._kept:
            message = f"{shorten(name)} is not one of this experiment's scenarios"
            self._note(path, message, nearest(name, experiment.labels))

    def _measure(self, path: PathKey, name: str, experiment: Experiment, *, number: bool) -> bool:
        if name not in self._measure_names:
            self._note(path, f"no measure {shorten(name)} in this file", nearest(name, self._measure_names))
            return False
        if number and name in experiment.measures and name not in experiment.number_measures:
            self._note(path, f"the measure {shorten(name)} is text, expected one that is a number")
            return False
        return name in experiment.measures

    def _analyses(self, experiment: Experiment) -> None:
        for number, analysis in enumerate(experiment.analyses):
            path: PathKey = ("analyses", number)
            if analysis.scenario is not None:
                self._scenario((*path, "scenario"), analysis.scenario, experiment)
            known = self._measure((*path, "measure"), analysis.measure, experiment, number=True)
            if analysis.kind in ("survival", "incidence") and known and not experiment.is_time(analysis.measure):
                asked, said = f"{analysis.kind} needs a measure of the kind 'time_to'", shorten(analysis.measure)
                self._note((*path, "measure"), f"{asked}, {said} is none")
            tells = known and experiment.measures[analysis.measure].kind_name == "first_move"
            if analysis.kind == "incidence" and (analysis.destination is not None or not tells):
                self._destination(path, analysis.destination, experiment)
            if analysis.kind == "prim":
                self._threshold(path, analysis, experiment, known=known)
            self._fits_design(path, analysis.kind, experiment)

    def _destination(self, path: PathKey, name: str | None, experiment: Experiment) -> None:
        if name is None:
            self._note(path, "incidence needs the key 'destination', a measure of that kind")
        elif self._measure((*path, "destination"), name, experiment, number=False) and (
            name in experiment.number_measures
        ):
            message = f"expected a measure of the kind 'destination', {shorten(name)} is a number"
            self._note((*path, "destination"), message)

    def _threshold(self, path: PathKey, analysis: Analysis, experiment: Experiment, *, known: bool) -> None:
        if analysis.threshold is None:
            self._note(path, "prim needs the key 'threshold': where the outcome of interest begins")
        elif known and self.worlds and experiment.is_time(analysis.measure):
            wrong = beyond_horizon(analysis.threshold, horizon_of(self.worlds.values()), above=analysis.above)
            if wrong is not None:
                self._note((*path, "threshold"), wrong)

    def _fits_design(self, path: PathKey, kind: str, experiment: Experiment) -> None:
        if "design" in self._layer.data and experiment.design is None:
            return  # what is wrong with the design has been said
        design = "none" if experiment.design is None else experiment.design.kind
        if kind in ("sobol", "morris") and design != kind:
            self._note((*path, "kind"), f"{kind} indices need a design of the kind '{kind}', this one has {design}")
        elif kind == "prim" and design == "none":
            self._note((*path, "kind"), "prim looks for regions of what varies, and nothing varies here")


def _scenario_names(source: Source) -> list[str]:
    return SCENARIOS.names_beside(source) if isinstance(source.handle, Path) else scenarios.names()


def _named_numbers(factor: Factor) -> tuple[float, ...]:
    """Return the numbers of a factor that must lie within the figure's bounds; tails are truncated to them."""
    tailed = factor.normal or factor.lognormal
    given = factor.levels or factor.uniform or factor.loguniform or factor.choice or (tailed or ())[:1]
    return given or ()
