"""Files of observed ties: what ships, when a share became public, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from papertiger.scenarios import ScenarioError, load, observed
from papertiger.scenarios.observed import TieSeries

TIES = """\
title: Small
description: What two clients bought
series:
  alfa_arms:
    client: Alfa
    of: arms
    source: a register
    confidence: high
    years:
      2020: {share: 0.5, volume: large}
      2021: {share: 0}
"""


def problems(folder: Path, text: str) -> list[str]:
    path = folder / "ties.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        observed.load_ties(path)
    return [line.removeprefix(f"{folder}{os.sep}") for line in str(caught.value).splitlines()]


def test_the_shipped_shares_are_of_the_clients_of_the_network_and_each_has_a_source() -> None:
    ties = observed.load_ties("partners_ties")
    clients = load("partners_2020").clients
    kinds = [series.of for series in ties.series.values()]
    assert (kinds.count("arms"), kinds.count("economy")) == (14, 5)
    for series in ties.series.values():
        assert series.client in clients
        assert series.source
        assert all(one.volume is not None for one in series.years.values()) == (series.of == "arms")
    arms = [year for series in ties.series.values() if series.of == "arms" for year in series.years]
    assert (min(arms), max(arms)) == ("2015", "2024"), "the register that was read ends with 2024"


def test_the_share_at_entry_is_that_of_the_same_register() -> None:
    """No volume ships, so that a mean cannot be worked out; where all years agree it is what they say."""
    ties, clients = observed.load_ties("partners_ties"), load("partners_2020").clients
    for name in ("Belarus", "Kyrgyzstan"):
        series = next(one for one in ties.series.values() if (one.client, one.of) == (name, "arms"))
        before = [one.share for year, one in series.years.items() if year < "2020"]
        entry = clients[name].arms.value
        assert entry is not None
        assert min(before) <= entry <= max(before)


def series_of(**years: dict[str, object]) -> TieSeries:
    return TieSeries.model_validate(
        {
            "client": "Alfa",
            "of": "arms",
            "source": "x",
            "confidence": "low",
            "years": {year[1:]: one for year, one in years.items()},
        }
    )


def test_a_share_is_known_three_months_after_its_year_unless_it_says_so() -> None:
    series = series_of(y2022={"share": 0.2}, y2023={"share": 0.2, "known": "2025-06"})
    assert series.known_in("2022") == "2023-03"
    assert series.known_in("2023") == "2025-06"
    assert series.model_copy(update={"published": 14}).known_in("2022") == "2024-02"


def test_a_year_that_is_not_named_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "ties.yaml"
    path.write_text(TIES, encoding="utf-8")
    years = observed.load_ties(path).series["alfa_arms"].years
    assert {year: one.share for year, one in years.items()} == {"2020": 0.5, "2021": 0.0}


def test_a_file_builds_on_another(tmp_path: Path) -> None:
    (tmp_path / "ties.yaml").write_text(TIES, encoding="utf-8")
    more = "title: More\ndescription: x\nextends: ties\nseries:\n  alfa_arms: {years: {2022: {share: 1}}}\n"
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    assert sorted(observed.load_ties(tmp_path / "more.yaml").series["alfa_arms"].years) == ["2020", "2021", "2022"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("share: 0}", "share: 1.2}", "ties.yaml:11: series.alfa_arms.years.2021.share: expected a number"),
        ("2021: {share", "21: {share", "ties.yaml:11: series.alfa_arms.years.21"),
        ("of: arms", "of: guns", "ties.yaml:6: series.alfa_arms.of: expected one of arms, economy"),
        ("volume: large", "volume: huge", "ties.yaml:10: series.alfa_arms.years.2020.volume: expected one of small"),
        (
            "share: 0}",
            "share: 0, known: 2020-12}",
            "ties.yaml:11: series.alfa_arms.years.2021.known: expected a month in",
        ),
        ("    source: a register\n", "", "ties.yaml:4: series.alfa_arms: missing key 'source'"),
        ("share: 0}", "shares: 0}", "ties.yaml:11: series.alfa_arms.years.2021.shares: unknown key"),
    ],
)
def test_mistakes_are_named_with_line_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TIES
    found = problems(tmp_path, TIES.replace(old, new))
    assert any(line.startswith(message) for line in found), found


def test_one_thing_has_one_series(tmp_path: Path) -> None:
    again = TIES.partition("series:\n")[2].replace("alfa_arms", "alfa_again")
    (line,) = problems(tmp_path, TIES + again)
    where, _, said = line.partition(": '")
    assert where == "ties.yaml:13: series.alfa_again.client"
    assert said == "alfa_arms' has the arms of Alfa, too; put their years into one series"
