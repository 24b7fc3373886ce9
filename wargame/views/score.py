"""Score how far each seat reached what it was asked to, line by line. A score explains a debate and ends none.

Each objective's measure is a number from 0 to 1 at the end of every turn; the line is its mean over the turns
played, times its weight. The sum is out of the sum of weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.model.constants import rung_commitments
from papertiger.model.rules.choice import SUSPENDED
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.questions import CrisisBreaksOut, DefectedShare, PostureBeyond, brier
from papertiger.wargame.views.news import texts
from papertiger.wargame.views.options import RULES, attention_of

if TYPE_CHECKING:
    from papertiger.scenarios.schema.game import Objective
    from papertiger.wargame.engine.months import MonthState
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
    months = snapshot.turn_months(turn)
    if objective.client is None:
        return _OF_THE_PATRON[objective.measure](snapshot, months[-1])
    i = [own.name for own in snapshot.setting.clients].index(objective.client)
    match objective.measure:
        case "helped":
            crises = sum(crisis.client == i for month in months for crisis in month.crises)
            helped = sum(
                signal.signal in ("intervened", "help_tried")
                for month in months
                for signal in month.clients[i].signals
            )
            return 1.0 if not crises else min(1.0, helped / crises)
        case "calm":
            return 0.0 if any(crisis.client == i for month in months for crisis in month.crises) else 1.0
    client, rung = months[-1].clients[i], POSTURES.index(objective.posture or POSTURES[0])
    bound = RULES.commitment(client.posture, rung_commitments(snapshot.setting.constants))
    return {
        "commitment": bound,
        "distance": 1.0 - bound,
        "within": float(client.posture <= rung),
        "beyond": float(client.posture >= rung),
        "protection": client.protection,
        "unthreatened": 1.0 - RULES.patron_threat(client.claim_level),
    }[objective.measure]


def _network(snapshot: Snapshot, month: MonthState) -> float:  # noqa: ARG001 - measures share one form
    present = [client for client in month.clients if client.present]
    return sum(client.posture < SUSPENDED for client in present) / len(present) if present else 0.0


def _war_attention(snapshot: Snapshot, month: MonthState) -> float:
    """Return the share of attention that no client took."""
    shares = [client.attention for client in month.clients]
    taken = sum(shares) if any(shares) else sum(attention_of(month, snapshot.setting, month.index)[0])
    return 1.0 - taken


_OF_THE_PATRON: dict[str, Callable[[Snapshot, MonthState], float]] = {
    "credibility": lambda _, month: month.credibility,
    "network": _network,
    "assets": lambda _, month: 1.0 - month.lost_assets,
    "war_attention": _war_attention,
}


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
            return 1.0 - _network(snapshot, months[-1]) >= question.share
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
