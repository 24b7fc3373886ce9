"""Check that the parts of a scenario that name each other fit together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from papertiger.scenarios.bonds import bonds_of_client, patrons_of, reached_by
from papertiger.scenarios.checking.actor_keys import shared_keys
from papertiger.scenarios.checking.bond_fields import bonds, shares_of_patrons
from papertiger.scenarios.checking.crisis_kinds import check_crisis_kinds
from papertiger.scenarios.checking.event_fields import breaches
from papertiger.scenarios.checking.own_parameters import check_own_parameters
from papertiger.scenarios.errors import PathKey, Problem, listing, nearest, printable, shorten
from papertiger.scenarios.reading.inheritance import Tree
from papertiger.scenarios.reading.shapes import shape_at
from papertiger.scenarios.reading.sources import SCENARIOS
from papertiger.scenarios.schema.actors import Client, Course, Income, Situation, War
from papertiger.scenarios.schema.events import RESERVED_SIGNALS, STRUCTURAL_KINDS, Event
from papertiger.scenarios.schema.figures import Range, Series
from papertiger.scenarios.schema.game import MAX_PREPARED_NAME, OF_A_CLIENT, Game, SeatBrief
from papertiger.scenarios.schema.scenario import Scenario

LONGEST_NAME = 60

_NAMED = ("clients", "patrons", "rivals", "adversaries", "events", "signals", "switches")
_ROUNDING = 1e-9
_MOST = 1e6
"""Values are relative to each other or to 1; sums of larger ones would lose what is small."""
_AMOUNT = f"from 0 to {_MOST:,.0f}"


def check_names(tree: Tree) -> Iterator[Problem]:
    """Yield what is wrong with names as such; this needs no valid scenario."""
    patron, others = tree.data.get("patron"), tree.data.get("patrons")
    sections: list[tuple[PathKey, Any]] = [((section,), tree.data.get(section)) for section in _NAMED]
    for other, part in others.items() if isinstance(others, dict) else ():
        sections.append((("patrons", other, "assets"), part.get("assets") if isinstance(part, dict) else None))
    if isinstance(patron, dict):
        sections.append((("patron", "assets"), patron.get("assets")))
        if isinstance(patron.get("name"), str) and (objection := objection_to_name(patron["name"].strip())):
            yield tree.problem(("patron", "name"), objection)
    for path, section in sections:
        for name in section if isinstance(section, dict) else ():
            if (*path, name) not in tree.broken and (objection := objection_to_name(name)):
                yield tree.problem((*path, name), objection)


def objection_to_name(name: str) -> str | None:
    """Return what is wrong with a free name of a file, or None."""
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters, this one {len(name)}"
    if name != name.strip():
        return "a name cannot begin or end with a space"
    if bad := [char for char in name if not char.isprintable() or char in "/\\"]:
        return f"a name cannot contain '{printable(bad[0])}'"
    return None


def check(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield every place where the parts of a scenario do not fit together."""
    yield from _unique_actors(scenario, tree)
    yield from shared_keys(scenario, tree)
    yield from _signals(scenario, tree)
    yield from _patron(scenario, tree)
    yield from _clients(scenario, tree)
    yield from check_crisis_kinds(scenario, tree)
    yield from check_own_parameters(scenario, tree)
    kinds = {*scenario.signals, *STRUCTURAL_KINDS}
    for name, event in scenario.events.items():
        if _side(event, scenario) == 0:
            yield from _event(("events", name), event, kinds, scenario, tree)
        elif _is_meant(name, event, scenario, tree):
            span = f"{scenario.span.start} to {scenario.span.end}"
            yield tree.problem(("events", name, "date"), f"{event.date} is outside the scenario's span {span}")
    yield from _posterior(scenario, tree)
    yield from _series(scenario, tree)
    yield from _from_month(scenario, tree)
    yield from _twin(scenario, tree)


