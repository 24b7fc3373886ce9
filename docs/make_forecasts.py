"""Write the tables of `docs/forecasts.md`: what is asked, when each question is decided, and what was published.

Run ``uv run python docs/make_forecasts.py`` after a forecast was published, or after a change of what its calibration
declares; with ``--check`` it only tells whether the page is stale. What stands between the markers
``<!-- table: NAME -->`` and ``<!-- end of table -->`` is replaced. Questions of a published forecast are told as its
file tells them, and only the next one's come from the calibration.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from page_blocks import table, update

from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.forecast.archive import Forecast, read_forecast
from papertiger.experiments.history.forecast.declaration import Declaration
from papertiger.experiments.history.forecast.published import LIST, published
from papertiger.experiments.history.forecast.questions import ASKS, VOID, decided_by, questions
from papertiger.experiments.history.observed.periods import (
    first_month,
    last_month,
    period_name,
    period_number,
    periods_between,
)
from papertiger.experiments.phrases import listed
from papertiger.scenarios.schema.values import POSTURES

PAGE = Path(__file__).with_name("forecasts.md")
FOLDER = Path(__file__).parent.parent / "forecasts"
CALIBRATION = "partners_2026"
BLOCK = re.compile(r"(<!-- table: (?P<name>[a-z ]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


@cache
def problem() -> CalibrationProblem:
    """Return the calibration that forecasts are published from."""
    return load_problem(CALIBRATION)


def declaration() -> Declaration:
    """Return what it declares."""
    declared = problem().plan.forecast
    if declared is None:
        raise SystemExit(f"{CALIBRATION} declares nothing of its forecasts")
    return declared


def periods() -> tuple[str, ...]:
    """Return the half-years that are asked about."""
    first = period_name(period_number(problem().postures.periods[-1]) + 1)
    return periods_between(first, declaration().last)


def question() -> str:
    """Return the question in words."""
    asks = ASKS.format(
        patron=problem().scenario.patron.name, client="CLIENT", period="HALF-YEAR", postures=", ".join(POSTURES)
    )
    return f"> {asks}\n"


def when() -> str:
    """Return when the questions of each half-year are decided."""
    counts = sum(one.scored for one in questions(problem(), periods()[:1]))
    rows = [
        (
            period,
            f"{first_month(period)} to {last_month(period)}",
            decided_by(period, declaration().decided_within),
            str(counts),
        )
        for period in periods()
    ]
    return table(("half-year", "months", "coded by", "questions that count"), rows)


def who() -> str:
    """Return who decides, and from what."""
    return f"**Who.** {declaration().decided_by}\n\n**From what.** {declaration().decided_from}\n\n**Void.** {VOID}\n"


def clients() -> str:
    """Return where each client stands at the origin, and whether it counts."""
    postures = problem().postures
    asked = {one.client: one for one in questions(problem(), periods()[:1])}
    rows = [
        (
            client,
            POSTURES[int(postures.posture[-1, column])],
            "yes" if asked[client].scored else f"no: {asked[client].unscored_because}",
        )
        for column, client in enumerate(postures.clients)
    ]
    return table(("client", f"coded at the end of {postures.periods[-1]}", "counts"), rows)


def rule() -> str:
    """Return the coding rule in words."""
    observed = problem().observed
    shown = observed.rule
    rows = [(name, cell(one.what)) for name, one in observed.indicators.items()]
    lines = [
        f"Levels are added up: from {shown.hedging} on a client is hedging, from {shown.distancing} on distancing.",
        f"It is suspended where {in_words(shown.suspended)}.",
        f"It is realigned where {in_words(shown.realigned)}.",
    ]
    return table(("indicator", "levels"), rows) + "\n" + " ".join(lines) + "\n"


def in_words(conditions: Sequence[Mapping[str, int]]) -> str:
    """Return conditions, one of which is enough."""
    each = (listed([f"{name} is at {least} or more" for name, least in one.items()]) for one in conditions)
    return ", or ".join(each)


def weights() -> str:
    """Return the weights of the paths of the war."""
    declared = declaration()
    rows = [
        (path, f"{one.weight:.2f}", f"{one.range[0]:.2f} to {one.range[1]:.2f}", cell(one.why))
        for path, one in declared.weights.items()
    ]
    source = declared.source or ()
    named = "; ".join((source,) if isinstance(source, str) else source)
    head = table(("the war", "weight", "range", "why"), rows)
    return f"{head}\nDeclared on {declared.declared}. {declared.why}\n\nSources: {named}.\n"


def published_files() -> str:
    """Return what was published, with the hash of each file and what it says."""
    listed_files = published(FOLDER)
    if not listed_files:
        return "Nothing has been published yet.\n"
    rows = [(name, written) for name, written in listed_files.items()]
    parts = [table(("file", "SHA-256"), rows)]
    parts += [_said(name, read_forecast(FOLDER / name)) for name in listed_files]
    return "\n".join(parts)


def _said(name: str, forecast: Forecast) -> str:
    """Return the likeliest posture of each client in each half-year, by the mixture."""
    assert forecast.mixture is not None
    best = np.argmax(forecast.mixture, axis=2)
    rows = [
        (
            client,
            *(
                f"{POSTURES[best[row, column]]} {forecast.mixture[row, column, best[row, column]]:.2f}"
                for row in range(len(forecast.periods))
            ),
        )
        for column, client in enumerate(forecast.clients)
    ]
    head = (
        f"`{name}`, made on {forecast.made} from the end of {forecast.origin}: the likeliest posture and its "
        "probability, by the mixture. The file says all five, by path of the war, too, and what the baselines say."
    )
    return f"{head}\n\n{table(('client', *forecast.periods), rows)}"


def cell(text: str) -> str:
    """Return text that cannot break out of its cell."""
    return " ".join(text.split()).replace("|", "\\|")


BLOCKS: dict[str, Callable[[], str]] = {
    "question": question,
    "when": when,
    "who": who,
    "clients": clients,
    "rule": rule,
    "weights": weights,
    "published": published_files,
}


def render(text: str) -> str:
    """Return the page with fresh tables."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found['name']]()}\n{found[3]}", text)


if __name__ == "__main__":
    if not (FOLDER / LIST).is_file():
        raise SystemExit(f"{FOLDER}: expected {LIST}, the list of published forecasts")
    sys.exit(update(PAGE, render, "make_forecasts"))
