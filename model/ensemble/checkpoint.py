"""Take a checkpoint: the state of a world at the end of a month, from which an ensemble goes on.

A game or a study that stands at some month is continued by ``ensemble(world.scenario, start=checkpoint(world))``; the
continuation of run k is the run that the world itself would have been under run number k.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.model.ensemble.records import LASTING, PATRON, STATE
from papertiger.model.ensemble.start import Start
from papertiger.model.setting import NOBODY
from papertiger.scenarios.arguments import check_kind

if TYPE_CHECKING:
    from papertiger.model.agents.world import World
    from papertiger.model.setting import Outlook


def checkpoint(world: World) -> Start:
    """Return the state of a world after its last month.

    Parameters
    ----------
    world
        A world between two months.

    Returns
    -------
    Start
        For `papertiger.model.ensemble.ensemble.ensemble`; the world may go on without changing it.

    Raises
    ------
    TypeError
        If it is no world.
    """
    # Mesa is slow to import; where there is a world, it is there.
    from papertiger.model.agents.world import World  # noqa: PLC0415

    check_kind("world", world, World, "a World")
    setting = world.setting
    outlooks = [client.outlook for client in setting.clients]
    outlooks += [event.outlook for event in setting.events if event.outlook is not None]
    names = [event.name for event in setting.events]
    clients = np.zeros(len(world.clients), STATE)
    for row, client in zip(clients, world.clients, strict=True):
        # Indices where the agent has the thing itself, and what the patron holds of it.
        told = {
            "outlook": _place(client.outlook, outlooks),
            "unanswered_cause": names.index(client.unanswered_cause) if client.unanswered_cause else NOBODY,
            "patron_trust_good": client.patron.trust_good[client.index],
            "patron_trust_bad": client.patron.trust_bad[client.index],
        }
        for field in LASTING:
            row[field] = told[field] if field in told else getattr(client, field)
    state = np.zeros(len(world.patrons), PATRON)
    for row, patron in zip(state, world.patrons, strict=True):
        for field in PATRON.names or ():
            row[field] = getattr(patron, field)
    offers = np.array([client.offers for client in world.clients], dtype="f8")
    ties = np.array([client.ties for client in world.clients], dtype="f8")
    first = np.array([client.first_attraction for client in world.clients], dtype="f8")
    return Start(world.steps, clients, offers.reshape(len(world.clients), len(setting.rivals)), ties, first, state)


def _place(outlook: Outlook, outlooks: list[Outlook]) -> int:
    """Return the place of an outlook by identity; two regimes may look alike."""
    return next(index for index, other in enumerate(outlooks) if other is outlook)
