"""What a world is: the typed, frozen form of a scenario file.

Every class here is one mapping of the YAML. The module computes nothing: it names the parts, says which values
are possible, and describes each for the published JSON Schema. The model reads these objects and never a file.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PrivateAttr,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

POSTURES = ("loyal", "hedging", "distancing", "suspended", "realigned")
"""The ladder, from the patron's end to the other; *defection* is ``suspended`` or beyond."""

STRUCTURAL_KINDS = (
    "attack",
    "offer",
    "offer_withdrawn",
    "invasion",
    "regime_loss",
    "leader_health",
    "outcome",
    "background",
)
"""Kinds of event that are not rows of the signal table. The last two never enter the model."""

RESERVED_SIGNALS = (
    "air_defence_failed",
    "air_defence_held",
    "support_missing",
    "support_delivered",
    "abandoned",
    "words_only",
    "weak_response",
    "criticism",
    "courts_adversary",
    "claim",
    "coercion",
    "intervened",
    "help_failed",
    "help_tried",
    "war_holds",
)
"""Rows of the signal table that a rule of the model sends by itself, so every scenario must define them."""

# ASCII digits alone: months are compared as text, and other scripts' digits sort elsewhere.
MONTH_PATTERN = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
DATE_PATTERN = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?")

SMALLEST = 1e-300
"""What lies closer to the open end of an interval has lost its digits, and a share of it may be 0."""

PostureName = Literal["loyal", "hedging", "distancing", "suspended", "realigned"]
Confidence = Literal["high", "medium", "low"]
News = Literal["good", "bad"]


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("expected a finite number")
    return value


