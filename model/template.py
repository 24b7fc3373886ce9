"""Build the setting of a run from a scenario: names to indices, figures to numbers, dates to months."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from papertiger.model import randomness
from papertiger.model.calendar import month_name, month_number
from papertiger.model.rules import beliefs, options, threat
from papertiger.model.sampling import FigureReader, draw_jointly
from papertiger.scenarios.reading.doors import FigureNames
from papertiger.scenarios.schema.events import NOT_INPUTS
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.scenarios.schema.actors import Client, Option, Rival, Successor
    from papertiger.scenarios.schema.events import Event, Signal
    from papertiger.scenarios.schema.figures import Figure, Series
    from papertiger.scenarios.schema.scenario import Scenario
from papertiger.model.setting import (
    CONSTANT_NAMES,
    NOBODY,
    SIGNAL,
    STRUCTURAL,
    ClientSetting,
    Constants,
    DatedEvent,
    Outlook,
    Setting,
    SignalSetting,
)


def path_values(series: Series, first: int, length: int) -> list[float]:
    """Return a series month by month.

    Parameters
    ----------
    series
        Points by month.
    first, length
        Number of the first month, and how many months.
    """
    points = sorted((month_number(month), value) for month, value in series.points.items())
    values = []
    for month in range(first, first + length):
        before = [point for point in points if point[0] <= month]
        after = [point for point in points if point[0] > month]
        if not before:
            values.append(after[0][1])
        elif not after or series.shape == "step":
            values.append(before[-1][1])
        else:
            (m0, v0), (m1, v1) = before[-1], after[0]
            values.append(v0 + (v1 - v0) * (month - m0) / (m1 - m0))
    return values


def war_path(scenario: Scenario, first: int, length: int) -> list[float]:
    """Return the war's burden by month, with what happens after the last point of the data."""
    values = path_values(scenario.war.burden, first, length)
    last_known = max(month_number(month) for month in scenario.war.burden.points)
    if scenario.war.after == "continues" or last_known - first >= length - 1:
        return values
    start = values[max(0, last_known - first)]
    goal = 0.0 if scenario.war.after == "ends" else 1.0
    for month in range(max(0, last_known - first + 1), length):
        done = min(1.0, (month + first - last_known) / scenario.war.over_months)
        values[month] = start + (goal - start) * done
    return values


