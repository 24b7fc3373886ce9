"""Judge promises by what was done: each kind of pledge kept, broken and untested, and each end of a proposal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from papertiger.wargame.log.state import GameError, LateError
from papertiger.wargame.rules.pledges import Pledge
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from papertiger.wargame.talking import Reply
from papertiger.wargame.views.promises import Verdict, state_of, verdicts_of
from papertiger.wargame.views.review import review_of
from papertiger.wargame.views.threads import find, last_of
from tests.wargame.games import BORDER, FOE, OPEN, PATRON, SHIELDED, WEST, new_play, reopened, sheet

BORDERLAND, OPENLAND = Seat("client", BORDER), Seat("client", OPEN)
PEACE = [{"do": "press", "client": name, "intensity": 0} for name in (SHIELDED, BORDER, OPEN)]
WAR = [{"do": "press", "client": BORDER, "intensity": 2}]


def agree(session: Session, giver: Seat, to: Seat, until: int = 1, asks: Pledge | None = None, **pledge: Any) -> None:
    """Let one seat promise something to another one, who accepts."""
    turn = session.game.branch.turn
    gives = Pledge(until=until, **pledge)
    number = session.propose(giver, to, turn, gives=gives, asks=asks)
    session.reply(to, number, turn, "accepted")


def verdict(session: Session) -> Verdict | None:
    return verdicts_of(session.game.branch.proposals[-1], session.snapshot())[0]


@pytest.mark.parametrize(
    ("giver", "pledge", "orders", "comes"),
    [
        (PATRON, {"do": "help", "client": BORDER}, {FOE: WAR, BORDERLAND: [{"do": "ask", "ask": True}]}, None),
        (PATRON, {"do": "help", "client": BORDER}, {FOE: PEACE}, "untested"),
        (PATRON, {"do": "spare", "client": OPEN}, {PATRON: [{"do": "criticise", "client": OPEN}]}, "broken"),
        (PATRON, {"do": "spare", "client": OPEN}, {}, None),
        (
            BORDERLAND,
            {"do": "stay", "posture": "hedging"},
            {BORDERLAND: [{"do": "posture", "posture": "hedging"}]},
            "kept",
        ),
        (
            BORDERLAND,
            {"do": "stay", "posture": "hedging"},
            {BORDERLAND: [{"do": "posture", "posture": "distancing"}]},
            "broken",
        ),
        (
            BORDERLAND,
            {"do": "reach", "posture": "distancing"},
            {BORDERLAND: [{"do": "posture", "posture": "distancing"}]},
            "kept",
        ),
        (
            BORDERLAND,
            {"do": "reach", "posture": "distancing"},
            {BORDERLAND: [{"do": "posture", "posture": "hedging"}]},
            "broken",
        ),
        (BORDERLAND, {"do": "call"}, {FOE: WAR, BORDERLAND: [{"do": "ask", "ask": True}]}, "kept"),
        (BORDERLAND, {"do": "call"}, {FOE: WAR, BORDERLAND: [{"do": "ask", "ask": False}]}, "broken"),
        (BORDERLAND, {"do": "call"}, {FOE: PEACE}, "untested"),
        (BORDERLAND, {"do": "calm"}, {FOE: PEACE}, "kept"),
        (WEST, {"do": "offer", "client": OPEN}, {WEST: [{"do": "offer", "client": OPEN}]}, "kept"),
        (WEST, {"do": "offer", "client": OPEN}, {WEST: [{"do": "offer", "client": OPEN, "act": False}]}, "broken"),
        (WEST, {"do": "hold", "client": OPEN}, {WEST: [{"do": "offer", "client": OPEN}]}, "broken"),
        (WEST, {"do": "hold", "client": OPEN}, {WEST: [{"do": "offer", "client": OPEN, "act": False}]}, "kept"),
        (FOE, {"do": "leave", "client": BORDER}, {FOE: WAR}, "broken"),
        (FOE, {"do": "leave", "client": BORDER}, {FOE: PEACE}, "kept"),
        (FOE, {"do": "press", "client": BORDER}, {FOE: WAR}, "kept"),
        (FOE, {"do": "press", "client": BORDER}, {FOE: PEACE}, "broken"),
    ],
)
def test_a_promise_is_judged_by_what_was_done(
    giver: Seat, pledge: dict[str, Any], orders: dict[Seat, list[dict[str, Any]]], comes: str | None, tmp_path: Path
) -> None:
    """Where no order decides it alone, the news of the turn say what came."""
    session = new_play(tmp_path)
    agree(session, giver, BORDERLAND if giver != BORDERLAND else PATRON, **pledge)
    assert verdict(session) == Verdict("open")
    for seat, given in orders.items():
        session.submit(sheet(seat, 1, *given))
    session.resolve(1)
    if comes is None:
        kinds = {one for item in session.snapshot().news for one in (item.kind, *item.outcome)}
        unfriendly = {"criticism", "claim", "coercion", "courts_adversary"}
        done = bool({"intervened", "help_failed"} & kinds) if pledge["do"] == "help" else not unfriendly & kinds
        comes = "kept" if done else "broken"
    assert verdict(session) == Verdict(comes, 1)


def test_what_the_record_lets_happen_is_nobodys_deed(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.inject("scolded", {"kind": "criticism", "client": OPEN, "news": "bad", "what": "It is said."})
    agree(session, PATRON, OPENLAND, do="spare", client=OPEN)
    nothing = [{"do": do, "client": OPEN, "act": False} for do in ("coerce", "claim", "criticise", "court")]
    session.submit(sheet(PATRON, 1, *nothing))
    session.resolve(1)
    assert verdict(session) == Verdict("kept", 1)


def test_who_is_let_down_first_is_free(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    asks = Pledge(do="stay", posture="hedging", until=3)
    agree(session, WEST, BORDERLAND, 3, asks, do="hold", client=OPEN)
    session.submit(sheet(WEST, 1, {"do": "offer", "client": OPEN, "act": False}))
    session.submit(sheet(BORDERLAND, 1, {"do": "posture", "posture": "distancing"}))
    session.resolve(1)
    (proposal,) = session.game.branch.proposals
    assert verdicts_of(proposal, session.snapshot()) == (Verdict("open"), Verdict("broken", 1))
    session.submit(sheet(WEST, 2, {"do": "offer", "client": OPEN}))
    session.resolve(2)
    assert verdicts_of(proposal, session.snapshot()) == (Verdict("freed", 1), Verdict("broken", 1))


def test_every_end_of_a_proposal(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    numbers = [session.propose(PATRON, BORDERLAND, 1, text=f"word {i}") for i in range(4)]
    session.reply(BORDERLAND, numbers[0], 1, "accepted")
    session.reply(BORDERLAND, numbers[1], 1, "refused")
    session.reply(PATRON, numbers[2], 1, "withdrawn")
    last = numbers[3]
    others: list[tuple[Seat, int, Reply]] = [
        (PATRON, last, "accepted"),
        (BORDERLAND, last, "withdrawn"),
        (WEST, last, "refused"),
    ]
    for seat, number, reply in others:
        with pytest.raises(GameError, match="no such proposal"):
            session.reply(seat, number, 1, reply)
    with pytest.raises(GameError, match="answered already"):
        session.reply(BORDERLAND, numbers[2], 1, "accepted")

    def states(one: Session) -> list[str]:
        return [state_of(proposal, one.snapshot()) for proposal in one.game.branch.proposals]

    assert states(session) == ["accepted", "refused", "withdrawn", "waiting"]
    session.resolve(1)
    assert states(session) == states(reopened(session)) == ["accepted", "refused", "withdrawn", "lapsed"]
    with pytest.raises(LateError):
        session.reply(BORDERLAND, numbers[3], 1, "accepted")
    with pytest.raises(GameError, match="lapsed with its turn"):
        session.reply(BORDERLAND, numbers[3], 2, "accepted")
    later = session.propose(PATRON, BORDERLAND, 2, text="later")
    branch = session.branch_off("again", 1)
    session.activate(branch)
    assert states(session) == ["accepted", "refused", "withdrawn", "waiting"]
    session.activate(0)
    session.undo(1)  # the turn is open again, and what was said after it is gone
    assert states(session) == ["accepted", "refused", "withdrawn", "waiting"]
    assert later not in [one.seq for one in session.game.branch.proposals]
    session.reply(BORDERLAND, numbers[3], 1, "accepted")
    assert states(reopened(session)) == ["accepted", "refused", "withdrawn", "accepted"]


def test_nobody_promises_what_is_not_its_own(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    for pledge, why in (
        (Pledge(do="offer", client=OPEN, until=1), "not patron's to give"),
        (Pledge(do="help", client="Opne", until=1), "Open"),
        (Pledge(do="help", client=OPEN, until=9), "from 1 to 6"),
        (Pledge(do="help", until=1), "no such value"),
    ):
        with pytest.raises(GameError, match=why):
            session.propose(PATRON, BORDERLAND, 1, gives=pledge)
    with pytest.raises(GameError, match="a promise or words"):
        session.propose(PATRON, BORDERLAND, 1, text=" ")
    with pytest.raises(GameError, match="to itself"):
        session.propose(PATRON, PATRON, 1, text="I")


def test_a_thread_counts_what_is_new_until_it_is_marked(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.message(BORDERLAND, (PATRON,), "same")
    session.message(BORDERLAND, (PATRON,), "same")
    number = session.propose(PATRON, BORDERLAND, 1, text="word")
    session.message(WEST, (PATRON, BORDERLAND), "to both")
    before = session.view(PATRON)
    counts = [(one.other, one.unread, len(one.entries)) for one in before.threads]
    assert counts == [("all", 1, 1), (str(BORDERLAND), 2, 3)]
    assert [entry.text for entry in before.threads[1].entries] == ["same", "same", "word"]
    session.mark_read(PATRON, str(BORDERLAND), last_of(session.snapshot(), str(PATRON), str(BORDERLAND), 1))
    assert session.view(PATRON).threads[1].unread == 1
    assert session.view(PATRON).version == before.version
    session.mark_read(PATRON, str(BORDERLAND), last_of(session.snapshot(), str(PATRON), str(BORDERLAND), 3))
    assert session.view(PATRON).threads[1].unread == 0
    name = session.view(BORDERLAND).threads[1].entries[2].name
    found = find(session.snapshot(), str(BORDERLAND), str(PATRON), name)
    assert found is not None
    assert found.seq == number
    assert find(session.snapshot(), str(WEST), str(PATRON), name) is None
    session.reply(BORDERLAND, number, 1, "refused")
    assert session.view(PATRON).threads[0].unread == 1  # the newest thread first, with the answer
    assert reopened(session).view(PATRON).threads == session.view(PATRON).threads


def test_the_review_tells_each_what_it_may_know(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    agree(session, WEST, BORDERLAND, do="hold", client=OPEN)
    session.submit(sheet(WEST, 1, {"do": "offer", "client": OPEN}))
    session.publish(WEST, 1, "Peace.")
    session.resolve(1)
    session.end()

    def told(seat: Seat) -> list[tuple[str, str]]:
        return [(one.state, one.given) for one in review_of(session, seat).turns[0].promises]

    assert [told(seat) for seat in (WEST, BORDERLAND, PATRON)] == [[("accepted", "broken")], [("accepted", "")], []]
    session.reveal("messages", 1)
    assert told(PATRON) == [("accepted", "")]
    session.reveal("orders", 1)
    assert told(PATRON) == told(BORDERLAND) == [("accepted", "broken")]
    assert [one.text for one in review_of(session, PATRON).turns[0].press] == ["Peace."]


def test_a_line_is_published_once_a_turn_and_can_be_taken_off(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.publish(WEST, 1, "Peace.")
    with pytest.raises(GameError, match="out already"):
        session.publish(WEST, 1, "War.")
    session.publish(PATRON, 1, "Help.")
    lines = [(one.seat, one.text) for one in session.view(OPENLAND).public.press]
    assert lines == [("rival:West", "Peace."), ("patron", "Help.")]
    session.take_off(WEST, 1)
    assert [one.seat for one in reopened(session).view(OPENLAND).public.press] == ["patron"]
    with pytest.raises(GameError, match="no line"):
        session.take_off(OPENLAND, 1)
    session.resolve(1)
    session.publish(WEST, 2, "War.")
    session.undo(1)
    assert [one.turn for one in session.view(PATRON).public.press] == [1]
