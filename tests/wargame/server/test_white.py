"""The facilitator's room: orders for empty seats, seats handed over, injects to come, and turns that go on alone."""

from __future__ import annotations

import re

import pytest

from papertiger.wargame.log.store import StoreError
from papertiger.wargame.rules.conditions import PostureHeld, PostureReached, ShareReached
from papertiger.wargame.server.auth import PASS_SECONDS
from tests.wargame.server.visitors import House, Visitor

INJECT = {"kind": "attack", "client": "Open", "intensity": "2", "news": "An attack.", "rival": ""}
BORDER = "client:Border"


def passed(visitor: Visitor, path: str) -> str:
    """Return the pass that a page shows."""
    found = re.search(r"<(?:strong|p class=\"big\")>([A-Z0-9]{9})<", visitor.get(path).text)
    assert found is not None
    return found.group(1)


def test_the_facilitator_gives_orders_for_an_empty_seat(house: House) -> None:
    staff = house.facilitator()
    page = staff.get(f"/room/seat/{BORDER}")
    assert page.status_code == 200
    assert 'action="/room/seat/client%3ABorder/orders"' in page.text
    wrong = staff.send(f"/room/seat/{BORDER}/orders", turn="1", posture="realigned")
    assert wrong.status_code == 422
    assert "out of reach" in wrong.text
    assert staff.send(f"/room/seat/{BORDER}/orders", turn="1", ask="no").status_code == 303
    given = house.session.game.branch.sheets[1, BORDER]
    assert (given.by, [order.slot[0] for order in given.sheet.orders]) == ("facilitator", ["ask"])
    assert "given by you" in staff.get("/room").text
    assert staff.send(f"/room/seat/{BORDER}/withdraw", turn="1").status_code == 303
    assert not house.session.game.branch.sheets
    assert staff.send(f"/room/seat/{BORDER}/orders", turn="2", ask="no").status_code == 409


def test_a_seat_that_somebody_holds_gives_its_own_orders(house: House) -> None:
    staff, _ = house.facilitator(), house.team(BORDER)
    page = staff.get(f"/room/seat/{BORDER}")
    assert "/orders" not in page.text
    assert staff.send(f"/room/seat/{BORDER}/orders", turn="1", ask="no").status_code == 409
    assert staff.send(f"/room/seat/{BORDER}/withdraw", turn="1").status_code == 409
    assert not house.session.game.branch.sheets
    for path in ("/room/seat/client:Nobody", "/room/seat/facilitator"):
        assert staff.get(path).status_code == 404


