"""Text of others reaches no terminal as it stands, by whichever command."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.cli.console import escaped, say, show_warnings, tell
from tests.papertiger.conftest import Command

EVIL = "\x1b[31mred\x9b2J\u202edesrever\u2066\x07"


def harmless(text: str) -> bool:
    return all(char == "\n" or char.isprintable() for char in text)


@given(st.text())
def test_nothing_is_left_that_a_terminal_acts_on(text: str) -> None:
    assert harmless(escaped(text))
    assert escaped(escaped(text)) == escaped(text)


def test_plain_words_of_any_language_stay() -> None:
    assert escaped("Żółć – Türkiye → 東京 »x«\n  ok") == "Żółć – Türkiye → 東京 »x«\n  ok"
    assert escaped("a\u00a0b\tc") == "a b c"


def test_every_line_goes_through_it(capsys: pytest.CaptureFixture[str]) -> None:
    say(EVIL)
    tell(EVIL)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        before = warnings.showwarning
        try:
            show_warnings()
            warnings.warn(EVIL, UserWarning, stacklevel=1)
        finally:
            warnings.showwarning = before
    said = capsys.readouterr()
    assert "red" in said.out
    assert said.err.count("red") == 2
    assert harmless(said.out + said.err)


SCENARIO = json.dumps(EVIL)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "evil.yaml"),
        ("diff", "evil.yaml", "sahel_2020"),
        ("diff", EVIL, "sahel_2020"),
        ("run", "evil.yaml", "--months", "2", "--no-figures"),
        ("run", "sahel_2020", "--engine", EVIL),
        ("run", "sahel_2020", "--runs", EVIL),
        ("run", "sahel_2020", f"--{EVIL}"),
        ("explain", "evil.yaml", EVIL),
        ("compare", "sahel_2020", EVIL),
        ("new", EVIL, "--from", "sahel_2020"),
        ("new", "x", "--from", EVIL),
        ("events", "evil.csv"),
        ("experiment", "evil_experiment.yaml"),
        ("experiment", "sahel_2020", "--backend", EVIL),
        ("schema", EVIL),
        ("reference", EVIL),
        ("report", EVIL),
        ("play", "evil.json"),
        ("forecast", "--date", EVIL),
        ("rehearse", EVIL),
        (EVIL,),
        ("list", EVIL),
        (f"--{EVIL}",),
    ],
)
def test_no_command_prints_what_others_wrote_as_it_stands(papertiger: Command, words: tuple[str, ...]) -> None:
    title = "title: " + json.dumps("Evil " + EVIL)
    Path("evil.yaml").write_text(
        f"{title}\ndescription: x\nextends: sahel_2020\n{SCENARIO}: 1\nparameters: {{{SCENARIO}: 0.5}}\n",
        encoding="utf-8",
    )
    Path("evil_experiment.yaml").write_text(f"{title}\nmeasures: [{SCENARIO}]\n{SCENARIO}: 1\n", encoding="utf-8")
    Path("evil.csv").write_text(f"id,date,{EVIL}\n{EVIL},2021-03,1\n", encoding="utf-8")
    Path("evil.json").write_text(json.dumps({EVIL: 1, "format": EVIL}), encoding="utf-8")
    answer = papertiger(*words)
    assert answer.code != 0
    assert answer.out + answer.error
    assert harmless(answer.out + answer.error)