class Template:
    """A scenario ready to be turned into settings again and again, as a sweep does for each of its points.

    What no figure decides is worked out once; clients and events are worked out again only when a number that they
    depend on is another one. A setting is the same, to the last bit, however it was reached.

    Parameters
    ----------
    scenario
        A resolved scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._first, last = month_number(scenario.span.start), month_number(scenario.span.end)
        self._length = last - self._first + 1
        self._invariant = _invariant(scenario, self._first, self._length)
        self._income = [math.log(value) for value in path_values(scenario.income.index, self._first, self._length)]
        self._actors: tuple[Any, tuple[ClientSetting, ...], tuple[DatedEvent, ...]] = (None, (), ())

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure that the model reads of the scenario, by its dotted path."""
        recorder = _Recorder()
        self._build(recorder, ("recorder",))
        return recorder.found

    @cached_property
    def names(self) -> FigureNames:
        """Every name by which a figure can be given a number."""
        return FigureNames(self.scenario, self.figures)

    @cached_property
    def drawn(self) -> frozenset[str]:
        """Paths of the figures that each run draws for itself: bare distributions, and those of a posterior."""
        posterior = self.scenario.posterior
        return self._without_value | frozenset(() if posterior is None else posterior.paths)

    @cached_property
    def _without_value(self) -> frozenset[str]:
        return frozenset(path for path, figure in self.figures.items() if figure.value is None)

    def is_drawn(self, values: Mapping[str, float] | None = None) -> bool:
        """Tell whether runs with some numbers given still have numbers of their own.

        Parameters
        ----------
        values
            Numbers by dotted path of a figure.
        """
        return not self.drawn <= (values or {}).keys()

    def setting(self, seed: int, run: int = 0, values: Mapping[str, float] | None = None) -> Setting:
        """Return the numbers of one run.

        Parameters
        ----------
        seed, run
            Key of the run's draws.
        values
            Numbers by the path of a figure, as `FigureNames.numbers` returns them; they are not checked again.
        """
        if self.scenario.posterior is not None:
            values = {**draw_jointly(self.scenario.posterior, seed, run), **(values or {})}
        known = "figures" in self.__dict__ and not self._without_value
        if known and all(_is_constant(path) or path.startswith("signals.") for path in values or ()):
            return self._changed(FigureReader(seed, run, values))
        given = sorted((path, value) for path, value in (values or {}).items() if _is_of_actors(path))
        return self._build(FigureReader(seed, run, values), (seed, run, *given))

    @cached_property
    def _base(self) -> Setting:
        """The setting of the scenario as it is, where no figure is drawn."""
        return self._build(FigureReader(0, 0), ("base",))

    def _changed(self, figure: FigureReader) -> Setting:
        """Return the base with other constants and signals, of which only those that are given are read again."""
        scenario, base = self.scenario, self._base
        numbers = dict(base.constants.__dict__)
        touched = set()
        for path in figure.values:
            section, _, rest = path.partition(".")
            if section == "parameters":
                numbers[rest] = figure(path, getattr(scenario.parameters, rest))
            else:
                touched.add(rest.rpartition(".")[0])
        signals = tuple(
            _signal(signal.name, scenario.signals[signal.name], figure) if signal.name in touched else signal
            for signal in base.signals
        )
        return replace(base, seed=figure.seed, run=figure.run, constants=Constants(**numbers), signals=signals)

    def _build(self, figure: FigureReader, actors_of: tuple[Any, ...]) -> Setting:
        scenario = self.scenario
        constants = Constants(
            *[figure(f"parameters.{name}", getattr(scenario.parameters, name)) for name in CONSTANT_NAMES]
        )
        signals = _signals(scenario, figure)
        elasticity = figure("income.elasticity", scenario.income.elasticity)
        actors_of = (*actors_of, *(getattr(constants, name) for name in _CONSTANTS_OF_ACTORS))
        known_for, clients, events = self._actors
        if actors_of != known_for:
            clients = tuple(_client(name, scenario, constants, figure, self._first) for name in scenario.clients)
            events = _events(scenario, clients, signals, constants, figure, self._first, self._length)
            self._actors = (actors_of, clients, events)
        return Setting(
            **self._invariant,
            seed=figure.seed,
            run=figure.run,
            constants=constants,
            clients=clients,
            signals=signals,
            signal_index={signal.name: index for index, signal in enumerate(signals)},
            events=events,
            income_known=tuple(elasticity * value for value in self._income),
            income_persistence=figure("income.persistence", scenario.income.persistence),
            income_noise=elasticity * figure("income.noise", scenario.income.noise),
        )


_CONSTANTS_OF_ACTORS = (
    "prior_capability",
    "prior_resolve_pact",
    "prior_resolve_treaty",
    "prior_resolve_none",
    "protection_reach",
)
"""Parameters that the numbers of clients and successors depend on."""


def _is_constant(path: str) -> bool:
    """Tell whether a path is that of a parameter which the numbers of clients and successors do not depend on."""
    section, _, name = path.partition(".")
    return section == "parameters" and name in CONSTANT_NAMES and name not in _CONSTANTS_OF_ACTORS


def _is_of_actors(path: str) -> bool:
    return path.startswith(("clients.", "rivals.", "adversaries.", "events."))


