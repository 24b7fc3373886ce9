"""Run the command `schema`: print what a kind of file may hold, as a JSON Schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from papertiger.cli.console import BadInput, document, printable


def _scenario() -> dict[str, Any]:
    from papertiger import scenarios

    return scenarios.json_schema()


def _experiment() -> dict[str, Any]:
    from papertiger.experiments.design.json_schema import json_schema

    return json_schema()


def _calibration() -> dict[str, Any]:
    from papertiger.experiments.history.calibrate.plan import Plan
    from papertiger.scenarios.schema.json_schema import file_schema

    return file_schema(Plan)


def _observed() -> dict[str, Any]:
    from papertiger.scenarios.observed.schema import Observed
    from papertiger.scenarios.schema.json_schema import file_schema

    return file_schema(Observed, extends=True)


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "scenario": _scenario,
    "experiment": _experiment,
    "calibration": _calibration,
    "observed": _observed,
}
KINDS = tuple(SCHEMAS)


def schema_command(
    what: Annotated[str, typer.Argument(metavar="WHAT", help=f"{', '.join(KINDS[:-1])} or {KINDS[-1]}.")],
) -> None:
    """Print the JSON Schema of a kind of file, for editors that check while one types."""
    from papertiger.scenarios.errors import nearest, shorten

    if what not in KINDS:
        near = nearest(what, KINDS)
        hint = "" if near is None else f" (did you mean '{near}'?)"
        raise BadInput(f"schema {printable(shorten(what))}: expected one of {', '.join(KINDS)}{hint}")
    document(SCHEMAS[what]())
