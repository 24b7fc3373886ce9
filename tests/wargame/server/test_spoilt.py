"""However a form is spoilt, whoever sends it, it is refused in words: never a fault, never a traceback."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from papertiger.wargame.server.auth import Throttle
from papertiger.wargame.server.routes import PAGES
from tests.wargame.server.visitors import House, Visitor

FORM = "application/x-www-form-urlencoded"
POSTS = [(page.path, role) for page in PAGES if page.method == "POST" for role in sorted(page.roles)]
NAMES = [
    *("turn", "key", "csrf", "code", "name", "language", "seat", "to", "text", "question", "ready", "as", "do"),
    *(
        "minutes",
        "branch",
        "luck",
        "play",
        "kind",
        "client",
        "intensity",
        "news",
        "rival",
        "when",
        "month",
        "posture",
    ),
    *("share", "step", "open", "by_itself", "address", "hedge", "posture.why", "ask", "complain", "points/Open"),
    *("respond/Open", "offer/Open", "withdraw/Open", "support/Open", "press/Open", "why/Open", "attention.why"),
    *("expect/1/kind", "expect/1/client", "expect/1/month", "expect/1/posture", "expect/1/probability", ""),
]
WORDS = [
    *(
        "1",
        "0",
        "-1",
        "99",
        "9" * 30,
        "1.5",
        "nan",
        "1e3",
        "٣",
        "yes",
        "no",
        "now",
        "month",
        "beyond",
        "within",
        "share",
    ),
    *("patron", "client:Border", "client:Nobody", "rival:West", "all", "facilitator", "observer", "seat:", ":", "/"),
    *("attack", "offer", "offer_withdrawn", "Open", "Border", "loyal", "realigned", "covert:West", "open:West"),
    *("1986-01", "2020-13", "start", "stop", "go", "void", "draft", "orders", "same", "other", "en", "de", "xx", ""),
    *(
        "<script>",
        "a\x00b",
        "\ud7ff\uffff",
        "🙂" * 50,
        "x" * 5000,
        " " * 300,
        "\r\n\r\n",
        "%s%n",
        "{{7*7}}",
        "=cmd()",
    ),
]
VALUE = st.sampled_from(WORDS) | st.text(max_size=30).filter(lambda text: text.isprintable())
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES), VALUE), max_size=12)
RAW = st.binary(max_size=60) | st.sampled_from(
    [b"%", b"%zz=%", b"csrf=%ff%fe", b"&&&", b"=", b"a=1;b=2", b"\xff\xfe", b"turn=%00", b"turn=1&" * 3000]
)
KINDS = st.sampled_from(
    [
        FORM,
        f"{FORM}; charset=utf-16",
        FORM.upper(),
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain",
        "",
    ]
)


class Faults(logging.Handler):
    """What the server would write down as a fault of its own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(logging.Formatter().format(record))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, Visitor], Faults]]:
    made = House(tmp_path_factory.mktemp("spoilt"))
    faults = Faults()
    logging.getLogger("papertiger.server").addHandler(faults)
    made.state.forms = made.state.staff_forms = Throttle(10**9, 10**9, 1.0)
    yield made, {}, faults
    logging.getLogger("papertiger.server").removeHandler(faults)
    made.close()


def visitor_of(house: House, known: dict[str, Visitor], role: str) -> Visitor:
    """Return somebody of a role, again if a form before has thrown them out."""
    one = known.get(role)
    session = house.state.identity(one.cookie()) if one is not None else None
    if role == "stranger":
        return house.stranger()
    if one is None or session is None or session.role != role:
        if role == "team":
            taken = next(iter(house.state.session.game.seats))
            house.state.session.release(taken)
            # A form of the facilitator's may have kept the seat for whoever has a pass.
            house.state.auth.void(str(taken))
            one = house.guest()
            seat = next(str(seat) for seat in house.state.free_seats())
            one.send("/claim", seat=seat)
        else:
            one = getattr(house, role)()
        known[role] = one
    return one


