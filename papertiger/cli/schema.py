"""The command `schema`: what a kind of file may hold, as a JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertiger.cli.console import BadInput, document, printable

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("scenario", "experiment", "calibration", "observed")


def _schemas() -> dict[str, Callable[[], dict[str, Any]]]:
    from papertiger import scenarios
    from papertiger.experiments.design.json_schema import json_schema as of_experiments
    from papertiger.experiments.history.calibrate.plan import Plan
    from papertiger.scenarios.observed.schema import Observed
    from papertiger.scenarios.schema.json_schema import file_schema

    return {
        "scenario": scenarios.json_schema,
        "experiment": of_experiments,
        "calibration": lambda: file_schema(Plan),
        "observed": lambda: file_schema(Observed, extends=True),
    }


def schema_command(
    what: Annotated[str, typer.Argument(metavar="WHAT", help=f"{', '.join(KINDS[:-1])} or {KINDS[-1]}.")],
) -> None:
    """Print the JSON Schema of a kind of file, for editors that check while one types."""
    from papertiger.scenarios.errors import nearest, shorten

    if what not in KINDS:
        near = nearest(what, KINDS)
        hint = "" if near is None else f" (did you mean '{near}'?)"
        raise BadInput(f"schema {printable(shorten(what))}: expected one of {', '.join(KINDS)}{hint}")
    document(_schemas()[what]())
