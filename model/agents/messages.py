"""What passes between agents within a month: posted signals, evidence, crises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertiger.model.agents.client import Client


@dataclass(slots=True)
class Posted:
    """A signal on a client's board this month; the strongest of its type stands."""

    intensity: float
    cause: str
    loading: float | None


@dataclass(slots=True)
class Evidence:
    """What one signal weighs for the client it is addressed to, before the weight of bad news.

    Exactly one of the two pairs is zero: a signal is good news or bad news.
    """

    signal: int
    intensity: float
    cause: str
    size: float
    good_capability: float
    bad_capability: float
    good_resolve: float
    bad_resolve: float


@dataclass(slots=True)
class Crisis:
    """A threat that came due, waiting for the patron's answer."""

    client: Client
    intensity: float
    cause: str
    clash: float
