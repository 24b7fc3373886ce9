"""Show what the teams answered to the questions of the closing form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.views.news import texts

if TYPE_CHECKING:
    from papertiger.wargame.views.seats import Texts
    from papertiger.wargame.views.snapshot import Snapshot


@dataclass(frozen=True)
class ClosingAnswer:
    """A seat's answer to a question of the closing form; ``turn`` is the last one that was played."""

    turn: int
    number: int
    question: Texts
    seat: str
    text: str


def answers_of(snapshot: Snapshot, seat: str | None = None) -> tuple[ClosingAnswer, ...]:
    """Return the answers of a seat, or those of all, in the order of the questions."""
    game = snapshot.game
    return tuple(
        ClosingAnswer(snapshot.line.resolved, number + 1, texts(game.game.debrief[number]), name, text)
        for (name, number), text in sorted(game.answers.items(), key=lambda one: (one[0][1], one[0][0]))
        if seat in (None, name)
    )
