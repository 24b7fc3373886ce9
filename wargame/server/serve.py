"""Serve a game: open its folder, find a place on the network, and go on until somebody stops it."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from papertiger.wargame.engine.worker import Worker
from papertiger.wargame.folder import LOG_NAME, open_game
from papertiger.wargame.log.state import GameError
from papertiger.wargame.parallel import FILE as CLASS_FILE
from papertiger.wargame.parallel import ParallelError, ParallelGames
from papertiger.wargame.private import make_file, make_folder, owner_only, tighten, write_file
from papertiger.wargame.server.app import make_app
from papertiger.wargame.server.auth import Authenticator
from papertiger.wargame.server.connections import Capacity, Connections, capacity, raise_descriptor_limit
from papertiger.wargame.server.middleware import MAX_HEADERS
from papertiger.wargame.server.network import HERE, Places
from papertiger.wargame.server.parallel.app import make_class_app
from papertiger.wargame.server.parallel.state import ClassState
from papertiger.wargame.server.state import ServerState

if TYPE_CHECKING:
    import uvicorn

    from papertiger.scenarios import Scenario
    from papertiger.wargame.engine.worker import Engine
    from papertiger.wargame.session import Session

OPEN_NAME = "open.html"
PORTS_TRIED = 20
LOOK_EVERY = 5.0
LOG_BYTES = 1_000_000


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
    address
        What the wall shows and a request may name, besides this machine's own addresses.
    groups
        How many parallel games a new class has; 0 for a single game, or for a class that was begun.
    """

    lan: bool = False
    port: int = 8000
    language: str = "en"
    browser: bool = True
    address: str = ""
    groups: int = 0


def bind(lan: bool, port: int) -> list[socket.socket]:
    """Return bound sockets, of IPv4 and, where there is one, of IPv6: of this machine alone, unless others may join.

    Raises
    ------
    StartError
        If no port near the wanted one is free.
    """
    for tried in range(port, port + (PORTS_TRIED if port else 1)):
        sockets: list[socket.socket] = []
        try:
            sockets.append(_listen(socket.AF_INET, "0.0.0.0" if lan else HERE, tried))  # nosec B104 - only with --lan
            if socket.has_ipv6:
                with contextlib.suppress(_NoFamilyError):
                    sockets.append(_listen(socket.AF_INET6, "::" if lan else "::1", sockets[0].getsockname()[1]))
        except (OSError, OverflowError):
            for one in sockets:
                one.close()
            continue
        return sockets
    raise StartError(f"no port from {port} to {port + PORTS_TRIED - 1} is free; give another one with --port")


class _NoFamilyError(Exception):
    """A machine without addresses of a family."""


