"""Beliefs: Beta counts that forget towards the prior, and what evidence does to them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.model.agents.world import World
from papertiger.model.rules import beliefs
from papertiger.model.rules.beliefs import SimilarityWeights
from tests.model.rules.contracts import RuleContract
from tests.model.worlds import NO_FEEDBACK, changed, client, column, event, finished, shipped, world_of

ARMENIA = {"Armenia": client()}
COUNT = (0.0, 1000.0)
SHARE = (0.0, 1.0)


class TestForget(RuleContract):
    field, rule = "forget", staticmethod(beliefs.forget)
    arguments = {"count": COUNT, "prior": COUNT, "forgetting": SHARE}
    result = (0.0, 1000.0)
    rises = ("count", "prior")


class TestBeliefMean(RuleContract):
    field, rule = "belief_mean", staticmethod(beliefs.belief_mean)
    arguments = {"good": (1e-9, 1000.0), "bad": COUNT}
    result = SHARE
    rises, falls = ("good",), ("bad",)


class TestProtection(RuleContract):
    field, rule = "protection", staticmethod(beliefs.protection)
    arguments = {"capability": SHARE, "resolve": SHARE}
    result = SHARE
    rises = ("capability", "resolve")


class TestEvidenceSize(RuleContract):
    field, rule = "evidence_size", staticmethod(beliefs.evidence_size)
    arguments = {"scale": (0.0, 100.0), "weight": (0.0, 100.0), "intensity": (1.0, 3.0)}
    result = (0.0, 15_000.0)
    rises = ("scale", "weight", "intensity")


class TestExcusedWeight(RuleContract):
    field, rule = "excused_weight", staticmethod(beliefs.excused_weight)
    arguments = {"weight": (0.0, 100.0), "excuse": SHARE, "burden": SHARE}
    result = (0.0, 100.0)
    rises, falls = ("weight",), ("excuse", "burden")


class TestHardTimesLoading(RuleContract):
    field, rule = "hard_times_loading", staticmethod(beliefs.hard_times_loading)
    arguments = {"loading": SHARE, "shift": SHARE, "burden": SHARE}
    result = SHARE
    rises = ("loading", "shift", "burden")


class TestCapFactor(RuleContract):
    field, rule = "cap_factor", staticmethod(beliefs.cap_factor)
    arguments = {"total": COUNT, "cap": COUNT}
    result = SHARE
    rises, falls = ("cap",), ("total",)


class TestWitnessShare(RuleContract):
    field, rule = "witness_share", staticmethod(beliefs.witness_share)
    arguments = {"witness_weight": (-1.0, 1.0), "similarity": SHARE}
    result = (-1.0, 1.0)
    rises = ("witness_weight",)


class TestInherit(RuleContract):
    field, rule = "inherit", staticmethod(beliefs.inherit)
    arguments = {"count": (10.0, 1000.0), "old_prior": (0.0, 10.0), "new_prior": (0.0, 10.0), "continuity": SHARE}
    result = (0.0, 1010.0)
    rises, falls = ("count", "new_prior", "continuity"), ("old_prior",)


@given(total=st.floats(0, 1e6), cap=st.one_of(st.just(0.0), st.floats(1e-6, 1e3)))
def test_capped_evidence_stays_within_the_cap_and_uncapped_evidence_as_it_is(total: float, cap: float) -> None:
    factor = beliefs.cap_factor(total, cap)
    assert total * factor <= cap * (1 + 1e-12)
    assert total > cap or factor == 1.0


@pytest.mark.parametrize(
    ("pact", "region", "adversary", "expected"),
    [
        (False, False, False, 0.0),
        (True, False, False, 1 / 3),
        (False, True, False, 1 / 3),
        (False, False, True, 1 / 3),
        (True, True, False, 2 / 3),
        (True, True, True, 1.0),
    ],
)
def test_similarity_is_the_mean_of_what_is_shared(pact: bool, region: bool, adversary: bool, expected: float) -> None:
    assert beliefs.similarity(pact, region, adversary, SimilarityWeights(1.0, 1.0, 1.0)) == expected


def test_similarity_weighs_what_is_shared_and_is_nothing_without_weights() -> None:
    assert beliefs.similarity(True, False, False, SimilarityWeights(2.0, 1.0, 1.0)) == 0.5
    assert beliefs.similarity(True, True, True, SimilarityWeights(0.0, 0.0, 0.0)) == 0.0


def test_blank_is_similar_to_nothing_and_nobody_to_itself() -> None:
    world = finished(
        world_of({"A": client(), "B": client(), "C": client(region="North"), "D": client(region="North")})
    )
    assert world.setting.similarity == (
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, 1 / 3),
        (0.0, 0.0, 1 / 3, 0.0),
    )


def test_hard_times_take_a_share_of_an_excusable_signals_weight() -> None:
    assert beliefs.excused_weight(1.0, 0.35, 0.8) == pytest.approx(0.72, rel=1e-15)
    assert beliefs.excused_weight(0.5, 1.0, 1.0) == 0.0
    assert beliefs.excused_weight(0.7, 0.0, 0.9) == beliefs.excused_weight(0.7, 0.9, 0.0) == 0.7


def test_hard_times_move_the_loading_to_capability_up_to_one() -> None:
    assert beliefs.hard_times_loading(0.3, 0.35, 0.8) == 0.3 + 0.35 * 0.8
    assert beliefs.hard_times_loading(0.9, 0.7, 1.0) == 1.0


# What a month does with them


def test_without_signals_counts_return_to_the_prior_at_the_rate_of_forgetting() -> None:
    scenario = world_of(ARMENIA, {"one": event("abandoned", "2020-01", "Armenia")}, months=40)
    world = finished(scenario)
    bad = 2.0 * 1.0 * 1.8
    for month, (capability, resolve) in enumerate(
        zip(column(world, "Armenia", "capability"), column(world, "Armenia", "resolve"), strict=True)
    ):
        left = bad * 0.98**month
        assert capability == pytest.approx(7.0 / (10.0 + 0.3 * left), rel=1e-13)
        assert resolve == pytest.approx(7.0 / (10.0 + 0.7 * left), rel=1e-13)


def test_without_signals_or_memory_beliefs_are_the_prior_exactly() -> None:
    world = finished(world_of(ARMENIA, months=24, parameters={"forgetting": 0.0}))
    assert set(column(world, "Armenia", "capability")) == {0.7}
    assert set(column(world, "Armenia", "resolve")) == {0.7}


@given(good=st.integers(0, 5), bad=st.integers(0, 5))
def test_reputation_is_the_mean_of_joesang_and_ismail(good: int, bad: int) -> None:
    """With a uniform prior and no forgetting, E = (r + 1) / (r + s + 2) (Jøsang & Ismail 2002)."""
    kinds = ["intervened"] * good + ["abandoned"] * bad
    # Loading 1 and an intensity of 2 with Omega 1 put one unit of evidence on capability each month.
    events = {
        f"{month}": event(kind, f"2020-{month + 1:02d}", "Armenia", intensity=2, loading=1)
        for month, kind in enumerate(kinds)
    }
    world = finished(
        world_of(
            {"Armenia": client(prior_capability=0.5)},
            events,
            parameters={"prior_strength": 2, "forgetting": 1, "bad_news_weight": 1, "evidence_scale": 1},
        )
    )
    assert column(world, "Armenia", "capability")[-1] == pytest.approx((good + 1) / (good + bad + 2), rel=1e-14)


def test_forgetting_is_that_of_joesang_and_ismail() -> None:
    """Their recursion R(t) = lambda R(t-1) + r on the evidence above the prior."""
    events = {f"{month}": event("intervened", f"2020-{month:02d}", "Armenia") for month in range(1, 13)}
    world = finished(world_of(ARMENIA, events))
    evidence = 0.0
    for capability in column(world, "Armenia", "capability"):
        evidence = 0.98 * evidence + 2.0 * 0.5
        assert capability == pytest.approx((7.0 + evidence) / (10.0 + evidence), rel=1e-13)


def test_bad_news_weighs_as_much_as_good_news_when_rho_is_one() -> None:
    by_kind = {}
    for kind in ("air_defence_held", "air_defence_failed"):
        scenario = world_of(
            {"Armenia": client(prior_capability=0.5, prior_resolve=0.5)},
            {"one": event(kind, "2020-02", "Armenia", intensity=3)},
            parameters={"bad_news_weight": 1},
        )
        by_kind[kind] = finished(scenario)
    for belief in ("capability", "resolve"):
        for up, down in zip(
            column(by_kind["air_defence_held"], "Armenia", belief),
            column(by_kind["air_defence_failed"], "Armenia", belief),
            strict=True,
        ):
            assert up - 0.5 == pytest.approx(0.5 - down, abs=1e-15)


@pytest.mark.parametrize("rho", [0.5, 1.8, 4.0])
def test_bad_news_is_weighed_by_rho(rho: float) -> None:
    scenario = world_of(
        ARMENIA, {"one": event("abandoned", "2020-01", "Armenia")}, parameters={"bad_news_weight": rho}
    )
    assert column(finished(scenario), "Armenia", "resolve")[0] == pytest.approx(7.0 / (10.0 + rho * 1.4), rel=1e-14)


WAR = {"2020-01": 0.0, "2020-02": 0.9, "2020-03": 0.0}
"""A war of one month, in which the patron stays away."""


def abandoned_in_hard_times(burden: Any, **parameters: float) -> World:
    """Return a world in which a client is abandoned in February, and the war says nothing of its own."""
    events = {"one": event("abandoned", "2020-02", "Armenia")}
    silent: Any = {"signals": _without_war_signal()}
    return finished(world_of(ARMENIA, events, burden=burden, parameters=parameters, **silent))


def test_without_the_excuse_the_burden_changes_nothing() -> None:
    peace, blunt = abandoned_in_hard_times(0.0), abandoned_in_hard_times(WAR, hard_times_excuse=0)
    for belief in ("capability", "resolve"):
        assert column(blunt, "Armenia", belief) == column(peace, "Armenia", belief)


def test_an_excused_signal_weighs_less_on_both_beliefs() -> None:
    peace, excused = abandoned_in_hard_times(0.0), abandoned_in_hard_times(WAR)
    # Omega omega = 2, of which the war forgives .35 * .9; the loading stays .3.
    assert excused.record.signals[0][7] == pytest.approx(2.0 * (1 - 0.35 * 0.9) * 0.3, rel=1e-14)
    assert excused.record.signals[0][9] == pytest.approx(2.0 * (1 - 0.35 * 0.9) * 0.7, rel=1e-14)
    for belief in ("capability", "resolve"):
        assert column(excused, "Armenia", belief)[1] > column(peace, "Armenia", belief)[1]


def test_a_shift_of_blame_moves_it_from_resolve_to_capability_and_takes_nothing_away() -> None:
    shifted = abandoned_in_hard_times(WAR, hard_times_excuse=0, blame_shift=0.35)
    peace = abandoned_in_hard_times(0.0, blame_shift=0.35)
    assert shifted.record.signals[0][7] == pytest.approx(2.0 * (0.3 + 0.35 * 0.9), rel=1e-14)
    assert shifted.record.signals[0][9] == pytest.approx(2.0 * (0.7 - 0.35 * 0.9), rel=1e-14)
    assert column(shifted, "Armenia", "capability")[1] < column(peace, "Armenia", "capability")[1]
    assert column(shifted, "Armenia", "resolve")[1] > column(peace, "Armenia", "resolve")[1]


@pytest.mark.parametrize(("kind", "moves"), [("abandoned", True), ("support_missing", True), ("words_only", False)])
def test_only_marked_signals_are_excused(kind: str, moves: bool) -> None:
    events = {"one": event(kind, "2020-01", "Armenia")}
    peace, war = (finished(world_of(ARMENIA, events, burden=burden)) for burden in (0.0, 0.9))
    assert (peace.record.signals[0] != war.record.signals[0]) is moves


def test_without_the_witness_effect_witnesses_are_untouched() -> None:
    twins = {"Armenia": client(pact="Pact"), "Other": client(pact="Pact")}
    events = {"one": event("abandoned", "2020-02", "Armenia")}
    seeing, blind = (
        finished(world_of(twins, events, parameters={"witness_weight": weight})) for weight in (0.2, 0.0)
    )
    assert set(column(blind, "Other", "resolve")) == {0.7}
    assert column(seeing, "Other", "resolve")[1] < 0.7
    assert {entry.channel for entry in blind.ledger.entries} == {"own"}


def test_a_witness_takes_chi_times_similarity_of_the_evidence() -> None:
    twins = {"Armenia": client(pact="Pact", region="North"), "Other": client(pact="Pact", region="North")}
    world = finished(world_of(twins, {"one": event("abandoned", "2020-01", "Armenia")}))
    (own, seen) = world.ledger.entries
    assert (own.channel, seen.channel) == ("own", "witnessed")
    share = 0.2 * (2 / 3)
    assert seen.bad_resolve == pytest.approx(share * own.bad_resolve, rel=1e-15)
    assert own.bad_resolve == pytest.approx(1.8 * 2.0 * 0.7, rel=1e-15)
    assert (seen.good_capability, seen.good_resolve) == (0.0, 0.0)


def test_a_negative_witness_effect_turns_bad_news_into_good_and_rho_weighs_what_it_becomes() -> None:
    twins = {"Armenia": client(pact="Pact"), "Other": client(pact="Pact")}
    weight = {"witness_weight": -0.3}
    share = 0.3 / 3.0
    bad = finished(world_of(twins, {"one": event("abandoned", "2020-01", "Armenia")}, parameters=weight))
    seen = bad.ledger.entries[1]
    assert seen.good_resolve == pytest.approx(share * 2.0 * 0.7, rel=1e-14)
    assert (seen.bad_capability, seen.bad_resolve) == (0.0, 0.0)
    good = finished(world_of(twins, {"one": event("intervened", "2020-01", "Armenia")}, parameters=weight))
    seen = good.ledger.entries[1]
    assert seen.bad_resolve == pytest.approx(share * 1.8 * 2.0 * 0.5, rel=1e-14)
    assert (seen.good_capability, seen.good_resolve) == (0.0, 0.0)


CROWDED = ("intervened", "abandoned", "leader_fell", "air_defence_failed", "treaty_signed")


def sizes_of(kinds: tuple[str, ...], *, signals: Any = None, **parameters: float) -> dict[str, float]:
    """Return the evidence, good and bad, of signals of one month, each of the highest intensity."""
    events = {kind: event(kind, "2020-01", "Armenia", intensity=3) for kind in kinds}
    more = {} if signals is None else {"signals": signals}
    world = finished(world_of(ARMENIA, events, parameters=parameters, **more))
    return {row[2]: sum(row[6:10]) for row in world.record.signals}


def test_own_evidence_of_a_system_is_capped_in_proportion_and_others_count_beside_it() -> None:
    """The patron came and stayed away, 3 each, in one month: two witnesses of its response, which is capped at 4."""
    assert sizes_of(CROWDED) == pytest.approx(
        {"intervened": 2.0, "abandoned": 2.0, "leader_fell": 3.0, "air_defence_failed": 3.0, "treaty_signed": 1.2},
        rel=1e-14,
    )


def test_a_signal_of_no_system_is_one_of_its_own() -> None:
    signals = shipped("partners_2020").model_dump(exclude_none=True)["signals"]
    for row in signals.values():
        row.pop("system", None)
    assert sizes_of(CROWDED, signals=signals) == pytest.approx(
        {"intervened": 3.0, "abandoned": 3.0, "leader_fell": 3.0, "air_defence_failed": 3.0, "treaty_signed": 1.2},
        rel=1e-14,
    )


@pytest.mark.parametrize("kind", CROWDED)
def test_a_signal_is_worth_as_much_beside_those_of_other_systems_as_alone(kind: str) -> None:
    """Eight signals of one month once shared one cap, so that leaving one out let the others swell."""
    others = tuple(other for other in CROWDED if other not in (kind, "abandoned", "intervened"))
    assert sizes_of((kind, *others))[kind] == sizes_of((kind,))[kind]


def test_own_evidence_of_a_month_is_capped_in_proportion_over_all_systems() -> None:
    capped = sizes_of(CROWDED, evidence_cap=3)
    assert sum(capped.values()) == pytest.approx(3.0 * 2.0, rel=1e-14)
    # The system's cap comes first: 2, 2, 3, 3 and 1.2 make 11.2.
    for kind, size in sizes_of(CROWDED).items():
        assert capped[kind] == pytest.approx(size * 6.0 / 11.2, rel=1e-14)


def test_witnessed_evidence_of_a_month_is_capped_by_itself() -> None:
    crowd = {f"C{number}": client(pact="P", region="R", adversary="Foe") for number in range(8)}
    events = {name: event("abandoned", "2020-01", name, intensity=3) for name in list(crowd)[1:]}
    world = finished(world_of(crowd, events, parameters={"witness_weight": 1.0, "bad_news_weight": 1.0}))
    seen = [entry for entry in world.ledger.entries if entry.client == 0]
    assert len(seen) == 7
    # Seven times 3, of which a month takes nine units of Omega.
    assert sum(e.bad_capability + e.bad_resolve for e in seen) == pytest.approx(18.0, rel=1e-14)
    own = [entry for entry in world.ledger.entries if entry.client == 1 and entry.channel == "own"]
    assert sum(e.bad_capability + e.bad_resolve for e in own) == pytest.approx(3.0, rel=1e-14)


def test_the_war_says_a_little_each_month_outside_the_cap_and_without_a_review() -> None:
    world = finished(world_of(ARMENIA, burden=0.8, months=3, parameters={"evidence_cap": 0, "review_rate": 0}))
    assert [(e.cause, e.channel) for e in world.ledger.entries] == [("war", "war")] * 3
    for entry in world.ledger.entries:
        assert entry.bad_capability == pytest.approx(1.8 * 2.0 * 0.01 * 0.8, rel=1e-14)
        assert (entry.bad_resolve, entry.good_capability, entry.good_resolve) == (0.0, 0.0, 0.0)
    assert not any(column(world, "Armenia", "reviewed"))


def test_the_war_is_never_witnessed() -> None:
    alike = {"A": client(pact="P"), "B": client(pact="P")}
    alone, together = (finished(world_of(group, burden=0.8)) for group in ({"A": alike["A"]}, alike))
    assert column(alone, "A", "capability") == column(together, "A", "capability")


@pytest.mark.parametrize(
    ("fields", "prior"),
    [
        ({"treaty": "defence_pact"}, 0.7),
        ({"treaty": "lesser_treaty"}, 0.6),
        ({"treaty": "none"}, 0.5),
        ({"treaty": "none", "sub_state": True}, 0.6),
        ({"treaty": "none", "prior_resolve": 0.9}, 0.9),
    ],
)
def test_prior_of_resolve_follows_the_treaty(fields: dict[str, object], prior: float) -> None:
    world = finished(world_of({"A": client(**fields)}, months=1, parameters={"succession_base": 0}))
    assert column(world, "A", "resolve") == [pytest.approx(prior, rel=1e-15)]
    assert column(world, "A", "capability") == [pytest.approx(0.7, rel=1e-15)]


def test_beliefs_of_a_replay_do_not_hang_on_luck() -> None:
    scenario = changed(shipped("partners_2020"), **NO_FEEDBACK)
    one, other = (finished(scenario, seed) for seed in (1, 2))
    states = [name for name, found in scenario.clients.items() if not found.sub_state]
    assert len(states) == 16
    for name in states:
        for belief in ("capability", "resolve"):
            assert column(one, name, belief) == column(other, name, belief)


def _without_war_signal() -> dict[str, Any]:
    signals: dict[str, Any] = shipped("partners_2020").model_dump(exclude_none=True)["signals"]
    signals["war_holds"]["weight"] = {"value": 0.0}
    return signals
