"""List the data sets that there are readers for."""

from __future__ import annotations

from papertiger.scenarios.datasets.data_set import DataSet
from papertiger.scenarios.datasets.readers import acled, archigos, atop, cow, disputes, gdelt, icb, polecat, ucdp_ged

MODULES = (
    atop,
    cow,
    disputes,
    icb,
    archigos,
    ucdp_ged,
    acled,
    gdelt,
    polecat,
)
"""The modules of readers, in the order in which commands list what they read."""

CATALOGUE: dict[str, DataSet] = {data_set.name: data_set for module in MODULES for data_set in module.DATA_SETS}
"""Every data set by the name that commands call it."""
