"""Serve a team its desk: what it knows, its orders, its messages and what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.wargame.i18n import formats
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.refusals import RefusalError
from papertiger.wargame.server.pages import charts
from papertiger.wargame.server.pages.forms import draft_of, fields_of, fields_of_draft, sheet_of
from papertiger.wargame.server.request import RefusedError, status_of
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.forecast import forecast
from papertiger.wargame.views.seats import view_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.server.request import PageRequest
    from papertiger.wargame.views.seats import SeatView

MAX_ANSWER, MAX_MESSAGE = 4000, 2000
DONE = ("ordered", "drafted", "withdrawn", "sent", "answered")


def desk(request: PageRequest) -> Response:
    """Show what the seat may know, and the form for its orders."""
    view = request.state.session.view(request.seat)
    fields = fields_of_draft(view.draft) if view.draft else fields_of(view.sheet)
    done = request.http.query_params.get("done", "")
    passed = request.state.auth.pass_for(view.seat, own=True)
    return show(request, view, fields, done=done if done in DONE else "", passed=passed)


def show(request: PageRequest, view: SeatView, fields: dict[str, str], status: int = 200, **more: Any) -> Response:
    """Return a desk with a form filled in."""
    said = {"problems": (), "done": "", "then": 0, "act": "/desk", "passed": ""} | more
    return request.page(
        "desk.html",
        status,
        view=view,
        fields=fields,
        everybody=[str(seat) for seat in (*request.state.session.game.seats, seats.THE_FACILITATOR)],
        rivals=list(request.state.session.game.scenario.rivals),
        address=request.state.address,
        by_itself=request.state.session.game.by_itself,
        chart=chart_of(request, view),
        network=network_of(request, view),
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
    """Take a team's orders, or keep them as a draft."""
    session, turn = request.state.session, request.number("turn", 1, 1200)
    fields = order_fields(request)
    if request.field("as", 20) == "draft":
        text = draft_of(fields)
        if len(text) > 20_000:
            raise RefusedError(422, "error.long")
        session.draft(request.seat, turn, text, key=request.key and f"draft/{request.key}")
        return request.go("/desk?done=drafted#orders")
    view = session.view(request.seat)
    try:
        session.submit(sheet_of(view, turn, fields), key=request.key)
    except RefusalError as error:
        return show(request, view, fields, status_of(error), problems=request.translator.reasons(error))
    return request.go("/desk?done=ordered#orders")


def order_fields(request: PageRequest) -> dict[str, str]:
    """Return the fields of a form of orders."""
    return {name: request.field(name, 400) for name in request.fields}


def hand_over(request: PageRequest) -> Response:
    """Give the team a pass, so that it goes on with its seat on another device, or void it."""
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
    request.state.session.withdraw(request.seat, request.number("turn", 1, 1200), key=request.key)
    return request.go("/desk?done=withdrawn#orders")


def ready(request: PageRequest) -> Response:
    """Say whether the team is ready."""
    request.state.session.ready(
        request.seat, request.number("turn", 1, 1200), request.field("ready", 5) == "yes", key=request.key
    )
    return request.go("/desk")


def message(request: PageRequest) -> Response:
    """Send a message to one seat, or to all of them."""
    send(request, request.seat)
    return request.go("/desk?done=sent#messages")


def send(request: PageRequest, sender: seats.Seat) -> None:
    """Send what a form says."""
    wanted, text = request.field("to", 200), request.field("text", MAX_MESSAGE)
    known = {str(seat): seat for seat in (*request.state.session.game.seats, seats.THE_FACILITATOR) if seat != sender}
    to = tuple(known.values()) if wanted == "all" else (known[wanted],) if wanted in known else ()
    if not to or not text:
        raise RefusedError(422, "error.message")
    request.state.session.message(sender, to[:50], text, key=request.key)


def answer(request: PageRequest) -> Response:
    """Take an answer to a question of the closing form."""
    if not request.state.session.snapshot().over:
        raise RefusedError(409, "error.not_over")
    number = request.number("question", 0, 99)
    request.state.session.answer(request.seat, number, request.field("text", MAX_ANSWER), key=request.key)
    return request.go("/review")


def outlook(request: PageRequest) -> Response:
    """Show where things may go, from nothing but what the seat knows; with its orders, once they are given."""
    session = request.state.session
    snapshot = session.snapshot()
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
