"""Run the command `compare`: run scenarios with the same luck and say what is different, how certainly."""

from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.folder import ResultFolder
from papertiger.cli.inputs import check_month, check_range, load, stopping_at_rules, theory_of
from papertiger.cli.options import MAX_SEED, AsJson, Excel, Imports, Seed
from papertiger.cli.progress import Show, preparing_model, progress

if TYPE_CHECKING:
    import pandas as pd

    from papertiger.experiments.statistics.compare import Comparison
    from papertiger.model.theories import Theory
    from papertiger.scenarios import Scenario

MAX_RUNS = 10_000
MANIFEST = "compare.json"


def compare_command(
    scenarios: Annotated[
        list[str],
        typer.Argument(metavar="A B...", help="Scenarios: shipped names or paths; the first is the baseline."),
    ],
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", help="How many runs of each, with the same luck.")
    ] = 200,
    seed: Seed = 1,
    at: Annotated[
        str | None, typer.Option("--at", metavar="MONTH", help="Month to look at, YYYY-MM [last that all have].")
    ] = None,
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder to write the tables into.")] = None,
    rules: Annotated[
        list[str] | None,
        typer.Option(
            "--rules",
            metavar="THEORY",
            help="A theory of your own for all scenarios; several, with one scenario, compare theories in it.",
        ),
    ] = None,
    _excel: Excel = None,
    _imports: Imports = None,
) -> None:
    """Run scenarios with the same luck and say what is different, with intervals."""
    theories = [theory_of(name) for name in rules or []]
    if len(scenarios) == 1 and len(theories) > 1:
        scenarios = scenarios * len(theories)
    elif len(theories) == 1:
        theories = theories * len(scenarios)
    elif theories and len(theories) != len(scenarios):
        raise BadInput(
            f"--rules: expected one theory for all scenarios, or one for each of {len(scenarios)}, "
            f"got {len(theories)}"
        )
    if len(scenarios) < 2:
        raise BadInput(f"compare {' '.join(scenarios)}: expected two scenarios or more, the baseline first")
    check_range("--runs", runs, 2, MAX_RUNS, "a number of runs")
    check_range("--seed", seed, 0, MAX_SEED - 1, "a seed")
    worlds = [load(name) for name in scenarios]
    if at is not None:
        for world in worlds:
            check_month("--at", at, world)
    # The folder is tried before the runs, so that nobody waits for a result that cannot be written.
    with contextlib.nullcontext() if out is None else ResultFolder(out, manifest=MANIFEST) as folder:
        with stopping_at_rules(), progress(f"comparing {' and '.join(scenarios)}", quiet=as_json) as show:
            comparison = _compare(worlds, runs, seed, at, show, theories)
        causes = _causes(comparison, worlds, theories)
        if folder is not None:
            _write(comparison, causes, folder)
    if as_json:
        document(_plain(comparison, causes))
        return
    _report(comparison, causes)
    if out is not None:
        say(f"Written to {printable(str(out))}")


def _compare(
    worlds: list[Scenario], runs: int, seed: int, at: str | None, show: Show, theories: list[Theory | None]
) -> Comparison:
    from papertiger.experiments.statistics.compare import common_month, compare

    try:
        month = at or common_month(worlds)
    except ValueError as error:
        raise BadInput(str(error)) from None
    show(preparing_model())
    return compare(
        worlds,
        runs,
        seed,
        at=month,
        theories=theories or None,
        progress=lambda done, total: show("runs", done, total),
    )


