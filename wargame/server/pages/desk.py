"""Serve a team its desk: what it knows, its orders, its messages and what it expects."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from papertiger.wargame.i18n import formats
from papertiger.wargame.log.state import LateError
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.pledges import deeds_of
from papertiger.wargame.rules.prices import cost_of
from papertiger.wargame.rules.refusals import RefusalError
from papertiger.wargame.server.auth import TEAM
from papertiger.wargame.server.pages import charts
from papertiger.wargame.server.pages.forms import (
    EXPECTATIONS,
    draft_of,
    field_of,
    fields_of,
    fields_of_draft,
    merged,
    sheet_of,
)
from papertiger.wargame.server.pages.situation import asks_of, can_break, happened_of, levels_of, near, rule_moved
from papertiger.wargame.server.request import RefusedError, status_of
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.forecast import forecast
from papertiger.wargame.views.order_cards import cards_of, shown_first, spent
from papertiger.wargame.views.seats import view_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.responses import Response

    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.server.request import PageRequest
    from papertiger.wargame.views.seats import SeatView

MAX_ANSWER, MAX_MESSAGE, MAX_DRAFT = 4000, 2000, 20_000
WRITING = ("to", "text", "line")
"""Fields of what is being written to others."""
DEAL = ("gives", "asks", "lasts")
"""Fields of a proposal that is being made."""

FIELD = {"text": MAX_MESSAGE, "touched": 20_000}
DONE = ("ordered", "drafted", "withdrawn", "sent", "answered", "proposed", "replied", "read", "published")


def desk(request: PageRequest) -> Response:
    """Show what the seat may know, and the form for its orders."""
    view = request.state.session.view(request.seat)
    done = done_of(request, view)
    taken = request.http.query_params.get("take", "") == "missed" and bool(view.missed)
    fields = standing_of(view) | (fields_of_draft(view.missed) if taken else {})
    passed = request.state.auth.pass_for(view.seat, own=True)
    return show(request, view, fields, done=done, passed=passed)


def done_of(request: PageRequest, view: SeatView) -> str:
    """Return what the team has just done, where it still holds: the address outlives the turn, and practice, too."""
    done = request.http.query_params.get("done", "")
    holds = {
        "ordered": is_given(view, standing_of(view)),
        "drafted": bool(view.draft),
        "withdrawn": view.sheet is None and request.http.query_params.get("turn", "") == _moment(request, view.turn),
    }
    return done if done in DONE and holds.get(done, True) else ""


def _moment(request: PageRequest, turn: int) -> str:
    """Return the branch and the turn that something was done in; a turn comes again in another branch."""
    return f"{request.state.session.game.active}.{turn}"


def standing_of(view: SeatView) -> dict[str, str]:
    """Return the fields of a desk's form as they stand: the draft, or else the orders that were given."""
    return fields_of_draft(view.draft) if view.draft else fields_of(view.sheet)


def show(request: PageRequest, view: SeatView, fields: dict[str, str], status: int = 200, **more: Any) -> Response:
    """Return a desk with a form filled in."""
    said = {"problems": (), "wrong": {}, "done": "", "then": 0, "act": "/desk", "passed": "", "objected": ()} | more
    price = partial(cost_of, game=request.state.session.game.game)
    cards, first = cards_of(view, price), shown_first(view)
    missed = fields_of_draft(view.missed) if view.phase != "over" else {}
    return request.page(
        "desk.html",
        status,
        view=view,
        fields=fields,
        cards=cards[:first],
        folded=cards[first:],
        spent=spent(cards, fields),
        asks=asks_of(view, fields, jumps=can_break(request.state.session.snapshot().setting)),
        missed=[text for name, text in missed.items() if is_writing(name) and name != "to"],
        given=is_given(view, fields),
        coming=sorted(view.public.coming, key=lambda item: item.client not in near(view)),
        happened=happened_of(view),
        rule_moved=rule_moved(view),
        level_rows=levels_of(view),
        deals=deals_of(request, view) if request.role == TEAM and view.phase == "orders" else (),
        everybody=[str(seat) for seat in (*request.state.session.game.seats, seats.THE_FACILITATOR)],
        rivals=list(request.state.session.game.scenario.rivals),
        address=request.state.address,
        by_itself=request.state.session.game.by_itself,
        chart=chart_of(request, view),
        **said,
    )


def network_of(request: PageRequest, view: SeatView) -> str:
    """Return the patron with its clients around it."""
    say = request.translator
    return charts.network(say.text("chart.network"), say.patron, view.public.clients, say.client)


