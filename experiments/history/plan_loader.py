"""Make a calibration of a file: read it, check it with the scenario and the observations it names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

import scenarios
from experiments.errors import ExperimentError
from experiments.history.coding import code_postures
from experiments.history.likelihood import Match, MatchError
from experiments.history.nested import MODELS
from experiments.history.plan import Plan
from scenarios import observed as observations
from scenarios import sources
from scenarios.errors import PathKey, Problem, ScenarioError, nearest, shorten
from scenarios.sources import ENDINGS, Source
from scenarios.translate import problems_of
from scenarios.yaml_reader import MOST_BYTES, Layer, read_layer

if TYPE_CHECKING:
    from experiments.history.coding import Postures
    from scenarios.observed import Observed
    from scenarios.schema import Scenario

_FOLDER = "experiments"
_BENEATH = "calibrations"


@dataclass(frozen=True)
class Case:
    """A calibration with what it names.

    Attributes
    ----------
    plan
        The file.
    worlds
        The scenario and those of other coders, by name, with the plan's settings.
    observed, postures
        The facts, and the postures they come to.
    text
        Of the file, as it was read.
    """

    plan: Plan
    worlds: dict[str, Scenario]
    observed: Observed
    postures: Postures
    text: str

    @property
    def scenario(self) -> Scenario:
        """Return the scenario of the plan's own coder."""
        return next(iter(self.worlds.values()))

    def match(self, model: str, world: str | None = None, postures: Postures | None = None) -> Match:
        """Return what a nested model is held against.

        Parameters
        ----------
        model
            Its name.
        world
            Name of a coder's scenario; blank takes the plan's own.
        postures
            Other postures than those the observed facts come to.
        """
        scenario = self.scenario if world is None else self.worlds[world]
        return Match.of(MODELS[model].build(scenario), self.postures if postures is None else postures)


@cache
def _shipped() -> dict[str, Source]:
    folder = files(_FOLDER).joinpath(_BENEATH)
    return {
        entry.name.rpartition(".")[0]: Source(f"{_FOLDER}/{_BENEATH}/{entry.name}", entry, shipped=True)
        for entry in folder.iterdir()
        if entry.name.endswith(ENDINGS) and entry.is_file()
    }


def plan_names() -> list[str]:
    """Return the names of the shipped calibrations, sorted."""
    return sorted(_shipped())


def find_plan(name_or_path: str | Path) -> Source:
    """Return the file that a name or a path means; a bare word is first a shipped calibration.

    Raises
    ------
    ExperimentError
        When it is neither a shipped name nor an existing path.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or sources.looks_like_path(text):
        return Source(text, Path(name_or_path))
    if text in _shipped():
        return _shipped()[text]
    if text and "\0" not in text and Path(text).exists():
        return Source(text, Path(text))
    message = "no calibration of this name, and no such file"
    raise ExperimentError([Problem(text or "''", message=message, hint=nearest(text, plan_names()))])


def load_case(name_or_path: str | Path, **changes: Any) -> Case:
    """Return a calibration, checked together with all that it names.

    Parameters
    ----------
    name_or_path
        The name of a shipped calibration, or the path of a file.
    changes
        What takes the place of keys of the file, such as ``points``.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    source = find_plan(name_or_path)
    try:
        data = source.read(MOST_BYTES)
        layer = read_layer(data, source.label, what="a calibration")
        plan = _plan(layer, source, changes)
        reader = _Reader(plan, layer, source)
        case = reader.case(data.decode("utf-8-sig"))
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    if reader.problems or case is None:
        raise ExperimentError(reader.problems)
    return case


def _plan(layer: Layer, source: Source, changes: dict[str, Any]) -> Plan:
    given = {key: value for key, value in layer.data.items() if key != "name"}
    problems = list(layer.problems)
    if "name" in layer.data:
        problems.append(layer.problem(("name",), "unknown key: the file's name is the calibration's"))
    given |= {key: value for key, value in changes.items() if value is not None}
    try:
        plan = Plan.model_validate({**given, "name": source.name})
    except ValidationError as error:
        raise ExperimentError([*problems, *problems_of(error, layer, ())]) from None
    if problems:
        raise ExperimentError(problems)
    return plan


