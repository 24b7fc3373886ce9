"""Who guesses locks out nobody: not the class behind the same address, not the facilitator."""

from __future__ import annotations

import re

import pytest

from papertiger.wargame.server.auth import ALPHABET, CODE_LENGTH, CODE_SECONDS, MAX_SESSIONS, Identity
from papertiger.wargame.server.middleware import MAX_HEADERS
from papertiger.wargame.server.routes import PAGES
from papertiger.wargame.server.state import GUESSES_ALL
from tests.wargame.server.visitors import House


def test_the_right_code_passes_however_many_wrong_ones_came(house: House) -> None:
    guesser = house.stranger()
    answers = [
        guesser.send("/join", code=f"WRNG{n:04}", name="x", language="en").status_code for n in range(GUESSES_ALL + 5)
    ]
    assert answers.count(303) == 0
    assert answers[-1] == 429
    assert house.guest("Anna").get("/lobby").status_code == 200  # of the same address
    assert house.facilitator().get("/room").status_code == 200
    house.auth.hand_over("client:Border")
    code = house.auth.pass_for("client:Border")
    taking = house.stranger()
    assert taking.send("/join", code=code, name="Berta", language="en").headers["location"] == "/desk"


def test_wrong_keys_lock_nobody_out(house: House) -> None:
    stranger = house.stranger()
    for n in range(GUESSES_ALL + 5):
        assert stranger.get(f"/enter?key=wrong{n}").status_code == 404
    assert house.facilitator().get("/room").status_code == 200
    assert house.guest().get("/lobby").status_code == 200


def test_devices_that_are_known_go_on_while_somebody_guesses(house: House) -> None:
    team, staff = house.team("patron"), house.facilitator()
    guesser = house.stranger()
    for n in range(400):
        guesser.send("/join", code=f"WRNG{n:04}", name="x", language="en")
    assert team.send("/desk/ready", turn="1", ready="yes").status_code == 303
    assert staff.send("/room/timer", do="start", minutes="5").status_code == 303


def test_forms_of_a_class_take_nothing_from_the_facilitator(house: House) -> None:
    from papertiger.wargame.server.auth import Throttle

    team, staff = house.team("patron"), house.facilitator()
    house.state.forms = Throttle(2, 2, 10.0, clock=lambda: 0.0)
    assert [team.send("/desk/ready", turn="1", ready="yes").status_code for _ in range(3)] == [303, 303, 429]
    assert staff.send("/room/timer", do="start", minutes="5").status_code == 303


def test_the_code_is_safe_without_a_lock() -> None:
    """A thousand guesses a second for as long as a code lives find it less often than once in ten thousand games."""
    assert 1000 * CODE_SECONDS / len(ALPHABET) ** CODE_LENGTH < 1e-4


def test_whoever_joins_again_and_again_throws_out_no_wall_and_no_team(house: House) -> None:
    wall, team = house.observer(), house.team("patron")
    with house.auth._changing():  # written once and not six hundred times
        for _ in range(MAX_SESSIONS + 5):
            house.auth._make_room("guest")
            house.auth._sessions[house.auth.tokens()] = Identity("guest", since=house.auth.clock())
    assert wall.get("/wall").status_code == 200
    assert team.get("/desk").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE"])
def test_a_stranger_cannot_tell_a_page_from_none(house: House, method: str) -> None:
    stranger = house.stranger()
    stranger.get("/")
    hidden = [page.path for page in PAGES if "stranger" not in page.roles]
    hidden = [re.sub(r"\{\w+\}", "1", path) for path in hidden]

    def seen(path: str, **more: object) -> tuple[object, ...]:
        answer = stranger.client.request(method, path, **more)
        return answer.status_code, sorted(answer.headers.items()), answer.content

    form = {"data": {"csrf": stranger.token()}} if method == "POST" else {}
    for more in ({}, form):
        wanted = seen("/nowhere", **more)
        assert wanted[0] == 404
        for path in [*hidden, *(f"{path}/" for path in hidden), "/room//", "/static", "/static/", "/live/"]:
            assert seen(path, **more) == wanted, path


@pytest.mark.parametrize("size", [MAX_HEADERS + 1, 60_000])
def test_headers_beyond_their_length_are_answered(house: House, size: int) -> None:
    answer = house.stranger().get("/", headers={"x-long": "x" * size})
    assert answer.status_code == 431
    assert "cookies" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert house.stranger().get(f"/?code={'x' * size}").status_code == 431
    assert house.stranger().get("/", headers={"x-long": "x" * (MAX_HEADERS - 2000)}).status_code == 200


def test_a_form_of_a_stranger_is_short(house: House) -> None:
    answer = house.stranger().send("/join", code=house.auth.code, name="x" * 5000, language="en")
    assert answer.status_code == 413
