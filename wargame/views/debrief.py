"""Lead a class through what happened: the steps of the debrief, and the sentences of each as facts.

A step says first what a team wanted and knew and then what came, since whoever knows the outcome reads it into all
that was known before (Fischhoff 1975, Journal of Experimental Psychology 1:288-299). Every sentence is a name in the
catalogues with the facts that stand in it, so that a test can hold each of them against the log and the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.kit.shipped import plans_brief_debrief
from papertiger.wargame.rules import seats
from papertiger.wargame.views import debrief_end as end
from papertiger.wargame.views import debrief_point as told
from papertiger.wargame.views.debrief_facts import Scene, Sentence, TurningPoint, sentence
from papertiger.wargame.views.debrief_what_if import guess, what_if
from papertiger.wargame.views.news import POSTURE_WEIGHTS
from papertiger.wargame.views.promises import ACCEPTED, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from papertiger.wargame.session import Session
    from papertiger.wargame.views.snapshot import Snapshot

MAX_POINTS, FEW_POINTS, SHORT = 3, 2, 5
"""Turning points that a class has the time to talk about: few in a game of so many turns or fewer."""
MAX_LINES = 6
"""Sentences on a page of the wall; what has more is told on several."""
MAX_GROUPS = 4
"""Other groups on a page: of each there is more to say."""
MAX_MOVES = 3
"""Moves that the first page tells of."""


ORDER = ("changes", "secrets", "promises", "forecasts", "fan", "goals", "groups", "along")
"""Steps that are about the whole game; turning points come after the first."""
BRIEF_OF_POINT = ("plan", "view", "outcome", "why", "what_if")
"""What the brief debrief tells of its turning point: nobody guesses once more."""


@dataclass(frozen=True)
class Step:
    """One step of the debrief.

    Attributes
    ----------
    name
        What it tells.
    point
        The turning point that it is about, and its number from 1; else nothing and 0.
    page, pages
        Which part of how many, where there is much to tell.
    """

    name: str
    point: TurningPoint | None = None
    number: int = 0
    page: int = 1
    pages: int = 1


@dataclass(frozen=True)
class Told:
    """A step with what it says."""

    step: Step
    sentences: tuple[Sentence, ...]


def turning_points(snapshot: Snapshot) -> tuple[TurningPoint, ...]:
    """Return the weightiest moves of clients that a team can play, in the order in which they came.

    A turn in which a client ends on another rung than it began on is a move. Where there are too few, the turn in
    which such a client changed its mind most stands for one. A game without such clients tells of all of them.
    """
    seated = _seated(snapshot)
    most = MAX_POINTS if snapshot.line.resolved > SHORT else FEW_POINTS
    points = _weightiest([one for one in moves_of(snapshot) if one.client in seated], most)
    if len(points) < FEW_POINTS:
        points += _largest_change(snapshot, seated, points)
    return tuple(sorted(points, key=lambda one: (one.turn, one.client)))


def _seated(snapshot: Snapshot) -> frozenset[str]:
    seated = {seat.name for seat in snapshot.game.seats if seat.kind == seats.CLIENT}
    return frozenset(seated or (own.name for own in snapshot.setting.clients))


def _weightiest(moves: Iterable[TurningPoint], most: int) -> list[TurningPoint]:
    return sorted(moves, key=lambda one: (-_weight(one), one.turn, one.client))[:most]


def moves_of(snapshot: Snapshot) -> tuple[TurningPoint, ...]:
    """Return each turn in which a client of the network ended on another rung, turn by turn."""
    names = [own.name for own in snapshot.setting.clients]
    moves = []
    for turn in range(1, snapshot.line.resolved + 1):
        before, after = snapshot.before(turn), snapshot.turn_months(turn)[-1]
        for name, was, now in zip(names, before.clients, after.clients, strict=True):
            if was.present and now.present and was.posture != now.posture:
                moves.append(TurningPoint(turn, name, POSTURES[was.posture], POSTURES[now.posture]))
    return tuple(moves)


def _weight(one: TurningPoint) -> int:
    return POSTURE_WEIGHTS[one.after] + abs(one.rungs)


def _largest_change(snapshot: Snapshot, seated: frozenset[str], taken: Sequence[TurningPoint]) -> list[TurningPoint]:
    """Return the turn, and the client that stayed on its rung, in which trust moved most; not in a turn of others."""
    names = [own.name for own in snapshot.setting.clients]
    turns = {one.turn for one in taken}
    changes: list[tuple[float, int, str]] = []
    for turn in range(1, snapshot.line.resolved + 1):
        before, after = snapshot.before(turn), snapshot.turn_months(turn)[-1]
        for name, was, now in zip(names, before.clients, after.clients, strict=True):
            if was.present and now.present and was.posture == now.posture and name in seated and turn not in turns:
                changes.append((-abs(now.protection - was.protection), turn, name))
    return [_stayed(snapshot, *one[1:]) for one in sorted(changes)[:1]]


def _stayed(snapshot: Snapshot, turn: int, client: str) -> TurningPoint:
    place = [own.name for own in snapshot.setting.clients].index(client)
    posture = POSTURES[snapshot.before(turn).clients[place].posture]
    return TurningPoint(turn, client, posture, posture)


def paths_of(snapshot: Snapshot) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return where the clients that moved most stood at the beginning and after each turn, for a table of changes."""
    moved = dict.fromkeys(one.client for one in _told_first(snapshot))
    names = [own.name for own in snapshot.setting.clients]
    ends = [snapshot.before(1), *(snapshot.turn_months(turn)[-1] for turn in range(1, snapshot.line.resolved + 1))]
    return tuple((name, tuple(POSTURES[end.clients[names.index(name)].posture] for end in ends)) for name in moved)


