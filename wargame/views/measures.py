"""Measure how far a turn brought a seat what one of its objectives asks for: a number from 0 to 1.

A measure is read off the months of the turn, and off what the seat itself ordered in it. What it means stands with
`papertiger.scenarios.schema.game.Objective`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.model.constants import rung_commitments
from papertiger.model.rules.choice import HEDGING, SUSPENDED
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules.orders import Offers
from papertiger.wargame.rules.prices import points_of, spent_on
from papertiger.wargame.views.options import RULES, attention_of

if TYPE_CHECKING:
    from papertiger.model.setting import Setting
    from papertiger.scenarios.schema.game import Game, Objective
    from papertiger.wargame.engine.months import MonthState
    from papertiger.wargame.rules.orders import Sheet, Standing
    from papertiger.wargame.rules.seats import Seat

HARDEST = 3.0
"""The largest intensity of a crisis."""
WORKED, TRIED = "intervened", "help_tried"
"""Signals of a crisis in which the patron's help worked, and in which it came and failed."""
FULL_OFFERS = 2.0
"""Three offers of middle size, two thirds of the largest each, in units of the largest."""
RESPONSES = (WORKED, TRIED, "abandoned", "words_only", "weak_response")
"""Signals that answer a call."""


@dataclass(frozen=True)
class TurnFacts:
    """Hold what measures of one turn are read off.

    Attributes
    ----------
    game, setting
        What is played.
    months
        The turn's months, in order.
    seat, sheet
        Whose objective it is, and what it ordered, if anything.
    standing
        Where everybody stood before the turn.
    """

    game: Game
    setting: Setting
    months: tuple[MonthState, ...]
    seat: Seat
    sheet: Sheet | None
    standing: Standing

    @property
    def last(self) -> MonthState:
        """The turn's last month."""
        return self.months[-1]

    def place(self, name: str | None) -> int:
        """Return the index of a client."""
        return [client.name for client in self.setting.clients].index(name or "")


def value_of(objective: Objective, facts: TurnFacts) -> float:
    """Return the measure of an objective after one turn; forecasts are scored elsewhere."""
    if objective.client is None:
        return min(1.0, max(0.0, _OF_THE_SEAT[objective.measure](facts)))
    i = facts.place(objective.client)
    rung = POSTURES.index(objective.posture or POSTURES[0])
    return min(1.0, max(0.0, _OF_A_CLIENT[objective.measure](facts, i, rung)))


# Of one client


def _bound(facts: TurnFacts, i: int) -> float:
    """Return a client's commitment at the end of the turn."""
    return RULES.commitment(facts.last.clients[i].posture, rung_commitments(facts.setting.constants))


def answered(months: tuple[MonthState, ...], i: int) -> list[tuple[float, bool, bool]]:
    """Return a client's crises of some months: intensity, whether help worked, and whether the patron tried."""
    answers = []
    for month in months:
        crises = [crisis for crisis in month.crises if crisis.client == i]
        if crises:
            said = {signal.signal for signal in month.clients[i].signals}
            answers += [(crisis.intensity, WORKED in said, WORKED in said or TRIED in said) for crisis in crises]
    return answers


def _helped(facts: TurnFacts, i: int, _: int) -> float:
    crises = answered(facts.months, i)
    return sum(tried for *_, tried in crises) / len(crises) if crises else 1.0


def _answered(facts: TurnFacts, i: int, _: int) -> float:
    """Return the share of calls in which the patron tried to help; a crisis without a response is no call."""
    called = [month for month in facts.months if any(one.signal in RESPONSES for one in month.clients[i].signals)]
    crises = answered(tuple(called), i)
    return sum(tried for *_, tried in crises) / len(crises) if crises else 1.0


def _unharmed(facts: TurnFacts, i: int, _: int) -> float:
    open_ones = [intensity for intensity, worked, _ in answered(facts.months, i) if not worked]
    return 1.0 - max(open_ones, default=0.0) / HARDEST


def _impunity(facts: TurnFacts, i: int, _: int) -> float:
    crises = answered(facts.months, i)
    gained = sum(-intensity if worked else intensity for intensity, worked, _ in crises)
    return 0.5 + 0.5 * gained / (HARDEST * len(crises)) if crises else 0.5


def offered(setting: Setting, month: MonthState, i: int) -> float:
    """Return what stands of the best rival's offers to a client, as a share of three offers of middle size."""
    full = FULL_OFFERS * setting.constants.offer_size
    best = max(month.clients[i].offers, default=0.0)
    return min(1.0, best / full) if full > 0.0 else 0.0


def _courted(facts: TurnFacts, i: int, _: int) -> float:
    return (1.0 - _bound(facts, i)) * offered(facts.setting, facts.last, i)


_OF_A_CLIENT: dict[str, Callable[[TurnFacts, int, int], float]] = {
    "commitment": lambda facts, i, _: _bound(facts, i),
    "distance": lambda facts, i, _: 1.0 - _bound(facts, i),
    "within": lambda facts, i, rung: float(facts.last.clients[i].posture <= rung),
    "beyond": lambda facts, i, rung: float(facts.last.clients[i].posture >= rung),
    "protection": lambda facts, i, _: facts.last.clients[i].protection,
    "unthreatened": lambda facts, i, _: 1.0 - RULES.patron_threat(facts.last.clients[i].claim_level),
    "helped": _helped,
    "answered": _answered,
    "calm": lambda facts, i, _: float(not answered(facts.months, i)),
    "unharmed": _unharmed,
    "impunity": _impunity,
    "courted": _courted,
}


# Of the network, or of the seat itself


def network(month: MonthState) -> float:
    """Return the share of the clients in the network that have not defected."""
    present = [client for client in month.clients if client.present]
    return sum(client.posture < SUSPENDED for client in present) / len(present) if present else 0.0


def _war_attention(facts: TurnFacts) -> float:
    """Return the share of attention that no client took."""
    shares = [client.attention for client in facts.last.clients]
    taken = sum(shares) if any(shares) else sum(attention_of(facts.last, facts.setting, facts.last.index)[0])
    return 1.0 - taken


def _unspent(facts: TurnFacts) -> float:
    points = points_of(facts.seat, facts.game, facts.standing)
    return 1.0 - spent_on(facts.sheet, facts.game) / points if points else 1.0


def _accepted(facts: TurnFacts) -> float:
    orders = facts.sheet.orders if facts.sheet is not None else ()
    raised = [facts.place(order.client) for order in orders if isinstance(order, Offers) and order.act]
    return sum(facts.last.clients[i].posture >= HEDGING for i in raised) / len(raised) if raised else 1.0


_OF_THE_SEAT: dict[str, Callable[[TurnFacts], float]] = {
    "credibility": lambda facts: facts.last.credibility,
    "network": lambda facts: network(facts.last),
    "assets": lambda facts: 1.0 - facts.last.lost_assets,
    "war_attention": _war_attention,
    "unspent": _unspent,
    "accepted": _accepted,
}
