"""Make a pooled calibration of a file: read it, check it with every scenario and the observations it names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger.experiments.design.plan_files import plan_of
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.calibration import NO_STEP
from papertiger.experiments.history.calibrate.loader import ProblemReader, find_plan
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import Plan, Span
from papertiger.experiments.history.calibrate.problem import CalibrationProblem, trained_steps
from papertiger.experiments.history.observed.coding import code_postures
from papertiger.experiments.history.observed.periods import following
from papertiger.experiments.history.pooled.cases import cases_of
from papertiger.experiments.history.pooled.plan import PooledPlan
from papertiger.experiments.history.pooled.problem import PooledProblem
from papertiger.scenarios import observed as observations
from papertiger.scenarios.errors import PathKey, Problem, ScenarioError, shorten
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.experiments.history.observed.coding import Postures
    from papertiger.scenarios.reading.sources import Source


def plan_of_file(name_or_path: str | Path) -> PooledPlan:
    """Return the plan of a pooled calibration alone, before what it names is looked at.

    Parameters
    ----------
    name_or_path
        The name of a shipped calibration, or the path of a file.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    source = find_plan(name_or_path)
    try:
        layer = read_layer(source.read(MAX_BYTES), source.label, what="a calibration")
        return plan_of(PooledPlan, layer, source.name, "calibration", {})
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None


def is_pooled(name_or_path: str | Path) -> bool:
    """Tell whether a calibration fits several patrons together."""
    try:
        source = find_plan(name_or_path)
        return "patrons" in read_layer(source.read(MAX_BYTES), source.label, what="a calibration").data
    except (ExperimentError, ScenarioError):
        return False  # whoever reads it will say what is wrong


def load_pooled(name_or_path: str | Path, case_folder: Path | None = None, **changes: Any) -> PooledProblem:
    """Return a pooled calibration, checked together with all that it names.

    Parameters
    ----------
    name_or_path
        The name of a shipped calibration, or the path of a file.
    case_folder
        Of the cases that the plan asks for, as `papertiger.experiments.history.pooled.cases.make_cases`
        leaves them.
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
        text = data.decode("utf-8-sig")
        layer = read_layer(data, source.label, what="a calibration")
        plan = plan_of(PooledPlan, layer, source.name, "calibration", changes)
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    parts, problems = {}, _of_plan(plan, layer)
    places = cases_of(plan, case_folder)
    problems += [
        layer.problem(("patrons", name, "from_data"), "made from data sets on disk; say with --data where they lie")
        for name, patron in plan.patrons.items()
        if patron.from_data is not None and name not in places
    ]
    if problems:
        raise ExperimentError(problems)
    for name in plan.patrons:
        reader = _PatronReader(plan, name, layer, source, places)
        part = reader.problem(text)
        problems += reader.problems
        if part is not None:
            parts[name] = part
    if not problems:
        problems += _of_priors(plan, parts, layer)
    if problems:
        raise ExperimentError(list(dict.fromkeys(problems)))
    return PooledProblem(plan, parts, text)


def _of_plan(plan: PooledPlan, layer: Layer) -> list[Problem]:
    """Return what is wrong with the plan by itself."""
    fixed = [path for path in plan.paths if path not in MODELS[plan.model].free(plan.paths)]
    problems = [
        layer.problem(("model",), f"{plan.model} fixes {path.partition('.')[2]}, which is to be learned here")
        for path in fixed
    ]
    for name, pool in plan.pooled.items():
        scale: PathKey = ("pooled", name, "scale")
        slab = pool.scale.distribution
        if slab is None:
            problems.append(layer.problem(scale, "expected a distribution, perhaps with 'zero' beside it"))
        elif slab.family not in ("normal", "lognormal") and slab.reach()[0] < 0.0:
            message = f"expected a distribution of numbers from 0 on, got {slab.family} {list(slab.numbers)}"
            problems.append(layer.problem(scale, message))
        elif slab.family == "normal" and slab.numbers[0] < 0.0:
            problems.append(layer.problem(scale, f"expected a middle of at least 0, got {slab.numbers[0]:g}"))
    return problems


def _of_priors(plan: PooledPlan, parts: dict[str, CalibrationProblem], layer: Layer) -> list[Problem]:
    """Return every parameter whose prior is another one in another patron's scenario."""
    problems, (first, *rest) = [], list(parts)
    for path in plan.paths:
        key = path.partition(".")[2]
        wanted = getattr(parts[first].scenario.parameters, key).prior
        for name in rest:
            if getattr(parts[name].scenario.parameters, key).prior != wanted:
                message = (
                    f"the prior of {key} is another one in {parts[name].scenario.name} than in "
                    f"{parts[first].scenario.name}; say under 'priors' which holds for all"
                )
                problems.append(layer.problem(("patrons", name, "scenario"), message))
    return problems


