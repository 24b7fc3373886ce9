"""Run the command `play`: serve a scenario's war game to a class."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.folder import safe_name
from papertiger.cli.inputs import check_language, check_range, load_game
from papertiger.cli.interrupts import until_stopped
from papertiger.cli.options import Excel, NoImports, ScenarioName

GAMES = Path("results") / "games"
EXPORTED = ".json"


def _print_lessons(wanted: bool) -> None:
    if wanted:
        from papertiger.cli.lessons import list_lessons

        list_lessons()
        raise typer.Exit


def play_command(
    scenario: ScenarioName,
    _listed: Annotated[
        bool,
        typer.Option(
            "--list",
            callback=_print_lessons,
            is_eager=True,
            help="List the lessons: how long, how many seats, which question; and leave.",
        ),
    ] = False,
    lan: Annotated[
        bool, typer.Option("--lan", help="Let other machines on your networks join; nothing sent is encrypted.")
    ] = False,
    port: Annotated[int, typer.Option("--port", metavar="N", help="First port to try; 0 takes any.")] = 8000,
    language: Annotated[str, typer.Option("--language", metavar="de|en", help="Language of the pages.")] = "en",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the facilitator's page.")] = True,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Of the game, under results/games; the scenario's if blank.")
    ] = "",
    new: Annotated[bool, typer.Option("--new", help="Begin a new game beside those of the same name.")] = False,
    address: Annotated[
        str,
        typer.Option("--address", metavar="HOST[:PORT]", help="What the wall shows, if it is not of this machine."),
    ] = "",
    groups: Annotated[
        int,
        typer.Option("--groups", metavar="N", help="Parallel games, up to 12: each group plays the same world."),
    ] = 0,
    _excel: Excel = None,
    _imports: NoImports = None,
) -> None:
    """Let a class play a scenario from its own browsers; a game that was begun goes on where it was.

    In place of a scenario, the file of a game that was exported is taken in and played on.

    With --groups, several groups play the same world with the same luck from one page: all join with one code, and
    choose or form a group. A class that was begun goes on without --groups.
    """
    check_range("--port", port, 0, 65_535, "a port")
    check_language(language)
    check_range("--groups", groups, 0, 12, "a number of groups, 0 for a single game")
    if address:
        _check_address(address, lan)
    from papertiger import __version__
    from papertiger.wargame.folder import LOG_NAME
    from papertiger.wargame.log.state import GameError
    from papertiger.wargame.log.store import StoreError
    from papertiger.wargame.parallel import FILE as CLASS_FILE
    from papertiger.wargame.private import make_folder
    from papertiger.wargame.server.auth import AuthError
    from papertiger.wargame.server.serve import Options, StartError, serve

    if groups and exported_game(scenario):
        raise BadInput("--groups: a game that was exported is one group's; play it on without --groups")
    folder = GAMES / safe_name(name or Path(scenario).stem)
    exported = Path(scenario) if exported_game(scenario) else None
    if new or exported is not None:
        first, number = folder, 2
        while folder.exists():
            folder = first.with_name(f"{first.name}-{number}")
            number += 1

    def tell(line: str) -> None:
        say(line)
        sys.stdout.flush()  # whoever reads through a pipe waits for the address

    options = Options(lan=lan, port=port, language=language, browser=browser, address=address, groups=groups)
    try:
        if exported is not None:
            _take_in(exported, folder)
        elif not ((folder / LOG_NAME).is_file() or (folder / CLASS_FILE).is_file()):
            load_game(scenario)
        make_folder(GAMES)
        with until_stopped():
            serve(folder, lambda: load_game(scenario), options, tell, __version__)
    except (StartError, StoreError, GameError, AuthError) as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror or error}") from None


def exported_game(scenario: str) -> bool:
    """Tell whether what is to be played is the file of a game that was exported."""
    return scenario.endswith(EXPORTED)


def _check_address(address: str, lan: bool) -> None:
    from papertiger.wargame.server.network import check_given

    wrong = check_given(address) or ("" if lan else "nobody else reaches this machine without --lan")
    if wrong:
        raise BadInput(f"--address {printable(address)}: {wrong}")


def _take_in(file: Path, folder: Path) -> None:
    """Check an exported game and put it into a folder of its own."""
    from papertiger.wargame.archive import MAX_BYTES, ExchangeError, take_in
    from papertiger.wargame.engine.worker import Worker
    from papertiger.wargame.folder import LOG_NAME
    from papertiger.wargame.rules import seats
    from papertiger.wargame.session import Session

    if not file.is_file():
        raise BadInput(f"{file}: there is no such file; expected a scenario, or a game that was exported")
    with file.open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)
    engine = Worker(warm=False)
    try:
        path = take_in(data, folder, engine=engine, ids=lambda: Path(LOG_NAME).stem)
        game = Session.open(path, engine=engine)
        differing = game.verify()
        for seat in list(game.game.holders):
            game.release(seats.parse(seat))  # nobody here has a cookie for it
        game.close()
    except ExchangeError as error:
        raise BadInput(f"{file}: {error}") from None
    finally:
        engine.close()
    say(f"The game of {file} is now in {folder}; to go on with it another time: papertiger play {folder.name}")
    for line in differing:
        say(f"Note: {line}")
