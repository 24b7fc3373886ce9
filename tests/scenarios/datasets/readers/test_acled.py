"""ACLED: both typologies, its exports in several dialects, and what is refused."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import pytest

from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal

OLD = (
    "GWNO,EVENT_ID_CNTY,EVENT_ID_NO_CNTY,EVENT_DATE,YEAR,TIME_PRECISION,EVENT_TYPE,ACTOR1,ALLY_ACTOR_1,INTER1,ACTOR2,"
    "ALLY_ACTOR_2,INTER2,INTERACTION,COUNTRY,ADMIN1,ADMIN2,ADMIN3,LOCATION,LATITUDE,LONGITUDE,GEO_PRECISION,SOURCE,"
    "NOTES,FATALITIES\n"
    "432,7BRA,7,07-January-2012,2012,1,Battle-No change of territory,Clan A Militia,Northern Clan,4,"
    "Military Forces of Bravo,,1,14,Bravo,Est,,,Port,11.0,-3.5,1,Radio,Clash.,5\n"
)


def test_rows_read_as_they_stand(tmp_path: Path) -> None:
    table = read("acled", tmp_path)
    first = table.rows.loc[2]
    assert (first["event_id"], first["date"], first["iso"]) == ("ALF101", datetime.date(2021, 5, 3), 51)
    assert first["notes"].startswith('On 3 May, shells fell on the ridge; a soldier said "it was over')
    assert first["notes"].endswith("\nSecond line.")
    assert table.rows.index.to_list() == [2, 4, 5, 6]
    assert table.rows.loc[6, "actor2"] == ""
    assert table.version == "layout of 2022 and later"


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("iso_dates", [False, True])
def test_exports_in_other_dialects_read_to_the_same_values(tmp_path: Path, delimiter: str, iso_dates: bool) -> None:
    rows = list(csv.reader(io.StringIO(SAMPLES["acled"].text)))
    if iso_dates:
        for row in rows[1:]:
            row[1] = datetime.datetime.strptime(row[1], "%d %B %Y").date().isoformat()
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    assert read("acled", tmp_path, out.getvalue().encode("utf-8-sig")).rows.equals(read("acled", tmp_path).rows)


def test_the_old_headings_and_event_types_are_read(tmp_path: Path) -> None:
    table = read("acled", tmp_path, OLD.encode())
    assert table.version == "event types of before March 2019"
    row = table.rows.loc[2]
    assert (row["gwno"], row["assoc_actor_1"], row["date"]) == (432, "Northern Clan", datetime.date(2012, 1, 7))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ALF102", "ALF101", ":4: event_id ALF101 stands already in line 2"),
        ("30 May 2021", "30/05/2021",
         ":4: event_date: expected a date such as 1949-04-24, of the years 1990 to 2035, got '30/05/2021'"),
        ("30 May 2021", "30 Mai 2021",
         ":4: event_date: expected a date such as 1949-04-24, of the years 1990 to 2035, got '30 Mai 2021'"),
        ("30 May 2021", "30 May 2020", ":4: event_date: expected a date of 2021, the row's year, got 2020-05-30"),
        (",Battles,", ",Batles,",
         ":5: event_type: expected a text, one of Battles, Explosions/Remote violence, Violence against civilians, "
         "Protests, Riots, Strategic developments, Battle-No change of territory, Battle-Government regains "
         "territory, Battle-Non-state actor overtakes territory, Headquarters or base established, Non-violent "
         "transfer of territory, Strategic development …, got 'Batles'"),
        (",Battles,", ",Battle-No change of territory,",
         ": event_type: event types of before and after March 2019 in one file (Battle-No change of territory, "
         "Explosions/Remote violence): export it anew"),
        (",4,,1620", ",four,,1620", ":2: fatalities: expected a whole number of at least 0, got 'four'"),
        ("fatalities", "deaths", ":1: missing column fatalities"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_by_line_and_column(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal("acled", tmp_path, old, new)
