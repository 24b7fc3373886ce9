"""The command `play`: serve a scenario's war game to a class."""

from __future__ import annotations

import sys
from pathlib import Path

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.folder import safe_name
from papertiger.cli.inputs import check_language, check_range, load_game
from papertiger.cli.interrupts import until_stopped

GAMES = Path("results") / "games"
EXPORTED = ".json"


def play(
    scenario: str, *, lan: bool, port: int, language: str, browser: bool, name: str, new: bool, address: str = ""
) -> None:
    """Serve a game until Ctrl-C, going on with the one of that name where there is one.

    Parameters
    ----------
    scenario
        Name or path of a scenario, or the path of a game that was exported, which is taken in as a new one.
    lan, port, language, browser
        How it is served.
    name
        Of the folder; blank takes the scenario's.
    address
        What the wall shows and a request may name, besides this machine's own addresses.
    new
        Begin another game beside one of that name.
    """
    check_range("--port", port, 0, 65_535, "a port")
    check_language(language)
    if address:
        _check_address(address, lan)
    from papertiger import __version__  # noqa: PLC0415 - looked up only when asked for
    from papertiger.wargame.log.state import GameError  # noqa: PLC0415 - slow to import
    from papertiger.wargame.log.store import StoreError  # noqa: PLC0415
    from papertiger.wargame.private import make_folder  # noqa: PLC0415
    from papertiger.wargame.server.auth import AuthError  # noqa: PLC0415
    from papertiger.wargame.server.serve import LOG_NAME, Options, StartError, serve  # noqa: PLC0415

    folder = GAMES / safe_name(name or Path(scenario).stem)
    exported = Path(scenario) if scenario.endswith(EXPORTED) else None
    if new or exported is not None:
        first, number = folder, 2
        while folder.exists():
            folder = first.with_name(f"{first.name}-{number}")
            number += 1

    def tell(line: str) -> None:
        say(line)
        sys.stdout.flush()  # whoever reads through a pipe waits for the address

    options = Options(lan=lan, port=port, language=language, browser=browser, address=address)
    try:
        if exported is not None:
            _take_in(exported, folder)
        elif not (folder / LOG_NAME).is_file():
            load_game(scenario)
        make_folder(GAMES)
        with until_stopped():
            serve(folder, lambda: load_game(scenario), options, tell, __version__)
    except (StartError, StoreError, GameError, AuthError) as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror or error}") from None


def _check_address(address: str, lan: bool) -> None:
    from papertiger.wargame.server.network import check_given  # noqa: PLC0415 - slow to import

    wrong = check_given(address) or ("" if lan else "nobody else reaches this machine without --lan")
    if wrong:
        raise BadInput(f"--address {printable(address)}: {wrong}")


def _take_in(file: Path, folder: Path) -> None:
    """Check an exported game and put it into a folder of its own."""
    from papertiger.wargame.archive import MAX_BYTES, ExchangeError, take_in  # noqa: PLC0415
    from papertiger.wargame.engine.worker import Worker  # noqa: PLC0415
    from papertiger.wargame.rules import seats  # noqa: PLC0415 - slow to import
    from papertiger.wargame.server.serve import LOG_NAME  # noqa: PLC0415
    from papertiger.wargame.session import Session  # noqa: PLC0415

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