def chart_of(request: PageRequest, view: SeatView) -> str:
    """Return the chart of a client's own beliefs, or of the patron's credibility for everyone else."""
    if not isinstance(view.desk, ClientDesk):
        return credibility_of(request.translator, view)
    say = request.translator.text
    names = (say("belief.capability"), say("belief.resolve"), say("belief.protection"))
    series = [charts.Series(name, [row[i] for row in view.desk.beliefs], f"s{i}") for i, name in enumerate(names)]
    return charts.lines(say("chart.beliefs"), _months(request.translator, view), series, request.language)


def credibility_of(translator: Translator, view: SeatView) -> str:
    """Return the chart of the patron's credibility."""
    series = [charts.Series(translator.text("word.credibility"), view.public.credibility, "s2")]
    return charts.lines(translator.text("chart.credibility"), _months(translator, view), series, translator.language)


def _months(translator: Translator, view: SeatView) -> list[str]:
    return [
        translator.text("word.start"),
        *(formats.short_month(month, translator.language) for month in view.public.months),
    ]


def order(request: PageRequest) -> Response:
    """Take a team's orders, with or without a word that it is ready, or keep them as a draft."""
    session, turn = request.state.session, request.number("turn", 1, 1200)
    how = request.field("as", 20)
    view = session.view(request.seat)
    if how == "draft":
        keep(request, view)
        if request.field("auto", 5):
            return JSONResponse({"saved": True})
        return request.go("/desk?done=drafted#done")
    fields = order_fields(request, view)
    try:
        session.submit(sheet_of(view, turn, fields), key=request.key)
        given = fields_of(session.view(request.seat).sheet)
        if rest := {
            name: text
            for name, text in fields.items()
            if (is_writing(name) or name in DEAL) and text.strip() and name not in given
        }:
            # A message that is not sent yet, or a reason for what was left to the rule: nothing typed is lost.
            session.draft(request.seat, turn, draft_of(given | rest))
        if how == "ready":
            with request.state.turning():
                session.ready(request.seat, turn, key=request.key and f"ready/{request.key}")
    except RefusalError as error:
        return show(request, view, fields, status_of(error), **wrong_of(request, error))
    return request.go("/desk?done=ordered#done")


def wrong_of(request: PageRequest, error: RefusalError) -> dict[str, Any]:
    """Return what a page says of a refusal: a line for each problem, at its field where it has one."""
    wrong: dict[str, str] = {}
    for problem, line in zip(error.problems, request.translator.reasons(error), strict=True):
        wrong[field_of(problem)] = " ".join(filter(None, (wrong.get(field_of(problem)), line)))
    return {"problems": request.translator.reasons(error), "wrong": wrong}


def order_fields(request: PageRequest, view: SeatView) -> dict[str, str]:
    """Return the fields of a form of orders, over what another tab wrote meanwhile."""
    sent = {name: request.field(name, FIELD.get(name, 400)) for name in request.fields}
    fields = merged(standing_of(view), sent)
    # A slider and a list stand somewhere although nobody moved them.
    idle = {f"chance{number}" for number in EXPECTATIONS if not fields.get(f"ask{number}")}
    idle |= set() if any(fields.get(name) for name in ("text", *DEAL)) else {"to"}
    return {name: text for name, text in fields.items() if name not in idle}


def is_writing(field: str) -> bool:
    """Tell whether a field of the form holds words of the team's own."""
    return field in WRITING or field.endswith(".why") or field.startswith("why/")


def is_given(view: SeatView, fields: dict[str, str]) -> bool:
    """Tell whether the orders that were given are those that stand in the form."""
    try:
        return view.sheet is not None and sheet_of(view, view.turn, fields) == view.sheet
    except RefusalError:
        return False


def keep(request: PageRequest, view: SeatView, but: Collection[str] = ()) -> None:
    """Keep what stands in the form as a draft; a form that brings no more than its button is none."""
    if not (request.field("whole", 5) or request.field("as", 20) == "draft"):
        return
    fields = {name: text for name, text in order_fields(request, view).items() if name not in but}
    text = draft_of(fields)
    if len(text) > MAX_DRAFT:
        raise RefusedError(422, "error.long")
    if text != draft_of(standing_of(view)):
        key = "" if request.field("auto", 5) else request.key and f"draft/{request.key}"
        request.state.session.draft(request.seat, request.number("turn", 1, 1200), text, key=key)


def keep_what_can_be(request: PageRequest, but: Collection[str] = ()) -> None:
    """Keep what stands in the form besides what its button does; a turn that is closed takes no draft."""
    view = request.state.session.view(request.seat)
    if request.fields.get("turn"):
        with contextlib.suppress(LateError):
            keep(request, view, but)


