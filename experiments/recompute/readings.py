"""Say how a page reads each shipped measure off the trajectories of a run, in indices and not in names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertiger.experiments.measures.base import END, Measure
from papertiger.experiments.measures.beliefs import Capability, Protection, Resolve
from papertiger.experiments.measures.cascade import Cascade
from papertiger.experiments.measures.change_rate import ChangeRate
from papertiger.experiments.measures.defected import Defected
from papertiger.experiments.measures.destination import Destination
from papertiger.experiments.measures.first_move import FirstMove
from papertiger.experiments.measures.patron import Patron
from papertiger.experiments.measures.posture import Posture
from papertiger.experiments.measures.share_defected import ShareDefected
from papertiger.experiments.measures.tie import Tie
from papertiger.experiments.measures.time_to import TimeTo
from papertiger.model.calendar import month_number
from papertiger.model.ensemble.kernel import LEVELS, PATRON_MEASURES
from papertiger.scenarios.bonds import reached_by
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from papertiger.model.setting import Setting
    from papertiger.scenarios.schema.scenario import Scenario

type Reading = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Read measures off the runs of one scenario.

    Attributes
    ----------
    scenario, setting
        What is run.
    only
        The months that are kept of a trajectory, where not all are.
    twins
        Place of the scenario without some events among the worlds that go along, by their names.
    """

    scenario: Scenario
    setting: Setting
    only: Mapping[str, Sequence[int]]
    twins: Mapping[tuple[str, ...], int]

    def reading(self, measure: Measure) -> Reading:
        """Return what a page needs to know to read a measure.

        Parameters
        ----------
        measure
            One of `READABLE`.
        """
        return {"kind": measure.kind_name, **READABLE[type(measure)](self, measure)}

    def month(self, at: str) -> int:
        """Return the index of a month."""
        return len(self.setting.months) - 1 if at == END else month_number(at) - self.setting.first_month

    def slot(self, path: str, at: str) -> int:
        """Return the place of a month in a trajectory."""
        month = self.month(at)
        return list(self.only[path]).index(month) if path in self.only else month

    def client(self, name: str) -> int:
        """Return the index of a client."""
        return [client.name for client in self.setting.clients].index(name)

    def present(self, at: str) -> list[int]:
        """Return the clients that are in the network in a month."""
        month = self.month(at)
        clients = enumerate(self.setting.clients)
        return [index for index, client in clients if client.enters <= month < client.leaves]

    @property
    def stays(self) -> list[tuple[int, int]]:
        """Return the first month of each client in the network, and the one after its last."""
        months = len(self.setting.months)
        return [(max(0, client.enters), min(months, client.leaves)) for client in self.setting.clients]


def _belief(reader: Reader, measure: Any) -> Reading:
    return {"client": reader.client(measure.client), "slot": reader.slot("beliefs", measure.at)}


def _posture(reader: Reader, measure: Any) -> Reading:
    return {"client": reader.client(measure.client), "slot": reader.slot("postures", measure.at)}


def _destination(reader: Reader, measure: Any) -> Reading:
    names = [*reader.setting.rivals]
    return {"client": reader.client(measure.client), "slot": reader.slot("destinations", measure.at), "names": names}


def _patron(reader: Reader, measure: Any) -> Reading:
    return {"index": PATRON_MEASURES.index(measure.measure), "slot": reader.slot("patron", measure.at)}


def _tie(reader: Reader, measure: Any) -> Reading:
    return {
        "client": reader.client(measure.client),
        "index": LEVELS.index(f"{measure.of}_tie"),
        "slot": reader.slot("levels", measure.at),
    }


def _slots(reader: Reader, measure: Any) -> Reading:
    """Return where a measure of who has gone looks, and whose doing it asks for first."""
    return {
        "postures": reader.slot("postures", measure.at),
        "regimes": reader.slot("regimes", measure.at),
        "counted": measure.regime_loss == "counted",
    }


def _defected(reader: Reader, measure: Any) -> Reading:
    return {"client": reader.client(measure.client), **_slots(reader, measure)}


def _share_defected(reader: Reader, measure: Any) -> Reading:
    return {"clients": reader.present(measure.at), **_slots(reader, measure)}


def _cascade(reader: Reader, measure: Any) -> Reading:
    events = tuple(event for event in measure.events if event in reader.scenario.events)
    if not events:
        return {"twin": 0}
    told = (reader.scenario.events[event] for event in events)
    struck = {row.name for event in told for row in reached_by(event, reader.scenario)}
    names = [client.name for client in reader.setting.clients]
    others = [index for index in reader.present(measure.at) if names[index] not in struck]
    return {"twin": reader.twins[events], "clients": others, **_slots(reader, measure)}


def _watched(reader: Reader, client: int) -> Reading:
    """Return while which months a client is looked at, and for how long at most."""
    horizon = max(1, min(len(reader.setting.months), reader.setting.clients[client].leaves))
    return {"client": client, "stays": reader.stays[client], "horizon": horizon}


def _time_to(reader: Reader, measure: Any) -> Reading:
    counted = measure.regime_loss == "counted"
    return {
        "rung": POSTURES.index(measure.posture),
        "counted": counted,
        **_watched(reader, reader.client(measure.client)),
    }


def _first_move(reader: Reader, measure: Any) -> Reading:
    client = reader.client(measure.client)
    start = int(reader.setting.clients[client].posture)
    return {"start": start, "names": list(POSTURES), **_watched(reader, client)}


def _change_rate(reader: Reader, _measure: Any) -> Reading:
    return {"starts": [int(client.posture) for client in reader.setting.clients], "stays": reader.stays}


READABLE: dict[type[Measure], Callable[[Reader, Any], Reading]] = {
    Capability: _belief,
    Resolve: _belief,
    Protection: _belief,
    Posture: _posture,
    Destination: _destination,
    Patron: _patron,
    Tie: _tie,
    Defected: _defected,
    ShareDefected: _share_defected,
    Cascade: _cascade,
    TimeTo: _time_to,
    FirstMove: _first_move,
    ChangeRate: _change_rate,
}
"""The measures that a page can read, and how."""


def twins_of(measures: Mapping[str, Measure], scenario: Scenario) -> list[tuple[str, ...]]:
    """Return the events, by their names, that twins of a scenario go without so that cascades can be counted.

    Parameters
    ----------
    measures
        Of the experiment.
    scenario
        One of its scenarios.
    """
    cascades = (measure for measure in measures.values() if isinstance(measure, Cascade))
    without = (tuple(event for event in one.events if event in scenario.events) for one in cascades)
    return [events for events in dict.fromkeys(without) if events]
