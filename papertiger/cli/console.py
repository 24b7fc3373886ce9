"""Print what commands say: plain errors, tables that survive any encoding, and machine-readable documents."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import unicodedata
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console

PIPE_WIDTH = 160
"""Columns where nobody tells how wide the output is."""


class BadInput(Exception):  # noqa: N818 - it names whose mistake it is
    """Refuse what the person asked for and cannot be done; the text says what, on one line for each problem."""


def prepare_streams() -> None:
    """Let text that the terminal's encoding lacks be replaced, and a stream that is closed be written nowhere."""
    for name in ("stdout", "stderr"):
        stream: Any = getattr(sys, name)
        if stream is None:
            stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open to the end
            setattr(sys, name, stream)
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def show_warnings() -> None:
    """Print warnings, and what the log says of files, from now on as lines for people, not as lines of code."""

    def show(message: Warning | str, *_: object, **__: object) -> None:
        tell(f"note: {printable(str(message))}")

    warnings.showwarning = show
    log = logging.getLogger("papertiger")
    if not any(isinstance(handler, _NoteHandler) for handler in log.handlers):
        log.addHandler(_NoteHandler(logging.WARNING))


class _NoteHandler(logging.Handler):
    """Print what Papertiger logs as notes on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one message."""
        tell(f"note: {printable(record.getMessage())}")


def silence_stdout() -> None:
    """Send what is still to be written nowhere, after the reader of a pipe has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # a stream without a file, as in tests
        pass
    finally:
        os.close(nowhere)


def tell(text: str) -> None:
    """Print lines for people to standard error, untouched by any markup."""
    with contextlib.suppress(OSError, ValueError):  # where nobody can be told, the exit code still says it
        sys.stderr.write(escaped(text) + "\n")


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """Turn a standard output that takes no more into bad input; a reader that has gone is not the user's mistake."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_stdout()
        raise BadInput(f"standard output: cannot write there: {error.strerror}") from None


def say(text: str = "") -> None:
    """Print lines of the answer to standard output, untouched by any markup."""
    with answering():
        sys.stdout.write(escaped(text) + "\n")


def document(content: Any) -> None:
    """Print one JSON document, in ASCII so that any terminal and any reader takes it."""
    say(json.dumps(content, ensure_ascii=True, indent=2, allow_nan=False))


def is_terminal(*, error: bool = False) -> bool:
    """Tell whether somebody looks at a terminal, and not a file or a pipe."""
    stream = sys.stderr if error else sys.stdout
    try:
        return stream.isatty()
    except ValueError:  # a stream that was closed
        return False


def console(*, error: bool = False) -> Console:
    """Return a terminal to print tables to, wide where the output is not a terminal."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def escaped(text: str) -> str:
    r"""Return lines without anything that a terminal would act on: every line that is printed goes through here.

    Whoever wrote a file chose its names, keys and titles. Control characters, escape sequences, and marks that turn
    the direction of writing are shown as ``\x1b``; every kind of space is a plain one.

    Parameters
    ----------
    text
        Lines, whoever wrote them.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(char if char == "\n" or char.isprintable() else _harmless(char) for char in text)


def _harmless(char: str) -> str:
    if char == "\t" or unicodedata.category(char) == "Zs":
        return " "
    return char.encode("unicode_escape").decode("ascii")


def printable(text: str) -> str:
    """Return text of a file on one line, without anything that a terminal would act on."""
    return escaped(" ".join(text.split()))


def table(
    title: str | None,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[str]],
    *,
    caption: str | None = None,
) -> None:
    """Print a table.

    Parameters
    ----------
    title
        A line above it.
    columns
        The heading of each column and how it stands: ``left``, ``right``, or ``wide`` for text that takes the
        room that is left.
    rows
        The cells, as plain text.
    caption
        A line below it.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    view = Table(
        title=None if title is None else Text(printable(title), style="bold"),
        caption=None if caption is None else Text(printable(caption)),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for heading, stand in columns:
        if stand == "wide":
            view.add_column(Text(printable(heading)), overflow="fold", ratio=1)
        else:
            view.add_column(Text(printable(heading)), justify="right" if stand == "right" else "left", no_wrap=True)
    for row in rows:
        view.add_row(*(Text(printable(cell)) for cell in row))
    with answering():
        console().print(view)


def table_of(
    title: str,
    columns: Sequence[tuple[str, str, str]],
    records: Iterable[Mapping[str, object]],
    *,
    caption: str | None = None,
) -> None:
    """Print records as a table.

    Parameters
    ----------
    title, caption
        The lines above and below it.
    columns
        Of each column its heading, how it stands (see `table`), and what a record writes there, such as
        ``{mean:.2f} ± {sd:.2f}``.
    records
        A row each, by name.
    """
    cells = [[pattern.format_map(record) for _, _, pattern in columns] for record in records]
    table(title, [(heading, stand) for heading, stand, _ in columns], cells, caption=caption)
