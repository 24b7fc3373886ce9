"""What cannot be done is said in both languages, with everything that it is about, and in English for a log."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path
from string import Formatter

import pytest

from papertiger import wargame
from papertiger.wargame.log.state import GameError
from papertiger.wargame.rules.orders import OrderError
from papertiger.wargame.rules.refusals import KINDS, TEXTS, RefusalError, refusal, unknown
from tests.wargame.games import BORDER


def placeholders(said: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(said) if field}


def calls() -> list[tuple[str, set[str]]]:
    """Return the name and the values of each refusal in the code, as far as its name stands there."""
    found = []
    for path in Path(wargame.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "refusal":
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    found.append((str(name.value), {str(value.arg) for value in node.keywords}))
    return found


def test_both_languages_say_everything() -> None:
    for name, (english, german) in TEXTS.items():
        assert english, name
        assert german, name
        assert english != german, name
        assert placeholders(english) == placeholders(german), name
    assert set(KINDS) <= set().union(*(placeholders(english) for english, _ in TEXTS.values()))


def test_every_refusal_of_the_code_fits_its_text() -> None:
    found = calls()
    assert len(found) > 40
    for name, values in found:
        assert placeholders(TEXTS[name][0]) == values, name
    composed = {name for name in TEXTS if name.startswith(("no.", "field.", "expect."))}
    assert set(TEXTS) - composed <= {name for name, _ in found}


def test_names_are_said_as_people_call_them_and_written_as_files_do() -> None:
    about = refusal("order.client", order="claim", client=BORDER, problem=unknown("client", "Bordr", [BORDER]))
    assert str(about) == "order 'claim' about Border: no client 'Bordr'; did you mean 'Border'?"
    called = {("order", "claim"): "Gebietsforderung", ("client", BORDER): "Grenzland"}
    said = about.text("de", lambda kind, name: called[kind, name])
    assert said == "Befehl „Gebietsforderung“ (Grenzland): kein Klient „Bordr“; meinten Sie „Grenzland“?"
    postures = refusal("posture.far", posture="realigned", postures=("loyal", "hedging"))
    assert postures.text("de", lambda kind, name: f"{kind} {name}").endswith("posture loyal, posture hedging")


def test_what_a_terminal_would_act_on_is_escaped() -> None:
    assert str(unknown("client", "\x1b[2J", [])) == r"no client '\x1b[2J'"


@pytest.mark.parametrize("kind", [RefusalError, GameError, OrderError])
def test_an_error_keeps_its_reasons_wherever_it_goes(kind: type[RefusalError]) -> None:
    error = kind(refusal("order.twice"), refusal("turn.closed", turn=3))
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "given twice\nturn 3 is closed"
    assert again.problems == error.problems
