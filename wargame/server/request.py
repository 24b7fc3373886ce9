"""Answer one request: who makes it, what its form says, and in which language it is answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from papertiger.scenarios.errors import ScenarioError
from papertiger.wargame.i18n import formats
from papertiger.wargame.i18n.catalogue import catalogue, languages
from papertiger.wargame.i18n.translate import Translator
from papertiger.wargame.practice import is_practising
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.objections import OrderError
from papertiger.wargame.server.auth import COOKIE_SECONDS, FACILITATOR, GUEST, OBSERVER, STRANGER, TEAM, Identity
from papertiger.wargame.server.static_files import STATIC, address
from papertiger.wargame.views.causes import largest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from papertiger.wargame.rules.refusals import RefusalError
    from papertiger.wargame.server.state import ServerState

COOKIE = "papertiger"
HOME = {STRANGER: "/", GUEST: "/lobby", OBSERVER: "/wall", TEAM: "/desk", FACILITATOR: "/room"}
STYLES = (STATIC / "style.css", STATIC / "desk.css")
OURS = re.compile(r'\b(href|src|action|formaction|data-save)="(?=/[a-z])(?!/static/|/class\b)')
"""Where a page points to another page of the same game. What people typed cannot match: its quotes are escaped."""
MAX_CAUSES = 8
"""Of a client's change of mind, on a page about all clients."""


