"""List the data sets that there are readers for."""

from __future__ import annotations

from papertiger.scenarios.datasets.data_set import DataSet
from papertiger.scenarios.datasets.readers import (
    acled,
    archigos,
    atop,
    chisols,
    cow,
    cow_alliances,
    disputes,
    gdelt,
    gsdb,
    icb,
    ideal_points,
    polecat,
    polity,
    sipri,
    sipri_register,
    ucdp_acd,
    ucdp_ged,
    un_votes,
    us_troops,
    vdem,
)

MODULES = (
    atop,
    cow,
    cow_alliances,
    disputes,
    icb,
    gsdb,
    sipri,
    sipri_register,
    us_troops,
    un_votes,
    ideal_points,
    archigos,
    chisols,
    polity,
    vdem,
    ucdp_acd,
    ucdp_ged,
    acled,
    gdelt,
    polecat,
)
"""The modules of readers, in the order in which commands list what they read."""

CATALOGUE: dict[str, DataSet] = {data_set.name: data_set for module in MODULES for data_set in module.DATA_SETS}
"""Every data set by the name that commands call it."""
