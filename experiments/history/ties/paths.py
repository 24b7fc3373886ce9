"""Replay the ties of a scenario for one parameter set after another.

In a replay ties hang on events, the war and offers and never on postures, so that one run without feedback is all
runs, and a parameter set costs some milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger import scenarios
from papertiger.experiments.history.ties.readings import KINDS
from papertiger.model.ensemble.batches import Job, make_kept, make_moving
from papertiger.model.ensemble.exact import EXACT
from papertiger.model.ensemble.kernel.record import LEVELS
from papertiger.model.ensemble.start import start_of
from papertiger.model.ensemble.tables import Tables, build_decisions, build_tables
from papertiger.model.template import Template
from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.knowledge import known_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from papertiger.scenarios.schema.figures import Figure
    from papertiger.scenarios.schema.scenario import Scenario

COLUMNS = [LEVELS.index(f"{kind}_tie") for kind in KINDS]


class DrawnError(ValueError):
    """Refuse a scenario whose ties differ from run to run; the text says why."""


def replayed(scenario: Scenario) -> Scenario:
    """Return a scenario as the ties of its replay need it: without feedback, and without what came out too late.

    An event that became public after the year in which it happened has no part, as in the likelihood of postures.

    Raises
    ------
    DrawnError
        If it is no replay, or draws figures in every run.
    """
    if scenario.mode != "replay" or scenario.generative_from is not None:
        raise DrawnError(f"expected a replay, got {scenario.name}, which is generative")
    known = {name: one for name, one in scenario.events.items() if known_in(one)[:4] <= one.date[:4]}
    changed = scenarios.change(scenario, EXACT)
    return changed if len(known) == len(changed.events) else changed.model_copy(update={"events": known})


class TiePaths:
    """Work out the patron's shares month by month.

    Parameters
    ----------
    scenario
        A replay, see `replayed`.

    Attributes
    ----------
    clients
        Names.
    years
        The whole years of its span.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._template = Template(scenario)
        self.figures: Mapping[str, Figure] = self._template.figures
        self._tables: Tables | None = None
        self.clients = tuple(bonds_of(scenario))
        start, end = scenario.span.start, scenario.span.end
        first = int(start[:4]) + (start[5:] != "01")
        last = int(end[:4]) - (end[5:] != "12")
        self.years = tuple(range(first, last + 1))
        self._offset = (13 - int(start[5:])) % 12

    def check_drawn(self, given: Collection[str]) -> None:
        """Refuse figures that each run would draw anew.

        Parameters
        ----------
        given
            Dotted paths of those that are given numbers.

        Raises
        ------
        DrawnError
            Naming the first.
        """
        drawn = sorted(self._template.drawn - set(given))
        if drawn:
            raise DrawnError(f"each run would draw {drawn[0]} anew; give it a value")

    def monthly(self, values: Mapping[str, float] | None = None) -> NDArray[np.float64]:
        """Return the patron's share of each client's arms and economy after each month, T x N x 2.

        Parameters
        ----------
        values
            Numbers by the name of a figure.

        Raises
        ------
        DrawnError
            If a figure is drawn that is given no number.
        """
        numbers = self._template.names.numbers(values or {}, "values")
        self.check_drawn(numbers)
        setting = self._template.setting(0, 0, numbers)
        self._tables = tables = build_tables(setting, self._tables)
        job = Job(tables, start_of(setting), build_decisions(None, setting), None)
        room = make_kept(tables, ("levels",), 1)
        job.run(room, 0, 1, make_moving(tables))
        return np.asarray(room.levels[0][:, :, COLUMNS])

    def yearly(self, values: Mapping[str, float] | None = None) -> NDArray[np.float64]:
        """Return the mean of the twelve months of each whole year, Y x N x 2.

        A year's deliveries and trade were agreed under the ties of all its months.

        Parameters
        ----------
        values
            Numbers by the name of a figure.
        """
        months = self.monthly(values)[self._offset : self._offset + 12 * len(self.years)]
        means: NDArray[np.float64] = months.reshape(len(self.years), 12, *months.shape[1:]).mean(axis=1)
        return means

    def entry(self) -> NDArray[np.float64]:
        """Return the patron's shares at each client's entry, N x 2."""
        setting = self._template.setting(0, 0, None)
        return np.array([(one.outlook.arms_ties[0], one.outlook.economy_ties[0]) for one in setting.clients])
