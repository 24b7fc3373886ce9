"""Turn the form that a team's page sends into a sheet of orders, and a sheet back into what the page shows.

A field is named by what is decided and about whom, such as ``respond/NAME``. A field left blank is left to the rule.
A page with script names the fields that somebody touched there, so that two tabs of a team work on one sheet; without
script a form holds all fields as they stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from papertiger.scenarios.reading.json_reader import JsonError, parse_json
from papertiger.wargame.rules.objections import OrderError
from papertiger.wargame.rules.orders import ACTS, MAX_ORDERS, Attention, Hedge, Offers, Sheet
from papertiger.wargame.rules.refusals import Refusal, refusal
from papertiger.wargame.views.adversary_desk import AdversaryDesk
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.patron_desk import PatronDesk
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.rival_desk import RivalDesk

if TYPE_CHECKING:
    from papertiger.wargame.rules.orders import Order
    from papertiger.wargame.rules.questions import Question
    from papertiger.wargame.views.seats import SeatView

EXPECTATIONS = (1, 2, 3)
SPLIT = "/"
ASKED = {
    "posture_beyond": ("client", "posture", "until"),
    "crisis": ("client", "until"),
    "defected_share": ("share", "until"),
}
"""Parts of a question, as the value of one choice holds them after its kind."""

MAX_TEXT = 300
YES, NO = "yes", "no"
TECHNICAL = frozenset({"csrf", "key", "turn", "as", "auto", "whole", "touched", "ready", "do", "language"})
"""Fields of the form that say nothing of what a team decides or writes."""

type Fields = Mapping[str, str]


def clients_of(view: SeatView) -> tuple[str, ...]:
    """Return the clients that a seat's orders can be about."""
    desk = view.desk
    return tuple(one.client for one in desk.clients) if desk is not None and not isinstance(desk, ClientDesk) else ()


def sheet_of(view: SeatView, turn: int, fields: Fields) -> Sheet:
    """Return the sheet that a form comes to.

    Raises
    ------
    papertiger.wargame.rules.objections.OrderError
        If a field cannot be read; what a seat may do is for the game to say.
    """
    orders: list[dict[str, Any]] = []
    match view.desk:
        case ClientDesk():
            orders += _of_client(fields)
        case PatronDesk():
            orders += _of_patron(view, fields)
        case RivalDesk():
            orders += _of_rival(view, fields)
        case AdversaryDesk():
            orders += _of_adversary(view, fields)
    if len(orders) > MAX_ORDERS:
        raise OrderError(refusal("order.many", most=MAX_ORDERS))
    said = {"seat": view.seat, "turn": turn, "orders": orders, "expects": list(_expectations(turn, fields))}
    try:
        return Sheet.model_validate(said)
    except ValidationError as error:
        places = (one["loc"] for one in error.errors(include_url=False, include_input=False)[:20])
        raise OrderError(*map(_unread, places)) from None


def _unread(place: tuple[int | str, ...]) -> Refusal:
    """Return where a form holds what the page's own form does not offer."""
    problem = refusal("field.other")
    match place:
        case ("orders", int(), str(order), *_):
            return refusal("order", order=order, problem=problem)
        case ("expects", *_):
            return refusal("expect", problem=problem)
        case _:
            return problem


def _why(fields: Fields, name: str) -> dict[str, str]:
    return {"why": fields.get(name, "")[:MAX_TEXT]}


def _of_client(fields: Fields) -> Iterable[dict[str, Any]]:
    if posture := fields.get("posture"):
        yield {"do": "posture", "posture": posture} | _why(fields, "posture.why")
    if hedge := fields.get("hedge"):
        how, _, rival = hedge.partition(":")
        yield {"do": "hedge", "towards": rival or None, "covert": how != "open"} | _why(fields, "hedge.why")
    for do in ("ask", "complain"):
        if said := fields.get(do):
            yield {"do": do, do: said == YES} | _why(fields, f"{do}.why")


def _of_patron(view: SeatView, fields: Fields) -> Iterable[dict[str, Any]]:
    shares = {}
    for client in clients_of(view):
        why = _why(fields, f"why/{client}")
        if points := fields.get(f"points/{client}", "").strip():
            shares[client] = _whole(points, refusal("field.points", client=client), 100)
        if answer := fields.get(f"respond/{client}"):
            yield {"do": "respond", "client": client, "answer": answer} | why
        for do in ACTS:
            if said := fields.get(f"{do}/{client}"):
                yield {"do": do, "client": client, "act": said == YES} | why
        if supply := fields.get(f"support/{client}"):
            yield {"do": "support", "client": client, "supply": supply} | why
    if any(shares.values()):
        yield {"do": "attention", "shares": shares} | _why(fields, "attention.why")


def _of_rival(view: SeatView, fields: Fields) -> Iterable[dict[str, Any]]:
    for client in clients_of(view):
        said, why = fields.get(f"offer/{client}"), _why(fields, f"why/{client}")
        if said == "withdraw":
            yield {"do": "withdraw", "client": client} | why
        elif said:
            refused = fields.get(f"refused/{client}") or None
            yield {"do": "offer", "client": client, "act": said == YES, "if_refused": refused} | why


def _of_adversary(view: SeatView, fields: Fields) -> Iterable[dict[str, Any]]:
    for client in clients_of(view):
        if said := fields.get(f"press/{client}"):
            intensity = _whole(said, refusal("field.press", client=client), 3)
            yield {"do": "press", "client": client, "intensity": intensity} | _why(fields, f"why/{client}")


