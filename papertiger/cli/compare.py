"""The command `compare`: run scenarios with the same luck and say what is different, with how much certainty."""

from __future__ import annotations

import json
import math
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger.cli.console import BadInput, console, document, printable, say, table
from papertiger.cli.folder import ResultFolder
from papertiger.cli.inputs import check_month, check_range, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from papertiger.experiments.statistics.compare import Comparison

MOST_RUNS = 10_000
MOST_SEED = 2**63 - 2
MANIFEST = "compare.json"


@dataclass(frozen=True)
class Order:
    """What `compare` was asked to do."""

    scenarios: tuple[str, ...]
    runs: int = 200
    seed: int = 1
    at: str | None = None
    as_json: bool = False
    out: Path | None = None


def compare(order: Order) -> None:
    """Carry out the order, or raise `BadInput` before anything is written."""
    if len(order.scenarios) < 2:
        raise BadInput(f"compare {' '.join(order.scenarios)}: expected two scenarios or more, the baseline first")
    check_range("--runs", order.runs, 2, MOST_RUNS, "a number of runs")
    check_range("--seed", order.seed, 0, MOST_SEED, "a seed")
    worlds = [load(name) for name in order.scenarios]
    if order.at is not None:
        for world in worlds:
            check_month("--at", order.at, world)
    from papertiger.experiments.statistics import compare as comparing  # noqa: PLC0415 - slow to import

    try:
        month = order.at or comparing.common_month(worlds)
    except ValueError as error:
        raise BadInput(str(error)) from None
    if order.out is None:
        with _progress() as show:
            found = comparing.compare(worlds, order.runs, order.seed, at=month, progress=show)
    else:
        # The folder is tried before the runs, so that nobody waits for a result that cannot be written.
        with ResultFolder(order.out, manifest=MANIFEST) as folder:
            with _progress() as show:
                found = comparing.compare(worlds, order.runs, order.seed, at=month, progress=show)
            _write(found, folder)
    if order.as_json:
        document(_plain(found))
        return
    _report(found)
    if order.out is not None:
        say(f"Written to {printable(str(order.out))}")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal's standard error; elsewhere show nothing."""
    terminal = console(error=True)
    if not terminal.is_terminal:
        yield lambda _done, _total: None
        return
    from rich.progress import Progress  # noqa: PLC0415 - only on a terminal

    with Progress(console=terminal, transient=True) as bars:
        bar = bars.add_task("runs", total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


def _tables(found: Comparison) -> dict[str, pd.DataFrame]:
    import pandas as pd  # noqa: PLC0415 - slow to import

    rows = {"overall": found.overall, "by_choice": found.by_choice}
    return {
        **{
            counted: pd.DataFrame([{"scenario": name, **row.as_dict()} for name, row in differences.items()])
            for counted, differences in rows.items()
        },
        "shares": found.shares,
        "differences": found.differences,
        "first_differences": found.first_differences,
    }


def _write(found: Comparison, folder: ResultFolder) -> None:
    from papertiger.scenarios.tables import format_frame  # noqa: PLC0415 - slow to import

    for name, frame in _tables(found).items():
        with folder.place(f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(format_frame(frame))
    content = {**_provenance(found), "files": sorted(folder.files)}
    text = json.dumps(content, ensure_ascii=True, indent=2, allow_nan=False) + "\n"
    folder.place(MANIFEST).write_bytes(text.encode("ascii"))


def _provenance(found: Comparison) -> dict[str, Any]:
    from papertiger.experiments.run.provenance import version  # noqa: PLC0415 - slow to import

    names = zip(found.names, found.hashes, strict=True)
    return {
        "papertiger": version(),
        "scenarios": [{"scenario": name, "scenario_sha256": sha} for name, sha in names],
        "month": found.month,
        "runs": found.runs,
        "seed": found.seed,
        "level": found.level,
        "answers": found.sentences,
    }


def _plain(found: Comparison) -> dict[str, Any]:
    """Return everything as plain values, for machines; what is no number is null."""
    tables = {name: [_row(row) for row in frame.to_dict("records")] for name, frame in _tables(found).items()}
    return {**_provenance(found), **tables}


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        str(key): None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in row.items()
    }


def _report(found: Comparison) -> None:
    for sentence in found.sentences:
        say(printable(sentence))
    say()
    _clients(found)
    for row in found.first_differences.to_dict("records"):
        say(printable(_when(row, found)))
    for name, overall in found.overall.items():
        say(printable(_how(name, overall.effect_size, overall.variance_saved)))
    say("The model is an argument, not evidence.")


def _clients(found: Comparison) -> None:
    """Print where each client ends in each scenario; those that differ most come first."""
    from papertiger.scenarios.schema.values import POSTURES  # noqa: PLC0415 - slow to import

    frame = found.differences
    moved = frame[frame["measure"] == "defected"] if len(frame) else frame
    cells = {(row["scenario"], row["client"]): row for row in moved.to_dict("records")}
    clients = list(dict.fromkeys(found.shares["client"]))
    size = {
        client: max((abs(row["difference"]) for (_, who), row in cells.items() if who == client), default=0.0)
        for client in clients
    }
    rows = []
    for client in sorted(clients, key=lambda client: -size[client]):
        for here in found.shares[found.shares["client"] == client].to_dict("records"):
            shares = [f"{100 * here[rung]:.0f} %" if here[rung] else "-" for rung in POSTURES]
            change = cells.get((here["scenario"], client))
            rows.append([client, here["scenario"], *shares, "" if change is None else _change(change)])
    headings = [("client", "left"), ("scenario", "left"), *((rung, "right") for rung in POSTURES)]
    table(
        f"Where the clients are in {found.month} (share of {found.runs} runs)",
        [*headings, ("defected, points", "right")],
        rows,
        caption=(
            f"defected: suspended or realigned, successors counted, percentage points against {found.baseline}, = "
            "where no run differs; "
            f"each interval holds with {100 * found.level:g} % for itself, so of twenty one may miss"
        ),
    )


def _change(row: dict[Any, Any]) -> str:
    from papertiger.experiments.statistics.compare import points  # noqa: PLC0415 - slow to import

    if row["verdict"] == "no difference":
        return "="
    return points(row["difference"], row["low"], row["high"], signed=True, unit=False)


def _when(row: dict[Any, Any], found: Comparison) -> str:
    if not row["month"]:
        return f"{row['scenario']} and {found.baseline} never differ: no client is on another posture in any month."
    return (
        f"{row['scenario']} differs from {found.baseline} from {row['month']} on (first: {row['clients']}); "
        f"{100 * row['share']:.0f} % of the runs differ at some time, half of those by {row['median_month']}."
    )


def _how(name: str, effect: float, saved: float) -> str:
    from papertiger.experiments.report.phrases import effect_in_words, saving_in_words  # noqa: PLC0415

    if effect == 0.0:
        return f"{name}: no effect size, since no run differs or the differences cancel out"
    text = (
        f"{name}: effect size {effect_in_words(effect)} (difference / standard deviation of the paired differences)"
    )
    return text if math.isnan(saved) else f"{text}; pairing saved {saving_in_words(saved)} of the variance"
