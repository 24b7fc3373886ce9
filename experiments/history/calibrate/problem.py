"""Define the problem of a calibration: what is learned, from which steps, under which scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.history.calibrate.likelihood import Match
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import Plan, paths_of
from papertiger.experiments.history.calibrate.priors import with_zero
from papertiger.experiments.history.observed.readings import readings_of
from papertiger.experiments.run.manifest import hash_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.priors import AnyPrior
    from papertiger.experiments.history.observed.coding import Postures
    from papertiger.scenarios.observed import Observed
    from papertiger.scenarios.schema.figures import Figure
    from papertiger.scenarios.schema.scenario import Scenario


def trained_steps(match: Match, problem: CalibrationProblem) -> NDArray[np.bool_]:
    """Return which steps the parameters are learned from, P x N."""
    plan, periods = problem.plan, match.postures.periods
    inside = np.array([plan.training.first < period <= plan.training.last for period in periods])
    return np.asarray(match.scored & inside[:, None])


def tested_steps(match: Match, problem: CalibrationProblem) -> NDArray[np.bool_]:
    """Return which steps forecasts are scored on, P x N: of clients that were seen before the test."""
    plan, periods = problem.plan, match.postures.periods
    inside = np.array([plan.testing.first <= period <= plan.testing.last for period in periods])
    tested = np.asarray(match.scored & inside[:, None])
    if match.postures.gaps is not None:
        # A client that nobody had seen when the forecast is made cannot be forecast from there.
        tested &= match.postures.last_seen(int(inside.argmax()) - 1) >= 0
    return tested


FINENESS = ("sequences", "points", "seed")


@dataclass(frozen=True)
class CalibrationProblem:
    """Hold a calibration with what it names.

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
    handle
        What `scenarios.load` knows the plan's own scenario by.
    """

    plan: Plan
    worlds: dict[str, Scenario]
    observed: Observed
    postures: Postures
    text: str
    handle: str | Path = ""

    @property
    def scenario(self) -> Scenario:
        """Return the scenario of the plan's own coder."""
        return next(iter(self.worlds.values()))

    @cached_property
    def fingerprint(self) -> str:
        """Hash what a posterior is one of, but for the scenario, the code, and how finely it was computed."""
        said = {key: value for key, value in self.decisive.items() if key not in FINENESS}
        return hash_of({"plan": said, "observed": self.observed.model_dump(mode="json")})

    @property
    def decisive(self) -> dict[str, Any]:
        """Return what the plan says about learning, and not only about scoring or to people."""
        plan = self.plan.model_dump(mode="json")
        keys = (
            "scenario",
            "codings",
            "observed",
            "training",
            "free",
            "settings",
            "models",
            "sequences",
            "points",
            "seed",
        )
        said = {key: plan[key] for key in keys}
        # Added later: a plan that says nothing of these is the plan that it was.
        further = {"priors": bool(self.plan.priors), "measurement": self.plan.measurement != "rule"}
        return said | {key: plan[key] for key, says in further.items() if says}

    def priors(self, model: str, figures: Mapping[str, Figure]) -> list[AnyPrior]:
        """Return the priors of the parameters that are free in a model.

        Parameters
        ----------
        model
            Its name.
        figures
            Of the scenario, by path.
        """
        zeros = {paths_of((name,))[0]: prior.zero for name, prior in self.plan.priors.items()}
        every = [(path, figures[path].prior) for path in MODELS[model].free(self.plan.paths)]
        return [with_zero(slab, zeros.get(path, 0.0)) for path, slab in every if slab is not None]

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
        return self.match_with(MODELS[model].build(scenario), postures)

    def match_with(self, scenario: Scenario, postures: Postures | None = None) -> Match:
        """Return what a scenario is held against: coded postures, or readings of latent ones if the plan says so.

        Parameters
        ----------
        scenario
            Already built under a nested model.
        postures
            Other postures than those the observed facts come to.
        """
        match = Match.of(scenario, self.postures if postures is None else postures)
        if self.plan.measurement == "rule":
            return match
        return replace(match, readings=readings_of(self.observed).select(match.postures.clients))
