"""What shipped worlds say of single claims, in the reference model: attention, blame, options, and who chose what.

Every claim's own effect, sign and mechanism are held by `tests.experiments.claims`, from the file of claims.
"""

from __future__ import annotations

import statistics
from typing import Any

import pytest

from papertiger import scenarios
from papertiger.model.agents.simulate import simulate
from papertiger.model.agents.world import World
from papertiger.model.constants import help_weights
from papertiger.model.rules import patronage
from tests.model.worlds import COLUMN, NO_FEEDBACK, column, finished, shipped, with_events

STATES = tuple(name for name, one in scenarios.load("partners_2020").clients.items() if not one.sub_state)
ARMENIA, VENEZUELA = "armenia_2020_2025", "venezuela_2026"
TWINS = (
    "armenia_2020_2025_helped",
    "cuba_no_raid",
    "iran_2025_supported",
    "kazakhstan_no_claims",
    "no_war_2022",
    "syria_2024_damascus_holds",
    "venezuela_2026_defence_holds",
    "war_ends_2026",
)
"""Shipped twins in replay, each with one thing that happens otherwise at some time."""


def dropped(
    scenario: str, kinds: tuple[str, ...], client: str, *, since: str = "", until: str = "9999"
) -> dict[str, None]:
    """Return a client's events of some kinds, to be left out."""
    return {
        name: None
        for name, one in shipped(scenario).events.items()
        if one.kind in kinds and one.client == client and since <= one.date <= until
    }


@pytest.mark.parametrize("name", TWINS)
def test_scenario_and_twin_are_identical_until_they_part(name: str) -> None:
    twin_of = shipped(name).counterfactual_to
    assert twin_of is not None
    base, twin = (finished(scenarios.change(shipped(each), NO_FEEDBACK)) for each in (twin_of, name))
    parted = min(_first_difference(base, twin), len(base.setting.months))
    rows = len(base.clients) * parted
    assert base.record.clients[:rows] == twin.record.clients[:rows]
    assert 0 < parted < len(base.setting.months)


def _first_difference(base: World, twin: World) -> int:
    """Return the first month in which the inputs of two worlds differ."""
    inputs = []
    for world in (base, twin):
        setting = world.setting
        dated = [[(e.name, e.intensity) for e in setting.events if e.month == m] for m in range(len(setting.months))]
        assets = list(zip(*setting.patrons[0].asset_values, strict=True))
        inputs.append(list(zip(dated, setting.patrons[0].war_burden, assets, strict=True)))
    return next((m for m, (one, other) in enumerate(zip(*inputs, strict=True)) if one != other), len(inputs[0]))


def test_claim_1_the_war_takes_attention_from_the_clients() -> None:
    fixed = {"parameters.switching_cost": 100.0, **NO_FEEDBACK}

    def attention(name: str, **more: float) -> list[list[float]]:
        world = finished(scenarios.change(shipped(name), fixed | more))
        return [column(world, client, "attention") for client in STATES]

    def during(rows: list[list[float]]) -> list[float]:
        return [row[24 + 6] for row in rows if row[24 + 6] > 0.0]

    for war, peace in zip(during(attention("partners_2020")), during(attention("no_war_2022")), strict=True):
        assert war < 0.6 * peace
    blind = {"parameters.war_attention": 0.0}
    until_fall = slice(0, 59)  # free draws of a successor may realign it, which frees attention
    for war_row, peace_row in zip(
        attention("partners_2020", **blind), attention("no_war_2022", **blind), strict=True
    ):
        assert war_row[until_fall] == peace_row[until_fall]


def test_claim_2_each_of_those_regimes_blames_its_own_crisis_most() -> None:
    run = simulate(shipped("partners_2020"))
    for name in ("Iran", "Venezuela"):
        why = run.why(name, "2024-11", "2026-01")
        own_bad = why[(why["channel"] == "own") & (why["protection"] < 0.0)]
        assert why["protection"].sum() < 0.0
        assert own_bad["protection"].sum() < why[why["channel"] != "own"]["protection"].min()


def test_claim_3_caracas_sees_a_paper_tiger() -> None:
    world = finished(scenarios.change(shipped(VENEZUELA), NO_FEEDBACK))
    month = world.setting.months.index("2026-01")
    capability = column(world, "Venezuela", "capability")
    assert capability[month] < 0.5 < capability[month - 3]
    assert capability[month] == min(capability)


def test_claim_8_the_capture_is_no_choice_of_the_client() -> None:
    world = finished(VENEZUELA)
    month = world.setting.months.index("2026-01")
    assert column(world, "Venezuela", "regime")[month - 1 : month + 1] == [0, 1]
    assert column(world, "Cuba", "regime")[month] == 0
    (killed,) = [row for row in world.record.signals if row[1] == "Cuba" and row[0] == "2026-01"]
    assert killed[2] == "personnel_killed"


