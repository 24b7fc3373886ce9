"""Serve the wall: a map of what everyone knows for the projector, and the film of the last turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.server.pages.debrief import on_wall
from papertiger.wargame.views.news import headline, said_of
from papertiger.wargame.views.war_map import HEIGHT, WIDTH, war_map

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.server.request import PageRequest
    from papertiger.wargame.views.news import NewsItem
    from papertiger.wargame.views.seats import SeatView

MAX_DECIDING = 8


def wall(request: PageRequest) -> Response:
    """Show what everyone knows, for the projector; once the debrief has begun, its present step."""
    debriefing = on_wall(request)
    if debriefing is not None:
        return debriefing
    session = request.state.session
    view = session.view(seats.THE_OBSERVER)
    say, game = request.translator, session.game
    last, months = _last_turn(request, view)
    in_play = frozenset(seat.name for seat in game.seats if seat.kind == seats.CLIENT)
    scene = war_map(
        view.public,
        game.scenario,
        [str(seat) for seat in game.seats],
        last,
        view.public.coming if view.phase != "over" else (),
        months,
        say.actor,
    )
    taken = [one for one in view.seats if one.claimed]
    before, believed = headline(last, in_play), view.public.credibility
    return request.page(
        "wall.html",
        view=view,
        scene=scene,
        wide=WIDTH,
        high=HEIGHT,
        code=request.state.auth.code,
        address=request.state.address,
        reachable=request.state.places.is_reachable,
        begun=_has_begun(request, view),
        now=_clicked(request, view) or headline(view.public.coming, in_play),
        before=before,
        deciding=[one for one in taken if not one.ready],
        most=MAX_DECIDING,
        taken=taken,
        free=[one for one in view.seats if not one.claimed],
        credibility=(believed[-1], believed[-1] - believed[max(0, len(believed) - 1 - months)] if months else 0.0),
        postures=[(name, sum(c.in_network and c.posture == name for c in view.public.clients)) for name in POSTURES],
        arrows=sorted({arrow.kind for arrow in scene.arrows}),
        films=request.state.films,
    )


def _clicked(request: PageRequest, view: SeatView) -> NewsItem | None:
    """Return the news of what the facilitator let happen last in the open turn, if everyone reads of it now."""
    game = request.state.session.game
    for name, inject in reversed(game.branch.injects.items()):
        said = said_of(game.game, name, inject.body.news)
        told = [item for item in view.public.coming if said and item.text == said]
        if inject.turn == view.turn and told:
            return told[-1]
    return None


def _last_turn(request: PageRequest, view: SeatView) -> tuple[tuple[NewsItem, ...], int]:
    """Return the news of the last turn that was played, and how many months it had."""
    game = request.state.session.game
    resolved = view.turn - 1
    if not view.public.months or resolved < 1:
        return (), 0
    months = {game.month(index) for index in game.schedule.months(min(resolved, game.schedule.turns))}
    return tuple(item for item in view.public.news if item.month in months), len(months)


def _has_begun(request: PageRequest, view: SeatView) -> bool:
    """Tell whether play has begun: then the code to join with makes room for what happens."""
    return view.phase == "over" or view.turn > 1 or request.state.seconds_left() is not None


def show(request: PageRequest) -> Response:
    """Let the wall show the last turn step by step."""
    request.state.films += 1
    request.state.hub.tell_all()
    return request.go("/room#film")
