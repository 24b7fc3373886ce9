"""What a forecast in a game knows, and how what people forecast is scored."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.rules.questions import CrisisBreaksOut, DefectedShare, PostureBeyond
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.views.forecast import chance_of, forecast, forecast_seed, request_of
from papertiger.wargame.views.review import review_of
from papertiger.wargame.views.score import briers
from tests.wargame.games import EAST, OPEN, SHIELDED, WEST, new_play, sheet

OPENLAND = Seat("client", OPEN)


def test_a_forecast_never_uses_the_luck_to_come(tmp_path: Path) -> None:
    session, other = new_play(tmp_path), new_play(tmp_path, name="other", seed=4)
    assert request_of(session.snapshot(), WEST).seed == forecast_seed(WEST, 1) != session.game.created.seed
    assert forecast_seed(WEST, 1) != forecast_seed(EAST, 1) != forecast_seed(EAST, 2)
    snapshot = other.snapshot()
    assert request_of(snapshot, WEST).state.clients[0].capability != snapshot.now.clients[0].capability
    own = request_of(snapshot, Seat("client", SHIELDED)).state.clients[0]
    assert own.capability == snapshot.now.clients[0].capability


def test_a_forecast_knows_orders_and_no_event_to_come(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    fall = {"kind": "attack", "client": OPEN, "adversary": "Foe", "intensity": 3, "what": "To come."}
    first = forecast(session.snapshot(), OPENLAND, LocalEngine(), runs=60)
    session.inject("to come", fall, when="2021-02")
    assert forecast(session.snapshot(), OPENLAND, LocalEngine(), runs=60) == first
    away = sheet(OPENLAND, 1, {"do": "posture", "posture": "distancing"})
    told = forecast(session.snapshot(), OPENLAND, LocalEngine(), away, runs=60)
    assert told.fan.beyond(OPEN, told.fan.months[0], 2) == 1.0
    assert told.with_orders
    assert told.fan.months == ("2020-10", "2020-11", "2020-12", "2021-01", "2021-02", "2021-03")


def test_forecasts_are_scored_beside_the_models(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    asked = [
        {"ask": "posture_beyond", "client": OPEN, "posture": "distancing", "turn": 2, "probability": 0.25},
        {"ask": "defected_share", "share": 0.0, "turn": 1, "probability": 1.0},
        {"ask": "crisis", "client": SHIELDED, "turn": 1, "probability": 0.5},
        {"ask": "crisis", "client": SHIELDED, "turn": 6, "probability": 0.5},
    ]
    session.submit(sheet(WEST, 1, expects=asked))
    session.resolve(1)
    session.resolve(2)
    scored = review_of(session, WEST).forecasts
    assert len(scored) == 3
    assert [one.probability for one in scored] == [0.25, 1.0, 0.5]
    assert scored[1].brier == 0.0 == scored[1].model_brier
    assert scored[2].model in (0.0, 1.0)
    assert scored[2].model_brier == 0.0
    assert len(briers(session.snapshot(), WEST)) == 3
    assert review_of(session, EAST).forecasts == ()


def number(chance: float | None) -> float:
    assert chance is not None
    return chance


def test_a_question_is_answered_by_the_fan(tmp_path: Path) -> None:
    snapshot = new_play(tmp_path).snapshot()
    made = forecast(snapshot, WEST, LocalEngine(), runs=100)
    chances = [
        chance_of(PostureBeyond(client=OPEN, posture=posture, turn=3, probability=0.5), made, snapshot)
        for posture in POSTURES
    ]
    assert chances[0] == pytest.approx(1.0)
    assert all(one >= other for one, other in pairwise(number(chance) for chance in chances))
    shares = [
        chance_of(DefectedShare(share=share, turn=6, probability=0.5), made, snapshot) for share in (0.0, 0.5, 1.0)
    ]
    assert shares[0] == pytest.approx(1.0)
    assert all(one >= other for one, other in pairwise(number(share) for share in shares))
    assert chance_of(CrisisBreaksOut(client=OPEN, turn=2, probability=0.5), made, snapshot) is None
