"""Run the command `case`: write a scenario and its observed postures from the field's data sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say
from papertiger.cli.options import AsJson
from papertiger.cli.scenario_files import is_there, write_text

RULES = ("A", "As", "B", "Bs", "C", "Cs")


def case_command(
    patron: Annotated[str, typer.Option("--patron", metavar="STATE", help="Name, COW number or letters.")],
    first: Annotated[int, typer.Option("--from", metavar="YEAR", help="First year.")],
    last: Annotated[int, typer.Option("--to", metavar="YEAR", help="Last year, included.")],
    folder: Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder of data files; see 'data'.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.yaml", help="Scenario to write [default: LETTERS_FROM_TO.yaml]."),
    ] = None,
    rule: Annotated[
        str, typer.Option("--rule", metavar="RULE", help=f"How postures are coded: {', '.join(RULES)}.")
    ] = "As",
    rules: Annotated[
        Path | None,
        typer.Option(
            "--rules", metavar="FILE", help="Who is a patron and a client [default: the shipped panel.yaml]."
        ),
    ] = None,
    judgements: Annotated[
        Path | None,
        typer.Option(
            "--judgements", metavar="FILE", help="How data become figures [default: the shipped case.yaml]."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a scenario of any patron and years, and its observed postures, from data sets on disk.

    Each figure says its data set, version and row, or why it was judged so. Postures go to FILE_postures.yaml.
    """
    from papertiger.scenarios.datasets.case.material import gather
    from papertiger.scenarios.datasets.case.rules import load_judgements
    from papertiger.scenarios.datasets.case.write import write_case
    from papertiger.scenarios.datasets.panel.rules import load_rules
    from papertiger.scenarios.errors import ScenarioError, nearest

    if rule not in RULES:
        hint = nearest(rule, RULES)
        expected = f"--rule {printable(rule)}: expected one of {', '.join(RULES)}"
        raise BadInput(expected + (f" (did you mean '{hint}'?)" if hint else ""))
    if out is not None and out.suffix.lower() not in {".yaml", ".yml"}:
        raise BadInput(f"--out {out}: expected a name that ends in .yaml")
    try:
        material = gather(patron, first, last, folder, load_rules(rules), load_judgements(judgements), rule)
        target = out or Path(f"{material.patron.letters.lower()}_{first}_{last}.yaml")
        beside = target.with_name(f"{target.stem}_postures.yaml")
        for path in (target, beside):
            if is_there("--out", path):
                raise BadInput(f"{path}: this file is already there; choose another name or move it away")
        written = write_case(material, target.stem)
    except ScenarioError as error:
        raise BadInput(str(error)) from None
    write_text("--out", target, written.scenario)
    write_text("--out", beside, written.postures)
    if as_json:
        document(
            {
                "scenario": str(target),
                "postures": str(beside),
                "clients": written.clients,
                "events": written.events,
                "facts": written.facts,
                "sources": list(written.sources),
                "missing": list(written.missing),
            }
        )
        return
    say("Made of:")
    for one in written.sources:
        say(printable(f"  {one}"))
    say(printable(f"Written to {target}: {written.clients} clients, {written.events} events"))
    say(printable(f"and to {beside}: {written.facts} facts by rule {rule}"))
    say("What no data set gave:")
    for one in written.missing:
        say(printable(f"  {one}"))
    say(printable(f"Check them with: papertiger check {target} {beside}"))
