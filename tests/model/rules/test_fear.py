"""The fear of retaliation."""

from __future__ import annotations

import pytest

from papertiger.model.rules import fear
from tests.model.rules.contracts import RuleContract

SHARE = (0.0, 1.0)
WEIGHT = (0.0, 100.0)


class TestRetaliationFear(RuleContract):
    field, rule = "retaliation_fear", staticmethod(fear.retaliation_fear)
    arguments = {"weight": WEIGHT, "exposure": SHARE, "capability": SHARE, "burden": SHARE, "distraction": SHARE}
    result = WEIGHT
    rises, falls = ("weight", "exposure", "capability"), ("burden", "distraction")


def test_retaliation_fear_against_a_hand_computed_value() -> None:
    assert fear.retaliation_fear(0.9, 0.7, 0.6, 0.8, 0.5) == pytest.approx(0.9 * 0.7 * 0.6 * 0.6, rel=1e-15)
