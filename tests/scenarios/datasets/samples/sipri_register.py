"""Hold a made-up file of SIPRI's trade register."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "sipri_register",
        "trade-register.csv",
        "Transfers of major conventional arms from All countries  to All countries . Deals with deliveries made;\r\n"
        "A '?' in a column indicates uncertain data.;\r\n"
        "A '0' for 'SIPRI TIV of delivered weapons' is between 0 and 0.5 million; an empty field is no delivery.\r\n"
        ";\r\n"
        "Source: SIPRI Arms Transfers Database (c) SIPRI.;\r\n"
        "Data generated: 12 Feb 2026 12:26:12 PM;\r\n"
        "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,Order date is "
        "estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,Delivery year is estimate,Status,"
        "SIPRI estimate,TIV deal unit,TIV delivery values,Local production;\r\n"
        "101,Bravo,Alfa,T-1 120mm,tank,Armoured vehicles,2011,Yes,12,No,2012,No,Second hand,0.25,0.1,1.2,No;\r\n"
        "101,Bravo,Alfa,T-1 120mm,tank,Armoured vehicles,2011,Yes,3,No,2013,No,Second hand,0.25,0.1,0.3,No;\r\n"
        "102,Charlie,Côte Delta,R-3,radar,Sensors,2013,,1,Yes,2013,Yes,New,4,4,4,Yes;\r\n"
        "103,unknown supplier(s),Delta rebels*,M-1,mortar,Artillery,2014,Yes,10,Yes,2015,Yes,New,0.1,0.1,0,No;",
        rows=4,
    ),
)
