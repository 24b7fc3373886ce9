"""Find out which actor of a scenario the data mean: by name, by label, or by the code of a state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from papertiger.scenarios.datasets.mappings.loader import LoadedMapping
from papertiger.scenarios.datasets.mappings.schema import ROLES, Party, as_text
from papertiger.scenarios.errors import Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.schema.scenario import Scenario

SYSTEMS = {"cow": "cown", "gw": "gwn", "iso3": "iso3c", "name": "country.name.en"}
"""What the crosswalk calls the codes that data sets use."""

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
        system = SYSTEMS.get(loaded.data_set.states, "")
        self._called: dict[str, dict[str, str]] = {role: {} for role in ROLES}
        codes = _codes([name for actors in known.values() for name in actors], system, loaded)
        for role, actors in known.items():
            for name, actor in actors.items():
                words = [name, *(actor.called(name, language) for language in ("en", "de"))]
                words += [codes.get(name, ""), getattr(actor, "code", None) or ""]
                for word in filter(None, words):
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


def _codes(names: list[str], system: str, loaded: LoadedMapping) -> dict[str, str]:
    """Return the code that each actor has in a system, where it has one."""
    if not system:
        return {}
    try:
        from countrycode import countrycode
    except ImportError:
        message = "state codes need one more package: install papertiger[data]"
        raise ScenarioError([Problem(loaded.mapping.name, message=message)]) from None
    codes: dict[str, str] = {}
    for name in names:
        code = countrycode([name], "country.name", system)
        code = code[0] if isinstance(code, list) else code
        if code is not None and as_text(code):
            codes[name] = as_text(code)
    return codes
