"""Run the command `panel`: build the panel of patrons and clients from the field's data sets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say
from papertiger.cli.options import AsJson, Excel
from papertiger.cli.scenario_files import write_text

if TYPE_CHECKING:
    from papertiger.scenarios.datasets.panel.build import Panel


def panel_command(
    folder: Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder of data files; see 'data'.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of tables.")] = Path("results/panel"),
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="DIR", help="Folder of a panel's tables; each difference is listed."),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", metavar="FILE", help="Who is a client [default: the shipped panel.yaml]."),
    ] = None,
    as_json: AsJson = False,
    _excel: Excel = None,
) -> None:
    """Build the panel of patrons and clients: dyads, dyad-years, postures and ended pledges, by written rules.

    Votes and shares of arms come from SIPRI's table, or from a panel's own dyad_years.csv and postures.csv in the
    folder. With --against, differences.csv lists each cell that differs, with the reason where it is known.
    """
    from papertiger.scenarios.datasets.panel import tables as own
    from papertiger.scenarios.datasets.panel.build import build_panel, read_tables, sources_of_panel
    from papertiger.scenarios.datasets.panel.compare import differences
    from papertiger.scenarios.datasets.panel.rules import load_rules
    from papertiger.scenarios.errors import ScenarioError
    from papertiger.scenarios.tables import format_frame

    for option, path in (("--data", folder), ("--against", against)):
        if path is not None and not path.is_dir():
            raise BadInput(f"{option} {path}: this is no folder")
    try:
        data_sets = read_tables(folder, sources_of_panel())
        panel = build_panel(data_sets, load_rules(rules), str(folder))
        wanted = {data_set.name: data_set for data_set in own.DATA_SETS}
        odd = None if against is None else differences(panel, read_tables(against, wanted))
    except ScenarioError as error:
        raise BadInput(str(error)) from None
    postures = [name for name in panel.rows.columns if name.startswith("posture")]
    files = {
        "dyads.csv": panel.dyads,
        "dyad_years.csv": panel.rows.drop(columns=[*postures, "ua3", "rival_arms", "line"], errors="ignore"),
        "postures.csv": panel.rows[["patron", "client", "year", "pledge", "arms_client", "ua3", "rival_arms",
                                    "arms_share5", *postures]],
        "endings.csv": panel.endings,
    }  # fmt: skip
    if odd is not None:
        files["differences.csv"] = odd
    for name, frame in files.items():
        write_text("--out", out / name, format_frame(frame))
    said = _counts(panel)
    if as_json:
        counts = {**said, "differences": None if odd is None else len(odd)}
        document({**counts, "notes": list(panel.notes), "files": [str(out / name) for name in files]})
        return
    for what, count in said.items():
        say(f"{count:>8,}  {what}")
    for note in panel.notes:
        say(printable(f"note: {note}"))
    if odd is not None:
        say(f"{len(odd):>8,}  differences, each in differences.csv")
        for (table, column, reason), rows in odd.groupby(["table", "column", "reason"], dropna=False):
            say(printable(f"{len(rows):>8,}    {table}, {column or 'rows'}: {reason or 'not explained'}"))
    say(printable(f"Tables in {out}"))


def _counts(panel: Panel) -> dict[str, int]:
    from papertiger.scenarios.datasets.panel.endings import broken
    from papertiger.scenarios.datasets.panel.postures import movements

    away, toward = movements(panel.rows, "As")
    return {
        "dyads": len(panel.dyads),
        "dyads with a pledge": int((panel.dyads["pledge_years"] > 0).sum()),
        "dyad-years": len(panel.rows),
        "dyad-years with a pledge": int(panel.rows["pledge"].sum()),
        "dyad-years of treaties that were dropped": len(panel.dropped),
        "changes away from the patron, rule As": away,
        "changes towards it, rule As": toward,
        "broken pledges": len(broken(panel.endings, panel.rules)),
    }
