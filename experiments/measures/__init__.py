"""Measure runs: what an experiment writes down of each, one module for each kind of measure.

A modeler's own kind is a subclass of `Measure` under the decorator `measure`; from then on experiment files may name
it. See `papertiger.experiments.measures.base`.
"""

from papertiger.experiments.measures import (  # noqa: F401 - importing a kind registers it
    beliefs,
    cascade,
    change_rate,
    defected,
    destination,
    first_move,
    ledger,
    patron,
    posture,
    share_defected,
    tie,
    time_to,
)
from papertiger.experiments.measures.base import ColumnKind, Measure, MomentMeasure, kinds, measure, measure_class
from papertiger.experiments.measures.batch import Batch

__all__ = ["Batch", "ColumnKind", "Measure", "MomentMeasure", "kinds", "measure", "measure_class"]
