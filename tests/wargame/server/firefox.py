"""Debian's Firefox, driven over its own WebDriver BiDi: no other program is needed for it."""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

FIREFOX = shutil.which("firefox-esr") or ""
needs_firefox = pytest.mark.skipif(not FIREFOX, reason="there is no firefox-esr here")
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PATIENCE = 30.0
TAB = "\ue004"


class Firefox:
    """One window.

    Attributes
    ----------
    complaints
        Errors of its console.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.numbers = socket, itertools.count(1)
        self.complaints: list[str] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> Any:
        """Return the result of a command; what the console says meanwhile is kept."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self.socket.recv(timeout=PATIENCE))
            if said.get("method") == "log.entryAdded" and said["params"]["level"] == "error":
                self.complaints.append(str(said["params"]["text"]))
            if said.get("id") == number:
                assert said["type"] == "success", said
                return said["result"]

    def visit(self, url: str) -> None:
        """Open an address, also while the page loads itself anew, which cuts ours short; asked again it is there."""
        for patience in range(5, 0, -1):
            try:
                self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")
            except AssertionError as error:
                if "NS_BINDING_ABORTED" not in str(error) or patience == 1:
                    raise
            else:
                return

    def size(self, width: int, height: int) -> None:
        self.call("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})

    def run(self, expression: str) -> Any:
        """Return what a script comes to: a text, a number or a truth."""
        said = self.call(
            "script.evaluate",
            expression=expression,
            target={"context": self.context},
            awaitPromise=True,
        )
        assert said["type"] == "success", said
        return said["result"].get("value")

    def wait(self, condition: str) -> None:
        """Wait until a whole page says that something holds; one that is replaced meanwhile is asked anew."""
        waiting = f"""new Promise((done) => {{
            const look = () => {{
                if (document.readyState === "complete" && ({condition})) done(true); else setTimeout(look, 50);
            }};
            look();
            setTimeout(() => done(false), 15000);
        }})"""
        for patience in (3, 2, 1):
            try:
                held = self.run(waiting)
            except AssertionError:  # the page went away while it was asked
                if patience == 1:
                    raise
            else:
                assert held, condition
                return

    def click(self, selector: str) -> None:
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def type(self, selector: str, text: str) -> None:
        """Type with the keyboard."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.keys(text)

    def keys(self, text: str) -> None:
        actions = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        sources = [{"type": "key", "id": "keyboard", "actions": actions}]
        self.call("input.performActions", context=self.context, actions=sources)

    def picture(self, path: Path) -> None:
        said = self.call("browsingContext.captureScreenshot", context=self.context, origin="document")
        path.write_bytes(base64.b64decode(said["data"]))


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Start a window with a profile of its own, and let it go."""
    profile = folder / "profile"
    profile.mkdir()
    process = subprocess.Popen(
        [FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={"HOME": str(folder), "MOZ_HEADLESS": "1", "PATH": "/usr/bin:/bin"},
    )
    try:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if LISTENS.search(line):
                break
        found = LISTENS.search(said)
        assert found is not None, said
        with connect(f"{found.group(1)}/session", max_size=50_000_000) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        process.communicate()
