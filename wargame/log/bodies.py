"""Make the bodies of records that depend on the state of the game: an inject's date, a branch's number and run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from papertiger.wargame.log import records
from papertiger.wargame.log.state import GameError, GameState
from papertiger.wargame.rules.conditions import Condition
from papertiger.wargame.rules.refusals import refusal
from papertiger.wargame.rules.setup import event_of


def inject_body(
    game: GameState,
    name: str,
    event: Mapping[str, Any],
    when: str | Condition,
    news: str,
    sent: records.Body | None,
) -> records.Injected:
    """Make the record of an inject, as `papertiger.wargame.session.Session.inject` takes it.

    Parameters
    ----------
    sent
        What was written before under the key of the same form: what "now" means may have moved on since.
    """
    again = sent if isinstance(sent, records.Injected) else None
    if again is None and game.branch.turn > game.schedule.turns:
        raise GameError(refusal("play.over"))
    if isinstance(when, str) and when != "now":
        date = when
    elif again is not None:
        date = again.event.date
    else:
        date = game.month(game.schedule.months(game.branch.turn)[0])
    fields = {field: value for field, value in event.items() if value is not None}
    checked = event_of(game.scenario, name, {**fields, "date": date})
    condition = None if isinstance(when, str) else when
    body = records.Injected(name=name, event=checked, news=news, condition=condition)
    if again not in (None, body):
        raise GameError(refusal("field.resent"))
    return body


def branch_body(
    game: GameState, name: str, turn: int, luck: Literal["same", "other"], sent: records.Body | None
) -> records.Branched:
    """Make the record of a new branch, as `papertiger.wargame.session.Session.branch_off` takes it.

    Parameters
    ----------
    sent
        What was written before under the key of the same form: the next number has moved on since.
    """
    asked = name, turn, luck == "same"
    if isinstance(sent, records.Branched) and (sent.name, sent.turn, sent.run is None) == asked:
        return sent
    used = [run for line in game.branches for _, run in line.runs]
    run = max(used) + 1 if luck == "other" else None
    return records.Branched(branch=len(game.branches), name=name, turn=turn, run=run)
