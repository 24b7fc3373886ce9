"""The pages: a game through forms, and nobody reads what is not theirs."""

from __future__ import annotations

import contextvars
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from papertiger.scenarios.tables import use_dialect
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.folder import open_game
from papertiger.wargame.log.records import STEPS
from papertiger.wargame.rules.seats import Seat, parse
from papertiger.wargame.server.pages.forms import clients_of, fields_of, sheet_of
from tests.model.worlds import shipped
from tests.wargame.games import small, with_game
from tests.wargame.server.visitors import House

MAX_PAGE = 60_000
READ = ("/", "/wall", "/desk", "/outlook", "/review", "/review/turn/1", "/export/review.json", "/export/review.html")


def test_three_turns_with_bots_and_a_review(house: House) -> None:
    staff, border, patron = house.facilitator(), house.team("client:Border"), house.team("patron")
    for turn in ("1", "2", "3"):
        answer = border.send(
            "/desk/orders", turn=turn, ask="yes", complain="no", **{
                "as": "orders", "ask.why": "CANARY-WHY", "ask1": "crisis", "client1": "Border",
                "chance1": "40", "until1": turn,
            },
        )  # fmt: skip
        assert answer.headers["location"].startswith("/desk?done=ordered"), answer.text
        fields = {"as": "orders", "respond/Border": "help", "points/Border": "3", "coerce/Open": "no"}
        assert patron.send("/desk/orders", turn=turn, **fields).status_code == 303
        assert border.send("/desk/ready", turn=turn, ready="yes").status_code == 303
        assert staff.send("/room/resolve", turn=turn).status_code == 303
        assert staff.send("/room/resolve", turn=turn).status_code == 303  # a second click resolves nothing
        assert house.session.game.branch.resolved == int(turn)
    assert border.get("/review").status_code == 409
    assert staff.send("/room/undo", turn="3").status_code == 303
    assert staff.send("/room/branch", turn="1", name="Other luck", luck="other", session="yes").status_code == 303
    assert staff.send("/room/end").status_code == 303
    for visitor in (staff, border):
        page = visitor.get("/review")
        assert page.status_code == 200
        assert visitor.get("/export/review.html").status_code == 200
        tables = zipfile.ZipFile(io.BytesIO(visitor.get("/export/tables.zip").content))
        assert "forecasts.csv" in tables.namelist()
    assert "CANARY-WHY" not in patron.get("/review/turn/1").text
    for step in ("orders", "rationales"):
        assert staff.send("/room/reveal", step=step, turn="2").status_code == 303
    assert "CANARY-WHY" in patron.get("/review/turn/1").text
    assert patron.get("/review/turn/3").status_code == 404  # undone
    assert border.send("/desk/answer", question="0", text="Because.").status_code == 303
    assert "Because." in staff.get("/review").text
    assert border.get("/review/1/client:Border").status_code == 200
    assert border.get("/review/1/patron").status_code == 404
    assert staff.get("/review/1/patron").status_code == 200


def test_nobody_reads_what_is_not_theirs(house: House) -> None:
    """Each seat's secrets are unlike any other text, and only it and the facilitator are ever sent them."""
    seats = ("client:Border", "client:Open", "patron", "rival:West", "adversary:Foe")
    teams = {seat: house.team(seat) for seat in seats}
    canaries = {seat: f"CANARY{number}X" for number, seat in enumerate(seats)}
    for seat, team in teams.items():
        canary = canaries[seat]
        why = {"client": "ask.why", "patron": "attention.why", "rival": "why/Open", "adversary": "why/Border"}
        kind = parse(seat).kind
        fields = {"ask": "yes", "points/Border": "1", "offer/Open": "yes", "press/Border": "1", why[kind]: canary}
        assert team.send("/desk/orders", turn="1", **{"as": "orders"}, **fields).status_code == 303
        assert team.send("/desk/orders", turn="1", **{"as": "draft"}, **fields).status_code == 303
        assert team.send("/desk/message", to="facilitator", text=canary).status_code == 303
    staff = house.facilitator()
    others = {**teams, "observer": house.observer(), "guest": house.guest(), "stranger": house.stranger()}
    for resolved in (False, True):
        if resolved:
            assert staff.send("/room/resolve", turn="1").status_code == 303
            assert staff.send("/room/end").status_code == 303
        for name, visitor in others.items():
            foreign = [canary for seat, canary in canaries.items() if seat != name]
            for path in READ:
                answer = visitor.get(path)
                said = answer.text + str(answer.headers)
                assert not [canary for canary in foreign if canary in said], (name, path)
    assert all(canary in staff.get("/room").text for canary in canaries.values())


def test_orders_count_once_and_say_what_is_wrong(house: House) -> None:
    team = house.team("client:Border")
    form = {"csrf": team.token(), "key": "k", "turn": "1", "as": "orders", "ask": "yes"}
    assert [team.client.post("/desk/orders", data=form).status_code for _ in range(2)] == [303, 303]
    rows = house.session.store.last()
    assert team.client.post("/desk/orders", data=form).status_code == 303
    assert house.session.store.last() == rows
    assert team.client.post("/desk/orders", data=form | {"ask": "no"}).status_code == 409
    wrong = team.send("/desk/orders", turn="1", posture="realigned", **{"as": "orders"})
    assert wrong.status_code == 422
    assert "out of reach" in wrong.text
    late = team.send("/desk/orders", turn="2", ask="yes", **{"as": "orders"})
    assert late.status_code == 409


def test_what_players_write_is_text(house: House) -> None:
    evil = "<script>alert(1)</script>\"'><svg onload=x>"
    team = house.team("patron")
    team.send("/desk/message", to="client:Open", text=evil)
    for visitor, path in ((team, "/desk"), (house.team("client:Open"), "/desk"), (house.facilitator(), "/room")):
        page = visitor.get(path).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<svg onload" not in page


