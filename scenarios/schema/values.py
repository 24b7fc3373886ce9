"""Name the kinds of value that a scenario file may hold: texts, months, numbers, words of two languages."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

POSTURES = ("loyal", "hedging", "distancing", "suspended", "realigned")
"""The ladder, from the patron's end to the other; *defection* is ``suspended`` or beyond."""


# ASCII digits alone: months are compared as text, and other scripts' digits sort elsewhere.
MONTH_PATTERN = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


DATE_PATTERN = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?")


SMALLEST = 1e-300
"""What lies closer to the open end of an interval has lost its digits, and a share of it may be 0."""


PostureName = Literal["loyal", "hedging", "distancing", "suspended", "realigned"]


Means = Literal["air", "ground", "sea", "covert", "economic", "political"]
"""How an attack is done."""


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


LANGUAGES = ("en", "de")
"""Languages in which every shipped scenario speaks to players."""

# fmt: off
ISO_639_1 = frozenset((
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bi", "bm", "bn", "bo",
    "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv", "cy", "da", "de", "dv", "dz", "ee", "el", "en", "eo",
    "es", "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu", "gv", "ha", "he", "hi",
    "ho", "hr", "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii", "ik", "io", "is", "it", "iu", "ja", "jv", "ka",
    "kg", "ki", "kj", "kk", "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw", "ky", "la", "lb", "lg", "li", "ln",
    "lo", "lt", "lu", "lv", "mg", "mh", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "na", "nb", "nd", "ne", "ng",
    "nl", "nn", "no", "nr", "nv", "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn",
    "ro", "ru", "rw", "sa", "sc", "sd", "se", "sg", "si", "sk", "sl", "sm", "sn", "so", "sq", "sr", "ss", "st", "su",
    "sv", "sw", "ta", "te", "tg", "th", "ti", "tk", "tl", "tn", "to", "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur",
    "uz", "ve", "vi", "vo", "wa", "wo", "xh", "yi", "yo", "za", "zh", "zu",
))
# fmt: on
"""Two letters for a language; a text in any of them is shown where the pages speak it."""


class Words(Part):
    """A text that players read, by language; a bare text in the file stands for every language."""

    model_config = ConfigDict(extra="allow")  # any other language, by its two letters
    # Init=False tells checkers that no argument has this name; pydantic lets a model say what its extra values are.
    __pydantic_extra__: dict[str, Text] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]

    en: Text
    de: Text | None = Field(default=None, description="blank takes the English text")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return {"en": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _by_language(self) -> Words:
        for code in self.__pydantic_extra__:
            if code not in ISO_639_1:
                raise ValueError(f"{code!r} is no language; expected two letters of ISO 639-1, such as en or de")
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which something is shown; a text that is missing in one of the first is English."""
        return (*LANGUAGES, *self.__pydantic_extra__)

    def text(self, language: str) -> str:
        """Return the text in a language, or in English where there is none."""
        said = {"en": self.en, "de": self.de or self.en, **self.__pydantic_extra__}
        return said.get(language, self.en)


class Place(Part):
    """Where something stands on the map of a class."""

    latitude: float = Field(ge=-90.0, le=90.0, description="degrees north of the equator, negative south of it")
    longitude: float = Field(ge=-180.0, le=180.0, description="degrees east of Greenwich, negative west of it")


class Named(Part):
    """An actor: its key is its name in tables and draws, and its label what people call it."""

    label: Words | None = Field(default=None, description="what people call it; blank takes the name")
    place: Place | None = Field(
        default=None,
        description="where it stands on the map of a class, mostly a capital; blank takes the country of its name",
    )

    def called(self, name: str, language: str = "en") -> str:
        """Return what people call it in a language; its name where the file does not say."""
        return name if self.label is None else self.label.text(language)
