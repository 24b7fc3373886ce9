"""The figures and tables of a report's results: comparisons, levels, postures, responses to what was varied."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import pandas as pd

from papertiger.experiments.figures import comparison, outcomes, response
from papertiger.experiments.figures.comparison import signed
from papertiger.experiments.report.document import Picture, Table

if TYPE_CHECKING:
    from papertiger.experiments.report.numbers import Findings
    from papertiger.experiments.report.sentences import Found

MOST_PANELS = 12
"""Measures in one forest plot, at most."""
MOST_CELLS = 200
VERDICTS = {
    "more": "yes",
    "less": "yes",
    "unclear": "not told from chance",
    "same": "none at all",
    "unknown": "cannot be compared",
}


class Illustrator:
    """Draws what `Findings` found.

    Parameters
    ----------
    findings
        The numbers.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings, self.words = findings, findings.words
        self.experiment = findings.experiment
        points, replicates = findings.size
        many = f"{points} design points · " if points > 1 else ""
        self.origin = f"{self.experiment.name} · seed {self.experiment.seed} · {many}{replicates} replicates"

    def pair(self, baseline: str, against: str) -> str:
        """Return a comparison in words, short where all have the same baseline."""
        several = len({found.baseline for found in self.findings.comparisons}) > 1
        text = self.words.scenario(against)
        return f"{text} − {self.words.scenario(baseline)}" if several else text

    def forest(self) -> list[Picture]:
        """Draw all comparisons, at most a dozen measures to a figure."""
        found = [part for part in self.findings.comparisons if part.pairs]
        measures = [name for name in self.experiment.measures if any(part.measure == name for part in found)]
        pictures = []
        for start in range(0, len(measures), MOST_PANELS):
            here = measures[start : start + MOST_PANELS]
            rows = pd.DataFrame([self._forest_row(part) for name in here for part in found if part.measure == name])
            baselines = {part.baseline for part in found}
            subtitle = f"{self.experiment.title} — "
            if len(baselines) == 1:
                subtitle += f"each against “{self.words.scenario(next(iter(baselines)))}”, run by run"
            else:
                subtitle += "the first named less the second, run by run"
            number = f"_{start // MOST_PANELS + 1}" if len(measures) > MOST_PANELS else ""
            pictures.append(
                Picture(
                    f"comparisons{number}",
                    comparison.forest(rows, "What each change does", subtitle, self.origin),
                    "Each dot is the mean difference between two runs that share all their luck and differ only in "
                    "the scenario. Right of the line: more than in the baseline. Each measure has its own scale.",
                    f"Forest plot of {len(rows)} paired differences with intervals; the numbers are in the table "
                    "“Comparisons”.",
                )
            )
        return pictures

    def _forest_row(self, found: Found) -> dict[str, object]:
        words = self.words.measure(found.measure)
        scale = words.unit.scale
        return {
            "measure": words.short,
            "unit": words.unit.axis,
            "against": self.pair(found.baseline, found.against),
            "difference": found.difference * scale,
            "low": found.low * scale,
            "high": found.high * scale,
        }

    def postures(self) -> list[Picture]:
        """Draw where clients stand, if their postures were measured."""
        shares = self.findings.shares
        if shares.empty:
            return []
        rows = shares.assign(
            measure=[self.words.measure(name).short.removeprefix("Rung of ") for name in shares["measure"]],
            scenario=[self.words.scenario(name) for name in shares["scenario"]],
        )
        figure = outcomes.bars(rows, "Where the clients stand", self.experiment.title, self.origin)
        caption = "How often each client stands on each rung of the ladder, from loyal to realigned."
        return [Picture("postures", figure, caption, f"Stacked bars: {_posture_words(rows)}")]

    def responses(self) -> list[Picture]:
        """Draw what the measures do as the factors go through their levels."""
        if not self.findings.stepped:
            return []
        measures = self._main_measures(4)
        pictures = [
            self._response(self.findings.response(measures), "responses", "How results follow what was varied")
        ]
        if len(self.experiment.labels) > 1:
            rows = self.findings.differences(measures)
            if not rows.empty:
                rows["scenario"] = [
                    self.pair(one, two) for one, two in zip(rows["baseline"], rows["against"], strict=True)
                ]
                title = "How the difference between scenarios follows what was varied"
                pictures.append(self._response(rows, "differences", title))
        return [*pictures, *self._maps(measures)]

    def _main_measures(self, most: int) -> list[str]:
        named = [found.measure for found in self.findings.comparisons] or list(self.experiment.number_measures)
        return list(dict.fromkeys(named))[:most]

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
        alt = f"Line plots of {len(words)} measures over the levels of {', '.join(shown['factor'].unique())}."
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
        if not 4 <= len(rows) <= MOST_CELLS:
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
            "Measure", "Scenario", "Mean in it", "Mean in the baseline", "Difference", "Interval", "In",
            "A difference?",
            "Effect size", "Variance saved", "Pairs",
        )  # fmt: skip
        return Table("comparisons", self.comparison_caption(), headings, self._comparison_rows(), self.findings.table)

    def comparison_caption(self) -> str:
        """Return how the columns are to be read."""
        return (
            f"Comparisons, run by run, with {100 * self.findings.level:.0f} % intervals. Effect size: the difference "
            "in standard deviations of the differences between paired runs. Variance saved: how much smaller the "
            "variance of the difference is because both scenarios share their luck."
        )

    def _comparison_rows(self) -> list[list[str]]:
        rows = []
        for found in self.findings.comparisons:
            words = self.words.measure(found.measure)
            unit = words.unit
            signed_numbers = [
                signed(value * unit.scale, unit.digits) if math.isfinite(value) else "–"
                for value in (found.difference, found.low, found.high)
            ]
            means = [unit.written(v) if math.isfinite(v) else "–" for v in (found.mean_against, found.mean_baseline)]
            saved = (
                f"{100 * found.variance_saved:.0f} %".replace("-", "−")
                if math.isfinite(found.variance_saved)
                else "–"
            )
            effect = "–" if math.isnan(found.effect_size) else signed(found.effect_size)
            effect = "every pair alike" if math.isinf(found.effect_size) else effect
            rows.append(
                [
                    words.short, self.pair(found.baseline, found.against), *means, signed_numbers[0],
                    f"{signed_numbers[1]} to {signed_numbers[2]}", unit.axis, VERDICTS[found.verdict], effect, saved,
                    f"{found.pairs:,}",
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
            for _, row in part.set_index("scenario").loc[names].iterrows():
                spread = f" (SD {words.unit.number(row['sd'])})" if math.isfinite(row["sd"]) else ""
                cells.append(f"{words.unit.written(row['mean'])}{spread}" if math.isfinite(row["mean"]) else "–")
            rows.append(cells)
        return Table(
            "levels", "Mean of each measure in each scenario, and its standard deviation", headings, rows, frame
        )

    def data(self) -> list[Table]:
        """Return tables that are written as CSV alone."""
        tables = []
        if not self.findings.shares.empty:
            tables.append(Table("posture_shares", "", (), (), self.findings.shares))
        if self.findings.stepped:
            tables.append(
                Table("responses", "", (), (), self.findings.response(list(self.experiment.number_measures)))
            )
        return tables


def _unit(text: str) -> str:
    return {"": "value", "%": "per cent"}.get(text, text)


def _posture_words(rows: pd.DataFrame, most: int = 12) -> str:
    parts: list[str] = []
    rungs: Sequence[str] = [name for name in rows.columns if name not in ("measure", "scenario")]
    for row in rows.head(most).to_dict("records"):
        top = max(rungs, key=lambda rung: row[rung])
        parts.append(f"{row['measure']}, {row['scenario']}: mostly {top} ({100 * row[top]:.0f} %)")
    return "; ".join(parts) + ("; and more." if len(rows) > most else ".")
