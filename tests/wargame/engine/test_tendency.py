"""The tendency of a game counts what its games come to, one by one."""

from __future__ import annotations

import pytest

from papertiger.model.agents.simulate import simulate
from papertiger.model.template import build_setting
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.engine.tendency import HEADINGS, ClientOutcome, row_of, sentences, share, tendency
from papertiger.wargame.rules.background import quiet
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.rules.setup import game_of, month_at, played_scenario, schedule_of
from tests.model.worlds import shipped
from tests.tables import cell
from tests.wargame.games import FOE, OPEN, PATRON, SHIELDED, sheet, small

GAMES, SEED = 4, 11


def test_it_counts_what_the_reference_model_comes_to() -> None:
    scenario = shipped("venezuela_2026")
    schedule = schedule_of(scenario)
    before, after = month_at(scenario, schedule.first - 1), month_at(scenario, schedule.last)
    played = played_scenario(scenario)
    still = quiet(game_of(scenario), build_setting(played, SEED), schedule.played(schedule.turns))
    runs = [simulate(played, SEED + number, decisions=still, months=schedule.last + 1) for number in range(GAMES)]
    tables = [run.clients.set_index(["month", "client"]) for run in runs]
    found = tendency(scenario, GAMES, SEED)
    assert len(found.clients) == 17
    for one in found.clients:
        for month, shares in ((before, one.before), (after, one.after)):
            postures = [cell(table, (month, one.client), "posture_name") for table in tables]
            assert shares == tuple(postures.count(rung) / GAMES for rung in POSTURES)
        believed = [cell(table, (after, one.client), "protection") for table in tables]
        assert one.protection == pytest.approx(sum(believed) / GAMES)
    credibility = [run.patron.set_index("month")["credibility"] for run in runs]
    assert found.before == pytest.approx(sum(path[before] for path in credibility) / GAMES)
    assert found.after[0] == min(path[after] for path in credibility)
    assert found.after[2] == max(path[after] for path in credibility)


def test_orders_are_given_in_every_game() -> None:
    turns = range(1, 7)
    press = [sheet(FOE, turn, {"do": "press", "client": SHIELDED, "intensity": 3}) for turn in turns]
    ask = [sheet(Seat("client", SHIELDED), turn, {"do": "ask", "ask": True}) for turn in turns]

    def answered(answer: str) -> dict[str, ClientOutcome]:
        order = {"do": "respond", "client": SHIELDED, "answer": answer}
        sheets = [(press[turn - 1], ask[turn - 1], sheet(PATRON, turn, order)) for turn in turns]
        return {one.client: one for one in tendency(small(), 3, sheets=sheets).clients}

    helped, left = answered("help"), answered("nothing")
    assert (helped[SHIELDED].crises, helped[SHIELDED].helped) == (6.0, 1.0)
    assert (left[SHIELDED].crises, left[SHIELDED].helped) == (6.0, 0.0)
    assert left[SHIELDED].protection < helped[SHIELDED].protection
    assert left[OPEN].crises == helped[OPEN].crises  # the same luck


def test_it_tells_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    found = tendency(small(), 2, progress=lambda done, games: told.append((done, games)))
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert all(len(row_of(one)) == len(HEADINGS) for one in found.clients)
    assert 0.0 <= found.quiet <= 1.0
    assert len(sentences(found)) == 3


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "-"), (0.009, "<1 %"), (0.01, "1 %"), (0.5, "50 %"), (1.0, "100 %")]
)
def test_a_share_is_never_rounded_to_nothing(value: float, said: str) -> None:
    assert share(value) == said
