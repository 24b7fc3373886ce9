"""Real browsers: a facilitator and four teams play a shipped game from the join code to the review."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from papertiger.wargame.log import records
from papertiger.wargame.log.store import Store
from papertiger.wargame.session import Session
from tests.wargame.server.classroom import LAPTOP, PHONE, PROJECTOR, Browsers, browsers, hears, needs_chromium, visit
from tests.wargame.server.served import Served

TEAMS = {
    "Moscow": ("patron", LAPTOP),
    "Caracas": ("client:Venezuela", PHONE),
    "Havana": ("client:Cuba", PHONE),
    "Washington": ("rival:US", LAPTOP),
}
TURNS = (1, 2, 3)

type Step = Callable[[], None]


class Lesson:
    """A facilitator and four teams in their browsers, step by step."""

    def __init__(self, state: Browsers) -> None:
        self.state, self.base = state, state.served.base
        self.staff = state.open(LAPTOP)
        self.wall = state.open(PROJECTOR)
        self.teams = {name: state.open(size) for name, (_, size) in TEAMS.items()}

    def steps(self) -> Iterator[Step]:
        yield self.facilitator_enters
        for name in TEAMS:
            yield partial(self.joins, name)
            yield partial(self.claims, name)
        yield self.wall_watches
        for turn in TURNS:
            yield partial(self.caracas_drafts_reloads_and_orders, turn)
            yield partial(self.moscow_orders_in_two_tabs, turn)
            yield partial(self.washington_goes_back_and_forth, turn)
            yield partial(self.havana_asks_and_expects, turn)
            if turn == 2:
                yield self.facilitator_plays_beijing_and_injects
            yield partial(self.resolved, turn)
        yield self.undone_and_resolved_again
        yield self.ended
        yield self.reveals
        yield self.havana_answers

    # Coming in

    def facilitator_enters(self) -> None:
        visit(self.staff, self.state.served.link)
        assert self.staff.url == f"{self.base}/room"
        self.state.look(self.staff, "room before")

    def joins(self, name: str) -> None:
        page = self.teams[name]
        visit(page, f"{self.base}/?code={self.state.served.code}")
        self.state.look(page, f"join {page.viewport_size['width']}")
        page.fill("[name=name]", name)
        page.click("main button")
        page.wait_for_url(f"{self.base}/lobby")
        self.state.look(page, f"lobby {page.viewport_size['width']}")

    def claims(self, name: str) -> None:
        page, seat = self.teams[name], TEAMS[name][0]
        visit(page, f"{self.base}/lobby")
        page.click(f'button[value="{seat}"]')
        page.wait_for_url(f"{self.base}/desk")

    def wall_watches(self) -> None:
        visit(self.wall, f"{self.base}/?code={self.state.served.code}")
        self.wall.fill("[name=name]", "Wall")
        self.wall.click("main button")
        self.wall.click('button[value="observer"]')
        self.wall.wait_for_url(f"{self.base}/wall")
        self.state.look(self.wall, "wall")

    # A turn

    def caracas_drafts_reloads_and_orders(self, turn: int) -> None:
        page = self.at_desk("Caracas", turn)
        page.check("[name=ask][value=yes]")
        page.fill("[name='ask.why']", f"Somebody must come in turn {turn}.")
        page.reload()
        assert page.input_value("[name='ask.why']") == f"Somebody must come in turn {turn}."
        page.check("[name=complain][value=no]")
        page.click("button[value=ready]")
        ordered(page)
        page.wait_for_selector("button[name=ready][value=no]")

    def moscow_orders_in_two_tabs(self, turn: int) -> None:
        first = self.at_desk("Moscow", turn)
        second = first.context.new_page()
        self.state.watch(second)
        visit(second, f"{self.base}/desk")
        first.check("[name='respond/Venezuela'][value=words]")
        second.check("[name='respond/Cuba'][value=help]")
        second.fill("[name='attention.why']", "Havana is what we can hold.")
        second.click(".card:has([name='points/Cuba']) summary")
        second.fill("[name='points/Cuba']", "3")
        second.click("button[value=ready]")
        ordered(second)
        # What is chosen in the first tab is still there, and both write one sheet.
        first.wait_for_selector("#stale:not([hidden])")
        assert first.is_checked("[name='respond/Venezuela'][value=words]")
        first.check("[name='respond/Cuba'][value=help]")
        first.click("button[value=ready]")
        ordered(first)
        second.close()

    def washington_goes_back_and_forth(self, turn: int) -> None:
        page = self.at_desk("Washington", turn)
        page.check("[name='offer/Venezuela'][value=yes]")
        page.click("button[value=ready]")
        ordered(page)
        visit(page, f"{self.base}/outlook")
        page.wait_for_selector("svg.chart")
        self.state.look(page, "outlook")
        page.go_back()
        page.wait_for_selector("[name='offer/Venezuela']")
        assert page.is_checked("[name='offer/Venezuela'][value=yes]")
        page.fill("#messages textarea", f"An offer stands in turn {turn}.")
        page.select_option("#messages select", "client:Venezuela")
        page.click("#messages button")
        page.wait_for_url("**/desk?done=sent#sent")

    def havana_asks_and_expects(self, turn: int) -> None:
        page = self.at_desk("Havana", turn)
        page.check("[name=ask][value=yes]")
        # Whatever can still come either way: not every posture can, in every turn.
        page.select_option(
            "[name=ask1]", page.eval_on_selector("[name=ask1]", "s => [...s.options].find(o => o.value).value")
        )
        page.fill("[name=chance1]", "60")
        page.click("button[value=ready]")
        ordered(page)
        self.state.look(page, f"desk of a client {turn}")

    def facilitator_plays_beijing_and_injects(self) -> None:
        visit(self.staff, f"{self.base}/room/seat/rival:China")
        self.state.look(self.staff, "seat")
        self.staff.check("[name='offer/Cuba'][value=yes]")
        self.staff.click(".give button[value=orders]")
        self.staff.wait_for_url(f"{self.base}/room#teams")
        if self.staff.locator("#injects summary").count():
            self.staff.click("#injects summary")
        self.staff.select_option("#injects [name=client]", "Cuba")
        self.staff.select_option("#injects [name=intensity]", "2")
        self.staff.fill("#injects [name=news]", "A tanker burns off Havana.")
        self.staff.click("#injects form[action='/room/inject'] button")
        self.staff.wait_for_url(f"{self.base}/room#injects")
        visit(self.wall, f"{self.base}/wall")
        self.wall.wait_for_selector("text=A tanker burns off Havana.")

    def resolved(self, turn: int) -> None:
        visit(self.staff, f"{self.base}/room")
        self.state.look(self.staff, f"room {turn}")
        self.staff.click(f"form[action='/room/resolve'] button[value='{turn}']")
        self.staff.wait_for_selector(f"form[action='/room/resolve'] button[value='{turn + 1}']")
        for name, page in self.teams.items():
            # Told by its socket; a page with something typed in it only says that it is old.
            hears(page, f"h1:has-text(' {turn + 1} ')")
            self.state.look(page, f"desk of {name} {turn}")
        hears(self.wall, f"h1:has-text(' {turn + 1} ')")
        self.state.look(self.wall, f"wall {turn}")

    def at_desk(self, name: str, turn: int) -> Any:
        page = self.teams[name]
        visit(page, f"{self.base}/desk")
        assert page.input_value("form[action='/desk/orders'] [name=turn]") == str(turn)
        return page

    # The end

    def surely(self, action: str) -> None:
        """Press a button that asks before it does what it says."""
        self.staff.click(f".sure:has(form[action='{action}']) > summary")
        self.staff.click(f"form[action='{action}'] button")

    def undone_and_resolved_again(self) -> None:
        visit(self.staff, f"{self.base}/room")
        self.surely("/room/undo")
        self.staff.wait_for_selector("form[action='/room/resolve'] button[value='3']")
        self.staff.click("form[action='/room/resolve'] button")
        self.staff.wait_for_selector("form[action='/room/resolve'] button[value='4']")

    def ended(self) -> None:
        visit(self.staff, f"{self.base}/room")
        self.surely("/room/end")
        self.staff.wait_for_url(f"{self.base}/debrief")
        self.state.look(self.staff, "debrief of the facilitator")
        visit(self.staff, f"{self.base}/review")
        self.state.look(self.staff, "review of the facilitator")

    def reveals(self) -> None:
        visit(self.staff, f"{self.base}/review")
        for step in ("orders", "beliefs", "covert", "rationales", "messages", "forecasts", "scores"):
            form = f"form:has([name=step][value={step}])"
            self.staff.fill(f"{form} [name=turn]", "3")
            self.staff.click(f"{form} button")
            self.staff.wait_for_url(f"{self.base}/review#reveal")
        visit(self.wall, f"{self.base}/review")
        self.state.look(self.wall, "review of a spectator")
        self.wall.click("a[href='/review/turn/2']")
        self.wall.wait_for_url(f"{self.base}/review/turn/2")
        assert "Havana is what we can hold." in self.wall.content()  # of the tab that gave its part first
        assert "Somebody must come in turn 2." in self.wall.content()
        self.state.look(self.wall, "turn of the review")

    def havana_answers(self) -> None:
        page = self.teams["Havana"]
        visit(page, f"{self.base}/review/1/client:Cuba")
        page.wait_for_selector("h1")
        self.state.look(page, "as it was seen then")
        visit(page, f"{self.base}/review")
        page.fill("form[action='/desk/answer'] textarea >> nth=0", "When nobody came.")
        page.click("form[action='/desk/answer'] button")
        page.wait_for_url(f"{self.base}/review?done=answered#closing")
        self.state.look(page, "review of a team")
        visit(self.staff, f"{self.base}/review")
        self.staff.wait_for_selector("text=When nobody came.")


def ordered(page: Any) -> None:
    """Wait until the orders are taken, or say why they are not."""
    page.wait_for_selector(".did, .problems")
    assert page.locator(".problems").count() == 0, page.inner_text(".problems")
    assert page.url.endswith("/desk?done=ordered#done")


def check_log(path: Path) -> None:
    """Check that the log holds each order that was acknowledged, and each turn once."""
    store = Store(path)
    session = Session(store)
    try:
        line, rows = session.game.branch, store.records()
        assert [row.body.turn for row in rows if isinstance(row.body, records.Resolved)] == [1, 2, 3, 3]
        assert [row.body.turn for row in rows if isinstance(row.body, records.Undone)] == [3]
        for turn in TURNS:
            given = {seat: line.sheets[turn, seat].sheet for seat, _ in TEAMS.values()}
            slots = {("respond", "Venezuela"), ("respond", "Cuba"), ("attention", "")}
            assert {order.slot for order in given["patron"].orders} == slots
            assert [order.slot[0] for order in given["rival:US"].orders] == ["offer"]
            assert given["client:Venezuela"].orders[0].why == f"Somebody must come in turn {turn}."
            assert [question.probability for question in given["client:Cuba"].questions] == [0.6]
            assert len([one for one in line.messages if one.turn == turn]) == 1
        assert line.sheets[2, "rival:China"].by == "facilitator"
        assert session.game.answers == {("client:Cuba", 0): "When nobody came."}
        assert session.game.ended
        assert session.verify() == ()
    finally:
        session.close()


@pytest.mark.slow
@needs_chromium
def test_four_teams_play_three_turns_while_the_server_dies_between_any_two_steps(tmp_path: Path) -> None:
    served = Served(tmp_path, "venezuela_2026")
    try:
        with browsers(served) as state:
            for step in Lesson(state).steps():
                step()
                served.restart()
            assert not state.complaints
            assert not state.foreign
    finally:
        served.kill()
    check_log(served.log)
