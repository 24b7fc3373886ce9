"""Refuse the sheets that a seat cannot give: every problem in words, with what is possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from papertiger.model.rules.choice import HEDGING, LOYAL, REALIGNED, last_posture
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules.prices import cost_of, points_of, spent_on
from papertiger.wargame.rules.refusals import Refusal, RefusalError, refusal, unknown
from papertiger.wargame.rules.seats import ADVERSARY, CLIENT, Seat, parse

if TYPE_CHECKING:
    from papertiger.model.setting import Setting
    from papertiger.scenarios.schema.game import Game
from papertiger.wargame.rules.orders import (
    KINDS,
    Attention,
    Hedge,
    Order,
    Posture,
    Press,
    Sheet,
    Standing,
    Support,
)

__all__ = ["OrderError", "check_sheet", "cost_of", "points_of", "reachable"]


class OrderError(RefusalError):
    """Orders that a seat cannot give; one problem a line."""


def check_sheet(sheet: Sheet, setting: Setting, game: Game, standing: Standing, last_turn: int) -> None:
    """Refuse a sheet that its seat cannot give in this turn.

    Raises
    ------
    OrderError
        With every problem, each naming the order, what is possible and the nearest valid name.
    """
    seat = parse(sheet.seat)
    problems: list[Refusal] = []
    allowed = KINDS.get(seat.kind, ())
    place = {client.name: index for index, client in enumerate(setting.clients)}
    taken: set[tuple[str, str]] = set()
    for order in sheet.orders:
        do, client = order.slot
        if not isinstance(order, allowed):
            problems.append(_about(order, refusal("order.foreign", seat=str(seat))))
            continue
        objections = [refusal("order.twice")] if (do, client) in taken else []
        taken.add((do, client))
        for name in order.shares if isinstance(order, Attention) else [client] if client else []:
            if name not in place:
                objections.append(unknown("client", name, place))
            elif not standing.present[place[name]]:
                objections.append(refusal("order.absent", client=name))
        objections += _objections(order, seat, sheet, setting, standing, place)
        problems += [_about(order, one) for one in objections]
    for question in sheet.questions:
        name = getattr(question, "client", "")
        if name and name not in place:
            problems.append(refusal("expect", problem=unknown("client", name, place)))
        if not sheet.turn <= question.turn <= last_turn:
            problem = refusal("expect.turn", first=sheet.turn, last=last_turn, turn=question.turn)
            problems.append(refusal("expect", problem=problem))
    points, spent = points_of(seat, game, standing), spent_on(sheet, game)
    if spent > points:
        problems.append(refusal("order.points", count=spent, seat=str(seat), points=points))
    if problems:
        raise OrderError(*problems)


def _about(order: Order, problem: Refusal) -> Refusal:
    """Return a problem with the order that it is about."""
    do, client = order.slot
    if not client:
        return refusal("order", order=do, problem=problem)
    return refusal("order.client", order=do, client=client, problem=problem)


def _objections(
    order: Order, seat: Seat, sheet: Sheet, setting: Setting, standing: Standing, place: Mapping[str, int]
) -> Iterable[Refusal]:
    """Yield what speaks against one order of the right kind."""
    if seat.kind == CLIENT:
        yield from _objections_of_client(order, place[seat.name], sheet, setting, standing)
    elif seat.kind == ADVERSARY and isinstance(order, Press) and order.client in place:
        if setting.clients[place[order.client]].adversary != seat.name:
            yield refusal("press.foreign", adversary=seat.name, client=order.client)
    elif isinstance(order, Support) and order.client in place:
        if not setting.clients[place[order.client]].supplied_air_defence:
            yield refusal("support.none", client=order.client)


def _objections_of_client(
    order: Order, client: int, sheet: Sheet, setting: Setting, standing: Standing
) -> Iterable[Refusal]:
    now, falls = standing.postures[client], any(standing.falling[client : client + 1])
    if isinstance(order, Posture):
        rungs = reachable(client, now, setting, free=falls)
        if POSTURES.index(order.posture) not in rungs:
            yield refusal("posture.far", posture=order.posture, postures=tuple(POSTURES[rung] for rung in rungs))
    elif isinstance(order, Hedge):
        if order.towards is not None and order.towards not in setting.rivals:
            yield unknown("rival", order.towards, setting.rivals)
        postures = [POSTURES.index(other.posture) for other in sheet.orders if isinstance(other, Posture)]
        hedging = POSTURES[HEDGING]
        if not order.covert and order.towards is None:
            yield refusal("hedge.whom")
        elif not order.covert:
            if postures and postures != [HEDGING]:
                yield refusal("hedge.posture", posture=hedging)
            if HEDGING not in reachable(client, now, setting, free=falls):
                yield refusal("hedge.far", posture=hedging)
        elif order.towards is not None and not all(
            posture == HEDGING or (posture == LOYAL and setting.clients[client].sub_state)
            for posture in postures or [now]
        ):
            yield refusal("hedge.covert", posture=hedging)


def reachable(client: int, posture: int, setting: Setting, *, free: bool = False) -> tuple[int, ...]:
    """Return the rungs that a client can stand on at the end of a turn, by the rule of the ladder.

    Parameters
    ----------
    client, posture
        Who, and where it stands.
    setting
        The world in numbers.
    free
        Whether it is a successor's first choice, which is among all rungs.
    """
    own = setting.clients[client]
    if free:
        return tuple(range((HEDGING if own.sub_state else REALIGNED) + 1))
    last = last_posture(posture, own.sub_state)
    return tuple(range(max(LOYAL, posture - 1), min(last, posture + 1) + 1))
