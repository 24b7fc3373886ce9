"""A game whose scenario was saved before the later constants became parameters opens, and comes out the same."""

from __future__ import annotations

import json
from pathlib import Path

from papertiger.scenarios.schema.parameters import Parameters
from papertiger.wargame.archive import export
from papertiger.wargame.session import Play
from papertiger.wargame.views import seats as views
from tests.wargame.games import NOON
from tests.wargame.test_exchange import played, taken_in


def test_a_game_without_the_later_parameters_comes_back_the_same(tmp_path: Path) -> None:
    play = played(tmp_path)
    said = json.loads(export(play))
    parameters = said["rows"][0]["body"]["scenario"]["parameters"]
    for name, field in Parameters.model_fields.items():
        if not field.is_required():
            del parameters[name]
    again = Play.open(taken_in(json.dumps(said).encode(), tmp_path), clock=lambda: NOON)
    try:
        assert again.verify() == ()
        for seat in play.game.everybody:
            assert views.as_bytes(again.view(seat)) == views.as_bytes(play.view(seat))
    finally:
        again.close()
