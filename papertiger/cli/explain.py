"""Run the command `explain`: say why a client believes what it believes, in words and as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertiger.cli.choice import explain_choice
from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.deferred import world_of_mesa
from papertiger.cli.folder import write_whole
from papertiger.cli.inputs import (
    check_month,
    check_range,
    client_of,
    load,
    months_between,
    parse_settings,
    stopping_at_rules,
    theory_of,
)
from papertiger.cli.options import MAX_SEED, AsJson, Imports, ScenarioName, Seed, Settings, TheoryName
from papertiger.cli.progress import progress
from papertiger.model.rules.ties import PATRON

if TYPE_CHECKING:
    from papertiger.experiments.ledger.parts import Part
    from papertiger.model.run import Run

MAX_ROWS = 15
MAX_RUNS = 1_000
IN_WORDS = 3
NOTE = (
    "A share also moves when others add evidence: each cause counts as a part of all the evidence the client "
    "holds, and what is old is slowly forgotten."
)
CHANNELS = {"own": "own", "witnessed": "witnessed", "war": "war", "succession": "regime"}


def explain_command(
    scenario: ScenarioName,
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client whose beliefs are to be explained.")],
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="MONTH", help="Explain the change since this month, YYYY-MM [prior]."),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="MONTH", help="Explain the change up to this month [last].")
    ] = None,
    seed: Seed = 1,
    settings: Settings = None,
    figure: Annotated[
        Path | None,
        typer.Option("--figure", metavar="FILE.png", help="Draw it, too: the ledger, or the choice."),
    ] = None,
    choice: Annotated[
        bool,
        typer.Option("--choice", help="Explain its posture: what spoke for each rung, and what would tip it."),
    ] = False,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="MONTH", help="With --choice: which month [that of the likeliest move]."),
    ] = None,
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", help="With --choice: over so many runs, how often it moved.")
    ] = 1,
    rules: TheoryName = None,
    as_json: AsJson = False,
    _imports: Imports = None,
) -> None:
    """Explain why a client believes what it believes, or why it stands where it stands (--choice)."""
    check_range("--seed", seed, 0, MAX_SEED, "a seed")
    check_range("--runs", runs, 1, MAX_RUNS, "a number of runs")
    theory = theory_of(rules)
    if choice:
        if start is not None or end is not None:
            raise BadInput("--choice looks at one month: give --month instead of --from and --to")
        with stopping_at_rules(), progress(f"explaining {scenario}", quiet=as_json) as show:
            world = load(scenario, parse_settings(settings or []))
            name = client_of(world, client)
            if month is not None:
                check_month("--month", month, world)
            simulate, own = world_of_mesa(), theory.rules if theory else None
            several = []
            for number in range(runs):
                show("runs", number, runs)
                several.append(simulate(world, seed, number, rules=own))
            explain_choice(several, name, month, as_json=as_json, figure=figure)
        return
    if month is not None or runs != 1:
        raise BadInput("--month and --runs go with --choice; without it give --from and --to")
    with stopping_at_rules(), progress(f"explaining {scenario}", quiet=as_json):
        world = load(scenario, parse_settings(settings or []))
        name = client_of(world, client)
        for option, end_of in (("--from", start), ("--to", end)):
            if end_of is not None:
                check_month(option, end_of, world)
        last = end or world.span.end
        if start is not None and start >= last:
            raise BadInput(f"--from {start}: expected a month before {last}, where the explanation ends")
        run = world_of_mesa()(
            world, seed, months=months_between(world.span.start, last), rules=theory.rules if theory else None
        )
        from papertiger.experiments.ledger.parts import parts

        causes = [part for part in parts(run, name, start, last) if part.moves]
        beliefs = _beliefs(run, name, start, last)
        if figure is not None:
            _draw(run, name, start, last, figure)
    if as_json:
        document(_machine_readable(run, name, seed, beliefs, causes))
    else:
        _in_words(run, name, seed, beliefs, causes)


def _beliefs(run: Run, client: str, start: str | None, end: str) -> dict[str, Any]:
    """Return where the client stood at both ends of the explanation."""
    columns, rows = run.rows("clients")
    row_by_month = {row[0]: dict(zip(columns, row, strict=True)) for row in rows if row[1] == client}
    names = ("protection", "capability", "resolve")
    after = {name: float(row_by_month[end][name]) for name in names}
    if start is None:
        shares = run.shares(client, end).values()
        before = {name: after[name] - sum(getattr(share, name) for share in shares) for name in names}
    else:
        before = {name: float(row_by_month[start][name]) for name in names}
    return {
        "start": start,
        "end": end,
        "before": before,
        "after": after,
        "posture": str(row_by_month[end]["posture_name"]),
        "ties": _ties(run, client, None if start is None else row_by_month[start], row_by_month[end]),
    }


def _ties(run: Run, client: str, before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return the patron's shares of a client's arms and economy at both ends of the explanation."""
    outlook = next(one.outlook for one in run.setting.clients if one.name == client)
    at_entry = {"arms_tie": outlook.arms_ties[PATRON], "economy_tie": outlook.economy_ties[PATRON]}
    first = at_entry if before is None else before
    return {
        kind: {"before": float(first[f"{kind}_tie"]), "after": float(after[f"{kind}_tie"])}
        for kind in ("arms", "economy")
    }


