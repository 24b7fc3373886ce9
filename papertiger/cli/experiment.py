"""Run the command `experiment`: run what is missing of an experiment, then write its report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, printable, say, tell
from papertiger.cli.inputs import check_range
from papertiger.cli.options import Excel, Imports, Light, Quiet
from papertiger.cli.progress import Show, preparing_model, progress

if TYPE_CHECKING:
    from papertiger.experiments.run.results import Results
    from papertiger.experiments.run.runner import Progress

BACKENDS = ("here", "processes", "dask")
MAX_WORKERS = 1_000
MAX_ERRORS_SHOWN = 3


def experiment_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Path of an experiment file, or name of a shipped experiment.")
    ],
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="How many at a time [default: all cores].")
    ] = None,
    backend: Annotated[
        str,
        typer.Option(
            "--backend",
            metavar="|".join(BACKENDS),
            help="Threads of this process, processes, or a Dask cluster. The rows are the same.",
        ),
    ] = "here",
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster", metavar="ADDRESS", help="Scheduler of a Dask cluster [default: one of this machine]."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder of results [default: results/NAME].")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Remove what an experiment left in the folder, and begin anew.")
    ] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write the rows only.")] = False,
    light: Light = False,
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", metavar="N", help="Runs per scenario and point, in place of the file's."),
    ] = None,
    points: Annotated[
        int | None, typer.Option("--points", metavar="N", help="Points of the design, in place of the file's.")
    ] = None,
    quiet: Quiet = False,
    _excel: Excel = None,
    _imports: Imports = None,
) -> None:
    """Run an experiment, or what is missing of it, and write its report.

    Stopped or killed, it goes on when it is started again: what is finished stays.
    """
    if backend not in BACKENDS:
        raise BadInput(f"--backend {backend}: expected one of {', '.join(BACKENDS)}")
    if cluster is not None and backend != "dask":
        raise BadInput(f"--cluster {cluster}: only --backend dask has a cluster")
    if workers is not None:
        check_range("--workers", workers, 1, MAX_WORKERS, "a number of workers")
    from papertiger.experiments.design.loader import load_study
    from papertiger.experiments.errors import BackendError, ExperimentError, FolderError
    from papertiger.experiments.precise import run_to_precision
    from papertiger.model.plugins import PluginError
    from papertiger.model.rules.own import RuleError

    try:
        study = load_study(file, replicates=replicates, points=points)
        folder = out or Path("results") / study.experiment.name
        with progress(preparing_model(), quiet=quiet) as show:
            results = run_to_precision(
                study,
                folder,
                workers=workers,
                backend=backend,
                cluster=cluster,
                fresh=fresh,
                progress=None if quiet else lambda now: _show(now, show),
            )
    except (ExperimentError, FolderError, BackendError, RuleError, PluginError) as error:
        raise BadInput(str(error)) from None
    if not quiet:
        _tell_failures(results)
        say(printable(f"{results.manifest.rows:,} runs in {folder}"))
    if not no_report:
        _report(results, quiet=quiet, light=light)


def _show(now: Progress, show: Show) -> None:
    """Show how far an experiment is, and how fast it goes."""
    finished = now.done - now.before
    rate = f", {finished / now.seconds:,.0f}/s" if finished and now.seconds > 0 else ""
    failed = f", {now.errors:,} failed" if now.errors else ""
    show(f"runs{rate}{failed}", now.done, now.total)


def _tell_failures(results: Results) -> None:
    """Say how many runs failed, and why the first ones did."""
    if not results.manifest.errors:
        return
    reasons: dict[str, int] = {}
    for rows in results.batches(["error"]):
        for reason, count in rows.loc[rows["error"] != "", "error"].value_counts().items():
            reasons[str(reason)] = reasons.get(str(reason), 0) + int(count)
    tell(f"{results.manifest.errors:,} of {results.manifest.rows:,} runs failed; their rows say why:")
    for reason, count in sorted(reasons.items(), key=lambda item: -item[1])[:MAX_ERRORS_SHOWN]:
        tell(printable(f"  {count:,} x {reason}"))


def _report(results: Results, *, quiet: bool, light: bool) -> None:
    from papertiger.experiments.report.page import answer, write_report

    with progress("report", quiet=quiet):
        file = write_report(results, light=light)
    if not quiet:
        for line in answer(results):
            say(printable(line))
        say(printable(f"Report: {file}"))
