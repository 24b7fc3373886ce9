"""Find what a scenario file says without any effect on a run, with the reason.

Nothing here is a mistake: a run comes out the same with the row or without it. Only what its author could know is
said: where a descendant shortens the span or turns the mode, what it inherits falls away without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from papertiger.scenarios.bonds import OF_ALL, bond_rows, patrons_of, reached_by
from papertiger.scenarios.errors import PathKey, Problem, shorten
from papertiger.scenarios.knowledge import known_in
from papertiger.scenarios.reading.inheritance import Tree
from papertiger.scenarios.schema.events import NOT_INPUTS, RESERVED_SIGNALS, STRUCTURAL_KINDS, Event
from papertiger.scenarios.schema.scenario import Scenario

ONLY_FOR_BREAKS = ("leader_change", "disengagement", "rival_pledge")
"""Kinds that only the hazard of a break hears of."""
BREAK_HAZARDS = ("break_away", "break_toward")
"""The parameters that switch breaks on."""
STRONGEST_COUNTS = "leader_health"
"""The kind beside the signals of which only the strongest of a month counts."""


def without_effect(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield what a scenario says without effect, each with its place and the reason.

    Parameters
    ----------
    scenario
        A valid scenario, its events those of the span.
    tree
        What its files say, and where.
    """
    yield from _idle_events(scenario, tree)
    yield from _only_for_breaks(scenario, tree)
    yield from _idle_months(scenario, tree)
    yield from _swallowed_events(scenario, tree)
    yield from _unread_names(scenario, tree)
    yield from _empty_options(scenario, tree)


def happens(event: Event, scenario: Scenario) -> bool:
    """Tell whether an event is an input of the model that its switches let happen."""
    on = event.only_if is None or scenario.switches[event.only_if].value
    off = event.unless is not None and scenario.switches[event.unless].value
    return event.kind not in NOT_INPUTS and on and not off


