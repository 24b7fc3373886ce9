"""Check what the schema cannot: that the parts of a file of observations fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from papertiger.scenarios.bonds import SEPARATOR
from papertiger.scenarios.checking.references import objection_to_name
from papertiger.scenarios.errors import PathKey, Problem, listing, nearest, shorten
from papertiger.scenarios.observed.schema import EVERY, REGIME, ROUNDING, Gap, Observed, Polls, Ties, Votes
from papertiger.scenarios.reading.yaml_reader import Layer

_FORMS = {12: "YYYY", 6: "YYYYH1 or YYYYH2", 3: "YYYYQ1 to YYYYQ4", 1: "YYYYM01 to YYYYM12"}
_PATTERNS = {12: "[0-9]{4}", 6: "[0-9]{4}H[12]", 3: "[0-9]{4}Q[1-4]", 1: "[0-9]{4}M(0[1-9]|1[0-2])"}
_NOUNS = {12: "year", 6: "half-year", 3: "quarter", 1: "month"}


def check_names(tree: Layer, sections: tuple[str, ...]) -> Iterator[Problem]:
    """Yield what is wrong with names as such; this needs no valid file."""
    for section in (*sections, "indicators"):
        part = tree.data.get(section)
        for name in part if isinstance(part, dict) else ():
            # A bond is called CLIENT/PATRON, as in the scenario that has it.
            halves = name.split(SEPARATOR, 1) if section == "clients" else [name]
            objections = (objection_to_name(half) for half in halves)
            objection = next((one for one in objections if one is not None), None)
            if (section, name) not in tree.broken and objection is not None:
                yield tree.problem((section, name), objection)


def check_postures(observed: Observed, tree: Layer) -> Iterator[Problem]:
    """Yield every place where facts, clients, indicators, rule and span do not fit together."""
    noun = _NOUNS[observed.every]
    first = [f"{month:02d}" for month in range(1, 13, observed.every)]
    last = [f"{month:02d}" for month in range(observed.every, 13, observed.every)]
    for key, which, months in (("start", "first", first), ("end", "last", last)):
        month = getattr(observed.span, key)
        if month[-2:] not in months:
            written = listing([f"YYYY-{one}" for one in months]).replace(", ", " or ")
            yield tree.problem(("span", key), f"expected the {which} month of a {noun}, {written}, got {month}")
    yield from _gaps(observed, tree)
    if REGIME in observed.indicators:
        yield tree.problem(("indicators", REGIME), "this name is kept for the loss of a regime, which every file has")
    yield from _rule(observed, tree)
    yield from _facts(observed, tree)
    yield from _readings(observed, tree)


def _gaps(observed: Observed, tree: Layer) -> Iterator[Problem]:
    """Yield every gap that leaves out no period, since nobody would see that it does nothing."""
    noun = _NOUNS[observed.every]
    months = range(_number(observed.span.start), _number(observed.span.end) + 1)
    ends = [month for month in months if (month + 1) % observed.every == 0]
    named: list[tuple[PathKey, Gap]] = [(("gaps", place), gap) for place, gap in enumerate(observed.gaps)]
    for name, client in observed.clients.items():
        gaps = [(("clients", name, "gaps", place), gap) for place, gap in enumerate(client.gaps)]
        named += gaps
        every = (*observed.gaps, *client.gaps)
        if every and all(any(_within(end, gap) for gap in every) for end in ends):
            where: PathKey = gaps[0][0] if gaps else ("gaps", 0)
            yield tree.problem(where, f"the gaps leave no {noun} in which {shorten(name)} was seen")
    for path, gap in named:
        if not any(_within(end, gap) for end in ends):
            ends_in = f"no {noun} of the span ends from {gap.start} to {gap.end}"
            yield tree.problem(path, f"{ends_in}, so that nothing is left out")


def _number(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:7]) - 1


def _within(month: int, gap: Gap) -> bool:
    return _number(gap.start) <= month <= _number(gap.end)


def _highest(observed: Observed) -> dict[str, int]:
    return {name: indicator.highest for name, indicator in observed.indicators.items()} | {REGIME: 1}


def _rule(observed: Observed, tree: Layer) -> Iterator[Problem]:
    rule, highest = observed.rule, _highest(observed)
    if rule.distancing <= rule.hedging:
        message = f"expected a sum above that of hedging, {rule.hedging}, got {rule.distancing}"
        yield tree.problem(("rule", "distancing"), message)
    for posture in ("suspended", "realigned"):
        conditions: tuple[Mapping[str, int], ...] = getattr(rule, posture)
        for position, condition in enumerate(conditions):
            path: PathKey = ("rule", posture, position)
            if not condition:
                yield tree.problem(path, "expected at least one indicator with its least level")
            for name, level in condition.items():
                yield from _level((*path, name), name, level, highest, tree, least=1)


def _level(
    path: PathKey, indicator: str, level: int, highest: Mapping[str, int], tree: Layer, *, least: int
) -> Iterator[Problem]:
    """Yield what is wrong with an indicator and a level, both written at `path`."""
    if indicator not in highest:
        yield tree.problem(path, f"no indicator {shorten(indicator)} in this file", nearest(indicator, highest))
    elif not least <= level <= highest[indicator]:
        expected = f"a level of {indicator} from {least} to {highest[indicator]}"
        if least == highest[indicator]:
            expected = f"the level {least} of {indicator}"
        yield tree.problem(path, f"expected {expected}, got {level}")


def _facts(observed: Observed, tree: Layer) -> Iterator[Problem]:
    highest = _highest(observed)
    seen: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name, fact in observed.facts.items():
        path: PathKey = ("facts", name)
        if fact.client not in observed.clients:
            message = f"no client {shorten(fact.client)} in this file"
            yield tree.problem((*path, "client"), message, nearest(fact.client, observed.clients))
        key = "level" if fact.indicator in highest else "indicator"
        least = 1 if fact.indicator == REGIME else 0
        yield from _level((*path, key), fact.indicator, fact.level, highest, tree, least=least)
        if fact.date[:7] > observed.span.end and not fact.after_span and _is_meant(name, tree):
            message = (
                f"{fact.date} is after the end of the span, {observed.span.end}; move 'span.end' once every client "
                "has been looked up, or write 'after_span: true'"
            )
            yield tree.problem((*path, "date"), message)
        if fact.known is not None and fact.known < fact.date[:7]:
            message = f"expected a month at or after the fact's date, {fact.date}, got {fact.known}"
            yield tree.problem((*path, "known"), message)
        told = seen.setdefault((fact.client, fact.indicator), [])
        for date, other in told:
            if date.startswith(fact.date) or fact.date.startswith(date):
                message = (
                    f"'{other}' dates another fact about {fact.indicator} of {fact.client} {date}, so that nobody "
                    "knows which is the later one; write the days, or remove one"
                )
                yield tree.problem((*path, "date"), message)
        told.append((fact.date, name))


def _is_meant(name: str, tree: Layer) -> bool:
    """Return whether who wrote the fact knew of the span: a later file's shorter span just leaves it out."""
    return tree.place(("facts", name)).depth <= tree.place(("span", "end")).depth


