"""A client that leaves the network neither acts, sees nor counts from then on."""

from __future__ import annotations

import numpy as np
import pytest

from papertiger.model.ensemble.ensemble import ensemble
from papertiger.scenarios import Scenario
from tests.model.ensemble.agreement import assert_engines_agree
from tests.model.worlds import before, changed, client, column, event, everything, finished, world_of

LEAVES = 5


def world(*, leaves: str | None = "2020-06", posture: str = "suspended") -> Scenario:
    """Return two clients alike, of which one leaves in June."""
    alike = {"pact": "P", "region": "R"}
    clients = {
        "A": client(**alike, posture=posture, leaves=leaves, assets={"bases": 0.5}),
        "B": client(**alike, assets={"bases": 0.5}),
    }
    events = {
        "early": event("abandoned", "2020-03", "A", intensity=3),
        "late": event("abandoned", "2020-08", "A", intensity=3),
        "raid": event("attack", "2020-09", "A", intensity=3),
        "fall": event("regime_loss", "2020-10", "A", successor={"prior_resolve": 0.1}),
    }
    return world_of(clients, events, parameters={"review_rate": 1.0, "contagion": 1.0})


def test_it_is_in_the_network_until_the_month_before() -> None:
    gone = finished(world())
    assert column(gone, "A", "in_network") == [True] * LEAVES + [False] * (12 - LEAVES)
    assert column(gone, "B", "in_network") == [True] * 12


def test_until_then_nothing_is_different() -> None:
    assert before(finished(world()), LEAVES) == before(finished(world(leaves=None)), LEAVES)


def test_from_then_on_it_neither_moves_nor_is_moved() -> None:
    gone = finished(world())
    for name in ("posture", "capability", "resolve", "arms_tie", "regime"):
        assert len(set(column(gone, "A", name)[LEAVES - 1 :])) == 1, name
    assert not any(column(gone, "A", "reviewed")[LEAVES:])
    assert {row[0] for row in gone.record.signals} == {"2020-03"}


def test_it_counts_neither_as_loyal_nor_as_defected() -> None:
    gone, shares = finished(world()), ensemble(world(), 3).posture_shares
    names = [row[-1] for row in gone.record.patron]
    assert names[LEAVES - 1] >= 0.5
    assert all(share in (0.0, 1.0) for share in names[LEAVES:]), "of B alone"
    own = shares[shares.client == "A"].set_index("month")
    assert own.loc["2020-05"].drop("client").sum() == pytest.approx(1.0)
    assert own.loc["2020-06"].drop("client").sum() == 0.0


def test_the_patron_loses_no_assets_of_it_and_nobody_witnesses_it() -> None:
    gone = finished(world())
    lost = [row[3] for row in gone.record.patron]
    assert lost[LEAVES - 1] >= 0.5
    assert lost[-1] in (0.0, 0.5)
    quiet = changed(world(), witness_weight=0.0)
    late = [entry for entry in gone.ledger.entries if entry.month >= LEAVES and entry.cause != "war"]
    assert late == []
    assert everything(finished(quiet)) != everything(gone), "B witnessed what came before"


def test_a_contested_succession_of_it_costs_the_patron_nothing_more() -> None:
    clients = {"S": client(sub_state=True, treaty="none", leaves="2020-04"), "B": client()}
    constants = {
        "succession_base": 1.0,
        "succession_contested": 1.0,
        "succession_months": 12.0,
        "succession_cost": 0.2,
    }
    budgets = [row[1] for row in finished(world_of(clients, parameters=constants)).record.patron]
    assert budgets[2] == pytest.approx(0.8)
    assert budgets[3:] == pytest.approx([1.0] * 9)


@pytest.mark.parametrize("mode", ["replay", "generative"])
def test_the_engines_agree_on_who_leaves(mode: str) -> None:
    assert_engines_agree(changed(world(), mode=mode))
    assert_engines_agree(changed(world(), mode=mode, clients__B__enters="2020-03", clients__B__leaves="2020-05"))


def test_who_left_before_the_start_was_never_there() -> None:
    never = world(leaves="2020-01")
    assert not np.any(column(finished(never), "A", "in_network"))
    assert_engines_agree(never)
