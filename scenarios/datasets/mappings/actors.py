"""Find out which actor of a scenario the data mean: by name, by label, or by the code of a state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from papertiger.scenarios.datasets.crosswalk import SCHEMES, holding, lookup_form, read_crosswalk
from papertiger.scenarios.datasets.mappings.loader import LoadedMapping
from papertiger.scenarios.datasets.mappings.schema import ROLES, Party, as_text
from papertiger.scenarios.errors import Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.schema.scenario import Scenario

_BETWEEN = re.compile(r"\s*;\s*")


class Actors:
    """Whom the names and codes of a data set mean in a scenario.

    Parameters
    ----------
    scenario
        Whose actors they are.
    loaded
        The mapping, with names of its own.

    Raises
    ------
    ScenarioError
        When the mapping names an actor that the scenario does not have, or the crosswalk is not installed.
    """

    def __init__(self, scenario: Scenario, loaded: LoadedMapping) -> None:
        known: dict[str, Mapping[str, Any]] = {
            "client": scenario.clients,
            "patron": {scenario.patron.name: scenario.patron},
            "adversary": scenario.adversaries,
            "rival": scenario.rivals,
        }
        years = (int(scenario.span.start[:4]), int(scenario.span.end[:4]))
        self._called: dict[str, dict[str, str]] = {role: {} for role in ROLES}
        for role, actors in known.items():
            for name, actor in actors.items():
                words = [name, *(actor.called(name, language) for language in ("en", "de"))]
                code = getattr(actor, "code", None) or ""
                for word in (
                    *words,
                    *filter(None, [code]),
                    *_other_words(words, code, loaded.data_set.states, years),
                ):
                    self._called[role].setdefault(word.casefold(), name)
        everyone = sorted({name for actors in known.values() for name in actors})
        problems: list[Problem] = []
        for said, name in loaded.mapping.names.items():
            if name not in everyone:
                message = f"the scenario has no actor {shorten(name)}"
                problems.append(loaded.layer.problem(("names", said), message, nearest(name, everyone)))
            for role, actors in known.items():
                if name in actors:
                    self._called[role][said.casefold()] = name
        if problems:
            raise ScenarioError(problems)

    def of(self, role: str, party: Party, value: object) -> str | None:
        """Return the scenario's name of whom a cell means in a role; None where it means nobody there."""
        text = as_text(value)
        called = self._called[role]
        names = (_named(part, party.pattern) for part in (text, *_BETWEEN.split(text)))
        return next((called[name.casefold()] for name in names if name.casefold() in called), None)


def _named(text: str, pattern: str | None) -> str:
    """Return the name within a text; the empty text where there is none."""
    if pattern is None:
        return text
    match = re.search(pattern, text)
    return (match[1] or "") if match is not None else ""


def _other_words(words: list[str], code: str, scheme: str, years: tuple[int, int]) -> Iterator[str]:
    """Yield the codes and names that a data set has for an actor that is a state, in the scenario's years.

    Names count as they are listed, and not as they look: a group's name may hold that of the state where it fights.
    """
    crosswalk = read_crosswalk()
    said = [("name", word) for word in words] + ([("iso3", code)] if code else [])
    for year in years:
        states = {
            meaning.cow
            for kind, word in said
            for meaning in holding(crosswalk.meanings.get((kind, lookup_form(word, kind)), ()), year)
        }
        for kind in {scheme, "name"} & SCHEMES.keys():
            for state in states if len(states) == 1 else ():
                for other in crosswalk.codes.get((kind, state), ()):
                    meanings = holding(crosswalk.meanings.get((kind, lookup_form(other, kind)), ()), year)
                    if {meaning.cow for meaning in meanings} == {state}:
                        yield other
