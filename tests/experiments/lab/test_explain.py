"""One history in the page: its record, its ledger and its choices are those of Python to the last bit."""

from __future__ import annotations

import random
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from papertiger.experiments.ledger.causes import describe
from papertiger.experiments.ledger.parts import parts
from papertiger.model.agents.simulate import simulate
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.kernel.record import PATHS
from papertiger.model.run import Run
from papertiger.scenarios import change
from tests.experiments.lab.conftest import WORLDS
from tests.experiments.lab.pages import Engine, changed, random_state

pytestmark = pytest.mark.xdist_group("lab")  # the kernel is linked once

SEED = 3
CONTAGIOUS: dict[str, Any] = {
    "world": "soviet_bloc_1985",
    "figures": {"parameters.contagion": 0.6, "parameters.covert_start": 0.5, "parameters.break_away": 0.02},
    "struck": [],
}


def run_of(state: dict[str, Any], number: int) -> Run:
    """Return one run of a state, as agents make it."""
    scenario, values = changed(state)
    return simulate(change(scenario, values) if values else scenario, SEED, number)


def in_json(value: Any) -> Any:
    """Return lists in place of tuples, as JSON has them."""
    if isinstance(value, dict):
        return {key: in_json(held) for key, held in value.items()}
    return [in_json(held) for held in value] if isinstance(value, tuple | list) else value


def assert_explained(found: dict[str, Any], run: Run, client: str, start: str | None, end: str) -> None:
    """Hold what the page says of a client against what the command line says."""
    causes = [part for part in parts(run, client, start, end) if part.moves]
    assert [(part["cause"], part["channel"]) for part in found["ledger"]] == [part.key for part in causes]
    for told, part in zip(found["ledger"], causes, strict=True):
        assert (told["by_capability"], told["by_resolve"]) == (part.by_capability, part.by_resolve)
        assert (told["protection"], told["amount"]) == (part.protection, part.protection)
        words = describe(run.scenario, part.cause)
        assert (told["month"] or "", told["text"]) == (words.month, words.text)
    columns, rows = run.rows("clients")
    last = dict(zip(columns, next(row for row in rows if row[:2] == (end, client)), strict=True))
    for name in ("protection", "capability", "resolve"):
        assert found["after"][name] == last[name]
    assert found["posture"] == last["posture_name"]
    assert found["ties"]["arms"]["after"] == last["arms_tie"]
    assert found["ties"]["economy"]["after"] == last["economy_tie"]
    choices = [choice for choice in run.choice_list if choice.client == client]
    expected = [{**asdict(choice), "chance_of_moving": choice.chance_of_moving} for choice in choices]
    assert found["choices"] == in_json(expected)
    assert found["choice"] == next((one for one in found["choices"] if one["month"] == end), None)
    broken = [(row[0], row[2], row[3], row[4], row[6]) for row in run.broken(client)]
    told_breaks = [
        (one["month"], one["before"], one["after"], one["cause"], one["hazard"]) for one in found["breaks"]
    ]
    assert told_breaks == [row for row in broken if row[0] <= end and (start is None or row[0] > start)]


def check(engine: Engine, cases: list[tuple[dict[str, Any], int, str, str | None, str]]) -> None:
    """Explain clients in the page and in Python; a case is a state, a run, a client and two months."""
    jobs = [["explain", state, SEED, run, client, end, start] for state, run, client, start, end in cases]
    for (state, number, client, start, end), found in zip(cases, engine(jobs), strict=True):
        assert_explained(found, run_of(state, number), client, start, end)


def test_a_client_is_explained_as_in_the_command_line(engine: Engine) -> None:
    check(
        engine,
        [
            ({"world": "partners_2020"}, 2, "Armenia", "2022-08", "2023-09"),
            (CONTAGIOUS, 1, "Poland", None, "1989-12"),
        ],
    )


@pytest.mark.slow
def test_clients_of_random_states_are_explained_as_in_the_command_line(engine: Engine) -> None:
    cases = []
    for number in range(20):
        rng = random.Random(1000 + number)
        state = random_state(WORLDS[number % len(WORLDS)], rng)
        setting = ensemble(state["world"], 1, SEED).setting
        client = rng.choice(setting.clients)
        months = [month for place, month in enumerate(setting.months) if client.is_in_network(place)]
        start, end = sorted(rng.sample(range(len(months)), 2))
        cases.append((state, rng.randrange(1000), client.name, rng.choice([None, months[start]]), months[end]))
    check(engine, cases)


def test_a_history_is_the_record_of_its_run(engine: Engine) -> None:
    state = {"world": "no_war_2022", "figures": {"clients.Armenia.threat": 0.25}, "path": "escalates"}
    (history,) = engine([["history", state, SEED, 7]])
    scenario, values = changed(state)
    found = ensemble(scenario, 1, SEED, first_run=7, keep="paths", values=values)
    for name in PATHS:
        path = np.asarray(found.path(name))[0]
        assert history[name]["shape"] == list(path.shape)
        assert np.array_equal(np.array(history[name]["values"]), path.ravel().astype("f8"))
    columns, rows = run_of(state, 7).rows("clients")
    clients = len(found.setting.clients)
    for place, row in enumerate(rows):
        told = dict(zip(columns, row, strict=True))
        at = found.setting.months.index(told["month"]) * clients + place % clients
        for name in ("protection", "capability", "resolve"):
            assert history[name]["values"][at] == told[name]
