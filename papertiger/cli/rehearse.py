"""Run the command `rehearse`: play a whole game with nobody in any seat, and leave what a played game leaves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertiger.cli.console import BadInput, printable, say, table
from papertiger.cli.folder import ResultFolder, safe_name
from papertiger.cli.inputs import check_language, check_place, check_range, load_game
from papertiger.cli.options import MAX_SEED, Excel, ScenarioName, Seed
from papertiger.cli.play import GAMES
from papertiger.cli.progress import Show, progress

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.wargame.engine.tendency import Tendency
    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.session import Session

LOG, MANIFEST = "game.game", "rehearsal.json"
MAX_GAMES = 100_000
PREPARING = "preparing"


def rehearse_command(
    scenario: ScenarioName,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder to leave it in [default: results/games/SCENARIO-rehearsal-seedS]."
        ),
    ] = None,
    language: Annotated[str, typer.Option("--language", metavar="de|en", help="Language of the review.")] = "en",
    games: Annotated[
        int,
        typer.Option(
            "--games", metavar="N", help="Count what comes of N games; the first of them is shown and kept."
        ),
    ] = 1,
    _excel: Excel = None,
) -> None:
    """Play a whole game with nobody in any seat, print what a class would read, and leave the review to look at."""
    check_range("--games", games, 1, MAX_GAMES, "a number of games")
    check_range("--seed", seed, 0, MAX_SEED - games, "a seed")
    check_language(language)
    world = load_game(scenario)
    name = f"{safe_name(Path(scenario).stem)}-rehearsal-seed{seed}"
    target = out or GAMES / name
    check_place(target)
    _check_replaceable(target)
    with progress(f"rehearsing {scenario}") as show, ResultFolder(target, manifest=MANIFEST) as folder:
        read = _play(world, seed, language, folder, show)
        tendencies = None if games == 1 else _tendency(world, games, seed, show)
        if tendencies is not None:
            folder.place("tendency.csv").write_text(_tendency_csv(tendencies), encoding="utf-8", newline="")
        _write_manifest(world, seed, games, language, folder)
    table(read.title, read.columns, read.rows)
    if tendencies is not None:
        _report(tendencies, world)
    say(f"Written to {printable(str(target))}: review.html is what comes after play, cards.html is to print.")
    if out is None:
        say(f"To see its pages as a facilitator: papertiger play {printable(scenario)} --name {name}")
    say("The model is an argument, not evidence.")


def _check_replaceable(out: Path) -> None:
    """Refuse a folder in which a class has played: only what a rehearsal left there, as it left it, is replaced."""
    log = out / LOG
    if not log.exists():
        return
    from papertiger.scenarios.reading.json_reader import JsonError, read_json

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
    """Hold what a class reads turn by turn, as a table."""

    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]


def _play(scenario: Scenario, seed: int, language: str, folder: ResultFolder, show: Show) -> Read:
    """Play the game into the folder, with its review, and return what a class reads."""
    from papertiger import __version__
    from papertiger.wargame.archive import ExchangeError, export, tables_of
    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.rehearsal import rehearse as play_out
    from papertiger.wargame.rules import seats
    from papertiger.wargame.server.pages import cards, review
    from papertiger.wargame.views.plain import as_bytes

    play = play_out(
        folder.place(LOG),
        scenario,
        seed,
        version=__version__,
        progress=lambda done, total: show("turns" if done else PREPARING, done, total),
    )
    try:
        speech = Translator(language, play.game)
        said = review.contents(play, seats.THE_FACILITATOR, speech)
        texts = {"review.html": review.page_of(said, speech), "cards.html": cards.page_of(play.game, speech)}
        texts |= {f"{name.replace(' ', '_')}.csv": text for name, text in tables_of(said["review"]).items()}
        for name, text in texts.items():
            folder.place(name).write_bytes(text.encode())
        folder.place("review.json").write_bytes(as_bytes(said["review"]))
        folder.place("game.json").write_bytes(export(play))
        return _read(play, speech, seed, language)
    except ExchangeError as error:
        raise BadInput(str(error)) from None
    finally:
        play.close()


def _read(play: Session, speech: Translator, seed: int, language: str) -> Read:
    from papertiger.scenarios.schema.values import POSTURES
    from papertiger.wargame.i18n import formats
    from papertiger.wargame.i18n.formats import month
    from papertiger.wargame.rules import seats

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
        return f"{say_it('word.credibility')} {formats.percent(public.credibility[place], speech.language)}"

    rows, place = [("", say_it("word.start"), f"= {stand(0)}; {believed(0)}")], 0
    for turn in range(1, schedule.turns + 1):
        before, place = place, place + len(schedule.months(turn))
        months = public.months[before:place]
        rows += [
            (str(turn), month(item.month, language), speech.news(item))
            for item in public.news
            if item.month in months
        ]
        # Where nobody moved, the long list would only be read once more.
        moved = f"{stand(place)}; " if stand(place) != stand(before) else ""
        rows.append((str(turn), month(months[-1], language), f"= {moved}{believed(place)}"))
    return Read(
        title=f"{speech.title} (seed {seed})",
        columns=((say_it("word.turn"), "right"), (say_it("word.month"), "left"), (say_it("word.news"), "wide")),
        rows=tuple(rows),
    )


def _tendency(scenario: Scenario, games: int, seed: int, show: Show) -> Tendency:
    from papertiger.wargame.engine.tendency import tendency

    return tendency(scenario, games, seed, progress=lambda done, total: show("games", done, total))


def _tendency_csv(tendencies: Tendency) -> str:
    from papertiger.scenarios.schema.values import POSTURES
    from papertiger.scenarios.tables import format_rows

    rungs = [f"{when}_{rung}" for when in ("before", "after") for rung in POSTURES]
    return format_rows(
        ("client", *rungs, "protection", "moved", "crises", "helped"),
        [
            (one.client, *one.before, *one.after, one.protection, one.moved, one.crises, one.helped)
            for one in tendencies.clients
        ],
    )


def _report(tendencies: Tendency, scenario: Scenario) -> None:
    """Print what tends to happen."""
    from papertiger.wargame.engine.tendency import HEADINGS, row_of, sentences

    assert scenario.game is not None  # it was played
    seeds = f"seeds {tendencies.seed} to {tendencies.seed + tendencies.games - 1}"
    table(
        f"{scenario.game.title.en}: {tendencies.games} games with nobody in any seat ({seeds})",
        [(heading, "right" if number else "left") for number, heading in enumerate(HEADINGS)],
        [row_of(one) for one in tendencies.clients],
    )
    for sentence in sentences(tendencies):
        say(sentence)


def _write_manifest(scenario: Scenario, seed: int, games: int, language: str, folder: ResultFolder) -> None:
    from papertiger.experiments.run.provenance import scenario_hash, version

    manifest: dict[str, Any] = {
        "papertiger": version(),
        "scenario": scenario.name,
        "title": scenario.title,
        "scenario_sha256": scenario_hash(scenario),
        "seed": seed,
        "games": games,
        "language": language,
        # By this a second rehearsal knows whether somebody went on playing here.
        "game_sha256": _sha256(folder.place(LOG)),
        "files": sorted(folder.files),
    }
    text = json.dumps(manifest, ensure_ascii=True, indent=2, allow_nan=False) + "\n"
    folder.place(MANIFEST).write_bytes(text.encode("ascii"))