def test_the_facilitator_injects_recalls_times_and_frees(house: House) -> None:
    staff = house.facilitator()
    fields = {"kind": "attack", "client": "Open", "intensity": "2", "news": "An attack.", "rival": "", "posture": ""}
    assert staff.send("/room/inject", when="now", **fields).status_code == 303
    assert "An attack." in house.observer().get("/wall").text
    name = next(iter(house.session.game.branch.injects))
    assert staff.send("/room/recall", name=name).status_code == 303
    assert staff.send("/room/timer", do="start", minutes="5").status_code == 303
    assert 0 < (house.state.seconds_left() or 0) <= 300
    assert staff.send("/room/timer", do="stop").status_code == 303
    assert staff.send("/room/timer", do="go").status_code == 303
    assert staff.send("/room/message", to="all", text="Hurry.").status_code == 303
    assert staff.send("/room/close", turn="1", open="no").status_code == 303
    assert staff.send("/room/close", turn="1", open="yes").status_code == 303
    assert staff.send("/room/resolve", turn="7").status_code == 409
    code = house.auth.code
    assert staff.send("/room/rotate").status_code == 303
    assert house.auth.code != code


def test_a_fault_shows_nobody_a_traceback(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    team = house.team("patron")

    def fails(*_: object) -> None:
        raise RuntimeError("SECRET")

    monkeypatch.setattr(house.session, "view", fails)
    answer = team.get("/desk")
    assert answer.status_code == 500
    assert "SECRET" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("seat", ["patron", "client:Border", "rival:West", "adversary:Foe"])
def test_a_form_comes_back_as_it_was_sent(house: House, seat: str) -> None:
    view = house.session.view(parse(seat))
    fields = {"posture": "hedging", "hedge": "covert:East", "ask": "no", "ask.why": "So.", "attention.why": ""}
    fields |= {"ask1": "posture_beyond", "client1": "Open", "posture1": "suspended", "chance1": "25", "until1": "2"}
    for client in clients_of(view):
        fields |= {f"points/{client}": "2", f"respond/{client}": "help", f"offer/{client}": "yes"}
        fields |= {f"refused/{client}": "keep", f"press/{client}": "2", f"why/{client}": "So."}
    sheet = sheet_of(view, 1, fields)
    assert sheet.orders
    assert sheet_of(view, 1, fields_of(sheet)) == sheet


@pytest.mark.parametrize("name", with_game())
def test_no_page_is_large(tmp_path: Path, name: str) -> None:
    """A class on a slow network loads every page again after each turn; German is the longer language."""
    house = House(tmp_path, lambda: shipped(name))
    try:
        staff = house.facilitator()
        teams = {str(seat): house.team(str(seat)) for seat in house.session.game.seats}
        for turn in (1, 2):
            for team in teams.values():
                team.send("/desk/orders", turn=str(turn), **{"as": "orders"})
            staff.send("/room/resolve", turn=str(turn))
        for visitor in (staff, *teams.values()):
            visitor.send("/language", language="de")
        sizes = {seat: len(team.get("/desk").content) for seat, team in teams.items()}
        sizes["room"] = len(staff.get("/room").content)
        sizes |= {f"room of {seat}": len(staff.get(f"/room/seat/{seat}").content) for seat in teams}
        staff.send("/room/end")
        for step in STEPS:
            staff.send("/room/reveal", step=step, turn="2")
        for seat, visitor in (("staff", staff), *teams.items()):
            for path in ("/review", "/review/turn/2"):
                sizes[f"{path} of {seat}"] = len(visitor.get(path).content)
        assert {page: size for page, size in sizes.items() if size > MAX_PAGE} == {}
    finally:
        house.close()


def test_the_server_imports_neither_mesa_nor_the_compiler() -> None:
    code = (
        "import sys, papertiger.wargame.server.serve, papertiger.wargame.views.review; "
        "print([name for name in ('mesa', 'numba', 'numpy', 'pandas') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert run.stdout.strip() == "[]"


def test_a_folder_begins_a_game_once(tmp_path: Path) -> None:
    (tmp_path / "new.part").write_text("half a game")
    first = open_game(tmp_path, small, LocalEngine())
    first.resolve(1)
    first.close()
    again = open_game(tmp_path, small, LocalEngine())
    assert again.game.branch.resolved == 1
    assert [path.name for path in tmp_path.glob("new.part*")] == []
    again.close()


@pytest.mark.parametrize(
    "text", ["[" * 20_000, '{"a":' * 3000, "[1]", '{"ask": 5}', '{"ask": "no", "ask": "yes"}', "{"]
)
def test_a_draft_that_is_none_leaves_the_form_blank(house: House, text: str) -> None:
    team = house.team("client:Border")
    house.session.draft(Seat("client", "Border"), 1, text)
    assert team.get("/desk").status_code == 200


def test_tables_are_written_for_the_spreadsheet_that_the_program_was_started_for(tmp_path: Path) -> None:
    started = contextvars.copy_context()
    started.run(use_dialect, "de")
    house = started.run(House, tmp_path)
    try:
        house.session.resolve(1)
        with zipfile.ZipFile(io.BytesIO(house.facilitator().get("/export/tables.zip").content)) as archive:
            said = archive.read("beliefs.csv").decode()
        assert said.startswith("\ufeffturn;client;capability")
        assert re.search(r"\r\n1;Shielded;0,\d+;", said)
    finally:
        house.close()


def test_a_browser_that_asks_for_an_icon_by_custom_gets_one(house: House) -> None:
    answer = house.team("patron").client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
