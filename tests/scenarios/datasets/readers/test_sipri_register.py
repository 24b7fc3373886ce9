"""The trade register in both layouts, with its marks of estimates, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal

DEALS = (
    '"Trade register, made up"\n'
    "Source: SIPRI Arms Transfers Database\n"
    "\n"
    "Recipient,Supplier,Year of order,,Number ordered,,Weapon designation,Weapon description,Number delivered,,"
    "Year(s) of delivery,status,Comments,SIPRI TIV per unit,"
    "SIPRI TIV for total order,SIPRI TIV of delivered weapons\n"
    'Côte Alfa,Bravo,2009,?,10,,T-1,tank,(8),,2010-2011; 2013,New,"so, so",1.5,15,12\n'
    ",,2012,,3,?,P-2,patrol boat,3,(yes),2014?,Second hand,,5,15,15\n"
    ",Charlie,(2015),,1,,R-3,radar,,,,New,,4,4,\n"
    "Delta,Bravo,2016,,2,,T-1,tank,2,,2017,New,,1.5,3,0\n"
    "Figures may not add up, due to rounding\n"
)


def test_deliveries_read_a_row_each(tmp_path: Path) -> None:
    table = read("sipri_register", tmp_path)
    assert table.version == "of 12 Feb 2026"
    rows = table.rows
    assert rows[["deal", "year", "tiv", "number", "shared"]].to_numpy().tolist() == [
        [101, 2012, 1.2, 12, 1], [101, 2013, 0.3, 3, 1], [102, 2013, 4, 1, 1], [103, 2015, 0, 10, 1],
    ]  # fmt: skip
    assert rows["local_production"].to_list() == [0, 0, 1, 0]
    assert rows["ordered_estimate"].fillna(-1).to_list() == [1, 1, -1, 1]
    assert rows["status"].to_list()[1:3] == ["Second hand", "New"]


def test_the_layout_with_semicolons_reads_to_the_same(tmp_path: Path) -> None:
    lines = SAMPLES["sipri_register"].text.splitlines()
    table = [line.rstrip(";").replace(",", ";") for line in lines[6:]]
    table[0] = table[0].replace("SIPRI AT Database ID;Supplier;Recipient", "Deal ID;Seller;Buyer")
    text = "SIPRI Transfers Database\n\n\n created today\n\n" + "\n".join(table) + "\n"
    rows = read("sipri_register", tmp_path, text.encode()).rows.reset_index(drop=True)
    assert rows.equals(read("sipri_register", tmp_path).rows.reset_index(drop=True))


def test_deals_are_shared_out_among_their_years(tmp_path: Path) -> None:
    rows = read("sipri_register", tmp_path, DEALS.encode("cp1252")).rows
    assert list(rows[["recipient", "supplier", "year", "tiv", "shared", "year_estimate"]].itertuples(name=None)) == [
        (5, "Côte Alfa", "Bravo", 2010, 4.0, 3, 0),
        (5, "Côte Alfa", "Bravo", 2011, 4.0, 3, 0),
        (5, "Côte Alfa", "Bravo", 2013, 4.0, 3, 0),
        (6, "Côte Alfa", "Bravo", 2014, 15.0, 1, 1),
        (8, "Delta", "Bravo", 2017, 0.0, 1, 0),
    ]
    assert rows["ordered_estimate"].to_list() == [1, 1, 1, 0, 0]
    assert rows["number_estimate"].to_list() == [1, 1, 1, 1, 0]
    assert rows["number"].sum() == 8 + 3 + 2


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("\r\n101,Bravo,Alfa,T-1 120mm,tank,Armoured vehicles,2011,Yes,3,No,2013",
         "\r\n101,Bravo,Alfa,T-1 120mm,tank,Armoured vehicles,2011,Yes,3,No,2012",
         ":9: deal 101, year 2012 stands already in line 8"),
        ("2013,,1,Yes,2013", "2013,,1,Yes,2011", ":10: delivered in 2011, before the order of 2013"),
        ("2013,,1,Yes,2013", "2013,,1,Yes,13", ":10: Delivery year: expected a whole number, 1950 to 2030, got '13'"),
        ("2013,,1,Yes,2013", "2013,,1,maybe,2013",
         ":10: Numbers delivered is estimate: expected 1 or 0, yes or no, got 'maybe'"),
        ("Yes,New,4", "Yes,Old,4", ":10: Status: expected a text, one of New, Second hand"),
        ("0.1,0.1,0,No", "0.1,0.1,few,No", ":11: TIV delivery values: expected a number of at least 0, got 'few'"),
        ("TIV delivery values", "TIV delivered", ":7: missing column TIV delivery values or SIPRI TIV of delivered"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal("sipri_register", tmp_path, written, instead)[0].startswith(said)


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("2010-2011; 2013", "2011-2010",
         ":5: Year(s) of delivery: expected years such as 2009-2011; 2014, got '2011-2010'"),
        ("2014?", "14", ":6: Year(s) of delivery: expected years"),
        ("Delta,Bravo", "Delta,", ":8: Supplier: no supplier here or in a row above"),
        ("Côte Alfa,Bravo", ",Bravo", ":5: Recipient: no recipient here or in a row above"),
        ("15,12\n", "15,twelve\n",
         ":5: SIPRI TIV of delivered weapons: expected a number of at least 0, got 'twelve'"),
        ("Number delivered", "Delivered", ":4: missing column Number delivered"),
    ],
)  # fmt: skip
def test_a_spoilt_deal_is_refused_by_line(written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert written in DEALS
    path = SAMPLES["sipri_register"].write(tmp_path, DEALS.replace(written, instead, 1).encode())
    with pytest.raises(ScenarioError) as caught:
        read_data_set(CATALOGUE["sipri_register"], path)
    assert str(caught.value.problems[0]).removeprefix(str(path)).startswith(said)


def test_a_register_that_broke_off_is_refused(tmp_path: Path) -> None:
    sample = SAMPLES["sipri_register"]
    path = sample.write(tmp_path, sample.text[:-1].encode())
    with pytest.raises(ScenarioError, match=r":11: the last line has no end"):
        read_data_set(CATALOGUE["sipri_register"], path)
