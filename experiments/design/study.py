"""Hold an experiment with all that it names: the scenarios resolved, the factors spelt out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from papertiger.experiments.design.schema import Experiment
    from papertiger.model.theories import Theory
    from papertiger.scenarios.schema.figures import Distribution
    from papertiger.scenarios.schema.scenario import Scenario


@dataclass(frozen=True)
class ResolvedFactor:
    """Describe one figure that varies.

    Attributes
    ----------
    name
        Its name in rows and figures.
    path
        Dotted path of the figure.
    levels, distribution
        What it varies over: one of the two, or none in a design of given points.
    low, high
        Bounds that the model sets to the figure.
    """

    name: str
    path: str
    levels: tuple[float, ...] | None
    distribution: Distribution | None
    low: float
    high: float


@dataclass(frozen=True)
class Study:
    """Hold an experiment, ready to be run.

    Attributes
    ----------
    experiment
        What the file says.
    worlds
        The resolved scenarios by label, the baseline first.
    factors
        What varies, spelt out.
    points_file
        Path of the table of points, if the design has one.
    text
        The experiment file as it was read.
    theories
        The theory of each scenario that has one, by label.
    """

    experiment: Experiment
    worlds: dict[str, Scenario]
    factors: tuple[ResolvedFactor, ...] = ()
    points_file: Path | None = None
    text: str = ""
    theories: Mapping[str, Theory] = field(default_factory=dict)
