"""Who may do what: roles, cookies, codes, tokens, hosts and headers."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from papertiger.wargame.server import static_files
from papertiger.wargame.server.auth import ALPHABET, COOKIE_SECONDS, Authenticator, AuthError, Identity, Throttle
from papertiger.wargame.server.middleware import HEADERS, MAX_BYTES
from papertiger.wargame.server.routes import PAGES
from tests.wargame.server.crawl import SCRIPT
from tests.wargame.server.visitors import BASE, House

LIVE = "ws://127.0.0.1:8000/live"


def address(path: str) -> str:
    return path.replace("{turn}", "1").replace("{seat}", "client:Border")


def test_every_route_refuses_every_role_that_it_does_not_list(house: House) -> None:
    """The table is the whole truth: what it does not grant is answered as if it were not there."""
    granted = {
        ("GET", "/room"): {"facilitator"},
        ("POST", "/room/resolve"): {"facilitator"},
        ("GET", "/export/game.json"): {"facilitator"},
        ("GET", "/desk"): {"team"},
        ("POST", "/desk/orders"): {"team"},
        ("POST", "/claim"): {"guest"},
    }
    table = {(page.method, page.path): set(page.roles) for page in PAGES}
    assert granted.items() <= table.items()
    assert len(table) == len(PAGES)
    before = house.session.store.last()
    visitors = house.everybody()
    rows = house.session.store.last()
    assert rows == before + 1  # a seat was claimed
    for role, visitor in visitors.items():
        token = visitor.token()
        for page in PAGES:
            if role in page.roles:
                continue
            if page.method == "GET":
                answer = visitor.get(address(page.path))
            else:
                answer = visitor.client.post(address(page.path), data={"csrf": token})
            assert answer.status_code == 404, (role, page.path)
    assert house.session.store.last() == rows


def test_no_get_changes_anything(house: House) -> None:
    visitors = house.everybody()
    rows, kept = house.session.store.last(), house.auth.path.read_bytes()
    for role, visitor in visitors.items():
        for page in PAGES:
            if page.method == "GET" and role in page.roles and page.path != "/enter":
                assert visitor.get(address(page.path)).status_code in (200, 303, 404, 409), page.path
    assert (house.session.store.last(), house.auth.path.read_bytes()) == (rows, kept)


def test_every_answer_carries_the_headers(house: House) -> None:
    visitor = house.facilitator()
    for path in ("/", "/room", "/nowhere", "/static/style.css", "/static/../app.py", "/code.svg"):
        answer = visitor.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe" not in HEADERS["content-security-policy"]
    assert "script" not in visitor.get("/room").text.replace(SCRIPT, "")
    assert not re.search(r'\sstyle="|\son\w+="', visitor.get("/room").text)


def test_a_browser_keeps_a_file_only_under_the_address_of_its_content(house: House) -> None:
    visitor = house.stranger()
    for name in ("style.css", "live.js", "icon.svg"):
        path = static_files.address(name)
        assert path in visitor.get("/").text
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, static_files.CACHED)
        for other in (f"/static/{name}", f"{path}0", f"/static/{name}?0123456789abcdef"):
            answer = visitor.get(other)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert visitor.get("/?0123456789abcdef").headers["cache-control"] == "no-store"


def test_a_foreign_host_is_refused(house: House) -> None:
    visitor = house.stranger()
    for host in ("evil.example", "127.0.0.1:9", "127.0.0.1:8000.evil.example"):
        assert visitor.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "https://127.0.0.1:8000"}],
)
def test_a_form_from_elsewhere_is_refused(house: House, headers: dict[str, str]) -> None:
    visitor = house.facilitator()
    data = {"csrf": visitor.token(), "turn": "1"}
    assert visitor.client.post("/room/resolve", data=data, headers=headers).status_code == 403


def test_a_form_without_its_own_token_is_refused(house: House) -> None:
    visitor, other = house.facilitator(), house.facilitator()
    for token in ("", "0" * 64, other.token(), "ä"):
        assert visitor.client.post("/room/resolve", data={"csrf": token, "turn": "1"}).status_code == 403
    assert visitor.client.post("/room/resolve", json={"turn": "1"}).status_code == 415
    assert house.session.game.branch.resolved == 0


def test_a_long_body_is_refused(house: House) -> None:
    visitor = house.team("patron")
    answer = visitor.send("/desk/message", to="all", text="x" * MAX_BYTES)
    assert answer.status_code == 413
    assert visitor.send("/desk/message", to="all", text="x" * 3000).status_code == 422


def test_the_key_leaves_the_address_and_stands_nowhere(house: House) -> None:
    visitor = house.facilitator()
    assert len(house.auth.key) >= 32
    for path in ("/room", "/wall", "/code.svg", "/review"):
        answer = visitor.get(path)
        assert house.auth.key not in answer.text + str(answer.headers)
    assert house.auth.key not in house.auth.path.read_text()
    assert house.stranger().get("/enter?key=wrong").status_code == 404
    assert house.stranger().get("/enter").status_code == 404


def test_cookies_hold_a_name_and_nothing_else(house: House) -> None:
    visitor = house.stranger()
    said = visitor.get("/").headers["set-cookie"]
    assert "HttpOnly" in said
    assert "SameSite=strict" in said
    names = [visitor.cookie()]
    visitor.send("/join", code=house.auth.code, name="Anna", language="de")
    names.append(visitor.cookie())
    visitor.send("/claim", seat="patron")
    names.append(visitor.cookie())
    assert len(set(names)) == 3  # a new one at each change of what one may do
    kept = house.auth.path.read_text()
    assert not [name for name in names if name in kept]
    assert stat.S_IMODE(house.auth.path.stat().st_mode) == 0o600


def test_codes_are_clear_rotate_and_expire(tmp_path: Path) -> None:
    now = [0.0]
    auth = Authenticator(tmp_path, clock=lambda: now[0])
    first = auth.code
    assert set(first) <= set(ALPHABET)
    assert not set("01OIL") & set(ALPHABET)
    assert auth.admits(f" {first.lower()[:3]}-{first[3:]} ")
    second = auth.rotate()
    assert not auth.admits(first)
    assert auth.admits(second)
    now[0] = 1e6
    assert auth.code == ""
    assert not auth.admits(second)
    assert not auth.admits("")


def test_sessions_end_with_time_and_change_no_role(tmp_path: Path) -> None:
    now = [0.0]
    auth = Authenticator(tmp_path, clock=lambda: now[0])
    cookie = auth.begin(Identity("guest"))
    with pytest.raises(AuthError, match="new cookie"):
        auth.change(cookie, Identity("facilitator"))
    again = Authenticator(tmp_path, clock=lambda: now[0])
    assert again.identity(cookie) == auth.identity(cookie)
    now[0] = COOKIE_SECONDS
    assert auth.identity(cookie) is None


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "[" * 200_000,
        "null",
        '{"format": 2}',
        '{"format": 1, "secret": "s", "code": "c", "until": NaN, "sessions": {}}',
        '{"format": 1, "secret": "s", "code": "c", "until": "soon", "sessions": {}}',
        '{"format": 1, "secret": "s", "code": "c", "until": 0, "sessions": []}',
        '{"format": 1, "secret": "s", "code": "c", "until": 0, "sessions": {"a": {"role": "stranger"}}}',
        '{"format": 1, "secret": "s", "code": "c", "until": 0, "sessions": {"a": {"role": "team", "since": "x"}}}',
        '{"format": 1, "secret": "s", "code": "c", "until": 0, "sessions": {}, "passes": {"P": ["patron", 1]}}',
        '{"format": 1, "secret": "s", "code": "c", "code": "d", "until": 0, "sessions": {}}',
        '{"format": 1, "secret": 5, "code": "c", "until": 0, "sessions": {}}',
    ],
)
def test_a_damaged_file_of_sessions_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "access.json").write_text(text)
    with pytest.raises(AuthError, match=r"access\.json:.*; remove this file, and everybody joins anew"):
        Authenticator(tmp_path)


def test_a_file_of_sessions_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    said = '{"format": 1, "secret": "s", "code": "CDEF2345", "until": 1e9, "sessions": {"a": {"role": "guest"}}}'
    (tmp_path / "access.json").write_text(said)
    assert Authenticator(tmp_path, clock=lambda: 1e9 - 1).code == "CDEF2345"


def test_wrong_codes_are_throttled(house: House) -> None:
    house.state.guesses = Throttle(2, 10, 60.0, clock=lambda: 0.0)
    visitor = house.stranger()
    answers = [visitor.send("/join", code="WRONG2", name="x", language="en").status_code for _ in range(3)]
    assert answers == [403, 403, 429]


def test_a_seat_is_claimed_once(house: House) -> None:
    first, second = house.guest("Anna"), house.guest("Anna")
    assert first.send("/claim", seat="patron").status_code == 303
    assert second.send("/claim", seat="patron").status_code == 409
    assert second.send("/claim", seat="facilitator").status_code == 422
    assert second.get("/desk").status_code == 404


def test_who_is_kicked_is_nobody(house: House) -> None:
    team, staff = house.team("patron"), house.facilitator()
    with team.client.websocket_connect(LIVE, headers={"origin": BASE}) as socket:
        assert set(socket.receive_json()) == {"version", "place"}
        assert staff.send("/room/kick", seat="patron").status_code == 303
        said = socket.receive()
        while said["type"] == "websocket.send":
            said = socket.receive()
        assert (said["type"], said["code"]) == ("websocket.close", 4401)
    assert team.get("/desk").status_code == 404
    assert house.guest().send("/claim", seat="patron").status_code == 303


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_a_socket_from_elsewhere_is_refused(house: House, origin: str | None) -> None:
    team = house.team("patron")
    headers = {"origin": origin} if origin is not None else {}
    with pytest.raises(WebSocketDisconnect), team.client.websocket_connect(LIVE, headers=headers):
        pass
    stranger = house.stranger()
    with pytest.raises(WebSocketDisconnect), stranger.client.websocket_connect(LIVE, headers={"origin": BASE}):
        pass


def test_sessions_survive_a_restart(house: House) -> None:
    team, staff = house.team("client:Border"), house.facilitator()
    house.restart(team, staff)
    assert team.get("/desk").status_code == 200
    assert staff.get("/room").status_code == 200
