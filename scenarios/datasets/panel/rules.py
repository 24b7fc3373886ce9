"""Read the rules of the panel: who is a patron, who is a client, and how postures are coded."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from papertiger.scenarios.datasets.rule_files import load_rule_file
from papertiger.scenarios.schema.values import Finite, Part, Text

Kind = Literal["defense", "offense", "neutral", "nonagg", "consul"]
"""The obligations of a treaty, by ATOP's names."""

Year = int
Code = int


class Years(Part):
    """The years of the panel, both included."""

    first: Year = Field(strict=True, ge=1816, le=2100)
    last: Year = Field(strict=True, ge=1816, le=2100)
    why: Text

    @model_validator(mode="after")
    def _ordered(self) -> Years:
        if self.last < self.first:
            raise ValueError(f"expected a last year of at least {self.first}, got {self.last}")
        return self


class PanelPatron(Part):
    """A protector, by its code of the Correlates of War, and whom it is no rival of."""

    state: Code = Field(strict=True, ge=2, le=990)
    bloc: Text
    also: tuple[Text, ...] = Field(default=(), description="other names by which commands know it")


class Region(Part):
    """Codes of states that lie in one region."""

    region: Text
    states: tuple[tuple[int, int], ...]


class PledgeRules(Part):
    """Which treaties make a pledge of patronage."""

    kinds: tuple[Kind, ...] = Field(min_length=1)
    kinds_why: Text
    directions: Literal["both", "patron"]
    directions_why: Text
    dropped: dict[Text, Text] = Field(default_factory=dict, description="reason by ATOP's number of the alliance")
    rival_new_kinds: tuple[Kind, ...]
    rival_new_why: Text

    @model_validator(mode="after")
    def _numbers(self) -> PledgeRules:
        wrong = [number for number in self.dropped if not number.isdecimal()]
        if wrong:
            raise ValueError(f"dropped: expected ATOP's number of an alliance, got {wrong[0]!r}")
        return self

    @property
    def dropped_numbers(self) -> frozenset[int]:
        """Return ATOP's numbers of the treaties that are no patronage."""
        return frozenset(int(number) for number in self.dropped)


class ArmsRules(Part):
    """Whose arms make a client."""

    window: int = Field(strict=True, ge=1, le=20, description="years, the present one the last")
    least_years: int = Field(strict=True, ge=1, le=20)
    window_why: Text
    least_rows_a_year: int = Field(strict=True, ge=0, le=100_000)
    least_rows_why: Text
    least_volume: Finite = Field(ge=0, description="million TIV in the window")
    least_volume_why: Text
    share: Finite = Field(gt=0, le=1)
    share_why: Text
    windows: int = Field(strict=True, ge=1, le=50, description="in a row")
    windows_why: Text


class ClientRules(Part):
    """How long a client is watched around the years of its clientage."""

    years_before: int = Field(strict=True, ge=0, le=50)
    years_after: int = Field(strict=True, ge=0, le=50)
    why: Text


class RuleA(Part):
    """Signs of votes, arms and rival pledges on the ladder."""

    agreement_below: Finite
    agreement_why: Text
    own_arms_below: Finite = Field(ge=0, le=1)
    rival_arms_from: Finite = Field(ge=0, le=1)
    arms_why: Text
    most_signs: int = Field(strict=True, ge=0, le=3)
    most_signs_why: Text
    realigned_by_defence: bool
    realigned_by_defence_why: Text
    lost_own_arms_from: Finite = Field(ge=0, le=1)
    lost_rival_arms_from: Finite = Field(ge=0, le=1)
    lost_why: Text
    arms_clients_faint_from: Finite = Field(ge=0, le=1)
    arms_clients_why: Text


class RuleC(Part):
    """Bands of agreement, the nearest first."""

    bands: tuple[Finite, Finite, Finite, Finite]
    why: Text


class Held(Part):
    """How long a change must be held to count."""

    years: Literal[1, 2]
    why: Text


class PostureRules(Part):
    """How postures are coded."""

    agreement_years: int = Field(strict=True, ge=1, le=10)
    agreement_why: Text
    A: RuleA
    C: RuleC
    held: Held


class Mode(Part):
    """What a mode of termination means."""

    mode: int = Field(strict=True, ge=0, le=9)
    how: Text


class EndingRules(Part):
    """How ended pledges are read."""

    slack_years: int = Field(strict=True, ge=0, le=5)
    slack_why: Text
    modes: tuple[Mode, ...]
    modes_why: Text
    unknown: Text
    client_gone: Text
    counted_as_broken: tuple[Text, ...]
    counted_why: Text


class PanelRules(Part):
    """All the coding choices of a panel."""

    title: Text
    description: Text
    years: Years
    patrons: dict[Text, PanelPatron] = Field(min_length=1)
    blocs_why: Text
    regions: tuple[Region, ...]
    regions_why: Text
    pledges: PledgeRules
    arms: ArmsRules
    clients: ClientRules
    postures: PostureRules
    endings: EndingRules

    @property
    def blocs(self) -> dict[int, str]:
        """Return the bloc of each patron by its code."""
        return {patron.state: patron.bloc for patron in self.patrons.values()}

    def name_of(self, code: int) -> str:
        """Return what the rules call a patron."""
        return next(name for name, patron in self.patrons.items() if patron.state == code)

    def region_of(self, code: int) -> str:
        """Return the region of a state; the last line that names it counts, and nothing is the empty text."""
        region = ""
        for entry in self.regions:
            if any(low <= code <= high for low, high in entry.states):
                region = entry.region
        return region


def load_rules(path: str | Path | None = None) -> PanelRules:
    """Return the rules of a file, or the shipped ones; see `papertiger.scenarios.datasets.rule_files`."""
    return load_rule_file(PanelRules, __name__.rpartition(".")[0], "panel.yaml", path, "rules of a panel")
