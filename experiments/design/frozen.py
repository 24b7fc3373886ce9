"""Freeze beliefs at their priors: the settings under which evidence moves neither of them, or only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from papertiger.scenarios.schema.scenario import Scenario

CAPABILITY, RESOLVE = "capability", "resolve"


def frozen_settings(scenario: Scenario, beliefs: Collection[str]) -> dict[str, float]:
    """Return the settings under which some beliefs of all clients stay at their priors, whatever happens.

    The other belief takes in exactly the evidence that it takes in otherwise: each signal's weight is cut to the
    share that it has on that belief. Only a month's cap then binds less often, since less counts against it. Threats,
    offers, ties and the war's cost act as before, and so does the fear of retaliation, as far as it does not hang on
    a belief that is frozen.

    Parameters
    ----------
    scenario
        Whose signals these are.
    beliefs
        ``capability``, ``resolve`` or both.

    Returns
    -------
    dict
        Numbers by dotted path, for `papertiger.scenarios.change`.

    Raises
    ------
    ValueError
        If a single belief cannot be told apart, since an event has a loading of its own.
    """
    frozen = set(beliefs)
    if not frozen:
        return {}
    if frozen == {CAPABILITY, RESOLVE}:
        return {"parameters.evidence_scale": 0.0}
    own = [name for name, event in scenario.events.items() if event.loading is not None]
    if own:
        raise ValueError(
            f"{frozen.pop()} alone cannot be frozen in {scenario.name}: the event '{own[0]}' has a loading of its "
            "own; freeze both beliefs, or leave out that loading"
        )
    moving = 1.0 if frozen == {RESOLVE} else 0.0  # the loading on capability that is left
    settings = {"parameters.blame_shift": 0.0}
    for name, signal in scenario.signals.items():
        weight, loading = signal.weight.value, signal.loading.value
        if weight is None or loading is None:
            raise ValueError(
                f"{frozen.pop()} alone cannot be frozen in {scenario.name}: the weight or the loading of '{name}' is "
                "drawn for each run; give it a value, or freeze both beliefs"
            )
        settings[f"signals.{name}.weight"] = weight * (loading if moving else 1.0 - loading)
        settings[f"signals.{name}.loading"] = moving
    return settings
