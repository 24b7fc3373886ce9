"""Lead all groups of a class through their debriefs at once, although some have more to tell than others.

Each group has a debrief of its own. Steps of the same kind are one step of the class: a group that has none of its
own there stays where it is until the others have caught up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.server.pages.debrief import steps_for
from papertiger.wargame.views.debrief import is_brief, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papertiger.wargame.server.parallel.state import ClassState, GroupState
    from papertiger.wargame.views.debrief import Place


@dataclass(frozen=True)
class ClassDebrief:
    """Where a class is in its debrief.

    Attributes
    ----------
    now, steps
        The step, from 1, and how many there are; 0 before the first.
    name
        What the step tells; blank before the first.
    brief
        Whether it is the brief one in all groups.
    """

    now: int
    steps: int
    name: str
    brief: bool


def groups_over(state: ClassState) -> list[GroupState]:
    """Return the groups whose play is over."""
    return [one for one in state.formed if one.session.snapshot().over]


def places_of(groups: Sequence[GroupState]) -> list[Place]:
    """Return the steps of a class: those of all groups, each once."""
    return sorted({place_of(step) for group in groups for step in steps_for(group)})


def debrief_of(state: ClassState) -> ClassDebrief:
    """Return where a class is: where its foremost group is."""
    groups = groups_over(state)
    places = places_of(groups)
    reached = [0]
    for group in groups:
        steps = steps_for(group)
        own = min(group.session.game.debrief, len(steps))
        if own:
            reached.append(places.index(place_of(steps[own - 1])) + 1)
    now, sessions = max(reached), [group.session for group in groups]
    return ClassDebrief(now, len(places), places[now - 1].name if now else "", all(map(is_brief, sessions)))


def own_step(group: GroupState, places: Sequence[Place], step: int) -> int:
    """Return the step of a group's own debrief for a step of the class: its last one that is no farther."""
    if not step:
        return 0
    until = places[min(step, len(places)) - 1]
    return sum(place_of(one) <= until for one in steps_for(group))
