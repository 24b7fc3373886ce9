"""Build the setting of a run from a scenario: names to indices, figures to numbers, dates to months."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from papertiger.model import randomness
from papertiger.model.actors import bonds_beside, client_settings, holders, similarities
from papertiger.model.calendar import month_name, month_number
from papertiger.model.constants import CONSTANT_NAMES, Constants
from papertiger.model.elementary import log
from papertiger.model.events import dated_events
from papertiger.model.paths import path_values, war_path
from papertiger.model.sampling import FigureReader, draw_jointly
from papertiger.model.setting import ClientSetting, DatedEvent, PatronSetting, Setting, SignalSetting
from papertiger.scenarios.arguments import check_kind
from papertiger.scenarios.bonds import bond_rows
from papertiger.scenarios.checking.actor_keys import actor_key, offer_name
from papertiger.scenarios.reading.doors import FigureNames
from papertiger.scenarios.schema.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papertiger.scenarios.schema.actors import Income, Protector, War
    from papertiger.scenarios.schema.events import Signal
    from papertiger.scenarios.schema.figures import Figure

OWN = "own_parameters."
"""How the paths of parameters of a modeler's own begin."""

type _Actors = tuple[Any, tuple[ClientSetting, ...], tuple[tuple[float, ...], ...], tuple[DatedEvent, ...]]
"""What figures of actors decide: the figures themselves, clients, how alike they are, and events."""


class Template:
    """A scenario ready to be turned into settings again and again, as a sweep does for each of its points.

    What no figure decides is worked out once; clients and events are worked out again only when a number that they
    depend on is another one. A setting is the same, to the last bit, however it was reached.

    Parameters
    ----------
    scenario
        A resolved scenario.

    Raises
    ------
    TypeError
        If it is none.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = check_kind("scenario", scenario, Scenario, "a resolved scenario")
        self._first, last = month_number(scenario.span.start), month_number(scenario.span.end)
        self._length = last - self._first + 1
        self._invariant = _invariant(scenario, self._first, self._length)
        self._patrons = tuple(_patrons(scenario, self._first, self._length))
        self._actors: _Actors = (None, (), (), ())

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure that the model reads of the scenario, by its dotted path."""
        recorder = _Recorder()
        self._build(recorder, ("recorder",))
        return recorder.read

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
        if known and all(_is_constant(path) or path.startswith(("signals.", OWN)) for path in values or ()):
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
        own = dict(base.own_parameters)
        for path in figure.values:
            section, _, rest = path.partition(".")
            if section == "parameters":
                numbers[rest] = figure(path, getattr(scenario.parameters, rest))
            elif path.startswith(OWN):
                own[rest] = figure(path, scenario.own_parameters[rest])
            else:
                touched.add(rest.rpartition(".")[0])
        signals = tuple(
            _signal(signal.name, scenario.signals[signal.name], signal.system, figure)
            if signal.name in touched
            else signal
            for signal in base.signals
        )
        return replace(
            base,
            seed=figure.seed,
            run=figure.run,
            constants=Constants(**numbers),
            signals=signals,
            own_parameters=own,
        )

    def _build(self, figure: FigureReader, actors_of: tuple[Any, ...]) -> Setting:
        scenario = self.scenario
        constants = Constants(
            **{name: figure(f"parameters.{name}", getattr(scenario.parameters, name)) for name in CONSTANT_NAMES}
        )
        signals = _signals(scenario, figure)
        elasticities = [patron.elasticity(figure) for patron in self._patrons]
        actors_of = (*actors_of, *(getattr(constants, name) for name in _CONSTANTS_OF_ACTORS))
        known_for, clients, similarity, events = self._actors
        if actors_of != known_for:
            clients = client_settings(scenario, constants, figure, self._first)
            events = dated_events(scenario, clients, signals, constants, figure, self._first, self._length)
            similarity = similarities(scenario, constants)
            self._actors = (actors_of, clients, similarity, events)
        return Setting(
            **self._invariant,
            seed=figure.seed,
            run=figure.run,
            constants=constants,
            patrons=tuple(
                patron.setting(figure, elasticity)
                for patron, elasticity in zip(self._patrons, elasticities, strict=True)
            ),
            clients=clients,
            similarity=similarity,
            signals=signals,
            signal_index={signal.name: index for index, signal in enumerate(signals)},
            events=events,
            own_parameters={name: figure(f"{OWN}{name}", one) for name, one in scenario.own_parameters.items()},
        )


