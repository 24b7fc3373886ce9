"""Find the state that somebody means: by name, by its number of the Correlates of War, or by its letters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.panel.rules import PanelPatron, PanelRules
from papertiger.scenarios.errors import Problem, ScenarioError, shorten

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class State:
    """A state by its code of the Correlates of War, its letters and its name."""

    code: int
    letters: str
    name: str


def states_of(rows: pd.DataFrame) -> dict[int, State]:
    """Return the states of the list by code, as they are called last."""
    return {
        int(code): State(int(code), letters, label)
        for code, letters, label in zip(rows["state"], rows["letters"], rows["label"], strict=True)
    }


def folded(name: str) -> str:
    """Return a name without case, accents and marks, for comparing."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", plain.casefold()))


def find_state(text: str, states: dict[int, State], rules: PanelRules, option: str) -> State:
    """Return the state that a text names.

    Parameters
    ----------
    text
        A name, a number or letters; also what the rules of the panel call a patron.
    states
        By code.
    rules
        Names of patrons, and other names of theirs.
    option
        Where the text was given, for the message.

    Raises
    ------
    ScenarioError
        With the nearest names, when there is no such state.
    """
    if text.strip().isdecimal():
        numbered = states.get(int(text))
        if numbered is not None:
            return numbered
    names: dict[str, int] = {}
    for state in states.values():
        names[folded(state.name)] = state.code
        names[folded(state.letters)] = state.code
    for name, patron in rules.patrons.items():
        for part in (name, *patron.also):
            names[folded(part)] = patron.state
    code = names.get(folded(text))
    if code is not None and code in states:
        return states[code]
    spoken = {folded(state.name): state.name for state in states.values()}
    spoken |= {folded(name): name for name in rules.patrons}
    near = [spoken[match] for match in get_close_matches(folded(text), list(spoken), n=3, cutoff=0.5)]
    hint = f" (did you mean {' or '.join(near)}?)" if near else ""
    message = f"no state is called {shorten(text)}, has this number or these letters{hint}"
    raise ScenarioError([Problem(option, message=message)])


def with_patron(rules: PanelRules, state: State) -> tuple[PanelRules, str]:
    """Return rules under which a state is a patron, and what they call it; a new one is a bloc of its own."""
    for name, patron in rules.patrons.items():
        if patron.state == state.code:
            return rules, name
    patrons = {**rules.patrons, state.name: PanelPatron(state=state.code, bloc=state.name)}
    return rules.model_copy(update={"patrons": patrons}), state.name
