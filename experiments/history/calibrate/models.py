"""Define the nested models: each leaves out one idea of the full model, so that the idea can be weighed.

M0 stands in `papertiger.experiments.history.evaluate.baselines`, since it is no simulation. The others are the same
replay with switches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papertiger import scenarios
from papertiger.model.ensemble.exact import EXACT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.scenarios.schema.scenario import Scenario

EVIDENCE = "parameters.evidence_scale"


@dataclass(frozen=True)
class NestedModel:
    """Describe one of the nested models.

    Attributes
    ----------
    name, title
        As tables and figures call it.
    without_events
        Whether it is blind to all dated events: when something happens is information, too.
    one_belief
        Whether all evidence goes to one belief, the other standing at its prior.
    fixed
        Numbers by dotted path that define the model.
    why
        What leaving these things out asks.
    """

    name: str
    title: str
    why: str
    without_events: bool = False
    one_belief: bool = False
    fixed: Mapping[str, float] = field(default_factory=dict)

    def build(self, scenario: Scenario) -> Scenario:
        """Return the scenario under this model, fit for an exact replay.

        Parameters
        ----------
        scenario
            A replay.
        """
        settings: dict[str, object] = {**EXACT, **self.fixed}
        if self.one_belief:
            settings |= {f"signals.{name}.loading": 1.0 for name in scenario.signals}
        changed = scenarios.change(scenario, settings)
        return changed.model_copy(update={"events": {}}) if self.without_events else changed

    def free(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of some figures still make a difference under this model.

        Parameters
        ----------
        paths
            Dotted paths of figures.
        """
        return tuple(path for path in paths if path not in self.fixed)


_NO_MIXING = {"parameters.witness_weight": 0.0, "parameters.hard_times_excuse": 0.0}

MODELS: dict[str, NestedModel] = {
    model.name: model
    for model in (
        NestedModel(
            "M1",
            "structure only",
            "Dependence, threat, options and the war's burden, blind to every dated event: what do the events add?",
            without_events=True,
            fixed={EVIDENCE: 0.0, **_NO_MIXING},
        ),
        NestedModel(
            "M1b",
            "trust frozen",
            "Events threaten, open doors and shift ties as before, but nobody's trust moves: what is left for trust?",
            fixed={EVIDENCE: 0.0, **_NO_MIXING},
        ),
        NestedModel(
            "M2",
            "one belief",
            "All evidence moves a single belief in the patron: does it matter to tell capability from resolve?",
            one_belief=True,
            fixed=_NO_MIXING,
        ),
        NestedModel(
            "M3",
            "two beliefs",
            "Capability and resolve, without witnesses and without the excuse of hard times: do those two matter?",
            fixed=_NO_MIXING,
        ),
        NestedModel("M4", "full model", "Everything that an exact replay can hold."),
    )
}
"""By name, from the poorest to the richest."""
