"""An attack whose answer nobody knows, or in which the patron was no party, is no abandonment."""

from __future__ import annotations

import pytest

from papertiger.scenarios import Scenario
from tests.model.ensemble.agreement import assert_engines_agree
from tests.model.worlds import client, column, event, finished, world_of


def raided(answer: str | None) -> Scenario:
    """Return a client that is attacked, and one attack of which the record says everything."""
    events = {
        "raid": event("attack", "2020-03", "A", intensity=3, answer=answer),
        "second": event("attack", "2020-03", "A", intensity=1),
        "other": event("attack", "2020-03", "B", intensity=2),
    }
    return world_of({"A": client(threat=0.2), "B": client()}, events)


def sent(scenario: Scenario) -> list[tuple[str, str, float]]:
    """Return who got which signal, and how strong."""
    return [(row[1], row[3], row[5]) for row in finished(scenario).record.signals]


def test_silence_after_an_attack_of_a_whole_record_is_abandonment() -> None:
    assert sent(raided(None)) == [("A", "no response to raid", 3.0), ("B", "no response to other", 2.0)]


@pytest.mark.parametrize("answer", ["unknown", "no_party"])
def test_silence_that_says_nothing_sends_no_signal(answer: str) -> None:
    assert sent(raided(answer)) == [("A", "no response to second", 1.0), ("B", "no response to other", 2.0)]


@pytest.mark.parametrize("answer", ["unknown", "no_party"])
def test_the_attack_is_felt_all_the_same_and_both_engines_agree(answer: str) -> None:
    known, unknown = finished(raided(None)), finished(raided(answer))
    assert column(unknown, "A", "threat") == column(known, "A", "threat")
    assert column(unknown, "A", "reviewed")[2]
    assert_engines_agree(raided(answer))
