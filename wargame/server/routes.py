"""List every address there is, and who may ask for it. What is not listed here for a role is refused to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.server.auth import FACILITATOR, GUEST, OBSERVER, ROLES, STRANGER, TEAM
from papertiger.wargame.server.pages import debrief as guided
from papertiger.wargame.server.pages import desk as team
from papertiger.wargame.server.pages import facilitator as white
from papertiger.wargame.server.pages import handout, practise, prepared, roster, talk
from papertiger.wargame.server.pages import join as entry
from papertiger.wargame.server.pages import review as debrief
from papertiger.wargame.server.pages import wall as projector

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.server.request import PageRequest

JOINED = frozenset({GUEST, TEAM, OBSERVER, FACILITATOR})
PLAYED = frozenset({TEAM, OBSERVER, FACILITATOR})
TEAMS, STAFF = frozenset({TEAM}), frozenset({FACILITATOR})


@dataclass(frozen=True)
class Page:
    """One address.

    Attributes
    ----------
    method
        ``GET`` changes nothing in the game; ``POST`` needs the token of a form.
    path
        With parts in braces.
    answer
        What makes the answer, in a thread.
    roles
        Who may ask.
    """

    method: str
    path: str
    answer: Callable[[PageRequest], Response]
    roles: frozenset[str]


PAGES = (
    Page("GET", "/", entry.join_page, frozenset(ROLES)),
    Page("POST", "/join", entry.join, frozenset({STRANGER})),
    Page("GET", "/enter", entry.enter, frozenset(ROLES)),
    Page("GET", "/lobby", entry.lobby, frozenset({GUEST})),
    Page("POST", "/claim", entry.claim, frozenset({GUEST})),
    Page("POST", "/leave", entry.leave, JOINED),
    Page("POST", "/language", entry.language, JOINED),
    Page("GET", "/code.svg", entry.code_image, JOINED),
    Page("GET", "/edition", entry.edition, JOINED),
    Page("GET", "/wall", projector.wall, JOINED),
    Page("GET", "/desk", team.desk, TEAMS),
    Page("GET", "/outlook", team.outlook, TEAMS),
    Page("POST", "/desk/orders", team.order, TEAMS),
    Page("POST", "/desk/withdraw", team.withdraw, TEAMS),
    Page("POST", "/desk/ready", team.ready, TEAMS),
    Page("POST", "/desk/message", team.message, TEAMS),
    Page("POST", "/desk/propose", talk.propose, TEAMS),
    Page("POST", "/desk/reply", talk.reply, TEAMS),
    Page("POST", "/desk/read", talk.read, TEAMS),
    Page("POST", "/desk/publish", talk.publish, TEAMS),
    Page("POST", "/desk/answer", team.answer, TEAMS),
    Page("POST", "/desk/pass", team.hand_over, TEAMS),
    Page("GET", "/room", white.room, STAFF),
    Page("GET", "/room/seat/{seat}", white.seat, STAFF),
    Page("POST", "/room/seat/{seat}/orders", white.order, STAFF),
    Page("POST", "/room/seat/{seat}/withdraw", white.withdraw, STAFF),
    Page("POST", "/room/pass", white.hand_over, STAFF),
    Page("POST", "/room/pace", white.pace, STAFF),
    Page("POST", "/room/figures", white.figures, STAFF),
    Page("POST", "/room/resolve", white.resolve, STAFF),
    Page("POST", "/room/close", white.close, STAFF),
    Page("POST", "/room/undo", white.undo, STAFF),
    Page("POST", "/room/branch", white.branch, STAFF),
    Page("POST", "/room/activate", white.activate, STAFF),
    Page("POST", "/room/inject", white.inject, STAFF),
    Page("POST", "/room/practise", practise.practise, STAFF),
    Page("GET", "/room/roster", roster.show, STAFF),
    Page("POST", "/room/roster", roster.change, STAFF),
    Page("GET", "/room/roster/slips", roster.slips, STAFF),
    Page("GET", "/room/roster/code.svg", roster.code_image, STAFF),
    Page("POST", "/room/prepared", prepared.let_happen, STAFF),
    Page("GET", "/room/kit.zip", handout.kit, STAFF),
    Page("POST", "/room/recall", white.recall, STAFF),
    Page("POST", "/room/kick", white.kick, STAFF),
    Page("POST", "/room/rotate", white.rotate, STAFF),
    Page("POST", "/room/address", white.show_address, STAFF),
    Page("POST", "/room/timer", white.timer, STAFF),
    Page("POST", "/room/message", white.message, STAFF),
    Page("POST", "/room/press", talk.take_off, STAFF),
    Page("POST", "/room/show", projector.show, STAFF),
    Page("POST", "/room/reveal", white.reveal, STAFF),
    Page("POST", "/room/end", white.end, STAFF),
    Page("GET", "/debrief", guided.page, PLAYED),
    Page("POST", "/room/debrief", guided.go, STAFF),
    Page("POST", "/room/debrief/length", guided.resize, STAFF),
    Page("GET", "/review", debrief.review, PLAYED),
    Page("GET", "/review/turn/{turn}", debrief.one_turn, PLAYED),
    Page("GET", "/review/{turn}/{seat}", debrief.then, TEAMS | STAFF),
    Page("GET", "/export/review.html", debrief.export_page, PLAYED),
    Page("GET", "/export/tables.zip", debrief.export_tables, PLAYED),
    Page("GET", "/export/review.json", debrief.export_review, PLAYED),
    Page("GET", "/export/game.json", debrief.export_game, STAFF),
)