def _told_first(snapshot: Snapshot) -> list[TurningPoint]:
    """Return the moves that are told: those of clients with a seat first."""
    seated, moves = _seated(snapshot), moves_of(snapshot)
    ours, others = ([one for one in moves if (one.client in seated) is own] for own in (True, False))
    return [*_weightiest(ours, MAX_MOVES), *_weightiest(others, MAX_MOVES)][:MAX_MOVES]


class Place(NamedTuple):
    """Where a step stands among those of all games of a class."""

    part: int
    number: int
    order: int
    page: int
    name: str


def place_of(step: Step) -> Place:
    """Return where a step stands among those of other games: by what it tells, and of which turning point."""
    if step.point is not None:
        return Place(1, step.number, POINT_STEPS.index(step.name), 1, step.name)
    return Place(0 if step.name == ORDER[0] else 2, 0, ORDER.index(step.name), step.page, step.name)


def is_brief(session: Session) -> bool:
    """Tell whether the debrief is the brief one: as the facilitator chose, or else as the lesson has time for."""
    chosen = session.game.debrief_length
    if chosen:
        return chosen == "brief"
    return session.once(("brief debrief",), lambda: plans_brief_debrief(session.game.scenario))


def steps_of(session: Session, groups: int = 0, *, brief: bool | None = None) -> tuple[Step, ...]:
    """Return the steps of a game's debrief; without a turn that was played there is little to tell.

    Parameters
    ----------
    session
        The game.
    groups
        How many other groups of a class there are.
    brief
        Whether those of the brief one; blank for those of the length that it has.
    """
    steps = _whole(session.snapshot(), groups)
    return _brief(session.snapshot(), steps) if (is_brief(session) if brief is None else brief) else steps


