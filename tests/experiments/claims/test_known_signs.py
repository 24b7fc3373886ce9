"""In a replay without feedback beliefs hang on no luck: effects on them are exact, and gone with their mechanism.

Each claim's own sign, in every client that it names, comes from the file of claims.
"""

from __future__ import annotations

import pytest

from papertiger.experiments.claims.examine import examine
from papertiger.experiments.claims.loader import load_claims
from papertiger.experiments.claims.measures import MEASURES
from papertiger.experiments.claims.schema import Claim, Claims, Effect
from papertiger.experiments.claims.worlds import scenario_of

SHIPPED = load_claims()
NO_FEEDBACK = {"budget_feedback": 0.0, "burden_feedback": 0.0}
BY_LUCK = ("21",)
"""In replay, too, a succession and secret talks are drawn."""
BESIDE = {"29": {"hard_times_excuse": 0.0}}
"""What else the twin moves, the other way: a war also excuses what the patron fails to do."""


def beliefs(claim: Claim) -> tuple[Effect, ...]:
    return tuple(one for one in claim.effects if MEASURES[one.measure].domain == "belief")


def exact() -> list[str]:
    """Return the claims whose effect on belief is exact: those of a replay to its end."""
    keys = []
    for key, claim in SHIPPED.claims.items():
        if claim.scenario is not None and beliefs(claim) and key not in BY_LUCK:
            world = scenario_of(claim.scenario)
            if world.mode == "replay" and world.generative_from is None:
                keys.append(key)
    return keys


def one_by_one(key: str, claim: Claim) -> Claim:
    """Return a claim that asserts its effects on belief of every client by itself, in worlds without feedback."""
    assert claim.twin is not None
    assert claim.mechanism is not None
    effects = [
        effect.model_copy(update={"clients": (client,)})
        for effect in beliefs(claim)
        for client in effect.clients or ("",)
        if client
    ] or list(beliefs(claim))
    off = {**claim.mechanism.off, **NO_FEEDBACK, **BESIDE.get(key, {})}
    mechanism = claim.mechanism.model_copy(update={"off": off})
    return claim.model_copy(update={"effects": tuple(effects), "mechanism": mechanism})


@pytest.mark.parametrize("key", exact())
def test_every_client_that_a_claim_names_has_its_sign_and_none_without_the_mechanism(key: str) -> None:
    claims: Claims = SHIPPED.model_copy(update={"claims": {key: one_by_one(key, SHIPPED.claims[key])}})
    (examined,) = examine(claims, runs=2).examined
    assert examined.findings
    for finding in examined.findings:
        assert finding.difference is not None
        assert finding.off is not None
        sign = 1.0 if finding.effect.sign == "higher" else -1.0
        # Luck only enters through the feedback, which is slight.
        assert sign * finding.difference.difference > 0.0
        assert sign * finding.difference.high > 0.0 or finding.difference.alike is not None
        assert finding.off.changed == 0.0, finding.effect.clients
        assert finding.off.difference == 0.0
