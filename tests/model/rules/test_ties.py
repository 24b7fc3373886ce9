"""Ties: where a client buys its arms and does its business, and what draws it there."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger import scenarios
from papertiger.model.agents.world import World
from papertiger.model.decisions import Decision, Decisions
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.exact import EXACT, exact_chain
from papertiger.model.ensemble.kernel import LEVELS
from papertiger.model.rules import ties
from papertiger.model.rules.ties import ARMS, ECONOMY, PATRON, Pull
from papertiger.scenarios import Scenario
from tests.model.busy import busy_world
from tests.model.rules.contracts import RuleContract
from tests.model.worlds import COLUMN, NO_FEEDBACK, client, column, event, finished, shipped, with_events, world_of

SHARE = (0.0, 1.0)
WEIGHT = (0.0, 100.0)
WEST, EAST, OTHERS = 1, 2, 3


class TestPatronAttraction(RuleContract):
    field, rule = "patron_attraction", staticmethod(ties.patron_attraction)
    arguments = dict.fromkeys(Pull._fields, SHARE) | {"patron_threat_weight": WEIGHT, "standing_cost": WEIGHT}
    result = (-200.0, 1.0)
    rises = ("threat", "protection")
    falls = ("patron_threat", "pressure", "option_economy", "patron_threat_weight", "standing_cost")


class TestSupplyShortfall(RuleContract):
    field, rule = "supply_shortfall", staticmethod(ties.supply_shortfall)
    arguments = {"weight": WEIGHT, "burden": SHARE}
    result = WEIGHT
    rises = ("weight", "burden")


class TestTieWeight(RuleContract):
    field, rule = "tie_weight", staticmethod(ties.tie_weight)
    arguments = {"base": SHARE, "change": (-1e4, 1e4), "noise": (1e-6, 100.0)}
    result = (0.0, 1e261)
    rises = ("base", "change")


class TestLastingMemory(RuleContract):
    field, rule = "lasting_memory", staticmethod(ties.lasting_memory)
    arguments = {"memory": SHARE, "lasting": SHARE}
    result = SHARE
    rises = ("memory", "lasting")


class TestNextTie(RuleContract):
    field, rule = "next_tie", staticmethod(ties.next_tie)
    arguments = {"share": SHARE, "target": SHARE, "rate": SHARE}
    result = SHARE
    rises = ("share", "target")


def test_the_pull_of_the_patron_against_a_hand_computed_value() -> None:
    pull = Pull(threat=0.8, protection=0.4, patron_threat=0.2, pressure=0.9, option_economy=0.3)
    assert ties.patron_attraction(pull, 0.6, 0.7) == pytest.approx(0.32 - 0.12 - 0.189, rel=1e-14)


def test_a_weight_is_the_base_times_the_odds_of_what_changed() -> None:
    assert ties.tie_weight(0.6, 0.0, 0.3) == 0.6
    assert ties.tie_weight(0.5, -0.3, 0.3) == pytest.approx(0.5 / math.e, rel=1e-14)
    assert ties.tie_weight(1.0, -1e9, 1e-9) == math.exp(-600.0) > 0.0


def test_a_share_goes_its_rate_of_the_way() -> None:
    assert ties.next_tie(0.6, 0.2, 0.25) == 0.5
    assert ties.next_tie(0.6, 0.2, 0.0) == 0.6
    assert ties.next_tie(0.6, 0.2, 1.0) == pytest.approx(0.2)


@given(
    own=st.floats(0, 1),
    named=st.lists(st.one_of(st.just(-1.0), st.floats(0, 1)), max_size=4),
    others=st.floats(0.01, 5),
    data=st.data(),
)
def test_shares_at_entry_add_up_to_one_and_keep_what_is_known(
    own: float, named: list[float], others: float, data: st.DataObject
) -> None:
    known = sum(share for share in named if share > 0)
    if known > 1 - own:
        named = [share * (1 - own) / known if share > 0 else share for share in named]
    pulls = tuple(data.draw(st.floats(0, 2)) for _ in named)
    shares = ties.base_ties(own, tuple(named), pulls, others)
    assert len(shares) == len(named) + 2
    assert min(shares) >= 0.0
    assert sum(shares) == pytest.approx(1.0, rel=1e-12)
    assert shares[PATRON] == own
    assert [share for share, said in zip(shares[1:-1], named, strict=True) if said >= 0] == [
        said for said in named if said >= 0
    ]


def test_what_is_not_known_is_shared_by_openness() -> None:
    """Of the .4 that is left, .1 is known; the rest goes by 1 : 2 : 1."""
    assert ties.base_ties(0.6, (0.1, -1.0, -1.0), (9.0, 0.5, 1.0), 0.5) == pytest.approx(
        (0.6, 0.1, 0.075, 0.15, 0.075), rel=1e-14
    )


# What a month does with them

QUICK: dict[str, Any] = {
    "evidence_scale": 0,
    "tie_noise": 0.5,
    "arms_tie_rate": 0.5,
    "economy_tie_rate": 0.25,
    "claim_threat": 0.5,
    "patron_threat_weight": 0.4,
    "standing_cost": 0,
    "supply_burden": 0,
    "switching_cost": 100,
}
"""Nothing is believed and nobody moves: what is left is threat, offers and the war."""
ARMS_AT_ENTRY = (0.6, 0.4 * 0.225 / 0.725, 0.0, 0.4 * 0.5 / 0.725)
"""West offers .6 * .5 * (.5 + .5 * .5) as protection, East nothing, and others weigh a half."""
ECONOMY_AT_ENTRY = (0.4, 0.6 * 0.25 / 0.75, 0.0, 0.6 * 0.5 / 0.75)


def after(months: int, events: dict[str, Any] | None = None, **more: Any) -> World:
    """Return a world of one client after some months."""
    constants = QUICK | more.pop("parameters", {})
    fields = more.pop("fields", {})
    return finished(world_of({"A": client(**fields)}, events, months=months, parameters=constants, **more))


def test_ties_at_entry_are_those_of_the_client() -> None:
    world = World(world_of({"A": client()}), rng=1)
    assert world.clients[0].ties[ARMS] == pytest.approx(ARMS_AT_ENTRY, rel=1e-14)
    assert world.clients[0].ties[ECONOMY] == pytest.approx(ECONOMY_AT_ENTRY, rel=1e-14)
    assert world.clients[0].dependence == 0.5


def test_named_shares_are_kept_and_cut_to_what_the_patron_leaves() -> None:
    named = World(world_of({"A": client(arms_ties={"East": 0.3})}), rng=1).clients[0].ties[ARMS]
    assert named == pytest.approx((0.6, 0.1 * 0.225 / 0.725, 0.3, 0.1 * 0.5 / 0.725), rel=1e-14)
    cut = World(world_of({"A": client(arms_ties={"East": 0.6, "West": 0.2})}), rng=1).clients[0].ties[ARMS]
    assert cut == pytest.approx((0.6, 0.1, 0.3, 0.0), rel=1e-14)


def test_a_claim_turns_a_client_away_from_its_patron() -> None:
    """Theta of a half times .4 over .5: the patron's odds fall by e^-.4."""
    world = after(1, {"one": event("claim", "2020-01", "A", intensity=3)})
    share = [start * math.exp(-0.4) / (start * math.exp(-0.4) + 1 - start) for start in (0.6, 0.4)]
    expected = 0.6 + 0.5 * (share[0] - 0.6), 0.4 + 0.25 * (share[1] - 0.4)
    assert column(world, "A", "arms_tie") == [pytest.approx(expected[0], rel=1e-14)]
    assert column(world, "A", "economy_tie") == [pytest.approx(expected[1], rel=1e-14)]
    assert world.clients[0].dependence == pytest.approx(sum(expected) / 2, rel=1e-14)