def _idle_events(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield events that come in a month or to a client that they cannot reach."""
    played = () if scenario.game is None else scenario.game.record
    offers = {(event.client, event.rival): event.date for event in _latest_first(scenario) if event.kind == "offer"}
    for name, event in sorted(scenario.events.items(), key=lambda item: (item[1].date, item[0])):
        path: PathKey = ("events", name)
        if event.kind in NOT_INPUTS or tree.place(path).depth > 0:
            continue
        if event.only_if is not None and event.only_if == event.unless:
            yield tree.problem(path, f"has no effect: the switch '{event.only_if}' cannot be on and off at once")
        first = _first_generative(scenario)
        if first is not None and event.date[:7] >= first and not event.always and name not in played:
            key: PathKey = ("mode",) if scenario.mode == "generative" else ("generative_from",)
            if tree.place(path).depth <= tree.place(key).depth:
                message = f"has no effect: months are generative from {first} on, when only events marked "
                yield tree.problem((*path, "date"), f"{message}'always: true' happen")
                continue
        if first is not None and event.date[:7] < first <= known_in(event):
            message = f"has no effect: it became known in {event.known}, and months are generative from {first} on"
            yield tree.problem((*path, "known"), message)
            continue
        yield from _after_leaving(name, event, scenario, tree)
        entry = None if event.client is None else scenario.clients[event.client].enters
        if entry is not None and event.date[:7] < entry:
            message = f"has no effect: {event.client} enters the network in {entry}, after {event.date}"
            yield tree.problem((*path, "date"), message)
        unoffered = offers.get((event.client, event.rival), "9999") > event.date
        if event.kind == "offer_withdrawn" and unoffered and first is None:
            yield tree.problem(path, f"has no effect: {event.rival} has offered {event.client} nothing before")


def _only_for_breaks(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield once that events which only a break would hear of do nothing, at the first of them.

    Where breaks were switched off for one run, or by a descendant, nobody is told of what the file holds for others.
    """
    if any(getattr(scenario.parameters, name).value != 0.0 for name in BREAK_HAZARDS):
        return
    switched_off = min(tree.place(("parameters", name)).depth for name in BREAK_HAZARDS)
    idle = [
        name
        for name, event in sorted(scenario.events.items(), key=lambda item: (item[1].date, item[0]))
        if event.kind in ONLY_FOR_BREAKS and tree.place(("events", name)).depth == 0 <= switched_off
    ]
    if idle:
        reason = "likelier, and 'break_away' and 'break_toward' are 0"
        more = f", like {len(idle) - 1} more" if len(idle) > 1 else ""
        yield tree.problem(("events", idle[0]), f"has no effect{more}: it only makes breaks {reason}")


def _after_leaving(name: str, event: Event, scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield an event that comes when its client has left the network."""
    leaves = None if event.client is None else scenario.clients[event.client].leaves
    if leaves is not None and event.date[:7] >= leaves:
        message = f"has no effect: {event.client} is out of the network from {leaves} on, before {event.date}"
        yield tree.problem(("events", name, "date"), message)


def _idle_months(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield months of a client's course that come when it has left, and a month of leaving that never comes."""
    for name, client in scenario.clients.items():
        path: PathKey = ("clients", name)
        last = scenario.span.end
        if client.leaves is not None:
            if client.leaves > last and tree.place((*path, "leaves")).depth <= tree.place(("span", "end")).depth:
                yield tree.problem((*path, "leaves"), f"has no effect: the span ends with {last}")
            last = min(last, client.leaves)
        course = {} if client.course is None else client.course.model_dump(exclude_defaults=True)
        for field, by_month in course.items():
            if field in ("options", "source", "why") or tree.place((*path, "course", field)).depth > 0:
                continue
            for month in by_month:
                if month > last:
                    message = "has no effect: it is after the last month of the client in the network"
                    yield tree.problem((*path, "course", field, month), message)


def _latest_first(scenario: Scenario) -> list[Event]:
    return sorted(scenario.events.values(), key=lambda event: event.date, reverse=True)


def _first_generative(scenario: Scenario) -> str | None:
    return scenario.span.start if scenario.mode == "generative" else scenario.generative_from


def _swallowed_events(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield events of which a stronger one of the same client, kind and month takes the place."""
    groups: dict[tuple[str, str, str | None, str], list[tuple[str, Event]]] = {}
    for name, event in sorted(scenario.events.items(), key=lambda item: (item[1].date, item[0])):
        one_counts = event.kind not in STRUCTURAL_KINDS or event.kind in (STRONGEST_COUNTS, "regime_loss")
        if one_counts and happens(event, scenario):
            about = "" if event.kind in OF_ALL else ",".join(row.patron for row in reached_by(event, scenario))
            groups.setdefault((event.date[:7], event.kind, event.client, about), []).append((name, event))
    for (month, kind, client, _), rivals in groups.items():
        if len(rivals) == 1:
            continue
        # As the model decides: the last regime loss, else the strongest, and among equals the first by date and name.
        lost = kind == "regime_loss"
        standing = rivals[-1][0] if lost else max(rivals, key=lambda item: _strength(item[1]))[0]
        for name, event in rivals:
            own = min(tree.place(("events", one)).depth for one in (name, standing)) <= 0
            if name == standing or not own or event.beside is not None or event.intensity.value is None:
                continue
            whom = "" if client is None else f" about {client}"
            message = f"has no effect: of '{kind}'{whom} in {month} only the strongest one counts, which is"
            if lost:
                message = f"has no successor: in {month} {client} loses its regime again, and the last one counts,"
            reason = f"{message} {shorten(standing)}; if both are meant to stay, say 'beside: {standing}'"
            yield tree.problem(("events", name), reason)


def _strength(event: Event) -> float:
    return event.intensity.value if event.intensity.value is not None else 0.0


def _unread_names(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield switches, signals, adversaries and assets of the file's own that nothing refers to."""
    injected = [] if scenario.game is None else [inject.event for inject in scenario.game.injects.values()]
    # An event outside a span that was shortened for once still names what it names.
    written = [event for event in (tree.data.get("events") or {}).values() if isinstance(event, Mapping)]

    def named(key: str) -> set[object]:
        return {getattr(event, key) for event in injected} | {event.get(key) for event in written}

    clients = scenario.clients.values()
    rows = list(bond_rows(scenario).values())
    used: Mapping[str, set[object]] = {
        "switches": named("only_if") | named("unless"),
        "signals": {*RESERVED_SIGNALS, *named("kind")},
        "adversaries": named("adversary") | {client.adversary for client in clients},
    }
    reasons = {
        "switches": "no event names this switch in 'only_if' or 'unless'",
        "signals": "no event is of this kind, and no rule sends it",
        "adversaries": "no client and no event names this adversary",
    }
    for section, names in used.items():
        for name in getattr(scenario, section):
            if name not in names and tree.place((section, name)).depth <= 0:
                yield tree.problem((section, name), f"has no effect: {reasons[section]}")
    for name, patron in patrons_of(scenario).items():
        where: PathKey = ("patron",) if patron is scenario.patron else ("patrons", name)
        mine = [row.own for row in rows if row.patron == name]
        if not mine and patron is not scenario.patron and tree.place(where).depth <= 0:
            yield tree.problem(where, "has no effect: no client has a bond with this patron")
        for asset in patron.assets:
            held = any((share := client.assets.get(asset)) is not None and share.value != 0.0 for client in mine)
            path: PathKey = (*where, "assets", asset)
            if not held and tree.place(path).depth <= 0:
                yield tree.problem(path, "has no effect: no client holds a share of this asset")


def _empty_options(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    for name, client in scenario.clients.items():
        for rival, option in client.options.items():
            path: PathKey = ("clients", name, "options", rival)
            empty = option.protection.value == 0.0 and option.economy.value == 0.0
            if empty and tree.place(path).depth <= 0:
                yield tree.problem(path, "has no effect: an option of protection 0 and economy 0 is as good as none")
