"""Type what one seat may promise another, and refuse what is not its to promise.

A pledge is about deeds that the game can tell: whether help came, an offer was raised, a posture was held. Whether it
was kept is for `papertiger.wargame.views.promises` to say. What no rule can tell is said in words, and is not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from papertiger.scenarios.schema.values import PostureName
from papertiger.wargame.rules.questions import Name, Turn
from papertiger.wargame.rules.refusals import Refusal, refusal, unknown
from papertiger.wargame.rules.seats import ADVERSARY, CLIENT, PATRON, RIVAL, Seat

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario

DEEDS: Mapping[str, tuple[str, ...]] = {
    PATRON: ("help", "spare"),
    CLIENT: ("stay", "reach", "call", "calm"),
    RIVAL: ("offer", "hold"),
    ADVERSARY: ("leave", "press"),
}
"""What each kind of seat can promise to do."""

ONCE = frozenset({"reach", "offer", "press"})
"""Deeds that are done with once; all others must hold in every turn."""

WITH_POSTURE = frozenset({"stay", "reach"})


class Pledge(BaseModel):
    """A deed that a seat promises, from the turn in which it is agreed to the end of another one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    do: Literal["help", "spare", "stay", "reach", "call", "calm", "offer", "hold", "leave", "press"]
    client: Name | None = Field(default=None, description="whom it is about; blank for a client's own deeds")
    posture: PostureName | None = None
    until: Turn = Field(description="the last turn in which it binds")


def objections(pledge: Pledge, seat: Seat, scenario: Scenario, turn: int, last: int) -> tuple[Refusal, ...]:
    """Return why a seat cannot make a pledge in a turn; nothing where it can.

    Parameters
    ----------
    pledge, seat
        What is promised, and who would do it.
    scenario
        Whose clients there are.
    turn, last
        The open turn, and the last one of the game.
    """
    if pledge.do not in DEEDS.get(seat.kind, ()):
        return (refusal("pledge.foreign", seat=str(seat)),)
    problems = []
    if (pledge.client is None) != (seat.kind == CLIENT) or (pledge.posture is None) == (pledge.do in WITH_POSTURE):
        problems.append(refusal("field.other"))
    elif pledge.client is not None and pledge.client not in scenario.clients:
        problems.append(unknown("client", pledge.client, scenario.clients))
    elif seat.kind == ADVERSARY and scenario.clients[str(pledge.client)].adversary != seat.name:
        problems.append(refusal("pledge.foreign", seat=str(seat)))
    if not turn <= pledge.until <= last:
        problems.append(refusal("pledge.until", turn=turn, last=last))
    return tuple(problems)


def deeds_of(seat: Seat, clients: tuple[str, ...], scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """Return what a seat can promise, each with the client or the posture that it is about.

    Parameters
    ----------
    seat
        Who promises.
    clients
        The clients in play.
    scenario
        Who threatens whom.
    """
    if seat.kind == CLIENT:
        stay = tuple(("stay", posture) for posture in ("loyal", "hedging", "distancing"))
        reach = tuple(("reach", posture) for posture in ("hedging", "distancing", "suspended", "realigned"))
        return (*stay, *reach, ("call", ""), ("calm", ""))
    whom = clients
    if seat.kind == ADVERSARY:
        own = tuple(name for name, client in scenario.clients.items() if client.adversary == seat.name)
        whom = tuple(name for name in clients if name in own) or own
    return tuple((do, client) for client in whom for do in DEEDS.get(seat.kind, ()))