def _not_bool(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("expected a number")  # noqa: TRY004 - only a ValueError becomes a message of the schema
    return value


def _month_text(value: Any) -> Any:
    """Accept the date objects that a YAML reader may make of ``2020-01-31``."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def is_month(value: str) -> str:
    """Return the month, or raise ``ValueError``."""
    if not MONTH_PATTERN.fullmatch(value):
        raise ValueError("expected a month written YYYY-MM")
    return value


def is_date(value: str) -> str:
    """Return the date, or raise ``ValueError``."""
    if not DATE_PATTERN.fullmatch(value):
        raise ValueError("expected a date written YYYY-MM or YYYY-MM-DD")
    if len(value) > len("YYYY-MM") and int(value[8:]) > monthrange(max(1, int(value[:4])), int(value[5:7]))[1]:
        raise ValueError(f"expected a day that the month has, got {value}")
    return value


def written_as(pattern: str) -> WithJsonSchema:
    """Return how the published JSON Schema describes text of a pattern."""
    return WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


Month = Annotated[str, BeforeValidator(_month_text), AfterValidator(is_month), written_as(MONTH_PATTERN.pattern)]
EventDate = Annotated[str, BeforeValidator(_month_text), AfterValidator(is_date), written_as(DATE_PATTERN.pattern)]
Finite = Annotated[float, BeforeValidator(_not_bool), AfterValidator(_finite)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


TAILS = 8.3
"""Standard deviations beyond which a draw of double precision never lies."""

DRAWS_AS = "key of its random draws; blank takes the name, so keep the old name here when renaming"


class Part(BaseModel):
    """A frozen mapping that refuses keys nobody defined."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Distribution(Part):
    """A probability distribution for sweeps; exactly one of the families is given.

    ``lognormal`` takes the *median* and the standard deviation of the logarithm. Where ``normal`` or ``lognormal``
    reaches beyond what a figure can be, it is truncated: what lies within keeps its proportions.

    Attributes
    ----------
    within
        The interval that it is truncated to, or None; the figure sets it, not the file.
    """

    uniform: tuple[Finite, Finite] | None = Field(None, description="[low, high]")
    loguniform: tuple[Finite, Finite] | None = Field(None, description="[low, high], both above 0")
    normal: tuple[Finite, Finite] | None = Field(None, description="[mean, standard deviation]")
    lognormal: tuple[Finite, Finite] | None = Field(None, description="[median, sigma of the logarithm]")
    beta: tuple[Finite, Finite] | None = Field(None, description="[alpha, beta]")
    choice: tuple[Finite, ...] | None = Field(None, description="equally likely values", min_length=1)

    _within: tuple[float, float] | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _one_family(self) -> Distribution:
        given = [name for name in FAMILIES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of {', '.join(FAMILIES)}")
        (family,) = given
        numbers = getattr(self, family)
        if family in ("uniform", "loguniform") and not numbers[0] <= numbers[1]:
            raise ValueError(f"{family}: expected [low, high] with low <= high")
        if family in ("loguniform", "lognormal") and numbers[0] <= 0:
            raise ValueError(f"{family}: expected a first number above 0")
        if family in ("normal", "lognormal") and numbers[1] < 0:
            raise ValueError(f"{family}: expected a spread of at least 0")
        if family == "beta" and not (numbers[0] > 0 and numbers[1] > 0):
            raise ValueError("beta: expected two numbers above 0")
        if family == "loguniform" and not math.isfinite(numbers[1] / numbers[0]):
            raise ValueError("loguniform: expected numbers that are less far apart")
        if not all(math.isfinite(end) for end in self.reach()):
            raise ValueError(f"{family}: expected a smaller spread")
        return self

    @property
    def family(self) -> str:
        """Return the name of the family that is given."""
        return next(name for name in FAMILIES if getattr(self, name) is not None)

    @property
    def numbers(self) -> tuple[float, ...]:
        """Return the numbers of the family that is given."""
        numbers: tuple[float, ...] = getattr(self, self.family)
        return numbers

    @property
    def within(self) -> tuple[float, float] | None:
        """Return the interval that the distribution is truncated to, or None."""
        return self._within

    def truncated(self, low: float, high: float) -> Distribution:
        """Return the distribution truncated to an interval, as far as it has tails that reach beyond it.

        Only the tails of ``normal`` and ``lognormal`` are cut, and only where the middle lies within: other families
        name their bounds themselves, and of a middle outside little but a slip would be left.

        Parameters
        ----------
        low, high
            The interval, both included.
        """
        least, greatest = self.reach()
        tailed = self.family in ("normal", "lognormal") and low <= self.numbers[0] <= high
        if not tailed or (low <= least and greatest <= high):
            return self
        cut = self.model_copy()
        cut._within = (low, high)
        return cut

    def reach(self) -> tuple[float, float]:
        """Return the least and the greatest number that can be drawn."""
        low, high = self._untruncated()
        return (low, high) if self.within is None else (max(low, self.within[0]), min(high, self.within[1]))

    def _untruncated(self) -> tuple[float, float]:
        numbers = self.numbers
        match self.family:
            case "normal":
                return numbers[0] - TAILS * numbers[1], numbers[0] + TAILS * numbers[1]
            case "lognormal":
                exponent = TAILS * numbers[1]
                factor = math.exp(exponent) if exponent < 700.0 else math.inf
                return numbers[0] / factor, numbers[0] * factor
            case "beta":
                return 0.0, 1.0
            case _:
                return min(numbers), max(numbers)


FAMILIES = ("uniform", "loguniform", "normal", "lognormal", "beta", "choice")


class Figure(Part):
    """A number with where it comes from.

    A bare number in the file is a figure with only a value. A bare distribution is a figure that is drawn once
    per run. ``prior`` beside a value is the range a sweep explores; a plain run uses the value.
    """

    value: Finite | None = Field(None, description="the number a plain run uses")
    prior: Distribution | None = Field(None, description="the range that a sweep explores")
    source: Text | None = Field(None, description="where a fact comes from")
    why: Text | None = Field(None, description="the reason of a judgement")

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, data: Any) -> Any:
        if isinstance(data, bool | str) or data is None:
            raise ValueError("expected a number")
        if isinstance(data, int | float):
            return {"value": data}
        if isinstance(data, Mapping):
            families = {key: data[key] for key in data if key in FAMILIES}
            if families:
                rest = {key: data[key] for key in data if key not in FAMILIES}
                return {**rest, "prior": families}
        return data

    @model_validator(mode="after")
    def _has_number(self) -> Figure:
        if self.value is None and self.prior is None:
            raise ValueError("expected a value or a distribution")
        return self


class Range:
    """Bound a figure: its value, every number that its distribution names as a bound or a choice, and its draws."""

    def __init__(self, low: float, high: float, *, open_low: bool = False) -> None:
        self.low, self.high, self.open_low = low, high, open_low

    def __call__(self, figure: Figure) -> Figure:
        """Return the figure, its prior truncated to the interval, or raise ``ValueError`` naming the interval."""
        numbers = [] if figure.value is None else [figure.value]
        if figure.prior is not None and figure.prior.family in ("uniform", "loguniform", "choice"):
            numbers.extend(figure.prior.numbers)
        for number in numbers:
            self.check(number)
        if figure.prior is None:
            return figure
        prior = figure.prior.truncated(*self.closed)
        if figure.value is None:
            self._hold(prior)
        return figure if prior is figure.prior else figure.model_copy(update={"prior": prior})

    def check(self, number: float) -> None:
        """Raise ``ValueError`` naming the interval if a number lies outside."""
        if not self.low <= number <= self.high or (self.open_low and number - self.low < SMALLEST):
            raise ValueError(f"expected a number {self._interval()}, got {number:g}")

    @property
    def closed(self) -> tuple[float, float]:
        """Return the least and the greatest number that there can be."""
        return (self.low + SMALLEST if self.open_low else self.low), self.high

    def _hold(self, drawn: Distribution) -> None:
        """Raise ``ValueError`` if a run could draw a number outside the interval."""
        low, high = drawn.reach()
        if not (self.low <= low and high <= self.high) or (self.open_low and low - self.low < SMALLEST):
            raise ValueError(
                f"expected a number {self._interval()}, got {drawn.family} {list(drawn.numbers)}, which is drawn "
                f"from {low:g} to {high:g}; narrow it, or write another family such as uniform"
            )

    def _interval(self) -> str:
        return f"{'above' if self.open_low else 'from'} {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Within(AfterValidator):
    """Validate with a `Range`, and tell it to the published JSON Schema."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema of the figure with the interval beside it, for numbers and what mappings hold."""
        bounds: Any = self.func
        number = {"exclusiveMinimum" if bounds.open_low else "minimum": bounds.low, "maximum": bounds.high}
        inside = {"value": number, **{family: {"items": number} for family in ("uniform", "loguniform", "choice")}}
        return {**handler(core), **number, "properties": inside}


Share = Annotated[Figure, Within(Range(0.0, 1.0))]
Signed = Annotated[Figure, Within(Range(-1.0, 1.0))]
Amount = Annotated[Figure, Within(Range(0.0, 100.0))]
Positive = Annotated[Figure, Within(Range(0.0, 100.0, open_low=True))]
AnyNumber = Annotated[Figure, Within(Range(-100.0, 100.0))]
Intensity = Annotated[Figure, Within(Range(1.0, 3.0))]


class Series(Part):
    """A path over months: points by month, held (``step``) or joined by straight lines (``linear``).

    A bare number in the file is a constant path. Before the first point the first value holds, after the last
    point the last one does.
    """

    points: dict[Month, Finite] = Field(
        description="value by month", min_length=1, json_schema_extra={"additionalProperties": False}
    )
    shape: Literal["step", "linear"] = Field("step", description="held until the next point, or joined by lines")
    source: Text | None = None
    why: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _constant(cls, data: Any) -> Any:
        if isinstance(data, int | float) and not isinstance(data, bool):
            return {"points": {"1900-01": data}}
        return data


class Span(Part):
    """The months of a run, both included."""

    start: Month
    end: Month

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.end < self.start:
            raise ValueError(f"expected an end at or after the start {self.start}, got {self.end}")
        if int(self.end[:4]) - int(self.start[:4]) > 100:
            raise ValueError("expected a span of at most 100 years")
        return self


LANGUAGES = ("en", "de")
"""Languages of a game's pages."""


class Words(Part):
    """A text that players read, by language; a bare text in the file stands for every language."""

    en: Text
    de: Text | None = Field(None, description="blank takes the English text")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return {"en": data} if isinstance(data, str) else data

    def text(self, language: str) -> str:
        """Return the text in a language, or in English where there is none."""
        return self.de if language == "de" and self.de is not None else self.en


class Named(Part):
    """An actor: its key is its name in tables and draws, and its label what people call it."""

    label: Words | None = Field(None, description="what people call it; blank takes the name")

    def called(self, name: str, language: str = "en") -> str:
        """Return what people call it in a language; its name where the file does not say."""
        return name if self.label is None else self.label.text(language)


class War(Part):
    """The patron's war: how much of its capacity it takes, and what happens after the data end."""

    adversary: Text | None = Field(None, description="whom the patron fights; a label for figures")
    burden: Series = Field(description="h_w, the war's burden by month, 0 to 1")
    after: Literal["continues", "ends", "escalates"] = Field(
        "continues", description="what the burden does after the last point: hold, fall to 0, or rise to 1"
    )
    over_months: int = Field(12, strict=True, ge=1, le=240, description="months that an end or an escalation takes")


class Income(Part):
    """The patron's income path: an index (1 is normal), then an AR(1) process in its logarithm."""

    index: Series = Field(description="income relative to normal, above 0")
    elasticity: Amount = Field(Figure(value=1.0), description="how much of a relative change reaches the budget")
    after: Literal["ar1", "holds"] = Field("holds", description="what the path does after the last point")
    persistence: Share = Field(Figure(value=0.95), description="AR(1) coefficient per month")
    noise: Amount = Field(Figure(value=0.05), description="standard deviation of the monthly shock of the logarithm")


class Asset(Part):
    """Something clients hold that serves the patron, and what losing all of it would mean."""

    value: Series = Field(description="weight of this asset among all, by month")
    what: Text


class Patron(Named):
    """The protector."""

    name: Text = Field("patron", description="its name, and the actor of its random draws")
    draws_as: Text | None = Field(None, description=DRAWS_AS)
    main_rival: Text | None = Field(None, description="the rival with whom the patron has a track of its own")
    rival_track: Series = Field(
        Series(points={"1900-01": 1.0}), description="value of the track with the main rival; 1 is the base"
    )
    assets: dict[Text, Asset] = Field(default_factory=dict)


class Rival(Named):
    """Another power that could protect a client instead."""

    draws_as: Text | None = Field(None, description=DRAWS_AS)
    gap: Share = Field(description="how far turning to this rival is from staying with the patron")
    size: Share = Field(Figure(value=1.0), description="weight of its economy")


class Adversary(Named):
    """A power that threatens a client."""

    clash: Share = Field(Figure(value=0.0), description="how far opposing it clashes with the main rival's track")
    worth: Share = Field(Figure(value=0.0), description="what good terms with it are worth to the patron")


class Option(Part):
    """What one rival could be for one client."""

    protection: Share = Field(Figure(value=0.0), description="openness_P: does the rival want to protect this client")
    economy: Share = Field(Figure(value=0.0), description="openness_E: does it want to trade with it and pay for it")
    proximity: Share = Field(Figure(value=0.2), description="far .2, near .5, neighbour 1")


class Client(Named):
    """A protected state, or a sub-state."""

    draws_as: Text | None = Field(None, description=DRAWS_AS)
    code: Text | None = Field(None, description="ISO 3166 code or another short name, for figures")
    posture: PostureName = Field("loyal", description="where it starts on the ladder")
    enters: Month | None = Field(None, description="first month in the network; blank means from the start")
    sub_state: StrictBool = Field(False, description="part of the patron's own state: ladder loyal-hedging only")
    treaty: Literal["defence_pact", "lesser_treaty", "none"] = "none"
    treaty_note: Text | None = Field(None, description="which treaty, with its source")
    pact: Text | None = Field(None, description="a club that makes members similar; blank never equals blank")
    region: Text | None = None
    adversary: Text | None = Field(None, description="the adversary it mostly fears")
    arms: Share = Field(description="share of its arms imports that the patron supplies")
    economy: Share = Field(description="economic dependence on the patron")
    border: Share = Field(Figure(value=0.0), description="shared border with the patron")
    bases: Share = Field(Figure(value=0.0), description="the patron's troops and bases on its soil")
    diaspora: Share = Field(Figure(value=0.0), description="people whom the patron can squeeze or claim")
    threat: Share = Field(description="tau0, threat from adversaries without any event")
    value: Share = Field(description="what it is worth to the patron")
    prior_capability: Share | None = Field(None, description="prior mean of capability; blank takes the common one")
    prior_resolve: Share | None = Field(None, description="prior mean of resolve; blank takes the treaty's one")
    supplied_air_defence: StrictBool = Field(False, description="does it rely on air defence the patron supplied")
    assets: dict[Text, Share] = Field(default_factory=dict, description="share of each of the patron's assets")
    options: dict[Text, Option] = Field(default_factory=dict, description="by rival")
    source: Text | None = None
    why: Text | None = None


class Successor(Part):
    """Who comes after a regime loss. Blank fields keep the predecessor's value."""

    threat: Share | None = None
    exposure: Share | None = Field(None, description="e, exposure to the patron's retaliation")
    arms: Share | None = None
    economy: Share | None = None
    prior_capability: Share | None = None
    prior_resolve: Share | None = None
    continuity: Share = Field(
        Figure(value=0.0), description="share of the predecessor's evidence the successor takes over"
    )
    options: dict[Text, Option] = Field(default_factory=dict)
    source: Text | None = None
    why: Text | None = None


class Event(Part):
    """Something dated. ``kind`` is a row of the signal table or one of the structural kinds."""

    date: EventDate
    kind: Text
    client: Text | None = Field(None, description="whom it reaches; blank only for network-wide kinds")
    intensity: Intensity = Field(Figure(value=2.0), description="1 to 3")
    news: News | None = Field(None, description="good or bad news for the client; every signal says it")
    adversary: Text | None = Field(None, description="who attacks, or whom the patron courts")
    rival: Text | None = Field(None, description="who offers or withdraws")
    loading: Share | None = Field(None, description="overrides the table's loading on capability")
    successor: Successor | None = Field(None, description="only for regime_loss")
    what: Text = Field(description="one line for people")
    happened: Text | None = Field(None, description="what truly happened: did the system work, and why")
    believed: Text | None = Field(None, description="what the client believes, and whom it blames")
    always: StrictBool = Field(False, description="happens in generative months too; other dated events do not")
    confidence: Confidence = "medium"
    contested: StrictBool = False
    only_if: Text | None = Field(None, description="a switch that must be on")
    unless: Text | None = Field(None, description="a switch that must be off")
    source: Text | tuple[Text, ...] | None = None
    why: Text | None = None


class Signal(Part):
    """A row of the signal table: what one type of event says about the patron."""

    label: Text
    news: News
    weight: Amount = Field(description="omega, evidence at intensity 2 in units of the evidence scale")
    loading: Share = Field(description="l, the part about capability; the rest is about resolve")
    excusable: StrictBool = Field(False, description="in hard times the blame moves to capability")
    patron_threat: StrictBool = Field(False, description="raises the threat from the patron")
    response: StrictBool = Field(False, description="counts as the patron's response to a crisis")
    witnessed: StrictBool = Field(True, description="do similar clients learn from it")
    why: Text
    source: Text | None = None

    @model_validator(mode="after")
    def _only_bad_news_is_excused(self) -> Signal:
        if self.excusable and self.news == "good":
            raise ValueError("excusable: expected only for bad news, since hard times excuse nothing good")
        return self


class Switch(Part):
    """A contested fact that can be taken in or left out."""

    value: StrictBool
    why: Text
    source: Text | None = None


Measure = Literal[
    "commitment",
    "distance",
    "within",
    "beyond",
    "protection",
    "credibility",
    "network",
    "assets",
    "war_attention",
    "helped",
    "calm",
    "unthreatened",
    "forecasts",
]


OF_A_CLIENT = ("commitment", "distance", "within", "beyond", "protection", "helped", "calm", "unthreatened")
"""Measures that are about one client; the others are about the patron's network or the seat itself."""


class Objective(Part):
    """What a seat is asked to reach. A score explains a debate and ends none."""

    measure: Measure = Field(
        description="each is 0 to 1 and averaged over turns: commitment (1 loyal, 0 realigned), distance (1 minus "
        "that), within or beyond a posture (share of turns), protection a client believes in, credibility of the "
        "patron, network (share of clients not defected), assets kept, war_attention (attention left for the war), "
        "helped (crises the patron helped in), calm (turns without a crisis), unthreatened (1 minus the threat from "
        "the patron), forecasts (1 minus the seat's mean Brier score)"
    )
    client: Text | None = Field(None, description="whose; blank only for measures of the patron or of the seat")
    posture: PostureName | None = Field(None, description="for within and beyond")
    weight: int = Field(1, strict=True, ge=1, le=10, description="what it counts for")
    text: Words
    why: Text = Field(description="why this seat would want it")


class SeatBrief(Part):
    """What one seat is told before the game: who it is, and what it is asked to reach."""

    briefing: Words
    objectives: dict[Text, Objective] = Field(min_length=1)


class GameSeats(Part):
    """The seats that a game offers. Whoever is not named plays by the rules."""

    patron: SeatBrief | None = None
    clients: dict[Text, SeatBrief] = Field(default_factory=dict)
    rivals: dict[Text, SeatBrief] = Field(default_factory=dict)
    adversaries: dict[Text, SeatBrief] = Field(default_factory=dict)


class Limits(Part):
    """What seats can do in a turn, in points, so that no order is free; the rules know no such limit."""

    patron: int = Field(
        10,
        strict=True,
        ge=0,
        le=1000,
        description="with a normal budget and no war; help 3, peacekeepers 2, a "
        "delivery 1, coercion 1, words nothing",
    )
    rival: int = Field(2, strict=True, ge=0, le=1000, description="an offer raised 1")
    adversary: int = Field(3, strict=True, ge=0, le=1000, description="pressure its intensity")
    why: Text = "Judgement: what makes a class choose, at a size that a turn can be discussed in."


class Inject(Part):
    """Something that the script of a game lets happen, in the month of its event."""

    event: Event
    news: Words = Field(description="what everyone reads")
    why: Text


class Game(Part):
    """How a class plays this scenario: the record runs up to the first month of play, then teams and rules do."""

    title: Words
    first_month: Month = Field(description="the first month that is played")
    last_month: Month
    months_per_turn: int = Field(1, strict=True, ge=1, le=6)
    minutes_per_turn: int = Field(8, strict=True, ge=1, le=600, description="what the clock of the room starts at")
    seats: GameSeats
    record: dict[Text, Words] = Field(
        default_factory=dict,
        description="dated events of the record that happen in the months of play too, with what everyone reads",
    )
    injects: dict[Text, Inject] = Field(default_factory=dict)
    limits: Limits = Field(default_factory=Limits)
    intelligence_noise: Share = Field(
        Figure(value=0.08), description="standard deviation of what a seat learns about others' beliefs"
    )
    debrief: tuple[Words, ...] = Field((), description="questions for the discussion after the game")
    why: Text = Field(description="why these months and these seats")


class Parameters(Part):
    """Global constants of the model, one set for all clients."""

    # Beliefs
    prior_strength: Positive = Field(description="alpha0 + beta0")
    prior_capability: Share = Field(description="prior mean of capability")
    prior_resolve_pact: Share = Field(description="prior mean of resolve with a defence pact")
    prior_resolve_treaty: Share = Field(description="prior mean of resolve with a lesser treaty, or for a sub-state")
    prior_resolve_none: Share = Field(description="prior mean of resolve without a treaty")
    forgetting: Share = Field(description="lambda, share of the evidence kept each month")
    bad_news_weight: Amount = Field(description="rho, weight of bad news against good")
    witness_weight: Signed = Field(
        description="chi, share of evidence a fully similar witness takes; may be negative"
    )
    hard_times_excuse: Share = Field(description="gamma, how far the war moves blame from resolve to capability")
    evidence_scale: Amount = Field(description="Omega, size of a unit of evidence")
    evidence_cap: Amount = Field(description="cap on a client-month's own, and its witnessed, evidence, times Omega")
    # Threats and offers
    attack_memory: Share = Field(description="share of x kept each month")
    attack_threat: Amount = Field(description="j_tau, an attack of intensity 3 adds this to x")
    patron_threat_memory: Share = Field(description="share of y kept each month")
    claim_threat: Amount = Field(description="j_theta, a claim or coercion of intensity 3 adds this to y")
    invasion_threat: Amount = Field(description="j_inv, an invasion of a neighbour adds this times exposure to y")
    offer_memory: Share = Field(description="share of z kept each month")
    offer_size: Amount = Field(description="j_O, an offer of intensity 3 adds this to z")
    lock_in: Share = Field(description="g, how much an option grows with distance already taken")
    protection_reach: Share = Field(description="what a fully open rival next door offers as protection")
    # Choice
    choice_noise: Positive = Field(description="mu, scale of the unobserved part of utility")
    switching_cost: Amount = Field(description="kappa, cost of any step")
    realignment_cost: Amount = Field(description="kappa_x, further cost of the last step")
    review_rate: Share = Field(description="nu, chance of a review in a quiet month")
    economy_weight: Amount = Field(description="b_E, weight of economy against protection")
    autonomy_price: Amount = Field(description="b_A, price of lost autonomy")
    patron_threat_weight: Amount = Field(description="b_theta, weight of the threat from the patron")
    retaliation_fear: Amount = Field(description="phi, fear of retaliation")
    standing_cost: Amount = Field(description="b_S, cost of standing with a patron at war")
    contagion: Amount = Field(description="b_N, pull of similar clients that defected")
    ladder_needs_pact: Share = Field(description="1: without a defence pact steps away end at distancing; 0: lifted")
    # Covert hedging
    covert_start: Share = Field(description="chance per review at hedging to start hedging covertly")
    covert_growth: Amount = Field(description="growth of z per month of covert hedging")
    covert_discovery: Share = Field(description="chance per month that the patron finds out")
    covert_trust_cost: Amount = Field(description="bad evidence on the patron's trust when found out")
    # Sub-state
    succession_base: Share = Field(description="hazard of a succession per month")
    succession_health: Share = Field(description="added hazard per unit of intensity of a month's health reports")
    succession_contested: Share = Field(description="chance that a succession is contested")
    succession_cost: Share = Field(description="share of the patron's budget that a contested succession costs")
    succession_months: Amount = Field(description="months that it costs")
    # Patron
    attention_focus: Amount = Field(description="eta, how sharply attention follows value")
    war_attention: Amount = Field(description="value of the war per unit of burden")
    response_base: AnyNumber = Field(description="eta0, log-odds of help at even attention")
    response_attention: Amount = Field(description="eta1, weight of the attention a client gets")
    response_clash: Amount = Field(description="eta2, weight of a clash with the main rival")
    response_trust: Amount = Field(description="eta3, weight of the patron's trust in the client")
    help_works: Share = Field(description="chance that help works, at full budget and without a war")
    systems_hold: Share = Field(description="chance that maintained supplied systems hold")
    support_loss: Share = Field(description="share of that chance lost without support")
    support_memory: Share = Field(description="share of missing support still missing a month later")
    trust_prior_good: Positive = Field(description="alpha of the patron's trust in a client")
    trust_prior_bad: Positive = Field(description="beta of the patron's trust in a client")
    trust_forgetting: Share = Field(description="share of that evidence kept each month")
    step_trust_cost: Amount = Field(description="evidence on trust from one step away (bad) or closer (good)")
    complaint_trust_cost: Amount = Field(description="bad evidence on trust from a public complaint")
    # Feedback
    budget_feedback: Share = Field(description="f_B, share of the budget lost when all assets are")
    burden_feedback: Share = Field(description="f_h, burden added when all assets are lost")
    # Generative rules
    crisis_hazard: Share = Field(description="crises per month and unit of threat")
    abandonment_share: Share = Field(description="share of refusals that are abandonment, not words")
    coercion_rate: Share = Field(description="coercion per month, exposure and rung, of a client below loyal")
    claim_rate: Share = Field(description="claims per month on a client at the border, at full war burden")
    criticism_rate: Share = Field(description="public criticism per month and unit of clash with the track")
    courting_rate: Share = Field(description="courting per month and unit of the adversary's worth")
    support_lapse: Share = Field(description="chance per month at full burden that technical support lapses")
    support_delivery: Share = Field(description="chance per month that support is delivered, at even attention")
    offer_rate: Share = Field(description="offers per month, unit of openness and of distance taken")
    offer_withdrawal: Share = Field(description="chance that a rejected offer is withdrawn")
    complaint_rate: Share = Field(description="chance that a refused client complains in public")


class Posterior(Part):
    """Joint draws of parameters that a calibration left; a file just names them."""

    draws: Text = Field(description="name of the table of draws")
    paths: tuple[Text, ...] = Field(min_length=1, description="dotted path of the figure in each column")
    values: tuple[tuple[Finite, ...], ...] = Field(min_length=1, description="equally likely joint draws")

    @model_validator(mode="after")
    def _has_a_number_per_column(self) -> Posterior:
        if any(len(row) != len(self.paths) for row in self.values):
            raise ValueError(f"expected {len(self.paths)} numbers in each draw")
        return self


class Removal(Part):
    """Names that a scenario drops from the one it extends."""

    events: tuple[Text, ...] = ()
    clients: tuple[Text, ...] = ()
    rivals: tuple[Text, ...] = ()
    adversaries: tuple[Text, ...] = ()


class Scenario(Part):
    """A whole world, with everything it inherited."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    abstract: StrictBool = Field(False, description="only to be extended; not listed and not run")
    counterfactual_to: Text | None = Field(None, description="the scenario whose twin this is")
    claims: tuple[StrictInt, ...] = Field((), description="numbers of the claims this scenario bears on")
    span: Span
    mode: Literal["replay", "generative"] = Field(
        "replay", description="dated events drive the run, or crises are drawn and the patron answers by rule"
    )
    generative_from: Month | None = Field(
        None, description="in replay: the month from which crises are drawn; blank means never"
    )
    patron: Patron
    war: War
    income: Income
    rivals: dict[Text, Rival] = Field(default_factory=dict)
    adversaries: dict[Text, Adversary] = Field(default_factory=dict)
    clients: dict[Text, Client] = Field(min_length=1)
    events: dict[Text, Event] = Field(default_factory=dict)
    signals: dict[Text, Signal]
    switches: dict[Text, Switch] = Field(default_factory=dict)
    parameters: Parameters
    posterior: Annotated[Posterior, WithJsonSchema({"type": "string"})] | None = Field(
        None,
        description="a table of joint draws of parameters, by the name of a shipped one or a path: each run takes "
        "one row, in place of what the file says of those parameters",
    )
    game: Game | None = Field(None, description="how a class plays it; no run depends on it")
