"""Class lists: a link for each person, which seats nobody else, leaks no name, and outlives a restart."""

from __future__ import annotations

import re
import stat
import sys
from pathlib import Path

import pytest

from papertiger.wargame.server.auth import AuthError
from papertiger.wargame.server.network import Places
from papertiger.wargame.server.roster import FILE, MAX_PEOPLE, Roster, read_list
from tests.wargame.server.parallel.classes import ClassRoom, Member
from tests.wargame.server.visitors import House, Visitor

LIST = "Name;Seat\nAnna Ångström;Border\nBernd B;client:Open\n\nCem Ç;patron\nDora D"
SEATS = {"border": "client:Border", "open": "client:Open", "patron": "patron"}


def links(page: str) -> dict[str, str]:
    """Return the code of each person's link, as it stands on the list's page."""
    rows = re.findall(r"<tr><td>([^<]+)</td><td>[^<]*</td><td><code>http[^<]+/\?code=([A-Z0-9]+)<", page)
    return dict(rows)


def come(visitor: Visitor, code: str) -> str:
    """Open a personal link, send the form that it shows, and return where that leads."""
    page = visitor.get(f"/?code={code}").text
    assert f'value="{code}"' in page
    return str(visitor.send("/join", code=code, name="somebody else", language="en").headers["location"])


def test_a_link_seats_its_person_and_no_other(house: House) -> None:
    staff = house.facilitator()
    assert staff.send("/room/roster", text=LIST).headers["location"] == "/room/roster"
    codes = links(staff.get("/room/roster").text)
    assert list(codes) == ["Anna Ångström", "Bernd B", "Cem Ç", "Dora D"]
    assert len({len(code) for code in codes.values()} | {12}) == 1
    anna, dora = house.stranger(), house.stranger()
    assert come(anna, codes["Anna Ångström"]) == "/desk"
    assert house.session.game.holders["client:Border"].startswith("Anna Ångström #")
    assert come(dora, codes["Dora D"]) == "/lobby"
    assert "somebody else" not in staff.get("/room").text
    other = codes["Dora D"][:11] + ("2" if codes["Dora D"][11] != "2" else "3")
    assert house.stranger().send("/join", code=other, name="x", language="en").status_code == 403


