"""What the codes of states mean, and when."""

from __future__ import annotations

import builtins
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.crosswalk import SCHEMES, folded, read_crosswalk
from papertiger.scenarios.datasets.data_set import Table, read_data_set
from papertiger.scenarios.datasets.states import (
    NoStateError,
    OutsideDatesError,
    StateCodes,
    StateError,
    state_codes,
)  # fmt: skip
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.originals import original

LIST = (
    "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\n"
    "GMY,255,Germany,1816,1,1,1945,5,8,2016\n"
    "GMY,255,Germany,1990,10,3,2016,12,31,2016\n"
    "GFR,260,Federal Republic,1955,5,5,1990,10,2,2016\n"
    "GDR,265,Democratic Republic,1954,3,25,1990,10,2,2016\n"
    "CZE,315,Czechoslovakia,1945,5,10,1992,12,31,2016\n"
    "CZR,316,Czech Republic,1993,1,1,2016,12,31,2016\n"
    "NAM,565,Namibia,1990,3,21,2016,12,31,2016\n"
    "YAR,678,Yemen Arab Republic,1926,9,2,1990,5,21,2016\n"
    "YEM,679,Yemen,1990,5,22,2016,12,31,2016\n"
)


@pytest.fixture
def listed(tmp_path: Path) -> StateCodes:
    path = tmp_path / "states2016.csv"
    path.write_text(LIST, encoding="utf-8")
    return state_codes(read_data_set(CATALOGUE["cow_states"], path))


@pytest.mark.parametrize(
    ("code", "scheme", "when", "state"),
    [
        ("NA", "iso2", 2000, 565),
        ("nam", "iso3", 2000, 565),
        ("516.0", "iso_number", 2000, 565),
        ("004", "iso_number", 2000, 700),
        (260, "gw", date(1990, 10, 2), 260),
        (260, "gw", date(1990, 10, 3), 255),
        (260, "gw", 1990, 260),
        (678, "gw", 1990, 679),
        (678, "gw", 1989, 678),
        (340, "gw", 1915, 345),
        (345, "gw", 1915, None),
        (345, "gw", 1999, 345),
        (340, "gw", 2015, 345),
        (970, "gw", 2010, 946),
        (970, "cow", 2010, 970),
        (971, "gw", 2010, 970),
        (972, "gw", 2010, 955),
        (973, "gw", 2010, 947),
        (816, "gw", 1960, 816),
        (817, "gw", 1960, 817),
        (817, "gw", 1990, None),
        (364, "polity", 1960, 365),
        ("ROM", "cameo", 2015, 360),
        ("DEU", "cameo", 2015, 255),
        ("CS", "iso2", 1980, 315),
        ("CS", "iso2", 2005, 345),
        ("DDR", "iso3", 1980, 265),
        ("YEM", "iso3", 1980, 678),
        ("YEM", "cow_letters", 2010, 679),
        ("Germany", "name", 1970, 260),
        ("Yemen (North Yemen)", "name", 2015, 679),
        ("Yemen, North", "name", 1970, 678),
        ("Viet Nam", "name", 1990, 816),
        ("Korea, Rep.", "name", 1990, 732),
        ("DR Congo (Zaire)", "name", 1990, 490),
        ("Côte d'Ivoire", "name", 1990, 437),
        ("COTE D’IVOIRE", "name", 1990, 437),
        ("Bosnia-Herzegovina", "name", 2000, 346),
        ("Bolivia (Plurinational State of)", "name", 2000, 145),
        ("Türkiye", "name", 2000, 640),
        ("The Gambia", "name", 2000, 420),
        ("St. Lucia", "name", 2000, 56),
    ],
)
def test_a_code_means_one_state_at_a_time(code: str | int, scheme: str, when: Any, state: int | None) -> None:
    if state is None:
        with pytest.raises(OutsideDatesError):
            StateCodes().to_cow(code, scheme, when)
    else:
        assert StateCodes().to_cow(code, scheme, when) == state


