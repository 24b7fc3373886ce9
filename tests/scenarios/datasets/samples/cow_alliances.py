"""Hold made-up files of the Correlates of War project's formal alliances."""

from tests.scenarios.datasets.samples.base import Sample

_PLEDGES = "left_censor,right_censor,defense,neutrality,nonaggression,entente"
_DYAD = (
    "version4id,ccode1,state_name1,ccode2,state_name2,dyad_st_day,dyad_st_month,dyad_st_year,"
    f"dyad_end_day,dyad_end_month,dyad_end_year,{_PLEDGES}"
)

SAMPLES = (
    Sample(
        "cow_alliances",
        "alliance_v4.1_by_dyad.csv",
        f"{_DYAD},asymmetric,version\n"
        "7,41,Alfa,42,Bravó,2,9,1947,,,,0,1,1,0,0,1,0,4.1\n"
        '7,41,Alfa,352,"Charlie\'s Land, Republic of",2,9,1962,31,1,1980,0,0,1,0,1,1,0,4.1\n'
        '9,42,Bravó,352,"Charlie\'s Land, Republic of",-9,5,1962,-9,12,1974,0,0,0,1,0,0,0,4.1\n',
        rows=3,
    ),
    Sample(
        "cow_alliance_members",
        "alliance_v4.1_by_member.csv",
        "version4id,ccode,state_name,all_st_day,all_st_month,all_st_year,all_end_day,all_end_month,all_end_year,ss_type,"
        f"mem_st_day,mem_st_month,mem_st_year,mem_end_day,mem_end_month,mem_end_year,{_PLEDGES},version\n"
        '7,41,Alfa,2,9,1947,,,,"Type I: Defense Pact",2,9,1947,,,,0,1,1,0,0,1,4.1\n'
        '7,42,Bravó,2,9,1947,,,,"Type I: Defense Pact",-9,9,1947,28,2,1961,0,0,1,0,0,1,4.1\n'
        '9,352,Charlie,-9,5,1962,-9,12,1974,"Type IIa: Neutrality Pact",-9,5,1962,-9,12,1974,0,0,0,1,,0,4.1\n',
        rows=3,
    ),
    Sample(
        "cow_alliance_years",
        "alliance_v4.1_by_dyad_yearly.csv",
        f"{_DYAD},year,version\n"
        "7,41,Alfa,42,Bravó,2,9,1947,,,,0,1,1,0,0,1,1947,4.1\n"
        "7,41,Alfa,42,Bravó,2,9,1947,,,,0,1,1,0,0,1,1948,4.1\n"
        "9,42,Bravó,352,Charlie,-9,5,1972,-9,12,1974,0,0,0,1,0,0,1974,4.1\n"
        "11,41,Alfa,352,Charlie,1,1,2010,,,,0,1,0,0,1,0,0,4.1\n",
        rows=6,
    ),
)
