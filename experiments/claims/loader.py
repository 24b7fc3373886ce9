"""Make claims of a file: read it, check it with the scenarios it names, and report all mistakes at once."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from papertiger.experiments.claims.measures import MEASURES
from papertiger.experiments.claims.schema import Claims
from papertiger.experiments.claims.worlds import scenario_of, twin_of
from papertiger.experiments.design.sources import find_in
from papertiger.experiments.errors import ExperimentError
from papertiger.model.template import Template
from papertiger.scenarios import posteriors
from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.errors import MAX_SOUGHT, PathKey, Problem, ScenarioError, listing, nearest, shorten
from papertiger.scenarios.reading.schema_messages import problems_of
from papertiger.scenarios.reading.shapes import Shape, shape_within
from papertiger.scenarios.reading.sources import SCENARIOS, Library
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer

if TYPE_CHECKING:
    from papertiger.experiments.claims.schema import Claim, Effect, Twin
    from papertiger.scenarios.schema.scenario import Scenario

CLAIMS = Library("file of claims", "experiments", "claims")
SHIPPED = "claims"


def load_claims(name_or_path: str | Path = SHIPPED) -> Claims:
    """Return claims, checked together with the scenarios they name.

    Parameters
    ----------
    name_or_path
        The name of the shipped file, or the path of anyone's.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    source = find_in(CLAIMS, name_or_path)
    try:
        layer = read_layer(source.read(MAX_BYTES), source.label, what="a file of claims", shipped=source.shipped)
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    problems = list(layer.problems)
    if "name" in layer.data:
        problems.append(layer.problem(("name",), "the file's name says this; leave this key out"))
    try:
        claims = Claims.model_validate({**layer.data, "name": source.name})
    except ValidationError as error:
        root = Shape(Claims)
        problems += problems_of(error, layer, (), lambda path: shape_within(root, path))
    else:
        problems += islice(_Checker(layer).check(claims), MAX_SOUGHT)
        if not problems:
            return claims
    raise ExperimentError(sorted(dict.fromkeys(problems), key=lambda one: (one.line or 0, one.key)))


