"""The typed, frozen forms of files of observations: coded postures, votes, polls, ties.

Every class is one mapping of the YAML. The module computes nothing: how postures follow from facts is said by
:class:`Rule` as data and carried out by `papertiger.experiments.history.observed.coding`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Literal

import annotated_types
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    Strict,
    StrictBool,
    model_serializer,
    model_validator,
)

from papertiger.scenarios.schema.actors import Span
from papertiger.scenarios.schema.values import Confidence, EventDate, Finite, Month, Part, Text

REGIME = "regime"
"""The one indicator that every file has: its only level, 1, says that the incumbent fell or was removed.

It is a flag beside the sum of the others, because a regime loss is nobody's choice.
"""

HIGHEST = 9
"""No indicator has more levels than this."""

HIGHEST_SUM = 100
ROUNDING = 1e-6
"""How far probabilities that people write may be from adding up to 1."""


def _named(sources: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if not sources:
        raise ValueError("expected at least one source, got none")
    return sources


Sources = Annotated[Text | tuple[Text, ...], AfterValidator(_named)]
Level = Annotated[int, Strict(), annotated_types.Ge(0), annotated_types.Le(HIGHEST)]
Vote = Literal["yes", "no", "abstain", "absent"]
_YEAR = re.compile(r"[0-9]{4}")


def _year(text: str) -> str:
    if not _YEAR.fullmatch(text):
        raise ValueError(f"expected a year written YYYY, got {text!r}")
    return text


Year = Annotated[Text, AfterValidator(_year)]
HALF_YEAR = 6
"""Months between two looks where a file says nothing else."""
EVERY = {12: "12 months", 6: "6 months", 3: "3 months", 1: "1 month"}
"""How often clients may be looked at, in months, as a file writes it."""


def _every(value: object) -> object:
    if isinstance(value, int) and value in EVERY:  # what a file that was read already holds
        return value
    for months, written in EVERY.items():
        if value == written:
            return months
    raise ValueError(f"expected one of {', '.join(EVERY.values())}, got {value!r}")


Every = Annotated[
    int, BeforeValidator(_every, json_schema_input_type=Literal["12 months", "6 months", "3 months", "1 month"])
]
"""Months between two looks."""
VOLUMES = ("small", "medium", "large")
"""Bands of how much a share is a share of, from the least on."""


class Indicator(Part):
    """One thing that is watched of every client: a ladder of levels, 0 where there is no sign of distance."""

    highest: int = Field(strict=True, ge=1, le=HIGHEST, description="the highest level")
    what: Text = Field(description="what each level means")
    why: Text | None = None


class Rule(Part):
    """How levels make a posture.

    The levels of all indicators are added up, without the regime. A sum from ``hedging`` on is hedging, one from
    ``distancing`` on distancing. Where every level that a condition names is reached, the client is suspended or
    realigned whatever the sum; one condition of a list is enough. The furthest posture that applies holds.
    """

    hedging: int = Field(strict=True, ge=1, le=HIGHEST_SUM, description="least sum that is hedging")
    distancing: int = Field(strict=True, ge=1, le=HIGHEST_SUM, description="least sum that is distancing")
    suspended: tuple[dict[Text, Level], ...] = Field(default=(), description="least levels by indicator")
    realigned: tuple[dict[Text, Level], ...] = Field(default=(), description="least levels by indicator")
    regime_loss: Literal["left_out", "scored"] = Field(
        default="left_out",
        description="what a regime loss does to the score: it ends what is scored of the client, or its step is "
        "scored as the successor's first choice, and what the successor does afterwards, too",
    )
    ceiling: Literal["pact", "none"] = Field(
        default="pact",
        description="how far the rule can code a client without a defence pact: 'pact' to distancing, since it has "
        "nothing to suspend, so that it may stand farther than it is seen; 'none' as far as any other client",
    )
    why: Text | None = None
    source: Text | None = None

    @model_serializer(mode="wrap")
    def _without_later(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Leave out what was added later and says nothing, so that hashes of older files stay as they are."""
        said: dict[str, object] = handler(self)
        silent = {"regime_loss": "left_out", "ceiling": "pact"}
        return {key: value for key, value in said.items() if value != silent.get(key, "")}


class Gap(Span):
    """Months in which nobody looked: no posture is coded of a period that ends in them, and none is made up."""

    why: Text | None = None


FIVE = 5
"""Postures, from loyal to realigned."""
Locations = Annotated[tuple[Finite, ...], Field(min_length=FIVE, max_length=FIVE)]
"""One number for each posture, from loyal to realigned."""


