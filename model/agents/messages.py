"""Pass signals, evidence and crises between agents within a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertiger.model.agents.client import Client
    from papertiger.model.rules.beliefs import Counts


@dataclass(slots=True)
class Posted:
    """A signal on a client's board this month; the strongest of its type stands."""

    intensity: float
    cause: str
    loading: float | None


@dataclass(slots=True)
class Evidence:
    """What one signal weighs for the client it is addressed to, before the weight of bad news.

    Either the good counts or the bad ones are zero: a signal is good news or bad news.
    """

    signal: int
    intensity: float
    cause: str
    size: float
    counts: Counts


@dataclass(slots=True)
class Crisis:
    """A threat that came due, waiting for the patron's answer."""

    client: Client
    intensity: float
    cause: str
    clash: float
    from_air: bool = True
