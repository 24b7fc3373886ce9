"""Which way the mechanisms push, in every shipped scenario: no constant may turn a sign of its own theory.

Replays are worked out by the exact chain, so that a sign is a number and no estimate.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from papertiger import scenarios
from papertiger.model.agents.world import World
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.exact import EXACT, Chain, Replay
from papertiger.scenarios import Scenario
from tests.model.worlds import COLUMN, finished, shipped, with_events

pytestmark = pytest.mark.xdist_group("exact")  # one process loads the chain
NAMES = scenarios.names()
GENERATIVE = ("partners_generative", "partners_generative_no_track")
MADE = 1e-12
"""What rounding may make of no difference."""


@cache
def replayed(name: str) -> Scenario:
    """Return a shipped scenario as a replay to the end of its record, in which nothing hangs on postures."""
    return scenarios.load(name, {**EXACT, "mode": "replay", "generative_from": None})


@cache
def replay_of(name: str) -> Replay:
    return Replay(replayed(name))


def chain_of(name: str, **parameters: float) -> Chain:
    return replay_of(name).chain({f"parameters.{key}": value for key, value in parameters.items()})


def protection(chain: Chain) -> NDArray[np.float64]:
    return np.asarray(chain.beliefs[..., 0] * chain.beliefs[..., 1])


def mean_rungs(chain: Chain) -> NDArray[np.float64]:
    """Return how far from the patron each client stands after each month, T x N."""
    return np.asarray(chain.marginals() @ np.arange(5))


# The excuse of hard times


@pytest.mark.parametrize("name", NAMES)
def test_a_forgiving_client_loses_no_more_protection_and_leaves_no_sooner(name: str) -> None:
    blunt, forgiving = (chain_of(name, hard_times_excuse=excuse) for excuse in (0.0, 0.7))
    assert (protection(forgiving) >= protection(blunt) - MADE).all()
    assert (mean_rungs(forgiving) <= mean_rungs(blunt) + 1e-9).all()


def test_what_is_forgiven_shows_where_the_patron_stayed_away_in_its_war() -> None:
    blunt, forgiving = (chain_of("armenia_2020_2025", hard_times_excuse=excuse) for excuse in (0.0, 0.7))
    armenia = blunt.clients.index("Armenia")
    assert protection(forgiving)[-1, armenia] > protection(blunt)[-1, armenia] + 0.01
    assert mean_rungs(forgiving)[59, armenia] < mean_rungs(blunt)[59, armenia]


@pytest.mark.parametrize("name", GENERATIVE)
def test_a_forgiving_client_loses_no_more_protection_where_crises_are_drawn(name: str) -> None:
    means = []
    for excuse in (0.0, 0.7):
        made = ensemble(
            scenarios.change(shipped(name), {"parameters.hard_times_excuse": excuse}), 100, keep="patron", threads=1
        )
        means.append(float(made.path("patron")[:, -1, 3].mean()))
    assert means[1] > means[0]


# The anchor


@cache
def changed_client(client: str, *changes: tuple[str, object]) -> NDArray[np.float64]:
    """Return a client's mean rungs in the base network, with figures of its own changed."""
    overrides = {f"clients.{client}.{key}": value for key, value in changes}
    chain = Replay(scenarios.change(replayed("partners_2020"), overrides)).chain({})
    return mean_rungs(chain)[:72, chain.clients.index(client)]


STATES = tuple(name for name, one in scenarios.load("partners_2020").clients.items() if not one.sub_state)


@pytest.mark.parametrize("client", STATES)
def test_a_client_that_depends_on_nothing_leaves_sooner(client: str) -> None:
    own = shipped("partners_2020").clients[client]
    base, free = changed_client(client), changed_client(client, ("arms", 0.0), ("economy", 0.0))
    assert free.mean() >= base.mean() - 1e-9
    if own.economy.value and own.economy.value >= 0.3:
        assert free.mean() > base.mean() + 5e-4


@pytest.mark.parametrize("client", STATES)
def test_a_defence_pact_holds_a_client_as_long_as_nobody_breaks_it(client: str) -> None:
    """Whoever was promised more is also the more disappointed, so the level shows with evidence left out.

    A successor, which is compared with what drew its predecessor, is not looked at.
    """
    fall = [
        one.date[:7]
        for one in shipped("partners_2020").events.values()
        if one.kind == "regime_loss" and one.client == client
    ]
    still = {"parameters.evidence_scale": 0.0}
    rungs = {}
    for treaty in ("defence_pact", "none"):
        overrides = still | {f"clients.{client}.treaty": treaty}
        chain = Replay(scenarios.change(replayed("partners_2020"), overrides)).chain({})
        end = chain.months.index(min([*fall, "2026-01"]))
        rungs[treaty] = mean_rungs(chain)[:end, chain.clients.index(client)]
    assert rungs["defence_pact"].mean() <= rungs["none"].mean() + 1e-9


@pytest.mark.parametrize("client", ["Burkina Faso", "Cuba", "Mali", "Nicaragua"])
def test_a_defence_pact_would_have_held_who_had_none(client: str) -> None:
    assert changed_client(client)[-1] > changed_client(client, ("treaty", "defence_pact"))[-1]


def test_the_defence_pact_of_2024_is_one_from_then_on() -> None:
    base = replayed("partners_2020")
    without = with_events(base, {"dprk_2024_12_defence_treaty_in_force": None})
    signed, unsigned = (Replay(each).chain({}) for each in (base, without))
    month, client = signed.months.index("2024-12"), signed.clients.index("DPRK")
    rungs = mean_rungs(signed)[:, client], mean_rungs(unsigned)[:, client]
    np.testing.assert_array_equal(rungs[0][:month], rungs[1][:month])
    assert (rungs[0][month + 1 : 72] < rungs[1][month + 1 : 72]).all()


