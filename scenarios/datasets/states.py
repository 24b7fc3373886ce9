"""Say which state a code or a name means, in any list of states and at any date.

The one code used here is the Correlates of War's number. The crosswalk is that of the package ``countrycode``; where
it is silent, or holds at other times only, ``states.yaml`` beside this module says what holds, with the reason. When
a state is in the system comes from the Correlates of War's own list, where the modeler has it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.datasets.crosswalk import (
    ALWAYS,
    NUMBERED,
    SCHEMES,
    Code,
    Crosswalk,
    Meaning,
    When,
    days_of,
    holding,
    lookup_form,
    read_crosswalk,
)
from papertiger.scenarios.datasets.data_set import Table
from papertiger.scenarios.errors import MAX_SOUGHT, Problem, ScenarioError, nearest, shorten

if TYPE_CHECKING:
    import pandas as pd

_BRACKETS = re.compile(r"\s*\([^)]*\)")


class StateError(ValueError):
    """A code that means no state, or none at its time."""


class NoStateError(StateError):
    """A code of something that is known, and is not in the state system: an organisation, rebels, a territory."""


class OutsideDatesError(StateError):
    """A code that means a state, but not at its time."""


@dataclass(frozen=True)
class StateCodes:
    """Converts codes of states, and refuses those that do not hold at their time.

    Attributes
    ----------
    spells
        By the Correlates of War's number, when a state was in the system; nothing where the list was not at hand, and
        then only the codes in ``states.yaml`` have dates.
    """

    spells: Mapping[int, tuple[tuple[datetime.date, datetime.date], ...]] = field(default_factory=dict)

    def to_cow(self, code: Code, scheme: str, when: When = None) -> int:
        """Return the state that a code or name means.

        What it means is told by the day, whether the state is in the system by the year: sources let states act some
        days before they are recognised.

        Raises
        ------
        NoStateError
            When it is known to be no state of the system.
        StateError
            When nothing is known of it, or it means no state at that time.
        """
        crosswalk = read_crosswalk()
        said = lookup_form(code, scheme)
        if reason := crosswalk.outside.get((scheme, said)):
            raise NoStateError(f"{_quoted(code, scheme)} is no state of the system: {reason}")
        meanings = crosswalk.meanings.get((scheme, said)) or _by_pattern(str(code), scheme, crosswalk)
        if not meanings:
            raise StateError(f"{_quoted(code, scheme)} is known of no state{_hint(said, scheme, crosswalk)}")
        held = holding(meanings, when)
        if not held:
            raise OutsideDatesError(_outside_dates(code, scheme, when, meanings, crosswalk))
        if len({meaning.cow for meaning in held}) > 1:
            spans = "; ".join(f"{meaning.cow} {_span(meaning.start, meaning.end)}" for meaning in held)
            raise StateError(f"{_quoted(code, scheme)} means several states, so it needs a date: {spans}")
        state = held[0].cow
        self.check(state, _year(when))
        return state

    def from_cow(self, state: int, scheme: str, when: When = None) -> str:
        """Return the code that a list has for a state at a time, so that `to_cow` gives the state back.

        Raises
        ------
        StateError
            When the list has none, or the state is none at that time.
        """
        self.check(state, _year(when))
        crosswalk = read_crosswalk()
        for code in crosswalk.codes.get((scheme, state), ()):
            meanings = crosswalk.meanings[scheme, lookup_form(code, scheme)]
            if {meaning.cow for meaning in holding(meanings, when)} == {state}:
                return code
        at = "" if when is None else f" at {when}"
        raise StateError(f"state {state} has no {SCHEMES[scheme][1]}{at}")

    def check(self, state: int, when: When) -> None:
        """Check that a state is in the system at a date, or on any day of a year.

        Raises
        ------
        StateError
            With the times at which it is, and the code that holds in its place.
        """
        if not self.spells or when is None:
            return
        if state not in self.spells:
            raise StateError(f"no state has the number {state}")
        if _within(self.spells[state], when):
            return
        spans = ", ".join(_span(start, end) for start, end in self.spells[state])
        group = next((group for group in read_crosswalk().neighbours if state in group), ())
        valid = [other for other in group if other != state and _within(self.spells.get(other, ()), when)]
        instead = f"; {' or '.join(map(str, valid))} holds then" if valid else ""
        raise OutsideDatesError(f"state {state} is not in the system at {when}, only {spans}{instead}")

    def convert(
        self, table: Table, column: str, when: str = "", scheme: str = "", *, outside: str = "refused"
    ) -> pd.Series[Any]:
        """Return the states of a column of a table, by its rows; empty where the column is, or means no state.

        Parameters
        ----------
        table
            As read.
        column
            Ours, of codes or names.
        when
            Column of the year or date; without it codes that mean several states are refused.
        scheme
            List that the codes are of; the data set's own where it is not given.
        outside
            What becomes of codes used outside their dates: ``refused``, or ``empty`` for a source that goes back to
            before states were in the system.

        Raises
        ------
        ScenarioError
            With the line of every code that means no state, and of every one used outside its dates.
        """
        import pandas as pd

        used = scheme or table.data_set.states
        times = table.rows[when] if when else [None] * len(table.rows)
        answers: dict[tuple[Any, Any], int | str | None] = {}
        problems: list[Problem] = []
        states: list[int | None] = []
        for line, code, time in zip(table.rows.index, table.rows[column], times, strict=True):
            key = (code, time)
            if key not in answers:
                try:
                    answers[key] = self._known(code, used, time)
                except OutsideDatesError as error:
                    answers[key] = None if outside == "empty" else str(error)
                except StateError as error:
                    answers[key] = str(error)
            answer = answers[key]
            if isinstance(answer, str):
                problems.append(_problem(table, int(line), column, answer))
                if len(problems) >= MAX_SOUGHT:
                    break
            states.append(None if isinstance(answer, str) else answer)
        if problems:
            raise ScenarioError(problems)
        return pd.Series(states, index=table.rows.index, dtype="Int64")

    def _known(self, code: Any, scheme: str, time: Any) -> int | None:
        """Return a state; None where there is no code, or one that is known to mean no state."""
        if code is None or code == "" or code != code:  # noqa: PLR0124 - nan
            return None
        if time != time:  # noqa: PLR0124 - nan
            time = None
        if isinstance(code, float):
            code = int(code)
        try:
            return self.to_cow(code, scheme, time if time is None or isinstance(time, datetime.date) else int(time))
        except NoStateError:
            return None


def state_codes(states: Table | None = None) -> StateCodes:
    """Return a converter; with the Correlates of War's list of states also codes outside their dates are refused.

    The list ends at some day for all states that are still there: those are taken to go on.
    """
    if states is None:
        return StateCodes()
    last = max(states.rows["end"])
    spells: dict[int, list[tuple[datetime.date, datetime.date]]] = {}
    for state, start, end in zip(states.rows["state"], states.rows["start"], states.rows["end"], strict=True):
        spells.setdefault(int(state), []).append((start, datetime.date.max if end == last else end))
    return StateCodes({state: tuple(sorted(spans)) for state, spans in spells.items()})


def _by_pattern(name: str, scheme: str, crosswalk: Crosswalk) -> tuple[Meaning, ...]:
    """Return the state that a name in some other spelling means.

    Names of rebels and organisations hold those of states, so exactly one pattern has to fit, with what stands in
    brackets and without.

    Raises
    ------
    NoStateError
        When an asterisk marks it as no state, as SIPRI does, or it fits a territory.
    """
    if scheme != "name":
        return ()
    if name.rstrip().endswith("*"):
        raise NoStateError(f"{shorten(name)} is no state of the system: its maker marks it with an asterisk")
    outer = _BRACKETS.sub("", name)
    fits = [(pattern, state) for pattern, state in crosswalk.patterns if pattern.search(name)]
    if len(fits) != 1 or not outer.strip() or not fits[0][0].search(outer):
        return ()
    state = fits[0][1]
    if state is None:
        raise NoStateError(f"{shorten(name)} is no state of the system: a territory, or a state of before")
    return (Meaning(int(state), *ALWAYS),)


def _year(when: When) -> int | None:
    return when.year if isinstance(when, datetime.date) else when


def _within(spans: Iterable[tuple[datetime.date, datetime.date]], when: datetime.date | int) -> bool:
    first, last = days_of(when)
    return any(start <= last and first <= end for start, end in spans)


def _quoted(code: Code, scheme: str) -> str:
    return f"the {SCHEMES[scheme][1]} {shorten(code)}"


def _span(start: datetime.date, end: datetime.date) -> str:
    if start == ALWAYS[0]:
        return f"until {end}"
    return f"from {start}" if end == ALWAYS[1] else f"{start} to {end}"


def _hint(said: str, scheme: str, crosswalk: Crosswalk) -> str:
    known = sorted({code for (list_of, _), codes in crosswalk.codes.items() if list_of == scheme for code in codes})
    close = nearest(said, known) if scheme not in NUMBERED else None
    return f" (did you mean '{close}'?)" if close else ""


def _outside_dates(code: Code, scheme: str, when: When, meanings: Iterable[Meaning], crosswalk: Crosswalk) -> str:
    """Return that a code does not hold at its time, with the one that does for a neighbour of what it meant."""
    spans = ", ".join(_span(meaning.start, meaning.end) for meaning in meanings)
    once = {meaning.cow for meaning in meanings}
    group = next((group for group in crosswalk.neighbours if once & set(group)), ())
    valid = [
        other
        for other in dict.fromkeys(code for state in group for code in crosswalk.codes.get((scheme, state), ()))
        if other != str(code) and _dated(crosswalk.meanings[scheme, lookup_form(other, scheme)], when)
    ]
    instead = f"; {valid[0] if scheme in NUMBERED else shorten(valid[0])} holds then" if valid else ""
    return f"{_quoted(code, scheme)} does not hold at {when}, only {spans}{instead}"


def _dated(meanings: Iterable[Meaning], when: When) -> bool:
    """Tell whether a code holds at a time by its own dates, and not for want of any."""
    return any(meaning.holds(when) and (meaning.start, meaning.end) != ALWAYS for meaning in meanings)


def _problem(table: Table, line: int, column: str, message: str) -> Problem:
    heading = next((c.names[0] for c in table.data_set.columns if c.name == column), column)
    if table.unit == "row":
        return Problem(str(table.path), None, f"row {line}, {heading}", message)
    return Problem(str(table.path), line, heading, message)
