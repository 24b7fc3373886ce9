"""The command `run`: simulate, write data and figures, print where everybody stands."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger.cli import many
from papertiger.cli.console import BadInput, console, document, printable, say, table
from papertiger.cli.folder import MANIFEST, ResultFolder, safe_name
from papertiger.cli.inputs import check_range, load, months_between, parse_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from matplotlib.figure import Figure

    from papertiger.model.ensemble.ensemble import Ensemble
    from papertiger.model.run import Run
    from papertiger.scenarios import Scenario

MOST_RUNS = {"mesa": 10_000, "ensemble": 10_000_000}
MOST_SEED = 2**63 - 1
FRAMES = ("clients", "patron", "signals", "ledger")
MOST_CLIENT_FIGURES = 30
MOST_WATERFALLS = 6
"""Ledgers drawn by default: those of the clients that moved most; `explain --figure` draws any other."""


@dataclass(frozen=True)
class Order:
    """What `run` was asked to do."""

    scenario: str
    runs: int = 1
    seed: int = 1
    months: int | None = None
    settings: tuple[str, ...] = ()
    out: Path | None = None
    as_json: bool = False
    figures: bool = True
    quiet: bool = False
    engine: str = "auto"


@dataclass
class Outcome:
    """What stays in memory of several runs: the first one, and how the others ended."""

    first: Run | None = None
    ends: list[pd.DataFrame] = field(default_factory=list)
    postures: list[pd.DataFrame] = field(default_factory=list)


def run(order: Order) -> None:
    """Carry out the order, or raise `BadInput` before anything is written."""
    engine = _engine(order)
    check_range("--runs", order.runs, 1, MOST_RUNS[engine], f"a number of runs (with --engine {engine})")
    check_range("--seed", order.seed, 0, MOST_SEED, "a seed")
    overrides = parse_settings(order.settings)
    scenario = load(order.scenario, overrides)
    span = months_between(scenario.span.start, scenario.span.end)
    months = span if order.months is None else order.months
    check_range("--months", months, 1, span, "a number of months")
    out = order.out or Path("results") / f"{safe_name(scenario.name)}-seed{order.seed}"
    with ResultFolder(out) as folder:
        made = _many(scenario, order, months, folder) if engine == "ensemble" else None
        outcome = Outcome() if made is not None else _simulate(scenario, order, months, folder)
        if made is None and order.figures:
            _draw(outcome, order, folder)
        manifest = {**_manifest(scenario, order, months, overrides, folder), "engine": engine}
        text = json.dumps(manifest, ensure_ascii=True, indent=2, allow_nan=False) + "\n"
        folder.place(MANIFEST).write_bytes(text.encode("ascii"))
    if order.as_json:
        found = _results(outcome) if made is None else many.results(made)
        document({**manifest, "out": str(out), **found})
    elif not order.quiet:
        if made is None:
            _report(outcome, order, months, out)
        else:
            many.report(made, order, out)


def _engine(order: Order) -> str:
    """Return the engine that an order asks for: by itself the ensemble for more than one run."""
    if order.engine not in ("auto", *MOST_RUNS):
        raise BadInput(f"--engine {order.engine}: expected auto, ensemble or mesa")
    if order.engine != "auto":
        return order.engine
    return "ensemble" if order.runs > 1 else "mesa"


def _many(scenario: Scenario, order: Order, months: int, folder: ResultFolder) -> Ensemble:
    with _progress(order, order.runs) as show:
        made = many.simulate(scenario, order, months, folder, show)
    if order.figures:
        with _progress(order, many.FIGURES) as show:
            many.draw(made, folder, show)
    return made


@contextmanager
def _progress(order: Order, steps: int) -> Iterator[Callable[[str, int], None]]:
    """Show a bar on a terminal's standard error; elsewhere show nothing."""
    terminal = console(error=True)
    if order.quiet or not terminal.is_terminal:
        yield lambda _doing, _done: None
        return
    from rich.progress import Progress  # noqa: PLC0415 - only on a terminal

    with Progress(console=terminal, transient=True) as bars:
        bar = bars.add_task("", total=steps)
        yield lambda doing, done: bars.update(bar, description=doing, completed=done)


def _simulate(scenario: Scenario, order: Order, months: int, folder: ResultFolder) -> Outcome:
    from papertiger.experiments.figures.postures import counts  # noqa: PLC0415 - slow to import
    from papertiger.model.agents.simulate import simulate  # noqa: PLC0415

    outcome = Outcome()
    with _progress(order, order.runs * months) as show:
        for number in range(order.runs):

            def progress(done: int, _total: int, number: int = number) -> None:
                show(f"run {number + 1} of {order.runs}", number * months + done)

            made = simulate(scenario, order.seed, number, months=months, progress=progress)
            for name in FRAMES:
                _append(getattr(made, name), number, folder.place(f"{name}.csv"))
            last = made.clients["month"].iloc[-1]
            outcome.ends.append(made.clients[made.clients["month"] == last])
            outcome.postures.append(counts(made.clients))
            outcome.first = outcome.first or made
    return outcome


def _append(frame: pd.DataFrame, number: int, target: Path) -> None:
    """Add a run's rows to a file, so that a thousand runs need no more memory than one."""
    from papertiger.scenarios.tables import format_frame  # noqa: PLC0415 - slow to import

    numbered = frame.copy(deep=False)
    numbered.insert(0, "run", number)
    with target.open("a" if number else "w", encoding="utf-8", newline="") as file:
        file.write(format_frame(numbered, header=number == 0))


