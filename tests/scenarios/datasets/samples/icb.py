"""Hold made-up files of International Crisis Behavior."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "icb_crises",
        "icb1v15.csv",
        "icb1,crisno,crisname,yrtrig,motrig,datrig,yrterm,moterm,daterm,viol,gravcr,noactr,usinv,suinv\n"
        "ICB1,1,ALFA I,1957,11,28,1957,11,66,3,3,2,2,1\n"
        "ICB1,2,BRAVÓ BORDER,1961,12,,1962,8,15,1,0,4,4,3\n"
        "ICB1,3,CHARLIE COUP,,,,,,,,,,,\n"
        "ICB1,4,ALFA II,1973,10,88,1974,5,31,4,6,9,3,3\n",
        rows=4,
        encoding="utf-8-sig",
    ),
    Sample(
        "icb_actors",
        "icb2v15.csv",
        "icb2,crisno,cracno,cracid,actor,crisname,triggr,yrtrig,motrig,datrig,trigent,southv,usinv,usfavr,suinv,sufavr,"
        "gbinv,gbfavr,frinv,frfavr,yrterm,moterm,daterm,viol,gravty,outcom\n"
        "ICB2,1,1,41,ALF,ALFA I,9,1957,11,28,42,42,3,1,1,5,8,8,1,6,1957,11,66,3,3,1\n"
        "ICB2,1,2,42,BRV,ALFA I,7,1957,11,29,41,41,8,3,7,1,0,0,0,0,1957,12,1,3,3,4\n"
        "ICB2,2,3,352,CHA,BRAVÓ BORDER,2,1961,12,,996,42,1,,9,8,,,,,1962,8,15,1,0,9\n",
        rows=3,
        encoding="utf-8-sig",
    ),
)