class RefusedError(Exception):
    """A request that is answered with a status and a text of the catalogue."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


def status_of(error: RefusalError | ScenarioError) -> int:
    """Return the status of a refusal: 422 for what can never be, 409 for what cannot be now."""
    return 422 if isinstance(error, OrderError | ScenarioError) else 409


@cache
def environment(language: str) -> Environment:
    """Return what makes pages in a language: all that is put in is escaped, and a missing value is an error."""
    templates = Environment(
        loader=PackageLoader("papertiger.wargame.server"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["largest"] = lambda causes: largest(causes, MAX_CAUSES)
    templates.filters["number"] = partial(formats.number, language=language)
    templates.filters["change"] = partial(formats.change, language=language)
    templates.filters["signed"] = partial(formats.number, language=language, digits=3, signed=True)
    templates.filters["percent"] = partial(formats.percent, language=language)
    templates.filters["month"] = partial(formats.month, language=language)
    templates.filters["span"] = partial(formats.span, language=language)
    templates.filters["moment"] = partial(formats.moment, language=language)
    templates.filters["tag"] = lambda code: code.replace("_", "-")  # as HTML writes a language
    templates.globals["static"] = address
    templates.filters["who"] = lambda holder: re.sub(r" #(?:[0-9a-f]{6}|[0-9a-f]{8})$", "", holder)
    return templates


def render(template: str, translator: Translator, /, **data: Any) -> str:
    """Return a page as text, for a request or for a file."""
    return (
        environment(translator.language)
        .get_template(template)
        .render(
            t=translator.text,
            words=translator.words,
            named=translator.seat,
            client_name=translator.client,
            news_of=translator.news,
            say=translator,
            language=translator.language,
            languages=[(language, catalogue(language).name) for language in languages()],
            rtl=catalogue(translator.language).locale.text_direction == "rtl",
            **{"title": translator.title} | data,
        )
    )


def standalone(template: str, translator: Translator, /, **data: Any) -> str:
    """Return a page that needs nothing else."""
    # The house's own style sheet, which holds nothing from outside.
    style = Markup("\n".join(sheet.read_text(encoding="utf-8") for sheet in STYLES))  # nosec B704
    return render(template, translator, style=style, **data)


@dataclass
class PageRequest:
    """One request.

    Attributes
    ----------
    room, request
        Where, and what was sent.
    cookie, session
        Who asks; a stranger's cookie names nobody.
    fields
        Of the form, the last of each name.
    path
        Parts of the address.
    """

    state: ServerState
    http: Request
    cookie: str
    identity: Identity | None
    fields: dict[str, str]
    path: dict[str, str]

    @property
    def role(self) -> str:
        """What the person may do."""
        return self.identity.role if self.identity is not None else STRANGER

    @property
    def language(self) -> str:
        """Of the answer."""
        if self.identity is not None:
            return self.identity.language
        wanted = self.http.query_params.get("language", self.fields.get("language", ""))
        return wanted if wanted in languages() else self.state.language

    @property
    def translator(self) -> Translator:
        """What says things in the person's language."""
        return Translator(self.language, self.state.session.game)

    @property
    def seat(self) -> seats.Seat:
        """As which seat the person looks at the game."""
        return self.state.seat_of(self.identity)

    def field(self, name: str, most: int = 4000) -> str:
        """Return a field of the form, without what cannot be printed, or refuse it for its length."""
        text = "".join(
            char for char in self.fields.get(name, "").replace("\r\n", "\n") if char.isprintable() or char == "\n"
        )
        if len(text) > most:
            raise RefusedError(422, "error.long")
        return text.strip()

    def number(self, name: str, low: int, high: int) -> int:
        """Return a whole number of the form."""
        said = self.fields.get(name, "").strip()
        if not (said.isascii() and said.isdecimal() and len(said) < 10) or not low <= int(said) <= high:
            raise RefusedError(422, "error.number")
        return int(said)

    def part(self, name: str, low: int, high: int) -> int:
        """Return a whole number of the address; what is none names no page."""
        said = self.path.get(name, "")
        if not (said.isascii() and said.isdecimal() and len(said) < 10) or not low <= int(said) <= high:
            raise RefusedError(404, "error.nothing")
        return int(said)

    @property
    def key(self) -> str:
        """Name of the form, by which it counts once."""
        return self.fields.get("key", "")[:64]

    def text(self, template: str, **data: Any) -> str:
        """Return a page as text."""
        state, translator = self.state, self.translator
        common: dict[str, Any] = {
            "request": self,
            "role": self.role,
            "me": self.identity,
            "csrf": state.auth.form_token(self.cookie),
            "form_id": state.ids,
            "edition": state.edition(self.identity),
            "left": state.seconds_left(),
            "running": bool(state.session.game.timer.until),
            "home": self.home(self.role),
            "debriefing": state.is_debriefing(self.identity),
            "practising": False,
            "beside": "group" if state.at else "class" if state.homes else "",
        }
        if is_practising(state.session.game) and self.role != STRANGER:
            common |= {"practising": True, "title": translator.text("practice.mark", title=translator.title)}
        elif called := state.called(self.language):
            common["title"] = f"{translator.title} · {called}"
        page = render(template, translator, **common | data)
        return OURS.sub(rf'\1="{state.at}', page) if state.at else page

    def home(self, role: str) -> str:
        """Return the page that a role comes to first."""
        return self.state.homes.get(role, HOME[role])

    def page(self, template: str, status: int = 200, **data: Any) -> Response:
        """Return a page."""
        return HTMLResponse(self.text(template, **data), status)

    def go(self, path: str) -> Response:
        """Send the person to another page after a form; who leaves a game comes to where all of them are joined."""
        return RedirectResponse(path if path == "/" else self.state.at + path, 303)

    def sign_in(self, identity: Identity) -> Response:
        """Begin a session under a new cookie and send the person to its page."""
        cookie = self.state.auth.begin(identity, instead_of=self.cookie)
        response = self.go(self.home(identity.role))
        give_cookie(response, cookie)
        return response

    def complaint(self, status: int, message: str, details: Sequence[str] = ()) -> Response:
        """Return a page that says what is not possible; a browser that has not joined reads the same everywhere."""
        if message == "error.nothing" and self.identity is None:
            message = "error.stranger"
        return self.page("message.html", status, message=message, details=details)


def give_cookie(response: Response, cookie: str) -> None:
    """Set the cookie, out of reach of scripts and of other sites."""
    response.set_cookie(COOKIE, cookie, max_age=COOKIE_SECONDS, httponly=True, samesite="strict", path="/")
