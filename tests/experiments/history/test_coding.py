"""Postures follow from dated facts by the rule of the file."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from papertiger.experiments.history.observed import periods
from papertiger.experiments.history.observed.coding import (
    DISTANCING,
    HEDGING,
    LOYAL,
    REALIGNED,
    SUSPENDED,
    Postures,
    code_postures,
    indicator_levels,
)
from papertiger.experiments.history.observed.periods import first_month, last_month, period_of, periods_between
from papertiger.scenarios import observed
from papertiger.scenarios.observed import Fact, Observed
from papertiger.scenarios.schema.actors import Span


@pytest.fixture(scope="module")
def shipped() -> Observed:
    return observed.load("partners_postures")


@pytest.fixture(scope="module")
def coded(shipped: Observed) -> Postures:
    return code_postures(shipped)


def with_facts(world: Observed, end: str | None = None, **facts: tuple[str, str, str, int]) -> Observed:
    made = {
        name: Fact(date=date, client=client, indicator=indicator, level=level, what="x", source="x", confidence="low")
        for name, (date, client, indicator, level) in facts.items()
    }
    span = world.span if end is None else Span(start=world.span.start, end=end)
    return world.model_copy(update={"facts": {**world.facts, **made}, "span": span})


def test_half_years_have_months() -> None:
    assert (first_month("2023H1"), last_month("2023H1")) == ("2023-01", "2023-06")
    assert (first_month("2023H2"), last_month("2023H2")) == ("2023-07", "2023-12")
    assert period_of(last_month("2023H2")) == period_of(first_month("2023H2")) == "2023H2"
    assert len(periods_between("2020H1", "2025H2")) == 12
    with pytest.raises(ValueError, match="half-year"):
        last_month("2023-12")


def test_the_changes_are_those_that_the_record_has(coded: Postures) -> None:
    assert coded.changes() == [
        ("Kazakhstan", "2022H1", LOYAL, HEDGING),
        ("Serbia", "2022H1", LOYAL, HEDGING),
        ("Armenia", "2022H2", LOYAL, HEDGING),
        ("Armenia", "2023H2", HEDGING, DISTANCING),
        ("Armenia", "2024H1", DISTANCING, SUSPENDED),
        ("Kyrgyzstan", "2024H1", LOYAL, HEDGING),
        ("Serbia", "2024H1", HEDGING, DISTANCING),
        ("Chechnya", "2025H1", LOYAL, HEDGING),
        ("Syria", "2025H1", LOYAL, DISTANCING),
    ]
    assert (len(coded.periods) - 1) * len(coded.clients) == 187


def test_steps_that_are_no_choice_are_not_scored(coded: Postures) -> None:
    choices = [
        (client, period)
        for client, period, _, _ in coded.changes()
        if coded.scored[coded.period(period), coded.clients.index(client)]
    ]
    assert len(choices) == 7
    assert [period for _, period in choices].count("2024H1") == 3
    assert not coded.scored[0].any()
    assert not coded.scored[:, coded.clients.index("Chechnya")].any()
    syria = coded.clients.index("Syria")
    assert coded.scored[1 : coded.period("2024H2"), syria].all()
    assert not coded.scored[coded.period("2024H2") :, syria].any()
    assert coded.scored.sum() == 187 - 11 - 3


def test_only_the_fallen_regime_is_lost(coded: Postures) -> None:
    lost = {coded.clients[client]: coded.periods[period] for period, client in np.argwhere(coded.regime_lost)[::-1]}
    assert lost == {"Syria": "2024H2"}
    assert coded.regime_lost.sum() == 3


def test_who_starts_and_ends_where(coded: Postures) -> None:
    first = dict(zip(coded.clients, coded.posture[0].tolist(), strict=True))
    last = dict(zip(coded.clients, coded.posture[-1].tolist(), strict=True))
    assert {name for name, rung in first.items() if rung} == {"Uzbekistan"}
    assert {name: rung for name, rung in last.items() if rung} == {
        "Armenia": SUSPENDED,
        "Serbia": DISTANCING,
        "Syria": DISTANCING,
        "Chechnya": HEDGING,
        "Kazakhstan": HEDGING,
        "Kyrgyzstan": HEDGING,
        "Uzbekistan": HEDGING,
    }


def test_levels_add_up_to_the_known_scores(shipped: Observed) -> None:
    levels = indicator_levels(shipped)
    total = np.sum([levels[name].astype(int) for name in shipped.indicators], axis=0)
    places = list(shipped.clients)
    assert total[:, places.index("Armenia")].tolist() == [0, 0, 0, 0, 0, 3, 3, 5, 8, 8, 10, 10]
    assert total[:, places.index("Kazakhstan")].tolist() == [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]
    assert total[-1, places.index("Belarus")] == 1
    assert total.sum() == 145


def test_an_indicator_can_be_left_out(shipped: Observed, coded: Postures) -> None:
    quiet = code_postures(shipped, frozenset({"stance"}))
    assert (quiet.posture <= coded.posture).all()
    assert not quiet.posture[:, quiet.clients.index("Kazakhstan")][: quiet.period("2023H2")].any()
    assert quiet.posture[quiet.period("2023H2"), quiet.clients.index("Kazakhstan")] == HEDGING
    with pytest.raises(ValueError, match=r"no indicator 'stanse' \(did you mean 'stance'\?\)"):
        code_postures(shipped, frozenset({"stanse"}))


def test_a_level_lasts_until_the_next_fact_and_counts_at_the_half_years_end(shipped: Observed) -> None:
    world = with_facts(
        shipped,
        up=("2021-06-30", "Cuba", "forces", 2),
        down=("2021-12-31", "Cuba", "forces", 0),
        after=("2022-07-01", "Cuba", "forces", 2),
    )
    cuba = code_postures(world).select(["Cuba"])
    assert cuba.posture[:, 0].tolist() == [0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1]


def test_leaving_for_a_rival_bloc_is_realigned_and_leaving_alone_is_not(shipped: Observed) -> None:
    world = with_facts(shipped, leaves=("2021-02", "Cuba", "pact", 3), joins=("2022-02", "Cuba", "institutions", 2))
    cuba = code_postures(world).select(["Cuba"]).posture[:, 0].tolist()
    assert cuba[:5] == [LOYAL, LOYAL, SUSPENDED, SUSPENDED, REALIGNED]
    without = code_postures(world, frozenset({"institutions"})).select(["Cuba"])
    assert without.posture[-1, 0] == SUSPENDED


def test_a_new_regime_that_joins_a_rival_bloc_is_realigned(shipped: Observed) -> None:
    world = with_facts(shipped, joins=("2025-07", "Syria", "institutions", 2))
    coded = code_postures(world).select(["Syria"])
    assert coded.posture[-2:, 0].tolist() == [DISTANCING, REALIGNED]
    assert not coded.scored[-1, 0]


def test_what_is_known_of_later_counts_once_the_span_reaches_it(shipped: Observed, coded: Postures) -> None:
    later = code_postures(with_facts(shipped, end="2026-06"))
    assert later.periods == (*coded.periods, "2026H1")
    assert np.array_equal(later.posture[:-1], coded.posture)
    assert np.array_equal(later.scored[:-1], coded.scored)
    venezuela = later.clients.index("Venezuela")
    assert later.regime_lost[:, venezuela].tolist() == [False] * 12 + [True]
    assert not later.scored[-1, venezuela]


def test_clients_are_selected_in_the_order_asked_for(coded: Postures) -> None:
    two = coded.select(["Serbia", "Armenia"])
    assert two.posture.shape == (12, 2)
    assert two.posture[-1].tolist() == [DISTANCING, SUSPENDED]
    with pytest.raises(ValueError, match="did you mean 'Serbia'"):
        coded.select(["Serbien"])
    with pytest.raises(ValueError, match="2020H1 to 2025H2"):
        coded.period("2019H2")


def test_the_examples_hold() -> None:
    found = doctest.testmod(periods)
    assert found.attempted >= 4
    assert found.failed == 0


def test_nobody_who_is_scored_moved_in_the_first_half_of_2026(coded: Postures) -> None:
    later = code_postures(observed.load("partners_2026_postures"))
    assert later.periods == (*coded.periods, "2026H1")
    np.testing.assert_array_equal(later.posture[:-1], coded.posture)
    assert [change for change in later.changes() if change[1] == "2026H1"] == [
        ("Venezuela", "2026H1", LOYAL, REALIGNED)
    ]
    assert not later.scored[-1, later.clients.index("Venezuela")]
    assert later.scored[-1].sum() == len(later.clients) - 3


def test_another_patrons_clients_leave_as_their_record_has_it() -> None:
    changes = code_postures(observed.load("soviet_bloc_postures")).changes()
    assert [one[1:] for one in changes if one[0] == "Hungary"] == [
        ("1989H2", LOYAL, HEDGING),
        ("1990H1", HEDGING, DISTANCING),
        ("1991H1", DISTANCING, SUSPENDED),
        ("1991H2", SUSPENDED, REALIGNED),
    ]
    # A regime loss into the other bloc is one step of the successor, and a state that has gone is not looked at.
    assert [one[1:] for one in changes if one[0] == "East Germany"] == [("1990H1", LOYAL, REALIGNED)]
    assert {one[0] for one in changes}.isdisjoint({"Cuba", "Vietnam", "Afghanistan"})
