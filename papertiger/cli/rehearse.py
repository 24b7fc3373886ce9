"""The command `rehearse`: play a whole game with nobody in any seat, and leave what a played game leaves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger.cli.console import BadInput, counting, printable, say, table
from papertiger.cli.folder import ResultFolder, safe_name
from papertiger.cli.inputs import check_language, check_place, check_range, load_game
from papertiger.cli.play import GAMES
from papertiger.scenarios.reading.json_reader import JsonError, read_json

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.wargame.engine.tendency import Tendency
    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.session import Session

LOG, MANIFEST = "game.game", "rehearsal.json"
MOST_GAMES = 100_000
MOST_SEED = 2**63 - 1
PREPARING = "preparing (once: about a minute)"


@dataclass(frozen=True)
class Order:
    """What `rehearse` was asked to do."""

    scenario: str
    seed: int = 1
    out: Path | None = None
    language: str = "en"
    games: int = 1


def rehearse(order: Order) -> None:
    """Carry out the order, or raise `BadInput` before anything is written."""
    check_range("--games", order.games, 1, MOST_GAMES, "a number of games")
    check_range("--seed", order.seed, 0, MOST_SEED - order.games, "a seed")
    check_language(order.language)
    scenario = load_game(order.scenario)
    name = f"{safe_name(Path(order.scenario).stem)}-rehearsal-seed{order.seed}"
    out = order.out or GAMES / name
    check_place(out)
    _check_replaceable(out)
    with ResultFolder(out, manifest=MANIFEST) as folder:
        read = _play(scenario, order, folder)
        found = None if order.games == 1 else _tendency(scenario, order)
        if found is not None:
            folder.place("tendency.csv").write_text(_tendency_csv(found), encoding="utf-8", newline="")
        _write_manifest(scenario, order, folder)
    table(read.title, read.columns, read.rows)
    if found is not None:
        _report(found, scenario)
    say(f"Written to {printable(str(out))}: review.html is what comes after play, cards.html is to print.")
    if order.out is None:
        say(f"To see its pages as a facilitator: papertiger play {printable(order.scenario)} --name {name}")
    say("The model is an argument, not evidence.")


def _check_replaceable(out: Path) -> None:
    """Refuse a folder in which a class has played: only what a rehearsal left there, as it left it, is replaced."""
    log = out / LOG
    if not log.exists():
        return
    try:
        left = read_json(out / MANIFEST, dict[str, Any]).get("game_sha256")
        untouched = left == _sha256(log) and not log.with_name(f"{LOG}-wal").exists()
    except (OSError, JsonError):
        untouched = False
    if not untouched:
        raise BadInput(
            f"{printable(str(out))}: a game that somebody plays lies there; give another folder with --out"
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Read:
    """What a class reads turn by turn, as a table."""

    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]


def _play(scenario: Scenario, order: Order, folder: ResultFolder) -> Read:
    """Play the game into the folder, with its review, and return what a class reads."""
    from papertiger import __version__  # noqa: PLC0415 - looked up only when asked for
    from papertiger.wargame.archive import export, tables_of  # noqa: PLC0415
    from papertiger.wargame.i18n.translate import Translator  # noqa: PLC0415
    from papertiger.wargame.rehearsal import rehearse as play_out  # noqa: PLC0415
    from papertiger.wargame.rules import seats  # noqa: PLC0415 - slow to import
    from papertiger.wargame.server.pages import cards  # noqa: PLC0415
    from papertiger.wargame.server.pages import review as debrief  # noqa: PLC0415
    from papertiger.wargame.views.seats import as_bytes  # noqa: PLC0415

    with counting("game", quiet=False) as show:
        tell = None if show is None else lambda done, total: show(done, total, "turns" if done else PREPARING)
        play = play_out(folder.place(LOG), scenario, order.seed, version=__version__, progress=tell)
    try:
        speech = Translator(order.language, play.game)
        said = debrief.contents(play, seats.THE_FACILITATOR, speech)
        texts = {"review.html": debrief.page_of(said, speech), "cards.html": cards.page_of(play.game, speech)}
        texts |= {f"{name.replace(' ', '_')}.csv": text for name, text in tables_of(said["review"]).items()}
        for name, text in texts.items():
            folder.place(name).write_bytes(text.encode())
        folder.place("review.json").write_bytes(as_bytes(said["review"]))
        folder.place("game.json").write_bytes(export(play))
        return _read(play, speech, order)
    finally:
        play.close()


def _read(play: Session, speech: Translator, order: Order) -> Read:
    from papertiger.scenarios.schema.values import POSTURES  # noqa: PLC0415 - slow to import
    from papertiger.wargame.i18n.formats import month  # noqa: PLC0415
    from papertiger.wargame.rules import seats  # noqa: PLC0415

    say_it, schedule = speech.text, play.game.schedule
    public = play.view(seats.THE_OBSERVER).public

    def stand(place: int) -> str:
        """Return who is not loyal after so many months of play."""
        there = {
            rung: [speech.client(one.client) for one in public.clients if one.path[place] == rung]
            for rung in POSTURES[1:]
        }
        return "; ".join(f"{say_it(f'posture.{rung}')}: {', '.join(names)}" for rung, names in there.items() if names)

    def believed(place: int) -> str:
        return f"{say_it('word.credibility')} {speech.number(public.credibility[place])}"

    rows, place = [("", say_it("word.start"), f"= {stand(0)}; {believed(0)}")], 0
    for turn in range(1, schedule.turns + 1):
        before, place = place, place + len(schedule.months(turn))
        months = public.months[before:place]
        rows += [
            (str(turn), month(item.month, order.language), speech.news(item))
            for item in public.news
            if item.month in months
        ]
        # Where nobody moved, the long list would only be read once more.
        moved = f"{stand(place)}; " if stand(place) != stand(before) else ""
        rows.append((str(turn), month(months[-1], order.language), f"= {moved}{believed(place)}"))
    return Read(
        title=f"{speech.title} (seed {order.seed})",
        columns=((say_it("word.turn"), "right"), (say_it("word.month"), "left"), (say_it("word.news"), "wide")),
        rows=tuple(rows),
    )


def _tendency(scenario: Scenario, order: Order) -> Tendency:
    from papertiger.wargame.engine.tendency import tendency  # noqa: PLC0415 - slow to import

    with counting("games", quiet=False) as show:
        tell = None if show is None else lambda done, total: show(done, total, "games")
        return tendency(scenario, order.games, order.seed, progress=tell)


def _tendency_csv(found: Tendency) -> str:
    from papertiger.scenarios.schema.values import POSTURES  # noqa: PLC0415 - slow to import
    from papertiger.scenarios.tables import format_rows  # noqa: PLC0415

    rungs = [f"{when}_{rung}" for when in ("before", "after") for rung in POSTURES]
    return format_rows(
        ("client", *rungs, "protection", "moved", "crises", "helped"),
        [
            (one.client, *one.before, *one.after, one.protection, one.moved, one.crises, one.helped)
            for one in found.clients
        ],
    )


def _report(found: Tendency, scenario: Scenario) -> None:
    """Print what tends to happen."""
    from papertiger.wargame.engine.tendency import HEADINGS, row_of, sentences  # noqa: PLC0415 - slow to import

    assert scenario.game is not None  # it was played
    seeds = f"seeds {found.seed} to {found.seed + found.games - 1}"
    table(
        f"{scenario.game.title.en}: {found.games} games with nobody in any seat ({seeds})",
        [(heading, "right" if number else "left") for number, heading in enumerate(HEADINGS)],
        [row_of(one) for one in found.clients],
    )
    for sentence in sentences(found):
        say(sentence)


def _write_manifest(scenario: Scenario, order: Order, folder: ResultFolder) -> None:
    from papertiger.experiments.run.provenance import scenario_hash, version  # noqa: PLC0415 - slow to import

    manifest: dict[str, Any] = {
        "papertiger": version(),
        "scenario": scenario.name,
        "title": scenario.title,
        "scenario_sha256": scenario_hash(scenario),
        "seed": order.seed,
        "games": order.games,
        "language": order.language,
        # By this a second rehearsal knows whether somebody went on playing here.
        "game_sha256": _sha256(folder.place(LOG)),
        "files": sorted(folder.files),
    }
    text = json.dumps(manifest, ensure_ascii=True, indent=2, allow_nan=False) + "\n"
    folder.place(MANIFEST).write_bytes(text.encode("ascii"))
