"""Threats from adversaries and from the patron."""

from __future__ import annotations

import pytest

from papertiger.model.rules import threat
from papertiger.model.rules.threat import ExposureWeights
from tests.model.rules.contracts import RuleContract
from tests.model.worlds import client, column, event, finished, world_of

SHARE = (0.0, 1.0)
LEVEL = (0.0, 100.0)


class TestFade(RuleContract):
    field, rule = "fade", staticmethod(threat.fade)
    arguments = {"level": LEVEL, "memory": SHARE}
    result = LEVEL
    rises = ("level", "memory")


class TestImpulse(RuleContract):
    field, rule = "impulse", staticmethod(threat.impulse)
    arguments = {"size": LEVEL, "intensity": (1.0, 3.0)}
    result = LEVEL
    rises = ("size", "intensity")


class TestInvasionImpulse(RuleContract):
    field, rule = "invasion_impulse", staticmethod(threat.invasion_impulse)
    arguments = {"size": LEVEL, "exposure": SHARE}
    result = LEVEL
    rises = ("size", "exposure")


class TestAdversaryThreat(RuleContract):
    field, rule = "adversary_threat", staticmethod(threat.adversary_threat)
    arguments = {"base": SHARE, "level": LEVEL}
    result = SHARE
    rises = ("base", "level")


class TestPatronThreat(RuleContract):
    field, rule = "patron_threat", staticmethod(threat.patron_threat)
    arguments = {"level": LEVEL}
    result = SHARE
    rises = ("level",)


@pytest.mark.parametrize(
    ("border", "bases", "diaspora", "sub_state", "expected"),
    [
        (1.0, 0.0, 0.0, False, 0.4),
        (0.0, 1.0, 0.0, False, 0.3),
        (0.0, 0.0, 1.0, False, 0.3),
        (1.0, 1.0, 1.0, False, 1.0),
        (0.0, 0.0, 0.0, True, 1.0),
    ],
)
def test_exposure_weighs_border_bases_and_diaspora(
    border: float, bases: float, diaspora: float, sub_state: bool, expected: float
) -> None:
    weights = ExposureWeights(border=0.4, bases=0.3, diaspora=0.3)
    assert threat.exposure(border, bases, diaspora, sub_state, weights) == pytest.approx(expected, rel=1e-15)


def test_an_attack_raises_the_threat_by_a_third_of_its_size_per_intensity_and_fades() -> None:
    scenario = world_of({"A": client(threat=0.2)}, {"one": event("attack", "2020-02", "A", intensity=2)})
    for month, level in enumerate(column(finished(scenario), "A", "threat")):
        added = 0.3 * (2 / 3) * 0.95 ** (month - 1) if month >= 1 else 0.0
        assert level == pytest.approx(0.2 + added, rel=1e-14)


def test_the_threat_from_adversaries_is_at_most_one() -> None:
    events = {f"{n}": event("attack", "2020-02", "A", intensity=3) for n in range(5)}
    levels = column(finished(world_of({"A": client(threat=0.2)}, events)), "A", "threat")
    assert levels[1] == 1.0
    assert levels[-1] == 1.0  # x itself goes on above what is felt
    assert max(levels) == 1.0


@pytest.mark.parametrize("kind", ["claim", "coercion"])
def test_claims_and_coercion_raise_the_threat_from_the_patron_and_fade(kind: str) -> None:
    scenario = world_of({"A": client()}, {"one": event(kind, "2020-02", "A", intensity=3)})
    for month, level in enumerate(column(finished(scenario), "A", "patron_threat")):
        assert level == pytest.approx(0.25 * 0.96 ** (month - 1) if month >= 1 else 0.0, rel=1e-14)


def test_other_bad_news_is_no_threat_from_the_patron() -> None:
    scenario = world_of({"A": client()}, {"one": event("criticism", "2020-02", "A", intensity=3)})
    assert set(column(finished(scenario), "A", "patron_threat")) == {0.0}


def test_an_invasion_is_felt_by_exposure_and_makes_the_exposed_review() -> None:
    clients = {
        "Near": client(border=1.0),
        "Far": client(border=0.0),
        "Inside": client(sub_state=True, treaty="none"),
        "Later": client(border=1.0, enters="2020-06"),
    }
    scenario = world_of(
        clients, {"one": event("invasion", "2020-02")}, parameters={"review_rate": 0, "succession_base": 0}
    )
    world = finished(scenario)
    assert column(world, "Near", "patron_threat")[1] == pytest.approx(0.04, rel=1e-14)
    assert column(world, "Near", "patron_threat")[2] == pytest.approx(0.04 * 0.96, rel=1e-14)
    assert column(world, "Inside", "patron_threat")[1] == pytest.approx(0.1, rel=1e-14)
    assert set(column(world, "Far", "patron_threat")) == {0.0}
    assert set(column(world, "Later", "patron_threat")) == {0.0}
    assert [sum(column(world, name, "reviewed")) for name in clients] == [1, 0, 1, 0]
