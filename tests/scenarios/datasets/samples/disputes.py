"""Hold made-up files of militarised interstate disputes."""

from tests.scenarios.datasets.samples.base import Sample

_MIDB = (
    "dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,revstate,revtype1,revtype2,fatality,"
    "fatalpre,hiact,hostlev,orig,version\n"
    "7001,ALF,41,3,4,1984,-9,5,1984,1,1,1,0,-9,-9,16,4,1,5\n"
    "7001,BRV,42,3,4,1984,-9,5,1984,0,0,0,0,2,31,0,1,1,5\n"
    "7001,CHA,352,-9,5,1984,30,5,1984,0,0,0,0,0,0,7,3,0,5\n"
    "7002,CHA,352,29,2,1988,1,3,1988,1,1,2,0,0,0,1,2,1,5\n"
    "7002,ALF,41,29,2,1988,1,3,1988,0,0,0,0,0,0,20,5,1,5\n"
)
_MIDA = (
    "dispnum,stday,stmon,styear,endday,endmon,endyear,outcome,settle,fatality,fatalpre,maxdur,mindur,hiact,hostlev,"
    "recip,numa,numb,ongo2014,version\n"
    "7001,3,4,1984,-9,5,1984,5,3,2,31,59,29,16,4,1,1,2,0,5\n"
    "7002,29,2,1988,1,3,1988,-9,-9,-9,-9,2,2,20,5,1,1,1,0,5\n"
    "7003,1,1,1999,1,1,1999,4,1,0,0,1,1,7,3,0,1,1,0,5\n"
)

SAMPLES = (
    Sample(
        "gml_participants",
        "gml_part.csv",
        "dispnum,ccode,styear,stmon,stday,endyear,endmon,endday,obsid_start,obsid_end,sidea,hiact,orig\n"
        "7001.0,41.0,1984.0,4.0,3.0,1984.0,5.0,-9.0,ALF-1980,,1.0,16.0,1.0\n"
        "7001.0,42.0,1984.0,4.0,3.0,1984.0,5.0,-9.0,,,0.0,0.0,1.0\n"
        "7001.0,352.0,1984.0,5.0,-9.0,1984.0,5.0,30.0,,,0.0,7.0,0.0\n",
        rows=3,
    ),
    Sample(
        "gml_disputes",
        "gml_mid_disps.csv",
        "dispnum,styear,stmon,outcome,settle,fatality,mindur,maxdur,hiact,hostlev,recip\n"
        "7001.0,1984.0,4.0,5.0,3.0,2.0,29.0,59.0,16.0,4.0,1.0\n"
        "7002.0,1988.0,2.0,-9.0,-9.0,-9.0,2.0,2.0,20.0,5.0,1.0\n"
        "7003.0,1999.0,13.0,4.0,1.0,0.0,1.0,1.0,7.0,3.0,0.0\n",
        rows=3,
    ),
    Sample(
        "gml_dyad_years",
        "gml-ddy-disputes-2.1.1.csv",
        "dispnum,ccode1,ccode2,year,midongoing,midonset,sidea1,sidea2,fatality1,fatality2,hiact1,hiact2,"
        "hostlev1,hostlev2,orig1,orig2\n"
        "7001,41,42,1984,1,1,1,0,0,2,16,0,4,1,1,1\n"
        "7001,42,41,1984,1,1,0,1,2,0,0,16,1,4,1,1\n"
        "7001,41,352,1984,1,1,1,0,-9,0,16,7,4,3,1,0\n",
        rows=3,
    ),
    Sample(
        "mid_dyad_years",
        "dyadic_mid_4.03.csv",
        "disno,dyindex,statea,namea,stateb,nameb,strtday,strtmnth,strtyr,endday,endmnth,endyear,year,outcome,settlmnt,"
        "fatlev,highact,hihost,recip,sideaa,sideab,fatleva,fatlevb,highmcaa,highmcab,hihosta,hihostb,orignata,orignatb\n"
        "7001,1,41,ALF,42,BRV,3,4,1984,-9,5,1984,1984,5,3,2,16,4,1,1,0,-9,2,16,0,4,1,1,1\n"
        "7001,2,41,ALF,352,CHA,-9,5,1984,30,5,1984,1984,5,3,0,16,4,1,1,0,0,0,16,7,4,3,1,0\n"
        "7002,3,352,CHA,41,ALF,29,2,1988,1,3,1989,1989,5,3,0,20,5,1,1,0,0,0,1,20,2,5,1,1\n",
        rows=3,
    ),
    Sample("mid_participants", "MIDB 5.0.csv", _MIDB, rows=5),
    Sample("mid_disputes", "MIDA 5.0.csv", _MIDA, rows=3),
)
