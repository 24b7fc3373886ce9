"""Hold a made-up file of Polity5."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "polity",
        "p5v2018.csv",
        "p5,cyear,ccode,scode,country,year,flag,fragment,democ,autoc,polity,polity2,durable,d5,sf,regtrans\n"
        "0,21951,2,ALF,Alfa,1951,0,,10,0,10,10,5,,,\n"
        "0,21952,2,ALF,Alfa,1952,0,,-88,-88,-88,3,0,1,,-77\n"
        "0,401952,40,CDL,Côte Delta,1952,0,,-66,-66,-66,,0,,,-66\n"
        "0,401953,40,CDL,Côte Delta,1953,0,,-77,-77,-77,0,0,,,-77\n",
        rows=4,
    ),
)
