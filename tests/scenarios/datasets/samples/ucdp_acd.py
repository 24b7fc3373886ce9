"""Hold a made-up file of the UCDP/PRIO Armed Conflict Dataset."""

from tests.scenarios.datasets.samples.base import Sample

_HEADINGS = (
    "conflict_id,location,side_a,side_a_id,side_a_2nd,side_b,side_b_id,side_b_2nd,incompatibility,territory_name,year,"
    "intensity_level,cumulative_intensity,type_of_conflict,start_date,start_prec,start_date2,start_prec2,ep_end,"
    "ep_end_date,ep_end_prec,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,gwno_loc,region,version\n"
)

SAMPLES = (
    Sample(
        "ucdp_acd",
        "UcdpPrioConflict_v24_1.csv",
        _HEADINGS
        + '200,Alfa,Government of Alfa,18,"Government of Bravo, Government of Charlie",Rebels,1145,,2,,1951,1,0,4,'
        '1950-07-21,1,1950-07-21,1,0,,,145,"2, 200",,,145,5,24.1\n'
        "200,Alfa,Government of Alfa,18,,Rebels,1145,,2,,1952,2,1,3,1950-07-21,1,1950-07-21,1,1,1952-04-30,2,145,,,,"
        "145,5,24.1\n"
        '300,"Bravo, Écho","Government of Bravo",3,,"Government of Delta, Government of Écho","66, 67",,1,'
        'Alfa border,1952,2,1,2,1952-01-02,1,1952-01-03,1,1,1952-02-01,1,2,,"385, 390",,"2, 385, 390","1, 5",24.1\n',
        rows=3,
    ),
)