def test_the_promise_that_was_broken_costs_the_patron_more_than_none() -> None:
    """With no pact there had been less to lose faith in: the one sign that evidence turns, and where."""
    assert changed_client("Armenia", ("treaty", "none"))[59] < changed_client("Armenia")[59]


def test_levels_that_are_taken_out_whole_hold_nobody() -> None:
    """At an anchoring of 1 nothing to lose moves fewer clients than at the default, where it moves them all.

    Of clients that had something to lose: one with next to none cannot see it turn elsewhere either.
    """
    loss = [("arms", 0.0), ("economy", 0.0)]
    moved = []
    for anchoring in (0.75, 1.0):
        shifts = []
        for client in ("Kyrgyzstan", "Tajikistan", "Serbia"):
            own = {f"clients.{client}.{key}": value for key, value in loss}
            rungs = [
                mean_rungs(Replay(scenarios.change(replayed("partners_2020"), each)).chain({}))[
                    71, list(shipped("partners_2020").clients).index(client)
                ]
                for each in ({"parameters.anchoring": anchoring}, {"parameters.anchoring": anchoring, **own})
            ]
            shifts.append(rungs[1] - rungs[0])
        moved.append(shifts)
    assert min(moved[0]) > 0.0
    assert max(moved[1]) < 0.0


# The caps of evidence


@pytest.mark.parametrize("name", NAMES)
def test_the_cap_of_a_month_binds_in_less_than_one_in_a_hundred_client_months(name: str) -> None:
    world = finished(shipped(name))
    cap = world.constants.evidence_cap * world.constants.evidence_scale
    sizes: dict[tuple[str, str], float] = {}
    for row in world.record.signals:
        sizes[row[0], row[1]] = sizes.get((row[0], row[1]), 0.0) + sum(row[6:10])
    bound = sum(size >= cap * (1 - 1e-9) for size in sizes.values())
    there = sum(row[COLUMN["in_network"]] for row in world.record.clients)
    assert bound < 0.01 * there


@pytest.mark.parametrize(
    ("kind", "belief"),
    [
        ("air_defence", "capability"),
        ("upkeep_missing", "protection"),
        ("no_warning", "capability"),
        ("cyber", "capability"),
    ],
)
def test_each_failure_of_january_2026_counts_beside_the_others(kind: str, belief: str) -> None:
    """Under one cap for all eight of them, leaving one out let the others swell: effects of 0 to .015."""
    base = replayed("venezuela_2026")
    without = with_events(base, {f"venezuela_2026_01_{kind}": None})
    told, twin = (World(each, rng=1, collect=False) for each in (base, without))
    for world in (told, twin):
        world.run()
    month = told.setting.months.index("2026-01")
    rows = [
        next(row for row in world.record.clients if row[0] == "2026-01" and row[1] == "Venezuela")
        for world in (told, twin)
    ]
    assert told.setting.months[month] == "2026-01"
    assert rows[0][COLUMN[belief]] < rows[1][COLUMN[belief]] - 0.005


# Successors


def chances(**overrides: Any) -> NDArray[np.float64]:
    """Return where a successor goes, by rung."""
    new = "events.venezuela_2026_01_capture.successor"
    named = {key.replace("__", ".").replace("new.", f"{new}."): value for key, value in overrides.items()}
    chain = Replay(scenarios.change(replayed("venezuela_2026"), named)).chain({})
    return np.asarray(chain.steps[chain.months.index("2026-01"), chain.clients.index("Venezuela"), 0])


def test_a_successor_chooses_and_what_it_weighs_moves_its_choice() -> None:
    """Under version 1 it realigned with probability 1.000 whatever was changed."""
    base = chances()[4]
    assert 0.5 < base < 0.99
    assert chances(new__prior_capability=0.9, new__prior_resolve=0.9)[4] < base - 0.002
    assert chances(new__prior_capability=0.1, new__prior_resolve=0.1)[4] > base
    assert chances(new__threat=0.0)[4] < base - 0.005
    assert chances(parameters__offer_size=0.0)[4] < base - 0.002
    assert chances(new__options__US__economy=0.5, new__options__US__protection=0.25)[4] < base - 0.1
    assert chances(new__options__US__economy=0.0, new__options__US__protection=0.0)[4] < 0.3
    assert chances(rivals__US__gap=0.3)[4] < base - 0.2
    assert chances(parameters__successor_noise=100.0, parameters__choice_noise=1.0) == pytest.approx(
        [0.2] * 5, abs=0.03
    )


# Secret talks of a sub-state


def test_health_reports_raise_secret_contacts_of_a_loyal_sub_state() -> None:
    """Claim 21: a mechanism that never ran in version 1, since covert hedging lived at hedging alone."""
    months = []
    for reports in (True, False):
        scenario = scenarios.change(shipped("chechnya_succession"), {"switches.health_reports": reports})
        found = ensemble(scenario, 200, keep=("postures", "levels"), threads=1)
        covert = found.path("levels")[:, :, found.clients.index("Chechnya"), 5] >= 0
        months.append(covert.sum(axis=1))
    difference = months[0] - months[1]
    assert difference.mean() > 2.58 * difference.std(ddof=1) / np.sqrt(200)
    assert months[1].mean() > 0.0


def test_without_a_place_of_refuge_nobody_talks_in_secret() -> None:
    closed = {"clients.Chechnya.options.Türkiye.economy": 0.0}
    found = ensemble(scenarios.change(shipped("chechnya_succession"), closed), 20, keep="levels", threads=1)
    assert (found.path("levels")[:, :, found.clients.index("Chechnya"), 5] < 0).all()
