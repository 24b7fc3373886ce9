"""Draw and tabulate a report's results: comparisons, levels, postures, responses to what was varied."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import pandas as pd

from papertiger.experiments.figures import comparison, outcomes, response
from papertiger.experiments.phrases import (
    at_least,
    counted,
    digits_apart,
    effect_in_words,
    level_in_words,
    listed,
    percent,
    saving_in_words,
    signed,
)
from papertiger.experiments.report import responses
from papertiger.experiments.report.document import Picture, Table
from papertiger.experiments.report.numbers import NEVER
from papertiger.experiments.report.sentences import time_in_words
from papertiger.experiments.statistics.intervals import ROUNDING
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from papertiger.experiments.report.labels import Words
    from papertiger.experiments.report.numbers import Findings
    from papertiger.experiments.report.sentences import Contrast

MAX_PANELS = 12
"""Measures in one forest plot, at most."""
MAX_CELLS = 200
CONSTANT = ("no difference", "not comparable")
"""Verdicts that are said and not drawn."""


class Illustrator:
    """Draw what `Findings` found.

    Parameters
    ----------
    findings
        The numbers.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings, self.words = findings, findings.words
        self.experiment = findings.experiment
        points, replicates = findings.size
        many = f"{counted(points, 'design point')} · " if points > 1 else ""
        runs = counted(replicates, "replicate")
        self.origin = f"{self.experiment.name} · seed {self.experiment.seed} · {many}{runs}"

    def pair(self, baseline: str, against: str) -> str:
        """Return a comparison in words, short where all have the same baseline."""
        several = len({contrast.baseline for contrast in self.findings.comparisons}) > 1
        text = self.words.scenario(against)
        return f"{text} − {self.words.scenario(baseline)}" if several else text

    def forest(self) -> list[Picture]:
        """Draw the comparisons in which anything differs, at most a dozen measures to a figure.

        Where not one pair of runs differs, or there is nothing to compare, there is nothing to draw: the caption says
        which measures these are.
        """
        drawn = [part for part in self.findings.comparisons if part.verdict not in CONSTANT]
        measures = [name for name in self.experiment.measures if any(part.measure == name for part in drawn)]
        left_out = [self.words.measure(name).short for name in self._compared if name not in measures]
        alike = f" Not drawn, since no pair of runs differs: {'; '.join(left_out)}." if left_out else ""
        pictures = []
        for start in range(0, len(measures), MAX_PANELS):
            here = measures[start : start + MAX_PANELS]
            rows = pd.DataFrame([self._forest_row(part) for name in here for part in drawn if part.measure == name])
            baselines = {part.baseline for part in drawn}
            subtitle = f"{self.experiment.title} — "
            if len(baselines) == 1:
                subtitle += f"each against “{self.words.scenario(next(iter(baselines)))}”, run by run"
            else:
                subtitle += "the first named less the second, run by run"
            number = f"_{start // MAX_PANELS + 1}" if len(measures) > MAX_PANELS else ""
            pictures.append(
                Picture(
                    f"comparisons{number}",
                    comparison.forest(rows, "What each change does", subtitle, self.origin, self._interval(drawn)),
                    "Each dot is the mean difference between two runs that share all their luck and differ only in "
                    "the scenario. Right of the line: more than in the baseline. Each measure has its own scale. "
                    "A dot without a line: whatever the luck, it comes to the same."
                    f"{alike}",
                    f"Forest plot of {counted(len(rows), 'paired difference')} with intervals; the numbers are in "
                    "the table “Comparisons”.",
                )
            )
        return pictures

    def _interval(self, drawn: list[Contrast]) -> str:
        """Return which intervals a figure draws, and of how many pairs of runs."""
        pairs = sorted({contrast.pairs for contrast in drawn})
        many = f"{pairs[0]:,}" if len(pairs) == 1 else f"{pairs[0]:,} to {pairs[-1]:,}"
        return f"{level_in_words(self.findings.level)} interval ({many} pairs of runs)"

    @property
    def _compared(self) -> list[str]:
        return list(dict.fromkeys(contrast.measure for contrast in self.findings.comparisons))

    def _forest_row(self, contrast: Contrast) -> dict[str, object]:
        words = self.words.measure(contrast.measure)
        scale = words.unit.scale
        return {
            "measure": words.short,
            "unit": words.unit.axis,
            "against": self.pair(contrast.baseline, contrast.against),
            "difference": contrast.difference * scale,
            "low": contrast.low * scale,
            "high": contrast.high * scale,
            "sure": contrast.verdict in ("higher", "lower"),
        }

    def postures(self) -> list[Picture]:
        """Draw where clients stand, if their postures were measured."""
        shares = self.findings.shares
        # Every client without one thing after the other is a figure of its own.
        shares = shares if shares.empty else shares[~shares["measure"].isin(self.experiment.ablated)]
        if shares.empty:
            return []
        rows = shares.assign(
            measure=[self.words.measure(name).short.removeprefix("Rung of ") for name in shares["measure"]],
            scenario=[self.words.scenario(name) for name in shares["scenario"]],
        )
        still = [str(name) for name, part in rows.groupby("measure", sort=False) if _stands_still(part)]
        rows = rows[~rows["measure"].isin(still)]
        if rows.empty:
            return []
        figure = outcomes.bars(rows, "Where the clients stand", self.experiment.title, self.origin)
        caption = "How often each client stands on each rung of the ladder, from loyal to realigned."
        if still:
            caption += f" Not drawn, since every run of every scenario comes to the same rung: {'; '.join(still)}."
        return [Picture("postures", figure, caption, f"Stacked bars: {_posture_words(rows)}")]

    def responses(self) -> list[Picture]:
        """Draw what the measures do as the factors go through their levels."""
        if not self.findings.stepped:
            return []
        measures = self._main_measures(4)
        pictures = []
        rows = _moving(responses.response(self.findings, measures))
        if not rows.empty:
            pictures.append(self._response(rows, "responses", "How results follow what was varied"))
        if len(self.experiment.labels) > 1:
            rows = responses.differences(self.findings, measures)
            rows = rows if rows.empty else _moving(rows)
            if not rows.empty:
                rows["scenario"] = [
                    self.pair(one, two) for one, two in zip(rows["baseline"], rows["against"], strict=True)
                ]
                title = "How the difference between scenarios follows what was varied"
                pictures.append(self._response(rows, "differences", title))
        return [*pictures, *self._maps(measures)]

    def unmoved(self) -> list[str]:
        """Return, in words, the measures whose mean no level of any factor moves; they are said and not drawn."""
        if not self.findings.stepped:
            return []
        measures = self._main_measures(4)
        moved = set(_moving(responses.response(self.findings, measures))["measure"])
        return [self.words.measure(name).short for name in measures if name not in moved]

    def _main_measures(self, most: int) -> list[str]:
        return (self._compared or list(self.experiment.number_measures))[:most]

    def _response(self, rows: pd.DataFrame, name: str, title: str) -> Picture:
        words = {measure: self.words.measure(measure) for measure in rows["measure"].unique()}
        scale = rows["measure"].map(lambda measure: words[measure].unit.scale)
        difference = name == "differences"
        shown = rows.assign(
            unit=rows["measure"].map(
                lambda m: _unit(
                    words[m].unit.axis if difference else words[m].unit.level or words[m].unit.scale_words
                )
            ),
            measure=rows["measure"].map(lambda m: ("Difference: " if difference else "") + words[m].short),
            factor=rows["factor"].map(self.words.factor),
            scenario=rows["scenario"].map(self.words.scenario) if not difference else rows["scenario"],
            **{column: rows[column] * scale for column in ("mean", "low", "high")},
        )
        figure = response.lines(shown, title, self.experiment.title, self.origin)
        others = "the others as the scenario has them" if self.findings.one_at_a_time else "averaged over the others"
        caption = f"Means with intervals at each level of a factor, {others}."
        names = listed(list(shown["factor"].unique()))
        alt = f"Line plots of {counted(len(words), 'measure')} over the levels of {names}."
        return Picture(name, figure, caption, alt)

    def _maps(self, measures: list[str]) -> list[Picture]:
        """Draw the first measure over the grid of the first two or three factors."""
        design, factors = self.experiment.design, self.findings.stepped
        if design is None or design.kind != "grid" or len(factors) < 2 or not measures:
            return []
        measure = measures[0]
        words = self.words.measure(measure)
        points, mean = self.findings.points, self.findings.matrices(measure)[self.experiment.labels[0]].mean(axis=1)
        x, y, *rest = factors
        levels = self.findings.at_level(rest[0]) if rest else {math.nan: points[x].notna().to_numpy()}
        rows = []
        for (level, here), (at_x, in_x), (at_y, in_y) in product(
            levels.items(), self.findings.at_level(x).items(), self.findings.at_level(y).items()
        ):
            inside = here & in_x & in_y
            if inside.any():
                panel = (
                    f"{self.words.factor(rest[0])} {level:g}"
                    if rest
                    else self.words.scenario(self.experiment.labels[0])
                )
                rows.append({"x": at_x, "y": at_y, "panel": panel, "mean": mean[inside].mean() * words.unit.scale})
        if not 4 <= len(rows) <= MAX_CELLS:
            return []
        table = pd.DataFrame(rows)
        table.attrs = {"x": self.words.factor(x), "y": self.words.factor(y)}
        unit = f" ({words.unit.level or words.unit.axis})" if words.unit.level or words.unit.axis else ""
        subtitle = f"{self.experiment.title} — {self.words.scenario(self.experiment.labels[0])}"
        figure = response.heat(table, f"{words.short}{unit}", subtitle, self.origin)
        caption = f"{words.short}{unit} in the baseline, for each combination of levels. The darker, the more."
        return [
            Picture("map", figure, caption, f"Map of {words.short} over {table.attrs['x']} and {table.attrs['y']}.")
        ]

    def comparisons(self) -> Table:
        """Return the comparisons as a table."""
        headings = (
            "Measure", "Scenario", "Mean in it", "Mean in the baseline", "Difference", "Interval",
            *(("Adjusted interval",) if self.findings.read > 1 else ()), "In", "Verdict",
            "Effect size", "Variance saved", "Pairs",
        )  # fmt: skip
        return Table("comparisons", self.comparison_caption(), headings, self._comparison_rows(), self.findings.table)

    def comparison_caption(self) -> str:
        """Return how the columns are to be read."""
        return (
            f"Comparisons, run by run, with {level_in_words(self.findings.level)} intervals, each for itself"
            f"{self._multiplicity()}. Effect size: the difference in standard deviations of the differences between "
            "paired runs. Variance saved: how much smaller the variance of the difference is because both scenarios "
            f"share their luck.{self._times_in_words()}"
        )

    def _multiplicity(self) -> str:
        """Say how many intervals may miss by chance alone, and what the adjusted ones are."""
        read = self.findings.read
        if read < 2:
            return ""
        misses = (1.0 - self.findings.level) * read
        many = f" (of {read}, about {misses:.0f} may miss)" if misses >= 1.0 else ""
        return f"{many}; the adjusted ones hold for all {read} at once (Šidák)"

    def _times_in_words(self) -> str:
        """Say how times are to be read, where there are any."""
        if not any(map(self.findings.is_time, self.experiment.measures)):
            return ""
        return (
            f" Restricted times: where the event does not happen, or the regime is lost first, all "
            f"{counted(self.findings.horizon, 'month')} count; in brackets the share of runs in which it happens."
        )

    def _comparison_rows(self) -> list[list[str]]:
        rows = []
        for contrast in self.findings.comparisons:
            words = self.words.measure(contrast.measure)
            unit = words.unit
            digits = digits_apart(contrast.low * unit.scale, contrast.high * unit.scale, unit.digits)
            difference, low, high = (
                signed(value * unit.scale, digits) if math.isfinite(value) else "–"
                for value in (contrast.difference, contrast.low, contrast.high)
            )
            interval = "–" if low == high == "–" else f"{low} to {high}"
            wide = [f"{signed(v * unit.scale, digits)}" for v in self.findings.adjusted(contrast) if math.isfinite(v)]
            all_at_once = [" to ".join(wide) or "–"] if self.findings.read > 1 else []
            if contrast.alike is not None:
                interval = f"alike in all, so in {at_least(contrast.alike)}"
            means = [
                unit.written(v) if math.isfinite(v) else "–" for v in (contrast.mean_against, contrast.mean_baseline)
            ]
            verdict: str = contrast.verdict
            waiting = contrast.waiting
            if waiting is not None and contrast.pairs:
                shares = (waiting.against, waiting.baseline)
                means = [
                    "never" if share == 0.0 else f"{mean} ({percent(share)})"
                    for mean, share in zip(means, shares, strict=True)
                ]
                if waiting.never:
                    interval = "–"
                    all_at_once = ["–" for _ in all_at_once]
                    difference, low, high, verdict = "–", "–", "–", NEVER
            rows.append(
                [
                    words.short, self.pair(contrast.baseline, contrast.against), *means, difference,
                    interval, *all_at_once, unit.axis, verdict,
                    effect_in_words(contrast.effect_size), saving_in_words(contrast.variance_saved),
                    f"{contrast.pairs:,}",
                ]
            )  # fmt: skip
        return rows

    def levels(self) -> Table:
        """Return means and spreads scenario by scenario."""
        frame = self.findings.levels
        names = list(self.experiment.labels)
        headings = ["Measure", *(self.words.scenario(name) for name in names)]
        rows = []
        for measure, part in frame.groupby("measure", sort=False):
            words = self.words.measure(str(measure))
            cells = [words.short]
            cells += [self._level(words, row) for row in part.set_index("scenario").loc[names].to_dict("records")]
            rows.append(cells)
        caption = f"Mean of each measure in each scenario, and its standard deviation.{self._times_in_words()}"
        return Table("levels", caption.rstrip("."), headings, rows, frame)

    def _level(self, words: Words, row: dict[Any, Any]) -> str:
        """Return the level of a measure in a scenario; of a time with how often there is one."""
        mean, spread, runs = float(row["mean"]), float(row["sd"]), int(row["runs"])
        if not runs:
            return "–"
        if math.isfinite(row.get("happens", math.nan)):
            return time_in_words(mean, spread, row["happens"], row["lost_first"], int(row["horizon"]), runs)
        if spread <= ROUNDING * abs(mean):
            return f"{words.unit.written(mean)} in every run"
        deviation = f" (SD {words.unit.number(spread)})" if math.isfinite(spread) else ""
        return f"{words.unit.written(mean)}{deviation}"

    def data(self) -> list[Table]:
        """Return tables that are written as CSV alone."""
        tables = []
        if not self.findings.shares.empty:
            tables.append(Table("posture_shares", "", (), (), self.findings.shares))
        if self.findings.stepped:
            tables.append(
                Table(
                    "responses", "", (), (), responses.response(self.findings, list(self.experiment.number_measures))
                )
            )
        return tables


