"""Clients with several patrons: a belief for each, and what one gives is an option against the others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertiger.model.agents.client import Client
from papertiger.model.agents.world import World
from papertiger.model.decisions import Decision, Decisions
from papertiger.model.rules.ties import ARMS, ECONOMY, PATRON
from papertiger.scenarios import Scenario, bonds
from tests.model.patrons import FIRST, SECOND, bond, busy_events, two_patrons
from tests.model.worlds import client, column, event, finished, world_of

NOTHING = bond(arms=0.0, economy=0.0, prior_capability=0.0)
"""A bond with a patron of which nothing is expected and nothing is held."""


def named(world: World, name: str) -> Client:
    """Return a bond by its name."""
    return next(one for one in world.clients if one.name == name)


def stepped(scenario: Scenario, months: int) -> World:
    """Return a world after some months."""
    world = World(scenario, rng=1, collect=False)
    for _ in range(months):
        world.step()
    return world


def test_a_bond_is_named_by_its_client_and_its_patron() -> None:
    scenario = two_patrons()
    assert list(bonds.bonds_of(scenario)) == ["Anu/Protector", "Anu/Second", "Bel/Protector", "Bel/Second", "Cor"]
    world = stepped(scenario, 1)
    assert [one.patron.name for one in world.clients] == [FIRST, SECOND, FIRST, SECOND, SECOND]
    assert [one.is_lead for one in world.clients] == [True, False, True, False, True]


@pytest.mark.parametrize("mode", ["replay", "generative"])
def test_a_second_patron_that_gives_nothing_changes_nothing(mode: str) -> None:
    told = {
        "attack": event("attack", "2020-02", "Anu", intensity=3.0, always=True, patron=FIRST),
        "offer": event("offer", "2020-04", "Anu", rival="West"),
        "coercion": event("coercion", "2020-06", "Anu"),
    }
    alone = finished(world_of({"Anu": client()}, told, months=18, mode=mode), seed=5)
    both = {"Anu": client(bonds={SECOND: NOTHING})}
    beside = finished(two_patrons(both, told, mode=mode, patrons={SECOND: {}}), seed=5)
    for name in ("posture", "protection", "threat", "outside_option", "fear", "trust", "arms_tie", "economy_tie"):
        assert column(alone, "Anu", name) == column(beside, "Anu/Protector", name), name
    assert alone.record.patron == beside.record.patron


def test_two_patrons_that_give_the_same_hold_the_same() -> None:
    same = bond(posture="loyal", treaty="defence_pact", arms=0.4, economy=0.4)
    own = client(arms=0.4, economy=0.4, bonds={SECOND: same})
    world = stepped(two_patrons({"Anu": own}, patrons={SECOND: {}}), 12)
    one, two = world.clients
    assert (one.capability, one.resolve, one.outside_option) == (two.capability, two.resolve, two.outside_option)
    assert one.ties[ARMS][PATRON] == pytest.approx(two.ties[ARMS][PATRON], abs=1e-12)
    assert one.ties[ECONOMY][PATRON] == pytest.approx(two.ties[ECONOMY][PATRON], abs=1e-12)
    assert [one.posture_utility(p) for p in range(3)] == pytest.approx([two.posture_utility(p) for p in range(3)])


def pull_away(second: dict[str, Any]) -> float:
    """Return how much more hedging is worth to a client than being loyal to its first patron."""
    world = stepped(two_patrons({"Anu": client(options={}, bonds={SECOND: second})}, patrons={SECOND: {}}), 1)
    first = named(world, "Anu/Protector")
    # The anchor takes out most of what there is at the start; what is left and what comes later is what moves.
    return first.posture_utility(1) - first.posture_utility(0) + 0.25 * first.anchor


@settings(max_examples=12)
@given(st.floats(0.0, 0.9), st.floats(0.01, 0.1))
def test_a_second_patron_that_gives_more_pulls_away_from_the_first(capability: float, more: float) -> None:
    less = pull_away(bond(prior_capability=capability, prior_resolve=0.8))
    assert pull_away(bond(prior_capability=capability + more, prior_resolve=0.8)) > less


def test_what_one_patron_does_makes_the_other_more_or_less_of_an_option() -> None:
    quiet = stepped(two_patrons({"Anu": client(options={}, bonds={SECOND: bond()})}), 6)
    helped = stepped(
        two_patrons(
            {"Anu": client(options={}, bonds={SECOND: bond()})},
            {"help": event("intervened", "2020-03", "Anu", patron=SECOND)},
        ),
        6,
    )
    assert named(helped, "Anu/Second").protection > named(quiet, "Anu/Second").protection
    assert named(helped, "Anu/Protector").protection == named(quiet, "Anu/Protector").protection
    assert named(helped, "Anu/Protector").outside_option > named(quiet, "Anu/Protector").outside_option
    assert world_name(helped, named(helped, "Anu/Protector").best_rival) == SECOND


def world_name(world: World, rival: int) -> str:
    """Return who stands in a rival's place."""
    return world.setting.rivals[rival]


