"""Say what a thing explains, and for whom: every client's posture with it and without it, under the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from papertiger.experiments.figures import ablation as figures
from papertiger.experiments.phrases import counted, digits_apart, level_in_words, listed, signed
from papertiger.experiments.report.document import Chapter, Picture, Table

if TYPE_CHECKING:
    from papertiger.experiments.design.schema import Ablation
    from papertiger.experiments.report.numbers import Findings
    from papertiger.experiments.statistics.paired import PairedDifference

NOTABLE = 0.25
"""From this part of a rung on a thing is said to explain where a client stands."""
AVERAGE = "average"


@dataclass(frozen=True)
class Shift:
    """Hold how far a thing moves one client, or their average.

    Attributes
    ----------
    client
        As people call it.
    without, having
        Mean rung without the thing, and with it.
    difference, low, high
        Mean paired difference, with less without, and its interval; the ends are the difference where every pair of
        runs comes to the same.
    clear
        Whether the interval leaves out zero.
    differs
        Share of the pairs of runs that end on another rung.
    """

    client: str
    without: float
    having: float
    difference: float
    low: float
    high: float
    clear: bool
    differs: float

    @property
    def notable(self) -> bool:
        """Tell whether it is a good part of a rung, and not chance."""
        return self.clear and abs(self.difference) >= NOTABLE

    @property
    def written(self) -> str:
        """Return the difference with its interval."""
        digits = digits_apart(self.low, self.high, 2) if self.low != self.high else 2
        size = signed(self.difference, digits)
        return size if self.low == self.high else f"{size} [{signed(self.low, digits)}, {signed(self.high, digits)}]"


@dataclass(frozen=True)
class Explained:
    """Hold what one thing explains.

    Attributes
    ----------
    ablation
        As the experiment asks for it.
    shifts
        One a client, the largest first.
    average
        Over all clients, run by run.
    pairs
        How many pairs of runs were compared.
    """

    ablation: Ablation
    shifts: tuple[Shift, ...]
    average: Shift
    pairs: int

    @cached_property
    def moved(self) -> list[Shift]:
        """Return the clients that it moves by a good part of a rung."""
        return [one for one in self.shifts if one.notable]

    @cached_property
    def nudged(self) -> list[Shift]:
        """Return the clients that it moves by less, though not by chance."""
        return [one for one in self.shifts if one.clear and not one.notable]

    @cached_property
    def unmoved(self) -> list[Shift]:
        """Return the clients of which no difference can be told from chance."""
        return [one for one in self.shifts if not one.clear]


def explained(findings: Findings) -> list[Explained]:
    """Return what each ablation of an experiment shows, in the file's order.

    Parameters
    ----------
    findings
        Of the experiment.
    """
    several = []
    for ablation in findings.experiment.ablations:
        shifts, here, there = [], [], []
        for name in findings.experiment.rungs(ablation.at):
            part: Any = findings.experiment.measures[name]
            matrices = findings.matrices(name)
            one, two = matrices[ablation.without], matrices[findings.experiment.labels[0]]
            here.append(one)
            there.append(two)
            paired = findings.paired(one, two)
            if paired is not None:
                shifts.append(_shift(findings.words.client(part.client), paired))
        whole = findings.paired(np.mean(here, axis=0), np.mean(there, axis=0))
        if whole is not None and shifts:
            shifts.sort(key=lambda one: -abs(one.difference))
            several.append(Explained(ablation, tuple(shifts), _shift(AVERAGE, whole), whole.n))
    return several


def _shift(client: str, paired: PairedDifference) -> Shift:
    ends = (paired.low, paired.high) if paired.alike is None else (paired.difference, paired.difference)
    clear = paired.verdict in ("higher", "lower")
    return Shift(client, paired.mean_a, paired.mean_b, paired.difference, *ends, clear, paired.changed)


def in_words(shown: Explained, when: str, level: float) -> str:
    """Return in a few sentences what a thing explains, for whom, and for whom it does not.

    Parameters
    ----------
    shown
        What was explained.
    when
        The moment as a clause.
    level
        Of the intervals.
    """
    thing, count = shown.ablation.of, len(shown.shifts)
    sentences = []
    how = f"mean rung from 0, loyal, to 4, realigned, with {level_in_words(level)} intervals"
    if shown.moved:
        told = "; ".join(
            f"{one.client} is at {one.without:.2f} without it and at {one.having:.2f} with it, {one.written}"
            for one in shown.moved
        )
        others = count - len(shown.moved)
        alone = f", and of none of the {others} others" if others else ""
        sentences.append(
            f"{_start(thing)} explains, by a quarter of a rung or more, the posture of "
            f"{listed([one.client for one in shown.moved])} {when}{alone} ({how}): {told}."
        )
    else:
        sentences.append(
            f"{_start(thing)} explains the posture of no client {when}: it moves none of {count} by a quarter of a "
            "rung."
        )
    if shown.nudged:
        told = ", ".join(f"{one.client} {signed(one.difference, _digits(one))}" for one in shown.nudged)
        sentences.append(
            f"It moves {len(shown.nudged)} by less than a quarter of a rung, though not by chance: {told}."
        )
    still = [one.client for one in shown.unmoved if one.differs == 0.0]
    unclear = [one.client for one in shown.unmoved if one.differs > 0.0]
    if unclear:
        sentences.append(f"No difference can be told from chance for {listed(unclear)}.")
    if still:
        sentences.append(f"Not one of {shown.pairs:,} pairs of runs differs for {listed(still)}.")
    sentences.append(f"Over all {count} it comes to {shown.average.written} of a rung on average.")
    return " ".join(sentences)


def _digits(one: Shift) -> int:
    """Return digits enough to write what is more than nothing as more than zero."""
    return next((digits for digits in (2, 3, 4) if round(one.difference, digits) != 0.0), 5)


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def headline(findings: Findings, shown: list[Explained]) -> list[str]:
    """Return what the report says first: of each ablation that the file marks as a headline.

    Parameters
    ----------
    findings, shown
        Of the experiment, and as `explained` gives it.
    """
    return [
        in_words(one, findings.words.when(one.ablation.at), findings.level) for one in shown if one.ablation.headline
    ]


def chapter(findings: Findings, shown: list[Explained], origin: str) -> Chapter:
    """Return the chapter with the figure, the table and what the other ablations come to.

    Parameters
    ----------
    findings, shown
        As for `headline`.
    origin
        Where the numbers come from, for the figure.
    """
    rows = pd.DataFrame(
        [
            {
                "of": one.ablation.of,
                "without_scenario": one.ablation.without,
                "at": one.ablation.at,
                "client": shift.client,
                "mean_without": shift.without,
                "mean_with": shift.having,
                "difference": shift.difference,
                "low": shift.low,
                "high": shift.high,
                "clear": shift.clear,
                "notable": shift.notable,
                "pairs_that_differ": shift.differs,
            }
            for one in shown
            for shift in (*one.shifts, one.average)
        ]
    )
    moments = list(dict.fromkeys(findings.words.when(one.ablation.at) for one in shown))
    figure = figures.shifts(
        rows.assign(of=[f"what {name} adds" for name in rows["of"]]),
        "What explains where each client stands?",
        f"{findings.experiment.title} — mean rung with it less without it, {listed(moments)}, under the same luck",
        origin,
    )
    clients = list(dict.fromkeys(rows["client"]))
    cells = []
    for client in clients:
        here = {
            one.ablation.without: shift
            for one in shown
            for shift in (*one.shifts, one.average)
            if shift.client == client
        }
        having = next(iter(here.values())).having
        cells.append([client, f"{having:.2f}", *(here[one.ablation.without].written for one in shown)])
    table = Table(
        "ablations",
        f"Mean rung of each client {listed(moments)}, and what each thing adds to it: with it less without it, with "
        f"{level_in_words(findings.level)} intervals, each for itself",
        ("Client", "Mean rung", *(_start(one.ablation.of) for one in shown)),
        cells,
        rows,
    )
    text = [
        in_words(one, findings.words.when(one.ablation.at), findings.level)
        for one in shown
        if not one.ablation.headline
    ]
    picture = Picture(
        "ablations",
        figure,
        "Right of the line: with it the client stands farther from its patron than without it. Filled: the interval "
        "leaves out zero. What two things add need not add up, since each is taken away alone.",
        f"Dot plots of {counted(len(clients), 'row')} by {counted(len(shown), 'ablation')}; the numbers are in the "
        "table below.",
    )
    return Chapter("What explains where each client stands", text, [picture], [table])