def _draw(run: Run, client: str, start: str | None, end: str, target: Path) -> None:
    from papertiger.experiments.figures import style, waterfall

    drawn = waterfall.of_client(run, client, start, end)
    write_whole("--figure", target, lambda partial: style.save(drawn, partial))


def _machine_readable(
    run: Run, client: str, seed: int, beliefs: dict[str, Any], causes: list[Part]
) -> dict[str, Any]:
    from papertiger.experiments.ledger.causes import describe
    from papertiger.model.run import BREAK_COLUMNS

    rows = []
    for part in causes:
        words = describe(run.scenario, part.cause)
        rows.append(
            {
                "cause": part.cause,
                "month": words.month or None,
                "text": words.text,
                "channel": part.channel,
                "by_capability": part.by_capability,
                "by_resolve": part.by_resolve,
                "protection": part.protection,
            }
        )
    return {
        "scenario": run.scenario.name,
        "client": client,
        "seed": seed,
        **beliefs,
        "breaks": [
            dict(zip(BREAK_COLUMNS, row, strict=True))
            for row in run.broken(client)
            if (beliefs["start"] is None or row[0] > beliefs["start"]) and row[0] <= beliefs["end"]
        ],
        "causes": rows,
        "note": NOTE,
    }


def _in_words(run: Run, client: str, seed: int, beliefs: dict[str, Any], causes: list[Part]) -> None:
    from papertiger.experiments.ledger.causes import describe
    from papertiger.experiments.phrases import counted
    from papertiger.experiments.report.explanation import (
        breaks_in_words,
        cause_in_words,
        heading,
        movement,
        ties_in_words,
    )

    say(printable(heading(run, client, seed, beliefs["end"])))
    say(printable(movement(run, client, beliefs)))
    say(printable(ties_in_words(run, client, beliefs)))
    for sentence in breaks_in_words(run, client, beliefs["start"], beliefs["end"]):
        say(printable(sentence))
    say()
    if not causes:
        say("No evidence reached it in this time.")
        return
    for part in causes[:IN_WORDS]:
        say(printable(f"- {cause_in_words(run, part, beliefs['start'])}"))
    rows = []
    for part in causes[:MAX_ROWS]:
        words = describe(run.scenario, part.cause)
        seen = CHANNELS.get(part.channel, part.channel)
        rows.append([words.month, words.text, seen, *_numbers(part.by_capability, part.by_resolve)])
    tail = causes[MAX_ROWS:]
    if tail:
        sums = sum(part.by_capability for part in tail), sum(part.by_resolve for part in tail)
        rows.append(["", f"other ({counted(len(tail), 'cause')})", "", *_numbers(*sums)])
    whole = sum(part.by_capability for part in causes), sum(part.by_resolve for part in causes)
    rows.append(["", "change in all", "", *_numbers(*whole)])
    columns = [
        ("month", "left"), ("cause", "wide"), ("seen", "left"), ("by capability", "right"),
        ("by resolve", "right"), ("protection", "right"),
    ]  # fmt: skip
    table(None, columns, rows)
    say(NOTE)
    say("The model is an argument, not evidence.")


def _numbers(by_capability: float, by_resolve: float) -> list[str]:
    return [f"{number:+.4f}" for number in (by_capability, by_resolve, by_capability + by_resolve)]