def test_an_offer_turns_a_client_to_the_rival_that_made_it() -> None:
    """z = .15 is worth as much in trade and, as protection, a half of it times tau = .5."""
    world = after(1, {"one": event("offer", "2020-01", "A", rival="West", intensity=3)})
    raised = math.exp((0.15 + 0.5 * 0.075) / 0.5)
    weights = [share * (raised if holder == WEST else 1.0) for holder, share in enumerate(ECONOMY_AT_ENTRY)]
    for holder, weight in enumerate(weights):
        expected = ECONOMY_AT_ENTRY[holder] + 0.25 * (weight / sum(weights) - ECONOMY_AT_ENTRY[holder])
        assert world.clients[0].ties[ECONOMY][holder] == pytest.approx(expected, rel=1e-14)
    assert world.clients[0].ties[ARMS][EAST] == 0.0


def test_the_patrons_own_war_takes_from_what_it_supplies_and_not_from_trade() -> None:
    world = after(1, burden=0.8, parameters={"supply_burden": 0.5})
    left = math.exp(-0.5 * 0.8 / 0.5)
    target = 0.6 * left / (0.6 * left + 0.4)
    assert column(world, "A", "arms_tie") == [pytest.approx(0.6 + 0.5 * (target - 0.6), rel=1e-14)]
    assert column(world, "A", "economy_tie") == [pytest.approx(0.4, rel=1e-14)]


