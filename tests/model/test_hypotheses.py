"""Hypotheses and opinions are answered with a sign, or called absent: no test accepts any number."""

from __future__ import annotations

import pytest

from tests.model.hypotheses import QUESTIONS, Question, report

SEEDS = (1, 2, 3)

OPINIONS = {11, 13, 14, 15, 20, 21, 22, 26, 29}


def test_every_hypothesis_has_a_question() -> None:
    assert {question.number for question in QUESTIONS} == OPINIONS


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.number}-{question.scenario}")
def test_a_hypothesis_has_its_sign_or_is_called_absent(question: Question) -> None:
    (finding,) = report(seeds=SEEDS, questions=(question,))
    assert question.text in str(finding)
    assert finding.low <= finding.difference <= finding.high
    if question.sign:
        assert question.sign * finding.difference > 0.0
    else:
        assert finding.low <= 0.0 <= finding.high
