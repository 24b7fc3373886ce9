"""What a seat is shown is what it may know: no foreign canary, and not a byte that hangs on another's secret."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from papertiger import wargame
from papertiger.model.template import build_setting
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.archive import tables_of
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.seats import Seat, SeatError
from papertiger.wargame.rules.setup import played_scenario
from papertiger.wargame.session import Session
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.facilitator import white_cell
from papertiger.wargame.views.forecast import forecast, request_of
from papertiger.wargame.views.knowledge import heard
from papertiger.wargame.views.options import attention_of
from papertiger.wargame.views.patron_desk import PatronDesk
from papertiger.wargame.views.plain import as_bytes, etag, plain
from papertiger.wargame.views.review import placed, review_of, side_by_side, view_then
from papertiger.wargame.views.score import is_played, score_of
from tests.wargame.games import (
    BORDER,
    CLIENTS,
    EAST,
    FACILITATOR,
    FOE,
    OPEN,
    PATRON,
    SHIELDED,
    TEAMS,
    WEST,
    WITHIN,
    new_play,
    sheet,
    small,
)

BORDERLAND, OPENLAND = Seat("client", BORDER), Seat("client", OPEN)
OBSERVER = Seat("observer")


def hedging(turn: int, *orders: dict[str, Any]) -> Sheet:
    return sheet(BORDERLAND, turn, {"do": "posture", "posture": "hedging"}, *orders)


def others(turn: int) -> list[Sheet]:
    """Return what the other teams order."""
    return [
        sheet(
            PATRON, turn, {"do": "respond", "client": BORDER, "answer": "words"}, {"do": "claim", "client": BORDER}
        ),
        sheet(WEST, turn, {"do": "offer", "client": BORDER, "if_refused": "withdraw"}),
        sheet(EAST, turn, {"do": "offer", "client": BORDER, "if_refused": "keep"}),
        sheet(FOE, turn, {"do": "press", "client": BORDER, "intensity": turn}),
    ]


def with_secrets(folder: Path, **constants: float) -> tuple[Session, Session]:
    """Return two games that differ only in what one client keeps to itself."""
    open_only, secret = (new_play(folder, small(**constants), name=name) for name in ("plain", "secret"))
    for turn in (1, 2, 3):
        for session in (open_only, secret):
            for given in others(turn):
                session.submit(given)
        open_only.submit(hedging(turn, {"do": "hedge"}))
        secret.draft(BORDERLAND, turn, "let us go to the East")
        secret.message(BORDERLAND, (OPENLAND,), "Come with us, and tell nobody.")
        asked = {"ask": "crisis", "client": BORDER, "turn": turn, "probability": 0.9}
        contacts = {"do": "hedge", "towards": "East", "why": "The patron is a paper tiger.", "expects": asked}
        secret.submit(hedging(turn, contacts))
        for session in (open_only, secret):
            session.ready(BORDERLAND, turn)
            session.resolve(turn)
    return open_only, secret


def shown(session: Session, seat: Seat) -> bytes:
    """Return all that a seat can be sent: its view, its forecast and its review."""
    snapshot = session.snapshot()
    parts = [session.view(seat), review_of(session, seat)]
    parts += [view_then(session, seat, turn) for turn in range(1, snapshot.line.resolved + 1)]
    if seat.decides:
        parts.append(forecast(snapshot, seat, LocalEngine(), runs=50))
        wanted = request_of(snapshot, seat)  # a small difference of state need not show in fifty runs
        parts += [wanted.state, repr(wanted.scenario), repr(wanted.orders)]
    return b"\n".join(as_bytes(part) for part in parts)


def test_others_see_not_a_byte_of_what_nobody_found_out(tmp_path: Path) -> None:
    open_only, secret = with_secrets(tmp_path)
    i = CLIENTS.index(BORDER)
    assert secret.replay().now.clients[i].covert_rival == 1
    assert secret.replay().now.clients[i].offers[1] > open_only.replay().now.clients[i].offers[1]
    for seat in (*TEAMS, OBSERVER):
        if seat == BORDERLAND:
            assert shown(open_only, seat) != shown(secret, seat)
        elif seat == OPENLAND:  # who got the message, and sees nothing else
            one, other = open_only.view(seat), secret.view(seat)
            assert [message.number for message in other.messages] == [1, 2, 3]
            left, right = plain(one), plain(other)
            for view in (left, right):
                view.pop("messages")
                view.pop("threads")
                view.pop("version")
            assert left == right
        else:
            assert shown(open_only, seat) == shown(secret, seat), seat


def test_revealed_orders_do_not_tell_contacts_under_cover(tmp_path: Path) -> None:
    open_only, secret = with_secrets(tmp_path)
    left_open = new_play(tmp_path, name="left open")
    for turn in (1, 2, 3):
        for given in (*others(turn), hedging(turn)):
            left_open.submit(given)
        left_open.resolve(turn)
    reviews = []
    for session in (open_only, secret, left_open):
        session.reveal("orders", 3)
        session.reveal("beliefs", 3)
        reviews.append(as_bytes(review_of(session, WEST)))
    assert reviews[0] == reviews[1] == reviews[2]
    secret.reveal("covert", 3)
    assert b'"towards","East"' in as_bytes(review_of(secret, WEST))


def test_what_is_found_out_is_known_to_the_patron_and_to_whom_it_happened(tmp_path: Path) -> None:
    open_only, secret = with_secrets(tmp_path, covert_discovery=1.0)
    assert secret.view(BORDERLAND).desk.found_out  # type: ignore[union-attr]
    assert secret.view(PATRON).desk.found_out == (BORDER,)  # type: ignore[union-attr]
    assert open_only.view(PATRON).desk.found_out == ()  # type: ignore[union-attr]
    for seat in (WEST, EAST, FOE, Seat("client", SHIELDED), OBSERVER):
        assert shown(open_only, seat) == shown(secret, seat), seat


def test_what_a_loyal_sub_state_does_in_secret_is_found_out_like_any_other(tmp_path: Path) -> None:
    game = new_play(tmp_path, small(covert_discovery=1.0))
    within = Seat("client", WITHIN)
    for turn in (1, 2):
        game.submit(sheet(within, turn, {"do": "posture", "posture": "loyal"}, {"do": "hedge", "towards": "East"}))
        game.resolve(turn)
    assert game.replay().now.clients[CLIENTS.index(WITHIN)].posture == POSTURES.index("loyal")
    assert game.view(PATRON).desk.found_out == (WITHIN,)  # type: ignore[union-attr]
    assert game.view(within).desk.found_out  # type: ignore[union-attr]


def test_a_client_sees_its_ties_and_how_they_moved(tmp_path: Path) -> None:
    game = new_play(tmp_path, small(months_per_turn=2, claim_threat=1.0))
    game.submit(sheet(PATRON, 1, {"do": "claim", "client": BORDER}))
    game.resolve(1)
    desk = game.view(BORDERLAND).desk
    assert isinstance(desk, ClientDesk)
    assert [tie.holder for tie in desk.ties] == ["Protector", "West", "East", ""]
    assert sum(tie.arms for tie in desk.ties) == pytest.approx(1.0)
    assert sum(tie.economy for tie in desk.ties) == pytest.approx(1.0)
    assert sum(tie.arms_change for tie in desk.ties) == pytest.approx(0.0, abs=1e-12)
    assert desk.ties[0].arms_change < 0.0 < desk.ties[1].arms_change
    assert desk.dependence == pytest.approx((desk.ties[0].arms + desk.ties[0].economy) / 2)
    start = game.snapshot().replay.start.clients[CLIENTS.index(BORDER)]
    assert desk.ties[0].arms - desk.ties[0].arms_change == pytest.approx(start.arms_ties[0])


def test_others_forecasts_know_no_ties_but_those_that_everybody_studied(tmp_path: Path) -> None:
    _, secret = with_secrets(tmp_path)
    snapshot, i = secret.snapshot(), CLIENTS.index(BORDER)
    now, start = snapshot.now.clients[i], snapshot.replay.start.clients[i]
    assert now.arms_ties != start.arms_ties
    for seat, known in ((WEST, start), (PATRON, start), (BORDERLAND, now)):
        told = request_of(snapshot, seat).state.clients[i]
        assert (told.arms_ties, told.economy_ties) == (known.arms_ties, known.economy_ties)
        assert told.dependence == known.dependence


def canary(seat: Seat, what: str) -> str:
    return f"canary-{seat.kind}-{seat.name}-{what}-".replace(" ", "")


def with_canaries(folder: Path) -> Session:
    """Return a game in which every seat's secrets carry a mark of their own, with an undone turn and a branch."""
    session = new_play(folder)
    for seat in TEAMS:
        session.claim(seat, canary(seat, "holder"))
    later = {"kind": "offer", "client": OPEN, "rival": "West", "what": canary(FACILITATOR, "what")}
    session.inject("later", later, when="2021-03", news=canary(FACILITATOR, "news"))
    for turn in (1, 2, 3):
        for number, seat in enumerate(TEAMS):
            orders: dict[str, dict[str, Any]] = {
                "patron": {"do": "criticise", "client": OPEN},
                "client": {"do": "ask", "ask": True},
                "rival": {"do": "offer", "client": SHIELDED},
                "adversary": {"do": "press", "client": SHIELDED, "intensity": 1},
            }
            session.submit(sheet(seat, turn, {"why": canary(seat, "why"), **orders[seat.kind]}))
            session.draft(seat, turn, canary(seat, "draft"))
            session.message(seat, (TEAMS[number - 1],), canary(seat, "to") + str(TEAMS[number - 1]))
            session.message(seat, (FACILITATOR,), canary(seat, "staff"))
        session.resolve(turn)
    session.undo(3)
    session.branch_off(canary(FACILITATOR, "branch"), 2, luck="other")
    session.resolve(3)
    for seat in TEAMS:
        session.answer(seat, 0, canary(seat, "answer"))
    return session


