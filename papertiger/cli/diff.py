"""Run the command `diff`: say what differs between two scenarios, with everything they inherit."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from papertiger.cli.console import document, printable, say, table
from papertiger.cli.inputs import load
from papertiger.cli.options import AsJson


def _in_brief(value: Any) -> str:  # noqa: PLR0911 - one line for each kind of value
    """Return a value as one line; of a whole event or figure what says most."""
    match value:
        case None:
            return "-"
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case dict() if "what" in value:
            return f"{value['date']}: {value['what']}" if "date" in value else str(value["what"])
        case dict() if "value" in value:
            return _in_brief(value["value"])
        case dict():
            return ", ".join(f"{key} {_in_brief(part)}" for key, part in value.items())
        case list():
            return ", ".join(_in_brief(part) for part in value)
        case _:
            return str(value)


def diff_command(
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario: a shipped name or a path.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The scenario to compare it with.")],
    as_json: AsJson = False,
) -> None:
    """Show what differs between two scenarios, with everything they inherit."""
    one, two = load(first), load(second)
    from papertiger import scenarios

    differences = scenarios.differences(one, two)
    if as_json:
        rows = [{"path": row.path, "a": row.left, "b": row.right} for row in differences]
        document({"a": one.name, "b": two.name, "differences": rows})
        return
    if not differences:
        say(printable(f"{one.name} and {two.name} describe the same world"))
        return
    count = f"{len(differences)} {'difference' if len(differences) == 1 else 'differences'}; - where there is nothing"
    cells = [[row.path, _in_brief(row.left), _in_brief(row.right)] for row in differences]
    table(
        f"{one.name} and {two.name}",
        [("key", "wide"), (one.name, "wide"), (two.name, "wide")],
        cells,
        caption=count,
    )
