"""The command `experiment`: run what is missing of an experiment, then write its report."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput, console, printable, say, tell
from papertiger.cli.inputs import check_range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from papertiger.experiments.design.study import Study
    from papertiger.experiments.run.results import Results
    from papertiger.experiments.run.runner import Progress

MOST_WORKERS = 1_000
MOST_ERRORS_SHOWN = 3


@dataclass(frozen=True)
class Order:
    """What `experiment` was asked to do."""

    file: str
    workers: int | None = None
    backend: str = "here"
    cluster: str | None = None
    out: Path | None = None
    fresh: bool = False
    report: bool = True
    replicates: int | None = None
    points: int | None = None
    quiet: bool = False


def experiment(order: Order) -> None:
    """Carry out the order, or raise `BadInput` with all that is wrong with it."""
    _check(order)
    from papertiger.experiments.design.loader import load_study  # noqa: PLC0415
    from papertiger.experiments.errors import BackendError, ExperimentError, FolderError  # noqa: PLC0415 - slow to import

    try:
        study = load_study(order.file, replicates=order.replicates, points=order.points)
        out = order.out or Path("results") / study.experiment.name
        results = _run(study, out, order)
    except (ExperimentError, FolderError, BackendError) as error:
        raise BadInput(str(error)) from None
    if not order.quiet:
        _tell_failures(results)
        say(printable(f"{results.manifest.rows:,} runs in {out}"))
    if order.report:
        _report(results, order)


def _check(order: Order) -> None:
    if order.backend not in ("here", "processes", "dask"):
        raise BadInput(f"--backend {order.backend}: expected one of here, processes, dask")
    if order.cluster is not None and order.backend != "dask":
        raise BadInput(f"--cluster {order.cluster}: only --backend dask has a cluster")
    if order.workers is not None:
        check_range("--workers", order.workers, 1, MOST_WORKERS, "a number of workers")


def _run(study: Study, out: Path, order: Order) -> Results:
    from papertiger.experiments.run.runner import run_experiment  # noqa: PLC0415 - slow to import

    with _bar(order) as progress:
        return run_experiment(
            study,
            out,
            workers=order.workers,
            backend=order.backend,  # type: ignore[arg-type]  # checked above
            cluster=order.cluster,
            fresh=order.fresh,
            progress=progress,
        )


@contextmanager
def _bar(order: Order) -> Iterator[Callable[[Progress], None] | None]:
    """Show how far it is, how fast it goes and what is left, on a terminal's standard error only."""
    terminal = console(error=True)
    if order.quiet or not terminal.is_terminal:
        yield None
        return
    from rich import progress as bars  # noqa: PLC0415 - only on a terminal

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[rate]}"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=terminal, transient=True) as shown:
        bar = shown.add_task("runs", total=None, rate="")

        def update(now: Progress) -> None:
            made = now.done - now.before
            rate = f"{made / now.seconds:,.0f}/s" if made and now.seconds > 0 else ""
            failed = f", {now.errors:,} failed" if now.errors else ""
            shown.update(bar, completed=now.done, total=now.total, rate=rate, description=f"runs{failed}")

        yield update


def _tell_failures(results: Results) -> None:
    """Say how many runs failed, and why the first ones did."""
    if not results.manifest.errors:
        return
    reasons: dict[str, int] = {}
    for rows in results.batches(["error"]):
        for reason, count in rows.loc[rows["error"] != "", "error"].value_counts().items():
            reasons[str(reason)] = reasons.get(str(reason), 0) + int(count)
    tell(f"{results.manifest.errors:,} of {results.manifest.rows:,} runs failed; their rows say why:")
    for reason, count in sorted(reasons.items(), key=lambda item: -item[1])[:MOST_ERRORS_SHOWN]:
        tell(printable(f"  {count:,} x {reason}"))


def _report(results: Results, order: Order) -> None:
    from papertiger.experiments.report.page import answer, write_report  # noqa: PLC0415 - slow to import

    file = write_report(results)
    if not order.quiet:
        for line in answer(results):
            say(printable(line))
        say(printable(f"Report: {file}"))
