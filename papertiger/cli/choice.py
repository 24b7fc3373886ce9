"""Say for `explain --choice` why a client moved, or why it did not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.folder import write_whole

if TYPE_CHECKING:
    from papertiger.model.agents.choices import Choice
    from papertiger.model.run import Run


def choices_of_client(runs: list[Run], client: str) -> list[list[Choice]]:
    """Return the choices of a client in each of some runs."""
    return [[choice for choice in run.choice_list if choice.client == client] for run in runs]


def explain_choice(runs: list[Run], client: str, month: str | None, *, as_json: bool, figure: Path | None) -> None:
    """Say what a client weighed in a month, of the first run, and how often it moved over all runs.

    Parameters
    ----------
    runs
        The runs, with numbers of their own.
    client, month
        Who, and when; a blank month takes the one in which a move was likeliest.
    as_json, figure
        Print one document instead; draw the choice into a file.
    """
    every = choices_of_client(runs, client)
    mine = every[0]
    if not mine:
        raise BadInput(f"{client} is never in the network in these months, so that it chooses nothing")
    wanted = [choice for choice in mine if month in (None, choice.month)]
    if not wanted:
        raise BadInput(f"--month {month}: {client} is not in the network then")
    choice = max(wanted, key=lambda one: one.chance_of_moving)
    if figure is not None:
        from papertiger.experiments.figures import style
        from papertiger.experiments.figures.choice import of_choice

        write_whole("--figure", figure, lambda partial: style.save(of_choice(choice), partial))
    if as_json:
        document(_machine_readable(runs, every, choice))
    else:
        _in_words(runs, every, choice, chosen_for_the_reader=month is None)


def _machine_readable(runs: list[Run], every: list[list[Choice]], choice: Choice) -> dict[str, Any]:
    from dataclasses import asdict

    from papertiger.experiments.report.choice import chance_ever

    moved = [sum(one.chosen != one.posture for one in mine) for mine in every]
    return {
        "scenario": runs[0].scenario.name,
        "seed": runs[0].seed,
        "runs": len(runs),
        "choice": {**asdict(choice), "chance_of_moving": choice.chance_of_moving},
        "chance_of_ever_moving": chance_ever(every[0]),
        "share_of_runs_that_moved": sum(number > 0 for number in moved) / len(runs),
    }


def _in_words(runs: list[Run], every: list[list[Choice]], choice: Choice, *, chosen_for_the_reader: bool) -> None:
    from papertiger.experiments.phrases import TERM_WORDS
    from papertiger.experiments.report.choice import chance_ever, held_by, in_words, tips_in_words
    from papertiger.scenarios.schema.values import POSTURES

    first = runs[0]
    say(printable(f"{first.scenario.title}, seed {first.seed}: why {choice.client} moves, or why not"))
    say(printable(in_words(choice)))
    if chosen_for_the_reader:
        say("No other month of the run had a higher chance of a move; --month shows any.")
    shown = [name for name in TERM_WORDS if any(abs(rung.terms[name]) > 1e-9 for rung in choice.rungs)]
    columns = [("term", "left"), *((POSTURES[rung.posture], "right") for rung in choice.rungs)]
    rows = [[TERM_WORDS[name], *(f"{rung.terms[name]:+.3f}" for rung in choice.rungs)] for name in shown]
    rows.append(["utility in all", *(f"{rung.utility:+.3f}" for rung in choice.rungs)])
    rows.append(["chance, if it reviews", *(f"{100 * rung.chance:.1f} %" for rung in choice.rungs)])
    rows.append(["chance this month", *_this_month(choice)])
    table(None, columns, rows)
    say(printable(held_by(choice)))
    for line in tips_in_words(choice):
        say(printable(f"- {line}"))
    say()
    mine = every[0]
    span = f"from {mine[0].month} to {mine[-1].month}"
    say(
        printable(
            f"Over the whole run, {span}, it {_times(mine)}. Standing each month where it stood, the chance "
            f"that it moved at all was {100 * chance_ever(mine):.0f} %."
        )
    )
    if len(runs) > 1:
        moved = sum(any(one.chosen != one.posture for one in mine) for mine in every)
        ends = sum(mine[-1].chosen > mine[0].posture for mine in every if mine)
        say(
            printable(
                f"Over {len(runs)} runs: it moved at all in {moved}, and ended farther from the patron than it began "
                f"in {ends}."
            )
        )
    say("The model is an argument, not evidence.")


def _this_month(choice: Choice) -> list[str]:
    """Return the chance of each rung this month; staying also comes of not reviewing."""
    return [
        f"{100 * (choice.review * rung.chance + (1 - choice.review) * (rung.posture == choice.posture)):.1f} %"
        for rung in choice.rungs
    ]


def _times(mine: list[Choice]) -> str:
    moved = [one for one in mine if one.chosen != one.posture]
    if not moved:
        return "never moved"
    from papertiger.scenarios.schema.values import POSTURES

    steps = ", ".join(f"{one.month} to {POSTURES[one.chosen]}" for one in moved[:4])
    more = f" and {len(moved) - 4} more" if len(moved) > 4 else ""
    return f"moved {len(moved)} times ({steps}{more})" if len(moved) > 1 else f"moved once ({steps})"