@pytest.mark.parametrize(
    ("code", "scheme", "said"),
    [
        (
            "Hezbollah (Lebanon)*",
            "name",
            "'Hezbollah (Lebanon)*' is no state of the system: its maker marks it",
        ),
        ("African Union**", "name", "'African Union**' is no state of the system"),
        ("EU", "name", "the name 'EU' is no state of the system: an organisation"),
        ("Hong Kong", "name", "the name 'Hong Kong' is no state of the system: a territory"),
        ("HKG", "iso3", "the three letters of ISO 'HKG' is no state of the system"),
        (396, "gw", "the number of Gleditsch and Ward 396 is no state of the system: in the list of"),
        ("Unknown supplier(s)", "name", "the name 'Unknown supplier(s)' is no state of the system: unknown"),
    ],
)
def test_what_is_known_to_be_no_state_is_told_apart(code: str | int, scheme: str, said: str) -> None:
    with pytest.raises(NoStateError) as caught:
        StateCodes().to_cow(code, scheme, 2000)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("code", "scheme", "said"),
    [
        ("Hezbollah (Lebanon)", "name", "the name 'Hezbollah (Lebanon)' is known of no state"),
        ("France, Germany", "name", "the name 'France, Germany' is known of no state "),
        ("ZZZ", "iso3", "the three letters of ISO 'ZZZ' is known of no state"),
        ("1e3", "gw", "the number of Gleditsch and Ward '1e3' is known of no state"),
        (1, "cow", "the number of the Correlates of War 1 is known of no state"),
    ],
)
def test_what_nothing_is_known_of_is_refused(code: str | int, scheme: str, said: str) -> None:
    with pytest.raises(StateError) as caught:
        StateCodes().to_cow(code, scheme, 2000)
    assert not isinstance(caught.value, NoStateError)
    assert str(caught.value).startswith(said)


def test_a_code_of_several_states_needs_a_date() -> None:
    with pytest.raises(StateError, match="means several states, so it needs a date: 260 until 1990-10-02; 255 from"):
        StateCodes().to_cow(260, "gw")


def test_a_code_outside_its_dates_is_refused_with_the_one_that_holds(listed: StateCodes) -> None:
    said = r"255 does not hold at 1995, only until 1945-05-08; 260 holds then"
    with pytest.raises(OutsideDatesError, match=said):
        listed.to_cow(255, "gw", 1995)
    said = r"state 260 is not in the system at 2000, only 1955-05-05 to 1990-10-02; 255 holds then"
    with pytest.raises(OutsideDatesError, match=said):
        listed.to_cow(260, "cow", 2000)
    said = r"state 316 is not in the system at 1980, only from 1993-01-01; 315 holds then"
    with pytest.raises(OutsideDatesError, match=said):
        listed.to_cow("Czechia", "name", 1980)


def test_the_list_ends_for_those_that_are_still_there_only(listed: StateCodes) -> None:
    listed.check(679, 2024)
    with pytest.raises(OutsideDatesError):
        listed.check(678, 2024)


def test_a_date_in_the_year_of_entry_passes_as_sources_run_ahead_of_recognition(listed: StateCodes) -> None:
    assert listed.to_cow("NAM", "iso3", date(1990, 1, 1)) == 565
    with pytest.raises(OutsideDatesError):
        listed.check(565, date(1990, 1, 1))


@given(st.sampled_from(sorted(SCHEMES)), st.data())
def test_a_code_and_back_is_the_same_state(scheme: str, data: st.DataObject) -> None:
    crosswalk = read_crosswalk()
    state = data.draw(st.sampled_from(sorted({state for of, state in crosswalk.codes if of == scheme})))
    when = data.draw(st.one_of(st.dates(date(1816, 1, 1), date(2030, 12, 31)), st.integers(1816, 2030)))
    converter = StateCodes()
    try:
        code = converter.from_cow(state, scheme, when)
    except StateError:
        codes = crosswalk.codes[scheme, state]
        assert all(_only_at_times(converter, code, scheme, state, when) for code in codes)
    else:
        assert converter.to_cow(code, scheme, when) == state


def _only_at_times(converter: StateCodes, code: str, scheme: str, state: int, when: date | int) -> bool:
    """Tell whether a code means the state at some time, and something else or nothing at another."""
    try:
        return converter.to_cow(code, scheme, when) != state
    except StateError:
        return True


@given(st.text(max_size=30))
def test_no_name_is_taken_for_a_state_without_a_reason(name: str) -> None:
    try:
        state = StateCodes().to_cow(name, "name", 2000)
    except StateError:
        return
    assert ("name", folded(name)) in read_crosswalk().meanings or any(
        pattern.search(name) and number == state for pattern, number in read_crosswalk().patterns
    )


