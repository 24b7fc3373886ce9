"""Say in words how a client's belief moved, and what each cause did to it: no more than the numbers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.experiments.ledger.causes import describe
from papertiger.experiments.names import label, patron_of
from papertiger.experiments.phrases import listed, signed
from papertiger.model.ledger import SUCCESSION
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from papertiger.experiments.ledger.parts import Part
    from papertiger.model.run import Run

TINY = 5e-4
"""A change of protection that three digits do not show."""


def regime_changes(run: Run, client: str, start: str | None, end: str) -> list[str]:
    """Return the months in which another regime came to govern a client, after `start` and up to `end`.

    Parameters
    ----------
    run, client
        A run that reaches `end`, and the client's name.
    start, end
        Months, YYYY-MM; a blank start is before the first one.
    """
    columns, rows = run.rows("clients")
    own = [dict(zip(columns, row, strict=True)) for row in rows if row[columns.index("client")] == client]
    regimes = [0, *(int(row["regime"]) for row in own)]
    months = [str(row["month"]) for row in own]
    return [
        month
        for month, before, after in zip(months, regimes, regimes[1:], strict=False)
        if after != before and (start is None or month > start) and month <= end
    ]


def movement(run: Run, client: str, beliefs: dict[str, Any]) -> str:
    """Return how protection, capability and resolve moved, as a sentence.

    Across a change of regime nobody changed their mind: two governments are compared, and the sentence says so.

    Parameters
    ----------
    run, client
        The run, and the client's name.
    beliefs
        ``start`` (blank for the prior) and ``end``, the beliefs ``before`` and ``after``, and the ``posture`` then.
    """
    before, after = beliefs["before"], beliefs["after"]
    since = f"in {beliefs['start']}" if beliefs["start"] else "before the first month (its prior)"
    change = after["protection"] - before["protection"]
    changes = regime_changes(run, client, beliefs["start"], beliefs["end"])
    ends = f"{before['protection']:.3f} {since} to {after['protection']:.3f}"
    if changes:
        moved = f"is that of another regime since {listed(changes)}: from {ends}, which is no change of one mind"
    elif abs(change) < TINY:
        moved = f"stayed at {after['protection']:.3f}"
    else:
        moved = f"{'fell' if change < 0 else 'rose'} from {ends}"
    return (
        f"Its belief that {patron_of(run.scenario, client)} protects it {moved}: "
        f"capability from {before['capability']:.3f} to {after['capability']:.3f}, "
        f"resolve from {before['resolve']:.3f} to {after['resolve']:.3f}. "
        f"Posture then: {beliefs['posture']}."
    )


def ties_in_words(run: Run, client: str, beliefs: dict[str, Any]) -> str:
    """Return how the patron's shares of the client's arms and economy moved, as a sentence.

    Parameters
    ----------
    run, client
        The run, and the client's name.
    beliefs
        ``ties`` of ``arms`` and of the ``economy``, each ``before`` and ``after``; ``start`` as for `movement`.
    """
    since = f"in {beliefs['start']}" if beliefs["start"] else "at its entry"
    arms, economy = beliefs["ties"]["arms"], beliefs["ties"]["economy"]
    patron = patron_of(run.scenario, client)
    return (
        f"Of its arms {patron} supplied {arms['before']:.0%} {since} and {arms['after']:.0%} then, "
        f"and of its economy it held {economy['before']:.0%} and {economy['after']:.0%}."
    )


def cause_in_words(run: Run, part: Part, start: str | None) -> str:
    """Return what one cause did to protection, and by which way, as a sentence.

    What the client knew before `start` does nothing new. It counts for more or less than it did, since evidence is
    forgotten and others add to it; of such a cause both weights are given, and it is not said to have happened again.

    Parameters
    ----------
    run
        The run.
    part
        The cause's part of the change.
    start
        Where the change begins; blank for the prior.
    """
    words = describe(run.scenario, part.cause)
    when = f"{words.month}: " if words.month else ""
    seen = "; it only witnessed this" if part.channel == "witnessed" else ""
    effect = _effect(part)
    if start is not None and part.before and part.key != SUCCESSION:
        weighs = "less" if abs(part.after) < abs(part.before) else "more"
        if part.after * part.before < 0:
            weighs = "the other way"
        weights = f"{signed(part.before, 3)} then, {signed(part.after, 3)} now"
        return f'{when}"{words.text}" counts for {weighs} than in {start} ({weights}), which {effect}{seen}.'.replace(
            "the other way than", "the other way, not as"
        )
    return f'{when}"{words.text}" {effect}{seen}.'


def _effect(part: Part) -> str:
    """Return which way a cause moved protection, by how much, and by way of which belief."""
    capability, resolve = abs(part.by_capability), abs(part.by_resolve)
    if part.by_capability * part.by_resolve < 0:
        way = (
            f"{signed(part.by_capability, 3)} by way of capability and {signed(part.by_resolve, 3)} by way of resolve"
        )
    elif capability > 2 * resolve:
        way = "by way of capability alone" if resolve == 0 else "mostly by way of capability"
    elif resolve > 2 * capability:
        way = "by way of resolve alone" if capability == 0 else "mostly by way of resolve"
    else:
        way = "by way of both capability and resolve"
    if abs(part.protection) < TINY:
        return f"moved protection by less than 0.001, {way}"
    return f"{'lowered' if part.protection < 0 else 'raised'} protection by {abs(part.protection):.3f}, {way}"


CAUSES = {
    "baseline": "none of its causes was present",
    "new ruler": "a new ruler",
    "coercion": "coercion by {patron}",
    "disengagement": "{patron}'s letting go",
    "rival's pledge": "a rival's pledge",
}
"""What a break is put down to, by the names of `papertiger.model.rules.breaks.BREAK_CAUSES`."""


def breaks_in_words(run: Run, client: str, start: str | None, end: str) -> list[str]:
    """Return each break of a client after `start` and up to `end` as a sentence, with its strongest cause.

    Parameters
    ----------
    run, client
        The run, and the client's name.
    start, end
        Months, YYYY-MM; a blank start is before the first one.
    """
    said = []
    for month, _, before, after, cause, event, hazard in run.broken(client):
        if (start is not None and month <= start) or month > end:
            continue
        away = POSTURES.index(after) > POSTURES.index(before)
        why = CAUSES[cause].format(patron=patron_of(run.scenario, client))
        if event:
            words = describe(run.scenario, event)
            why += f' ("{words.text}", {words.month})'
        reason = f"most likely because of {why}" if cause != "baseline" else f"though {why}"
        went = "broke away from" if away else "came back towards"
        said.append(
            f"In {month} it {went} {patron_of(run.scenario, client)}, from {before} to {after}, {reason}: "
            f"the chance of such a break was {hazard:.3f} that month."
        )
    return said


def heading(run: Run, client: str, seed: int, end: str) -> str:
    """Return which client of which run is explained, up to when."""
    return f"{label(run.scenario.clients, client)} in {run.scenario.name} (seed {seed}), up to {end}"
