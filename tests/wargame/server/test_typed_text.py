"""Text that somebody typed is never lost: through the forms, as a browser without script sends them."""

from __future__ import annotations

import json

import pytest

from papertiger.wargame.log import records
from papertiger.wargame.rules.seats import parse
from tests.wargame.server.visitors import House, Visitor

BORDER = "client:Border"
WHY = "Because nobody came last time."
WHOLE = {"turn": "1", "whole": "1"}
TYPED = {**WHOLE, "ask": "yes", "ask.why": WHY, "text": "We need to talk.", "to": "rival:West"}


def desk(team: Visitor) -> str:
    return str(team.get("/desk").text)


def test_ready_gives_what_stands_in_the_form(house: House) -> None:
    team = house.team(BORDER)
    answer = team.send("/desk/orders", **TYPED, **{"as": "ready"})
    assert answer.headers["location"] == "/desk?done=ordered#done"
    line = house.session.game.branch
    sheet = line.sheets[1, BORDER].sheet
    assert [(order.slot, order.why) for order in sheet.orders] == [(("ask", ""), WHY)]
    assert BORDER in line.ready
    page = desk(team)
    assert WHY in page
    assert "We need to talk." in page  # not sent yet, and still there


def test_a_reason_for_what_is_left_open_stays_in_the_form(house: House) -> None:
    team = house.team(BORDER)
    team.send("/desk/orders", **WHOLE, **{"as": "ready", "complain.why": WHY})
    assert WHY in desk(team)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/desk/message", {}),
        ("/desk/pass", {}),
        ("/desk/ready", {"ready": "no"}),
        ("/desk/withdraw", {}),
        ("/language", {"language": "de"}),
    ],
)
def test_whatever_button_is_pressed_first_keeps_what_is_typed(house: House, path: str, more: dict[str, str]) -> None:
    team = house.team(BORDER)
    assert team.send(path, **TYPED, **more).status_code == 303
    page = desk(team)
    assert WHY in page
    if path == "/desk/message":
        assert [message.text for message in house.session.game.branch.messages] == ["We need to talk."]
        assert page.count("We need to talk.") == 1  # among the messages, and no more in the form
    else:
        assert "We need to talk." in page


def test_a_draft_is_there_after_a_restart(house: House) -> None:
    team = house.team(BORDER)
    team.send("/desk/orders", **TYPED, **{"as": "draft"})
    house.restart(team)
    assert WHY in desk(team)


def test_what_was_typed_in_a_turn_that_is_over_can_be_taken_along(house: House) -> None:
    team = house.team(BORDER)
    team.send("/desk/orders", **TYPED, **{"as": "draft"})
    house.session.resolve(1)
    page = desk(team)
    assert WHY in page
    assert f'value="{WHY}"' not in page
    assert f'value="{WHY}"' in team.get("/desk?take=missed").text


@pytest.mark.parametrize("closed", [False, True])
def test_orders_that_come_too_late_are_still_on_the_page(house: House, closed: bool) -> None:
    team = house.team(BORDER)
    if closed:
        house.session.close_turn(1)
    else:
        house.session.resolve(1)
    answer = team.send("/desk/orders", **TYPED, **{"as": "ready"})
    assert answer.status_code == 409
    assert WHY in answer.text


def test_two_tabs_of_a_team_write_one_sheet(house: House) -> None:
    first, second = (
        {"touched": json.dumps([name]), name: text, "auto": "1", "as": "draft"} | WHOLE
        for name, text in (("ask.why", WHY), ("complain.why", "So that it is heard."))
    )
    team = house.team(BORDER)
    for form in (first, second):
        assert team.send("/desk/orders", **form).json() == {"saved": True}
    page = desk(team)
    assert WHY in page
    assert "So that it is heard." in page
    team.send("/desk/orders", **WHOLE, **{"as": "ready", "touched": '["ask"]', "ask": "no"})
    assert WHY in desk(team)
    assert "So that it is heard." in desk(team)


def test_saving_as_it_is_typed_makes_no_page_old_and_writes_no_word_twice(house: House) -> None:
    team = house.team(BORDER)
    before = dict(house.session.versions)
    form = WHOLE | {"as": "draft", "auto": "1", "touched": '["ask.why"]', "ask.why": WHY}
    for _ in range(3):
        assert team.send("/desk/orders", **form).status_code == 200
    assert house.session.versions == before
    drafts = [row for row in house.session.store.records() if isinstance(row.body, records.Drafted)]
    assert len(drafts) == 1


def test_a_slider_that_nobody_moved_is_no_draft(house: House) -> None:
    team = house.team(BORDER)
    rows = house.session.store.last()
    team.send("/desk/orders", **WHOLE, **{"as": "draft", "chance1": "50", "to": "patron", "ask": ""})
    assert house.session.store.last() == rows


