"""POLECAT: what its rows say, its makers' slips, and what is refused."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import pytest

from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_rows_read_as_they_stand(tmp_path: Path) -> None:
    table = read("polecat", tmp_path)
    row = table.rows.loc[2]
    assert (row["id"], row["date"], row["event_type"]) == ("2021-1-NGEC", datetime.date(2021, 5, 3), "ASSAULT")
    assert (row["actor_country"], row["recipient_country"], row["intensity"]) == ("AZE", "ARM", -9.5)
    assert row["recipient"] == "Government's envoy"
    assert table.rows.loc[4, "mode"] == ""
    assert table.rows.loc[5, "actor_country"] == ""
    assert math.isnan(table.rows["intensity"].loc[5])
    assert table.version == "NGEC_v2.1"


def test_tabs_too_many_at_the_end_of_lines_are_harmless(tmp_path: Path) -> None:
    spoilt = "".join(f"{line}\t\t\n" for line in SAMPLES["polecat"].text.splitlines())
    assert read("polecat", tmp_path, spoilt.encode()).rows.equals(read("polecat", tmp_path).rows)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2021-2-NGEC", "2021-1-NGEC", ":3: id 2021-1-NGEC stands already in line 2"),
        ("\tCONSULT\t", "\tCONSULTED\t",
         ":3: Event Type: expected a text, one of AGREE, CONSULT, SUPPORT, CONCEDE, COOPERATE, AID, RETREAT, "
         "REQUEST, ACCUSE, REJECT, THREATEN, PROTEST …, got 'CONSULTED'"),
        ("\t-9.5\t", "\t-95\t", ":2: Intensity: expected a number, -10 to 10, got '-95'"),
        ("\tAZE\t", "\tAzerland\t", ":2: Actor Country: expected a text of three capitals, got 'Azerland'"),
        ("Version\n", "Version\tHeadline\n", ":2: 40 cells, expected 41 as in the header of line 1"),
        ("Event Mode", "Event Modes", ":1: missing column Event Mode (did you mean 'Event Modes'?)"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_by_line_and_column(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal("polecat", tmp_path, old, new)