@dataclass
class _Checker:
    """Check what a schema cannot say: that scenarios, events, clients and months are there, and values hold."""

    layer: Layer
    worlds: dict[str, Scenario | None] = field(default_factory=dict)

    def check(self, claims: Claims) -> Iterator[Problem]:
        """Yield what is wrong."""
        units = {kind.unit for kind in MEASURES.values()}
        yield from (
            self._name(("smallest", unit), unit, units, "unit") for unit in claims.smallest if unit not in units
        )
        missing = sorted(units - set(claims.smallest))
        if missing:
            yield self.layer.problem(("smallest",), f"missing unit {listing(missing)}")
        if claims.learned is not None and claims.learned not in posteriors.names():
            message = f"no shipped draws {shorten(claims.learned)}, expected one of {listing(posteriors.names())}"
            yield self.layer.problem(("learned",), message, nearest(claims.learned, posteriors.names()))
        for key, claim in claims.claims.items():
            path: PathKey = ("claims", key)
            for number, article in enumerate(claim.articles):
                if article not in claims.articles:
                    yield self._name((*path, "articles", number), article, claims.articles, "article")
            if claim.scenario is not None:
                yield from self._claim(path, claim)

    def _name(self, path: PathKey, name: str, known: Any, what: str) -> Problem:
        message = f"no {what} {shorten(name)}, expected one of {listing(known)}"
        return self.layer.problem(path, message, nearest(name, known))

    def _claim(self, path: PathKey, claim: Claim) -> Iterator[Problem]:
        if claim.scenario is None or claim.twin is None or claim.mechanism is None:
            return
        base = yield from self._world((*path, "scenario"), claim.scenario)
        shipped = base
        if claim.twin.scenario is not None:
            shipped = yield from self._world((*path, "twin", "scenario"), claim.twin.scenario)
        if base is None or shipped is None:
            return
        problems = list(self._twin((*path, "twin"), shipped, claim.twin))
        problems += self._values((*path, "mechanism", "off"), base, claim.mechanism.off)
        yield from problems
        for number, effect in enumerate(claim.effects):
            yield from self._effect((*path, "effects", number), base, effect)

    def _world(self, path: PathKey, name: str) -> Generator[Problem, None, Scenario | None]:
        """Yield what is wrong with a name of a scenario; return the scenario, or None."""
        if name not in self.worlds:
            self.worlds[name] = None
            known = SCENARIOS.names()
            if name not in known:
                message = f"no shipped scenario {shorten(name)}"
                yield self.layer.problem(path, message, nearest(name, known))
            else:
                self.worlds[name] = scenario_of(name)
        return self.worlds[name]

    def _twin(self, path: PathKey, base: Scenario, twin: Twin) -> Iterator[Problem]:
        unknown = [(number, name) for number, name in enumerate(twin.remove) if name not in base.events]
        for number, name in unknown:
            message = f"no event {shorten(name)} in the scenario {base.name}"
            yield self.layer.problem((*path, "remove", number), message, nearest(name, base.events))
        for name in twin.events:
            if name in base.events:
                message = f"the scenario {base.name} has an event of this name already"
                yield self.layer.problem((*path, "events", name), message)
        if unknown:
            return
        try:
            twin_of(base.name, twin)
        except ScenarioError as error:
            yield from (self._placed(path, one, twin) for one in error.problems)

    def _values(self, path: PathKey, base: Scenario, values: Mapping[str, float]) -> Iterator[Problem]:
        names = Template(base).names
        for key, value in values.items():
            try:
                names.numbers({key: value}, "")
            except ScenarioError as error:
                yield from (self.layer.problem((*path, key), one.message, one.hint) for one in error.problems)

    def _placed(self, path: PathKey, problem: Problem, twin: Twin) -> Problem:
        """Return a problem of a changed scenario, at the line of the file of claims that made the change."""
        for key in twin.set:
            if problem.key == key or problem.key.endswith(f".{key}") or problem.key.startswith(f"{key}."):
                return self.layer.problem((*path, "set", key), problem.message, problem.hint)
        for name in twin.events:
            if problem.key.startswith(f"events.{name}"):
                rest = tuple(problem.key.removeprefix(f"events.{name}").strip(".").split("."))
                return self.layer.problem((*path, "events", name, *filter(None, rest)), problem.message, problem.hint)
        return self.layer.problem(path, f"{problem.key}: {problem.message}", problem.hint)

    def _effect(self, path: PathKey, base: Scenario, effect: Effect) -> Iterator[Problem]:
        kind = MEASURES[effect.measure]
        for number, name in enumerate(effect.clients):
            if name not in bonds_of(base):
                message = f"no client {shorten(name)} in the scenario {base.name}"
                yield self.layer.problem((*path, "clients", number), message, nearest(name, bonds_of(base)))
        for number, name in enumerate(effect.without):
            if name not in bonds_of(base):
                message = f"no client {shorten(name)} in the scenario {base.name}"
                yield self.layer.problem((*path, "without", number), message, nearest(name, bonds_of(base)))
        if (effect.clients or effect.without) and not kind.by_client:
            message = f"'{effect.measure}' is the patron's and has no clients; leave this key out"
            yield self.layer.problem((*path, "clients" if effect.clients else "without"), message)
        if effect.rival is not None:
            if effect.measure != "realigned":
                message = "expected for the measure 'realigned' alone; leave this key out"
                yield self.layer.problem((*path, "rival"), message)
            elif effect.rival not in base.rivals:
                yield self._name((*path, "rival"), effect.rival, base.rivals, "rival")
        for key in ("start", "end"):
            month = getattr(effect, key)
            if not base.span.start <= month <= base.span.end:
                span = f"{base.span.start} to {base.span.end}"
                message = f"{month} is outside the span of {base.name}, {span}"
                yield self.layer.problem((*path, key), message)
