"""Hold a made-up file of V-Dem."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "vdem",
        "V-Dem-CY-Core-v15.csv",
        '"country_name","country_text_id","country_id","year","historical_date","project","COWcode","v2x_polyarchy",'
        '"v2x_polyarchy_codelow","v2x_polyarchy_codehigh","v2x_libdem","v2x_regime","v2exnamhos"\n'
        '"Alfa","ALF",3,1951,1951-12-31,0,2,0.281,0.25,0.317,0.1,1,"Núñez"\n'
        '"Alfa","ALF",3,1952,1952-12-31,0,2,0.3,0.25,0.34,,1,""\n'
        '"Côte Delta","CDL",128,1952,1952-12-31,0,,,,,,,""\n',
        rows=3,
    ),
)