def body_of(fields: list[tuple[str, str]], token: str) -> bytes:
    said = [("csrf", token), *fields]
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in said).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(POSTS), FIELDS)
@example(("/room/message", "facilitator"), [("to", "all"), ("text", "x"), ("key", "x" * 5000)])
@example(("/room/branch", "facilitator"), [("turn", "1"), ("name", " " * 80), ("key", "\x00")])
@example(
    ("/room/inject", "facilitator"),
    [("kind", "attack"), ("client", "Open"), ("intensity", "1"), ("when", "month"), ("month", "2020-13")],
)
@example(("/desk/orders", "team"), [("turn", "1"), ("as", "draft"), ("\x00" * 30, "x")])
@example(("/desk/orders", "team"), [("turn", "1"), ("hedge", ":"), ("posture", "x"), ("expect/1/probability", "nan")])
def test_no_form_of_any_role_is_a_fault(
    place: tuple[House, dict[str, Visitor], Faults], where: tuple[str, str], fields: list[tuple[str, str]]
) -> None:
    spoil(place, where, fields)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(POSTS), FIELDS)
def test_no_form_of_any_role_is_a_fault_in_many_more_tries(
    place: tuple[House, dict[str, Visitor], Faults], where: tuple[str, str], fields: list[tuple[str, str]]
) -> None:
    spoil(place, where, fields)


def spoil(
    place: tuple[House, dict[str, Visitor], Faults], where: tuple[str, str], fields: list[tuple[str, str]]
) -> None:
    house, known, faults = place
    path, role = where
    visitor = visitor_of(house, known, role)
    body = body_of(fields, visitor.token())
    answer = visitor.client.post(
        path.replace("{seat}", "client:Border"), content=body, headers={"content-type": FORM}
    )
    assert answer.status_code < 500, answer.text
    assert not faults.found, faults.found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(POSTS), RAW, KINDS)
def test_what_is_no_form_is_refused(
    place: tuple[House, dict[str, Visitor], Faults], where: tuple[str, str], body: bytes, kind: str
) -> None:
    house, known, faults = place
    visitor = visitor_of(house, known, where[1])
    answer = visitor.client.post(
        where[0].replace("{seat}", "client:Border"), content=body, headers={"content-type": kind}
    )
    assert answer.status_code in (400, 403, 404, 413, 415), answer.text
    assert not faults.found, faults.found


@pytest.mark.parametrize("said", [[], [b"csrf="], [b"csrf=x&turn=", b"1"]])
def test_a_browser_that_leaves_in_the_middle_of_a_form_is_no_fault(house: House, said: list[bytes]) -> None:
    staff, faults = house.facilitator(), Faults()
    for name in ("papertiger.server", "uvicorn.error"):
        logging.getLogger(name).addHandler(faults)
    pieces = [{"type": "http.request", "body": piece, "more_body": True} for piece in said]
    pieces.append({"type": "http.disconnect"})
    sent: list[Any] = []

    async def receive() -> dict[str, object]:
        return pieces.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/room/resolve",
        "raw_path": b"/room/resolve",
        "query_string": b"",
        "headers": [
            (b"host", b"127.0.0.1:8000"),
            (b"content-type", FORM.encode()),
            (b"cookie", f"papertiger={staff.cookie()}".encode()),
        ],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8000),
    }
    asyncio.run(house.app(scope, receive, send))  # type: ignore[arg-type]
    assert [message["status"] for message in sent if "status" in message] == [400]
    assert faults.found == []


def test_a_fault_is_written_down_and_shown_to_nobody(tmp_path: Path) -> None:
    from papertiger.wargame.server.serve import quiet_logs

    said: list[str] = []
    with quiet_logs(tmp_path / "server.log", said.append):
        for name in ("papertiger.server", "uvicorn.error", "asyncio"):
            error = RuntimeError("SECRET")
            logging.getLogger(name).error("failed", exc_info=error)
    assert len(said) == 1
    assert "SECRET" not in said[0]
    assert (tmp_path / "server.log").read_text().count("RuntimeError: SECRET") == 3
    assert (tmp_path / "server.log").stat().st_mode & 0o077 == 0