_CONSTANTS_OF_ACTORS = (
    "prior_capability",
    "prior_resolve_pact",
    "prior_resolve_treaty",
    "prior_resolve_none",
    "similarity_pact",
    "similarity_region",
    "similarity_adversary",
    "exposure_border",
    "exposure_bases",
    "exposure_diaspora",
    "protection_reach",
    "distance_reach",
    "arms_weight",
    "tie_others",
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
    generative_from = length
    if scenario.mode == "generative":
        generative_from = 0
    elif scenario.generative_from is not None:
        generative_from = month_number(scenario.generative_from) - first
    return {
        "first_month": first,
        "months": tuple(month_name(month) for month in range(first, first + length)),
        "generative": tuple(month >= generative_from for month in range(length)),
        "rivals": holders(scenario),
        "beside": bonds_beside(scenario),
        "offer_keys": tuple(
            tuple(
                actor_key(offer_name(_drawing_name(holder, scenario), row.draws_as)) for holder in holders(scenario)
            )
            for row in bond_rows(scenario).values()
        ),
        "adversaries": tuple(scenario.adversaries),
    }


def _drawing_name(holder: str, scenario: Scenario) -> str:
    """Return the name by which a rival draws, or another patron that stands in a rival's place."""
    return (scenario.rivals[holder].draws_as if holder in scenario.rivals else None) or holder


class _PatronTemplate(NamedTuple):
    """A patron ready to be turned into its setting: what no figure decides, and what they do."""

    fixed: dict[str, Any]
    income: Income
    known: tuple[float, ...]
    where: str

    def elasticity(self, figure: FigureReader) -> float:
        """Return how much of a change of income reaches the budget in one run."""
        return figure(f"{self.where}income.elasticity", self.income.elasticity)

    def setting(self, figure: FigureReader, elasticity: float) -> PatronSetting:
        """Return the numbers of one run."""
        return PatronSetting(
            **self.fixed,
            income_known=tuple(elasticity * value for value in self.known),
            income_persistence=figure(f"{self.where}income.persistence", self.income.persistence),
            income_noise=elasticity * figure(f"{self.where}income.noise", self.income.noise),
        )


def _patrons(scenario: Scenario, first: int, length: int) -> Iterator[_PatronTemplate]:
    yield _patron(scenario.patron.name, scenario.patron, scenario.war, scenario.income, "", first, length)
    for name, patron in scenario.patrons.items():
        yield _patron(name, patron, patron.war, patron.income, f"patrons.{name}.", first, length)


def _patron(
    name: str, patron: Protector, war: War, income: Income, where: str, first: int, length: int
) -> _PatronTemplate:
    last_known_income = max(month_number(month) for month in income.index.points) - first
    fixed = {
        "name": name,
        "key": actor_key(patron.draws_as or name),
        "war_burden": tuple(min(1.0, max(0.0, value)) for value in war_path(war, first, length)),
        "sanctions": (
            (-1.0,) * length
            if patron.sanctions is None
            else tuple(min(1.0, max(0.0, value)) for value in path_values(patron.sanctions, first, length))
        ),
        "rival_track": tuple(path_values(patron.rival_track, first, length)),
        "income_drawn_from": max(1, min(length, last_known_income + 1)) if income.after == "ar1" else length,
        "asset_names": tuple(patron.assets),
        "asset_values": tuple(tuple(path_values(asset.value, first, length)) for asset in patron.assets.values()),
    }
    known = tuple(log(value) for value in path_values(income.index, first, length))
    return _PatronTemplate(fixed, income, known, where)


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
    return template.setting(seed, run, template.names.numbers(values, "values") if values is not None else None)


class _Recorder(FigureReader):
    """Writes down every figure that is read."""

    def __init__(self) -> None:
        super().__init__(0, 0)
        self.read: dict[str, Figure] = {}

    def __call__(self, path: str, figure: Figure) -> float:
        """Return the number of a figure, and remember it."""
        self.read[path] = figure
        return super().__call__(path, figure)


def _signals(scenario: Scenario, figure: FigureReader) -> tuple[SignalSetting, ...]:
    systems = tuple(dict.fromkeys(row.system or name for name, row in scenario.signals.items()))
    return tuple(
        _signal(name, row, systems.index(row.system or name), figure) for name, row in scenario.signals.items()
    )


def _signal(name: str, row: Signal, system: int, figure: FigureReader) -> SignalSetting:
    return SignalSetting(
        name=name,
        good=row.news == "good",
        weight=figure(f"signals.{name}.weight", row.weight),
        loading=figure(f"signals.{name}.loading", row.loading),
        excusable=row.excusable,
        patron_threat=row.patron_threat,
        coercive=row.coercive,
        response=row.response,
        witnessed=row.witnessed,
        system=system,
    )
