"""Serve the review as pages and as files, for each as far as it is revealed to them; and the public wall."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from papertiger.wargame.archive import ExchangeError, export, tables_of
from papertiger.wargame.i18n import formats
from papertiger.wargame.log.records import STEPS
from papertiger.wargame.rules import seats
from papertiger.wargame.server.auth import FACILITATOR
from papertiger.wargame.server.pages import charts
from papertiger.wargame.server.pages import desk as team
from papertiger.wargame.server.pages.forms import fields_of
from papertiger.wargame.server.request import RefusedError, standalone
from papertiger.wargame.views.plain import as_bytes
from papertiger.wargame.views.review import placed, review_of, side_by_side, view_then

if TYPE_CHECKING:
    from collections.abc import Collection

    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.rules.seats import Seat
    from papertiger.wargame.server.request import PageRequest
    from papertiger.wargame.session import Session
    from papertiger.wargame.views.review import Review

STAMP = (1980, 1, 1, 0, 0, 0)


def contents(
    session: Session, seat: Seat, translator: Translator, turns: Collection[int] | None = None
) -> dict[str, Any]:
    """Return what the review says to a seat; to the facilitator it says everything.

    Parameters
    ----------
    play
        The game.
    seat
        Who reads.
    speech
        In whose language.
    turns
        Which turns are told one by one; blank means all.
    """
    game_review, staff = review_of(session, seat, turns=turns), seat == seats.THE_FACILITATOR
    resolved, schedule = session.game.branch.resolved, session.game.schedule
    where = placed(session) if staff and resolved else None
    view, language = session.view(seat), translator.language
    # The fan begins with the first month after the beginning of play; the line that came begins there too.
    came = view.public.credibility[-len(where.fan.months) :] if where is not None else ()
    months = [formats.short_month(month, language) for month in where.fan.months] if where is not None else []
    return {
        "review": game_review,
        "view": view,
        "where": where,
        "fan": charts.fan(translator.text("chart.fan"), months, where.fan.credibility, came, language=language)
        if where
        else "",
        "sides": side_by_side(session) if staff else (),
        "steps": STEPS,
        "turns": range(1, resolved + 1),
        # Place in a client's path of where it stood at the end of each turn; the path begins before play.
        "ends": [schedule.months(turn)[-1] - schedule.first + 1 for turn in range(1, resolved + 1)],
        "revealed": dict(game_review.revealed),
        # Said of every game alike, or it would tell whether anybody expected anything.
        "unseen": not staff and dict(game_review.revealed).get("forecasts", 0) < resolved,
        "chart": team.credibility_of(translator, view),
        "answers": dict(view.answers),
        "all_answers": sorted(session.game.answers.items()) if staff else (),
    }


def page_of(said: dict[str, Any], translator: Translator) -> str:
    """Return a review's contents as one HTML page."""
    return standalone("export.html", translator, **said)


def _check_over(request: PageRequest) -> None:
    if request.role != FACILITATOR and not request.state.session.snapshot().over:
        raise RefusedError(409, "error.not_over")


def _contents(request: PageRequest, turns: Collection[int] | None = None) -> dict[str, Any]:
    _check_over(request)
    return contents(request.state.session, request.seat, request.translator, turns)


def _review(request: PageRequest, turns: Collection[int] | None = None) -> Review:
    _check_over(request)
    return review_of(request.state.session, request.seat, turns=turns)


def review(request: PageRequest) -> Response:
    """Show the review of the whole game."""
    answered = request.http.query_params.get("done", "") == "answered"
    return request.page("review.html", answered=answered, **_contents(request, turns=()))


def one_turn(request: PageRequest) -> Response:
    """Show the review of one turn: a page of its own, since a game of many turns would be long."""
    resolved = request.state.session.game.branch.resolved
    number = request.part("turn", 1, max(1, resolved))
    game_review = _review(request, turns=(number,))
    if not game_review.turns:
        raise RefusedError(404, "error.nothing")
    return request.page("turn.html", review=game_review, turn=game_review.turns[0], turns=range(1, resolved + 1))


def then(request: PageRequest) -> Response:
    """Show a desk as it was when a turn was closed: before anybody knew what came of it."""
    session = request.state.session
    snapshot = session.snapshot()
    turn = request.part("turn", 1, max(1, snapshot.line.resolved))
    wanted = request.path.get("seat", "")
    known = {str(seat): seat for seat in session.game.seats}
    if (
        wanted not in known
        or not snapshot.line.resolved
        or (request.role != FACILITATOR and wanted != str(request.seat))
    ):
        raise RefusedError(404, "error.nothing")
    _check_over(request)
    view = view_then(session, known[wanted], turn)
    return team.show(request, view, fields_of(view.sheet), then=turn)


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


def export_page(request: PageRequest) -> Response:
    """Return the review as one HTML file that needs nothing else."""
    page = page_of(_contents(request), request.translator)
    return _download(page.encode(), "text/html; charset=utf-8", "papertiger-review.html")


def export_tables(request: PageRequest) -> Response:
    """Return the tables of the review as CSV, in one archive."""
    out, review = io.BytesIO(), _review(request)
    tables = request.state.as_started(lambda: tables_of(review))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in sorted(tables.items()):
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", STAMP), table)
    return _download(out.getvalue(), "application/zip", "papertiger-tables.zip")


def export_review(request: PageRequest) -> Response:
    """Return the review as JSON."""
    return _download(as_bytes(_review(request)), "application/json", "papertiger-review.json")


def export_game(request: PageRequest) -> Response:
    """Return the whole game as one file, with every secret; the facilitator's only."""
    try:
        content = export(request.state.session)
    except ExchangeError:
        raise RefusedError(409, "error.export") from None
    return _download(content, "application/json", "papertiger-game.json")