def test_a_pass_takes_a_seat_over_once(house: House) -> None:
    staff, old = house.facilitator(), house.team(BORDER)
    assert staff.send("/room/pass", seat=BORDER).status_code == 303
    code = passed(staff, "/room")
    assert old.get("/desk").status_code == 200  # until somebody comes with it
    new = house.stranger()
    answer = new.send("/join", code=f"{code[:4]}-{code[4:].lower()}", name="Berta", language="en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert new.get("/desk").status_code == 200
    assert old.get("/desk").status_code == 404
    assert house.stranger().send("/join", code=code, name="x", language="en").status_code == 403


def test_a_team_goes_on_with_another_device(house: House) -> None:
    old = house.team(BORDER)
    assert old.send("/desk/orders", turn="1", ask="no", **{"as": "orders"}).status_code == 303
    assert old.send("/desk/pass").status_code == 303
    code = passed(old, "/desk")
    new = house.stranger()
    assert new.send("/join", code=code, name="Anna", language="en").headers["location"] == "/desk"
    assert re.search('name="ask" value="no"[^>]* checked', new.get("/desk").text)  # its orders are the seat's
    assert old.get("/desk").status_code == 404


def test_a_seat_with_a_pass_is_kept_free(house: House) -> None:
    staff, guest = house.facilitator(), house.guest()
    staff.send("/room/pass", seat=BORDER)
    assert f'value="{BORDER}"' not in guest.get("/lobby").text
    assert guest.send("/claim", seat=BORDER).status_code == 409
    assert staff.send("/room/pass", seat="client:Nobody").status_code == 404


def test_a_pass_survives_a_restart_and_ends_with_time(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/pass", seat=BORDER)
    code = passed(staff, "/room")
    house.restart(staff)
    assert house.auth.pass_for(BORDER) == code
    later = house.auth.clock() + PASS_SECONDS
    house.auth.clock = lambda: later
    assert house.auth.pass_for(BORDER) == ""
    assert house.stranger().send("/join", code=code, name="x", language="en").status_code == 403
    house.auth.hand_over(BORDER)
    house.auth.end_seat(BORDER)
    assert house.auth.pass_for(BORDER) == ""


@pytest.mark.parametrize(
    ("fields", "condition"),
    [
        ({"when": "beyond", "posture": "suspended"}, PostureReached(client="Open", posture="suspended")),
        ({"when": "within", "posture": "loyal"}, PostureHeld(client="Open", posture="loyal")),
        ({"when": "share", "share": "25"}, ShareReached(share=0.25)),
    ],
)
def test_an_inject_waits_for_what_everyone_sees(house: House, fields: dict[str, str], condition: object) -> None:
    staff, observer = house.facilitator(), house.observer()
    assert staff.send("/room/inject", **INJECT, **fields).status_code == 303
    (script,) = house.session.game.branch.injects.values()
    assert script.body.condition == condition
    assert "An attack." not in observer.get("/wall").text


def test_an_inject_happens_in_its_month(house: House) -> None:
    staff, observer = house.facilitator(), house.observer()
    assert "2020-12" in staff.get("/room").text
    assert staff.send("/room/inject", **INJECT, when="month", month="2020-12").status_code == 303
    for turn in ("1", "2"):
        assert "An attack." not in observer.get("/wall").text
        staff.send("/room/resolve", turn=turn)
    assert "An attack." in observer.get("/wall").text


@pytest.mark.parametrize(
    "fields",
    [
        {"when": "month", "month": "2019-01"},
        {"when": "month", "month": ""},
        {"when": "beyond", "posture": "gone"},
        {"when": "share", "share": "101"},
        {"when": "whenever"},
        {"when": "now", "kind": "flood"},
    ],
)
def test_an_inject_that_cannot_be_is_refused(house: House, fields: dict[str, str]) -> None:
    staff = house.facilitator()
    assert staff.send("/room/inject", **INJECT | fields).status_code in (409, 422)
    assert not house.session.game.branch.injects


def test_a_turn_goes_on_by_itself_once_all_teams_are_ready(house: House) -> None:
    staff, border, patron = house.facilitator(), house.team(BORDER), house.team("patron")
    assert border.send("/desk/ready", turn="1", ready="yes").status_code == 303
    assert patron.send("/desk/ready", turn="1", ready="yes").status_code == 303
    assert house.session.game.branch.resolved == 0  # the facilitator sets the pace unless told otherwise
    assert staff.send("/room/pace", by_itself="yes").status_code == 303
    assert house.session.game.branch.resolved == 1  # both were ready
    border.send("/desk/ready", turn="2", ready="yes")
    assert house.session.game.branch.resolved == 1
    house.restart(staff, border, patron)
    patron.send("/desk/ready", turn="2", ready="yes")
    assert house.session.game.branch.resolved == 2
    staff.send("/room/pace", by_itself="no")
    for team in (border, patron):
        team.send("/desk/ready", turn="3", ready="yes")
    assert house.session.game.branch.resolved == 2


def test_who_comes_next_is_asked_anew_whether_it_is_ready(house: House) -> None:
    staff, border, patron = house.facilitator(), house.team(BORDER), house.team("patron")
    staff.send("/room/pace", by_itself="yes")
    border.send("/desk/ready", turn="1", ready="yes")
    house.auth.hand_over(BORDER)
    new = house.stranger()
    new.send("/join", code=house.auth.pass_for(BORDER), name="Berta", language="en")
    assert 'name="ready" value="no"' not in new.get("/desk").text
    patron.send("/desk/ready", turn="1", ready="yes")
    assert house.session.game.branch.resolved == 0


@pytest.mark.parametrize("how", ["leaves", "is kicked"])
def test_a_turn_goes_on_when_the_one_that_was_waited_for_goes(house: House, how: str) -> None:
    staff, border, patron = house.facilitator(), house.team(BORDER), house.team("patron")
    staff.send("/room/pace", by_itself="yes")
    border.send("/desk/ready", turn="1", ready="yes")
    if how == "leaves":
        patron.send("/leave")
    else:
        staff.send("/room/kick", seat="patron")
    assert house.session.game.branch.resolved == 1


def test_a_turn_that_a_kill_cut_short_goes_on_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    staff, border = house.facilitator(), house.team(BORDER)
    staff.send("/room/pace", by_itself="yes")

    def dies(*_: object) -> None:
        raise RuntimeError("killed while it computes")

    monkeypatch.setattr(house.session.engine, "replay", dies)
    border.send("/desk/ready", turn="1", ready="yes")
    house.restart(staff, border)
    assert (house.session.game.branch.resolved, house.session.game.branch.closed) == (0, True)
    house.session.resolve_if_due()  # as a start does
    assert house.session.game.branch.resolved == 1


def test_a_pass_that_could_not_be_used_still_holds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = house.team(BORDER), house.stranger()
    code = house.auth.hand_over(BORDER)

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(house.session, "claim", full)
        assert new.send("/join", code=code, name="Berta", language="en").status_code == 503
    assert house.guest().send("/claim", seat=BORDER).status_code == 409  # it is kept for whoever has the pass
    assert new.send("/join", code=code, name="Berta", language="en").headers["location"] == "/desk"
    assert old.get("/desk").status_code == 404


def test_a_pass_can_be_taken_back(house: House) -> None:
    staff, team = house.facilitator(), house.team(BORDER)
    for visitor, path, fields in ((staff, "/room/pass", {"seat": BORDER}), (team, "/desk/pass", {})):
        visitor.send(path, **fields)
        code = house.auth.pass_for(BORDER)
        assert code
        visitor.send(path, do="void", **fields)
        assert house.auth.pass_for(BORDER) == ""
        assert house.stranger().send("/join", code=code, name="x", language="en").status_code == 403


def test_an_inject_form_counts_once_and_not_with_another_content(house: House) -> None:
    staff = house.facilitator()
    form = INJECT | {"csrf": staff.token(), "key": "k", "when": "now"}
    assert [staff.client.post("/room/inject", data=form).status_code for _ in range(2)] == [303, 303]
    assert staff.client.post("/room/inject", data=form | {"client": "Border"}).status_code == 409
    assert [one.body.event.client for one in house.session.game.branch.injects.values()] == ["Open"]
