"""Define the typed, frozen form of a calibration file that fits several patrons together. Computes nothing."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import FULL, MAX_PLAN_SEED, MAX_POINTS, Measurement, Span, paths_of
from papertiger.experiments.history.calibrate.priors import Prior
from papertiger.scenarios.errors import listing, nearest, shorten
from papertiger.scenarios.schema.figures import Distribution
from papertiger.scenarios.schema.values import Part, Text

MAX_PARAMETERS = 16
"""More parameters than this even several patrons cannot tell apart."""
MAX_PATRONS = 20


class FieldData(Part):
    """Name a case that is made from the field's data sets, as the command `case` makes it."""

    patron: Text = Field(description="name, COW number or letters")
    first: int = Field(strict=True, description="first year")
    last: int = Field(strict=True, description="last year, included")
    rule: Literal["A", "As", "B", "Bs", "C", "Cs"] = Field(default="As", description="how postures are coded")


class Patron(Part):
    """Name one scenario with what was observed of its clients, or the case that both are made as."""

    scenario: Text | None = Field(
        default=None, description="name of a shipped scenario, or a path from this file's folder: a replay"
    )
    observed: Text | None = Field(
        default=None, description="name of shipped observations, or a path from this file's folder"
    )
    from_data: FieldData | None = Field(
        default=None, description="in place of both: a case that is made of the field's data sets"
    )
    measurement: Measurement = "rule"
    training: Span = Field(description="periods that parameters are learned from; the first is only a start")
    settings: dict[Text, Any] = Field(default_factory=dict, description="values changed for this patron, by path")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        named = [name for name in ("scenario", "observed") if getattr(self, name) is not None]
        if self.from_data is not None and named:
            raise ValueError(f"{named[0]}: from_data gives both scenario and observations; leave one of the two out")
        lacks = [name for name in ("scenario", "observed") if name not in named]
        if self.from_data is None and lacks:
            raise ValueError(f"{lacks[0]}: expected scenario and observed, or from_data in their place")
        return self


def _scale() -> Prior:
    return Prior(distribution=Distribution(normal=(0.0, 0.5)))


class Pool(Part):
    """Say how far the values of the patrons may lie from their shared mean.

    On the scale on which the parameter's prior is a standard normal, the value of a patron is the shared mean plus a
    deviation of this standard deviation.
    """

    scale: Prior = Field(
        default_factory=_scale,
        description="prior of σ, in standard deviations of the parameter's prior; what lies below 0 is cut off. With "
        "'zero' beside it, all patrons may have the same value",
    )
    why: Text | None = None


class PooledPlan(Part):
    """Define a calibration of several scenarios together."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    patrons: dict[Text, Patron] = Field(min_length=2, max_length=MAX_PATRONS, description="by name")
    shared: tuple[Text, ...] = Field(default=(), description="parameters that have one value for all patrons")
    own: tuple[Text, ...] = Field(default=(), description="parameters that each patron has to itself")
    pooled: dict[Text, Pool] = Field(
        default_factory=dict, description="parameters whose values vary between patrons around a shared mean"
    )
    priors: dict[Text, Prior] = Field(default_factory=dict, description="priors in place of the scenarios', by name")
    settings: dict[Text, Any] = Field(default_factory=dict, description="values changed for all patrons, by path")
    model: Text = Field(default=FULL, description="name of the nested model")
    sequences: int = Field(
        default=3, strict=True, ge=2, le=64, description="independent samplings, for the error of the evidence"
    )
    rounds: int = Field(
        default=16,
        strict=True,
        ge=1,
        le=60,
        description="of each: the first from the prior, then where it led; those of the second half count. From "
        "peaks, of all sequences together, and none counts: each sequence is then a round more",
    )
    start: Literal["prior", "peaks"] = Field(
        default="prior",
        description="where the first round is drawn from: the prior, or around the peaks of the posterior, which are "
        "searched first; the prior finds no posterior of many parameters that data say much of",
    )
    points: int = Field(default=512, strict=True, ge=64, le=MAX_POINTS, description="of each round, a power of 2")
    draws: int = Field(default=1000, strict=True, ge=100, le=20_000, description="rows of the posterior that is kept")
    seed: int = Field(default=1, strict=True, ge=0, le=MAX_PLAN_SEED)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            raise ValueError(f"points: expected a power of 2, got {self.points}; take {below} or {2 * below}")
        if self.model not in MODELS:
            hint = nearest(self.model, MODELS)
            question = "" if hint is None else f" (did you mean '{hint}'?)"
            raise ValueError(f"model: no model {shorten(self.model)}, expected one of {listing(MODELS)}{question}")
        named = self.paths
        if not named:
            raise ValueError("pooled: expected at least one parameter that is shared, own or pooled")
        if len(set(named)) != len(named):
            twice = sorted({path for path in named if named.count(path) > 1})
            raise ValueError(f"pooled: {twice[0]} is named twice among shared, own and pooled")
        if len(named) > MAX_PARAMETERS:
            raise ValueError(f"pooled: expected at most {MAX_PARAMETERS} parameters, got {len(named)}")
        for name in self.priors:
            (path,) = paths_of((name,))
            if path not in named:
                raise ValueError(f"priors: {name} is neither shared, own nor pooled")
        return self

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the dotted paths of all parameters: shared, own, pooled."""
        return paths_of((*self.shared, *self.own, *self.pooled))
