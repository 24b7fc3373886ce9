"""What a world is: the typed, frozen form of a scenario file.

Every class here is one mapping of the YAML. The module computes nothing: it names the parts, says which values
are possible, and describes each for the published JSON Schema. The model reads these objects and never a file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    WithJsonSchema,
)

from papertiger.scenarios.schema.actors import (
    Adversary,
    Client,
    FurtherPatron,
    Income,
    Patron,
    Rival,
    Span,
    War,
)
from papertiger.scenarios.schema.events import Event, Signal, Switch
from papertiger.scenarios.schema.figures import Figure
from papertiger.scenarios.schema.game import Game
from papertiger.scenarios.schema.parameters import Parameters, Posterior
from papertiger.scenarios.schema.values import (
    Month,
    Part,
    Text,
)


class Removal(Part):
    """Names that a scenario drops from the one it extends."""

    events: tuple[Text, ...] = ()
    clients: tuple[Text, ...] = ()
    patrons: tuple[Text, ...] = ()
    rivals: tuple[Text, ...] = ()
    adversaries: tuple[Text, ...] = ()


class Scenario(Part):
    """A whole world, with everything it inherited."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    abstract: StrictBool = Field(default=False, description="only to be extended; not listed and not run")
    counterfactual_to: Text | None = Field(default=None, description="the scenario whose twin this is")
    claims: tuple[StrictInt, ...] = Field(default=(), description="numbers of the claims this scenario bears on")
    span: Span
    mode: Literal["replay", "generative"] = Field(
        default="replay", description="dated events drive the run, or crises are drawn and the patron answers by rule"
    )
    generative_from: Month | None = Field(
        default=None, description="in replay: the month from which crises are drawn; blank means never"
    )
    patron: Patron
    war: War
    income: Income
    patrons: dict[Text, FurtherPatron] = Field(
        default_factory=dict, description="further patrons by name, beside the one above; a client's bonds name them"
    )
    rivals: dict[Text, Rival] = Field(default_factory=dict)
    adversaries: dict[Text, Adversary] = Field(default_factory=dict)
    clients: dict[Text, Client] = Field(min_length=1)
    events: dict[Text, Event] = Field(default_factory=dict)
    signals: dict[Text, Signal]
    switches: dict[Text, Switch] = Field(default_factory=dict)
    parameters: Parameters
    own_parameters: dict[Text, Figure] = Field(
        default_factory=dict,
        description="parameters of rules of your own, by name; the model's own rules read none of them",
    )
    posterior: Annotated[Posterior, WithJsonSchema({"type": "string"})] | None = Field(
        default=None,
        description="a table of joint draws of parameters, by the name of a shipped one or a path: each run takes "
        "one row, in place of what the file says of those parameters",
    )
    game: Game | None = Field(default=None, description="how a class plays it; no run depends on it")

    def __repr__(self) -> str:
        return f"<Scenario: {self.name}, {self.span.start} to {self.span.end}, {len(self.clients)} clients>"

    __str__ = __repr__