def test_every_exception_has_a_reason_and_its_meanings_do_not_overlap() -> None:
    for (scheme, code), meanings in read_crosswalk().meanings.items():
        assert scheme in SCHEMES
        for one, other in pairwise(meanings):
            assert one.reason
            assert other.reason
            assert one.end < other.start, (scheme, code)


def _table(tmp_path: Path, rows: str) -> Table:
    path = tmp_path / "archigos.csv"
    path.write_text(f"gwcode,leader,startdate,enddate,exit\n{rows}", encoding="utf-8")
    return read_data_set(CATALOGUE["archigos"], path)


def test_a_column_is_converted_at_the_dates_of_another(tmp_path: Path, listed: StateCodes) -> None:
    table = _table(
        tmp_path,
        "260,Ada,1970-01-01,1990-10-02,Regular\n260,Ada,1990-10-03,1998-10-26,Regular\n"
        "396,Bea,2000-01-01,2004-01-01,Regular\n",
    )
    states = listed.convert(table, "state", "start")
    assert states.fillna(0).to_list() == [260, 255, 0]


def test_codes_outside_their_dates_are_refused_by_line_or_left_empty(tmp_path: Path, listed: StateCodes) -> None:
    table = _table(
        tmp_path,
        "255,Ada,1994-01-01,1995-10-02,Regular\n565,Cid,1880-01-01,1890-01-01,Regular\n"
        "565,Cid,1991-01-01,1992-01-01,Regular\n700,Dan,1991-01-01,1992-01-01,Regular\n",
    )
    with pytest.raises(ScenarioError) as caught:
        listed.convert(table, "state", "start")
    lines = str(caught.value).replace(f"{tmp_path}/", "").splitlines()
    assert [line.split(": ")[0] for line in lines] == ["archigos.csv:2", "archigos.csv:3", "archigos.csv:5"]
    assert lines[1] == "archigos.csv:3: gwcode: state 565 is not in the system at 1880, only from 1990-03-21"
    with pytest.raises(ScenarioError, match=r"archigos\.csv:5: gwcode: no state has the number 700"):
        listed.convert(table, "state", "start", outside="empty")


def test_without_the_package_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    imports = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "countrycode":
            raise ImportError(name)
        return imports(name, *arguments, **named)

    read_crosswalk.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ScenarioError, match=r"codes of states need one more package: install papertiger\[data\]"):
        StateCodes().to_cow("NA", "iso2", 2000)


def test_the_makers_lists_convert_there_and_back() -> None:
    converter = state_codes(read_data_set(CATALOGUE["cow_states"], original("cow_states.csv")))
    missing: dict[str, set[int]] = {}
    for state, spans in converter.spells.items():
        for scheme in SCHEMES:
            for start, end in spans:
                last = min(end, date(2016, 12, 31))
                for when in {start, last, start + (last - start) / 2}:
                    try:
                        code = converter.from_cow(state, scheme, when)
                    except StateError:
                        missing.setdefault(scheme, set()).add(state)
                    else:
                        assert converter.to_cow(code, scheme, when) == state
    assert {"cow", "name"} & set(missing) == set()
    assert missing["gw"] == {271, 273, 275}, "states of the nineteenth century"


def test_the_makers_disputes_and_capabilities_convert() -> None:
    converter = state_codes(read_data_set(CATALOGUE["cow_states"], original("cow_states.csv")))
    participants = read_data_set(CATALOGUE["gml_participants"], original("gml_part.csv"))
    assert converter.convert(participants, "state", "start").to_list() == participants.rows["state"].to_list()
    capabilities = read_data_set(CATALOGUE["cow_nmc"], original("cow_nmc.csv"))
    assert converter.convert(capabilities, "state", "year").to_list() == capabilities.rows["state"].to_list()


def test_the_makers_leaders_convert_where_their_state_is_in_the_system() -> None:
    converter = state_codes(read_data_set(CATALOGUE["cow_states"], original("cow_states.csv")))
    leaders = read_data_set(CATALOGUE["archigos"], original("archigos.csv"))
    states = converter.convert(leaders, "state", "end", outside="empty")
    chancellor = leaders.rows["leader"] == "Kohl"
    assert states[chancellor].to_list() == [255]
    assert leaders.rows.loc[chancellor, "state"].to_list() == [260]


def test_the_package_is_not_imported_before_it_is_used() -> None:
    code = "import sys, papertiger.scenarios.datasets.states; print('countrycode' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
