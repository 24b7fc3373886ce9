"""Give decisions instead of drawing them.

Every decision of every actor can come from outside, a seat of a war game or a study's intervention, month by
month; what nobody gives is decided by the rule. A given decision takes the place of the draw, so it moves nobody
else's luck.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from math import isfinite
from numbers import Integral, Real
from typing import TYPE_CHECKING

from papertiger.scenarios.arguments import check_kind, check_mapping
from papertiger.scenarios.errors import shorten

if TYPE_CHECKING:
    from papertiger.model.setting import Setting

FREE = -1
"""Nothing given: the rule decides."""


class Decision(IntEnum):
    """What can be given of one client.

    The comment behind each names the actor, and the values beside ``FREE``. Posture and covert hedging can be
    given in any month, the rest in generative months, when the rules act.
    """

    POSTURE = 0  # client: the rung, 0 to 4, within reach of the ladder or not
    COVERT = 1  # client: 0 do not hedge covertly, k + 1 hedge covertly towards rival k
    ASK = 2  # client: 0 or 1, ask for help in a crisis
    COMPLAIN = 3  # client: 0 or 1, complain in public after a refusal
    PRESS = 4  # adversary: 0 no crisis, 1 to 3 a crisis of that intensity
    RESPONSE = 5  # patron: 0 nothing, 1 words, 2 peacekeepers or mediation, 3 help
    COERCE = 6  # patron: 0 or 1
    CLAIM = 7  # patron: 0 or 1
    CRITICISE = 8  # patron: 0 or 1
    COURT = 9  # patron: 0 or 1, court the client's adversary
    SUPPORT = 10  # patron: 0 nothing, 1 let it lapse, 2 deliver


class Offer(IntEnum):
    """What can be given of one rival and one client."""

    RAISE = 0  # rival: 0 or 1
    WITHDRAW = 1  # rival: 0 or 1, after a rejection


NOTHING, WORDS, MEDIATION, HELP = range(4)
LAPSE, DELIVER = 1, 2


@dataclass
class Decisions:
    """Decisions by month, client and kind; indices as in the setting.

    Attributes
    ----------
    decisions
        Value by (month, client, decision).
    offers
        Value by (month, client, rival, offer decision).
    attention
        What takes the place of the client's value in the softmax of attention by (month, client), 0 or more.
    """

    decisions: dict[tuple[int, int, Decision], int] = field(default_factory=dict)
    offers: dict[tuple[int, int, int, Offer], int] = field(default_factory=dict)
    attention: dict[tuple[int, int], float] = field(default_factory=dict)

    def decision(self, month: int, client: int, decision: Decision) -> int:
        """Return what is given, or ``FREE``."""
        return self.decisions.get((month, client, decision), FREE)

    def offer(self, month: int, client: int, rival: int, offer: Offer) -> int:
        """Return what is given of a rival, or ``FREE``."""
        return self.offers.get((month, client, rival, offer), FREE)

    def __bool__(self) -> bool:
        """Tell whether anything is given."""
        return bool(self.decisions or self.offers or self.attention)


SHAPES = {
    "decisions": ("month", "client", "decision"),
    "offers": ("month", "client", "rival", "offer decision"),
    "attention": ("month", "client"),
}
"""What the keys of each part are made of."""

LARGEST = {
    Decision.POSTURE: 4,
    Decision.PRESS: 3,
    Decision.RESPONSE: HELP,
    Decision.SUPPORT: DELIVER,
}
"""The largest value of each decision that is not a yes or no; covert hedging counts the rivals."""


def check_decisions_given(decisions: object) -> None:
    """Refuse what is no `Decisions`, or one whose keys have another shape than they should.

    Raises
    ------
    TypeError
        Naming the argument, or the part of it and its key.
    """
    if decisions is None:
        return
    given = check_kind("decisions", decisions, Decisions, "a Decisions")
    for part, shape in SHAPES.items():
        entries = check_mapping(f"decisions: {part}", getattr(given, part), f"values by ({', '.join(shape)})")
        for key, value in entries.items():
            if not (isinstance(key, tuple) and len(key) == len(shape) and all(map(_is_whole, key))):
                raise TypeError(f"decisions: {part}: expected keys ({', '.join(shape)}), got {shorten(key)}")
            if not (_is_whole(value) or (part == "attention" and _is_number(value))):
                raise TypeError(f"decisions: {part}: expected a number at {key}, got {shorten(value)}")


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def check_decisions(decisions: Decisions, setting: Setting) -> None:
    """Refuse a decision that a setting does not know: a month, an actor or a value beyond its own.

    Raises
    ------
    TypeError
        If the keys have another shape than they should.
    ValueError
        Naming the decision.
    """
    check_kind("decisions", decisions, Decisions, "a Decisions")
    check_decisions_given(decisions)
    months, clients, rivals = len(setting.months), len(setting.clients), len(setting.rivals)
    for (month, client, decision), value in decisions.decisions.items():
        where = f"decision {_called(Decision, decision)} about client {client} in month {month}"
        _check_place(where, month, months, client, clients)
        lead = setting.clients[client].lead
        if decision == Decision.PRESS and lead != client:
            first = setting.clients[lead].name
            raise ValueError(
                f"{where}: a threat comes due to the client, not to one bond: give it to {first}, {lead}"
            )
        largest = rivals if decision == Decision.COVERT else LARGEST.get(decision, 1)
        if not (value == FREE or 0 <= value <= largest):
            raise ValueError(f"{where}: expected {FREE} (free) or 0 to {largest}, got {value}")
    for (month, client, rival, offer), value in decisions.offers.items():
        where = f"decision {_called(Offer, offer)} of rival {rival} to client {client} in month {month}"
        _check_place(where, month, months, client, clients)
        if not 0 <= rival < rivals:
            raise ValueError(f"{where}: there are {rivals} rivals")
        if value not in (FREE, 0, 1):
            raise ValueError(f"{where}: expected {FREE} (free), 0 or 1, got {value}")
    for (month, client), weight in decisions.attention.items():
        where = f"attention to client {client} in month {month}"
        _check_place(where, month, months, client, clients)
        if not (isfinite(weight) and weight >= 0.0):
            raise ValueError(f"{where}: expected a number of at least 0, got {weight}")


def _called(kind: type[IntEnum], number: int) -> str:
    """Return the name of a decision, or refuse a number that is none."""
    known = [int(one) for one in kind]
    if number not in known:
        called = "a Decision" if kind is Decision else "an Offer"
        raise ValueError(f"decisions: expected the number of {called}, {known[0]} to {known[-1]}, got {number}")
    return kind(number).name.lower()


def _check_place(where: str, month: int, months: int, client: int, clients: int) -> None:
    if not 0 <= month < months:
        raise ValueError(f"{where}: there are {months} months")
    if not 0 <= client < clients:
        raise ValueError(f"{where}: there are {clients} clients")
