"""Define the typed, frozen form of a file that says how ties are learned and scored. Computes nothing."""

from __future__ import annotations

from typing import Annotated

import annotated_types
from pydantic import Field, Strict, model_validator

from papertiger.experiments.history.calibrate.plan import MAX_PLAN_SEED, MAX_POINTS, Free, paths_of
from papertiger.scenarios.schema.values import Finite, Part, Text

Year = Annotated[int, Strict(), annotated_types.Ge(1900), annotated_types.Le(2200)]


LogRange = tuple[Finite, Finite]
"""Two ends above 0, between which the logarithm is evenly likely."""


class Years(Part):
    """Name some years, both ends included."""

    first: Year
    last: Year

    @model_validator(mode="after")
    def _in_order(self) -> Years:
        if self.last < self.first:
            raise ValueError(f"expected years that do not end before they begin, got {self.first} to {self.last}")
        return self

    def __contains__(self, year: int) -> bool:
        """Tell whether a year is one of them."""
        return self.first <= year <= self.last


class ReadingError(Part):
    """Say how far a year's share may lie from the tie that it reads; each is learned, evenly likely by logarithm."""

    arms: LogRange = Field(description="standard deviation of a share of arms of small volume")
    per_band: LogRange = Field(description="by what it is multiplied for each band of volume above the smallest")
    economy: LogRange = Field(description="standard deviation of a share of the economy")

    @model_validator(mode="after")
    def _above_zero(self) -> ReadingError:
        for name in type(self).model_fields:
            low, high = getattr(self, name)
            if not 0.0 < low <= high:
                raise ValueError(
                    f"{name}: expected [low, high], both above 0 and in this order, got [{low:g}, {high:g}]"
                )
        return self


class TiePlan(Part):
    """Define how ties are learned from observed shares, and on which years they are scored."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    scenario: Text = Field(description="name of a shipped scenario, or a path from this file's folder: a replay")
    observed: Text = Field(description="name of shipped observed ties, or a path from this file's folder")
    training: Years = Field(description="years that parameters are learned from")
    testing: Years = Field(description="years that forecasts are scored on")
    free: Free = Field(min_length=1, description="names of parameters, each with a prior in the scenario")
    trust: Text = Field(
        description="the parameter that is free where beliefs count, and 0 where they do not; it has a prior, too"
    )
    reading_error: ReadingError
    trend_from: int = Field(
        default=3, strict=True, ge=2, le=20, description="least years that a line is drawn through"
    )
    sequences: int = Field(default=4, strict=True, ge=2, le=256, description="randomised sequences of points")
    points: int = Field(default=1024, strict=True, ge=64, le=MAX_POINTS, description="points of each, a power of 2")
    draws: int = Field(default=2000, strict=True, ge=100, le=20_000, description="draws that forecasts are made of")
    seed: int = Field(default=1, strict=True, ge=0, le=MAX_PLAN_SEED)

    @model_validator(mode="after")
    def _fits(self) -> TiePlan:
        if self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            raise ValueError(f"points: expected a power of 2, got {self.points}; take {below} or {2 * below}")
        if self.testing.first <= self.training.last:
            raise ValueError(
                f"testing: expected years after the training's last, {self.training.last}, got {self.testing.first}"
            )
        if len({*self.paths, self.trust_path}) != len(self.paths) + 1:
            raise ValueError("free: expected names that differ from each other and from that of 'trust'")
        return self

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the dotted paths of the parameters that are free with and without trust."""
        return paths_of(self.free)

    @property
    def trust_path(self) -> str:
        """Return the dotted path of the parameter that makes beliefs count."""
        return paths_of((self.trust,))[0]
