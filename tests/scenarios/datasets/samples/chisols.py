"""Hold a made-up file of CHISOLS."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "chisols",
        "CHISOLSstyr4_0.csv",
        "statename,ccode,year,leader,leaderpos,affiliation,totalldrtrans,leadertrans,solschange,solschdum,"
        "solschange30,solsch30dum,solsminchange,solsminchdum,solschange1,solschyr1,solschmo1,solschday1,nonindep,dem,"
        "regtrans,version\n"
        '"Alfa",2,1951,"Núñez","President","Dem",0,0,0,0,0,0,0,0,0,,,,0,1,0,"4.0"\n'
        '"Alfa",2,1952,"Núñez, O\'Hara","President","Dem",1,1,1,1,0,0,0,0,1,1952,3,4,0,1,0,"4.0"\n'
        '"Bravo",40,1952,"Smith","Colonel","",2,1,2,1,0,0,0,0,1,1952,11,30,0,"Transition Year",1,"4.0"\n',
        rows=3,
    ),
)
