"""Export a game as one file, take one in, and write its tables for a spreadsheet.

An exported game is one JSON file of the log's records. Taking it in trusts nothing: its size and its records are
checked, the records are folded as if they were played, orders are checked against what their seats could do then, and
the new file's name is made here and never taken from it.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from papertiger.scenarios import ScenarioError
from papertiger.scenarios.reading.json_reader import JsonError, JsonShape, parse_json
from papertiger.scenarios.tables import format_rows
from papertiger.wargame.engine.replay import fingerprint
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.log import records
from papertiger.wargame.log.journal import fresh_id
from papertiger.wargame.log.state import GameError, GameState
from papertiger.wargame.log.store import Store, StoreError, now
from papertiger.wargame.private import make_file, make_folder
from papertiger.wargame.rules.objections import OrderError, check_sheet
from papertiger.wargame.rules.refusals import refusal
from papertiger.wargame.rules.seats import SeatError
from papertiger.wargame.session import Session
from papertiger.wargame.views.snapshot import Snapshot

if TYPE_CHECKING:
    from papertiger.wargame.engine.worker import Engine
    from papertiger.wargame.log.journal import Ids
    from papertiger.wargame.log.store import Clock
    from papertiger.wargame.views.review import Review

MAX_BYTES = 32 * 1024 * 1024
MAX_CLIENTS = 400
"""Tables grow with the square of the clients; a network of two hundred must work."""

FORMAT = "papertiger game"
SUFFIX = ".game"


class _Row(JsonShape):
    seq: int
    at: str
    branch: int
    key: Annotated[str, Field(max_length=200)]
    body: dict[str, Any]


class _Exported(JsonShape):
    format: Literal["papertiger game"]
    version: int
    rows: list[_Row]


class ExchangeError(ValueError):
    """A file that is no game, or one that cannot have been played."""


def export(session: Session) -> bytes:
    """Return a game as one file that `take_in` can read. Names of holders stay behind.

    Raises
    ------
    ExchangeError
        When the reader would not take it: a game that has grown too large is kept as a copy, and not in this form.
    """
    rows = [
        {
            "seq": record.seq,
            "at": record.at,
            "branch": record.branch,
            "key": f"row/{record.seq}",
            "body": _without_names(record),
        }
        for record in session.store.records()
    ]
    text = json.dumps(
        {"format": FORMAT, "version": records.FORMAT, "rows": rows}, ensure_ascii=False, allow_nan=False
    )
    data = text.encode()
    try:
        _read(data)
    except ExchangeError as error:
        raise ExchangeError(f"this game cannot be exported, since it could not be read again: {error}") from None
    return data


def _without_names(record: records.Record) -> dict[str, Any]:
    body: dict[str, Any] = record.body.model_dump(mode="json", exclude_none=True)
    if isinstance(record.body, records.Claimed):
        body["holder"] = "somebody"
    return body


def take_in(
    data: bytes, folder: Path, *, engine: Engine | None = None, ids: Ids = fresh_id, clock: Clock = now
) -> Path:
    """Check an exported game and write it to a new file in a folder.

    Parameters
    ----------
    data
        The file's bytes.
    folder
        Where games are kept.
    engine
        Computes the turns, to check the orders against; blank computes them here.
    ids
        Makes the new game's name.
    clock
        Of the new file.

    Returns
    -------
    pathlib.Path
        The new game.

    Raises
    ------
    ExchangeError
        Saying what is wrong; nothing is written.
    papertiger.wargame.log.store.StoreError
        If it cannot be written, or there is a game of that name.
    """
    rows = _read(data)
    _check_played(rows, engine or LocalEngine())
    make_folder(folder)
    path = folder / f"{ids()}{SUFFIX}"
    # Of a name of its own: another program may take in the same file at the same moment.
    part = folder / f"{path.stem}-{fresh_id()}.part"
    try:
        store = Store(part, clock=clock, create=True)
        try:
            store.write_all(rows)
        finally:
            store.close()
        try:
            make_file(path)
        except FileExistsError:
            raise StoreError(f"{path}: a game of this name exists already") from None
        try:
            part.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except BaseException:
        for leftover in folder.glob(f"{part.name}*"):
            with contextlib.suppress(OSError):
                leftover.unlink()
        raise
    return path


def _read(data: bytes) -> list[records.Record]:
    """Return the rows of a file, each checked by itself."""
    if len(data) > MAX_BYTES:
        raise ExchangeError(f"a game has at most {MAX_BYTES} bytes, this file {len(data)}")
    try:
        said = parse_json(data, _Exported, "this file is no exported game", max_bytes=MAX_BYTES)
    except JsonError as error:
        raise ExchangeError(str(error)) from None
    if said.version != records.FORMAT:
        raise ExchangeError(f"expected version {records.FORMAT}, got {said.version}")
    rows = []
    for number, record in enumerate(said.rows, start=1):
        if record.seq != number:
            raise ExchangeError(f"row {number}: out of order, it says {record.seq}")
        if not records.is_moment(record.at):
            raise ExchangeError(f"row {number}: at is no moment in UTC, such as 2026-11-01T12:00:00+00:00")
        try:
            body = records.read_body(json.dumps(record.body))
        except records.RecordError as error:
            raise ExchangeError(f"row {number}: {error}") from None
        rows.append(records.Record(number, record.at, record.branch, f"row/{number}", body))
    if not rows:
        raise ExchangeError("this file holds no rows")
    return rows


def _check_played(rows: list[records.Record], engine: Engine) -> None:
    """Fold the rows, and check each order against what its seat could do when it was given."""
    game: GameState | None = None
    known: tuple[str, Snapshot] | None = None
    seq = 0
    try:
        for record in rows:
            seq = record.seq
            if game is None:
                game = GameState([record])
                _check_size(game)
                continue
            game.check(record)
            if isinstance(record.body, records.Ordered):
                line = game.branches[record.branch]
                request = game.request(line.number)
                name = f"{line.number} {fingerprint(request)}"
                if known is None or known[0] != name:
                    known = name, Snapshot(game, line, engine.replay(request))
                setting, standing = known[1].setting, known[1].replay.standings[-1]
                check_sheet(record.body.sheet, setting, game.game, standing, game.schedule.turns)
            game.apply(record)
    except (GameError, OrderError, SeatError, ScenarioError) as error:
        raise ExchangeError(f"row {seq}: {error}") from None


def _check_size(game: GameState) -> None:
    if len(game.scenario.clients) > MAX_CLIENTS:
        raise GameError(refusal("log.clients", most=MAX_CLIENTS, count=len(game.scenario.clients)))


def save_copy(session: Session, path: Path) -> None:
    """Write a copy of a game as it is now to another file, whole or not at all."""
    if path.exists():
        raise StoreError(f"{path}: a game of this name exists already")
    part = path.with_name(path.name + ".part")
    session.store.copy_to(part)
    part.rename(path)


def tables_of(review: Review) -> dict[str, str]:
    """Return the tables of a review as CSV, by name; every row has its turn."""
    return {
        "postures": format_rows(
            ("turn", "month", "client", "posture"),
            [
                (turn.turn, turn.months[-1], client, posture)
                for turn in review.turns
                for client, posture in turn.postures
            ],
        ),
        "orders": format_rows(
            ("turn", "seat", "by", "taken along", "order"),
            [
                (turn.turn, one.seat, one.by, one.inherited, json.dumps(dict(order), ensure_ascii=False))
                for turn in review.turns
                for one in turn.seats
                for order in one.orders
            ],
        ),
        "left to the rules": format_rows(
            ("turn", "seat", "decision"),
            [(turn.turn, one.seat, name) for turn in review.turns for one in turn.seats for name in one.left_to_rule],
        ),
        "beliefs": format_rows(
            ("turn", "client", "capability", "resolve", "protection", "contacts"),
            [
                (turn.turn, one.client, one.capability, one.resolve, one.protection, one.contacts)
                for turn in review.turns
                for one in turn.beliefs
            ],
        ),
        "why": format_rows(
            ("turn", "client", "cause", "channel", "capability", "resolve", "protection"),
            [
                (turn.turn, one.client, why.cause, why.channel, why.capability, why.resolve, why.protection)
                for turn in review.turns
                for one in turn.beliefs
                for why in one.why
            ],
        ),
        "answers": format_rows(
            ("turn", "question", "asked", "seat", "answer"),
            [(one.turn, one.number, dict(one.question).get("en", ""), one.seat, one.text) for one in review.answers],
        ),
        "messages": format_rows(
            ("turn", "from", "to", "text"),
            [
                (turn.turn, message.sender, ", ".join(message.to), message.text)
                for turn in review.turns
                for message in turn.messages
            ],
        ),
        "promises": format_rows(
            ("turn", "from", "to", "gives", "asks", "text", "answer", "given", "asked"),
            [
                (
                    turn.turn,
                    one.sender,
                    one.to,
                    json.dumps(dict(one.gives), ensure_ascii=False) if one.gives else "",
                    json.dumps(dict(one.asks), ensure_ascii=False) if one.asks else "",
                    one.text,
                    one.state,
                    one.given,
                    one.asked,
                )
                for turn in review.turns
                for one in turn.promises
            ],
        ),
        "press": format_rows(
            ("turn", "seat", "text"),
            [(one.turn, one.seat, one.text) for turn in review.turns for one in turn.press],
        ),
        "forecasts": format_rows(
            ("turn", "seat", "question", "probability", "model", "came", "brier", "model's brier"),
            [
                (
                    one.given_in,
                    one.seat,
                    json.dumps(dict(one.question), ensure_ascii=False),
                    one.probability,
                    "" if one.model is None else one.model,
                    one.came,
                    one.brier,
                    "" if one.model_brier is None else one.model_brier,
                )
                for one in review.forecasts
            ],
        ),
        "scores": format_rows(
            ("seat", "objective", "measure", "client", "weight", "turn", "value"),
            [
                (score.seat, line.objective, line.measure, line.client, line.weight, turn, value)
                for score in review.scores
                for line in score.lines
                for turn, value in enumerate(line.values, start=1)
            ],
        ),
    }
