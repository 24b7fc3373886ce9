"""Hold a class that is being served: all of its groups, and what the pages about all of them stand on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papertiger.wargame.i18n import catalogue
from papertiger.wargame.server.auth import FACILITATOR, GUEST, OBSERVER
from papertiger.wargame.server.parallel.auth import GroupAuthenticator
from papertiger.wargame.server.state import ServerState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.wargame.parallel import Group, ParallelGames
    from papertiger.wargame.server.auth import Identity

HOMES = {FACILITATOR: "/class", OBSERVER: "/class/wall", GUEST: "/groups"}
PREFIX = "/group"
CLOCKS_APART = 2
"""Seconds by which clocks that were set at once may differ: each is kept in whole seconds."""


@dataclass
class GroupState(ServerState):
    """Hold one group that is being served.

    Attributes
    ----------
    group
        Which one.
    whole
        The class that it belongs to.
    members
        Who is who in it.
    """

    group: Group = field(kw_only=True)
    whole: ClassState = field(kw_only=True)
    members: GroupAuthenticator = field(kw_only=True)

    def called(self, language: str) -> str:
        """Return what the group is called."""
        return name_of(self.group, language)

    def neighbours(self) -> list[tuple[int, ServerState]]:
        """Return the other groups that somebody formed."""
        return [(one.group.number, one) for one in self.whole.formed if one.group.number != self.group.number]


def name_of(group: Group, language: str) -> str:
    """Return what a group is called: by its members, or by its number."""
    return group.name or catalogue.text(language, "class.group", number=group.number)


@dataclass
class ClassState(ServerState):
    """Hold a class that is being served. As a game of its own it is the first group's, for its title alone.

    Attributes
    ----------
    games
        All games.
    groups
        What is served of each, by number.
    """

    games: ParallelGames = field(kw_only=True)
    groups: dict[int, GroupState] = field(default_factory=dict, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.homes = HOMES
        for group in self.games.groups:
            self.serve(group)

    def serve(self, group: Group) -> GroupState:
        """Begin to serve a group."""
        members = GroupAuthenticator(group.folder, self.auth)
        state = GroupState(
            group.session,
            members,
            language=self.language,
            places=self.places,
            at=f"{PREFIX}/{group.number}",
            ids=self.ids,
            clock=self.clock,
            connections=self.connections,
            group=group,
            whole=self,
            members=members,
        )

        def tell(changed: Mapping[str, int]) -> None:
            state.hub.tell(changed)
            self.hub.tell_all()

        group.session.on_change = tell
        self.groups[group.number] = state
        return state

    def resize(self, count: int) -> None:
        """Let there be more or fewer groups."""
        with self.taking:
            added = self.games.resize(count)
            for number in [one for one in self.groups if one > count]:
                del self.groups[number]
            for group in added:
                self.serve(group)

    @property
    def formed(self) -> list[GroupState]:
        """The groups that somebody formed."""
        return [self.groups[group.number] for group in self.games.formed]

    def group_of(self, cookie: str) -> GroupState | None:
        """Return the group that a cookie's holder belongs to."""
        states = list(self.groups.values())
        return next((one for one in states if one.members.is_member(cookie) and one.identity(cookie)), None)

    def resume(self) -> None:
        """Go on with what a kill cut short in any group."""
        states = list(self.groups.values())
        with ThreadPoolExecutor(len(states)) as pool:
            list(pool.map(ServerState.resume, states))

    def version(self, identity: Identity | None) -> int:
        """Return the version of what somebody may see of all groups."""
        seat = str(self.seat_of(identity))
        states = list(self.groups.values())
        return self.games.edition + sum(one.session.versions.get(seat, 0) for one in states)

    def seconds_left(self) -> int | None:
        """Return nothing: each group has a clock of its own, which its own pages show."""
        return None

    def clock_of_all(self) -> tuple[int | None, bool]:
        """Return what the clocks of all groups show, and whether they run, if they show the same."""
        lefts = [one.seconds_left() for one in self.formed]
        running = {bool(one.session.game.timer.until) for one in self.formed}
        seconds = [left for left in lefts if left is not None]
        if len(running) != 1 or len(seconds) < len(lefts) or max(seconds) - min(seconds) > CLOCKS_APART:
            return None, False
        return min(seconds), running.pop()