def test_an_attack_befalls_the_client_and_only_who_was_asked_owes_an_answer() -> None:
    world = stepped(two_patrons(events={"attack": event("attack", "2020-02", "Bel", patron=SECOND)}), 4)
    first, second = named(world, "Bel/Protector"), named(world, "Bel/Second")
    assert first.threat == second.threat > 0.5
    blamed = [entry.client for entry in world.ledger.entries if entry.cause == "no response to attack"]
    assert world.clients.index(second) in blamed
    assert world.clients.index(first) not in blamed
    both = stepped(two_patrons(events={"attack": event("attack", "2020-02", "Bel")}), 4)
    blamed = [
        one.client for one in both.ledger.entries if one.cause == "no response to attack" and one.channel == "own"
    ]
    assert sorted(blamed) == [2, 3]


def test_others_learn_only_what_was_done_by_their_own_patron() -> None:
    told = {"help": event("abandoned", "2020-02", "Bel", patron=SECOND)}
    world = stepped(two_patrons(events=told), 3)
    saw = {world.clients[one.client].name for one in world.ledger.entries if one.channel == "witnessed"}
    assert saw == {"Cor"}


def test_each_patron_has_a_war_and_an_answer_of_its_own() -> None:
    world = stepped(two_patrons(mode="generative"), 3)
    assert [patron.burden for patron in world.patrons] == [0.0, 0.4]
    told = {one.client for one in world.ledger.entries if one.channel == "war"}
    assert {world.clients[index].patron.name for index in told} == {SECOND}
    table = world.record.patrons
    assert [row[0] for row in table[:2]] == [FIRST, SECOND]


def test_the_shares_of_all_patrons_are_parts_of_one_whole() -> None:
    world = World(two_patrons(events=busy_events()), rng=3, collect=False)
    places = {name: 1 + place for place, name in enumerate(world.setting.rivals)}
    while world.running:
        world.step()
        for name in ("Anu", "Bel"):
            first, second = named(world, f"{name}/{FIRST}"), named(world, f"{name}/{SECOND}")
            for kind in (ARMS, ECONOMY):
                assert sum(first.ties[kind]) == pytest.approx(1.0, abs=1e-12)
                assert first.ties[kind][places[SECOND]] == second.ties[kind][PATRON]
                assert second.ties[kind][places[FIRST]] == first.ties[kind][PATRON]


def test_shares_that_were_counted_of_two_patrons_in_one_month_are_put_as_they_were_counted() -> None:
    still = {"arms_tie_rate": 0.0, "economy_tie_rate": 0.0}
    own = client(course={"arms": {"2020-04": 0.3}}, bonds={SECOND: bond(course={"arms": {"2020-04": 0.5}})})
    world = stepped(two_patrons({"Anu": own}, parameters=still), 6)
    assert [one.ties[ARMS][PATRON] for one in world.clients] == pytest.approx([0.3, 0.5])
    assert sum(world.clients[0].ties[ARMS]) == pytest.approx(1.0)


def test_a_successor_succeeds_towards_every_patron() -> None:
    world = stepped(two_patrons(events=busy_events()), 11)
    anu = [one for one in world.clients if one.name.startswith("Anu/")]
    assert [one.regime for one in anu] == [1, 1]
    assert [one.outlook.threat for one in anu] == [0.9, 0.9]
    assert named(world, "Anu/Second").outlook.arms_ties[PATRON] == 0.5
    place = 1 + world.setting.rivals.index(SECOND)
    assert named(world, "Anu/Protector").outlook.arms_ties[place] == 0.5


def test_a_threat_is_pressed_on_the_client_and_not_on_one_bond() -> None:
    with pytest.raises(ValueError, match="a threat comes due to the client"):
        World(two_patrons(), rng=1, decisions=Decisions({(0, 1, Decision.PRESS): 3}))
    world = World(two_patrons(mode="generative"), rng=1, decisions=Decisions({(0, 0, Decision.PRESS): 3}))
    world.step()
    assert [crisis.client.name for crisis in world.crises] == ["Anu/Protector", "Anu/Second"]
