"""What a desk says was done: only as long as it holds, since the address that says so outlives the turn."""

from __future__ import annotations

from tests.wargame.server.visitors import House

GIVEN, BACK, NOTHING = "your orders are on record", "Your orders are taken back", "Nothing is given yet"
ORDERED = "/desk?done=ordered"


def test_a_turn_that_is_resolved_ends_what_was_given(house: House) -> None:
    staff, border = house.facilitator(), house.team("client:Border")
    assert GIVEN not in border.get(ORDERED).text
    answer = border.send("/desk/orders", turn="1", ask="yes", **{"as": "orders"})
    assert answer.headers["location"].startswith(ORDERED)
    page = border.get(ORDERED).text
    assert GIVEN in page
    assert NOTHING not in page
    staff.send("/room/resolve", turn="1")
    page = border.get(ORDERED).text
    assert GIVEN not in page
    assert NOTHING in page
    staff.send("/room/end")
    assert GIVEN not in border.get(ORDERED).text


def test_practice_ends_what_was_given_and_taken_back(house: House) -> None:
    staff, border = house.facilitator(), house.team("client:Border")
    staff.send("/room/practise", do="begin")
    border.send("/desk/orders", turn="1", ask="yes", **{"as": "orders"})
    back = border.send("/desk/withdraw", turn="1").headers["location"]
    assert BACK in border.get(back).text
    border.send("/desk/orders", turn="1", ask="yes", **{"as": "orders"})
    assert BACK not in border.get(back).text
    assert GIVEN in border.get(ORDERED).text
    staff.send("/room/resolve", turn="1")
    staff.send("/room/practise", do="end")
    for address in (ORDERED, back):
        page = border.get(address).text
        assert GIVEN not in page
        assert BACK not in page
        assert NOTHING in page
