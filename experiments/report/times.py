"""Analyse times to an event: how long it takes, where it leads, and what to say where it never comes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from papertiger.experiments.figures import survival as survival_figure
from papertiger.experiments.phrases import counted, level_in_words, percent, true_minus
from papertiger.experiments.report.counting import count_times
from papertiger.experiments.report.document import Chapter, Picture, Table
from papertiger.experiments.statistics import survival as times
from papertiger.experiments.statistics.arguments import AnalysisError
from papertiger.experiments.statistics.intervals import LEVEL, max_differing_share
from papertiger.model.calendar import month_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.design.schema import Analysis, Experiment
    from papertiger.experiments.report.comparisons import Illustrator
    from papertiger.experiments.report.numbers import Findings

    type Vector = NDArray[np.float64]

LOST_FIRST = "regime lost first"
"""What the loss of a regime is called among destinations, with which it competes."""
TITLES = {
    "survival": "Time to an event",
    "incidence": "Where they go",
    "sobol": "Sensitivity (Sobol)",
    "morris": "Sensitivity (Morris)",
    "prim": "Scenario discovery",
    "convergence": "Convergence",
}


def scenarios_of(analysis: Analysis, experiment: Experiment) -> list[str]:
    """Return the labels of the scenarios that an analysis is about: one, or all."""
    return [analysis.scenario] if analysis.scenario else list(experiment.labels)


class TimeAnalyst:
    """Carry out the analyses of times to an event.

    Parameters
    ----------
    findings, illustrator
        The numbers, and the words and origins of figures.
    """

    def __init__(self, findings: Findings, illustrator: Illustrator) -> None:
        self.findings, self.words, self.illustrator = findings, findings.words, illustrator
        self.experiment = findings.experiment

    def _times(self, measure: str, scenario: str) -> tuple[Vector, Vector, Vector]:
        """Return the restricted times of a scenario, whether the event happened, and in how many runs each."""
        counts = self.findings.time_counts(measure)[scenario]
        if not len(counts.time):
            raise AnalysisError(f"no run of {scenario} has a time")
        time = times.restricted_times(counts.time, counts.event, self.findings.horizon)
        happened = (counts.event == 1) & (counts.time <= self.findings.horizon)
        return time, happened.astype(float), counts.runs

    def survival(self, analysis: Analysis, name: str) -> Chapter:
        """Return how long it takes until the event, scenario by scenario."""
        short, happens = self.words.measure(analysis.measure).short, self.words.happens(analysis.measure)
        heading = f"{TITLES['survival']}: {short}"
        samples = {
            scenario: self._times(analysis.measure, scenario) for scenario in scenarios_of(analysis, self.experiment)
        }
        horizon = self.findings.horizon
        if not any(event.any() for _, event, _ in samples.values()):
            return Chapter(heading, [self.never(analysis.measure, samples)])
        tables = {
            scenario: times.kaplan_meier(time, event, count=count)
            for scenario, (time, event, count) in samples.items()
        }
        title = f"How long until {happens}"
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
        time_first, event_first, count_first = samples[first]
        for scenario, (time, event, count) in samples.items():
            table = tables[scenario]
            low = table[table["survival"] <= 0.5]
            median = f"{low['time'].iloc[0]:.0f} months" if len(low) else "not reached"
            test = None
            if scenario in others:
                test = times.log_rank(time, event, time_first, event_first, count_a=count, count_b=count_first)
            runs = int(count.sum())
            # Months are whole numbers, so that their sum is exact.
            average = float((time * count).sum()) / runs
            shown = "baseline" if test is None else f"z = {true_minus(f'{test.statistic:.2f}')}, p {_p(test.p)}"
            share, lost = self.findings.happens(analysis.measure, scenario)
            mean = f"{average:.1f} of {horizon} months" if event.any() else "never"
            rows.append([self.words.scenario(scenario), percent(share), percent(lost), mean, median, shown])
            numbers = (math.nan, math.nan) if test is None else tuple(test)
            restricted = average if share else math.nan
            data.append((scenario, share, lost, runs, restricted, horizon, *numbers))
        caption = f"{short}: how often, how soon, and the log-rank test against {self.words.scenario(first)}"
        summary = Table(
            name,
            caption,
            (
                "Scenario",
                "It happens in",
                "Regime lost first in",
                "Restricted mean time",
                "Median time",
                "Log-rank test",
            ),
            rows,
            pd.DataFrame(
                data,
                columns=[
                    "scenario",
                    "share",
                    "lost_first",
                    "runs",
                    "restricted_mean",
                    "horizon",
                    "log_rank_z",
                    "log_rank_p",
                ],
            ),
        )
        curves = pd.concat([table.assign(scenario=scenario) for scenario, table in tables.items()])
        text = [
            "The curve is the share of runs in which it has not happened yet. Once the regime is lost it no longer "
            "can: such a run stays among them, so that the curve ends at the share of runs in which it never "
            "happens (one "
            "less the cumulative incidence, the regime loss competing). The log-rank test takes the scenarios for "
            "independent, which usually errs on the side of no difference; the paired comparison above uses the "
            "shared luck."
        ]
        alt = "Survival curves. " + " ".join(f"{row[0]}: happens in {row[1]}, median {row[4]}." for row in rows)
        bands = f"Bands are {level_in_words(LEVEL)} intervals; below, in how many runs it has not happened yet."
        curve_table = Table(f"{name}_curves", "", (), (), curves)
        return Chapter(heading, text, [Picture(name, figure, bands, alt)], [summary, curve_table])

    def never(self, measure: str, scenarios: Iterable[str]) -> str:
        """Say that an event happens in no run, and how often the regime is lost before it could."""
        counts = []
        for scenario in scenarios:
            runs = int(np.isfinite(self.findings.stored(measure)[scenario]).sum())
            lost = self.findings.happens(measure, scenario)[1]
            first = f", the regime is lost first in {percent(lost)}" if lost else ""
            most = f"{100 * max_differing_share(runs):.2g}\u202f%"
            counts.append(f"“{self.words.scenario(scenario)}” {counted(runs, 'run')} (at most {most} would{first})")
        return (
            f"It never happens that {self.words.happens(measure)}, within {counted(self.findings.horizon, 'month')}: "
            f"{'; '.join(counts)}. There is no time to be drawn or averaged."
        )

    def behind(self, measure: str, scenario: str) -> str:
        """Say what lies behind restricted mean times, as a sentence to be appended; nothing of other measures."""
        if not self.findings.is_time(measure):
            return ""
        happens, lost = self.findings.happens(measure, scenario)
        months = counted(self.findings.horizon, "month")
        clause = self.words.happens(measure)
        if happens == 1.0:
            return f" Times: in every run {clause}, within {months}."
        first = f" (in {percent(lost)} the regime is lost first)" if lost else ""
        return (
            f" Times are restricted means: in {percent(happens)} of the runs {clause}, and a run in which that does "
            f"not happen{first} counts with all {months}, so that a long time may be never."
        )

    def incidence(self, analysis: Analysis, name: str) -> Chapter:
        """Return where clients go, the loss of the regime competing with every destination."""
        short = self.words.measure(analysis.measure).short
        where = analysis.destination
        column = f"{analysis.measure}:to"
        if where is None and column in self.experiment.measures[analysis.measure].columns(analysis.measure):
            where = column
        if where is None:
            raise AnalysisError("it needs the measure that says where the client went (destination)")
        panels: dict[str, dict[str, pd.DataFrame]] = {}
        frames, horizon, ever = [], 0.0, False
        counts = count_times(self.findings.results, analysis.measure, where)
        for scenario in scenarios_of(analysis, self.experiment):
            time, event, goal, count = counts[scenario]
            if not len(time):
                raise AnalysisError(f"no run of {scenario} has a time")
            happened = event == 1
            lost = ~happened & (time < self._months(scenario))
            cause = np.where(happened, np.where(goal == "", "nobody yet", goal), np.where(lost, LOST_FIRST, ""))
            ever = ever or bool(happened.any())
            horizon = max(horizon, float(time.max()))
            gone = times.cumulative_incidence(time, cause, count=count)
            panels[self.words.scenario(scenario)] = {
                str(key): part.reset_index(drop=True) for key, part in gone.groupby("destination", sort=False)
            }
            frames.append(gone.assign(scenario=scenario))
        if not ever:
            return Chapter(
                f"{TITLES['incidence']}: {short}",
                [self.never(analysis.measure, scenarios_of(analysis, self.experiment))],
            )
        figure = survival_figure.incidence(
            panels, f"Where to: {short}", self.experiment.title, self.illustrator.origin, horizon=horizon
        )
        text = [
            "Destinations compete, and so does the loss of the regime, after which it can no longer happen: the "
            "curves of one panel add up to the share of runs in which either has come (Aalen–Johansen). “nobody "
            "yet” stands "
            "for a client that has turned to nobody by the month in which the destination is read."
        ]
        last = pd.concat(frames).groupby(["scenario", "destination"], sort=False)["incidence"].last()
        said = [[self.words.scenario(str(k[0])), str(k[1]), f"{100 * v:.1f}\u202f%"] for k, v in last.items()]  # type: ignore[index]
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

    def _months(self, scenario: str) -> int:
        span = self.findings.results.worlds[scenario].span
        return month_number(span.end) - month_number(span.start) + 1


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"