def _posterior(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield columns of the draws that are no parameter, and parameters that are set although they are drawn."""
    if scenario.posterior is None:
        return
    known = [f"parameters.{name}" for name in type(scenario.parameters).model_fields]
    known += [f"signals.{name}.{part}" for name in scenario.signals for part in ("weight", "loading")]
    for path in scenario.posterior.paths:
        if path not in known:
            message = f"{scenario.posterior.draws}: the column {shorten(path)} is no parameter of this scenario"
            yield tree.problem(("posterior",), message, nearest(path, known))
    for path, objection in out_of_range(scenario.posterior.paths, scenario.posterior.values):
        yield tree.problem(("posterior",), f"{scenario.posterior.draws}: {path}: {objection}")
    said = tree.place(("posterior",))
    for path in (one for one in scenario.posterior.paths if one in known):
        place = tree.place(tuple(path.split(".")))
        beside = place.depth == said.depth and None not in (place.line, said.line)
        if place.depth < said.depth or beside:
            message = f"is drawn from the posterior {scenario.posterior.draws}, so it cannot be set beside it"
            yield tree.problem(tuple(path.split(".")), message)


def out_of_range(paths: Sequence[str], values: Sequence[Sequence[float]]) -> Iterator[tuple[str, str]]:
    """Yield the path of each column of draws that a figure cannot take, with what is wrong with one of its draws.

    Parameters
    ----------
    paths, values
        Dotted paths of the columns, and the draws.
    """
    for path, column in zip(paths, zip(*values, strict=True), strict=True):
        shape = shape_at(tuple(path.split(".")))
        for limit in () if shape is None else shape.limits:
            bounds = getattr(limit, "func", None)
            if not isinstance(bounds, Range):
                continue
            for number in {min(column): None, max(column): None}:
                try:
                    bounds.check(number)
                except ValueError as error:
                    yield path, f"{error} in draw {column.index(number) + 1}"


def events_in_span(scenario: Scenario) -> dict[str, Event]:
    """Return the events that happen within the months of the scenario."""
    return {name: event for name, event in scenario.events.items() if _side(event, scenario) == 0}


def _side(event: Event, scenario: Scenario) -> int:
    """Return -1 for an event before the span, 1 for one after it and 0 for one within."""
    month = event.date[:7]
    return -1 if month < scenario.span.start else int(month > scenario.span.end)


def _is_meant(name: str, event: Event, scenario: Scenario, tree: Tree) -> bool:
    """Return whether who wrote the event knew of the span: a descendant's shorter span just leaves it out."""
    edge = "start" if _side(event, scenario) < 0 else "end"
    return tree.place(("events", name)).depth <= tree.place(("span", edge)).depth


def _known(tree: Tree, path: PathKey, name: str | None, what: str, valid: Collection[str]) -> Iterator[Problem]:
    if name is not None and name not in valid:
        yield tree.problem(path, f"no {what} {shorten(name)} in this scenario", nearest(name, valid))


def _unique_actors(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    # Each is the actor of its own random draws, keyed by its name or by the one it had before.
    patron = scenario.patron.draws_as or scenario.patron.name
    names, keys = {scenario.patron.name: "the patron"}, {patron: "the patron"}
    sections = (
        ("patrons", "a patron"),
        ("clients", "a client"),
        ("rivals", "a rival"),
        ("adversaries", "an adversary"),
    )
    for section, what in sections:
        for name, part in getattr(scenario, section).items():
            if name in names:
                yield tree.problem((section, name), f"the name is already that of {names[name]}")
            key = getattr(part, "draws_as", None) or name
            if key in keys and name not in names:
                message = f"the random draws of {keys[key]} already use the name '{printable(key)}'"
                yield tree.problem((section, name, "draws_as"), message)
            names.setdefault(name, what)
            keys.setdefault(key, what)


def _signals(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    for name in RESERVED_SIGNALS:
        if name not in scenario.signals:
            hint = nearest(name, scenario.signals)
            yield tree.problem(("signals",), f"missing signal '{name}', which the model's rules send", hint)
    for name in STRUCTURAL_KINDS:
        if name in scenario.signals:
            yield tree.problem(("signals", name), "this name is kept for a kind of event that is not a signal")


def _patron(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    rows = [row for client in scenario.clients for row in bonds_of_client(client, scenario)]
    for name, patron in patrons_of(scenario).items():
        path: PathKey = ("patrons", name) if patron is not scenario.patron else ("patron",)
        known = [*scenario.rivals, *(other for other in patrons_of(scenario) if other != name)]
        yield from _known(tree, (*path, "main_rival"), patron.main_rival, "rival", known)
        for asset in patron.assets:
            held = 0.0
            for row in rows:
                share = row.own.assets.get(asset) if row.patron == name else None
                held += (share.value or 0.0) if share is not None else 0.0
            if held > 1.0 + _ROUNDING:
                message = f"the clients' shares add up to {held:g}, expected at most 1"
                yield tree.problem((*path, "assets", asset), message)


def _clients(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    for name, client in scenario.clients.items():
        path: PathKey = ("clients", name)
        yield from _known(tree, (*path, "adversary"), client.adversary, "adversary", scenario.adversaries)
        for field in ("options", "arms_ties", "economy_ties"):
            yield from _by_rival(tree, (*path, field), getattr(client, field), scenario)
        yield from bonds(path, client, scenario, tree)
        yield from shares_of_patrons(path, client, tree)
        late = client.enters is not None and client.enters > scenario.span.end
        if late and tree.place((*path, "enters")).depth <= tree.place(("span", "end")).depth:
            message = f"{client.enters} is after the end of the scenario's span, {scenario.span.end}"
            yield tree.problem((*path, "enters"), message)

        yield from _leaving(path, client, scenario, tree)
        if client.course is not None:
            yield from _course(path, client.course, name, scenario, tree)


def _leaving(path: PathKey, client: Client, scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield what is wrong with the month in which a client leaves; what it inherits is its ancestor's to say."""
    if client.leaves is None:
        return
    if client.enters is not None and client.leaves <= client.enters:
        message = f"expected a month after the client's entry, {client.enters}, got {client.leaves}"
        yield tree.problem((*path, "leaves"), message)
    elif client.leaves <= scenario.span.start:
        if tree.place((*path, "leaves")).depth <= tree.place(("span", "start")).depth:
            message = f"expected a month after the start of the scenario's span, {scenario.span.start}, "
            yield tree.problem((*path, "leaves"), f"{message}got {client.leaves}; remove the client instead")


def _course(path: PathKey, course: Course, name: str, scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield what does not fit about a course: each month is said in one place, and it has something to say."""
    where: PathKey = (*path, "course")
    yield from _by_rival(tree, (*where, "options"), course.options, scenario)
    if not course.model_dump(exclude_defaults=True, exclude={"source", "why"}):
        fields = listing(field for field in type(course).model_fields if field not in ("source", "why"))
        yield tree.problem(where, f"expected what changes: one of {fields}")
    told = {
        event.date[:7]: event_name
        for event_name, event in scenario.events.items()
        if event.kind == "new_situation" and event.client == name
    }
    for field in type(course).model_fields:
        by_month = getattr(course, field)
        for month in by_month if isinstance(by_month, Mapping) and field != "options" else ():
            if month in told:
                message = f"{shorten(told[month])} brings a new situation in the same month; say it in one place"
                yield tree.problem((*where, field, month), message)


def _by_rival(tree: Tree, path: PathKey, held: Mapping[str, object], scenario: Scenario) -> Iterator[Problem]:
    for rival in held:
        if rival in patrons_of(scenario) and rival not in scenario.rivals:
            message = f"{shorten(rival)} is a patron; what it is to a client stands in the client's bond with it"
            yield tree.problem((*path, rival), message)
        else:
            yield from _known(tree, (*path, rival), rival, "rival", scenario.rivals)


def _event(path: PathKey, event: Event, kinds: Collection[str], scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    if event.kind in kinds:
        for field, message in breaches(event, scenario.signals, several_patrons=bool(scenario.patrons)):
            yield tree.problem((*path, field) if field else path, message)
    else:
        message = f"no signal or kind of event {shorten(event.kind)}"
        yield tree.problem((*path, "kind"), message, nearest(event.kind, kinds))
    if event.known is not None and event.known < event.date[:7]:
        message = f"expected a month at or after the event's date, {event.date}, got {event.known}"
        yield tree.problem((*path, "known"), message)
    if event.kind != "background":  # what happens to a state outside the network is background
        yield from _known(tree, (*path, "client"), event.client, "client", scenario.clients)
        yield from _known(tree, (*path, "adversary"), event.adversary, "adversary", scenario.adversaries)
        rivals = [*scenario.rivals, *(patrons_of(scenario) if scenario.patrons else ())]
        yield from _known(tree, (*path, "rival"), event.rival, "rival", rivals)
        yield from _known(tree, (*path, "patron"), event.patron, "patron", patrons_of(scenario))
        yield from _about_a_bond(path, event, scenario, tree)
    if event.beside is not None and tree.place((*path, "beside")).depth <= 0:
        yield from _known(tree, (*path, "beside"), event.beside, "event", scenario.events)
    for field in ("only_if", "unless"):
        yield from _known(tree, (*path, field), getattr(event, field), "switch", scenario.switches)
    if event.successor is not None:
        yield from _by_rival(tree, (*path, "successor", "options"), event.successor.options, scenario)
    if event.situation is not None:
        yield from _situation(path, event, event.situation, scenario, tree)


def _about_a_bond(path: PathKey, event: Event, scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield an event about a patron that its client has no bond with, and one that would lure it away from nobody."""
    if event.client is None or event.client not in scenario.clients:
        return
    own = [row.patron for row in bonds_of_client(event.client, scenario)]
    if event.patron is not None and event.patron in patrons_of(scenario) and event.patron not in own:
        message = f"{shorten(event.client)} has no bond with {shorten(event.patron)}; it has one with {listing(own)}"
        yield tree.problem((*path, "patron"), message, nearest(event.patron, own))
    elif event.rival in own and not reached_by(event, scenario):
        message = f"{shorten(event.rival)} is the patron that it would lure {shorten(event.client)} away from"
        yield tree.problem((*path, "rival"), message)


def _situation(
    path: PathKey, event: Event, situation: Situation, scenario: Scenario, tree: Tree
) -> Iterator[Problem]:
    """Yield what does not fit about a new situation: what is new must be said, and a successor says it for itself."""
    yield from _by_rival(tree, (*path, "situation", "options"), situation.options, scenario)
    if not situation.model_dump(exclude_defaults=True, exclude={"source", "why"}):
        fields = listing(name for name in Situation.model_fields if name not in ("source", "why"))
        yield tree.problem((*path, "situation"), f"expected what is new: one of {fields}")
    for name, other in scenario.events.items():
        if other.kind == "regime_loss" and other.client == event.client and other.date[:7] == event.date[:7]:
            message = f"{shorten(name)} brings a successor in the same month; say there what is new"
            yield tree.problem((*path, "date"), message)


def check_game(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield where the game of a scenario does not fit the rest of it."""
    game = scenario.game
    if game is None:
        return
    if scenario.patrons:
        message = "a game has one patron, and this scenario has further ones; take them out of what is played"
        yield tree.problem(("game",), message)
    kinds = {*scenario.signals, *STRUCTURAL_KINDS}
    span = scenario.span
    if not span.start < game.first_month <= game.last_month <= span.end:
        message = (
            f"{game.first_month} to {game.last_month} must lie within {span.start} to {span.end}, after its start"
        )
        yield tree.problem(("game", "first_month"), message)
    yield from _seats(game, scenario, tree)
    yield from _stretch(game, scenario, tree)
    for name in game.record:
        path: PathKey = ("game", "record", name)
        if name not in scenario.events:
            yield tree.problem(path, f"no event {shorten(name)} in this scenario", nearest(name, scenario.events))
        elif not game.first_month <= scenario.events[name].date[:7] <= game.last_month:
            yield tree.problem(path, f"the event of {scenario.events[name].date} is not in the months of play")
    for name, inject in game.injects.items():
        where: PathKey = ("game", "injects", name)
        if name in scenario.events:
            yield tree.problem(where, "an event of the scenario has this name")
        if not game.first_month <= inject.event.date[:7] <= game.last_month:
            yield tree.problem((*where, "event", "date"), f"{inject.event.date} is not in the months of play")
        yield from _event((*where, "event"), inject.event, kinds, scenario, tree)
    for name, prepared in (game.library or {}).items():
        said = {"date": game.first_month, **prepared.fields(scenario.signals)}
        if ": " in name or len(name) > MAX_PREPARED_NAME:
            message = f"expected a name without ': ' of at most {MAX_PREPARED_NAME} letters"
            yield tree.problem(("game", "library", name), message)
        yield from _event(("game", "library", name), Event.model_validate(said), kinds, scenario, tree)


def _stretch(game: Game, scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield which stretched constants there are not, or can have no such value."""
    known = scenario.parameters
    for name, figure in game.stretch.items():
        path: PathKey = ("game", "stretch", name)
        if name not in type(known).model_fields:
            yield tree.problem(path, f"no constant {shorten(name)}", nearest(name, type(known).model_fields))
        elif figure.value is None:
            yield tree.problem(path, "expected 'value': a game is played with one number")
        else:
            try:
                type(known).model_validate(dict(known) | {name: figure})
            except ValidationError as error:
                yield from (tree.problem(path, shorten(str(one["msg"]))) for one in error.errors())


def _seats(game: Game, scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    seats: PathKey = ("game", "seats")
    briefs: list[tuple[PathKey, SeatBrief]] = []
    if game.seats.patron is not None:
        briefs.append(((*seats, "patron"), game.seats.patron))
    kinds = (("clients", "client"), ("rivals", "rival"), ("adversaries", "adversary"))
    for section, what in kinds:
        known = getattr(scenario, section)
        for name, brief in getattr(game.seats, section).items():
            yield from _known(tree, (*seats, section, name), name, what, known)
            briefs.append(((*seats, section, name), brief))
    if not briefs:
        yield tree.problem(seats, "expected at least one seat")
    for path, brief in briefs:
        for name, objective in brief.objectives.items():
            where = (*path, "objectives", name)
            yield from _known(tree, (*where, "client"), objective.client, "client", scenario.clients)
            if (objective.client is None) == (objective.measure in OF_A_CLIENT):
                needs = "needs a" if objective.client is None else "has no"
                yield tree.problem(where, f"the measure '{objective.measure}' {needs} 'client'")
            if (objective.posture is None) == (objective.measure in ("within", "beyond")):
                needs = "needs a" if objective.posture is None else "has no"
                yield tree.problem(where, f"the measure '{objective.measure}' {needs} 'posture'")


def _series(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    parts: list[tuple[PathKey, PathKey, Any, War, Income]] = [
        ((), ("patron",), scenario.patron, scenario.war, scenario.income)
    ]
    for name, other in scenario.patrons.items():
        parts.append((("patrons", name), ("patrons", name), other, other.war, other.income))
    for path, own, patron, war, income in parts:
        yield from _points(tree, (*path, "war", "burden"), war.burden, "from 0 to 1", lambda x: 0.0 <= x <= 1.0)
        yield from _points(tree, (*path, "income", "index"), income.index, "above 0", lambda x: x > 0.0)
        yield from _points(tree, (*own, "rival_track"), patron.rival_track, _AMOUNT, _an_amount)
        for asset, held in patron.assets.items():
            yield from _points(tree, (*own, "assets", asset, "value"), held.value, _AMOUNT, _an_amount)


def _an_amount(value: float) -> bool:
    return 0.0 <= value <= _MOST


def _points(tree: Tree, path: PathKey, series: Series, expected: str, fits: Any) -> Iterator[Problem]:
    for month, value in series.points.items():
        if not fits(value):
            given = (*path, "points", month)
            where = given if given in tree.places else path
            yield tree.problem(where, f"expected a number {expected}, got {value:g}")


def _from_month(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    month, span = scenario.generative_from, scenario.span
    if month is None or span.start <= month <= span.end:
        return
    edge = "start" if month < span.start else "end"
    if tree.place(("generative_from",)).depth <= tree.place(("span", edge)).depth:
        message = f"{month} is outside the scenario's span {span.start} to {span.end}"
        yield tree.problem(("generative_from",), message)


def _twin(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    wanted = scenario.counterfactual_to
    if wanted is None or tree.source is None:
        return
    path: PathKey = ("counterfactual_to",)
    twin = SCENARIOS.find_beside(wanted, tree.source)
    if wanted == scenario.name or (twin is not None and twin.identity == tree.source.identity):
        yield tree.problem(path, "a scenario cannot be the counterfactual of itself")
    elif twin is None:
        hint = nearest(wanted, [name for name in SCENARIOS.names_beside(tree.source) if name != scenario.name])
        message = f"no scenario {shorten(wanted)} beside this file or among the shipped ones"
        yield tree.problem(path, message, hint)
