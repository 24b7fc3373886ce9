"""Hold made-up files of SIPRI's trend-indicator values."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "sipri_pairs",
        "sipri_tiv_pairs.csv",
        "supplier,recipient,year,value,supplier_cown,recipient_cown\n"
        "Bravo,Alfa,1951,11,305,900\n"
        "Bravo,Alfa,1952,0,305,900\n"
        "Charlie,Delta rebels*,1952,5,710,\n"
        "Charlie,Écho,1953,7,710,510\n",
        rows=4,
    ),
    Sample(
        "sipri_values",
        "TIV-Export-BRV-1950-1953.csv",
        '"TIV of arms exports from Bravo, 1950-1953",,,,,\n'
        "Figures are SIPRI Trend Indicator Values (TIVs) expressed in millions.,,,,,\n"
        "Figures may not add up due to the conventions of rounding.,,,,,\n"
        "A '0' indicates that the value of deliveries is less than 0.5m,,,,,\n"
        '"For more information, see the methods",,,,,\n'
        ",,,,,\n"
        "Source: SIPRI Arms Transfers Database,,,,,\n"
        "Generated: 28 July 2022,,,,,\n"
        ",,,,,\n"
        ",1950,1951,1952,1953,\n"
        "Alfa,,19,22?,,41\n"
        "African League**,0,,,,0\n"
        "Côte Delta,3,,(12),1,16\n"
        ",,,,,\n"
        "Total,3,19,34,1,57\n"
        "** an organization of states\n",
        rows=6,
        footer=True,
    ),
)
