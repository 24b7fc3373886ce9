"""Hold a small made-up world in the formats of the field's data sets, of which every answer is known.

Five patrons by their real codes. Alfa (41) has a defence pact with the first patron from 1950 to 1970 which is
broken, and a consultation pact with the second from 1972 to 1980. Bravo (42) is bound to the first by a declaration
that binds both blocs, 1962 to 1964, and to nobody else. Charlie (352) has a consultation pact with it from 1960.
"""

from __future__ import annotations

from pathlib import Path

USA, RUSSIA, ALFA, BRAVO, CHARLIE = 2, 365, 41, 42, 352

STATES = (
    "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\n"
    "USA,2,United States of America,1816,1,1,2016,12,31,2016\n"
    "ALF,41,Alfa,1859,1,1,2016,12,31,2016\n"
    "BRV,42,Bravo,1894,1,1,2016,12,31,2016\n"
    "UKG,200,United Kingdom,1816,1,1,2016,12,31,2016\n"
    "FRN,220,France,1816,1,1,2016,12,31,2016\n"
    "CHA,352,Charlie,1958,8,16,2016,12,31,2016\n"
    "RUS,365,Russia,1816,1,1,2016,12,31,2016\n"
    "CHN,710,China,1860,1,1,2016,12,31,2016\n"
)


def dyad_years() -> str:
    """Return ATOP's dyad-years: both directions of the three pacts, and the declaration."""
    lines = ["ccode1,ccode2,year,atop_defense,atop_offense,atop_neutral,atop_nonagg,atop_consul"]
    pacts = (
        (USA, ALFA, 1950, 1970, "1,0,0,0,1"),
        (RUSSIA, ALFA, 1972, 1980, "0,0,0,0,1"),
        (USA, BRAVO, 1962, 1964, "0,0,0,0,1"),
        (USA, CHARLIE, 1960, 2018, "0,0,0,0,1"),
    )
    for one, other, first, last, flags in pacts:
        for year in range(first, last + 1):
            lines += [f"{one},{other},{year},{flags}", f"{other},{one},{year},{flags}"]
    return "\n".join(lines) + "\n"


MEMBERS = (
    "atopid,member,yrent,moent,dayent,yrexit,moexit,dayexit,ineffect,bilat,phase,term,termmode,termcaus,"
    "defense,offense,neutral,nonagg,consul,version\n"
    "3001,2,1950,3,1,1970,6,1,0,1,0,2,3,4,1,0,0,0,1,4.01\n"
    "3001,41,1950,3,1,1970,6,1,0,1,0,2,3,4,1,0,0,0,1,4.01\n"
    "3002,365,1972,5,1,1980,6,1,0,1,0,1,1,4,0,0,0,0,1,4.01\n"
    "3002,41,1972,5,1,1980,6,1,0,1,0,1,1,4,0,0,0,0,1,4.01\n"
    "3460,2,1962,7,23,1964,6,1,0,0,0,2,3,4,0,0,0,0,1,4.01\n"
    "3460,42,1962,7,23,1964,6,1,0,0,0,2,3,4,0,0,0,0,1,4.01\n"
    "3004,2,1960,1,1,0,0,0,1,1,0,0,0,0,0,0,0,0,1,4.01\n"
    "3004,352,1960,1,1,0,0,0,1,1,0,0,0,0,0,0,0,0,1,4.01\n"
)
CAPABILITIES = (
    "ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n"
    + "".join(f"{code},{year},1,1,1,1,1,1,{cinc}\n" for code, cinc in ((USA, 0.2), (RUSSIA, 0.1), (ALFA, 0.001))
              for year in range(1950, 1981))
)  # fmt: skip
CONTIGUITY = (
    "ccode1,ccode2,conttype,stdate,enddate\n2,41,4,1920-01-01,2016-12-01\n42,41,1,1920-01-01,2016-12-01\n"
    "352,365,1,1960-01-01,2016-12-01\n"
)
PARTICIPANTS = (
    "dispnum,ccode,styear,stmon,stday,endyear,endmon,endday,sidea,hiact,orig\n"
    "701,42,1955,4,3,1955,5,-9,1,17,1\n"
    "701,41,1955,4,3,1955,5,-9,0,0,1\n"
    "702,42,1958,6,1,1958,7,1,1,17,1\n"
    "702,41,1958,6,1,1958,7,1,0,17,1\n"
    "702,2,1958,6,9,1958,7,1,0,17,0\n"
    "703,2,1969,-9,-9,1969,12,1,1,14,1\n"
    "703,41,1969,-9,-9,1969,12,1,0,0,1\n"
)
DISPUTES = (
    "dispnum,styear,stmon,outcome,settle,fatality,mindur,maxdur,hiact,hostlev,recip\n"
    "701,1955,4,5,3,0,29,59,17,4,0\n702,1958,6,5,3,5,29,59,17,4,1\n703,1969,-9,5,3,0,29,59,14,4,0\n"
)
ACTORS = (
    "icb2,crisno,cracno,cracid,actor,crisname,triggr,yrtrig,motrig,datrig,trigent,southv,usinv,usfavr,suinv,sufavr,"
    "gbinv,gbfavr,frinv,frfavr,yrterm,moterm,daterm,viol,gravty,outcom\n"
    "ICB2,1,1,41,ALF,ALFA BORDER,9,1955,5,1,42,42,1,6,1,5,1,5,1,5,1955,11,66,3,3,1\n"
    "ICB2,2,2,352,CHA,CHARLIE COUP,9,1963,2,1,42,42,6,1,1,5,1,5,1,5,1963,3,1,2,3,1\n"
    "ICB2,3,3,41,ALF,ALFA STRAIT,3,1965,2,1,42,42,3,1,1,5,1,5,1,5,1965,3,1,1,3,1\n"
)
LEADERS = (
    "obsid,gwcode,leadid,leader,yrborn,gender,startdate,enddate,entry,exit,exitcode\n"
    "ALF-1,41,a,First,1900,M,1940-01-01,1961-03-04,Regular,Irregular,"
    '"Removed by Military, without Foreign Support"\n'
    "ALF-2,41,b,Second,1910,M,1961-03-04,2000-01-01,Irregular,Regular,Regular\n"
    "CHA-1,352,c,Third,1910,M,1958-08-16,2014-12-31,Regular,Still in Office,Still in Office\n"
)  # fmt: skip

FILES = {
    "cow_states.csv": STATES,
    "atop_alliance.csv": dyad_years(),
    "atop-member-level.csv": MEMBERS,
    "cow_nmc.csv": CAPABILITIES,
    "cow_contdir.csv": CONTIGUITY,
    "gml_part.csv": PARTICIPANTS,
    "gml_mid_disps.csv": DISPUTES,
    "icb2v14.csv": ACTORS,
    "archigos.csv": LEADERS,
}
"""The files of the world by their names."""

NEEDED = ("cow_states.csv", "atop_alliance.csv")
"""Files without which there is no panel."""


def write_world(folder: Path, *without: str) -> Path:
    """Write the world's files, without some of them; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        if name not in without:
            (folder / name).write_text(text, encoding="utf-8")
    return folder
