"""Put a forecast's questions in words, with what decides each and what is to be beaten."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.evaluate.baselines import Climatology, Persistence
from papertiger.experiments.history.evaluate.scores import publishable
from papertiger.experiments.history.evaluate.static_landscape import StaticLandscape
from papertiger.experiments.history.forecast.archive import mixture_of, rounded
from papertiger.experiments.history.forecast.statement import Deciding, Question, Statement, Weight, Weights
from papertiger.experiments.history.observed.periods import last_month
from papertiger.experiments.names import patron_of
from papertiger.model.calendar import month_name, month_number
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.evaluate.baselines import Forecaster
    from papertiger.experiments.history.forecast.archive import Forecast
    from papertiger.experiments.history.forecast.declaration import Declaration
    from papertiger.scenarios.observed import Observed

FROZEN = "trust frozen"
"""The same runs in which nothing that happens moves anybody's belief in the patron: what does trust add?"""
ASKS = "Which posture towards {patron} will {client} be coded at, at the end of {period}: {postures}?"
VOID = (
    "If a client's government falls or is removed, its questions are void from that half-year on: a regime loss is "
    "nobody's choice. If the patron or the client ceases to exist, too."
)
SUB_STATE = "a part of the patron's own state cannot choose a patron"
REGIME_LOST = "its regime was lost in {period}, and what a successor does is not scored"


def declared(
    forecast: Forecast,
    problem: CalibrationProblem,
    recorded: str,
    frozen: Mapping[str, NDArray[np.float64]] | None = None,
) -> Forecast:
    """Return a forecast with all that its calibration declares, with the mixture of its paths, and with baselines.

    Parameters
    ----------
    forecast
        Its paths of the war.
    problem
        The calibration, which has a part 'forecast'.
    recorded
        The last month of events that drove the runs.
    frozen
        By path of the war, the same forecast without any movement of trust.
    """
    plan = problem.plan.forecast
    assert plan is not None
    statement = Statement(
        recorded_to=recorded,
        public_by=forecast.made[:7],
        follows="",
        weights=_weights(plan),
        deciding=_deciding(plan, problem.observed),
        questions=questions(problem, forecast.periods),
    )
    mixture = rounded(mixture_of(forecast.probabilities, plan.chances))
    baselines = _baselines(problem, forecast.periods)
    if frozen is not None:
        baselines[FROZEN] = rounded(mixture_of(frozen, plan.chances))
    return replace(forecast, statement=statement, mixture=mixture, baselines=baselines)


def questions(problem: CalibrationProblem, periods: Sequence[str]) -> tuple[Question, ...]:
    """Return a question for each client and half-year, in words.

    Parameters
    ----------
    problem
        Of a calibration with a part 'forecast'.
    periods
        Half-years.
    """
    plan, postures = problem.plan.forecast, problem.postures
    assert plan is not None
    asked = []
    for column, client in enumerate(postures.clients):
        because = ""
        if problem.observed.clients[client].sub_state:
            because = SUB_STATE
        elif postures.regime_lost[-1, column]:
            row = int(postures.regime_lost[:, column].argmax())
            because = REGIME_LOST.format(period=postures.periods[row])
        for period in periods:
            asks = ASKS.format(
                patron=patron_of(problem.scenario, client), client=client, period=period, postures=", ".join(POSTURES)
            )
            asked.append(
                Question(
                    client=client,
                    period=period,
                    asks=asks,
                    decided_by=decided_by(period, plan.decided_within),
                    scored=not because,
                    unscored_because=because,
                )
            )
    return tuple(asked)


def decided_by(period: str, months: int) -> str:
    """Return the day by which a half-year is coded.

    Parameters
    ----------
    period
        The half-year.
    months
        How many after its end.

    Examples
    --------
    >>> decided_by("2026H2", 3), decided_by("2027H2", 2)
    ('2027-03-31', '2028-02-29')
    """
    month = month_name(month_number(last_month(period)) + months)
    return f"{month}-{monthrange(int(month[:4]), int(month[5:]))[1]}"


def _weights(plan: Declaration) -> Weights:
    source = plan.source or ()
    return Weights(
        declared=plan.declared,
        why=plan.why,
        source=(source,) if isinstance(source, str) else source,
        paths={
            path: Weight(
                weight=float(plan.weights[path].weight),
                low=float(plan.weights[path].range[0]),
                high=float(plan.weights[path].range[1]),
                why=plan.weights[path].why,
            )
            for path in plan.chances
        },
    )


def _deciding(plan: Declaration, observed: Observed) -> Deciding:
    return Deciding(
        who=plan.decided_by,
        sources=plan.decided_from,
        months=plan.decided_within,
        void=VOID,
        indicators={name: one.what for name, one in observed.indicators.items()},
        rule=rule_of(observed),
    )


def rule_of(observed: Observed) -> dict[str, object]:
    """Return the rule by which postures are coded, as a file of a forecast holds it."""
    return {
        key: value
        for key, value in observed.rule.model_dump(mode="json").items()
        if key in ("hedging", "distancing", "suspended", "realigned")
    }


def _baselines(problem: CalibrationProblem, periods: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Return what each baseline says from the same origin, having learned from all that was observed up to then."""
    postures = problem.postures
    origin = len(postures.periods) - 1
    forecasters: tuple[Forecaster, ...] = (
        Persistence(),
        Climatology.fit(postures, origin),
        StaticLandscape.fit(problem.scenario, postures, origin),
    )
    ahead = range(origin + 1, origin + 1 + len(periods))
    return {
        one.name: rounded(publishable(np.stack([one.forecast(postures, origin, target) for target in ahead])))
        for one in forecasters
    }