def _readings(observed: Observed, tree: Layer) -> Iterator[Problem]:
    """Yield every reading that reads nothing of this file, or a level that it does not know."""
    if observed.start is not None and (min(observed.start) < 0.0 or abs(sum(observed.start) - 1.0) > ROUNDING):
        yield tree.problem(("start",), f"expected probabilities that add up to 1, got {list(observed.start)}")
    if observed.start is not None and not observed.readings:
        yield tree.problem(("start",), "says nothing without readings")
    for name, reading in observed.readings.items():
        path: PathKey = ("readings", name)
        if reading.values is None:
            if name not in observed.indicators:
                message = f"no indicator {shorten(name)} in this file, and no values of its own"
                yield tree.problem(path, message, nearest(name, observed.indicators))
            elif reading.levels is not None and reading.levels != observed.indicators[name].highest + 1:
                wanted = observed.indicators[name].highest + 1
                message = f"expected {wanted} levels, as the indicator has, got {reading.levels}"
                yield tree.problem(path, message)
            continue
        for client, values in reading.values.items():
            if client not in observed.clients:
                message = f"no client {shorten(client)} in this file"
                yield tree.problem((*path, "values", client), message, nearest(client, observed.clients))
            for period, value in values.items():
                where: PathKey = (*path, "values", client, period)
                if (objection := _objection_to_period(period, observed)) is not None:
                    yield tree.problem(where, objection)
                elif reading.levels is not None and value not in range(reading.levels):
                    message = f"expected a level from 0 to {reading.levels - 1}, got {value:g}"
                    yield tree.problem(where, message)


