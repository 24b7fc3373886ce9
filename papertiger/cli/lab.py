"""Run the command `lab`: write a page in which one moves a figure of a scenario and sees every run move."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.folder import safe_name, write_whole
from papertiger.cli.inputs import load
from papertiger.cli.progress import progress

PAGES = Path("results") / "lab"
DEFAULT = "partners_2020"


def lab_command(
    source: Annotated[
        str,
        typer.Argument(
            metavar="[SCENARIO | EXPERIMENT]",
            help="Name or path of a scenario, with its twins, or of an experiment, with its scenarios.",
            show_default=True,
        ),
    ] = DEFAULT,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help="File to write [results/lab/NAME.html].")
    ] = None,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Write the lab: one page that runs a scenario in any browser, offline, while its figures are moved.

    The page needs no installation and asks nothing of the network: send it, or put it on a stick.
    """
    target = out or PAGES / f"{safe_name(Path(source).stem)}.html"
    if target.suffix.lower() not in (".html", ".htm"):
        raise BadInput(f"--out {target}: expected a file that ends in .html")
    with progress(f"the page of {source}"):
        from papertiger.experiments.errors import ExperimentError
        from papertiger.experiments.lab.opening import (
            experiment_worlds,
            is_experiment,
            left_out,
            nearest_source,
            scenario_worlds,
        )
        from papertiger.experiments.lab.page import KernelMissingError, PageTooLargeError, lab_page
        from papertiger.experiments.lab.payload import NotInTheLabError

        try:
            if is_experiment(source):
                (names, opening), left = experiment_worlds(source), left_out(source)
            else:
                hint = nearest_source(source)
                if hint is not None:
                    raise BadInput(f"{source}: no scenario or experiment of this name (did you mean '{hint}'?)")
                names, opening, left = scenario_worlds(source, load(source)), {}, []
            page = lab_page(names, opening)
        except ExperimentError as error:
            raise BadInput(str(error)) from None
        except (PageTooLargeError, KernelMissingError, NotInTheLabError) as error:
            raise BadInput(f"{source}: {error}") from None
    if out is None:
        _make(target.parent)
    write_whole("--out", target, lambda partial: partial.write_text(page, encoding="utf-8"))
    from papertiger.experiments.phrases import counted

    size = f"{len(page.encode()) // 1000} kB, {counted(len(names), 'world')}"
    say(f"Written to {printable(str(target))} ({size}); it opens in any browser, offline.")
    if left:
        say(printable(f"The page leaves as shipped what it cannot change: {'; '.join(left)}."))
    say("The model is an argument, not evidence.")
    if browser:
        webbrowser.open(target.resolve().as_uri())


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"--out {folder}: cannot write there: {error.strerror}") from None