def _moving(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of measures that are not the same in every scenario, at every level and in every run."""
    ends = rows[["mean", "low", "high"]]
    still = pd.DataFrame({"measure": rows["measure"], "low": ends.min(axis=1), "high": ends.max(axis=1)})
    reach = still.dropna().groupby("measure").agg({"low": "min", "high": "max"})
    moving = reach.index[reach["low"] < reach["high"]]
    return rows[rows["measure"].isin(moving)]


def _unit(text: str) -> str:
    return {"": "value", "%": "per cent"}.get(text, text)


def _posture_words(rows: pd.DataFrame, most: int = 12) -> str:
    parts: list[str] = []
    rungs: Sequence[str] = [name for name in rows.columns if name not in ("measure", "scenario")]
    for row in rows.head(most).to_dict("records"):
        top = max(rungs, key=lambda rung: row[rung])
        rank = "mostly" if row[top] > 0.5 else "most often"
        parts.append(f"{row['measure']}, {row['scenario']}: {rank} {top} ({percent(float(row[top]))})")
    return "; ".join(parts) + ("; and more." if len(rows) > most else ".")


def _stands_still(part: pd.DataFrame) -> bool:
    """Tell whether every run of every scenario comes to one and the same rung."""
    return any(bool((part[rung] == 1.0).all()) for rung in POSTURES if rung in part)
