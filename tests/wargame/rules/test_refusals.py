"""What cannot be done is said in both languages, with everything that it is about, and in English for a log."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest

from papertiger import wargame
from papertiger.wargame.i18n import catalogue
from papertiger.wargame.log.state import GameError
from papertiger.wargame.rules.objections import OrderError
from papertiger.wargame.rules.refusals import CONTEXT, KINDS, RefusalError, refusal, unknown
from tests.wargame.games import BORDER


def texts() -> dict[str, frozenset[str]]:
    """Return the values that each refusal's text says, by its name."""
    sources = catalogue._sources()
    return {
        key.removeprefix(CONTEXT): frozenset().union(
            *(catalogue.placeholders(form) for form in ([source] if isinstance(source, str) else source))
        )
        for key, source in sources.items()
        if key.startswith(CONTEXT)
    }


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


def test_every_kind_of_name_stands_in_a_text() -> None:
    assert set(KINDS) <= set().union(*texts().values())


def test_every_refusal_of_the_code_fits_its_text() -> None:
    found, said = calls(), texts()
    assert len(found) > 40
    for name, values in found:
        assert said[name] == values, name
    composed = {name for name in said if name.startswith(("no.", "field.", "expect."))}
    assert set(said) - composed <= {name for name, _ in found}


def test_names_are_said_as_people_call_them_and_written_as_files_do() -> None:
    about = refusal("order.client", order="claim", client=BORDER, problem=unknown("client", "Bordr", [BORDER]))
    assert str(about) == "order 'claim' about Border: no client 'Bordr'; did you mean 'Border'?"
    called = {("order", "claim"): "Gebietsforderung", ("client", BORDER): "Grenzland"}
    said = about.text("de", lambda kind, name: called[kind, name])
    assert (
        said == "Entscheidung „Gebietsforderung“ (Grenzland): kein Klient „Bordr“; gemeint war vielleicht „Grenzland“"
    )
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
