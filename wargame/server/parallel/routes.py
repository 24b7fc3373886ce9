"""List every address of a class that is not one group's, and who may ask for it."""

from __future__ import annotations

from papertiger.wargame.server.auth import FACILITATOR, GUEST, OBSERVER, ROLES, STRANGER
from papertiger.wargame.server.pages import handout
from papertiger.wargame.server.pages import join as entry
from papertiger.wargame.server.parallel import facilitator as staff
from papertiger.wargame.server.parallel import join as door
from papertiger.wargame.server.parallel import review as debrief
from papertiger.wargame.server.parallel import wall as projector
from papertiger.wargame.server.routes import Page

IN_CLASS = frozenset({GUEST, OBSERVER, FACILITATOR})
STAFF, ONLOOKERS = frozenset({FACILITATOR}), frozenset({OBSERVER, FACILITATOR})

CLASS_PAGES = (
    Page("GET", "/", door.join_page, frozenset(ROLES)),
    Page("POST", "/join", door.join, frozenset({STRANGER})),
    Page("GET", "/enter", entry.enter, frozenset(ROLES)),
    Page("GET", "/groups", door.lobby, frozenset({GUEST})),
    Page("POST", "/groups/pick", door.pick, frozenset({GUEST})),
    Page("POST", "/groups/form", door.form, frozenset({GUEST})),
    Page("POST", "/leave", door.leave, IN_CLASS),
    Page("POST", "/language", entry.language, IN_CLASS),
    Page("GET", "/code.svg", entry.code_image, IN_CLASS),
    Page("GET", "/edition", entry.edition, IN_CLASS),
    Page("GET", "/class", staff.room, STAFF),
    Page("GET", "/class/kit.zip", handout.kit, STAFF),
    Page("GET", "/class/wall", projector.wall, ONLOOKERS),
    Page("GET", "/class/review", debrief.review, STAFF),
    Page("GET", "/class/lab", debrief.lab, STAFF),
    Page("GET", "/class/lab.zip", debrief.export, STAFF),
    Page("POST", "/class/groups", staff.resize, STAFF),
    Page("POST", "/class/form", staff.form, STAFF),
    Page("POST", "/class/rotate", staff.rotate, STAFF),
    Page("POST", "/class/address", staff.show_address, STAFF),
    Page("POST", "/class/pass", staff.pass_for_wall, STAFF),
    *(Page("POST", f"/class/{name}", answer, STAFF) for name, answer in staff.FOR_ALL),
)
