"""Read what the codes of every list of states mean, from the package ``countrycode`` and the exceptions to it."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from papertiger.scenarios.errors import Problem, ScenarioError

SCHEMES: dict[str, tuple[str, str]] = {
    "cow": ("cown", "number of the Correlates of War"),
    "cow_letters": ("cowc", "letters of the Correlates of War"),
    "gw": ("gwn", "number of Gleditsch and Ward"),
    "gw_letters": ("gwc", "letters of Gleditsch and Ward"),
    "iso2": ("iso2c", "two letters of ISO"),
    "iso3": ("iso3c", "three letters of ISO"),
    "iso_number": ("iso3n", "number of ISO"),
    "cameo": ("iso3c", "letters of CAMEO"),
    "polity": ("p4n", "number of Polity"),
    "name": ("country.name.en", "name"),
}
"""Lists of states: the crosswalk's column, and what a code of it is called."""

NAME_COLUMNS = ("country.name.en", "cow.name", "un.name.en", "iso.name.en", "p4.name", "vdem.name", "cldr.short.en")
NUMBERED = ("cow", "gw", "iso_number", "polity")
ALWAYS = (datetime.date.min, datetime.date.max)
_EXCEPTIONS = Path(__file__).with_name("states.yaml")

Code = str | int
When = datetime.date | int | None
"""A date, a year, or no time at all."""


@dataclass(frozen=True)
class Meaning:
    """Which state a code means, from one date to another, both included, and why that needs saying."""

    cow: int
    start: datetime.date
    end: datetime.date
    reason: str = ""

    def holds(self, when: When) -> bool:
        """Tell whether it holds at a date, or on any day of a year."""
        if when is None:
            return True
        first, last = (
            (datetime.date(when, 1, 1), datetime.date(when, 12, 31)) if isinstance(when, int) else (when, when)
        )
        return self.start <= last and first <= self.end


@dataclass(frozen=True)
class Crosswalk:
    """What the codes of every list mean.

    Attributes
    ----------
    meanings
        By list and code, the meanings in order of time; names in the form of `folded`.
    codes
        The other way round: by list and state, the codes that mean it, the crosswalk's own first.
    outside
        By list and code, why it is no state.
    patterns
        Of names in English, with the state that each means; none where it is a territory.
    neighbours
        Groups of states of which one follows another.
    """

    meanings: Mapping[tuple[str, str], tuple[Meaning, ...]]
    codes: Mapping[tuple[str, int], tuple[str, ...]]
    outside: Mapping[tuple[str, str], str]
    patterns: tuple[tuple[re.Pattern[str], int | None], ...]
    neighbours: tuple[tuple[int, ...], ...]


def folded(name: str) -> str:
    """Return a name without what spellings differ in: capitals, accents, points, brackets' case and "the"."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"\bst\.?(?=\s)", "saint", plain)
    words = re.sub(r"[^a-z0-9(),/*]+", " ", plain.replace("'", "")).split()
    return " ".join(word for word in words if word != "the").replace(" ,", ",")


@cache
def read_crosswalk() -> Crosswalk:
    """Return what all codes mean, from the package and the exceptions to it.

    Raises
    ------
    ScenarioError
        When the package is not installed.
    """
    table = _codelist()
    exceptions = _exceptions()
    meanings: dict[tuple[str, str], list[Meaning]] = {}
    codes: dict[tuple[str, int], list[str]] = {}
    outside: dict[tuple[str, str], str] = {}
    for entry in exceptions["codes"]:
        for scheme in (entry["scheme"], *(("cameo",) if entry["scheme"] == "iso3" else ())):
            said = lookup_form(entry["code"], scheme)
            meaning = Meaning(entry["cow"], entry.get("from", ALWAYS[0]), entry.get("to", ALWAYS[1]), entry["reason"])
            meanings.setdefault((scheme, said), []).append(meaning)
            codes.setdefault((scheme, entry["cow"]), []).append(str(entry["code"]))
    for group in exceptions["no_states"]:
        scheme = group.get("scheme", "name")
        outside.update({(scheme, lookup_form(name, scheme)): group["reason"] for name in group["names"]})
    for state, names in exceptions["names"].items():
        for name in names:
            meanings.setdefault(("name", folded(name)), [Meaning(state, *ALWAYS)])
            codes.setdefault(("name", state), []).append(name)
    for scheme, states in exceptions["same"].items():
        for state in states:
            meanings[scheme, str(state)] = [Meaning(state, *ALWAYS)]
            codes.setdefault((scheme, state), []).append(str(state))
    _add_package(table, meanings, codes, outside)
    return Crosswalk(
        {key: tuple(entries) for key, entries in meanings.items()},
        {key: tuple(dict.fromkeys(entries)) for key, entries in codes.items()},
        outside,
        tuple(
            (re.compile(pattern, re.IGNORECASE), state)
            for pattern, state in zip(table["country.name.en.regex"], table["cown"], strict=True)
            if pattern
        ),
        tuple(tuple(group) for group in exceptions["neighbours"]),
    )


def _add_package(
    table: Mapping[str, list[Any]],
    meanings: dict[tuple[str, str], list[Meaning]],
    codes: dict[tuple[str, int], list[str]],
    outside: dict[tuple[str, str], str],
) -> None:
    """Add the package's rows where no exception stands in their place."""
    excepted = set(meanings)
    for scheme, (key, _) in SCHEMES.items():
        for place, state in enumerate(table["cown"]):
            columns = NAME_COLUMNS if scheme == "name" else (key,)
            for code in (table[column][place] for column in columns):
                if code is None:
                    continue
                said = lookup_form(code, scheme)
                written = str(int(code)) if scheme in NUMBERED else str(code)
                if (scheme, said) in excepted:
                    if state in {meaning.cow for meaning in meanings[scheme, said]}:
                        codes.setdefault((scheme, int(state)), []).append(written)
                elif state is None:
                    outside.setdefault((scheme, said), "a territory, or a state of before")
                elif (scheme, said) not in meanings:
                    meanings[scheme, said] = [Meaning(int(state), *ALWAYS)]
                    codes.setdefault((scheme, int(state)), []).append(written)
    for scheme, said in [key for key in outside if key in meanings]:
        del outside[scheme, said]


def _codelist() -> Mapping[str, list[Any]]:
    try:
        from countrycode.countrycode import codelist
    except ImportError:
        message = "codes of states need one more package: install papertiger[data]"
        raise ScenarioError([Problem("countrycode", message=message)]) from None
    table: Mapping[str, list[Any]] = codelist
    return table


def _exceptions() -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(_EXCEPTIONS.read_text(encoding="utf-8"))


def lookup_form(code: Code, scheme: str) -> str:
    """Return a code in the form in which it is looked up."""
    if scheme == "name":
        return folded(str(code))
    text = str(code).strip()
    if scheme in NUMBERED:
        number = re.fullmatch(r"0*(\d+?)(\.0+)?", text)
        return number[1] if number else text
    return text.upper()


def days_of(when: datetime.date | int) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of a year; of a date itself."""
    return (datetime.date(when, 1, 1), datetime.date(when, 12, 31)) if isinstance(when, int) else (when, when)


def holding(meanings: Iterable[Meaning], when: When) -> list[Meaning]:
    """Return the meanings that hold at a time; of several within a year those of its middle, for its longer part."""
    held = [meaning for meaning in meanings if meaning.holds(when)]
    if isinstance(when, int) and len({meaning.cow for meaning in held}) > 1:
        return [meaning for meaning in held if meaning.holds(datetime.date(when, 7, 1))]
    return held
