"""Hold made-up files of ACLED."""

from tests.scenarios.datasets.samples.base import Sample

HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp\n"
)
SAMPLES = (
    Sample(
        "acled",
        "acled_2021.csv",
        HEADER
        + "ALF101,03 May 2021,2021,1,Political violence,Explosions/Remote violence,Shelling/artillery/missile attack,"
        "Military Forces of Foeland (2018-),,State forces,Military Forces of Alfa (2019-),,State forces,"
        "State forces-State forces,,51,Caucasus,Alfa,Nord,,,Ridge,40.25,44.5,1,Wire; Radio,National-Regional,"
        '"On 3 May, shells fell on the ridge; a soldier said ""it was over in an hour"".\nSecond line.",4,,'
        "1620000000\n"
        "ALF102,30 May 2021,2021,2,Political violence,Violence against civilians,Attack,"
        "Military Forces of Foeland (2018-),,State forces,Civilians (Alfa),,Civilians,State forces-Civilians,"
        "Civilian targeting,51,Caucasus,Alfa,Nord,,,Lowtown,39.5,45.0,2,Wire,National,Two killed near São Paulo "
        "street.,2,,1622500000\n"
        "BRA7,07 January 2022,2022,1,Political violence,Battles,Armed clash,Clan A Militia,,Identity militia,"
        "Clan B Militia,,Identity militia,Identity militia-Identity militia,,854,Western Africa,Bravo,Est,,,Port,"
        "11.0,-3.5,1,Radio,Subnational,Clash.,5,,1641600000\n"
        "ALF103,11 June 2021,2021,1,Strategic developments,Strategic developments,Agreement,"
        "Government of Alfa (2019-),,State forces,,,,Sole State forces,,51,Caucasus,Alfa,Nord,,,Ridge,40.25,44.5,1,"
        "Wire,National,Truce.,0,,1623500000\n",
        rows=4,
    ),
)
