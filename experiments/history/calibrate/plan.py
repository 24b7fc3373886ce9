"""Define the typed, frozen form of a calibration file. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.priors import Prior
from papertiger.experiments.history.forecast.declaration import Declaration
from papertiger.experiments.history.observed.periods import HalfYear, Period
from papertiger.scenarios.errors import listing, nearest, shorten
from papertiger.scenarios.schema.values import Part, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_FREE = 5
"""More free parameters than this the few observed changes of posture cannot tell apart."""
MAX_POINTS = 2**22
MAX_PLAN_SEED = 2**31 - 1
"""The libraries that a calibration draws with take words of 32 bits, pyABC one of 31."""


def _few(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) > MAX_FREE:
        raise ValueError(f"expected at most {MAX_FREE} parameters, since the data cannot tell more, got {len(names)}")
    return names


Free = Annotated[tuple[Text, ...], AfterValidator(_few)]
"""Names of free parameters."""
Measurement = Annotated[
    Literal["rule", "readings"],
    Field(
        description="rule: learn from the postures that the coding rule makes; readings: from the readings of latent "
        "postures that the observations give"
    ),
]
BASELINE = "M1"
FROZEN = "M1b"
FULL = "M4"


class Span(Part):
    """Name some periods, both ends included."""

    first: Period
    last: Period

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.last < self.first:
            raise ValueError(f"expected a span that does not end before it begins, got {self.first} to {self.last}")
        return self


class Variant(Part):
    """List another choice of free parameters or settings that was tried, so that the search is on record."""

    why: Text
    free: Free = Field(default=(), description="blank takes those of the plan")
    settings: dict[Text, Any] = Field(default_factory=dict)
    model: Text = FULL


class Expectation(Part):
    """Say what a replay with the posterior is to show of a client; the page on validation says whether it does."""

    client: Text
    posture: Literal["loyal", "hedging", "distancing", "suspended", "realigned"]
    shows: Literal["likeliest", "likely", "most often"] = Field(
        description="likeliest: of all clients to be there or beyond by then; likely: to be there then with a "
        "probability above one half; most often: in the half-years in which it was observed there"
    )
    at: Period | None = Field(default=None, description="likeliest, likely: the half-year")

    @model_validator(mode="after")
    def _when(self) -> Expectation:
        if (self.at is None) != (self.shows == "most often"):
            raise ValueError("'likeliest' and 'likely' need the key 'at', 'most often' has no use for it")
        return self


class Patterns(Part):
    """Name mechanisms that no exact likelihood holds, and the patterns of history by which they are learned."""

    free: Free = Field(min_length=1, description="names of parameters, each with a prior in the scenario")
    mover: Text = Field(description="the client whose order of steps is a pattern")
    hedger: Text = Field(description="the client that is stuck at hedging")
    loyal: tuple[Text, ...] = Field(min_length=1, description="isolated clients, which stay loyal")
    votes: Text = Field(description="name of shipped votes, or a path")
    item: Text = Field(description="the item of those that came back every year")
    fall: HalfYear = Field(description="the half-year of the vote in which many left No")
    population: int = Field(
        default=200, strict=True, ge=10, le=10_000, description="parameter sets kept in each generation"
    )
    generations: int = Field(default=5, strict=True, ge=1, le=50)


class PastTest(Part):
    """Record a test that was made before anybody knew its outcome, as it was found; no later run changes it."""

    title: Text = Field(description="heading on the page on validation")
    text: Text = Field(description="what was tested, when, with which file, and what came of it; Markdown")


class Plan(Part):
    """Define a whole calibration: which model is held against which observations, and how."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    scenario: Text = Field(description="name of a shipped scenario, or a path from this file's folder: a replay")
    codings: tuple[Text, ...] = Field(
        default=(),
        description="scenarios in which other coders judged the clients; beforehand all are as likely as the first",
    )
    observed: Text = Field(description="name of shipped observations, or a path from this file's folder")
    measurement: Measurement = "rule"
    training: Span = Field(description="periods that parameters are learned from; the first is only a start")
    testing: Span = Field(description="periods that forecasts are scored on")
    free: Free = Field(min_length=1, description="names of parameters, each with a prior in the scenario")
    apart: tuple[Text, ...] = Field(
        default=(), description="clients that a repetition leaves out, to show what hangs on them alone"
    )
    settings: dict[Text, Any] = Field(default_factory=dict, description="values changed in all models, by path")
    priors: dict[Text, Prior] = Field(
        default_factory=dict, description="priors in place of the scenario's, with or without mass at zero, by name"
    )
    models: tuple[Text, ...] = Field(default=tuple(MODELS), min_length=1, description="names of the nested models")
    variants: dict[Text, Variant] = Field(default_factory=dict, description="what else was tried, by name")
    expectations: tuple[Expectation, ...] = Field(
        default=(), description="what a replay with the posterior is to show"
    )
    record: tuple[PastTest, ...] = Field(
        default=(), description="tests of forecasts that came true or not, for the page on validation"
    )
    patterns: Patterns | None = Field(
        default=None, description="what 'papertiger calibrate --abc' learns, and by what"
    )
    forecast: Declaration | None = Field(
        default=None, description="what a forecast from here on declares before it is made"
    )
    sequences: int = Field(
        default=8,
        strict=True,
        ge=2,
        le=256,
        description="randomised sequences of points, for the error of the evidence",
    )
    points: int = Field(default=4096, strict=True, ge=64, le=MAX_POINTS, description="points of each, a power of 2")
    draws: int = Field(default=1000, strict=True, ge=100, le=20_000, description="rows of the posterior that is kept")
    seed: int = Field(
        default=1,
        strict=True,
        ge=0,
        le=MAX_PLAN_SEED,
        description="seed of the sequences, of the bootstrap and of pyABC",
    )

    @model_validator(mode="after")
    def _fits(self) -> Plan:
        if self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            raise ValueError(f"points: expected a power of 2, got {self.points}; take {below} or {2 * below}")
        if self.testing.first <= self.training.last:
            raise ValueError(
                f"testing: expected half-years after the training's last, {self.training.last}, "
                f"got {self.testing.first}"
            )
        for name in self.models:
            if name not in MODELS:
                hint = nearest(name, MODELS)
                question = "" if hint is None else f" (did you mean '{hint}'?)"
                raise ValueError(f"models: no model {shorten(name)}, expected some of {listing(MODELS)}{question}")
        for name in self.priors:
            if paths_of((name,))[0] not in self.paths:
                raise ValueError(f"priors: {name} is not free, so that it has no prior")
        for key, names in (("models", self.models), ("free", self.paths)):
            if len(set(names)) != len(names):
                raise ValueError(f"{key}: expected names that differ, got one twice")
        return self

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the dotted paths of the free parameters."""
        return paths_of(self.free)

    @property
    def all_settings(self) -> dict[str, Any]:
        """Return the settings, and the distributions that take the place of the scenario's priors."""
        return {**self.settings, **slabs(self.priors)}


def slabs(priors: Mapping[str, Prior]) -> dict[str, Any]:
    """Return the distributions that a plan's priors put in place of the scenario's, as settings by dotted path."""
    return {
        paths_of((name,))[0]: {"prior": prior.distribution.model_dump(mode="json", exclude_none=True)}
        for name, prior in priors.items()
        if prior.distribution is not None
    }


def paths_of(free: tuple[str, ...]) -> tuple[str, ...]:
    """Return the dotted paths of parameters that a plan names in full or in short."""
    return tuple(name if "." in name else f"parameters.{name}" for name in free)
