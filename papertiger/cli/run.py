"""Run the command `run`: simulate, write data and figures, print where everybody stands."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.deferred import world_of_mesa
from papertiger.cli.folder import MANIFEST, ResultFolder, safe_name
from papertiger.cli.inputs import check_range, load, months_between, parse_settings, stopping_at_rules, theory_of
from papertiger.cli.options import MAX_SEED, AsJson, Excel, Imports, Quiet, ScenarioName, Seed, Settings, TheoryName
from papertiger.cli.progress import Show, preparing_model, progress
from papertiger.cli.tables import append_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from papertiger.model.ensemble.ensemble import Ensemble
    from papertiger.model.run import Run
    from papertiger.model.theories import Theory
    from papertiger.scenarios import Scenario

MAX_RUNS = {"mesa": 10_000, "ensemble": 10_000_000}
TABLES = ("clients", "patron", "signals", "ledger")
FIGURES = ("main", "all", "none")
MAX_CLIENT_FIGURES = 30
MAIN_WATERFALLS, MAX_WATERFALLS = 1, 6
"""Ledgers drawn: those of the clients that moved most; `explain --figure` draws any other."""
BANDS = ("mean", "q05", "q25", "q50", "q75", "q95")
COUNTED = "successors counted: a client stands where whoever governs it by then stands"
"""What the shares of a table of runs count, where a regime may have been lost."""


@dataclass
class Outcome:
    """Hold what stays in memory of several runs of the reference model.

    Attributes
    ----------
    first
        The first run.
    ends
        How each of them ended: a row for each client, by name of the column.
    postures
        What the figure of postures counts, of each.
    """

    first: Run | None = None
    ends: list[list[dict[str, Any]]] = field(default_factory=list)
    postures: list[NDArray[np.int64]] = field(default_factory=list)


def run_command(
    scenario: ScenarioName,
    runs: Annotated[int, typer.Option("--runs", metavar="N", help="How many runs, each with its own luck.")] = 1,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            metavar="ENGINE",
            help="ensemble: compiled, for many runs, shares and bands; mesa: every run in full; "
            "auto: the ensemble for more than one run.",
        ),
    ] = "auto",
    seed: Seed = 1,
    months: Annotated[
        int | None,
        typer.Option("--months", metavar="M", help="Stop after so many months; else run the whole span."),
    ] = None,
    settings: Settings = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder of results [default: results/SCENARIO-seedS]."),
    ] = None,
    as_json: AsJson = False,
    figures: Annotated[
        str,
        typer.Option(
            "--figures",
            metavar="|".join(FIGURES),
            help="main: the network as a whole, and the ledger of the client that moved most; "
            "all: also each client's beliefs, and more ledgers.",
        ),
    ] = "main",
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Write the data only: --figures none.")] = False,
    quiet: Quiet = False,
    rules: TheoryName = None,
    _excel: Excel = None,
    _imports: Imports = None,
) -> None:
    """Run a scenario month by month, and write its data and figures."""
    engine = _engine(engine, runs)
    if figures not in FIGURES:
        raise BadInput(f"--figures {figures}: expected one of {', '.join(FIGURES)}")
    which = "none" if no_figures else figures
    check_range("--runs", runs, 1, MAX_RUNS[engine], f"a number of runs (with --engine {engine})")
    check_range("--seed", seed, 0, MAX_SEED, "a seed")
    theory = theory_of(rules)
    with stopping_at_rules(), progress(f"running {scenario}", quiet=quiet or as_json) as show:
        overrides = parse_settings(settings or [])
        world = load(scenario, overrides)
        span = months_between(world.span.start, world.span.end)
        length = span if months is None else months
        check_range("--months", length, 1, span, "a number of months")
        target = out or Path("results") / f"{safe_name(world.name)}-seed{seed}"
        with ResultFolder(target) as folder:
            ensemble, outcome = None, Outcome()
            if engine == "ensemble":
                ensemble = _run_ensemble(world, runs, seed, length, folder, show, theory)
            else:
                outcome = _run_world(world, runs, seed, length, folder, show, theory, count=which != "none")
            if which != "none":
                show("drawing the figures")
                pictures = _pictures(outcome, which) if ensemble is None else _fans(ensemble)
                _draw(pictures, folder, show)
            manifest = {
                **_manifest(world, runs, seed, length, overrides, folder),
                "engine": engine,
                **_theory(theory),
            }
            text = json.dumps(manifest, ensure_ascii=True, indent=2, allow_nan=False) + "\n"
            folder.place(MANIFEST).write_bytes(text.encode("ascii"))
        results = _results(outcome) if ensemble is None else _ensemble_results(ensemble)
    if as_json:
        document({**manifest, "out": str(target), **results})
    elif not quiet:
        drawn = f"{world.title}: {results['last_month']}, after {length} months (seed {seed}"
        if ensemble is None:
            _report(results, drawn, runs)
        else:
            _report_ensemble(results, f"{drawn}, {runs} runs): where the clients end, as a share of the runs")
        say(f"Written to {printable(str(target))}")
        say("The model is an argument, not evidence.")


def _engine(asked: str, runs: int) -> str:
    """Return the engine that is asked for: by itself the ensemble for more than one run."""
    if asked not in ("auto", *MAX_RUNS):
        raise BadInput(f"--engine {asked}: expected auto, ensemble or mesa")
    if asked != "auto":
        return asked
    return "ensemble" if runs > 1 else "mesa"


def _run_world(
    scenario: Scenario,
    runs: int,
    seed: int,
    months: int,
    folder: ResultFolder,
    show: Show,
    theory: Theory | None,
    *,
    count: bool,
) -> Outcome:
    """Run the reference model, and write the tables run by run: a thousand runs need no more memory than one."""
    simulate = world_of_mesa()
    outcome = Outcome()
    for number in range(runs):

        def tell(done: int, _total: int, number: int = number) -> None:
            show(f"run {number + 1} of {runs}, months", done, months)

        run = simulate(scenario, seed, number, months=months, progress=tell, rules=theory.rules if theory else None)
        for name in (*TABLES, *(("patrons",) if scenario.patrons else ())):
            append_rows(folder.place(f"{name}.csv"), number, *run.rows(name))
        columns, rows = run.rows("clients")
        ends = [dict(zip(columns, row, strict=True)) for row in rows[-len(run.setting.clients) :]]
        outcome.ends.append(ends)
        if count:
            from papertiger.experiments.figures.postures import counts

            outcome.postures.append(counts(run))
        outcome.first = outcome.first or run
    return outcome


def _run_ensemble(
    scenario: Scenario,
    runs: int,
    seed: int,
    months: int,
    folder: ResultFolder,
    show: Show,
    theory: Theory | None,
) -> Ensemble:
    """Run the ensemble and write its tables."""
    from papertiger import scenarios
    from papertiger.model.calendar import month_name, month_number
    from papertiger.model.ensemble.ensemble import ensemble
    from papertiger.scenarios.tables import format_frame

    show(preparing_model())
    end = month_name(month_number(scenario.span.start) + months - 1)
    shorter = scenario if end == scenario.span.end else scenarios.change(scenario, {"span.end": end})
    result = ensemble(
        shorter,
        runs,
        seed,
        keep="bands",
        rules=theory.rules if theory else None,
        progress=lambda done, total: show("runs", done, total),
    )
    for name, frame in (
        ("posture_shares", result.posture_shares),
        ("protection_bands", result.bands),
        ("patron_bands", result.patron_bands),
    ):
        with folder.place(f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(format_frame(frame))
    return result


def _pictures(outcome: Outcome, which: str) -> dict[str, Callable[[], Figure]]:
    """Return what draws each figure of the reference model, by the name of its file."""
    from papertiger.experiments.figures import beliefs, network, patron, postures, ties, waterfall

    first = outcome.first
    assert first is not None  # there is at least one run
    names = file_names([client.name for client in first.setting.clients])
    pictures: dict[str, Callable[[], Figure]] = {
        "overview": lambda: beliefs.overview(first),
        "ties": lambda: ties.overview(first),
        "network": lambda: network.network(first),
        "patron": lambda: patron.assets_and_credibility(first),
        "postures": lambda: postures.shares(first, outcome.postures),
    }
    whole = which == "all"
    for client in beliefs.most_moved(first, MAX_CLIENT_FIGURES if whole else 0):
        pictures[f"beliefs_{names[client]}"] = partial(beliefs.of_client, first, client)
    for client in beliefs.most_moved(first, MAX_WATERFALLS if whole else MAIN_WATERFALLS):
        pictures[f"ledger_{names[client]}"] = partial(waterfall.of_client, first, client)
    return pictures


def _fans(result: Ensemble) -> dict[str, Callable[[], Figure]]:
    """Return what draws each figure of the ensemble, by the name of its file."""
    from papertiger.experiments.figures import fan

    return {
        "fan_protection": lambda: fan.protection(result),
        "fan_postures": lambda: fan.postures(result),
        "fan_patron": lambda: fan.patron(result),
    }


def _draw(pictures: dict[str, Callable[[], Figure]], folder: ResultFolder, show: Show) -> None:
    from papertiger.experiments.figures import style

    for number, (name, draw) in enumerate(pictures.items()):
        show("figures", number, len(pictures))
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
    scenario: Scenario, runs: int, seed: int, months: int, overrides: dict[str, object], folder: ResultFolder
) -> dict[str, Any]:
    from papertiger.experiments.run.provenance import scenario_hash, version

    return {
        "papertiger": version(),
        "scenario": scenario.name,
        "title": scenario.title,
        "scenario_sha256": scenario_hash(scenario),
        "mode": scenario.mode,
        "seed": seed,
        "runs": runs,
        "months": months,
        "overrides": overrides,
        "files": sorted(folder.files),
    }


def _theory(theory: Theory | None) -> dict[str, str]:
    """Return what a manifest says of a theory of a modeler's own."""
    return {} if theory is None else {"rules": theory.name, "rules_sha256": theory.sha256}


