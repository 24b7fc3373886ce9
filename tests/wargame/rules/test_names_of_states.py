"""States act: on desks and walls actors and goals carry the names of states, and never those of capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from papertiger.scenarios.reading.sources import LESSONS
from papertiger.wargame.rules.setup import game_of
from tests.model.worlds import shipped

CAPITALS = re.compile(
    r"\b(?:Mos[ck]\w+|Moskaus?|Yerevan|Jerewan|Teh(?:e)?ran|Caracas|Hava\w+|Managua|Astana|Belgrade?|Damas[ck]us|Baku|"
    r"Brussels|Brüssel|Washington|Beijing|Peking|Ankara|Bonn|Budapest|Bu\w+rest|(?:East |Ost-)Berlin|"
    r"Warsaw|Warschau|Pra(?:g|gue))\b"
)


def test_the_pattern_knows_the_capitals() -> None:
    for name in ("Moscow", "Moskau", "Teheran", "Tehran", "Bucharest", "Bukarest", "Havanna", "Damaskus", "Prag"):
        assert CAPITALS.fullmatch(name), name


def texts(name: str) -> Iterator[tuple[str, str]]:
    """Yield what desks and walls call actors, and what the cards ask of each seat."""
    scenario = shipped(name)
    game = game_of(scenario)
    for language in ("en", "de"):
        yield "patron", scenario.patron.called(scenario.patron.name, language)
        for actors in (scenario.clients, scenario.rivals, scenario.adversaries):
            yield from ((actor, one.called(actor, language)) for actor, one in actors.items())
        seats = game.seats
        briefs = [*seats.clients.items(), *seats.rivals.items(), *seats.adversaries.items()]
        for seat, brief in [*briefs, *([("patron", seats.patron)] if seats.patron is not None else [])]:
            for goal, objective in brief.objectives.items():
                yield f"{seat}: {goal}", objective.text.text(language)


@pytest.mark.parametrize("name", LESSONS.names())
def test_no_actor_and_no_goal_is_called_by_a_capital(name: str) -> None:
    assert [(where, said) for where, said in texts(name) if CAPITALS.search(said)] == []
