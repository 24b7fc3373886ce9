"""A rule whose effect has the wrong sign is refused, with the numbers at which it goes the other way."""

from __future__ import annotations

from pathlib import Path

import pytest

import papertiger as pt
from papertiger.experiments.design.signs import contrary
from papertiger.model.rules.own import RuleError
from tests.papertiger.conftest import Command
from tests.papertiger.test_theory import THEORY, forgotten, world

__all__ = ["forgotten"]

SIGNED = THEORY.replace("def by_cost", '@pt.signs(cheap_talk="+", intensity="+")\ndef by_cost')
WRONG = SIGNED.replace("return cheap_talk *", "return (1.0 - cheap_talk) *")
COMMAND = ("check", "study.yaml", "--import", "by_cost_of_tests.py")


def test_a_rule_that_goes_as_it_declares_passes(papertiger: Command, tmp_path: Path) -> None:
    world(tmp_path, SIGNED)
    assert papertiger(*COMMAND).code == 0


@pytest.mark.parametrize("command", [COMMAND, ("experiment", *COMMAND[1:], "--quiet", "--no-report")])
def test_a_wrong_sign_is_refused_with_the_numbers(
    papertiger: Command, tmp_path: Path, command: tuple[str, ...]
) -> None:
    world(tmp_path, WRONG)
    answer = papertiger(*command)
    assert answer.code == 2
    text = " ".join((answer.error + answer.out).split())
    assert "the rule 'evidence_size' falls as 'cheap_talk' goes from 0.01 to" in text
    assert "is declared to rise with it" in text
    assert "study.yaml:" in text
    assert "Traceback" not in text


def test_a_sign_of_what_the_model_gives_is_tried_at_the_numbers_of_a_run(tmp_path: Path) -> None:
    @pt.signs(intensity="-")
    def louder(scale: float, weight: float, intensity: float) -> float:
        return scale * weight * intensity

    theory = pt.theory("louder", "Louder", evidence_size=louder)
    world(tmp_path)
    (said,) = contrary(theory, pt.load("sahel_2020"))
    assert "rises as 'intensity' goes from 1 to 2" in said
    assert "declared to fall" in said


def test_a_sign_of_what_a_rule_does_not_take_is_refused() -> None:
    def rule(scale: float, weight: float, intensity: float) -> float:
        return scale * weight * intensity

    with pytest.raises(RuleError, match="did you mean 'intensity'"):
        pt.signs(intensty="+")(rule)
    with pytest.raises(RuleError, match="the sign of 'scale'"):
        pt.signs(scale="up")(rule)  # type: ignore[arg-type]
