"""Make a calibration of a file: read it, check it with the scenario and the observations it names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger import scenarios
from papertiger.experiments.design.plan_files import PlanReader, handle_of, plan_of
from papertiger.experiments.design.sources import CALIBRATIONS, find_in
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.calibration import NO_STEP
from papertiger.experiments.history.calibrate.likelihood import Match, MatchError
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import FULL, Plan, Variant, paths_of
from papertiger.experiments.history.calibrate.problem import CalibrationProblem, tested_steps, trained_steps
from papertiger.experiments.history.forecast.declaration import objections
from papertiger.experiments.history.observed.coding import code_postures
from papertiger.experiments.history.observed.periods import last_month
from papertiger.model.ensemble.exact import EXACT
from papertiger.model.template import Template
from papertiger.scenarios import observed as observations
from papertiger.scenarios.errors import PathKey, Problem, ScenarioError, listing, nearest, shorten
from papertiger.scenarios.reading.overrides import SETTINGS
from papertiger.scenarios.reading.sources import SCENARIOS, Source
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.experiments.history.observed.coding import Postures
    from papertiger.scenarios.observed import Observed
    from papertiger.scenarios.schema.scenario import Scenario

MAX_NAMED = 5


NO_PART = (
    "name",
    "title",
    "description",
    "testing",
    "apart",
    "variants",
    "expectations",
    "record",
    "patterns",
    "forecast",
    "draws",
)
"""What a plan may change without its points being others."""


def plan_names() -> list[str]:
    """Return the names of the shipped calibrations, sorted."""
    return CALIBRATIONS.names()


def find_plan(name_or_path: str | Path) -> Source:
    """Return the file of a calibration; see `find_in`."""
    return find_in(CALIBRATIONS, name_or_path)


def load_problem(name_or_path: str | Path, **changes: Any) -> CalibrationProblem:
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
        data = source.read(MAX_BYTES)
        layer = read_layer(data, source.label, what="a calibration")
        if "patrons" in layer.data:
            message = "this calibration fits several patrons together, which 'papertiger calibrate' alone can do"
            raise ExperimentError([layer.problem(("patrons",), message)])
        plan = plan_of(Plan, layer, source.name, "calibration", changes)
        reader = ProblemReader(plan, layer, source)
        problem = reader.problem(data.decode("utf-8-sig"))
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    if reader.problems or problem is None:
        raise ExperimentError(reader.problems)
    return problem


class ProblemReader(PlanReader):
    """Read what a plan names, and gather what is wrong with it.

    Parameters
    ----------
    plan
        The calibration.
    layer, source
        What its file says, and the file.
    """

    def __init__(self, plan: Plan, layer: Layer, source: Source) -> None:
        super().__init__(layer, source)
        self.plan = plan

    def problem(self, text: str) -> CalibrationProblem | None:
        """Return the problem, or None where something is wrong.

        Parameters
        ----------
        text
            Of the file.
        """
        worlds: dict[str, Scenario] = {}
        named: list[tuple[PathKey, str]] = [(("scenario",), self.plan.scenario)]
        named += [(("codings", number), name) for number, name in enumerate(self.plan.codings)]
        for path, name in named:
            world = self._world(path, name)
            if world is None:
                continue
            if world.name in worlds:
                self.complain(path, f"two scenarios are called {shorten(world.name)}")
            self._check_free(world)
            self._check_drawn(path, world, self.plan.paths)
            worlds[world.name] = world
        self._check_apart()
        self._check_models()
        self._check_variants(worlds)
        self._check_forecast(worlds)
        observed = self.observed(self.plan.observed, observations.load)
        if self.problems or observed is None:
            return None
        postures = code_postures(observed)
        self._check_measurement(observed)
        self._check_periods(postures)
        self._check_names(postures)
        own = SCENARIOS.find_beside(self.plan.scenario, self.source)
        problem = CalibrationProblem(
            self.plan, worlds, observed, postures, text, "" if own is None else handle_of(own)
        )
        for world in worlds.values():
            self._check_match(world, postures)
            self._check_falls(world, observed)
        if not self.problems:
            self._check_steps(problem)
            self._check_variant_spans(problem)
        return problem

    def _check_match(self, world: Scenario, postures: Postures) -> None:
        """Complain of observations that do not fit the scenario, or that its clients could never come to."""
        try:
            beyond = Match.of(world, postures).above_ceiling()
        except MatchError as error:
            self.complain(("observed",), str(error))
            return
        if beyond is not None and self.plan.measurement == "rule":
            message = (
                f"{beyond[0]} was seen beyond distancing in {beyond[1]}, and {world.name} knows no defence pact of "
                "it; if the rule codes such clients so far, too, its key 'ceiling' says 'none'"
            )
            self.complain(("observed",), message)

    def _check_falls(self, world: Scenario, observed: Observed) -> None:
        """Complain of each fall of a regime that is to be scored and that the scenario does not know."""
        for name, what in Match.unexplained(world, observed):
            message = f"{name}: {what}, which is to be scored, and {world.name} has no regime_loss of it then"
            self.complain(("observed",), message)

    def _world(self, path: PathKey, name: str) -> Scenario | None:
        file = self.scenario_file(path, name)
        if file is None:
            return None
        try:
            world = scenarios.load(file, self.plan.all_settings, door=SETTINGS)
        except ScenarioError as error:
            self.problems += [self._at_its_setting(problem, ("settings",)) for problem in error.problems]
            return None
        if (objection := _objection_to(world)) is not None:
            self.complain(path, objection)
            return None
        return world

    def _at_its_setting(self, problem: Problem, section: PathKey) -> Problem:
        """Return what is wrong with a setting at the place where the plan has it."""
        if problem.file != SETTINGS:
            return problem
        # A short name means a parameter, and what is wrong may lie beneath what was set.
        meant = next(
            (
                path
                for path in self.layer.places
                if path[:-1] in (section, ("priors",))
                and f"{problem.key}.".startswith((f"{path[-1]}.", f"{_in_full(path[-1])}."))
            ),
            None,
        )
        if meant is None:
            message = f"{problem.key}: {problem.message}" if problem.key else problem.message
            return self.layer.problem(section, message, problem.hint)
        return self.layer.problem(meant, problem.message, problem.hint)

    def _check_free(self, world: Scenario) -> None:
        for number, path in enumerate(self.plan.paths):
            self._check_parameter(("free", number), self.plan.free[number], path, world)
        self._check_settings(("settings",), self.plan.settings, self.plan.paths)

    def _check_settings(self, section: PathKey, settings: Mapping[str, Any], free: tuple[str, ...]) -> None:
        for key, value in settings.items():
            path = _in_full(key)
            if path in EXACT:
                self.complain((*section, key), f"{key} is 0 in an exact replay, whatever is set here")
            elif path in free and not isinstance(value, dict):
                self.complain((*section, key), f"{key} is free, so that a number set here has no effect")

    def _check_parameter(self, where: PathKey, name: str, path: str, world: Scenario) -> None:
        parameters = type(world.parameters).model_fields
        section, _, key = path.partition(".")
        if section != "parameters" or key not in parameters:
            self.complain(where, f"no parameter {shorten(name)}", nearest(name, parameters))
        elif path in EXACT:
            self.complain(where, f"the parameter {key} is 0 in an exact replay, so that it cannot be free")
        elif getattr(world.parameters, key).prior is None:
            self.complain(where, f"the parameter {key} has no prior in {world.name}")
        for said, prior in self.plan.priors.items():
            if paths_of((said,))[0] == path and prior.zero > 0.0:
                self._check_zero(("priors", said, "zero"), key, path, world)

    def _check_zero(self, where: PathKey, key: str, path: str, world: Scenario) -> None:
        """Refuse mass at zero for a parameter that cannot be 0."""
        try:
            scenarios.change(world, {path: 0.0})
        except ScenarioError as error:
            message = error.problems[0].message
            self.complain(where, f"the parameter {key} cannot be 0, so that its prior has no mass there: {message}")

    def _check_drawn(self, where: PathKey, world: Scenario, free: tuple[str, ...]) -> None:
        """Refuse a scenario with figures that are drawn in every run: its chain is not exact."""
        drawn = sorted(Template(MODELS[FULL].build(world)).drawn - set(free))
        if drawn:
            message = f"{world.name} draws {listing(drawn[:MAX_NAMED])} anew in every run; give a value to each"
            self.complain(where, message)

    def _check_apart(self) -> None:
        for number, name in enumerate(self.plan.apart):
            if name in self.plan.apart[:number]:
                self.complain(("apart", number), f"{shorten(name)} is named twice")

    def _check_steps(self, problem: CalibrationProblem) -> None:
        """Refuse spans in which nothing can be learned, or nothing be scored, of any client."""
        match = problem.match(self.plan.models[0])
        if not trained_steps(match, problem).any():
            span = f"no half-year after {self.plan.training.first} and up to {self.plan.training.last}"
            self.complain(("training",), f"{span} counts: the first is only a start, and else {NO_STEP}")
        tested = tested_steps(match, problem)
        if not tested.any():
            span = f"{self.plan.testing.first} to {self.plan.testing.last}"
            self.complain(("testing",), f"nothing to score from {span}: {NO_STEP}")
        elif (
            self.plan.apart and not tested[:, [name not in self.plan.apart for name in match.postures.clients]].any()
        ):
            self.complain(("apart",), "expected at least one client that is scored to be left")

    def _check_forecast(self, worlds: Mapping[str, Scenario]) -> None:
        declared = self.plan.forecast
        if declared is None:
            return
        for path, message, hint in objections(declared):
            self.complain(("forecast", *path), message, hint)
        for world in list(worlds.values())[:1]:
            if last_month(declared.last) > world.span.end:
                self.complain(
                    ("forecast", "last"), f"{world.name} ends with {world.span.end}, before {declared.last} does"
                )

    def _check_models(self) -> None:
        for number, name in enumerate(self.plan.models):
            if not MODELS[name].free(self.plan.paths):
                self.complain(("models", number), f"{name} fixes every parameter that is free here")

    def _check_variants(self, worlds: Mapping[str, Scenario]) -> None:
        for name, variant in self.plan.variants.items():
            where: PathKey = ("variants", name)
            if variant.model not in MODELS:
                message = f"no model {shorten(variant.model)}, expected one of {listing(MODELS)}"
                self.complain((*where, "model"), message, nearest(variant.model, MODELS))
            elif not MODELS[variant.model].free(paths_of(variant.free or self.plan.free)):
                self.complain(where, f"{variant.model} fixes every parameter that is free here")
            if len(set(paths_of(variant.free))) != len(variant.free):
                self.complain((*where, "free"), "expected names that differ, got one twice")
            self._check_settings((*where, "settings"), variant.settings, paths_of(variant.free or self.plan.free))
            for world in list(worlds.values())[:1]:
                for number, path in enumerate(paths_of(variant.free)):
                    self._check_parameter((*where, "free", number), variant.free[number], path, world)
                self._check_variant_world((*where, "settings"), variant, world)

    def _check_variant_world(self, section: PathKey, variant: Variant, world: Scenario) -> None:
        try:
            changed = scenarios.change(world, variant.settings, door=SETTINGS)
        except ScenarioError as error:
            self.problems += [self._at_its_setting(problem, section) for problem in error.problems]
            return
        if (objection := _objection_to(changed)) is not None:
            self.complain(section, objection)
        elif variant.model in MODELS:
            self._check_drawn(section, changed, paths_of(variant.free or self.plan.free))

    def _check_variant_spans(self, problem: CalibrationProblem) -> None:
        for name, variant in self.plan.variants.items():
            try:
                Match.of(scenarios.change(problem.scenario, variant.settings), problem.postures)
            except MatchError as error:
                self.complain(("variants", name, "settings"), str(error))

    def _check_names(self, postures: Postures) -> None:
        named: list[tuple[PathKey, str]] = [(("apart", n), name) for n, name in enumerate(self.plan.apart)]
        named += [(("expectations", n, "client"), one.client) for n, one in enumerate(self.plan.expectations)]
        for path, name in named:
            if name not in postures.clients:
                self.complain(path, f"no client {shorten(name)} was observed", nearest(name, postures.clients))
        for number, one in enumerate(self.plan.expectations):
            if one.at is not None and one.at not in postures.periods:
                self.complain(("expectations", number, "at"), f"{one.at} was not observed")

    def _check_measurement(self, observed: Observed) -> None:
        if self.plan.measurement == "readings" and not observed.readings:
            message = f"{observed.name} gives no readings; its key 'readings' would say how postures are read"
            self.complain(("measurement",), message)

    def _check_periods(self, postures: Postures) -> None:
        for key, span in (("training", self.plan.training), ("testing", self.plan.testing)):
            for end in ("first", "last"):
                period = getattr(span, end)
                if period not in postures.periods:
                    observed = f"{postures.periods[0]} to {postures.periods[-1]}"
                    self.complain((key, end), f"{period} was not observed; observations run {observed}")


def _objection_to(world: Scenario) -> str | None:
    """Return why the likelihood of a scenario would not be exact, as far as its mode goes."""
    if world.mode != "replay":
        return f"expected a replay, got {world.name}, which is {world.mode}"
    if world.generative_from is not None:
        return f"expected a replay, got {world.name}, which is generative from {world.generative_from} on"
    return None


def _in_full(key: str | int) -> str:
    return paths_of((str(key),))[0]