def test_no_seat_is_shown_anothers_canary(tmp_path: Path) -> None:
    session = with_canaries(tmp_path)
    for seat in (*TEAMS, OBSERVER):
        text = shown(session, seat).decode()
        for other in (*TEAMS, FACILITATOR):
            for what in ("holder", "why", "draft", "staff", "what", "news", "branch", "answer"):
                own = other == seat and what in ("why", "draft", "staff", "answer")
                assert own or canary(other, what) not in text, (seat, other, what)
            mine = (
                other == seat or TEAMS.index(other) == (TEAMS.index(seat) + 1) % len(TEAMS)
                if (seat in TEAMS and other in TEAMS)
                else False
            )
            assert mine or canary(other, "to") not in text, (seat, other)
    everything = as_bytes(white_cell(session.snapshot())).decode()
    for seat in TEAMS:
        assert canary(seat, "holder") in everything
        assert canary(seat, "staff") in everything


def test_secrets_are_revealed_step_by_step(tmp_path: Path) -> None:
    session = with_canaries(tmp_path)
    session.end()
    review = review_of(session, WEST)
    assert review.turns[0].beliefs == ()
    assert [one.seat for one in review.turns[0].seats] == [str(WEST)]
    session.reveal("orders", 1)
    review = review_of(session, WEST)
    assert len(review.turns[0].seats) == len(TEAMS)
    assert len(review.turns[1].seats) == 1
    assert canary(PATRON, "why") not in as_bytes(review).decode()
    session.reveal("rationales", 3)
    session.reveal("messages", 2)
    session.reveal("beliefs", 3)
    session.reveal("scores", 3)
    review = review_of(session, WEST)
    text = as_bytes(review).decode()
    assert canary(PATRON, "why") in text
    assert canary(PATRON, "to") in text
    assert {one.client for one in review.turns[2].beliefs} == set(CLIENTS)
    assert len(review.scores) == len(TEAMS)
    assert not review.traces
    whole = review_of(session, FACILITATOR)
    assert {trace.what for trace in whole.traces} == {"injected", "resolved", "undone", "branched"}
    session.undo(3)  # what was revealed of an undone turn is not revealed of its next playing
    assert session.game.branch.revealed["rationales"] == 2


