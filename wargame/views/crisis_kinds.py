"""Say which form a crisis takes: one of the kinds that the scenario has for the client, its means and its strength.

The choice hangs on nothing but what everyone reads (whose crisis, when, how strong, from the air or not), so that it
tells no secret and is the same in every view.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertiger.scenarios.schema.actors import Client, CrisisKind
    from papertiger.wargame.engine.months import CrisisMonth


def kind_of(client: Client, name: str, month: str, crisis: CrisisMonth) -> CrisisKind | None:
    """Return the kind of a crisis, or ``None`` where the scenario has no fitting one.

    Parameters
    ----------
    client, name
        Whose crisis it is.
    month
        In which it breaks out, YYYY-MM.
    crisis
        Its intensity, and whether it came from the air.
    """
    fitting = [
        kind
        for kind in client.crises.values()
        if kind.least <= crisis.intensity <= kind.most and (kind.means == "air") == crisis.from_air
    ]
    if not fitting:
        return None
    digest = hashlib.blake2b(f"{name}\0{month}\0{crisis.intensity:g}".encode(), digest_size=8).digest()
    return fitting[int.from_bytes(digest, "big") % len(fitting)]
