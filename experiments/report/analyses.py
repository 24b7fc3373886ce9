"""The further analyses of an experiment, each as figures, tables and a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from papertiger.experiments.figures import convergence as convergence_figure
from papertiger.experiments.figures import discovery as discovery_figure
from papertiger.experiments.figures import sensitivity as sensitivity_figure
from papertiger.experiments.figures import survival as survival_figure
from papertiger.experiments.report.document import Chapter, Picture, Table
from papertiger.experiments.statistics import convergence, discovery, sensitivity
from papertiger.experiments.statistics import survival as times
from papertiger.experiments.statistics.sweep import AnalysisError, Sweep, sweep

if TYPE_CHECKING:
    from papertiger.experiments.design.schema import Analysis
    from papertiger.experiments.report.comparisons import Illustrator
    from papertiger.experiments.report.numbers import Findings, Matrix

MOST_PANELS = 8
SHARE_OF_DIFFERENCE = 0.2
"""Tolerance of the headline where the file gives none: its difference is known to a fifth of itself."""


class Analyst:
    """Carries out the analyses of an experiment.

    Parameters
    ----------
    findings, illustrator
        The numbers, and the words and origins of figures.
    """

    def __init__(self, findings: Findings, illustrator: Illustrator) -> None:
        self.findings, self.words, self.illustrator = findings, findings.words, illustrator
        self.experiment = findings.experiment

    def chapters(self) -> list[Chapter]:
        """Return a chapter for each analysis; one that cannot be made says why."""
        makers: dict[str, Callable[[Analysis, str], Chapter]] = {
            "survival": self._survival,
            "incidence": self._incidence,
            "sobol": self._sobol,
            "morris": self._morris,
            "prim": self._prim,
            "convergence": self._convergence,
        }
        chapters = []
        used: dict[str, int] = {}
        for analysis in self.experiment.analyses:
            name = f"{analysis.kind}_{analysis.measure}".replace(".", "_")
            used[name] = used.get(name, 0) + 1
            name = name if used[name] == 1 else f"{name}_{used[name]}"
            try:
                chapters.append(makers[analysis.kind](analysis, name))
            except AnalysisError as error:
                short = self.words.measure(analysis.measure).short
                chapters.append(
                    Chapter(f"{TITLES[analysis.kind]}: {short}", [f"This analysis could not be made: {error}."])
                )
        return chapters

    def _scenarios(self, analysis: Analysis) -> list[str]:
        return [analysis.scenario] if analysis.scenario else list(self.experiment.labels)

    def _times(self, measure: str, scenario: str) -> tuple[Matrix, Matrix]:
        time, event = (self.findings.matrices(name)[scenario].ravel() for name in (measure, f"{measure}:event"))
        there = np.isfinite(time) & np.isfinite(event)
        if not there.any():
            raise AnalysisError(f"no run of {scenario} has a time")
        return time[there], event[there]

    def _survival(self, analysis: Analysis, name: str) -> Chapter:
        short = self.words.measure(analysis.measure).short
        samples = {scenario: self._times(analysis.measure, scenario) for scenario in self._scenarios(analysis)}
        tables = {scenario: times.kaplan_meier(*sample) for scenario, sample in samples.items()}
        horizon = max(float(time.max()) for time, _ in samples.values())
        part: Any = self.experiment.measures[analysis.measure]
        title = f"How long until {self.words.client(part.client)} is {part.posture} or beyond"
        figure = survival_figure.curves(
            {self.words.scenario(scenario): table for scenario, table in tables.items()},
            title,
            self.experiment.title,
            self.illustrator.origin,
            horizon=horizon,
            event="it has not happened yet",
        )
        first, *others = samples
        rows, data = [], []
        for scenario, (time, event) in samples.items():
            table = tables[scenario]
            low = table[table["survival"] <= 0.5]
            median = f"{low['time'].iloc[0]:.0f} months" if len(low) else "not reached"
            test = times.log_rank(time, event, *samples[first]) if scenario in others else None
            shown = "baseline" if test is None else f"z = {test.statistic:.2f}, p {_p(test.p)}".replace("-", "−")
            rows.append([self.words.scenario(scenario), f"{100 * event.mean():.1f} %", median, shown])
            numbers = (math.nan, math.nan) if test is None else tuple(test)
            data.append((scenario, float(event.mean()), len(time), *numbers))
        caption = f"{short}: how often, how soon, and the log-rank test against {self.words.scenario(first)}"
        summary = Table(
            name,
            caption,
            ("Scenario", "It happens in", "Median time", "Log-rank test"),
            rows,
            pd.DataFrame(data, columns=["scenario", "share", "runs", "log_rank_z", "log_rank_p"]),
        )
        curves = pd.concat([table.assign(scenario=scenario) for scenario, table in tables.items()])
        text = [
            "The curve is the share of runs in which it has not happened yet (Kaplan–Meier). Runs end where the "
            "scenario ends or, at a regime loss, with the regime. The log-rank test takes the scenarios for "
            "independent and so errs on the side of no difference; the paired comparison above uses the shared luck."
        ]
        alt = "Survival curves. " + " ".join(f"{row[0]}: happens in {row[1]}, median {row[2]}." for row in rows)
        picture = Picture(name, figure, "Bands are 95 % intervals; below, how many runs are still at risk.", alt)
        curve_table = Table(f"{name}_curves", "", (), (), curves)
        return Chapter(f"{TITLES['survival']}: {short}", text, [picture], [summary, curve_table])

    def _incidence(self, analysis: Analysis, name: str) -> Chapter:
        short = self.words.measure(analysis.measure).short
        where = analysis.destination
        if where is None:
            raise AnalysisError("it needs the measure that says where the client went (destination)")
        panels: dict[str, dict[str, pd.DataFrame]] = {}
        frames, horizon = [], 0.0
        rows = self.findings.results.frame(["scenario", analysis.measure, f"{analysis.measure}:event", where])
        for scenario in self._scenarios(analysis):
            here = rows[(rows["scenario"] == scenario) & rows[analysis.measure].notna()]
            if here.empty:
                raise AnalysisError(f"no run of {scenario} has a time")
            happened = here[f"{analysis.measure}:event"].to_numpy(dtype=float) == 1
            goal = here[where].fillna("").astype(str).to_numpy(dtype=object)
            cause = np.where(happened, np.where(goal == "", "nobody yet", goal), "")
            time = here[analysis.measure].to_numpy(dtype=float)
            horizon = max(horizon, float(time.max()))
            gone = times.cumulative_incidence(time, cause)
            panels[self.words.scenario(scenario)] = {
                str(key): part.reset_index(drop=True) for key, part in gone.groupby("destination", sort=False)
            }
            frames.append(gone.assign(scenario=scenario))
        if not any(panels.values()):
            raise AnalysisError("in no run has it happened")
        figure = survival_figure.incidence(
            panels, f"Where to: {short}", self.experiment.title, self.illustrator.origin, horizon=horizon
        )
        text = [
            "Destinations compete: the curves of one panel add up to the share of runs in which it has happened "
            "(Aalen–Johansen). “nobody yet” has suspended its ties without turning to anyone."
        ]
        last = pd.concat(frames).groupby(["scenario", "destination"], sort=False)["incidence"].last()
        said = [[self.words.scenario(str(k[0])), str(k[1]), f"{100 * v:.1f} %"] for k, v in last.items()]  # type: ignore[index]
        table = Table(
            name,
            f"{short}: where to, by the end",
            ("Scenario", "Destination", "Share of runs"),
            said,
            pd.concat(frames),
        )
        alt = "Step curves. " + " ".join(f"{row[0]}: {row[1]} {row[2]}." for row in said)
        picture = Picture(name, figure, "Share of runs that have gone to each destination by then.", alt)
        return Chapter(f"{TITLES['incidence']}: {short}", text, [picture], [table])

    def _sweep(self, measure: str, scenario: str) -> Sweep:
        names = [f"x:{name}" for name in self.findings.points.columns]
        frame = self.findings.results.frame(["scenario", "point", "replicate", *names, measure])
        return sweep(frame, measure, scenario)

    def _most(self, text: str, scenario: str, top: list[str]) -> str:
        """Return which factors matter most, as a sentence."""
        named = f"{', '.join(top[:-1])} and {top[-1]}" if len(top) > 1 else top[0]
        return f"Under “{self.words.scenario(scenario)}” what matters most for {text} is {named}."

    def _noise(self, swept: Sweep) -> str:
        if swept.replicates < 2:
            return "There is one replicate for each point, so chance counts as part of the factors' interactions."
        share = 100 * swept.noise_share
        rest = f"Chance left over after {swept.replicates} replicates"
        return f"{rest} makes {share:.0f} % of the variance between points."

    def _sobol(self, analysis: Analysis, name: str) -> Chapter:
        words = self.words.measure(analysis.measure)
        design = self.experiment.design
        chapter = Chapter(f"{TITLES['sobol']}: {words.short}")
        for scenario in self._scenarios(analysis):
            swept = self._sweep(analysis.measure, scenario)
            second = design is not None and design.second_order
            found = sensitivity.sobol(swept.factors, swept.values, second_order=second, seed=self.experiment.seed)
            here = name if len(self._scenarios(analysis)) == 1 else f"{name}_{scenario}"
            shown = found.assign(factor=[self.words.factor(factor) for factor in found["factor"]])
            top = shown.sort_values("ST", ascending=False, kind="stable").head(3)["factor"]
            title = f"Which uncertain numbers decide {words.text}"
            figure = sensitivity_figure.sobol(shown, title, self.words.scenario(scenario), self.illustrator.origin)
            most = self._most(words.text, scenario, list(top))
            chapter.finding = chapter.finding or most
            chapter.text.append(f"{most} {self._noise(swept)}")
            ordered = found.sort_values("ST", ascending=False, kind="stable")
            rows = [
                [
                    self.words.factor(row["factor"]),
                    *(f"{row[a]:.3f} ± {row[f'{a}_conf']:.3f}".replace("-", "−") for a in ("S1", "ST")),
                ]
                for row in ordered.to_dict("records")
            ]
            caption = f"Sobol indices of {words.short}, with 95 % intervals"
            chapter.tables.append(
                Table(here, caption, ("Factor", "Alone (first order)", "With interactions (total)"), rows, found)
            )
            chapter.pictures.append(
                Picture(here, figure, "Shares of the variance of the result over the ranges that were looked at.",
                        f"Bars of Sobol indices; the largest total indices are those of {', '.join(top)}.")
            )  # fmt: skip
        return chapter

    def _morris(self, analysis: Analysis, name: str) -> Chapter:
        words = self.words.measure(analysis.measure)
        design = self.experiment.design
        chapter = Chapter(f"{TITLES['morris']}: {words.short}")
        for scenario in self._scenarios(analysis):
            swept = self._sweep(analysis.measure, scenario)
            levels = (design.levels if design is not None else None) or 4
            # An elementary effect is one of a share of the range, so the steps are those in the unit cube.
            unit = self.findings.results.points.unit
            steps = swept.points if unit is None else unit
            found = sensitivity.morris(swept.factors, steps, swept.values, levels=levels, seed=self.experiment.seed)
            here = name if len(self._scenarios(analysis)) == 1 else f"{name}_{scenario}"
            scale = words.unit.scale
            shown = found.assign(
                factor=[self.words.factor(factor) for factor in found["factor"]],
                **{column: found[column] * scale for column in ("mu_star", "mu_star_conf", "sigma")},
            )
            top = shown.sort_values("mu_star", ascending=False, kind="stable").head(3)["factor"]
            title = f"Which uncertain numbers move {words.text}"
            figure = sensitivity_figure.morris(
                shown, title, self.words.scenario(scenario), self.illustrator.origin, words.unit.axis
            )
            most = self._most(words.text, scenario, list(top))
            chapter.finding = chapter.finding or most
            chapter.text.append(f"{most} {self._noise(swept)}")
            ordered = shown.sort_values("mu_star", ascending=False, kind="stable")
            rows = [
                [row["factor"], f"{row['mu_star']:.3f} ± {row['mu_star_conf']:.3f}", f"{row['sigma']:.3f}"]
                for row in ordered.to_dict("records")
            ]
            caption = f"Elementary effects on {words.short}, in {words.unit.axis}"
            chapter.tables.append(Table(here, caption, ("Factor", "Mean size (μ*)", "Spread (σ)"), rows, found))
            chapter.pictures.append(
                Picture(here, figure, "What a factor does over its range; a large spread: interactions or bends.",
                        f"Bars of elementary effects; the largest are those of {', '.join(top)}.")
            )  # fmt: skip
        return chapter

    def _prim(self, analysis: Analysis, name: str) -> Chapter:
        words = self.words.measure(analysis.measure)
        if analysis.threshold is None:
            raise AnalysisError("it needs a threshold")
        side = "above" if analysis.above else "below"
        happens = f"{words.short} {side} {words.unit.written(analysis.threshold)}"
        chapter = Chapter(f"{TITLES['prim']}: {happens}")
        for scenario in self._scenarios(analysis):
            swept = self._sweep(analysis.measure, scenario)
            outcome = swept.values > analysis.threshold if analysis.above else swept.values < analysis.threshold
            points = pd.DataFrame(swept.points, columns=[self.words.factor(factor) for factor in swept.factors])
            here = name if len(self._scenarios(analysis)) == 1 else f"{name}_{scenario}"
            found = discovery.prim(points, outcome)
            title = self.words.scenario(scenario)
            if found.empty:
                chapter.text.append(
                    f"{title}: no region stands out; it happens in {100 * outcome.mean():.0f} % of the points."
                )
                continue
            order = np.minimum(found["quasi_p_low"].fillna(1.0), found["quasi_p_high"].fillna(1.0))
            found = found.assign(order=order).sort_values(["order", "factor"], kind="stable").drop(columns="order")
            ranges = pd.DataFrame(
                {"factor": points.columns, "low": points.min().to_numpy(), "high": points.max().to_numpy()}
            )
            figure = discovery_figure.box(
                points, outcome, found, "Where in the uncertain space it happens", f"{happens} — {title}",
                self.illustrator.origin, happens=happens, ranges=ranges,
            )  # fmt: skip
            limits = "; ".join(
                f"{row['factor']} from {row['low']:.3g} to {row['high']:.3g}" for row in found.to_dict("records")
            )
            one = found.iloc[0]
            said = (
                f"{title}: it happens in {100 * one['base_rate']:.0f} % of all points, and in "
                f"{100 * one['density']:.0f} % of those with {limits}. This box holds {100 * one['coverage']:.0f} % "
                "of all cases."
            )
            chapter.finding = chapter.finding or said
            chapter.text.append(said)
            rows = [
                [
                    row["factor"],
                    f"{row['low']:.3g} to {row['high']:.3g}",
                    f"{row['lowest']:.3g} to {row['highest']:.3g}",
                ]
                for row in found.to_dict("records")
            ]
            chapter.tables.append(
                Table(here, f"Limits of the box ({title})", ("Factor", "In the box", "Varied over"), rows, found)
            )
            caption = "One dot a design point, over the two factors that the box restricts most surely (PRIM)."
            chapter.pictures.append(Picture(here, figure, caption, said))
        return chapter

    def _convergence(self, analysis: Analysis, name: str) -> Chapter:
        return self.settles(analysis.measure, name, analysis.tolerance)

    def settles(self, measure: str, name: str, tolerance: float | None) -> Chapter:
        """Tell whether there are enough replicates for the comparisons on a measure, or for its level."""
        words = self.words.measure(measure)
        series = self._series(measure)
        tables, rows, data = {}, [], []
        for label, values in series.items():
            settling = convergence.running_interval(values)
            tables[label] = settling.assign(
                **{column: settling[column] * words.unit.scale for column in ("mean", "low", "high")}
            )
            mean = abs(float(np.nanmean(values)))
            wanted = tolerance or SHARE_OF_DIFFERENCE * mean
            if wanted <= 0:
                rows.append([label, "0", "–", "all pairs agree", f"{len(values):,}"])
                continue
            verdict = convergence.enough(values, wanted)
            said = "yes" if verdict.enough else f"no: about {verdict.needed:,} are needed"
            half, aim = (words.unit.number(x, words.unit.digits + 1) for x in (verdict.half_width, wanted))
            rows.append([label, half, aim, said, f"{verdict.n:,}"])
            data.append((label, verdict.half_width, wanted, verdict.enough, verdict.needed, verdict.n))
        unit = words.unit.axis
        title = f"Are the replicates enough? {words.short}"
        shown = dict(list(tables.items())[:MOST_PANELS])
        figure = convergence_figure.running(shown, title, self.experiment.title, self.illustrator.origin, unit)
        aim = "the tolerance in the file" if tolerance else "a fifth of the difference itself"
        text = [f"An estimate is taken to be settled when half its interval is within {aim} (in {unit})."]
        table = Table(
            name, f"Half width of the interval and what is aimed at, in {unit}",
            ("Estimate", "Half width", "Aimed at", "Enough?", "Replicates"), rows,
            pd.DataFrame(data, columns=["estimate", "half_width", "tolerance", "enough", "needed", "replicates"]),
        )  # fmt: skip
        alt = "Running means with intervals. " + " ".join(f"{row[0]}: {row[3]}." for row in rows)
        picture = Picture(name, figure, "The estimate and its interval as replicates are added, in their order.", alt)
        return Chapter(f"{TITLES['convergence']}: {words.short}", text, [picture], [table])

    def _series(self, measure: str) -> dict[str, Matrix]:
        """Return a value for each replicate: paired differences of comparisons, or the level of the only scenario."""
        found = self.findings.matrices(measure)
        first = slice(0, 1) if self.findings.one_at_a_time else slice(None)
        pairs = [pair for pair in self.experiment.pairs if measure in pair.measures]
        series = {
            self.illustrator.pair(pair.baseline, pair.against): found[pair.against][first]
            - found[pair.baseline][first]
            for pair in pairs
        }
        series = series or {self.words.scenario(name): matrix[first] for name, matrix in found.items()}
        means = {
            label: np.array([column[np.isfinite(column)].mean() for column in matrix.T if np.isfinite(column).any()])
            for label, matrix in series.items()
        }
        return {label: values for label, values in means.items() if len(values) > 1} or _too_few()


def _too_few() -> dict[str, Matrix]:
    raise AnalysisError("there is one replicate, which tells nothing about chance")


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"


TITLES = {
    "survival": "Time to an event",
    "incidence": "Where they go",
    "sobol": "Sensitivity (Sobol)",
    "morris": "Sensitivity (Morris)",
    "prim": "Scenario discovery",
    "convergence": "Convergence",
}
