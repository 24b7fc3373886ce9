"""Carry out the further analyses of an experiment, each as figures, tables and a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from papertiger.experiments.design.horizon import beyond_horizon
from papertiger.experiments.figures import convergence as convergence_figure
from papertiger.experiments.figures import discovery as discovery_figure
from papertiger.experiments.figures import sensitivity as sensitivity_figure
from papertiger.experiments.phrases import (
    at_least,
    counted,
    level_in_words,
    percent,
    signed,
    true_minus,
)
from papertiger.experiments.report.counting import stream_sweep
from papertiger.experiments.report.document import Chapter, Picture, Table
from papertiger.experiments.report.factors import varied_over
from papertiger.experiments.report.importance import idle_factors, several_named, what_matters
from papertiger.experiments.report.labels import in_unit
from papertiger.experiments.report.times import TITLES, TimeAnalyst, scenarios_of
from papertiger.experiments.statistics import convergence, discovery, sensitivity
from papertiger.experiments.statistics.arguments import AnalysisError
from papertiger.experiments.statistics.intervals import (
    LEVEL,
    ROUNDING,
    all_alike,
    max_differing_share,
    min_alike_share,
)

if TYPE_CHECKING:
    from papertiger.experiments.design.schema import Analysis
    from papertiger.experiments.report.comparisons import Illustrator
    from papertiger.experiments.report.labels import Words
    from papertiger.experiments.report.numbers import Findings, Matrix
    from papertiger.experiments.statistics.sweep import Sweep

MAX_PANELS = 8
NOT_MADE = "This analysis could not be made"
MAX_IDLE = 12
"""Factors that move nothing and are named; the others are counted, and stand in the table."""
SHARE_OF_DIFFERENCE = 0.2
"""Tolerance of the headline where the file gives none: its difference is known to a fifth of itself."""


class Analyst:
    """Carry out the analyses of an experiment.

    Parameters
    ----------
    findings, illustrator
        The numbers, and the words and origins of figures.
    """

    def __init__(self, findings: Findings, illustrator: Illustrator) -> None:
        self.findings, self.words, self.illustrator = findings, findings.words, illustrator
        self.experiment = findings.experiment
        self.times = TimeAnalyst(findings, illustrator)

    def chapters(self) -> list[Chapter]:
        """Return a chapter for each analysis."""
        chapters = []
        used: dict[str, int] = {}
        for analysis in self.experiment.analyses:
            name = f"{analysis.kind}_{analysis.measure}"
            used[name] = used.get(name, 0) + 1
            chapters.append(self.chapter(analysis, name if used[name] == 1 else f"{name}_{used[name]}"))
        return chapters

    def chapter(self, analysis: Analysis, name: str) -> Chapter:
        """Return the chapter of an analysis; if it cannot be made it says why.

        Parameters
        ----------
        analysis, name
            What is asked, and what its files are called.
        """
        makers: dict[str, Callable[[Analysis, str], Chapter]] = {
            "survival": self.times.survival,
            "incidence": self.times.incidence,
            "sobol": self._sobol,
            "morris": self._morris,
            "prim": self._prim,
            "convergence": self._convergence,
        }
        try:
            return makers[analysis.kind](analysis, name.replace(".", "_"))
        except AnalysisError as error:
            short = self.words.measure(analysis.measure).short
            return Chapter(f"{TITLES[analysis.kind]}: {short}", [f"{NOT_MADE}: {error}."])

    def _sweep(self, measure: str, scenario: str) -> Sweep:
        time = self.findings.is_time(measure)
        if time and not self.findings.happens(measure, scenario)[0]:
            raise AnalysisError(f"nothing can be told of times: {self.times.never(measure, [scenario])}".rstrip("."))
        horizon = self.findings.horizon if time else None
        return stream_sweep(self.findings.results, measure, scenario, horizon=horizon)

    def _behind(self, table: pd.DataFrame, measure: str, scenario: str) -> pd.DataFrame:
        """Return a table of an analysis; of a time to an event, with what lies behind its restricted means."""
        if not self.findings.is_time(measure):
            return table
        happens, lost = self.findings.happens(measure, scenario)
        return table.assign(happens=happens, lost_first=lost, horizon=self.findings.horizon)

    def _noise(self, swept: Sweep) -> str:
        if swept.replicates < 2:
            return "There is one replicate for each point, so chance counts as part of the factors' interactions."
        rest = f"Chance left over after {swept.replicates} replicates"
        return f"{rest} makes {percent(swept.noise_share)} of the variance between points."

    def _sobol(self, analysis: Analysis, name: str) -> Chapter:
        words = self.words.measure(analysis.measure)
        design = self.experiment.design
        chapter = Chapter(f"{TITLES['sobol']}: {words.short}")
        for scenario in scenarios_of(analysis, self.experiment):
            swept = self._sweep(analysis.measure, scenario)
            second = design is not None and design.second_order
            indices = sensitivity.sobol(swept.factors, swept.values, second_order=second, seed=self.experiment.seed)
            here = name if len(scenarios_of(analysis, self.experiment)) == 1 else f"{name}_{scenario}"
            shown = indices.assign(factor=[self.words.factor(factor) for factor in indices["factor"]])
            title = f"Which uncertain numbers decide {words.text}"
            figure = sensitivity_figure.sobol(shown, title, self.words.scenario(scenario), self.illustrator.origin)
            most = what_matters(shown, "ST", words.text, self.words.scenario(scenario), "total share of the variance")
            chapter.finding = chapter.finding or most
            chapter.text.append(f"{most}{self.times.behind(analysis.measure, scenario)} {self._noise(swept)}")
            ordered = indices.sort_values("ST", ascending=False, kind="stable")
            rows = [
                [
                    self.words.factor(row["factor"]),
                    *(_with_interval(row[a], row[f"{a}_conf"]) for a in ("S1", "ST")),
                ]
                for row in ordered.to_dict("records")
            ]
            caption = f"Sobol indices of {words.short}, with {level_in_words(LEVEL)} intervals"
            chapter.tables.append(
                Table(
                    here,
                    caption,
                    ("Factor", "Alone (first order)", "With interactions (total)"),
                    rows,
                    self._behind(indices, analysis.measure, scenario),
                )
            )
            chapter.pictures.append(
                Picture(here, figure, "Shares of the variance of the result over the ranges that were looked at.",
                        f"Bars of Sobol indices. {most}")
            )  # fmt: skip
        return chapter

    def _morris(self, analysis: Analysis, name: str) -> Chapter:
        words = self.words.measure(analysis.measure)
        design = self.experiment.design
        chapter = Chapter(f"{TITLES['morris']}: {words.short}")
        for scenario in scenarios_of(analysis, self.experiment):
            swept = self._sweep(analysis.measure, scenario)
            levels = (design.levels if design is not None else None) or 4
            # An elementary effect is one of a share of the range, so the steps are those in the unit cube.
            unit = self.findings.results.points.unit
            steps = swept.points if unit is None else unit
            effects = sensitivity.morris(swept.factors, steps, swept.values, levels=levels, seed=self.experiment.seed)
            here = name if len(scenarios_of(analysis, self.experiment)) == 1 else f"{name}_{scenario}"
            scale = words.unit.scale
            shown = effects.assign(
                factor=[self.words.factor(factor) for factor in effects["factor"]],
                **{column: effects[column] * scale for column in ("mu_star", "mu_star_conf", "sigma")},
            )
            title = f"Which uncertain numbers move {words.text}"
            figure = sensitivity_figure.morris(
                shown, title, self.words.scenario(scenario), self.illustrator.origin, words.unit.axis
            )
            size = f"mean size of its effect over its range, {in_unit(words.unit.axis)}"
            most = what_matters(shown, "mu_star", words.text, self.words.scenario(scenario), size)
            idle = idle_factors(shown, "mu_star")
            if idle:
                what = (
                    f"{counted(len(idle), 'factor')} move it at no step"
                    if len(idle) > 1
                    else "One moves it at no step"
                )
                most = f"{most} {what}: {several_named(sorted(idle), MAX_IDLE)}."
            chapter.finding = chapter.finding or most
            chapter.text.append(f"{most}{self.times.behind(analysis.measure, scenario)} {self._noise(swept)}")
            ordered = shown.sort_values("mu_star", ascending=False, kind="stable")
            rows = [
                [row["factor"], _with_interval(row["mu_star"], row["mu_star_conf"]), f"{row['sigma']:.3f}"]
                for row in ordered.to_dict("records")
            ]
            caption = f"Elementary effects on {words.short}, {in_unit(words.unit.axis)}"
            chapter.tables.append(
                Table(
                    here,
                    caption,
                    ("Factor", "Mean size (μ*)", "Spread (σ)"),
                    rows,
                    self._behind(effects, analysis.measure, scenario),
                )
            )
            chapter.pictures.append(
                Picture(here, figure, "What a factor does over its range; a large spread: interactions or bends.",
                        f"Bars of elementary effects. {most}")
            )  # fmt: skip
        return chapter

    def _prim(self, analysis: Analysis, name: str) -> Chapter:
        words = self.words.measure(analysis.measure)
        if analysis.threshold is None:
            raise AnalysisError("it needs a threshold")
        if self.findings.is_time(analysis.measure):
            wrong = beyond_horizon(analysis.threshold, self.findings.horizon, above=analysis.above)
            if wrong is not None:
                raise AnalysisError(f"threshold: {wrong}")
        side = "above" if analysis.above else "below"
        happens = f"{words.short} {side} {words.unit.written(analysis.threshold)}"
        chapter = Chapter(f"{TITLES['prim']}: {happens}")
        for scenario in scenarios_of(analysis, self.experiment):
            swept = self._sweep(analysis.measure, scenario)
            outcome = swept.values > analysis.threshold if analysis.above else swept.values < analysis.threshold
            points = pd.DataFrame(swept.points, columns=[self.words.factor(factor) for factor in swept.factors])
            here = name if len(scenarios_of(analysis, self.experiment)) == 1 else f"{name}_{scenario}"
            box = discovery.prim(points, outcome)
            title = self.words.scenario(scenario)
            if box.empty:
                none = f"{title}: no region stands out; it happens in {percent(float(outcome.mean()))} of the points."
                chapter.finding = chapter.finding or f"{happens}: {none}"
                chapter.text.append(f"{none}{self.times.behind(analysis.measure, scenario)}")
                continue
            order = np.minimum(box["quasi_p_low"].fillna(1.0), box["quasi_p_high"].fillna(1.0))
            box = box.assign(order=order).sort_values(["order", "factor"], kind="stable").drop(columns="order")
            ranges = self._ranges(swept)
            box = _stretched(box, ranges)
            figure = discovery_figure.box(
                points, outcome, box, "Where in the uncertain space it happens", f"{happens} — {title}",
                self.illustrator.origin, happens=happens, ranges=ranges.reset_index(),
            )  # fmt: skip
            limits = "; ".join(_limits(row) for row in box.to_dict("records"))
            one = box.iloc[0]
            said = (
                f"{title}: it happens in {percent(one['base_rate'])} of all points, and in "
                f"{percent(one['density'])} of those with {limits}. This box holds {percent(one['coverage'])} "
                f"of all points at which it happens.{self.times.behind(analysis.measure, scenario)}"
            )
            chapter.finding = chapter.finding or said
            chapter.text.append(said)
            rows = [
                [
                    row["factor"],
                    f"{row['low']:.3g} to {row['high']:.3g}",
                    f"{row['lowest']:.3g} to {row['highest']:.3g}",
                ]
                for row in box.to_dict("records")
            ]
            chapter.tables.append(
                Table(
                    here,
                    f"Limits of the box ({title})",
                    ("Factor", "In the box", "Varied over"),
                    rows,
                    self._behind(box, analysis.measure, scenario),
                )
            )
            caption = "One dot a design point, over the two factors that the box restricts most surely (PRIM)."
            chapter.pictures.append(Picture(here, figure, caption, said))
        return chapter

    def _ranges(self, swept: Sweep) -> pd.DataFrame:
        """Return what each factor was varied over, by its name in words."""
        varied = [varied_over(self.findings.results, factor) for factor in swept.factors]
        names = pd.Index([self.words.factor(factor) for factor in swept.factors], name="factor")
        return pd.DataFrame({"low": [one.low for one in varied], "high": [one.high for one in varied]}, index=names)

    def _convergence(self, analysis: Analysis, name: str) -> Chapter:
        return self.settles(analysis.measure, name, analysis.tolerance)

    def settles(self, measure: str, name: str, tolerance: float | None) -> Chapter:
        """Tell whether there are enough replicates for the comparisons on a measure, or for its level."""
        words = self.words.measure(measure)
        series = self._series(measure)
        difference = any(measure in pair.measures for pair in self.experiment.pairs)
        tables, rows, data = {}, [], []
        for label, values in series.items():
            if all_alike(values):
                rows.append([label, "–", "–", self._alike(words, values, difference), f"{len(values):,}"])
                continue
            settling = convergence.running_interval(values)
            tables[label] = settling.assign(
                **{column: settling[column] * words.unit.scale for column in ("mean", "low", "high")}
            )
            mean = abs(float(np.nanmean(values)))
            wanted = tolerance or SHARE_OF_DIFFERENCE * mean
            if wanted <= 0:
                rows.append([label, "–", "–", "cannot be told: the mean is 0", f"{len(values):,}"])
                continue
            precision = convergence.enough(values, wanted)
            said = "yes" if precision.enough else f"no: about {precision.needed:,} are needed"
            half, aim = (words.unit.number(x, words.unit.digits + 1) for x in (precision.half_width, wanted))
            rows.append([label, half, aim, said, f"{precision.n:,}"])
            data.append((label, precision.half_width, wanted, precision.enough, precision.needed, precision.n))
        unit = words.unit.axis
        heading = f"{TITLES['convergence']}: {words.short}"
        if not tables:
            alike = [f"{row[0]}: {row[3]} ({counted(len(series[row[0]]), 'replicate')})." for row in rows]
            return Chapter(
                heading, [f"There is no spread from which a number of replicates could be told. {' '.join(alike)}"]
            )
        title = f"Are the replicates enough? {words.short}"
        shown = dict(list(tables.items())[:MAX_PANELS])
        figure = convergence_figure.running(shown, title, self.experiment.title, self.illustrator.origin, unit)
        itself = "difference" if difference else "mean"
        aim = "the tolerance in the file" if tolerance else f"a fifth of the {itself} itself"
        text = [f"An estimate is taken to be settled when half its interval is within {aim} ({in_unit(unit)})."]
        if self.findings.is_time(measure):
            months = counted(self.findings.horizon, "month")
            text.append(f"Times are restricted means: a run in which it does not happen counts with all {months}.")
        table = Table(
            name, f"Half width of the interval and what is aimed at, {in_unit(unit)}",
            ("Estimate", "Half width", "Aimed at", "Enough?", "Replicates"), rows,
            pd.DataFrame(data, columns=["estimate", "half_width", "tolerance", "enough", "needed", "replicates"]),
        )  # fmt: skip
        alt = "Running means with intervals. " + " ".join(f"{row[0]}: {row[3]}." for row in rows)
        picture = Picture(name, figure, "The estimate and its interval as replicates are added, in their order.", alt)
        return Chapter(heading, text, [picture], [table])

    def _alike(self, words: Words, values: Matrix, difference: bool) -> str:
        """Say of values that are all the same what they are, and how sure that is."""
        value = float(np.nanmin(values))
        unit, least = words.unit, at_least(min_alike_share(len(values)))
        if not difference:
            return f"every replicate comes to {unit.written(value)}, so {least} would"
        # Over several points a pair may differ by less or more than the mean of its replicate.
        one = "pair" if self.findings.results.manifest.points == 1 else "replicate's mean"
        if value == 0.0:
            most = f"{100 * max_differing_share(len(values)):.2g}\u202f%"
            return f"no {one} differs, so at most {most} of all would"
        size = f"{signed(value * unit.scale, unit.digits)} {unit.axis}"
        return f"every {one} differs by {size}, so {least} of all would"

    def _never_in_either(self, measure: str, *scenarios: str) -> bool:
        """Tell whether a measure is a time that comes in no run of some scenarios: there is none to average."""
        time = self.findings.is_time(measure)
        return time and not any(self.findings.happens(measure, name)[0] for name in scenarios)

    def _series(self, measure: str) -> dict[str, Matrix]:
        """Return a value for each replicate: paired differences of comparisons, or the level of the only scenario."""
        matrices = self.findings.matrices(measure)
        first = slice(0, 1) if self.findings.one_at_a_time else slice(None)
        pairs = [pair for pair in self.experiment.pairs if measure in pair.measures]
        series = {
            self.illustrator.pair(pair.baseline, pair.against): matrices[pair.against][first]
            - matrices[pair.baseline][first]
            for pair in pairs
            if not self._never_in_either(measure, pair.baseline, pair.against)
        }
        series = series or {
            self.words.scenario(name): matrix[first]
            for name, matrix in matrices.items()
            if not self._never_in_either(measure, name)
        }
        means = {
            label: np.array([column[np.isfinite(column)].mean() for column in matrix.T if np.isfinite(column).any()])
            for label, matrix in series.items()
        }
        if self.findings.is_time(measure) and not any(self.findings.happens(measure, name)[0] for name in matrices):
            raise AnalysisError(f"nothing can be told of times: {self.times.never(measure, matrices)}".rstrip("."))
        return {label: values for label, values in means.items() if len(values) > 1} or _too_few(
            self.findings.size[1]
        )


def _with_interval(index: float, half: float) -> str:
    """Return an index with half its interval; a bootstrap of what is the same at every step makes none."""
    shown = true_minus(f"{index:.3f}")
    return f"{shown}, alike at every step" if half <= ROUNDING * abs(index) else f"{shown} ± {half:.3f}"


def _too_few(replicates: int) -> dict[str, Matrix]:
    if replicates > 1:
        raise AnalysisError("it has a number in fewer than two replicates, which tells nothing about chance")
    raise AnalysisError("there is one replicate, which tells nothing about chance")


def _stretched(limits: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    """Return a box whose open sides reach to the ends of what was varied, and not only to the outermost points."""
    lowest, highest = (limits["factor"].map(ranges[end]) for end in ("low", "high"))
    return limits.assign(
        low=np.where(limits["low"] <= limits["lowest"], np.minimum(lowest, limits["low"]), limits["low"]),
        high=np.where(limits["high"] >= limits["highest"], np.maximum(highest, limits["high"]), limits["high"]),
        lowest=np.minimum(lowest, limits["lowest"]),
        highest=np.maximum(highest, limits["highest"]),
    )


def _limits(row: dict[Any, Any]) -> str:
    """Return the limits of a box in one factor, leaving out the side on which it is not restricted."""
    low, high = row["low"] > row["lowest"], row["high"] < row["highest"]
    if low and not high:
        return f"{row['factor']} of {row['low']:.3g} or more"
    if high and not low:
        return f"{row['factor']} of {row['high']:.3g} or less"
    return f"{row['factor']} from {row['low']:.3g} to {row['high']:.3g}"
