"""Read where inertness is looked for, and which figures were fixed because nothing hangs on them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from papertiger.scenarios import resolve_tree
from papertiger.scenarios.reading.yaml_reader import read_layer
from papertiger.scenarios.schema.events import Signal
from papertiger.scenarios.schema.figures import Distribution, Figure
from papertiger.scenarios.schema.parameters import Parameters
from papertiger.scenarios.schema.values import Month, Part, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).with_name("plan.yaml")
DEFAULTS = "defaults"


class View(Part):
    """Name clients of a scenario and a month, where outcomes are read, and why they are looked at there."""

    scenario: Text
    at: Month
    clients: tuple[Text, ...] = Field(default=(), description="whose mean it is; blank for all in the network")
    why: Text

    @property
    def label(self) -> str:
        """Return the view's name in a table."""
        return f"{self.scenario} {self.at}" + (f", {', '.join(self.clients)}" if self.clients else "")


class InertnessPlan(Part):
    """Say what is run to measure inertness, and what was fixed after it.

    Attributes
    ----------
    fixed
        The range over which each figure was measured before it lost it, by dotted path.
    """

    seed: int
    runs: int = Field(ge=2)
    more_runs: int = Field(ge=2, description="how many where fewer do not tell a movement from luck")
    views: tuple[View, ...] = Field(min_length=1)
    fixed: dict[str, Distribution]


class Judgement(NamedTuple):
    """Hold a constant or a signal's weight or loading, with the range that it is measured over."""

    path: str
    value: float
    prior: Distribution


@cache
def load_plan() -> InertnessPlan:
    """Return the shipped plan."""
    layer = read_layer(FILE.read_bytes(), FILE.name, what="a plan")
    assert not layer.problems, layer.problems
    return InertnessPlan.model_validate(layer.data)


def constants() -> dict[str, Figure]:
    """Return every parameter, and every signal's weight and loading, by its dotted path."""
    data = resolve_tree(DEFAULTS).data
    parameters = Parameters.model_validate(data["parameters"])
    figures: dict[str, Figure] = {f"parameters.{name}": getattr(parameters, name) for name in Parameters.model_fields}
    for name, raw in data["signals"].items():
        signal = Signal.model_validate(raw)
        figures[f"signals.{name}.weight"] = signal.weight
        figures[f"signals.{name}.loading"] = signal.loading
    return figures


def judgements(fixed: Mapping[str, Distribution]) -> list[Judgement]:
    """Return what is measured: every figure with a range, and every one that was fixed, over the range it had.

    Parameters
    ----------
    fixed
        The range of each figure that was fixed, see `InertnessPlan`.
    """
    measured = []
    for path, figure in constants().items():
        prior = figure.prior or fixed.get(path)
        if prior is not None:
            assert figure.value is not None, path
            measured.append(Judgement(path, figure.value, prior))
    return measured
