"""Team: a seat's desk, its orders, its messages and what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.wargame.i18n import formats
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.refusals import RefusalError
from papertiger.wargame.server.pages import charts
from papertiger.wargame.server.pages.forms import draft_of, fields_of, fields_of_draft, sheet_of
from papertiger.wargame.server.request import RefusedError, status_of
from papertiger.wargame.views.forecast import forecast
from papertiger.wargame.views.seats import ClientDesk, view_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.i18n.translate import Speech
    from papertiger.wargame.server.request import Ask
    from papertiger.wargame.views.seats import View

MOST_ANSWER, MOST_MESSAGE = 4000, 2000
DONE = ("ordered", "drafted", "withdrawn", "sent", "answered")


def desk(ask: Ask) -> Response:
    """Show what the seat may know, and the form for its orders."""
    view = ask.room.play.view(ask.seat)
    fields = fields_of_draft(view.draft) if view.draft else fields_of(view.sheet)
    done = ask.request.query_params.get("done", "")
    passed = ask.room.access.pass_for(view.seat, own=True)
    return show(ask, view, fields, done=done if done in DONE else "", passed=passed)


def show(ask: Ask, view: View, fields: dict[str, str], status: int = 200, **more: Any) -> Response:
    """Return a desk with a form filled in."""
    said = {"problems": (), "done": "", "then": 0, "act": "/desk", "passed": ""} | more
    return ask.page(
        "desk.html",
        status,
        view=view,
        fields=fields,
        everybody=[str(seat) for seat in (*ask.room.play.game.seats, seats.THE_FACILITATOR)],
        rivals=list(ask.room.play.game.scenario.rivals),
        address=ask.room.address,
        by_itself=ask.room.play.game.by_itself,
        chart=chart_of(ask, view),
        network=network_of(ask, view),
        **said,
    )


def network_of(ask: Ask, view: View) -> str:
    """Return the patron with its clients around it."""
    say = ask.speech
    return charts.network(say.text("chart.network"), say.patron, view.public.clients, say.client)


def chart_of(ask: Ask, view: View) -> str:
    """Return the chart of a client's own beliefs, or of the patron's credibility for everyone else."""
    if not isinstance(view.desk, ClientDesk):
        return credibility_of(ask.speech, view)
    say = ask.speech.text
    names = (say("belief.capability"), say("belief.resolve"), say("belief.protection"))
    series = [charts.Series(name, [row[i] for row in view.desk.beliefs], f"s{i}") for i, name in enumerate(names)]
    return charts.lines(say("chart.beliefs"), _months(ask.speech, view), series, ask.language)


def credibility_of(speech: Speech, view: View) -> str:
    """Return the chart of the patron's credibility."""
    series = [charts.Series(speech.text("word.credibility"), view.public.credibility, "s2")]
    return charts.lines(speech.text("chart.credibility"), _months(speech, view), series, speech.language)


def _months(speech: Speech, view: View) -> list[str]:
    return [
        speech.text("word.start"),
        *(formats.short_month(month, speech.language) for month in view.public.months),
    ]


def order(ask: Ask) -> Response:
    """Take a team's orders, or keep them as a draft."""
    play, turn = ask.room.play, ask.number("turn", 1, 1200)
    fields = order_fields(ask)
    if ask.field("as", 20) == "draft":
        text = draft_of(fields)
        if len(text) > 20_000:
            raise RefusedError(422, "error.long")
        play.draft(ask.seat, turn, text, key=ask.key and f"draft/{ask.key}")
        return ask.go("/desk?done=drafted#orders")
    view = play.view(ask.seat)
    try:
        play.submit(sheet_of(view, turn, fields), key=ask.key)
    except RefusalError as error:
        return show(ask, view, fields, status_of(error), problems=ask.speech.reasons(error))
    return ask.go("/desk?done=ordered#orders")


def order_fields(ask: Ask) -> dict[str, str]:
    """Return the fields of a form of orders."""
    return {name: ask.field(name, 400) for name in ask.fields}


def hand_over(ask: Ask) -> Response:
    """Give the team a pass, so that it goes on with its seat on another device, or void it."""
    give_pass(ask, str(ask.seat), own=True)
    return ask.go("/desk#pass")


def give_pass(ask: Ask, seat: str, *, own: bool = False) -> None:
    """Give out a pass for a seat, or void the one there is, as the form says."""
    if ask.field("do", 10) == "void":
        ask.room.access.void(seat)
    else:
        ask.room.access.hand_over(seat, own=own)


def withdraw(ask: Ask) -> Response:
    """Take the orders back, so that the rule plays."""
    ask.room.play.withdraw(ask.seat, ask.number("turn", 1, 1200), key=ask.key)
    return ask.go("/desk?done=withdrawn#orders")


def ready(ask: Ask) -> Response:
    """Say whether the team is ready."""
    ask.room.play.ready(ask.seat, ask.number("turn", 1, 1200), ask.field("ready", 5) == "yes", key=ask.key)
    return ask.go("/desk")


def message(ask: Ask) -> Response:
    """Send a message to one seat, or to all of them."""
    send(ask, ask.seat)
    return ask.go("/desk?done=sent#messages")


def send(ask: Ask, sender: seats.Seat) -> None:
    """Send what a form says."""
    wanted, text = ask.field("to", 200), ask.field("text", MOST_MESSAGE)
    known = {str(seat): seat for seat in (*ask.room.play.game.seats, seats.THE_FACILITATOR) if seat != sender}
    to = tuple(known.values()) if wanted == "all" else (known[wanted],) if wanted in known else ()
    if not to or not text:
        raise RefusedError(422, "error.message")
    ask.room.play.message(sender, to[:50], text, key=ask.key)


def answer(ask: Ask) -> Response:
    """Take an answer to a question of the closing form."""
    if not ask.room.play.scene().over:
        raise RefusedError(409, "error.not_over")
    number = ask.number("question", 0, 99)
    ask.room.play.answer(ask.seat, number, ask.field("text", MOST_ANSWER), key=ask.key)
    return ask.go("/review")


def outlook(ask: Ask) -> Response:
    """Show where things may go, from nothing but what the seat knows; with its orders, once they are given."""
    play = ask.room.play
    scene = play.scene()
    view = view_of(scene, ask.seat)  # of the same moment as the scene
    name = ("outlook", view.seat, view.version, scene.line.number, scene.known)
    made = play.once(name, lambda: forecast(scene, ask.seat, play.engine, view.sheet))
    say = ask.speech.text
    months = [formats.short_month(month, ask.language) for month in made.fan.months]
    return ask.page(
        "outlook.html",
        made=made,
        credibility=charts.fan(say("word.credibility"), months, made.fan.credibility, language=ask.language),
        defected=charts.fan(say("word.defected"), months, made.fan.defected_share, language=ask.language),
        ends=[(client, shares[-1]) for client, shares in zip(made.fan.clients, made.fan.postures, strict=True)],
    )
