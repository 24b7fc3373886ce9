"""Read the judgements by which data become figures and events of a scenario."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from papertiger.scenarios.datasets.rule_files import load_rule_file
from papertiger.scenarios.schema.values import Finite, Part, Text

Unit = Field(ge=0, le=1)


class Neutral(Part):
    """A number for what no data set says, with the range that is possible."""

    value: Finite = Unit
    low: Finite = Unit
    high: Finite = Unit
    why: Text


class Neutrals(Part):
    """Neutral numbers by field of a client."""

    arms: Neutral
    economy: Neutral
    border: Neutral
    bases: Neutral
    threat: Neutral
    value: Neutral


class Economy(Part):
    """A stand-in for trade."""

    organisations: int = Field(strict=True, ge=1)
    spread: Finite = Unit
    why: Text


class Border(Part):
    """How near a neighbour is, by COW's kinds of contiguity."""

    by_kind: dict[Text, Finite]
    spread: Finite = Unit
    why: Text


class Bases(Part):
    """Soldiers on a client's soil."""

    tenfolds: Finite = Field(gt=0)
    spread: Finite = Unit
    why: Text


class Threat(Part):
    """Disputes of the years before."""

    years: int = Field(strict=True, ge=1)
    base: Finite = Unit
    per_dispute: Finite = Unit
    highest: Finite = Unit
    spread: Finite = Unit
    why: Text


class Worth(Part):
    """What a client is worth, by its capabilities."""

    at: Finite = Field(gt=0)
    base: Finite
    per_tenfold: Finite
    low: Finite = Unit
    high: Finite = Unit
    spread: Finite = Unit
    why: Text


class Rivals(Part):
    """Patrons of other blocs as rivals."""

    gap: Finite = Unit
    gap_spread: Finite = Unit
    gap_why: Text
    size: Finite = Unit
    size_why: Text


class Options(Part):
    """What a rival could be for a client."""

    protection: Finite = Unit
    protection_pledged: Finite = Unit
    economy: Finite = Unit
    spread: Finite = Unit
    near: Finite = Unit
    far: Finite = Unit
    why: Text


class Adversaries(Part):
    """Whoever threatens a client."""

    clash: Finite = Unit
    worth: Finite = Unit
    why: Text


class War(Part):
    """The patron's wars abroad."""

    none: Finite = Unit
    minor: Finite = Unit
    major: Finite = Unit
    spread: Finite = Unit
    why: Text


class Attacks(Part):
    """Disputes as attacks, and the patron's answers in them."""

    least_hostility: int = Field(strict=True, ge=1, le=5)
    deadly_from: int = Field(strict=True, ge=0, le=6)
    grave_from: int = Field(strict=True, ge=0, le=6)
    why: Text
    answer_by_hostility: dict[Text, Finite]
    answer_why: Text


class Coercion(Part):
    """Disputes with the patron itself."""

    least_hostility: int = Field(strict=True, ge=1, le=5)
    by_hostility: dict[Text, Finite]
    why: Text


class Crises(Part):
    """Crises of ICB as attacks and answers."""

    powers: dict[Text, int]
    months_apart: int = Field(strict=True, ge=0)
    months_apart_why: Text
    attack_triggers: tuple[int, ...]
    attack_why: Text
    helped: tuple[int, ...]
    force: tuple[int, ...]
    means: tuple[int, ...]
    words: tuple[int, ...]
    resented: tuple[int, ...]
    answer_why: Text


class Sanctions(Part):
    """Sanctions as coercion."""

    month: int = Field(strict=True, ge=1, le=12)
    intensity: Finite = Field(ge=1, le=3)
    intensity_trade: Finite = Field(ge=1, le=3)
    why: Text
    own_only: bool
    own_only_why: Text


class Rulers(Part):
    """Irregular changes of rulers."""

    exits: tuple[Text, ...]
    intensity: Finite = Field(ge=1, le=3)
    why: Text


class Pledges(Part):
    """New treaties during the span."""

    offer_intensity: Finite = Field(ge=1, le=3)
    signed_intensity: Finite = Field(ge=1, le=3)
    month: int = Field(strict=True, ge=1, le=12)
    why: Text


class Judgements(Part):
    """All the judgements of a case."""

    description: Text
    neutral: Neutrals
    economy: Economy
    border: Border
    bases: Bases
    threat: Threat
    value: Worth
    rivals: Rivals
    options: Options
    adversary: Adversaries
    war: War
    attacks: Attacks
    coercion: Coercion
    crises: Crises
    sanctions: Sanctions
    rulers: Rulers
    pledges: Pledges
    names: dict[Text, Text] = Field(default_factory=dict)


def load_judgements(path: str | Path | None = None) -> Judgements:
    """Return the judgements of a file, or the shipped ones; see `papertiger.scenarios.datasets.rule_files`."""
    return load_rule_file(Judgements, __name__.rpartition(".")[0], "case.yaml", path, "judgements of a case")
