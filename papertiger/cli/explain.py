"""The command `explain`: why a client believes what it believes, in words and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.folder import write_whole
from papertiger.cli.inputs import check_month, check_range, client_of, load, months_between, parse_settings
from papertiger.cli.run import MOST_SEED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from papertiger.experiments.report.ledger import Part
    from papertiger.model.run import Run

MOST_ROWS = 15
IN_WORDS = 3
NOTE = (
    "A share also moves when others add evidence: each cause counts as a part of all the evidence the client "
    "holds, and what is old is slowly forgotten."
)
CHANNELS = {"own": "own", "witnessed": "witnessed", "war": "war", "succession": "regime"}


def explain(
    scenario_name: str,
    client_name: str,
    start: str | None,
    end: str | None,
    seed: int,
    settings: Sequence[str],
    figure: Path | None,
    as_json: bool,
) -> None:
    """Run the scenario once and print the ledger of one client."""
    check_range("--seed", seed, 0, MOST_SEED, "a seed")
    scenario = load(scenario_name, parse_settings(settings))
    client = client_of(scenario, client_name)
    for option, month in (("--from", start), ("--to", end)):
        if month is not None:
            check_month(option, month, scenario)
    last = end or scenario.span.end
    if start is not None and start >= last:
        raise BadInput(f"--from {start}: expected a month before {last}, where the explanation ends")

    from papertiger.experiments.report.ledger import parts  # noqa: PLC0415 - slow to import
    from papertiger.model.agents.simulate import simulate  # noqa: PLC0415

    run = simulate(scenario, seed, months=months_between(scenario.span.start, last))
    found = [part for part in parts(run, client, start, last) if part.by_capability != 0 or part.by_resolve != 0]
    beliefs = _beliefs(run, client, start, last)
    if figure is not None:
        _draw(run, client, start, last, figure)
    if as_json:
        document(_machine_readable(run, client, seed, beliefs, found))
    else:
        _in_words(run, client, seed, beliefs, found)


def _beliefs(run: Run, client: str, start: str | None, end: str) -> dict[str, Any]:
    """Return where the client stood at both ends of the explanation."""
    rows = run.clients[run.clients["client"] == client].set_index("month")
    names = ("protection", "capability", "resolve")
    after: dict[str, float] = {name: float(rows[name].to_dict()[end]) for name in names}
    if start is None:
        change = run.why(client, None, end)
        before = {name: after[name] - float(change[name].sum()) for name in names}
    else:
        before = {name: float(rows[name].to_dict()[start]) for name in names}
    return {
        "start": start,
        "end": end,
        "before": before,
        "after": after,
        "posture": str(rows["posture_name"].to_dict()[end]),
    }


def _draw(run: Run, client: str, start: str | None, end: str, target: Path) -> None:
    from papertiger.experiments.figures import style, waterfall  # noqa: PLC0415 - slow to import

    drawn = waterfall.of_client(run, client, start, end)
    write_whole("--figure", target, lambda partial: style.save(drawn, partial))


def _machine_readable(run: Run, client: str, seed: int, beliefs: dict[str, Any], found: list[Part]) -> dict[str, Any]:
    from papertiger.experiments.report.causes import describe  # noqa: PLC0415

    causes = []
    for part in found:
        words = describe(run.scenario, part.cause)
        causes.append(
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
        "causes": causes,
        "note": NOTE,
    }


def _in_words(run: Run, client: str, seed: int, beliefs: dict[str, Any], found: list[Part]) -> None:
    from papertiger.experiments.report.causes import describe  # noqa: PLC0415
    from papertiger.experiments.report.explanation import cause_in_words, heading, movement  # noqa: PLC0415
    from papertiger.experiments.report.phrases import counted  # noqa: PLC0415

    say(printable(heading(run, client, seed, beliefs["end"])))
    say(printable(movement(run, client, beliefs)))
    say()
    if not found:
        say("No evidence reached it in this time.")
        return
    for part in found[:IN_WORDS]:
        say(printable(f"- {cause_in_words(run, part, beliefs['start'])}"))
    rows = []
    for part in found[:MOST_ROWS]:
        words = describe(run.scenario, part.cause)
        seen = CHANNELS.get(part.channel, part.channel)
        rows.append([words.month, words.text, seen, *_numbers(part.by_capability, part.by_resolve)])
    tail = found[MOST_ROWS:]
    if tail:
        sums = sum(part.by_capability for part in tail), sum(part.by_resolve for part in tail)
        rows.append(["", f"other ({counted(len(tail), 'cause')})", "", *_numbers(*sums)])
    whole = sum(part.by_capability for part in found), sum(part.by_resolve for part in found)
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
