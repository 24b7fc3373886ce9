"""Score how far each seat reached what it was asked to, line by line. A score explains a debate and ends none.

Each objective's measure is a number from 0 to 1 at the end of every turn; the line is its mean over the turns
played, times its weight. The sum is out of the sum of weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.rules import seats
from papertiger.wargame.rules.questions import CrisisBreaksOut, DefectedShare, PostureBeyond, brier
from papertiger.wargame.views.measures import TurnFacts, network, value_of
from papertiger.wargame.views.news import texts

if TYPE_CHECKING:
    from papertiger.scenarios.schema.game import Objective
    from papertiger.wargame.rules.questions import Question
    from papertiger.wargame.rules.seats import Seat
    from papertiger.wargame.views.snapshot import Snapshot


@dataclass(frozen=True)
class ScoreLine:
    """One objective: its measure turn by turn, and what it counts for."""

    objective: str
    measure: str
    client: str
    posture: str
    text: tuple[tuple[str, str], ...]
    why: str
    weight: int
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the turns, 0 before the first."""
        return sum(self.values) / len(self.values) if self.values else 0.0


@dataclass(frozen=True)
class Score:
    """A seat's score."""

    seat: str
    lines: tuple[ScoreLine, ...]
    points: float
    most: int


def is_played(snapshot: Snapshot, seat: Seat) -> bool:
    """Tell whether anybody plays a seat: somebody sits there, or gave orders there in a turn that was played."""
    if str(seat) in snapshot.game.holders:
        return True
    return any(name == str(seat) and turn <= snapshot.line.resolved for turn, name in snapshot.line.sheets)


def score_of(snapshot: Snapshot, seat: Seat) -> Score:
    """Return a seat's score over the turns that were played, as the truth has it: for the review."""
    brief = seats.brief_of(snapshot.game.game, seat)
    turns = range(1, snapshot.line.resolved + 1)
    lines = tuple(
        ScoreLine(
            objective=name,
            measure=objective.measure,
            client=objective.client or "",
            posture=objective.posture or "",
            text=texts(objective.text),
            why=objective.why,
            weight=objective.weight,
            values=tuple(min(1.0, max(0.0, _value(objective, snapshot, seat, turn))) for turn in turns),
        )
        for name, objective in (brief.objectives.items() if brief is not None else ())
    )
    return Score(str(seat), lines, sum(line.weight * line.mean for line in lines), sum(line.weight for line in lines))


def _value(objective: Objective, snapshot: Snapshot, seat: Seat, turn: int) -> float:
    if objective.measure == "forecasts":
        scored = [score for _, score in briers(snapshot, seat, turn)]
        return 1.0 - sum(scored) / len(scored) if scored else 0.0
    given = snapshot.line.sheets.get((turn, str(seat)))
    facts = TurnFacts(
        game=snapshot.game.game,
        setting=snapshot.setting,
        months=snapshot.turn_months(turn),
        seat=seat,
        sheet=given.sheet if given is not None else None,
        standing=snapshot.replay.standings[turn - 1],
    )
    return value_of(objective, facts)


def came(question: Question, snapshot: Snapshot) -> bool | None:
    """Tell how a question was settled, or ``None`` while its turn is not over."""
    if question.turn > snapshot.line.resolved:
        return None
    months = snapshot.turn_months(question.turn)
    names = [own.name for own in snapshot.setting.clients]
    match question:
        case PostureBeyond():
            return months[-1].clients[names.index(question.client)].posture >= question.rung
        case DefectedShare():
            return 1.0 - network(months[-1]) >= question.share
        case CrisisBreaksOut():
            i = names.index(question.client)
            return any(crisis.client == i for month in months for crisis in month.crises)


def briers(snapshot: Snapshot, seat: Seat, turn: int | None = None) -> list[tuple[Question, float]]:
    """Return a seat's questions that are settled, each with its Brier score.

    Parameters
    ----------
    snapshot, seat
        Whose.
    turn
        Only those settled by the end of this turn.
    """
    scores = []
    for (given_in, name), given in sorted(snapshot.line.sheets.items()):
        if name != str(seat) or given_in > snapshot.line.resolved:
            continue
        for question in given.sheet.questions:
            settled = came(question, snapshot)
            if settled is not None and (turn is None or question.turn <= turn):
                scores.append((question, brier(question.probability, settled)))
    return scores