def _results(outcome: Outcome) -> dict[str, Any]:
    """Return the results as plain values, for machines."""
    from papertiger.experiments.ledger.causes import describe
    from papertiger.model.run import strongest_cause

    first = outcome.first
    assert first is not None  # there is at least one run
    clients = []
    for row in outcome.ends[0]:
        cause = strongest_cause(first, row["client"])
        clients.append(
            {
                "client": row["client"],
                "in_network": bool(row["in_network"]),
                "posture": row["posture_name"],
                "protection": float(row["protection"]),
                "capability": float(row["capability"]),
                "resolve": float(row["resolve"]),
                "regime_losses": int(row["regime"]),
                "destination": row["destination"] or None,
                "strongest_cause": cause or None,
                "strongest_cause_text": describe(first.scenario, cause).text if cause else None,
            }
        )
    columns, rows = first.rows("patron")
    patron = dict(zip(columns, rows[-1], strict=True))
    results: dict[str, Any] = {"last_month": patron.pop("month"), "clients": clients}
    results["patron"] = {name: float(value) for name, value in patron.items()}
    if len(outcome.ends) > 1:
        results["posture_shares"] = _posture_shares(outcome)
    return results


def _posture_shares(outcome: Outcome) -> dict[str, dict[str, float]]:
    """Return the share of runs in which each client ends on each rung."""
    from papertiger.scenarios.schema.values import POSTURES

    tallies: dict[str, Counter[str]] = {}
    for end in outcome.ends:
        for client, posture in ((row["client"], row["posture_name"]) for row in end):
            tallies.setdefault(client, Counter())[posture] += 1
    runs = len(outcome.ends)
    return {client: {name: tally[name] / runs for name in POSTURES} for client, tally in tallies.items()}


