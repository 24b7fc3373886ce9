"""Measure what tends to happen in the lessons, and write it between the markers of their pages.

Run ``uv run python docs/measure_lessons.py`` after a change of the model or of a game; with names of pages only those
are written. It takes some minutes for a small game and half an hour for the whole network. With ``--check`` it only
tells which pages are stale. What the first table of a page holds is what ``papertiger rehearse SCENARIO --games N``
prints; the second one plays the first of those games again, with the same luck and orders of one seat. The third is
what ``papertiger balance SCENARIO`` prints.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from page_blocks import table, update

from papertiger import scenarios
from papertiger.model.rules.choice import SUSPENDED
from papertiger.scenarios import Scenario
from papertiger.wargame.balance.grid import Grid, play_grid
from papertiger.wargame.balance.verdict import bounds
from papertiger.wargame.balance.words import answer
from papertiger.wargame.engine.tendency import HEADINGS, Tendency, row_of, sentences, share, tendency
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.setup import game_of, schedule_of

FOLDER = Path(__file__).parent / "teaching"
BLOCK = re.compile(r"(<!-- measured: (?P<lesson>\w+) -->\n).*?(<!-- end of measured -->)", re.DOTALL)
BALANCE = re.compile(r"(<!-- balance: (?P<lesson>\w+) -->\n).*?(<!-- end of balance -->)", re.DOTALL)
LUCKS = 30


class Decision(NamedTuple):
    """What one seat does, the same in every game: orders by turn, where 0 stands for every turn."""

    what: str
    seat: str
    orders: dict[int, list[dict[str, object]]]


class Lesson(NamedTuple):
    """A lesson: its scenario, whom its second table is about, what is decided there, how many games count."""

    scenario: str
    clients: tuple[str, ...]
    decisions: tuple[Decision, ...]
    games: int = 100
    paired: int = 20


def respond(answer: str, *clients: str) -> list[dict[str, object]]:
    """Return the patron's answer to crises of some clients."""
    return [{"do": "respond", "client": client, "answer": answer} for client in clients]


LESSONS = {
    "havana": Lesson(
        "havana_2026",
        ("Cuba", "Nicaragua"),
        (
            Decision("Moscow promises Havana help, every turn", "patron", {0: respond("help", "Cuba")}),
            Decision("Moscow does nothing for Havana", "patron", {0: respond("nothing", "Cuba")}),
            Decision(
                "Beijing raises its offer to Havana, every turn",
                "rival:China",
                {0: [{"do": "offer", "client": "Cuba"}]},
            ),
            Decision("Havana stays loyal", "client:Cuba", {0: [{"do": "posture", "posture": "loyal"}]}),
        ),
    ),
    "caracas": Lesson(
        "venezuela_2026",
        ("Venezuela", "Cuba"),
        (
            Decision("Moscow helps Caracas in January", "patron", {1: respond("help", "Venezuela")}),
            Decision("Moscow does nothing for Caracas in January", "patron", {1: respond("nothing", "Venezuela")}),
            Decision("Moscow promises Havana help, every turn", "patron", {0: respond("help", "Cuba")}),
            Decision("Caracas stays loyal", "client:Venezuela", {0: [{"do": "posture", "posture": "loyal"}]}),
        ),
    ),
    "south_caucasus": Lesson(
        "armenia_2020_2025",
        ("Armenia", "Kazakhstan"),
        (
            Decision("Moscow promises Yerevan help, every turn", "patron", {0: respond("help", "Armenia")}),
            Decision("Moscow promises help in turn 5 alone", "patron", {5: respond("help", "Armenia")}),
            Decision("Moscow mediates, every turn", "patron", {0: respond("mediation", "Armenia")}),
            Decision("Moscow does nothing, every turn", "patron", {0: respond("nothing", "Armenia")}),
        ),
    ),
    "eastern_europe": Lesson(
        "eastern_europe_1989",
        ("East Germany", "Hungary", "Romania"),
        (
            Decision("Moscow promises East Berlin help, every turn", "patron", {0: respond("help", "East Germany")}),
            Decision("Moscow promises help in turn 3 alone", "patron", {3: respond("help", "East Germany")}),
            Decision(
                "Moscow does nothing for the three",
                "patron",
                {0: respond("nothing", "East Germany", "Hungary", "Romania")},
            ),
            Decision(
                "Bonn raises its offers to East Berlin and Budapest, every turn",
                "rival:West Germany",
                {0: [{"do": "offer", "client": name} for name in ("East Germany", "Hungary")]},
            ),
            Decision("Budapest stays loyal", "client:Hungary", {0: [{"do": "posture", "posture": "loyal"}]}),
        ),
    ),
    "whole_network": Lesson(
        "whole_network",
        ("Armenia", "Iran", "Venezuela"),
        (
            Decision("Moscow promises Yerevan and Tehran help", "patron", {0: respond("help", "Armenia", "Iran")}),
            Decision(
                "Moscow promises Yerevan and Caracas help", "patron", {0: respond("help", "Armenia", "Venezuela")}
            ),
            Decision(
                "Moscow has words for all three", "patron", {0: respond("words", "Armenia", "Iran", "Venezuela")}
            ),
            Decision(
                "Moscow does nothing for the three", "patron", {0: respond("nothing", "Armenia", "Iran", "Venezuela")}
            ),
        ),
        games=1000,
        paired=100,
    ),
}
"""By the name of the page."""


