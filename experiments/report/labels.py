"""Put measures, scenarios and factors into plain words, with units a reader can take in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertiger.experiments.design.schema import in_words
from papertiger.experiments.ledger.causes import describe
from papertiger.experiments.names import label
from papertiger.experiments.phrases import NARROW, true_minus

if TYPE_CHECKING:
    from papertiger.experiments.design.schema import Experiment
    from papertiger.scenarios.schema.scenario import Scenario


@dataclass(frozen=True)
class Unit:
    """Write numbers of a measure.

    Attributes
    ----------
    level
        What stands behind a level, such as ``%``.
    step
        What a difference is counted in, such as ``percentage points``.
    scale
        What a stored number is multiplied with.
    digits
        Digits behind the point.
    more, less
        How a positive and a negative difference are called.
    scale_words
        What stands at an axis or in a table where `step` is empty.
    """

    level: str
    step: str
    scale: float = 1.0
    digits: int = 2
    more: str = "higher"
    less: str = "lower"
    scale_words: str = ""

    @property
    def axis(self) -> str:
        """Return what differences are counted in, for an axis or a column."""
        return self.step or self.scale_words

    def number(self, value: float, digits: int | None = None) -> str:
        """Write a stored number without its unit, with a true minus."""
        return true_minus(f"{value * self.scale:.{self.digits if digits is None else digits}f}")

    def written(self, value: float, digits: int | None = None) -> str:
        """Write a level with its unit."""
        return f"{self.number(value, digits)}{NARROW if self.level == '%' else ' '}{self.level}".rstrip()


PERCENT = Unit("%", "percentage points", 100.0, 1)
POINTS = Unit("", "", 1.0, 3, scale_words="on a scale from 0 to 1")
INDEX = Unit("", "", 1.0, 3, scale_words="index (1 = normal)")
RUNGS = Unit("", "rungs", 1.0, 2)
MONTHS = Unit("months", "months", 1.0, 1, "longer", "shorter")
CLIENTS = Unit("clients", "clients", 1.0, 2)
RATE = Unit("", "changes per client and half-year", 1.0, 3)
PLAIN = Unit("", "", 1.0, 3, scale_words="the measure’s own unit")

BY_CHOICE, COUNTED = "by their own choice", "(successors counted)"
"""The two readings of what clients do, see `papertiger.experiments.measures.base.RegimeLoss`."""

PATRON_WORDS = {
    "budget": ("the patron's budget", INDEX),
    "burden": ("the share of the patron's capacity that the war takes", PERCENT),
    "lost_assets": ("the share of its assets that the patron has lost", PERCENT),
    "credibility": ("the patron's credibility (value-weighted mean protection)", POINTS),
    "defected_share": (f"the share of clients that have defected {COUNTED}", PERCENT),
}
BELIEFS = {
    "protection": "the protection that {client} believes in",
    "capability": "the belief of {client} that its patron can protect it",
    "resolve": "the belief of {client} that its patron will protect it",
}


@dataclass(frozen=True)
class Words:
    """Hold a measure in words.

    Attributes
    ----------
    text
        A noun phrase in lower case, such as "the share of clients that have defected at the end of 2027-12".
    short
        A few words for tables and figures.
    unit
        How its numbers are written.
    """

    text: str
    short: str
    unit: Unit


class Vocabulary:
    """Tell the reader words in place of the names in an experiment file.

    Parameters
    ----------
    experiment
        The experiment.
    worlds
        The resolved scenarios by label, as far as they are known.
    """

    def __init__(self, experiment: Experiment, worlds: Mapping[str, Scenario]) -> None:
        self.experiment, self.worlds = experiment, dict(worlds)
        self._first = next(iter(self.worlds.values()), None)
        self._titles = self._titled()

    def _titled(self) -> dict[str, str]:
        """Name each scenario: by the title given here, else by its own unless settings make it another one."""
        entries = self.experiment.scenarios
        plain = [
            self.worlds[entry.name].title for entry in entries if entry.name in self.worlds and not entry.changed
        ]
        titles = {}
        for entry in entries:
            spoken = entry.name.replace("_", " ")
            title = self.worlds[entry.name].title if entry.name in self.worlds else ""
            alone = title and not entry.changed and plain.count(title) == 1
            titles[entry.name] = entry.title or (title if alone else spoken[0].upper() + spoken[1:])
        return titles

    def scenario(self, name: str) -> str:
        """Return what the reader is told a scenario is."""
        if name not in self._titles:
            return name
        return self._titles[name]

    def client(self, name: str) -> str:
        """Return what people call a client."""
        return name if self._first is None else label(self._first.clients, name)

    def factor(self, name: str) -> str:
        """Return the name of a factor for people."""
        declared = self.experiment.vary.get(name)
        return in_words(name) if declared is None or declared.title is None else declared.title

    def reading(self, part: Any, *, one: bool = False, other: bool = False) -> str:
        """Return whose doing a measure counts.

        Parameters
        ----------
        part
            A measure with ``regime_loss``.
        one
            Whether it is about one client.
        other
            Whether the reading that it did not ask for is meant.
        """
        if (part.regime_loss == "counted") != other:
            return COUNTED
        return BY_CHOICE.replace("their", "its") if one else BY_CHOICE

    def other(self, name: str) -> Words:
        """Return a measure in words as it reads in the column beside its own; see `RegimeLoss`."""
        part: Any = self.experiment.measures[name]
        swapped = "left_out" if part.regime_loss == "counted" else "counted"
        return self._words(name, part.model_copy(update={"regime_loss": swapped}))

    def when(self, at: str) -> str:
        """Return a date as a clause."""
        if at != "end":
            return f"in {at}"
        return "at the end" if self._first is None else f"at the end ({self._first.span.end})"

    def measure(self, name: str) -> Words:
        """Return a measure in words."""
        return self._words(name, self.experiment.measures[name])

    def _words(self, name: str, part: Any) -> Words:
        kind = type(part).kind_name
        given: Any = part
        makers = {
            "defected": self._defected,
            "posture": self._posture,
            "time_to": self._time_to,
            "first_move": self._first_move,
            "share_defected": self._share,
            "cascade": self._cascade,
            "patron": self._patron,
            "change_rate": self._change_rate,
            "ledger": self._ledger,
            **dict.fromkeys(BELIEFS, self._belief),
        }
        if kind in makers:
            return makers[kind](given)
        short = name.replace("_", " ")
        return Words(f"the measure “{short}”", short, PLAIN)

    def event(self, names: str | tuple[str, ...]) -> str:
        """Return an event, or several, in words."""
        several = (names,) if isinstance(names, str) else names
        if self._first is None:
            return ", ".join(several)
        descriptions = [describe(self._first, name) for name in several]
        return "; ".join(f"{cause.text.rstrip('.')} ({cause.month})" for cause in descriptions)

    def _defected(self, part: Any) -> Words:
        client, when, reading = self.client(part.client), self.when(part.at), self.reading(part, one=True)
        text = f"{client} has defected {reading} {when}"
        return Words(f"the share of runs in which {text}", text, PERCENT)

    def _posture(self, part: Any) -> Words:
        client, when = self.client(part.client), self.when(part.at)
        return Words(
            f"the mean rung of {client} {COUNTED} {when}, 0 being loyal and 4 realigned,",
            f"Rung of {client} {COUNTED} {when}",
            RUNGS,
        )

    def _time_to(self, part: Any) -> Words:
        client, reading = self.client(part.client), self.reading(part, one=True)
        text = f"the restricted mean time until {client} is {part.posture} or beyond {reading}"
        return Words(text, f"Months until {client} is {part.posture} {reading} (restricted)", MONTHS)

    def _first_move(self, part: Any) -> Words:
        text = f"the restricted mean time until {self.client(part.client)} first moves by its own choice"
        return Words(text, f"Months until {self.client(part.client)} first moves (restricted)", MONTHS)

    def happens(self, name: str) -> str:
        """Return what a measure of time waits for, as a clause."""
        part: Any = self.experiment.measures[name]
        if type(part).kind_name == "first_move":
            return f"{self.client(part.client)} has moved {BY_CHOICE.replace('their', 'its')}"
        return f"{self.client(part.client)} is {part.posture} or beyond {self.reading(part, one=True)}"

    def _share(self, part: Any) -> Words:
        when, reading = self.when(part.at), self.reading(part)
        text = f"share of clients that have defected {reading} {when}"
        return Words(f"the {text}", f"S{text[1:]}", PERCENT)

    def _belief(self, part: Any) -> Words:
        client, when = self.client(part.client), self.when(part.at)
        text = BELIEFS[type(part).kind_name].format(client=client)
        return Words(f"{text} {when}", f"{type(part).kind_name.capitalize()} as {client} sees it {when}", POINTS)

    def _cascade(self, part: Any) -> Words:
        when, reading = self.when(part.at), self.reading(part)
        text = f"the number of other clients that defected {reading} {when} because of: {self.event(part.event)}"
        return Words(text, f"Cascade {when}: other clients that the event moved to defect {reading}", CLIENTS)

    def _patron(self, part: Any) -> Words:
        text, unit = PATRON_WORDS[part.measure]
        when = self.when(part.at)
        brief = text.removeprefix("the ").removesuffix(" (value-weighted mean protection)")
        return Words(f"{text} {when}", f"{brief[0].upper()}{brief[1:]} {when}", unit)

    def _change_rate(self, part: Any) -> Words:
        del part
        return Words(
            "the rate at which clients change their posture, changes of regime left out,",
            "Changes of posture, changes of regime left out",
            RATE,
        )

    def _ledger(self, part: Any) -> Words:
        client, when = self.client(part.client), self.when(part.at)
        what = {"protection": "protection", "capability": "capability", "resolve": "resolve"}[part.belief]
        about = f" from: {self.event(part.cause)}" if part.cause else ""
        channel = f", {part.channel}" if part.channel else ""
        short = f"Part of {client}'s change of {what}{channel} {when}"
        return Words(f"the part of {client}'s change of {what}{channel} {when}{about}", short, POINTS)


def in_unit(unit: str) -> str:
    """Return a unit as it follows a number's name in a sentence.

    >>> in_unit("rungs"), in_unit("on a scale from 0 to 1")
    ('in rungs', 'on a scale from 0 to 1')
    """
    return unit if unit.startswith("on ") else f"in {unit}"
