"""Check that a parameter of a modeler's own is declared whole, under a name that a rule can take."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from papertiger.scenarios.errors import Problem, listing
from papertiger.scenarios.reading.inheritance import Tree
from papertiger.scenarios.schema.figures import Figure
from papertiger.scenarios.schema.parameters import Parameters
from papertiger.scenarios.schema.scenario import Scenario

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def check_own_parameters(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield names that no rule could take, and parameters that lack their value, range or reason."""
    for name, figure in scenario.own_parameters.items():
        path = ("own_parameters", name)
        if name in Parameters.model_fields:
            yield tree.problem(path, "this is the name of a parameter of the model; give yours another one")
        elif not NAME.fullmatch(name) or keyword.iskeyword(name):
            message = "expected a name that a function's argument can have: small letters, digits and _"
            yield tree.problem(path, message)
        elif missing := list(_missing(figure)):
            message = "a parameter of your own is declared with value, range and reason; add"
            yield tree.problem(path, f"{message} {listing(missing)}")


def _missing(figure: Figure) -> Iterator[str]:
    if figure.value is None:
        yield "a 'value'"
    if figure.prior is None:
        yield "a range, such as 'uniform: [0, 1]'"
    if not (figure.why or figure.source):
        yield "a reason ('why') or a 'source'"