def _invariant(scenario: Scenario, first: int, length: int) -> dict[str, Any]:
    """Return the fields of a setting that no figure decides."""
    last_known_income = max(month_number(month) for month in scenario.income.index.points) - first
    drawn = scenario.income.after == "ar1"
    generative_from = length
    if scenario.mode == "generative":
        generative_from = 0
    elif scenario.generative_from is not None:
        generative_from = month_number(scenario.generative_from) - first
    return {
        "first_month": first,
        "months": tuple(month_name(month) for month in range(first, first + length)),
        "generative": tuple(month >= generative_from for month in range(length)),
        "patron_key": randomness.actor_key(scenario.patron.draws_as or scenario.patron.name),
        "rivals": tuple(scenario.rivals),
        "offer_keys": tuple(
            tuple(
                randomness.actor_key(f"{rival.draws_as or rival_name} to {client.draws_as or client_name}")
                for rival_name, rival in scenario.rivals.items()
            )
            for client_name, client in scenario.clients.items()
        ),
        "adversaries": tuple(scenario.adversaries),
        "similarity": _similarity(scenario),
        "war_burden": tuple(min(1.0, max(0.0, value)) for value in war_path(scenario, first, length)),
        "rival_track": tuple(path_values(scenario.patron.rival_track, first, length)),
        "income_drawn_from": max(1, min(length, last_known_income + 1)) if drawn else length,
        "asset_names": tuple(scenario.patron.assets),
        "asset_values": tuple(
            tuple(path_values(asset.value, first, length)) for asset in scenario.patron.assets.values()
        ),
    }


def build_setting(scenario: Scenario, seed: int, run: int = 0, values: Mapping[str, float] | None = None) -> Setting:
    """Turn a resolved scenario into numbers for one run.

    Parameters
    ----------
    scenario
        A resolved scenario.
    seed, run
        Key of the run's draws; figures that are bare distributions are drawn with it.
    values
        Numbers by the name of a figure that take the place of those of the file, as a design point gives them.

    Raises
    ------
    scenarios.ScenarioError
        If no run reads such a figure, or it cannot take the number.
    ValueError
        If the seed or the run is out of range.
    """
    seed, run = randomness.check_seed(seed), randomness.check_run(run)
    template = Template(scenario)
    return template.setting(seed, run, template.names.numbers(values, "values") if values else None)


class _Recorder(FigureReader):
    """Writes down every figure that is read."""

    def __init__(self) -> None:
        super().__init__(0, 0)
        self.found: dict[str, Figure] = {}

    def __call__(self, path: str, figure: Figure) -> float:
        """Return the number of a figure, and remember it."""
        self.found[path] = figure
        return super().__call__(path, figure)


def _signals(scenario: Scenario, figure: FigureReader) -> tuple[SignalSetting, ...]:
    return tuple(_signal(name, row, figure) for name, row in scenario.signals.items())


def _signal(name: str, row: Signal, figure: FigureReader) -> SignalSetting:
    return SignalSetting(
        name=name,
        good=row.news == "good",
        weight=figure(f"signals.{name}.weight", row.weight),
        loading=figure(f"signals.{name}.loading", row.loading),
        excusable=row.excusable,
        patron_threat=row.patron_threat,
        response=row.response,
        witnessed=row.witnessed,
    )


def _options(
    where: str,
    offered: Mapping[str, Option],
    rivals: Mapping[str, Rival],
    constants: Constants,
    figure: FigureReader,
) -> dict[str, tuple[float, float, float]]:
    """Return base protection, base economy and openness by rival, for the rivals that are named."""
    found = {}
    for name, option in offered.items():
        # Draws are keyed by the name that a renamed actor keeps for them.
        key = rivals[name].draws_as or name
        path = f"{where}.options.{key}"
        gap = figure(f"rivals.{key}.gap", rivals[name].gap)
        size = figure(f"rivals.{key}.size", rivals[name].size)
        protects = figure(f"{path}.protection", option.protection)
        trades = figure(f"{path}.economy", option.economy)
        near = figure(f"{path}.proximity", option.proximity)
        found[name] = (
            options.base_protection(constants.protection_reach, protects, near, gap),
            options.base_economy(trades, near, size, gap),
            max(protects, trades),
        )
    return found


