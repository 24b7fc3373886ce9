"""Hypotheses and opinions are answered with a number and its interval, whichever way it falls."""

from __future__ import annotations

import math

import pytest

from tests.model.hypotheses import QUESTIONS, report

OPINIONS = {11, 13, 14, 15, 20, 21, 22, 26, 29}


def test_every_hypothesis_has_a_question() -> None:
    assert {question.number for question in QUESTIONS} == OPINIONS


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.number}-{question.scenario}")
def test_a_hypothesis_is_reported_with_its_interval(question) -> None:  # type: ignore[no-untyped-def]
    (finding,) = report(seeds=(1, 2), questions=(question,))
    assert all(math.isfinite(number) for number in (finding.low, finding.difference, finding.high))
    assert finding.low <= finding.difference <= finding.high
    assert question.text in str(finding)
