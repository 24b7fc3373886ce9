"""Hold made-up files of Archigos."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "archigos",
        "archigos.csv",
        "obsid,gwcode,leadid,leader,yrborn,gender,startdate,enddate,entry,exit,exitcode\n"
        "AAA-1951,2.0,x1,Núñez,1899.0,M,1951-03-04,1957-11-30,Regular,Regular,Regular\n"
        "AAA-1957,2.0,x2,O'Hara,1901.0,F,1957-11-30,1961-01-20,Regular,Irregular,"
        '"Removed by Military, without Foreign Support"\n'
        'BBB-1960,41.0,x3,"Smith, the Younger",1911.0,M,1960-02-29,1960-12-25,Irregular,Natural Death,\n',
        rows=3,
    ),
)
