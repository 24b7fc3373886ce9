"""Hold made-up files of troopdata."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "us_troops",
        "troopdata-rebuild-country-year-quarter-format.csv",
        "ccode,iso3c,countryname,region,year,month,quarter,source,troops_ad,troops_all,army_ad\n"
        "260,DEU,Alfa,Europe,2014,March,1,March 2014,38000,40000,20000\n"
        "260,DEU,Alfa,Europe,2014,June,2,June 2014,38826,41000,20500\n"
        "260,DEU,Alfa,Europe,2015,March,1,March 2015,37704,40000,NA\n"
        "1002,GRL,Côte Delta,Europe,2014,March,1,,0,0,0\n",
        rows=3,
    ),
    Sample(
        "us_troops_2020",
        "troopdata.csv",
        "countryname,ccode,iso3c,year,troops,army,navy,air_force,marine_corps\n"
        "Alfa,255,ALF,1951,176,NA,NA,NA,NA\n"
        "Alfa,255,ALF,1952,260,NA,NA,NA,NA\n"
        "Côte Delta,437,CDL,1952,0,NA,NA,NA,NA\n",
        rows=3,
    ),
)