def _ensemble_results(result: Ensemble) -> dict[str, Any]:
    """Return how the runs end, as plain values for machines."""
    last = result.months[-1]
    shares = result.posture_shares[result.posture_shares["month"] == last].set_index("client").drop(columns="month")
    return {
        "last_month": last,
        "posture_shares": {str(client): _plain(row) for client, row in shares.to_dict("index").items()},
        "protection": _band_rows(result.bands, last, "client"),
        "patron": _band_rows(result.patron_bands, last, "measure"),
    }


def _plain(row: dict[Any, Any]) -> dict[str, float]:
    return {str(name): float(value) for name, value in row.items()}


def _band_rows(frame: Any, month: str, label: str) -> dict[str, dict[str, float]]:
    rows = frame[frame["month"] == month].dropna().set_index(label)[list(BANDS)]
    return {str(name): _plain(row) for name, row in rows.to_dict("index").items()}


def _report(results: dict[str, Any], drawn: str, runs: int) -> None:
    """Print where the clients stand, and after several runs how many of them end so."""
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
    table(f"{drawn})" if runs == 1 else f"{drawn}, run 1 of {runs})", columns, rows)
    if runs > 1:
        shares = results["posture_shares"]
        rungs = list(next(iter(shares.values())))
        cells = [
            [client, *(f"{100 * share[rung]:.0f} %" if share[rung] else "-" for rung in rungs)]
            for client, share in shares.items()
        ]
        heading = f"Where the clients end in {runs} runs (share of runs)"
        table(heading, [("client", "left"), *((rung, "right") for rung in rungs)], cells, caption=COUNTED)


def _short(text: str, limit: int = 90) -> str:
    return text if len(text) <= limit else text[: limit - 3].rstrip() + "..."


def _report_ensemble(results: dict[str, Any], title: str) -> None:
    """Print where the clients end, in which share of the runs."""
    rungs = list(next(iter(results["posture_shares"].values())))
    rows = []
    for client, shares in results["posture_shares"].items():
        band = results["protection"].get(client)
        believed = "not in the network" if band is None else f"{band['mean']:.2f}"
        spread = "" if band is None else f"{band['q05']:.2f} to {band['q95']:.2f}"
        cells = [f"{100 * shares[rung]:.0f} %" if shares[rung] else "-" for rung in rungs]
        rows.append([client, *cells, believed, spread])
    columns = [
        ("client", "left"), *((rung, "right") for rung in rungs), ("protection", "right"),
        ("nine runs in ten", "right"),
    ]  # fmt: skip
    table(title, columns, rows, caption=COUNTED)