def test_the_past_is_shown_as_it_was(tmp_path: Path) -> None:
    session, seen = new_play(tmp_path), []
    for turn in (1, 2, 3):
        session.submit(hedging(turn))
        session.close_turn(turn)
        seen.append(session.view(BORDERLAND))
        session.resolve(turn)
    assert [view_then(session, BORDERLAND, turn) for turn in (1, 2, 3)] == seen
    branch = session.branch_off("again", 3)
    session.play_out(branch, 3)
    assert view_then(session, BORDERLAND, 2, branch) == seen[1]


def test_versions_grow_only_with_what_a_seat_may_know(tmp_path: Path) -> None:
    changes: list[dict[str, int]] = []
    session = new_play(tmp_path, on_change=lambda versions: changes.append(dict(versions)))
    session.submit(hedging(1))
    assert set(changes[-1]) == {str(BORDERLAND), "facilitator"}
    session.message(BORDERLAND, (EAST,), "Hello")
    assert set(changes[-1]) == {str(BORDERLAND), str(EAST), "facilitator"}
    session.draft(WEST, 1, "x")
    assert not changes[-1]  # saved as it is typed: a page must not grow old with each word of it
    before = dict(session.versions)
    session.resolve(1)
    assert all(session.versions[str(seat)] > before[str(seat)] for seat in session.game.everybody)
    assert session.view(EAST).version == session.versions[str(EAST)]