class _Reader:
    """Reads what a plan names, and gathers what is wrong with it."""

    def __init__(self, plan: Plan, layer: Layer, source: Source) -> None:
        self.plan, self.layer, self.source = plan, layer, source
        self.problems: list[Problem] = []

    def case(self, text: str) -> Case | None:
        worlds: dict[str, Scenario] = {}
        named: list[tuple[PathKey, str]] = [(("scenario",), self.plan.scenario)]
        named += [(("codings", number), name) for number, name in enumerate(self.plan.codings)]
        for path, name in named:
            world = self._world(path, name)
            if world is None:
                continue
            if world.name in worlds:
                self._complain(path, f"two scenarios are called {shorten(world.name)}")
            self._check_free(world)
            worlds[world.name] = world
        observed = self._observed()
        if self.problems or observed is None:
            return None
        postures = code_postures(observed)
        self._check_periods(postures)
        self._check_names(postures)
        case = Case(self.plan, worlds, observed, postures, text)
        for world in worlds.values():
            try:
                Match.of(world, postures)
            except MatchError as error:
                self._complain(("observed",), str(error))
        return case

    def _complain(self, path: PathKey, message: str, hint: str | None = None) -> None:
        self.problems.append(self.layer.problem(path, message, hint))

    def _world(self, path: PathKey, name: str) -> Scenario | None:
        found = sources.find_beside(name, self.source)
        if found is None:
            message = f"no scenario {shorten(name)} beside this file or among the shipped ones"
            self._complain(path, message, nearest(name, sources.names()))
            return None
        try:
            handle = found.handle if isinstance(found.handle, Path) and not found.shipped else found.name
            world = scenarios.load(handle, self.plan.settings)
        except ScenarioError as error:
            self.problems += error.problems
            return None
        if world.mode != "replay":
            self._complain(path, f"expected a replay, got {world.name}, which is {world.mode}")
            return None
        return world

    def _check_free(self, world: Scenario) -> None:
        parameters = type(world.parameters).model_fields
        for number, path in enumerate(self.plan.paths):
            section, _, name = path.partition(".")
            if section != "parameters" or name not in parameters:
                message = f"no parameter {shorten(self.plan.free[number])}"
                self._complain(("free", number), message, nearest(name, parameters))
            elif getattr(world.parameters, name).prior is None:
                self._complain(("free", number), f"the parameter {name} has no prior in {world.name}")

    def _observed(self) -> Observed | None:
        name = self.plan.observed
        try:
            if sources.looks_like_path(name) and isinstance(self.source.handle, Path):
                return observations.load(self.source.handle.parent / name)
            return observations.load(name)
        except ScenarioError as error:
            self.problems += error.problems
            return None

    def _check_names(self, postures: Postures) -> None:
        named: list[tuple[PathKey, str]] = [(("apart", n), name) for n, name in enumerate(self.plan.apart)]
        named += [(("expectations", n, "client"), one.client) for n, one in enumerate(self.plan.expectations)]
        for path, name in named:
            if name not in postures.clients:
                self._complain(path, f"no client {shorten(name)} was observed", nearest(name, postures.clients))
        for number, one in enumerate(self.plan.expectations):
            if one.at is not None and one.at not in postures.periods:
                self._complain(("expectations", number, "at"), f"{one.at} was not observed")

    def _check_periods(self, postures: Postures) -> None:
        for key, span in (("training", self.plan.training), ("testing", self.plan.testing)):
            for end in ("first", "last"):
                period = getattr(span, end)
                if period not in postures.periods:
                    observed = f"{postures.periods[0]} to {postures.periods[-1]}"
                    self._complain((key, end), f"{period} was not observed; observations run {observed}")
