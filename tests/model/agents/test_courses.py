"""The course of a client: what it is at its entry, and what is new later."""

from __future__ import annotations

from typing import Any

import pytest

from papertiger import scenarios
from papertiger.model.template import Template, build_setting
from papertiger.scenarios import Scenario
from tests.model.ensemble.agreement import assert_engines_agree
from tests.model.worlds import changed, client, column, event, everything, finished, world_of

STILL = {"switching_cost": 100.0, "arms_tie_rate": 0.0, "economy_tie_rate": 0.0}


def world(course: dict[str, Any] | None, **fields: Any) -> Scenario:
    """Return one client that stays where it is, with a course."""
    return world_of({"A": client(course=course, **fields)}, parameters=STILL)


def test_a_course_is_a_chain_of_new_situations() -> None:
    course = {"threat": {"2020-04": 0.9, "2020-07": 0.1}, "treaty": {"2020-04": "none"}}
    events = {
        "one": event("new_situation", "2020-04", "A", situation={"threat": 0.9, "treaty": "none"}),
        "two": event("new_situation", "2020-07", "A", situation={"threat": 0.1}),
    }
    by_events = world_of({"A": client()}, events, parameters=STILL)
    assert everything(finished(world(course))) == everything(finished(by_events))
    assert column(finished(world(course)), "A", "threat") == [0.5] * 3 + [0.9] * 3 + [0.1] * 6


@pytest.mark.parametrize("enters", [None, "2020-05"])
def test_what_holds_at_the_entry_is_what_the_client_begins_with(enters: str | None) -> None:
    entry = enters or "2020-01"
    course = {
        "threat": {"2019-01": 0.8, entry: 0.3},
        "treaty": {"2018-01": "none"},
        "arms": {"2018-01": 0.2, "2019-06": 0.25},
        "options": {"East": {"2019-01": {"protection": 0.7, "economy": 0.3}}},
    }
    options = client()["options"] | {"East": {"protection": 0.7, "economy": 0.3}}
    plain = world(None, threat=0.3, treaty="none", arms=0.25, options=options, enters=enters)
    found = world(course, enters=enters)
    assert build_setting(found, 1).clients == build_setting(plain, 1).clients
    assert everything(finished(found)) == everything(finished(plain)), "the anchor is of its entry"


def test_ties_are_put_where_they_were_counted_and_others_share_the_rest() -> None:
    found = finished(world({"arms": {"2020-03": 0.1}, "economy": {"2020-03": 1.0, "2020-05": 0.5}}))
    assert column(found, "A", "arms_tie")[1:4] == pytest.approx([0.6, 0.1, 0.1])
    assert column(found, "A", "economy_tie")[1:5] == pytest.approx([0.4, 1.0, 1.0, 0.5])
    arms, economy = found.clients[0].ties
    first = found.clients[0].setting.outlook.arms_ties
    assert arms[1:] == pytest.approx([share * 0.9 / 0.4 for share in first[1:]])
    assert economy == pytest.approx([0.5, 0.0, 0.0, 0.5]), "of a whole share nobody knows who else had a part"
    assert found.clients[0].dependence == pytest.approx(0.1 * 0.5 + 0.5 * 0.5)


def test_a_course_goes_on_in_generative_months() -> None:
    found = changed(world({"threat": {"2020-06": 0.9}}), mode="generative", crisis_hazard=0.0)
    assert column(finished(found), "A", "threat") == [0.5] * 5 + [0.9] * 7


def test_a_successor_and_a_later_situation_build_on_it() -> None:
    events = {
        "fall": event("regime_loss", "2020-06", "A", successor={"prior_resolve": 0.3}),
        "base": event("new_situation", "2020-09", "A", situation={"bases": 1.0}),
    }
    scenario = world_of({"A": client(course={"threat": {"2020-04": 0.9}})}, events, parameters=STILL)
    assert column(finished(scenario), "A", "threat") == [0.5] * 3 + [0.9] * 9
    assert_engines_agree(scenario)


def test_every_figure_of_a_course_has_a_name_and_can_be_drawn() -> None:
    course = {"threat": {"2020-04": {"uniform": [0.2, 0.8]}}, "options": {"East": {"2020-04": {"economy": 0.4}}}}
    scenario = world(course)
    template = Template(scenario)
    assert "clients.A.course.options.East.2020-04.economy" in template.figures
    assert template.drawn == {"clients.A.course.threat.2020-04"}
    drawn = [column(finished(scenario, run=run), "A", "threat")[5] for run in range(4)]
    assert len(set(drawn)) == 4
    given = changed(scenario, **{"clients__A__course__threat__2020-04": 0.7})
    assert column(finished(given), "A", "threat")[5] == 0.7
    assert scenarios.change(scenario, {"clients.A.course.threat.2020-04": 0.7}) == given


def test_the_engines_agree_on_a_full_course() -> None:
    course = {
        "treaty": {"2020-03": "lesser_treaty", "2020-08": "none"},
        "border": {"2020-03": 0.0},
        "bases": {"2020-05": 1.0},
        "diaspora": {"2020-05": 0.3},
        "threat": {"2020-02": 0.9},
        "arms": {"2020-04": 0.2, "2020-09": 0.7},
        "economy": {"2020-04": 0.9},
        "options": {"East": {"2020-06": {"protection": 0.9, "economy": 0.9, "proximity": 1.0}}},
    }
    free = {"arms_tie_rate": 0.1, "economy_tie_rate": 0.05, "review_rate": 0.5}
    assert_engines_agree(changed(world(course, enters="2020-02", leaves="2020-12"), switching_cost=0.01, **free))
