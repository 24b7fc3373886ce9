"""Run the command `balance`: play each seat's strategies against each other's, and say whether decisions count."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.inputs import check_place, check_range, load_game
from papertiger.cli.options import MAX_SEED, AsJson, ScenarioName, Seed
from papertiger.cli.progress import progress

if TYPE_CHECKING:
    from papertiger.wargame.balance.grid import Grid
    from papertiger.wargame.balance.verdict import Bound

MAX_LUCKS, MAX_WORKERS = 10_000, 256


def balance_command(
    scenario: ScenarioName,
    lucks: Annotated[
        int, typer.Option("--lucks", metavar="N", help="With how many lucks each pair of strategies is played.")
    ] = 30,
    seed: Seed = 1,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="How many processes [default: one a core].")
    ] = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", metavar="FILE.png", help="Draw the grid into a file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play each seat's strategies against the rules and against each other's, and say whether decisions count.

    Ends with exit code 1 where a bound fails. Some minutes for a lesson of five seats, more for many seats.
    """
    check_range("--lucks", lucks, 2, MAX_LUCKS, "a number of lucks")
    check_range("--seed", seed, 0, MAX_SEED - lucks, "a seed")
    if workers is not None:
        check_range("--workers", workers, 1, MAX_WORKERS, "a number of processes")
    if figure is not None:
        if figure.suffix != ".png":
            raise BadInput(f"--figure {printable(str(figure))}: expected a name that ends in .png")
        check_place(figure)
    world = load_game(scenario)
    from papertiger.wargame.balance.grid import play_grid
    from papertiger.wargame.balance.verdict import bounds
    from papertiger.wargame.balance.words import conclusion, lines

    with progress(f"balancing {scenario}", quiet=as_json) as show:
        grid = play_grid(
            world, lucks, seed, workers=workers or os.cpu_count() or 1, progress=lambda d, n: show("lucks", d, n)
        )
        if figure is not None:
            show("drawing the figure")
            _draw(grid, figure)
    verdicts = bounds(grid)
    if as_json:
        document(_content(grid, verdicts))
    else:
        _show(grid)
        for line in lines(verdicts):
            say(printable(line))
        say(printable(conclusion(verdicts)))
        if figure is not None:
            say(f"Figure in {printable(str(figure))}")
        say("The model is an argument, not evidence.")
    if not all(bound.holds for bound in verdicts):
        raise typer.Exit(1)


def _draw(grid: Grid, target: Path) -> None:
    from papertiger.experiments.figures import style
    from papertiger.experiments.files import write_files
    from papertiger.wargame.balance.figure import balance_figure

    try:
        write_files(target.parent, {target.name: style.png(balance_figure(grid))})
    except OSError as error:
        raise BadInput(f"--figure {printable(str(target))}: cannot write there: {error.strerror}") from None


def _show(grid: Grid) -> None:
    from papertiger.wargame.balance.words import HEADINGS, NOTE, rows

    sides = ("left", "left", "left", "right", "right", "right", "right", "left")
    shown = [place for place, heading in enumerate(HEADINGS) if heading != "does"]
    table(
        f"{grid.title}: {len(grid.lucks)} lucks",
        [(HEADINGS[place], sides[place]) for place in shown],
        [tuple(row[place] for place in shown) for row in rows(grid)],
        caption=NOTE,
    )


def _content(grid: Grid, verdicts: tuple[Bound, ...]) -> dict[str, Any]:
    from papertiger.wargame.balance.verdict import seat_balance

    return {
        "scenario": grid.scenario,
        "lucks": len(grid.lucks),
        "bounds": [{"asks": one.asks, "measured": one.measured, "holds": one.holds} for one in verdicts],
        "seats": {
            seat: {
                name: {
                    "score": one.against_rules[name],
                    "lowest": one.ranges[name][0],
                    "highest": one.ranges[name][1],
                    "best_against": one.best_against[name],
                    "columns": one.columns,
                }
                for name in one.strategies
            }
            for seat in grid.seats
            for one in [seat_balance(grid, seat)]
        },
    }