def test_claim_9_washingtons_terms_open_the_successors_option() -> None:
    base = shipped(VENEZUELA)
    without = with_events(base, {"venezuela_2026_01_us_terms": None})
    told, twin = (column(finished(each), "Venezuela", "outside_option") for each in (base, without))
    month = finished(base).setting.months.index("2026-01")
    assert told[:month] == twin[:month]
    assert told[month] > twin[month]
    closed = {"parameters.offer_size": 0.0}
    blind = [finished(scenarios.change(each, closed)).record.clients for each in (base, without)]
    assert blind[0] == blind[1]


def test_claim_12_iran_is_worth_more_and_still_not_likely_to_be_rescued() -> None:
    def chance(track: str, **overrides: Any) -> float:
        world = finished(shipped(track), **overrides)
        (iran,) = [one for one in world.clients if one.name == "Iran"]
        plea = patronage.Plea(
            attention=world.patron.attention[iran.index],
            even_attention=world.patron.even_attention,
            budget=world.patron.budget,
            clash=iran.setting.clash * world.patron.setting.rival_track[0],
            trust=world.patron.trust(iran),
        )
        return patronage.help_probability(plea, help_weights(world.constants))

    values = {name: one.value.value or 0.0 for name, one in shipped("partners_2020").clients.items()}
    assert values["Iran"] > statistics.median(values.values())
    assert chance("partners_2020") < 0.5
    twin = "partners_generative_no_track"
    assert chance("partners_generative") < chance(twin)
    blind = {"parameters__response_clash": 0.0, "parameters__response_attention": 0.0}
    untrusting = {"parameters__response_trust": 0.0}
    assert chance("partners_generative", **blind, **untrusting) == chance(twin, **blind, **untrusting)


def test_claim_17_hard_times_make_the_absence_of_2023_count_less() -> None:
    blunt = scenarios.change(shipped(ARMENIA), NO_FEEDBACK | {"parameters.hard_times_excuse": 0.0})
    excusing = scenarios.change(shipped(ARMENIA), NO_FEEDBACK)
    rows = []
    for scenario in (excusing, blunt):
        (row,) = [r for r in finished(scenario).record.signals if r[3] == "armenia_2023_09_peacekeepers_stand_by"]
        rows.append(row)
    world = finished(excusing)
    month = world.setting.months.index("2023-09")
    forgiven = 0.35 * world.patron.setting.war_burden[month]
    assert 0.25 < forgiven < 0.35
    for place in (7, 9):  # bad evidence on capability and on resolve
        assert rows[0][place] == pytest.approx((1 - forgiven) * rows[1][place], rel=1e-12)
    spared, blamed = (column(finished(each), "Armenia", "protection") for each in (excusing, blunt))
    assert all(one >= other for one, other in zip(spared, blamed, strict=True))
    assert spared[month] > blamed[month]
    # Without a war there is nothing to excuse.
    peace = {f"war.burden.points.{month}": 0.0 for month in shipped(ARMENIA).war.burden.points}
    calm = [finished(scenarios.change(each, peace)).record.signals for each in (excusing, blunt)]
    assert calm[0] == calm[1]


def test_claim_19_the_european_union_is_where_armenia_would_go() -> None:
    world = finished(ARMENIA)
    assert column(world, "Armenia", "best_rival")[60] == "EU"
    shut = {"clients.Armenia.options.EU.economy": 0.0, "clients.Armenia.options.EU.protection": 0.0}
    blind = finished(scenarios.change(shipped(ARMENIA), shut))
    assert "EU" not in column(blind, "Armenia", "best_rival")


def test_claim_25_offers_open_kazakhstans_options() -> None:
    base = scenarios.change(shipped("kazakhstan_claims"), {"parameters.review_rate": 1.0})
    without = with_events(base, dropped("kazakhstan_claims", ("offer",), "Kazakhstan"))
    pinned = {"parameters.switching_cost": 100.0, "parameters.covert_start": 0.0}
    told, twin = (
        column(finished(scenarios.change(each, pinned)), "Kazakhstan", "outside_option") for each in (base, without)
    )
    month = finished(base).setting.months.index("2023-05")
    assert told[:month] == twin[:month]
    assert all(one > other for one, other in zip(told[month:], twin[month:], strict=True))
    assert {"China"} == set(column(finished(base), "Kazakhstan", "best_rival"))
    closed = {"parameters.offer_size": 0.0}
    blind = [finished(scenarios.change(each, closed)).record.clients for each in (base, without)]
    assert blind[0] == blind[1]


def test_claim_28_former_allies_turn_to_several_rivals_and_to_none_without_options() -> None:
    world = finished("partners_2020")
    named = {column(world, name, "best_rival")[-1] for name in STATES}
    assert {"China", "EU", "Türkiye"} <= named
    shut = {f"rivals.{name}.gap": 0.0 for name in shipped("partners_2020").rivals} | {"parameters.offer_size": 0.0}
    blind = finished(scenarios.change(shipped("partners_2020"), shut))
    assert {row[COLUMN["best_rival"]] for row in blind.record.clients} == {""}
    assert {row[COLUMN["destination"]] for row in blind.record.clients} == {""}
