"""Files of observations: the shipped ones, extending them, and what the author of a broken one is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from papertiger.scenarios import ScenarioError, load, observed

POSTURES = """\
title: Small
description: Two clients
span: {start: 2020-01, end: 2021-06}
indicators:
  pact: {highest: 3, what: taking part}
  stance: {highest: 2, what: words}
rule:
  hedging: 1
  distancing: 3
  suspended: [{pact: 2}]
  realigned: [{pact: 3, stance: 1}, {regime: 1, stance: 2}]
clients:
  Alfa: {code: A}
  Bravo: {sub_state: true}
facts:
  alfa_leaves:
    {date: 2020-09-03, client: Alfa, indicator: pact, level: 2, what: It leaves, source: x, confidence: high}
"""
FACT = "{date: %s, client: %s, indicator: %s, level: %s, what: It speaks, source: a paper, confidence: low}"
HEAD = "title: Later\ndescription: What came later\nextends: small\n"


def fact(date: str = "2021-02", client: str = "Alfa", indicator: str = "stance", level: object = 1) -> str:
    return FACT % (date, client, indicator, level)


def write(folder: Path, text: str, name: str = "case.yaml") -> Path:
    (folder / "small.yaml").write_text(POSTURES, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        observed.load(path)
    return [line.removeprefix(f"{path.parent}{os.sep}") for line in str(caught.value).splitlines()]


def test_the_shipped_files_load() -> None:
    assert observed.names() == [
        "france_africa_postures",
        *("partners_2026_polls", "partners_2026_postures", "partners_2026_votes"),
        *("partners_polls", "partners_postures", "partners_ties", "partners_votes"),
        "southeast_asia_postures",
        "soviet_bloc_postures",
    ]
    postures, votes, polls = (
        observed.load("partners_postures"),
        observed.load_votes("partners_votes"),
        observed.load_polls("partners_polls"),
    )
    clients = set(load("partners_2020").clients)
    assert set(postures.clients) == clients
    assert all(set(ballot.votes) <= clients for ballot in votes.ballots.values())
    assert {question.client for question in polls.questions.values()} <= clients
    assert [name for name, client in postures.clients.items() if client.sub_state] == ["Chechnya"]


def test_every_state_of_the_network_votes_on_the_yearly_item() -> None:
    votes = observed.load_votes("partners_votes")
    states = {name for name, client in observed.load("partners_postures").clients.items() if not client.sub_state}
    yearly = [ballot for ballot in votes.ballots.values() if ballot.item == "crimea human rights"]
    assert [ballot.date[:4] for ballot in yearly] == [str(year) for year in range(2016, 2024)]
    for ballot in yearly:
        assert set(ballot.votes) == states
        assert sum(vote == "no" for vote in ballot.votes.values()) <= ballot.no
    last = {ballot.date[:4]: [name for name, vote in ballot.votes.items() if vote == "no"] for ballot in yearly}
    assert len(last["2021"]) - len(last["2022"]) == 4
    left = sum(one.left_no for one in votes.turnover.values() if one.start != "2021-12")
    stood = sum(one.voted_no for one in votes.turnover.values() if one.start != "2021-12")
    assert (left, stood, votes.turnover["crimea_human_rights_2021_2022"].left_no) == (16, 132, 11)


def test_the_poll_that_anchors_forgetting_is_there() -> None:
    waves = observed.load_polls("partners_polls").questions["armenia_relations_good"].waves.values()
    assert [wave.percent for wave in waves] == [87, 88, 93, 64, 50, 31, 35, 43]
    assert [wave.start for wave in waves] == sorted(wave.start for wave in waves)


def test_a_later_file_adds_changes_and_removes(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEAD
        + "span: {end: 2022-06}\nremove: {clients: [Bravo]}\nfacts:\n"
        + "  alfa_leaves: {level: 1}\n"
        + f"  alfa_speaks: {fact('2022-03-01')}\n",
    )
    found = observed.load(path)
    assert (found.span.start, found.span.end, found.name) == ("2020-01", "2022-06", "case")
    assert found.facts["alfa_leaves"].level == 1
    assert found.facts["alfa_leaves"].date == "2020-09-03"
    assert list(found.clients) == ["Alfa"]
    assert list(found.facts) == ["alfa_leaves", "alfa_speaks"]


def test_facts_about_a_removed_client_go_with_it(tmp_path: Path) -> None:
    assert not observed.load(write(tmp_path, HEAD + "remove: {clients: [Alfa]}\n")).facts


def test_a_later_file_extends_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "partners_postures.yaml"  # even under its own name
    path.write_text(
        "title: In 2026\ndescription: One more half-year\nextends: partners_postures\nspan: {end: 2026-06}\nfacts:\n"
        "  cuba_speaks: {date: 2026-03, client: Cuba, indicator: stance, level: 1, what: It speaks, source: x, "
        "confidence: low}\n",
        encoding="utf-8",
    )
    found, shipped = observed.load(path), observed.load("partners_postures")
    assert set(found.facts) - set(shipped.facts) == {"cuba_speaks"}
    assert (found.span.end, shipped.span.end) == ("2026-06", "2025-12")
    assert found.rule == shipped.rule


CASES = {
    "unknown client": (
        f"facts:\n  x: {fact(client='Alfas')}\n",
        "5: facts.x.client: no client 'Alfas' in this file (did you mean 'Alfa'?)",
    ),
    "unknown indicator": (
        f"facts:\n  x: {fact(indicator='stanse')}\n",
        "5: facts.x.indicator: no indicator 'stanse' in this file (did you mean 'stance'?)",
    ),
    "level too high": (
        f"facts:\n  x: {fact(level=3)}\n",
        "5: facts.x.level: expected a level of stance from 0 to 2, got 3",
    ),
    "level no number": (
        f"facts:\n  x: {fact(level='high')}\n",
        "5: facts.x.level: expected a whole number from 0 to 9, got 'high'",
    ),
    "regime undone": (
        f"facts:\n  x: {fact(indicator='regime', level=0)}\n",
        "5: facts.x.level: expected the level 1 of regime, got 0",
    ),
    "no such day": (
        f"facts:\n  x: {fact('2021-02-30')}\n",
        "5: facts.x.date: expected a day that the month has, got 2021-02-30",
    ),
    "after the span": (
        f"facts:\n  x: {fact('2021-07')}\n",
        "5: facts.x.date: 2021-07 is after the end of the span, 2021-06; move 'span.end' once every client has been "
        "looked up, or write 'after_span: true'",
    ),
    "which is the later one": (
        f"facts:\n  x: {fact('2020-09', indicator='pact')}\n",
        "5: facts.x.date: 'alfa_leaves' dates another fact about pact of Alfa 2020-09-03, so that nobody "
        "knows which is the later one; write the days, or remove one",
    ),
    "unknown key": ("fact: {}\n", "4: fact: unknown key (did you mean 'facts'?)"),
    "half a half-year": (
        "span: {end: 2022-03}\n",
        "4: span.end: expected the last month of a half-year, YYYY-06 or YYYY-12, got 2022-03",
    ),
    "rule upside down": (
        "rule: {distancing: 1}\n",
        "4: rule.distancing: expected a sum above that of hedging, 1, got 1",
    ),
    "rule names nothing": (
        "rule: {suspended: [{pakt: 2}]}\n",
        "4: rule.suspended.0.pakt: no indicator 'pakt' in this file (did you mean 'pact'?)",
    ),
    "removes nothing": (
        "remove: {facts: [alfa_leave]}\n",
        "4: remove.facts.0: nothing of the name 'alfa_leave' is inherited (did you mean 'alfa_leaves'?)",
    ),
    "removes no section": ("remove: {rule: [x]}\n", "4: remove.rule: unknown key, expected one of clients, facts"),
    "missing parts": (
        "facts:\n  x: {client: Alfa, date: 2021-02}\n",
        "5: facts.x: missing keys 'indicator', 'level', 'what', 'source', 'confidence'",
    ),
    "no source": (
        "facts:\n  alfa_leaves: {source: []}\n",
        "5: facts.alfa_leaves.source: expected at least one source, got none",
    ),
    "reserved name": (
        "indicators: {regime: {highest: 1, what: x}}\n",
        "4: indicators.regime: this name is kept for the loss of a regime, which every file has",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_author_is_told(tmp_path: Path, case: str) -> None:
    text, expected = CASES[case]
    assert problems(write(tmp_path, HEAD + text)) == [f"case.yaml:{expected}"]


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = HEAD + f"facts:\n  x: {fact(client='Alfas')}\n  y: {fact(level=7)}\nremove: {{facts: [z]}}\n"
    assert [line.split(":")[1] for line in problems(write(tmp_path, text))] == ["5", "6", "7"]


def test_a_mistake_of_the_file_extended_names_that_file(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD)
    (tmp_path / "small.yaml").write_text(POSTURES.replace("level: 2,", "level: 8,"), encoding="utf-8")
    assert problems(path) == ["small.yaml:17: facts.alfa_leaves.level: expected a level of pact from 0 to 3, got 8"]


def test_a_file_that_forgot_what_it_extends_is_told(tmp_path: Path) -> None:
    (line,) = problems(write(tmp_path, f"title: x\ndescription: y\nfacts:\n  x: {fact()}\n"))
    assert line == (
        "case.yaml:1: missing keys 'span', 'indicators', 'rule', 'clients'; 'extends: partners_postures' takes over "
        "the shipped ones"
    )


def test_what_cannot_be_found(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"partners_posture: no observations .* \(did you mean 'partners_postures'"
    ):
        observed.load("partners_posture")
    with pytest.raises(ScenarioError, match="no such file"):
        observed.load(tmp_path / "nothing.yaml")
    (line,) = problems(write(tmp_path, HEAD.replace("small", "smal")))
    assert line == (
        "case.yaml:3: extends: no observed postures 'smal' beside this file or among the shipped ones "
        "(did you mean 'small'?)"
    )
    (line,) = problems(write(tmp_path, HEAD.replace("small", "case")))
    assert "in a circle" in line


def test_votes_and_polls_are_checked_too(tmp_path: Path) -> None:
    path = tmp_path / "votes.yaml"
    path.write_text(
        "title: x\ndescription: y\nextends: partners_votes\nballots:\n"
        "  emergency_session_1:\n    votes: {Cuba: nay}\nturnover:\n"
        "  crimea_human_rights_2016_2017: {left_no: 25, item: crimea}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        observed.load_votes(path)
    assert str(caught.value) == (
        f"{path}:6: ballots.emergency_session_1.votes.Cuba: expected one of yes, no, abstain, absent, got 'nay'"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("nay", "no"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        observed.load_votes(path)
    assert [problem.key for problem in caught.value.problems] == [
        "turnover.crimea_human_rights_2016_2017.item",
        "turnover.crimea_human_rights_2016_2017.left_no",
    ]
    path.write_text(
        "title: x\ndescription: y\nextends: partners_polls\nquestions:\n  armenia_relations_good:\n    waves:\n"
        "      later: {start: 2026-03, end: 2026-02, percent: 40, source: x, confidence: low}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=r":7: .*later.end: expected a month at or after the start"):
        observed.load_polls(path)


def test_a_fact_cannot_be_known_before_it_happens(tmp_path: Path) -> None:
    late = fact().replace("confidence:", "known: 2021-01, confidence:")
    expected = "expected a month at or after the fact's date, 2021-02, got 2021-01"
    assert expected in problems(write(tmp_path, f"{HEAD}facts: {{late: {late}}}\n"))[0]


def test_a_poll_cannot_be_known_before_its_fieldwork_ends(tmp_path: Path) -> None:
    path = tmp_path / "polls.yaml"
    wave = "{start: 2021-01, end: 2021-03, percent: 50, known: 2021-02, source: x, confidence: low}"
    question = f"{{client: A, house: X, what: Yes, good: true, waves: {{one: {wave}}}}}"
    path.write_text(f"title: x\ndescription: x\nquestions: {{one: {question}}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        observed.load_polls(path)
    assert "after the end of the fieldwork, 2021-03, got 2021-02" in caught.value.problems[0].message


def test_the_later_files_add_to_the_earlier_ones() -> None:
    postures, before = observed.load("partners_2026_postures"), observed.load("partners_postures")
    assert (postures.span.start, postures.span.end) == (before.span.start, "2026-06")
    assert (postures.rule, postures.indicators, postures.clients) == (before.rule, before.indicators, before.clients)
    new = {name: fact for name, fact in postures.facts.items() if name not in before.facts}
    assert {name: postures.facts[name] for name in before.facts} == before.facts
    assert min(fact.date for fact in new.values()) >= "2026-01"
    votes = observed.load_votes("partners_2026_votes")
    [ballot] = [ballot for ballot in votes.ballots.values() if ballot.date > "2026"]
    assert (ballot.item, ballot.votes["Serbia"], ballot.votes["Cuba"]) == ("war", "abstain", "no")
    waves = observed.load_polls("partners_2026_polls").questions["armenia_patron_threat"].waves
    assert waves["2026_02"].percent == 29
    assert len(waves) > 1
