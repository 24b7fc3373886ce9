"""A game as one file: what goes out comes back the same, and what somebody made up is refused whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from papertiger.scenarios.tables import escape_cell as cell
from papertiger.scenarios.tables import format_rows as table
from papertiger.wargame import archive
from papertiger.wargame.archive import MAX_BYTES, ExchangeError, export, save_copy, tables_of, take_in
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.log.store import StoreError
from papertiger.wargame.rules.conditions import PostureReached
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from papertiger.wargame.views.plain import as_bytes
from papertiger.wargame.views.review import review_of
from tests.wargame.games import FACILITATOR, NOON, OPEN, PATRON, new_play, sheet

OPENLAND = Seat("client", OPEN)


def played(folder: Path) -> Session:
    session = new_play(folder)
    session.claim(OPENLAND, "a secret name")
    session.submit(sheet(OPENLAND, 1, {"do": "posture", "posture": "distancing", "why": "=HYPERLINK(1)"}))
    session.message(OPENLAND, (PATRON,), "@SUM(A1)")
    session.resolve(1)
    session.resolve(2)
    session.undo(2)
    session.branch_off("otherwise", 1, luck="other")
    session.resolve(2)
    later = {"kind": "attack", "client": OPEN, "adversary": "Foe", "what": "Later."}
    session.inject("later", later, when=PostureReached(client=OPEN, posture="realigned"))
    return session


def taken_in(data: bytes, folder: Path) -> Path:
    return take_in(data, folder / "games", ids=lambda: "new", clock=lambda: NOON)


def test_a_game_comes_back_the_same(tmp_path: Path) -> None:
    session = played(tmp_path)
    data = export(session)
    assert b"a secret name" not in data
    path = taken_in(data, tmp_path)
    assert path == tmp_path / "games" / "new.game"
    assert [found.name for found in path.parent.iterdir()] == ["new.game"]
    again = Session.open(path, clock=lambda: NOON)
    try:
        for seat in session.game.everybody:
            assert as_bytes(again.view(seat)) == as_bytes(session.view(seat))
        assert again.verify() == ()
        assert export(again) == data
        again.submit(sheet(OPENLAND, 3))
    finally:
        again.close()


def test_a_game_is_exported_up_to_the_size_that_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = played(tmp_path)
    data = export(session)
    monkeypatch.setattr(archive, "MAX_BYTES", len(data))
    assert export(session) == data
    monkeypatch.setattr(archive, "MAX_BYTES", len(data) - 1)
    with pytest.raises(ExchangeError, match="cannot be exported, .* could not be read again: a game has at most"):
        export(session)


def test_a_copy_is_the_game_and_goes_its_own_way(tmp_path: Path) -> None:
    session = played(tmp_path)
    save_copy(session, tmp_path / "copy.game")
    with pytest.raises(StoreError, match="exists already"):
        save_copy(session, tmp_path / "copy.game")
    copy = Session.open(tmp_path / "copy.game", clock=lambda: NOON)
    try:
        assert export(copy) == export(session)
        copy.resolve(3)
        assert copy.game.branch.resolved == 3
        assert session.game.branch.resolved == 2
    finally:
        copy.close()


def _row(number: int, **changes: Any) -> Callable[[Any], None]:
    def change(said: Any) -> None:
        said["rows"][number] |= changes

    return change


def _body(number: int, **changes: Any) -> Callable[[Any], None]:
    def change(said: Any) -> None:
        said["rows"][number]["body"] |= changes

    return change


def _order(**changes: Any) -> Callable[[Any], None]:
    def change(said: Any) -> None:
        said["rows"][2]["body"]["sheet"]["orders"][0] |= changes

    return change


ATTACKS: dict[str, Callable[[Any], object]] = {
    "another format": lambda said: said.update(format="zip"),
    "another version": lambda said: said.update(version=2),
    "no rows": lambda said: said.update(rows=[]),
    "rows that are none": lambda said: said.update(rows={"0": 1}),
    "a row that is none": lambda said: said["rows"].append("x"),
    "a path in a row": _row(0, path="../../etc/passwd"),
    "a number that is text": _row(1, seq="2"),
    "a number that is true": _row(0, branch=True),
    "out of order": lambda said: said["rows"].reverse(),
    "a moment that is none": _row(1, at="friday"),
    "a moment elsewhere": _row(1, at="2026-11-01T12:00:00+02:00"),
    "a clock that is none": _body(1, kind="timed", until="friday"),
    "a gap": lambda said: said["rows"].pop(1),
    "another branch": _row(1, branch=7),
    "no such kind": _body(1, kind="executed"),
    "more fields": _body(1, command="rm"),
    "a seat that is not offered": _body(1, seat="client:Nobody"),
    "a seat that is none": _body(1, seat="../secret"),
    "created twice": lambda said: said["rows"].append({**said["rows"][0], "seq": len(said["rows"]) + 1}),
    "no creation": lambda said: (said["rows"].pop(0), [row.update(seq=row["seq"] - 1) for row in said["rows"]]),
    "a scenario that is none": lambda said: said["rows"][0]["body"]["scenario"].pop("clients"),
    "a scenario with more": lambda said: said["rows"][0]["body"]["scenario"].update(extends="../x"),
    "a scenario that names a file": lambda said: said["rows"][0]["body"]["scenario"].update(posterior="../secret"),
    "a broken scenario": lambda said: said["rows"][0]["body"]["scenario"]["parameters"].update(
        forgetting={"value": 7}
    ),
    "a posture out of reach": _order(posture="realigned"),
    "an order of another seat": _order(do="claim", client=OPEN),
    "resolved twice": lambda said: said["rows"].append({**said["rows"][5], "seq": len(said["rows"]) + 1}),
    "a text too long": _body(3, text="x" * 3000),
    "an inject about nobody": lambda said: said["rows"][-1]["body"]["event"].update(client="Nobody"),
    "an inject of another kind": lambda said: said["rows"][-1]["body"]["event"].update(kind="exec"),
    "an inject named like a path": _body(-1, name="../../x"),
    "a condition on nobody": lambda said: said["rows"][-1]["body"]["condition"].update(client="Nobody"),
    "too many clients": lambda said: said["rows"][0]["body"]["scenario"].update(clients=_many(said)),
    "deep": lambda said: said["rows"][0]["body"].update(scenario=_deep()),
}


def _many(said: Any) -> Any:
    clients = said["rows"][0]["body"]["scenario"]["clients"]
    lean = {name: value for name, value in clients[OPEN].items() if name != "assets"}
    return clients | {f"Client {number}": lean for number in range(400)}


def _deep() -> Any:
    value: Any = 1
    for _ in range(400):
        value = {"a": value}
    return value


@pytest.mark.parametrize("name", ATTACKS)
def test_what_somebody_made_up_is_refused_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    said = json.loads(export(played(tmp_path)))
    ATTACKS[name](said)
    with pytest.raises(ExchangeError):
        taken_in(json.dumps(said).encode(), tmp_path)
    assert not (tmp_path / "games").exists()


def test_a_file_that_is_taken_in_twice_at_once_harms_neither(tmp_path: Path) -> None:
    data, folder = export(played(tmp_path)), tmp_path / "games"
    folder.mkdir()
    (folder / "game.part").write_text("of another program, which is not done yet")
    path = take_in(data, folder, engine=LocalEngine(), ids=lambda: "game")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        take_in(data, folder, engine=LocalEngine(), ids=lambda: "game")
    assert sorted(one.name for one in folder.iterdir()) == ["game.game", "game.part"]
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(f"{self} is held by another program, {target} stays free")

    data = export(played(tmp_path))
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        take_in(data, tmp_path / "games", engine=LocalEngine())
    assert list((tmp_path / "games").iterdir()) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"PK\x03\x04",
        b"[" * 100_000,
        b'{"format": "papertiger game", "version": 1, "rows": [{"seq": 1, "seq": 1}]}',
        b'{"format": "papertiger game", "version": 1, "rows": [], "rows": []}',
        b'{"format": "papertiger game", "version": 1e999, "rows": []}',
        b'{"format": "papertiger game", "version": "1", "rows": []}',
        b'{"format": "papertiger game"}',
        b" " * (MAX_BYTES + 1),
    ],
    ids=["empty", "cut", "list", "bytes", "zip", "deep", "twice", "rows twice", "endless", "text", "half", "large"],
)
def test_bytes_that_are_no_game_are_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError):
        taken_in(data, tmp_path)


def test_tables_run_in_no_spreadsheet_and_name_their_turns(tmp_path: Path) -> None:
    session = played(tmp_path)
    tables = tables_of(review_of(session, FACILITATOR))
    assert set(tables) >= {"postures", "orders", "beliefs", "why", "messages", "forecasts", "scores"}
    for name, text in tables.items():
        rows = list(csv.reader(io.StringIO(text)))
        assert "turn" in rows[0], name
        for row in rows[1:]:
            assert not any(value.startswith(("=", "+", "@")) for value in row), name
    assert "'@SUM(A1)" in tables["messages"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A", "\t=1", " =1", "\n=1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert str(cell(text)).startswith("'")


def test_numbers_and_plain_texts_stay() -> None:
    assert table(("a", "b"), [(-1.5, "x"), (2, "y=1")]) == "a,b\n-1.5,x\n2,y=1\n"