class _PatronReader(ProblemReader):
    """Read what a pooled plan names for one patron; mistakes are told where that plan has them."""

    def __init__(
        self, pooled: PooledPlan, name: str, layer: Layer, source: Source, places: Mapping[str, tuple[Path, Path]]
    ) -> None:
        patron = pooled.patrons[name]
        scenario, observed = map(str, places.get(name, (patron.scenario, patron.observed)))
        after = following(patron.training.last)
        self.pooled, self.root = pooled, ("patrons", name)
        super().__init__(
            Plan.model_construct(
                name=f"{pooled.name}, {name}",
                title=pooled.title,
                description=pooled.description,
                scenario=scenario,
                observed=observed,
                measurement=patron.measurement,
                training=patron.training,
                testing=Span.model_construct(first=after, last=after),
                free=(*pooled.shared, *pooled.own, *pooled.pooled),
                settings={**pooled.settings, **patron.settings},
                priors=pooled.priors,
                models=(pooled.model,),
                seed=pooled.seed,
            ),
            layer,
            source,
        )

    def problem(self, text: str) -> CalibrationProblem | None:
        """Return the calibration of one patron by itself, or None where something is wrong."""
        world = self._world(("scenario",), self.plan.scenario)
        if world is not None:
            self._check_free(world)
            self._check_drawn(("scenario",), world, self.plan.paths)
        observed = self.observed(self.plan.observed, observations.load, (*self.root, "observed"))
        if self.problems or observed is None or world is None:
            return None
        postures = code_postures(observed)
        self._check_measurement(observed)
        self._check_training(postures)
        problem = CalibrationProblem(self.plan, {world.name: world}, observed, postures, text)
        self._check_match(world, postures)
        self._check_falls(world, observed)
        if not self.problems:
            match = problem.match(self.pooled.model)
            if not trained_steps(match, problem).any():
                span = f"no period after {self.plan.training.first} and up to {self.plan.training.last}"
                self.complain(("training",), f"{span} counts: the first is only a start, and else {NO_STEP}")
        return None if self.problems else problem

    def scenario_file(self, path: PathKey, name: str) -> str | Path | None:
        """Return what `scenarios.load` knows a scenario by; a case lies in a folder of its own."""
        return (
            Path(name)
            if self.pooled.patrons[self.root[1]].from_data is not None
            else super().scenario_file(path, name)
        )

    def complain(self, path: PathKey, message: str, hint: str | None = None) -> None:
        """Note a mistake at the key of the pooled plan."""
        super().complain(self._there(path), message, hint)

    def _there(self, path: PathKey) -> PathKey:
        key = next(iter(path), "")
        if key == "free":
            return self._place_of(int(path[1]))
        if key == "settings" and len(path) > 1 and path[1] not in self.pooled.patrons[self.root[1]].settings:
            return path
        return path if key == "priors" else (*self.root, *path)

    def _place_of(self, number: int) -> PathKey:
        """Return where the plan names its parameter of that number."""
        for key, names in (("shared", self.pooled.shared), ("own", self.pooled.own)):
            if number < len(names):
                return (key, number)
            number -= len(names)
        return ("pooled", list(self.pooled.pooled)[number])

    def _at_its_setting(self, problem: Problem, section: PathKey) -> Problem:
        for place in ((*self.root, *section), section):
            told = super()._at_its_setting(problem, place)
            if told.key != ".".join(map(str, place)):
                return told
        return told

    def _check_training(self, postures: Postures) -> None:
        for end in ("first", "last"):
            period = getattr(self.plan.training, end)
            if period not in postures.periods:
                observed = f"{postures.periods[0]} to {postures.periods[-1]}"
                message = f"{shorten(period)} was not observed; observations run {observed}"
                self.complain(("training", end), message)