def _objection_to_period(period: str, observed: Observed) -> str | None:
    """Return why a period is none of a file, or None."""
    noun, form = _NOUNS[observed.every], _FORMS[observed.every]
    if not re.fullmatch(_PATTERNS[observed.every], period):
        return f"expected a {noun} written {form}, since clients are looked at every {EVERY[observed.every]}"
    end = 12 * int(period[:4]) + observed.every * int(period[5:] or "1") - 1
    if not _number(observed.span.start) <= end <= _number(observed.span.end):
        return f"{period} is outside the span, {observed.span.start} to {observed.span.end}"
    return None


def check_votes(votes: Votes, tree: Layer) -> Iterator[Problem]:
    """Yield every place where ballots and turnover do not fit together."""
    items = {ballot.item for ballot in votes.ballots.values()}
    for name, turnover in votes.turnover.items():
        path: PathKey = ("turnover", name)
        if turnover.item not in items:
            message = f"no ballot on an item {shorten(turnover.item)} in this file"
            yield tree.problem((*path, "item"), message, nearest(turnover.item, items))
        if turnover.end <= turnover.start:
            message = f"expected a month after the start, {turnover.start}, got {turnover.end}"
            yield tree.problem((*path, "end"), message)
        if turnover.left_no > turnover.voted_no:
            message = f"expected at most the {turnover.voted_no} states that voted No, got {turnover.left_no}"
            yield tree.problem((*path, "left_no"), message)


def check_polls(polls: Polls, tree: Layer) -> Iterator[Problem]:
    """Yield every wave whose fieldwork ends before it starts, or that is known before the fieldwork ends."""
    for name, question in polls.questions.items():
        for wave, fieldwork in question.waves.items():
            if fieldwork.end < fieldwork.start:
                message = f"expected a month at or after the start, {fieldwork.start}, got {fieldwork.end}"
                yield tree.problem(("questions", name, "waves", wave, "end"), message)
            if fieldwork.known is not None and fieldwork.known < fieldwork.end:
                message = (
                    f"expected a month at or after the end of the fieldwork, {fieldwork.end}, got {fieldwork.known}"
                )
                yield tree.problem(("questions", name, "waves", wave, "known"), message)


def check_ties(ties: Ties, tree: Layer) -> Iterator[Problem]:
    """Yield every second series of one thing, and every share that is known before its year has begun."""
    told: dict[tuple[str, str], str] = {}
    for name, series in ties.series.items():
        path: PathKey = ("series", name)
        other = told.setdefault((series.client, series.of), name)
        if other != name:
            message = f"'{other}' has the {series.of} of {series.client}, too; put their years into one series"
            yield tree.problem((*path, "client"), message)
        for year, one in series.years.items():
            if one.known is not None and one.known < f"{year}-01":
                message = f"expected a month in or after the year, {year}, got {one.known}"
                yield tree.problem((*path, "years", year, "known"), message)
