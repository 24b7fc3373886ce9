"""Work out replays of shipped scenarios under changed settings, each once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger import scenarios
from papertiger.model.ensemble.exact import EXACT, Chain, Replay
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from papertiger.scenarios.schema.scenario import Scenario

REPLAY: dict[str, object] = {**EXACT, "mode": "replay", "generative_from": None}


def replayed(name: str, settings: Mapping[str, object] | None = None) -> Scenario:
    """Return a scenario as a replay whose chain is exact, with some values changed.

    Parameters
    ----------
    name
        Of a shipped scenario.
    settings
        Values by path; a parameter needs no section.
    """
    return scenarios.load(name, {**REPLAY, **(settings or {})})


def chain_of(name: str, settings: Mapping[str, object] | None = None) -> Chain:
    """Return the exact chain of a scenario under some settings; parameters as for `replayed`."""
    return _chain(name, tuple((key, value) for key, value in (settings or {}).items()))


@cache
def _chain(name: str, settings: tuple[tuple[str, Any], ...]) -> Chain:
    return Replay(replayed(name, dict(settings))).chain({})


def rungs(chain: Chain) -> NDArray[np.float64]:
    """Return how far from the patron each client stands after each month, T x N, 0 loyal to 4 realigned."""
    return np.asarray(chain.marginals() @ np.arange(len(POSTURES)))


def protection(chain: Chain) -> NDArray[np.float64]:
    """Return the protection that each client believes in after each month, T x N."""
    return np.asarray(chain.beliefs[..., 0] * chain.beliefs[..., 1])


def month_of(chain: Chain, month: str) -> int:
    """Return the index of a month, or of the last one where the scenario ends before it."""
    return chain.months.index(month) if month in chain.months else len(chain.months) - 1
