"""Make placebos: worlds that are wrong on purpose in one respect, and right in all others.

If a model says as much about history in such a world as in the true one, then what was made wrong is not what it
lives on. Each function takes a scenario and returns another one; none changes the scenario it was given, and the same
seed gives the same world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.model.calendar import month_name, month_number
from papertiger.scenarios.schema.events import NOT_INPUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.scenarios import Scenario
    from papertiger.scenarios.schema.actors import Client
    from papertiger.scenarios.schema.events import Event

type Episode = tuple[str, ...]
"""Names of events of one client that belong together, the earliest first."""


def permute_dates(scenario: Scenario, seed: int, last: str, *, anywhere: bool = False) -> Scenario:
    """Return a world in which the same things happen to each client at other times.

    An attack and what followed in that month and the next are moved together, since an attack that loses its answer
    would become an abandonment, which is more than another date. Outcomes, background, events of the whole network
    and whatever belongs to a regime loss or came after it stay where they are: a regime loss is given and not
    explained.

    Parameters
    ----------
    scenario
        A resolved scenario.
    seed
        Of the permutation.
    last
        The last month, YYYY-MM, of the events that are moved and of the months to which they are; the end of the
        training span, or of all that was observed.
    anywhere
        Draw each new month evenly between the client's entry and `last`. Otherwise a client's episodes exchange their
        months among each other, which keeps how dense its record is at any time, but cannot move a lone one.
    """
    random = np.random.default_rng(seed)
    dates: dict[str, str] = {}
    for name, client in scenario.clients.items():
        limit = min(month_number(last), _last_of_regime(name, scenario))
        episodes = _movable(name, scenario, limit)
        starts = [_month(scenario.events[episode[0]]) for episode in episodes]
        if anywhere:
            first = month_number(max(scenario.span.start, client.enters or scenario.span.start))
            new = [int(month) for month in random.integers(first, max(limit, first) + 1, size=len(starts))]
        else:
            new = [starts[place] for place in random.permutation(len(starts))]
        for episode, start, month in zip(episodes, starts, new, strict=True):
            for event in episode:
                moved = min(month + _month(scenario.events[event]) - start, limit)
                dates[event] = month_name(moved)
    return _with_events(scenario, {name: {"date": date} for name, date in dates.items()})


def shift_records(scenario: Scenario, seed: int, last: str) -> Scenario:
    """Return a world in which each client's whole record comes earlier or later.

    The episodes of a client keep their order and their distances and go round: what would fall behind `last`, or
    behind the client's regime loss, comes at the beginning. Unlike an exchange of dates this moves a lone event, too.

    Parameters
    ----------
    scenario, seed, last
        As for `permute_dates`.
    """
    random = np.random.default_rng(seed)
    dates: dict[str, str] = {}
    for name, client in scenario.clients.items():
        limit = min(month_number(last), _last_of_regime(name, scenario))
        first = month_number(max(scenario.span.start, client.enters or scenario.span.start))
        length = max(1, limit - first + 1)
        lag = int(random.integers(1, length)) if length > 1 else 0
        for episode in _movable(name, scenario, limit):
            start = _month(scenario.events[episode[0]])
            moved = first + (start - first + lag) % length
            for event in episode:
                dates[event] = month_name(min(moved + _month(scenario.events[event]) - start, limit))
    return _with_events(scenario, {name: {"date": date} for name, date in dates.items()})


def rewire_witnesses(scenario: Scenario, seed: int) -> Scenario:
    """Return a world in which clients witness what happens to others than those that are like them.

    Pact, region and adversary, which make two clients similar, are handed to other clients, the three together: the
    graph of witnesses has the same shape, with others at its places. In a replay nothing else depends on them; in
    generative months a client's adversary also decides how far helping it clashes with the main rival.
    """
    names = list(scenario.clients)
    order = np.random.default_rng(seed).permutation(len(names))
    clients: dict[str, Client] = {}
    for name, place in zip(names, order, strict=True):
        other = scenario.clients[names[place]]
        ties = {"pact": other.pact, "region": other.region, "adversary": other.adversary}
        clients[name] = scenario.clients[name].model_copy(update=ties)
    return scenario.model_copy(update={"clients": clients})


def permute_clients(scenario: Scenario, seed: int) -> Scenario:
    """Return a world in which each client lives through the events of another.

    Its dependence, threat and options stay its own. Only clients take part that are in the network from the start,
    to its end, are no sub-state and have no regime loss, since events before an entry would be lost and a regime loss
    is given.
    Outcomes and background stay, being nobody's input.
    """
    lost = {event.client for event in scenario.events.values() if event.kind == "regime_loss"}
    names = [
        name
        for name, client in scenario.clients.items()
        if not client.sub_state
        and name not in lost
        and client.is_in_network(scenario.span.start)
        and client.leaves is None
    ]
    order = np.random.default_rng(seed).permutation(len(names))
    becomes = {name: names[place] for name, place in zip(names, order, strict=True)}
    changed = {
        name: {"client": becomes[event.client]}
        for name, event in scenario.events.items()
        if event.kind not in NOT_INPUTS and event.client in becomes
    }
    return _with_events(scenario, changed)


def movable_episodes(client: str, scenario: Scenario, last: str) -> list[Episode]:
    """Return the episodes of a client that may be moved, by their months.

    Parameters
    ----------
    client, scenario, last
        The client's name, and the rest as for `permute_dates`.
    """
    return _movable(client, scenario, min(month_number(last), _last_of_regime(client, scenario)))


def _movable(client: str, scenario: Scenario, limit: int) -> list[Episode]:
    """Return the episodes of a client that end by the month `limit`, by their months."""
    own = sorted(
        (_month(event), name)
        for name, event in scenario.events.items()
        if event.client == client and event.kind not in NOT_INPUTS
    )
    episodes: list[list[str]] = []
    reach = -1  # the last month that still belongs to the episode before
    for month, name in own:
        if month > reach:
            episodes.append([])
        episodes[-1].append(name)
        reach = max(reach, month + (scenario.events[name].kind == "attack"))
    ends = [max(_month(scenario.events[name]) for name in episode) for episode in episodes]
    return [tuple(episode) for episode, end in zip(episodes, ends, strict=True) if end <= limit]


def _last_of_regime(client: str, scenario: Scenario) -> int:
    """Return the month before a client's regime loss, or the last one of the span in which it is in the network."""
    losses = [
        _month(event) - 1
        for event in scenario.events.values()
        if event.client == client and event.kind == "regime_loss"
    ]
    leaves = scenario.clients[client].leaves
    left = [] if leaves is None else [month_number(leaves) - 1]
    return min([*losses, *left, month_number(scenario.span.end)])


def _month(event: Event) -> int:
    return month_number(event.date)


def _with_events(scenario: Scenario, changes: Mapping[str, Mapping[str, str]]) -> Scenario:
    events = {
        name: event.model_copy(update=dict(changes[name])) if name in changes else event
        for name, event in scenario.events.items()
    }
    return scenario.model_copy(update={"events": events})