@pytest.mark.parametrize(("sanctions", "pressure"), [(None, 0.8), (0.3, 0.3), (0.0, 0.0)])
def test_the_pressure_on_the_patrons_friends_is_its_burden_or_a_series_of_its_own(
    sanctions: float | None, pressure: float
) -> None:
    """What West pays, O* = .25, is at stake for whoever stands with the patron."""
    patron = {"name": "Protector", "main_rival": "West", "sanctions": sanctions}
    world = after(1, burden=0.8, patron=patron, parameters={"standing_cost": 0.4})
    left = math.exp(-0.4 * pressure * 0.25 / 0.5)
    target = 0.4 * left / (0.4 * left + 0.6)
    assert world.patron.pressure == pressure
    assert column(world, "A", "economy_tie") == [pytest.approx(0.4 + 0.25 * (target - 0.4), rel=1e-14)]
    assert world.clients[0].position(world.patron.pressure).pressure == pressure


def test_belief_that_falls_takes_ties_with_it_and_belief_that_counts_nothing_does_not() -> None:
    events = {"one": event("abandoned", "2020-01", "A", intensity=3)}
    believing, blind = after(24, events, parameters={"evidence_scale": 2}), after(24, events)
    for kind, start in (("arms_tie", 0.6), ("economy_tie", 0.4)):
        assert column(believing, "A", kind)[-1] < start - 0.01
        assert column(blind, "A", kind) == pytest.approx([start] * 24, rel=1e-12)


@given(
    fields=st.fixed_dictionaries(
        {
            "arms": st.floats(0, 1),
            "economy": st.floats(0, 1),
            "threat": st.floats(0, 1),
            "posture": st.sampled_from(("loyal", "hedging", "distancing", "suspended", "realigned")),
        }
    ),
    rate=st.floats(0, 1),
)
def test_without_signals_threats_offers_and_war_ties_stay(fields: dict[str, Any], rate: float) -> None:
    """They do so wherever the client goes on the ladder meanwhile."""
    calm = {"switching_cost": 0, "review_rate": 1, "evidence_scale": 2, "covert_start": 0, "economy_tie_rate": rate}
    world = after(9, fields=fields, parameters=calm)
    assert column(world, "A", "arms_tie") == pytest.approx([fields["arms"]] * 9, abs=1e-12)
    assert column(world, "A", "economy_tie") == pytest.approx([fields["economy"]] * 9, abs=1e-12)


def test_shares_add_up_to_one_in_every_month_of_a_busy_world() -> None:
    world = World(busy_world(), rng=3, collect=False)
    moved = 0.0
    for _ in range(len(world.setting.months)):
        world.step()
        for one in world.present:
            for kind in (ARMS, ECONOMY):
                assert min(one.ties[kind]) >= 0.0
                assert sum(one.ties[kind]) == pytest.approx(1.0, rel=1e-12)
            moved = max(moved, abs(one.ties[ARMS][PATRON] - one.outlook.arms_ties[PATRON]))
    assert moved > 0.05


@cache
def exactly(name: str) -> Scenario:
    """Return a replay in which nothing hangs on postures."""
    return scenarios.change(shipped(name), NO_FEEDBACK | {"parameters.covert_start": 0.0})


@pytest.mark.parametrize("posture", range(5))
def test_ties_of_a_replay_do_not_depend_on_postures(posture: int) -> None:
    scenario = scenarios.change(exactly("armenia_2020_2025"), {"span.end": "2023-12"})
    months = range(48)
    forced = Decisions(
        decisions={
            (month, index, Decision.POSTURE): min(posture, 1) if one.sub_state else posture
            for index, one in enumerate(scenario.clients.values())
            for month in months
        }
    )
    free, held = finished(scenario), finished(scenario, decisions=forced)
    there = {row[2] for row in held.record.clients if row[COLUMN["in_network"]]}
    assert posture in there <= {posture, min(posture, 1)}
    names = [name for name, one in scenario.clients.items() if not one.sub_state]  # whose successions are drawn
    for name in names:
        for kind in ("arms_tie", "economy_tie"):
            assert column(free, name, kind) == column(held, name, kind)


