"""Hold made-up files of votes in the UN General Assembly."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "un_votes",
        "UNVotes.csv",
        "rcid,session,vote,ccode,member,date,year\n"
        "3,1,1,2,1,1946-01-01,1946\n"
        "3,1,3,20,1,1946-01-01,1946\n"
        "3,1,9,31,NA,1946-01-01,1946\n"
        "4,1,2,2,1,1946-01-02,1946\n"
        "4,1,8,20,1,1946-01-02,1946\n",
        rows=5,
    ),
    Sample(
        "unvotes_votes",
        "un_votes.csv",
        "rcid,country,country_code,vote\n3,Alfa,AL,yes\n3,Bravo,NA,no\n4,Alfa,AL,abstain\n4,Côte Charlie,,yes\n",
        rows=4,
    ),
    Sample(
        "unvotes_roll_calls",
        "un_roll_calls.csv",
        "rcid,session,importantvote,date,unres,amend,para,short,descr\n"
        '3,1,0,1946-01-01,R/1/66,1,0,RULES,"To adopt, as amended"\n'
        "4,1,,1946-12-02,,0,0,ELECTIONS,\n"
        "5,2,1,1948-01-04,R/2/98,,,,Économie\n",
        rows=3,
    ),
    Sample(
        "unvotes_issues",
        "un_roll_call_issues.csv",
        "rcid,short_name,issue\n"
        "3,me,Palestinian conflict\n"
        "3,nu,Nuclear weapons and nuclear material\n"
        "4,co,Colonialism\n",
        rows=3,
    ),
)
