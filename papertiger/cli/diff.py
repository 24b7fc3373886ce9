"""The command `diff`: what differs between two scenarios, with everything they inherit."""

from __future__ import annotations

from typing import Any

from papertiger.cli.console import document, printable, say, table
from papertiger.cli.inputs import load


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


def diff(name_one: str, name_two: str, as_json: bool) -> None:
    """Print the differences between two scenarios, as a table or for machines."""
    one, two = load(name_one), load(name_two)
    from papertiger import scenarios  # noqa: PLC0415 - slow to import

    found = scenarios.differences(one, two)
    if as_json:
        rows = [{"path": row.path, "a": row.left, "b": row.right} for row in found]
        document({"a": one.name, "b": two.name, "differences": rows})
        return
    if not found:
        say(printable(f"{one.name} and {two.name} describe the same world"))
        return
    count = f"{len(found)} {'difference' if len(found) == 1 else 'differences'}; - where there is nothing"
    cells = [[row.path, _in_brief(row.left), _in_brief(row.right)] for row in found]
    table(
        f"{one.name} and {two.name}",
        [("key", "wide"), (one.name, "wide"), (two.name, "wide")],
        cells,
        caption=count,
    )