def _tables(comparison: Comparison, causes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    import pandas as pd

    rows = {"overall": comparison.overall, "by_choice": comparison.by_choice}
    return {
        **{
            counted: pd.DataFrame([{"scenario": name, **row.as_dict()} for name, row in differences.items()])
            for counted, differences in rows.items()
        },
        "shares": comparison.shares,
        "differences": comparison.differences,
        "first_differences": comparison.first_differences,
        "partings": comparison.partings,
        "causes": causes,
    }


def _write(comparison: Comparison, causes: pd.DataFrame, folder: ResultFolder) -> None:
    from papertiger.scenarios.tables import format_frame

    for name, frame in _tables(comparison, causes).items():
        with folder.place(f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(format_frame(frame))
    content = {**_provenance(comparison), "files": sorted(folder.files)}
    text = json.dumps(content, ensure_ascii=True, indent=2, allow_nan=False) + "\n"
    folder.place(MANIFEST).write_bytes(text.encode("ascii"))


def _provenance(comparison: Comparison) -> dict[str, Any]:
    from papertiger.experiments.run.provenance import version

    names = zip(comparison.names, comparison.hashes, strict=True)
    return {
        "papertiger": version(),
        "scenarios": [{"scenario": name, "scenario_sha256": sha} for name, sha in names],
        **({"rules_sha256": dict(comparison.theories)} if comparison.theories else {}),
        "month": comparison.month,
        "runs": comparison.runs,
        "seed": comparison.seed,
        "level": comparison.level,
        "answers": comparison.sentences,
    }


def _plain(comparison: Comparison, causes: pd.DataFrame) -> dict[str, Any]:
    """Return everything as plain values, for machines; what is no number is null."""
    tables = {
        name: [_row(row) for row in frame.to_dict("records")] for name, frame in _tables(comparison, causes).items()
    }
    return {**_provenance(comparison), **tables}


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        str(key): None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in row.items()
    }


def _report(comparison: Comparison, causes: pd.DataFrame) -> None:
    for sentence in comparison.sentences:
        say(printable(sentence))
    say()
    _clients(comparison)
    for row in comparison.first_differences.to_dict("records"):
        say(printable(_when(row, comparison)))
    _partings(comparison, causes)
    for name, overall in comparison.overall.items():
        say(printable(_how(name, overall.effect_size, overall.variance_saved)))
    say("The model is an argument, not evidence.")


def _causes(comparison: Comparison, worlds: list[Scenario], theories: list[Theory | None]) -> pd.DataFrame:
    """Return the most frequent partings of each scenario from the baseline, with their causes."""
    import pandas as pd

    from papertiger.experiments.statistics.partings import with_causes

    known = theories or [None] * len(worlds)
    frames = []
    for place, name in enumerate(comparison.names[1:], start=1):
        mine = comparison.partings[comparison.partings["scenario"] == name]
        pair = (worlds[0], worlds[place])
        frames.append(with_causes(mine, pair, comparison.seed, (known[0], known[place])))
    return pd.concat(frames, ignore_index=True)


def _partings(comparison: Comparison, causes: pd.DataFrame) -> None:
    """Print where and why pairs of runs part."""
    if not len(causes):
        return
    several = len(comparison.names) > 2
    rows = []
    for row in causes.to_dict("records"):
        cells = [row["month"], row["client"], f"{100 * row['share']:.0f} %", row["cause"]]
        rows.append([row["scenario"], *cells] if several else cells)
    columns = [("parts in", "left"), ("client", "left"), ("of pairs", "right"), ("because of", "wide")]
    table(
        f"Where paired runs first differ from {comparison.baseline}",
        [("scenario", "left"), *columns] if several else columns,
        rows,
        caption="the most frequent first; the cause is that of the first such pair: the evidence whose part of "
        "protection differs most between the two runs",
    )


def _clients(comparison: Comparison) -> None:
    """Print where each client ends in each scenario; those that differ most come first."""
    from papertiger.experiments.phrases import NARROW, at_least
    from papertiger.experiments.statistics.intervals import min_alike_share
    from papertiger.scenarios.schema.values import POSTURES

    least = at_least(min_alike_share(comparison.runs, comparison.level)).replace(NARROW, " ")
    frame = comparison.differences
    moved = frame[frame["measure"] == "defected"] if len(frame) else frame
    cells = {(row["scenario"], row["client"]): row for row in moved.to_dict("records")}
    clients = list(dict.fromkeys(comparison.shares["client"]))
    size = {
        client: max((abs(row["difference"]) for (_, who), row in cells.items() if who == client), default=0.0)
        for client in clients
    }
    rows = []
    for client in sorted(clients, key=lambda client: -size[client]):
        for here in comparison.shares[comparison.shares["client"] == client].to_dict("records"):
            shares = [f"{100 * here[rung]:.0f} %" if here[rung] else "–" for rung in POSTURES]
            change = cells.get((here["scenario"], client))
            rows.append([client, here["scenario"], *shares, "" if change is None else _change(change)])
    headings = [("client", "left"), ("scenario", "left"), *((rung, "right") for rung in POSTURES)]
    table(
        f"Where the clients are in {comparison.month} (share of {comparison.runs} runs)",
        [*headings, ("defected, points", "right")],
        rows,
        caption=(
            "defected: suspended or realigned, successors counted, percentage points against "
            f"{comparison.baseline}, = where no run differs, “in all” where every run differs by the same "
            f"(either is so in {least} of all runs); "
            f"each interval holds with {100 * comparison.level:g} % for itself, so of twenty one may miss"
        ),
    )


def _change(row: dict[Any, Any]) -> str:
    from papertiger.experiments.statistics.compare import points

    if row["verdict"] == "no difference":
        return "="
    size = points(row["difference"], row["low"], row["high"], signed=True, unit=False)
    return f"{size} in all" if math.isfinite(row["alike"]) else size


def _when(row: dict[Any, Any], comparison: Comparison) -> str:
    if not row["month"]:
        return (
            f"{row['scenario']} and {comparison.baseline} never differ: no client is on another posture in any month."
        )
    return (
        f"{row['scenario']} differs from {comparison.baseline} from {row['month']} on (first: {row['clients']}); "
        f"{100 * row['share']:.0f} % of the runs differ at some time, half of those by {row['median_month']}."
    )


def _how(name: str, effect: float, saved: float) -> str:
    from papertiger.experiments.phrases import effect_in_words, saving_in_words

    if effect == 0.0:
        return f"{name}: no effect size, since no run differs or the differences cancel out"
    if math.isinf(effect):
        return f"{name}: no effect size, since every run differs by the same"
    text = (
        f"{name}: effect size {effect_in_words(effect)} (difference / standard deviation of the paired differences)"
    )
    return text if math.isnan(saved) else f"{text}; pairing saved {saving_in_words(saved)} of the variance"