def test_it_holds_again_and_again_and_on_another_device(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/roster", text=LIST)
    code = links(staff.get("/room/roster").text)["Bernd B"]
    old, new = house.stranger(), house.stranger()
    assert come(old, code) == "/desk"
    house.restart(staff, old)
    new = house.stranger()
    assert come(new, code) == "/desk"
    assert new.get("/desk").status_code == 200
    assert old.get("/desk").status_code == 404
    assert links(staff.get("/room/roster").text)["Bernd B"] == code


def test_whoever_is_taken_off_the_list_loses_the_link_and_the_others_keep_theirs(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/roster", text=LIST)
    before = links(staff.get("/room/roster").text)
    staff.send("/room/roster", text="Dora D\nBernd B, Border")
    after = links(staff.get("/room/roster").text)
    assert after == {"Dora D": before["Dora D"], "Bernd B": before["Bernd B"]}
    gone = house.stranger()
    assert gone.send("/join", code=before["Anna Ångström"], name="x", language="en").status_code == 403


SHARED = "Anna;Border\nBernd;Border\nCem;Open"


def test_several_people_share_a_seat_each_on_a_device_of_their_own(house: House) -> None:
    staff = house.facilitator()
    assert staff.send("/room/roster", text=SHARED).status_code == 303
    codes = links(staff.get("/room/roster").text)
    anna, bernd = house.stranger(), house.stranger()
    assert come(anna, codes["Anna"]) == come(bernd, codes["Bernd"]) == "/desk"
    assert house.session.game.holders["client:Border"].startswith("Anna, Bernd #")
    anna.send("/desk/orders", turn="1", ask="yes", **{"as": "orders"})
    for one in (anna, bernd):
        assert "your orders are on record" in one.get("/desk?done=ordered").text
    house.restart(staff, anna, bernd)
    assert {one.get("/desk").status_code for one in (anna, bernd)} == {200}


def test_who_leaves_a_shared_seat_leaves_it_to_the_others(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/roster", text=SHARED)
    codes = links(staff.get("/room/roster").text)
    anna, bernd = house.stranger(), house.stranger()
    come(anna, codes["Anna"])
    come(bernd, codes["Bernd"])
    anna.send("/leave")
    assert bernd.get("/desk").status_code == 200
    again = house.stranger()
    assert come(again, codes["Anna"]) == "/desk"
    assert bernd.get("/desk").status_code == 200
    for one in (bernd, again):
        one.send("/leave")
    assert "client:Border" not in house.session.game.holders


def test_a_shared_seat_that_somebody_else_took_is_the_teams_again(house: House) -> None:
    staff, other = house.facilitator(), house.team("client:Border")
    staff.send("/room/roster", text=SHARED)
    codes = links(staff.get("/room/roster").text)
    anna, bernd = house.stranger(), house.stranger()
    come(anna, codes["Anna"])
    come(bernd, codes["Bernd"])
    assert other.get("/desk").status_code == 404
    assert {one.get("/desk").status_code for one in (anna, bernd)} == {200}


def test_each_slip_has_a_code_to_scan_and_nobody_else_gets_one(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/roster", text=SHARED)
    alone = staff.get("/room/roster/slips").text
    assert "<img" not in alone  # an address of this machine alone is never drawn
    assert staff.get("/room/roster/code.svg?person=1").status_code == 404
    house.state.places = Places(8000, given="school.example:8000")
    page = staff.get("/room/roster/slips").text
    for code in links(staff.get("/room/roster").text).values():
        assert f"/?code={code}</code>" in page
    images = re.findall(r'src="(/room/roster/code\.svg\?person=\d)"', page)
    assert len(set(images)) == 3
    drawn = [staff.get(image).content for image in images]
    assert len(set(drawn)) == 3
    assert all(svg.startswith(b"<svg") for svg in drawn)
    assert staff.get("/room/roster/code.svg?person=4").status_code == 404
    assert staff.get("/room/roster/code.svg?person=x").status_code == 404
    for visitor in (house.guest(), house.observer(), house.team("patron"), house.stranger()):
        assert visitor.get(images[0]).content not in drawn
        assert "code=" not in visitor.get("/room/roster/slips").text.partition("<main")[2]


def test_opening_a_link_changes_nothing(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/roster", text=LIST)
    code = links(staff.get("/room/roster").text)["Anna Ångström"]
    seq = house.session.game.seq
    assert house.stranger().get(f"/?code={code}").status_code == 200
    assert house.session.game.seq == seq


def test_no_name_of_the_list_reaches_anybody_else(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/roster", text="CANARY-ONE;Border\nCANARY-TWO;Open\nCANARY-THREE")
    codes = links(staff.get("/room/roster").text)
    one, two = house.stranger(), house.stranger()
    come(one, codes["CANARY-ONE"])
    come(two, codes["CANARY-TWO"])
    guest, observer, patron = house.guest(), house.observer(), house.team("patron")
    pages = [
        (guest, "/lobby"),
        (guest, "/wall"),
        (observer, "/wall"),
        (patron, "/desk"),
        (patron, "/wall"),
        (two, "/desk"),
    ]
    for visitor, path in pages:
        text = visitor.get(path).text
        assert "CANARY" not in text
        assert not any(code in text for code in codes.values())
    for visitor in (house.stranger(), guest, patron, observer):
        assert visitor.get("/room/roster").status_code in (303, 403, 404)
        assert "CANARY" not in visitor.get("/room/roster").text
    assert b"CANARY" not in staff.get("/export/game.json").content


def test_whoever_calls_themselves_like_a_team_does_not_sit_with_it(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/roster", text=SHARED)
    other = house.stranger()
    other.send("/join", code=house.state.auth.code, name="Anna, Bernd", language="en")
    assert other.send("/claim", seat="client:Border").status_code == 303
    assert other.get("/desk").status_code == 200
    code = links(staff.get("/room/roster").text)
    anna, bernd = house.stranger(), house.stranger()
    assert come(anna, code["Anna"]) == "/desk"
    assert come(bernd, code["Bernd"]) == "/desk"
    assert other.get("/desk").status_code == 404
    assert [visitor.get("/desk").status_code for visitor in (anna, bernd)] == [200, 200]
    assert re.search(r'data-label="Who">Anna, Bernd(?: ·|<)', staff.get("/room").text) is not None


def test_a_member_of_a_group_comes_in_by_the_link_of_the_class(tmp_path: Path) -> None:
    room = ClassRoom(tmp_path)
    staff = room.facilitator()
    try:
        room.founder("A", "Group A")
        staff.home = "/group/1"
        assert staff.send("/room/roster", at="/group/1/room", text="Anna;Border").status_code == 303
        [code] = links(staff.get("/room/roster").text).values()
        anna = Member(room, "anna")
        answer = anna.send("/join", at="/", code=code, name="", language="en")
        assert answer.headers["location"] == "/group/1/desk"
    finally:
        room.close()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Anna;Nowhere", "line 1: there is no seat Nowhere"),
        ("Anna\nAnna", "line 2: Anna stands on the list already"),
        ("x" * 41, "line 1: the name"),
        (
            "\n".join(f"P{number}" for number in range(MAX_PEOPLE + 5)),
            f"line {MAX_PEOPLE + 1}: there is no place for P{MAX_PEOPLE}",
        ),
    ],
)
def test_a_mistake_in_the_list_is_named_and_nothing_is_lost(house: House, text: str, says: str) -> None:
    staff = house.facilitator()
    staff.send("/room/roster", text="Kept")
    answer = staff.send("/room/roster", text=text)
    assert answer.status_code == 422
    assert says in answer.text
    assert text.splitlines()[0] in answer.text  # what was typed stands there again
    assert [one.name for one in house.state.roster.people] == ["Kept"]


def test_lists_of_spreadsheets_are_read() -> None:
    for text in (
        "name,seat\nA,Border\nB",
        "Name;Platz\nA;Border\nB;",
        "Namen\tPlatz\nA\tBorder\nB\t",
        '"A",Border\nB',
    ):
        assert read_list(text, SEATS) == ([("A", "client:Border"), ("B", "")], [])


def test_names_and_codes_that_are_markup_are_shown_as_text(house: House) -> None:
    staff = house.facilitator()
    assert staff.send("/room/roster", text="<script>alert(1)</script>;Border").status_code == 303
    page = staff.get("/room/roster").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_file_is_its_owners_alone_and_a_spoilt_one_is_named(tmp_path: Path) -> None:
    roster = Roster(tmp_path)
    roster.replace([("Anna", "patron")])
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert Roster(tmp_path).people == roster.people
    (tmp_path / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(AuthError, match=FILE):
        Roster(tmp_path)


def test_a_long_list_stays_within_what_a_page_may_weigh(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/roster", text="\n".join(f"Somebody Number {number}" for number in range(MAX_PEOPLE)))
    page = staff.get("/room/roster")
    assert len(links(page.text)) == MAX_PEOPLE
    assert len(page.content) < 60_000
