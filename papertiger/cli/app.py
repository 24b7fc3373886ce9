"""The command line's commands and options; what each does lives in a module of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from papertiger.cli.console import BadInput, answering, prepare_streams, say, show_warnings, silence_stdout, tell
from papertiger.cli.interrupts import INTERRUPTS


class Commands(TyperGroup):
    """The commands, with one answer to bad input, to Ctrl-C and to a reader that has gone."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command and turn its failures into one clear line and an exit code."""
        try:
            return super().invoke(ctx)
        except BadInput as error:
            tell(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            INTERRUPTS.heard()
            tell("stopped by Ctrl-C; nothing half-written was left behind")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            silence_stdout()
            raise typer.Exit(1) from None
        except MemoryError:
            tell("there is not enough memory for this")
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "An agent-based laboratory about alliance defection: when does a client state stop believing in its "
        "patron, and what happens to the rest of the network when it does? "
        "The model is an argument, not evidence."
    ),
)

ScenarioName = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or the path of a scenario file."),
]
DrawsFolder = Annotated[
    Path | None,
    typer.Option("--posterior", metavar="DIR", help="Folder that 'calibrate' wrote [default: shipped draws]."),
]
CalibrationName = Annotated[
    str, typer.Argument(metavar="FILE", help="Path of a calibration file, or name of a shipped one.")
]
Parent = Annotated[
    str, typer.Option("--from", metavar="PARENT", help="Scenario to start from: a shipped name or a path.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Seed = Annotated[
    int, typer.Option("--seed", metavar="S", help="Seed of the draws: the same seed gives the same run.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one value of the scenario, such as forgetting=0.97 or war.after=ends. Repeatable.",
    ),
]


def _use_dialect(excel: str | None) -> None:
    """Let the command write its tables for a spreadsheet."""
    from papertiger.cli.inputs import use_dialect  # noqa: PLC0415 - slow to import

    use_dialect(excel)


Excel = Annotated[
    str | None,
    typer.Option(
        "--excel",
        metavar="LANGUAGE",
        callback=_use_dialect,
        expose_value=False,
        help="Write tables for Excel of a language: de has semicolons and decimal commas.",
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from papertiger import __version__  # noqa: PLC0415 - looked up only when asked for

        say(f"papertiger {__version__}")
        raise typer.Exit


@app.callback()
def _every_command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave."),
    ] = False,
) -> None:
    del version  # its callback has done all there is to do


@app.command("list")
def list_scenarios(
    as_json: AsJson = False,
    experiments: Annotated[
        bool, typer.Option("--experiments", help="List the shipped experiments, with what each asks.")
    ] = False,
) -> None:
    """List the shipped scenarios: name, title, span, mode, and whose twin each is."""
    from papertiger.cli import list as catalogue  # noqa: PLC0415

    if experiments:
        catalogue.list_experiments(as_json)
    else:
        catalogue.list_scenarios(as_json)


@app.command()
def check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Files of any kind, or names of shipped ones."),
    ],
) -> None:
    """Check files of any kind, and print every mistake with its file, line and key."""
    from papertiger.cli.check import check as run_command  # noqa: PLC0415

    run_command(files)


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new scenario; its file is NAME.yaml.")],
    parent: Parent,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write it into.")] = Path(),
) -> None:
    """Write a commented scenario that extends another one, to start from."""
    from papertiger.cli.new import new as run_command  # noqa: PLC0415

    run_command(name, parent, out)


@app.command()
def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="A scenario: a shipped name or a path.")],
    two: Annotated[str, typer.Argument(metavar="B", help="The scenario to compare it with.")],
    as_json: AsJson = False,
) -> None:
    """Show what differs between two scenarios, with everything they inherit."""
    from papertiger.cli.diff import diff as run_command  # noqa: PLC0415

    run_command(one, two, as_json)


@app.command()
def compare(
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
    _excel: Excel = None,
) -> None:
    """Run scenarios with the same luck and say what is different, with intervals."""
    from papertiger.cli import compare as contrasting  # noqa: PLC0415

    contrasting.compare(
        contrasting.Order(scenarios=tuple(scenarios), runs=runs, seed=seed, at=at, as_json=as_json, out=out)
    )


@app.command()
def events(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Spreadsheet of events, one a row, saved as CSV.")],
    parent: Parent = "partners_2020",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.yaml", help="Scenario to write; else it is printed.")
    ] = None,
) -> None:
    """Turn a spreadsheet of events into a scenario.

    The columns are id and the keys of an event: date, kind, client, news, intensity, what, source and so on.
    Rows are checked like a scenario file.
    """
    from papertiger.cli.new import events as run_command  # noqa: PLC0415

    run_command(file, parent, out)


