"""Hold made-up files of the Global Sanctions Data Base."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "gsdb",
        "GSDB_V3.csv",
        "case_id,sanctioned_state,sanctioning_state,begin,end,trade,descr_trade,arms,military,financial,travel,other,"
        "target_mult,sender_mult,objective,success\r\n"
        '1,"Alfa, North","Bravo, Charlie, Arab Rep.",1951,1954,1,"exp_part, imp_compl",0,0,1,0,0,0,1,'
        '"human_rights,other","success_part,failed"\r\n'
        "2,Delta,Écho,1960,1960,0,,1,0,0,0,0,0,0,end_war,nego_settlement\r\n"
        '3,"Alfa, Delta",Bravo,2014,2022,0,,0,1,0,1,0,1,0,policy_change,ongoing',
        rows=5,
    ),
    Sample(
        "gsdb_dyad_years",
        "GSDB_V4_dyadic.csv",
        "sanctioned_state,sanctioning_state,sanctioned_state_iso3,sanctioning_state_iso3,year,arms,military,trade,"
        "descr_trade,financial,travel,other,case_id\n"
        'Alfa,Bravo,ALF,BRV,2022,1,0,1,"exp_part,imp_part",0,0,0,"3, 17"\n'
        "Alfa,Bravo,ALF,BRV,2023,1,0,0,,0,0,0,3\n"
        "Delta,Écho,DLT,ECH,2023,0,0,0,,1,0,1,4\n",
        rows=3,
    ),
)