def test_where_nothing_draws_them_no_ties_of_the_base_network_move() -> None:
    """Belief, threat from the patron, attacks, offers, treaties, war and its sanctions are all that moves them."""
    still = {
        "evidence_scale": 0.0,
        "patron_threat_weight": 0.0,
        "attack_threat": 0.0,
        "offer_size": 0.0,
        "supply_burden": 0.0,
        "standing_cost": 0.0,
        "covert_start": 0.0,
    }
    scenario = scenarios.change(
        exactly("partners_2020"), {f"parameters.{name}": value for name, value in still.items()}
    )
    new = [name for name, event in scenario.events.items() if event.kind == "new_situation"]
    world = finished(with_events(scenario, dict.fromkeys(new)))
    for one in world.clients:
        if one.regime == 0:
            assert column(world, one.name, "arms_tie") == pytest.approx(
                [one.outlook.arms_ties[PATRON]] * 96, rel=1e-9
            )


def test_a_tie_moves_before_a_pact_does() -> None:
    """What the ladder cannot show: Serbia and Kazakhstan depend less on their patron, rung or no rung."""
    world = finished(exactly("partners_2020"))
    for name in ("Armenia", "Kazakhstan", "Serbia"):
        shares = column(world, name, "arms_tie")
        assert shares[0] == pytest.approx(shipped("partners_2020").clients[name].arms.value, abs=0.02)
        assert shares[-1] < shares[0] - 0.03


def test_a_successor_inherits_ties_that_turn_to_what_draws_it() -> None:
    open_door = {"options": {"West": {"protection": 1, "economy": 1, "proximity": 1}}}
    fall = event("regime_loss", "2020-03", "A", successor=open_door)
    world = after(60, {"fall": fall}, parameters={"arms_tie_rate": 0.1})
    arms = column(world, "A", "arms_tie")
    assert arms[1] == pytest.approx(0.6, rel=1e-12)
    assert arms[2] > 0.5, "contracts run on"
    assert arms[-1] < 0.5
    assert world.clients[0].ties[ARMS][WEST] > 2 * ARMS_AT_ENTRY[WEST]


def test_shares_that_an_event_gives_a_successor_are_where_its_ties_go() -> None:
    fall = event("regime_loss", "2020-03", "A", successor={"arms": 0.1, "economy": 0.4})
    world = after(60, {"fall": fall})
    assert column(world, "A", "arms_tie")[-1] == pytest.approx(0.1, rel=1e-6)
    rest = np.array(world.clients[0].ties[ARMS][1:]) / 0.9
    assert rest == pytest.approx(np.array(ARMS_AT_ENTRY[1:]) / 0.4, rel=1e-6)
    assert column(world, "A", "economy_tie")[-1] == pytest.approx(0.4, rel=1e-12)


def test_what_a_client_depends_on_is_what_it_holds() -> None:
    """Dependence enters the choice, so a client that trades elsewhere has less to lose."""
    world = after(36, {f"{n}": event("claim", f"2020-{n:02d}", "A", intensity=3) for n in range(1, 13)})
    here = world.clients[0]
    assert here.dependence == pytest.approx((here.ties[ARMS][PATRON] + here.ties[ECONOMY][PATRON]) / 2, rel=1e-15)
    assert here.position(0.0).dependence == here.dependence < 0.5


def news(evidence_scale: float) -> dict[str, Any]:
    return {"evidence_scale": evidence_scale, "claim_threat": 0, "arms_tie_rate": 0.3, "economy_tie_rate": 0.2}


@pytest.mark.parametrize(
    "kind",
    [name for name in shipped("partners_2020").signals if name not in ("war_holds", "help_failed", "help_tried")],
)
def test_where_evidence_has_no_size_no_news_moves_a_tie(kind: str) -> None:
    """Not by the last bit, while the same news moves ties where evidence counts."""
    events = {"one": event(kind, "2020-02", "A", intensity=3)}
    for holder in (ARMS, ECONOMY):
        untouched = after(12, parameters=news(0)).clients[0].ties[holder]
        assert after(12, events, parameters=news(0)).clients[0].ties[holder] == untouched
        assert after(12, events, parameters=news(2)).clients[0].ties[holder] != untouched