def _draw(outcome: Outcome, order: Order, folder: ResultFolder) -> None:
    from papertiger.experiments.figures import beliefs, network, patron, postures, style, waterfall  # noqa: PLC0415

    first = outcome.first
    assert first is not None  # there is at least one run

    names = file_names(list(first.scenario.clients))
    figures: dict[str, Callable[[], Figure]] = {
        "overview": lambda: beliefs.overview(first),
        "network": lambda: network.network(first),
        "patron": lambda: patron.assets_and_credibility(first),
        "postures": lambda: postures.shares(first, outcome.postures),
    }
    for client in beliefs.most_moved(first, MOST_CLIENT_FIGURES):
        figures[f"beliefs_{names[client]}"] = partial(beliefs.of_client, first, client)
    for client in beliefs.most_moved(first, MOST_WATERFALLS):
        figures[f"ledger_{names[client]}"] = partial(waterfall.of_client, first, client)
    with _progress(order, len(figures)) as show:
        for number, (name, draw) in enumerate(figures.items()):
            show("figures", number)
            style.save(draw(), folder.place(f"{name}.png"))


def file_names(clients: list[str]) -> dict[str, str]:
    """Return a part of a file name for each client, plain and without two alike."""
    names: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for client in clients:
        plain = "".join(char if char.isascii() and char.isalnum() else "_" for char in client.lower()).strip("_")
        plain = plain or "client"
        taken[plain] += 1
        names[client] = plain if taken[plain] == 1 else f"{plain}_{taken[plain]}"
    return names


def _manifest(
    scenario: Scenario, order: Order, months: int, overrides: dict[str, object], folder: ResultFolder
) -> dict[str, Any]:
    from papertiger.experiments.run.provenance import scenario_hash, version  # noqa: PLC0415

    return {
        "papertiger": version(),
        "scenario": scenario.name,
        "title": scenario.title,
        "scenario_sha256": scenario_hash(scenario),
        "mode": scenario.mode,
        "seed": order.seed,
        "runs": order.runs,
        "months": months,
        "overrides": overrides,
        "files": sorted(folder.files),
    }


def _results(outcome: Outcome) -> dict[str, Any]:
    """Return the results as plain values, for machines."""
    from papertiger.experiments.report.causes import describe  # noqa: PLC0415
    from papertiger.model.run import strongest_cause  # noqa: PLC0415

    first = outcome.first
    assert first is not None  # there is at least one run
    clients = []
    for row in outcome.ends[0].to_dict("records"):
        cause = strongest_cause(first, row["client"])
        clients.append(
            {
                "client": row["client"],
                "in_network": bool(row["in_network"]),
                "posture": row["posture_name"],
                "protection": row["protection"],
                "capability": row["capability"],
                "resolve": row["resolve"],
                "regime_losses": int(row["regime"]),
                "destination": row["destination"] or None,
                "strongest_cause": cause or None,
                "strongest_cause_text": describe(first.scenario, cause).text if cause else None,
            }
        )
    patron = first.patron.iloc[-1].to_dict()
    results: dict[str, Any] = {"last_month": patron.pop("month"), "clients": clients}
    results["patron"] = {name: float(value) for name, value in patron.items()}
    if len(outcome.ends) > 1:
        results["posture_shares"] = _posture_shares(outcome)
    return results


def _posture_shares(outcome: Outcome) -> dict[str, dict[str, float]]:
    """Return the share of runs in which each client ends on each rung."""
    from papertiger.scenarios.schema.values import POSTURES  # noqa: PLC0415

    tallies: dict[str, Counter[str]] = {}
    for end in outcome.ends:
        for client, posture in zip(end["client"], end["posture_name"], strict=True):
            tallies.setdefault(client, Counter())[posture] += 1
    runs = len(outcome.ends)
    return {client: {name: tally[name] / runs for name in POSTURES} for client, tally in tallies.items()}


def _report(outcome: Outcome, order: Order, months: int, out: Path) -> None:
    first = outcome.first
    assert first is not None  # there is at least one run
    results = _results(outcome)
    which = "" if order.runs == 1 else f", run 1 of {order.runs}"
    title = f"{first.scenario.title}: {results['last_month']}, after {months} months (seed {order.seed}{which})"
    columns = [
        ("client", "left"), ("posture", "left"), ("protection", "right"), ("capability", "right"),
        ("resolve", "right"), ("strongest cause", "wide"),
    ]  # fmt: skip
    rows = []
    for row in results["clients"]:
        posture = row["posture"] if row["in_network"] else "not in the network"
        if row["regime_losses"]:
            posture += " (new regime)"
        if row["destination"]:
            posture += f" to {row['destination']}"
        numbers = [f"{row[name]:.2f}" for name in ("protection", "capability", "resolve")]
        rows.append([row["client"], posture, *numbers, _short(row["strongest_cause_text"] or "none")])
    table(title, columns, rows)
    if order.runs > 1:
        shares = results["posture_shares"]
        rungs = list(next(iter(shares.values())))
        cells = [
            [client, *(f"{100 * share[rung]:.0f} %" if share[rung] else "-" for rung in rungs)]
            for client, share in shares.items()
        ]
        heading = f"Where the clients end in {order.runs} runs (share of runs)"
        table(heading, [("client", "left"), *((rung, "right") for rung in rungs)], cells)
    say(f"Written to {printable(str(out))}")
    say("The model is an argument, not evidence.")


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."
