"""Deliver Ctrl-C, and the signals that end a process, until they have been heard.

A signal's handler raises in whatever Python code the main thread runs next. If that is a callback whose caller drops
exceptions (a finalizer, a weak reference's callback, a C library that clears the error), nothing stops: the person
pressed Ctrl-C and the work goes on. So a thread looks after each signal whether what it raised is still on its way
out of the main thread, and delivers the signal again if it is not.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ENDING = ("SIGTERM", "SIGHUP")
"""Signals that end a process, unwinding it first, so that what is half-written is removed, as with Ctrl-C."""
PATIENCE = 0.2
"""Seconds between two looks at the main thread."""


class Interrupts:
    """Deliver each signal that stops a command until `heard` is called."""

    def __init__(self) -> None:
        # Plain attributes and a pipe, no locks: a handler runs between any two instructions, also of `heard`.
        self._unheard: int | None = None
        self._reader, self._writer = os.pipe()
        self._installed = False

    def install(self) -> None:
        """Handle Ctrl-C and the ending signals from now on; a signal that somebody else handles stays theirs."""
        if self._installed or threading.current_thread() is not threading.main_thread():
            return
        self._installed = True
        for name, theirs in [("SIGINT", signal.default_int_handler), *((name, signal.SIG_DFL) for name in ENDING)]:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) == theirs:
                signal.signal(number, self._raise)
        threading.Thread(target=self._watch, name="interrupts", daemon=True).start()
        before = sys.unraisablehook

        def unraisable(dropped: Any) -> None:
            if self._unheard is None or not isinstance(dropped.exc_value, KeyboardInterrupt | SystemExit):
                before(dropped)

        sys.unraisablehook = unraisable

    def heard(self) -> None:
        """Say that what a signal raised has arrived: it is not delivered again."""
        self._unheard = None

    def _raise(self, number: int, _frame: FrameType | None) -> None:
        self._unheard = number
        os.write(self._writer, b"!")
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    def _watch(self) -> None:
        """Deliver each signal again until it is heard or on its way."""
        pause = threading.Event()
        while os.read(self._reader, 1):
            while self._unheard is not None:
                pause.wait(PATIENCE)
                number = self._unheard
                if number is not None and not is_leaving():
                    _thread.interrupt_main(signal.Signals(number))


INTERRUPTS = Interrupts()
"""Those of this process."""


@contextlib.contextmanager
def until_stopped() -> Iterator[None]:
    """Let what stands in the block end by Ctrl-C, and go on after it."""
    try:
        yield
    except KeyboardInterrupt:
        INTERRUPTS.heard()


def is_leaving() -> bool:
    """Tell whether the main thread is being left by an interrupt or an exit: one is being handled there.

    Clean-up runs in ``finally`` and ``except`` clauses and in the ends of ``with``, where the exception counts as
    being handled, perhaps beneath another one.
    """
    error: BaseException | None = sys._current_exceptions().get(_main_thread())
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            return True
        seen.add(id(error))
        error = error.__context__
    return False


def _main_thread() -> int:
    identity = threading.main_thread().ident
    assert identity is not None, "the main thread runs"
    return identity
