"""Exact probabilities of postures in replay, without sampling.

In replay beliefs are deterministic given the events, and each client's posture is a five-state Markov chain, as long
as nothing else depends on postures: no feedback of lost assets, no contagion, no covert hedging, no drawn
successions, no drawn figures. What does not hold is refused. One parameter set costs about a millisecond, which is
what a likelihood needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from papertiger import scenarios
from papertiger.model.ensemble.batches import make_fixed, make_moving
from papertiger.model.ensemble.engine import shipped_chain
from papertiger.model.ensemble.kernel.state import Key
from papertiger.model.ensemble.start import Start, start_of
from papertiger.model.ensemble.tables import Tables, build_decisions, build_tables
from papertiger.model.rules.ranges import RuleRangeError
from papertiger.model.setting import Setting
from papertiger.model.template import Template
from papertiger.scenarios.arguments import check_name
from papertiger.scenarios.schema.figures import Figure
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT: dict[str, float] = {
    "parameters.budget_feedback": 0.0,
    "parameters.burden_feedback": 0.0,
    "parameters.contagion": 0.0,
    "parameters.covert_start": 0.0,
    "parameters.succession_base": 0.0,
    "parameters.succession_health": 0.0,
}
"""The values under which a replay is exact; pass them as overrides."""


class NotExactError(ValueError):
    """A scenario whose postures feed back into anything else, so that its chain is not exact."""


@dataclass(frozen=True)
class Chain:
    """Transition probabilities of every client's posture.

    Attributes
    ----------
    months, clients
        Names, lengths T and N.
    first
        Posture before the first month, length N.
    steps
        T x N x 5 x 5: probability of each posture after the month, by the one before it.
    beliefs
        T x N x 2: capability and resolve after the month.
    """

    months: tuple[str, ...]
    clients: tuple[str, ...]
    first: tuple[int, ...]
    steps: NDArray[np.float64]
    beliefs: NDArray[np.float64]

    def marginals(self) -> NDArray[np.float64]:
        """Return the probability of each posture after each month, T x N x 5, from the first postures."""
        now = np.zeros((len(self.clients), len(POSTURES)))
        now[np.arange(len(self.clients)), list(self.first)] = 1.0
        marginals = np.empty(self.steps.shape[:3])
        for month, step in enumerate(self.steps):
            now = np.einsum("np,npq->nq", now, step)
            marginals[month] = now
        return marginals

    def between(self, first: str, last: str) -> NDArray[np.float64]:
        """Return N x 5 x 5: the probability of each posture after month `last`, by the one after month `first`.

        Raises
        ------
        ValueError
            If there is no such month.
        """
        start, end = (self.months.index(check_name(month, self.months, "month")) for month in (first, last))
        product = np.broadcast_to(np.eye(len(POSTURES)), self.steps.shape[1:])
        for step in self.steps[start + 1 : end + 1]:
            product = product @ step
        return np.asarray(product)


def exact_chain(
    scenario: str | Path | Scenario,
    values: Mapping[str, float] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Chain:
    """Return the exact chain of a replay.

    Parameters
    ----------
    scenario
        A scenario, its shipped name, or the path of its file.
    values
        Numbers by the name of a figure, as a parameter set gives them.
    overrides
        Changes of the scenario; `EXACT` switches off what an exact replay cannot have.

    Raises
    ------
    NotExactError
        Naming what feeds back.
    scenarios.ScenarioError
        If the scenario, an override or a value does not hold.
    """
    if isinstance(scenario, Scenario):
        resolved = scenario if overrides is None else scenarios.change(scenario, overrides)
    else:
        resolved = scenarios.load(scenario, overrides)
    return Replay(resolved).chain(values)


class Replay:
    """A replay ready to be worked out for one parameter set after another, as a likelihood does.

    Parameters
    ----------
    scenario
        A scenario whose chain is exact.

    Attributes
    ----------
    scenario
        The same.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._template = Template(scenario)
        _ = self._template.figures  # lets the template change single numbers instead of building all anew
        self._tables: Tables | None = None
        self._start: tuple[Any, tuple[float, ...], Start] | None = None

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Every figure of the scenario by its dotted path, with its prior."""
        return self._template.figures

    def chain(self, values: Mapping[str, float] | None = None) -> Chain:
        """Return the chain under a parameter set.

        Parameters
        ----------
        values
            Numbers by the name of a figure.

        Raises
        ------
        NotExactError
            Naming what feeds back.
        scenarios.ScenarioError
            If no figure has such a name, or it cannot take the number.
        """
        values = self._template.names.numbers(values, "values") if values is not None else None
        setting = self._template.setting(0, 0, values)
        _refuse_feedback(self.scenario, setting, drawn=self._template.is_drawn(values))
        self._tables = tables = build_tables(setting, self._tables)
        start = self._start_of(setting)
        steps = np.zeros((len(setting.months), len(setting.clients), len(POSTURES), len(POSTURES)))
        beliefs = np.zeros((len(setting.months), len(setting.clients), 2))
        # Nothing of a replay hangs on income, so that none need be drawn.
        undrawn = tables.patrons.copy()
        undrawn["income_drawn_from"] = len(setting.months)
        fixed = make_fixed(tables, build_decisions(None, setting))._replace(patrons=cast("Any", undrawn))
        shipped_chain()(
            fixed,
            make_moving(tables),
            Key(0, 0, setting.first_month),
            start.state,
            steps,
            beliefs,
        )
        if not np.isfinite(steps.sum()):
            raise RuleRangeError("", "", f"in the chain of {self.scenario.name}")
        return Chain(
            setting.months,
            tuple(client.name for client in setting.clients),
            tuple(client.posture for client in setting.clients),
            steps,
            beliefs,
        )

    def _start_of(self, setting: Setting) -> Start:
        """Return the state before the first month: that of the set before, if nothing it depends on has changed."""
        constants = setting.constants
        numbers = (constants.prior_strength, constants.trust_prior_good, constants.trust_prior_bad)
        held = self._start
        if held is None or held[0] is not setting.clients or held[1] != numbers:
            held = self._start = (setting.clients, numbers, start_of(setting))
        return held[2]


def _refuse_feedback(scenario: Scenario, setting: Setting, *, drawn: bool) -> None:
    """Refuse a scenario whose chain would not be exact, naming what to switch off."""
    constants = setting.constants
    names = [path.removeprefix("parameters.") for path in EXACT]
    subject = any(client.sub_state for client in setting.clients)
    obstacles = [
        name for name in names if getattr(constants, name) != 0.0 and (subject or not name.startswith("succession"))
    ]
    if any(setting.generative):
        obstacles.append("generative months")
    if drawn:
        obstacles.append("figures that are drawn")
    if obstacles:
        raise NotExactError(
            f"the chain of {scenario.name} is not exact, since postures feed back or luck enters through: "
            f"{', '.join(obstacles)}; set them to 0 (model.exact.EXACT does) or run the ensemble"
        )
