"""What the model says about the claims that are opinions or hypotheses: a sign, or by name that there is none.

Run ``python -m tests.model.hypotheses`` for the table.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from papertiger import scenarios
from papertiger.model.agents.world import World
from papertiger.scenarios import Scenario
from tests.model.worlds import column, event, finished, shipped, with_events


@dataclass(frozen=True)
class Finding:
    """The mean paired difference between two scenarios with its 95 % interval over seeds."""

    number: int
    question: str
    difference: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return one line of the table."""
        return f"{self.number:3d}  {self.difference:+.4f}  [{self.low:+.4f}, {self.high:+.4f}]  {self.question}"


@dataclass(frozen=True)
class Question:
    """Two scenarios and what is measured in both.

    ``sign`` says whether the first comes out higher (1) or lower (-1); 0 says that the model shows no such effect, or
    one too weak to be seen in a few runs.
    """

    number: int
    text: str
    scenario: str
    twin: str
    measure: Callable[[World], float]
    sign: int
    overrides: Mapping[str, object] = field(default_factory=dict)
    twin_overrides: Mapping[str, object] = field(default_factory=dict)
    forced_out: str | None = None


def share_defected(world: World) -> float:
    return float(world.record.patron[-1][7])


def credibility(world: World) -> float:
    return float(world.record.patron[-1][4])


def budget(world: World) -> float:
    return statistics.mean(float(row[1]) for row in world.record.patron[-12:])


def whole_budget(world: World) -> float:
    """Return the mean budget over all months: a contested succession costs in its own months and not in the last."""
    return statistics.mean(float(row[1]) for row in world.record.patron)


def mean_posture(world: World) -> float:
    """Return how far from the patron the clients stand in the last month, 0 to 4."""
    return statistics.mean(one.posture for one in world.present)


def answers(world: World) -> float:
    """Return the share of the patron's answers that are real help."""
    kinds = [row[2] for row in world.record.signals]
    helped = sum(kind in ("intervened", "help_tried") for kind in kinds)
    asked = helped + sum(kind in ("abandoned", "words_only") for kind in kinds)
    return helped / asked if asked else 0.0


def neighbours(world: World) -> float:
    """Return the mean protection that those alike see, without the sub-state."""
    states = [one.name for one in world.present if not one.setting.sub_state and one.name != "Armenia"]
    return float(statistics.mean(column(world, name, "protection")[-1] for name in states))


QUESTIONS = (
    Question(
        11,
        "share of calls answered with help: the track with the main rival worth 1, or 0",
        "partners_generative",
        "partners_generative_no_track",
        answers,
        -1,
    ),
    Question(
        13,
        "credibility at the end: the war ends in 2026, or continues",
        "war_ends_2026",
        "partners_2020",
        credibility,
        1,
    ),
    Question(
        14,
        "Iran's protection: criticised, or supported",
        "iran_2025",
        "iran_2025_supported",
        lambda world: float(column(world, "Iran", "protection")[-1]),
        -1,
    ),
    Question(
        15,
        "budget in the last year: Iran lost to the patron, or not",
        "iran_2025",
        "iran_2025",
        budget,
        -1,
        forced_out="Iran",
    ),
    Question(
        20,
        "protection that the others see: witnesses learn a lot, or nothing",
        "partners_2020",
        "partners_2020",
        neighbours,
        -1,
        {"parameters.witness_weight": 0.8},
        {"parameters.witness_weight": 0.0},
    ),
    Question(
        20,
        "protection that the others see: witnesses learn the opposite, or nothing",
        "partners_2020",
        "partners_2020",
        neighbours,
        1,
        {"parameters.witness_weight": -0.3},
        {"parameters.witness_weight": 0.0},
    ),
    Question(
        20,
        "clients' mean distance at the end: defection contagious, or not",
        "contagion",
        "partners_2020",
        mean_posture,
        1,
    ),
    Question(
        21,
        "months of covert hedging in the sub-state: health reports taken in, or not",
        "chechnya_succession",
        "chechnya_succession",
        lambda world: float(sum(column(world, "Chechnya", "covert"))),
        0,  # seen in some hundred runs: see test_signs
        {"switches.health_reports": True},
        {"switches.health_reports": False},
    ),
    Question(
        22,
        "budget over all months: a succession may be contested, or is agreed",
        "chechnya_succession",
        "chechnya_succession_agreed",
        whole_budget,
        -1,
    ),
    Question(
        26,
        "budget in the last year: Kazakhstan lost to the patron, or not",
        "kazakhstan_claims",
        "kazakhstan_claims",
        budget,
        -1,
        forced_out="Kazakhstan",
    ),
    Question(
        29,
        "share defected at the end: the war escalates, or continues",
        "war_escalates",
        "partners_2020",
        share_defected,
        0,
    ),
    Question(
        29, "credibility at the end: no war in 2022, or history", "no_war_2022", "partners_2020", credibility, 1
    ),
)


def _pair(question: Question) -> tuple[Scenario, Scenario]:
    scenario = scenarios.change(shipped(question.scenario), question.overrides)
    twin = scenarios.change(shipped(question.twin), question.twin_overrides)
    if question.forced_out is not None:
        fall = event(
            "regime_loss",
            "2023-01",
            question.forced_out,
            successor={
                "prior_resolve": 0.01,
                "exposure": 0.0,
                "arms": 0.0,
                "economy": 0.0,
                "options": {"China": {"protection": 1.0, "economy": 1.0, "proximity": 1.0}},
            },
        )
        scenario = with_events(scenario, {"forced out": fall})
    return scenario, twin


def report(seeds: Sequence[int] = range(40), questions: Sequence[Question] = QUESTIONS) -> list[Finding]:
    """Return the paired difference of each question over seeds."""
    found = []
    for question in questions:
        scenario, twin = _pair(question)
        differences = [
            question.measure(finished(scenario, seed=seed)) - question.measure(finished(twin, seed=seed))
            for seed in seeds
        ]
        mean = statistics.mean(differences)
        error = statistics.stdev(differences) / math.sqrt(len(differences)) if len(differences) > 1 else 0.0
        found.append(Finding(question.number, question.text, mean, mean - 1.96 * error, mean + 1.96 * error))
    return found


if __name__ == "__main__":
    for finding in report():
        print(finding)  # noqa: T201 - a report for people
