"""Find the commands of the command line by name, each in a module of its own, loaded when it is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from papertiger.cli.console import (
    BadInput,
    answering,
    escaped,
    prepare_streams,
    say,
    show_warnings,
    silence_stdout,
    tell,
)
from papertiger.cli.inputs import use_dialect
from papertiger.cli.interrupts import INTERRUPTS
from papertiger.scenarios.reading import cache as parsed

COMMANDS = (
    "list", "check", "new", "diff", "compare", "events", "data", "panel", "case", "run", "experiment", "claims",
    "calibrate", "score", "learned", "validate", "ties", "study", "forecast", "audit", "explain", "report",
    "lab", "reference", "schema", "publish", "verify", "play", "rehearse", "kit", "balance",
)  # fmt: skip
"""The commands, as help lists them; NAME is the function ``NAME_command`` of ``papertiger/cli/NAME.py``."""
LIKE_THE_SHELL = {"help_option_names": ["-h", "--help"]}


@cache
def load_command(name: str) -> Any:
    """Return a command with its options, from the module that is named after it."""
    one = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=LIKE_THE_SHELL)
    one.command(name)(getattr(import_module(f"{__package__}.{name}"), f"{name}_command"))
    return typer.main.get_command(one)


class LazyCommands(MutableMapping[str, Any]):
    """Find the commands by name; one is imported when it is looked up."""

    def __init__(self, more: MutableMapping[str, Any]) -> None:
        self.more = more

    def __getitem__(self, name: str) -> Any:
        return load_command(name) if name in COMMANDS else self.more[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self.more[name] = command

    def __delitem__(self, name: str) -> None:
        del self.more[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*COMMANDS, *self.more))

    def __len__(self) -> int:
        return len(COMMANDS) + len(self.more)


class Commands(TyperGroup):
    """Run the commands, with one answer to bad input, to Ctrl-C and to a reader that has gone."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.commands = LazyCommands(self.commands)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the words apart; what is wrong with them is said without what a terminal would act on."""
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            _escape_message(error)
            raise

    def invoke(self, ctx: Any) -> Any:
        """Run a command and turn its failures into one clear line and an exit code."""
        try:
            return super().invoke(ctx)
        except BadInput as error:
            tell(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            INTERRUPTS.heard()
            tell("stopped by Ctrl-C; nothing half-written was left behind")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            silence_stdout()
            raise typer.Exit(1) from None
        except MemoryError:
            tell("there is not enough memory for this")
            raise typer.Exit(2) from None
        except Exception as error:
            if type(error).__name__ == "CompilerMissingError":  # its module imports NumPy, which help must not
                tell(str(error))
                raise typer.Exit(2) from None
            _escape_message(error)
            raise
        finally:
            # What --excel asks for is of one command; whoever calls two in one process asks twice.
            use_dialect(None)


def _escape_message(error: Exception) -> None:
    """Escape what Typer is about to say of words that it does not know."""
    message = getattr(error, "message", None)
    if isinstance(message, str):
        with suppress(AttributeError):  # where it cannot be set it is none of Typer's
            error.message = escaped(message)  # type: ignore[attr-defined]


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=LIKE_THE_SHELL,
    help=(
        "An agent-based laboratory about alliance defection: when does a client state stop believing in its "
        "patron, and what happens to the rest of the network when it does? "
        "The model is an argument, not evidence."
    ),
)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"papertiger {import_module('papertiger').__version__}")
        raise typer.Exit


@app.callback()
def _every_command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave."),
    ] = False,
) -> None:
    del version  # its callback has done all there is to do


def main() -> None:
    """Run the command line and leave with its exit code."""
    prepare_streams()
    show_warnings()
    INTERRUPTS.install()
    parsed.keep_everything()
    # What a command draws goes into files, whatever this names for windows or notebooks.
    os.environ["MPLBACKEND"] = "agg"
    code: Any = 0
    try:
        app(prog_name="papertiger")
    except SystemExit as left:
        INTERRUPTS.heard()
        code = left.code
    except BadInput as error:  # from an option that answers before any command
        tell(str(error))
        code = 2
    try:
        with answering():
            sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
        code = code or 1
    except BadInput as error:
        tell(str(error))
        code = code or 2
    sys.exit(code)
