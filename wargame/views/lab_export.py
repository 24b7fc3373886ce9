"""Write what the groups of a class did as an experiment of the lab: a world, and each group's scenario and decisions.

Run 0 of a group is the class's own game, month by month, since an experiment's run takes the same draws. All runs of
one number share every draw that they make, so what differs between two groups is what their decisions do.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from papertiger.experiments.design.decisions import given_of
from papertiger.wargame.log.records import DRAWN_SEEDS
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.setup import played_scenario, write_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papertiger.experiments.design.decisions import GivenDecision
    from papertiger.scenarios import Scenario
    from papertiger.wargame.session import Session

REPLICATES = 200
WORLD, EXPERIMENT = "world.yaml", "class.yaml"
WIDTH = 110


def label_of(number: int) -> str:
    """Return what rows call a group."""
    return f"group_{number}"


def files_of(games: Sequence[tuple[int, str, Session]], baseline: int, turns: int) -> dict[str, str]:
    """Return the files of an experiment by name.

    Parameters
    ----------
    games
        Number, name and game of each group of a class.
    baseline
        Number of the group that the others are set beside.
    turns
        How many turns, at least one and no more than are resolved in all of them.
    """
    session = games[0][2]
    base = played_scenario(session.game.scenario)
    files = {WORLD: _written({**_runnable(base), "title": base.title})}
    entries = []
    for number, name, one in sorted(games, key=lambda game: (game[0] != baseline, game[0])):
        replay = one.engine.replay(one.game.request(turns=turns))
        added = {key: event for key, event in replay.scenario.events.items() if key not in base.events}
        said = {
            "extends": WORLD,
            "title": f"{base.title}: {name}",
            "description": f"The world of the class with what happened in the game of {name} alone.",
            "events": {key: event.model_dump(mode="json", exclude_none=True) for key, event in added.items()},
        }
        files[f"{label_of(number)}.yaml"] = _written({key: value for key, value in said.items() if value})
        months = session.game.schedule.months(turns)
        last = months[-1]
        book = given_of(replay.book, one.snapshot().setting)
        entries.append(_entry(number, name, [given for given in book if given.month <= session.game.month(last)]))
    files[EXPERIMENT] = _experiment(session, [number for number, _, _ in games], baseline, entries, turns)
    return files


def _runnable(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as a file holds it, without its game: what that says of play is in it already."""
    said = write_scenario(scenario)
    return {key: value for key, value in said.items() if key not in ("name", "game")}


def _written(content: dict[str, Any]) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow to import, and for this page alone

    writer, text = YAML(), io.StringIO()
    writer.width, writer.allow_unicode = WIDTH, True
    writer.dump(content, text)
    return text.getvalue()


def _entry(number: int, name: str, given: Sequence[GivenDecision]) -> str:
    rows = [one.model_dump(mode="json", exclude_none=True) | {"value": _plain(one.value)} for one in given]
    # JSON is YAML, a line each, so that the file can be read and changed by hand.
    decisions = "".join(f"      - {json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    head = f"  - scenario: {label_of(number)}.yaml\n    title: {json.dumps(name, ensure_ascii=False)}\n"
    return head + (f"    decisions:\n{decisions}" if rows else "")


def _plain(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _experiment(session: Session, numbers: Sequence[int], baseline: int, entries: Sequence[str], turns: int) -> str:
    game = session.game
    month = game.month(game.schedule.months(turns)[-1])
    measures: dict[str, dict[str, str]] = {
        "credibility": {"kind": "patron", "measure": "credibility", "at": month},
        "defected": {"kind": "share_defected", "at": month},
    }
    for seat in game.seats:
        if seat.kind == seats.CLIENT:
            name = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in seat.name).lower()
            measures[f"rung_{name}"] = {"kind": "posture", "client": seat.name, "at": month}
            measures[f"trust_{name}"] = {"kind": "protection", "client": seat.name, "at": month}
    others = [number for number in numbers if number != baseline]
    compared = [{"baseline": label_of(baseline), "against": label_of(number)} for number in others]
    seed = game.created.seed % DRAWN_SEEDS  # a game that was begun before may have a longer one
    same_luck = seed == game.created.seed and all(run == 0 for _, run in game.request(turns=turns).runs)
    said: dict[str, Any] = {
        "title": game.scenario.title,
        "question": "What do the decisions of the groups do, whatever the luck?",
        "description": f"Orders of turns 1 to {turns} of each group"
        + ("; run 0 is the game that the class played." if same_luck else "."),
        "seed": seed,
        "replicates": REPLICATES,
        "measures": measures,
    }
    if compared:
        said["comparisons"] = compared
    return f"# papertiger experiment {EXPERIMENT}\n{_written(said)}scenarios:\n{''.join(entries)}"


def packed(files: dict[str, str]) -> bytes:
    """Return files as one ZIP file, the same bytes for the same files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(f"lab/{name}"), text)
    return data.getvalue()