def test_a_client_sees_its_own_beliefs_and_its_options_add_up(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.resolve(1)
    desk, truth = session.view(BORDERLAND).desk, session.replay().now.clients[CLIENTS.index(BORDER)]
    assert isinstance(desk, ClientDesk)
    assert (desk.capability, desk.resolve) == (truth.capability, truth.resolve)
    assert desk.posture == POSTURES[truth.posture]
    assert sum(rung.chance for rung in desk.rungs) == pytest.approx(1.0)
    for rung in desk.rungs:
        assert sum(value for _, value in rung.terms) == pytest.approx(rung.utility)
    moved = desk.beliefs[-1][2] - desk.beliefs[-2][2]
    assert sum(cause.protection for cause in desk.why) == pytest.approx(moved)


def test_shown_options_are_those_of_the_rule(tmp_path: Path) -> None:
    """Where the rule decides on every client, those with a chance of 1 do what it says."""
    session = new_play(tmp_path, small(choice_noise=0.001, review_rate=1.0, crisis_hazard=0.0, offer_rate=0.0))
    agreed = 0
    for turn in range(1, 7):
        desks = {name: session.view(Seat("client", name)).desk for name in CLIENTS}
        session.resolve(turn)
        for i, name in enumerate(CLIENTS):
            sure = [rung.posture for rung in desks[name].rungs if rung.chance > 0.999999]  # type: ignore[union-attr]
            agreed += sure == [POSTURES[session.replay().now.clients[i].posture]]
    assert agreed >= 20


def test_a_successor_sees_its_own_options(tmp_path: Path) -> None:
    session = new_play(tmp_path, small(choice_noise=0.001, crisis_hazard=0.0))
    fall = {"kind": "regime_loss", "client": SHIELDED, "what": "It falls.", "successor": {"continuity": 1.0}}
    session.inject("fall", fall)
    desk = session.view(Seat("client", SHIELDED)).desk
    assert isinstance(desk, ClientDesk)
    assert desk.successor
    assert len(desk.rungs) == len(desk.reachable) == 5
    (sure,) = [rung.posture for rung in desk.rungs if rung.chance > 0.999]
    session.resolve(1)
    assert POSTURES[session.replay().now.clients[0].posture] == sure


def test_the_patron_sees_what_its_rules_would_do(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    desk = session.view(PATRON).desk
    assert isinstance(desk, PatronDesk)
    assert [row.client for row in desk.clients] == list(CLIENTS)
    assert desk.clients[0].holds is not None
    assert desk.clients[1].holds is None
    before, setting = session.replay().now, session.snapshot().setting
    session.resolve(1)
    shares, _ = attention_of(before, setting, before.index + 1)
    got = [client.attention for client in session.replay().now.clients]
    assert got == pytest.approx(list(shares), rel=0.1)


def test_what_is_heard_is_noise_of_its_own(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    replay, setting = session.replay(), build_setting(played_scenario(small()), 3)
    one = heard(WEST, 1, replay, setting, 3, 0.08)
    assert one == heard(WEST, 1, replay, setting, 3, 0.08)
    assert one != heard(EAST, 1, replay, setting, 3, 0.08) != heard(EAST, 2, replay, setting, 3, 0.08)
    exact = heard(WEST, 1, replay, setting, 3, 0.0)
    assert [estimate.capability for estimate in exact] == [round(c.capability, 2) for c in replay.now.clients]
    errors = [
        estimate.capability - client.capability
        for turn in range(1, 200)
        for estimate, client in zip(heard(WEST, turn, replay, setting, 3, 0.05), replay.now.clients, strict=True)
    ]
    assert abs(sum(errors) / len(errors)) < 0.01
    assert sum(error * error for error in errors) / len(errors) == pytest.approx(0.0025, rel=0.2)
    assert BORDER not in [estimate.client for estimate in heard(BORDERLAND, 1, replay, setting, 3, 0.08)]


def test_scores_explain_themselves_line_by_line(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    for turn in (1, 2):
        session.submit(hedging(turn))
        session.resolve(turn)
    snapshot = session.snapshot()
    score = score_of(snapshot, BORDERLAND)
    (line,) = score.lines
    i = CLIENTS.index(BORDER)
    assert line.values == tuple(month.clients[i].protection for month in session.replay().months)
    assert score.points == pytest.approx(line.mean)
    assert score_of(snapshot, EAST).lines[0].values == (0.0, 0.0)
    assert score_of(snapshot, WEST).lines[0].values == tuple(
        session.replay().months[turn].clients[CLIENTS.index(OPEN)].posture / 4 for turn in (0, 1)
    )


def test_a_seat_that_nobody_plays_is_scored_nowhere(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.claim(BORDERLAND, "Ada")  # sits there and orders nothing
    session.claim(FOE, "Ben")
    session.release(FOE)  # sat there, ordered nothing and left
    session.submit(sheet(WEST, 1, {"do": "offer", "client": OPEN}))  # ordered, with nobody sitting there
    session.resolve(1)
    session.submit(sheet(EAST, 2, {"do": "offer", "client": OPEN}))  # its turn has not been played
    for seat in session.game.seats:
        assert is_played(session.snapshot(), seat) == (seat in (BORDERLAND, WEST))
    session.reveal("scores", 1)
    played = [str(seat) for seat in session.game.seats if seat in (BORDERLAND, WEST)]
    for role in (FACILITATOR, OBSERVER, *TEAMS):
        review = review_of(session, role)
        assert [score.seat for score in review.scores] == played
        assert {row["seat"] for row in csv.DictReader(io.StringIO(tables_of(review)["scores"]))} == set(played)
        exported = json.loads(as_bytes(review))
        assert [score["seat"] for score in exported["scores"]] == played
        assert {one["seat"] for one in exported["forecasts"]} == set()  # nobody gave one, so no one has a zero
        assert exported["answers"] == []


def test_scores_are_computed_for_the_review_alone() -> None:
    code = Path(wargame.__path__[0])
    users = {
        path.relative_to(code).as_posix() for path in code.rglob("*.py") if "score_of(" in path.read_text("utf-8")
    }
    # Parallel games are reviewed side by side, by those who lead the class; the debrief is the review step by step.
    assert users == {"views/score.py", "views/review.py", "views/parallel.py", "views/debrief_end.py"}


def test_what_came_is_one_of_many(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    for turn in (1, 2):
        session.resolve(turn)
    found = placed(session, runs=40)
    assert found.runs == 40
    assert 0 <= found.lower <= found.as_low <= 40
    assert found.credibility == session.replay().now.credibility
    session.play_out(session.branch_off("other", 1, luck="other"), 2)
    sides = side_by_side(session)
    assert [side.other_luck for side in sides] == [False, True]
    assert [len(side.credibility) for side in sides] == [2, 2]


def test_a_view_is_plain_and_its_bytes_are_stable(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    for seat in session.game.everybody:
        data = as_bytes(session.view(seat))
        assert json.loads(data) == plain(session.view(seat))
        assert etag(session.view(seat)) == etag(session.view(seat))
    with pytest.raises(SeatError):
        session.view(Seat("client", "Nobody"))


def test_the_last_turn_is_all_of_its_months(tmp_path: Path) -> None:
    session = new_play(tmp_path, small(3))
    session.resolve(1)
    view = session.view(BORDERLAND)
    assert view.last is not None
    assert view.last.months == view.public.months == ("2020-10", "2020-11", "2020-12")
