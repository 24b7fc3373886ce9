"""Define options and arguments that several commands share, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput
from papertiger.cli.inputs import import_code, use_dialect

ScenarioName = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or the path of a scenario file."),
]
CalibrationName = Annotated[
    str, typer.Argument(metavar="FILE", help="Path of a calibration file, or name of a shipped one.")
]
DrawsFolder = Annotated[
    Path | None,
    typer.Option("--posterior", metavar="DIR", help="Folder that 'calibrate' wrote [default: shipped draws]."),
]
Parent = Annotated[
    str, typer.Option("--from", metavar="PARENT", help="Scenario to start from: a shipped name or a path.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Light = Annotated[
    bool, typer.Option("--light", help="A report without what runs the experiment again in its reader's browser.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
Seed = Annotated[
    int, typer.Option("--seed", metavar="S", help="Seed of the draws: the same seed gives the same run.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one value of the scenario, such as forgetting=0.97 or war.after=ends. Repeatable.",
    ),
]


def _use_dialect(excel: str | None) -> None:
    """Let the command write its tables for a spreadsheet."""
    use_dialect(excel)


Excel = Annotated[
    str | None,
    typer.Option(
        "--excel",
        metavar="LANGUAGE",
        callback=_use_dialect,
        expose_value=False,
        help="Write tables for Excel of a language: de has semicolons and decimal commas.",
    ),
]


def _import_all(named: list[str] | None) -> None:
    """Import what is named before the command reads anything."""
    import_code(named or [])


Imports = Annotated[
    list[str] | None,
    typer.Option(
        "--import",
        metavar="FILE_OR_MODULE",
        callback=_import_all,
        expose_value=False,
        is_eager=True,
        help="Import rules and measures of your own: a Python file, or a module. It is executed. Repeatable.",
    ),
]
NOT_HERE = {
    "calibrate": "constants are learned for the shipped rules, whose chain of postures is exact; hold a theory of "
    "your own against them by an experiment (papertiger experiment FILE --import FILE.py)",
    "score": "what is scored are posteriors of the shipped rules; hold a theory of your own against them by an "
    "experiment (papertiger experiment FILE --import FILE.py)",
    "claims": "each claim is tried under the shipped rules, against a twin that differs in one thing; to try one "
    "under a theory of your own: papertiger compare A B --rules THEORY --import FILE.py",
    "forecast": "a forecast on record is one of the shipped rules and their posterior; for what a theory of your own "
    "says: papertiger run SCENARIO --rules THEORY --import FILE.py",
    "play": "a game is opened again from its log by whoever has the program, so that it is played by the shipped "
    "rules; constants of a scenario can be changed in its file",
}
"""Why some commands take no code of one's own."""


def _refuse_imports(context: typer.Context, named: list[str] | None) -> None:
    """Say why a command takes no code of one's own, and which one does."""
    if named:
        raise BadInput(f"--import {named[0]}: {NOT_HERE[str(context.info_name)]}")


NoImports = Annotated[
    list[str] | None,
    typer.Option(
        "--import",
        metavar="FILE_OR_MODULE",
        callback=_refuse_imports,
        expose_value=False,
        is_eager=True,
        hidden=True,
    ),
]
TheoryName = Annotated[
    str | None,
    typer.Option(
        "--rules", metavar="THEORY", help="Run under a theory of your own, by the name that it was registered under."
    ),
]
MAX_SEED = 2**63 - 1
