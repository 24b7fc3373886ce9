"""Make up results for the page on validation: what a calibration and its checks come to, without any of the work."""

# ruff: noqa: ARG002 - what is made up takes the parameters of the true thing
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from papertiger.experiments.history.calibrate.calibration import Calibration, Points
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.calibrate.sbc import Ranks
from papertiger.experiments.history.evaluate.coverage import Coverage
from papertiger.experiments.history.evaluate.identification import BeliefCorrelation
from papertiger.experiments.history.evaluate.replay import Replayed
from papertiger.experiments.history.evaluate.robustness import Outcome
from papertiger.experiments.history.evaluate.scoring import Examination, Forecasts, Split
from papertiger.experiments.history.evaluate.skill import Skill
from papertiger.experiments.history.forecast.predictions import Predictions
from tests.experiments.history.small import PLAN, small_problem

PAGE_PLAN = f"""{PLAN}
apart: [Alfa]
variants:
  one free: {{free: [choice_noise], why: The data hardly move the other.}}
  forgetting: {{free: [choice_noise, forgetting], why: How long events count.}}
  structure: {{model: M1, why: Structure alone.}}
expectations:
  - {{client: Alfa, posture: hedging, at: 2022H2, shows: likeliest}}
  - {{client: Bravo, posture: loyal, at: 2022H2, shows: likely}}
  - {{client: Alfa, posture: hedging, shows: most often}}
"""
TRUE = Outcome("true world", "as observed", -11.2, -10.9, 0.0084, 0.021, 0.012, 0.044, 82.0)


def skill_of(gain: float, low: float, high: float, reference: float = 0.02) -> Skill:
    """Return a skill with the interval that its gain has."""
    return Skill(gain / reference, gain, low, high, reference - gain, reference, 6, 2)


AHEAD = skill_of(0.005, -0.001, 0.009)
BEATS = skill_of(0.005, 0.001, 0.009)
BEHIND = skill_of(-0.005, -0.009, 0.001)
BEATEN = skill_of(-0.005, -0.009, -0.001)


@dataclass
class ToldExamination(Examination):
    """An examination whose skills are told, by reference, split and kind of forecast."""

    told: Mapping[tuple[str, str, str], Skill] = field(default_factory=dict)

    def skill(self, name: str, reference: str, split: Split, kind: str, score: str) -> Skill:
        return self.told.get((reference, split.name, kind), AHEAD)

    def scored(
        self,
        name: str,
        split: Split,
        kind: str,
        score: str,
    ) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
        return np.array([0.01, 0.02]) * (1 + self.names.index(name)), np.array(["Alfa", "Bravo"])

    def forecasts(self, name: str, split: Split) -> Forecasts:
        return Forecasts({}, np.empty(0), 191.4)


def examination(
    problem: CalibrationProblem, told: Mapping[tuple[str, str, str], Skill] | None = None
) -> ToldExamination:
    """Return an examination of the small calibration with told skills."""
    match = problem.match("M4")
    nothing = np.empty(0)
    tested = tuple(match.postures.period(name) for name in ("2022H2", "2023H1"))
    predictions = {
        name: Predictions(name, match, tested, nothing, nothing, nothing, nothing, nothing)
        for name in problem.plan.models
    }
    return ToldExamination(problem, predictions, told=told or {})


def calibration(
    problem: CalibrationProblem, shifts: Sequence[float] = (-6.0, -5.0, -0.3, 0.0, 0.1), sharp: float = 40.0
) -> Calibration:
    """Return a calibration of 64 points a model; `shifts` move the models' evidence, `sharp` narrows posteriors."""
    even = (np.arange(64) + 0.5) / 64
    points = {}
    for name, shift in zip(problem.plan.models, shifts, strict=True):
        paths = MODELS[name].free(problem.plan.paths)
        values = np.column_stack([0.1 + (even * 7**place) % 1.0 for place in range(len(paths))])
        log = np.column_stack([shift - sharp * (values[:, 0] - 0.4) ** 2, -values[:, -1]])
        number = np.arange(64) % 2
        points[name] = Points(
            name, paths, ("Alfa", "Bravo"), values, log, number, np.zeros(64, dtype=np.int64), tuple(problem.worlds)
        )
    return Calibration(problem, points, Path("results"))


def replayed(problem: CalibrationProblem, alfa: float = 0.3, bravo: float = 0.2) -> Replayed:
    """Return replays in which Alfa and Bravo hedge with some probability, and are loyal otherwise."""
    postures = problem.match("M4").postures
    marginals = np.zeros((len(postures.periods), 2, 5))
    for column, name in enumerate(postures.clients):
        hedging = alfa if name == "Alfa" else bravo
        marginals[:, column, :2] = 1 - hedging, hedging
    changes = np.add.outer(np.arange(20), np.arange(len(postures.periods))) % 3
    return Replayed(postures, marginals, changes)


def ranks(problem: CalibrationProblem) -> Ranks:
    """Return ranks of twenty simulated histories."""
    paths = MODELS["M4"].free(problem.plan.paths)
    rank = np.column_stack([(np.arange(20) * (3 + 4 * place) % 20 + 0.5) / 20 for place in range(len(paths))])
    return Ranks("M4", paths, rank, rank, rank[::-1], np.linspace(0.1, 0.5, len(paths)), np.full(20, 90.0))


def outcome(
    kind: str, name: str, one_step: float, origin: float, left_out: float = -11.0, points: float = 82.0
) -> Outcome:
    """Return an alternative with its scores on the test."""
    changed = replace(TRUE, kind=kind, name=name, one_step=one_step, from_origin=origin)
    return replace(changed, log_left_out=left_out, effective=points)


def outcomes(better: Mapping[str, int] | None = None, worlds: int = 39) -> list[Outcome]:
    """Return the true world with alternatives; `better` says how many placebos of a kind do as well as it."""
    better = {"dates": 10, "lag": 12} if better is None else better
    listed = [TRUE]
    for kind, count in {**better, **({} if "clients" in better else {"clients": 0})}.items():
        listed += [
            outcome(kind, str(number), *((0.008, 0.02) if number < count else (0.0125, 0.0376)))
            for number in range(worlds)
        ]
    return [
        *listed,
        outcome("coding", "without pact", 0.0185, 0.0466),
        outcome("coding", "without stance", 0.0095, 0.0216),
        outcome("signal", "bombed weight 0.55", 0.0086, 0.0213),
        outcome("signal", "bombed weight 1.45", 0.0081, 0.0206),
        outcome("variant", "one free", 0.0085, 0.0209, -10.7),
        outcome("variant", "forgetting", 0.011, 0.0278, -7.8, 19.0),
        outcome("variant", "structure", 0.0108, 0.0345, -16.3),
    ]


BELIEFS = BeliefCorrelation(0.71, 0.62, 1200)
COVERAGES = (
    Coverage("few ever move", 16, 0.003, 0.97, 0.71, 0.72, 0.0, 0.02, 500),
    Coverage("the two hardly ever differ", 16, -0.0001, 0.69, 0.63, 0.69, 0.0, 0.01, 500),
)
"""What was found once of the page's interval, and where it falls short."""


def page_problem(folder: Path, **changes: object) -> CalibrationProblem:
    """Return the small calibration with variants and expectations."""
    return small_problem(folder, PAGE_PLAN, **changes)