def _expectations(turn: int, fields: Fields) -> Iterable[dict[str, Any]]:
    for number in EXPECTATIONS:
        ask, *said = fields.get(f"ask{number}", "").split(SPLIT)
        if not ask:
            continue
        if len(said) == len(ASKED.get(ask, ())):  # the whole question is one choice
            fields = {**fields, **{f"{name}{number}": value for name, value in zip(ASKED[ask], said, strict=True)}}
        chance, until, share = (refusal(f"field.{name}", number=number) for name in ("chance", "until", "share"))
        question: dict[str, Any] = {
            "ask": ask,
            "probability": _whole(fields.get(f"chance{number}", ""), chance, 100) / 100,
            "turn": _whole(fields.get(f"until{number}") or str(turn), until, 1200),
        }
        for name in {"posture_beyond": ("client", "posture"), "crisis": ("client",)}.get(ask, ()):
            question[name] = fields.get(f"{name}{number}", "")
            if not question[name]:
                raise OrderError(refusal(f"expect.{name}", number=number))
        if ask == "defected_share":
            question["share"] = _whole(fields.get(f"share{number}", ""), share, 100) / 100
        yield question


def _whole(text: str, field: Refusal, most: int) -> int:
    said = text.strip()
    if not said:
        raise OrderError(refusal("field.blank", field=field, most=most))
    if not (said.isascii() and said.isdecimal()) or len(said) > 6 or int(said) > most:
        raise OrderError(refusal("field.number", field=field, most=most, given=said[:20]))
    return int(said)


# Back


def fields_of(sheet: Sheet | None) -> dict[str, str]:
    """Return the fields that a sheet came from."""
    fields: dict[str, str] = {}
    for order in sheet.orders if sheet is not None else ():
        fields |= _fields_of_order(order)
    for number, question in zip(EXPECTATIONS, sheet.expects if sheet is not None else (), strict=False):
        fields |= _fields_of_question(number, question)
    return fields


def _fields_of_order(order: Order) -> dict[str, str]:
    do, client = order.slot
    said = plain(order)
    if isinstance(order, Attention):
        return {"attention.why": order.why} | {f"points/{name}": str(share) for name, share in order.shares.items()}
    if isinstance(order, Hedge):
        if order.towards is None:
            return {"hedge": "end", "hedge.why": order.why}
        return {"hedge": f"{'covert' if order.covert else 'open'}:{order.towards}", "hedge.why": order.why}
    if isinstance(order, Offers):
        fields = {f"offer/{client}": _yes(order.act), f"refused/{client}": order.if_refused or ""}
    elif do == "withdraw":
        fields = {f"offer/{client}": "withdraw"}
    elif not client:
        value = said[do]
        return {do: _yes(value) if isinstance(value, bool) else str(value), f"{do}.why": order.why}
    else:
        key = {"respond": "answer", "support": "supply", "press": "intensity"}.get(do, "act")
        fields = {f"{do}/{client}": _yes(said[key]) if isinstance(said[key], bool) else str(said[key])}
    return fields | ({f"why/{client}": order.why} if order.why else {})


def _fields_of_question(number: int, question: Question) -> dict[str, str]:
    said = plain(question)
    return {f"ask{number}": asked(said), f"chance{number}": str(round(100 * said["probability"]))}


def asked(said: Mapping[str, Any]) -> str:
    """Return a question as the value of one choice."""
    values = {**said, "until": said["turn"]}
    if "share" in said:
        values["share"] = round(100 * said["share"])
    return SPLIT.join((str(said["ask"]), *(str(values[name]) for name in ASKED[str(said["ask"])])))


def _yes(value: bool) -> str:
    return YES if value else NO


def draft_of(fields: Fields) -> str:
    """Return the fields of a form as the text of a draft."""
    draft = {name: value for name, value in sorted(fields.items()) if value and name not in TECHNICAL}
    return json.dumps(draft, ensure_ascii=False)


def merged(before: Fields, sent: Fields) -> dict[str, str]:
    """Return the fields of a form that was sent, over what another tab may have written meanwhile.

    Parameters
    ----------
    before
        What stands on the server: the draft, or else the orders that were given.
    sent
        What the form holds; where it names the touched fields, all others stay as they are.
    """
    said = {name: value for name, value in sent.items() if name not in TECHNICAL}
    try:
        touched = parse_json(sent.get("touched", "") or "[]", list[str], "the touched fields")
    except JsonError:
        return said
    if not touched:
        return said
    return {**before, **{name: said.get(name, "") for name in touched if name not in TECHNICAL}}


def field_of(problem: Refusal) -> str:
    """Return the field of the form that a refusal is about; blank where it is about none."""
    values = dict(problem.values)
    inner = next((one for one in (values.get("problem"), values.get("field")) if isinstance(one, Refusal)), None)
    if problem.name == "order.points":
        return "points"
    if problem.name in ("order", "order.client"):
        do, client = str(values["order"]), str(values.get("client", ""))
        return f"{'offer' if do == 'withdraw' else do}/{client}" if client else do
    if problem.name in ("field.points", "field.press"):
        return f"{problem.name.removeprefix('field.')}/{values['client']}"
    if "number" in values:
        return f"{'chance' if problem.name == 'field.chance' else 'ask'}{values['number']}"
    return field_of(inner) if inner is not None else "ask1" if problem.name == "expect" else ""


def fields_of_draft(text: str) -> dict[str, str]:
    """Return the fields of a draft; nothing where it is none."""
    try:
        return parse_json(text, dict[str, str], "a draft")
    except JsonError:
        return {}
