"""Define what a scenario says of a parameter of a modeler's own: its value, its range and its reason."""

from __future__ import annotations

import keyword
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from papertiger.scenarios.schema.figures import Figure
from papertiger.scenarios.schema.parameters import Parameters


def _declared(figure: Figure) -> Figure:
    """Return the figure, or raise ``ValueError`` saying what a parameter of one's own lacks."""
    missing = [
        what
        for what, there in (
            ("a 'value'", figure.value is not None),
            ("a range, such as uniform: [0, 1]", figure.prior is not None),
            ("a reason ('why') or a 'source'", bool(figure.why or figure.source)),
        )
        if not there
    ]
    if missing:
        raise ValueError(f"a parameter of your own is declared with value, range and reason; add {' and '.join(missing)}")
    return figure


def _free_name(name: str) -> str:
    """Return a name that a function can take and that no parameter of the model has, or raise ``ValueError``."""
    if keyword.iskeyword(name):
        raise ValueError(f"'{name}' is a word of Python's, so that no rule could take it by this name")
    if name in Parameters.model_fields:
        raise ValueError(f"'{name}' is a parameter of the model; give yours another name")
    return name


OwnParameter = Annotated[Figure, AfterValidator(_declared)]
OwnName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60),
    AfterValidator(_free_name),
]
"""The name of a parameter of one's own: that of an argument of a rule."""
