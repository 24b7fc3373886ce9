"""Compare the names of figures as an experiment's file writes them: short, whole, or of one of several scenarios."""

from __future__ import annotations

from collections.abc import Sequence

from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.reading.doors import FigureNames
from papertiger.scenarios.reading.overrides import SETTINGS


def is_under(key: str, setting: str) -> bool:
    """Tell whether a key of a scenario is what a setting changes, or a part of it."""
    full = f"parameters.{setting}"
    return key in (setting, full) or key.startswith((f"{setting}.", f"{full}."))


def bare_key(key: str) -> str:
    """Return a key as short as it can be written: a parameter's needs no section."""
    return key.removeprefix("parameters.")


def path_in_any(name: str, names: Sequence[FigureNames]) -> str:
    """Return the path that a figure's name means in the first scenario that has it.

    Raises
    ------
    ScenarioError
        If none has it: what the first one says.
    """
    refusal: ScenarioError | None = None
    for known in names:
        try:
            return known.path(name, SETTINGS)
        except ScenarioError as error:
            refusal = refusal or error
    assert refusal is not None
    raise refusal
