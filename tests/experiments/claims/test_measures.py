"""What claims are measured by is what the reference model says of the same runs."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import numpy as np
import pytest

from papertiger.experiments.claims.answers import answered
from papertiger.experiments.claims.measures import MEASURES, measured
from papertiger.experiments.claims.schema import Effect
from papertiger.model.agents.world import World
from papertiger.model.ensemble.ensemble import ensemble
from tests.model.worlds import column, finished, shipped

SCENARIO, CLIENTS = "chechnya_succession", ("Armenia", "Chechnya", "Kazakhstan", "Venezuela")
START, END = "2024-01", "2026-06"
SEED = 5


def mean_of(name: str, value: Callable[[object], float] = lambda one: float(str(one))) -> Callable[[World], float]:
    """Return the mean of a column of the record over the clients and months that are measured."""

    def read(world: World) -> float:
        months = slice(world.setting.months.index(START), world.setting.months.index(END) + 1)
        return statistics.mean(value(one) for client in CLIENTS for one in column(world, client, name)[months])

    return read


def of_patron(place: int) -> Callable[[World], float]:
    def read(world: World) -> float:
        months = slice(world.setting.months.index(START), world.setting.months.index(END) + 1)
        return statistics.mean(float(row[place]) for row in world.record.patron[months])

    return read


READ: dict[str, Callable[[World], float]] = {
    "capability": mean_of("capability"),
    "resolve": mean_of("resolve"),
    "protection": mean_of("protection"),
    "patron_threat": mean_of("patron_threat"),
    "arms": mean_of("arms_tie"),
    "economy": mean_of("economy_tie"),
    "rung": mean_of("posture"),
    "hedging": mean_of("posture", lambda one: float(int(str(one)) >= 1)),
    "distancing": mean_of("posture", lambda one: float(int(str(one)) >= 2)),
    "suspended": mean_of("posture", lambda one: float(int(str(one)) >= 3)),
    "realigned": mean_of("posture", lambda one: float(int(str(one)) >= 4)),
    "covert": mean_of("covert", lambda one: float(bool(one))),
    "budget": of_patron(1),
    "burden": of_patron(2),
    "lost_assets": of_patron(3),
    "credibility": of_patron(4),
}


def test_every_measure_is_compared() -> None:
    assert set(READ) | {"help"} == set(MEASURES)


@pytest.mark.parametrize("name", READ)
def test_a_measure_is_what_the_reference_model_says(name: str) -> None:
    kind = MEASURES[name]  # type: ignore[index]
    clients = CLIENTS if kind.by_client else ()
    effect = Effect.model_validate({"measure": name, "clients": clients, "start": START, "end": END, "sign": "lower"})
    made = ensemble(shipped(SCENARIO), 2, SEED, keep=kind.path)
    expected = READ[name](finished(shipped(SCENARIO), seed=SEED))
    assert measured(effect, made)[0] == pytest.approx(expected, rel=1e-12)


def test_answers_read_off_the_ledger_are_the_signals_of_the_reference_model() -> None:
    scenario = shipped("partners_generative")
    made = ensemble(scenario, 3, SEED)
    everybody = list(range(len(made.clients)))
    helped, refused = answered(made, everybody, 0, len(made.months))
    kinds = [str(row[2]) for row in finished(scenario, seed=SEED).record.signals]
    assert helped[0] == sum(kind in ("intervened", "help_tried") for kind in kinds) > 5
    assert refused[0] == sum(kind in ("abandoned", "words_only") for kind in kinds) > 5
    early, _ = answered(made, everybody, 0, 48)
    late, _ = answered(made, everybody, 48, len(made.months))
    assert (early + late).tolist() == helped.tolist()


def test_where_nobody_asks_there_is_nothing_to_measure() -> None:
    effect = Effect.model_validate({"measure": "help", "start": START, "end": END, "sign": "lower"})
    assert np.isnan(measured(effect, ensemble(shipped(SCENARIO), 2, SEED))).all()
