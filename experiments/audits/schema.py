"""Define the typed, frozen form of an audit's file. Computes nothing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt, field_validator

from papertiger.scenarios.schema.values import POSTURES, Finite, Month, Part, Text

Settings = dict[Text, Any]


class TrustCheck(Part):
    """Freeze every belief at its prior: in no scenario may lost trust bring a client closer to its patron."""

    kind: Literal["trust"]
    scenario: Text = Field(description="whose clients the figure is about")
    at: Month


class WarCheck(Part):
    """Take the war away: in no scenario may it bring clients closer, and what carries it is said."""

    kind: Literal["war"]
    scenario: Text
    at: Month
    without: Settings = Field(description="settings under which there is no war", min_length=1)
    through: dict[Text, Settings] = Field(description="what is switched off to see what carries the war, by name")
    carried_by: Text | None = Field(default=None, description="which of them must carry it")


class ConstantCheck(Part):
    """Raise a constant that forgives: in no scenario may a client lose protection by it, or stand farther away."""

    kind: Literal["forgives"]
    constant: Text = Field(description="dotted path")
    levels: tuple[Finite, ...] = Field(min_length=2)
    scenario: Text
    client: Text
    at: Month


class ClientCheck(Part):
    """Change what a client has, one client at a time, and see which way it moves."""

    kind: Literal["levels"]
    scenario: Text
    at: Month
    change: Settings = Field(description="figures of a client, by their key", min_length=1)
    asked: Literal["farther", "closer"] = Field(
        description="which way some client must move by a twentieth of a rung, and none may move the other way"
    )
    settings: Settings = Field(default_factory=dict, description="values changed in all runs, by path")
    until_regime_loss: bool = Field(default=False, strict=True, description="leave out what successors do")


class SignalCheck(Part):
    """Take out each signal that a client got in a month, alone: each must have said something."""

    kind: Literal["signals"]
    scenario: Text
    client: Text
    at: Month
    least: Finite = Field(default=0.001, description="protection that each must move at least")


class ChoiceCheck(Part):
    """Change what a choice hangs on: its probability must follow."""

    kind: Literal["choice"]
    scenario: Text
    client: Text
    posture: Literal[POSTURES] = Field(description="the choice")  # type: ignore[valid-type]
    at: Month
    variants: dict[Text, Settings] = Field(min_length=1)
    least: Finite = Field(default=0.01, description="by how much each must move the probability of the first")


class SkillCheck(Part):
    """Say what is left of a forecast's gain without all clients that moved."""

    kind: Literal["skill"]
    calibration: Text


class RecordCheck(Part):
    """Look for a test on record in a calibration, which its page then tells."""

    kind: Literal["record"]
    calibration: Text
    title: Text


class FilesCheck(Part):
    """Look for files that must be there."""

    kind: Literal["files"]
    folder: Text
    pattern: Text = Field(description="of the files' names, such as '*.json'")
    may_lack: bool = Field(default=False, strict=True, description="without them the row is not worked out")

    @field_validator("pattern")
    @classmethod
    def _names_no_folder(cls, pattern: str) -> str:
        if "/" in pattern or "\\" in pattern:
            raise ValueError(f"expected a pattern of names without a folder, got '{pattern}'")
        return pattern


class PageCheck(Part):
    """Read what a generated page says first."""

    kind: Literal["page"]
    file: Text = Field(description="a page, from the top of the repository")
    lacks: Text | None = Field(default=None, description="what the page must not say")
    after: Text = Field(description="a mark on the page; the next bold sentence is the figure")


class CoverageCheck(Part):
    """Measure how often the interval of a gain holds the truth."""

    kind: Literal["coverage"]
    clients: StrictInt = Field(ge=2, le=1000)
    least: Finite


class TestsCheck(Part):
    """Name the tests that hold a fact or a sign; each must be there."""

    kind: Literal["tests"]
    tests: tuple[Text, ...] = Field(min_length=1, description="file::function, from the top of the repository")
    figure: Text = Field(description="what they hold, in a few words")


type Check = Annotated[
    TrustCheck
    | WarCheck
    | ConstantCheck
    | ClientCheck
    | SignalCheck
    | ChoiceCheck
    | SkillCheck
    | RecordCheck
    | FilesCheck
    | PageCheck
    | CoverageCheck
    | TestsCheck,
    Field(discriminator="kind"),
]


class Row(Part):
    """Ask one question."""

    number: StrictInt
    question: Text
    before: Text = Field(description="the figure that was found before")
    asked: Text = Field(description="the sign that is asked for, in a few words")
    checks: tuple[Check, ...] = Field(min_length=1)


class Audit(Part):
    """Define a whole audit."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    rows: tuple[Row, ...] = Field(min_length=1)
