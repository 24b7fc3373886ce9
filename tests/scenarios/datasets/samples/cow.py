"""Hold made-up files of the Correlates of War project."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "cow_states",
        "states2016.csv",
        "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\n"
        "ALF,41,Alfa,1816,1,1,1915,7,28,2016\n"
        "ALF,41,Alfa,1934,8,15,2016,12,31,2016\n"
        "BRV,42,Bravó,1894,1,1,2016,12,31,2016\n"
        "CHA,352,Charlie's Land,1960,8,16,2016,12,31,2016\n",
        rows=4,
    ),
    Sample(
        "cow_nmc",
        "NMC-60-abridged.csv",
        "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n"
        "ALF,41,2014,12000,25,0,310,8800,1400,0.0004711,2021\n"
        "ALF,41,2015,-9,25,0,-9,8900,-9,0.0004802,2021\n"
        "BRV,42,2016,900,1,-9,44,412,96,0.0000211,2021\n",
        rows=3,
    ),
    Sample(
        "cow_contiguity",
        "contdir.csv",
        "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version\n"
        '41042,41,"ALF",42,"BRV",1,189401,191507,"by river, mostly",3.2\n'
        '41042,41,"ALF",42,"BRV",4,193408,201612,,3.2\n'
        '42352,42,"BRV",352,"CHA",5,196008,201602,,3.2\n',
        rows=3,
    ),
)
