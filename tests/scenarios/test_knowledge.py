"""What was public when: events, facts and polls carry the month in which they became known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from papertiger.scenarios import ScenarioError, load, names, observed
from papertiger.scenarios.knowledge import known_by, known_in
from papertiger.scenarios.loader import collecting_notes
from papertiger.scenarios.schema.events import Event
from tests.scenarios.minimal import SMALL

SECRET = """\
title: A secret
description: A contract that came out later
extends: small
generative_from: 2020-06
events:
  secret_contract:
    date: 2020-03
    known: %s
    kind: treaty_signed
    client: Alfa
    news: good
    what: A contract is signed and kept secret.
"""


def write(folder: Path, known: str) -> Path:
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    path = folder / "secret.yaml"
    path.write_text(SECRET % known, encoding="utf-8")
    return path


def event(date: str, known: str | None = None) -> Event:
    return Event(date=date, known=known, kind="background", what="It happens.")


def test_what_says_nothing_else_is_known_when_it_happens() -> None:
    assert known_in(event("2020-03-09")) == "2020-03"
    assert known_in(event("2020-03", "2020-03")) == "2020-03"
    assert known_in(event("2020-03", "2021-01")) == "2021-01"


def test_only_what_happened_and_came_out_is_known() -> None:
    base = load("partners_2020")
    before, after = known_by(base, "2026-01"), known_by(base, "2026-02")
    assert set(after.events) - set(before.events) == {"iran_2025_12_missile_contract"}
    assert after is base
    early = known_by(base, "2022-06")
    assert {name for name, one in base.events.items() if one.date[:7] <= "2022-06"} == set(early.events)
    assert early.clients == base.clients


def test_the_war_and_the_price_of_oil_are_not_known_beforehand_either() -> None:
    base = load("partners_2026")
    known = known_by(base, "2026-01")
    for mine, whole in (
        (known.war.burden, base.war.burden),
        (known.income.index, base.income.index),
        (known.patron.rival_track, base.patron.rival_track),
        *((known.patron.assets[name].value, asset.value) for name, asset in base.patron.assets.items()),
    ):
        assert mine.points == {month: value for month, value in whole.points.items() if month <= "2026-01"}
    assert max(base.war.burden.points) > max(known.war.burden.points)
    assert known_by(base, "2019-01").war.burden.points == {"2020-01": base.war.burden.points["2020-01"]}


def test_nothing_is_known_before_it_happens(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(write(tmp_path, "2020-02"))
    [problem] = caught.value.problems
    assert (problem.key, problem.line) == ("events.secret_contract.known", 8)
    assert problem.message == "expected a month at or after the event's date, 2020-03, got 2020-02"


@pytest.mark.parametrize("known", ["2020-06", "2021-01"])
def test_who_writes_what_came_out_too_late_is_told(tmp_path: Path, known: str) -> None:
    with collecting_notes() as notes:
        load(write(tmp_path, known))
    assert [note.key for note in notes if note.key.endswith("known")] == ["events.secret_contract.known"]


def test_what_came_out_in_time_is_no_matter(tmp_path: Path) -> None:
    with collecting_notes() as notes:
        load(write(tmp_path, "2020-05"))
    assert not [note for note in notes if "known" in note.key]


@pytest.mark.parametrize("name", names())
def test_dates_of_knowledge_do_not_lie_before_the_events(name: str) -> None:
    for key, one in load(name).events.items():
        assert known_in(one) >= one.date[:7], key


MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


@pytest.mark.parametrize("name", [name for name in observed.names() if "postures" in name])
def test_no_coding_rests_on_what_came_out_later(name: str) -> None:
    """A fact counts from the half-year in which it was known, and its text names no later year."""
    facts = observed.load(name)
    for key, fact in facts.facts.items():
        years = [int(year) for year in re.findall(r"\b(20\d\d)\b", fact.what)]
        limit = known_in(fact)[:4] if fact.level else facts.span.end[:4]
        assert all(year <= int(limit) for year in years), key
        for month, year in re.findall(rf"({MONTHS}) (20\d\d)", fact.what):
            number = MONTHS.split("|").index(month) + 1
            assert f"{year}-{number:02d}" <= known_in(fact) or not fact.level, key


def test_polls_say_when_they_came_out() -> None:
    polls = observed.load_polls("partners_polls")
    for key, question in polls.questions.items():
        for wave in question.waves.values():
            relayed = re.search(r"2026", str(wave.source))
            assert (wave.known or wave.end) >= wave.end, key
            assert not relayed or (wave.known or "") >= "2026-01", key