def test_without_anything_that_draws_no_holder_gains_or_loses() -> None:
    """Rivals and others, too, keep what they had."""
    world = after(24, parameters={"evidence_scale": 2})
    for kind in (ARMS, ECONOMY):
        entry = world.clients[0].outlook.arms_ties if kind == ARMS else world.clients[0].outlook.economy_ties
        assert world.clients[0].ties[kind] == pytest.approx(entry, rel=1e-12)


MOVING = {
    "evidence_scale": 2,
    "arms_tie_rate": 0.2,
    "economy_tie_rate": 0.1,
    "switching_cost": 0.01,
    "choice_noise": 0.1,
    "covert_start": 0,
}
"""Ties move fast and postures often, and neither moves anything else."""


@cache
def moving() -> Scenario:
    events = {
        "left": event("abandoned", "2020-03", "A", intensity=3),
        "claimed": event("claim", "2020-06", "B", intensity=3),
        "courted": event("offer", "2020-09", "A", rival="East", intensity=3),
    }
    burden = {"2020-01": 0.1, "2020-07": 0.8}
    made = world_of(
        {"A": client(), "B": client(arms=0.9)}, events, months=36, burden=burden, parameters=QUICK | MOVING
    )
    return scenarios.change(made, EXACT)


@pytest.mark.xdist_group("exact")  # one process loads the chain
def test_both_engines_move_ties_alike_to_the_last_bit() -> None:
    world = finished(moving())
    levels = ensemble(moving(), 1, seed=1, keep="levels", threads=1).path("levels")[0]
    for place, name in enumerate(("A", "B")):
        for kind in ("arms_tie", "economy_tie"):
            found = levels[:, place, LEVELS.index(kind)]
            assert found.tolist() == column(world, name, kind)
            assert np.ptp(found) > 0.02


@pytest.mark.xdist_group("exact")
def test_the_exact_chain_lets_dependence_move_as_the_ensemble_does() -> None:
    """Postures hang on what is held: with ties that stand still the chain is another one."""
    runs = 4000
    found = ensemble(moving(), runs, seed=3, threads=1)
    exact = exact_chain(moving()).marginals()
    off = np.abs(found.kept.counts / runs - exact) / np.sqrt(np.maximum(exact * (1 - exact), 1e-3) / runs)
    assert off.max() < 6.0
    still = exact_chain(moving(), {"arms_tie_rate": 0.0, "economy_tie_rate": 0.0}).marginals()
    assert np.abs(still - exact).max() > 0.02


def test_procurement_remembers_coercion_longer_than_words_do() -> None:
    told = {"ban": event("sanctions", "2020-02", "A", intensity=3)}
    still = {"switching_cost": 100.0, "patron_threat_memory": 0.5, "claim_threat": 0.4}
    levels: dict[float, list[tuple[float, float]]] = {}
    for lasting in (0.0, 0.5, 1.0):
        world = World(
            world_of({"A": client()}, told, parameters=still | {"procurement_lasting": lasting}),
            rng=1,
            collect=False,
        )
        levels[lasting] = []
        while world.running:
            world.step()
            levels[lasting].append((world.clients[0].claim_level, world.clients[0].procurement_level))
    months = np.arange(11)
    for lasting, memory in ((0.0, 0.5), (0.5, 0.75), (1.0, 1.0)):
        claims, procurement = zip(*levels[lasting], strict=True)
        assert claims[1:] == pytest.approx(0.4 * 0.5**months)
        assert procurement[1:] == pytest.approx(0.4 * memory**months)


def test_lasting_coercion_moves_arms_alone_and_ends_with_the_regime() -> None:
    told = {
        "ban": event("coercion", "2020-02", "A", intensity=3),
        "fall": event("regime_loss", "2021-01", "A", successor={"continuity": 1.0}),
    }
    still = {"switching_cost": 100.0, "patron_threat_memory": 0.6, "arms_tie_rate": 0.2, "economy_tie_rate": 0.2}
    worlds = [
        finished(world_of({"A": client()}, told, months=16, parameters=still | {"procurement_lasting": lasting}))
        for lasting in (0.0, 0.9)
    ]
    short, long = (column(world, "A", "arms_tie") for world in worlds)
    assert all(one > two for one, two in zip(short[3:12], long[3:12], strict=True))
    assert long[-1] - long[11] > short[-1] - short[11], "the successor's arms come back from farther away"
    assert column(worlds[0], "A", "economy_tie") == column(worlds[1], "A", "economy_tie")