@app.command()
def run(
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
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Write the data only.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
    _excel: Excel = None,
) -> None:
    """Run a scenario month by month, and write its data and figures."""
    from papertiger.cli import run as running  # noqa: PLC0415

    running.run(
        running.Order(
            scenario=scenario, runs=runs, seed=seed, months=months, settings=tuple(settings or ()), out=out,
            as_json=as_json, figures=not no_figures, quiet=quiet, engine=engine,
        )
    )  # fmt: skip


@app.command()
def experiment(
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
            metavar="here|processes|dask",
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
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", metavar="N", help="Runs per scenario and point, in place of the file's."),
    ] = None,
    points: Annotated[
        int | None, typer.Option("--points", metavar="N", help="Points of the design, in place of the file's.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
    _excel: Excel = None,
) -> None:
    """Run an experiment, or what is missing of it, and write its report.

    Stopped or killed, it goes on when it is started again: what is finished stays.
    """
    from papertiger.cli import experiment as experimenting  # noqa: PLC0415

    experimenting.experiment(
        experimenting.Order(
            file=file, workers=workers, backend=backend, cluster=cluster, out=out, fresh=fresh,
            report=not no_report, replicates=replicates, points=points, quiet=quiet,
        )
    )  # fmt: skip


@app.command()
def calibrate(
    file: CalibrationName = "partners_2020",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder of results [default: results/calibrate_NAME].")
    ] = None,
    points: Annotated[
        int | None, typer.Option("--points", metavar="N", help="Points of each sequence, in place of the file's.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Remove what a calibration left in the folder, and begin anew.")
    ] = False,
    abc: Annotated[
        bool,
        typer.Option(
            "--abc",
            help="Learn the mechanisms under 'patterns' by simulation instead; needs the extra 'abc'. Minutes.",
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """Learn the free parameters of the nested models from observed postures; the likelihood is exact.

    Stopped or killed, it goes on when it is started again: what is finished stays.
    """
    from papertiger.cli import calibrate as calibrating  # noqa: PLC0415
    from papertiger.cli import simulating  # noqa: PLC0415

    order = calibrating.Order(file=file, out=out, points=points, fresh=fresh, quiet=quiet, as_json=as_json)
    if abc:
        simulating.learn(order)
    else:
        calibrating.calibrate(order)


@app.command()
def score(
    file: CalibrationName = "partners_2020",
    observed: Annotated[
        Path | None,
        typer.Option("--observed", metavar="FILE", help="Later observations, or those of another coder."),
    ] = None,
    events: Annotated[
        Path | None, typer.Option("--events", metavar="FILE", help="Later events, in the form of a scenario's.")
    ] = None,
    forecast: Annotated[
        Path | None, typer.Option("--forecast", metavar="FILE", help="An archived forecast to score beside the rest.")
    ] = None,
    posterior: DrawsFolder = None,
    placebos: Annotated[
        int, typer.Option("--placebos", metavar="N", help="Worlds that are wrong on purpose, of each kind.")
    ] = 19,
    multiverse: Annotated[
        bool, typer.Option("--multiverse", help="Also other codings, signal weights and variants. Takes minutes.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder of results [default: results/score_NAME].")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score the nested models on half-years they were not learned from, against baselines, with intervals."""
    from papertiger.cli import score as scoring  # noqa: PLC0415

    scoring.score(
        scoring.Order(
            file=file, observed=observed, events=events, forecast=forecast, posterior=posterior, placebos=placebos,
            multiverse=multiverse, out=out, as_json=as_json,
        )
    )  # fmt: skip


@app.command()
def validate(
    file: CalibrationName = "partners_2020",
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE.md", help="The page to write; its figures go beside it.")
    ] = Path("results/validation/validation.md"),
    placebos: Annotated[
        int, typer.Option("--placebos", metavar="N", help="Worlds that are wrong on purpose, of each kind.")
    ] = 39,
    posterior: DrawsFolder = None,
) -> None:
    """Write the page on validation: the verdict first, then all that it rests on. Takes some minutes."""
    from papertiger.cli.validate import validate as run_command  # noqa: PLC0415

    run_command(file, out, placebos, posterior)


@app.command()
def forecast(
    file: CalibrationName = "partners_2020",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="File to write [default: results/forecast_NAME_DATE.json]."),
    ] = None,
    last: Annotated[
        str, typer.Option("--last", metavar="HALF-YEAR", help="The last half-year to forecast.")
    ] = "2027H2",
    runs: Annotated[int, typer.Option("--runs", metavar="N", help="Runs for each path of the war.")] = 10_000,
    date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Date of the forecast [default: today].")
    ] = None,
    posterior: DrawsFolder = None,
    as_json: AsJson = False,
) -> None:
    """Forecast each client's posture in half-years that nobody has seen, into a file to archive and score later."""
    from papertiger.cli import forecast as forecasting  # noqa: PLC0415

    forecasting.forecast(
        forecasting.Order(file=file, out=out, last=last, runs=runs, date=date, posterior=posterior, as_json=as_json)
    )


@app.command()
def explain(
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
        Path | None, typer.Option("--figure", metavar="FILE.png", help="Draw the ledger as a waterfall, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain why a client believes what it believes: which events moved it, and by how much."""
    from papertiger.cli.explain import explain as run_command  # noqa: PLC0415

    run_command(scenario, client, start, end, seed, settings or [], figure, as_json)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results of an experiment.")],
    as_json: AsJson = False,
    _excel: Excel = None,
) -> None:
    """Write the report of an experiment: one page that opens anywhere, with figures and tables beside it."""
    from papertiger.cli.report import report as run_command  # noqa: PLC0415

    run_command(folder, as_json)


@app.command()
def reference(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Shipped experiments [default: all].")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Replace the frozen tables by what the model gives now.")
    ] = False,
    where: Annotated[Path, typer.Option("--in", metavar="DIR", help="Folder of the frozen tables.")] = Path(
        "results/reference"
    ),
) -> None:
    """Compare the shipped experiments, at few replicates, with their frozen tables, and say which results moved."""
    from papertiger.cli.reference import reference as run_command  # noqa: PLC0415

    run_command(names or [], where, write)


@app.command()
def schema(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="scenario, experiment, calibration or observed.")],
) -> None:
    """Print the JSON Schema of a kind of file, for editors that check while one types."""
    from papertiger.cli.check import schema as run_command  # noqa: PLC0415

    run_command(what)


@app.command()
def play(
    scenario: ScenarioName,
    lan: Annotated[
        bool, typer.Option("--lan", help="Let other machines on your networks join; nothing sent is encrypted.")
    ] = False,
    port: Annotated[int, typer.Option("--port", metavar="N", help="First port to try; 0 takes any.")] = 8000,
    language: Annotated[str, typer.Option("--language", metavar="de|en", help="Language of the pages.")] = "en",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the facilitator's page.")] = True,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Of the game, under results/games; the scenario's if blank.")
    ] = "",
    new: Annotated[bool, typer.Option("--new", help="Begin a new game beside those of the same name.")] = False,
    address: Annotated[
        str,
        typer.Option("--address", metavar="HOST[:PORT]", help="What the wall shows, if it is not of this machine."),
    ] = "",
) -> None:
    """Let a class play a scenario from its own browsers; a game that was begun goes on where it was.

    In place of a scenario, the file of a game that was exported is taken in and played on.
    """
    from papertiger.cli.play import play as run_command  # noqa: PLC0415

    run_command(scenario, lan=lan, port=port, language=language, browser=browser, name=name, new=new, address=address)


@app.command()
def rehearse(
    scenario: ScenarioName,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder to leave it in [default: results/games/SCENARIO-rehearsal-seedS]."
        ),
    ] = None,
    language: Annotated[str, typer.Option("--language", metavar="de|en", help="Language of the review.")] = "en",
    games: Annotated[
        int,
        typer.Option(
            "--games", metavar="N", help="Count what comes of N games; the first of them is shown and kept."
        ),
    ] = 1,
    _excel: Excel = None,
) -> None:
    """Play a whole game with nobody in any seat, print what a class would read, and leave the review to look at."""
    from papertiger.cli import rehearse as rehearsing  # noqa: PLC0415

    rehearsing.rehearse(rehearsing.Order(scenario=scenario, seed=seed, out=out, language=language, games=games))


def main() -> None:
    """Run the command line and leave with its exit code."""
    prepare_streams()
    show_warnings()
    INTERRUPTS.install()
    # What a command draws goes into files, whatever this names for windows or notebooks.
    os.environ["MPLBACKEND"] = "agg"
    code: Any = 0
    try:
        app(prog_name="papertiger")
    except SystemExit as left:
        INTERRUPTS.heard()
        code = left.code
    except BadInput as error:  # from an option that answers before any command
        tell(str(error))
        code = 2
    try:
        with answering():
            sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
        code = code or 1
    except BadInput as error:
        tell(str(error))
        code = code or 2
    sys.exit(code)
