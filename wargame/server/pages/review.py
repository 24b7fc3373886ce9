"""Debrief: the review as pages and as files, for each as far as it is revealed to them; and the public wall."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from papertiger.wargame.archive import export, tables_of
from papertiger.wargame.i18n import formats
from papertiger.wargame.log.records import STEPS
from papertiger.wargame.rules import seats
from papertiger.wargame.server.auth import FACILITATOR
from papertiger.wargame.server.pages import charts
from papertiger.wargame.server.pages import desk as team
from papertiger.wargame.server.pages.forms import fields_of
from papertiger.wargame.server.request import RefusedError, standalone
from papertiger.wargame.views.review import placed, review_of, side_by_side, view_then
from papertiger.wargame.views.seats import as_bytes

if TYPE_CHECKING:
    from collections.abc import Collection

    from papertiger.wargame.i18n.translate import Speech
    from papertiger.wargame.rules.seats import Seat
    from papertiger.wargame.server.request import Ask
    from papertiger.wargame.session import Play
    from papertiger.wargame.views.review import Review

STAMP = (1980, 1, 1, 0, 0, 0)


def wall(ask: Ask) -> Response:
    """Show what everyone knows, for the projector."""
    view = ask.room.play.view(seats.THE_OBSERVER)
    return ask.page(
        "wall.html",
        view=view,
        code=ask.room.access.code,
        address=ask.room.address,
        chart=team.credibility_of(ask.speech, view),
        network=team.network_of(ask, view),
    )


def contents(play: Play, seat: Seat, speech: Speech, turns: Collection[int] | None = None) -> dict[str, Any]:
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
    made, staff = review_of(play, seat, turns=turns), seat == seats.THE_FACILITATOR
    resolved, schedule = play.game.branch.resolved, play.game.schedule
    where = placed(play) if staff and resolved else None
    view, language = play.view(seat), speech.language
    # The fan begins with the first month after the beginning of play; the line that came begins there too.
    came = view.public.credibility[-len(where.fan.months) :] if where is not None else ()
    months = [formats.short_month(month, language) for month in where.fan.months] if where is not None else []
    return {
        "review": made,
        "view": view,
        "where": where,
        "fan": charts.fan(speech.text("chart.fan"), months, where.fan.credibility, came, language=language)
        if where
        else "",
        "sides": side_by_side(play) if staff else (),
        "steps": STEPS,
        "turns": range(1, resolved + 1),
        # Place in a client's path of where it stood at the end of each turn; the path begins before play.
        "ends": [schedule.months(turn)[-1] - schedule.first + 1 for turn in range(1, resolved + 1)],
        "revealed": dict(made.revealed),
        "chart": team.credibility_of(speech, view),
        "answers": dict(view.answers),
        "all_answers": sorted(play.game.answers.items()) if staff else (),
    }


def page_of(said: dict[str, Any], speech: Speech) -> str:
    """Return a review's contents as one HTML page."""
    return standalone("export.html", speech, **said)


def _check_over(ask: Ask) -> None:
    if ask.role != FACILITATOR and not ask.room.play.scene().over:
        raise RefusedError(409, "error.not_over")


def _contents(ask: Ask, turns: Collection[int] | None = None) -> dict[str, Any]:
    _check_over(ask)
    return contents(ask.room.play, ask.seat, ask.speech, turns)


def _review(ask: Ask, turns: Collection[int] | None = None) -> Review:
    _check_over(ask)
    return review_of(ask.room.play, ask.seat, turns=turns)


def review(ask: Ask) -> Response:
    """Show the review of the whole game."""
    return ask.page("review.html", **_contents(ask, turns=()))


def one_turn(ask: Ask) -> Response:
    """Show the review of one turn: a page of its own, since a game of many turns would be long."""
    resolved = ask.room.play.game.branch.resolved
    number = ask.part("turn", 1, max(1, resolved))
    made = _review(ask, turns=(number,))
    if not made.turns:
        raise RefusedError(404, "error.nothing")
    return ask.page("turn.html", review=made, turn=made.turns[0], turns=range(1, resolved + 1))


def then(ask: Ask) -> Response:
    """Show a desk as it was when a turn was closed: before anybody knew what came of it."""
    play = ask.room.play
    scene = play.scene()
    turn = ask.part("turn", 1, max(1, scene.line.resolved))
    wanted = ask.path.get("seat", "")
    known = {str(seat): seat for seat in play.game.seats}
    if wanted not in known or not scene.line.resolved or (ask.role != FACILITATOR and wanted != str(ask.seat)):
        raise RefusedError(404, "error.nothing")
    _check_over(ask)
    view = view_then(play, known[wanted], turn)
    return team.show(ask, view, fields_of(view.sheet), then=turn)


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


def export_page(ask: Ask) -> Response:
    """Return the review as one HTML file that needs nothing else."""
    page = page_of(_contents(ask), ask.speech)
    return _download(page.encode(), "text/html; charset=utf-8", "papertiger-review.html")


def export_tables(ask: Ask) -> Response:
    """Return the tables of the review as CSV, in one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in sorted(tables_of(_review(ask)).items()):
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", STAMP), table)
    return _download(out.getvalue(), "application/zip", "papertiger-tables.zip")


def export_review(ask: Ask) -> Response:
    """Return the review as JSON."""
    return _download(as_bytes(_review(ask)), "application/json", "papertiger-review.json")


def export_game(ask: Ask) -> Response:
    """Return the whole game as one file, with every secret; the facilitator's only."""
    return _download(export(ask.room.play), "application/json", "papertiger-game.json")