def _year_text(value: object) -> object:
    return f"{value:04d}" if isinstance(value, int) and not isinstance(value, bool) else value


PeriodName = Annotated[Text, BeforeValidator(_year_text)]
"""A period of the file, such as 2023H2, or 1964 where clients are looked at once a year."""


class Gaussian(Part):
    """A reading that is a number: normally distributed around a place that the posture has."""

    loc: Locations = Field(description="mean of the reading in each posture, from loyal to realigned")
    sd: Finite = Field(gt=0, description="standard deviation of a reading")


class Ordinal(Part):
    """A reading that has levels: a noisy closeness, cut at thresholds (ordered probit)."""

    loc: Locations = Field(description="place of each posture, from loyal to realigned")
    sd: Finite = Field(gt=0, description="standard deviation of a reading around that place")
    cuts: tuple[Finite, ...] = Field(
        min_length=1, max_length=HIGHEST, description="rising: the level is the number of cuts that are passed"
    )

    @model_validator(mode="after")
    def _rising(self) -> Ordinal:
        if any(later <= one for one, later in pairwise(self.cuts)):
            raise ValueError(f"cuts: expected numbers that rise, got {list(self.cuts)}")
        return self


class Reading(Part):
    """How an indicator reads a latent posture: exactly one of a table, an ordinal and a gaussian reading."""

    gaussian: Gaussian | None = None
    ordinal: Ordinal | None = None
    table: tuple[tuple[Finite, ...], ...] | None = Field(
        default=None,
        min_length=FIVE,
        max_length=FIVE,
        description="probability of each level, from 0 on: a row for each posture, from loyal to realigned",
    )
    values: dict[Text, dict[PeriodName, Finite]] | None = Field(
        default=None,
        description="what was read, by client and period; what is not named was not read. Blank takes the levels of "
        "the indicator of this name, as its facts have them",
    )
    what: Text | None = Field(default=None, description="what is read")
    source: Sources | None = None
    why: Text | None = Field(default=None, description="on what the distribution rests")

    @model_validator(mode="after")
    def _one_kind(self) -> Reading:
        given = [name for name in ("gaussian", "ordinal", "table") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("expected exactly one of gaussian, ordinal, table")
        for row in self.table or ():
            if any(chance < 0.0 for chance in row) or abs(sum(row) - 1.0) > ROUNDING:
                raise ValueError(f"table: expected rows of probabilities that add up to 1, got {list(row)}")
            if len(row) != len((self.table or (row,))[0]):
                raise ValueError("table: expected rows of one length")
        return self

    @property
    def levels(self) -> int | None:
        """Return how many levels there are; None where the reading is a number."""
        if self.table is not None:
            return len(self.table[0])
        return None if self.ordinal is None else len(self.ordinal.cuts) + 1


class ObservedClient(Part):
    """A client that is watched."""

    code: Text | None = Field(default=None, description="ISO 3166 code or another short name, for figures")
    sub_state: StrictBool = Field(
        default=False, description="part of the patron's own state: coded, but never scored"
    )
    gaps: tuple[Gap, ...] = Field(default=(), description="when nobody looked at this client")
    why: Text | None = None

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Leave out what was added later and says nothing, so that hashes of older files stay as they are."""
        said: dict[str, object] = handler(self)
        return said if self.gaps else {key: value for key, value in said.items() if key != "gaps"}


class Fact(Part):
    """A dated fact that puts one indicator of one client on a level, where it stays until the next fact."""

    date: EventDate
    known: Month | None = Field(
        default=None,
        description="month in which it became public, if later than its date: it counts from the half-year of that "
        "month on",
    )
    client: Text
    indicator: Text = Field(description=f"an indicator of the file, or '{REGIME}'")
    level: Level
    what: Text = Field(description="one line for people")
    source: Sources
    confidence: Confidence
    contested: StrictBool = False
    after_span: StrictBool = Field(
        default=False, description="known, but later than the span; counts once a later file moves the span's end"
    )
    why: Text | None = Field(default=None, description="the reason of the level, where it is a judgement")


class Observed(Part):
    """Dated facts about clients, and the rule by which they are coded as postures."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    span: Span = Field(description="whole periods, of which every client was looked up")
    every: Every = Field(
        default=HALF_YEAR,
        description="how often clients are looked at, counted from January: every 12, 6, 3 months or 1 month; the "
        "posture is that at the end of the period",
    )
    gaps: tuple[Gap, ...] = Field(default=(), description="when nobody looked at any client")
    indicators: dict[Text, Indicator] = Field(min_length=1)
    rule: Rule
    readings: dict[Text, Reading] = Field(
        default_factory=dict,
        description="how indicators read a latent posture, by name: what a calibration can take in place of the rule",
    )
    start: Locations | None = Field(
        default=None, description="probability of each posture before the first reading; blank makes all as likely"
    )
    clients: dict[Text, ObservedClient] = Field(min_length=1)
    facts: dict[Text, Fact] = Field(default_factory=dict)

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Leave out what was added later and says nothing, so that hashes of older files stay as they are."""
        said: dict[str, object] = handler(self)
        silent = {
            "every": self.every == HALF_YEAR,
            "gaps": not self.gaps,
            "readings": not self.readings,
            "start": self.start is None,
        }
        return {key: value for key, value in said.items() if not silent.get(key, False)}


class Ballot(Part):
    """One recorded vote on one text."""

    date: EventDate
    item: Text = Field(description="what repeated item, or set of texts, it belongs to")
    document: Text = Field(description="number of the resolution")
    what: Text
    yes: int = Field(strict=True, ge=0, le=1000, description="how many states voted so in all")
    no: int = Field(strict=True, ge=0, le=1000)
    abstain: int = Field(strict=True, ge=0, le=1000)
    votes: dict[Text, Vote] = Field(description="by client; who is not named was not verified")
    source: Sources
    confidence: Confidence
    why: Text | None = None


class Turnover(Part):
    """How many of all states that voted No on an item left that vote the next time."""

    item: Text
    start: Month = Field(description="month of the earlier vote")
    end: Month = Field(description="month of the next vote on the same item")
    voted_no: int = Field(strict=True, ge=0, le=1000, description="states that voted No at the earlier one")
    left_no: int = Field(strict=True, ge=0, le=1000, description="of these, how many did not at the later one")
    source: Sources
    why: Text | None = None


class Votes(Part):
    """Recorded votes on repeated items."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    ballots: dict[Text, Ballot] = Field(min_length=1)
    turnover: dict[Text, Turnover] = Field(default_factory=dict)


class Fieldwork(Part):
    """One published percentage of a poll."""

    start: Month = Field(description="the fieldwork fell between this month ...")
    end: Month = Field(description="... and this one")
    percent: Finite = Field(ge=0, le=100)
    known: Month | None = Field(
        default=None, description="month in which it became public, if later than the end of the fieldwork"
    )
    source: Sources
    confidence: Confidence
    why: Text | None = None


class Question(Part):
    """One question put to the people of one client again and again."""

    client: Text
    house: Text = Field(description="who asked")
    what: Text = Field(description="which answer is counted, in our own words")
    good: StrictBool = Field(description="whether a higher percentage speaks for the patron")
    waves: dict[Text, Fieldwork] = Field(min_length=1)


class Polls(Part):
    """Published percentages of polls about the patron."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    questions: dict[Text, Question] = Field(min_length=1)


class YearShare(Part):
    """The patron's share of what a client bought or traded in one year."""

    share: Finite = Field(ge=0, le=1)
    volume: Literal["small", "medium", "large"] | None = Field(
        default=None, description="band of how much it is a share of; blank where that does not matter"
    )
    known: Month | None = Field(
        default=None, description="month in which it became public; blank takes that of the series"
    )
    source: Sources | None = Field(default=None, description="blank takes that of the series")
    confidence: Confidence | None = Field(default=None, description="blank takes that of the series")
    why: Text | None = None


class TieSeries(Part):
    """The patron's shares of one client's arms or economy by year; years that are not named are unknown."""

    client: Text
    of: Literal["arms", "economy"]
    published: int = Field(
        default=3, strict=True, ge=1, le=36, description="months after a year's end in which its figure is public"
    )
    source: Sources
    confidence: Confidence
    why: Text | None = None
    years: dict[Year, YearShare] = Field(min_length=1)

    def known_in(self, year: str) -> str:
        """Return the month, YYYY-MM, in which the share of a year became public."""
        said = self.years[year].known
        months = 12 * (int(year) + 1) + self.published - 1
        return said if said is not None else f"{months // 12:04d}-{months % 12 + 1:02d}"


class Ties(Part):
    """Observed shares of the patron in the arms and economy of its clients."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    series: dict[Text, TieSeries] = Field(min_length=1)