def test_a_forecast_is_one_choice_and_a_slider(house: House) -> None:
    team = house.team(BORDER)
    asked = "posture_beyond/Open/suspended/3"
    team.send("/desk/orders", **WHOLE, **{"as": "ready", "ask1": asked, "chance1": "35"})
    (question,) = house.session.game.branch.sheets[1, BORDER].sheet.expects
    assert question.model_dump() == {
        "ask": "posture_beyond", "client": "Open", "posture": "suspended", "turn": 3, "probability": 0.35,
    }  # fmt: skip
    assert f'<option value="{asked}" selected>' in desk(team)


def test_what_is_wrong_is_said_at_its_field(house: House) -> None:
    team = house.team("patron")
    answer = team.send("/desk/orders", **WHOLE, **{"as": "ready", "points/Open": "many", "respond/Open": "help"})
    assert answer.status_code == 422
    field = next(tag for tag in answer.text.split("<") if 'name="points/Open"' in tag)
    assert 'aria-invalid="true"' in field
    assert "autofocus" in field
    assert 'value="many"' in field
    assert "patron" not in house.session.game.branch.ready


def test_all_closing_answers_are_one_form_and_in_every_export(house: House) -> None:
    team, staff = house.team(BORDER), house.facilitator()
    house.session.resolve(1)
    house.session.end()
    assert (
        team.send("/desk/answer", whole="1", **{"text/0": "When nobody came."})
        .headers["location"]
        .endswith("#closing")
    )
    for visitor in (team, staff):
        for path in ("/review", "/export/review.html", "/export/review.json"):
            assert "When nobody came." in visitor.get(path).text, path
    assert "When nobody came." in staff.get("/room").text
    tables = house.facilitator().get("/export/tables.zip").content
    assert b"answers.csv" in tables
    assert "When nobody came." not in house.team("patron").get("/export/review.json").text


# What the facilitator can do, and what she cannot do with one click


def test_play_that_was_ended_in_the_first_turn_goes_on(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/end")
    assert house.session.snapshot().over
    assert 'action="/room/activate"' in staff.get("/room").text
    staff.send("/room/activate", branch="0")
    assert not house.session.snapshot().over


@pytest.mark.parametrize("action", ["/room/end", "/room/undo", "/room/kick"])
def test_what_cannot_be_taken_back_with_one_click_takes_two(house: House, action: str) -> None:
    staff, _ = house.facilitator(), house.team(BORDER)
    house.session.resolve(1)
    page = staff.get("/room").text
    before = page[: page.index(f'action="{action}"')]
    assert before.rfind('<details class="sure">') > before.rfind("</details>")


def test_a_team_is_asked_before_it_leaves_its_seat(house: House) -> None:
    page = desk(house.team(BORDER))
    before = page[: page.index('action="/leave"')]
    assert before.rfind('<details class="sure">') > before.rfind("</details>")


def test_the_facilitator_hides_the_numbers(house: House) -> None:
    staff, team = house.facilitator(), house.team(BORDER)
    assert 'class="numbers"' in desk(team)
    staff.send("/room/figures", shown="no")
    assert 'class="numbers"' not in desk(team)
    assert team.get("/outlook").status_code == 409
    house.restart(staff, team)
    assert 'class="numbers"' not in desk(team)
    staff.send("/room/figures", shown="yes")
    assert team.get("/outlook").status_code == 200


# A kill while a turn resolves


def test_a_turn_that_a_kill_cut_short_is_resolved_at_the_restart_with_a_word(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, team = house.facilitator(), house.team(BORDER)
    team.send("/desk/orders", **TYPED, **{"as": "ready"})
    key = house.auth.key

    def dies(*_: object) -> None:
        raise RuntimeError("killed while it computes")

    monkeypatch.setattr(house.session.engine, "replay", dies)
    staff.send("/room/resolve", turn="1")
    house.restart(staff, team)
    assert house.session.game.cut_short == ((0, 1),)
    house.state.resume()  # as a start does
    assert house.session.game.branch.resolved == 1
    assert "cut short while turn 1 was being resolved" in staff.get("/room").text
    assert house.auth.key == key
    assert house.stranger().get(f"/enter?key={key}").headers["location"] == "/room"


def test_a_turn_that_was_only_closed_stays_closed_at_a_restart(house: House) -> None:
    house.session.close_turn(1)
    house.restart()
    house.state.resume()
    assert (house.session.game.branch.resolved, house.session.game.branch.closed) == (0, True)
    house.session.resolve(1)
    assert house.session.game.branch.resolved == 1
    kinds = [row.body.kind for row in house.session.store.records()]
    assert kinds.count("resolved") == 1


@pytest.mark.parametrize("seat", ["patron", BORDER, "rival:West", "adversary:Foe"])
def test_only_what_a_seat_can_do_is_offered(house: House, seat: str) -> None:
    """Each choice that can be pressed is taken by the rules, one at a time."""
    from papertiger.wargame.server.pages.forms import sheet_of
    from papertiger.wargame.views.order_cards import cards_of

    view = house.session.view(parse(seat))
    cards = cards_of(view)
    assert cards
    for card in cards:
        for decision in card.decisions:
            for choice in decision.choices:
                if not choice.barred and not (decision.field == "hedge" and choice.value.startswith("covert")):
                    house.session.check(sheet_of(view, 1, {decision.field: choice.value}))