def _brief(snapshot: Snapshot, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps that matter most: one turning point, one thing that was hidden, what was expected.

    Of what was hidden promises that somebody agreed on come first, then secret contacts; in a class the contacts,
    and then where the other groups parted, which may tell of them. Where nobody wrote an expectation down, the fan
    says what could be expected.
    """
    points = {step.point for step in steps if step.point is not None}
    point = min(points, key=lambda one: (not one.rungs, -_weight(one), one.turn, one.client), default=None)
    names = {step.name for step in steps}
    agreed = any(state_of(one, snapshot) == ACCEPTED for one in snapshot.line.proposals)
    hidden = ["promises"] if agreed and "groups" not in names else []
    hidden = hidden or (["secrets"] if end.has_contacts(snapshot) else [])
    chosen = {"changes", *hidden, "groups", "forecasts" if "forecasts" in names else "fan", "along"}
    return tuple(
        replace(step, number=1) if step.point is not None else step
        for step in steps
        if (step.name in chosen and step.page == 1) or (step.point == point and step.name in BRIEF_OF_POINT)
    )


def same_step(old: Step, steps: Sequence[Step]) -> int:
    """Return the number, from 1, of a step in a debrief of another length, or else of the last before it."""
    for number, one in enumerate(steps, start=1):
        if (one.name, one.point, one.page) == (old.name, old.point, old.page):
            return number
    return max(1, sum(place_of(one) <= place_of(old) for one in steps))


def _whole(snapshot: Snapshot, groups: int) -> tuple[Step, ...]:
    steps = [Step("changes")]
    for number, point in enumerate(turning_points(snapshot), start=1):
        steps += [Step(name, point, number) for name in _OF_POINT]
    if snapshot.line.resolved:
        steps += _pages("secrets", len(end.secrets(snapshot)))
        steps += _pages("promises", len(end.promises(snapshot)))
        steps += _pages("forecasts", end.count_forecasts(snapshot))
        steps += [Step("fan")]
        steps += _pages("goals", len(end.goals(snapshot)))
        steps += _pages("groups", groups)
    return (*steps, Step("along"))


def _per_page(name: str) -> int:
    return MAX_GROUPS if name == "groups" else MAX_LINES


def _pages(name: str, lines: int) -> list[Step]:
    pages = -(-lines // _per_page(name))
    return [Step(name, page=page, pages=pages) for page in range(1, pages + 1)]


def step_now(session: Session, groups: int = 0) -> int:
    """Return the step that the debrief has come to, from 1; 0 before it begins and while there is still play."""
    snapshot = session.snapshot()
    return min(snapshot.game.debrief, len(steps_of(session, groups))) if snapshot.over else 0


def tell(session: Session, step: Step) -> Told:
    """Return what a step says, made from the log and the model."""
    snapshot = session.snapshot()
    if step.point is not None:
        return Told(step, tuple(_OF_POINT[step.name](Scene(session, snapshot, step.point))))
    said = _OF_SESSION[step.name](session) if step.name in _OF_SESSION else _OF_GAME[step.name](snapshot)
    return Told(step, tuple(part_of(said, step)))


def part_of[T](said: Sequence[T], step: Step) -> Sequence[T]:
    """Return what a page of a step has room for."""
    per = _per_page(step.name)
    return said if step.pages <= 1 else said[per * (step.page - 1) : per * step.page]


def _changes(snapshot: Snapshot) -> list[Sentence]:
    """Say who moved, the weightiest moves, what the facilitator let happen, and how the patron's credibility went."""
    if not snapshot.line.resolved:
        return [sentence("changes_unplayed")]
    moves = moves_of(snapshot)
    said = [_count(moves)]
    said += [
        sentence("moved", turn=one.turn, client=one.client, before=one.before, after=one.after)
        for one in sorted(_told_first(snapshot), key=lambda one: (one.turn, one.client))
    ]
    injects = injects_of(snapshot)
    if injects:
        said.append(sentence("changes_injects", injects=injects))
    was, now = snapshot.replay.start.credibility, snapshot.now.credibility
    return [*said, sentence("trust", was=was, now=now)]


def injects_of(snapshot: Snapshot) -> tuple[tuple[int, str], ...]:
    """Return what the facilitator let happen in the turns that were played: its turn and name, turn by turn."""
    schedule, due = snapshot.game.schedule, dict(snapshot.replay.happened)
    months = {name: number for number, name in enumerate(snapshot.setting.months)}
    injects = []
    for name, inject in snapshot.line.injects.items():
        event, waits = inject.body.event, inject.body.condition is not None
        turn = due.get(name, 0) if waits else schedule.turn_of(months[event.date[:7]])
        if 0 < turn <= snapshot.line.resolved:
            injects.append((turn, name))
    return tuple(sorted(injects))


def _count(moves: Iterable[TurningPoint]) -> Sentence:
    rungs = [one.rungs for one in moves]
    if not rungs:
        return sentence("changes_none")
    away = sum(one > 0 for one in rungs)
    return sentence("changes_count", count=len(rungs), away=away, closer=len(rungs) - away)


_OF_POINT: Mapping[str, Callable[[Scene], list[Sentence]]] = {
    "plan": told.plan,
    "view": told.view,
    "outcome": told.outcome,
    "why": told.why,
    "guess": guess,
    "what_if": what_if,
}
POINT_STEPS = tuple(_OF_POINT)
"""Steps of a turning point, in their order."""
_OF_SESSION: Mapping[str, Callable[[Session], list[Sentence]]] = {
    "forecasts": end.forecasts,
    "fan": end.placed_among,
}
_OF_GAME: Mapping[str, Callable[[Snapshot], list[Sentence]]] = {
    "changes": _changes,
    "secrets": end.secrets,
    "promises": end.promises,
    "goals": end.goals,
    "along": end.along,
}
