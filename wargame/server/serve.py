"""Start: open a game's folder, find a place on the network, and serve until somebody stops it."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from papertiger.wargame.engine.worker import Worker
from papertiger.wargame.log.state import GameError
from papertiger.wargame.server.app import make_app
from papertiger.wargame.server.auth import Authenticator
from papertiger.wargame.server.state import ServerState
from papertiger.wargame.session import Session

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from papertiger.scenarios import Scenario
    from papertiger.wargame.engine.worker import Engine

LOG_NAME = "game.game"
HERE = "127.0.0.1"
PORTS_TRIED = 20


class StartError(RuntimeError):
    """A game that cannot be served; the text is for the person who started it."""


@dataclass(frozen=True)
class Options:
    """How a game is served.

    Attributes
    ----------
    lan
        Whether other machines may join.
    port
        The first port to try; 0 takes any.
    language
        Of the pages of whoever has not chosen.
    browser
        Whether to open the facilitator's page.
    """

    lan: bool = False
    port: int = 8000
    language: str = "en"
    browser: bool = True


def open_game(folder: Path, scenario: Callable[[], Scenario], engine: Engine, version: str = "") -> Session:
    """Go on with the game of a folder, or begin one there.

    Parameters
    ----------
    folder
        Of the game; made if it is missing.
    scenario
        Gives what is played, asked only for a new game.
    engine
        Computes the turns.
    version
        Of the program.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOG_NAME
    if path.is_file():
        return Session.open(path, engine=engine)
    # Made under another name, so that a kill meanwhile leaves no half game under its own.
    part = folder / "new.part"
    for leftover in folder.glob(f"{part.name}*"):
        leftover.unlink()
    Session.create(part, scenario(), engine=engine, version=version).close()
    part.rename(path)
    return Session.open(path, engine=engine)


def addresses() -> tuple[str, ...]:
    """Return this machine's addresses on its networks, the likely one first; nothing is sent to find them."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        # Connecting a datagram socket only asks the routing table; the address is one reserved for documents.
        probe.connect(("192.0.2.1", 9))
        found.append(str(probe.getsockname()[0]))
    with contextlib.suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return tuple(dict.fromkeys(one for one in found if not one.startswith("127.")))


def bind(lan: bool, port: int) -> socket.socket:
    """Return a bound socket: of this machine alone, unless others may join.

    Raises
    ------
    StartError
        If no port near the wanted one is free.
    """
    for tried in range(port, port + (PORTS_TRIED if port else 1)):
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":
            # After a crash the pages that are still open look for the game on its old port, which lingers.
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("0.0.0.0" if lan else HERE, tried))
            found.listen()
        except (OSError, OverflowError):
            found.close()
            continue
        return found
    raise StartError(f"no port from {port} to {port + PORTS_TRIED - 1} is free; give another one with --port")


def names_of(port: int, lan: bool, others: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the hosts that a request may name, and the origins of our own pages."""
    hosts = {f"{name}:{port}" for name in (HERE, "localhost", *(others if lan else ()))}
    if port == 80:
        hosts |= {host.removesuffix(":80") for host in hosts}
    return frozenset(hosts), frozenset(f"http://{host}" for host in hosts)


def serve(
    folder: Path,
    scenario: Callable[[], Scenario],
    options: Options,
    say: Callable[[str], None],
    version: str = "",
) -> None:
    """Serve a game until Ctrl-C.

    Parameters
    ----------
    folder, scenario, version
        As in `open_game`.
    options
        How.
    say
        Prints a line for the facilitator.

    Raises
    ------
    StartError
        If the game is being served already, or there is no port.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "serving.lock", timeout=0):
            _serve(folder, scenario, options, say, version)
    except Timeout:
        raise StartError(f"{folder}: this game is being served already") from None


def _serve(
    folder: Path, scenario: Callable[[], Scenario], options: Options, say: Callable[[str], None], version: str
) -> None:
    others = addresses() if options.lan else ()
    listening = bind(options.lan, options.port)
    engine = Worker()
    try:
        say("Preparing the game; the first time on a machine the model is compiled, which takes about a minute.")
        session = open_game(folder, scenario, engine, version)
        # Beside the pages: what a kill cut short is played while they open.
        threading.Thread(target=session.resolve_if_due, daemon=True).start()
        try:
            port = listening.getsockname()[1]
            hosts, origins = names_of(port, options.lan, others)
            state = ServerState(
                session,
                Authenticator(folder),
                language=options.language,
                address=f"http://{others[0] if others else HERE}:{port}",
                origins=origins,
            )
            link = f"http://{HERE}:{port}/enter?key={state.auth.key}"
            announce(state, link, options.lan, others, port, folder, say)
            if options.browser:
                opener = threading.Timer(0.8, webbrowser.open, (link,))
                opener.daemon = True
                opener.start()
            _run(make_app(state, hosts), listening)
        finally:
            session.close()
    except GameError as error:
        raise StartError(str(error)) from None
    finally:
        listening.close()
        engine.close()


def announce(
    state: ServerState,
    link: str,
    lan: bool,
    others: tuple[str, ...],
    port: int,
    folder: Path,
    say: Callable[[str], None],
) -> None:
    """Print where to go, and what everyone on the network could see."""
    import segno  # noqa: PLC0415 - slow to import for a line of help

    turn, turns = state.session.game.branch.turn, state.session.game.schedule.turns
    say(f"{state.session.game.game.title.text(state.language)}, turn {min(turn, turns)} of {turns}")
    say(f"Facilitator (keep it to yourself): {link}")
    say(f"Teams join at {state.address} with the code {state.auth.code}")
    if lan:
        say("WARNING: everyone on your networks can reach this game; what is sent is not encrypted.")
        for other in others:
            say(f"  http://{other}:{port}")
        # Most terminals are dark, so the light parts are the ones that are printed.
        code = segno.make(f"{state.address}/?code={state.auth.code}", error="l")
        say("\n".join("".join("  " if dark else "██" for dark in row) for row in code.matrix_iter(border=2)))
    else:
        say("Only this machine can reach it; start with --lan to let others join.")
    say(f"The game is kept in {folder}; start again to go on. Ctrl-C stops.")


def _run(app: ASGIApp, listening: socket.socket) -> None:
    import uvicorn  # noqa: PLC0415 - only whoever serves needs it

    from papertiger.wargame.server.timeouts import HeaderTimeoutProtocol  # noqa: PLC0415

    logging.getLogger("papertiger.server").setLevel(logging.INFO)
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,  # it would print addresses with their queries, so the facilitator's key
        server_header=False,
        date_header=False,
        proxy_headers=False,
        http=HeaderTimeoutProtocol,
        ws="websockets-sansio",
        ws_max_size=1024,
        ws_max_queue=4,
        limit_concurrency=800,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=16_384,
    )
    uvicorn.Server(config).run(sockets=[listening])
