"""Hold made-up files of the UCDP Georeferenced Event Dataset."""

from tests.scenarios.datasets.samples.base import Sample

HEADER = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,"
    "dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,"
    "number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,"
    "where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,"
    "region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,"
    "low,gwnoa,gwnob\n"
)
SAMPLES = (
    Sample(
        "ucdp_ged",
        "GEDEvent_v25_1.csv",
        HEADER + "901,ALF-2021-1-1-1,2021,1,Clear,1,11,11,Alfa: Ridge,21,21,Government of Alfa - Foeland,31,31,"
        "Government of Alfa,41,41,Government of Foeland,1,"
        '"""Wire, 2021-05-03, Shells, and then ""silence"" on the ridge""",Wire,2021-05-03,Shells,eyewitness,1,Ridge,'
        '"Ridge, north side",Nord,São Tomé district,40.25,44.5,POINT (44.5 40.25),188000,Alfa,371,Europe,1,1,'
        "2021-05-02 00:00:00.000,2021-05-03 00:00:00.000,4,3,0,1,8,12,7,371,373\n"
        "902,ALF-2021-3-1-1,2021,1,Clear,3,12,12,Foeland - Civilians,22,22,Foeland - Civilians,32,32,"
        "Government of Foeland,42,42,Civilians,-1,,Wire,2021-06-01,,,3,Lowtown,Lowtown,,,39.5,45.0,POINT (45 39.5),"
        "188001,Alfa,371,Europe,1,2,2021-05-30 00:00:00.000,2021-06-01 00:00:00.000,0,0,2,0,2,2,1,373,\n"
        "903,BRA-2022-2-1-1,2022,0,Clear,2,13,13,Clan A - Clan B,23,23,Clan A - Clan B,33,33,Clan A,43,43,Clan B,2,,"
        "Radio,2022-01-09,,,2,Port,Port,,,11.0,-3.5,POINT (-3.5 11),188002,Bravo,432,Africa,2,1,"
        "2022-01-07 00:00:00.000,2022-01-07 00:00:00.000,0,0,0,5,5,9,0,,\n",
        rows=3,
    ),
)