def hand_over(request: PageRequest) -> Response:
    """Give the team a pass, so that it goes on with its seat on another device, or void it."""
    keep_what_can_be(request)
    give_pass(request, str(request.seat), own=True)
    return request.go("/desk#pass")


def give_pass(request: PageRequest, seat: str, *, own: bool = False) -> None:
    """Give out a pass for a seat, or void the one there is, as the form says."""
    if request.field("do", 10) == "void":
        request.state.auth.void(seat)
    else:
        request.state.auth.hand_over(seat, own=own)


def withdraw(request: PageRequest) -> Response:
    """Take the orders back, so that the rule plays."""
    keep_what_can_be(request)
    turn = request.number("turn", 1, 1200)
    request.state.session.withdraw(request.seat, turn, key=request.key)
    return request.go(f"/desk?done=withdrawn&turn={_moment(request, turn)}#done")


def ready(request: PageRequest) -> Response:
    """Say whether the team is ready."""
    keep_what_can_be(request)
    with request.state.turning():
        request.state.session.ready(
            request.seat, request.number("turn", 1, 1200), request.field("ready", 5) == "yes", key=request.key
        )
    return request.go("/desk#done")


def message(request: PageRequest) -> Response:
    """Send a message to one seat, or to all of them."""
    send(request, request.seat)
    keep_what_can_be(request, but=("to", "text"))
    return request.go("/desk?done=sent#sent")


type Deeds = tuple[tuple[str, str], ...]


def deals_of(request: PageRequest, view: SeatView) -> tuple[tuple[str, Deeds], ...]:
    """Return what the reader's seat can promise, then what each kind of other seat can: whose it is says the form."""
    game = request.state.session.game
    clients = tuple(seat.name for seat in game.seats if seat.kind == seats.CLIENT)
    clients = clients or tuple(game.scenario.clients)
    own: Deeds = ()
    others: dict[str, dict[tuple[str, str], None]] = {}
    for seat in game.seats:
        deeds = deeds_of(seat, clients, game.scenario)
        if str(seat) == view.seat:
            own = deeds
        else:
            others.setdefault(seat.kind, {}).update(dict.fromkeys(deeds))
    return (("", own), *((kind, tuple(deeds)) for kind, deeds in others.items()))


def send(request: PageRequest, sender: seats.Seat) -> None:
    """Send what a form says."""
    wanted, text = request.field("to", 200), request.field("text", MAX_MESSAGE)
    known = {str(seat): seat for seat in (*request.state.session.game.seats, seats.THE_FACILITATOR) if seat != sender}
    to = tuple(known.values()) if wanted == "all" else (known[wanted],) if wanted in known else ()
    if not to or not text:
        raise RefusedError(422, "error.message")
    request.state.session.message(sender, to[:50], text, key=request.key)


def answer(request: PageRequest) -> Response:
    """Take the answers of the closing form: one, or as many as it holds."""
    if not request.state.session.snapshot().over:
        raise RefusedError(409, "error.not_over")
    session, known = request.state.session, request.state.session.view(request.seat)
    if "question" in request.fields:
        session.answer(
            request.seat, request.number("question", 0, 99), request.field("text", MAX_ANSWER), key=request.key
        )
        return request.go("/review")
    request.number("whole", 1, 1)
    before = dict(known.answers)
    for number in range(len(known.debrief)):
        text = request.field(f"text/{number}", MAX_ANSWER)
        if f"text/{number}" in request.fields and text != before.get(number, ""):
            session.answer(request.seat, number, text)
    if request.field("auto", 5):
        return JSONResponse({"saved": True} | request.state.edition(request.identity))
    return request.go("/review?done=answered#closing")


def outlook(request: PageRequest) -> Response:
    """Show where things may go, from nothing but what the seat knows; with its orders, once they are given."""
    session = request.state.session
    if not session.game.figures:
        raise RefusedError(409, "error.figures")
    snapshot = session.snapshot()
    if snapshot.over:
        return request.page("outlook.html", made=None)
    view = view_of(snapshot, request.seat)  # of the same moment as the snapshot
    name = ("outlook", view.seat, view.version, snapshot.line.number, snapshot.known)
    estimate = session.once(name, lambda: forecast(snapshot, request.seat, session.engine, view.sheet))
    say = request.translator.text
    months = [formats.short_month(month, request.language) for month in estimate.fan.months]
    return request.page(
        "outlook.html",
        made=estimate,
        credibility=charts.fan(say("word.credibility"), months, estimate.fan.credibility, language=request.language),
        defected=charts.fan(say("word.defected"), months, estimate.fan.defected_share, language=request.language),
        ends=[
            (client, shares[-1]) for client, shares in zip(estimate.fan.clients, estimate.fan.postures, strict=True)
        ],
    )
