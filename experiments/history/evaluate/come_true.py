"""Score published forecasts on whatever has come true: the mixture first, each path of the war beside it.

Baselines are those that the file itself published, so that nobody chooses them afterwards. Gains are differences of
scores; a ratio is given beside them only where the baseline is not near perfect.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.evaluate.reach import gains_by_outcome, reach_of_gains
from papertiger.experiments.history.evaluate.scoring import SCORES
from papertiger.experiments.history.evaluate.skill import Skill, skill
from papertiger.experiments.history.evaluate.verdict import LEAST_SKILL, standing_of
from papertiger.experiments.history.forecast.questions import rule_of
from papertiger.experiments.phrases import counted, listed
from papertiger.scenarios import observed as observations
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.forecast.archive import Forecast
    from papertiger.experiments.history.observed.coding import Postures
    from papertiger.scenarios.observed import Observed

MIXTURE = "mixture"
HEADLINE = "RPS"


@dataclass(frozen=True)
class ComeTrue:
    """Hold a forecast against what was coded since.

    Attributes
    ----------
    label
        What messages call its file.
    forecast
        As it was published.
    observed, postures
        The facts, and the postures they come to.
    """

    label: str
    forecast: Forecast
    observed: Observed
    postures: Postures

    @cached_property
    def scored(self) -> NDArray[np.bool_]:
        """Return which questions are decided and count, Q x N; one that was published as void never does."""
        known = self._rows >= 0
        counts = np.zeros((len(self.forecast.periods), len(self.forecast.clients)), dtype=np.bool_)
        for column, client in enumerate(self.forecast.clients):
            if client in self.postures.clients:
                whose = self.postures.clients.index(client)
                counts[known, column] = self.postures.scored[self._rows[known], whose]
        for one in () if self.forecast.statement is None else self.forecast.statement.questions:
            if not one.scored:
                counts[self.forecast.periods.index(one.period), self.forecast.clients.index(one.client)] = False
        return counts

    @cached_property
    def outcome(self) -> NDArray[np.intp]:
        """Return the posture that came, Q x N; -1 where it is not decided."""
        came = np.full((len(self.forecast.periods), len(self.forecast.clients)), -1, dtype=np.intp)
        known = self._rows >= 0
        for column, client in enumerate(self.forecast.clients):
            if client in self.postures.clients:
                came[known, column] = self.postures.posture[self._rows[known], self.postures.clients.index(client)]
        return came

    @cached_property
    def _rows(self) -> NDArray[np.intp]:
        periods = self.postures.periods
        return np.array(
            [periods.index(one) if one in periods else -1 for one in self.forecast.periods], dtype=np.intp
        )

    @property
    def decided(self) -> list[str]:
        """Return the half-years of which at least one question is decided and counts."""
        return [period for row, period in enumerate(self.forecast.periods) if self.scored[row].any()]

    @property
    def open(self) -> list[str]:
        """Return the half-years that nobody has coded."""
        return [period for row, period in enumerate(self.forecast.periods) if self._rows[row] < 0]

    @property
    def forecasters(self) -> dict[str, NDArray[np.float64]]:
        """Return what the file says, by name: the mixture first, then baselines, then each path of the war."""
        forecast = self.forecast
        mixture = {} if forecast.mixture is None else {MIXTURE: forecast.mixture}
        paths = {f"war {path}": values for path, values in forecast.probabilities.items()}
        return {**mixture, **forecast.baselines, **paths}

    def case_scores(self, name: str, score: str) -> NDArray[np.float64]:
        """Return the score of every decided case, in the order of half-years and then of clients.

        Parameters
        ----------
        name
            Of the forecaster.
        score
            One of `papertiger.experiments.history.evaluate.scoring.SCORES`.
        """
        return SCORES[score](self.forecasters[name][self.scored], self.outcome[self.scored])

    def gain(self, name: str, reference: str, score: str = HEADLINE) -> Skill:
        """Return how much better a forecaster did than a reference, with an interval that reckons with rare moves."""
        whose = np.broadcast_to(np.array(self.forecast.clients), self.scored.shape)[self.scored]
        seed = int(self.forecast.provenance.get("seed", "0"))
        gains = gains_by_outcome(self.forecasters[name], self.forecasters[reference], SCORES[score])
        reach = reach_of_gains(gains, np.where(self.scored, self.outcome, 0), self.scored, self._start)
        ours, theirs = self.case_scores(name, score), self.case_scores(reference, score)
        return skill(ours, theirs, list(whose), reach=reach, seed=seed)

    @property
    def _start(self) -> NDArray[np.intp] | None:
        """Return where clients stood when the forecast was made; None where the coding does not reach back to it."""
        if self.forecast.origin not in self.postures.periods:
            return None
        row = self.postures.posture[self.postures.periods.index(self.forecast.origin)]
        return np.array(
            [
                row[self.postures.clients.index(client)] if client in self.postures.clients else 0
                for client in self.forecast.clients
            ],
            dtype=np.intp,
        )

    def table(self) -> Iterator[dict[str, object]]:
        """Yield a row for each forecaster, score and baseline; a ratio is left out where the baseline is near 0."""
        if not self.scored.any():
            return
        for name in self.forecasters:
            for score in SCORES:
                row: dict[str, object] = {
                    "file": self.label,
                    "forecaster": name,
                    "score": score,
                    "mean": float(self.case_scores(name, score).mean()),
                    "cases": int(self.scored.sum()),
                    "clients": int(self.scored.any(axis=0).sum()),
                }
                others = [reference for reference in self.forecast.baselines if reference != name]
                if not others:
                    yield row
                for reference in others:
                    difference = self.gain(name, reference, score)
                    yield row | {
                        "against": reference,
                        "reference": difference.reference,
                        "gain": difference.gain,
                        "gain_low": difference.gain_low,
                        "gain_high": difference.gain_high,
                        "skill": difference.skill if has_ratio(difference) else math.nan,
                        "verdict": difference.verdict,
                    }

    def changes(self) -> int:
        """Return in how many decided cases that count a client was coded elsewhere than half a year before."""
        moved = 0
        for row, column in np.argwhere(self.scored):
            whose = self.postures.clients.index(self.forecast.clients[column])
            here = self._rows[row]
            if here == 0:  # where it stood before is not in the file
                continue
            moved += int(self.postures.posture[here, whose] != self.postures.posture[here - 1, whose])
        return moved

    def sentences(self) -> list[str]:
        """Return what came of the forecast in words, the mixture first, and what is not decided yet."""
        forecast = self.forecast
        lines = []
        if not self.scored.any():
            lines.append(f"{self.label}: of the forecast of {forecast.made} nothing is decided yet.")
        else:
            lines += self._verdict()
        if self.open:
            lines.append(f"Not decided yet: {listed([f'{one}{self._by(one)}' for one in self.open])}.")
        if forecast.statement is not None and rule_of(self.observed) != forecast.statement.deciding.rule:
            lines.append(
                f"{self.observed.name} codes by another rule than the one that was published with the forecast; what "
                "was asked is answered by that rule only."
            )
        return lines

    def _verdict(self) -> list[str]:
        forecast = self.forecast
        span = listed(self.decided)
        paths = ", ".join(
            f"{path} {self.case_scores(f'war {path}', HEADLINE).mean():.5f}" for path in forecast.probabilities
        )
        if forecast.mixture is None:
            return [
                f"{self.label}: the forecast of {forecast.made} declared no weights of the war's paths, so that it "
                f"has no score of its own in {span}; by path the ranked probability score is {paths}, and none of "
                "them may be picked now."
            ]
        mean = self.case_scores(MIXTURE, HEADLINE).mean()
        against = [
            f"{standing_of(self.gain(MIXTURE, name))} {name} ({_gain_in_words(self.gain(MIXTURE, name))})"
            for name in forecast.baselines
        ]
        lines = [
            f"{self.label}: the forecast of {forecast.made} has a ranked probability score of {mean:.5f} in {span}: "
            f"it {'; it '.join(against)}.",
            f"That is {counted(int(self.scored.sum()), 'question')} about "
            f"{counted(int(self.scored.any(axis=0).sum()), 'client')}, with "
            f"{counted(self.changes(), 'change')} of posture.",
            f"Beside it, each path of the war by itself: {paths}. The forecast is the mixture; which path came is "
            "said by the war and not by the scores.",
        ]
        if self.changes() == 0:
            lines.append(
                "Where nobody moves a forecast of no change cannot be beaten, so that this says little of the model."
            )
        return lines

    def _by(self, period: str) -> str:
        statement = self.forecast.statement
        days = () if statement is None else (one.decided_by for one in statement.questions if one.period == period)
        day = next(iter(days), None)
        return "" if day is None else f" (to be coded by {day})"


def has_ratio(difference: Skill) -> bool:
    """Tell whether the reference is far enough from perfect for a ratio to say something."""
    return math.isfinite(difference.skill) and difference.skill >= LEAST_SKILL


def _gain_in_words(difference: Skill) -> str:
    interval = ", the same in every draw of clients"
    if math.isfinite(difference.gain_low):
        interval = f", 95 % interval {difference.gain_low:+.5f} to {difference.gain_high:+.5f}"
    ratio = f", {100 * difference.skill:+.0f} %" if has_ratio(difference) else ""
    return f"gain {difference.gain:+.5f}{interval}{ratio}"


def latest_observed(clients: tuple[str, ...]) -> Observed:
    """Return the shipped observations of these clients that reach farthest.

    Parameters
    ----------
    clients
        Whom they must have looked up.

    Raises
    ------
    LookupError
        If there are none.
    """
    fitting = []
    for name in observations.names():
        if name.endswith("_postures"):
            one = observations.load(name)
            if set(clients) <= set(one.clients):
                fitting.append(one)
    if not fitting:
        raise LookupError(f"no shipped observations of {listed(list(clients))}; give some with --observed")
    return max(fitting, key=lambda one: one.span.end)


def scoringutils_rows(come: ComeTrue) -> Iterator[dict[str, object]]:
    """Yield the table that the R package scoringutils scores: ordinal forecasts, a row for each posture.

    ``observed``, ``predicted`` and ``predicted_label`` are its columns and ``model`` the one that it recommends; the
    others make up its forecast unit. What is not decided has ``NA``, which its ``score`` leaves out. What is never
    scored is not in the table. See its ``as_forecast_ordinal`` (version 2.1 and later).

    Parameters
    ----------
    come
        A forecast with what was coded since.
    """
    forecast = come.forecast
    statement = forecast.statement
    void = set() if statement is None else {(q.client, q.period) for q in statement.questions if not q.scored}
    for name, values in come.forecasters.items():
        for row, period in enumerate(forecast.periods):
            for column, client in enumerate(forecast.clients):
                known = come.outcome[row, column] >= 0
                if (client, period) in void or (known and not come.scored[row, column]):
                    continue
                for rung, label in enumerate(POSTURES):
                    yield {
                        "model": name,
                        "location": client,
                        "forecast_date": forecast.made,
                        "target_end_date": end_of(period),
                        "horizon": row + 1,
                        "observed": POSTURES[come.outcome[row, column]] if known else "NA",
                        "predicted": float(values[row, column, rung]),
                        "predicted_label": label,
                    }


def end_of(period: str) -> str:
    """Return the last day of a half-year.

    >>> end_of("2026H2"), end_of("2027H1")
    ('2026-12-31', '2027-06-30')
    """
    return f"{period[:4]}-{'06-30' if period.endswith('1') else '12-31'}"
