"""The choice of a posture: a logit over neighbouring rungs."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.model.agents.world import World
from papertiger.model.rules import choice
from papertiger.model.rules.choice import Position, Rungs, UtilityWeights
from tests.model.rules.contracts import RuleContract
from tests.model.worlds import RUNG, client, column, event, finished, world_of

SHARE = (0.0, 1.0)
WEIGHT = (0.0, 100.0)
RUNGS = [0, 1, 2, 3, 4]
BOOL = [False, True]
LEVELS = ("threat", "protection", "dependence", "option")
TERMS = {
    "target": 2,
    "posture": 2,
    "commitment": 0.5,
    "threat": 0.8,
    "protection": 0.4,
    "dependence": 0.5,
    "anchor": 0.1,
    "option": 0.6,
    "option_economy": 0.3,
    "patron_threat": 0.2,
    "fear": 0.4,
    "pressure": 0.9,
    "defected_peers": 0.25,
    "economy_weight": 1.0,
    "autonomy_price": 0.15,
    "patron_threat_weight": 0.6,
    "standing_cost": 0.7,
    "contagion": 0.5,
    "switching_cost": 0.12,
    "realignment_cost": 0.1,
    "anchoring": 1.0,
}


EVEN = Rungs(hedging=0.75, distancing=0.5, suspended=0.25)


def utility_of(changes: dict[str, Any]) -> float:
    """Return the utility of a target at its commitment, with some terms changed."""
    terms = TERMS | changes
    position = Position(**{name: terms[name] for name in Position._fields})
    weights = UtilityWeights(**{name: terms[name] for name in UtilityWeights._fields})
    bound = choice.commitment(terms["target"], EVEN)
    return choice.utility(terms["target"], terms["posture"], bound, position, weights)


def anchor_of(commitment: float, autonomy_price: float = 0.15, anchoring: float = 1.0, **terms: float) -> float:
    """Return the anchor at a first commitment; what is not given does not enter it."""
    position = Position(**dict.fromkeys(Position._fields, 0.0) | terms)
    weights = UtilityWeights(
        **dict.fromkeys(UtilityWeights._fields, 1.0) | {"autonomy_price": autonomy_price, "anchoring": anchoring}
    )
    return choice.anchor(commitment, position, weights)


class TestCommitment(RuleContract):
    field, rule = "commitment", staticmethod(choice.commitment)
    arguments = {"posture": RUNGS, "hedging": (0.65, 0.85), "distancing": (0.4, 0.6), "suspended": (0.15, 0.35)}
    result = SHARE
    rises, falls = ("hedging", "distancing", "suspended"), ("posture",)


class TestLastPosture(RuleContract):
    field, rule = "last_posture", staticmethod(choice.last_posture)
    arguments = {"posture": RUNGS, "sub_state": BOOL}
    result = (0, 4)
    falls = ("sub_state",)


class TestAnchor(RuleContract):
    field, rule = "anchor", staticmethod(choice.anchor)
    arguments = (
        dict.fromkeys((*Position._fields, *UtilityWeights._fields), WEIGHT)
        | {"commitment": [0.0, 0.25, 0.5, 0.75, 1.0]}
        | dict.fromkeys(("threat", "protection", "dependence", "anchoring"), SHARE)
    )
    rises = ("autonomy_price", "option")
    falls = ("fear", "threat", "protection", "economy_weight", "dependence")


class TestUtility(RuleContract):
    field, rule = "utility", staticmethod(choice.utility)
    arguments = {
        name: RUNGS if name in ("target", "posture") else (-500.0, 500.0) if name == "anchor" else WEIGHT
        for name in TERMS
    } | {"commitment": SHARE}
    rises = ("threat", "protection", "dependence", "anchor", "option", "patron_threat", "defected_peers")
    falls = ("fear", "pressure", "autonomy_price", "standing_cost", "switching_cost", "realignment_cost")


class TestLogitWeight(RuleContract):
    field, rule = "logit_weight", staticmethod(choice.logit_weight)
    arguments = {"utility": (-1e4, 0.0), "best": (0.0, 1e4), "noise": (1e-6, 100.0)}
    result = SHARE
    rises, falls = ("utility",), ("best",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # c (tau pi + b_E D + a) = .25 * 2 and so on, worked out by hand for c = 1/2.
        ({}, 0.5 * (0.32 + 0.5 + 0.1) + 0.3 - 0.0375 + 0.06 - 0.1 - 0.0945 + 0.0625),
        ({"threat": 0.0}, 0.5 * 0.6 + 0.3 - 0.0375 + 0.06 - 0.1 - 0.0945 + 0.0625),
        ({"economy_weight": 0.0}, 0.5 * 0.42 + 0.3 - 0.0375 + 0.06 - 0.1 - 0.0945 + 0.0625),
        ({"anchor": 0.0}, 0.5 * 0.82 + 0.3 - 0.0375 + 0.06 - 0.1 - 0.0945 + 0.0625),
        ({"option": 0.0}, 0.46 - 0.0375 + 0.06 - 0.1 - 0.0945 + 0.0625),
        ({"autonomy_price": 0.0}, 0.46 + 0.3 + 0.06 - 0.1 - 0.0945 + 0.0625),
        ({"patron_threat_weight": 0.0}, 0.46 + 0.3 - 0.0375 - 0.1 - 0.0945 + 0.0625),
        ({"fear": 0.0}, 0.46 + 0.3 - 0.0375 + 0.06 - 0.0945 + 0.0625),
        ({"standing_cost": 0.0}, 0.46 + 0.3 - 0.0375 + 0.06 - 0.1 + 0.0625),
        ({"pressure": 0.0}, 0.46 + 0.3 - 0.0375 + 0.06 - 0.1 + 0.0625),
        ({"contagion": 0.0}, 0.46 + 0.3 - 0.0375 + 0.06 - 0.1 - 0.0945),
        ({"posture": 1}, 0.46 + 0.3 - 0.0375 + 0.06 - 0.1 - 0.0945 + 0.0625 - 0.12),
        # The ends: c = 1 and c = 0.
        ({"target": 0, "posture": 0}, 0.92 - 0.15 - 0.7 * 0.9 * 0.3),
        ({"target": 4, "posture": 4}, 0.6 + 0.6 * 0.2 - 0.4 + 0.5 * 0.25),
        ({"target": 4, "posture": 3}, 0.6 + 0.6 * 0.2 - 0.4 + 0.5 * 0.25 - 0.12 - 0.1),
        ({"target": 3, "posture": 4}, 0.23 + 0.45 - 0.009375 + 0.09 - 0.225 - 0.04725 + 0.09375 - 0.12),
    ],
)
def test_utility_against_hand_computed_values(changes: dict[str, Any], expected: float) -> None:
    assert utility_of(changes) == pytest.approx(expected, rel=1e-12)


def test_commitments_of_the_five_postures() -> None:
    assert [choice.commitment(posture, EVEN) for posture in RUNGS] == [1.0, 0.75, 0.5, 0.25, 0.0]


@given(
    first=st.integers(0, 4),
    autonomy_price=st.floats(0.05, 0.4),
    fear=st.floats(0, 1.3),
    threat=st.floats(0, 1),
    protection=st.floats(0, 1),
    dependence=st.floats(0, 1),
    option=st.floats(0, 2),
)
def test_a_client_starts_in_balance(
    first: int, autonomy_price: float, fear: float, threat: float, protection: float, dependence: float, option: float
) -> None:
    """Without war or event, its first posture has the highest utility of all, at every rung.

    At the ends the balance can only be tipped towards the end, so there it is a corner.
    """
    anchor = anchor_of(
        choice.commitment(first, EVEN),
        autonomy_price=autonomy_price,
        fear=fear,
        threat=threat,
        protection=protection,
        dependence=dependence,
        option=option,
    )
    utilities = [
        utility_of(
            {"target": target, "posture": target, "threat": threat, "protection": protection}
            | {"dependence": dependence, "anchor": anchor, "option": option, "fear": fear, "pressure": 0.0}
            | {"patron_threat": 0.0, "contagion": 0.0, "autonomy_price": autonomy_price}
        )
        for target in RUNGS
    ]
    assert max(utilities) <= utilities[first] + 1e-12
    if 0 < first < 4:
        neighbours = utilities[first - 1], utilities[first + 1]
        assert max(neighbours) < utilities[first]
        # With a quadratic utility both neighbours lie the same distance below an interior balance.
        assert neighbours[0] == pytest.approx(neighbours[1], abs=1e-12)


@pytest.mark.parametrize(
    ("anchoring", "expected"),
    [
        # 2 b_A c0 - 2 F0 (1 - c0) = .15 - .4 at c0 = 1/2, and levels of .8 * .4 + .5 - .6 = .22.
        (0.0, -0.25),
        (0.5, -0.25 - 0.11),
        (1.0, -0.25 - 0.22),
    ],
)
def test_the_anchor_takes_out_a_share_of_the_levels(anchoring: float, expected: float) -> None:
    levels = {"threat": 0.8, "protection": 0.4, "dependence": 0.5, "option": 0.6}
    assert anchor_of(0.5, fear=0.4, anchoring=anchoring, **levels) == pytest.approx(expected, rel=1e-14)


@given(
    first=st.integers(1, 3),
    anchoring=st.floats(0, 1),
    fear=st.floats(0, 1.3),
    threat=st.floats(0, 1),
    protection=st.floats(0, 1),
    dependence=st.floats(0, 1),
    option=st.floats(0, 2),
)
def test_levels_that_are_not_taken_out_pull_a_client_from_its_start(
    first: int, anchoring: float, fear: float, threat: float, protection: float, dependence: float, option: float
) -> None:
    """Around an interior start the utility rises towards the patron by (1 - A)(tau pi + b_E D - V)."""
    levels = dict(zip(LEVELS, (threat, protection, dependence, option), strict=True))
    anchor = anchor_of(choice.commitment(first, EVEN), fear=fear, anchoring=anchoring, **levels)
    calm = {"pressure": 0.0, "patron_threat": 0.0, "contagion": 0.0, "switching_cost": 0.0, "realignment_cost": 0.0}
    closer, away = (
        utility_of({"target": target, "posture": first, "anchor": anchor, "fear": fear} | levels | calm)
        for target in (first - 1, first + 1)
    )
    pull = threat * protection + dependence - option
    assert (closer - away) / 0.5 == pytest.approx((1 - anchoring) * pull, abs=1e-12)


def test_the_anchor_only_adds_at_the_top_and_only_takes_away_at_the_end() -> None:
    worth_staying = {"protection": 1.0, "threat": 1.0, "dependence": 1.0, "option": 0.0, "fear": 0.1}
    worth_leaving = {"protection": 0.0, "threat": 1.0, "dependence": 0.0, "option": 1.5, "fear": 0.1}
    assert anchor_of(1.0, **worth_staying) == 0.0
    assert anchor_of(1.0, **worth_leaving) == pytest.approx(0.3 + 1.5)
    assert anchor_of(0.0, **worth_staying) == pytest.approx(-0.2 - 2.0)
    assert anchor_of(0.0, **worth_leaving) == 0.0


@pytest.mark.parametrize("posture", list(RUNG))
def test_the_world_puts_every_client_in_balance_at_its_first_posture(posture: str) -> None:
    scenario = world_of(
        {"A": client(posture=posture)},
        months=36,
        parameters={"review_rate": 1, "switching_cost": 0, "realignment_cost": 0, "choice_noise": 0.0005}
        | {"covert_start": 0, "anchoring": 1},
    )
    world = finished(scenario)
    assert all(column(world, "A", "reviewed"))
    assert set(column(world, "A", "posture")) == {RUNG[posture]}


@pytest.mark.parametrize(
    ("fields", "goes_to"),
    [
        # Worth staying for: .5 * .7 * .7 + .5 against an option of nothing.
        ({"options": {}}, 0),
        # Worth leaving for: nobody supplies it, and the neighbour pays.
        ({"arms": 0, "economy": 0, "options": {"West": {"protection": 1, "economy": 1, "proximity": 1}}}, 4),
    ],
)
def test_without_an_anchor_on_levels_a_client_goes_where_they_draw_it(fields: dict[str, Any], goes_to: int) -> None:
    calm = {"review_rate": 1, "switching_cost": 0, "realignment_cost": 0, "choice_noise": 0.0005, "covert_start": 0}
    for anchoring, ends in ((1, 2), (0, goes_to)):
        scenario = world_of({"A": client(posture="distancing", **fields)}, parameters=calm | {"anchoring": anchoring})
        assert column(finished(scenario), "A", "posture")[-1] == ends


# The logit


def choosers(noise: float, reviews: int, **parameters: float) -> Counter[int]:
    """Return which posture a client at distancing takes in each of many reviews from the same state."""
    constants = {"review_rate": 1, "choice_noise": noise} | parameters
    world = World(world_of({"A": client(posture="distancing")}, parameters=constants), rng=1)
    here, taken = world.clients[0], Counter[int]()
    for month in range(reviews):
        world.month = month
        here.review()
        taken[here.next_posture] += 1
    return taken


def test_without_noise_the_best_posture_is_taken() -> None:
    assert choosers(1e-9, 100) == Counter({2: 100})


def test_with_boundless_noise_the_neighbours_are_equally_likely() -> None:
    counts = choosers(100.0, 3000)
    assert set(counts) == {1, 2, 3}
    for count in counts.values():
        assert abs(count - 1000) < 4 * math.sqrt(3000 * (1 / 3) * (2 / 3))


def test_choice_probabilities_are_those_of_the_logit() -> None:
    counts = choosers(0.05, 3000, switching_cost=0.0)
    world = World(world_of({"A": client(posture="distancing")}), rng=1)
    here = world.clients[0]
    utilities = [here.posture_utility(target, free=True) for target in (1, 2, 3)]
    weights = [math.exp((value - max(utilities)) / 0.05) for value in utilities]
    for posture, weight in zip((1, 2, 3), weights, strict=True):
        share = weight / sum(weights)
        assert abs(counts[posture] - 3000 * share) < 4 * math.sqrt(3000 * share * (1 - share))


def test_the_noise_scales_the_utilities() -> None:
    assert choice.logit_weight(-0.03, 0.0, 0.015) == pytest.approx(math.exp(-2.0), rel=1e-14)
    assert choice.logit_weight(0.4, 0.4, 0.015) == 1.0


def test_a_hopeless_alternative_has_no_weight_and_raises_nothing() -> None:
    assert choice.logit_weight(-1e6, 1e6, 1e-9) == 0.0


# The ladder and the review


@pytest.mark.parametrize(
    ("posture", "sub_state", "last"),
    [(0, True, 1), (1, True, 1), (3, True, 3), (0, False, 4), (2, False, 4), (4, False, 4)],
)
def test_ladder_limits(posture: int, sub_state: bool, last: int) -> None:
    assert choice.last_posture(posture, sub_state) == last


DRIVEN = {"prior_resolve": 0.01, "arms": 0, "economy": 0, "border": 0, "threat": 0.1}
"""Nothing holds such a client: every step away pays."""
AWAY = {"choice_noise": 0.001, "switching_cost": 0, "realignment_cost": 0, "review_rate": 1, "succession_base": 0}


def driven(**fields: Any) -> list[int]:
    """Return the postures of a client whose option improves every month."""
    events = {f"{n}": event("offer", f"2020-{n:02d}", "A", rival="West", intensity=3) for n in range(1, 13)}
    return column(finished(world_of({"A": client(**DRIVEN | fields)}, events, parameters=AWAY)), "A", "posture")


def test_a_client_moves_one_rung_at_a_time() -> None:
    postures = [0, *driven()]
    assert postures[-1] == 4
    assert max(abs(after - now) for now, after in itertools.pairwise(postures)) == 1


@pytest.mark.parametrize("treaty", ["defence_pact", "lesser_treaty", "none"])
def test_every_state_has_the_whole_ladder_whatever_its_treaty(treaty: str) -> None:
    assert max(driven(treaty=treaty)) == 4


def test_a_sub_state_knows_only_loyal_and_hedging() -> None:
    assert max(driven(sub_state=True, treaty="none")) == 1


def test_a_client_beyond_distancing_without_a_pact_may_return() -> None:
    back = world_of(
        {"A": client(posture="suspended", treaty="none", threat=1.0)},
        {f"{n}": event("intervened", f"2020-{n:02d}", "A", intensity=3) for n in range(1, 13)},
        parameters=AWAY,
    )
    assert column(finished(back), "A", "posture")[-1] < 2


@pytest.mark.parametrize(
    ("kind", "reviews"),
    [
        ("abandoned", True),
        ("criticism", True),
        ("attack", True),
        ("claim", True),
        ("offer", True),
        ("intervened", False),
        ("support_delivered", False),
        ("offer_withdrawn", False),
    ],
)
def test_bad_news_threats_and_offers_trigger_a_review_and_good_news_does_not(kind: str, reviews: bool) -> None:
    rival = {"rival": "West"} if kind.startswith("offer") else {}
    events = {"one": event(kind, "2020-02", "A", **rival), "two": event("words_only", "2020-02", "B")}
    if kind != "attack":
        del events["two"]
    alike = {"A": client(pact="P"), "B": client(pact="P")}
    world = finished(world_of(alike, events, months=2, parameters={"review_rate": 0}))
    assert column(world, "A", "reviewed") == [False, reviews]
    if "two" not in events:
        assert not any(column(world, "B", "reviewed")), "witnessed news triggers no review"


def test_quiet_reviews_come_at_their_rate() -> None:
    crowd = {f"C{number}": client() for number in range(200)}
    world = finished(world_of(crowd, months=20))
    reviewed = sum(row[15] for row in world.record.clients)
    assert abs(reviewed - 4000 * 0.15) < 4 * math.sqrt(4000 * 0.15 * 0.85)


def test_the_pull_of_peers_is_their_similarity_weighted_share() -> None:
    clients = {
        "A": client(pact="P", region="R"),
        "B": client(pact="P", region="R", posture="suspended"),  # similarity 2/3
        "C": client(pact="P", posture="distancing"),  # 1/3, not beyond
        "D": client(region="R", posture="realigned"),  # 1/3
        "E": client(posture="suspended"),  # nothing in common
        "F": client(pact="P", region="R", posture="suspended", enters="2021-01"),  # not there
    }
    world = World(world_of(clients, parameters={"contagion": 1.0}), rng=1)
    assert world.clients[0].defected_peers() == pytest.approx((2 / 3 + 1 / 3) / (2 / 3 + 1 / 3 + 1 / 3))
    assert world.clients[4].defected_peers() == 0.0


def test_contagion_moves_a_client_towards_defected_peers() -> None:
    clients = {"A": client(pact="P", posture="hedging"), "B": client(pact="P", posture="realigned")}
    fixed = {"review_rate": 1, "choice_noise": 0.001, "contagion": 1.5, "covert_start": 0}
    assert column(finished(world_of(clients, months=6, parameters=fixed)), "A", "posture")[-1] > 1
    assert set(
        column(finished(world_of(clients, months=6, parameters=fixed | {"contagion": 0})), "A", "posture")
    ) == {1}


def test_a_realigning_client_goes_to_its_best_rival_and_the_name_goes_when_it_returns() -> None:
    events = {f"{n}": event("offer", f"2020-{n:02d}", "A", rival="East", intensity=3) for n in range(1, 13)}
    world = finished(world_of({"A": client(**DRIVEN | {"options": {}})}, events, parameters=AWAY))
    for posture, destination in zip(column(world, "A", "posture"), column(world, "A", "destination"), strict=True):
        assert destination == ("East" if posture == 4 else "")
    assert column(world, "A", "posture")[-1] == 4