def _columns(
    rows: Mapping[str, tuple[float, float, float]], rivals: tuple[str, ...]
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    ordered = [rows.get(rival, (0.0, 0.0, 0.0)) for rival in rivals]
    return tuple(r[0] for r in ordered), tuple(r[1] for r in ordered), tuple(r[2] for r in ordered)


def _prior_resolve(client: Client, constants: Constants) -> float:
    if client.treaty == "defence_pact":
        return float(constants.prior_resolve_pact)
    if client.treaty == "lesser_treaty" or client.sub_state:
        return float(constants.prior_resolve_treaty)
    return float(constants.prior_resolve_none)


def _outlook(name: str, client: Client, scenario: Scenario, constants: Constants, figure: FigureReader) -> Outlook:
    where = f"clients.{client.draws_as or name}"
    rows = _options(where, client.options, scenario.rivals, constants, figure)
    base_protection, base_economy, openness = _columns(rows, tuple(scenario.rivals))
    arms, economy = figure(f"{where}.arms", client.arms), figure(f"{where}.economy", client.economy)
    return Outlook(
        prior_capability=(
            constants.prior_capability
            if client.prior_capability is None
            else figure(f"{where}.prior_capability", client.prior_capability)
        ),
        prior_resolve=(
            _prior_resolve(client, constants)
            if client.prior_resolve is None
            else figure(f"{where}.prior_resolve", client.prior_resolve)
        ),
        threat=figure(f"{where}.threat", client.threat),
        exposure=threat.exposure(
            figure(f"{where}.border", client.border),
            figure(f"{where}.bases", client.bases),
            figure(f"{where}.diaspora", client.diaspora),
            client.sub_state,
        ),
        dependence=(arms + economy) / 2.0,
        base_protection=base_protection,
        base_economy=base_economy,
        openness=openness,
    )


def _client(name: str, scenario: Scenario, constants: Constants, figure: FigureReader, first: int) -> ClientSetting:
    client = scenario.clients[name]
    adversary = scenario.adversaries.get(client.adversary) if client.adversary else None
    own, foe = f"clients.{client.draws_as or name}", f"adversaries.{client.adversary}"
    return ClientSetting(
        name=name,
        key=randomness.actor_key(client.draws_as or name),
        posture=POSTURES.index(client.posture),
        enters=0 if client.enters is None else max(0, month_number(client.enters) - first),
        sub_state=client.sub_state,
        defence_pact=client.treaty == "defence_pact",
        outlook=_outlook(name, client, scenario, constants, figure),
        border=figure(f"{own}.border", client.border),
        value=figure(f"{own}.value", client.value),
        supplied_air_defence=client.supplied_air_defence,
        assets=tuple(
            figure(f"{own}.assets.{asset}", client.assets[asset]) if asset in client.assets else 0.0
            for asset in scenario.patron.assets
        ),
        adversary=client.adversary or "",
        clash=figure(f"{foe}.clash", adversary.clash) if adversary else 0.0,
        worth=figure(f"{foe}.worth", adversary.worth) if adversary else 0.0,
    )


def _similarity(scenario: Scenario) -> tuple[tuple[float, ...], ...]:
    def same(left: str | None, right: str | None) -> bool:
        return left is not None and left == right

    return tuple(
        tuple(
            0.0
            if one is other
            else beliefs.similarity(
                same(one.pact, other.pact),
                same(one.region, other.region),
                same(one.adversary, other.adversary),
            )
            for other in scenario.clients.values()
        )
        for one in scenario.clients.values()
    )


def _dependences(scenario: Scenario, figure: FigureReader) -> dict[str, tuple[float, float]]:
    """Return dependence for arms and for the economy by client, before any regime loss."""
    return {
        name: (
            figure(f"clients.{client.draws_as or name}.arms", client.arms),
            figure(f"clients.{client.draws_as or name}.economy", client.economy),
        )
        for name, client in scenario.clients.items()
    }


def _successor(
    successor: Successor,
    name: str,
    old: Outlook,
    old_dependence: tuple[float, float],
    scenario: Scenario,
    constants: Constants,
    figure: FigureReader,
) -> tuple[Outlook, tuple[float, float]]:
    """Return a successor's outlook, and its dependence for arms and for the economy."""
    where = f"events.{name}.successor"
    rows = _options(where, successor.options, scenario.rivals, constants, figure)
    for index, rival in enumerate(scenario.rivals):
        rows.setdefault(rival, (old.base_protection[index], old.base_economy[index], old.openness[index]))
    base_protection, base_economy, openness = _columns(rows, tuple(scenario.rivals))
    given = {
        field: figure(f"{where}.{field}", getattr(successor, field))
        for field in ("threat", "exposure", "prior_capability", "prior_resolve", "arms", "economy")
        if getattr(successor, field) is not None
    }
    arms, economy = given.get("arms", old_dependence[0]), given.get("economy", old_dependence[1])
    outlook = Outlook(
        prior_capability=given.get("prior_capability", old.prior_capability),
        prior_resolve=given.get("prior_resolve", old.prior_resolve),
        threat=given.get("threat", old.threat),
        exposure=given.get("exposure", old.exposure),
        dependence=(arms + economy) / 2.0,
        base_protection=base_protection,
        base_economy=base_economy,
        openness=openness,
    )
    return outlook, (arms, economy)


def is_switched_on(event: Event, scenario: Scenario) -> bool:
    """Tell whether the switches that an event names let it happen."""
    if event.only_if is not None and not scenario.switches[event.only_if].value:
        return False
    return event.unless is None or not scenario.switches[event.unless].value


def _events(
    scenario: Scenario,
    clients: tuple[ClientSetting, ...],
    signals: tuple[SignalSetting, ...],
    constants: Constants,
    figure: FigureReader,
    first: int,
    length: int,
) -> tuple[DatedEvent, ...]:
    client_index = {client.name: index for index, client in enumerate(clients)}
    rival_index = {name: index for index, name in enumerate(scenario.rivals)}
    signal_index = {signal.name: index for index, signal in enumerate(signals)}
    outlooks = {client.name: client.outlook for client in clients}
    dependences = _dependences(scenario, figure)
    dated: list[DatedEvent] = []
    for name, event in sorted(scenario.events.items(), key=lambda item: (item[1].date, item[0])):
        month = month_number(event.date) - first
        if event.kind in NOT_INPUTS or not 0 <= month < length or not is_switched_on(event, scenario):
            continue
        outlook, continuity = None, 0.0
        if event.successor is not None and event.client is not None:
            outlook, dependences[event.client] = _successor(
                event.successor,
                name,
                outlooks[event.client],
                dependences[event.client],
                scenario,
                constants,
                figure,
            )
            outlooks[event.client] = outlook
            continuity = figure(f"events.{name}.successor.continuity", event.successor.continuity)
        adversary = scenario.adversaries.get(event.adversary or "")
        dated.append(
            DatedEvent(
                name=name,
                month=month,
                kind=STRUCTURAL.get(event.kind, SIGNAL),
                client=NOBODY if event.client is None else client_index[event.client],
                rival=NOBODY if event.rival is None else rival_index[event.rival],
                intensity=figure(f"events.{name}.intensity", event.intensity),
                signal=signal_index.get(event.kind, NOBODY),
                loading=None if event.loading is None else figure(f"events.{name}.loading", event.loading),
                always=event.always,
                successor=outlook,
                continuity=continuity,
                clash=figure(f"adversaries.{event.adversary}.clash", adversary.clash) if adversary else 0.0,
            )
        )
    return tuple(dated)
