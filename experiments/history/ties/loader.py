"""Make a study of ties of a file: read it, and check it with the scenario and the shares it names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger import scenarios
from papertiger.experiments.design.plan_files import PlanReader, plan_of
from papertiger.experiments.design.sources import TIE_STUDIES, find_in
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.ties.paths import DrawnError, TiePaths, replayed
from papertiger.experiments.history.ties.plan import TiePlan
from papertiger.experiments.history.ties.readings import Readings
from papertiger.experiments.run.manifest import hash_of
from papertiger.experiments.run.provenance import model_hash, scenario_hash
from papertiger.model.ensemble.exact import EXACT
from papertiger.scenarios import observed as observations
from papertiger.scenarios.errors import PathKey, ScenarioError, nearest, shorten
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer

if TYPE_CHECKING:
    from papertiger.scenarios.observed import Ties
    from papertiger.scenarios.reading.sources import Source
    from papertiger.scenarios.schema.scenario import Scenario


@dataclass(frozen=True)
class TieProblem:
    """Hold a study of ties with what it names.

    Attributes
    ----------
    plan
        The file.
    scenario
        The replay, as `papertiger.experiments.history.ties.paths.replayed` makes it.
    ties
        The file of shares.
    readings
        Its shares of the scenario's clients.
    """

    plan: TiePlan
    scenario: Scenario
    ties: Ties
    readings: Readings

    @cached_property
    def fingerprint(self) -> str:
        """Hash what decides what is learned: plan, scenario, the model's code, and shares up to the training's end.

        No share of a later year is in it, so that it can be written down before anything is scored.
        """
        last = self.plan.training.last
        known = {
            name: {
                "client": series.client,
                "of": series.of,
                "years": {year: [one.share, one.volume] for year, one in series.years.items() if int(year) <= last},
            }
            for name, series in self.ties.series.items()
        }
        plan = self.plan.model_dump(mode="json", exclude={"name", "title", "description"})
        content = {"plan": plan, "shares": known, "scenario": scenario_hash(self.scenario), "model": model_hash()}
        return hash_of(content)


def study_names() -> list[str]:
    """Return the names of the shipped studies of ties, sorted."""
    return TIE_STUDIES.names()


def load_ties_study(name_or_path: str | Path, **changes: Any) -> TieProblem:
    """Return a study of ties, checked together with all that it names.

    Parameters
    ----------
    name_or_path
        The name of a shipped study, or the path of a file.
    changes
        What takes the place of keys of the file, such as ``points``.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    source = find_in(TIE_STUDIES, name_or_path)
    try:
        layer = read_layer(source.read(MAX_BYTES), source.label, what="a study of ties")
        plan = plan_of(TiePlan, layer, source.name, "study", changes)
        reader = _Reader(plan, layer, source)
        problem = reader.problem()
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    if reader.problems or problem is None:
        raise ExperimentError(reader.problems)
    return problem


class _Reader(PlanReader):
    """Read what a plan names, and gather what is wrong with it."""

    def __init__(self, plan: TiePlan, layer: Layer, source: Source) -> None:
        super().__init__(layer, source)
        self.plan = plan

    def problem(self) -> TieProblem | None:
        world, ties = self._world(), self.observed(self.plan.observed, observations.load_ties)
        if world is None or ties is None:
            return None
        self._check_parameters(world)
        self._check_clients(world, ties)
        if self.problems:
            return None
        problem = TieProblem(self.plan, world, ties, Readings.of(ties, world))
        self._check_years(problem)
        return problem

    def _world(self) -> Scenario | None:
        file = self.scenario_file(("scenario",), self.plan.scenario)
        if file is None:
            return None
        try:
            world = replayed(scenarios.load(file))
            TiePaths(world).check_drawn({*self.plan.paths, self.plan.trust_path})
        except ScenarioError as error:
            self.problems += error.problems
        except DrawnError as error:
            self.complain(("scenario",), str(error))
        else:
            return world
        return None

    def _check_parameters(self, world: Scenario) -> None:
        parameters = type(world.parameters).model_fields
        named: list[tuple[PathKey, str]] = [(("free", n), path) for n, path in enumerate(self.plan.paths)]
        for where, path in (*named, (("trust",), self.plan.trust_path)):
            section, _, key = path.partition(".")
            if section != "parameters" or key not in parameters:
                self.complain(where, f"no parameter {shorten(key or section)}", nearest(key, parameters))
            elif path in EXACT:
                self.complain(where, f"the parameter {key} is 0 in an exact replay, so that it cannot be free")
            elif getattr(world.parameters, key).prior is None:
                self.complain(where, f"the parameter {key} has no prior in {world.name}")

    def _check_clients(self, world: Scenario, ties: Ties) -> None:
        for name, series in ties.series.items():
            if series.client not in world.clients:
                message = f"{ties.name} has shares of {shorten(series.client)} ({name}), no client of {world.name}"
                self.complain(("observed",), message, nearest(series.client, world.clients))

    def _check_years(self, problem: TieProblem) -> None:
        plan, readings = self.plan, problem.readings
        for key, years in (("training", plan.training), ("testing", plan.testing)):
            if not readings.of_years(years.first, years.last).any():
                span = problem.scenario.span
                message = (
                    f"no share of {years.first} to {years.last} counts: {problem.ties.name} has none, or no client "
                    f"is in {problem.scenario.name} ({span.start} to {span.end}) for its whole year"
                )
                self.complain((key,), message)