def _listen(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        if family == socket.AF_INET:
            raise
        raise _NoFamilyError from None
    try:
        if os.name == "posix":
            # After a crash the pages that are still open look for the game on its old port, which lingers.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # Of IPv6 alone, so that each connection's own address is the one that its browser named.
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen()
    except BaseException as error:
        listener.close()
        if family == socket.AF_INET6 and isinstance(error, OSError) and error.errno != errno.EADDRINUSE:
            raise _NoFamilyError from None
        raise
    return listener


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
    make_folder(folder)
    if not tighten(folder):
        say(f"WARNING: others on this machine may read {folder}, where the game is kept with all its secrets.")
    try:
        with owner_only(), FileLock(folder / "serving.lock", timeout=0, mode=0o600):
            _serve(folder, scenario, options, say, version)
    except Timeout:
        raise StartError(f"{folder}: this game is being served already") from None


def _serve(
    folder: Path, scenario: Callable[[], Scenario], options: Options, say: Callable[[str], None], version: str
) -> None:
    room_for = capacity(raise_descriptor_limit())
    listening = bind(options.lan, options.port)
    engine = Worker()
    stopped = threading.Event()
    opened = folder / OPEN_NAME
    try:
        say("Preparing the game.")
        games = open_games(folder, scenario, engine, options.groups, version)
        try:
            port = listening[0].getsockname()[1]
            auth = Authenticator(folder)
            given: dict[str, Any] = {
                "language": options.language,
                "places": Places(port, lan=options.lan, given=options.address, chosen=auth.shown),
                "connections": Connections(room_for.connections),
            }
            state = (
                ClassState(games.groups[0].session, auth, games=games, **given)
                if isinstance(games, ParallelGames)
                else ServerState(games, auth, **given)
            )
            # Beside the pages: what a kill cut short is played while they open.
            threading.Thread(target=state.resume, daemon=True).start()
            link = f"http://{HERE}:{port}/enter?key={auth.key}"
            announce(state, link, folder, say)
            if options.browser:
                open_browser(link, opened)
            if options.lan:
                threading.Thread(target=watch_addresses, args=(state, stopped), daemon=True).start()
            with quiet_logs(folder / "server.log", say):
                make_server(state, room_for).run(sockets=listening)
        finally:
            games.close()
    except (GameError, ParallelError) as error:
        raise StartError(str(error)) from None
    finally:
        stopped.set()
        opened.unlink(missing_ok=True)
        for one in listening:
            one.close()
        engine.close()


def open_games(
    folder: Path, scenario: Callable[[], Scenario], engine: Engine, groups: int = 0, version: str = ""
) -> Session | ParallelGames:
    """Go on with the game or the class of a folder, or begin one there; see `Options` for the groups.

    Raises
    ------
    StartError
        If a single game was begun there, and a class is asked for.
    """
    if groups and (folder / LOG_NAME).is_file():
        raise StartError(f"{folder}: this is a single game; begin a class beside it with --new or --name")
    if groups or (folder / CLASS_FILE).is_file():
        return ParallelGames(folder, scenario, engine, groups=groups, version=version)
    return open_game(folder, scenario, engine, version)


def open_browser(link: str, page: Path) -> None:
    """Open the facilitator's page, unless the only browser here is one for the terminal.

    The browser is given a file that only the owner can read and not the link: everybody on a machine can read what
    its programs were called with, and the link holds the key.
    """
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if isinstance(browser, webbrowser.GenericBrowser) and not isinstance(browser, webbrowser.BackgroundBrowser):
        return  # it would take the terminal, and not give it back
    refresh = f'<meta http-equiv="refresh" content="0;url={link}">'
    write_file(page, f'<!doctype html>{refresh}<a href="{link}">Papertiger</a>\n')
    opener = threading.Timer(0.8, browser.open, (page.resolve().as_uri(),))
    opener.daemon = True
    opener.start()


def watch_addresses(state: ServerState, stopped: threading.Event) -> None:
    """Look anew for this machine's addresses while a game is served, and tell the wall of a change."""
    known = state.places.edition
    while not stopped.wait(LOOK_EVERY):
        _ = state.places.host
        if state.places.edition != known:
            known = state.places.edition
            state.hub.tell_all()


def announce(state: ServerState, link: str, folder: Path, say: Callable[[str], None]) -> None:
    """Print where to go, and what everyone on the network could see."""
    import segno  # noqa: PLC0415 - slow to import for a line of help

    turn, turns = state.session.game.branch.turn, state.session.game.schedule.turns
    say(f"{state.session.game.game.title.text(state.language)}, turn {min(turn, turns)} of {turns}")
    if isinstance(state, ClassState):
        say(f"Up to {len(state.groups)} groups play this world side by side, with the same luck.")
    say(f"Facilitator (keep it to yourself): {link}")
    say(f"Teams join at {state.address} with the code {state.auth.code}")
    if not state.places.lan:
        say("Only this machine can reach it; start with --lan to let others join.")
    else:
        say("WARNING: everyone on your networks can reach this game; what is sent is not encrypted.")
        for host, name in state.places.hosts():
            say(f"  http://{host}" + (f"  ({name})" if name else ""))
        if state.places.is_reachable:
            say("If this is not the network of your class, choose another address on the facilitator's page.")
            # Most terminals are dark, so the light parts are the ones that are printed.
            code = segno.make(f"{state.address}/?code={state.auth.code}", error="l")
            say("\n".join("".join("  " if dark else "██" for dark in row) for row in code.matrix_iter(border=2)))
        else:
            say("This machine is on no network yet: join one, or open a hotspot; the wall then shows the address.")
    say(f"The game is kept in {folder}; start again to go on. Ctrl-C stops.")


@contextlib.contextmanager
def quiet_logs(path: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Keep what goes wrong in a file of the game's folder, and say in the terminal only that something did."""
    if not path.exists():
        make_file(path)
    file = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    file.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    line = _OneLine(path, say)
    loggers = [logging.getLogger(name) for name in ("papertiger.server", "uvicorn", "asyncio", "websockets")]
    before = [(one.level, one.propagate, one.handlers[:]) for one in loggers]
    for one in loggers:
        one.handlers[:] = [file, line]
        one.propagate = False
        one.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for one, (level, propagate, handlers) in zip(loggers, before, strict=True):
            one.setLevel(level)
            one.propagate, one.handlers[:] = propagate, handlers
        file.close()


class _OneLine(logging.Handler):
    """Says that something failed, and where it is written down; not again within a minute."""

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self.path, self.say, self.until = path, say, float("-inf")

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - logging names it
        """Say it."""
        if time.monotonic() >= self.until:
            self.until = time.monotonic() + 60.0
            self.say(f"Something failed on a page; the game goes on. It is written down in {self.path}.")


def make_server(state: ServerState, room_for: Capacity) -> uvicorn.Server:
    """Return what serves the pages of a game, with all of its limits."""
    import uvicorn  # noqa: PLC0415 - only whoever serves needs it

    from papertiger.wargame.server.timeouts import HeaderTimeoutProtocol, Socket  # noqa: PLC0415

    config = uvicorn.Config(
        make_class_app(state) if isinstance(state, ClassState) else make_app(state),
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,  # it would print addresses with their queries, so the facilitator's key
        server_header=False,
        date_header=False,
        proxy_headers=False,
        http=partial(HeaderTimeoutProtocol, connections=state.connections),  # type: ignore[arg-type]
        ws=partial(Socket, connections=state.connections),  # type: ignore[arg-type]
        ws_max_size=1024,
        ws_per_message_deflate=False,  # two numbers need none, and each socket would hold its buffers
        backlog=room_for.backlog,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=MAX_HEADERS,
    )
    return uvicorn.Server(config)
