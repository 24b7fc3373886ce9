"""Tell who is who in one group of a class: its own members, and whoever may look at all groups.

A cookie is known either to the class, as of the facilitator and of whoever has not chosen a group, or to one group.
So a group's member is a stranger to every other group's pages, whatever address is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.server.auth import FACILITATOR, OBSERVER, Authenticator

if TYPE_CHECKING:
    from pathlib import Path

    from papertiger.wargame.server.auth import Identity

OF_ALL = frozenset({FACILITATOR, OBSERVER})
"""Roles that a session of the class has in each of its groups."""


class GroupAuthenticator(Authenticator):
    """Sessions and passes of a group; code, key and address are those of the class.

    Parameters
    ----------
    folder
        Of the group.
    whole
        Of the class.
    """

    def __init__(self, folder: Path, whole: Authenticator) -> None:
        self.whole = whole
        super().__init__(folder, tokens=whole.tokens, codes=whole.codes, clock=whole.clock)

    @property
    def key(self) -> str:
        """The facilitator's key."""
        return self.whole.key

    def opens(self, key: str) -> bool:
        """Tell whether a text is the facilitator's key."""
        return self.whole.opens(key)

    @property
    def code(self) -> str:
        """The code to join the class with."""
        return self.whole.code

    def rotate(self) -> str:
        """Give out another code for the class."""
        return self.whole.rotate()

    def admits(self, code: str) -> bool:
        """Tell whether a text is the code of the class."""
        return self.whole.admits(code)

    @property
    def shown(self) -> str:
        """The address that the facilitator chose for the walls."""
        return self.whole.shown

    def show(self, host: str) -> None:
        """Keep the address that the facilitator chose for the walls."""
        self.whole.show(host)

    def is_member(self, cookie: str) -> bool:
        """Tell whether a cookie is of this very group."""
        return super().identity(cookie) is not None

    def identity(self, cookie: str) -> Identity | None:
        """Return what is known of a cookie's holder here."""
        member = super().identity(cookie)
        if member is not None:
            return member
        known = self.whole.identity(cookie)
        return known if known is not None and known.role in OF_ALL else None

    def begin(self, identity: Identity, instead_of: str = "") -> str:
        """Begin a session, the facilitator's with the class."""
        if identity.role == FACILITATOR:
            return self.whole.begin(identity, instead_of)
        return super().begin(identity, instead_of)

    def change(self, cookie: str, identity: Identity) -> None:
        """Change what is known of a cookie's holder, where it is known."""
        if self.is_member(cookie):
            super().change(cookie, identity)
        else:
            self.whole.change(cookie, identity)

    def end(self, cookie: str) -> None:
        """End a session, where it is known."""
        if self.is_member(cookie):
            super().end(cookie)
        else:
            self.whole.end(cookie)
