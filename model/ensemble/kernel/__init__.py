"""The month of the reference model over tables, written so that Numba can compile it.

Each module is one step of `papertiger.model.month`; each function does what the method of its name of
`papertiger.model.agents` does, in the same order and with the same rules and draws. Where the agents add from left
to right, so does this. It is ordinary Python as it stands; `papertiger.model.ensemble.compile` compiles it with the
rules of a `papertiger.model.rules.rules.Rules`.

The arguments are always the tables that do not change (``fixed``), the state of one run (``moving``), the run's
key and the month.
"""

from papertiger.model.ensemble.kernel.ledger import CAUSES_BESIDE_EVENTS
from papertiger.model.ensemble.kernel.month import run_months
from papertiger.model.ensemble.kernel.record import LEVELS, PATHS, PATRON_MEASURES, PATRON_TOPS, UNIT, Kept
from papertiger.model.ensemble.kernel.state import Batch, Fixed, Key, Moving, StartState

__all__ = [
    "CAUSES_BESIDE_EVENTS",
    "LEVELS",
    "PATHS",
    "PATRON_MEASURES",
    "PATRON_TOPS",
    "UNIT",
    "Batch",
    "Fixed",
    "Kept",
    "Key",
    "Moving",
    "StartState",
    "run_months",
]
