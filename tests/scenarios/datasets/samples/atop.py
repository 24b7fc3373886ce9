"""Hold made-up files of ATOP."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "atop_dyad_years",
        "atop_alliance.csv",
        "ccode1,ccode2,year,atop_defense,atop_offense,atop_neutral,atop_nonagg,atop_consul\n"
        "2.0,41.0,1951.0,1.0,0.0,0.0,1.0,1.0\n"
        "2.0,41.0,1952.0,1.0,0.0,,0.0,1.0\n"
        "365.0,352.0,1952.0,0.0,0.0,1.0,1.0,0.0\n"
        "365.0,352.0,1953.0,0.0,0.0,1.0,1.0,0.0\n",
        rows=4,
    ),
)
