"""Say what a client's other patrons are to it: options against each other, in the compiled month."""

from __future__ import annotations

from typing import NamedTuple

from papertiger.model.ensemble.kernel.state import Fixed, Moving, client_protection
from papertiger.model.setting import NOBODY


class Base(NamedTuple):
    """What one rival, or another patron, offers a client without any offer."""

    protection: float
    economy: float


def bond_beside(fixed: Fixed, i: int, rival: int) -> int:
    """Return the client's bond with the patron that stands in a rival's place, or ``NOBODY``."""
    if fixed.beside.shape[0] == 0:
        return NOBODY
    return int(fixed.beside[i, rival])


def base_option(fixed: Fixed, moving: Moving, i: int, rival: int) -> Base:
    """Return what a rival offers by the outlook, or another patron by what it gives: protection and ties."""
    other = bond_beside(fixed, i, rival)
    if other == NOBODY:
        outlook = moving.clients[i].outlook
        return Base(fixed.base_protection[outlook, rival], fixed.base_economy[outlook, rival])
    return Base(client_protection(moving, other), moving.clients[other].dependence)
