"""What a desk says was done: only as long as it holds, since the address that says so outlives the turn."""

from __future__ import annotations

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.questions import PostureBeyond
from papertiger.wargame.server.pages.forms import asked as asked_as
from papertiger.wargame.server.pages.situation import SHARES, Reach, asks_of
from papertiger.wargame.views.news import CRISES
from papertiger.wargame.views.order_cards import MAX_CARDS, in_play
from papertiger.wargame.views.score import came
from tests.wargame.games import sheet
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


def test_after_the_end_there_is_no_outlook_but_a_way_to_the_review(house: House) -> None:
    staff, border = house.facilitator(), house.team("client:Border")
    assert "Play is over" not in border.get("/outlook").text
    staff.send("/room/end")
    answer = border.get("/outlook")
    assert answer.status_code == 200
    assert "Play is over" in answer.text
    assert "<svg" not in answer.text[answer.text.index("<h1") :]


def test_a_review_does_not_say_that_nothing_was_expected_before_it_is_revealed(house: House) -> None:
    staff, border, patron = house.facilitator(), house.team("client:Border"), house.team("patron")
    fields = {"as": "orders", "ask1": "crisis", "client1": "Border", "chance1": "40", "until1": "1"}
    assert border.send("/desk/orders", turn="1", **fields).status_code == 303
    staff.send("/room/resolve", turn="1")
    staff.send("/room/end")

    def expected(page: str) -> str:
        return page[(start := page.index("What was expected")) : page.index("</section>", start)]

    hidden = expected(patron.get("/review").text)
    assert "is not shown yet" in hidden
    assert "none" not in hidden.lower()
    assert "40" in expected(border.get("/review").text)
    assert "is not shown yet" not in expected(staff.get("/review").text)
    staff.send("/room/reveal", step="forecasts", turn="1")
    shown = expected(patron.get("/review").text)
    assert "is not shown yet" not in shown
    assert "40" in shown


def test_a_plan_of_nothing_leaves_room_for_the_rules(house: House) -> None:
    assert "nothing planned; the rules may bring crises" in house.facilitator().get("/room").text


def test_a_crisis_that_everyone_reads_of_is_no_question(house: House) -> None:
    known = 0
    for turn in range(1, house.session.game.schedule.turns + 1):
        view = house.session.view(seats.THE_PATRON)
        now = {item.client for item in view.public.coming if item.kind in CRISES}
        asked = {said["client"] for _, said in asks_of(view, {})[1] if said["ask"] == "crisis"}
        assert asked
        assert not asked & now
        for client in now:
            before = asked_as({"ask": "crisis", "client": client, "turn": turn})
            assert before in dict(asks_of(view, {"ask1": before})[1])  # what somebody chose before stays
        known += len(now)
        house.session.resolve(turn)
    assert known


def test_what_cannot_come_or_cannot_fail_is_no_question(house: House) -> None:
    """Each posture that is not asked about is settled as everybody could know; what is asked can still be either."""
    session, schedule = house.session, house.session.game.schedule
    known: list[tuple[PostureBeyond, bool]] = []
    asked = 0
    for turn in range(1, schedule.turns + 1):
        view = session.view(seats.THE_PATRON)
        reach = Reach(view)
        offered = [said for _, said in asks_of(view, {})[1] if said["ask"] == "posture_beyond"]
        for until in {turn, schedule.turns}:
            for client in in_play(view)[:MAX_CARDS]:
                nearest, farthest = reach.of(client, until)
                for posture in ("distancing", "suspended"):
                    said = {"ask": "posture_beyond", "client": client, "posture": posture, "turn": until}
                    open_ = nearest < POSTURES.index(posture) <= farthest
                    assert (said in offered) is open_
                    asked += open_
                    if not open_:
                        question = PostureBeyond.model_validate({**said, "probability": 0.5})
                        known.append((question, nearest >= POSTURES.index(posture)))
        rung = ("hedging", "distancing", "suspended", "suspended")[min(turn, 4) - 1]
        session.submit(sheet(seats.Seat("client", "Border"), turn, {"do": "posture", "posture": rung}))
        session.resolve(turn)
    assert asked
    assert known
    for question, expected in known:
        assert came(question, session.snapshot()) is expected


def test_a_share_that_nobody_can_reach_any_more_is_no_question(house: House) -> None:
    last = house.session.game.schedule.turns
    for turn in range(1, last):
        house.session.resolve(turn)
    view = house.session.view(seats.THE_PATRON)
    least, most = Reach(view).shares(last)
    shares = [said["share"] for _, said in asks_of(view, {})[1] if said["ask"] == "defected_share"]
    assert all(least < share <= most for share in shares if isinstance(share, float))
    everything = [said["share"] for _, said in asks_of(view, {}, jumps=True)[1] if said["ask"] == "defected_share"]
    assert len(everything) == len(SHARES)


def test_a_browser_that_has_not_joined_reads_how_to_come_in_wherever_it_asks(house: House) -> None:
    stranger, guest = house.stranger(), house.guest()
    answers = [stranger.get(path) for path in ("/wall", "/desk", "/room", "/nowhere")]
    assert {answer.status_code for answer in answers} == {404}
    assert all("This browser has not joined the game" in answer.text for answer in answers)
    assert len({answer.text for answer in answers}) == 1  # or it would say which pages there are
    assert "has not joined" not in guest.get("/nowhere").text