def sheets_of(decision: Decision, scenario: Scenario) -> tuple[tuple[Sheet, ...], ...]:
    """Return a decision as the sheets of each turn."""
    found = []
    for turn in range(1, schedule_of(scenario).turns + 1):
        orders = decision.orders.get(turn, decision.orders.get(0))
        sheet = {"seat": decision.seat, "turn": turn, "orders": orders}
        found.append((Sheet.model_validate(sheet),) if orders else ())
    return tuple(found)


def outcome(what: str, found: Tendency, clients: Sequence[str]) -> tuple[str, ...]:
    """Return the row of a decision: credibility, and what each client believes and does, after play."""
    ends = {one.client: one for one in found.clients}
    told = (f"{ends[name].protection:.2f}, {share(sum(ends[name].after[SUSPENDED:]))}" for name in clients)
    return (what, f"{found.after[1]:.2f}", *told)


def measured(lesson: Lesson) -> str:
    """Return the tables of a lesson's page in Markdown."""
    games, paired = lesson.games, lesson.paired
    scenario = scenarios.load(lesson.scenario)
    found = tendency(scenario, games)
    seated = game_of(scenario).seats.clients
    decided = [("the rules decide everything", tendency(scenario, paired))]
    decided += [(one.what, tendency(scenario, paired, sheets=sheets_of(one, scenario))) for one in lesson.decisions]
    headings = ("decision", "credibility", *(f"{name}: protection, suspended or beyond" for name in lesson.clients))
    return (
        f"{found.games} games with nobody in any seat, here the clients that have one; "
        f"`papertiger rehearse {lesson.scenario} --games {games}` prints them all.\n\n"
        f"{table(HEADINGS, [row_of(one) for one in found.clients if one.client in seated])}\n"
        f"{' '.join(sentences(found))}\n\n"
        "What the decision of one seat changes, with the same luck and all else left to the rules, in the first "
        f"{paired} of these games (`docs/measure_lessons.py`):\n\n"
        f"{table(headings, [outcome(what, one, lesson.clients) for what, one in decided])}"
    )


def balanced(lesson: Lesson) -> str:
    """Return what the strategies of a lesson's seats come to, in Markdown."""
    grid = play_grid(scenarios.load(lesson.scenario), LUCKS, workers=os.cpu_count() or 1)
    return told(grid)


def told(grid: Grid) -> str:
    """Return what a grid came to, as it stands on a lesson's page."""
    command = f"papertiger balance {grid.scenario}" + (
        "" if len(grid.lucks) == LUCKS else f" --lucks {len(grid.lucks)}"
    )
    return f"{len(grid.lucks)} lucks; `{command}` prints it.\n\n{answer(grid, bounds(grid))}"


def render(page: str, lesson: Lesson) -> str:
    """Return a lesson's page with fresh measurements."""
    text = measured(lesson)
    page = BLOCK.sub(lambda block: f"{block[1]}\n{text}\n{block[3]}", page)
    if BALANCE.search(page) is None:
        return page
    balance = balanced(lesson)
    return BALANCE.sub(lambda block: f"{block[1]}\n{balance}\n{block[3]}", page)


def main() -> int:
    """Write the measurements, or tell which pages are stale."""
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or list(LESSONS)
    return max(
        update(FOLDER / f"{name}.md", lambda page, lesson=LESSONS[name]: render(page, lesson), "measure_lessons")
        for name in wanted
    )


if __name__ == "__main__":
    sys.exit(main())
