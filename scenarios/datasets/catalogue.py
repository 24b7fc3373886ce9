"""List the data sets that there are readers for."""

from __future__ import annotations

from papertiger.scenarios.datasets.data_set import DataSet
from papertiger.scenarios.datasets.readers import archigos, atop

CATALOGUE: dict[str, DataSet] = {
    data_set.name: data_set for module in (atop, archigos) for data_set in module.DATA_SETS
}
"""Every data set by the name that commands call it."""
