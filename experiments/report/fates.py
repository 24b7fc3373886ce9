"""Tell of every time to an event, in every kind of sweep, what became of runs and how long that took."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from papertiger.experiments.design.schema import Comparison
from papertiger.experiments.figures import fates as figure
from papertiger.experiments.figures import survival as survival_figure
from papertiger.experiments.phrases import counted, level_in_words, percent, signed
from papertiger.experiments.report.document import Chapter, Picture, Table
from papertiger.experiments.report.numbers import NEVER
from papertiger.experiments.report.responses import interval_of_mean
from papertiger.experiments.statistics.fates import LOST, STAYS, fates, half_difference
from papertiger.experiments.statistics.intervals import Verdict, verdict_of
from papertiger.experiments.statistics.survival import cumulative_incidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from papertiger.experiments.report.comparisons import Illustrator
    from papertiger.experiments.report.numbers import Findings

    type Fates = NDArray[np.object_]
    """What became of each run: design points down, replicates across."""

HEADING = "Times to events: how long, and where to"
MAX_PICTURES, MAX_FACTORS, MAX_ROWS = 4, 6, 24
HALVES = ("lower half", "upper half")

type Difference = tuple[float, float, float, Verdict]
"""A difference of restricted means, its interval, and what that allows to say."""
NOTHING: Difference = (math.nan, math.nan, math.nan, "not comparable")


@dataclass(frozen=True)
class Group:
    """Hold runs that are looked at together.

    Attributes
    ----------
    scenario, factor, level
        Their scenario's label, and which level, or half of the range, of which factor; blank for all points.
    points
        Which design points they are of.
    difference
        What their restricted mean time has more than that of the runs they are held against.
    """

    scenario: str
    factor: str
    level: str
    points: NDArray[np.bool_]
    difference: Difference


def chapter(findings: Findings, illustrator: Illustrator) -> Chapter | None:
    """Return what every measure of time says, or None where there is none.

    Parameters
    ----------
    findings, illustrator
        The numbers, and the words and origins of figures.
    """
    measures = [name for name in findings.experiment.number_measures if findings.is_time(name)]
    if not measures:
        return None
    said = Chapter(HEADING, list(_explained(findings)))
    tables = []
    asked = {part.measure for part in findings.experiment.analyses if part.kind in ("survival", "incidence")}
    for name in measures:
        labels = findings.experiment.labels
        if not any(findings.happens(name, label)[0] or findings.happens(name, label)[1] for label in labels):
            said.text.append(
                f"{findings.words.measure(name).short}: it happens in no run of any scenario, nor is the regime lost."
            )
        became = {label: _fates(findings, name, label) for label in labels}
        table = pd.DataFrame(list(_rows(findings, name, became)))
        shares = pd.DataFrame(list(_shares(findings, name, became)))
        tables.append(table)
        said.tables.append(Table(f"fates_{name}".replace(".", "_"), "", (), (), shares))
        if len(said.pictures) < 2 * MAX_PICTURES and shares["destination"].nunique() > 1:
            said.pictures.append(_bars(findings, illustrator, name, table, shares))
            if name not in asked:
                said.pictures.extend(_curves(findings, illustrator, name, became))
    whole = pd.concat(tables, ignore_index=True)
    said.tables.insert(0, _table(findings, whole))
    return said


def _explained(findings: Findings) -> Iterator[str]:
    yield (
        "Each run has one of several fates by the horizon, which compete: the event, by the rung to which the client "
        "goes where the measure tells, the loss of the regime, after which it can no longer happen, or "
        f"neither. All are looked at for {counted(findings.horizon, 'month')}. The restricted mean time counts a run "
        "in which the event does not happen with all of them."
    )
    level = level_in_words(findings.level)
    if findings.stepped:
        against = "the scenario as it is" if findings.one_at_a_time else "the factor's lowest level"
        yield (
            f"Differences between levels are those from {against}, run by run with the same luck, with {level} "
            "intervals; the others are averaged over."
        )
    elif findings.points.shape[1] and len(findings.points) > 1:
        yield (
            "For each factor the points in the upper half of its range are held against those in the lower half. "
            f"Their {level} intervals resample the points that were drawn together, since other points would have "
            "held other values of the other factors."
        )


def _fates(findings: Findings, measure: str, scenario: str) -> Fates:
    time, event = (findings.stored(name)[scenario] for name in (measure, f"{measure}:event"))
    column = f"{measure}:to"
    goal = None
    if column in findings.experiment.measures[measure].columns(measure):
        goal = np.full(time.shape, "", dtype=object)
        for rows in findings.results.batches(["scenario", "point", "replicate", column]):
            here = rows[rows["scenario"] == scenario]
            goal[here["point"].to_numpy(), here["replicate"].to_numpy()] = here[column].astype(str).to_numpy()
    return fates(time, event, goal, findings.horizon)


def _groups(findings: Findings, measure: str) -> Iterator[Group]:
    """Yield all runs of each scenario, and those of each level or half of each factor."""
    matrices = findings.matrices(measure)
    first = findings.experiment.labels[0]
    everywhere = np.ones(len(findings.points), dtype=bool)
    for label, matrix in matrices.items():
        difference: Difference = NOTHING
        if label != first:
            pair = Comparison(baseline=first, against=label, measures=(measure,))
            contrast = findings.compare(pair, measure)
            difference = (contrast.difference, contrast.low, contrast.high, contrast.verdict)
        here = everywhere
        if findings.one_at_a_time:
            here = np.arange(len(everywhere)) == 0
        yield Group(label, "", "", here, difference)
        for factor in findings.stepped:
            levels = findings.at_level(factor)
            base = here if findings.one_at_a_time else next(iter(levels.values()))
            for value, inside in levels.items():
                apart = NOTHING if inside is base else _paired(findings, matrix, base, inside)
                yield Group(label, factor, f"{value:g}", inside, apart)
        if not findings.stepped and len(everywhere) > 1:
            yield from _halves(findings, label, matrix)


def _paired(
    findings: Findings, matrix: NDArray[np.float64], base: NDArray[np.bool_], here: NDArray[np.bool_]
) -> Difference:
    one, two = matrix[base], matrix[here]
    if one.shape != two.shape:
        # Other points stand behind the two levels, so that only what is averaged over them is paired.
        one, two = (part.mean(axis=0, keepdims=True) for part in (one, two))
    paired = findings.paired(one, two)
    if paired is None:
        return NOTHING
    return paired.difference, paired.low, paired.high, paired.verdict


def _halves(findings: Findings, scenario: str, matrix: NDArray[np.float64]) -> Iterator[Group]:
    points = findings.results.points
    where = points.values if points.unit is None else points.unit
    means = np.array([row[np.isfinite(row)].mean() if np.isfinite(row).any() else np.nan for row in matrix])
    for column, factor in enumerate(points.names):
        values = where[:, column]
        upper = values > (0.5 if points.unit is not None else float(np.median(values)))
        change = half_difference(
            means, upper, findings.blocks(len(values)), seed=findings.experiment.seed, level=findings.level
        )
        same = change.difference == 0.0 or not math.isfinite(change.difference)
        verdict = verdict_of(
            change.low, change.high, changed=float(not same), difference=change.difference, alike=None
        )
        yield Group(scenario, factor, HALVES[0], ~upper, NOTHING)
        yield Group(scenario, factor, HALVES[1], upper, (change.difference, change.low, change.high, verdict))


def _rows(findings: Findings, measure: str, became: dict[str, Fates]) -> Iterator[dict[str, object]]:
    matrices = findings.matrices(measure)
    first: dict[tuple[str, str], float] = {}
    for group in _groups(findings, measure):
        values, fate = matrices[group.scenario][group.points], became[group.scenario][group.points]
        runs = int((fate != "").sum())
        happened, lost = _shares_of(fate)
        numbers = interval_of_mean(values, findings.level)
        difference, low, high, verdict = group.difference
        # What it is held against: the first level or half, in a design one-at-a-time the scenario as it is.
        whole = not group.factor or findings.one_at_a_time
        against = first.setdefault((group.scenario if group.factor else "", "" if whole else group.factor), happened)
        if findings.one_at_a_time and not group.factor:
            first.setdefault((group.scenario, ""), happened)
        never = happened == against == 0.0 and not math.isnan(difference)
        if never:
            difference, low, high = NOTHING[:3]
        yield {
            "measure": measure,
            "scenario": group.scenario,
            "factor": group.factor,
            "level": group.level,
            "runs": runs,
            "happens": happened,
            "lost_first": lost,
            "horizon": findings.horizon,
            "restricted_mean": numbers["mean"] if happened else math.nan,
            "low": numbers["low"] if happened else math.nan,
            "high": numbers["high"] if happened else math.nan,
            "difference": difference,
            "difference_low": low,
            "difference_high": high,
            "verdict": NEVER if never else "" if math.isnan(difference) else verdict,
        }


def _shares_of(fate: Fates) -> tuple[float, float]:
    runs = max(1, int((fate != "").sum()))
    lost, stays = (int((fate == name).sum()) for name in (LOST, STAYS))
    return (int((fate != "").sum()) - lost - stays) / runs, lost / runs


def _shares(findings: Findings, measure: str, became: dict[str, Fates]) -> Iterator[dict[str, object]]:
    """Yield the cumulative incidence at the horizon of each fate in each group."""
    order = list(figure.colours([str(name) for name in np.unique(np.concatenate(list(became.values()))) if name]))
    for group in _groups(findings, measure):
        fate = became[group.scenario][group.points]
        runs = max(1, int((fate != "").sum()))
        for name in order:
            yield {
                "scenario": group.scenario,
                "factor": group.factor,
                "level": group.level,
                "destination": name,
                "incidence": int((fate == name).sum()) / runs,
                "runs": runs,
            }


def _most(table: pd.DataFrame) -> list[str]:
    """Return the factors whose levels differ most, of which there may be too many to show."""
    size = table[table["factor"] != ""].groupby("factor", sort=False)["difference"].agg(lambda part: part.abs().max())
    return [str(name) for name in size.sort_values(ascending=False, kind="stable").index[:MAX_FACTORS]]


def _short(findings: Findings, measure: str) -> str:
    """Return a measure of time in a few words, where no mean of it is meant."""
    return findings.words.measure(measure).short.removesuffix(" (restricted)").removeprefix("Months until ")


def _bars(
    findings: Findings, illustrator: Illustrator, measure: str, table: pd.DataFrame, shares: pd.DataFrame
) -> Picture:
    words, most = findings.words, _most(table)
    shown = shares[shares["factor"].isin(["", *most])]
    several = len(findings.experiment.labels) > 1
    panels, groups = [], []
    for row in shown.to_dict("records"):
        scenario = words.scenario(row["scenario"])
        panels.append(words.factor(row["factor"]) if row["factor"] else "As a whole")
        level = f"{row['level']}" if row["factor"] else ""
        groups.append(f"{scenario}, {level}" if several and level else level or scenario)
    drawn = shown.assign(panel=panels, group=groups)
    drawn["order"] = [-1 if not name else most.index(name) for name in shown["factor"]]
    drawn = drawn.sort_values("order", kind="stable").drop(columns="order")
    left_out = table["factor"].nunique() - 1 - len(most)
    some = (
        f" The {len(most)} factors with the largest differences are drawn; the table says whether by chance."
        if left_out > 0
        else ""
    )
    title = f"What became of the runs: {_short(findings, measure)}"
    caption = f"Cumulative incidence after {counted(findings.horizon, 'month')}; the fates of a run compete.{some}"
    whole = shares[shares["factor"] == ""]
    alt = "Stacked bars. " + " ".join(
        f"{words.scenario(row['scenario'])}: {row['destination']} {percent(float(row['incidence']))}."
        for row in whole.to_dict("records")
    )
    drawing = figure.bars(drawn, title, findings.experiment.title, illustrator.origin)
    return Picture(f"fates_{measure}".replace(".", "_"), drawing, caption, alt)


def _curves(
    findings: Findings, illustrator: Illustrator, measure: str, became: dict[str, Fates]
) -> Iterator[Picture]:
    """Yield the cumulative incidence over time in each scenario, unless an analysis draws it already."""
    panels: dict[str, dict[str, pd.DataFrame]] = {}
    for label, fate in became.items():
        there = fate != ""
        time = np.minimum(findings.stored(measure)[label], findings.horizon)[there]
        cause = np.where(fate[there] == STAYS, "", fate[there])
        table = cumulative_incidence(time, cause)
        parts = {str(name): part.reset_index(drop=True) for name, part in table.groupby("destination", sort=False)}
        panels[findings.words.scenario(label)] = {name: parts[name] for name in figure.colours(list(parts))}
    if not any(panels.values()):
        return
    title = f"When, and where to: {_short(findings, measure)}"
    drawing = survival_figure.incidence(
        panels, title, findings.experiment.title, illustrator.origin, horizon=findings.horizon
    )
    caption = "Share of runs that have had each fate by then (Aalen–Johansen), over all design points."
    alt = f"Step curves of {counted(len(panels), 'scenario')}; their ends are the bars above."
    yield Picture(f"incidence_{measure}_by_fate".replace(".", "_"), drawing, caption, alt)


def _table(findings: Findings, whole: pd.DataFrame) -> Table:
    words = findings.words
    shown = whole
    if len(whole) > MAX_ROWS:
        size = whole["difference"].abs().where(whole["factor"] != "", math.inf).fillna(0.0)
        shown = whole.loc[size.sort_values(ascending=False, kind="stable").index[:MAX_ROWS]].sort_index()
    some = (
        f"; of {len(whole)} rows those {len(shown)} that differ most, all are in the file"
        if len(shown) < len(whole)
        else ""
    )
    rows = []
    for row in shown.to_dict("records"):
        difference = "–" if math.isnan(row["difference"]) else signed(row["difference"], 1)
        interval = "–"
        if math.isfinite(row["difference_low"]):
            interval = f"{signed(row['difference_low'], 1)} to {signed(row['difference_high'], 1)}"
        mean = f"{row['restricted_mean']:.1f}" if math.isfinite(row["restricted_mean"]) else "never"
        level = f"{words.factor(row['factor'])}: {row['level']}" if row["factor"] else "all points"
        rows.append(
            [
                words.measure(row["measure"]).short, words.scenario(row["scenario"]), level, percent(row["happens"]),
                percent(row["lost_first"]), mean, difference, interval, row["verdict"] or "–",
            ]
        )  # fmt: skip
    headings = (
        "Measure", "Scenario", "Level", "It happens in", "Regime lost first in", "Restricted mean time",
        "Difference of restricted means", "Interval", "Verdict",
    )  # fmt: skip
    caption = f"Restricted mean times within {counted(findings.horizon, 'month')}, in months{some}"
    return Table("times", caption, headings, rows, whole)
