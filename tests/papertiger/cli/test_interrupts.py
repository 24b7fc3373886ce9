"""A Ctrl-C that a callback swallows is delivered again, and clean-up is never interrupted by it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the alarm that ends a failing program is POSIX's")

HEAD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.alarm(60)  # ends the program, and the test with it, if the signal is lost
from papertiger.cli.interrupts import INTERRUPTS as interrupts
interrupts.install()
NUMBER = getattr(signal, sys.argv[1])
def strike(*_):
    signal.raise_signal(NUMBER)
    for _ in range(100):
        pass
    return 0
"""
TAIL = """
try:
    swallow()
    print("swallowed", flush=True)
    while True:
        pass
except (KeyboardInterrupt, SystemExit) as left:
    interrupts.heard()
    print("left by", type(left).__name__)
"""
SWALLOWERS = {
    "finalizer": """
class Falls:
    def __del__(self):
        strike()
def swallow():
    Falls()
""",
    "weak reference": """
import weakref
class Thing:
    pass
def swallow():
    thing = Thing()
    reference = weakref.ref(thing, strike)
    del thing
""",
    "foreign callback": """
import ctypes
def swallow():
    ctypes.CFUNCTYPE(ctypes.c_int)(strike)()
""",
    "clause that catches all": """
def swallow():
    try:
        strike()
    except BaseException:
        pass
""",
}


def run(code: str, number: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, number], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("kind", SWALLOWERS)
def test_a_swallowed_signal_is_delivered_again(kind: str, number: str) -> None:
    done = run(HEAD + SWALLOWERS[kind] + TAIL, number)
    expected = "KeyboardInterrupt" if number == "SIGINT" else "SystemExit"
    assert done.stdout.split("\n")[:2] == ["swallowed", f"left by {expected}"]
    assert done.stderr == "", "nothing is said of an exception that was dropped and came again"


CLEANUP = """
import threading
from papertiger.cli.interrupts import PATIENCE
steps = []
try:
    try:
        strike()
    finally:
        # Longer than the thread waits, several times: without end if the clean-up were interrupted.
        threading.Event().wait(5 * PATIENCE)
        try:
            raise OSError("a fault of the clean-up itself")
        except OSError:
            threading.Event().wait(2 * PATIENCE)
        steps.append("cleaned up")
except (KeyboardInterrupt, SystemExit):
    steps.append("left")
    interrupts.heard()
print(steps)
"""


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_clean_up_is_not_interrupted(number: str) -> None:
    assert run(HEAD + CLEANUP, number).stdout == "['cleaned up', 'left']\n"
