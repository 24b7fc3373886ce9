"""Tell public from secret where the numbers of both are alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.model.rules.threat import impulse
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from papertiger.wargame.views.plain import as_bytes
from papertiger.wargame.views.rival_desk import Courted, RivalDesk
from tests.wargame.games import BORDER, CLIENTS, PATRON, WEST, new_play, sheet, small

BORDER_INDEX, RAISED = CLIENTS.index(BORDER), impulse(0.15, 2.0)
HEDGES = {"do": "posture", "posture": "hedging"}


def courted(session: Session) -> Courted:
    """Return what West is shown of a client."""
    desk = session.view(WEST).desk
    assert isinstance(desk, RivalDesk)
    return desk.clients[BORDER_INDEX]


def turned_down(folder: Path, if_refused: str, growth: float, *, covert: bool) -> Session:
    """Return a game in which West raises its offer to a client that stays where it is, with or without contacts."""
    world = small(offer_size=0.15, covert_growth=growth)
    session = new_play(folder, world, name=f"{if_refused} {covert}")
    session.submit(sheet(WEST, 1, {"do": "offer", "client": BORDER, "if_refused": if_refused}))
    contacts = {"do": "hedge", "towards": "West"} if covert else {"do": "hedge"}
    session.submit(sheet(Seat("client", BORDER), 1, HEDGES, contacts))
    session.resolve(1)
    return session


@pytest.mark.parametrize("if_refused", ["keep", "withdraw"])
@pytest.mark.parametrize("part", [0.5, 1.0, 2.0])
def test_a_rival_knows_its_own_withdrawal_and_not_the_contacts(tmp_path: Path, if_refused: str, part: float) -> None:
    # Where contacts add just what was taken back, the offer does not move at all.
    growth = part * RAISED
    plain, secret = (turned_down(tmp_path, if_refused, growth, covert=covert) for covert in (False, True))
    moved = secret.replay().now.clients[BORDER_INDEX].offers[0] - plain.replay().now.clients[BORDER_INDEX].offers[0]
    assert moved == pytest.approx(growth)
    assert courted(plain).withdrawn is courted(secret).withdrawn is (if_refused == "withdraw")
    assert as_bytes(plain.view(WEST)) == as_bytes(secret.view(WEST))


@pytest.mark.parametrize(
    "constants",
    [{}, {"covert_threat": 0.3}, {"covert_threat": 0.0}, {"claim_threat": 0.0}, {"covert_trust_cost": 0.0}],
    ids=lambda constants: " ".join(constants) or "shipped",
)
def test_what_was_found_out_is_told_however_little_it_moved(tmp_path: Path, constants: dict[str, float]) -> None:
    for discovery in (0.0, 1.0):
        world = small(covert_discovery=discovery, **constants)
        session = new_play(tmp_path, world, name=f"found {discovery}")
        order = {"do": "hedge", "towards": "West"}
        session.submit(sheet(Seat("client", BORDER), 1, HEDGES, order))
        session.resolve(1)
        assert session.view(PATRON).desk.found_out == ((BORDER,) if discovery else ())  # type: ignore[union-attr]
        session.resolve(2)
        seen = session.snapshot().seen
        assert [month[BORDER_INDEX].found_out for month in seen] == [False, bool(discovery), False]
