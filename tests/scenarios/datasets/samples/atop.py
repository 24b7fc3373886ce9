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
    Sample(
        "atop_members",
        "atop5_1m.csv",
        "atopid,cowid,member,cowsys,yrent,moent,dayent,yrexit,moexit,dayexit,ineffect,bilat,phase,wartime,"
        "defense,offense,neutral,nonagg,consul,term,termmode,termcaus,version\n"
        "2010,,2,1,1947,9,2,0,0,0,1,0,0,0,1,0,0,0,1,0,0,0,5.1\n"
        "2010,,41,1,1947,9,2,1962,1,31,0,0,0,0,1,0,0,0,1,2,3,4,5.1\n"
        "2015,3012,365,1,1950,2,14,1961,10,,0,1,0,0,1,0,0,0,1,2,3,1,5.1\n"
        "2015,3012,8152,0,1950,2,,1980,4,11,0,1,0,0,1,0,0,0,1,1,1,,5.1\n",
        rows=4,
    ),
    Sample(
        "atop_alliances",
        "atop5_1a.csv",
        "atopid,begyr,begmo,begday,endyr,endmo,endday,ineffect,bilat,wartime,term,"
        "defense,offense,neutral,nonagg,consul,asymm,base,milaid,mem1,mem2,mem3,version\n"
        "2010,1947,9,2,0,0,0,1,0,0,0,1,0,0,0,1,0,,0,2,41,42,5.1000002\n"
        "2015,1950,2,14,1980,4,11,0,1,0,1,1,0,0,0,1,0,2,3,365,352,,5.1000002\n"
        "2020,1951,8,,1962,10,,0,1,0,2,0,0,0,1,0,0,0,,20,41,,5.1000002\n",
        rows=3,
    ),
)
